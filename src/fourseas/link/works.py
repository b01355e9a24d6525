"""Works of all registers in one table, and their titles."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.staged import RECORD_KEY, STAGED_WORKS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import (
    COUNTRY_SETS,
    REGISTERS,
    WORK_RECORDS,
    WORK_TITLES,
    WORKS,
)

FIRST_YEAR = 1500
"""No register here reaches back to the first printed works; earlier years are mistakes."""

YEARS_AHEAD = 1
"""Issues are dated ahead of their appearance by up to a year; later years are mistakes."""


def works(
    work_records: ir.Table,
    staged_works: ir.Table,
    country_sets: ir.Table,
    registers: ir.Table,
) -> ir.Table:
    """Return one row per work from the record that counts.

    A year before `FIRST_YEAR` or more than `YEARS_AHEAD` after the snapshot is impossible:
    it becomes null and the work is flagged, so that no count by year includes it.
    """
    of_records = work_records.select(*RECORD_KEY, "work_id")
    recorded = of_records.inner_join(staged_works, RECORD_KEY)
    sets = country_sets.select("country_set_id", "country_codes")
    snapshots = registers.select(
        "register", snapshot_year=registers.snapshot_on.substr(0, 4).cast("int64")
    )
    joined = recorded.inner_join(sets, "country_codes").left_join(snapshots, "register")
    year = joined.publication_year
    is_possible = year.between(FIRST_YEAR, joined.snapshot_year + YEARS_AHEAD)
    return conform(
        joined.mutate(
            stratum=ibis.ifelse(joined.is_xpac, "xpac", "core"),
            year=ibis.ifelse(is_possible, year, ibis.null("int64")),
            is_year_impossible=~is_possible.fill_null(True),
        ),
        WORKS,
    )


def work_titles(work_records: ir.Table, staged_works: ir.Table) -> ir.Table:
    """Return the titles of works that have one."""
    titled = staged_works.filter(staged_works.title.notnull())
    return conform(
        work_records.select(*RECORD_KEY, "work_id").inner_join(titled, RECORD_KEY),
        WORK_TITLES,
    )


WORKS_STEP = Step(
    compute=works,
    reads=(WORK_RECORDS, STAGED_WORKS, COUNTRY_SETS, REGISTERS),
    writes=WORKS,
)
TITLES_STEP = Step(compute=work_titles, reads=(WORK_RECORDS, STAGED_WORKS), writes=WORK_TITLES)
