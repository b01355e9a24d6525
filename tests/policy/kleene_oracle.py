"""What a policy finds, worked out from the plain documents by truth tables and nothing else.

It shares no code with the evaluator: it reads the policy and the case as the mappings that were
written, walks them row by row, and looks truth up in tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Doc = Any
"""A document as YAML reads it."""

T, F, N = "true", "false", "not known"
AND = {
    (T, T): T, (T, F): F, (T, N): N,
    (F, T): F, (F, F): F, (F, N): F,
    (N, T): N, (N, F): F, (N, N): N,
}  # fmt: skip
OR = {
    (T, T): T, (T, F): T, (T, N): T,
    (F, T): T, (F, F): F, (F, N): N,
    (N, T): T, (N, F): N, (N, N): N,
}  # fmt: skip
NOT = {T: F, F: T, N: N}
RANK = {"out_of_scope": 0, "open": 1, "open_with_conditions": 2, "review": 3, "closed": 4}

SOME = {"any_party": "parties", "any_person": "people", "any_tie": "ties", "any_data": "data"}
EVERY = {"all_parties": "parties", "all_people": "people", "all_ties": "ties", "all_data": "data"}
MANY = {"topics", "documents", "consent_codes", "funders"}
LAST_DAY = "9999-12-31"


@dataclass(frozen=True)
class Found:
    """What the oracle finds of a case."""

    applies: str
    rules: dict[str, str]
    at_least: int
    at_most: int


@dataclass(frozen=True)
class World:
    """The lists, by id, and what organizations are part of."""

    lists: dict[str, list[Doc]]
    part_of: dict[str, list[str]]


def found(policy: Doc, case: Doc, world: World) -> Found:
    """Return what a policy finds of a case."""
    applies = AND[
        within(case.get("date"), policy["valid_from"], policy.get("expires")),
        asked(policy.get("scope"), case, case, world),
    ]
    rules = {}
    for rule in policy["rules"]:
        value = applies
        value = AND[value, within(case.get("date"), rule.get("valid_from"), rule.get("expires"))]
        value = AND[value, asked(rule.get("scope"), case, case, world)]
        value = AND[value, asked(rule["when"], case, case, world)]
        for one in rule.get("except", []):
            value = AND[value, NOT[asked(one["when"], case, case, world)]]
        rules[rule["id"]] = value
    low, high = {T: 1, F: 0, N: 0}[applies], {T: 1, F: 0, N: 1}[applies]
    for rule in policy["rules"]:
        rank = RANK[rule["decision"]]
        if rules[rule["id"]] == T:
            low, high = max(low, rank), max(high, rank)
        if rules[rule["id"]] == N:
            high = max(high, rank)
    return Found(applies, rules, low, high)


def within(day: str | None, first: str | None, last: str | None) -> str:
    """Say whether a day lies in a span; texts of dates compare as dates do."""
    if first is None and last is None:
        return T
    if day is None:
        return N
    return T if (first or "") <= day <= (last or LAST_DAY) else F


def asked(  # noqa: C901, PLR0911, PLR0912  (one line for each word of the language)
    condition: Doc, row: Doc, case: Doc, world: World
) -> str:
    """Return the truth of a condition at a row."""
    if condition is None:
        return T
    if isinstance(condition, list):
        condition = {"all_of": condition}
    ((word, inner),) = condition.items()
    if word == "all_of":
        value = T
        for item in inner:
            value = AND[value, asked(item, row, case, world)]
        return value
    if word == "any_of":
        value = F
        for item in inner:
            value = OR[value, asked(item, row, case, world)]
        return value
    if word == "not":
        return NOT[asked(inner, row, case, world)]
    if word in SOME or word in EVERY:
        plural = SOME.get(word) or EVERY[word]
        table, value = (OR, F) if word in SOME else (AND, T)
        for child in rows(row, plural):
            value = table[value, asked(inner, child, case, world)]
        return value if is_complete(row, plural) else table[value, N]
    if word == "exists":
        return T if rows(row, inner) else (F if is_complete(row, inner) else N)
    if word == "document_present":
        return some_value(row, "documents", lambda one: T if one == inner else F)
    if word == "count_ge":
        return counted(inner, row, case, world)
    if word == "share_ge":
        return shared(inner, row, case, world)
    if word in MANY:
        return many(word, inner, row, case, world)
    return single(word, inner, row, case, world)


def rows(row: Doc, plural: str) -> list[Doc]:
    """Return the rows of a lower level that are given."""
    listed = row.get(plural)
    return [] if listed in (None, "none") else list(listed)


def is_complete(row: Doc, plural: str) -> bool:
    """Say whether all rows are declared to be given."""
    if row.get(plural) == "none":
        return True
    declared = row.get("complete", [])
    return plural in row and (declared == "all" or plural in declared)


def some_value(row: Doc, plural: str, test: Callable[[str], str]) -> str:
    """Return whether some of many values passes."""
    value = F
    for one in rows(row, plural):
        value = OR[value, N if one in (None, "unknown") else test(one)]
    return value if is_complete(row, plural) else OR[value, N]


def counted(options: Doc, row: Doc, case: Doc, world: World) -> str:
    """Try every way in which the rows that are not known could turn out."""
    given = rows(row, options["of"])
    truths = [asked(options.get("where"), child, case, world) for child in given]
    outcomes = set()
    for chosen in worlds(truths):
        hits = [child for child, is_hit in zip(given, chosen, strict=True) if is_hit]
        if "distinct" not in options:
            outcomes.add(len(hits) >= options["n"])
            continue
        names = [child.get(options["distinct"]) for child in hits]
        known = {name for name in names if name not in (None, "unknown")}
        nameless = len([name for name in names if name in (None, "unknown")])
        fewest = max(len(known), 1 if hits else 0)
        outcomes |= {n >= options["n"] for n in range(fewest, len(known) + nameless + 1)}
    if not is_complete(row, options["of"]):
        outcomes.add(True)
    return N if len(outcomes) > 1 else (T if True in outcomes else F)


def shared(options: Doc, row: Doc, case: Doc, world: World) -> str:
    """Try every way in which the rows that are not known could turn out."""
    truths = [asked(options.get("where"), child, case, world) for child in rows(row, options["of"])]
    if not is_complete(row, options["of"]):
        return N
    if not truths:
        return F
    outcomes = {sum(chosen) >= options["share"] * len(truths) for chosen in worlds(truths)}
    return N if len(outcomes) > 1 else (T if True in outcomes else F)


def worlds(truths: list[str]) -> list[list[bool]]:
    """Return every way to make what is not known true or false."""
    found: list[list[bool]] = [[]]
    for truth in truths:
        choices = {T: [True], F: [False], N: [True, False]}[truth]
        found = [[*one, choice] for one in found for choice in choices]
    return found


def many(word: str, inner: Doc, row: Doc, case: Doc, world: World) -> str:
    """Return the truth of a test of a fact with many values."""
    value = T
    for operator, operand in inner.items():
        if operator == "on":
            continue
        on = inner.get("on", "date")

        def test(one: str, operand: Doc = operand, operator: str = operator, on: str = on) -> str:
            if isinstance(operand, list):
                return T if one in operand else F
            return listed(one, operand, row, case, on, world, tree=operator == "within_org_tree")

        if operator == "subset_of":
            every = T
            for one in rows(row, word):
                every = AND[every, N if one in (None, "unknown") else test(one)]
            value = AND[value, every if is_complete(row, word) else AND[every, N]]
        else:
            value = AND[value, some_value(row, word, test)]
    return value


def single(word: str, inner: Doc, row: Doc, case: Doc, world: World) -> str:
    """Return the truth of a test of a fact with one value."""
    if word == "period":
        return period(inner, row.get("period"), case)
    given = row.get(word)
    if given in (None, "unknown"):
        return N
    if not isinstance(inner, dict):
        if isinstance(inner, list):
            return T if given in inner else F
        return T if given == inner else F
    value = T
    on = inner.get("on", "date")
    for operator, operand in inner.items():
        if operator == "on":
            continue
        if operator in {"in_list", "within_org_tree"}:
            tree = operator == "within_org_tree"
            truth = listed(given, operand, row, case, on, world, tree=tree)
        else:
            truth = T if compared(operator, given, operand) else F
        value = AND[value, truth]
    return value


def compared(operator: str, given: Doc, operand: Doc) -> bool:
    """Compare as Python does; dates are texts that sort as dates."""
    if operator == "between_dates":
        return bool(operand[0] <= given <= operand[1])
    if operator == "one_of":
        return bool(given in operand)
    holds: dict[str, bool] = {
        "eq": given == operand,
        "lt": given < operand,
        "le": given <= operand,
        "gt": given > operand,
        "ge": given >= operand,
    }
    return holds[operator]


def listed(  # noqa: PLR0913  (the world, and where in it)
    one: str, name: str, row: Doc, case: Doc, on: str, world: World, *, tree: bool
) -> str:
    """Return whether something is on a list, or part of what is."""
    day = row.get(on) if on == "accessed_on" else case.get(on)
    day = None if day == "unknown" else day
    value = entered(one, world.lists[name], day)
    if not tree:
        return value
    if one not in world.part_of:
        return OR[value, N]
    waiting, seen = list(world.part_of[one]), {one}
    while waiting:
        above = waiting.pop()
        if above not in seen:
            seen.add(above)
            value = OR[value, entered(above, world.lists[name], day)]
            waiting.extend(world.part_of.get(above, []))
    return value


def entered(one: str, members: list[Doc], day: str | None) -> str:
    """Return whether an entry of a list stands for something on a day."""
    value = F
    for member in members:
        if member["id"] != one:
            continue
        truth = N if member.get("confidence", 1) < 1 and not member.get("confirmed") else T
        if "from" in member:
            truth = AND[truth, N if day is None else (T if member["from"] <= day else F)]
        if "to" in member:
            truth = AND[truth, N if day is None else (T if day <= member["to"] else F)]
        value = OR[value, truth]
    return value


def period(inner: Doc, given: Doc, case: Doc) -> str:
    """Return whether a period shares a day with a span; 29 February is not among the days."""
    span: Doc = {"years": 0} if inner == "current" else inner["overlaps_period"]
    ends = given or {}
    told: list[Doc] = [
        None if ends.get(k) == "unknown" else ends.get(k) for k in ("since", "until")
    ]
    since, until = told
    until = LAST_DAY if until == "ongoing" else until
    first: Doc = span.get("from")
    last: Doc = span.get("to")
    if "years" in span:
        last = case.get(span.get("on", "date"))
        if last in (None, "unknown"):
            return N
        first = f"{int(last[:4]) - span['years']:04d}{last[4:]}"
    starts = T if last is None else (N if since is None else (T if since <= last else F))
    goes_on = T if first is None else (N if until is None else (T if until >= first else F))
    return AND[starts, goes_on]
