"""What is not known of a case, as questions, and the truth values that each answer can give."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from fourseas.policy.case import Row
from fourseas.policy.grammar import InList, Leaf, Overlaps, Quantified, Test, fact_of, leaves
from fourseas.policy.kleene import (
    AS_GIVEN,
    Imagined,
    Key,
    Reading,
    Spot,
    row_at,
    spots_at,
    truth_at,
)
from fourseas.policy.possible_values import holds, representatives
from fourseas.policy.vocabulary import DATE_FACTS, LEVELS, Fact, home_of_date

Answer = tuple[tuple[Spot, Imagined], ...]
"""Truth values that go with one answer."""

MORE_ROWS: dict[str, tuple[bool, ...]] = {
    "any": (True,),
    "count": (True,),
    "all": (False,),
    "share": (True, False),
}
"""What further rows can make of a statement."""


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """One thing to ask: a fact of a row, whether rows are all given, or whether a match is one.

    Attributes
    ----------
    kind
        ``fact``, ``rows`` or ``match``.
    level, key
        The row; of ``rows``, the level whose rows may be more, and their parent.
    name
        The fact, or the list of a possible match.
    """

    kind: str
    level: str
    key: Key
    name: str


def atoms_of(reading: Reading, spot: Spot, level: str) -> tuple[Atom, ...]:
    """Return what a leaf or statement depends on that is not known; nothing if it is known."""
    key, node = spot
    row = row_at(reading.row, level, key)
    if isinstance(node, Quantified):
        names = _missing_names(reading, key, row, node)
        if node.level in row.complete:
            return names
        # Further rows are known whole, but not the dates of the case that they are held against.
        dates = (_missing_date(reading, leaf, ()) for leaf in leaves(node.item))
        needed = {atom for atom in dates if atom is not None}
        return (Atom("rows", node.level, key, ""), *sorted(needed), *names)
    found = _unknown_columns(row, fact_of(node))
    missing = [Atom("fact", level, key, node.fact)] if found else []
    date = _missing_date(reading, node, key)
    if date is not None:
        missing.append(date)
    if not missing and isinstance(node.test, InList):
        return (Atom("match", level, key, node.test.list_id),)
    return tuple(missing)


def _missing_names(reading: Reading, key: Key, row: Row, node: Quantified) -> tuple[Atom, ...]:
    """Return what is not known of rows of which each value is counted once.

    Where a row that may count does not say its value, that; and whether each row counts, since
    the number of values cannot be told without.
    """
    if node.distinct is None or reading.truths[key, node] is not None:
        return ()
    nameless: set[Atom] = set()
    undecided: set[Atom] = set()
    for number, below in enumerate(row.children.get(node.level, ())):
        at = (*key, number)
        if truth_at(reading, at, below, node.item) is False:
            continue
        if node.distinct not in below.facts:
            nameless.add(Atom("fact", node.level, at, node.distinct))
        for level, spot in spots_at(below, at, node.level, node.item):
            if reading.truths[spot] is None:
                undecided.update(atoms_of(reading, spot, level))
    return tuple(sorted(nameless | undecided)) if nameless else ()


def _missing_date(reading: Reading, leaf: Leaf, key: Key) -> Atom | None:
    """Return the date that a leaf is read on if it is not known; of rows to come, their case's."""
    on = _date_of(leaf.test)
    if on is None:
        return None
    home = home_of_date(LEVELS[leaf.level], on)
    if home.parent is None:
        return None if on in reading.row.facts else Atom("fact", home.plural, (), on)
    if not key or on in row_at(reading.row, home.plural, key).facts:
        return None
    return Atom("fact", home.plural, key, on)


def _date_of(test: Test) -> str | None:
    if isinstance(test, InList):
        return test.on
    return test.on if isinstance(test, Overlaps) and test.years is not None else None


def _unknown_columns(row: Row, fact: Fact) -> list[str]:
    return [name for name, _ in fact.columns if name not in row.facts]


def answers_to(
    reading: Reading, atom: Atom, open_spots: Iterable[tuple[Spot, tuple[Atom, ...]]]
) -> tuple[Answer, ...]:
    """Return every combination of truth values that an answer to one question can give.

    Values of words, flags, numbers and dates are tried one by one, so that no impossible
    combination is among them; being on one list or another, what a date means for a period, and
    being a further value among those that are counted, is taken as independent.
    """
    own = [spot for spot, found in open_spots if found == (atom,)]
    if not own:
        return ((),)
    if atom.kind == "rows":
        return tuple(itertools.product(*(guesses(spot, (atom,)) for spot in own)))
    tested = [(spot, test) for spot in own if (test := _test_of(atom, spot)) is not None]
    free = [spot for spot in own if _test_of(atom, spot) is None]
    vectors: dict[Answer, None] = {}
    if tested:
        row = row_at(reading.row, atom.level, atom.key)
        fact, days = LEVELS[atom.level].fact(atom.name), days_of(reading.row)
        known = {name: row.facts[name].value for name, _ in fact.columns if name in row.facts}
        if len(known) == len(fact.columns):
            known = {}
        for value in representatives(fact, [test for _, test in tested], days, known):
            vectors[tuple((spot, holds(test, value, days)) for spot, test in tested)] = None
        assert vectors, f"no value of {fact.name} is tried"
    else:
        vectors[()] = None
    looked = list(itertools.product(*(((spot, True), (spot, False)) for spot in free)))
    return tuple((*vector, *more) for vector in vectors for more in looked)


def _test_of(atom: Atom, spot: Spot) -> Test | None:
    """Return what a leaf asks of the value that an atom is about; None where that is not all."""
    key, node = spot
    if not isinstance(node, Leaf) or isinstance(node.test, InList):
        return None
    return node.test if (node.level, key, node.fact) == (atom.level, atom.key, atom.name) else None


def guesses(spot: Spot, depends: tuple[Atom, ...]) -> tuple[tuple[Spot, Imagined], ...]:
    """Return what a leaf or statement can become when all that it depends on is known.

    A statement without further rows is as it is, unless values that it counts are missing.
    """
    node = spot[1]
    counted = {(atom.level, atom.name) for atom in depends if atom.kind == "fact"}
    if isinstance(node, Leaf) or (node.level, node.distinct) in counted:
        return (spot, True), (spot, False)
    return (spot, AS_GIVEN), *((spot, truth) for truth in MORE_ROWS[node.kind])


def days_of(row: Row) -> dict[str, dt.date]:
    """Return the dates that a case gives."""
    return {
        name: cast("dt.date", row.facts[name].value) for name in DATE_FACTS if name in row.facts
    }
