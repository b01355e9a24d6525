"""Rivalry: whether knowledge flows less than expected where two are both strong and close.

The question is put to citations, field by field: does a country cite another one less than their
sizes lead to expect where both stand high and near to each other? The answer hangs on what
"standing high" means, so that it is asked by two measures of level, and no answer counts that
holds by one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import ibis.expr.types as ir
import numpy as np
import scipy

from fourseas.errors import NotComputableError
from fourseas.models.regression import Coefficient, Design, Fit, fit_ols
from fourseas.models.separation import Booleans, Floats, Integers, combined, n_levels
from fourseas.schema.cells import ALL, CITATION_INDEX_CELLS, UNIT_CELLS
from fourseas.schema.model import Model
from fourseas.schema.step import Step
from fourseas.schema.table import Column, TableSpec, conform

LevelMeasure = Literal["share", "volume"]
LEVEL_MEASURES: dict[LevelMeasure, str] = {
    "share": "share of its works in the world's top 1%",
    "volume": "number of its works in the world's top 1%",
}
Verdict = Literal["supported", "contradicted", "mixed", "no association found"]

LEVEL_YEARS = 5
"""Years up to that of the citations over which a level is the mean."""

CLOSENESS, INTERACTION = "closeness", "closeness_x_lower"
LEAST_CELLS = 100
DECIMALS = 10
"""Of a level as a part of the greatest; what differs beyond is the same."""

WITHOUT_PAIR = "without the named pair"
IN_THIRDS = "levels in thirds, not in percentiles"
AS_LOWEST = "unpublished levels as the lowest"
PLACEBOS = 19
"""Worlds in which levels are dealt out at random within fields."""

OBSERVATIONS = TableSpec(
    name="rivalry_observations",
    grain="one row per citing and cited country and field of the year of the citation index",
    key=("register", "unit_id", "partner_id", "scheme", "field_id", "year"),
    columns=(
        Column("register", "string", "code", "The register that the index comes from."),
        Column("unit_id", "string", "code", "The citing country."),
        Column("partner_id", "string", "code", "The cited country."),
        Column("scheme", "string", "code", "Classification of fields."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("year", "int16", "year", "Year of the index."),
        Column(
            "relative_citation_index",
            "float64",
            "index",
            "Citations against what the cited country's output leads to expect.",
            nullable=True,
        ),
        Column(
            "unit_share", "float64", "share", "Mean of the citing in the top 1%.", nullable=True
        ),
        Column("unit_volume", "float64", "credit", "That x its mean output.", nullable=True),
        Column("partner_share", "float64", "share", "Mean of the cited.", nullable=True),
        Column("partner_volume", "float64", "credit", "That x its mean output.", nullable=True),
    ),
)


def observations(citation_index_cells: ir.Table, unit_cells: ir.Table) -> ir.Table:
    """Return the citation index of each two countries and field with the level of both.

    A level is the mean over five years up to that of the index, fractional, of those years in
    which it is published; a country without any has none. The volume is the mean share times the
    mean output. Citations of a country of itself are left out.
    """
    index = citation_index_cells.filter(
        (citation_index_cells.unit_id != citation_index_cells.partner_id)
        & (citation_index_cells.scheme != ALL)
    ).select(
        *OBSERVATIONS.key,
        "relative_citation_index",
    )
    last = index.group_by("register", "scheme").agg(last_year=index.year.max())
    cells = unit_cells.filter(unit_cells.unit_type == "country")
    sums = cells.group_by("register", "unit_id", "scheme", "field_id", "year").agg(
        credit=cells.credit.sum(),
        credit_scored=cells.credit_scored.sum(),
        top_1=cells.top_1_frac.sum(),
    )
    near = sums.inner_join(last, ["register", "scheme"])
    of_years = near.filter(
        (near.year <= near.last_year) & (near.year > near.last_year - LEVEL_YEARS)
    )
    shares = of_years.mutate(share=of_years.top_1 / of_years.credit_scored.nullif(0.0))
    means = shares.group_by("register", "unit_id", "scheme", "field_id").agg(
        share=shares.share.mean(), output=shares.credit.mean()
    )
    levels = means.mutate(volume=means.share * means.output)
    key = ["register", "scheme", "field_id"]
    citing = levels.select(*key, "unit_id", unit_share=levels.share, unit_volume=levels.volume)
    cited = levels.select(
        *key, partner_id=levels.unit_id, partner_share=levels.share, partner_volume=levels.volume
    )
    with_citing = index.left_join(citing, [*key, "unit_id"]).select(
        *index.columns, "unit_share", "unit_volume"
    )
    with_both = with_citing.left_join(cited, [*key, "partner_id"]).select(
        *with_citing.columns, "partner_share", "partner_volume"
    )
    return conform(with_both, OBSERVATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationFlows:
    """Citations of each two countries and field against expectation, as arrays.

    Attributes
    ----------
    citing, cited, field
        Numbers of countries and fields, shape (n,).
    index
        Relative citation index, shape (n,); NaN where it is not published.
    level
        Level of each country in each field, shape (countries, fields), by measure; NaN where it
        is not published.
    """

    citing: Integers
    cited: Integers
    field: Integers
    index: Floats
    level: dict[LevelMeasure, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One estimate of the grid.

    Attributes
    ----------
    measure
        What level is.
    variant
        What is different from the main estimate; empty for the main one.
    closeness, interaction
        Coefficients of closeness, at the mean lower level, and of closeness x lower level.
    n, n_pairs
        Cells and unordered pairs.
    """

    measure: LevelMeasure
    variant: str
    closeness: Coefficient
    interaction: Coefficient
    n: int
    n_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivalry:
    """What the grid says.

    Attributes
    ----------
    rows
        Main estimate of each measure of level, then its variants.
    placebo
        Interactions in worlds with levels dealt out at random within fields, by measure, shape
        (placebos,).
    verdict, reason
        By the main estimates and their variants.
    n_cells, n_zero, n_without_level
        Cells with different countries; of these without a citation, whose log does not exist;
        and with a citation, but without a published level of both.
    n_countries, n_fields
        Over how many.
    """

    rows: tuple[Row, ...]
    placebo: dict[LevelMeasure, Floats]
    verdict: Verdict
    reason: str
    n_cells: int
    n_zero: int
    n_without_level: int
    n_countries: int
    n_fields: int


def rivalry(
    flows: CitationFlows,
    *,
    without_pair: tuple[int, int] | None = None,
    placebos: int = PLACEBOS,
    seed: int = 0,
) -> Rivalry:
    r"""Estimate how citations against expectation go with closeness where both are strong.

    .. math::

        \log RCI_{ijf} = \beta_1\, near_{ijf} + \beta_3\, near_{ijf} \times low_{ijf}
        + g_{ij} + a_{if} + b_{jf} + u_{ijf}

    where :math:`near = 1 - |L_{if} - L_{jf}|` and :math:`low = \min(L_{if}, L_{jf})`, both less
    their means, :math:`L` is a country's percentile by level within the field, and :math:`g, a, b`
    are effects of the directed pair, of the citing and of the cited country in the field. The lower
    level alone cannot be told: :math:`2\,low = L_i + L_j - 1 + near`, which the effects and
    closeness hold. Errors are clustered by unordered pair.

    If flows were held back between strong rivals, :math:`\beta_3` would be below 0 whatever the
    level is measured by.

    Parameters
    ----------
    flows
        Index and levels.
    without_pair
        Two countries whose pair a variant leaves out.
    placebos, seed
        Worlds with random levels.

    Raises
    ------
    NotComputableError
        Where too few cells have an index and levels.
    """
    rows: list[Row] = []
    placebo: dict[LevelMeasure, Floats] = {}
    for measure, level in flows.level.items():
        ranks = percentiles(level)
        variants = [
            ("", flows, ranks),
            (IN_THIRDS, flows, np.ceil(3 * ranks) / 3),
            (AS_LOWEST, flows, percentiles(np.nan_to_num(level))),
        ]
        if without_pair is not None:
            is_pair = np.isin(flows.citing, without_pair) & np.isin(flows.cited, without_pair)
            variants.append((WITHOUT_PAIR, _some(flows, ~is_pair), ranks))
        rows += [_row(measure, name, some, changed) for name, some, changed in variants]
        rng = np.random.default_rng(seed)
        dealt = (_dealt(ranks, rng) for _ in range(placebos))
        placebo[measure] = np.array(
            [_fit(flows, one).of(INTERACTION).estimate for one in dealt], dtype=np.float64
        )
    verdict, reason = judged(rows)
    has_levels = np.isfinite(_of_both(flows, next(iter(flows.level.values())))).all(axis=0)
    return Rivalry(
        rows=tuple(rows),
        placebo=placebo,
        verdict=verdict,
        reason=reason,
        n_cells=len(flows.index),
        n_zero=int((flows.index == 0).sum()),
        n_without_level=int(((flows.index > 0) & ~has_levels).sum()),
        n_countries=n_levels(np.concatenate([flows.citing, flows.cited])),
        n_fields=n_levels(flows.field),
    )


def percentiles(level: Floats) -> Floats:
    """Return each country's rank within the field by the number of those with a level, to 1.

    Countries of one level share the mean of their ranks; what is NaN stays NaN. Published shares
    have two decimals, so that levels are often the same, but for rounding.
    """
    greatest = np.fmax.reduce(level, axis=0, keepdims=True)
    same = np.round(level / np.where(greatest > 0, greatest, 1.0), DECIMALS)
    ranks: Floats = scipy.stats.rankdata(same, axis=0, nan_policy="omit")
    shares: Floats = ranks / np.isfinite(level).sum(axis=0, keepdims=True)
    return shares


def judged(rows: Sequence[Row]) -> tuple[Verdict, str]:
    """Judge by all estimates of the grid, and say by which.

    What one measure of level shows and another does not is "mixed", whatever the first says.
    """
    below = [row for row in rows if row.interaction.high < 0]
    above = [row for row in rows if row.interaction.low > 0]
    if len(below) == len(rows):
        return "supported", "the interaction is below 0 by every measure of level and variant"
    if len(above) == len(rows):
        return "contradicted", "the interaction is above 0 by every measure of level and variant"
    if not below and not above:
        return "no association found", "no interaction of the grid can be told from 0"
    told = "; ".join(
        f"{sum(row.measure == measure for row in below)} of "
        f"{sum(row.measure == measure for row in rows)} estimates are below 0, and "
        f"{sum(row.measure == measure for row in above)} above, where level is the {words}"
        for measure, words in LEVEL_MEASURES.items()
        if any(row.measure == measure for row in rows)
    )
    return "mixed", f"it depends on what level means: {told}; the rest cannot be told from 0"


def _row(measure: LevelMeasure, variant: str, flows: CitationFlows, ranks: Floats) -> Row:
    fit = _fit(flows, ranks)
    return Row(
        measure=measure,
        variant=variant,
        closeness=fit.of(CLOSENESS),
        interaction=fit.of(INTERACTION),
        n=fit.n,
        n_pairs=fit.n_clusters,
    )


def _fit(flows: CitationFlows, ranks: Floats) -> Fit:
    """Estimate the equation by levels that are given as ranks, shape (countries, fields)."""
    citing_level, cited_level = _of_both(flows, ranks)
    is_used = (flows.index > 0) & np.isfinite(citing_level) & np.isfinite(cited_level)
    if int(is_used.sum()) < LEAST_CELLS:
        question = "Rivalry"
        raise NotComputableError.because(
            question,
            f"{int(is_used.sum())} cells have citations and a level of both countries, and it "
            f"takes {LEAST_CELLS}",
            "Add a register that publishes citations of countries by field, such as ncses.",
        )
    near = 1.0 - np.abs(citing_level - cited_level)[is_used]
    low = np.minimum(citing_level, cited_level)[is_used]
    near, low = near - near.mean(), low - low.mean()
    citing, cited, field = (part[is_used] for part in (flows.citing, flows.cited, flows.field))
    return fit_ols(
        Design(
            outcome=np.log(flows.index[is_used]),
            regressors={CLOSENESS: near, INTERACTION: near * low},
            effects={
                "pair": combined(citing, cited),
                "citing_field": combined(field, citing),
                "cited_field": combined(field, cited),
            },
            clusters={"pair": combined(np.minimum(citing, cited), np.maximum(citing, cited))},
        )
    )


def _of_both(flows: CitationFlows, level: Floats) -> Floats:
    """Return the level of the citing and of the cited country of each cell, shape (2, n)."""
    return np.stack([level[flows.citing, flows.field], level[flows.cited, flows.field]])


def _some(flows: CitationFlows, kept: Booleans) -> CitationFlows:
    return replace(
        flows,
        citing=flows.citing[kept],
        cited=flows.cited[kept],
        field=flows.field[kept],
        index=flows.index[kept],
    )


def _dealt(ranks: Floats, rng: np.random.Generator) -> Floats:
    """Return the same levels, dealt out anew among the countries of each field."""
    dealt = ranks.copy()
    for column in dealt.T:
        known = np.flatnonzero(np.isfinite(column))
        column[known] = column[rng.permutation(known)]
    return dealt


MODEL = Model(
    name="rivalry",
    title="Rivalry in citations",
    meaning="Whether countries cite each other less than expected where both are strong and close.",
    formula="ln RCI_ijf = b1 near_ijf + b3 near_ijf low_ijf + g_ij + a_if + b_jf",
    observations=Step(
        compute=observations, reads=(CITATION_INDEX_CELLS, UNIT_CELLS), writes=OBSERVATIONS
    ),
    estimate=rivalry,
    result=Rivalry,
    source="https://ncses.nsf.gov/pubs/nsb202333/",
    caveats=(
        "An association: what is close in level may be close in topics, which is not seen here.",
        "One year and 14 broad fields; citations are no prevention, which leaves no record here.",
        "An effect that only one measure of level shows is no finding.",
    ),
)
