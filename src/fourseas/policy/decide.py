"""Findings: the interval of outcomes that a policy leaves, for one case or for millions.

At least is the strictest rule that holds, at most the strictest that holds or may hold. Where
they differ the finding is `needs_information`; nothing is ever open because a fact is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.policy.conditions import Columns, FactTables, Plan, evaluated, plan
from fourseas.policy.document import Policy, Rule
from fourseas.policy.grammar import ALWAYS, AllOf, AnyOf, Compared, Condition, Leaf, Not, fold
from fourseas.policy.places import NOWHERE, Place
from fourseas.policy.vocabulary import NEEDS_INFORMATION, OUTCOMES
from fourseas.schema.table import Column, TableSpec

Dates = Literal["kept", "ignored"]
"""Whether the days on which a policy and its rules apply are heeded."""

FINDINGS = TableSpec(
    name="findings",
    grain="one row per case",
    key=("case_id",),
    columns=(
        Column("case_id", "int64", "id", "The case."),
        Column("finding", "string", "category", "The outcome, or needs_information."),
        Column("at_least", "string", "category", "The mildest outcome that facts may lead to."),
        Column("at_most", "string", "category", "The strictest outcome they may lead to."),
        Column("applies", "boolean", "flag", "The policy is about the case.", nullable=True),
    ),
)
"""What every table of findings has; one column more for each rule and exemption follows."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy as conditions with names: what is computed, and the column that holds it.

    Attributes
    ----------
    policy
        The policy.
    applies
        When the policy is about a case at all.
    hits
        When each rule holds, exemptions and dates included, by rule id.
    exemptions
        When each exemption holds, by rule id and exemption id.
    named
        The columns of leaves and statements.
    """

    policy: Policy
    applies: Condition
    hits: Mapping[str, Condition]
    exemptions: Mapping[tuple[str, str], Condition]
    named: Plan


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a policy finds.

    Attributes
    ----------
    findings
        `FINDINGS` with a column for each rule and exemption: true, false, or null.
    levels
        By plural, the rows of each level that the policy asks about with a column for each
        leaf and statement: the computation that the findings are read off.
    """

    findings: ir.Table
    levels: Mapping[str, ir.Table]


def compiled(policy: Policy, dates: Dates = "kept") -> Compiled:
    """Write out when a policy and each of its rules hold.

    Parameters
    ----------
    policy
        The policy.
    dates
        ``ignored`` asks what it would find if it had always been in force.
    """
    days = _days if dates == "kept" else _always
    applies = _all(days(policy.valid_from, policy.expires, NOWHERE), policy.scope)
    hits = {
        rule.rule_id: _hit(rule, days(rule.valid_from, rule.expires, rule.place))
        for rule in policy.rules
    }
    exemptions = {
        (rule.rule_id, one.exemption_id): one.when
        for rule in policy.rules
        for one in rule.exemptions
    }
    return Compiled(policy, applies, hits, exemptions, plan((applies, *hits.values())))


def _hit(rule: Rule, in_force: Condition) -> Condition:
    exempt = AnyOf(tuple(one.when for one in rule.exemptions))
    return _all(in_force, rule.scope, rule.when, Not(exempt) if rule.exemptions else ALWAYS)


def _all(*items: Condition) -> Condition:
    kept = tuple(item for item in items if item != ALWAYS)
    return kept[0] if len(kept) == 1 else AllOf(kept)


def _days(first: object, last: object, place: Place) -> Condition:
    tests = [
        Leaf("cases", "date", Compared(sign, day), place)  # type: ignore[arg-type]
        for sign, day in (("ge", first), ("le", last))
        if day is not None
    ]
    return _all(*tests)


def _always(*_: object) -> Condition:
    return ALWAYS


def rule_column(rule_id: str) -> str:
    """Return the column of findings that says whether a rule holds."""
    return f"rule_{rule_id.replace('-', '_')}"


def exemption_column(rule_id: str, exemption_id: str) -> str:
    """Return the column of findings that says whether an exemption holds."""
    return f"except_{rule_id.replace('-', '_')}__{exemption_id.replace('-', '_')}"


def evaluate(of: Compiled, facts: FactTables) -> Evaluation:
    """Return what a policy finds of every case.

    Parameters
    ----------
    of
        The policy.
    facts
        One row per case or millions, with whatever facts are known.

    Returns
    -------
    Evaluation
        Expressions; nothing is computed until they are read.
    """
    cases = evaluated("cases", facts, of.named)
    algebra = Columns(cases, of.named)
    truths = {"applies": fold(of.applies, algebra)}
    for rule_id, hit in of.hits.items():
        truths[rule_column(rule_id)] = fold(_all(of.applies, hit), algebra)
    for (rule_id, exemption_id), exemption in of.exemptions.items():
        truths[exemption_column(rule_id, exemption_id)] = fold(exemption, algebra)
    judged = cases.select("case_id", **truths)
    ranked = judged.mutate(
        at_least_rank=_strictest(judged, of.policy.rules, "sure"),
        at_most_rank=_strictest(judged, of.policy.rules, "possible"),
    )
    at_least, at_most = _word(ranked.at_least_rank), _word(ranked.at_most_rank)
    is_settled = ranked.at_least_rank == ranked.at_most_rank
    findings = ranked.select(
        "case_id",
        finding=ibis.ifelse(is_settled, at_least, ibis.literal(NEEDS_INFORMATION)),
        at_least=at_least,
        at_most=at_most,
        **{name: ranked[name] for name in truths},
    )
    asked = [plural for plural, found in of.named.levels.items() if found and plural != "cases"]
    levels = {
        plural: evaluated(plural, facts, of.named) for plural in asked if plural in facts.rows
    }
    return Evaluation(findings, {"cases": cases, **levels})


def _strictest(
    judged: ir.Table, rules: Iterable[Rule], which: Literal["sure", "possible"]
) -> ir.IntegerValue:
    """Return the place in `OUTCOMES` of the strictest rule that holds, or may hold."""
    is_possible = which == "possible"
    ranks = [
        ibis.ifelse(
            judged[rule_column(rule.rule_id)].fill_null(is_possible),
            ibis.literal(OUTCOMES.index(rule.decision)),
            ibis.literal(0),
        )
        for rule in rules
    ]
    applying = ibis.ifelse(judged.applies.fill_null(is_possible), ibis.literal(1), ibis.literal(0))
    return ibis.greatest(applying, *ranks)


def _word(rank: ir.IntegerValue) -> ir.StringValue:
    """Return the outcome of a place in `OUTCOMES`."""
    return rank.cases(*((number, word) for number, word in enumerate(OUTCOMES)), else_=OUTCOMES[-1])
