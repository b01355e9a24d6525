"""`work_impact` against numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import pytest

from fourseas.schema.facts import WORK_IMPACT
from tests.world import Work, authors, on_duckdb, rows, steps_to, world

STEPS = steps_to(WORK_IMPACT)

TWENTY = (*[0] * 6, *[1] * 4, *[2] * 3, *[3] * 2, 4, *[5] * 3, 12)
"""Citations of 20 works of one field, year and kind: mean 2.35, two works are in the top 10%."""


def _cited(citations: Sequence[int | None], *, first_key: int = 1) -> list[Work]:
    """Return a work of one field and year for each number of citations."""
    return [
        Work(key, authors("CN"), cited_by_count=count)
        for key, count in enumerate(citations, start=first_key)
    ]


def _scores(works: list[Work], definition_id: str = "openalex") -> ir.Table:
    impact = on_duckdb(world(works), STEPS).table("work_impact")
    return impact.filter(impact.definition_id == definition_id)


def test_works_on_the_threshold_share_what_is_left_of_the_top() -> None:
    tops = rows(_scores(_cited(TWENTY)), "n_citations", "top_10")

    assert sorted(tops)[-4:] == [
        (5, pytest.approx(1 / 3, abs=1e-12)),
        (5, pytest.approx(1 / 3, abs=1e-12)),
        (5, pytest.approx(1 / 3, abs=1e-12)),
        (12, 1.0),
    ]
    assert all(top == 0.0 for count, top in tops if int(str(count)) < 5)
    assert sum(float(str(top)) for _, top in tops) == pytest.approx(2.0, abs=1e-12)


def test_the_most_cited_of_twenty_holds_the_fifth_of_a_work_that_is_the_top_1_percent() -> None:
    tops = rows(_scores(_cited(TWENTY)), "n_citations", "top_1")

    assert sum(float(str(top)) for _, top in tops) == pytest.approx(0.2, abs=1e-12)
    assert tops[-1] != (12, 0.0)
    assert (12, pytest.approx(0.2, abs=1e-12)) in tops


def test_a_score_is_citations_by_the_mean_of_the_cell() -> None:
    scores = rows(_scores(_cited(TWENTY)), "n_citations", "ncs")

    assert (12, pytest.approx(12 / 2.35, abs=1e-12)) in scores
    assert pytest.approx(5.1063830, abs=1e-7) == 12 / 2.35
    assert (0, 0.0) in scores
    assert sum(float(str(ncs)) for _, ncs in scores) == pytest.approx(20.0, abs=1e-12)


def test_works_of_a_cell_that_nobody_cites_have_a_score_of_1() -> None:
    scores = rows(_scores(_cited([0, 0, 0])), "ncs", "top_10", "top_1")

    assert scores == [(1.0, pytest.approx(0.1), pytest.approx(0.01))] * 3


def test_the_only_work_of_a_cell_has_a_tenth_of_itself_in_the_top_10_percent() -> None:
    assert rows(_scores(_cited([7])), "ncs", "top_10", "top_1") == [
        (1.0, pytest.approx(0.1), pytest.approx(0.01))
    ]


def test_a_work_whose_citations_are_unknown_is_not_scored_nor_compared_with() -> None:
    assert rows(_scores(_cited([None, 4, 2])), "n_citations", "ncs") == [
        (2, pytest.approx(2 / 3)),
        (4, pytest.approx(4 / 3)),
    ]


def test_articles_are_compared_with_reviews_and_with_no_other_kind() -> None:
    works = [
        Work(1, kind="article", cited_by_count=1),
        Work(2, kind="review", cited_by_count=3),
        Work(3, kind="conference-paper", cited_by_count=9),
    ]

    assert rows(_scores(works), "work_id", "ncs") == [(0, 0.5), (1, 1.5), (2, 1.0)]


def test_works_of_two_years_fields_or_registers_are_not_compared() -> None:
    works = [
        Work(1, cited_by_count=1),
        Work(2, cited_by_count=9, year=2019),
        Work(3, cited_by_count=9, subfield="2611"),
        Work(4, cited_by_count=9, register="other"),
    ]

    assert rows(_scores(works), "ncs") == [(1.0,)] * 4


def test_a_work_without_a_field_is_not_scored() -> None:
    assert rows(_scores([Work(1, subfield=None, cited_by_count=3)]), "work_id") == []


def test_a_work_of_two_fields_has_the_mean_of_two_ratios() -> None:
    both = (("openalex_subfield", "1702", 0.5), ("openalex_subfield", "2611", 0.5))
    works = [
        Work(1, subfield=None, fields=both, cited_by_count=6),
        Work(2, subfield="1702", cited_by_count=0),
        Work(3, subfield="2611", cited_by_count=3),
    ]
    # In 1702 half a work has 6 and one has 0: mean 2. In 2611 half has 6 and one 3: mean 4.
    scores = rows(_scores(works), "work_id", "weight", "ncs")

    assert scores == [
        (0, 1.0, pytest.approx(6 / 2 / 2 + 6 / 4 / 2)),
        (1, 1.0, 0.0),
        (2, 1.0, pytest.approx(3 / 4)),
    ]


def test_windowed_citations_are_those_of_the_lake_and_not_those_reported() -> None:
    works = [
        Work(1, authors("CN"), cited_by_count=50),
        Work(2, authors("CN"), cited_by_count=0),
        Work(3, authors("CN"), references=(1, 2), year=2021),
        Work(4, authors("CN"), references=(1,), year=2022),
        Work(5, authors("CN"), references=(1,), year=2023),
    ]

    assert rows(_scores(works, "ncses-like"), "work_id", "n_citations")[:2] == [(0, 2), (1, 1)]
    assert rows(_scores(works, "cwts-like"), "work_id", "n_citations")[:2] == [(0, 3), (1, 1)]


def test_a_register_without_a_resolved_reference_has_no_windowed_score() -> None:
    works = [Work(1, authors("CN"), references=(77,)), Work(2, authors("CN"))]

    assert rows(_scores(works, "cwts-like"), "work_id") == []
    assert len(rows(_scores(works, "openalex"), "work_id")) == 2


def test_a_reference_of_a_work_to_itself_links_no_register() -> None:
    works = [Work(1, authors("CN"), references=(1,)), Work(2, authors("CN"))]

    assert rows(_scores(works, "cwts-like"), "work_id") == []


def test_the_lack_of_links_in_one_register_leaves_another_alone() -> None:
    linked = [Work(1, authors("CN"), references=(2,)), Work(2, authors("CN"))]
    works = [*linked, Work(3, authors("CN"), register="bare")]

    assert rows(_scores(works, "cwts-like"), "register") == [("openalex",)] * 2
