"""What a change of ties touches, in tables, on a map and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from fourseas.models.closure import MODEL, NO_DOMESTIC, Closure, concentration
from fourseas.models.separation import Booleans, Floats
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.change_map import change_map
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.rows import rows
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

NAMED = 3
"""Third countries that the lead names."""

S0 = "If nothing else changes (S0)"
S1 = "If every country keeps all its links, with others and at home (S1)"

ASSUMPTIONS: Rows = [
    {
        "scenario": "S0: nothing instead",
        "assumed": "Joint works of the two sides are multiplied, and nobody does anything else. "
        "Works of three countries are lost to the pair and stay with the others.",
        "says": "The most that two sides can lose at once; third countries lose no works.",
    },
    {
        "scenario": "S1: all redirected",
        "assumed": "Each country keeps its sum of links, works at home among them, and divides "
        "them as it does now over what is open. People, money and topics move at no cost.",
        "says": "The most that can be redistributed: who would be nearest to take up what is "
        "closed, not that they would.",
    },
    {
        "scenario": "random changes",
        "assumed": "As many joint works change in pairs that are drawn at random, each as likely.",
        "says": "Whether it matters for the network that it is these two.",
    },
]

COUNTRIES = (
    Heading("country", "country"),
    Heading("side", "side"),
    Heading("joint", "joint works", "count"),
    Heading("touched", "S0: change", "change"),
    Heading("touched_part", "S0: in %", "points"),
    Heading("reach", "S0: reach, in %", "points"),
    Heading("abroad", "S1: change abroad", "change"),
    Heading("abroad_part", "S1: in %", "points"),
    Heading("home", "S1: change at home", "change"),
    Heading("concentration", "concentration", "finer_ratio"),
    Heading("concentration_s0", "S0: concentration", "finer_ratio"),
    Heading("concentration_s1", "S1: concentration", "finer_ratio"),
)

SIDES = (
    Heading("side", "side"),
    Heading("joint", "joint works with others", "count"),
    Heading("touched", "S0: change", "change"),
    Heading("touched_part", "S0: in %", "points"),
    Heading("all_part", "S0: in % of all links", "points"),
    Heading("top_10", "touched in the top 10%", "count"),
    Heading("third", "S1: with third countries", "change"),
    Heading("home", "S1: at home", "change"),
    Heading("within", "S1: among themselves", "change"),
    Heading("countries", "countries", "count"),
)


PARTLY = (
    Heading("country", "country"),
    Heading("side", "side"),
    Heading("abroad", "S2: change abroad", "change"),
    Heading("abroad_part", "S2: in %", "points"),
    Heading("home", "S2: change at home", "change"),
)


@dataclass(frozen=True, slots=True)
class Partly:
    """What follows if a part of what is closed is redirected.

    Attributes
    ----------
    part
        From 0 to 1.
    flows
        Joint works, links at home on the diagonal, shape (n, n).
    """

    part: float
    flows: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was worked out, and of what.

    Attributes
    ----------
    found
        The result.
    top_10
        Joint works in the world's top 10%, shape (n, n); null where the register does not tell.
    sides
        What to call the two.
    verb
        What they do.
    years
        Years that are summed.
    field
        In words.
    register
        Where joint works come from.
    others
        Other registers that tell works at home of these countries.
    n_named
        Countries that were asked for.
    most
        Third countries shown; all where none is said.
    names
        What to call countries or organizations, by code.
    partly
        What follows if a part is redirected; null where that is not asked.
    unit
        Whether these are countries or organizations.
    left_out
        What of the network is not in it, for readers.
    """

    found: Closure
    top_10: Floats | None
    sides: tuple[str, str]
    verb: str
    years: tuple[int, ...]
    field: str
    register: str
    others: set[str]
    n_named: int
    most: int | None
    names: dict[str, str]
    partly: Partly | None = None
    unit: Literal["countries", "organizations"] = "countries"
    left_out: str = ""

    @property
    def of_unit(self) -> str:
        """One of them."""
        return {"countries": "country", "organizations": "organization"}[self.unit]

    @property
    def period(self) -> str:
        """The years in words."""
        first, *_, last = (*self.years, self.years[-1])
        if len(self.years) == 1:
            return str(first)
        if len(self.years) == last - first + 1:
            return f"{first}-{last}"
        return ", ".join(str(year) for year in self.years)


def card(ws: Workspace, told: Told) -> Card:
    """Return the card of a change of ties."""
    found = told.found
    words = wording(ws)
    reading = _reading(told, words.sources[told.register])
    table = _by_country(told)
    is_redirected = found.redirected is not None
    column = "abroad_part" if is_redirected else "reach"
    drawn = "joint works abroad (S1)" if is_redirected else "reach in the network (S0)"
    third = table[table.side == "third"]
    shown = pd.concat([table[table.side != "third"], third.head(told.most or len(third))])
    left_out = len(table) - len(shown)
    return Card(
        title=f"What if {told.sides[0]} and {told.sides[1]} {told.verb}: {told.period}, "
        f"{told.field}",
        lead=_lead(told, table),
        pictures=(
            Picture(
                name="map",
                title=f"Change of {drawn} of each country.",
                spec=change_map(
                    ws,
                    dict(zip(table.code, table[column], strict=True)),
                    title=f"change of {drawn}",
                ),
                reading=reading,
            ),
        )
        if told.unit == "countries"
        else (),
        sheets=(
            Sheet(
                name="countries",
                title=f"The two sides, then third {told.unit} by the size of their change"
                + (f"; {left_out} more change less." if left_out else "."),
                headings=_told_headings(COUNTRIES, told),
                rows=rows(shown.drop(columns="code")),
                reading=reading,
            ),
            Sheet(
                name="sides",
                title="What each side has with all others, and what of it is touched.",
                headings=_told_headings(SIDES, told),
                rows=[
                    _of_side(told, told.sides[0], found.is_first),
                    _of_side(told, told.sides[1], found.is_second),
                ],
                reading=reading,
            ),
            *_partly(told, shown, reading),
            _network(told, reading),
            Sheet(
                name="assumptions",
                title="What is assumed.",
                headings=(
                    Heading("scenario", "scenario"),
                    Heading("assumed", "it assumes"),
                    Heading("says", "it says"),
                ),
                rows=ASSUMPTIONS,
                reading=reading,
            ),
        ),
        sources=sources(ws, [told.register, "countries"]),
        citation=citation(ws),
    )


def _told_headings(headings: tuple[Heading, ...], told: Told) -> tuple[Heading, ...]:
    """Return headings without those of a scenario that is not worked out, in words of the unit."""
    left_out = "S1:" if told.found.redirected is None else "-"
    words = {"country": told.of_unit, "countries": told.unit, "S1: with third countries": None}
    third = f"S1: with third {told.unit}"
    return tuple(
        replace(heading, title=words.get(heading.title, heading.title) or third)
        for heading in headings
        if not heading.title.startswith(left_out)
    )


def _partly(told: Told, shown: pd.DataFrame, reading: Reading) -> tuple[Sheet, ...]:
    """Return what follows for those that are shown if a part is redirected."""
    if told.partly is None:
        return ()
    before, flows = told.found.before, told.partly.flows
    sums = _abroad(before).sum(axis=1)
    change = _abroad(flows).sum(axis=1) - sums
    with np.errstate(divide="ignore", invalid="ignore"):
        part = change / sums
    table = pd.DataFrame(
        {
            "code": told.found.countries,
            "abroad": change,
            "abroad_part": part,
            "home": np.diag(flows) - np.diag(before),
        }
    )
    joined = shown[["code", "country", "side"]].merge(table, on="code").drop(columns="code")
    return (
        Sheet(
            name="partly",
            title=f"If {told.partly.part:.0%} of what is closed is redirected (S2).",
            headings=_told_headings(PARTLY, told),
            rows=rows(joined),
            reading=reading,
        ),
    )


def _by_country(told: Told) -> pd.DataFrame:
    """Return a row for each country: both sides, then others by the size of their change."""
    found = told.found
    before, without = _abroad(found.before), _abroad(found.without)
    sums = before.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = found.reach_without / found.reach_before - 1
        table = pd.DataFrame(
            {
                "code": found.countries,
                "country": [told.names.get(code, code) for code in found.countries],
                "side": np.select([found.is_first, found.is_second], ["first", "second"], "third"),
                "joint": sums,
                "touched": without.sum(axis=1) - sums,
                "touched_part": without.sum(axis=1) / sums - 1,
                "reach": reach,
                "concentration": concentration(before),
                "concentration_s0": concentration(without),
            }
        )
        redirected = np.full_like(before, np.nan) if found.redirected is None else found.redirected
        at_home = np.diag(redirected) - np.diag(found.before)
        abroad = redirected.sum(axis=1) - np.diag(redirected) - sums
        table = table.assign(
            abroad=abroad,
            abroad_part=abroad / sums,
            home=at_home,
            concentration_s1=concentration(redirected),
        )
    size = table.abroad.abs() if found.redirected is not None else table.reach.abs()
    is_third = table.side == "third"
    order = table.assign(is_third=is_third, size=size.where(is_third, sums))
    return order.sort_values(
        ["is_third", "side", "size", "code"], ascending=[True, True, False, True]
    ).drop(columns=["is_third", "size"])


def _abroad(flows: Floats) -> Floats:
    return flows * ~np.eye(len(flows), dtype=bool)


def _of_side(told: Told, name: str, members: Booleans) -> dict[str, object]:
    """Return what a side has with all that are not of it, and what is touched."""
    found = told.found
    others = ~members
    third = ~(found.is_first | found.is_second)
    other_side = others & ~third
    before = found.before[members]
    joint = float(before[:, others].sum())
    at_home = float(np.diag(found.before)[members].sum())
    within = float(_abroad(found.before)[np.ix_(members, members)].sum())
    changed = float((found.without - found.before)[members].sum())
    moved = None if found.redirected is None else found.redirected - found.before
    part = abs(found.factor - 1)
    return {
        "side": name,
        "joint": joint,
        "touched": changed,
        "touched_part": changed / joint,
        "all_part": changed / (joint + within + at_home) if moved is not None else None,
        "top_10": (
            None
            if told.top_10 is None
            else part * float(told.top_10[np.ix_(members, other_side)].sum())
        ),
        "third": None if moved is None else float(moved[np.ix_(members, third)].sum()),
        "home": None if moved is None else float(np.diag(moved)[members].sum()),
        "within": (
            None if moved is None else float(_abroad(moved)[np.ix_(members, members)].sum())
        ),
        "countries": int(members.sum()),
    }


def _network(told: Told, reading: Reading) -> Sheet:
    """Return what happens to the network as a whole, beside random closures."""
    found = told.found
    random, before = found.random_efficiency, found.efficiency_before
    return Sheet(
        name="network",
        title="The network as a whole, if nothing else changes (S0).",
        headings=(
            Heading("efficiency", "efficiency", "finer_ratio"),
            Heading("change", "change in %", "points"),
            Heading("least", "random: from, in %", "points"),
            Heading("most", "to, in %", "points"),
            Heading("as_far", "random with as much", "count"),
            Heading("draws", "of", "count"),
            Heading("connected", f"{told.unit} that are connected", "count"),
            Heading("connected_s0", "S0: connected", "count"),
        ),
        rows=[
            {
                "efficiency": before,
                "change": found.efficiency_without / before - 1,
                "least": float(random.min()) / before - 1,
                "most": float(random.max()) / before - 1,
                "as_far": found.n_random_as_far,
                "draws": len(random),
                "connected": found.n_in_largest_before,
                "connected_s0": found.n_in_largest_without,
            }
        ],
        reading=reading,
    )


def _lead(told: Told, table: pd.DataFrame) -> tuple[str, ...]:
    """Say what is touched, who would take it up, and what it is not."""
    found = told.found
    one, other = (
        _of_side(told, name, members)
        for name, members in zip(told.sides, (found.is_first, found.is_second), strict=True)
    )
    change = found.efficiency_without / found.efficiency_before - 1
    parts = [float(str(side["touched_part"])) for side in (one, other)]
    touched = (
        f"{S0}: {-found.removed:+,.0f} joint works, {parts[0]:+.1%} of those of {told.sides[0]} "
        f"and {parts[1]:+.1%} of those of {told.sides[1]}, each side's with {told.unit} outside it."
    )
    lines = [touched]
    if found.redirected is not None:
        third = table[(table.side == "third") & (table.abroad != 0)].head(NAMED)
        named = ", ".join(
            f"{row.country} {row.abroad:+,.0f} ({row.abroad_part:+.1%})"
            for row in third.itertuples()
        )
        home, within = (
            float(str(one[name])) + float(str(other[name])) for name in ("home", "within")
        )
        lines.append(
            f"{S1}: {home:+,.0f} works at home on the two sides"
            + (f" and {within:+,.0f} links among members of one side" if within else "")
            + (f"; of third {told.unit}, joint works change most in {named}." if named else ".")
        )
    else:
        where = (
            f" It is in another register: {' or '.join(sorted(told.others))}."
            if told.others
            else f" No register of this lake tells works at home of these {told.unit}."
        )
        if found.not_redirected != NO_DOMESTIC:
            where = ""
        lines.append(f"{S1}: not worked out, because {found.not_redirected}.{where}")
    if told.partly is not None:
        lines.append(_in_part(told, told.partly))
    lines.append(
        f"Efficiency of the network (S0) changes by {change:+.2%}; "
        f"{found.n_random_as_far} of {len(found.random_efficiency)} random changes of as many "
        "joint works change it as much or more."
    )
    lines.append("A working-out of assumptions, between which the truth may lie, and no forecast.")
    return tuple(lines)


def _in_part(told: Told, partly: Partly) -> str:
    """Say what both sides keep if a part is redirected."""
    change = partly.flows - told.found.before
    sides = (told.found.is_first, told.found.is_second)
    kept = ", ".join(
        f"{name} {float(change[members].sum()):+,.0f}"
        for name, members in zip(told.sides, sides, strict=True)
    )
    return (
        f"If {partly.part:.0%} is redirected (S2, a part that was asked for and that no data here "
        f"tell), links of all kinds change by: {kept}."
    )


def _reading(told: Told, source: str) -> Reading:
    found = told.found
    top_10 = "" if told.top_10 is not None else " Which are in the top 10% is not told."
    n_members = int((found.is_first | found.is_second).sum())
    return Reading(
        definition=(
            f"{MODEL.formula}; f is {found.factor:g}. Reach: the mean over other "
            f"{told.unit} of the inverse of the shortest way, a link being the longer the weaker "
            "it is for the size of both; efficiency is its mean. Concentration: sum of squared "
            "shares of partners."
        ),
        counting=(
            f"Full: a work of three {told.unit} is in three pairs, so that a sum over pairs counts "
            "it several times."
        ),
        source=source,
        n=(
            f"{found.before.sum() / 2 - np.trace(found.before) / 2:,.0f} joint works in pairs of "
            f"{len(found.countries)} {told.unit}, {told.period}, {told.field}; the change is of "
            f"{abs(found.removed):,.0f}."
        ),
        bounds=(
            "No interval: all works of the register are counted. S0 and S1 are the two bounds, and "
            "random closures from seed 0 the reference."
        ),
        coverage=(
            f"{n_members} of the {told.n_named} {told.unit} that were asked for have joint works "
            f"there.{top_10}{told.left_out} Joint works with {told.unit} that the register "
            "does not list, topics, persons and costs are not seen. Not done: partial "
            "substitution as estimated from past closures, fields for which the register has no "
            "pairs."
        ),
    )
