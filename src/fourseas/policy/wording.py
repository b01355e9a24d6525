"""Conditions in the words of a reader."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fourseas.policy.grammar import (
    DEFAULT_ON,
    AllOf,
    Compared,
    Condition,
    InList,
    Leaf,
    Not,
    OneOf,
    Overlaps,
    Quantified,
    Test,
    fact_of,
)
from fourseas.policy.vocabulary import LEVELS

Subject = Literal["the", "its", "whose"]
"""How a fact is spoken of: of the case, of a row, or of rows that are described."""

SIGNS = {"eq": "is", "lt": "is below", "le": "is at most", "gt": "is above", "ge": "is at least"}
DAYS = {"eq": "", "lt": " before", "le": " or earlier", "gt": " after", "ge": " or later"}


CALLED = {
    "expected_cost_ref": "expected cost",
    "expires": "last day",
    "least_restrictive_considered": "milder measure weighed",
    "policy_id": "id",
    "review_by": "day of review",
    "suitable": "reason why it serves the aim",
    "valid_from": "first day",
}
"""What parts of a policy are called in sentences, where their key does not say it."""


def called(key: str) -> str:
    """Return what a part of a policy is called in a sentence."""
    return CALLED.get(key, words(key))


def words(name: str) -> str:
    """Return a name of the vocabulary as words."""
    return name.replace("_", " ")


def ended(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def shown(value: object) -> str:
    """Return a value as a reader would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:g}"
    if value == dt.date.max:
        return "ongoing"
    return words(value) if isinstance(value, str) and "_" in value else str(value)


def sentence(condition: Condition, subject: Subject = "the") -> str:
    """Return a condition as one clause without a full stop."""
    if isinstance(condition, Leaf):
        return leaf_said(condition, subject)
    if isinstance(condition, Not):
        return negated(condition.item, subject)
    if isinstance(condition, Quantified):
        said = _quantified(condition)
        return f"with {said}" if subject == "whose" else said
    if not condition.items:
        return "always"
    is_all = isinstance(condition, AllOf)
    parts = [_bracketed(item, subject, is_all=is_all) for item in condition.items]
    return (" and " if is_all else " or ").join(parts)


def _bracketed(item: Condition, subject: Subject, *, is_all: bool) -> str:
    """Return an item in brackets where it joins parts the other way."""
    said = sentence(item, subject)
    is_other = not isinstance(item, Leaf | Not | Quantified) and isinstance(item, AllOf) != is_all
    return f"({said})" if is_other else said


def negated(condition: Condition, subject: Subject = "the") -> str:
    """Return the opposite of a condition as one clause."""
    if isinstance(condition, Leaf):
        return leaf_said(condition, subject, is_true=False)
    if isinstance(condition, Quantified) and condition.kind == "any":
        said = f"no {_described(condition)}"
        return f"with {said}" if subject == "whose" else said
    return f"not ({sentence(condition, subject)})"


def leaf_said(leaf: Leaf, subject: Subject = "the", *, is_true: bool = True) -> str:
    """Return what a leaf says, or that it does not hold."""
    fact, test = fact_of(leaf), leaf.test
    if isinstance(test, Compared) and isinstance(test.value, bool):
        clause = fact.clauses[0 if test.value == is_true else 1]
        if leaf.level == "cases":
            return clause
        return f"that {clause}" if subject == "whose" else f"it {clause}"
    said = test_said(test)
    said = said if is_true else said.replace("is ", "is not ", 1)
    if leaf.fact == "value":
        return f"that {said}" if subject == "whose" else f"it {said}"
    return f"{subject if leaf.level != 'cases' else 'the'} {fact.spoken} {said}"


def test_said(test: Test) -> str:
    """Return a test as the end of a clause."""
    if isinstance(test, Compared):
        if isinstance(test.value, dt.date):
            end = DAYS[test.sign]
            is_before = test.sign in {"lt", "gt"}
            return f"is{end} {test.value}" if is_before else f"is {test.value}{end}"
        return f"{SIGNS[test.sign]} {shown(test.value)}"
    if isinstance(test, OneOf):
        return f"is {' or '.join(shown(value) for value in test.values)}"
    if isinstance(test, InList):
        on = "" if test.on == DEFAULT_ON else f" (as of {_date(test.on)})"
        reach = "on, or part of one on," if test.within_tree else "on"
        return f"is {reach} the list `{test.list_id}`{on}"
    return f"is {_span(test)}"


def _date(name: str) -> str:
    """Return what a date is called; dates of a case come before those of its rows."""
    named = (f for level in LEVELS.values() for f in level.facts if f.name == name)
    return f"the {next(named).spoken}"


def _span(test: Overlaps) -> str:
    on = "" if test.on == DEFAULT_ON else f" (as of {_date(test.on)})"
    if test.years is not None:
        years = "year" if test.years == 1 else f"{test.years} years"
        return f"current{on}" if test.years == 0 else f"within the last {years}{on}"
    first = f"from {test.first}" if test.first else ""
    last = f"until {test.last}" if test.last else ""
    return f"at some time {' '.join(part for part in (first, last) if part)}"


def _quantified(node: Quantified) -> str:
    level = LEVELS[node.level]
    if node.kind == "any":
        return f"some {_described(node)}"
    if node.kind == "all":
        whose = _whose(node)
        return f"every {words(level.name)}" + (f" is one{whose}" if whose else "")
    rows = f"{words(level.plural)}{_whose(node)}"
    if node.kind == "share":
        return f"at least {node.least:.0%} of the {rows}"
    if node.distinct:
        fact = level.fact(node.distinct)
        return f"at least {node.least:g} different values of {fact.spoken} among {rows}"
    return f"at least {node.least:g} {rows}"


def _described(node: Quantified) -> str:
    """Return what rows are meant, one of them."""
    return f"{words(LEVELS[node.level].name)}{_whose(node)}"


def _whose(node: Quantified) -> str:
    if isinstance(node.item, AllOf) and not node.item.items:
        return ""
    if isinstance(node.item, Leaf) and node.item.fact == "value":
        test = node.item.test
        if isinstance(test, Compared):
            return f" `{shown(test.value)}`"
    return f" {sentence(node.item, 'whose')}"
