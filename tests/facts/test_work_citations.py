"""`work_citations`: citations are counted in the years of a window, by dated works alone."""

from __future__ import annotations

import pytest

from fourseas.schema.facts import WORK_CITATIONS
from tests.world import Work, on_duckdb, rows, steps_to, world

STEPS = steps_to(WORK_CITATIONS)
CITED = Work(1, year=2010)


def _counted(*citing: Work) -> list[tuple[object, ...]]:
    """Return citations of work 1 by window: three and five years."""
    found = on_duckdb(world([CITED, *citing]), STEPS).table("work_citations")
    return rows(found.filter(found.work_id == 0), "citation_window", "n_citations")


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2010, [(3, 1), (5, 1)]),
        (2012, [(3, 1), (5, 1)]),
        (2013, [(5, 1)]),
        (2014, [(5, 1)]),
        (2015, []),
    ],
)
def test_a_window_holds_the_year_of_publication_and_those_after_it(
    year: int, counts: list[tuple[object, ...]]
) -> None:
    assert _counted(Work(2, year=year, references=(1,))) == counts


def test_a_citation_dated_before_the_cited_work_counts_in_its_year() -> None:
    assert _counted(Work(2, year=2009, references=(1,))) == [(3, 1), (5, 1)]


@pytest.mark.parametrize("year", [None, 2202, 1])
def test_a_work_without_a_possible_year_cites_nobody(year: int | None) -> None:
    assert _counted(Work(2, year=year, references=(1,))) == []


def test_a_work_without_a_possible_year_is_cited_by_nobody() -> None:
    con = on_duckdb(world([Work(1, year=2202), Work(2, references=(1,))]), STEPS)

    assert rows(con.table("work_citations"), "work_id") == []


def test_a_work_does_not_cite_itself() -> None:
    con = on_duckdb(world([Work(1, references=(1,))]), STEPS)

    assert rows(con.table("work_citations"), "work_id") == []


def test_the_expansion_set_cites_nobody() -> None:
    assert _counted(Work(2, year=2010, references=(1,), is_xpac=True)) == []


def test_a_work_that_refers_twice_cites_once() -> None:
    assert _counted(Work(2, year=2010, references=(1, 1))) == [(3, 1), (5, 1)]
