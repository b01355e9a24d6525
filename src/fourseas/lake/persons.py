"""Entries about persons on the disk: one file for each seal, closed to others, removable."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from fourseas.lake.chain import as_mapping, canonical
from fourseas.lake.layout import Lake, disk_errors, flush
from fourseas.lake.sealing import PersonEntry

OWNER_ONLY = 0o600
OWNER_ONLY_DIRECTORY = 0o700
SIGNS_OF_NAME = 16
DRAFT = re.compile(r"\..*\.draft")
TEXTS = ("seal", "salt", "purpose", "expires_on")


def path_of(lake: Lake, entry: PersonEntry) -> Path:
    """Return where an entry lies."""
    return lake.persons / f"{entry.seq:08d}-{entry.seal[:SIGNS_OF_NAME]}.json"


def keep(lake: Lake, entries: Iterable[PersonEntry]) -> None:
    """Write entries, each whole or not at all, readable by the owner of the lake alone."""
    listed = tuple(entries)
    if not listed:
        return
    with disk_errors(lake.persons):
        lake.persons.mkdir(mode=OWNER_ONLY_DIRECTORY, parents=True, exist_ok=True)
        _clear_drafts(lake)
        for entry in listed:
            path = path_of(lake, entry)
            draft = path.with_name(f".{path.name}.draft")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(canonical(asdict(entry)) + b"\n")
            flush(draft)
            draft.replace(path)
        flush(lake.persons)


def _clear_drafts(lake: Lake) -> None:
    """Remove what a process that was killed has left; writers take turns."""
    for draft in lake.persons.glob(".*.draft"):
        draft.unlink()


def remove(lake: Lake, entries: Iterable[PersonEntry]) -> None:
    """Remove entries; what is gone already is no fault."""
    with disk_errors(lake.persons):
        for entry in entries:
            path_of(lake, entry).unlink(missing_ok=True)
        if lake.persons.is_dir():
            _clear_drafts(lake)
            flush(lake.persons)


def kept(lake: Lake) -> tuple[tuple[PersonEntry, ...], tuple[str, ...]]:
    """Read all entries.

    Returns
    -------
    tuple
        The entries in the order of their records, and the names of files that are none, whose
        content is not what was sealed, or that bear another name than its entry.

    Raises
    ------
    PermissionError
        If they are closed to the reader.
    """
    entries: list[PersonEntry] = []
    damaged: list[str] = []
    if not lake.persons.is_dir():
        return (), ()
    for path in sorted(lake.persons.iterdir()):
        if DRAFT.fullmatch(path.name):
            continue
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        except IsADirectoryError:
            data = b""
        entry = _parsed(data)
        # Under another name it would outlive its removal.
        if entry is None or path_of(lake, entry) != path:
            damaged.append(path.name)
        else:
            entries.append(entry)
    return tuple(entries), tuple(damaged)


def _parsed(data: bytes) -> PersonEntry | None:
    """Return an entry that is what was sealed, or None."""
    try:
        stated = as_mapping(json.loads(data))
        entry = PersonEntry(**stated)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return None
    is_typed = all(isinstance(stated[name], str) for name in TEXTS) and type(entry.seq) is int
    return entry if is_typed and entry.holds() else None
