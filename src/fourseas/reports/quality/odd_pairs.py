"""Pairs of countries whose joint works leave what the years beside lead to expect."""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.section import Section
from fourseas.schema.cells import ALL, PAIR_CELLS
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import Column, TableSpec, conform

LEAST_WORKS = 20
LEAST_FACTOR = 2.0
LEAST_SCORE = 6.0
NORMAL_SPREAD = 1.4826
"""Standard deviation of a normal variable, by its median absolute deviation."""

MOST_TOLD = 40

SERIES = ("register", "definition_id")
PAIR = (*SERIES, "unit_id", "partner_id")

ODD_PAIRS = TableSpec(
    name="odd_pairs",
    grain="one row per register, definition, pair of countries and year that stands out",
    key=(*PAIR, "year"),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("unit_id", "string", "code", "One country."),
        Column("partner_id", "string", "code", "The other."),
        Column("year", "int16", "year", "Year of publication."),
        Column("p", "float64", "works", "Works with authors in both (full counting)."),
        Column("p_expected", "float64", "works", "By the years before and after."),
        Column("robust_z", "float64", "score", "How far it stands out, in robust deviations."),
        Column("definition_id", "string", "code", "The definition by which it was counted."),
    ),
)


def odd_pairs(pair_cells: ir.Table) -> ir.Table:
    r"""Return the pairs and years whose joint works are out of line, the farthest first.

    .. math:: e_t = \sqrt{(p_{t-1} + 1)(p_{t+1} + 1)}, \qquad
              s_t = \ln\frac{p_t + 1}{e_t} \Big/
              \sqrt{\frac{1}{p_t + 1} + \frac{1}{4 (p_{t-1} + 1)} + \frac{1}{4 (p_{t+1} + 1)}}

    and :math:`z = (s - median(s)) / max(1, 1.4826 \cdot MAD(s))` over all pairs of the register
    and year. A pair is told where :math:`|z| \ge 6`, the count is twice the expected or half of
    it, one of both is 20 or more, and no year beside stands out farther. A pair without a row in
    a year that the register has other pairs of has no joint works then; such a year is no
    candidate itself.
    """
    defaults = [d.definition_id for d in DEFINITIONS if d.is_default]
    cells = pair_cells.filter(
        (pair_cells.unit_type == "country")
        & (pair_cells.unit_id < pair_cells.partner_id)
        & (pair_cells.scheme == ALL)
        & pair_cells.definition_id.isin(defaults)
    )
    counts = cells.group_by(*PAIR, "year").agg(p=cells.p.sum())
    scored = _scored(_beside(counts))
    z_beside = ibis.greatest(
        *(
            shifted.over(ibis.window(group_by=PAIR, order_by="year")).abs().fill_null(0.0)
            for shifted in (scored.robust_z.lag(), scored.robust_z.lead())
        )
    )
    peaks = scored.mutate(z_beside=z_beside)
    told = peaks.filter(
        (peaks.robust_z.abs() >= LEAST_SCORE)
        & (peaks.robust_z.abs() >= peaks.z_beside)
        & (peaks.log_ratio.abs() >= math.log(LEAST_FACTOR))
        & (ibis.greatest(peaks.p, peaks.p_expected) >= LEAST_WORKS)
    )
    ordered = told.order_by(told.robust_z.abs().desc(), *PAIR, "year").limit(MOST_TOLD)
    return conform(ordered, ODD_PAIRS)


def _beside(counts: ir.Table) -> ir.Table:
    """Return joint works with those of the years before and after, where there are such years."""
    years = counts.select(*SERIES, "year").distinct()
    beside = counts
    for name, step in (("before", 1), ("after", -1)):
        there = years.select(*SERIES, year=(years.year + step).cast("int16"))
        other = counts.select(
            *PAIR, year=(counts.year + step).cast("int16"), **{f"p_{name}": counts.p}
        )
        judged = beside.semi_join(there, [*SERIES, "year"])
        joined = judged.left_join(other, [*PAIR, "year"])
        beside = joined.select(*beside.columns, **{f"p_{name}": joined[f"p_{name}"].fill_null(0.0)})
    return beside


def _scored(beside: ir.Table) -> ir.Table:
    """Return how far each count is from the expected one, by the spread of its year."""
    one = beside.mutate(
        p_expected=((beside.p_before + 1.0) * (beside.p_after + 1.0)).sqrt() - 1.0,
        spread=(
            1.0 / (beside.p + 1.0) + 0.25 / (beside.p_before + 1.0) + 0.25 / (beside.p_after + 1.0)
        ).sqrt(),
    )
    logs = one.mutate(log_ratio=((one.p + 1.0) / (one.p_expected + 1.0)).ln())
    of_year = ibis.window(group_by=[*SERIES, "year"])
    scores = logs.mutate(score=logs.log_ratio / logs.spread)
    centered = scores.mutate(off=scores.score - scores.score.median().over(of_year))
    mad = centered.off.abs().median().over(of_year)
    spread = centered.mutate(mad=mad)
    return spread.mutate(robust_z=spread.off / ibis.greatest(NORMAL_SPREAD * spread.mad, 1.0))


SECTION = Section(
    title="Pairs of countries whose joint works jump in a single year.",
    compute=odd_pairs,
    reads=(PAIR_CELLS,),
    writes=ODD_PAIRS,
    definition="Joint works of a year against the geometric mean of the years beside, by their "
    f"spread as counts and that of all pairs of the year: {LEAST_SCORE:g} robust deviations or "
    f"more, and {LEAST_FACTOR:g} times the expected or less than its half, of "
    f"{LEAST_WORKS} works or more.",
    base=f"Pairs with joint works in the year; the {MOST_TOLD} that stand out most.",
    coverage="First and last years have nothing beside them. A year in which all works of a pair "
    "are missing is not told, nor is a confusion that lasts.",
    remedy="Of a register with works, list them with `fourseas show collaboration --country "
    "UA --years 2006 --where international`: one giant collaboration is no mistake; a confused "
    "code (IL for Illinois, NE for Nebraska) is. Of published figures, ask who published them.",
)
