"""What first ties would bring either side, with ranges, beside a list of partners."""

from __future__ import annotations

from dataclasses import dataclass

from fourseas.indicators.benefit_balance import FEWEST, YEARS
from fourseas.partners.benefit import LEAST_AT_HOME, Benefit, Premium, benefit, premium
from fourseas.reports.cards.card import Sheet
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.partners.gathering import Gathered
from fourseas.reports.partners.scored import ScoredTies, scored_ties
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

TESTED = (
    "Of ties that started in 200,000 synthetic works 94 to 98 of 100 came within their ranges; "
    "their mean differed from that predicted in one of six spans of years (`fourseas partner "
    "backtest`). No embedded register has joint works enough for such a test."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What first ties would bring, of all countries of a register.

    Attributes
    ----------
    ties, years
        From which it is told.
    is_tied
        Which pairs have a joint work in these years already.
    premium, benefit
        Of each side, and of each pair.
    """

    ties: ScoredTies
    years: tuple[int, int]
    is_tied: dict[str, set[str]]
    premium: Premium
    benefit: Benefit


def expected(ws: Workspace, register: str) -> Expected | None:
    """Return what first ties would bring, read once while a version is open; null if unknown."""
    return ws.once(("expected", register), lambda: _expected(ws, register))


def _expected(ws: Workspace, register: str) -> Expected | None:
    ties = scored_ties(ws, register)
    if ties is None:
        return None
    years = (ties.last_year - YEARS + 1, ties.last_year)
    tied = ties.is_tied(years)
    of = premium(ties.of(years))
    return Expected(
        ties=ties,
        years=years,
        is_tied={
            unit: {ties.units[i] for i in tied[place].nonzero()[0]}
            for place, unit in enumerate(ties.units)
        },
        premium=of,
        benefit=benefit(of, ties.expected(years, YEARS)),
    )


def expected_sheet(
    ws: Workspace, pool: Gathered, seeker: int, partners: list[int]
) -> tuple[Sheet | None, str]:
    """Return what a first tie with each of several partners would bring, or why it is not told.

    Only partners without a joint work in the last five complete years are in it: what ties bring
    that there are is in the table of benefit.
    """
    register = pool.place.register
    found = expected(ws, register)
    if found is None:
        return None, (
            "What first ties would bring is not told: that takes a census of records with scores, "
            f"and {register} has none of joint works."
        )
    unit = pool.units[seeker]
    span = f"{found.years[0]}-{found.years[1]}"
    new = [one for one in partners if pool.units[one] not in found.is_tied.get(unit, set())]
    if not new:
        return None, f"All of these have joint works already, {span}: no tie would be a first one."
    lines = [_line(found, pool, unit, one) for one in new]
    if all(line["gain_low"] is None and line["partner_gain_low"] is None for line in lines):
        return None, (
            f"What first ties would bring is not told: of {register}, {span}, joint works or works "
            "at home are too few."
        )
    own = pool.names[seeker]
    headings = (
        Heading("name", "partner"),
        Heading("gain_low", f"gain of {own} from", "ratio"),
        Heading("gain_high", f"gain of {own} to", "ratio"),
        Heading("partner_gain_low", "partner's gain from", "ratio"),
        Heading("partner_gain_high", "partner's gain to", "ratio"),
        Heading("works", "joint works then", "decimal"),
        Heading("gain", f"gain of {own}", "ratio"),
        Heading("partner_gain", "partner's gain", "ratio"),
        Heading("n", f"told from joint works, {own}", "count"),
        Heading("partner_n", "told from joint works, partner", "count"),
    )
    return (
        Sheet(
            name="expected-benefit",
            title=f"What a first tie would bring in {YEARS} years, if it came about.",
            headings=tuple(
                one
                for one in headings
                if one.field not in ("gain", "partner_gain")
                or any(line[one.field] is not None for line in lines)
            ),
            rows=lines,
            reading=_reading(ws, found, span),
        ),
        "",
    )


def _line(found: Expected, pool: Gathered, unit: str, one: int) -> dict[str, object]:
    """Return what a tie would bring both sides; of fewer than 30 joint works ranges alone."""
    numbers = {name: place for place, name in enumerate(found.ties.units)}
    a, b = numbers.get(unit), numbers.get(pool.units[one])
    line: dict[str, object] = {"name": pool.names[one]}
    works = _told(found.benefit.works[a, b]) if a is not None and b is not None else None
    line["works"] = works
    for prefix, side, other in (("", a, b), ("partner_", b, a)):
        for name in ("gain", "low", "high"):
            field = f"{prefix}gain" if name == "gain" else f"{prefix}gain_{name}"
            line[field] = None
            if side is None or other is None or works is None:
                continue
            if name != "gain" or works >= FEWEST:
                line[field] = _told(getattr(found.benefit, name)[side, other])
        line[f"{prefix}n"] = None if side is None else float(found.premium.n[side])
    return line


def _told(value: float) -> float | None:
    return float(value) if value == value else None  # noqa: PLR0124  (a NaN is not itself)


def _reading(ws: Workspace, found: Expected, span: str) -> Reading:
    n_told = int((found.premium.n > 0).sum())
    return Reading(
        definition=f"Joint works then: those that gravity of {span} lets expect of the two in "
        f"{YEARS} years, E, if there are any: E / (1 - exp(-E)). Gain: that number times what a "
        "joint work brought the side beyond its own level (credit times score above the mean of "
        "its domestic works), drawn towards the mean of all sides the more, the fewer works tell "
        "of it (credibility). It stands for ties like those that there are.",
        counting="Fractional; joint works full, of all fields.",
        source=wording(ws).sources[found.ties.register],
        n=f"{found.premium.n.sum() / 2:,.0f} joint works of {n_told} countries, {span}.",
        bounds=f"95% of what may come, by chance of citation and of number. Of fewer than {FEWEST} "
        f"joint works ranges alone. {TESTED}",
        coverage=f"A dash for countries of fewer than {LEAST_AT_HOME} domestic works with a score, "
        "or without a known distance. Citations are seen; access, data and training are not.",
    )
