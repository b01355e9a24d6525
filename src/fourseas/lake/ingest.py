"""Read the files of a register into staging: each part whole or not at all, and each part once.

A register counts with what its `register.json` names. That file is replaced at the very end, so
that an addition which was killed or failed is not seen, yet what it had read is not read again.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.errors import SourceError, TableError
from fourseas.lake import diagnosis, engine, ledger, parts, reading
from fourseas.lake.check import check
from fourseas.lake.layout import Lake, discard, publish, workplace, writing
from fourseas.lake.progress import Progress
from fourseas.schema.source import INGEST_COLUMNS, OF_SNAPSHOT, Feed, Intake, Scope, Source
from fourseas.schema.table import TableSpec

KEY_DIGITS = 12
"""Hexadecimal digits of a part's hash by which rows name it: 48 bits. DuckDB keeps a text of up to
12 bytes beside the row, so that joins on it are cheap."""

STAGE_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be added, and as what.

    Attributes
    ----------
    source
        The register.
    snapshot_on
        Date of its snapshot, as YYYY-MM-DD.
    scope
        What it is a register of; null for what the source or else the lake says.
    allow_incomplete
        Whether parts that a manifest lists, or the manifest, may be absent.
    replace
        Whether it may take the place of another snapshot.
    """

    source: Source
    snapshot_on: str
    scope: Scope | None = None
    allow_incomplete: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What was added.

    Attributes
    ----------
    register, snapshot_on, scope
        What the parts count as.
    n_parts, n_parts_read
        Parts of this addition, and those of them that were not staged before.
    n_parts_in_lake, n_parts_listed
        Parts that the register has in the lake now, and that its manifests list.
    n_records
        Records of this addition.
    rows
        Staged table to the rows that this addition has in it.
    unknown_keys
        Keys of records that were passed over, sorted.
    """

    register: str
    snapshot_on: str
    scope: str
    n_parts: int
    n_parts_read: int
    n_parts_in_lake: int
    n_parts_listed: int
    n_records: int
    rows: Mapping[str, int]
    unknown_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A part with the hash of its bytes."""

    part: parts.Part
    sha256: str

    @property
    def key(self) -> str:
        """What rows name the part by."""
        return self.sha256[:KEY_DIGITS]


@dataclass(frozen=True, slots=True)
class _Staged:
    """A part that is staged, and whether it was read just now."""

    part: parts.Part
    entry: ledger.StagedPart
    is_new: bool


def add(lake: Lake, inputs: Path, request: Request, progress: Progress) -> AddReport:
    """Read what is new below a path and let it count.

    Raises
    ------
    SourceError
        If the files are not what the register promises; all bad parts are named, none counts,
        and those that were good are not read again.
    TableError
        If a mapping does not return what it declares.
    LakeError
        If another process writes to the lake, or it cannot be written to.
    """
    _require_date(request.snapshot_on)
    scope = request.scope or request.source.scope or lake.scope
    with writing(lake):
        before = _counted_before(lake, request, scope)
        found = parts.find(inputs, request.source, allow_incomplete=request.allow_incomplete)
        n_bytes = sum(part.path.stat().st_size for part in found.parts)
        progress.start(n_bytes, f"Reading {request.source.name}")
        try:
            staged = _Staging(lake, request, scope).stage(found.parts, progress)
        finally:
            progress.finish()
        register = _register(request, scope, before, listed=found.listed, staged=staged)
        ledger.write(lake.staging / request.source.name / ledger.REGISTER, register)
        _remove_unnamed(lake, register)
    return _report(register, staged, request.source)


def _require_date(text: str) -> None:
    try:
        is_date = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_date = False
    if not is_date:
        raise SourceError.not_a_date(text)
    today = datetime.now(tz=UTC).date().isoformat()
    if text > today:
        raise SourceError.not_yet(text, today)


def _counted_before(lake: Lake, request: Request, scope: Scope) -> ledger.Register | None:
    """Return the register as it counts now, to which parts are added; None to start anew."""
    present = ledger.read_register(lake, request.source.name)
    if present is None:
        return None
    if (present.snapshot_on, present.scope) == (request.snapshot_on, scope):
        return present
    if request.replace:
        return None
    raise SourceError.other_snapshot(
        present.register,
        f"a {present.scope} of {present.snapshot_on}",
        f"a {scope} of {request.snapshot_on}",
    )


class _Staging:
    """The staging of one addition, with an engine as long as it lasts."""

    def __init__(self, lake: Lake, request: Request, scope: Scope) -> None:
        self._lake = lake
        self._request = request
        self._scope = scope
        self._directory = lake.staging / request.source.name
        self._mappings = [_mapping(intake) for intake in request.source.intakes]
        self._work = workplace(lake)
        self._locks: dict[str, Lock] = {}

    def stage(self, found: tuple[parts.Part, ...], progress: Progress) -> list[_Staged]:
        """Read the parts that are not staged yet, some at once; return all of them in order."""
        con = engine.connect(self._lake)
        n_at_once = min(engine.threads(self._lake), len(found))
        sessions: SimpleQueue[Backend] = SimpleQueue()
        for _ in range(n_at_once):
            sessions.put(engine.beside(con))
        staged: list[_Staged] = []
        problems: list[SourceError | TableError] = []
        pool = ThreadPoolExecutor(n_at_once)
        try:
            outcomes = pool.map(partial(self._outcome, sessions), found)
            for part, outcome in zip(found, outcomes, strict=True):
                if isinstance(outcome, _Staged):
                    staged.append(outcome)
                else:
                    problems.append(outcome)
                progress.advance(part.path.stat().st_size, part.name)
        finally:
            pool.shutdown(cancel_futures=True)
            con.disconnect()
            shutil.rmtree(self._work, ignore_errors=True)
        if len(problems) == 1 == len(found):
            raise problems[0]
        if problems:
            raise SourceError.failed_parts((e.problem for e in problems), len(found))
        return staged

    def _outcome(
        self, sessions: SimpleQueue[Backend], part: parts.Part
    ) -> _Staged | SourceError | TableError:
        """Stage a part in a session that is free, or say what is wrong with the part."""
        session = sessions.get()
        try:
            hashed = _hashed(part)
            # Of two parts with the same bytes the second finds what the first has staged.
            with self._locks.setdefault(self._stage_name(hashed), Lock()):
                before = self._staged(hashed)
                entry = before or self._read(session, hashed)
            _require_count(part, entry.n_records)
        except (SourceError, TableError) as error:
            return error
        finally:
            sessions.put(session)
        return _Staged(part, self._as_added(entry, part), is_new=before is None)

    def _as_added(self, entry: ledger.StagedPart, part: parts.Part) -> ledger.StagedPart:
        """Return the entry of a part as what it is added now, whatever it was staged as."""
        return replace(
            entry,
            name=part.name,
            snapshot_on=self._request.snapshot_on,
            scope=self._scope,
            licence=self._request.source.licence,
        )

    def _stage_name(self, hashed: _Hashed) -> str:
        """Return the directory of a part: another one if anything differs that it depends on."""
        intake = hashed.part.intake
        place = self._request.source.intakes.index(intake)
        stated = [str(self._of_lake()[name]) for name in intake.added if name in OF_SNAPSHOT]
        decisive = [hashed.sha256, self._mappings[place], self._lake.person_salt, *stated]
        return ledger.sha256_of_texts(decisive)[:STAGE_DIGITS]

    def _staged(self, hashed: _Hashed) -> ledger.StagedPart | None:
        """Return the part if it is staged already."""
        path = self._directory / self._stage_name(hashed) / ledger.PART
        return ledger.read_part(path) if path.is_file() else None

    def _read(self, con: Backend, hashed: _Hashed) -> ledger.StagedPart:
        """Read a part, check what its mappings return, and publish the tables together."""
        part, request = hashed.part, self._request
        if part.path.name.endswith(".gz") and part.n_records_listed is None:
            diagnosis.inflate(part.path)
        records = reading.read(con, part.path, part.intake)
        _require_count(part, records.n_records)
        draft = self._work / self._stage_name(hashed)
        draft.mkdir(parents=True)
        raw = self._raw(records.table, hashed)
        rows = {feed.writes.name: _write(con, feed, raw, draft, part) for feed in part.intake.feeds}
        engine.forget(con, reading.RECORDS)
        staged = ledger.StagedPart(
            register=request.source.name,
            name=part.name,
            part_key=hashed.key,
            sha256=hashed.sha256,
            stage=draft.name,
            n_bytes=part.path.stat().st_size,
            n_records=records.n_records,
            rows=rows,
            n_bytes_staged=sum(path.stat().st_size for path in draft.iterdir()),
            unknown_keys=records.unknown_keys,
            snapshot_on=request.snapshot_on,
            scope=self._scope,
            licence=request.source.licence,
            mapping=self._mappings[request.source.intakes.index(part.intake)],
            code_version=ledger.code_version(),
            added_at=ledger.now(),
        )
        ledger.write(draft / ledger.PART, staged)
        publish(draft, self._directory / draft.name)
        return staged

    def _raw(self, records: ir.Table, hashed: _Hashed) -> ir.Table:
        """Add the columns that the mappings of this kind of file may use."""
        known = {"part_key": ibis.literal(hashed.key), "record": records.record}
        known |= {name: ibis.literal(value) for name, value in self._of_lake().items()}
        return records.select(
            *(name for name in records.columns if name not in INGEST_COLUMNS),
            **{name: known[name] for name in hashed.part.intake.added},
        )

    def _of_lake(self) -> dict[str, str]:
        """Return what ingest adds that is the same for all records of an addition."""
        return {
            "snapshot_on": self._request.snapshot_on,
            "scope": self._scope,
            "person_salt": self._lake.person_salt,
        }


def _hashed(part: parts.Part) -> _Hashed:
    """Hash a part, which is also the first attempt to read it."""
    try:
        return _Hashed(part, ledger.sha256_of_file(part.path))
    except OSError as error:
        found = error.strerror or str(error)
        raise SourceError.unreadable_part(str(part.path), "as a whole", found) from error


def _write(con: Backend, feed: Feed, raw: ir.Table, draft: Path, part: parts.Part) -> int:
    """Write and check one table of a part; return its rows."""
    spec: TableSpec = feed.writes
    path = draft / f"{spec.name}.parquet"
    assert not path.exists(), f"two feeds of one kind of file write {spec.name}"
    try:
        rows = engine.write(con, feed.compute(raw), path)
    except duckdb.DataError as error:
        found = engine.first_line(error)
        raise SourceError.unreadable_part(str(part.path), f"for {spec.name}", found) from error
    try:
        with engine.limits(con, path):
            check(con, engine.parquet(con, [path], "staged_table"), spec)
    except TableError as error:
        problem = f"{part.path}: {error.problem}"
        raise TableError(problem, error.remedy) from error
    return rows


def _mapping(intake: Intake) -> str:
    """Return a hash of all that decides how a kind of file is mapped."""
    raw = ibis.table(dict(intake.raw) | dict(intake.added), name="raw")
    statements = (engine.sql(feed.compute(raw)) for feed in intake.feeds)
    return ledger.sha256_of_texts([intake.format, *intake.needed, str(intake.raw), *statements])


def _require_count(part: parts.Part, n_records: int) -> None:
    if part.n_records_listed is not None and part.n_records_listed != n_records:
        raise SourceError.other_count(str(part.path), part.n_records_listed, n_records)


def _register(
    request: Request,
    scope: Scope,
    before: ledger.Register | None,
    *,
    listed: Iterable[str],
    staged: Sequence[_Staged],
) -> ledger.Register:
    """Return the register with the parts that count from now on."""
    source = request.source
    old = before.parts if before else ()
    stages = {entry.stage for entry in old}
    # What counts already keeps its name, so that adding it again changes nothing.
    new = (one.entry for one in staged if one.entry.stage not in stages)
    counting = {entry.part_key: entry for entry in (*old, *new)}
    unlisted = (one.entry.sha256 for one in staged if one.part.listed_as is None)
    return ledger.Register(
        register=source.name,
        title=source.title,
        licence=source.licence,
        url=source.url,
        citation=source.citation,
        snapshot_on=request.snapshot_on,
        scope=scope,
        listed=tuple(sorted({*(before.listed if before else ()), *listed, *unlisted})),
        parts=tuple(sorted(counting.values(), key=lambda entry: (entry.name, entry.part_key))),
    )


def _remove_unnamed(lake: Lake, register: ledger.Register) -> None:
    """Remove what was staged of a register but does not count any longer."""
    named = {part.stage for part in register.parts}
    for path in (lake.staging / register.register).iterdir():
        if path.is_dir() and path.name not in named:
            discard(lake, path)


def _report(register: ledger.Register, staged: Sequence[_Staged], source: Source) -> AddReport:
    new = {one.entry.part_key for one in staged if one.is_new}
    entries = {one.entry.part_key: one.entry for one in staged}.values()
    rows: Counter[str] = Counter()
    for entry in entries:
        rows.update(entry.rows)
    # One file may be read as several kinds of records, each of which takes its own keys.
    declared = {key for intake in source.intakes for key in intake.raw}
    return AddReport(
        register=register.register,
        snapshot_on=register.snapshot_on,
        scope=register.scope,
        n_parts=len(entries),
        n_parts_read=len(new),
        n_parts_in_lake=len(register.parts),
        n_parts_listed=len(register.listed),
        n_records=sum(entry.n_records for entry in entries),
        rows=dict(rows),
        unknown_keys=tuple(
            sorted({key for entry in entries for key in entry.unknown_keys} - declared)
        ),
    )
