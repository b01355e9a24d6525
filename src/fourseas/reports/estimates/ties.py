"""What two countries share beyond geography, read from a lake: fields, and persons who moved."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.separation import Floats, Integers
from fourseas.models.ties import MOVE_LAGS, PROFILE_LAGS, movers, proximity
from fourseas.reports.estimates.place import Place
from fourseas.schema.cells import ALL, SITE_SCHEME
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.works import OVERLAPPING_SCHEMES
from fourseas.workspace import Workspace

KEY = ["unit_id", "partner_id", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A covariate of pairs and years.

    Attributes
    ----------
    table
        ``unit_id``, ``partner_id``, ``year`` and ``value``; what is not known has no row.
    register
        Where it comes from.
    meaning
        What it is, for readers.
    """

    table: pd.DataFrame
    register: str
    meaning: str


def proximity_of_pairs(ws: Workspace, at: Place) -> Tie:
    """Return how alike two countries are in fields, in the years before each year.

    By the register of the flows where it divides works by fields, else by the one that does so
    for most countries.

    Raises
    ------
    NotComputableError
        Where no register of the lake tells works of countries by fields.
    """
    cells = _of_fields(ws)
    kinds: pd.DataFrame = (
        cells.group_by("register", "definition_id", "scheme")
        .agg(countries=cells.unit_id.nunique(), fields=cells.field_id.nunique())
        .to_pandas()
    )
    own = kinds[(kinds.register == at.register) & (kinds.definition_id == at.definition_id)]
    order = ["fields", "countries"] if len(own) else ["countries", "fields"]
    chosen = (own if len(own) else kinds).sort_values([*order, "scheme"], ascending=False)
    if chosen.empty:
        question = "Closeness of fields"
        raise NotComputableError.because(
            question,
            "no register of this lake tells works of countries by fields",
            "Leave `proximity` out of --covariates, or add a register with fields, such as ncses.",
        )
    best = chosen.iloc[0]
    of = Place(
        register=str(best.register),
        definition_id=str(best.definition_id),
        scheme=str(best.scheme),
        field_id=ALL,
    )
    profiles, joint = _profiles(cells, of), _joint(ws, of)
    countries, fields, years = profiles.countries, profiles.fields, profiles.years
    rows: list[pd.DataFrame] = []
    first, last = PROFILE_LAGS
    for year in range(int(years.min()) + first, int(years.max()) + last + 1):
        window = list(range(year - first, year - last + 1))
        if not set(window) <= set(years.tolist()):
            continue
        at_work = profiles.credit[np.isin(years, window)].sum(axis=0)
        shared = None if joint is None else _shared(joint[joint.year.isin(window)], profiles)
        rows.append(_long(proximity(at_work, shared), countries, year))
    taken = (
        "without what the two wrote together"
        if joint is not None
        else "with what the two wrote together, which published output does not tell apart"
    )
    return Tie(
        table=pd.concat(rows) if rows else _none(),
        register=of.register,
        meaning=(
            f"Closeness of fields: cosine of fractional works in {len(fields)} fields of "
            f"{of.scheme}, {first} to {last} years before, {taken}."
        ),
    )


def movers_of_pairs(ws: Workspace, at: Place) -> Tie:
    """Return the log of 1 + persons who moved between two countries in the years before each year.

    Raises
    ------
    NotComputableError
        Where the register of the flows knows no person that moved.
    """
    homes = ws.table("person_homes")
    there = homes.filter(
        (homes.register == at.register) & (homes.definition_id == at.definition_id)
    )
    span = there.agg(first=there.year.min(), last=there.year.max()).to_pandas().iloc[0]
    moved = there.filter(there.is_move & (there.unit_id != there.previous_id))
    moves: pd.DataFrame = (
        moved.group_by("unit_id", "previous_id", "year").agg(n=moved.count()).to_pandas()
    )
    if moves.empty:
        known = sorted({*homes.filter(homes.is_move).register.to_pandas()})
        question = "Movement of persons"
        raise NotComputableError.because(
            question,
            f"the register {at.register} knows no person that moved",
            "Leave `mobility` out of --covariates"
            + (f", or take --register {' or '.join(known)}." if known else ", or add works."),
        )
    countries = sorted({*there.unit_id.to_pandas()})
    place_of = {code: i for i, code in enumerate(countries)}
    years = np.arange(int(span["first"]), int(span["last"]) + 1, dtype=np.int64)
    arrived = np.zeros((len(years), len(countries), len(countries)))
    np.add.at(
        arrived,
        (
            moves.year.to_numpy() - years[0],
            moves.unit_id.map(place_of).to_numpy(),
            moves.previous_id.map(place_of).to_numpy(),
        ),
        moves.n.to_numpy(np.float64),
    )
    first, last = MOVE_LAGS
    rows = [
        _long(np.log1p(movers(arrived, years, year)), countries, year)
        for year in range(int(years[0]) + first, int(years[-1]) + last + 1)
    ]
    return Tie(
        table=pd.concat(rows) if rows else _none(),
        register=at.register,
        meaning=(
            f"Persons who moved: {int(moves.n.sum()):,} moves of persons that the register tells "
            f"apart, either way, {first} to {last} years before; a person is where most works of a "
            "year are, so that a move shows only where somebody publishes before and after it."
        ),
    )


def _of_fields(ws: Workspace) -> ir.Table:
    """Return fractional works of countries in fields that divide works."""
    cells = ws.table("unit_cells")
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    return cells.filter(
        (cells.unit_type == "country")
        & cells.credit.notnull()
        & cells.definition_id.isin(defaults)
        & cells.scheme.notin([ALL, SITE_SCHEME, *OVERLAPPING_SCHEMES])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profiles:
    """Fractional works by year, country and field, shape (years, countries, fields)."""

    credit: Floats
    years: Integers
    countries: list[str]
    fields: list[str]


def _profiles(cells: ir.Table, of: Place) -> _Profiles:
    """Return the works of countries by field; 0 where a country has no row."""
    there = cells.filter(
        (cells.register == of.register)
        & (cells.definition_id == of.definition_id)
        & (cells.scheme == of.scheme)
    )
    sums: pd.DataFrame = (
        there.group_by("year", "unit_id", "field_id").agg(credit=there.credit.sum()).to_pandas()
    )
    years = np.array(sorted({*sums.year}), dtype=np.int64)
    countries, fields = sorted({*sums.unit_id}), sorted({*sums.field_id})
    every = pd.MultiIndex.from_product([years.tolist(), countries, fields])
    filled = sums.set_index(["year", "unit_id", "field_id"]).credit.reindex(every).fillna(0.0)
    return _Profiles(
        credit=filled.to_numpy(np.float64).reshape(len(years), len(countries), len(fields)),
        years=years,
        countries=countries,
        fields=fields,
    )


def _shared(joint: pd.DataFrame, of: _Profiles) -> Floats:
    """Return credit in joint works, shape (countries, countries, fields)."""
    places = pd.MultiIndex.from_product([of.countries, of.countries, of.fields])
    sums = joint.groupby(["unit_id", "partner_id", "field_id"]).credit.sum()
    n = len(of.countries)
    filled = sums.reindex(places).fillna(0.0).to_numpy(np.float64)
    return filled.reshape(n, n, len(of.fields))


def _joint(ws: Workspace, of: Place) -> pd.DataFrame | None:
    """Return credit in joint works of pairs by field; null where the register does not tell."""
    pairs = ws.table("pair_cells")
    there = pairs.filter(
        (pairs.unit_type == "country")
        & (pairs.register == of.register)
        & (pairs.definition_id == of.definition_id)
        & (pairs.scheme == of.scheme)
        & pairs.credit.notnull()
    )
    found: pd.DataFrame = there.select(*KEY, "field_id", "credit").to_pandas()
    return None if found.empty else found


def _long(square: Floats, countries: list[str], year: int) -> pd.DataFrame:
    """Return what is known of pairs as rows."""
    i, j = np.nonzero(np.isfinite(square) & ~np.eye(len(countries), dtype=bool))
    codes = np.array(countries, dtype=object)
    return pd.DataFrame(
        {"unit_id": codes[i], "partner_id": codes[j], "year": year, "value": square[i, j]}
    )


def _none() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*KEY, "value")})
