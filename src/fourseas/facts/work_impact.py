"""Normalised citation scores and exact top shares of works, from the citation histogram."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.universe import kind_group, universe
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import WORK_CITATIONS, WORK_IMPACT
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import UNRESOLVED_CITATIONS, WORK_FIELDS, WORKS

TOP_SHARES = {"top_10": 0.1, "top_1": 0.01}
CELL = ["register", "field_id", "year", "kind_group"]


def work_impact(
    works: ir.Table,
    work_fields: ir.Table,
    work_citations: ir.Table,
    unresolved_citations: ir.Table,
) -> ir.Table:
    r"""Score each work against the works of its register, field, year and group of kinds.

    .. math:: NCS_w = \sum_f \omega_{wf} \frac{c_w}{\bar c_f}, \qquad
              T_w = \sum_f \omega_{wf} \min\!\left(1, \max\!\left(0,
                    \frac{x N_f - A_f(c_w)}{n_f(c_w)}\right)\right)

    where :math:`\omega_{wf}` is the part of *w* in field *f*, :math:`c_w` its citations,
    :math:`\bar c_f` the mean of the cell, :math:`N_f` its works, :math:`n_f(c)` those with
    exactly *c* citations, :math:`A_f(c)` those with more, and *x* 10% or 1%. Works on the
    threshold share what is left of the top exactly, so the world's share is *x* by
    construction. Where the mean of a cell is 0, :math:`NCS = 1`.

    A work without a field in the definition's scheme is not scored. Citations are those of
    the definition's window, or those reported to date where it has none; a register without
    a single resolved reference has no windowed citations, and its works no such score.

    References
    ----------
    Waltman & Schreiber (2013), "On the calculation of percentile-based bibliometric
    indicators", JASIST 64(2), 372-379. Waltman, van Eck, van Leeuwen, Visser & van Raan
    (2011), "Towards a new crown indicator", Scientometrics 87, 467-481.
    """
    scored = [
        _scored(
            _cited(universe(works, definition), definition, work_citations, unresolved_citations),
            work_fields,
            definition,
        )
        for definition in DEFINITIONS
        if definition.computed
    ]
    return ibis.union(*scored)


def _cited(
    counted: ir.Table,
    definition: Definition,
    work_citations: ir.Table,
    unresolved_citations: ir.Table,
) -> ir.Table:
    """Return the counted works with their citations; works without any known are left out."""
    of_works = counted.select(
        "work_id", "register", "year", "cited_by_count", kind_group=kind_group(counted.kind)
    )
    if definition.citation_window is None:
        reported = of_works.mutate(n_citations=of_works.cited_by_count.cast("int64"))
        return reported.filter(reported.n_citations.notnull()).drop("cited_by_count")
    linked = unresolved_citations.filter(
        unresolved_citations.n_resolved > unresolved_citations.n_self
    )
    in_window = work_citations.filter(
        work_citations.citation_window == definition.citation_window
    ).select("work_id", "n_citations")
    joined = of_works.semi_join(linked, "register").left_join(in_window, "work_id")
    filled = joined.mutate(n_citations=joined.n_citations.fill_null(0))
    return filled.select("work_id", "register", "year", "kind_group", "n_citations")


def _scored(cited: ir.Table, work_fields: ir.Table, definition: Definition) -> ir.Table:
    """Score works from the histogram of citations, without a window over works."""
    if definition.normalization_scheme == ALL:
        in_fields = cited.mutate(field_id=ibis.literal(ALL), weight=ibis.literal(1.0))
    else:
        of_scheme = work_fields.filter(
            work_fields.scheme == definition.normalization_scheme
        ).select("work_id", "field_id", "weight")
        in_fields = cited.inner_join(of_scheme, "work_id").select(
            *cited.columns, "field_id", "weight"
        )
    histogram = in_fields.group_by(*CELL, "n_citations").agg(n=in_fields.weight.sum())
    cells = histogram.group_by(*CELL).agg(
        n_cell=histogram.n.sum(),
        citations_cell=(histogram.n * histogram.n_citations.cast("float64")).sum(),
    )
    descending = ibis.window(
        group_by=[histogram[name] for name in CELL],
        order_by=histogram.n_citations.desc(),
        preceding=None,
        following=0,
    )
    cumulated = histogram.mutate(n_at_least=histogram.n.sum().over(descending))
    levels = cumulated.inner_join(cells, CELL)
    mean = levels.citations_cell / levels.n_cell
    n_above = levels.n_at_least - levels.n
    scores = levels.select(
        *CELL,
        "n_citations",
        cell_ncs=ibis.ifelse(mean > 0, levels.n_citations.cast("float64") / mean, 1.0),
        **{
            f"cell_{name}": ((share * levels.n_cell - n_above) / levels.n).clip(0.0, 1.0)
            for name, share in TOP_SHARES.items()
        },
    )
    matched = in_fields.inner_join(scores, [*CELL, "n_citations"])
    by_work = matched.group_by("work_id", "register").agg(
        n_citations=matched.n_citations.max(),
        weight=matched.weight.sum(),
        ncs=(matched.weight * matched.cell_ncs).sum(),
        top_10=(matched.weight * matched.cell_top_10).sum(),
        top_1=(matched.weight * matched.cell_top_1).sum(),
    )
    return conform(
        by_work.mutate(definition_id=ibis.literal(definition.definition_id)), WORK_IMPACT
    )


STEP = Step(
    compute=work_impact,
    reads=(WORKS, WORK_FIELDS, WORK_CITATIONS, UNRESOLVED_CITATIONS),
    writes=WORK_IMPACT,
)
