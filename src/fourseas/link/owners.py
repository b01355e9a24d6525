"""Who owns the rights to works, as to patents."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_OWNERS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import OWNERS, WORK_RECORDS


def owners(work_records: ir.Table, staged_owners: ir.Table) -> ir.Table:
    """Return one row per work and owner."""
    return conform(of_works(staged_owners, work_records), OWNERS)


STEP = Step(compute=owners, reads=(WORK_RECORDS, STAGED_OWNERS), writes=OWNERS)
