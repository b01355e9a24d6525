"""Build a version of the lake from what is staged: table by table, checked, seen all at once.

A version is made in a directory that is named for everything that decides its content. A build
that was killed goes on there at the first table that is missing; a build of anything else begins
anew. Readers see the new version when `CURRENT` is replaced, and not before.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.errors import LakeError, TableError
from fourseas.lake import engine, ledger
from fourseas.lake.check import check, check_columns, check_in_order
from fourseas.lake.engines import DUCKDB, Engine, Start, on_duckdb
from fourseas.lake.layout import (
    KEPT_VERSIONS,
    Lake,
    discard,
    disk_errors,
    flush,
    publish,
    write_text,
    writing,
)
from fourseas.lake.progress import Progress
from fourseas.lake.recipe import Assembly, Recipe, assemble
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec

BUILDING = ".building-"

DEFINITIONS = "definitions"
"""Name of the given table whose rows a ledger repeats."""

NAME_DIGITS = 6
FINGERPRINT_DIGITS = 16

GUESSED_BYTES = 0.5
"""Size of a table as part of what it reads, where no earlier version tells."""

GUESSED_BYTES_PER_SECOND = 20e6
"""What a step reads in a second, where no earlier version tells."""

GUESSED_SECONDS = 0.3
"""What a step takes however little it reads: to plan, to check, to flush."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build has done.

    Attributes
    ----------
    version
        Name of the version that is current now.
    n_built, n_kept
        Tables that were built, and those that an earlier build had left ready.
    ledger
        The record of the version.
    """

    version: str
    n_built: int
    n_kept: int
    ledger: ledger.Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTable:
    """What a build would do about one table.

    Attributes
    ----------
    name, reads
        The table, and those that it is built from.
    is_ready
        Whether it is there already.
    rows_read, bytes_read
        What it reads; rows are null where they depend on tables not built yet.
    n_bytes, seconds
        Estimated size of its file, and time to build it.
    """

    name: str
    reads: tuple[str, ...]
    is_ready: bool
    rows_read: int | None
    bytes_read: int
    n_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """What a build would do.

    Attributes
    ----------
    tables
        All tables in the order of building.
    n_bytes, seconds
        Estimates for those that are not ready.
    free_bytes
        Room on the disk.
    basis
        What the estimates come from, in a sentence.
    """

    tables: tuple[PlannedTable, ...]
    n_bytes: int
    seconds: float
    free_bytes: int
    basis: str


def build(lake: Lake, recipe: Recipe, progress: Progress, start: Start = on_duckdb) -> BuildReport:
    """Build a version from all registers, and make it the current one.

    Nothing is computed if a version of the same content is there already, whichever engine it
    was that computed it.

    Raises
    ------
    LakeError
        If nothing was added, another process writes, a staged file is missing or damaged, or the
        disk or memory does not suffice.
    EngineError
        If the engine cannot start, or not go on.
    TableError
        If a table does not keep what its declaration promises; no version is made then.
    """
    with writing(lake):
        assembly = assemble(lake, recipe)
        _remove_other_drafts(assembly)
        for version in lake.complete_versions():
            found = ledger.read_ledger(version)
            if found.fingerprint == assembly.fingerprint:
                _make_current(lake, version)
                n_kept = len(found.tables)
                return BuildReport(version=version.name, n_built=0, n_kept=n_kept, ledger=found)
        entry, n_built = _draft_ledger(assembly, progress, start)
        version = _publish(assembly, entry)
        _make_current(lake, version)
    n_kept = len(entry.tables) - n_built
    return BuildReport(version=version.name, n_built=n_built, n_kept=n_kept, ledger=entry)


def plan(lake: Lake, recipe: Recipe) -> BuildPlan:
    """Say what a build would do now, and estimate what it takes.

    Raises
    ------
    LakeError
        If nothing was added.
    """
    assembly = assemble(lake, recipe)
    current = lake.current()
    before = ledger.read_ledger(current) if current else None
    is_done = any(
        ledger.read_ledger(version).fingerprint == assembly.fingerprint
        for version in lake.complete_versions()
    )
    tables = _planned(assembly, before, is_done=is_done)
    missing = [table for table in tables if not table.is_ready]
    with disk_errors(lake.root):
        free_bytes = shutil.disk_usage(lake.root).free
    return BuildPlan(
        tables=tables,
        n_bytes=sum(table.n_bytes for table in missing),
        seconds=sum(table.seconds for table in missing),
        free_bytes=free_bytes,
        basis=_basis(before, current),
    )


def _draft(assembly: Assembly) -> Path:
    """Return where the version is made."""
    digits = assembly.fingerprint[:FINGERPRINT_DIGITS]
    return assembly.lake.versions / f"{BUILDING}{digits}"


def _draft_ledger(
    assembly: Assembly, progress: Progress, start: Start
) -> tuple[ledger.Ledger, int]:
    """Finish the draft; return its ledger and how many tables were built."""
    path = _draft(assembly) / ledger.LEDGER
    if path.is_file():
        return ledger.read_ledger(path.parent), 0
    progress.start(len(assembly.given) + len(assembly.steps), "Building")
    try:
        tables, n_built = _build_tables(assembly, progress, start)
    finally:
        progress.finish()
    entry = _ledger(assembly, tables)
    ledger.write(path, entry)
    return entry, n_built


def _build_tables(
    assembly: Assembly, progress: Progress, start: Start
) -> tuple[tuple[ledger.BuiltTable, ...], int]:
    """Build every table that is not ready; return all of them and how many were built."""
    con = engine.connect(assembly.lake)
    engine.join_as_written(con)
    tables: list[ledger.BuiltTable] = []
    n_built = 0
    try:
        _check_staged(con, assembly)
        with start(assembly, con) as computing:
            draft = _draft(assembly)
            draft.mkdir(parents=True, exist_ok=True)
            specs = {spec.name: spec for step in assembly.steps for spec in step.reads}
            for name, files in assembly.staged.items():
                computing.read(name, specs[name], [file.path for file in files])
            for name, rows in assembly.given.items():
                tables.append(_give(con, draft, rows, (name, specs.get(name))))
                if name in specs:
                    computing.read(name, specs[name], [_file(draft, name)])
                n_built += 1
                progress.advance(1, name)
            for step in assembly.steps:
                name = step.writes.name
                ready = _ready(assembly, name)
                tables.append(ready or _build_table(con, draft, step, computing))
                computing.read(name, step.writes, [_file(draft, name)])
                n_built += ready is None
                progress.advance(1, name)
    finally:
        con.disconnect()
    return tuple(tables), n_built


def _check_staged(con: Backend, assembly: Assembly) -> None:
    """Look whether staged files have the columns that steps read."""
    specs = {spec.name: spec for step in assembly.steps for spec in step.reads}
    for name, files in assembly.staged.items():
        for file in files:
            if not file.path.is_file():
                raise engine.damaged(str(file.path), "it is missing")
        # One mapping writes the same columns whatever it reads.
        for file in {file.part.mapping: file for file in files}.values():
            try:
                check_columns(engine.stored(con, [file.path], name), specs[name])
            except TableError as error:
                raise LakeError.outdated(file.part.register, error.problem) from error


def _ready(assembly: Assembly, name: str) -> ledger.BuiltTable | None:
    """Return the record of a table that an earlier build has finished."""
    path = _draft(assembly) / f"{name}.json"
    return ledger.read_table(path) if path.is_file() else None


def _give(
    con: Backend, draft: Path, rows: pa.Table, named: tuple[str, TableSpec | None]
) -> ledger.BuiltTable:
    """Write a given table; it is checked where a step declares how it reads it."""
    name, spec = named
    began = time.perf_counter()
    given = con.create_table(f"given_{name}", rows, temp=True, overwrite=True)
    n_rows = engine.write(con, given, _file(draft, name))
    table = engine.stored(con, [_file(draft, name)], name)
    if spec is not None:
        check(con, table, spec)
    return _record(draft, (name, ()), n_rows, began, DUCKDB)


def _build_table(con: Backend, draft: Path, step: Step, computing: Engine) -> ledger.BuiltTable:
    """Compute a table, write it in the order of its key, check it and say that it is ready."""
    began = time.perf_counter()
    path = _file(draft, step.writes.name)
    n_rows = computing.write(step, path)
    with engine.limits(con, path):
        check_in_order(con, engine.stored(con, [path], step.writes.name), step.writes)
    reads = tuple(spec.name for spec in step.reads)
    return _record(draft, (step.writes.name, reads), n_rows, began, computing.version)


def _record(
    draft: Path, named: tuple[str, tuple[str, ...]], n_rows: int, began: float, engine_version: str
) -> ledger.BuiltTable:
    """Say durably that a table is ready."""
    name, reads = named
    path = _file(draft, name)
    flush(path)
    built = ledger.BuiltTable(
        name=name,
        reads=reads,
        rows=n_rows,
        n_bytes=path.stat().st_size,
        sha256=ledger.sha256_of_file(path),
        seconds=round(time.perf_counter() - began, 3),
        engine=engine_version,
    )
    ledger.write(draft / f"{name}.json", built)
    return built


def _file(directory: Path, name: str) -> Path:
    return directory / f"{name}.parquet"


def _ledger(assembly: Assembly, tables: tuple[ledger.BuiltTable, ...]) -> ledger.Ledger:
    """Return the record of a version."""
    rows = assembly.given[DEFINITIONS].to_pylist() if DEFINITIONS in assembly.given else []
    return ledger.Ledger(
        fingerprint=assembly.fingerprint,
        code_version=ledger.code_version(),
        built_at=ledger.now(),
        registers=assembly.registers,
        tables=tables,
        definitions={
            str(row["definition_id"]): {name: str(value) for name, value in row.items()}
            for row in rows
        },
    )


def _publish(assembly: Assembly, entry: ledger.Ledger) -> Path:
    """Give a finished version its number."""
    draft = _draft(assembly)
    for table in entry.tables:
        (draft / f"{table.name}.json").unlink(missing_ok=True)
    numbers = [int(path.name) for path in assembly.lake.complete_versions()]
    version = assembly.lake.versions / f"{max(numbers, default=0) + 1:0{NAME_DIGITS}d}"
    publish(draft, version)
    return version


def _make_current(lake: Lake, version: Path) -> None:
    """Point readers to a version; remove those that nobody should be reading any longer."""
    write_text(lake.pointer, f"{version.name}\n")
    others = [path for path in lake.complete_versions() if path != version]
    for path in others[: len(others) + 1 - KEPT_VERSIONS]:
        discard(lake, path)


def _remove_other_drafts(assembly: Assembly) -> None:
    """Remove what killed builds of something else have left."""
    for path in assembly.lake.versions.glob(f"{BUILDING}*"):
        if path != _draft(assembly):
            discard(assembly.lake, path)


def _planned(
    assembly: Assembly, before: ledger.Ledger | None, *, is_done: bool
) -> tuple[PlannedTable, ...]:
    """Go through the tables in order; the size of what is not built is that of its plan."""
    sizes = {
        name: sum(file.path.stat().st_size for file in files)
        for name, files in assembly.staged.items()
    }
    sizes |= {name: table.nbytes for name, table in assembly.given.items()}
    rows: dict[str, int | None] = {
        name: sum(file.rows for file in files) for name, files in assembly.staged.items()
    }
    rows |= {name: table.num_rows for name, table in assembly.given.items()}
    known = {table.name: table for table in before.tables} if before else {}
    growth = _growth(assembly, before)
    tables = []
    for step in assembly.steps:
        name, reads = step.writes.name, tuple(spec.name for spec in step.reads)
        bytes_read = sum(sizes[spec] for spec in reads)
        counts = [rows[spec] for spec in reads]
        ready = _ready(assembly, name)
        if ready is not None:
            n_bytes, seconds = ready.n_bytes, ready.seconds
        elif name in known:
            n_bytes, seconds = int(known[name].n_bytes * growth), known[name].seconds * growth
        else:
            n_bytes = int(bytes_read * GUESSED_BYTES)
            seconds = GUESSED_SECONDS + bytes_read / GUESSED_BYTES_PER_SECOND
        is_ready = is_done or ready is not None
        sizes[name] = n_bytes
        rows[name] = (
            ready.rows if ready else known[name].rows if is_done and name in known else None
        )
        tables.append(
            PlannedTable(
                name=name,
                reads=reads,
                is_ready=is_ready,
                rows_read=None if None in counts else sum(n for n in counts if n is not None),
                bytes_read=bytes_read,
                n_bytes=n_bytes,
                seconds=seconds,
            )
        )
    return tuple(tables)


def _growth(assembly: Assembly, before: ledger.Ledger | None) -> float:
    """Return how many times more is staged than the version before was built from."""
    if before is None:
        return 1.0
    return _n_bytes_staged(assembly.registers) / max(1, _n_bytes_staged(before.registers))


def _n_bytes_staged(registers: Iterable[ledger.Register]) -> int:
    return sum(part.n_bytes_staged for register in registers for part in register.parts)


def _basis(before: ledger.Ledger | None, current: Path | None) -> str:
    """Say what the estimates come from."""
    if before is not None and current is not None:
        return (
            f"Estimated from version {current.name}, in proportion to the size of what is staged; "
            "tables that it does not have, from the size of what they read."
        )
    return (
        f"Estimated roughly from the size of what is read: half of it written, at "
        f"{GUESSED_BYTES_PER_SECOND / 1e6:.0f} MB a second. A first build may take several times "
        "more or less."
    )
