"""Organization pairs: joint works of two organizations by year, of all fields together."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works, organizations_of_works
from fourseas.schema.cells import ORGANIZATION_PAIRS
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_ORGANIZATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import ORGANIZATIONS, REGISTERS, WORKS


def organization_pairs(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_organizations: ir.Table,
    organizations: ir.Table,
) -> ir.Table:
    """Count the works that each two organizations sign, once for each default definition.

    A pair stands once, the lesser id first. A work of *n* organizations is a joint work of each
    two of them, whole.
    """
    employers = organizations_of_works(work_organizations, organizations)
    signed = employers.select("work_id", "unit_id").distinct()
    theirs = signed.select("work_id", partner_id=signed.unit_id)
    both = signed.inner_join(theirs, "work_id")
    apart = both.filter(both.unit_id < both.partner_id).select("work_id", "unit_id", "partner_id")
    computed = []
    for definition in DEFINITIONS:
        if not (definition.computed and definition.is_default):
            continue
        counted = counted_works(works, registers, set_countries, definition)
        rows = counted.inner_join(apart, "work_id")
        sums = rows.group_by(*ORGANIZATION_PAIRS.key).agg(p=rows.count().cast("float64"))
        computed.append(conform(sums, ORGANIZATION_PAIRS))
    return ibis.union(*computed) if len(computed) > 1 else computed[0]


STEP = Step(
    compute=organization_pairs,
    reads=(WORKS, REGISTERS, SET_COUNTRIES, WORK_ORGANIZATIONS, ORGANIZATIONS),
    writes=ORGANIZATION_PAIRS,
    apart=("year",),
)
