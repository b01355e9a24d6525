"""The input parts below a path: which files a register reads, and whether all of them are here.

A snapshot is a directory with `updated_date=...` below it. Its manifest lists every part with the
number of its records; it lies beside these directories or one level above them. On a server it is
the only way to know what there is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fourseas.errors import SourceError
from fourseas.lake.fetch import Server
from fourseas.lake.fetch_errors import FetchError
from fourseas.schema.source import Feed, Intake, Source

MANIFESTS = ("manifest", "manifest.json")
PARTITION = "updated_date="


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An input file.

    Attributes
    ----------
    path
        Where it is, or will be once it is fetched.
    name
        Its path below what the user named.
    intake
        How it is read.
    listed_as
        The address by which a manifest lists it, or null.
    n_records_listed, n_bytes_listed
        Records that the manifest says it holds, and its size; null where it says nothing.
    place
        Its path on a server, or null for a file that is here.
    """

    path: Path
    name: str
    intake: Intake
    listed_as: str | None = None
    n_records_listed: int | None = None
    n_bytes_listed: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is there: the parts in order of name, and addresses that manifests list."""

    parts: tuple[Part, ...]
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One line of a manifest: the address of a part, and the path in it."""

    address: str
    path: tuple[str, ...]
    intake: Intake
    n_records: int | None
    n_bytes: int | None


def find(inputs: Path, source: Source, *, allow_incomplete: bool) -> Found:
    """Find the parts of a register in a file or below a directory.

    Raises
    ------
    SourceError
        If nothing is there, nothing that the register reads is, or a snapshot lacks its
        manifest or parts that the manifest lists.
    """
    if not inputs.exists():
        raise SourceError.missing_path(str(inputs))
    if inputs.is_file():
        return Found(parts=(_single(inputs, source),), listed=())
    files = sorted(path for path in inputs.rglob("*") if path.is_file())
    intakes = {path: _intake(_below(inputs, path), source) for path in files}
    read = {path: intake for path, intake in intakes.items() if intake is not None}
    manifests = _manifests(files, read)
    entries = {
        path: entry
        for manifest in manifests
        for path, entry in _local_entries(manifest, inputs, source).items()
    }
    if not allow_incomplete:
        _require_all(manifests, inputs, source)
    # A part that a manifest lists is known by its address, whatever its directory is called here.
    read |= {path: entry.intake for path, entry in entries.items() if path.is_file()}
    if not read:
        raise SourceError.no_parts(str(inputs), _patterns(source))
    if not allow_incomplete:
        _require_manifests(path for path in read if path not in entries)
    of_snapshots = {path: intake for path, intake in read.items() if _snapshot(path)}
    _require_one_layout(
        {str(path.relative_to(inputs)): intake for path, intake in of_snapshots.items()},
        str(inputs),
    )
    return Found(
        parts=tuple(
            Part(
                path=path,
                name=path.relative_to(inputs).as_posix(),
                intake=intake,
                listed_as=entries[path].address if path in entries else None,
                n_records_listed=entries[path].n_records if path in entries else None,
                n_bytes_listed=entries[path].n_bytes if path in entries else None,
            )
            for path, intake in sorted(read.items(), key=lambda item: item[0])
        ),
        listed=tuple(sorted(entry.address for entry in entries.values())),
    )


def find_on_server(server: Server, place: str, source: Source) -> Found:
    """Find the parts of a register that a manifest on a server lists; one file needs none.

    Raises
    ------
    SourceError
        If there is no manifest, or it cannot be read or lists nothing that the register reads.
    """
    intake = _intake(place, source)
    if intake is not None:
        name = place.rpartition("/")[2]
        return Found(
            parts=(Part(path=Path(name), name=name, intake=intake, place=place),), listed=()
        )
    manifest, text = _manifest_on_server(server, place)
    directory = manifest.rpartition("/")[0]
    below = f"{place}/" if place else ""
    entries = {
        at: entry
        for entry in _entries(text, server.url(manifest), source)
        if (at := _joined(directory, _below_manifest(entry.path, directory))).startswith(below)
    }
    if not entries:
        raise SourceError.no_parts(server.url(place), _patterns(source))
    _require_one_layout({at: entry.intake for at, entry in entries.items()}, server.url(place))
    return Found(
        parts=tuple(
            Part(
                path=Path(at.removeprefix(below)),
                name=at.removeprefix(below),
                intake=entry.intake,
                listed_as=entry.address,
                n_records_listed=entry.n_records,
                n_bytes_listed=entry.n_bytes,
                place=at,
            )
            for at, entry in sorted(entries.items())
        ),
        listed=tuple(sorted(entry.address for entry in entries.values())),
    )


def _manifest_on_server(server: Server, place: str) -> tuple[str, str]:
    """Return the place and the text of the manifest of a directory, or of the one above it."""
    for directory in dict.fromkeys((place, place.rpartition("/")[0])):
        for name in reversed(MANIFESTS):
            manifest = _joined(directory, name)
            text = server.text(manifest)
            if text is not None:
                return manifest, text
    raise FetchError.no_manifest(server.url(place))


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _single(path: Path, source: Source) -> Part:
    """Return a file that the user named; the only kind of a register needs no known name."""
    intake = _intake(path.name, source) or _intake(path.absolute().as_posix(), source)
    if intake is None and len(source.intakes) == 1:
        (intake,) = source.intakes
    if intake is None:
        raise SourceError.no_parts(str(path), _patterns(source))
    return Part(path=path, name=path.name, intake=intake)


def _intake(name: str, source: Source) -> Intake | None:
    """Return the first kind of file whose patterns fit a path."""
    for intake in source.intakes:
        if any(_expression(pattern).fullmatch(name) for pattern in intake.files):
            return intake
    return None


def _expression(pattern: str) -> re.Pattern[str]:
    """Return a glob pattern as a regular expression; `**/` is any number of directories."""
    signs = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*|\?)", pattern)
    return re.compile("".join(signs.get(piece, re.escape(piece)) for piece in pieces))


def _patterns(source: Source) -> list[str]:
    return [pattern for intake in source.intakes for pattern in intake.files]


def _below(inputs: Path, path: Path) -> str:
    """Return a path with the directory that the user named, which may be part of a pattern."""
    return f"{inputs.absolute().name}/{path.relative_to(inputs).as_posix()}"


def _manifests(files: Iterable[Path], read: Iterable[Path]) -> list[Path]:
    """Return the manifests below the inputs, and those right above partitions."""
    found = {path for path in files if path.name in MANIFESTS}
    for directory in {partitioned for path in read if (partitioned := _snapshot(path))}:
        beside = (directory / name for name in MANIFESTS)
        above = (directory.parent / name for name in MANIFESTS)
        found.update(path for path in (*beside, *above) if path.is_file())
    return sorted(found)


def _snapshot(path: Path) -> Path | None:
    """Return the directory that holds the partition of a part, or None outside a snapshot."""
    if path.parent.name.startswith(PARTITION):
        return path.parent.parent
    return None


def _require_all(manifests: Iterable[Path], inputs: Path, source: Source) -> None:
    """Stop at a manifest that lists parts which are not here."""
    for manifest in manifests:
        listed = _local_entries(manifest, inputs, source)
        absent = [str(path) for path in listed if not path.is_file()]
        if absent:
            raise SourceError.absent_parts(str(manifest), len(listed), absent)


def _require_manifests(unlisted: Iterable[Path]) -> None:
    """Stop at a snapshot that no manifest speaks of."""
    for path in unlisted:
        directory = _snapshot(path)
        if directory is not None:
            raise SourceError.without_manifest(str(directory))


def _require_one_layout(read: Mapping[str, Intake], inputs: str) -> None:
    """Stop where a snapshot is there in two formats: each of them holds all records."""
    firsts: dict[tuple[Feed, ...], dict[str, str]] = {}
    for name, intake in sorted(read.items(), key=lambda item: item[0]):
        firsts.setdefault(intake.feeds, {}).setdefault(intake.format, name)
    for formats in firsts.values():
        if len(formats) > 1:
            raise SourceError.two_layouts(inputs, formats)


def _local_entries(manifest: Path, inputs: Path, source: Source) -> dict[Path, _Entry]:
    """Return the parts that a manifest lists below the inputs, each where it would lie."""
    try:
        text = manifest.read_text(encoding="utf-8")
    except ValueError as error:
        raise SourceError.unreadable_manifest(str(manifest), str(error)) from error
    entries = _entries(text, str(manifest), source)
    placed = {_local(entry.path, manifest.parent): entry for entry in entries}
    return {path: entry for path, entry in placed.items() if path.is_relative_to(inputs)}


def _entries(text: str, manifest: str, source: Source) -> list[_Entry]:
    """Return the parts that a manifest lists and that the register reads."""
    try:
        return [
            _Entry(
                address=entry["url"],
                path=tuple(path.split("/")),
                intake=intake,
                n_records=entry.get("meta", {}).get("record_count"),
                n_bytes=entry.get("meta", {}).get("content_length"),
            )
            for entry in json.loads(text)["entries"]
            if (intake := _intake(path := _inside(urlsplit(entry["url"]).path), source))
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        found = f"{type(error).__name__} {error}"
        raise SourceError.unreadable_manifest(manifest, found) from error


def _inside(path: str) -> str:
    """Return a path of a manifest; one that leads out of its directory is refused."""
    if ".." in path.split("/"):
        message = f"{path} leads out of the snapshot"
        raise ValueError(message)
    return path.strip("/")


def _local(path: tuple[str, ...], directory: Path) -> Path:
    """Return where a part lies: the longest end of its path that begins in the directory.

    A manifest names parts from the root of the bucket, whatever was copied from it.
    """
    for start in range(len(path)):
        if (directory / path[start]).exists():
            return directory.joinpath(*path[start:])
    return directory / _below_manifest(path, directory.name)


def _below_manifest(path: tuple[str, ...], directory: str) -> str:
    """Return where a part lies below its manifest: beside it, or in the directory of its entity."""
    is_partitioned = [name.startswith(PARTITION) for name in path]
    start = is_partitioned.index(True) if any(is_partitioned) else len(path) - 1
    is_beside = start == 0 or path[start - 1] == directory.rpartition("/")[2]
    return "/".join(path[start if is_beside else start - 1 :])
