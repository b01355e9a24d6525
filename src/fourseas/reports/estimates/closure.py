"""What if two sides close, reduce or open joint work, as a card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fourseas.errors import NotComputableError
from fourseas.models.closure import MODEL, Closure, Network, closure, partly_redirected
from fourseas.models.separation import Floats
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.closure_sheets import Partly, Told, card
from fourseas.reports.estimates.place import Place, Wanted, place
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import WORLD_UNITS, Workspace

PERIOD = 5
"""Years up to the last complete one that are looked at where none are said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    first, second
        A country, several with commas, or a group; `WORLD` for all others.
    factor
        What their joint works are multiplied by.
    field
        By id or name.
    years
        First and last; the last five complete years where none is said.
    register
        The one with most joint works where none is said.
    most
        Third countries shown, those with the largest changes first; all where none is said.
    redirected
        Part of what is closed that is done with others or at home, for S2; without it there is
        none.
    organization
        By name or id: of the first side this one alone, among organizations.
    """

    first: str
    second: str
    factor: float = 0.0
    field: str = ALL
    years: tuple[int, int] | None = None
    register: str | None = None
    most: int | None = None
    redirected: float | None = None
    organization: str | None = None

    @property
    def verb(self) -> str:
        """Say what the two sides do."""
        if self.factor == 0:
            return "closed all joint work"
        if self.factor < 1:
            return f"cut joint work by {1 - self.factor:.0%}"
        return f"had {self.factor - 1:.0%} more joint work"


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known where ties change, whichever do.

    Attributes
    ----------
    at
        Register, definition and field.
    years
        Those that are summed.
    works
        Joint works of two countries, and works at home of one with itself.
    """

    at: Place
    years: tuple[int, ...]
    works: pd.DataFrame


def observed(ws: Workspace, question: Question) -> Observed:
    """Return what is known where ties are to change; it is the same for all sides.

    Raises
    ------
    UnknownNameError
        For a field or register that is not known.
    NotComputableError
        Where there are no joint works.
    """
    wanted = Wanted(
        question=_asked(question),
        flows="joint works",
        measure="p",
        field=question.field,
        years=question.years,
        register=question.register,
    )
    pairs = ws.table("pair_cells")
    at = place(ws, pairs, wanted)
    there = at.of(pairs).select("year").distinct().to_pyarrow()["year"].to_pylist()
    years = chosen_years(ws, at.register, [int(year) for year in there], question.years)
    return Observed(at, years, _summed(ws, at, years))


def _asked(question: Question) -> str:
    return f"What follows if {question.first} and {question.second} {question.verb}"


def closure_card(ws: Workspace, question: Question, known: Observed | None = None) -> Card:
    """Return what a change of the ties between two sides touches, between two bounds.

    Parameters
    ----------
    ws, question
        The lake, and what is asked.
    known
        What is known there, where it has been looked up already.

    Raises
    ------
    UnknownNameError
        For a country, group or field that is not known.
    NotComputableError
        Where there are no such joint works, or a country is on both sides.
    """
    asked = _asked(question)
    named = [ws.unit_ids([side]) for side in (question.first, question.second)]
    known = known or observed(ws, question)
    at, years, works = known.at, known.years, known.works
    abroad = works[works.unit_id != works.partner_id]
    countries = tuple(sorted({*abroad.unit_id[abroad.works > 0]}))
    first, second = _sides(ws, named, countries, years[-1])
    _require(asked, at, (first, second), set(countries))
    own = works[works.unit_id == works.partner_id].set_index("unit_id")
    at_home = own.works.reindex(countries).fillna(0.0).to_numpy(np.float64)
    network = Network(
        countries=countries,
        joint=_square(abroad, "works", countries),
        domestic=None if own.empty else at_home,
    )
    is_first, is_second = (np.isin(countries, list(side)) for side in (first, second))
    found = closure(network, is_first, is_second, factor=question.factor)
    told = Told(
        found=found,
        names=wording(ws).countries,
        partly=in_part(found, asked, question.redirected),
        top_10=_square(abroad, "top_10", countries) if abroad.top_10.notna().any() else None,
        sides=(_label(ws, named[0]), _label(ws, named[1])),
        verb=question.verb,
        years=years,
        field="all fields together" if at.field_id == ALL else f"field {question.field}",
        register=at.register,
        others=_with_works_at_home(ws, first | second) - {at.register},
        n_named=len(first | second),
        most=question.most,
    )
    return card(ws, told)


def in_part(found: Closure, asked: str, part: float | None) -> Partly | None:
    """Return what follows if a part is redirected; null where that is not asked.

    Raises
    ------
    NotComputableError
        Where it is asked and S1 is not worked out, or no flows have such sums.
    """
    if part is None:
        return None
    if found.redirected is None:
        question = f"{asked}, {part:.0%} redirected"
        raise NotComputableError.because(
            question,
            found.not_redirected,
            "Leave out --redirected for S0 alone, or take another --register or fewer ties.",
        )
    return Partly(part=part, flows=partly_redirected(found, part))


def chosen_years(
    ws: Workspace, register: str, there: Iterable[int], asked: tuple[int, int] | None
) -> tuple[int, ...]:
    """Return the years with joint works that are asked for, or else the last complete ones."""
    every = sorted(there)
    if asked is None:
        registers = ws.table("registers")
        complete = registers.filter(registers.register == register).to_pyarrow()
        last = complete["last_complete_year"][0].as_py() or every[-1]
        last = max((year for year in every if year <= last), default=every[-1])
        asked = (last - PERIOD + 1, last)
    return tuple(year for year in every if asked[0] <= year <= asked[1])


def _summed(ws: Workspace, at: Place, years: tuple[int, ...]) -> pd.DataFrame:
    """Return joint works, and works at home, of these years together."""
    every = at.of(MODEL.observations.compute(*(ws.table(spec.name) for spec in MODEL.reads)))
    chosen = every.filter(every.year.isin(years))
    sums: pd.DataFrame = (
        chosen.group_by("unit_id", "partner_id")
        .agg(works=chosen.works.sum(), top_10=chosen.top_10.sum())
        .order_by("unit_id", "partner_id")
        .to_pandas()
    )
    return sums


def _square(table: pd.DataFrame, column: str, countries: tuple[str, ...]) -> Floats:
    """Return a column of pairs as a matrix, 0 where a pair is not listed."""
    place_of = {code: i for i, code in enumerate(countries)}
    listed = table[table.unit_id.isin(countries) & table.partner_id.isin(countries)]
    square = np.zeros((len(countries), len(countries)))
    square[listed.unit_id.map(place_of), listed.partner_id.map(place_of)] = listed[column].fillna(
        0.0
    )
    return square


def _sides(
    ws: Workspace, named: list[tuple[str, ...]], countries: tuple[str, ...], year: int
) -> tuple[set[str], set[str]]:
    """Return the countries of both sides; the world is all that are not on the other one."""
    groups = ws.table("group_memberships")
    of_year = groups.filter((groups.first_year <= year) & (groups.last_year >= year))
    members: dict[str, set[str]] = {}
    for row in of_year.select("group_id", "country_code").to_pyarrow().to_pylist():
        members.setdefault(str(row["group_id"]), set()).add(str(row["country_code"]))
    first, second = (
        {code for unit in side for code in members.get(unit, {unit})} for side in named
    )
    world = WORLD_UNITS[0]
    if world in second:
        second = set(countries) - first
    if world in first:
        first = set(countries) - second
    return first, second


def _require(asked: str, at: Place, sides: tuple[set[str], set[str]], listed: set[str]) -> None:
    """Refuse sides that share a country, or of which nothing is told."""
    if both := sorted(sides[0] & sides[1]):
        reason = f"{', '.join(both)} would be on both sides"
        raise NotComputableError.because(
            asked, reason, "Name two sides without a country in common."
        )
    for side in sides:
        if not side & listed:
            reason = (
                f"the register {at.register} tells no joint works of {', '.join(sorted(side))} in "
                f"these years"
            )
            remedy = (
                f"It tells those of {len(listed)} countries; take another --register, other years "
                "or other countries."
            )
            raise NotComputableError.because(asked, reason, remedy)


def _label(ws: Workspace, units: Iterable[str]) -> str:
    """Return a side as a reader calls it."""
    names = wording(ws).countries
    return ", ".join("all others" if u == WORLD_UNITS[0] else names.get(u, u) for u in units)


def _with_works_at_home(ws: Workspace, members: set[str]) -> set[str]:
    """Return registers that tell joint works of these countries and works of one alone.

    All countries are asked for at once: so the engine is asked once for all questions.
    """
    own, tied = ws.once("works at home and joint works by register", lambda: _told(ws))
    of_members = pa.array(sorted(members), pa.string())
    tells_works = pc.is_in(own["unit_id"], of_members)
    is_tied = pc.and_(*(pc.is_in(tied[name], of_members) for name in ("unit_id", "partner_id")))
    telling = (own.filter(tells_works), tied.filter(is_tied))
    works, ties = ({*table["register"].unique().to_pylist()} for table in telling)
    return {str(register) for register in works & ties}


def _told(ws: Workspace) -> tuple[pa.Table, pa.Table]:
    """Return of which countries each register tells works of one alone, and of which two joint."""
    cells, pairs = ws.table("unit_cells"), ws.table("pair_cells")
    at_home = cells.filter(cells.collaboration_class == "domestic")
    return (
        at_home.select("register", "unit_id").distinct().to_pyarrow(),
        pairs.select("register", "unit_id", "partner_id").distinct().to_pyarrow(),
    )
