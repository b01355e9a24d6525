"""What an addition would do: parts, bytes, rows, room and time, before anything is read.

Parts that are staged are told by name and size here, and by address and version on a server: an
addition itself compares hashes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from fourseas.lake import engine, ingest, ledger
from fourseas.lake.fetch import Address, Server
from fourseas.lake.incoming import FETCHES_AT_ONCE, Incoming
from fourseas.lake.ingest import Request
from fourseas.lake.layout import Lake, disk_errors
from fourseas.lake.parts import Part
from fourseas.lake.staging import Staging, by_origin, size
from fourseas.schema.source import Format, Intake

ASKED_AT_ONCE = 8
"""Questions to a server about sizes and versions."""

GUESSED_BYTES: dict[Format, float] = {
    "jsonl": 0.45,
    "json_items": 0.45,
    "csv": 0.3,
    "lines": 0.3,
    "parquet": 0.5,
    "xml": 0.02,
}
"""Size of what is staged of a part, as part of the size of its file, where no part tells."""

GUESSED_BYTES_PER_SECOND: dict[Format, float] = {
    "jsonl": 2e6,
    "json_items": 2e6,
    "csv": 5e6,
    "lines": 5e6,
    "parquet": 2e6,
    "xml": 1e7,
}
"""What one thread reads of a file in a second, where no part tells. JSON is meant compressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedKind:
    """What an addition would do about one kind of file.

    Attributes
    ----------
    table, format
        What its records are, and how its files are written.
    n_parts, n_parts_ready
        Files, and those of them that are staged.
    n_records
        Records that manifests list; null where one lists none.
    bytes_read, n_bytes
        Of the files that are not staged: their size, and the estimated size of their tables.
    seconds
        Estimated time to read them, without fetching.
    """

    table: str
    format: Format
    n_parts: int
    n_parts_ready: int
    n_records: int | None
    bytes_read: int
    n_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPlan:
    """What an addition would do.

    Attributes
    ----------
    kinds
        Kinds of files, in the order of the register.
    n_bytes, seconds
        Estimates for what is not staged.
    n_bytes_in_hand
        Size of the fetched files that lie on the disk at once; 0 where none is fetched.
    free_bytes
        Room on the disk.
    basis
        What the estimates come from, in a sentence.
    """

    kinds: tuple[PlannedKind, ...]
    n_bytes: int
    seconds: float
    n_bytes_in_hand: int
    free_bytes: int
    basis: str


def plan(lake: Lake, inputs: Path | Address, request: Request) -> AddPlan:
    """Say what an addition would do now, and estimate what it takes.

    Raises
    ------
    SourceError
        If there is nothing to add, or a server does not say what it has.
    """
    server = Server(inputs) if isinstance(inputs, Address) else None
    found = ingest.find(inputs, server, request).parts
    entries = ledger.read_parts(lake, request.source.name)
    staging = Staging(lake, ingest.terms(lake, request), None)
    threads = engine.threads(lake)
    if server is None:
        ready = _ready_by_name(found, entries, staging)
    else:
        found, ready = _ready_on_server(
            Incoming(server, lake.incoming / request.source.name), found, entries, staging
        )
    kinds = tuple(
        _kind(intake, of_kind, ready, entries, min(threads, len(found)))
        for intake in request.source.intakes
        if (of_kind := [part for part in found if part.intake == intake])
    )
    sizes = sorted((size(part) for part in found if part.name not in ready), reverse=True)
    with disk_errors(lake.root):
        free_bytes = shutil.disk_usage(lake.root).free
    return AddPlan(
        kinds=kinds,
        n_bytes=sum(kind.n_bytes for kind in kinds),
        seconds=sum(kind.seconds for kind in kinds),
        n_bytes_in_hand=sum(sizes[: threads + FETCHES_AT_ONCE]) if server else 0,
        free_bytes=free_bytes,
        basis=_basis(entries),
    )


def _ready_by_name(
    found: Iterable[Part], entries: Iterable[ledger.StagedPart], staging: Staging
) -> set[str]:
    """Return the names of parts of which one of that name and size is staged."""
    staged = {(entry.name, entry.n_bytes): entry for entry in entries}
    return {
        part.name
        for part in found
        if (entry := staged.get((part.name, size(part)))) and staging.is_of_now(entry, part)
    }


def _ready_on_server(
    incoming: Incoming,
    found: tuple[Part, ...],
    entries: Iterable[ledger.StagedPart],
    staging: Staging,
) -> tuple[tuple[Part, ...], set[str]]:
    """Return the parts with their sizes, and the names of those that are staged unchanged."""
    known = by_origin(entries)
    urls = {origin.url for origin in known}

    def asked(part: Part) -> tuple[Part, bool]:
        if part.n_bytes_listed is not None and incoming.url(part) not in urls:
            return part, False
        told = incoming.told(part)
        entry = known.get(incoming.origin(part, told))
        is_ready = entry is not None and staging.is_of_now(entry, part)
        return replace(part, n_bytes_listed=told.n_bytes), is_ready

    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        answers = list(pool.map(asked, found))
    return tuple(part for part, _ in answers), {part.name for part, is_ready in answers if is_ready}


def _kind(
    intake: Intake,
    found: Sequence[Part],
    ready: set[str],
    entries: Iterable[ledger.StagedPart],
    n_at_once: int,
) -> PlannedKind:
    """Sum up the parts of a kind; parts of the same tables that were read tell how it goes."""
    tables = {feed.writes.name for feed in intake.feeds}
    missing = sum(size(part) for part in found if part.name not in ready)
    like = [entry for entry in entries if set(entry.rows) == tables and entry.seconds is not None]
    bytes_like = sum(entry.n_bytes for entry in like)
    if bytes_like:
        growth = sum(entry.n_bytes_staged for entry in like) / bytes_like
        pace = sum(entry.seconds or 0.0 for entry in like) / bytes_like
    else:
        growth = GUESSED_BYTES[intake.format]
        pace = 1 / GUESSED_BYTES_PER_SECOND[intake.format]
    counts = [part.n_records_listed for part in found]
    return PlannedKind(
        table=intake.feeds[0].writes.name.removeprefix("staged_"),
        format=intake.format,
        n_parts=len(found),
        n_parts_ready=sum(part.name in ready for part in found),
        n_records=None if None in counts else sum(n for n in counts if n is not None),
        bytes_read=missing,
        n_bytes=int(missing * growth),
        seconds=missing * pace / n_at_once,
    )


def _basis(entries: Iterable[ledger.StagedPart]) -> str:
    """Say what the estimates come from."""
    if any(entry.seconds is not None for entry in entries):
        return (
            "Estimated from the parts of the register that were read before, in proportion to "
            "their size; kinds of which none was read, roughly. Fetching is not in the time."
        )
    rates = " and ".join(
        f"{rate / 1e6:g} MB of {form} a second"
        for form, rate in GUESSED_BYTES_PER_SECOND.items()
        if form not in ("csv", "lines")
    )
    return (
        f"Estimated roughly: {rates} for each thread. A first addition may take several times "
        "more or less. Fetching is not in the time."
    )
