"""What is wrong or wanting in the works that an addition brought, before anything is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from fourseas import workspace
from fourseas.lake.ingest import AddReport
from fourseas.link.works import FIRST_YEAR, YEARS_AHEAD
from fourseas.schema.staged import STAGED_WORKS


@dataclass(frozen=True, slots=True)
class Finding:
    """So many of so many are not as they should be; `n_of` is what a share is taken of."""

    what: str
    n: int
    n_of: int


def added_works(lake: Path, report: AddReport) -> tuple[Finding, ...]:
    """Return what is found among the works of a register that count now; nothing without works.

    Records are counted as they are in the files: of a work that occurs twice both, and those of
    the `xpac` stratum too.
    """
    last_year = int(report.snapshot_on[:4]) + YEARS_AHEAD
    with workspace.staged(lake, report.register, STAGED_WORKS) as staged_works:
        if staged_works is None:
            return ()
        (counts,) = findings(staged_works, last_year).to_pyarrow().to_pylist()
    return _named(counts, last_year)


def findings(staged_works: ir.Table, last_year: int) -> ir.Table:
    """Count in one row what is wanting in records of works.

    Parameters
    ----------
    staged_works
        `STAGED_WORKS`.
    last_year
        The last year in which a work may have appeared.

    Returns
    -------
    ir.Table
        Counts of records; of authorships in `n_authors` and those without a known country in
        `n_authors_unknown`. `n_repeated` is records less distinct works.
    """
    year = staged_works.publication_year
    is_impossible = ~year.between(FIRST_YEAR, last_year)
    return staged_works.agg(
        n_records=staged_works.count(),
        n_repeated=staged_works.count() - staged_works.work_key.nunique(),
        n_without_year=year.isnull().sum(),
        n_impossible=_true(is_impossible),
        n_without_authors=_true(staged_works.n_authors == 0),
        n_truncated=_true(staged_works.is_authors_truncated),
        n_xpac=_true(staged_works.is_xpac),
        n_authors=staged_works.n_authors.sum(),
        n_authors_unknown=staged_works.n_authors_unknown.sum(),
    )


def _true(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return ibis.coalesce(condition.sum(), 0)


def _named(counts: Mapping[str, int], last_year: int) -> tuple[Finding, ...]:
    """Say in words what was counted."""
    n, n_authors = counts["n_records"], counts["n_authors"] or 0
    return (
        Finding("records of a work that has another", counts["n_repeated"], n),
        Finding("records without a year", counts["n_without_year"], n),
        Finding(
            f"records of a year before {FIRST_YEAR} or after {last_year}", counts["n_impossible"], n
        ),
        Finding("records without authors", counts["n_without_authors"], n),
        Finding("records whose list of authors was cut off", counts["n_truncated"], n),
        Finding("records of the xpac stratum", counts["n_xpac"], n),
        Finding("authorships without a known country", counts["n_authors_unknown"] or 0, n_authors),
    )
