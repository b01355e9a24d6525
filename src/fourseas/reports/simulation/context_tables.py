"""What stands beside exposure, as tables of two sides: workload, mirror, thirds, pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from fourseas.policy.exposure import TOUCHED
from fourseas.policy.wording import words
from fourseas.reports.panel import Heading, Rows
from fourseas.reports.simulation.exposure_tables import PARTNER, PARTNERS_SHOWN
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
    less,
    number,
    owner_named,
    ranked,
    register_named,
    rows_of_present,
    so_many,
)
from fourseas.reports.simulation.sides import BothSides, Exposed, Measure, Row
from fourseas.reports.simulation.simulate import Simulation

FIELDS_SHOWN = 5
THIRDS_SHOWN = 5
"""Countries of one field."""

PAIR = ("register", "definition_id", "partner_id")


def workload(series: Series) -> BothSides:
    """Return the cases that a person would have to look at, by year."""
    hours = series.of.scenario.hours_per_case
    counts = {
        side: {str(row["year"]): row for row in series.own(rows)}
        for side, rows in (
            ("owner", series.of.counted.owner_load),
            ("partner", series.of.counted.partner_load),
        )
    }
    headings = [
        Heading("n_cases", "cases", "count"),
        Heading("n_review", "for review", "count"),
        Heading("n_needs_information", "in need of information", "count"),
    ]
    said = "Give --hours-per-case to turn cases into hours."
    if hours is not None:
        headings.append(Heading("hours", "officer hours", "count"))
        said = f"Hours: {hours:g} for each case under review or in need of information."

    def measures(side: str, year: str) -> dict[str, Measure]:
        row = counts[side].get(year, {})
        told: dict[str, Measure] = {
            one.field: number(row.get(one.field)) for one in headings if one.field != "hours"
        }
        looked_at = number(row.get("n_review")) + number(row.get("n_needs_information"))
        return told if hours is None else told | {"hours": hours * looked_at}

    return BothSides(
        name=f"workload-{series.register}",
        title="What officers would look at, if each work were asked about",
        sides=(series.sides[0], "the partners, if they adopted it"),
        about=(Heading("year", "year"),),
        measured=tuple(headings),
        rows=tuple(
            Row(
                about={"year": year},
                owner=measures("owner", year),
                partner=measures("partner", year),
            )
            for year in sorted({*counts["owner"], *counts["partner"]})
        ),
        notes=(
            (
                "One case for each work that is known to be of two countries, and country that "
                f"decides. Proposals that led to no work are not seen. {said}"
            ),
        ),
    )


def changes(series: Series) -> BothSides | None:
    """Return which cases another level is found for than by the present policy."""
    against = series.of.scenario.against
    if against is None:
        return None
    found = [row for row in series.own(series.of.changes) if row["before"] != row["after"]]
    return BothSides(
        name=f"changes-{series.register}",
        title=f"Which cases change their level: {series.title}",
        sides=series.sides,
        about=(Heading("before", "now"), Heading("after", "then")),
        measured=(Heading("cases", "works", "count"), Heading("share", "of its works", "share")),
        rows=tuple(
            Row(
                about={name: words(str(row[name])) for name in ("before", "after")},
                owner={"cases": counted(row), "share": ends(row, "owner_share")},
                partner={
                    "cases": number(row["n_least"]),
                    "share": cast("float | None", row["partner_share"]),
                },
            )
            for row in sorted(found, key=lambda row: -number(row["n_most"]))
        ),
        notes=(
            "The other side: the countries that take part in the works of the row. A case that "
            "needs information before and after is not among them, whatever it may come to."
            if found
            else "No case changes its level.",
        ),
        comparison=f"the present policy: {against.title}, version {against.version}",
    )


def mirror(series: Series) -> BothSides | None:
    """Return what the same policy would touch in the hands of either side."""
    found = series.own(series.of.counted.mirrored)
    if not found:
        return None
    joint = {one["partner_id"]: one for one in series.cells(TOUCHED, partner=EACH)}
    whole = series.whole

    def row(one: Mapping[str, object]) -> Row:
        shared = joint.get(one["partner_id"])
        return Row(
            about={"partner": country_named(series.of, one["partner_id"])},
            owner={
                "all": counted(whole),
                "share": ends(whole, "owner_share"),
                "joint": counted(shared) if shared else NONE,
            },
            partner={
                "all": counted(one),
                "share": ends(one, "share"),
                "joint": ends(one, "n_owner"),
            },
        )

    return BothSides(
        name=f"mirror-{series.register}",
        title=f"The same policy in the partner's hands: {series.title}",
        sides=(f"{series.sides[0]} owns it", "the partner owns it"),
        about=(PARTNER,),
        measured=(
            Heading("all", "all works touched", "count"),
            Heading("share", "of its works", "share"),
            Heading("joint", "with each other", "count"),
        ),
        rows=tuple(row(one) for one in ranked(found, "partner_id")),
        notes=(
            (
                "The two countries change places: where a list names the partner, the mirror "
                "names the owner. Which organizations it would name nobody knows: those of either "
                "side are unknown there, which widens the interval."
            ),
        ),
        comparison="the owner's own works under the same policy, to the left",
    )


def thirds(series: Series) -> BothSides | None:
    """Return third countries with which either side writes in the fields that are touched."""
    found = series.own(series.of.thirds)
    if not found:
        return None
    touched = {str(row["field_id"]): number(row["n_touched"]) for row in found}
    chosen = sorted(touched, key=lambda one: (-touched[one], one))[:FIELDS_SHOWN]

    def order(row: Mapping[str, object]) -> tuple[float, str]:
        return -number(row["n_with_owner"]) - number(row["n_with_partners"]), str(row["country"])

    def first(field: str) -> Rows:
        rows = (row for row in found if row["field_id"] == field)
        return sorted(rows, key=order)[:THIRDS_SHOWN]

    def measures(row: Mapping[str, object], side: str, count: str) -> dict[str, Measure]:
        return {
            "works": number(row[count]),
            "share": cast("float | None", row[f"{side}_share"]),
            "change": number(row[f"{side}_change"]),
        }

    n_remaining = {
        field: sum(row["field_id"] == field and number(row["n_with_owner"]) > 0 for row in found)
        for field in chosen
    }
    return BothSides(
        name=f"thirds-{series.register}",
        title=f"Hypotheses, not findings: {series.title}",
        sides=(f"with {series.sides[0]}", f"with the partners, without {series.sides[0]}"),
        about=(
            Heading("field", "field"),
            Heading("touched", "works touched there"),
            Heading("remaining", "partners left to the owner there"),
            Heading("country", "third country"),
        ),
        measured=(
            EXPOSED[0],
            Heading("share", "of that side's works there", "share"),
            Heading("change", "later half less earlier", "change"),
        ),
        rows=tuple(
            Row(
                about={
                    "field": field_named(series.of, field),
                    "touched": f"{touched[field]:,.0f}",
                    "remaining": str(n_remaining[field]),
                    "country": country_named(series.of, row["country"]),
                },
                owner=measures(row, "owner", "n_with_owner"),
                partner=measures(row, "partner", "n_with_partners"),
            )
            for field in chosen
            for row in first(field)
        ),
        notes=(
            (
                "Countries of which no work is, or may be, touched in the field. That one writes "
                "there already, with either side, makes it a candidate for a substitute or for a "
                "gain; nothing here says that anybody would take that place."
            ),
            (
                f"{len(chosen)} of {len(touched)} fields with a work that is surely touched, up to "
                f"{THIRDS_SHOWN} countries of each."
            ),
        ),
    )


def conditions(of: Simulation) -> BothSides:
    """Return how well history shows each condition, on both sides."""
    return BothSides(
        name="conditions",
        title="How well history shows what the policy asks",
        sides=(f"cases of {owner_named(of)}", "cases of the partners"),
        about=(
            Heading("said", "condition"),
            Heading("rules", "asked by"),
            Heading("mark", "mark"),
            Heading("how", "why"),
        ),
        measured=(Heading("known", "answered in", "share"),),
        rows=tuple(
            Row(
                about={
                    "said": one.condition.said,
                    "rules": ", ".join(one.condition.rules),
                    "mark": one.condition.mark,
                    "how": one.condition.how,
                },
                owner={"known": one.owner_share},
                partner={"known": one.partner_share},
            )
            for one in of.known
        ),
        notes=(
            (
                "The share of cases, of all registers together, in which the answer is known to be "
                "yes or no. Cases of the partners: works of those touched most, the sides swapped; "
                "a dash where no partner is touched. An answer is of a statement as a whole: where "
                "a condition stands within one about parties or people, that of the statement."
            ),
        ),
    )


def pairs(of: Simulation) -> tuple[BothSides, ...]:
    """Return what is touched in published counts of pairs, one table for each publisher."""
    publishers = sorted(
        {(str(one["register"]), str(one["definition_id"])) for one in of.counted.pairs}
    )
    return tuple(
        _pairs_of(
            of,
            [
                one
                for one in of.counted.pairs
                if (one["register"], one["definition_id"]) == publisher
            ],
        )
        for publisher in publishers
    )


def _pairs_of(of: Simulation, own: Rows) -> BothSides:
    """Return what is touched in the counts of one publisher."""
    present = rows_of_present(of, "pairs")
    some = own[0]
    touched = [one for one in own if one["n_most"]]
    shown = ranked(touched, "partner_id")[:PARTNERS_SHOWN]

    def row(one: Mapping[str, object]) -> Row:
        now = earlier(present, one, PAIR)
        owner, partner = (
            Exposed(
                works=counted(one),
                output=number(one[f"{side}_international"]),
                change=less(counted(one), counted(now) if now else NONE),
            )
            for side in ("owner", "partner")
        )
        return Row(
            about={"partner": country_named(of, one["partner_id"])},
            owner=owner.measures,
            partner=partner.measures,
        )

    return BothSides(
        name=f"pairs-{some['register']}",
        title=f"{register_named(of, some['register'])}, {some['first_year']}-{some['last_year']}",
        sides=(owner_named(of), "the partner"),
        about=(PARTNER,),
        measured=(
            EXPOSED[0],
            Heading("share", "of its international works", "share"),
            EXPOSED[2],
        ),
        rows=tuple(row(one) for one in shown),
        notes=(
            (
                f"Published years: {some['n_years']}. At least: touched whoever else takes part; "
                "at most: perhaps, by somebody else who does. "
                f"{so_many(len(shown), len(touched), 'partners')}"
            ),
            "Rows must not be summed: a work of three countries is in two of them.",
        ),
    )
