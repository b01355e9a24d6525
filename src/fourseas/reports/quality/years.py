"""Years of publication that cannot be true, are not likely, or are missing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.faulty_works import faulty_works, faulty_works_named
from fourseas.reports.quality.section import Section
from fourseas.schema.works import REGISTERS, WORKS

FIRST_JOURNAL = 1665
"""The year of the first two scientific journals."""

IMPOSSIBLE = "impossible year"
BEFORE_JOURNALS = f"before {FIRST_JOURNAL}"
AHEAD = "in the year after the snapshot"
NO_YEAR = "no year"
YEAR_FAULTS = faulty_works_named("year_faults")


def year_faults(works: ir.Table, registers: ir.Table) -> ir.Table:
    """Count works whose year is impossible, unlikely or missing."""
    snapshots = registers.select(
        "register", snapshot_year=registers.snapshot_on.substr(0, 4).cast("int64")
    )
    dated = works.inner_join(snapshots, "register")
    faulty = ibis.union(
        *(
            dated.filter(is_faulty).select(
                "work_id", fault=ibis.literal(fault), note=ibis.literal("")
            )
            for fault, is_faulty in (
                (IMPOSSIBLE, dated.is_year_impossible),
                (BEFORE_JOURNALS, dated.year < FIRST_JOURNAL),
                (AHEAD, dated.year > dated.snapshot_year),
                (NO_YEAR, dated.year.isnull() & ~dated.is_year_impossible),
            )
        )
    )
    return faulty_works(works, faulty, (IMPOSSIBLE, BEFORE_JOURNALS, AHEAD, NO_YEAR), YEAR_FAULTS)


SECTION = Section(
    title="Years that cannot be true, are not likely or are missing.",
    compute=year_faults,
    reads=(WORKS, REGISTERS),
    writes=YEAR_FAULTS,
    definition="Impossible: before 1500, or more than one year after the snapshot; the build "
    f"makes it null. Before {FIRST_JOURNAL} there was no scientific journal. In the year after "
    "the snapshot: an issue that is dated ahead, or a mistake.",
    base="All works of the register.",
    coverage="A wrong year that is possible is not seen.",
    remedy="No count by year has works without one. Report wrong years to the register.",
)
