"""What would be found if facts were known, or other: questions that settle, changes that alter.

Everything is computed from the columns of leaves that the evaluator returned for a case: a leaf
that is not known, or is imagined otherwise, gets another truth value, and the same trees are
folded again in Kleene's three-valued logic.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fourseas.policy.answers import Answer, Atom, answers_to, atoms_of, guesses
from fourseas.policy.decide import Compiled
from fourseas.policy.grammar import Condition, Leaf, Quantified
from fourseas.policy.kleene import AS_GIVEN, Ends, Reading, Spot, ends, judged, judged_again, spots
from fourseas.policy.vocabulary import OUTCOMES

MOST_TRIALS = 20_000
"""So many combinations of answers are tried; beyond it, rule by rule."""

MOST_CHANGES = 3
MOST_CHANGES_TRIED = 2_000
"""Facts that are changed together in the search for what would alter a finding, and trials."""


def smallest_settling(of: Compiled, reading: Reading) -> tuple[tuple[Atom, ...], bool]:
    """Return the fewest things to ask that settle the finding, whatever the answers are.

    Returns
    -------
    tuple
        What to ask, and whether no smaller set exists. Where the combinations of answers are
        more than `MOST_TRIALS`, a smallest set is found for each rule and these are joined:
        that settles the finding too, but may ask too much.
    """
    truths = judged(of, reading)
    now = ends(of, truths)
    if now.least == now.most:
        return (), True
    ranks = {rule.rule_id: OUTCOMES.index(rule.decision) for rule in of.policy.rules}
    open_rules = [
        rule_id
        for rule_id, truth in truths.items()
        if truth is None and (not rule_id or ranks[rule_id] > now.least)
    ]
    conditions = {
        rule_id: (of.applies, of.hits[rule_id]) if rule_id else (of.applies,)
        for rule_id in open_rules
    }
    every = tuple(itertools.chain.from_iterable(conditions.values()))
    found = _settling(of, reading, every, None)
    if found is not None:
        return found, True
    joined: list[Atom] = []
    for rule_id in open_rules:
        own = _settling(of, reading, conditions[rule_id], rule_id)
        joined.extend(own or _all_atoms(reading, conditions[rule_id]))
    return tuple(sorted(set(joined))), False


def _all_atoms(reading: Reading, conditions: Iterable[Condition]) -> tuple[Atom, ...]:
    return tuple(sorted({atom for _, found in _open(reading, conditions) for atom in found}))


def _open(reading: Reading, conditions: Iterable[Condition]) -> list[tuple[Spot, tuple[Atom, ...]]]:
    """Return what is not known in trees, with what it depends on."""
    found: dict[Spot, tuple[Atom, ...]] = {}
    for condition in conditions:
        for level, spot in spots(reading, condition):
            if isinstance(spot[1], Leaf) and reading.truths[spot] is not None:
                continue
            depends = atoms_of(reading, spot, level)
            if depends:
                found[spot] = depends
    return list(found.items())


def _settling(
    of: Compiled, reading: Reading, conditions: tuple[Condition, ...], rule_id: str | None
) -> tuple[Atom, ...] | None:
    """Return the smallest settling set of some trees, or None where it takes too many trials."""
    open_spots = _open(reading, conditions)
    atoms = tuple(sorted({atom for _, found in open_spots for atom in found}))
    answers = {atom: answers_to(reading, atom, open_spots) for atom in atoms}
    shared = {spot: guesses(spot, found) for spot, found in open_spots if len(found) > 1}
    n_trials = math.prod(map(len, shared.values()))
    for atom in atoms:
        n_trials *= len(answers[atom]) + 1
        if n_trials > MOST_TRIALS:
            return None
    depends = dict(open_spots)
    for size in range(len(atoms) + 1):
        for asked in itertools.combinations(atoms, size):
            free = [spot for spot in shared if {*depends[spot]} <= {*asked}]
            trials = itertools.product(
                itertools.product(*(answers[atom] for atom in asked)),
                itertools.product(*(shared[spot] for spot in free)),
            )
            if all(_is_settled(of, reading, trial, rule_id) for trial in trials):
                return asked
    return None


def _is_settled(
    of: Compiled,
    reading: Reading,
    trial: tuple[tuple[Answer, ...], Answer],
    rule_id: str | None,
) -> bool:
    answered, guessed = trial
    imagined = dict(itertools.chain(itertools.chain.from_iterable(answered), guessed))
    truths = judged(of, reading, imagined)
    if rule_id is not None:
        return truths[rule_id] is not None
    found = ends(of, truths)
    return found.least == found.most


WAYS = ("milder", "stricter")
Flips = tuple[tuple[str, Spot, bool], ...]
"""Leaves and statements with the truth that they would have, and the level of their row."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to be otherwise, and the finding that would follow.

    Attributes
    ----------
    flips
        What would be otherwise.
    ends
        The interval that would be found.
    """

    flips: Flips
    ends: Ends


def nearest_changes(of: Compiled, reading: Reading) -> tuple[Change, ...]:
    """Return the fewest facts that, if they were otherwise, would lead to another finding.

    One change towards a milder and one towards a stricter finding, where there are any; those
    that settle another finding before those that leave it open. What
    takes a case out of the policy's scope is not counted, nor the day of the finding. At most
    `MOST_CHANGES` facts are changed together, and at most `MOST_CHANGES_TRIED` trials made.
    """
    truths = judged(of, reading)
    now = ends(of, truths)
    if now.least != now.most or not truths[""]:
        return ()
    settled: dict[str, Change] = {}
    open_: dict[str, Change] = {}
    for flips, rules in itertools.islice(_imaginable(of, reading), MOST_CHANGES_TRIED):
        imagined = {spot: truth for _, spot, truth in flips}
        then = ends(of, judged_again(of, reading, truths, imagined, rules))
        if then == now:
            continue
        way = "milder" if then.least < now.least else "stricter"
        kept = settled if then.least == then.most else open_
        kept.setdefault(way, Change(flips, then))
        if len(settled) == len(WAYS):
            break
    found = open_ | settled
    return tuple(found[way] for way in WAYS if way in found)


def _imaginable(of: Compiled, reading: Reading) -> Iterator[tuple[Flips, set[str]]]:
    """Yield what could be otherwise, fewest facts first, with the rules that ask it."""
    levels: dict[Spot, str] = {}
    asking: dict[Spot, set[str]] = {}
    for rule_id, hit in of.hits.items():
        for level, spot in spots(reading, hit):
            if not (level == "cases" and isinstance(spot[1], Leaf) and spot[1].fact == "date"):
                levels[spot] = level
                asking.setdefault(spot, set()).add(rule_id)
    depends = [(spot, (_subject(level, spot),)) for spot, level in levels.items()]
    atoms = sorted({found[0] for _, found in depends}, key=_effort)
    answers = {atom: [a for a in _changed(reading, atom, depends) if a] for atom in atoms}
    for size in range(1, MOST_CHANGES + 1):
        for chosen in itertools.combinations(atoms, size):
            for combined in itertools.product(*(answers[atom] for atom in chosen)):
                imagined = dict(itertools.chain.from_iterable(combined))
                flips = tuple((levels[spot], spot, bool(truth)) for spot, truth in imagined.items())
                yield flips, set().union(*(asking[spot] for spot in imagined))


def _subject(level: str, spot: Spot) -> Atom:
    """Return the fact that a leaf is about, or the rows that a statement is over."""
    key, node = spot
    if isinstance(node, Quantified):
        return Atom("rows", node.level, key, "")
    return Atom("fact", level, key, node.fact)


def _effort(atom: Atom) -> tuple[int, Atom]:
    """Order what can be changed: documents first, what is planned last."""
    if atom.level == "documents":
        return 0, atom
    if atom.kind == "rows":
        return 3, atom
    return (2 if atom.level == "cases" else 1), atom


def _changed(
    reading: Reading, atom: Atom, depends: Iterable[tuple[Spot, tuple[Atom, ...]]]
) -> Iterator[Answer]:
    """Yield answers that differ from what is the case, each cut down to what differs."""
    for answer in answers_to(reading, atom, depends):
        yield tuple(
            (spot, truth) for spot, truth in answer if truth not in {AS_GIVEN, reading.truths[spot]}
        )
