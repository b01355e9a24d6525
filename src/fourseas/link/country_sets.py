"""The distinct sets of countries that works have, each kept once."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_WORKS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import COUNTRY_SETS, WORK_RECORDS


def country_sets(work_records: ir.Table, staged_works: ir.Table) -> ir.Table:
    """Return the distinct sets of countries, the most frequent first; 0 is the empty set."""
    chosen = of_works(staged_works, work_records)
    counted = chosen.group_by(country_codes=chosen.country_codes).agg(n_works=chosen.count())
    filled = counted.filter(counted.country_codes.length() > 0)
    by_frequency = ibis.window(order_by=[filled.n_works.desc(), filled.country_codes])
    numbered = filled.mutate(country_set_id=ibis.row_number().over(by_frequency) + 1)
    empty = counted.filter(counted.country_codes.length() == 0).mutate(
        country_set_id=ibis.literal(0, type="int64")
    )
    return conform(numbered, COUNTRY_SETS).union(conform(empty, COUNTRY_SETS))


STEP = Step(compute=country_sets, reads=(WORK_RECORDS, STAGED_WORKS), writes=COUNTRY_SETS)
