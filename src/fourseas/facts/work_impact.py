"""Normalised citation scores and exact top shares of works, from the citation distributions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.cited_works import cited_in_fields
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import (
    CITATION_DISTRIBUTIONS,
    COMPARED_WORKS,
    TOP_SHARES,
    WORK_CITATIONS,
    WORK_IMPACT,
)
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import UNRESOLVED_CITATIONS, WORK_FIELDS, WORKS


def work_impact(
    works: ir.Table,
    work_fields: ir.Table,
    work_citations: ir.Table,
    unresolved_citations: ir.Table,
    citation_distributions: ir.Table,
) -> ir.Table:
    r"""Score each work against the works of its register, field, year and group of kinds.

    .. math:: NCS_w = \sum_f \omega_{wf} \, s_f(c_w), \qquad
              T_w = \sum_f \omega_{wf} \, t_f(c_w)

    where :math:`\omega_{wf}` is the part of *w* in field *f*, :math:`c_w` its citations, and
    :math:`s_f` and :math:`t_f` are what a work with so many scores in the field and has of its
    top, by `citation_distributions`.

    A work without a field in the definition's scheme is not scored. Citations are those of
    the definition's window, or those reported to date where it has none; a register without
    a single resolved reference has no windowed citations, and its works no such score.
    """
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        in_fields = cited_in_fields(
            works, work_fields, work_citations, unresolved_citations, definition
        )
        computed.append(_scored(in_fields, citation_distributions, definition))
    return ibis.union(*computed)


def _scored(in_fields: ir.Table, distributions: ir.Table, definition: Definition) -> ir.Table:
    """Sum what works score in their fields."""
    level = (*COMPARED_WORKS, "n_citations")
    scores = distributions.filter(distributions.definition_id == definition.definition_id).select(
        *level, "ncs", *TOP_SHARES
    )
    matched = in_fields.inner_join(scores, level)
    by_work = matched.group_by("work_id", "register").agg(
        **{name: (matched.weight * matched[name]).sum() for name in ("ncs", *TOP_SHARES)},
        n_citations=matched.n_citations.max(),
        weight=matched.weight.sum(),
    )
    return conform(
        by_work.mutate(definition_id=ibis.literal(definition.definition_id)), WORK_IMPACT
    )


STEP = Step(
    compute=work_impact,
    reads=(WORKS, WORK_FIELDS, WORK_CITATIONS, UNRESOLVED_CITATIONS, CITATION_DISTRIBUTIONS),
    writes=WORK_IMPACT,
    apart=("work_id",),
)
