"""Whether a condition can hold at all, and whether one holds wherever another does.

Conditions are taken as questions about cases whose facts are all known. A fact can be whatever
its type allows, being on different lists is independent, and so are statements over rows,
except that what some row is, is weaker than what implies it. So an answer `True` of `implies`
and an answer `False` of `can_hold` are certain; where there are too many combinations to try,
neither is given.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fourseas.policy.grammar import (
    AllOf,
    Condition,
    InList,
    Leaf,
    Not,
    Overlaps,
    Quantified,
    fact_of,
    fold,
    nodes,
)
from fourseas.policy.possible_values import holds, representatives

MOST_COMBINATIONS = 100_000
ANY_DAY = dt.date(2000, 1, 1)
"""A date of a case: periods that are held against the same date only need one."""

Assignment = tuple[tuple[Leaf | Quantified, bool], ...]


def can_hold(condition: Condition) -> bool:
    """Return false if no case or row whose facts are known can meet a condition."""
    return _found(condition)


def implies(first: Condition, second: Condition) -> bool:
    """Return true if whatever meets the first condition certainly meets the second."""
    if first == second:
        return True
    return not _found(AllOf((first, Not(second))))


def _found(condition: Condition) -> bool:
    """Say whether some combination meets a condition; true where there are too many to try."""
    asked = tuple(dict.fromkeys(nodes(condition)))
    choices = _choices(asked)
    n = 1
    for choice in choices:
        n *= len(choice)
        if n > MOST_COMBINATIONS:
            return True
    ordered = [
        (strong, weak)
        for strong, weak in itertools.permutations(asked, 2)
        if _is_stronger(strong, weak)
    ]
    for combined in itertools.product(*choices):
        truths = dict(itertools.chain.from_iterable(combined))
        if any(truths[strong] and not truths[weak] for strong, weak in ordered):
            continue
        if fold(condition, _Known(truths)):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Known:
    """The algebra of two truth values."""

    truths: Mapping[Leaf | Quantified, bool]

    def leaf(self, leaf: Leaf) -> bool:
        return self.truths[leaf]

    def quantified(self, node: Quantified) -> bool:
        return self.truths[node]

    def both(self, left: bool, right: bool) -> bool:  # noqa: FBT001
        return left and right

    def either(self, left: bool, right: bool) -> bool:  # noqa: FBT001
        return left or right

    def negated(self, value: bool) -> bool:  # noqa: FBT001
        return not value

    def constant(self, value: bool) -> bool:  # noqa: FBT001
        return value


def _choices(asked: tuple[Leaf | Quantified, ...]) -> list[tuple[Assignment, ...]]:
    """Return, for each independent part of what is asked, the truth values that it can take."""
    tested: dict[tuple[str, str], list[Leaf]] = {}
    found: list[tuple[Assignment, ...]] = []
    for node in asked:
        if isinstance(node, Quantified):
            found.append(tuple(((node, truth),) for truth in _truths(node)))
        elif isinstance(node.test, InList):
            found.append((((node, True),), ((node, False),)))
        else:
            on = ""
            if isinstance(node.test, Overlaps) and node.test.years is not None:
                on = node.test.on
            tested.setdefault((node.fact, on), []).append(node)
    found.extend(tuple(_of_one_fact(leaves, on)) for (_, on), leaves in tested.items())
    return found


def _of_one_fact(leaves: list[Leaf], on: str) -> Iterator[Assignment]:
    """Yield the combinations of answers that one fact can give."""
    tests = [leaf.test for leaf in leaves]
    days = {on: ANY_DAY} if on else {}
    seen: set[Assignment] = set()
    for value in representatives(fact_of(leaves[0]), tests, days, {}):
        assignment = tuple((leaf, holds(leaf.test, value, days)) for leaf in leaves)
        if assignment not in seen:
            seen.add(assignment)
            yield assignment


def _truths(node: Quantified) -> tuple[bool, ...]:
    """Return the truth values that a statement over rows can have."""
    if node.kind == "all":
        return (True, False) if can_hold(Not(node.item)) else (True,)
    return (True, False) if can_hold(node.item) else (False,)


def _is_stronger(strong: Leaf | Quantified, weak: Leaf | Quantified) -> bool:
    """Say whether one node holds wherever another does."""
    if isinstance(strong, Leaf) or isinstance(weak, Leaf):
        return _is_listed_below(strong, weak)
    if strong.level != weak.level or strong.distinct != weak.distinct:
        return False
    if strong.kind == weak.kind == "all":
        return implies(strong.item, weak.item)
    if strong.kind == weak.kind and strong.least >= weak.least:
        return implies(strong.item, weak.item)
    is_some = strong.kind == "count" and weak.kind == "any"
    return is_some and implies(strong.item, weak.item)


def _is_listed_below(strong: Leaf | Quantified, weak: Leaf | Quantified) -> bool:
    """Say whether one leaf looks itself up where the other also looks up what it is part of."""
    if not isinstance(strong, Leaf) or not isinstance(weak, Leaf):
        return False
    if not isinstance(strong.test, InList) or not isinstance(weak.test, InList):
        return False
    same = (strong.fact, strong.test.list_id, strong.test.on) == (
        weak.fact,
        weak.test.list_id,
        weak.test.on,
    )
    return same and weak.test.within_tree
