"""`open_access` by hand, against plain SQL, and against its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.open_access import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

FIVE = [
    Work(1, authors("CN", "US"), is_oa=True),
    Work(2, authors("CN", "US"), is_oa=False),
    Work(3, authors("CN"), is_oa=True),
    Work(4, authors("CN"), is_oa=True),
    Work(5, authors("CN")),
]


def _rows(*works: Work) -> dict[tuple[object, object], Row]:
    """Return rows by unit and kind of works under the first definition."""
    con = on_duckdb(world(works), steps_to(*INDICATOR.reads))
    return {
        (row["unit_id"], row["among"]): row
        for row in measure(con, INDICATOR)
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


def test_five_works_by_hand() -> None:
    row = _rows(*FIVE)["CN", "all"]

    assert (row["n"], row["p_oa_known"], row["p_oa"]) == (5.0, 4.0, 3.0)
    assert row["pp_oa"] == 0.75
    assert (row["pp_oa_min"], row["pp_oa_max"]) == (pytest.approx(0.6), pytest.approx(0.8))
    assert row["coverage_oa"] == 0.8


def test_international_works_stand_apart() -> None:
    row = _rows(*FIVE)["CN", "international"]

    assert (row["n"], row["pp_oa"], row["coverage_oa"]) == (2.0, 0.5, 1.0)


def test_a_unit_without_international_works_has_no_row_of_them() -> None:
    assert ("KE", "international") not in _rows(Work(1, authors("KE"), is_oa=True))


def test_where_nothing_is_known_no_work_is_taken_to_be_closed() -> None:
    row = _rows(Work(1, authors("CN")))["CN", "all"]

    assert (row["pp_oa"], row["pp_oa_min"], row["pp_oa_max"]) == (None, 0.0, 1.0)
    assert row["not_computable"] == "of no work here is it known whether it is free to read"


@settings(max_examples=6)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_the_share_lies_within_what_the_unknown_allow(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        if row["pp_oa"] is not None:
            bounds = [float(str(row[name])) for name in ("pp_oa_min", "pp_oa", "pp_oa_max")]
            assert bounds == sorted(bounds)
