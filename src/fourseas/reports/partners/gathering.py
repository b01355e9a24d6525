"""The pool that partners are sought in: works by field, levels, ties and ease, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from fourseas.errors import FourseasError, NotComputableError
from fourseas.models import gravity as gravity_model
from fourseas.models.gravity import LOG_DISTANCE, TIES
from fourseas.models.separation import Floats, Integers
from fourseas.partners.candidates import Pool
from fourseas.partners.choice import Terms
from fourseas.partners.exposure import CAP, MOST_REQUESTERS, exposure
from fourseas.reports.estimates.gravity import flows_of
from fourseas.reports.partners.keeping import Tables, kept
from fourseas.reports.partners.place import Place, Units
from fourseas.reports.partners.profiles import LEAST_WORKS, Profiles, profiles
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace

LEAST_CREDIT: dict[Units, float] = {"country": 30.0, "organization": 0.5}
"""Of less credit in what is asked for a unit is no candidate: nothing could be said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A pool with what its rows and columns are called.

    Attributes
    ----------
    units, names
        Ids, sorted, and what to call them.
    fields, field_names
        Ids, sorted, and what to call them.
    asked
        Weights of fields: 1 for what is asked for, else 0.
    tied_in, tied_years
        The register that ties are from, and its years.
    has_levels
        Whether any level is known; where not, works count by their number alone.
    ease_from
        What ease was estimated on; null without it.
    """

    place: Place
    pool: Pool
    units: tuple[str, ...]
    names: tuple[str, ...]
    fields: tuple[str, ...]
    field_names: tuple[str, ...]
    asked: Floats
    tied_in: str | None
    tied_years: tuple[int, int] | None
    has_levels: bool
    ease_from: str | None

    def number(self, unit_id: str, name: str) -> int:
        """Return the number of a unit.

        Raises
        ------
        NotComputableError
            Where it has too few works.
        """
        if unit_id in self.units:
            return self.units.index(unit_id)
        at = self.place
        question = f"A profile of {name}"
        raise NotComputableError.because(
            question,
            f"it has fewer than {LEAST_WORKS[at.units]} works in {at.register}, "
            f"{at.years[0]}-{at.years[1]}",
            "Ask for more years with --years, or another register with --register.",
        )


def gathered(ws: Workspace, at: Place) -> Gathered:
    """Return the pool of a place, read once while a version is open.

    Raises
    ------
    NotComputableError
        Where fewer than two units have works enough.
    """
    return ws.once(at, lambda: _read(ws, at))


def exposed(ws: Workspace, of: Gathered, terms: Terms) -> Floats:
    """Return on which part of all lists each unit of a pool stands."""
    form = f"exposure 1 {terms} {CAP} {MOST_REQUESTERS}"

    def made() -> Tables:
        return {"exposure": pa.table({"part": exposure(of.pool, of.asked, terms)})}

    def told() -> Floats:
        found: Floats = kept(ws, of.place, form, made)["exposure"]["part"].to_numpy()
        return found

    return ws.once((of.place, terms), told)


def _read(ws: Workspace, at: Place) -> Gathered:
    of = profiles(ws, at)
    pool, ease_from = ws.once(("pool", replace(at, field_ids=())), lambda: _pool(ws, at, of))
    named = field_names(ws, at)
    asked = np.array([float(not at.field_ids or one in at.field_ids) for one in of.fields])
    return Gathered(
        place=at,
        pool=pool,
        units=of.units,
        names=_names(ws, at, of.units),
        fields=of.fields,
        field_names=tuple(named.get(one, one) for one in of.fields),
        asked=asked,
        tied_in=of.tied_in,
        tied_years=of.tied_years,
        has_levels=of.level.nnz > 0,
        ease_from=ease_from,
    )


def _pool(ws: Workspace, at: Place, of: Profiles) -> tuple[Pool, str | None]:
    """Return the units of a place as a pool, whatever is asked for, and what ease is from."""
    ease, ease_from = (
        ws.once(of.units, lambda: _ease(ws, of.units)) if at.units == "country" else (None, None)
    )
    has_levels = of.level.nnz > 0
    pool = Pool(
        credit=of.credit,
        world=of.world,
        level=of.level if has_levels else _there(of.credit),
        works=of.works,
        ties=of.ties,
        has_ties=of.has_ties,
        least=LEAST_CREDIT[at.units],
        ease=ease,
        variance=of.variance if has_levels else None,
    )
    return pool, ease_from


def _there(credit: sparse.csr_array) -> sparse.csr_array:
    """Return a level of 1 wherever there are works: of nobody it is known."""
    found = credit.copy()
    found.eliminate_zeros()
    found.data = np.ones_like(found.data)
    return found


def _ease(ws: Workspace, units: tuple[str, ...]) -> tuple[Floats | None, str | None]:
    """Return how distance, borders, language and history ease joint work of each two countries.

    From gravity of the last year of the register with most pairs, without the effects of
    countries, so that large ones are no easier than others; 1 is the geometric mean of a
    country's possible partners.
    """
    cells = ws.table("pair_cells")
    flows = cells.filter((cells.unit_type == "country") & (cells.scheme == ALL))
    by_year = flows.group_by("register", "definition_id", "year").agg(n=flows.count())
    most = (
        by_year.order_by(ibis.desc("n"), ibis.desc("year"), "register", "definition_id")
        .limit(1)
        .to_pyarrow()
        .to_pylist()
    )
    if not most:
        return None, None
    register, definition_id, year = (most[0][x] for x in ("register", "definition_id", "year"))
    last = flows.filter(
        (flows.register == register) & (flows.definition_id == definition_id) & (flows.year == year)
    )
    distances = ws.table("country_distances")
    observed = gravity_model.MODEL.observations.compute(last, distances)
    try:
        found = gravity_model.gravity(flows_of(observed, is_symmetric=True))
    except FourseasError:
        return None, None
    known = distances.filter(
        distances.country_code_a.isin(units) & distances.country_code_b.isin(units)
    ).to_pandas()
    log = sum(
        one.estimate
        * (np.log(known.distance_km) if one.name == LOG_DISTANCE else known[one.name].astype(float))
        for one in found.coefficients
        if one.name in {LOG_DISTANCE, *TIES}
    )
    ease = np.full((len(units), len(units)), np.nan)
    row, column = _numbers(known.country_code_a, units), _numbers(known.country_code_b, units)
    ease[row, column] = log
    np.fill_diagonal(ease, np.nan)
    counts = np.isfinite(ease).sum(axis=1, keepdims=True)
    means = np.nansum(ease, axis=1, keepdims=True) / np.maximum(counts, 1)
    return np.exp(ease - means), f"{register}, {year}"


def _numbers(ids: pd.Series, units: tuple[str, ...]) -> Integers:
    found: Integers = np.asarray(pd.Categorical(ids, categories=units).codes, dtype=np.int64)
    return found


def _names(ws: Workspace, at: Place, units: tuple[str, ...]) -> tuple[str, ...]:
    known = wording(ws).countries if at.units == "country" else ws.organization_labels(units)
    return tuple(known.get(one, one) for one in units)


def field_names(ws: Workspace, at: Place) -> dict[str, str]:
    """Return the names of the fields of a place's scheme by their ids."""
    listed: ir.Table = ws.table("fields")
    rows = listed.filter(listed.scheme == at.scheme).select("field_id", "field_name").to_pyarrow()
    return {str(row["field_id"]): str(row["field_name"]) for row in rows.to_pylist()}
