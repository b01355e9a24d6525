"""`citation_distributions` against numbers worked out by hand."""

from __future__ import annotations

import ibis.expr.types as ir
import pytest

from fourseas.schema.facts import CITATION_DISTRIBUTIONS
from tests.world import Work, authors, on_duckdb, rows, steps_to, world

STEPS = steps_to(CITATION_DISTRIBUTIONS)

TWENTY = (*[0] * 6, *[1] * 4, *[2] * 3, *[3] * 2, 4, *[5] * 3, 12)
"""Citations of 20 works of one field, year and kind: 47 in all, two works are in the top 10%."""


def _distribution(works: list[Work], definition_id: str = "openalex") -> ir.Table:
    found = on_duckdb(world(works), STEPS).table("citation_distributions")
    return found.filter(found.definition_id == definition_id)


def _works(*citations: int | None, first_key: int = 1, year: int = 2020) -> list[Work]:
    """Return a work of one field and year for each number of citations."""
    return [
        Work(key, authors("CN"), cited_by_count=count, year=year)
        for key, count in enumerate(citations, start=first_key)
    ]


def test_each_number_of_citations_stands_once_with_the_works_that_have_it() -> None:
    found = rows(_distribution(_works(*TWENTY)), "n_citations", "n")

    assert sorted(found) == [(0, 6.0), (1, 4.0), (2, 3.0), (3, 2.0), (4, 1.0), (5, 3.0), (12, 1.0)]


def test_a_work_is_compared_with_the_mean_of_its_cell_and_shares_the_threshold() -> None:
    found = rows(_distribution(_works(*TWENTY)), "n_citations", "ncs", "top_10", "top_1")
    by_count = {count: scores for count, *scores in found}

    assert by_count[0] == [0.0, 0.0, 0.0]
    assert by_count[4] == [pytest.approx(4 / 2.35), 0.0, 0.0]
    assert by_count[5] == [pytest.approx(5 / 2.35), pytest.approx(1 / 3), 0.0]
    assert by_count[12] == [pytest.approx(12 / 2.35), 1.0, pytest.approx(0.2)]


def test_works_of_another_year_are_another_cell() -> None:
    works = [*_works(1, 3), *_works(10, 30, first_key=3, year=2021)]
    found = rows(_distribution(works), "year", "n_citations", "ncs")

    assert sorted(found) == [(2020, 1, 0.5), (2020, 3, 1.5), (2021, 10, 0.5), (2021, 30, 1.5)]


def test_a_work_whose_citations_are_not_known_is_in_no_cell() -> None:
    found = rows(_distribution(_works(None, 2, 2)), "n_citations", "n")

    assert found == [(2, 2.0)]


def test_where_nobody_is_cited_each_work_has_the_score_of_the_mean() -> None:
    (found,) = rows(_distribution(_works(0, 0)), "n_citations", "n", "ncs", "top_10")

    assert found == (0, 2.0, 1.0, pytest.approx(0.1))
