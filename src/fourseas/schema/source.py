"""A source is a register: the files it comes in, and pure functions that map them to tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.schema.table import TableSpec

Format = Literal["csv", "json_items", "jsonl", "lines", "parquet", "xml"]
"""jsonl: one record in each line, or all in one array; json_items: all in `items` of one object;
lines: the lines of a text after the first, by which the one key is called;
xml: one document after another, each a record, in a file or in a zip of one."""
Scope = Literal["census", "sample", "corpus"]
SCOPES: tuple[Scope, ...] = ("census", "sample", "corpus")
"""census: the whole register; sample: drawn at random from it; corpus: chosen by somebody."""

INGEST_COLUMNS = ibis.schema(
    {
        "part_key": "string",
        "record": "int64",
        "snapshot_on": "string",
        "scope": "string",
        "person_salt": "string",
    }
)
"""What ingest adds to raw tables: the part's hash, the record's place in it from 1, the date and
scope under which the register was added, and the lake's secret by which names of people become
pseudonymous ids: who holds the secret, or knows the works, can trace them back."""

OF_SNAPSHOT = ("snapshot_on", "scope")
"""Of these, what differs between snapshots. It is added only for a kind of file that feeds a table
which states it, so that what was staged of equal bytes serves the next snapshot too."""

EITHER = "|"
"""Between keys of which a record needs one, where versions of a register name things apart."""


RECORDS = "records"
"""Name of the table of the records of a part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Rows that several feeds need of a record, such as the authors of a work, computed once.

    `compute` maps the tables that `reads` names, the records or layers before this one, to it.
    """

    name: str
    compute: Callable[..., ir.Table]
    reads: tuple[str, ...] = (RECORDS,)

    def rows(self, tables: Mapping[str, ir.Table]) -> ir.Table:
        """Return the rows of the layer, given what was computed before it."""
        return self.compute(*(tables[name] for name in self.reads))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One table that a kind of file feeds.

    `compute` maps the tables that `reads` names, the records or layers, to rows of `writes`.
    `by_record` tells that each row is of one record, whatever the others are, so that records may
    be mapped so many at a time; only such a feed may read layers.
    """

    writes: TableSpec
    compute: Callable[..., ir.Table]
    reads: tuple[str, ...] = (RECORDS,)
    by_record: bool = False

    def rows(self, tables: Mapping[str, ir.Table]) -> ir.Table:
        """Return the rows of the table, given the records and all layers."""
        return self.compute(*(tables[name] for name in self.reads))


def as_read(records: ir.Table) -> ir.Table:
    """Return records as they were read: what most kinds of files are prepared to."""
    return records


Kept = Callable[[ir.Table, str], ir.Table]
"""How rows that are computed are kept under a name, to be read several times."""


def as_computed(rows: ir.Table, name: str) -> ir.Table:  # noqa: ARG001
    """Return rows as an expression, computed anew wherever they are read."""
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One kind of input file of a register.

    Attributes
    ----------
    files
        Glob patterns below the directory that the user names.
    format
        How the files are written; ``.gz`` beside ``jsonl`` and ``csv`` is understood.
    raw
        The keys that are read, with their types. A key that a record lacks is null; a key
        that is not listed here is passed over and reported.
    needed
        Keys that no record may lack; of several joined by `EITHER`, at least one.
    feeds
        The tables that come of it.
    prepare
        What several feeds need of a record, computed once: maps records of the keys `raw` to
        those that feeds are given, which are the same records in the same order.
    layers
        What several feeds need of what records hold, each computed once, in this order.
    """

    files: tuple[str, ...]
    format: Format
    raw: ibis.Schema
    needed: tuple[str, ...]
    feeds: tuple[Feed, ...]
    prepare: Callable[[ir.Table], ir.Table] = as_read
    layers: tuple[Layer, ...] = ()

    def tables(self, records: ir.Table, kept: Kept = as_computed) -> dict[str, ir.Table]:
        """Return what feeds may read: the records of a part, and each layer as it is kept."""
        tables = {RECORDS: records}
        for layer in self.layers:
            tables[layer.name] = kept(layer.rows(tables), layer.name)
        return tables

    @property
    def added(self) -> ibis.Schema:
        """What ingest adds to its records."""
        stated = {column.name for feed in self.feeds for column in feed.writes.columns}
        return ibis.schema(
            {
                name: dtype
                for name, dtype in INGEST_COLUMNS.items()
                if name not in OF_SNAPSHOT or name in stated
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A register.

    Attributes
    ----------
    name
        By which users add it, such as ``openalex``.
    title
        Its full name.
    licence, url, citation
        What an export must say.
    scope
        What its files are when nothing else is said, or null where the user must say.
    intakes
        The kinds of files it comes in.
    """

    name: str
    title: str
    licence: str
    url: str
    citation: str
    scope: Scope | None
    intakes: tuple[Intake, ...]
