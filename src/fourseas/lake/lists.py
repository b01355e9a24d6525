"""Named lists on the disk: every edition whole under its number, and what entries may be.

LAKE/policy/lists/<name>/NNNN.json       an edition with its hash, never changed
LAKE/policy/lists/<name>/matches.json    candidates for the newest edition, made anew at will

Contents are plain values; what they mean is known to those who make them. What persons have said
of a candidate is in the audit log and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fourseas.errors import ListError
from fourseas.lake import ledger
from fourseas.lake.chain import JsonMapping, Record, as_mapping, canonical, digest
from fourseas.lake.layout import Lake, disk_errors, taking_turns, write_text

MATCHES = "matches.json"
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition of a list.

    Attributes
    ----------
    name, number
        The list, and the place of the edition among all of it, from 1.
    sha256
        Hash of the canonical JSON of the content.
    content
        What the list states of itself, and its entries.
    file_name, file_sha256
        The file that it was read from.
    added_at
        When, in UTC.
    """

    name: str
    number: int
    sha256: str
    content: JsonMapping
    file_name: str
    file_sha256: str
    added_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What the entries of an edition may be.

    Attributes
    ----------
    list_sha256
        The edition.
    register
        Version of the lake and date of the register that were searched.
    n_organizations
        Organizations that were searched.
    candidates
        What was found.
    """

    list_sha256: str
    register: str
    n_organizations: int
    candidates: Sequence[JsonMapping]


def names(lake: Lake) -> tuple[str, ...]:
    """Return the names of all lists."""
    with disk_errors(lake.lists):
        if not lake.lists.is_dir():
            return ()
        found = (path.parent.name for path in lake.lists.glob("*/[0-9]*.json"))
        return tuple(sorted({*found}))


def editions(lake: Lake, name: str) -> tuple[Edition, ...]:
    """Return all editions of a list, the oldest first.

    Raises
    ------
    ListError
        If there is no such list, or an edition is not what its hash says.
    """
    known = names(lake)
    if name not in known:
        raise ListError.unknown("list", name, known)
    with disk_errors(lake.lists / name):
        paths = sorted(lake.lists.joinpath(name).glob("[0-9]*.json"))
        return tuple(_read(path, name) for path in paths)


def edition(lake: Lake, name: str, number: int | None = None) -> Edition:
    """Return an edition of a list, the newest if no number is given."""
    found = editions(lake, name)
    if number is None:
        return found[-1]
    by_number = {one.number: one for one in found}
    if number not in by_number:
        kind = f"edition of {name}"
        raise ListError.unknown(kind, str(number), map(str, by_number))
    return by_number[number]


@dataclass(frozen=True, slots=True)
class Given:
    """The file that an edition was read from: its name and its bytes."""

    file_name: str
    data: bytes


def add(lake: Lake, name: str, content: JsonMapping, given: Given, *, after: int) -> Edition:
    """Store an edition behind the others of its list and return it.

    Parameters
    ----------
    lake
        The lake.
    name
        Name of the list.
    content
        What the list states of itself, and its entries.
    given
        The file that it was read from.
    after
        Number of the edition that it is to follow; 0 for the first of a list.

    Raises
    ------
    ListError
        If another edition was added meanwhile: nothing is stored behind what nobody has seen.
    """
    directory = lake.lists / name
    with disk_errors(directory), taking_turns(lake.lists):
        directory.mkdir(parents=True, exist_ok=True)
        newest = max((int(path.stem) for path in directory.glob("[0-9]*.json")), default=0)
        if newest != after:
            raise ListError.overtaken(name, newest) if after else ListError.there_already(name)
        stored = Edition(
            name=name,
            number=newest + 1,
            sha256=digest(canonical(content)),
            content=content,
            file_name=given.file_name,
            file_sha256=digest(given.data),
            added_at=ledger.now(),
        )
        _write(directory / f"{stored.number:0{DIGITS}d}.json", asdict(stored))
    return stored


def keep_matches(lake: Lake, name: str, matches: Matches) -> None:
    """Store what the entries of the newest edition may be, in place of what was there."""
    stated = asdict(matches) | {"candidates": list(matches.candidates)}
    with disk_errors(lake.lists / name), taking_turns(lake.lists):
        _write(lake.lists / name / MATCHES, stated)


def matches(lake: Lake, name: str, sha256: str) -> Matches | None:
    """Return what the entries of an edition may be, or None where that was not looked for."""
    path = lake.lists / name / MATCHES
    with disk_errors(path):
        if not path.is_file():
            return None
        text = path.read_text(encoding="utf-8")
    try:
        stated = json.loads(text)
        found = Matches(**stated | {"candidates": tuple(stated["candidates"])})
    except (ValueError, TypeError, KeyError) as error:
        raise ListError.unreadable(str(path), str(error)) from error
    return found if found.list_sha256 == sha256 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person has said of a candidate.

    Attributes
    ----------
    verdict
        ``confirmed`` or ``rejected``.
    seq, at
        Place and moment of the record in the audit log; who said it and why stand there.
    ror_id, confidence
        The organization that was meant, and how sure the match was then.
    """

    verdict: str
    seq: int
    at: str
    ror_id: str
    confidence: float


def reviews(records: Iterable[Record], name: str) -> dict[str, Review]:
    """Return the last word of persons on each candidate of a list, from the audit log."""
    said: dict[str, Review] = {}
    for record in records:
        body = record.body
        if record.kind == "list_review" and body.get("list") == name:
            confidence = body.get("confidence")
            said[str(body.get("candidate"))] = Review(
                verdict=str(body.get("verdict")),
                seq=record.seq,
                at=record.at,
                ror_id=str(body.get("ror_id")),
                confidence=confidence if isinstance(confidence, int | float) else 0.0,
            )
    return said


def recorded(records: Iterable[Record], name: str) -> dict[str, int]:
    """Return the place in the audit log of each edition of a list that it records, by hash."""
    return {
        str(record.body.get("sha256")): record.seq
        for record in records
        if record.kind == "list" and record.body.get("list") == name
    }


def _write(path: Path, stated: object) -> None:
    write_text(path, json.dumps(stated, indent=1, ensure_ascii=False) + "\n")


def _read(path: Path, name: str) -> Edition:
    try:
        stated = as_mapping(json.loads(path.read_text(encoding="utf-8")))
        found = Edition(**stated)  # type: ignore[arg-type]
        is_as_written = digest(canonical(found.content)) == found.sha256
    except (ValueError, TypeError) as error:
        raise ListError.unreadable(str(path), str(error)) from error
    if not is_as_written or (found.name, f"{found.number:0{DIGITS}d}") != (name, path.stem):
        raise ListError.changed(str(path))
    return found
