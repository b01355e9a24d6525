"""The lists of challenges: those that come with the package, and a user's own."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources
from pathlib import Path

from fourseas.challenges.challenge import Challenge, ChallengeError, parse_challenge
from fourseas.errors import SourceError, UnknownNameError
from fourseas.lake.layout import disk_errors

EMBEDDED = resources.files("fourseas") / "embedded"
FOLDER = "challenges"
TOPICS = "openalex/topics.jsonl.gz"


@cache
def packaged() -> tuple[Challenge, ...]:
    """Return the challenges that come with the package, by name."""
    folder = EMBEDDED / FOLDER
    if not folder.is_dir():
        return ()
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".csv")), key=lambda f: f.name
    )
    return tuple(
        parse_challenge(
            file.read_text("utf-8"), name=file.name.removesuffix(".csv"), where=file.name
        )
        for file in files
    )


def challenge(name: str) -> Challenge:
    """Return a challenge that comes with the package.

    Raises
    ------
    UnknownNameError
        For a name that none bears; titles and names with hyphens are understood.
    """
    by_name = {one.name: one for one in packaged()}
    wanted = name.casefold().replace("-", "_").replace(" ", "_")
    if wanted not in by_name:
        raise UnknownNameError.of("challenge", name, by_name)
    return by_name[wanted]


def named(word: str) -> Challenge:
    """Return the challenge of a name, or of the list in a file whose name ends in .csv."""
    return read(Path(word)) if word.endswith(".csv") else challenge(word)


def read(path: Path) -> Challenge:
    """Return the challenge that a file lists, named as the file is.

    Raises
    ------
    ChallengeError
        If it is no such list.
    LakeError
        If the file cannot be read.
    """
    return parse_challenge(read_text(path), name=path.stem, where=str(path), topics=topics())


def read_text(path: Path) -> str:
    """Return the text of a list or sheet.

    Raises
    ------
    ChallengeError
        If it is not UTF-8.
    SourceError
        If there is no such file.
    LakeError
        If the file cannot be read.
    """
    if not path.exists():
        raise SourceError.missing_path(str(path))
    with disk_errors(path):
        content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ChallengeError.in_list(str(path), [f"line {line}: not UTF-8; save it so"]) from error


def topics() -> dict[str, str]:
    """Return the names of the topics of OpenAlex by id."""
    return {topic_id: name for topic_id, (name, _) in named_topics().items()}


def named_topics() -> dict[str, tuple[str, str]]:
    """Return the name of each topic of OpenAlex, and those of its subfield and field, by id."""
    content = gzip.decompress((EMBEDDED / TOPICS).read_bytes()).decode()
    records = (json.loads(line) for line in content.splitlines())
    return {
        str(one["id"]).rpartition("/")[2]: (
            str(one["display_name"]),
            " ".join(str(one[level]["display_name"]) for level in ("subfield", "field")),
        )
        for one in records
    }
