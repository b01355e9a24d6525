"""Fields of all schemes, and which works belong to them."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.staged import RECORD_KEY, STAGED_FIELDS, STAGED_WORK_FIELDS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import FIELDS, WORK_FIELDS, WORK_RECORDS


def fields(staged_fields: ir.Table) -> ir.Table:
    """Return one row per scheme and field; where registers name one twice, the first name."""
    named = staged_fields.group_by("scheme", "field_id").agg(
        source_id=staged_fields.source_id.min(),
        field_name=staged_fields.field_name.min(),
        parent_id=staged_fields.parent_id.min(),
    )
    return conform(named, FIELDS)


def work_fields(work_records: ir.Table, staged_work_fields: ir.Table) -> ir.Table:
    """Return the fields of each work; the weights of a work in a scheme sum to one."""
    of_records = work_records.select(*RECORD_KEY, "work_id")
    return conform(of_records.inner_join(staged_work_fields, RECORD_KEY), WORK_FIELDS)


FIELDS_STEP = Step(compute=fields, reads=(STAGED_FIELDS,), writes=FIELDS)
WORK_FIELDS_STEP = Step(
    compute=work_fields, reads=(WORK_RECORDS, STAGED_WORK_FIELDS), writes=WORK_FIELDS
)
