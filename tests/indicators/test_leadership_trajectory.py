"""`leadership_trajectory` by hand, on planted ways, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.alphabetical import ALPHABETICAL
from fourseas.indicators.leadership_trajectory import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world


def _way(
    works: Iterable[Work], *, role: str = "first", scheme: str = "all", scope: str = "census"
) -> dict[tuple[object, object], Row]:
    """Return rows by unit and first year of the period for one role."""
    con = on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads))
    return {
        (row["unit_id"], row["year"]): row
        for row in measure(con, INDICATOR)
        if (row["definition_id"], row["scheme"], row["role"]) == ("openalex", scheme, role)
    }


def _led(n: int, leader: str, other: str, year: int, start: int) -> list[Work]:
    """Return works of two countries led by the first."""
    return [Work(start + k, authors(leader, other), year=year) for k in range(n)]


RISE = [
    *_led(95, "US", "CN", 2012, 1),
    *_led(5, "CN", "US", 2012, 100),
    *_led(50, "US", "CN", 2017, 200),
    *_led(50, "CN", "US", 2017, 300),
    *_led(5, "US", "CN", 2021, 400),
    *_led(95, "CN", "US", 2021, 500),
    *_led(4, "CN", "KE", 2021, 600),
]
"""China leads 5, 50 and 95 of 100 works with the United States in three periods."""


def test_a_planted_way_from_taking_part_to_leading_is_found() -> None:
    rows = _way(RISE)
    way = [rows["CN", year] for year in (2010, 2015, 2020)]

    assert [row["leadership_index"] for row in way] == [
        pytest.approx(0.1),
        pytest.approx(1.0),
        pytest.approx(99 / 52),
    ]
    assert [row["stage"] for row in way] == [
        "takes part",
        "leads as expected",
        "leads more than its part",
    ]
    assert way[1]["leadership_index_change"] == pytest.approx(0.9)
    assert way[0]["leadership_index_change"] is None


def test_years_of_one_period_are_counted_together() -> None:
    rows = _way([*_led(1, "CN", "US", 2015, 1), *_led(1, "US", "CN", 2019, 2)])

    assert rows["CN", 2015]["n"] == 2.0
    assert rows["CN", 2015]["pp_led"] == 0.5


@pytest.mark.parametrize(("last_complete_year", "told"), [(2018, True), (2019, False)])
def test_a_period_is_final_when_its_fifth_year_is_complete(
    last_complete_year: int, *, told: bool
) -> None:
    con = on_duckdb(world(_led(1, "CN", "US", 2015, 1)), steps_to(*INDICATOR.reads))
    con.raw_sql(f"UPDATE registers SET last_complete_year = {last_complete_year}")
    found = measure(con, INDICATOR)

    assert {(row["year"], row["is_provisional"]) for row in found} == {(2015, told)}


def test_few_works_leave_the_stage_undecided() -> None:
    assert _way(_led(3, "CN", "US", 2015, 1))["CN", 2015]["stage"] == "undecided"


def test_who_leads_all_works_with_two_of_three_authors_leads_as_expected() -> None:
    row = _way(Work(key, authors("CN", "CN", "US")) for key in range(1, 5))["CN", 2020]

    assert (row["leadership_index"], row["leadership_index_high"]) == (1.5, 1.5)
    assert row["stage"] == "leads as expected"


def test_a_country_in_few_of_the_worlds_works_has_little_part() -> None:
    many = [*_led(600, "CN", "US", 2015, 1), *_led(1, "KE", "US", 2015, 900)]
    row = _way(many)["KE", 2015]

    assert row["participation"] == pytest.approx(1 / 601)
    assert row["stage"] == "little part"


def test_in_mathematics_the_first_author_is_nobody_and_the_corresponding_is() -> None:
    works = [Work(1, authors("CN", "US"), subfield="2602")]
    first = _way(works, scheme="openalex_field")["CN", 2020]
    corresponding = _way(works, scheme="openalex_field", role="corresponding")["CN", 2020]

    assert (first["pp_led"], first["leadership_index"], first["stage"]) == (None, None, None)
    assert first["not_computable"] == ALPHABETICAL
    assert corresponding["not_computable"] != ALPHABETICAL


def test_over_a_sample_leads_are_told_and_parts_in_the_world_are_not() -> None:
    row = _way(RISE, scope="sample")["CN", 2010]

    assert (row["participation"], row["stage"]) == (None, None)
    assert row["leadership_index"] == pytest.approx(0.1)
    assert row["not_computable"] == "the register is a sample and no outside baseline is named"


@settings(max_examples=6)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_the_index_lies_within_its_interval(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        if row["leadership_index"] is not None:
            names = ("leadership_index_low", "leadership_index", "leadership_index_high")
            low, index, high = (float(str(row[name])) for name in names)
            assert low - 1e-9 <= index <= high + 1e-9
