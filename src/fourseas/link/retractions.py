"""Notices on works of any register, found by DOI."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.staged import STAGED_RETRACTIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import RETRACTIONS, WORKS


def retractions(works: ir.Table, staged_retractions: ir.Table) -> ir.Table:
    """Return each notice on each work that bears its DOI, with the register of the notice."""
    of_works = works.filter(works.doi.notnull()).select("work_id", "doi")
    return conform(of_works.inner_join(staged_retractions, "doi"), RETRACTIONS)


STEP = Step(compute=retractions, reads=(WORKS, STAGED_RETRACTIONS), writes=RETRACTIONS)
