"""How well history shows what a policy asks: exactly, by something near, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir

from fourseas.policy.assumptions import Assumption
from fourseas.policy.decide import Compiled
from fourseas.policy.grammar import Condition, Leaf, all_nodes, nodes
from fourseas.policy.vocabulary import LEVELS
from fourseas.policy.wording import leaf_said, test_said, words

Mark = Literal["exact", "proxy", "not observable", "assumed"]


@dataclass(frozen=True, slots=True)
class Shown:
    """How history shows a fact."""

    mark: Mark
    how: str


NOT_SHOWN = Shown("not observable", "No register of works shows it.")
OF_PERSONS = Shown(
    "not observable", "Facts about people are declared by them, never inferred from works."
)

SHOWN: dict[tuple[str, str], Shown] = {
    ("cases", "activity"): Shown(
        "exact", "Registers of standards hold standard-setting, others co-authorship."
    ),
    ("cases", "date"): Shown("proxy", "The first of July stands for the year of publication."),
    ("cases", "outputs_open"): Shown(
        "proxy", "Open where a free copy is known; else it is not known."
    ),
    ("parties", "country"): Shown(
        "proxy", "Country of the author's address; an organization may have its seat elsewhere."
    ),
    ("parties", "organization"): Shown("exact", "ROR id, where the register or a match gives it."),
    ("parties", "sector"): Shown("proxy", "Kind of organization in a register of organizations."),
    ("parties", "share"): Shown("proxy", "Share of the authors; budgets are not shown."),
    ("topics", "value"): Shown("proxy", "Topics that the register's classifier assigned."),
    ("fields", "value"): Shown("proxy", "Fields that the register's classifier assigned."),
    ("challenges", "value"): Shown("proxy", "Challenges, where the lake counts works by them."),
}
"""Facts that registers of works show; all others they do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A condition of a policy and how far history answers it.

    Attributes
    ----------
    rules
        Those that ask it; the policy's scope is ``scope``.
    said
        The condition in words.
    mark
        How its fact is shown.
    how
        In a sentence.
    column
        Where the evaluator holds the answer for each case: that of the condition or, where it
        is asked of rows below the case, of the statement over them.
    """

    rules: tuple[str, ...]
    said: str
    mark: Mark
    how: str
    column: str


def observed(of: Compiled, assumptions: Iterable[Assumption]) -> tuple[Observed, ...]:
    """Return every condition of a policy, in the order of its text."""
    listed = tuple(assumptions)
    asking: dict[tuple[Leaf, str], list[str]] = {}
    for name, condition in _conditions(of):
        for outer in nodes(condition):
            inner = (outer,) if isinstance(outer, Leaf) else all_nodes(outer.item)
            for leaf in inner:
                if isinstance(leaf, Leaf):
                    rules = asking.setdefault((leaf, of.named.names[outer]), [])
                    if name not in rules:
                        rules.append(name)
    return tuple(_observed(leaf, column, rules, listed) for (leaf, column), rules in asking.items())


def _conditions(of: Compiled) -> Iterator[tuple[str, Condition]]:
    yield "scope", of.applies
    for rule in of.policy.rules:
        yield rule.rule_id, of.hits[rule.rule_id]


def _observed(
    leaf: Leaf, column: str, rules: list[str], assumptions: tuple[Assumption, ...]
) -> Observed:
    taken = [
        one.written
        for one in assumptions
        if (one.level, one.fact or "value") == (leaf.level, leaf.fact) and one.kind != "complete"
    ]
    is_of_person = leaf.level in {"people", "ties"}
    shown = SHOWN.get((leaf.level, leaf.fact), OF_PERSONS if is_of_person else NOT_SHOWN)
    if taken:
        shown = Shown("assumed", f"Taken to be so in every case: {taken[0]}.")
    level = LEVELS[leaf.level]
    said = leaf_said(leaf)
    if level.holds_values:
        said = f"{words(level.name)} {test_said(leaf.test)}"
    elif leaf.level != "cases":
        said = f"{words(level.name)}: {leaf_said(leaf, 'its')}"
    return Observed(rules=tuple(rules), said=said, mark=shown.mark, how=shown.how, column=column)


def answers(cases: ir.Table, conditions: Iterable[Observed]) -> ir.Table:
    """Return one row with the number of cases, and of those of which a condition is answered.

    Parameters
    ----------
    cases
        The level of cases of an `Evaluation`.
    conditions
        Those that the policy asks; each has a column of its name.
    """
    columns = dict.fromkeys(one.column for one in conditions)
    return cases.agg(n_cases=cases.count(), **{name: cases[name].count() for name in columns})
