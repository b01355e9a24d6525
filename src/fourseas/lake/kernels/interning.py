"""Lists that many works share, each kept once: of countries with credits, of fields with weights.

A list is the node of a tree that its entries lead to from the root, which is the empty list. A
work keeps the number of its node. One row after another moves it on, in whatever order rows come:
two orders of one list make two nodes that say the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fourseas.lake.kernels.compiled import compiled

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

FIRST_SLOTS = 2**12
EMPTY = 0
"""What a slot holds that no node is found in: the root is never looked for."""


class Lists(NamedTuple):
    """Entries of lists, one list after the other; those of list *i* begin at ``starts[i]``."""

    starts: npt.NDArray[np.int64]
    codes: Ints
    values: Floats


class Nodes(NamedTuple):
    """The nodes of a tree, and the slots in which they are found by parent, code and value."""

    parents: Ints
    codes: Ints
    values: Floats
    slots: Ints


class Interned:
    """Lists of codes with values, by work.

    Attributes
    ----------
    node_of
        Number of each work's list, ``(n_works,)``.
    """

    def __init__(self, n_works: int) -> None:
        self.node_of: Ints = np.zeros(n_works, np.int32)
        self._n_nodes = 1
        self._nodes = _nodes(FIRST_SLOTS)

    def extend(self, works: Ints, codes: Ints, values: Floats) -> None:
        """Add an entry to the list of each named work; a code below 0 is passed over."""
        done = 0
        while done < works.size:
            done, self._n_nodes = _extend(
                self.node_of,
                (works, codes, values),
                self._nodes,
                done,
                self._n_nodes,
            )
            if done < works.size:
                self._nodes = _grown(self._nodes, self._n_nodes)

    def keep(self, is_kept: npt.NDArray[np.bool_]) -> Lists:
        """Give new numbers to the lists of the works that are kept, all others the first of them.

        Returns
        -------
        Lists
            By their new numbers, in the order of the old; there is at least one.
        """
        is_used = np.zeros(self._n_nodes, np.bool_)
        is_used[self.node_of[is_kept]] = True
        is_used[0] |= not is_used.any()
        used = np.flatnonzero(is_used).astype(np.int32)
        _renumber(self.node_of, is_kept, (np.cumsum(is_used) - 1).astype(np.int32))
        lengths = _lengths(self._nodes, self._n_nodes)[used]
        starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        return _listed(self._nodes, used, starts)


def _nodes(n_slots: int) -> Nodes:
    size = n_slots // 2
    return Nodes(
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.zeros(size, np.float64),
        np.full(n_slots, EMPTY, np.int32),
    )


def _grown(nodes: Nodes, n_nodes: int) -> Nodes:
    """Return the nodes with room for twice as many."""
    grown = _nodes(2 * nodes.slots.size)
    grown.parents[:n_nodes] = nodes.parents[:n_nodes]
    grown.codes[:n_nodes] = nodes.codes[:n_nodes]
    grown.values[:n_nodes] = nodes.values[:n_nodes]
    _settle(grown, n_nodes)
    return grown


@compiled
def _slot(nodes: Nodes, parent: int, code: int, value: float) -> int:
    """Return the slot in which a node is or would be."""
    last = nodes.slots.size - 1
    mixed = np.uint64(parent) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (np.uint64(code) + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= np.uint64(np.int64(value * 2.0**52)) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    slot = int(mixed >> np.uint64(32)) & last
    while True:
        node = nodes.slots[slot]
        if node == EMPTY or (
            nodes.parents[node] == parent
            and nodes.codes[node] == code
            and nodes.values[node] == value
        ):
            return slot
        slot = (slot + 1) & last


@compiled
def _settle(nodes: Nodes, n_nodes: int) -> None:
    """Find a slot for each node."""
    for node in range(1, n_nodes):
        slot = _slot(nodes, nodes.parents[node], nodes.codes[node], nodes.values[node])
        nodes.slots[slot] = node


@compiled
def _extend(
    node_of: Ints, rows: tuple[Ints, Ints, Floats], nodes: Nodes, done: int, n_nodes: int
) -> tuple[int, int]:
    """Move works on by rows; stop where no node fits in. Return the rows done and the nodes."""
    works, codes, values = rows
    for row in range(done, works.size):
        work = works[row]
        if codes[row] < 0 or not 0 <= work < node_of.size:
            continue
        slot = _slot(nodes, node_of[work], codes[row], values[row])
        node = nodes.slots[slot]
        if node == EMPTY:
            if n_nodes == nodes.parents.size:
                return row, n_nodes
            node = n_nodes
            nodes.parents[node] = node_of[work]
            nodes.codes[node] = codes[row]
            nodes.values[node] = values[row]
            nodes.slots[slot] = node
            n_nodes += 1
        node_of[work] = node
    return works.size, n_nodes


@compiled
def _renumber(node_of: Ints, is_kept: npt.NDArray[np.bool_], number_of: Ints) -> None:
    """Replace the numbers of lists."""
    for work in range(node_of.size):
        node_of[work] = number_of[node_of[work]] if is_kept[work] else 0


@compiled
def _lengths(nodes: Nodes, n_nodes: int) -> Ints:
    """Return how many entries the list of each node has; a parent stands before its children."""
    lengths = np.zeros(n_nodes, np.int32)
    for node in range(1, n_nodes):
        lengths[node] = lengths[nodes.parents[node]] + 1
    return lengths


@compiled
def _listed(nodes: Nodes, used: Ints, starts: npt.NDArray[np.int64]) -> Lists:
    """Write out the lists of nodes, from their last entries to the first."""
    codes = np.empty(starts[-1], np.int32)
    values = np.empty(starts[-1], np.float64)
    for number in range(used.size):
        node = used[number]
        for place in range(starts[number + 1] - 1, starts[number] - 1, -1):
            codes[place] = nodes.codes[node]
            values[place] = nodes.values[node]
            node = nodes.parents[node]
    return Lists(starts, codes, values)
