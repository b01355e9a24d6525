"""Impact: normalised citation scores and shares of works in the world's top 10% and 1%."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    ROW,
    ROW_KEY,
    why_not_relative,
    with_coverage,
)
from fourseas.indicators.stability import (
    WeightedMean,
    mean_interval,
    sum_of_squares,
    weighted_share_interval,
)
from fourseas.schema.cells import CELL_KEY, COUNTINGS, IMPACTS, UNIT_CELLS, Counting
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

SUFFIXES: dict[Counting, dict[str, str]] = {
    "full": {"sum": "full", "cross": "full", "square": "full2"},
    "fractional": {"sum": "frac", "cross": "cross", "square": "frac2"},
}
WEIGHTS: dict[Counting, tuple[str, str]] = {
    "full": ("n_scored", "n_scored"),
    "fractional": ("credit_scored", "credit2_scored"),
}
MEANS = {"ncs": "mncs", "top_10": "pp_top_10", "top_1": "pp_top_1"}

IMPACT = TableSpec(
    name="impact",
    grain="one row per unit, field, year, definition and counting",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("n", "float64", "works", "Works of the unit behind the row (full counting)."),
        Column("p_scored", "float64", "works", "Works with a score, by this counting."),
        Column("tncs", "float64", "score", "Sum of normalised citation scores.", nullable=True),
        Column("p_top_10", "float64", "works", "Works in the top 10%.", nullable=True),
        Column("p_top_1", "float64", "works", "Works in the top 1%.", nullable=True),
        Column("mncs", "float64", "index", "Mean normalised citation score.", nullable=True),
        Column("mncs_low", "float64", "index", "Stability interval.", nullable=True),
        Column("mncs_high", "float64", "index", "Stability interval.", nullable=True),
        Column("pp_top_10", "float64", "share", "Share in the top 10%.", nullable=True),
        Column("pp_top_10_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_top_10_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_top_1", "float64", "share", "Share in the top 1%.", nullable=True),
        Column("pp_top_1_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_top_1_high", "float64", "share", "Stability interval.", nullable=True),
        COVERAGE,
        IS_PROVISIONAL,
        Column("has_open_window", "boolean", "flag", "Citations may still arrive in its window."),
        NOT_COMPUTABLE,
    ),
)


def impact(unit_cells: ir.Table, registers: ir.Table, definitions: ir.Table) -> ir.Table:
    r"""Return the citation impact of each unit's works.

    .. math:: MNCS_i = \frac{\sum_w a_{iw} NCS_w}{\sum_w a_{iw}}, \qquad
              PP(top\ x)_i = \frac{\sum_w a_{iw} T^x_w}{\sum_w a_{iw}}

    where :math:`NCS_w` and :math:`T^x_w` are the scores of `WORK_IMPACT` and :math:`a_{iw}`
    is 1 in full counting and the author-fractional credit in fractional counting. In
    fractional counting the world's MNCS is 1 and its PP(top x) is x.

    Scores compare works with all works of their register. Where that is a sample or a
    corpus, nothing is the world, and the measures are not computable. Figures that a
    publisher gives come without squares and so without intervals.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers, definitions
        `REGISTERS`, for the last complete year; `DEFINITION_ROWS`, for the window.

    Returns
    -------
    ir.Table
        `IMPACT`. `mncs` is 1 at the world's mean; `pp_` run from 0 to 1.

    References
    ----------
    Waltman & van Eck (2015), Journal of Informetrics 9(4), 872-894. Waltman & Schreiber
    (2013), JASIST 64(2), 372-379.
    """
    windows = definitions.select("definition_id", "citation_window")
    measured = ibis.union(*(_measured(unit_cells, counting) for counting in COUNTINGS))
    covered = with_coverage(measured, unit_cells, registers)
    dated = extend(covered, windows, ["definition_id"])
    last_counted = dated.year.cast("int64") + dated.citation_window.cast("int64") - 1
    return conform(
        dated.mutate(has_open_window=(last_counted > dated.last_complete_year).fill_null(True)),
        IMPACT,
    )


def _measured(unit_cells: ir.Table, counting: Counting) -> ir.Table:
    """Return sums, means and intervals of one counting."""
    scored = _summed(unit_cells, counting)
    reason = why_not_relative(scored.scope)
    nothing = ibis.null("float64")
    # The world's mean and shares follow from the normalisation: they could not be others.
    is_told = reason.isnull() & (scored.unit_type != "world")
    columns: dict[str, ir.Value] = {}
    for score in IMPACTS:
        mean = WeightedMean(
            ratio=scored[f"{score}_mean"],
            weight=scored.weight,
            weight2=scored.weight2,
            deviation=scored[f"{score}_deviation"],
        )
        interval = mean_interval(mean) if score == "ncs" else weighted_share_interval(mean)
        columns[MEANS[score]] = ibis.ifelse(reason.isnull(), mean.ratio, nothing)
        columns[f"{MEANS[score]}_low"] = ibis.ifelse(is_told, interval.low, nothing)
        columns[f"{MEANS[score]}_high"] = ibis.ifelse(is_told, interval.high, nothing)
        columns["tncs" if score == "ncs" else f"p_{score}"] = ibis.ifelse(
            reason.isnull(), scored[f"{score}_total"], nothing
        )
    return scored.select(
        *CELL_KEY,
        "n",
        counting=ibis.literal(counting),
        p_scored=scored.weight,
        not_computable=ibis.cases(
            (reason.notnull(), reason),
            (scored.top_10_mean.isnull(), "the register publishes the top 1% alone"),
            else_=ibis.null("string"),
        ),
        **columns,
    )


def _summed(unit_cells: ir.Table, counting: Counting) -> ir.Table:
    """Return sums, means and squared deviations of the scores of each unit that has any."""
    suffix = SUFFIXES[counting]
    weight, weight2 = (unit_cells[name].sum() for name in WEIGHTS[counting])
    columns: dict[str, ir.Value] = {}
    for score in IMPACTS:
        total = unit_cells[f"{score}_{suffix['sum']}"].sum()
        mean = total / weight.nullif(0.0)
        cross = unit_cells[f"{score}_{suffix['cross']}"].sum()
        square = unit_cells[f"{score}_{suffix['square']}"].sum()
        columns[f"{score}_total"] = total
        columns[f"{score}_mean"] = mean
        columns[f"{score}_deviation"] = sum_of_squares(mean, weight2, cross, square)
    sums = unit_cells.group_by(*CELL_KEY).agg(
        n=unit_cells.n.sum(), weight=weight, weight2=weight2, **columns
    )
    return sums.filter(sums.weight > 0)


INDICATOR = Indicator(
    title="Citation impact",
    meaning="How often a country's works are cited against works of the same field and year.",
    formula="MNCS = sum(a x NCS) / sum(a); PP(top x) = sum(a x T) / sum(a)",
    headline="pp_top_10",
    compute=impact,
    reads=(UNIT_CELLS, REGISTERS, DEFINITION_ROWS),
    writes=IMPACT,
    apart=OF_PLACE,
    source="https://doi.org/10.1016/j.joi.2015.08.001",
    caveats=(
        "Citations are attention, not quality; one outlier can move the MNCS of a small unit.",
        "Full counting lifts countries that write much with others; compare fractional values.",
        "Author self-citations are included.",
        "A year whose citation window is open will still change.",
    ),
)
