"""Who refers to whom among the works of the lake, and how many references lead outside it."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_CITATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import CITATIONS, UNRESOLVED_CITATIONS, WORK_RECORDS


def _resolved(work_records: ir.Table, staged_citations: ir.Table) -> ir.Table:
    """Return the references of the records that count, with the cited work where it is here."""
    cited = work_records.select(
        "register",
        cited_work_key=work_records.work_key,
        cited_work_id=work_records.work_id,
    )
    citing = of_works(staged_citations, work_records).rename(citing_work_id="work_id")
    return citing.left_join(cited, ("register", "cited_work_key")).select(
        "register", "citing_work_id", "cited_work_id"
    )


def citations(work_records: ir.Table, staged_citations: ir.Table) -> ir.Table:
    """Return the references between works of the lake, without those of a work to itself.

    No row is there twice: a record names what it refers to once, and one record counts of a work.
    """
    resolved = _resolved(work_records, staged_citations)
    kept = resolved.filter(
        resolved.cited_work_id.notnull() & (resolved.cited_work_id != resolved.citing_work_id)
    )
    return conform(kept, CITATIONS)


def unresolved_citations(work_records: ir.Table, staged_citations: ir.Table) -> ir.Table:
    """Count references by where they lead: in the lake, outside it, or to the work itself."""
    resolved = _resolved(work_records, staged_citations)
    is_self = resolved.cited_work_id == resolved.citing_work_id
    counted = resolved.group_by("register").agg(
        n_references=resolved.count(),
        n_resolved=resolved.cited_work_id.count(),
        n_self=is_self.sum().fill_null(0),
    )
    return conform(
        counted.mutate(n_unresolved=counted.n_references - counted.n_resolved),
        UNRESOLVED_CITATIONS,
    )


CITATIONS_STEP = Step(compute=citations, reads=(WORK_RECORDS, STAGED_CITATIONS), writes=CITATIONS)
UNRESOLVED_STEP = Step(
    compute=unresolved_citations,
    reads=(WORK_RECORDS, STAGED_CITATIONS),
    writes=UNRESOLVED_CITATIONS,
)
