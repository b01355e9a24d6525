"""`mobility` by hand, against plain SQL, and that it shows no few persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators.mobility import INDICATOR, LEAST_PERSONS
from fourseas.workspace import Workspace
from tests.random_worlds import RandomWorld, worlds
from tests.world import Author, Row, Work, measure, on_duckdb, steps_to, world

COUNTS = ("n_active", "n_followed", "n_in", "n_return", "n_out", "n_classed", "n_merged")


def _lives(*lives: tuple[int, str], first_year: int = 2010) -> list[Work]:
    """Return the works of so many persons for each life: a word, a country for each year."""
    keys, persons = count(1), count(1)
    return [
        Work(next(keys), (_signed(word, person),), year=year)
        for n_persons, life in lives
        for person in (next(persons) for _ in range(n_persons))
        for year, word in enumerate(life.split(), start=first_year)
        if word != "-"
    ]


def _signed(word: str, person: int | None) -> Author:
    countries = word.split("+")
    return Author({country: 1 / len(countries) for country in countries}, person=person)


def _rows(works: Iterable[Work], scope: str = "census") -> dict[tuple[object, object], Row]:
    found = measure(on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["unit_id"], row["year"]): row for row in found if row["definition_id"] == "openalex"
    }


def test_ten_who_stay_and_six_who_go_by_hand() -> None:
    found = _rows(_lives((10, "CN CN CN"), (6, "CN CN US")))
    china, states, whole = (found[unit, 2012] for unit in ("CN", "US", "WORLD"))

    assert (china["n_followed"], china["n_in"], china["n_return"], china["n_out"]) == (10, 0, 0, 6)
    assert (china["out_rate"], china["mobility_rate"]) == (0.6, 0.6)
    assert (states["n_followed"], states["n_in"], states["in_rate"]) == (6, 6, 1.0)
    assert (states["mobile_share"], states["migrant_share"]) == (1.0, 1.0)
    assert (whole["n_active"], whole["mobile_share"]) == (16, pytest.approx(6 / 16))
    # Of the world, who goes out of one country and into another has moved once.
    assert whole["mobility_rate"] == pytest.approx(6 / 16)
    assert (china["coverage"], china["known_share"], china["not_computable"]) == (1.0, 1.0, None)


def test_who_comes_back_returns_and_is_not_new() -> None:
    row = _rows(_lives((5, "CN US CN"), (5, "CN CN CN")))["CN", 2012]

    assert (row["n_in"], row["n_return"], row["return_rate"]) == (0, 5, 0.5)


@pytest.mark.parametrize("n_persons", [1, 2, 3, 4])
def test_one_to_four_persons_are_not_shown(n_persons: int) -> None:
    found = _rows(_lives((20, "CN CN CN"), (n_persons, "CN CN US"), (n_persons, "CN+DE CN+DE CN")))
    row = found["CN", 2012]

    assert {row[name] for name in ("mobility_rate", "n_out", "out_rate", "n_in")} == {None}
    assert row["directional_share"] is None
    assert row["not_computable"] == "fewer than 5 persons moved: they are not shown"
    assert found["US", 2012]["n_followed"] is None
    assert (
        found["US", 2012]["not_computable"]
        == "fewer than 5 persons here were seen in an earlier year"
    )


def test_five_persons_are_shown() -> None:
    row = _rows(_lives((10, "CN CN CN"), (5, "CN CN US")))["US", 2012]

    assert (row["n_followed"], row["mobility_rate"], row["mobile_share"]) == (5, 1.0, 1.0)
    assert row["not_computable"] is None


def test_a_part_that_would_tell_of_few_others_is_not_shown() -> None:
    """Ten went and two came: with all moves told, either number would tell the other."""
    row = _rows(_lives((20, "CN CN CN"), (10, "CN CN US"), (2, "US US CN")))["CN", 2012]

    assert row["mobility_rate"] == pytest.approx(12 / 22)
    assert {row[name] for name in ("n_in", "n_out", "n_return", "out_rate")} == {None}


@settings(max_examples=3)
@given(st.integers(0, 2**16))
def test_no_count_of_a_row_is_of_one_to_four_persons(seed: int) -> None:
    for row in _random_lives(seed).measure(INDICATOR):
        shown = [int(str(row[name])) for name in COUNTS if row[name] is not None]
        assert all(number == 0 or number >= LEAST_PERSONS for number in shown)


def test_a_register_that_does_not_know_its_authors_says_so() -> None:
    nobody = [Work(key, (_signed("CN", None),), year=2012) for key in range(1, 9)]
    row = _rows(nobody)["CN", 2012]

    assert (row["coverage"], row["n_active"], row["mobility_rate"]) == (0.0, None, None)
    assert row["not_computable"] == "the register does not say who its authors are"


def test_where_few_authorships_have_a_person_nothing_is_told() -> None:
    nobody = [Work(key, (_signed("CN", None),), year=2012) for key in range(900, 940)]
    row = _rows([*_lives((10, "CN CN CN")), *nobody])["CN", 2012]

    assert (row["coverage"], row["n_active"]) == (0.2, None)
    assert row["not_computable"] == "fewer than half of the authorships here have a person"


def test_half_of_the_authorships_and_a_third_of_the_persons_are_enough() -> None:
    nobody = [Work(key, (_signed("CN", None),), year=2011) for key in range(900, 918)]
    row = _rows([*_lives((6, "CN CN"), (12, "- CN")), *nobody])["CN", 2011]

    assert (row["coverage"], row["known_share"]) == (0.5, pytest.approx(1 / 3))
    assert (row["n_followed"], row["mobility_rate"]) == (6, 0.0)


def test_one_person_whom_the_register_knows_is_one() -> None:
    row = _rows(_lives((1, "CN CN")))["CN", 2011]

    assert row["not_computable"] == "fewer than 5 persons here were seen in an earlier year"


def test_where_hardly_anybody_is_known_from_before_nothing_is_told() -> None:
    row = _rows(_lives((6, "CN CN"), (20, "- CN")))["CN", 2011]

    assert row["known_share"] == pytest.approx(6 / 26)
    assert row["mobility_rate"] is None
    assert row["not_computable"] == (
        "fewer than a third of the world's persons of the year are known from an earlier one"
    )


def test_of_persons_without_a_country_nobody_is_known_from_before() -> None:
    nowhere = [Work(key, (Author(person=key),), year=2012) for key in range(1, 8)]
    row = _rows(nowhere)["WORLD", 2012]

    assert (row["coverage"], row["known_share"], row["n_active"]) == (1.0, None, None)
    assert str(row["not_computable"]).startswith("fewer than a third of the world's persons")


def test_over_a_corpus_nothing_is_told() -> None:
    row = _rows(_lives((10, "CN CN CN")), scope="corpus")["CN", 2012]

    assert (row["n_active"], row["mobility_rate"], row["mobile_share"]) == (None, None, None)
    assert row["not_computable"] == (
        "the register is no whole census (corpus): works that would show where its persons were "
        "are missing"
    )


@pytest.mark.parametrize(
    ("first_year", "is_censored", "is_provisional"),
    [(2020, False, False), (2021, True, False), (2022, True, False), (2023, True, True)],
)
def test_the_last_years_are_censored(
    first_year: int,
    is_censored: bool,  # noqa: FBT001
    is_provisional: bool,  # noqa: FBT001
) -> None:
    row = _rows(_lives((6, "CN CN"), first_year=first_year))["CN", first_year + 1]

    assert (row["is_right_censored"], row["is_provisional"]) == (is_censored, is_provisional)


@settings(max_examples=5)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=3)
@given(st.integers(0, 2**16))
def test_agrees_with_plain_sql_where_there_is_much_to_show(seed: int) -> None:
    lives = _random_lives(seed)

    assert lives.disagreements(INDICATOR) == []
    assert any(row["in_rate"] for row in lives.measure(INDICATOR))


def _random_lives(seed: int) -> RandomWorld:
    """Return the works of 150 persons who mostly stay where they are."""
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    return RandomWorld(tuple(_wandering(random, count(1))))


def _wandering(random: Random, keys: Iterator[int]) -> Iterator[Work]:
    for person in range(150):
        here = random.choice(("CN", "US"))
        for year in range(2010, 2016):
            here = random.choice(("CN", "US", "DE")) if random.random() < 0.3 else here
            word = f"{here}+{random.choice(('CN', 'US', 'DE'))}" if random.random() < 0.2 else here
            if random.random() < 0.7:
                author = Author(dict.fromkeys(word.split("+"), 0.5), person=person)
                yield Work(next(keys), (author,), year=year)


def test_of_rfc_authors_one_in_twenty_followed_moves_in_a_year(lake: Workspace) -> None:
    table = lake.table("mobility")
    of_rfcs = table.filter(
        (table.register == "rfc") & (table.unit_type == "world") & table.year.between(2004, 2018)
    )
    rates = of_rfcs.to_pyarrow()["mobility_rate"].to_pylist()

    assert len(rates) == 15
    assert all(0.02 < rate < 0.09 for rate in rates)


def test_rfc_authors_of_2020_are_hardly_known_from_before(lake: Workspace) -> None:
    """Names are spelled out since RFC 8650: an id of before and one of after are two persons."""
    table = lake.table("mobility")
    (row,) = (
        table.filter((table.register == "rfc") & (table.unit_id == "WORLD") & (table.year == 2020))
        .to_pyarrow()
        .to_pylist()
    )

    assert row["known_share"] < 0.2
    assert row["mobility_rate"] is None
