"""Sums in fields: each row of a work and a unit is added to the cells of all fields of the work.

An engine would join every row with each field, and look for a group of a dozen texts and some fifty
sums with each of these. Here a row is known by the number of its place, the key but for the field;
its terms lie side by side, and so do the sums of a cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.lake.kernels.columns import ROWS_OF_BATCH, batches, parts_of, shares, whole
from fourseas.lake.kernels.compiled import compiled
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec

ROWS_AT_ONCE = 2**16
"""Rows whose terms are in memory at once: of fifty terms some 30 MB."""

FIRST_ROOM = 2**12
EMPTY = -1
"""What a slot holds that no number is found in."""

CELLS_TOLD = 2**16
"""Cells that are told at once."""

PART = "part_"
"""Before the name of a part that is computed: a lake may have a table of that name."""

MOST_TERMS = 64
"""Terms of which it can be kept in one word whether any was not null."""

OF_FIELD = ("scheme", "field_id")

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


Bytes = npt.NDArray[np.int8]

NOTHING = tuple((np.empty(0, dtype),) for dtype in (np.int32, np.int32, np.float64, np.int8))
"""What there is where no work has a field."""


class Fields(NamedTuple):
    """Fields of works, one work after the other; those of work *i* begin at ``starts[i]``."""

    starts: Longs
    codes: Ints
    weights: Floats
    tiers: Bytes


class Numbered:
    """Rows of whole numbers, each of which gets a number when it is seen first.

    Attributes
    ----------
    rows
        The rows by their numbers, ``(room, n_columns)``.
    n
        How many there are.
    """

    def __init__(self, n_columns: int) -> None:
        self.rows: Ints = np.zeros((FIRST_ROOM, n_columns), np.int32)
        self.slots: Ints = np.full(2 * FIRST_ROOM, EMPTY, np.int32)
        self.n = 0

    def numbers(self, rows: Ints) -> Ints:
        """Return the numbers of rows, ``(n_rows, n_columns)``."""
        found = np.empty(len(rows), np.int32)
        done = 0
        while True:
            done, self.n = _number(rows, self.rows, self.slots, found, done, self.n)
            if done == len(rows):
                return found
            self.grow()

    def grow(self) -> None:
        """Make room for twice as many."""
        room, n_columns = self.rows.shape
        grown = np.zeros((2 * room, n_columns), np.int32)
        grown[: self.n] = self.rows[: self.n]
        self.rows, self.slots = grown, np.full(4 * room, EMPTY, np.int32)
        _settle(self.rows, self.slots, self.n)


@dataclass(slots=True)
class Coded:
    """Texts and years by codes, each given when it is seen first."""

    values: dict[str | int, int] = field(default_factory=dict)

    def codes(self, column: pa.Array) -> Ints:
        """Return the codes of a column without nulls."""
        encoded = pc.dictionary_encode(column)
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        known = [
            self.values.setdefault(value, len(self.values))
            for value in encoded.dictionary.to_pylist()
        ]
        places = encoded.indices.to_numpy(zero_copy_only=False)
        return np.asarray(known, np.int32)[places] if known else np.empty(0, np.int32)

    def ranks(self) -> Ints:
        """Return the place of each code when their values are in order."""
        in_order = sorted(range(len(self.values)), key=list(self.values).__getitem__)
        ranks = np.empty(len(in_order), np.int32)
        ranks[in_order] = np.arange(len(in_order), dtype=np.int32)
        return ranks

    def taken(self, codes: Ints, dtype: pa.DataType) -> pa.Array:
        """Return the values of codes."""
        values = pa.array(list(self.values), dtype)
        return pa.DictionaryArray.from_arrays(pa.array(codes), values).dictionary_decode()


class Cells:
    """Sums by cell.

    Attributes
    ----------
    spec
        The table: its key, and sums.
    texts
        Codes of the texts and years of the key, by column.
    places, fields
        The keys that occur but for the field, and the fields, in codes.
    keys
        Place and field of each cell.
    sums
        ``(room, n_terms)``.
    known
        Of which sums any term was not null, a bit each, ``(room,)``.
    """

    def __init__(self, spec: TableSpec) -> None:
        self.spec = spec
        self.terms = tuple(name for name in spec.column_names if name not in spec.key)
        assert len(self.terms) <= MOST_TERMS, f"{spec.name} has {len(self.terms)} sums"
        self.of_place = tuple(name for name in spec.key if name not in OF_FIELD)
        self.texts = {name: Coded() for name in spec.key}
        self.places, self.fields = Numbered(len(self.of_place)), Numbered(len(OF_FIELD))
        self.keys = Numbered(2)
        self.sums: Floats = np.zeros((FIRST_ROOM, len(self.terms)))
        self.known: Words = np.zeros(FIRST_ROOM, np.uint64)

    def codes(self, batch: pa.RecordBatch, names: tuple[str, ...]) -> Ints:
        """Return the codes of columns of the key, ``(n_rows, n_columns)``."""
        return np.stack([self.texts[name].codes(batch.column(name)) for name in names], axis=1)

    def add(self, batch: pa.RecordBatch, works: Ints, tiers: Ints, fields: Fields) -> None:
        """Add the terms of rows to all fields of their works that are not below their tier."""
        places = self.places.numbers(self.codes(batch, self.of_place))
        terms, known = _terms(batch, self.terms)
        done = 0
        while True:
            keys = self.keys
            done, keys.n = _add(
                (places, works, tiers, terms, known),
                fields,
                (keys.rows, keys.slots, self.sums, self.known),
                done,
                keys.n,
            )
            if done == batch.num_rows:
                return
            keys.grow()
            sums, known_before = self.sums, self.known
            self.sums = np.zeros((len(keys.rows), len(self.terms)))
            self.known = np.zeros(len(keys.rows), np.uint64)
            self.sums[: keys.n], self.known[: keys.n] = sums[: keys.n], known_before[: keys.n]

    def told(self) -> Iterator[pa.RecordBatch]:
        """Yield the cells in the order of their key; there is at least one batch."""
        columns = self._key_columns()
        order = np.argsort(_combined([self.texts[name].ranks() for name in columns], columns))
        for first in range(0, max(1, order.size), CELLS_TOLD):
            cells = order[first : first + CELLS_TOLD]
            sums, known = self.sums[cells], self.known[cells]
            told = {
                name: self.texts[name].taken(codes[cells], _type(self.spec, name))
                for name, codes in columns.items()
            }
            for place, name in enumerate(self.terms):
                is_null = known & np.uint64(1 << place) == 0
                told[name] = pa.array(np.ascontiguousarray(sums[:, place]), mask=is_null)
            yield pa.record_batch({name: told[name] for name in self.spec.column_names})

    def _key_columns(self) -> dict[str, Ints]:
        """Return the codes of all cells, by column in the order of the key."""
        places, fields = self.keys.rows[: self.keys.n].T
        of_place = {name: self.places.rows[places, i] for i, name in enumerate(self.of_place)}
        of_field = {name: self.fields.rows[fields, i] for i, name in enumerate(OF_FIELD)}
        return {name: (of_place | of_field)[name] for name in self.spec.key}


def field_sums(con: Backend, step: Step) -> pa.RecordBatchReader:
    """Return the cells of a step that sums in fields, in the order of their key.

    Sums are of the same numbers as the step's, in another order: they agree to some 1e-15 of the
    size of their terms.
    """
    parts = parts_of(con, step)
    cells = Cells(step.writes)
    works, fields = _fields(con, parts, cells)
    for i in count(1):
        if f"rows_{i}" not in parts:
            break
        for batch in _rows(con, parts, i):
            numbers = works.numbers(whole(batch, "work_id")[:, np.newaxis])
            cells.add(batch, numbers, whole(batch, "tier"), fields)
    for batch in _computed(con, parts, "published", ROWS_AT_ONCE):
        alone, every = _of_themselves(batch, cells), np.arange(batch.num_rows, dtype=np.int32)
        cells.add(batch, every, np.zeros_like(every), alone)
    told = cells.told()
    first = next(told)
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], told))


def _computed(
    con: Backend, parts: Mapping[str, ir.Table], name: str, n_rows: int = ROWS_OF_BATCH
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a part that is computed before.

    An engine that yields rows of several pipelines, such as those of a union, may wait for itself
    for ever (DuckDB 1.5.6, issue 22215).
    """
    part = f"{PART}{name}"
    yield from batches(con, engine.materialize(con, parts[name], part), n_rows)
    engine.forget(con, part)


def _rows(con: Backend, parts: Mapping[str, ir.Table], i: int) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a definition, joined from its works and units that are computed before."""
    names = (f"works_{i}", f"units_{i}")
    for name in names:
        engine.materialize(con, parts[name], name)
    yield from batches(con, parts[f"rows_{i}"], ROWS_AT_ONCE)
    for name in names:
        engine.forget(con, name)


def _fields(con: Backend, parts: Mapping[str, ir.Table], cells: Cells) -> tuple[Numbered, Fields]:
    """Return the works by their numbers, and the fields of each."""
    works = Numbered(1)
    found: list[tuple[npt.NDArray[np.generic], ...]] = []
    for batch in _computed(con, parts, "fields"):
        numbers = works.numbers(whole(batch, "work_id")[:, np.newaxis])
        names = cells.fields.numbers(cells.codes(batch, OF_FIELD))
        tiers = whole(batch, "field_tier").astype(np.int8)
        found.append((numbers, names, shares(batch, "weight"), tiers))
    numbers, names, weights, tiers = (
        np.concatenate(one) for one in (zip(*found, strict=True) if found else NOTHING)
    )
    order = np.argsort(numbers, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=works.n))))
    return works, Fields(starts, names[order], weights[order], tiers[order])


def _of_themselves(batch: pa.RecordBatch, cells: Cells) -> Fields:
    """Return the field of each row that is a cell already, as that of a work."""
    n_rows = batch.num_rows
    names = cells.fields.numbers(cells.codes(batch, OF_FIELD))
    return Fields(np.arange(n_rows + 1), names, np.ones(n_rows), np.zeros(n_rows, np.int8))


def _terms(batch: pa.RecordBatch, names: tuple[str, ...]) -> tuple[tuple[Floats, ...], Words]:
    """Return the columns of terms, 0 where they are null, and which are not."""
    terms = []
    known = np.full(batch.num_rows, np.iinfo(np.uint64).max, np.uint64)
    for place, name in enumerate(names):
        column = batch.column(name)
        if column.null_count:
            is_null = column.is_null().to_numpy(zero_copy_only=False)
            known[is_null] &= ~np.uint64(1 << place)
            column = pc.fill_null(column, 0)
        # DuckDB reads `1.0` as a decimal, whatever it was declared.
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        terms.append(np.ascontiguousarray(values, np.float64))
    return tuple(terms), known


def _combined(ranks: list[Ints], columns: Mapping[str, Ints]) -> Longs:
    """Return numbers that are in the order of rows of codes."""
    size = math.prod(max(1, of_column.size) for of_column in ranks)
    assert size < 1 << 63, f"{size} possible keys have no number of 64 bits"
    combined = np.zeros(len(next(iter(columns.values()))), np.int64)
    for of_column, codes in zip(ranks, columns.values(), strict=True):
        combined *= max(1, of_column.size)
        combined += of_column[codes]
    return combined


def _type(spec: TableSpec, name: str) -> pa.DataType:
    return spec.ibis_schema[name].to_pyarrow()


@compiled
def _slot(rows: Ints, slots: Ints, wanted: Ints) -> int:
    """Return the slot in which a row is or would be."""
    mixed = np.uint64(0)
    for value in wanted:
        mixed = (mixed ^ np.uint64(np.uint32(value))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    last = slots.size - 1
    slot = int(mixed >> np.uint64(20)) & last
    while True:
        number = slots[slot]
        if number == EMPTY:
            return slot
        is_same = True
        for column in range(wanted.size):
            is_same &= rows[number, column] == wanted[column]
        if is_same:
            return slot
        slot = (slot + 1) & last


@compiled
def _settle(rows: Ints, slots: Ints, n: int) -> None:
    """Find a slot for each row."""
    for number in range(n):
        slots[_slot(rows, slots, rows[number])] = number


@compiled
def _number(
    wanted: Ints, rows: Ints, slots: Ints, found: Ints, done: int, n: int
) -> tuple[int, int]:
    """Give rows numbers until there is no room; return how many rows are done, and numbered."""
    for row in range(done, len(wanted)):
        slot = _slot(rows, slots, wanted[row])
        if slots[slot] == EMPTY:
            if n == len(rows):
                return row, n
            rows[n] = wanted[row]
            slots[slot] = n
            n += 1
        found[row] = slots[slot]
    return len(wanted), n


@compiled
def _add(
    batch: tuple[Ints, Ints, Ints, tuple[Floats, ...], Words],
    fields: Fields,
    cells: tuple[Ints, Ints, Floats, Words],
    done: int,
    n: int,
) -> tuple[int, int]:
    """Add rows to cells; stop at a row whose cells may not fit. Return the rows done, and cells."""
    places, works, tiers, terms, known_terms = batch
    keys, slots, sums, known = cells
    key, own = np.empty(2, np.int32), np.empty(len(terms))
    for row in range(done, places.size):
        work = works[row]
        if work + 1 >= fields.starts.size:
            continue
        first, last = fields.starts[work], fields.starts[work + 1]
        if n + last - first > len(keys):
            return row, n
        for term in range(len(terms)):
            own[term] = terms[term][row]
        for entry in range(first, last):
            if fields.tiers[entry] < tiers[row]:
                continue
            key[0], key[1] = places[row], fields.codes[entry]
            slot = _slot(keys, slots, key)
            if slots[slot] == EMPTY:
                keys[n] = key
                slots[slot] = n
                n += 1
            cell = slots[slot]
            weight = fields.weights[entry]
            known[cell] |= known_terms[row]
            for term in range(own.size):
                sums[cell, term] += weight * own[term]
    return places.size, n
