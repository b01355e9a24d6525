"""Who paid for which work."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.staged import RECORD_KEY, STAGED_FUNDINGS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import FUNDINGS, WORK_RECORDS


def fundings(work_records: ir.Table, staged_fundings: ir.Table) -> ir.Table:
    """Return one row per work, funder and award."""
    of_records = work_records.select(*RECORD_KEY, "work_id")
    return conform(of_records.inner_join(staged_fundings, RECORD_KEY), FUNDINGS)


STEP = Step(compute=fundings, reads=(WORK_RECORDS, STAGED_FUNDINGS), writes=FUNDINGS)
