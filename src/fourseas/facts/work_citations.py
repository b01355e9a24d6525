"""Citations of works by works of the lake, counted within windows of years."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.facts import CITATION_WINDOWS, WORK_CITATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import CITATIONS, WORKS


def work_citations(works: ir.Table, citations: ir.Table) -> ir.Table:
    """Count the citations of each work in each window, its year of publication included.

    A citation by a work dated before the cited one counts as made in the cited one's year:
    the later date of the two is usually that of an issue. Works without a possible year
    neither cite nor are cited here. Citations by the expansion set are not counted.
    """
    dated_works = works.filter(works.year.notnull())
    core = dated_works.filter(dated_works.stratum == "core")
    citing = core.select(citing_work_id=core.work_id, citing_year=core.year.cast("int64"))
    cited = dated_works.select(
        cited_work_id=dated_works.work_id, cited_year=dated_works.year.cast("int64")
    )
    dated = citations.inner_join(citing, "citing_work_id").inner_join(cited, "cited_work_id")
    aged = dated.select(
        work_id=dated.cited_work_id,
        age=ibis.greatest(dated.citing_year - dated.cited_year, 0),
    )
    by_window = []
    for window in CITATION_WINDOWS:
        inside = aged.filter(aged.age < window)
        counted = inside.group_by("work_id").agg(n_citations=inside.count())
        by_window.append(
            conform(counted.mutate(citation_window=ibis.literal(window)), WORK_CITATIONS)
        )
    return ibis.union(*by_window)


def parts(works: ir.Table, citations: ir.Table) -> dict[str, ir.Table]:
    """Return what citations are counted from: who may be cited, who may cite, and who does."""
    return {
        "works": works.select(
            "work_id",
            year=works.year.fill_null(0),
            is_cited=works.year.notnull(),
            is_citing=works.year.notnull() & (works.stratum == "core"),
        ),
        "citations": citations.select("citing_work_id", "cited_work_id"),
    }


STEP = Step(compute=work_citations, reads=(WORKS, CITATIONS), writes=WORK_CITATIONS, parts=parts)
