"""The works that a definition counts with the citations that it counts, in its fields."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.universe import kind_group, universe
from fourseas.schema.cells import ALL
from fourseas.schema.definition import Definition


def cited_in_fields(
    works: ir.Table,
    work_fields: ir.Table,
    work_citations: ir.Table,
    unresolved_citations: ir.Table,
    definition: Definition,
) -> ir.Table:
    """Return the counted works with known citations, once for each field of the definition."""
    counted = universe(works, definition)
    cited = _cited(counted, definition, work_citations, unresolved_citations)
    if definition.normalization_scheme == ALL:
        return cited.mutate(field_id=ibis.literal(ALL), weight=ibis.literal(1.0))
    of_scheme = work_fields.filter(work_fields.scheme == definition.normalization_scheme).select(
        "work_id", "field_id", "weight"
    )
    return cited.inner_join(of_scheme, "work_id").select(*cited.columns, "field_id", "weight")


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
