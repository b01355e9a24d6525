"""A pair of partners from both sides: what each would gain, and what joint works brought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fourseas.challenges.challenge import Challenge
from fourseas.errors import FourseasError
from fourseas.indicators.benefit_balance import FEWEST
from fourseas.partners.candidates import OBJECTIVES, candidates, offered
from fourseas.partners.dominance import dominance, is_undominated
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.partners.expected import expected_sheet
from fourseas.reports.partners.find import OWN, located, number, reading
from fourseas.reports.partners.gathering import Gathered, gathered
from fourseas.reports.partners.place import Asked, Place, unit
from fourseas.reports.partners.policies import Held, policy_sheet
from fourseas.reports.rows import rows
from fourseas.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two units of a pool, by their numbers."""

    pool: Gathered
    first: int
    second: int

    @property
    def names(self) -> tuple[str, str]:
        """What they are called."""
        return self.pool.names[self.first], self.pool.names[self.second]

    @property
    def ids(self) -> tuple[str, str]:
        """Their ids."""
        return self.pool.units[self.first], self.pool.units[self.second]


def paired(
    ws: Workspace, first: str, second: str, asked: Asked, challenge: Challenge | None = None
) -> Pair:
    """Return two units with the pool that they stand in.

    Raises
    ------
    FourseasError
        For a country and an organization, and for a unit and itself.
    """
    (kind, a), (other_kind, b) = (unit(ws, name, asked.register) for name in (first, second))
    if kind != other_kind:
        message = f"{first} is {_article(kind)} and {second} {_article(other_kind)}."
        raise FourseasError(message, "Name two countries, or two organizations.")
    if a == b:
        message = f"{first} and {second} are one {kind}."
        raise FourseasError(message, "Name two.")
    pool = gathered(ws, located(ws, kind, asked, challenge)[0])
    return Pair(pool=pool, first=pool.number(a, first), second=pool.number(b, second))


def _article(kind: str) -> str:
    return "an organization" if kind == "organization" else "a country"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairQuestion:
    """Which two, in what, and which policy they are held against."""

    first: str
    second: str
    asked: Asked
    challenge: Challenge | None = None
    held: Held | None = None


def pair_card(ws: Workspace, question: PairQuestion) -> Card:
    """Return what two units would be to each other as partners, from both sides."""
    challenge, held = question.challenge, question.held
    pair = paired(ws, question.first, question.second, question.asked, challenge)
    a, b = pair.names
    at = pair.pool.place
    sheets = [_sides(ws, pair), _fields(ws, pair)]
    if at.units == "country":
        brought = _brought(ws, pair)
        led = _led(ws, pair)
        first_tie, _ = expected_sheet(ws, pair.pool, pair.first, [pair.second])
        sheets += [sheet for sheet in (brought, led, first_tie) if sheet is not None]
    lead = [_standing(pair, seeker=True), _standing(pair, seeker=False)]
    if all(sheet.name not in ("benefit", "leadership") for sheet in sheets):
        lead.append(
            "What their joint works brought, and who led them, is not known: "
            + (
                "joint works of organizations are not scored by pairs."
                if at.units == "organization"
                else "the lake holds no census of records of joint works of the two."
            )
        )
    lead.append(OWN)
    if held is not None:
        name = challenge.name if challenge else None
        found, told = policy_sheet(ws, held, pair.pool, (pair.first, [pair.second]), name)
        sheets.append(found)
        lead.extend(told)
    return Card(
        title=f"{a} and {b} as partners",
        lead=tuple(lead),
        sheets=tuple(sheets),
        sources=sources(ws, {at.register, pair.pool.tied_in or "", "countries"}),
        citation=citation(ws),
    )


def _standing(pair: Pair, *, seeker: bool) -> str:
    """Say how many others beat one as a partner of the other."""
    seeks, other = (pair.first, pair.second) if seeker else (pair.second, pair.first)
    values = candidates(pair.pool.pool, seeks, offered(pair.pool.pool, pair.pool.asked)).objectives
    who, whom = pair.pool.names[seeks], pair.pool.names[other]
    if not np.isfinite(values[other]).any():
        return f"{whom} has too little there to be a partner of {who} in it."
    if is_undominated(values)[other]:
        return f"For {who}, no other partner is as good as {whom} in all and better in something."
    n = int(dominance(values)[:, other].sum())
    return f"For {who}, {n} other partner{'s' * (n > 1)} beat{'s' * (n == 1)} {whom}."


def _sides(ws: Workspace, pair: Pair) -> Sheet:
    """Return the objectives and ties, from both sides."""
    a, b = pair.names
    pool = pair.pool
    of = offered(pool.pool, pool.asked)
    of_a = candidates(pool.pool, pair.first, of)
    of_b = candidates(pool.pool, pair.second, of)
    lines: Rows = [
        {
            "measure": name.replace("_", " "),
            "a": number(of_a.objectives[pair.second, i]),
            "b": number(of_b.objectives[pair.first, i]),
            "meaning": meaning,
        }
        for i, (name, meaning) in enumerate(OBJECTIVES.items())
    ]
    for measure, name, meaning in (
        ("joint works", "joint", "in all fields"),
        ("common partners", "n_common", "partners that both have"),
        ("resource allocation", "allocation", "over common partners, the fewer theirs the more"),
        ("own concentration then", "dependence", "Herfindahl index with one more mean tie"),
    ):
        lines.append(
            {
                "measure": measure,
                "a": number(getattr(of_a, name)[pair.second]),
                "b": number(getattr(of_b, name)[pair.first]),
                "meaning": meaning,
            }
        )
    return Sheet(
        name="sides",
        title=f"What {b} would be to {a}, and {a} to {b}.",
        headings=(
            Heading("measure", "measure"),
            Heading("a", f"{b} to {a}", "count"),
            Heading("b", f"{a} to {b}", "count"),
            Heading("meaning", "meaning"),
        ),
        rows=lines,
        reading=reading(ws, pool),
    )


def _fields(ws: Workspace, pair: Pair) -> Sheet:
    """Return both profiles side by side, with the gains of each field."""
    a, b = pair.names
    pool = pair.pool
    every = np.ones(len(pool.fields))
    found = candidates(pool.pool, pair.first, offered(pool.pool, every))
    gain, back = found.gains(pair.second), found.partner_gains(pair.second)
    sides = (pair.first, pair.second)
    credit = [pool.pool.credit_of(one) for one in sides]
    indices = [pool.pool.indices_of(one) for one in sides]
    level = [pool.pool.levels_of(one) for one in sides]
    lines: Rows = [
        {
            "field": pool.field_names[i],
            "asked": "asked" if pool.asked[i] and pool.place.field_ids else "",
            "activity_a": number(indices[0][i]),
            "activity_b": number(indices[1][i]),
            "level_a": number(level[0][i]) if pool.has_levels else None,
            "level_b": number(level[1][i]) if pool.has_levels else None,
            "gain_a": number(gain[i]),
            "gain_b": number(back[i]),
        }
        for i in range(len(pool.fields))
        if credit[0][i] + credit[1][i] > 0
    ]
    headings = (
        Heading("field", "field"),
        Heading("gain_a", f"gain of {a}", "finer_ratio"),
        Heading("gain_b", f"gain of {b}", "finer_ratio"),
        Heading("activity_a", f"activity index, {a}", "ratio"),
        Heading("activity_b", f"activity index, {b}", "ratio"),
        Heading("level_a", f"level, {a}", "ratio"),
        Heading("level_b", f"level, {b}", "ratio"),
        Heading("asked", "asked for"),
    )
    return Sheet(
        name="fields",
        title="Where either has what the other lacks, field by field.",
        headings=tuple(
            one for one in headings if one.field != "asked" or any(x["asked"] for x in lines)
        ),
        rows=lines,
        reading=reading(ws, pool),
    )


def _brought(ws: Workspace, pair: Pair) -> Sheet | None:
    """Return what joint works brought either side, in the last five years that are told."""
    table = ws.table("benefit_balance")
    a, b = pair.ids
    found: pd.DataFrame = table.filter(
        (table.unit_id == a)
        & (table.partner_id == b)
        & (table.scheme == "all")
        & table.gain_low.notnull()
    ).to_pandas()
    if found.empty:
        return None
    last = found.sort_values("year").groupby(["register", "definition_id"]).tail(1)
    names = pair.names
    return Sheet(
        name="benefit",
        title="What joint works of five years brought either side beyond its own level.",
        headings=(
            Heading("register", "register"),
            Heading("definition_id", "definition"),
            Heading("year", "last year", "year"),
            Heading("p", "joint works", "count"),
            Heading("gain", f"gain of {names[0]}", "ratio"),
            Heading("gain_low", f"low, {names[0]}", "ratio"),
            Heading("gain_high", f"high, {names[0]}", "ratio"),
            Heading("partner_gain", f"gain of {names[1]}", "ratio"),
            Heading("partner_gain_low", f"low, {names[1]}", "ratio"),
            Heading("partner_gain_high", f"high, {names[1]}", "ratio"),
            Heading("balance", "balance", "share"),
            Heading("benefit", "who gains"),
            Heading("not_computable", "why not"),
        ),
        rows=rows(last.drop(columns="snapshot_on")),
        reading=Reading(
            definition="Credit times the difference of mean normalised citation scores of joint "
            "and of domestic works; see `fourseas explain benefit_balance`.",
            counting="Fractional; joint works full.",
            source="The registers named in the rows.",
            n="Joint works of all fields.",
            bounds=f"95% stability intervals; of fewer than {FEWEST} joint works ranges alone.",
            coverage="Not told over what is no census: levels there are no levels.",
        ),
    )


def _led(ws: Workspace, pair: Pair) -> Sheet | None:
    """Return who led the joint works of the period, in all fields."""
    cells = ws.table("pair_cells")
    a, b = pair.ids
    at: Place = pair.pool.place
    there = cells.filter(
        (cells.unit_id == a)
        & (cells.partner_id == b)
        & (cells.scheme == "all")
        & cells.year.between(*at.years)
        & cells.n_first_known.notnull()
    )
    found: pd.DataFrame = (
        there.group_by("register", "definition_id")
        .agg(
            p=there.p.sum(),
            known=there.n_first_known.sum(),
            first_a=there.first_unit.sum(),
            first_b=there.first_partner.sum(),
            part=there.credit.sum() / (there.credit.sum() + there.partner_credit.sum()),
        )
        .order_by("register", "definition_id")
        .to_pandas()
    )
    if found.empty:
        return None
    led = found.first_a / (found.first_a + found.first_b)
    enough = found.known >= FEWEST
    return Sheet(
        name="leadership",
        title="Who led the joint works, against what either put in.",
        headings=(
            Heading("register", "register"),
            Heading("definition_id", "definition"),
            Heading("p", "joint works", "count"),
            Heading("known", "first author known", "count"),
            Heading("led", f"led by {pair.names[0]}, of those led by either", "share"),
            Heading("part", f"part of {pair.names[0]} in the credit of both", "share"),
        ),
        rows=rows(found.assign(led=led.where(enough))),
        reading=Reading(
            definition="Led: by the first author. Balanced where both shares are equal.",
            counting="Full; credit fractional.",
            source="The registers named in the rows.",
            n=f"Joint works, {at.years[0]}-{at.years[1]}.",
            bounds=f"None; of fewer than {FEWEST} known first authors no share is told.",
            coverage="First authors mean little where authors stand in the order of the alphabet.",
        ),
    )
