"""The input parts below a path: which files a register reads, and whether all of them are here.

A snapshot is a directory with `updated_date=...` below it. Its manifest lists every part with the
number of its records; it lies beside these directories or one level above them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fourseas.errors import SourceError
from fourseas.schema.source import Feed, Intake, Source

MANIFESTS = ("manifest", "manifest.json")
PARTITION = "updated_date="


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An input file.

    Attributes
    ----------
    path
        Where it is.
    name
        Its path below what the user named.
    intake
        How it is read.
    listed_as
        The address by which a manifest lists it, or null.
    n_records_listed
        Records that the manifest says it holds, or null.
    """

    path: Path
    name: str
    intake: Intake
    listed_as: str | None
    n_records_listed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is there: the parts in order of name, and addresses that manifests list."""

    parts: tuple[Part, ...]
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One line of a manifest, and where its part would be."""

    path: Path
    address: str
    intake: Intake
    n_records: int | None


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
        for path, entry in _entries(manifest, inputs, source).items()
    }
    if not allow_incomplete:
        _require_all(manifests, inputs, source)
    # A part that a manifest lists is known by its address, whatever its directory is called here.
    read |= {path: entry.intake for path, entry in entries.items() if path.is_file()}
    if not read:
        raise SourceError.no_parts(str(inputs), _patterns(source))
    if not allow_incomplete:
        _require_manifests(path for path in read if path not in entries)
    _require_one_layout(read, inputs)
    return Found(
        parts=tuple(
            Part(
                path=path,
                name=path.relative_to(inputs).as_posix(),
                intake=intake,
                listed_as=entries[path].address if path in entries else None,
                n_records_listed=entries[path].n_records if path in entries else None,
            )
            for path, intake in sorted(read.items(), key=lambda item: item[0])
        ),
        listed=tuple(sorted(entry.address for entry in entries.values())),
    )


def _single(path: Path, source: Source) -> Part:
    """Return a file that the user named; the only kind of a register needs no known name."""
    intake = _intake(path.name, source) or _intake(path.absolute().as_posix(), source)
    if intake is None and len(source.intakes) == 1:
        (intake,) = source.intakes
    if intake is None:
        raise SourceError.no_parts(str(path), _patterns(source))
    return Part(path=path, name=path.name, intake=intake, listed_as=None, n_records_listed=None)


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
        listed = _entries(manifest, inputs, source).values()
        absent = [str(entry.path) for entry in listed if not entry.path.is_file()]
        if absent:
            raise SourceError.absent_parts(str(manifest), len(listed), absent)


def _require_manifests(unlisted: Iterable[Path]) -> None:
    """Stop at a snapshot that no manifest speaks of."""
    for path in unlisted:
        directory = _snapshot(path)
        if directory is not None:
            raise SourceError.without_manifest(str(directory))


def _require_one_layout(read: Mapping[Path, Intake], inputs: Path) -> None:
    """Stop where a snapshot is there in two formats: each of them holds all records."""
    firsts: dict[tuple[Feed, ...], dict[str, Path]] = {}
    of_snapshots = {path: intake for path, intake in read.items() if _snapshot(path)}
    for path, intake in sorted(of_snapshots.items(), key=lambda item: item[0]):
        firsts.setdefault(intake.feeds, {}).setdefault(intake.format, path)
    for formats in firsts.values():
        if len(formats) > 1:
            names = {name: str(path.relative_to(inputs)) for name, path in formats.items()}
            raise SourceError.two_layouts(str(inputs), names)


def _entries(manifest: Path, inputs: Path, source: Source) -> dict[Path, _Entry]:
    """Return the parts that a manifest lists below the inputs and that the register reads."""
    try:
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        entries = [
            _Entry(
                path=_local(address.split("/"), manifest.parent),
                address=entry["url"],
                intake=intake,
                n_records=entry.get("meta", {}).get("record_count"),
            )
            for entry in stated["entries"]
            if (intake := _intake(address := urlsplit(entry["url"]).path.strip("/"), source))
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        found = f"{type(error).__name__} {error}"
        raise SourceError.unreadable_manifest(str(manifest), found) from error
    return {entry.path: entry for entry in entries if entry.path.is_relative_to(inputs)}


def _local(address: list[str], directory: Path) -> Path:
    """Return where a part lies: the longest end of its address that begins in the directory.

    A manifest names parts from the root of the bucket, whatever was copied from it.
    """
    for start in range(len(address)):
        if (directory / address[start]).exists():
            return directory.joinpath(*address[start:])
    is_partitioned = [place.startswith(PARTITION) for place in address]
    start = is_partitioned.index(True) if any(is_partitioned) else len(address) - 1
    is_of_this = start > 0 and address[start - 1] == directory.name
    return directory.joinpath(*address[start if is_of_this or start == 0 else start - 1 :])
