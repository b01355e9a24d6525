"""Parts on their way into staging: each fetched if need be, hashed, mapped, checked, published."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from time import perf_counter

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.errors import LakeError, SourceError, TableError
from fourseas.lake import diagnosis, engine, ledger, mapping, parts, reading
from fourseas.lake.check import check
from fourseas.lake.fetch import Server
from fourseas.lake.fetch_errors import AbsentFileError, UntriedError
from fourseas.lake.incoming import FETCHES_AT_ONCE, Incoming
from fourseas.lake.layout import Lake, publish, workplace
from fourseas.lake.mapping import Mapped
from fourseas.lake.progress import Progress
from fourseas.schema.source import (
    INGEST_COLUMNS,
    OF_SNAPSHOT,
    Feed,
    Intake,
    Scope,
    Source,
)

KEY_DIGITS = 12
"""Hexadecimal digits of a part's hash by which rows name it: 48 bits. DuckDB keeps a text of up to
12 bytes beside the row, so that joins on it are cheap."""

STAGE_DIGITS = 16

Problem = SourceError | TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What parts count as.

    Attributes
    ----------
    source, snapshot_on, scope
        The register, the date of its snapshot, and what it is of the register.
    allow_absent
        Whether parts that a manifest lists may be absent from a server.
    """

    source: Source
    snapshot_on: str
    scope: Scope
    allow_absent: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    """A part that is staged, and whether it was read just now."""

    part: parts.Part
    entry: ledger.StagedPart
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A part that is here, with the hash of its bytes, and where it came from if elsewhere."""

    part: parts.Part
    sha256: str
    origin: ledger.Origin | None

    @property
    def key(self) -> str:
        """What rows name the part by."""
        return self.sha256[:KEY_DIGITS]


Outcome = Staged | Problem | LakeError | None


class Staging:
    """The staging of one addition, with an engine as long as it lasts."""

    def __init__(self, lake: Lake, terms: Terms, server: Server | None) -> None:
        self._lake = lake
        self._terms = terms
        self._directory = lake.staging / terms.source.name
        self._work = workplace(lake)
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)
        self._engines: SimpleQueue[Backend] = SimpleQueue()
        self._memory = engine.memory_limit(lake)
        self._fetched = lake.incoming / terms.source.name
        self._incoming = Incoming(server, self._fetched) if server else None
        self._known = by_origin(ledger.read_parts(lake, terms.source.name)) if server else {}

    def stage(self, found: tuple[parts.Part, ...], progress: Progress) -> list[Staged]:
        """Read the parts that are not staged yet, some at once; return all of them in order.

        Raises
        ------
        SourceError
            If some cannot be read; the others were, and are not read again.
        LakeError
            If the disk or the memory does not suffice; what was read stays.
        """
        progress.start(sum(map(size, found)), f"Reading {self._terms.source.name}", "bytes")
        try:
            outcomes = self._outcomes(found, progress)
        finally:
            progress.finish()
        _require_none([one for one in outcomes if isinstance(one, Problem)], len(found))
        shutil.rmtree(self._fetched, ignore_errors=True)
        return [one for one in outcomes if isinstance(one, Staged)]

    def _outcomes(self, found: tuple[parts.Part, ...], progress: Progress) -> list[Outcome]:
        """Read parts in little memory; those that want more alone, and then in all there may be."""
        n_at_once = min(engine.threads(self._lake), len(found))
        with self._readers(engine.little_memory(self._lake), n_at_once) as readers:
            outcomes = _told(found, readers.map(self._outcome, found), progress)
        alone = engine.little_memory(self._lake, is_alone=True)
        most = engine.memory_limit(self._lake)
        for memory, is_last in ((alone, alone == most), (most, True)):
            told = zip(found, outcomes, strict=True)
            short = [part for part, one in told if isinstance(one, LakeError)]
            if not short:
                break
            # An engine that is out of memory cannot even be told to use more.
            with self._readers(memory, 1) as readers:
                again = readers.map(partial(self._outcome, is_last=is_last), short)
                outcomes = [next(again) if isinstance(one, LakeError) else one for one in outcomes]
        return outcomes

    @contextmanager
    def _readers(self, memory: str, n_at_once: int) -> Iterator[ThreadPoolExecutor]:
        """Start an engine, named once for each part that it may read at once."""
        con = engine.connect_for_readers(self._lake, memory)
        self._memory = memory
        self._engines = SimpleQueue()
        for _ in range(n_at_once):
            self._engines.put(con)
        pool = ThreadPoolExecutor(n_at_once + (FETCHES_AT_ONCE if self._incoming else 0))
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
            con.disconnect()
            shutil.rmtree(self._work, ignore_errors=True)

    def is_of_now(self, entry: ledger.StagedPart, part: parts.Part) -> bool:
        """Return whether a staged part is as it would be staged now."""
        return entry.stage == self._stage_name(entry.sha256, part.intake)

    def _stage_name(self, sha256: str, intake: Intake) -> str:
        """Return the directory of a part: another one if anything differs that it depends on."""
        stated = [str(self._of_lake()[name]) for name in intake.added if name in OF_SNAPSHOT]
        decisive = [sha256, mapping.mapping(intake), self._lake.person_salt, *stated]
        return ledger.sha256_of_texts(decisive)[:STAGE_DIGITS]

    def _outcome(self, part: parts.Part, *, is_last: bool = False) -> Outcome:
        """Stage a part, or say what is wrong with it; None for one that may be absent and is.

        Too little memory stops the addition only where this attempt is the last.
        """
        try:
            if self._incoming is None:
                return self._stage(_hashed(part))
            return self._stage_from(self._incoming, part)
        except AbsentFileError as error:
            return None if self._terms.allow_absent else error
        except (SourceError, TableError) as error:
            return error
        except LakeError as error:
            if isinstance(error.__cause__, duckdb.OutOfMemoryException) and not is_last:
                return error
            problem = f"{part.name}: {error.problem}"
            raise LakeError(problem, error.remedy) from error

    def _stage_from(self, incoming: Incoming, part: parts.Part) -> Staged:
        """Stage a part that lies on a server, unless it did not change since it was staged."""
        told = incoming.told(part)
        origin = incoming.origin(part, told)
        known = self._known.get(origin)
        if known is not None and self.is_of_now(known, part):
            _require_count(part, known.n_records)
            return Staged(part, self._as_added(known, part), is_new=False)
        path = incoming.fetch(part, told)
        try:
            staged = self._stage(_hashed(replace(part, path=path), origin))
        except (SourceError, TableError) as error:
            path.unlink()
            problem = error.problem.replace(str(path), origin.url)
            raise type(error)(problem, error.remedy) from error
        path.unlink()
        return staged

    def _stage(self, hashed: _Hashed) -> Staged:
        """Stage a part that is here, as soon as the engine is free for it."""
        con = self._engines.get()
        try:
            # Of two parts with the same bytes the second finds what the first has staged.
            with self._locks[hashed.sha256]:
                before = self._staged(hashed)
                entry = before or self._read(con, hashed)
        finally:
            self._engines.put(con)
        _require_count(hashed.part, entry.n_records)
        return Staged(hashed.part, self._as_added(entry, hashed.part), is_new=before is None)

    def _as_added(self, entry: ledger.StagedPart, part: parts.Part) -> ledger.StagedPart:
        """Return the entry of a part as what it is added now, whatever it was staged as."""
        return replace(
            entry,
            name=part.name,
            snapshot_on=self._terms.snapshot_on,
            scope=self._terms.scope,
            licence=self._terms.source.licence,
        )

    def _staged(self, hashed: _Hashed) -> ledger.StagedPart | None:
        """Return the part if it is staged already; note where else it came from."""
        name = self._stage_name(hashed.sha256, hashed.part.intake)
        path = self._directory / name / ledger.PART
        if not path.is_file():
            return None
        entry = ledger.read_part(path)
        if hashed.origin is not None and hashed.origin not in entry.origins:
            entry = replace(entry, origins=(*entry.origins, hashed.origin))
            ledger.write(path, entry)
        return entry

    def _read(self, con: Backend, hashed: _Hashed) -> ledger.StagedPart:
        """Read a part, check what its mappings return, and publish the tables together."""
        began = perf_counter()
        part, terms = hashed.part, self._terms
        if part.path.name.endswith(".gz") and part.n_records_listed is None:
            diagnosis.inflate(part.path)
        draft = self._work / self._stage_name(hashed.sha256, part.intake)
        # A session that ran out of memory cannot always be used again.
        with engine.limits(con, part.path), engine.beside(con) as session:
            records = reading.read(session, part.path, part.intake)
            _require_count(part, records.n_records)
            engine.give_back(con, self._memory)
            draft.mkdir(parents=True)
            raw = self._raw(records.table, hashed)
            rows = mapping.write(
                session, Mapped(raw, records.n_records, part.intake, part.path, draft)
            )
            engine.give_back(con, self._memory)
            for feed in part.intake.feeds:
                _check(session, feed, draft, part)
        engine.give_back(con, self._memory)
        staged = ledger.StagedPart(
            register=terms.source.name,
            name=part.name,
            part_key=hashed.key,
            sha256=hashed.sha256,
            stage=draft.name,
            n_bytes=part.path.stat().st_size,
            n_records=records.n_records,
            rows=rows,
            n_bytes_staged=sum(path.stat().st_size for path in draft.iterdir()),
            unknown_keys=records.unknown_keys,
            snapshot_on=terms.snapshot_on,
            scope=terms.scope,
            licence=terms.source.licence,
            mapping=mapping.mapping(part.intake),
            code_version=ledger.code_version(),
            added_at=ledger.now(),
            seconds=perf_counter() - began,
            origins=(hashed.origin,) if hashed.origin else (),
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
            "snapshot_on": self._terms.snapshot_on,
            "scope": self._terms.scope,
            "person_salt": self._lake.person_salt,
        }


def size(part: parts.Part) -> int:
    """Return the size of a part: here as it is, on a server as it is listed, 0 if unknown."""
    return part.path.stat().st_size if part.place is None else part.n_bytes_listed or 0


def by_origin(
    entries: Iterable[ledger.StagedPart],
) -> dict[ledger.Origin, ledger.StagedPart]:
    """Return staged parts by where on servers they came from.

    A server that tells no version may have changed the file without a sign.
    """
    return {
        origin: entry for entry in entries for origin in entry.origins if origin.version is not None
    }


def _told(
    found: Iterable[parts.Part],
    outcomes: Iterable[Outcome],
    progress: Progress,
) -> list[Outcome]:
    """Collect the outcomes as they come, and tell how far and how fast it goes."""
    began, n_records = perf_counter(), 0
    collected = []
    for part, outcome in zip(found, outcomes, strict=True):
        collected.append(outcome)
        if isinstance(outcome, Staged) and outcome.is_new:
            n_records += outcome.entry.n_records
        rate = n_records / max(perf_counter() - began, 0.001)
        progress.advance(size(part), f"{part.name} ({rate:,.0f} records/s)")
    return collected


def _require_none(problems: list[Problem], n_parts: int) -> None:
    """Stop if parts failed, with a list of them."""
    if len(problems) == 1 == n_parts:
        raise problems[0]
    tried = [error.problem for error in problems if not isinstance(error, UntriedError)]
    n_untried = len(problems) - len(tried)
    if n_untried:
        tried.append(f"{n_untried} more were not asked for: the server failed time after time.")
    if tried:
        raise SourceError.failed_parts(tried, n_parts)


def _hashed(part: parts.Part, origin: ledger.Origin | None = None) -> _Hashed:
    """Hash a part, which is also the first attempt to read it."""
    try:
        return _Hashed(part, ledger.sha256_of_file(part.path), origin)
    except OSError as error:
        found = error.strerror or str(error)
        raise SourceError.unreadable_part(str(part.path), "as a whole", found) from error


def _check(con: Backend, feed: Feed, draft: Path, part: parts.Part) -> None:
    """Check one table of a part as it was written."""
    path = draft / f"{feed.writes.name}.parquet"
    try:
        with engine.limits(con, path):
            check(con, engine.parquet(con, [path], "staged_table"), feed.writes)
    except TableError as error:
        problem = f"{part.path}: {error.problem}"
        raise TableError(problem, error.remedy) from error


def _require_count(part: parts.Part, n_records: int) -> None:
    if part.n_records_listed is not None and part.n_records_listed != n_records:
        raise SourceError.other_count(str(part.path), part.n_records_listed, n_records)
