"""Fields of all schemes, and which works belong to them, challenges among them."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.challenges.membership import (
    CHALLENGE_FIELDS,
    evidence,
    fields_of_challenges,
    readings,
)
from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_FIELDS, STAGED_WORK_FIELDS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import FIELDS, WORK_FIELDS, WORK_RECORDS


def fields(staged_fields: ir.Table, challenge_fields: ir.Table) -> ir.Table:
    """Return one row per scheme and field; where registers name one twice, the first name."""
    named = staged_fields.group_by("scheme", "field_id").agg(
        source_id=staged_fields.source_id.min(),
        field_name=staged_fields.field_name.min(),
        parent_id=staged_fields.parent_id.min(),
    )
    challenges = fields_of_challenges(challenge_fields)
    return conform(named, FIELDS).union(conform(challenges, FIELDS))


def work_fields(
    work_records: ir.Table, staged_work_fields: ir.Table, challenge_fields: ir.Table
) -> ir.Table:
    """Return the fields of each work; the weights of a work in a scheme sum to one.

    Of challenges, topics and goals that overlap they do not: a work belongs to each whole, or
    as surely as the register says.
    """
    given = conform(of_works(staged_work_fields, work_records), WORK_FIELDS)
    of_challenges = readings(evidence(given, challenge_fields))
    return given.union(conform(of_challenges, WORK_FIELDS))


FIELDS_STEP = Step(compute=fields, reads=(STAGED_FIELDS, CHALLENGE_FIELDS), writes=FIELDS)
WORK_FIELDS_STEP = Step(
    compute=work_fields,
    reads=(WORK_RECORDS, STAGED_WORK_FIELDS, CHALLENGE_FIELDS),
    writes=WORK_FIELDS,
)
