"""People by number, and their places in author lists. No name is kept."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_AUTHORSHIPS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AUTHORSHIPS, PERSON_IDS, WORK_RECORDS


def person_ids(work_records: ir.Table, staged_authorships: ir.Table) -> ir.Table:
    """Return the people of each register, numbered; people of two registers stay apart."""
    chosen = of_works(staged_authorships, work_records)
    known = chosen.filter(chosen.person_key.notnull())
    people = known.select("register", "person_key").distinct()
    by_key = ibis.window(order_by=[people.register, people.person_key])
    return conform(people.mutate(person_id=ibis.row_number().over(by_key)), PERSON_IDS)


def authorships(
    work_records: ir.Table, staged_authorships: ir.Table, person_ids: ir.Table
) -> ir.Table:
    """Return one row per work and author position."""
    placed = of_works(staged_authorships, work_records)
    numbered = placed.left_join(person_ids, ["register", "person_key"])
    return conform(numbered.mutate(n_countries=numbered.country_codes.length()), AUTHORSHIPS)


PERSONS_STEP = Step(compute=person_ids, reads=(WORK_RECORDS, STAGED_AUTHORSHIPS), writes=PERSON_IDS)
AUTHORSHIPS_STEP = Step(
    compute=authorships,
    reads=(WORK_RECORDS, STAGED_AUTHORSHIPS, PERSON_IDS),
    writes=AUTHORSHIPS,
)
