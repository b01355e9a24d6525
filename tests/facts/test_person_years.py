"""`person_years`: each year of a person is divided among the countries of their addresses."""

from __future__ import annotations

import pytest

from fourseas.schema.mobility import PERSON_YEARS
from tests.world import Author, Work, on_duckdb, rows, steps_to, world

STEPS = steps_to(PERSON_YEARS)
YEAR = ("year", "unit_id", "weight", "n_works", "n_alone")


def _years(*works: Work, definition_id: str = "openalex") -> list[tuple[object, ...]]:
    table = on_duckdb(world(works), STEPS).table("person_years")
    return rows(table.filter(table.definition_id == definition_id), *YEAR)


def _by(person: int | None, year: int | None = 2010, **shares: float) -> tuple[Author, int | None]:
    return Author(shares, person=person), year


def _work(key: int, *signed: tuple[Author, int | None]) -> Work:
    return Work(key, tuple(author for author, _ in signed), year=signed[0][1])


def test_works_count_the_same_and_are_divided_by_addresses() -> None:
    assert _years(_work(1, _by(7, CN=1.0)), _work(2, _by(7, CN=0.25, US=0.75))) == [
        (2010, "CN", 0.625, 2, 1),
        (2010, "US", 0.375, 1, 0),
    ]


def test_a_work_without_a_country_of_theirs_is_left_out_of_a_year() -> None:
    assert _years(_work(1, _by(7, CN=1.0)), _work(2, _by(7))) == [(2010, "CN", 1.0, 1, 1)]


def test_half_an_address_that_is_known_is_the_whole_of_what_is_known() -> None:
    assert _years(_work(1, _by(7, CN=0.5))) == [(2010, "CN", 1.0, 1, 1)]


def test_nobody_in_particular_has_no_years() -> None:
    assert _years(_work(1, _by(None, CN=1.0))) == []


def test_a_person_who_is_listed_twice_on_a_work_signs_it_once() -> None:
    assert _years(_work(1, _by(7, CN=1.0), _by(7, US=1.0))) == [
        (2010, "CN", 0.5, 1, 0),
        (2010, "US", 0.5, 1, 0),
    ]


def test_coauthors_have_years_of_their_own() -> None:
    assert _years(_work(1, _by(7, CN=1.0), _by(8, US=1.0))) == [
        (2010, "CN", 1.0, 1, 1),
        (2010, "US", 1.0, 1, 1),
    ]


def test_hong_kong_and_china_are_one_place_like_cwts() -> None:
    work = _work(1, _by(7, CN=0.5, HK=0.5))

    assert _years(work) == [(2010, "CN", 0.5, 1, 0), (2010, "HK", 0.5, 1, 0)]
    assert _years(work, definition_id="cwts-like") == [(2010, "CN", 1.0, 1, 1)]


@pytest.mark.parametrize("year", [None, 2202])
def test_a_work_without_a_possible_year_is_of_no_year(year: int | None) -> None:
    assert _years(_work(1, _by(7, year, CN=1.0))) == []
