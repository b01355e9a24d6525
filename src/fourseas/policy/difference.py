"""What changes between two policies, rule by rule, and which way the strictness may move.

Directions are about findings on cases whose facts are all known, and hold for certain:
``stricter`` means that no case can come out milder. Where it cannot be told, the direction is
``either``. A case that a policy is not about is out of its scope, which is milder than open.
Obligations that come or go do not move a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from fourseas.policy.decide import compiled
from fourseas.policy.document import Obligation, Policy, Rule
from fourseas.policy.grammar import AllOf, Condition
from fourseas.policy.implication import implies
from fourseas.policy.vocabulary import OUTCOMES
from fourseas.policy.wording import called, sentence, words

Direction = Literal["same", "stricter", "milder", "either"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What became of a rule.

    Attributes
    ----------
    state
        ``added``, ``removed`` or ``changed``.
    direction
        How outcomes can move because of this rule.
    details
        What changed, one sentence each.
    """

    rule_id: str
    state: Literal["added", "removed", "changed"]
    direction: Direction
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two policies.

    Attributes
    ----------
    direction
        How outcomes can move altogether.
    of_policy
        What changed beside the rules, one sentence each.
    rules
        Rules that changed, those of the old policy first.
    """

    direction: Direction
    of_policy: tuple[str, ...]
    rules: tuple[RuleChange, ...]


def difference(old: Policy, new: Policy) -> Difference:
    """Return what changes from one policy to another."""
    rules = tuple(_rules(old, new))
    of_policy = tuple(_beside_rules(old, new))
    direction = _moved(compiled(old).applies, compiled(new).applies)
    for change in rules:
        direction = _joined(direction, change.direction)
    direction = _joined(direction, _of_editions(old, new))
    return Difference(direction=direction, of_policy=of_policy, rules=rules)


def _joined(first: Direction, second: Direction) -> Direction:
    if second in {first, "same"}:
        return first
    return second if first == "same" else "either"


def _of_editions(old: Policy, new: Policy) -> Direction:
    """Return how other editions of lists can move outcomes."""
    before = {one.list_id: (one.source, one.dated) for one in old.lists}
    after = {one.list_id: (one.source, one.dated) for one in new.lists}
    both = before.keys() & after.keys()
    return "either" if any(before[one] != after[one] for one in both) else "same"


def _rules(old: Policy, new: Policy) -> Iterator[RuleChange]:
    before = {rule.rule_id: rule for rule in old.rules}
    after = {rule.rule_id: rule for rule in new.rules}
    was, will = _hits(old), _hits(new)
    for rule_id, rule in before.items():
        if rule_id not in after:
            yield RuleChange(
                rule_id=rule_id,
                state="removed",
                direction="same" if rule.decision == "open" else "milder",
                details=(f"It was {words(rule.decision)}: {rule.text}",),
            )
            continue
        changed = _changed(rule, after[rule_id], was[rule_id], will[rule_id])
        if changed is not None:
            yield changed
    for rule_id, rule in after.items():
        if rule_id not in before:
            yield RuleChange(
                rule_id=rule_id,
                state="added",
                direction="same" if rule.decision == "open" else "stricter",
                details=(f"It is {words(rule.decision)}: {rule.text}",),
            )


def _hits(policy: Policy) -> dict[str, Condition]:
    of = compiled(policy)
    return {rule_id: AllOf((of.applies, hit)) for rule_id, hit in of.hits.items()}


def _changed(old: Rule, new: Rule, was: Condition, will: Condition) -> RuleChange | None:
    """Return how a rule changed, or None if it did not."""
    details = tuple(_details(old, new))
    direction: Direction
    if new.decision == old.decision:
        direction = "same" if new.decision == "open" else _moved(was, will)
    else:
        is_up = OUTCOMES.index(new.decision) > OUTCOMES.index(old.decision)
        direction = "stricter" if is_up else "milder"
        if "open" not in {old.decision, new.decision}:
            direction = _joined(direction, _moved(was, will))
    if not details and direction == "same":
        return None
    if not details:
        details = ("It holds in other cases, by the scope or the days of the policy.",)
    return RuleChange(rule_id=old.rule_id, state="changed", direction=direction, details=details)


def _moved(was: Condition, will: Condition) -> Direction:
    """Return which way findings move when a condition becomes another one."""
    widens, narrows = implies(was, will), implies(will, was)
    if widens and narrows:
        return "same"
    if widens:
        return "stricter"
    return "milder" if narrows else "either"


def _details(old: Rule, new: Rule) -> Iterator[str]:
    if old.decision != new.decision:
        yield f"Its decision was {words(old.decision)} and is {words(new.decision)}."
    if old.when != new.when:
        yield f"It held when {sentence(old.when)}; it holds when {sentence(new.when)}."
    if old.scope != new.scope:
        yield f"Its scope was: {sentence(old.scope)}; it is: {sentence(new.scope)}."
    yield from _exemptions_changed(old, new)
    gone = [one for one in old.obligations if one not in new.obligations]
    come = [one for one in new.obligations if one not in old.obligations]
    yield from (f"No longer owed: {_duty(one)}" for one in gone)
    yield from (f"Newly owed: {_duty(one)}" for one in come)
    for name in (
        "text",
        "basis",
        "valid_from",
        "expires",
        "review_by",
        "mirror",
        "appeal",
        "owner",
    ):
        first, second = getattr(old, name), getattr(new, name)
        if first != second:
            yield _reset(f"Its {called(name)}", first, second)
    for field in fields(old.proportionality):
        first = getattr(old.proportionality, field.name)
        second = getattr(new.proportionality, field.name)
        if first != second:
            yield _reset(f"Its {called(field.name)}", first, second)


def _exemptions_changed(old: Rule, new: Rule) -> Iterator[str]:
    before = {one.exemption_id: one for one in old.exemptions}
    after = {one.exemption_id: one for one in new.exemptions}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"The exemption `{name}` is gone: {before[name].text}"
        elif name not in before:
            yield f"The exemption `{name}` is new: {after[name].text}"
        elif before[name] != after[name]:
            yield f"The exemption `{name}` changed: {after[name].text}"


def _reset(what: str, first: object, second: object) -> str:
    if first is None:
        return f"{what} is new: `{second}`."
    if second is None:
        return f"{what} is gone: it was `{first}`."
    return f"{what} was `{first}` and is `{second}`."


def _duty(obligation: Obligation) -> str:
    return f"{words(obligation.kind)}: {obligation.text} ({obligation.by})"


def _beside_rules(old: Policy, new: Policy) -> Iterator[str]:
    for name in (
        "policy_id",
        "title",
        "owner",
        "version",
        "valid_from",
        "expires",
        "review_by",
        "basis",
        "banner",
        "about",
        "appeal",
        "cost_of_not_acting",
    ):
        first, second = getattr(old, name), getattr(new, name)
        if first != second and name == "about":
            yield "What it is about is put in other words."
        elif first != second:
            yield _reset(f"The {called(name)}", first, second)
    if old.scope != new.scope:
        yield f"It was about cases where {sentence(old.scope)}; now where {sentence(new.scope)}."
    before = {one.list_id: one for one in old.lists}
    after = {one.list_id: one for one in new.lists}
    for list_id in sorted(before.keys() | after.keys()):
        if list_id not in after:
            yield f"The list `{list_id}` is no longer used."
        elif list_id not in before:
            yield f"The list `{list_id}` of {after[list_id].dated} is new."
        elif before[list_id].dated == after[list_id].dated:
            if before[list_id] != after[list_id]:
                yield f"The list `{list_id}` of {after[list_id].dated} is described otherwise."
        else:
            yield (
                f"The list `{list_id}` was the edition of {before[list_id].dated} and is that of "
                f"{after[list_id].dated}; compare the two editions to see who is touched."
            )
