"""The words of policies and cases as a page: outcomes, conditions, facts, obligations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fourseas.policy.case_schema import NONE, ONGOING, UNKNOWN
from fourseas.policy.vocabulary import (
    FORBIDDEN,
    LEVELS,
    MEANINGS,
    MIRRORED_ACTIVITIES,
    OBLIGATIONS,
    Fact,
    Level,
    children,
)

Row = tuple[str, ...]

JOINED: tuple[Row, ...] = (
    ("`all_of: [...]`, or a list alone", "Every item holds."),
    ("`any_of: [...]`", "Some item holds."),
    ("`not: ...`", "The item does not hold."),
    ("`exists: parties`", "At least one is given."),
    ("`document_present: agreement`", "It is among the documents at hand."),
    ("`any_party: ...`", "It holds of some party; so for people, ties and data."),
    ("`all_parties: ...`", "It holds of every party; so for people, ties and data."),
    ("`count_ge: {n: 3, of: parties, where: ...}`", "It holds of at least so many."),
    (
        "`count_ge: {n: 3, of: parties, distinct: country}`",
        "They have at least so many different values of a fact.",
    ),
    (
        "`share_ge: {share: 0.5, of: parties, where: ...}`",
        "It holds of at least this share of those given.",
    ),
)
"""How conditions are joined, and asked of rows."""

TESTED: dict[str, tuple[Row, ...]] = {
    "word": (
        ("`activity: visit` or `{eq: visit}`", "It is this word."),
        ("`activity: [visit, hosting]` or `{one_of: [...]}`", "It is one of these."),
    ),
    "flag": (("`transfers_out: true` or `{eq: true}`", "It is so; `false`: it is not."),),
    "number": (
        ("`trl: 4` or `{eq: 4}`", "It is this number."),
        ("`trl: {ge: 4, lt: 7}`", "`ge` at least, `gt` above, `le` at most, `lt` below."),
    ),
    "date": (
        ("`signed_on: {ge: 2024-01-01}`", "As for numbers: `ge` that day or later."),
        ("`signed_on: {between_dates: [2024-01-01, 2024-12-31]}`", "First and last day included."),
    ),
    "period": (
        ("`period: current`", "It goes on upon the day of the finding."),
        (
            "`period: {overlaps_period: {years: 5}}`",
            "It shares a day with so many years up to that day; `on` names another date.",
        ),
        ("`period: {overlaps_period: {from: 2020-01-01, to: 2020-12-31}}`", "Or with fixed days."),
    ),
    "country, organization": (
        ("`country: {in_list: my-list}`", "It is on the list on the day of the finding."),
        ("`country: {in_list: my-list, on: signed_on}`", "On another day that the case gives."),
        (
            "`organization: {within_org_tree: my-list}`",
            "It, or an organization that it is part of, is on the list.",
        ),
    ),
    "many values": (
        ("`topics: {intersects: my-list}`", "Some of them is on the list."),
        ("`topics: {subset_of: my-list}`", "All of them are on the list."),
        ("`consent_codes: {intersects: [HMB, GS]}`", "Of words: some of them is one of these."),
        ("`funders: {within_org_tree: my-list}`", "Of organizations: some is on it or below."),
    ),
}
"""How a fact is tested, by its type."""


def vocabulary_page() -> str:
    """Return the page; it is made anew by `make pages`."""
    return "\n".join([*_outcomes(), *_conditions(), *_facts(), *_duties()])


def _table(header: Row, rows: Iterable[Row]) -> list[str]:
    lines = [header, tuple("---" for _ in header), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


DATES = tuple(
    dict.fromkeys(
        one.name for level in LEVELS.values() for one in level.facts if one.type == "date"
    )
)

OUTCOMES_TOLD = """\
# The words of policies and cases

Made from the vocabulary by `make pages`. How to use it:
[write a policy](how-to/write-a-policy.md). For editors: [policy.schema.json](policy.schema.json)
and [case.schema.json](case.schema.json).

## Outcomes, from mild to strict
"""

COMBINED = """\
A rule decides `open`, `open_with_conditions`, `review` or `closed`. Where several rules hold, the
strictest decides; where none does, the case is open. An exemption switches its rule off. What is
not known makes an interval: at least the strictest rule that holds, at most the strictest that
holds or may hold. Where the two differ, the finding is `needs_information` and names the fewest
facts that settle it.
"""

LISTS_TOLD = """\
Countries, organizations, topics and fields stand in named lists with source and date, never in a
condition. A list is read on `date` unless `on` says another date of the case or of the row:
{dates}.

No condition, and no case, can hold a person's {grounds}: such a word is an error.
"""

FACTS_TOLD = f"""\
## Facts

In a case, `{UNKNOWN}` (or nothing) says that a fact is not known; `parties: {NONE}` says that there
are none, `complete: [parties]` that all are given, and `until: {ONGOING}` that a period lasts. A
fact may name its origin: `trl: {{value: 4, source: interview, on: 2024-05-01}}`.
"""

DUTIES_TOLD = """\
## Obligations

Each has a `kind`, a `text`, who must do it (`by`), and if need be `due` (a day, or
`{days: 30, after: signed_on}`; less than 0 is before) and `evidence`.
"""

MIRRORS_TOLD = """\
## Mirrors

What one side calls an activity, and the other. All other activities are the same from both sides.
"""


def _outcomes() -> Iterator[str]:
    yield OUTCOMES_TOLD
    rows = ((f"`{one}`", said) for one, said in MEANINGS.items())
    yield from _table(("outcome", "meaning"), rows)
    yield COMBINED


def _conditions() -> Iterator[str]:
    yield "## Conditions\n"
    yield from _table(("written", "holds when"), JOINED)
    for kind, rows in TESTED.items():
        yield f"### Facts: {kind}\n"
        yield from _table(("written", "holds when"), rows)
    yield LISTS_TOLD.format(dates=_listed(DATES), grounds=", ".join(FORBIDDEN))


def _facts() -> Iterator[str]:
    yield FACTS_TOLD
    for level in LEVELS.values():
        if not level.holds_values:
            yield from _level(level)


def _level(level: Level) -> Iterator[str]:
    above = "" if level.parent in {None, "cases"} else f" of {level.parent}"
    yield f"### {level.plural.capitalize()}{above}\n\n{level.meaning}\n"
    facts = [(fact.name, fact) for fact in level.facts]
    facts += [(one.plural, one.facts[0]) for one in children(level) if one.holds_values]
    rows = (
        (f"`{name}`", fact.type if name == fact.name else f"many: {fact.type}", _told(fact))
        for name, fact in facts
    )
    yield from _table(("fact", "type", "meaning"), rows)


def _told(fact: Fact) -> str:
    """Return what a fact means and can be."""
    if fact.words:
        return f"{fact.meaning} {_listed(fact.words)}."
    if fact.greatest != float("inf"):
        return f"{fact.meaning} From {fact.least:g} to {fact.greatest:g}."
    return fact.meaning


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _duties() -> Iterator[str]:
    yield DUTIES_TOLD
    rows = ((f"`{one}`", said) for one, said in OBLIGATIONS.items())
    yield from _table(("kind", "meaning"), rows)
    yield MIRRORS_TOLD
    pairs = ((ours, theirs) for ours, theirs in MIRRORED_ACTIVITIES.items() if ours < theirs)
    yield from _table(("here", "there"), ((f"`{a}`", f"`{b}`") for a, b in pairs))
