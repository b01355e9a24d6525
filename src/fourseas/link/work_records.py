"""Which record of a work counts, and the work's number in the lake."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.staged import STAGED_WORKS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import WORK_RECORDS


def work_records(staged_works: ir.Table) -> ir.Table:
    """Choose one record of each work and number the works.

    A work that a register lists more than once is the record changed last; ties go to the
    greater part hash and place, so that the choice does not depend on the order of reading.
    Works are numbered from 0 by register and the register's own number: one id space for
    papers and standards alike, dense, and the same for the same input.
    """
    of_work = ibis.window(
        group_by=[staged_works.register, staged_works.work_key],
        order_by=[
            staged_works.updated_on.fill_null("").desc(),
            staged_works.part_key.desc(),
            staged_works.record.desc(),
        ],
    )
    whole_work = ibis.window(group_by=[staged_works.register, staged_works.work_key])
    ranked = staged_works.select(
        register=staged_works.register,
        work_key=staged_works.work_key,
        part_key=staged_works.part_key,
        record=staged_works.record,
        rank=ibis.row_number().over(of_work),
        n_records=staged_works.record.count().over(whole_work),
    )
    chosen = ranked.filter(ranked["rank"] == 0)
    numbered = chosen.mutate(
        work_id=ibis.row_number().over(ibis.window(order_by=[chosen.register, chosen.work_key]))
    )
    return conform(numbered, WORK_RECORDS)


STEP = Step(compute=work_records, reads=(STAGED_WORKS,), writes=WORK_RECORDS)
