"""Whether a policy is neutral, proportionate and sound: what to ask before it is adopted.

Errors are what no policy may do; warnings are what its owner should have thought of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from fourseas.policy.decide import compiled
from fourseas.policy.document import ListReference, Policy, Rule
from fourseas.policy.grammar import (
    AllOf,
    Condition,
    Leaf,
    Overlaps,
    Quantified,
    all_nodes,
    leaves,
    nodes,
)
from fourseas.policy.implication import can_hold, implies
from fourseas.policy.mirror import activities, mirror, mirrored
from fourseas.policy.places import Place
from fourseas.policy.possible_values import years_before
from fourseas.policy.vocabulary import OUTCOMES, forbidden_ground

Severity = Literal["error", "warning"]

REVIEW_MONTHS = 24
YEARS = REVIEW_MONTHS // 12

LONGEST_YEARS = 10
"""A span of ties by country may be no longer: one of a lifetime tells where somebody comes from."""

SUBJECTS = {
    "advances_or_uses",
    "basic_research",
    "challenges",
    "consent_codes",
    "data",
    "documents",
    "fields",
    "kind",
    "purpose",
    "topics",
    "trl",
}
"""Facts and levels that say what the work is about; without one, a rule is about who takes part."""

OWN_EXPORTS = {"data_sharing_out", "licensing_out", "sample_transfer_out", "funding_given"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that a policy should not do, or that its owner should think of.

    Attributes
    ----------
    code
        Short name of the check.
    rule_id
        The rule, or None for the policy as a whole.
    place
        Where in the text.
    """

    severity: Severity
    code: str
    rule_id: str | None
    place: Place
    problem: str
    remedy: str


def lint(policy: Policy, today: dt.date) -> tuple[Remark, ...]:
    """Return remarks on a policy, errors first, then in the order of its text.

    Parameters
    ----------
    policy
        The policy.
    today
        The day on which it is looked at; editions and reviews age.
    """
    found = [*_of_policy(policy, today)]
    for rule in policy.rules:
        for look in _CHECKS:
            found.extend(look(rule, policy))
    order = {"error": 0, "warning": 1}
    return tuple(sorted(found, key=lambda one: (order[one.severity], one.place, one.code)))


def mirrors(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return each rule's id with its mirror: the same rule in the hands of the other side."""
    return tuple((rule.rule_id, mirror(rule)) for rule in policy.rules)


def _of_policy(policy: Policy, today: dt.date) -> Iterator[Remark]:
    top = Place(1, 1)
    if policy.review_by is None and not all(rule.review_by for rule in policy.rules):
        yield _warning(
            "review",
            None,
            top,
            "No day is set on which it is looked at again.",
            f"Set `review_by` within {REVIEW_MONTHS} months of `valid_from`.",
        )
    elif policy.review_by is not None:
        if years_before(policy.review_by, YEARS) > policy.valid_from:
            yield _warning(
                "review",
                None,
                top,
                f"Its review, {policy.review_by}, is over {REVIEW_MONTHS} months after it begins.",
                "Set an earlier `review_by`.",
            )
        if policy.review_by < today:
            yield _warning(
                "review",
                None,
                top,
                f"Its review was due on {policy.review_by}.",
                "Look at it again and set the next day.",
            )
    if policy.expires is not None and policy.expires < today:
        yield _warning(
            "expired",
            None,
            top,
            f"It expired on {policy.expires}.",
            "Renew it or take it out of use.",
        )
    if policy.cost_of_not_acting is None:
        yield _warning(
            "cost",
            None,
            top,
            "It does not say what not acting would cost.",
            "State it in words, dated, under `cost_of_not_acting`.",
        )
    for reference in policy.lists:
        yield from _of_list(reference, today)


def _of_list(reference: ListReference, today: dt.date) -> Iterator[Remark]:
    """Yield lists of countries by a forbidden ground, and editions that have aged."""
    grounds = [forbidden_ground(text) for text in (reference.list_id, reference.title)]
    ground = next((one for one in grounds if one is not None), None)
    if reference.of == "country" and ground is not None:
        yield _error(
            "ground",
            None,
            reference.place,
            f"The list `{reference.list_id}` is by {ground}.",
            "No policy may decide by it; remove the list and the rules that use it.",
        )
    if years_before(today, YEARS) > reference.dated:
        yield _warning(
            "old-list",
            None,
            reference.place,
            f"The list `{reference.list_id}` is of "
            f"{reference.dated}, over {REVIEW_MONTHS} months old.",
            "Take a newer edition, or say why this one still holds.",
        )


def _founded(rule: Rule, policy: Policy) -> Iterator[Remark]:
    """Yield what a closed rule lacks."""
    if rule.decision != "closed":
        return
    if rule.basis is None and policy.basis is None:
        yield _of(
            rule,
            "error",
            "basis",
            "It closes without a basis.",
            "Name the law, decision or agreement under `basis`.",
        )
    if rule.appeal is None and policy.appeal is None:
        yield _of(
            rule,
            "error",
            "appeal",
            "It closes without a way to appeal.",
            "Say to whom one can turn, and within what time, under `appeal`.",
        )


def _proportionate(rule: Rule, _: Policy) -> Iterator[Remark]:
    if rule.decision not in {"review", "closed"}:
        return
    weighed = rule.proportionality
    missing = [
        name
        for name, text in (
            ("aim", weighed.aim),
            ("suitable", weighed.suitable),
            ("least_restrictive_considered", weighed.least_restrictive_considered),
            ("expected_cost_ref", weighed.expected_cost_ref),
        )
        if not text
    ]
    if missing:
        yield _of(
            rule,
            "warning",
            "proportionality",
            f"It does not say why nothing milder will do: {', '.join(missing)}.",
            "Fill these in under `proportionality`; an obligation may serve the same aim.",
        )


def _reciprocal(rule: Rule, _: Policy) -> Iterator[Remark]:
    """Yield what the mirror of a rule would do to the owner."""
    if rule.decision not in {"review", "closed"}:
        return
    if rule.mirror is None:
        yield _of(
            rule,
            "warning",
            "mirror",
            "It does not say whether the partner may adopt its mirror, which stands below.",
            "Say so under `reciprocity`.",
        )
    hit = sorted(OWN_EXPORTS & {*activities(mirrored(rule.when))})
    if rule.decision == "closed" and hit:
        yield _of(
            rule,
            "warning",
            "mirror",
            f"Mirrored, it would close what the owner sends out: {', '.join(hit)}.",
            "Ask whether the owner could bear that, and say so under `reciprocity`.",
        )


def _matching(rule: Rule, policy: Policy) -> Iterator[Remark]:
    """Yield rules that can never hold, or never decide."""
    hits = _hits(policy)
    hit = hits[rule.rule_id]
    if not can_hold(hit):
        yield _of(
            rule,
            "error",
            "never",
            "No case can meet it.",
            "Look for conditions or days that exclude each other, in scope and exemptions too.",
        )
        return
    for other in policy.rules:
        if other is rule or OUTCOMES.index(other.decision) < OUTCOMES.index(rule.decision):
            continue
        is_twin = other.decision == rule.decision
        if is_twin and policy.rules.index(other) > policy.rules.index(rule):
            continue
        if implies(hit, hits[other.rule_id]):
            yield _of(
                rule,
                "warning",
                "shadowed",
                f"It never decides: wherever it holds, `{other.rule_id}` "
                f"({other.decision}) holds too.",
                "Remove it, or keep it for its obligations alone and say so in its text.",
            )
            return


def _hits(policy: Policy) -> dict[str, Condition]:
    """Return when each rule holds, by id: scope, days and exemptions included."""
    of = compiled(policy)
    return {rule_id: AllOf((of.applies, hit)) for rule_id, hit in of.hits.items()}


def _precise(rule: Rule, policy: Policy) -> Iterator[Remark]:
    """Yield rules that touch a country whatever the work is about, and stand-ins for origin."""
    if rule.decision == "open":
        return
    whole = AllOf((policy.scope, rule.scope, rule.when))
    by_country = [leaf for leaf in leaves(whole) if leaf.fact in {"country", "control_country"}]
    subjects = {leaf.fact for leaf in leaves(whole)} | {
        node.level for node in all_nodes(whole) if isinstance(node, Quantified)
    }
    if by_country and not subjects & SUBJECTS:
        yield _at(
            rule,
            by_country[0].place,
            "warning",
            "blanket",
            "It touches countries whatever the work is about.",
            "Add a topic, kind of data or technology, or say why none would do.",
        )
    for node in all_nodes(whole):
        if isinstance(node, Quantified) and node.level == "ties":
            yield from _stand_ins(rule, node, policy)


def _stand_ins(rule: Rule, node: Quantified, policy: Policy) -> Iterator[Remark]:
    """Yield ties by country that say where somebody comes from rather than who binds them."""
    own = [one for one in nodes(node.item) if isinstance(one, Leaf)]
    country = next((leaf for leaf in own if leaf.fact == "country"), None)
    if country is None:
        return
    has_kind = any(leaf.fact == "kind" for leaf in own)
    spans = [leaf.test for leaf in own if isinstance(leaf.test, Overlaps)]
    has_period = any(_is_recent(test, policy.valid_from) for test in spans)
    if not (has_kind and has_period):
        yield _at(
            rule,
            country.place,
            "error",
            "ground",
            "The country of any tie at any time stands in for where a person comes from.",
            "Say which `kind` of tie and in which `period`, of "
            f"{LONGEST_YEARS} years at most, or ask about the organization.",
        )


def _is_recent(test: Overlaps, today: dt.date) -> bool:
    """Say whether a period tells what binds a person, and not what once did."""
    if test.years is not None:
        return test.years <= LONGEST_YEARS
    earliest = years_before(test.last or today, LONGEST_YEARS)
    return test.first is not None and test.first >= earliest


def _timely(rule: Rule, _: Policy) -> Iterator[Remark]:
    for obligation in rule.obligations:
        if obligation.due is None:
            yield _of(
                rule,
                "warning",
                "no-day",
                f"The obligation `{obligation.kind}` has no day by which it is due.",
                "Set `due` to a day, or to days after a date of the case.",
            )


def _of(rule: Rule, severity: Severity, code: str, problem: str, remedy: str) -> Remark:
    return _at(rule, rule.place, severity, code, problem, remedy)


def _at(
    rule: Rule, place: Place, severity: Severity, code: str, problem: str, remedy: str
) -> Remark:
    return Remark(
        severity=severity,
        code=code,
        rule_id=rule.rule_id,
        place=place,
        problem=problem,
        remedy=remedy,
    )


def _error(code: str, rule_id: str | None, place: Place, problem: str, remedy: str) -> Remark:
    return Remark(
        severity="error", code=code, rule_id=rule_id, place=place, problem=problem, remedy=remedy
    )


def _warning(code: str, rule_id: str | None, place: Place, problem: str, remedy: str) -> Remark:
    return Remark(
        severity="warning", code=code, rule_id=rule_id, place=place, problem=problem, remedy=remedy
    )


_CHECKS: tuple[Callable[[Rule, Policy], Iterator[Remark]], ...] = (
    _founded,
    _proportionate,
    _reciprocal,
    _matching,
    _precise,
    _timely,
)
