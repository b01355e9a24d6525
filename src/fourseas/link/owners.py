"""Who owns the rights to works, as to patents."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.staged import RECORD_KEY, STAGED_OWNERS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import OWNERS, WORK_RECORDS


def owners(work_records: ir.Table, staged_owners: ir.Table) -> ir.Table:
    """Return one row per work and owner."""
    of_records = work_records.select(*RECORD_KEY, "work_id")
    return conform(of_records.inner_join(staged_owners, RECORD_KEY), OWNERS)


STEP = Step(compute=owners, reads=(WORK_RECORDS, STAGED_OWNERS), writes=OWNERS)
