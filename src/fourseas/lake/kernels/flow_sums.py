"""Sums of citations by citing and cited unit: the loops over citations.

Citations are put into the groups of their cited works, those of one place (register and year)
and of one list of fields. A group has sums of its own, dense by lag and pair of units, that fit
into the processor's cache. When it is done, they are multiplied with the weights of its fields
and added to the cells of all definitions that count them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fourseas.lake.kernels.compiled import compiled
from fourseas.lake.kernels.interning import Floats, Ints, Lists

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Records = npt.NDArray[np.void]

WORK = np.dtype(
    [("year", np.int16), ("mask", np.uint8), ("list", np.int32), ("group", np.int32)], align=True
)
"""What a citation must know of a work, side by side in memory: its year, the definitions that
count it (a bit each), its list of units and, for when it is cited, its group."""

MASK_BITS, LAG_BITS, LIST_BITS = 8, 4, 26
"""How a citation is packed: citing list, cited list, lag, definitions that count it."""

FIRST_ROOM = 2**12


class Variants(NamedTuple):
    """Lists of units that are not the same under every policy of territories.

    Attributes
    ----------
    is_moved
        By list: whether the policies differ in which of its units are one.
    lists
        By policy and list: the list that stands for it.
    masks
        By policy: the definitions that follow it.
    """

    is_moved: Flags
    lists: Ints
    masks: Bytes


class Buffer(NamedTuple):
    """Citations as they come: packed, with their groups, and how many each group has."""

    packed: Words
    groups: Ints
    counts: Longs


class Cells(NamedTuple):
    """How cells are numbered: by register, definition, kind of unit, units, field, year, lag.

    Attributes
    ----------
    shape
        How many there are of each.
    world
        The unit that is the world.
    kinds, moved
        By unit: its kind. By definition and unit: the unit that it counts for.
    classes, is_counted
        By set of definitions: its class. By class and definition: whether it is in it.
    group_places, group_lists
        By group: its place, which is its register and year; its list of fields.
    """

    shape: tuple[int, int, int, int, int, int, int, int]
    world: int
    kinds: Ints
    moved: Ints
    classes: Ints
    is_counted: Flags
    group_places: Ints
    group_lists: Ints


class Scratch(NamedTuple):
    """The sums of one group, by lag and pair of units, and by class; those that are not 0."""

    sums: Floats
    is_touched: Flags
    touched: Ints


def scratch(cells: Cells, n_lags: int, n_units: int) -> Scratch:
    """Return room for the sums of one group."""
    n_pairs = n_lags * n_units * n_units
    return Scratch(
        np.zeros((n_pairs, cells.is_counted.shape[0], 2)),
        np.zeros(n_pairs, np.bool_),
        np.zeros(n_pairs, np.int32),
    )


@compiled
def mark(works: Records, places: Ints, list_of: Ints, is_group: Flags) -> None:
    """Mark the places and lists of fields of counted works."""
    for work in range(works.size):
        if works[work].mask:
            is_group[places[work], list_of[work]] = True


@compiled
def number(works: Records, places: Ints, list_of: Ints, numbers: Ints) -> None:
    """Note the number of each counted work's group."""
    for work in range(works.size):
        if works[work].mask:
            works[work].group = numbers[places[work], list_of[work]]


@compiled
def append(
    citations: tuple[Ints, Ints],
    works: Records,
    variants: Variants,
    longest_lag: int,
    buffer: Buffer,
    filled: int,
) -> int:
    """Add the citations that some definition counts to a buffer; return how full it is then."""
    citing_works, cited_works = citations
    for row in range(citing_works.size):
        if not (0 <= citing_works[row] < works.size and 0 <= cited_works[row] < works.size):
            continue
        citing, cited = works[citing_works[row]], works[cited_works[row]]
        mask = citing.mask & cited.mask
        if mask == 0:
            continue
        lag = min(max(int(citing.year) - int(cited.year), 0), longest_lag)
        if not (variants.is_moved[citing.list] or variants.is_moved[cited.list]):
            buffer.packed[filled] = _packed(citing.list, cited.list, lag, mask)
            buffer.groups[filled] = cited.group
            buffer.counts[cited.group] += 1
            filled += 1
            continue
        for policy in range(variants.masks.size):
            of_policy = mask & variants.masks[policy]
            if of_policy:
                here, there = (
                    variants.lists[policy, citing.list],
                    variants.lists[policy, cited.list],
                )
                buffer.packed[filled] = _packed(here, there, lag, of_policy)
                buffer.groups[filled] = cited.group
                buffer.counts[cited.group] += 1
                filled += 1
    return filled


@compiled
def _packed(citing: int, cited: int, lag: int, mask: int) -> np.uint64:
    """Return a citation in 64 bits."""
    units = (np.uint64(citing) << np.uint64(LIST_BITS)) | np.uint64(cited)
    rest = (np.uint64(lag) << np.uint64(MASK_BITS)) | np.uint64(mask)
    return (units << np.uint64(LAG_BITS + MASK_BITS)) | rest


@compiled
def arrange(buffer: Buffer, filled: int, offsets: Longs) -> Words:
    """Return packed citations group by group, those of group *i* from ``offsets[i]`` on."""
    places = offsets.copy()
    arranged = np.empty(filled, np.uint64)
    for row in range(filled):
        group = buffer.groups[row]
        arranged[places[group]] = buffer.packed[row]
        places[group] += 1
    return arranged


@compiled
def sums_of_groups(
    arranged: Words, offsets: Longs, units: Lists, fields: Lists, cells: Cells, room: Scratch
) -> tuple[Longs, Floats]:
    """Return the numbers of the cells of consecutive groups, some of them twice, and their sums.

    ``offsets[i]`` is where the citations of the group `i` begin; those before the first are of
    others. Sums are citations by credit and citations counted, ``(n, 2)``.
    """
    keys = np.empty(FIRST_ROOM, np.int64)
    sums = np.empty((FIRST_ROOM, 2), np.float64)
    size = 0
    for group in range(offsets.size - 1):
        first, end = offsets[group], offsets[group + 1]
        if first == end:
            continue
        n_touched = _sum_group(arranged[first:end], units, cells, room)
        of_group = cells.group_lists[group]
        n_fields = fields.starts[of_group + 1] - fields.starts[of_group]
        most = size + n_touched * n_fields * cells.is_counted.shape[1]
        if most > keys.size:
            keys, sums = _grown(keys, sums, size, 2 * most)
        size = _emit(group, n_touched, fields, cells, room, (keys, sums, size))
    return keys[:size], sums[:size]


@compiled
def _grown(keys: Longs, sums: Floats, size: int, room: int) -> tuple[Longs, Floats]:
    """Return the same with more room."""
    more_keys, more_sums = np.empty(room, np.int64), np.empty((room, 2), np.float64)
    more_keys[:size] = keys[:size]
    more_sums[:size] = sums[:size]
    return more_keys, more_sums


@compiled
def _sum_group(packed: Words, units: Lists, cells: Cells, room: Scratch) -> int:
    """Sum the citations of one group; return how many pairs of units there are by lag.

    Each citation counts once from the world to the world, whatever units its works have.
    """
    n_units = cells.kinds.size
    world = cells.world * (n_units + 1)
    lists, lags, masks = (1 << LIST_BITS) - 1, (1 << LAG_BITS) - 1, (1 << MASK_BITS) - 1
    n_touched = 0
    for word in packed:
        of_class = cells.classes[int(word) & masks]
        lag = int(word >> np.uint64(MASK_BITS)) & lags
        cited = int(word >> np.uint64(MASK_BITS + LAG_BITS)) & lists
        citing = int(word >> np.uint64(MASK_BITS + LAG_BITS + LIST_BITS))
        slice_of_lag = lag * n_units * n_units
        n_touched = _touch(room, slice_of_lag + world, n_touched)
        room.sums[slice_of_lag + world, of_class, 0] += 1.0
        room.sums[slice_of_lag + world, of_class, 1] += 1.0
        for i in range(units.starts[citing], units.starts[citing + 1]):
            row = slice_of_lag + int(units.codes[i]) * n_units
            for j in range(units.starts[cited], units.starts[cited + 1]):
                pair = row + int(units.codes[j])
                n_touched = _touch(room, pair, n_touched)
                room.sums[pair, of_class, 0] += units.values[i] * units.values[j]
                room.sums[pair, of_class, 1] += 1.0
    return n_touched


@compiled
def _touch(room: Scratch, pair: int, n_touched: int) -> int:
    """Note that a sum is not 0."""
    if not room.is_touched[pair]:
        room.is_touched[pair] = True
        room.touched[n_touched] = pair
        return n_touched + 1
    return n_touched


@compiled
def _emit(
    group: int,
    n_touched: int,
    fields: Lists,
    cells: Cells,
    room: Scratch,
    emitted: tuple[Longs, Floats, int],
) -> int:
    """Give the sums of a group to cells, and clear them; return how many cells there are then."""
    keys, sums, size = emitted
    _, n_definitions, n_kinds, n_units, _, n_fields, n_years, n_lags = cells.shape
    register, year = divmod(cells.group_places[group], n_years)
    of_group = cells.group_lists[group]
    for place in range(n_touched):
        pair = room.touched[place]
        lag, both = divmod(pair, n_units * n_units)
        citing, cited = divmod(both, n_units)
        for definition in range(n_definitions):
            credit, n = 0.0, 0.0
            for of_class in range(cells.is_counted.shape[0]):
                if cells.is_counted[of_class, definition]:
                    credit += room.sums[pair, of_class, 0]
                    n += room.sums[pair, of_class, 1]
            if n == 0.0:
                continue
            unit = cells.moved[definition, citing]
            partner = cells.moved[definition, cited]
            key = (register * n_definitions + definition) * n_kinds + cells.kinds[unit]
            key = (key * n_units + unit) * n_units + partner
            for k in range(fields.starts[of_group], fields.starts[of_group + 1]):
                of_field = (key * n_fields + fields.codes[k]) * n_years + year
                keys[size] = of_field * n_lags + lag
                sums[size, 0] = credit * fields.values[k]
                sums[size, 1] = n * fields.values[k]
                size += 1
        room.sums[pair] = 0.0
        room.is_touched[pair] = False
    return size


@compiled
def merged(order: Longs, keys: Longs, sums: Floats) -> tuple[Longs, Floats]:
    """Return each key once with the sum of its sums, in an order that makes keys ascend."""
    merged_keys = np.empty(keys.size, np.int64)
    merged_sums = np.empty((keys.size, 2), np.float64)
    size = 0
    for row in order:
        if size and merged_keys[size - 1] == keys[row]:
            merged_sums[size - 1, 0] += sums[row, 0]
            merged_sums[size - 1, 1] += sums[row, 1]
        else:
            merged_keys[size] = keys[row]
            merged_sums[size, 0] = sums[row, 0]
            merged_sums[size, 1] = sums[row, 1]
            size += 1
    return merged_keys[:size].copy(), merged_sums[:size].copy()
