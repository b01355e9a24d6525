"""What became of the joint works of two countries, as a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.realized_change import Periods, RealizedChange, realized_change
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import coefficient_plot
from fourseas.reports.estimates.place import Place, Wanted, of_no_census, place
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace

Years = tuple[int, int]

PARTNERS = 12
"""Partners of each side that are shown beside the pair, by joint works in both periods."""

CHANGES = (
    Heading("pair", "pair"),
    Heading("before", "joint works before", "count"),
    Heading("after", "after", "count"),
    Heading("expected", "expected after", "count"),
    Heading("ratio", "ratio", "ratio"),
    Heading("low", "95% interval from", "ratio"),
    Heading("high", "to", "ratio"),
    Heading("as_far", "like pairs as far from 1", "share"),
)
YEARS = (
    Heading("year", "year", "year"),
    Heading("works", "joint works", "count"),
    Heading("of_first", "of all links of the first", "finer_share"),
    Heading("of_second", "of all links of the second", "finer_share"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    first, second
        Two countries.
    from_year, to_year
        Years after; to the last complete one where no last is said.
    n_before
        Years before that these are compared with; as many as after where none is said.
    field, register
        As of every model.
    """

    first: str
    second: str
    from_year: int
    to_year: int | None = None
    n_before: int | None = None
    field: str = ALL
    register: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Joint works by pair and period, and what was asked of them."""

    countries: tuple[str, ...]
    periods: Periods
    before: Years
    after: Years
    sides: tuple[int, int]

    def pair(self, one: int, other: int) -> int | None:
        """Return the row of a pair; null where it has no joint work in either period."""
        rows = np.flatnonzero(
            (self.periods.first == min(one, other)) & (self.periods.second == max(one, other))
        )
        return int(rows[0]) if len(rows) else None

    def partners(self, side: int) -> list[int]:
        """Return the other countries of a side, those with most joint works first."""
        total = self.periods.before + self.periods.after
        rows = np.flatnonzero((self.periods.first == side) | (self.periods.second == side))
        rows = rows[np.argsort(-total[rows], kind="stable")]
        others = self.periods.first[rows] + self.periods.second[rows] - side
        return [int(other) for other in others if other not in self.sides][:PARTNERS]


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked of joint works, the works themselves by year, and what became of the pair."""

    told: Told
    works: pd.DataFrame
    change: RealizedChange


def realized_change_card(ws: Workspace, question: Question) -> Card:
    """Return what became of the joint works of two countries from a year on.

    Raises
    ------
    UnknownNameError
        For a country, field or register that is not known.
    NotComputableError
        Where there are no such joint works, or none before, or too few of others.
    """
    one, other = (_country(ws, name) for name in (question.first, question.second))
    names = wording(ws).countries
    asked = f"What became of joint works of {names[one]} and {names[other]}"
    if one == other:
        raise NotComputableError.because(asked, "both are one country", "Name two countries.")
    wanted = Wanted(
        question=asked,
        flows="joint works",
        measure="p",
        field=question.field,
        years=None,
        register=question.register,
    )
    at = place(ws, ws.table("pair_cells"), wanted)
    works = _works(ws, at)
    periods = _periods(ws, at, question, sorted(set(works.year)))
    told = _told(works, periods, (one, other))
    pair = None if told is None else told.pair(*told.sides)
    if told is None or pair is None:
        (first, _), (_, last) = periods
        reason = f"the register {at.register} tells none in {first}-{last}"
        raise NotComputableError.because(asked, reason, "Take other years or another --register.")
    return _card(ws, at, Found(told, works, realized_change(told.periods, pair)))


def _country(ws: Workspace, name: str) -> str:
    """Return the one country that is meant."""
    units = ws.unit_ids([name])
    if len(units) != 1 or units[0] not in wording(ws).countries:
        question, reason = "What became of joint works", f"`{name}` is not one country"
        raise NotComputableError.because(
            question, reason, "Name two countries: a group has no pair of its own."
        )
    return units[0]


def _works(ws: Workspace, at: Place) -> pd.DataFrame:
    """Return joint works of each two countries by year, each pair once."""
    pairs = at.of(ws.table("pair_cells"))
    once = pairs.filter((pairs.unit_type == "country") & (pairs.unit_id < pairs.partner_id))
    found: pd.DataFrame = (
        once.group_by("unit_id", "partner_id", "year")
        .agg(works=once.p.sum())
        .order_by("unit_id", "partner_id", "year")
        .to_pandas()
    )
    return found


def _periods(ws: Workspace, at: Place, question: Question, there: list[int]) -> tuple[Years, Years]:
    """Return the years before and after, which the register must tell.

    Raises
    ------
    NotComputableError
        Where it does not.
    """
    registers = ws.table("registers")
    of_register = registers.filter(registers.register == at.register).to_pyarrow()
    complete = of_register["last_complete_year"][0].as_py() or there[-1]
    end = there[-1] if question.to_year else min(int(complete), there[-1])
    is_whole = len(there) > there[-1] - there[0]
    told = _span((there[0], there[-1])) if is_whole else ", ".join(map(str, there))
    reason = f"the register {at.register} tells them of {told}"
    if question.from_year > end:
        asked = f"What became of joint works from {question.from_year} on"
        raise NotComputableError.because(
            asked,
            f"{reason} and so ends before",
            "Take an earlier --from, with years before it and after it that lie there.",
        )
    last = question.to_year or end
    n_before = question.n_before or last - question.from_year + 1
    before = (question.from_year - n_before, question.from_year - 1)
    after = (question.from_year, last)
    if after[0] > after[1]:
        asked = f"What became of joint works from {after[0]} to {after[1]}"
        raise NotComputableError.because(
            asked, "these years end before they start", "Take a --to that is not before --from."
        )
    if not {before[0], last} <= set(there):
        asked = f"What became of joint works of {_span(after)} against {_span(before)}"
        raise NotComputableError.because(
            asked, reason, "Change --from, --to or --before so that both periods lie there."
        )
    return before, after


def _told(works: pd.DataFrame, periods: tuple[Years, Years], pair: tuple[str, str]) -> Told | None:
    """Return joint works of both periods as arrays; null where one of two countries has none."""
    sums = [
        works[works.year.between(*years)].groupby(["unit_id", "partner_id"]).works.sum()
        for years in periods
    ]
    both = pd.concat(sums, axis=1, keys=["before", "after"]).fillna(0.0).reset_index()
    countries = tuple(sorted({*both.unit_id, *both.partner_id}))
    number = {code: i for i, code in enumerate(countries)}
    if not set(pair) <= set(number):
        return None
    first, second = (
        both[name].map(number).to_numpy(np.int64) for name in ("unit_id", "partner_id")
    )
    before, after = (both[name].to_numpy(np.float64) for name in ("before", "after"))
    return Told(
        countries=countries,
        periods=Periods(first=first, second=second, before=before, after=after),
        before=periods[0],
        after=periods[1],
        sides=(number[pair[0]], number[pair[1]]),
    )


def _card(ws: Workspace, at: Place, of: Found) -> Card:
    """Return the card of a pair, beside the other partners of both."""
    words, told, found = wording(ws), of.told, of.change
    names = [words.countries[told.countries[side]] for side in told.sides]
    before, after = (_span(years) for years in (told.before, told.after))
    field = "all fields together" if at.field_id == ALL else f"field {at.field_id}"
    rows = [_row(" and ".join(names), found), *_others(told, words.countries)]
    reading = Reading(
        definition=(
            f"Joint works of {after} by those expected: those of {before}, times the growth of "
            "both countries in their ties with all others. Growth is by maximum likelihood, given "
            "the joint works of each other pair in both periods together, so that what is each "
            "pair's own is taken out: gravity with effects of pairs."
        ),
        counting="Full: a work of several countries counts in each of their pairs.",
        source=words.sources[at.register],
        n=(
            f"{found.n_pairs:,} other pairs of {found.n_countries} countries; {found.n_like} pairs "
            "of like size for what pairs change by anyway."
        ),
        bounds=(
            "95%: exact for counts, widened by how much pairs of like size change without a known "
            f"reason (standard deviation of the log {found.spread:.2f}). In trials 94 to 100 of "
            "100 held the planted ratio."
        ),
        coverage=(
            "Works whose authors' countries are not known are in no pair. Not done: other years of "
            "parting, fields one by one, works that the two moved to third countries."
        ),
    )
    picture = [
        {
            "regressor": row["pair"],
            "estimate": float(str(row["ratio"])) - 1,
            "low": float(str(row["low"])) - 1,
            "high": float(str(row["high"])) - 1,
        }
        for row in rows
    ]
    title = f"The pair, and the {PARTNERS} greatest other partners of each side."
    return Card(
        title=f"What became of joint works of {' and '.join(names)}: {after} against {before}",
        lead=(*of_no_census(ws, at), *_lead(names, found, field), *_other_ties(rows)),
        pictures=(
            Picture(
                name="changes",
                title=title,
                spec=coefficient_plot(picture, title="joint works against expected, as a part"),
                reading=reading,
            ),
        ),
        sheets=(
            Sheet(name="changes", title=title, headings=CHANGES, rows=rows, reading=reading),
            Sheet(
                name="years",
                title="Joint works of the two by year, and their part of all of each side.",
                headings=YEARS,
                rows=_by_year(of),
                reading=reading,
            ),
        ),
        sources=sources(ws, [at.register, "countries"]),
        citation=citation(ws),
    )


def _row(name: str, found: RealizedChange) -> dict[str, object]:
    return {
        "pair": name,
        "before": found.before,
        "after": found.after,
        "expected": found.expected,
        "ratio": found.ratio,
        "low": found.low,
        "high": found.high,
        "as_far": found.n_as_far / found.n_like,
    }


def _others(told: Told, names: Mapping[str, str]) -> Rows:
    """Return the greatest other partners of each side, of which it can be told."""
    rows: Rows = []
    for side in told.sides:
        for partner in told.partners(side):
            pair = told.pair(side, partner)
            if pair is None or told.periods.before[pair] == 0:
                continue
            name = " and ".join(names[told.countries[one]] for one in (side, partner))
            rows.append(_row(name, realized_change(told.periods, pair)))
    return rows


def _lead(names: list[str], found: RealizedChange, field: str) -> tuple[str, ...]:
    """Say what became of the pair, and what that is not."""
    told = found.high < 1 or found.low > 1
    return (
        f"{' and '.join(names)} had {found.after:,.0f} joint works, {field}, where the growth of "
        f"both with all others lets expect {found.expected:,.0f}: {found.ratio:.2f} times as many "
        f"(95% interval {found.low:.2f} to {found.high:.2f})"
        + ("." if told else ", which cannot be told from no change.")
        + f" Of {found.n_like} pairs of like size, {found.n_as_far} are as far from 1.",
        "It says that joint works changed against those of others, and not why.",
    )


def _other_ties(rows: Rows) -> tuple[str, ...]:
    """Say whether both sides' other ties stood as expected."""
    others = rows[1:]
    fewer = [row for row in others if float(str(row["high"])) < 1]
    more = [row for row in others if float(str(row["low"])) > 1]
    if not others:
        return ()
    line = (
        f"Of the {len(others)} other ties shown, {len(fewer)} are below what is expected and "
        f"{len(more)} above."
    )
    return (line,)


def _by_year(of: Found) -> Rows:
    """Return joint works of the two by year, and their part of all joint works of each side."""
    told = of.told
    codes = [told.countries[side] for side in told.sides]
    works = of.works[of.works.year.between(told.before[0], told.after[1])]
    either = {
        code: works[(works.unit_id == code) | (works.partner_id == code)]
        .groupby("year")
        .works.sum()
        for code in codes
    }
    low, high = sorted(codes)
    pair = works[(works.unit_id == low) & (works.partner_id == high)].groupby("year").works.sum()
    return [
        {
            "year": int(year),
            "works": float(pair.get(year, 0.0)),
            "of_first": float(pair.get(year, 0.0) / either[codes[0]].get(year, np.nan)),
            "of_second": float(pair.get(year, 0.0) / either[codes[1]].get(year, np.nan)),
        }
        for year in sorted(set(works.year))
    ]


def _span(years: Years) -> str:
    first, last = years
    return str(first) if first == last else f"{first}-{last}"
