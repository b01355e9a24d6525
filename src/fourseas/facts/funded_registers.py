"""The registers that name who paid for works: of the others nothing is known about it."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import FUNDED_REGISTERS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import FUNDINGS, WORKS


def funded_registers(works: ir.Table, fundings: ir.Table) -> ir.Table:
    """Count the works of each register that name who paid for them, where there is any."""
    funded = works.semi_join(fundings, "work_id")
    return conform(funded.group_by("register").agg(n_funded=funded.count()), FUNDED_REGISTERS)


STEP = Step(compute=funded_registers, reads=(WORKS, FUNDINGS), writes=FUNDED_REGISTERS)
