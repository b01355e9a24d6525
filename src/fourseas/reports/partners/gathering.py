"""The pool that partners are sought in: works by field, levels, ties and ease, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import sparse

from fourseas.errors import FourseasError, NotComputableError
from fourseas.facts.counted_works import organization_unit
from fourseas.facts.universe import universe
from fourseas.indicators.field_profiles import EXPECTED_IN_TOP, MEASURES
from fourseas.models import gravity as gravity_model
from fourseas.models.gravity import LOG_DISTANCE, TIES
from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.partners.candidates import Pool
from fourseas.partners.choice import Terms
from fourseas.partners.exposure import exposure
from fourseas.reports.estimates.gravity import flows_of
from fourseas.reports.partners.place import PLURAL, Place, Units
from fourseas.reports.partners.topics import sums_by_topic
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


Made = TypeVar("Made")

_MADE: WeakKeyDictionary[Workspace, dict[Hashable, object]] = WeakKeyDictionary()
"""What takes seconds to make and is the same for every seeker, while a version is open."""


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
    return _once(ws, at, lambda: _read(ws, at))


def exposed(ws: Workspace, of: Gathered, terms: Terms) -> Floats:
    """Return on which part of all lists each unit of a pool stands."""
    return _once(ws, (of.place, terms), lambda: exposure(of.pool, of.asked, terms))


def _once(ws: Workspace, key: Hashable, make: Callable[[], Made]) -> Made:
    made = _MADE.setdefault(ws, {})
    if key not in made:
        made[key] = make()
    return cast("Made", made[key])


def _read(ws: Workspace, at: Place) -> Gathered:
    sums = _sums(ws, at)
    own = sums[sums.unit_type == at.units]
    totals = own.groupby("unit_id").n.sum()
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
    row, column = (
        pd.Categorical(kept[name], categories=known).codes
        for name, known in (("unit_id", units), ("field_id", fields))
    )
    credit = np.zeros((len(units), len(fields)))
    credit[row, column] = kept.credit.fillna(0)
    level = np.full(credit.shape, np.nan)
    level[row, column] = _levels(kept)
    has_levels = bool(np.isfinite(level).any())
    ties, has_ties, tied = _ties(ws, at, units)
    ease, ease_from = (
        _once(ws, units, lambda: _ease(ws, units)) if at.units == "country" else (None, None)
    )
    named = field_names(ws, at)
    asked = np.array([float(not at.field_ids or one in at.field_ids) for one in fields])
    return Gathered(
        place=at,
        pool=Pool(
            credit=credit,
            world=of_world[list(fields)].to_numpy(dtype=np.float64),
            level=level if has_levels else np.ones_like(level),
            works=totals[list(units)].to_numpy(dtype=np.float64),
            ties=ties,
            has_ties=has_ties,
            least=LEAST_CREDIT[at.units],
            ease=ease,
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
    if at.scheme == TOPIC_SCHEME:
        return sums_by_topic(ws, at)
    cells = at.of(ws.table("unit_cells"))
    kept = cells.filter(cells.unit_type.isin([at.units, "world"]))
    found: pd.DataFrame = (
        kept.group_by("unit_type", "unit_id", "field_id")
        .agg(
            **{name: kept[name].sum() for name in ("n", "credit", "credit_scored", *TOPS)},
        )
        .to_pandas()
    )
    return found


def _levels(sums: pd.DataFrame) -> Floats:
    """Return the part of works in the world's top by that of the world; NaN where not known."""
    level = pd.Series(np.nan, index=sums.index)
    for name, share in TOPS.items():
        expected = sums.credit_scored * share
        known = sums[name].notna() & (expected >= EXPECTED_IN_TOP)
        level = level.fillna((sums[name] / expected).where(known))
    return np.asarray(level, dtype=np.float64)


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
    """Count the works that each two organizations sign, all fields together."""
    definition = next(one for one in DEFINITIONS if one.definition_id == at.definition_id)
    works = universe(ws.table("works"), definition)
    counted = works.filter((works.register == at.register) & works.year.between(*at.years))
    listed = ws.table("organizations")
    named = listed.select("organization_id", unit_id=organization_unit(listed))
    signed = ws.table("affiliations").semi_join(counted, "work_id")
    signed_by = signed.inner_join(named, "organization_id").select("work_id", "unit_id").distinct()
    found = signed_by.filter(signed_by.unit_id.isin(units)).to_pandas()
    column = pd.Categorical(found.unit_id, categories=units).codes
    row = pd.factorize(found.work_id)[0]
    n_works = int(row.max()) + 1 if len(row) else 0
    signatures = sparse.csr_array((np.ones(len(found)), (row, column)), shape=(n_works, len(units)))
    ties = sparse.csr_array(signatures.T @ signatures)
    ties.setdiag(0)
    ties.eliminate_zeros()
    return ties, np.ones(len(units), dtype=bool), (at.register, at.years)


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
