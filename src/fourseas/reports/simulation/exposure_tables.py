"""What a policy touches, as tables of two sides: levels, rules, partners, fields, people, years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from fourseas.policy.exposed_parties import FEWEST_PEOPLE
from fourseas.policy.exposure import ALONE, LEVELS_COUNTED, RULE, TOUCHED
from fourseas.policy.vocabulary import NEEDS_INFORMATION
from fourseas.policy.wording import words
from fourseas.reports.panel import Heading
from fourseas.reports.simulation.series import (
    EACH,
    EXPOSED,
    NONE,
    Series,
    counted,
    country_named,
    earlier,
    ends,
    field_named,
    is_whole,
    less,
    now_said,
    number,
    ranked,
    rows_of_present,
    so_many,
)
from fourseas.reports.simulation.sides import BothSides, Ends, Exposed, Measure, Row

PARTNERS_SHOWN = 15
FIELDS_SHOWN = 12
ORGANIZATIONS_SHOWN = 10
PARTNER = Heading("partner", "partner")
FEW_PEOPLE = f"fewer than {FEWEST_PEOPLE}, not told"
NOBODY = Exposed(works=Ends(None, None), output=None, change=Ends(None, None))
ORGANIZATION = ("register", "definition_id", "side", "country", "organization_id")

LEVEL_TITLES = {
    TOUCHED: "touched: anything stricter than open",
    **{word: words(word) for word in LEVELS_COUNTED},
}


def levels(series: Series) -> BothSides:
    """Return what is touched altogether, by level, by rule, and by one rule alone."""
    rules = [rule.rule_id for rule in series.of.scenario.policy.rules]
    titles = LEVEL_TITLES | {NEEDS_INFORMATION: "needs information: its level is not known"}
    for rule in rules:
        titles |= {f"{RULE}{rule}": f"rule {rule}", f"{ALONE}{rule}": f"rule {rule} and no other"}
    return BothSides(
        name=f"levels-{series.register}",
        title="What is touched, by level and by rule",
        sides=series.sides,
        about=(Heading("what", "what"),),
        measured=EXPOSED,
        rows=tuple(
            series.exposed(cell, what=said)
            for measure, said in titles.items()
            for cell in series.cells(measure)
        ),
        notes=(
            (
                "Each number runs from what is touched whatever is not known to what may be. "
                "Levels: a work comes to one, certainly or perhaps."
            ),
            now_said(series.of),
        ),
        comparison="works with others that are not touched, by year below",
    )


def parts_of_output(series: Series) -> BothSides:
    """Return touched works as parts of all, international and top 10% works."""
    parts = {
        "all works": ("", "output"),
        "works known to be international": ("international_", "international"),
        "works in the world's top 10%": ("top_10_", "top_10"),
    }
    cell = series.whole

    def measures(side: str, part: str, whole: str) -> dict[str, Measure]:
        return {
            "of": cast("float | None", cell[f"{side}_{whole}"]),
            "touched": ends(cell, f"{side}_{part}share"),
        }

    notes = ["Works that may be international are in the divisor of the least share."]
    if series.scope != "census":
        notes.append(
            f"The register is a {series.scope} here: its shares are of the works that it holds, "
            "and which of them are in the world's top 10% cannot be said."
        )
    return BothSides(
        name=f"parts-{series.register}",
        title="Which part of either side's output that is",
        sides=series.sides,
        about=(Heading("of", "of"),),
        measured=(Heading("of", "there are", "count"), Heading("touched", "touched", "share")),
        rows=tuple(
            Row(
                about={"of": said},
                owner=measures("owner", *names),
                partner=measures("partner", *names),
            )
            for said, names in parts.items()
        ),
        notes=tuple(notes),
    )


def partners(series: Series) -> BothSides | None:
    """Return the partners with the most works touched; None where there is none."""
    found = [one for one in series.cells(TOUCHED, partner=EACH) if one["n_most"]]
    if not found:
        return None
    shown = ranked(found, "partner_id")[:PARTNERS_SHOWN]
    return BothSides(
        name=f"partners-{series.register}",
        title="With whom",
        sides=(series.sides[0], "the partner"),
        about=(PARTNER,),
        measured=EXPOSED,
        rows=tuple(
            series.exposed(cell, partner=country_named(series.of, cell["partner_id"]))
            for cell in shown
        ),
        notes=(
            (
                f"{so_many(len(shown), len(found), 'partners')} A work of several partners counts "
                "for each of them, also for one that no rule is about."
            ),
        ),
    )


def fields(series: Series) -> BothSides | None:
    """Return the fields with the most works touched; None where there is none."""
    found = [one for one in series.cells(TOUCHED, field=EACH) if one["n_most"]]
    if not found:
        return None
    shown = ranked(found, "field_id")[:FIELDS_SHOWN]
    return BothSides(
        name=f"fields-{series.register}",
        title="In which fields",
        sides=series.sides,
        about=(Heading("field", "field"),),
        measured=EXPOSED,
        rows=tuple(
            series.exposed(cell, field=field_named(series.of, cell["field_id"])) for cell in shown
        ),
        notes=(
            (
                f"{so_many(len(shown), len(found), 'fields')} Shares are of a side's own works "
                "in the field; a work in several fields counts in each."
            ),
        ),
        comparison="third countries in the same fields, below",
    )


def organizations(series: Series) -> BothSides | None:
    """Return the organizations of either side with the most works touched."""
    found = series.own(series.of.counted.organizations)
    present = rows_of_present(series.of, "organizations")
    sides = {
        side: ranked([row for row in found if row["side"] == side], "organization_id")
        for side in ("owner", "partner")
    }
    n_rows = min(ORGANIZATIONS_SHOWN, max(map(len, sides.values())))
    if not n_rows:
        return None

    def measures(side: str, place: int) -> dict[str, Measure]:
        if place >= len(sides[side]):
            return {"name": None, **NOBODY.measures}
        row = sides[side][place]
        now = earlier(present, row, ORGANIZATION)
        exposed = Exposed(
            works=counted(row),
            output=number(row["n_output"]),
            change=less(counted(row), counted(now) if now else NONE),
        )
        name = f"{row['organization_name'] or 'without a name'} ({row['country']})"
        return {"name": name, **exposed.measures}

    return BothSides(
        name=f"organizations-{series.register}",
        title="Which organizations carry most",
        sides=series.sides,
        about=(Heading("rank", "rank"),),
        measured=(Heading("name", "organization"), *EXPOSED),
        rows=tuple(
            Row(
                about={"rank": str(place + 1)},
                owner=measures("owner", place),
                partner=measures("partner", place),
            )
            for place in range(n_rows)
        ),
        notes=(
            (
                f"{len(sides['owner'])} organizations of the owner and {len(sides['partner'])} of "
                "the other side have a work that is, or may be, touched. Addresses without an "
                "organization are left out, and one spelled in several ways has several "
                "rows; shares are of all its works at addresses there."
            ),
        ),
    )


def people(series: Series) -> BothSides | None:
    """Return how many authors of works that are surely touched there are, few withheld."""
    found = series.own(series.of.people)
    if not found:
        return None
    shown = sorted(found, key=lambda row: -number(row["n_partner_people"]))[:PARTNERS_SHOWN]

    def told(value: object) -> dict[str, Measure]:
        return {"people": FEW_PEOPLE if value is None else f"{number(value):,.0f}"}

    return BothSides(
        name=f"people-{series.register}",
        title="How many authors",
        sides=(series.sides[0], "the partner"),
        about=(PARTNER,),
        measured=(Heading("people", "authors"),),
        rows=tuple(
            Row(
                about={"partner": country_named(series.of, row["partner_id"])},
                owner=told(row["n_owner_people"]),
                partner=told(row["n_partner_people"]),
            )
            for row in shown
        ),
        notes=(
            (
                f"{so_many(len(shown), len(found), 'partners')} Authors of works that are touched "
                "whatever is not known, by country of their address. No name is read; fewer than "
                f"{FEWEST_PEOPLE}, and none, are not told."
            ),
        ),
    )


def years(series: Series) -> BothSides:
    """Return what is touched and what is not, by year."""
    found = series.cells(TOUCHED, period=EACH)

    def untouched(cell: Mapping[str, object]) -> str:
        joint, (least, most) = number(cell["n_joint"]), counted(cell)
        few, many = (f"{joint - number(end):,.0f}" for end in (most, least))
        return few if few == many else f"{few} to {many}"

    return BothSides(
        name=f"years-{series.register}",
        title="When",
        sides=series.sides,
        about=(Heading("year", "year"), Heading("rest", "works with others, not touched")),
        measured=EXPOSED,
        rows=tuple(
            series.exposed(cell, year=str(cell["period"]), rest=untouched(cell))
            for cell in sorted(found, key=lambda cell: str(cell["period"]))
        ),
        notes=("By year of publication, which is some time after the work was agreed upon.",),
        comparison="works of the owner with others that are not touched, in the second column",
    )


def unconfirmed(series: Series) -> BothSides | None:
    """Return what would be touched if every unconfirmed entry of a list were meant."""
    found = {str(row["measure"]): row for row in series.own(series.of.unconfirmed) if is_whole(row)}
    if not found:
        return None
    return BothSides(
        name=f"unconfirmed-{series.register}",
        title=f"If every list entry that nobody has confirmed were meant: {series.title}",
        sides=series.sides,
        about=(Heading("what", "what"),),
        measured=EXPOSED,
        rows=tuple(
            series.exposed(found[measure], what=said) for measure, said in LEVEL_TITLES.items()
        ),
        notes=(
            (
                "Elsewhere in this report such an entry leaves it open whether a work is touched: "
                "it is in the greater number of each interval only."
            ),
        ),
        comparison="the table of levels above",
    )
