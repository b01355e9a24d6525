"""Citation distributions: how many works of a field, year and kind have how many citations."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.cited_works import cited_in_fields
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import CITATION_DISTRIBUTIONS, COMPARED_WORKS, TOP_SHARES, WORK_CITATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import UNRESOLVED_CITATIONS, WORK_FIELDS, WORKS


def citation_distributions(
    works: ir.Table,
    work_fields: ir.Table,
    work_citations: ir.Table,
    unresolved_citations: ir.Table,
) -> ir.Table:
    r"""Count works by their citations, and say what a work with so many scores in its cell.

    .. math:: s_f(c) = \frac{c}{\bar c_f}, \qquad
              t_f(c) = \min\!\left(1, \max\!\left(0, \frac{x N_f - A_f(c)}{n_f(c)}\right)\right)

    where :math:`\bar c_f` is the mean of the cell of register, field, year and group of kinds,
    :math:`N_f` its works, :math:`n_f(c)` those with exactly *c* citations, :math:`A_f(c)` those
    with more, and *x* 10% or 1%. Works on the threshold share what is left of the top exactly, so
    the world's share is *x* by construction. Where the mean of a cell is 0, :math:`s = 1`.

    References
    ----------
    Waltman & Schreiber (2013), "On the calculation of percentile-based bibliometric
    indicators", JASIST 64(2), 372-379. Waltman, van Eck, van Leeuwen, Visser & van Raan
    (2011), "Towards a new crown indicator", Scientometrics 87, 467-481.
    """
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        in_fields = cited_in_fields(
            works, work_fields, work_citations, unresolved_citations, definition
        )
        computed.append(_distributed(in_fields, definition))
    return ibis.union(*computed)


def _distributed(in_fields: ir.Table, definition: Definition) -> ir.Table:
    """Count works by citations, without a window over works."""
    histogram = in_fields.group_by(*COMPARED_WORKS, "n_citations").agg(n=in_fields.weight.sum())
    cells = histogram.group_by(*COMPARED_WORKS).agg(
        n_cell=histogram.n.sum(),
        citations_cell=(histogram.n * histogram.n_citations.cast("float64")).sum(),
    )
    descending = ibis.window(
        group_by=[histogram[name] for name in COMPARED_WORKS],
        order_by=histogram.n_citations.desc(),
        preceding=None,
        following=0,
    )
    cumulated = histogram.mutate(n_at_least=histogram.n.sum().over(descending))
    levels = cumulated.inner_join(cells, COMPARED_WORKS)
    mean = levels.citations_cell / levels.n_cell
    n_above = levels.n_at_least - levels.n
    scored = levels.mutate(
        definition_id=ibis.literal(definition.definition_id),
        ncs=ibis.ifelse(mean > 0, levels.n_citations.cast("float64") / mean, 1.0),
        **{
            name: ((share * levels.n_cell - n_above) / levels.n).clip(0.0, 1.0)
            for name, share in TOP_SHARES.items()
        },
    )
    return conform(scored, CITATION_DISTRIBUTIONS)


STEP = Step(
    compute=citation_distributions,
    reads=(WORKS, WORK_FIELDS, WORK_CITATIONS, UNRESOLVED_CITATIONS),
    writes=CITATION_DISTRIBUTIONS,
)
