"""`set_countries`: sets of countries under each territory policy."""

from __future__ import annotations

from fourseas.schema.facts import SET_COUNTRIES
from tests.world import Work, authors, on_duckdb, rows, steps_to, world


def test_hong_kong_and_macao_are_china_under_one_policy_and_themselves_under_the_other() -> None:
    con = on_duckdb(world([Work(1, authors("CN", "HK", "MO", "US"))]), steps_to(SET_COUNTRIES))
    sets = con.table("set_countries")

    assert rows(sets, "territory", "unit_id", "n_countries") == [
        ("cwts", "CN", 2),
        ("cwts", "US", 2),
        ("iso", "CN", 4),
        ("iso", "HK", 4),
        ("iso", "MO", 4),
        ("iso", "US", 4),
    ]


def test_the_empty_set_has_no_countries() -> None:
    con = on_duckdb(world([Work(1, authors("?"))]), steps_to(SET_COUNTRIES))

    assert rows(con.table("set_countries"), "unit_id") == []
