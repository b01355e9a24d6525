"""Trees folded in three truth values, over the columns that were computed for one case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fourseas.policy.case import Row
from fourseas.policy.decide import Compiled
from fourseas.policy.grammar import Condition, Leaf, Quantified, fold, nodes
from fourseas.policy.vocabulary import LEVELS, OUTCOMES

Truth = bool | None
AS_GIVEN: Literal["as given"] = "as given"
Imagined = bool | Literal["as given"] | None
"""Of a leaf or statement, another truth; of a statement too, that no rows are missing."""

Key = tuple[int, ...]
Spot = tuple[Key, Leaf | Quantified]
"""A leaf or statement at the row that it is asked of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the evaluator returned for one case.

    Attributes
    ----------
    row
        The case.
    truths
        The truth of each leaf and statement at each row.
    """

    row: Row
    truths: Mapping[Spot, Truth]


@dataclass(frozen=True, slots=True)
class Ends:
    """Places in `OUTCOMES` of the mildest and the strictest outcome."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Kleene:
    """The algebra of truth values at a row: true, false, or None for not known."""

    reading: Reading
    key: Key
    row: Row
    imagined: Mapping[Spot, Imagined]

    def leaf(self, leaf: Leaf) -> Truth:
        """Return the truth of a leaf at the row."""
        spot = (self.key, leaf)
        imagined = self.imagined.get(spot, AS_GIVEN)
        return self.reading.truths[spot] if imagined == AS_GIVEN else imagined

    def quantified(self, node: Quantified) -> Truth:
        """Return the truth of a statement over the rows below."""
        spot = (self.key, node)
        if spot not in self.imagined:
            return self._stated(node, is_complete=node.level in self.row.complete)
        imagined = self.imagined[spot]
        return self._stated(node, is_complete=True) if imagined == AS_GIVEN else imagined

    def _stated(self, node: Quantified, *, is_complete: bool) -> Truth:
        """Return the truth of a statement if all rows are given, or if there may be more."""
        below = self.row.children.get(node.level, ())
        found = [
            fold(node.item, Kleene(self.reading, (*self.key, number), row, self.imagined))
            for number, row in enumerate(below)
        ]
        if node.kind == "all":
            return self.negated(_decided(False in found, None in found or not is_complete))
        if node.distinct is None:
            low, high = found.count(True), len(found) - found.count(False)
        else:
            low, high = _distinct(below, found, node.distinct)
        if node.kind == "share":
            needed = node.least * len(found)
            is_reached = is_complete and bool(found) and low >= needed
            return _decided(is_reached, not is_complete or (bool(found) and high >= needed))
        least = int(node.least)
        return _decided(low >= least, high >= least or not is_complete)

    def both(self, left: Truth, right: Truth) -> Truth:
        """Return and."""
        if left is False or right is False:
            return False
        return None if left is None or right is None else True

    def either(self, left: Truth, right: Truth) -> Truth:
        """Return or."""
        return self.negated(self.both(self.negated(left), self.negated(right)))

    def negated(self, value: Truth) -> Truth:
        """Return not."""
        return None if value is None else not value

    def constant(self, value: bool) -> Truth:  # noqa: FBT001
        """Return the value."""
        return value


def truth_at(reading: Reading, key: Key, row: Row, condition: Condition) -> Truth:
    """Return the truth of a condition at a row."""
    return fold(condition, Kleene(reading, key, row, {}))


def _decided(is_true: bool, is_open: bool) -> Truth:  # noqa: FBT001
    return True if is_true else (None if is_open else False)


def _distinct(below: tuple[Row, ...], found: list[Truth], name: str) -> tuple[int, int]:
    """Return the least and the most distinct values that rows that hold can have."""
    known = [row.facts[name].value if name in row.facts else None for row in below]
    sure = {v for v, t in zip(known, found, strict=True) if t and v is not None}
    may = {v for v, t in zip(known, found, strict=True) if t is not False and v is not None}
    nameless = sum(v is None and t is not False for v, t in zip(known, found, strict=True))
    return max(len(sure), int(True in found)), len(may) + nameless


def judged(
    of: Compiled, reading: Reading, imagined: Mapping[Spot, Imagined] | None = None
) -> dict[str, Truth]:
    """Return whether the policy applies (under the empty id) and whether each rule holds."""
    algebra = Kleene(reading, (), reading.row, imagined or {})
    applies = fold(of.applies, algebra)
    found = {"": applies}
    for rule_id, hit in of.hits.items():
        found[rule_id] = algebra.both(applies, fold(hit, algebra))
    return found


def judged_again(
    of: Compiled,
    reading: Reading,
    truths: Mapping[str, Truth],
    imagined: Mapping[Spot, Imagined],
    rules: Collection[str],
) -> dict[str, Truth]:
    """Return the truths of rules when something is imagined that only these rules ask."""
    algebra = Kleene(reading, (), reading.row, imagined)
    again = {one: algebra.both(truths[""], fold(of.hits[one], algebra)) for one in rules}
    return {**truths, **again}


def ends(of: Compiled, truths: Mapping[str, Truth]) -> Ends:
    """Return the interval that rules leave."""
    ranks = {"": 1, **{rule.rule_id: OUTCOMES.index(rule.decision) for rule in of.policy.rules}}
    return Ends(
        max([0, *(ranks[one] for one, truth in truths.items() if truth)]),
        max([0, *(ranks[one] for one, truth in truths.items() if truth is not False)]),
    )


def row_at(row: Row, level: str, key: Key) -> Row:
    """Return the row that a key leads to."""
    path: list[str] = []
    at = LEVELS[level]
    while at.parent is not None:
        path.insert(0, at.plural)
        at = LEVELS[at.parent]
    for plural, number in zip(path, key, strict=True):
        row = row.children[plural][number]
    return row


def spots(reading: Reading, condition: Condition) -> Iterator[tuple[str, Spot]]:
    """Yield the leaves and statements of a tree at every row, with the level of the row."""
    yield from spots_at(reading.row, (), "cases", condition)


def spots_at(row: Row, key: Key, level: str, condition: Condition) -> Iterator[tuple[str, Spot]]:
    """Yield the leaves and statements of a tree at a row and at every row below it."""
    for node in nodes(condition):
        yield level, (key, node)
        if isinstance(node, Quantified):
            for number, child in enumerate(row.children.get(node.level, ())):
                yield from spots_at(child, (*key, number), node.level, node.item)
