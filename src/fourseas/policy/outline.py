"""Conditions as an outline: one line for each statement, indented under what joins them."""

from __future__ import annotations

from fourseas.policy.grammar import AllOf, AnyOf, Condition, Leaf, Not, Quantified
from fourseas.policy.vocabulary import LEVELS
from fourseas.policy.wording import Subject, leaf_said, negated, sentence, words

Line = tuple[int, str]
"""How deep a line stands, and what it says."""


def outline(condition: Condition, subject: Subject = "the", depth: int = 0) -> list[Line]:
    """Return a condition as lines; a simple one is a single line."""
    if isinstance(condition, Leaf):
        return [(depth, leaf_said(condition, subject))]
    if isinstance(condition, Quantified):
        return _over_rows(condition, depth, is_true=True)
    if isinstance(condition, Not):
        return _negated(condition.item, subject, depth)
    if not condition.items:
        return [(depth, "always")]
    head = "all of these:" if isinstance(condition, AllOf) else "any of these:"
    return _under(head, condition.items, subject, depth)


def _under(head: str, items: tuple[Condition, ...], subject: Subject, depth: int) -> list[Line]:
    lines = [(depth, head)]
    for item in items:
        lines.extend(outline(item, subject, depth + 1))
    return lines


def _negated(item: Condition, subject: Subject, depth: int) -> list[Line]:
    if isinstance(item, Quantified):
        return _over_rows(item, depth, is_true=False)
    if isinstance(item, AllOf | AnyOf) and item.items:
        head = "not all of these:" if isinstance(item, AllOf) else "none of these:"
        return _under(head, item.items, subject, depth)
    if isinstance(item, Not):
        return outline(item.item, subject, depth)
    return [(depth, negated(item, subject))]


def _over_rows(node: Quantified, depth: int, *, is_true: bool) -> list[Line]:
    """Return a statement over rows: who is meant, then what is said of them."""
    if isinstance(node.item, Leaf) or (isinstance(node.item, AllOf) and not node.item.items):
        said = sentence(node) if is_true else negated(node)
        return [(depth, said)]
    level = LEVELS[node.level]
    one, several = words(level.name), words(level.plural)
    n = f"{node.least:g}"
    if node.distinct:
        several = f"different values of {level.fact(node.distinct).spoken} among {several}"
    share = f"{node.least:.0%} of the {several}"
    heads = {
        "any": (f"some {one}, of which:", f"no {one}, of which:"),
        "all": (f"every {one}, of which:", f"not every {one}, of which:"),
        "count": (f"at least {n} {several}, of which:", f"fewer than {n} {several}, of which:"),
        "share": (f"at least {share}, of which:", f"less than {share}, of which:"),
    }
    head = heads[node.kind][0 if is_true else 1]
    inner = node.item.items if isinstance(node.item, AllOf) else (node.item,)
    return _under(head, inner, "its", depth)
