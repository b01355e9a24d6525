"""Topic cells: works and their standing by country, organization and world, topic and year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import (
    counted_works,
    countries_of_works,
    organizations_of_works,
    scores_of_works,
)
from fourseas.schema.cells import TOPIC_CELLS
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES, WORK_IMPACT, WORK_ORGANIZATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import ORGANIZATIONS, REGISTERS, TOPIC_SCHEME, WORK_FIELDS, WORKS

TOPS = ("top_10", "top_1")
"""Scores that a level in a topic is told by."""

UNIT_OF_WORK = ("work_id", "unit_type", "unit_id", "credit")


def topic_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_organizations: ir.Table,
    organizations: ir.Table,
    work_impact: ir.Table,
    work_fields: ir.Table,
) -> ir.Table:
    """Sum works by unit and first topic, once for each default definition.

    `UNIT_CELLS` leave topics out, for there are thousands of them: these hold the few sums by
    which partners are sought, of all strata and classes together. In the world a work counts
    once.
    """
    topics = work_fields.filter(work_fields.scheme == TOPIC_SCHEME)
    employers = organizations_of_works(work_organizations, organizations)
    computed = []
    for definition in DEFINITIONS:
        if not (definition.computed and definition.is_default):
            continue
        counted = counted_works(works, registers, set_countries, definition)
        placed = countries_of_works(work_countries, definition)
        units = ibis.union(
            placed.mutate(unit_type=ibis.literal("country")).select(*UNIT_OF_WORK),
            employers.mutate(unit_type=ibis.literal("organization")).select(*UNIT_OF_WORK),
            counted.select(
                "work_id",
                unit_type=ibis.literal("world"),
                unit_id=ibis.literal("WORLD"),
                credit=ibis.literal(1.0),
            ),
        )
        scores = scores_of_works(work_impact, definition).select("work_id", *TOPS)
        rows = counted.inner_join(topics, "work_id").inner_join(units, "work_id")
        computed.append(_summed(extend(rows, scores, ["work_id"])))
    return ibis.union(*computed) if len(computed) > 1 else computed[0]


def _summed(rows: ir.Table) -> ir.Table:
    weighed = rows.mutate(
        part=rows.weight * rows.credit, is_scored=rows.top_10.notnull().cast("float64")
    )
    cells = weighed.group_by(*TOPIC_CELLS.key).agg(
        n=weighed.weight.sum(),
        credit=weighed.part.sum(),
        credit_scored=(weighed.part * weighed.is_scored).sum(),
        **{f"{name}_frac": (weighed.part * weighed[name].fill_null(0.0)).sum() for name in TOPS},
    )
    return conform(cells, TOPIC_CELLS)


STEP = Step(
    compute=topic_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        WORK_COUNTRIES,
        WORK_ORGANIZATIONS,
        ORGANIZATIONS,
        WORK_IMPACT,
        WORK_FIELDS,
    ),
    writes=TOPIC_CELLS,
    apart=("year",),
)
