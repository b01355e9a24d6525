"""The pool that partners are sought in: works by field, levels, ties and ease, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from fourseas.errors import FourseasError, NotComputableError
from fourseas.indicators.field_profiles import EXPECTED_IN_TOP, MEASURES
from fourseas.indicators.stability import NORMAL_975
from fourseas.models import gravity as gravity_model
from fourseas.models.gravity import LOG_DISTANCE, TIES
from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.partners.candidates import Pool
from fourseas.partners.choice import Terms
from fourseas.partners.exposure import exposure
from fourseas.reports.estimates.gravity import flows_of
from fourseas.reports.partners.place import PLURAL, Place, Units
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.works import TOPIC_SCHEME
from fourseas.workspace import Workspace

LEAST_WORKS: dict[Units, int] = {"country": 30, "organization": 3}
"""Of fewer works in the period a unit has no profile to go by."""

LEAST_CREDIT: dict[Units, float] = {"country": 30.0, "organization": 0.5}
"""Of less credit in what is asked for a unit is no candidate: nothing could be said of it."""

TOPS = {f"{name}_frac": share for name, share in MEASURES.items()}
"""Weights in the world's top, the first that a register has, and what the world has of them."""


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
    return ws.once((of.place, terms), lambda: exposure(of.pool, of.asked, terms))


def _read(ws: Workspace, at: Place) -> Gathered:
    sums = _sums(ws, at)
    own = sums[sums.unit_type == at.units]
    totals = own.groupby("unit_id", observed=True).n.sum()
    units = tuple(sorted(str(one) for one in totals[totals >= LEAST_WORKS[at.units]].index))
    of_world = sums[sums.unit_type == "world"].set_index("field_id").credit
    fields = tuple(sorted(str(one) for one in of_world[of_world > 0].index))
    if len(units) < 2:  # noqa: PLR2004  (partners are two)
        question = f"Partners among {PLURAL[at.units]}"
        raise NotComputableError.because(
            question,
            f"fewer than two have {LEAST_WORKS[at.units]} works in {at.register}, "
            f"{at.years[0]}-{at.years[1]}",
            "Ask for more years with --years, or another register with --register.",
        )
    kept = own[own.unit_id.isin(units) & own.field_id.isin(fields)]
    places = _numbers(kept.unit_id, units), _numbers(kept.field_id, fields)
    shape = len(units), len(fields)
    credit = kept.credit.fillna(0).to_numpy(dtype=np.float64)
    levels, variances = _levels(kept)
    is_known = np.isfinite(levels)
    has_levels = bool(is_known.any())
    told = is_known if has_levels else credit > 0
    there = places[0][told], places[1][told]
    level = np.where(has_levels, levels, 1.0)[told], there
    ties, has_ties, tied = _ties(ws, at, units)
    ease, ease_from = (
        ws.once(units, lambda: _ease(ws, units)) if at.units == "country" else (None, None)
    )
    named = field_names(ws, at)
    asked = np.array([float(not at.field_ids or one in at.field_ids) for one in fields])
    return Gathered(
        place=at,
        pool=Pool(
            credit=sparse.csr_array((credit, places), shape=shape),
            world=of_world[list(fields)].to_numpy(dtype=np.float64),
            level=sparse.csr_array(level, shape=shape),
            works=totals[list(units)].to_numpy(dtype=np.float64),
            ties=ties,
            has_ties=has_ties,
            least=LEAST_CREDIT[at.units],
            ease=ease,
            variance=sparse.csr_array((variances[told], there), shape=shape)
            if has_levels
            else None,
        ),
        units=units,
        names=_names(ws, at, units),
        fields=fields,
        field_names=tuple(named.get(one, one) for one in fields),
        asked=asked,
        tied_in=tied[0] if tied else None,
        tied_years=tied[1] if tied else None,
        has_levels=has_levels,
        ease_from=ease_from,
    )


def _sums(ws: Workspace, at: Place) -> pd.DataFrame:
    """Return works, credit and weights in the top by unit and field over the period."""
    cells = at.of(ws.table("topic_cells" if at.scheme == TOPIC_SCHEME else "unit_cells"))
    kept = cells.filter(cells.unit_type.isin([at.units, "world"]))
    return _frame(
        kept.group_by("unit_type", "unit_id", "field_id").agg(
            **{name: kept[name].sum() for name in ("n", "credit", "credit_scored", *TOPS)},
        )
    )


def _frame(of: ir.Table) -> pd.DataFrame:
    """Return a table whose words are categories: of millions of rows, words take seconds."""
    found = of.to_pyarrow()
    for place_, name in enumerate(found.column_names):
        if pa.types.is_string(found.schema.field(name).type):
            found = found.set_column(place_, name, found[name].dictionary_encode())
    return cast("pd.DataFrame", found.to_pandas())


def _levels(sums: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the part of works in the world's top by that of the world, and its variance.

    NaN where not known. The variance is a binomial one, as if each unit of credit were a work
    drawn for itself, about a share that is moved to the middle as Agresti and Coull do: a unit
    that has nothing in the top is not sure to have nothing.
    """
    level, variance = (pd.Series(np.nan, index=sums.index) for _ in range(2))
    for name, share in TOPS.items():
        expected = sums.credit_scored * share
        known = sums[name].notna() & (expected >= EXPECTED_IN_TOP)
        level = level.fillna((sums[name] / expected).where(known))
        n = sums.credit_scored + NORMAL_975**2
        moved = ((sums[name] + NORMAL_975**2 / 2) / n).clip(0, 1)
        variance = variance.fillna((moved * (1 - moved) / n / share**2).where(known))
    return np.asarray(level, dtype=np.float64), np.asarray(variance, dtype=np.float64)


Ties = tuple[sparse.csr_array, Booleans, tuple[str, tuple[int, int]] | None]


def _ties(ws: Workspace, at: Place, units: tuple[str, ...]) -> Ties:
    """Return joint works of all fields of each two units, whose are known, and from where."""
    if at.units == "organization":
        return _ties_of_organizations(ws, at, units)
    cells = ws.table("pair_cells")
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    there = cells.filter(
        (cells.unit_type == "country")
        & (cells.scheme == ALL)
        & cells.definition_id.isin(defaults)
        & cells.unit_id.isin(units)
    )
    # The register of the works where it tells of nearly as many units as any, else that of most.
    listed = (
        there.group_by("register")
        .agg(n=there.unit_id.nunique(), last=there.year.max())
        .to_pandas()
        .sort_values(["n", "register"], ascending=[False, True])
    )
    if listed.empty:
        empty = sparse.csr_array((len(units), len(units)))
        return empty, np.zeros(len(units), dtype=bool), None
    nearly = listed[listed.n >= NEARLY * listed.n.max()]
    best = nearly[nearly.register == at.register] if at.register in {*nearly.register} else nearly
    chosen = best.iloc[0]
    last = min(int(chosen["last"]), at.years[1])
    years = (last - (at.years[1] - at.years[0]), last)
    of_register = there.filter(
        (there.register == str(chosen.register)) & there.year.between(*years)
    )
    sums = of_register.group_by("unit_id", "partner_id").agg(p=of_register.p.sum()).to_pandas()
    kept = sums[sums.partner_id.isin(units) & (sums.unit_id != sums.partner_id) & (sums.p > 0)]
    row, column = (
        pd.Categorical(kept[name], categories=units).codes for name in ("unit_id", "partner_id")
    )
    n = len(units)
    ties = sparse.csr_array((kept.p.to_numpy(dtype=np.float64), (row, column)), shape=(n, n))
    return ties, np.isin(units, sums.unit_id), (str(chosen.register), years)


NEARLY = 0.9
"""Part of the units that a register must tell ties of to be preferred for being that of works."""


def _ties_of_organizations(ws: Workspace, at: Place, units: tuple[str, ...]) -> Ties:
    """Return the works that each two organizations sign, all fields together."""
    pairs = ws.table("organization_pairs")
    there = pairs.filter(
        (pairs.register == at.register)
        & (pairs.definition_id == at.definition_id)
        & pairs.year.between(*at.years)
    )
    found = _frame(there.group_by("unit_id", "partner_id").agg(p=there.p.sum()))
    if found.empty:
        # Each work names one organization: that none has a partner is not known.
        return sparse.csr_array((len(units), len(units))), np.zeros(len(units), dtype=bool), None
    kept = found[found.unit_id.isin(units) & found.partner_id.isin(units)]
    row, column = _numbers(kept.unit_id, units), _numbers(kept.partner_id, units)
    n = len(units)
    half = sparse.csr_array((kept.p.to_numpy(dtype=np.float64), (row, column)), shape=(n, n))
    ties = sparse.csr_array(half + half.T)
    return ties, np.ones(n, dtype=bool), (at.register, at.years)


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
