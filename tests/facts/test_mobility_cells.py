"""`mobility_cells`: planted lives, and a walk through each person's record in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.schema.mobility import CLASSES, MOBILITY_CELLS
from tests.world import Author, Work, on_duckdb, steps_to, world

STEPS = steps_to(MOBILITY_CELLS)
MEASURES = tuple(name for name in MOBILITY_CELLS.column_names if name.startswith("n_"))
Cells = dict[tuple[str, int], dict[str, int]]


def _life(*years: str, person: int = 1) -> list[Work]:
    """Return the works of a person from 2010 on: words of a year, each a work's countries."""
    return [
        Work(person * 1000 + 10 * place + number, (_author(word, person),), year=year)
        for place, (year, words) in enumerate(enumerate(years, start=2010))
        for number, word in enumerate(words.split())
    ]


def _author(word: str, person: int) -> Author:
    countries = word.split("+")
    return Author({country: 1 / len(countries) for country in countries}, person=person)


def _cells(works: Iterable[Work], definition_id: str = "openalex") -> Cells:
    """Return what is not 0 by unit and year, but for authorships."""
    table = on_duckdb(world(works), STEPS).table("mobility_cells")
    found: Cells = {}
    for row in table.filter(table.definition_id == definition_id).to_pyarrow().to_pylist():
        numbers = {
            name.removeprefix("n_"): row[name]
            for name in MEASURES
            if row[name] and name not in {"n_authorships", "n_identified"}
        }
        if numbers:
            found[row["unit_id"], row["year"]] = numbers
    return found


def _class_of(*years: str, definition_id: str = "openalex") -> str:
    """Return the one class that the cells of a person show."""
    found = _cells(_life(*years), definition_id)
    names = {name for cell in found.values() for name in cell} & {*CLASSES, "unclassed", "merged"}
    (name,) = names
    return name


def test_a_migrant_goes_out_of_one_country_and_into_another_in_the_year_of_arrival() -> None:
    found = _cells(_life("CN", "CN", "US", "US"))

    assert found["CN", 2011] == {"active": 1, "migrant": 1, "followed": 1}
    assert found["CN", 2012] == {"out": 1}
    assert found["US", 2012] == {"active": 1, "migrant": 1, "followed": 1, "in": 1}
    assert found["US", 2013] == {"active": 1, "migrant": 1, "followed": 1}
    assert found["WORLD", 2012] == {"active": 1, "migrant": 1, "followed": 1, "in": 1, "out": 1}


def test_a_returnee_comes_back_and_is_not_new() -> None:
    found = _cells(_life("CN", "US", "CN"))

    assert found["CN", 2012] == {"active": 1, "migrant": 1, "followed": 1, "return": 1}
    assert found["US", 2012] == {"out": 1}


def test_a_traveller_keeps_the_first_country_beside_another() -> None:
    assert _class_of("CN", "CN CN+US", "CN+US") == "directional"


def test_a_traveller_in_several_countries_from_the_start_has_no_direction() -> None:
    assert _class_of("CN+US", "CN+US", "CN") == "non_directional"


def test_a_second_address_on_a_single_work_is_no_move() -> None:
    found = _cells(_life("CN", "CN+US", "CN"))

    assert {unit for unit, _ in found} == {"CN", "WORLD"}
    assert found["CN", 2011] == {"active": 1, "not_mobile": 1, "followed": 1}


def test_two_works_with_a_second_address_are_of_a_traveller() -> None:
    assert _class_of("CN", "CN+US", "CN+US") == "directional"


def test_a_work_alone_in_another_country_is_a_move() -> None:
    assert _class_of("CN", "US") == "migrant"


def test_a_year_that_two_countries_share_equally_has_no_home() -> None:
    found = _cells(_life("CN", "CN US", "US"))

    assert ("followed" in found["CN", 2011], "followed" in found["US", 2011]) == (False, False)
    assert found["US", 2012]["in"] == found["CN", 2012]["out"] == 1


def test_a_gap_of_years_is_bridged() -> None:
    found = _cells([*_life("CN"), Work(9, (_author("US", 1),), year=2019)])

    assert found["US", 2019]["in"] == 1


@pytest.mark.parametrize(
    "years",
    [("CN US DE", "CN"), ("CN", "US", "CN", "US", "CN", "US")],
    ids=["three countries alone in one year", "five changes of home"],
)
def test_a_record_that_looks_merged_is_left_out_and_counted(years: tuple[str, ...]) -> None:
    found = _cells(_life(*years))

    assert {name for cell in found.values() for name in cell} == {"merged"}
    assert found["WORLD", 2010] == {"merged": 1}


@pytest.mark.parametrize(
    ("years", "name"),
    [(("CN US", "CN"), "non_directional"), (("CN", "US", "CN", "US", "CN"), "migrant")],
)
def test_a_busy_record_is_not_yet_a_merged_one(years: tuple[str, ...], name: str) -> None:
    assert _class_of(*years) == name


def test_a_year_alone_has_no_class() -> None:
    assert _class_of("CN CN CN") == "unclassed"


def test_from_china_to_hong_kong_is_a_move_by_iso_and_none_like_cwts() -> None:
    assert _class_of("CN", "HK") == "migrant"
    assert _class_of("CN", "HK", definition_id="cwts-like") == "not_mobile"


def test_authorships_are_counted_with_and_without_a_person() -> None:
    works = [Work(1, (_author("CN", 1), Author({"CN": 0.5, "US": 0.5}), Author()), year=2010)]
    table = on_duckdb(world(works), STEPS).table("mobility_cells")
    chosen = table.filter(table.definition_id == "openalex").to_pyarrow().to_pylist()

    assert {r["unit_id"]: (r["n_authorships"], r["n_identified"]) for r in chosen} == {
        "CN": (2, 1),
        "US": (1, 0),
        "WORLD": (3, 1),
    }


def test_arrivals_without_a_departure_break_the_law() -> None:
    cells = on_duckdb(world(_life("CN", "US")), STEPS).table("mobility_cells")
    balanced, classed = MOBILITY_CELLS.laws
    lone = cells.filter(cells.unit_id != "CN")

    assert balanced.violations(cells).count().execute() == 0
    assert balanced.violations(lone).count().execute() > 0
    assert classed.violations(cells.mutate(n_migrant=cells.n_active * 2)).count().execute() > 0


@settings(max_examples=5)
@given(st.integers(0, 2**16))
def test_agrees_with_a_walk_through_each_record(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    lives = {person: _random_life(random) for person in range(1, 40)}
    works = [w for person, life in lives.items() for w in _life(*life, person=person)]

    assert _cells(works) == _walked(lives)


def _random_life(random: Random) -> tuple[str, ...]:
    """Return words of some years; most of a person's works are where the last one was."""
    here, years = random.choice(["CN", "US", "DE", "FR"]), []
    for _ in range(random.randint(1, 8)):
        words = []
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            if random.random() < 0.25:
                here = random.choice(("CN", "US", "DE", "FR"))
            beside = random.choice(("CN", "US", "DE", "FR"))
            words.append(f"{here}+{beside}" if random.random() < 0.3 and beside != here else here)
        years.append(" ".join(words))
    return tuple(years)


def _walked(lives: Mapping[int, tuple[str, ...]]) -> Cells:
    """Count as the words of the docstring have it, one person after the other."""
    cells: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for life in lives.values():
        for unit, year, name in _told(life):
            cells[unit, year][name] += 1
    return {place: dict(counts) for place, counts in cells.items()}


def _told(life: tuple[str, ...]) -> list[tuple[str, int, str]]:
    """Return what one life adds to the cells, as unit, year and measure."""
    works = {
        year: [word.split("+") for word in words.split()]
        for year, words in enumerate(life, start=2010)
    }
    every = [work for of_year in works.values() for work in of_year]
    real = {
        country
        for work in every
        for country in work
        if len(work) == 1 or sum(country in other for other in every) > 1
    }
    spent = {
        year: {
            country: sum(1 / len(work) for work in of_year if country in work)
            for country in real
            if any(country in work for work in of_year)
        }
        for year, of_year in works.items()
    }
    years = {year: countries for year, countries in spent.items() if countries}
    homes: list[tuple[int, str]] = []
    for year, countries in years.items():
        best = [
            c for c, part in countries.items() if part == pytest.approx(max(countries.values()))
        ]
        if len(best) == 1:
            homes.append((year, best[0]))
    steps = list(pairwise(homes))
    is_scattered = any(
        len({work[0] for work in of_year if len(work) == 1}) > 2 for of_year in works.values()
    )
    if is_scattered or sum(before[1] != after[1] for before, after in steps) > 4:
        return [(unit, y, "merged") for y, units in years.items() for unit in (*units, "WORLD")]
    name = _class([set(units) for units in years.values()])
    told = [
        (unit, year, measure)
        for year, units in years.items()
        for unit in (*units, "WORLD")
        for measure in ("active", name)
    ]
    for number, ((_, before), (year, here)) in enumerate(steps, start=1):
        told += [(unit, year, "followed") for unit in (here, "WORLD")]
        if here != before:
            came = "return" if here in {home for _, home in homes[:number]} else "in"
            told += [(unit, year, came) for unit in (here, "WORLD")]
            told += [(unit, year, "out") for unit in (before, "WORLD")]
    return told


def _class(years: list[set[str]]) -> str:
    if len(years) < 2:
        return "unclassed"
    if len(set.union(*years)) == 1:
        return "not_mobile"
    if len(years[0]) > 1:
        return "non_directional"
    return "directional" if all(years[0] <= countries for countries in years) else "migrant"
