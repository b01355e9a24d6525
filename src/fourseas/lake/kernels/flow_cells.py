"""Flow cells in one pass over the citations, in whatever order they lie.

Works are held by number in 12 bytes each, their countries and fields as numbers of lists that many
works share. Citations are packed into 8 bytes and summed when `CITATIONS_AT_ONCE` of them are
there, so memory grows with works and cells and not with citations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise
from queue import SimpleQueue

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.lake.kernels import flow_sums
from fourseas.lake.kernels.columns import (
    ROWS_OF_BATCH,
    batches,
    codes,
    distinct,
    greatest,
    parts_of,
    shares,
    whole,
)
from fourseas.lake.kernels.flow_sums import (
    LAG_BITS,
    LIST_BITS,
    MASK_BITS,
    Buffer,
    Bytes,
    Cells,
    Flags,
    Longs,
    Records,
    Scratch,
    Variants,
)
from fourseas.lake.kernels.interning import Floats, Interned, Ints, Lists
from fourseas.schema.definition import FORMER_TERRITORIES, Territory
from fourseas.schema.flows import FLOW_CELLS, FLOW_DEFINITIONS, LONGEST_LAG, UNKNOWN, WORLD
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING

CITATIONS_AT_ONCE = 2**25
"""Citations that are packed before they are summed; they take 0.7 GB."""

ROWS_TOLD = 2**17
"""Rows that are told at once, roughly."""

Sums = tuple[Longs, Floats]
"""Numbers of cells, and the sums in them."""

NO_KEYS, NO_SUMS = np.empty(0, np.int64), np.empty((0, 2))

POLICIES = tuple(FORMER_TERRITORIES)
KINDS = ("country", "unknown", "world")


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of the table by their codes, all in the order of the alphabet.

    Attributes
    ----------
    registers
        Register, date of its snapshot and scope.
    units
        Countries, unknown and the world.
    fields
        Scheme and field.
    years
        The first year and the number of years.
    """

    registers: Sequence[tuple[str, ...]]
    units: Sequence[str]
    fields: Sequence[tuple[str, ...]]
    years: range


@dataclass(frozen=True, slots=True)
class Frame:
    """All that does not depend on citations."""

    words: Words
    works: Records
    units: Lists
    variants: Variants
    fields: Lists
    cells: Cells


def flow_cells(con: Backend, step: Step) -> pa.RecordBatchReader:
    """Return the flow cells of the works and citations that an engine knows.

    Sums are of the same numbers as the step's, in another order: they agree to some 1e-15 of
    their size.
    """
    parts = parts_of(con, step)
    frame = _frame(con, parts)
    threads = int(engine.setting(con, "threads"))
    found: dict[int, Sums] = {}
    for buffer, filled in _buffers(con, parts["citations"], frame):
        found |= _sums(frame, buffer, filled, threads, found)
    told = _told(frame.words, frame.cells.shape, [found[place] for place in sorted(found)])
    first = next(told)
    return pa.RecordBatchReader.from_batches(first.schema, chain([first], told))


def _frame(con: Backend, parts: Mapping[str, ir.Table]) -> Frame:
    """Read everything but citations."""
    words = _words(con, parts)
    works, places = _works(con, parts["works"], words)
    is_counted = works["mask"] > 0
    units, variants = _units(con, parts["countries"], words, works, is_counted)
    fields = _fields(con, parts["fields"], words, is_counted)
    lists = fields.keep(is_counted)
    group_places, group_lists = _group(works, places, fields.node_of)
    masks = _masks(works["mask"])
    n_fields, n_lags = max(1, len(words.fields)), LONGEST_LAG + 1
    shape = (max(1, len(words.registers)), len(FLOW_DEFINITIONS), len(KINDS), len(words.units))
    cells = Cells(
        shape=(*shape, len(words.units), n_fields, len(words.years), n_lags),
        world=words.units.index(WORLD),
        kinds=np.array([_kind(unit) for unit in words.units], np.int32),
        moved=np.array([_moved(words.units, d.territory) for d in FLOW_DEFINITIONS], np.int32),
        classes=_places_in(masks, 1 << MASK_BITS),
        is_counted=np.array([[bool(mask >> k & 1) for k in range(shape[1])] for mask in masks]),
        group_places=group_places,
        group_lists=group_lists,
    )
    assert math.prod(cells.shape) < 1 << 63, f"cells of {cells.shape} have no number of 64 bits"
    assert LONGEST_LAG < 1 << LAG_BITS, "lags cannot be packed"
    assert len(FLOW_DEFINITIONS) <= MASK_BITS, "definitions cannot be packed"
    return Frame(words, works, units, variants, lists, cells)


def _words(con: Backend, parts: Mapping[str, ir.Table]) -> Words:
    """Return the texts that occur."""
    codes_found = {code for (code,) in distinct(con, parts["countries"], "country_code")}
    moved_to = {unit for moves in FORMER_TERRITORIES.values() for unit in moves.values()}
    counted = parts["works"].filter(parts["works"].definitions > 0)
    spans = counted.agg(first=counted.year.min(), last=counted.year.max())
    ((first, last),) = ((row["first"], row["last"]) for row in con.to_pyarrow(spans).to_pylist())
    return Words(
        registers=distinct(con, parts["registers"], "register", "snapshot_on", "scope"),
        units=sorted({*codes_found, *moved_to, UNKNOWN, WORLD}),
        fields=distinct(con, parts["fields"], "scheme", "field_id"),
        years=range(first, last + 1) if first is not None else range(1),
    )


def _works(con: Backend, table: ir.Table, words: Words) -> tuple[Records, Ints]:
    """Return the works by number, and the place of each: its register and year."""
    n_works = greatest(con, table, "work_id") + 1
    works, places = np.zeros(n_works, flow_sums.WORK), np.zeros(n_works, np.int32)
    names = [name for name, *_ in words.registers]
    for batch in batches(con, table):
        ids, years = whole(batch, "work_id"), whole(batch, "year")
        registers = codes(batch, "register", names)
        masks = np.where(registers >= 0, whole(batch, "definitions"), 0)
        works["year"][ids] = years
        works["mask"][ids] = masks
        places[ids] = np.where(masks > 0, registers * len(words.years) + years - words.years[0], 0)
    return works, places


def _units(
    con: Backend, table: ir.Table, words: Words, works: Records, is_counted: Flags
) -> tuple[Lists, Variants]:
    """Return the lists of units with credit that works have, and note each work's."""
    interned = Interned(is_counted.size)
    for batch in batches(con, table):
        ids = whole(batch, "work_id")
        found = np.where(is_counted[ids], codes(batch, "country_code", words.units), -1)
        interned.extend(ids, found.astype(np.int32), shares(batch, "credit"))
    placed = _completed(interned.keep(is_counted), words.units.index(UNKNOWN))
    works["list"] = interned.node_of
    return _with_variants(placed, words)


def _completed(placed: Lists, unknown: int) -> Lists:
    """Add to each list what is lost of a work to unknown."""
    lengths = np.diff(placed.starts)
    list_of = np.repeat(np.arange(lengths.size), lengths)
    lost = 1.0 - np.bincount(list_of, weights=placed.values, minlength=lengths.size)
    is_lost = lost > ROUNDING
    added = np.cumsum(is_lost)
    starts = placed.starts + np.concatenate(([0], added))
    units, credit = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float64)
    kept = np.arange(list_of.size) + (added - is_lost)[list_of]
    units[kept], credit[kept] = placed.codes, placed.values
    ends = starts[1:][is_lost] - 1
    units[ends], credit[ends] = unknown, lost[is_lost]
    return Lists(starts, units, credit)


def _with_variants(placed: Lists, words: Words) -> tuple[Lists, Variants]:
    """Add a list for each policy that makes one unit of two in a list."""
    n_lists = placed.starts.size - 1
    moves = np.array([_moved(words.units, policy) for policy in POLICIES], np.int32)
    is_moving = (moves[:, placed.codes] != placed.codes).any(axis=0)
    touched = np.unique(np.searchsorted(placed.starts, np.flatnonzero(is_moving), "right") - 1)
    extra: list[dict[int, float]] = []
    standing: dict[int, list[int]] = {}
    for number in touched.tolist():
        entries = slice(placed.starts[number], placed.starts[number + 1])
        variants = [_summed(move[placed.codes[entries]], placed.values[entries]) for move in moves]
        if len({len(variant) for variant in variants}) > 1:
            standing[number] = list(range(n_lists + len(extra), n_lists + len(extra) + len(moves)))
            extra += variants
    lists = np.tile(np.arange(n_lists + len(extra), dtype=np.int32), (len(POLICIES), 1))
    is_moved = np.zeros(n_lists + len(extra), np.bool_)
    for number, stand_in in standing.items():
        lists[:, number] = stand_in
        is_moved[number] = True
    masks = [
        sum(
            1 << k
            for k, definition in enumerate(FLOW_DEFINITIONS)
            if definition.territory == policy
        )
        for policy in POLICIES
    ]
    assert is_moved.size < 1 << LIST_BITS, f"{is_moved.size} lists of units cannot be packed"
    return _joined(placed, extra), Variants(is_moved, lists, np.array(masks, np.uint8))


def _summed(units: Ints, values: Floats) -> dict[int, float]:
    """Return the credit of each unit once."""
    summed: dict[int, float] = {}
    for unit, credit in zip(units.tolist(), values.tolist(), strict=True):
        summed[unit] = summed.get(unit, 0.0) + credit
    return summed


def _joined(placed: Lists, extra: Sequence[Mapping[int, float]]) -> Lists:
    """Return the lists with further ones behind them."""
    ends = np.cumsum([len(one) for one in extra], dtype=np.int64) + placed.starts[-1]
    return Lists(
        np.concatenate((placed.starts, ends)),
        np.concatenate((placed.codes, np.array([u for one in extra for u in one], np.int32))),
        np.concatenate((placed.values, np.array([c for one in extra for c in one.values()]))),
    )


def _fields(con: Backend, table: ir.Table, words: Words, is_counted: Flags) -> Interned:
    """Return the lists of fields with weights that works have."""
    schemes = sorted({scheme for scheme, _ in words.fields})
    names = sorted({field for _, field in words.fields})
    code_of = np.full((len(schemes) + 1, len(names) + 1), -1, np.int32)
    for code, (scheme, field) in enumerate(words.fields):
        code_of[schemes.index(scheme), names.index(field)] = code
    interned = Interned(is_counted.size)
    for batch in batches(con, table):
        ids = whole(batch, "work_id")
        found = code_of[codes(batch, "scheme", schemes), codes(batch, "field_id", names)]
        interned.extend(
            ids, np.where(is_counted[ids], found, np.int32(-1)), shares(batch, "weight")
        )
    return interned


def _group(works: Records, places: Ints, list_of: Ints) -> tuple[Ints, Ints]:
    """Give counted works of one place and list of fields a group; return both of each group."""
    is_counted = works["mask"] > 0
    is_place = np.zeros(places.max(initial=0) + 1, np.bool_)
    is_place[places[is_counted]] = True
    place_of = np.cumsum(is_place, dtype=np.int32) - 1
    is_group = np.zeros((np.count_nonzero(is_place), list_of.max(initial=0) + 1), np.bool_)
    flow_sums.mark(works, place_of[places], list_of, is_group)
    numbers_of = np.cumsum(is_group, dtype=np.int32).reshape(is_group.shape) - 1
    flow_sums.number(works, place_of[places], list_of, numbers_of)
    of_place, of_list = np.nonzero(is_group)
    return np.flatnonzero(is_place)[of_place].astype(np.int32), of_list.astype(np.int32)


def _masks(found: Bytes) -> list[int]:
    """Return all sets of definitions that may count a citation: what any two works share."""
    masks = {int(mask) for mask in np.flatnonzero(np.bincount(found, minlength=1))} - {0}
    of_policies = {
        sum(1 << k for k, definition in enumerate(FLOW_DEFINITIONS) if definition.territory == name)
        for name in POLICIES
    }
    shared = masks | {mask & policy for mask in masks for policy in of_policies}
    return sorted({one & other for one in shared for other in shared} - {0})


def _buffers(con: Backend, table: ir.Table, frame: Frame) -> Iterator[tuple[Buffer, int]]:
    """Yield citations, packed, as many at once as may be."""
    room = CITATIONS_AT_ONCE + ROWS_OF_BATCH * len(POLICIES)
    n_groups = frame.cells.group_lists.size
    buffer = Buffer(
        np.empty(room, np.uint64), np.empty(room, np.int32), np.zeros(n_groups, np.int64)
    )
    filled = 0
    for batch in batches(con, table):
        ends = (whole(batch, "citing_work_id"), whole(batch, "cited_work_id"))
        filled = flow_sums.append(ends, frame.works, frame.variants, LONGEST_LAG, buffer, filled)
        if filled >= CITATIONS_AT_ONCE:
            yield buffer, filled
            buffer.counts[:] = 0
            filled = 0
    yield buffer, filled


def _sums(
    frame: Frame, buffer: Buffer, filled: int, threads: int, before: Mapping[int, Sums]
) -> dict[int, Sums]:
    """Add the sums of citations to those before, by place; each thread does a place at a time."""
    offsets = np.concatenate(([0], np.cumsum(buffer.counts)))
    arranged = flow_sums.arrange(buffer, filled, offsets)
    cells = frame.cells
    firsts = np.flatnonzero(np.diff(cells.group_places, prepend=-1)).tolist()
    spans = pairwise((*firsts, cells.group_places.size))
    rooms: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(threads):
        rooms.put(flow_sums.scratch(cells, LONGEST_LAG + 1, len(frame.words.units)))

    def of_place(groups: slice) -> tuple[int, Sums]:
        place = int(cells.group_places[groups.start])
        here = cells._replace(
            group_places=cells.group_places[groups], group_lists=cells.group_lists[groups]
        )
        ends = offsets[groups.start : groups.stop + 1]
        room = rooms.get()
        new = flow_sums.sums_of_groups(arranged, ends, frame.units, frame.fields, here, room)
        rooms.put(room)
        return place, _merged([new, *([before[place]] if place in before else [])])

    with ThreadPoolExecutor(threads) as pool:
        return dict(pool.map(of_place, (slice(first, end) for first, end in spans)))


def _merged(found: Sequence[Sums]) -> Sums:
    """Return each key once, in ascending order, with the sum of its sums."""
    keys = np.concatenate([keys for keys, _ in found])
    sums = np.concatenate([sums for _, sums in found])
    return flow_sums.merged(np.argsort(keys), keys, sums)


def _told(words: Words, shape: tuple[int, ...], found: Sequence[Sums]) -> Iterator[pa.RecordBatch]:
    """Yield cells with the texts of their codes, in the order of their numbers.

    The cells of each place are in that order already, so a stretch of numbers is taken out of
    each place and only these are sorted. There is at least one batch.
    """
    per_unit = math.prod(shape[4:])
    bounds = np.arange(math.prod(shape[:4]) + 1) * per_unit
    cuts = np.array([np.searchsorted(keys, bounds) for keys, _ in found]).reshape(-1, bounds.size)
    rows = cuts.sum(axis=0)
    first = 0
    while True:
        last = int(np.searchsorted(rows, rows[first] + ROWS_TOLD, "right")) - 1
        last = max(last, first + 1)
        stretch = [
            (keys[cut[first] : cut[last]], sums[cut[first] : cut[last]])
            for (keys, sums), cut in zip(found, cuts, strict=True)
        ]
        yield _batch(words, shape, *_merged([(NO_KEYS, NO_SUMS), *stretch]))
        if last == bounds.size - 1:
            return
        first = last


def _batch(words: Words, shape: tuple[int, ...], keys: Longs, sums: Floats) -> pa.RecordBatch:
    """Return rows of the table."""
    places: list[npt.NDArray[np.int16]] = []
    for size in reversed(shape):
        keys, rest = np.divmod(keys, size)
        places.append(rest.astype(np.int16))
    register, definition, kind, unit, partner, field, year, lag = reversed(places)
    named = {
        **{
            column: _texts(register, [row[place] for row in words.registers])
            for place, column in enumerate(("register", "snapshot_on", "scope"))
        },
        "definition_id": _texts(definition, [d.definition_id for d in FLOW_DEFINITIONS]),
        "unit_type": _texts(kind, KINDS),
        "unit_id": _texts(unit, words.units),
        "partner_id": _texts(partner, words.units),
        "scheme": _texts(field, [scheme for scheme, _ in words.fields]),
        "field_id": _texts(field, [name for _, name in words.fields]),
        "year": pa.array(year + np.int16(words.years[0])),
        "lag": pa.array(lag),
        "citations": pa.array(np.ascontiguousarray(sums[:, 0])),
        "n": pa.array(np.ascontiguousarray(sums[:, 1])),
    }
    return pa.record_batch({name: named[name] for name in FLOW_CELLS.column_names})


def _texts(places: npt.NDArray[np.int16], texts: Sequence[str]) -> pa.DictionaryArray:
    """Return texts by their places in a list of them."""
    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(texts, pa.string()))


def _kind(unit: str) -> int:
    """Return the place of a unit's kind."""
    return KINDS.index({UNKNOWN: "unknown", WORLD: "world"}.get(unit, "country"))


def _moved(units: Sequence[str], territory: Territory) -> list[int]:
    """Return the places of the units that units count for."""
    moves = FORMER_TERRITORIES[territory]
    return [units.index(moves.get(unit, unit)) for unit in units]


def _places_in(masks: Sequence[int], size: int) -> Ints:
    """Return the place of each number below a size among numbers, 0 where it is not."""
    places = np.zeros(size, np.int32)
    places[list(masks)] = np.arange(len(masks))
    return places
