"""Structural gravity: how joint works and citations fall off with distance, border and language.

What a country does as a whole in a year, its size, wealth and openness, is taken up by its own
effect of that year. What remains is where its joint works are, and that is what is explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from fourseas.errors import NotComputableError
from fourseas.models.regression import Coefficient, Design, Fit, fit_ppml
from fourseas.models.separation import Booleans, Floats, Integers, combined, n_levels
from fourseas.schema.cells import PAIR_CELLS, PLACE, PROVENANCE
from fourseas.schema.countries import COUNTRY_DISTANCES
from fourseas.schema.flows import FLOW_CELLS
from fourseas.schema.model import Model
from fourseas.schema.step import Step
from fourseas.schema.table import Column, TableSpec, conform

PLACED = (*(column.name for column in (*PROVENANCE, *PLACE)),)

TIES = {
    "is_contiguous": "shared border",
    "is_common_language": "shared official language",
    "is_colony": "colonial tie",
}
"""Covariates that a pair has or has not, in our words."""

LOG_DISTANCE = "log_distance"
PROXIMITY = "proximity"
LOG_MOVERS = "log_movers"
MOVING = (PROXIMITY, LOG_MOVERS)
"""Covariates that differ from year to year within a pair; the others stay."""

DECADE = 10.0
LEAST_PAIRS = 10
"""Pairs with a flow that it takes; they are of five countries at least."""

OBSERVED = (
    *PROVENANCE,
    Column("unit_id", "string", "code", "One country; of citations, the citing one."),
    Column("partner_id", "string", "code", "The other; of citations, the cited one."),
    *PLACE,
    Column("flow", "float64", "count", "Joint works, or citations; 0 where there are none."),
    Column("distance_km", "float64", "km", "Between the most populous cities.", nullable=True),
    Column("is_contiguous", "boolean", "flag", "They share a border.", nullable=True),
    Column("is_common_language", "boolean", "flag", "They share a language.", nullable=True),
    Column("is_colony", "boolean", "flag", "One was ever a colony.", nullable=True),
)

JOINT_WORKS = TableSpec(
    name="gravity_joint_works",
    grain="one row per ordered pair of countries with any joint work in the year, field, year",
    key=(*PLACED, "unit_id", "partner_id"),
    columns=OBSERVED,
)

CITATIONS = TableSpec(
    name="gravity_citations",
    grain="one row per citing and cited country with any citation in the year, field, year",
    key=(*PLACED, "unit_id", "partner_id"),
    columns=OBSERVED,
)


def joint_works(pair_cells: ir.Table, country_distances: ir.Table) -> ir.Table:
    """Return joint works of all pairs of countries that have any in a year, zeros included.

    A pair that its register does not list has no joint work: registers list all pairs that have
    one. Countries without any in a year say nothing of where their joint works are.
    """
    of_countries = pair_cells.filter(pair_cells.unit_type == "country")
    flows = of_countries.select(*PLACED, "unit_id", "partner_id", flow=of_countries.p)
    return conform(_squared(flows, country_distances), JOINT_WORKS)


def citations(flow_cells: ir.Table, country_distances: ir.Table) -> ir.Table:
    """Return citations of the first years between all pairs of countries, zeros included.

    Fractional on both sides; a country's citations of itself are left out, and so is what comes
    later than `lag` 2, so that years can be compared.
    """
    kept = flow_cells.filter(
        (flow_cells.unit_type == "country")
        & ~flow_cells.partner_id.isin(["UNKNOWN", "WORLD"])
        & (flow_cells.unit_id != flow_cells.partner_id)
        & (flow_cells.lag <= WINDOW_LAG)
    )
    flows = kept.group_by(*PLACED, "unit_id", "partner_id").agg(flow=kept.citations.sum())
    return conform(_squared(flows, country_distances), CITATIONS)


WINDOW_LAG = 2
"""Last year after publication whose citations are counted: a window of three years."""


def _squared(flows: ir.Table, country_distances: ir.Table) -> ir.Table:
    """Return a row for each two countries with a flow in the same place, with what is known."""
    positive = flows.filter(flows.flow > 0)
    left = positive.select(*PLACED, "unit_id").distinct()
    right = positive.select(*PLACED, "partner_id").distinct()
    square = left.inner_join(right, list(PLACED))
    apart = square.filter(square.unit_id != square.partner_id).select(
        *PLACED, "unit_id", "partner_id"
    )
    counted = apart.left_join(positive, [*PLACED, "unit_id", "partner_id"]).select(
        *PLACED, "unit_id", "partner_id", flow=ibis._.flow.fill_null(0.0)
    )
    known = country_distances.select(
        *("distance_km", *TIES),
        unit_id=country_distances.country_code_a,
        partner_id=country_distances.country_code_b,
    )
    return counted.left_join(known, ["unit_id", "partner_id"]).select(
        *PLACED, "unit_id", "partner_id", "flow", "distance_km", *TIES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Flows between countries by year, as arrays.

    Attributes
    ----------
    origin, destination
        Number of each country, shape (n,).
    year
        Shape (n,).
    flow
        Joint works or citations, shape (n,); 0 where there are none.
    covariates
        What is known of each pair, shape (n,), by name; NaN where it is not.
    is_symmetric
        Whether each pair stands there twice, once each way, with the same flow.
    """

    origin: Integers
    destination: Integers
    year: Integers
    flow: Floats
    covariates: Mapping[str, Floats]
    is_symmetric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """An estimated gravity equation.

    Attributes
    ----------
    coefficients
        Elasticity of distance; of ties, the log of a ratio of flows.
    collinear
        Covariates that the effects determine.
    first_year, last_year, n_countries, n_pairs
        What was estimated on; pairs are unordered.
    n, n_zero
        Pair-years, each pair once where flows are symmetric, and those without a flow.
    pp_flow_covered
        Part of all flows that is between countries whose covariates are known.
    pp_pairs_unknown
        Part of all pairs whose covariates are known in no year.
    pp_pairs_dropped
        Part of the pairs with known covariates no year of which was estimated on.
    n_without_positive, n_separated, n_single
        Rows left out, as of `Fit`.
    guard_is_complete
        Whether no further row can be separated.
    has_pair_effects
        Whether each pair has an effect of its own.
    fit
        The estimate as it came.
    """

    coefficients: tuple[Coefficient, ...]
    collinear: tuple[str, ...]
    first_year: int
    last_year: int
    n_countries: int
    n_pairs: int
    n: int
    n_zero: int
    pp_flow_covered: float
    pp_pairs_unknown: float
    pp_pairs_dropped: float
    n_without_positive: int
    n_separated: int
    n_single: int
    guard_is_complete: bool
    has_pair_effects: bool
    fit: Fit


def gravity(flows: Flows) -> Gravity:
    r"""Estimate the gravity equation of flows between countries.

    .. math:: E[C_{ijt}] = \exp(a_{it} + b_{jt} + \beta \log d_{ij} + \gamma' x_{ij})

    by Poisson pseudo maximum likelihood, where :math:`a` and :math:`b` are the effects of a
    country in a year. A symmetric flow stands there twice, once each way, so that both countries
    have both effects; errors are clustered by unordered pair, so that this doubles nothing.

    Parameters
    ----------
    flows
        All pairs of countries with any flow in a year, zeros included.

    Returns
    -------
    Gravity
        Coefficients, what they rest on and what was left out.

    Raises
    ------
    NotComputableError
        Where there are too few countries or pairs, or nothing varies.

    References
    ----------
    Yotov, Piermartini, Monteiro & Larch (2016), "An Advanced Guide to Trade Policy Analysis",
    UNCTAD and WTO. Hoekman, Frenken & Tijssen (2010), "Research collaboration at a distance",
    Research Policy 39(5), 662-673.
    """
    return _estimated(flows, dict(flows.covariates), has_pair_effects=False)


def gravity_over_time(flows: Flows) -> Gravity:
    r"""Estimate how the reach of distance and ties has changed, within pairs.

    .. math::

        E[C_{ijt}] = \exp(a_{it} + b_{jt} + g_{ij} + \tau_t (\beta \log d_{ij} + \gamma' x_{ij}))

    where :math:`\tau` is time in decades and :math:`g` the effect of an ordered pair: what does
    not change between two countries is taken up by it, so that only changes are told. Covariates
    that move within a pair (`MOVING`) stand there as they are, without time.

    Raises
    ------
    NotComputableError
        Where there are fewer than two years, too few countries or pairs, or nothing varies.
    """
    if n_levels(flows.year[_known(flows)]) < 2:  # noqa: PLR2004  (a change needs two)
        question = "Change over time"
        raise NotComputableError.because(
            question,
            "the flows are of one year, or covariates are known in one at most",
            "Take more years with --years, or fewer --covariates.",
        )
    decades = (flows.year - flows.year.mean()) / DECADE
    changing = {
        name if name in MOVING else f"{name}_per_decade": x if name in MOVING else decades * x
        for name, x in flows.covariates.items()
    }
    return _estimated(flows, changing, has_pair_effects=True)


def _estimated(
    flows: Flows, regressors: Mapping[str, Floats], *, has_pair_effects: bool
) -> Gravity:
    known = _known(flows)
    pair = _pairs(flows)
    _check(flows, known, pair)
    effects = {
        "origin_year": combined(flows.year, flows.origin),
        "destination_year": combined(flows.year, flows.destination),
    }
    if has_pair_effects:
        effects["pair"] = combined(flows.origin, flows.destination)
    fit = fit_ppml(
        Design(
            outcome=flows.flow[known],
            regressors={name: column[known] for name, column in regressors.items()},
            effects={name: codes[known] for name, codes in effects.items()},
            clusters={"pair": pair[known]},
        )
    )
    used = np.flatnonzero(known)[fit.is_used]
    times = 2 if flows.is_symmetric else 1
    of_known = n_levels(pair[known])
    n_pairs = n_levels(pair[used])
    return Gravity(
        coefficients=fit.coefficients,
        collinear=fit.collinear,
        first_year=int(flows.year[used].min()),
        last_year=int(flows.year[used].max()),
        n_countries=n_levels(np.concatenate([flows.origin[used], flows.destination[used]])),
        n_pairs=n_pairs,
        n=fit.n // times,
        n_zero=int((flows.flow[used] == 0).sum()) // times,
        pp_flow_covered=float(flows.flow[known].sum() / flows.flow.sum()),
        pp_pairs_unknown=1.0 - of_known / n_levels(pair),
        pp_pairs_dropped=1.0 - n_pairs / of_known,
        n_without_positive=fit.n_without_positive // times,
        n_separated=fit.n_separated // times,
        n_single=fit.n_single // times,
        guard_is_complete=fit.guard_is_complete,
        has_pair_effects=has_pair_effects,
        fit=fit,
    )


def _known(flows: Flows) -> Booleans:
    """Mark rows all of whose covariates are known."""
    known = np.ones(len(flows.flow), dtype=bool)
    for column in flows.covariates.values():
        known &= np.isfinite(column)
    return known


def _pairs(flows: Flows) -> Integers:
    """Return the number of each unordered pair."""
    low = np.minimum(flows.origin, flows.destination)
    return combined(low, np.maximum(flows.origin, flows.destination))


def _check(flows: Flows, known: Booleans, pair: Integers) -> None:
    """Refuse what is too little to tell effects of countries and of distance apart."""
    positive = known & (flows.flow > 0)
    n_countries = n_levels(np.concatenate([flows.origin[positive], flows.destination[positive]]))
    n_pairs = n_levels(pair[positive])
    if n_pairs < LEAST_PAIRS:
        question = "Gravity"
        raise NotComputableError.because(
            question,
            f"{n_pairs} pairs of {n_countries} countries have a flow and known covariates, and "
            f"it takes {LEAST_PAIRS} pairs to tell distance from countries",
            "Widen --years, or take all fields, fewer --covariates or another --register.",
        )


MODEL = Model(
    name="gravity",
    title="Structural gravity of joint works",
    meaning="How joint works of two countries go with their distance, border, language and past.",
    formula="E[C_ijt] = exp(a_it + b_jt + beta ln(distance_ij) + gamma' ties_ij)",
    observations=Step(
        compute=joint_works, reads=(PAIR_CELLS, COUNTRY_DISTANCES), writes=JOINT_WORKS
    ),
    estimate=gravity,
    result=Gravity,
    source="https://doi.org/10.1162/rest.88.4.641",
    caveats=(
        "An association: distance stands for all that goes with it, such as history and trade.",
        "Full counting: a work of many countries counts in each of its pairs.",
        "What is the same for all partners of a country in a year (wealth, size) cannot be told.",
    ),
)

CITATION_MODEL = Model(
    name="citation_gravity",
    title="Structural gravity of citations",
    meaning="How citations between two countries go with their distance, border and language.",
    formula="E[F_ijt] = exp(a_it + b_jt + beta ln(distance_ij) + gamma' ties_ij)",
    observations=Step(compute=citations, reads=(FLOW_CELLS, COUNTRY_DISTANCES), writes=CITATIONS),
    estimate=gravity,
    result=Gravity,
    source="https://doi.org/10.1162/rest.88.4.641",
    caveats=(
        "An association: distance stands for all that goes with it.",
        "Citations within three years of publication, fractional on both sides.",
        "A country's citations of itself are left out.",
    ),
)
