"""The mirror of a rule: the same rule in the hands of the other side."""

from __future__ import annotations

from dataclasses import replace

from fourseas.policy.document import Rule
from fourseas.policy.grammar import (
    AllOf,
    AnyOf,
    Compared,
    Condition,
    InList,
    Leaf,
    Not,
    OneOf,
    Quantified,
    leaves,
)
from fourseas.policy.vocabulary import MIRRORED_ACTIVITIES
from fourseas.policy.wording import words

WILLING = {
    "yes": "The owner accepts it.",
    "no": "The owner does not accept it.",
    "not_applicable": "The owner holds that there is none.",
    None: "The owner has not said whether it would be accepted.",
}


FOR_THE_PARTNER = {
    "open": "open",
    "open_with_conditions": "open with conditions",
    "review": "subject to review",
    "closed": "closed",
}


def mirror(rule: Rule) -> str:
    """Return in words what the rule would be if the partner adopted it towards the owner."""
    swapped = sorted(
        {
            f"what is {words(before)} here is {words(after)} there"
            for before, after in zip(
                activities(rule.when), activities(mirrored(rule.when)), strict=True
            )
            if before != after
        }
    )
    lists = sorted(
        {
            f"`{leaf.test.list_id}`"
            for leaf in leaves(rule.when)
            if isinstance(leaf.test, InList) and names_the_other_side(leaf)
        }
    )
    parts = [f"work with the owner would be {FOR_THE_PARTNER[rule.decision]} for the partner"]
    parts += swapped
    if lists:
        named = " and ".join(lists)
        parts.append(f"where {named} is read, the partner's list would name the owner's side")
    return f"{'; '.join(parts)}. {WILLING[rule.mirror]}"


def activities(condition: Condition) -> list[str]:
    """Return the activities that a condition names, in the order of the text."""
    found: list[str] = []
    for leaf in leaves(condition):
        if leaf.fact == "activity" and isinstance(leaf.test, OneOf):
            found.extend(leaf.test.values)
        elif leaf.fact == "activity" and isinstance(leaf.test, Compared):
            found.append(str(leaf.test.value))
    return found


def mirrored(condition: Condition) -> Condition:
    """Return a condition with the two sides exchanged: what one sends, the other receives."""
    if isinstance(condition, Leaf):
        return _mirrored_leaf(condition)
    if isinstance(condition, Not):
        return Not(mirrored(condition.item))
    if isinstance(condition, Quantified):
        return replace(condition, item=mirrored(condition.item))
    items = tuple(mirrored(item) for item in condition.items)
    return AllOf(items) if isinstance(condition, AllOf) else AnyOf(items)


def _mirrored_leaf(leaf: Leaf) -> Leaf:
    if leaf.fact != "activity":
        return leaf
    if isinstance(leaf.test, OneOf):
        return replace(leaf, test=OneOf(tuple(_other(word) for word in leaf.test.values)))
    assert isinstance(leaf.test, Compared)
    return replace(leaf, test=Compared("eq", _other(str(leaf.test.value))))


def _other(activity: str) -> str:
    return MIRRORED_ACTIVITIES.get(activity, activity)


def names_the_other_side(leaf: Leaf) -> bool:
    """Say whether a leaf looks up a country or an organization of the other side."""
    return leaf.fact in {"country", "control_country", "organization"}
