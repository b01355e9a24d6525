"""Works of all registers in one table, and their titles."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_RETRACTIONS, STAGED_WORKS
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
    staged_retractions: ir.Table,
) -> ir.Table:
    """Return one row per work from the record that counts.

    A year before `FIRST_YEAR` or more than `YEARS_AHEAD` after the snapshot is impossible:
    it becomes null and the work is flagged, so that no count by year includes it. A work is
    retracted where its register says so, or the latest notice on its DOI that retracts or
    reinstates it retracts.
    """
    recorded = of_works(staged_works, work_records)
    sets = country_sets.select("country_set_id", "country_codes")
    snapshots = registers.select(
        "register", snapshot_year=registers.snapshot_on.substr(0, 4).cast("int64")
    )
    dated = recorded.inner_join(sets, "country_codes").left_join(snapshots, "register")
    joined = dated.left_join(_taken_back(staged_retractions), "doi")
    year = joined.publication_year
    is_possible = year.between(FIRST_YEAR, joined.snapshot_year + YEARS_AHEAD)
    return conform(
        joined.mutate(
            is_retracted=joined.is_retracted | joined.is_taken_back.fill_null(False),
            stratum=ibis.ifelse(joined.is_xpac, "xpac", "core"),
            year=ibis.ifelse(is_possible, year, ibis.null("int64")),
            is_year_impossible=~is_possible.fill_null(True),
        ),
        WORKS,
    )


def _taken_back(staged_retractions: ir.Table) -> ir.Table:
    """Return the DOIs that a notice retracted and no later one reinstated."""
    nature, noted_on = staged_retractions.nature, staged_retractions.noted_on.fill_null("")
    by_doi = staged_retractions.group_by("doi").agg(
        retracted_on=noted_on.max(where=nature == "retraction"),
        reinstated_on=noted_on.max(where=nature == "reinstatement"),
    )
    retracted = by_doi.filter(by_doi.retracted_on.notnull())
    is_reinstated = retracted.reinstated_on > retracted.retracted_on
    return retracted.select("doi", is_taken_back=~is_reinstated.fill_null(False))


def work_titles(work_records: ir.Table, staged_works: ir.Table) -> ir.Table:
    """Return the titles of works that have one."""
    titled = staged_works.filter(staged_works.title.notnull())
    return conform(of_works(titled, work_records), WORK_TITLES)


WORKS_STEP = Step(
    compute=works,
    reads=(WORK_RECORDS, STAGED_WORKS, COUNTRY_SETS, REGISTERS, STAGED_RETRACTIONS),
    writes=WORKS,
)
TITLES_STEP = Step(compute=work_titles, reads=(WORK_RECORDS, STAGED_WORKS), writes=WORK_TITLES)
