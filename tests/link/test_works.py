"""`works`: impossible years are kept apart, and every work points at its set of countries."""

from __future__ import annotations

import pytest

from tests.world import Work, authors, linked, on_duckdb, rows, world


@pytest.mark.parametrize("year", [2202, 1, 1499, 2026])
def test_an_impossible_year_becomes_null_and_is_flagged(year: int) -> None:
    con = linked(world([Work(1, authors("CN"), year=year)]))

    assert rows(con.table("works"), "year", "is_year_impossible") == [(None, True)]


@pytest.mark.parametrize("year", [1500, 2024, 2025])
def test_a_year_up_to_one_after_the_snapshot_is_possible(year: int) -> None:
    con = linked(world([Work(1, authors("CN"), year=year)]))

    assert rows(con.table("works"), "year", "is_year_impossible") == [(year, False)]


def test_an_absent_year_is_not_an_impossible_one() -> None:
    con = linked(world([Work(1, authors("CN"), year=None)]))

    assert rows(con.table("works"), "year", "is_year_impossible") == [(None, False)]


def test_works_without_a_possible_year_are_counted_nowhere() -> None:
    undated = [Work(1, authors("CN"), year=2202), Work(2, authors("CN", "US"), year=1)]
    con = on_duckdb(world([*undated, Work(3, authors("CN", "US"), year=None)]))

    assert rows(con.table("unit_cells"), "unit_id") == []
    assert rows(con.table("pair_cells"), "unit_id") == []
    assert rows(con.table("work_impact"), "work_id") == []


def test_works_with_the_same_countries_share_a_set_and_the_empty_set_is_0() -> None:
    con = linked(
        world([Work(1, authors("US", "CN")), Work(2, authors("CN+US")), Work(3, authors("?"))])
    )
    sets = con.table("country_sets")

    assert rows(con.table("works"), "work_key", "country_set_id") == [(1, 1), (2, 1), (3, 0)]
    assert rows(sets, "country_set_id", "country_codes", "n_works") == [
        (0, [], 1),
        (1, ["CN", "US"], 2),
    ]
