"""The mapping of a part: its records to the tables that its kind of file feeds.

Tables whose rows are each of one record are computed for so many records at a time, so that a
part of any size takes the memory of a small one. What is computed is stated once for a part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.errors import SourceError
from fourseas.lake import engine, ledger
from fourseas.schema.source import RECORDS, Feed, Intake

RECORDS_OF_SLICE = 20_480
"""Records that are mapped at a time. Of 100,000 works mapped at once, layers and what computes
them take 330 MB of resident memory, and 110 so; the CPU is the same."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What is to be mapped: the records of a part, where they came from and where tables go."""

    records: ir.Table
    n_records: int
    intake: Intake
    path: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Statements:
    """What maps a kind of file, as SQL.

    Attributes
    ----------
    prepared
        Of what is read, the records.
    layers, feeds
        Of the records, each layer and each table by its name. A table is stated over what its
        feed is given, not over the whole preparation: that took a second more of every addition.
    """

    prepared: str
    layers: Mapping[str, str]
    feeds: Mapping[str, str]


@cache
def statements(intake: Intake) -> Statements:
    """State the mapping of a kind of file: it is the same for every part."""
    prepared = intake.prepare(ibis.table(intake.raw, name="raw"))
    given = dict(prepared.schema().items()) | dict(intake.added.items())
    layers: dict[str, str] = {}

    def stated(rows: ir.Table, name: str) -> ir.Table:
        layers[name] = engine.sql(rows)
        return ibis.table(rows.schema(), name=name)

    tables = intake.tables(ibis.table(given, name=RECORDS), stated)
    return Statements(
        prepared=engine.sql(prepared),
        layers=layers,
        feeds={feed.writes.name: engine.sql(feed.rows(tables)) for feed in intake.feeds},
    )


@cache
def mapping(intake: Intake) -> str:
    """Return a hash of all that decides how a kind of file is mapped."""
    of = statements(intake)
    stated = [of.prepared, *of.layers.values(), *of.feeds.values()]
    return ledger.sha256_of_texts([intake.format, *intake.needed, str(intake.raw), *stated])


def write(con: Backend, part: Mapped) -> dict[str, int]:
    """Write each table of a part to a file of its name; return the rows of each.

    Raises
    ------
    SourceError
        If a value of a record cannot be mapped.
    LakeError
        If the disk is full or closed to us, or the memory limit is too low.
    """
    names = [feed.writes.name for feed in part.intake.feeds]
    assert len(set(names)) == len(names), "two feeds of one kind of file write one table"
    rows = _write_by_slices(con, part)
    for feed in part.intake.feeds:
        if not feed.by_record:
            with _faults(part, feed):
                table = feed.rows({RECORDS: part.records})
                rows[feed.writes.name] = engine.write(con, table, _path(part, feed))
    return {name: rows[name] for name in names}


def _write_by_slices(con: Backend, part: Mapped) -> Counter[str]:
    """Write the tables whose rows are each of one record, the records in their order."""
    n_rows: Counter[str] = Counter()
    feeds = [feed for feed in part.intake.feeds if feed.by_record]
    if not feeds:
        return n_rows
    of = statements(part.intake)
    with ExitStack() as opened:
        writers = [
            opened.enter_context(engine.writer(feed.writes, _path(part, feed))) for feed in feeds
        ]
        for first in range(1, part.n_records + 1, RECORDS_OF_SLICE):
            record = part.records.record
            last = first + RECORDS_OF_SLICE - 1
            engine.show(con, part.records.filter(record.between(first, last)), RECORDS)
            for name, query in of.layers.items():
                engine.keep(con, query, name)
            for feed, writer in zip(feeds, writers, strict=True):
                name = feed.writes.name
                with _faults(part, feed), engine.limits(con, _path(part, feed)):
                    n_rows[name] += engine.write_on(con, of.feeds[name], writer)
    return n_rows


def _path(part: Mapped, feed: Feed) -> Path:
    return part.folder / f"{feed.writes.name}.parquet"


@contextmanager
def _faults(part: Mapped, feed: Feed) -> Iterator[None]:
    """Name the part and the table where a value cannot be mapped."""
    try:
        yield
    except duckdb.DataError as error:
        found = engine.first_line(error)
        raise SourceError.unreadable_part(
            str(part.path), f"for {feed.writes.name}", found
        ) from error
