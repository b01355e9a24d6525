"""A policy as a document: YAML text in, a frozen `Policy` out, or every fault with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from fourseas.policy.grammar import (
    ALWAYS,
    Condition,
    InList,
    day,
    fact_of,
    leaves,
    read_condition,
)
from fourseas.policy.json_schema import policy_schema
from fourseas.policy.places import (
    NOWHERE,
    Document,
    Path,
    Place,
    Plain,
    Problem,
    offer,
    read_yaml,
)
from fourseas.policy.validation import faults
from fourseas.policy.vocabulary import Decision

Mapped = dict[str, Plain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """On what a policy, rule or exemption rests."""

    source: str
    article: str | None = None
    url: str | None = None
    date: dt.date | None = None

    def __str__(self) -> str:
        """Return it as one line."""
        parts = (self.source, self.article, str(self.date) if self.date else None, self.url)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReference:
    """A list to which conditions refer: what it holds, who publishes it, which edition."""

    list_id: str
    of: str
    title: str
    source: str
    dated: dt.date
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When an obligation is due: on a day, or so many days after a date of the case."""

    on: dt.date | None = None
    days: int = 0
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A duty that comes with a rule."""

    kind: str
    text: str
    by: str
    due: Due | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A named reason why a rule does not apply."""

    exemption_id: str
    text: str
    basis: Basis
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportionality:
    """Why a rule is not stricter than its aim needs."""

    aim: str | None = None
    suitable: str | None = None
    least_restrictive_considered: str | None = None
    expected_cost_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: when its condition holds and no exemption does, its decision is the least.

    Attributes
    ----------
    mirror
        Whether the partner may adopt the same: ``yes``, ``no``, ``not_applicable``, or None.
    place
        Where it begins in the text.
    """

    rule_id: str
    text: str
    when: Condition
    decision: Decision
    scope: Condition = ALWAYS
    basis: Basis | None = None
    obligations: tuple[Obligation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    valid_from: dt.date | None = None
    expires: dt.date | None = None
    review_by: dt.date | None = None
    proportionality: Proportionality = Proportionality()
    mirror: str | None = None
    partner_rule_ref: str | None = None
    appeal: str | None = None
    owner: str | None = None
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Scope, condition and those of its exemptions."""
        return (self.scope, self.when, *(exemption.when for exemption in self.exemptions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An openness policy.

    Attributes
    ----------
    scope
        The cases that it is about; it finds nothing for others.
    rules
        In the order of the text, which has no meaning.
    """

    policy_id: str
    title: str
    owner: str
    version: str
    valid_from: dt.date
    rules: tuple[Rule, ...]
    expires: dt.date | None = None
    review_by: dt.date | None = None
    basis: Basis | None = None
    banner: str | None = None
    about: str | None = None
    appeal: str | None = None
    cost_of_not_acting: str | None = None
    scope: Condition = ALWAYS
    lists: tuple[ListReference, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, that of its scope first."""
        return (self.scope, *(one for rule in self.rules for one in rule.conditions))

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id."""
        return next(rule for rule in self.rules if rule.rule_id == rule_id)


def read_policy(text: str, name: str = "policy") -> Policy:
    """Read a policy.

    Parameters
    ----------
    text
        The document, YAML.
    name
        What errors call it.

    Raises
    ------
    PolicyError
        With every fault of the document, its line and column, and the nearest valid word.
    """
    document = read_yaml(text, name)
    found = faults(document, policy_schema())
    if found:
        raise document.error(found)
    policy = _policy(document, cast("Mapped", document.root))
    problems = [*_unfit_references(document, policy), *_unfit_rules(document, policy)]
    if problems:
        raise document.error(problems)
    return policy


def _policy(document: Document, root: Mapped) -> Policy:
    return Policy(
        policy_id=str(root["policy"]),
        title=str(root["title"]),
        owner=str(root["owner"]),
        version=str(root["version"]),
        valid_from=day(root["valid_from"]),
        expires=_day(root, "expires"),
        review_by=_day(root, "review_by"),
        basis=_basis(root.get("basis")),
        banner=_text(root, "banner"),
        about=_text(root, "about"),
        appeal=_text(root, "appeal"),
        cost_of_not_acting=_text(root, "cost_of_not_acting"),
        scope=_condition(document, ("scope",), root.get("scope")),
        lists=tuple(
            ListReference(
                list_id=list_id,
                of=str(entry["of"]),
                title=str(entry.get("title", list_id)),
                source=str(entry["source"]),
                dated=day(entry["dated"]),
                place=document.place(("lists", list_id)),
            )
            for list_id, entry in cast("dict[str, Mapped]", root.get("lists") or {}).items()
        ),
        rules=tuple(
            _rule(document, ("rules", number), rule)
            for number, rule in enumerate(cast("list[Mapped]", root["rules"]))
        ),
    )


def _rule(document: Document, path: Path, plain: Mapped) -> Rule:
    reciprocity = cast("Mapped", plain.get("reciprocity") or {})
    weighed = cast("Mapped", plain.get("proportionality") or {})
    return Rule(
        rule_id=str(plain["id"]),
        text=str(plain["text"]),
        when=read_condition(document, (*path, "when"), plain["when"]),
        decision=cast("Decision", plain["decision"]),
        scope=_condition(document, (*path, "scope"), plain.get("scope")),
        basis=_basis(plain.get("basis")),
        obligations=tuple(
            _obligation(one) for one in cast("list[Mapped]", plain.get("obligations") or [])
        ),
        exemptions=tuple(
            Exemption(
                exemption_id=str(one["id"]),
                text=str(one["text"]),
                basis=cast("Basis", _basis(one["basis"])),
                when=read_condition(document, (*path, "except", number, "when"), one["when"]),
            )
            for number, one in enumerate(cast("list[Mapped]", plain.get("except") or []))
        ),
        valid_from=_day(plain, "valid_from"),
        expires=_day(plain, "expires"),
        review_by=_day(plain, "review_by"),
        proportionality=Proportionality(
            aim=_text(weighed, "aim"),
            suitable=_text(weighed, "suitable"),
            least_restrictive_considered=_text(weighed, "least_restrictive_considered"),
            expected_cost_ref=_text(weighed, "expected_cost_ref"),
        ),
        mirror=_text(reciprocity, "mirror"),
        partner_rule_ref=_text(reciprocity, "partner_rule_ref"),
        appeal=_text(plain, "appeal"),
        owner=_text(plain, "owner"),
        place=document.place(path),
    )


def _obligation(plain: Mapped) -> Obligation:
    due = plain.get("due")
    if isinstance(due, dict):
        found: Due | None = Due(days=int(cast("int", due["days"])), after=str(due["after"]))
    else:
        found = Due(on=day(due)) if due is not None else None
    return Obligation(
        kind=str(plain["kind"]),
        text=str(plain["text"]),
        by=str(plain["by"]),
        due=found,
        evidence=_text(plain, "evidence"),
    )


def _condition(document: Document, path: Path, plain: Plain) -> Condition:
    return ALWAYS if plain is None else read_condition(document, path, plain)


def _basis(plain: Plain) -> Basis | None:
    if plain is None:
        return None
    if isinstance(plain, dict):
        return Basis(
            source=str(plain["source"]),
            article=_text(plain, "article"),
            url=_text(plain, "url"),
            date=_day(plain, "date"),
        )
    return Basis(source=str(plain))


def _text(plain: Mapped, key: str) -> str | None:
    return str(plain[key]) if plain.get(key) is not None else None


def _day(plain: Mapped, key: str) -> dt.date | None:
    return day(plain[key]) if plain.get(key) is not None else None


def _unfit_references(document: Document, policy: Policy) -> Iterator[Problem]:
    """Yield conditions whose list is not declared or holds other things."""
    declared = {reference.list_id: reference for reference in policy.lists}
    for condition in policy.conditions:
        for leaf in leaves(condition):
            if not isinstance(leaf.test, InList):
                continue
            reference = declared.get(leaf.test.list_id)
            if reference is None:
                problem = f"The list `{leaf.test.list_id}` is not declared."
                remedy = f"{offer(leaf.test.list_id, declared)} Declare it in `lists`, with source."
                yield Problem(leaf.place, problem, remedy)
            elif reference.of != fact_of(leaf).type:
                kind = fact_of(leaf).type
                problem = f"`{reference.list_id}` is a list of {reference.of}, not of {kind}."
                yield Problem(leaf.place, problem, f"Name a list of {kind}.")
    used = set(_lists_used(policy.conditions))
    for list_id in declared:
        if list_id not in used:
            place = document.place(("lists", list_id))
            problem = f"No condition refers to the list `{list_id}`."
            yield Problem(place, problem, "Use it or remove it.")


def _lists_used(conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf.test, InList):
                yield leaf.test.list_id


def _unfit_rules(document: Document, policy: Policy) -> Iterator[Problem]:
    """Yield what the schema cannot see: ids given twice, dates that run backwards."""
    if policy.expires is not None and policy.expires < policy.valid_from:
        yield _backwards(document, ("expires",), policy.valid_from)
    seen: dict[str, int] = {}
    for number, rule in enumerate(policy.rules):
        path: Path = ("rules", number)
        if rule.rule_id in seen:
            problem = f"There are two rules with the id `{rule.rule_id}`."
            yield Problem(document.place((*path, "id")), problem, "Give each its own id.")
        seen[rule.rule_id] = number
        first = rule.valid_from or policy.valid_from
        if rule.expires is not None and rule.expires < first:
            yield _backwards(document, (*path, "expires"), first)
        names = [exemption.exemption_id for exemption in rule.exemptions]
        for position, name in enumerate(names):
            if name in names[:position]:
                place = document.place((*path, "except", position, "id"))
                problem = f"There are two exemptions with the id `{name}`."
                yield Problem(place, problem, "Give each its own id.")


def _backwards(document: Document, path: Path, first: dt.date) -> Problem:
    problem = f"`expires` lies before the first day, {first}."
    return Problem(document.place(path), problem, "Write a later day.")
