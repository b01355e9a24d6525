"""`development` by hand, against published numbers and plain SQL, and its laws."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators.development import INDICATOR
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.countries import GROUP_MEMBERSHIPS
from fourseas.schema.works import REGISTERS
from tests.flat import differences, flat, plain_sql
from tests.random_worlds import OF_REGISTER, RandomWorld, worlds
from tests.world import Row, Work, arrow, authors, measure, on_duckdb, steps_to, world

MEXICO = Path(__file__).parents[1] / "samples" / "inequality" / "mexico.csv"

CELL: Row = {
    "register": "ncses",
    "snapshot_on": "2023-12-07",
    "scope": "census",
    "definition_id": "ncses-published",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
    "year": 2020,
    "stratum": "core",
    "collaboration_class": "unstated",
}


def _member(country: str, group: str) -> Row:
    return {
        "group_id": group,
        "group_name": group,
        "country_code": country,
        "first_year": 1,
        "last_year": 9999,
        "source": "test",
    }


INCOMES = [
    _member("US", "WB_HIGH_2021"),
    _member("DE", "WB_HIGH_2021"),
    _member("GB", "WB_HIGH_2021"),
    _member("HK", "WB_HIGH_2021"),
    _member("CN", "WB_UPPER_MIDDLE_2021"),
    _member("KE", "WB_LOWER_MIDDLE_2021"),
    _member("FR", "WB_LOW_2021"),
    _member("FR", "EU"),
]


def _published(output: Sequence[float], groups: Mapping[int, str] | None = None) -> Row:
    """Return the row of output where countries have so much of it, as a table publishes it."""
    con = ibis.duckdb.connect()
    cells = [
        CELL | {"unit_id": f"{number:02}", "n": 1.0, "credit": float(credit)}
        for number, credit in enumerate(output)
    ]
    members = [_member(f"{number:02}", group) for number, group in (groups or {}).items()]
    con.create_table("unit_cells", arrow(UNIT_CELLS, cells))
    con.create_table("group_memberships", arrow(GROUP_MEMBERSHIPS, members))
    con.create_table("registers", arrow(REGISTERS, []))
    (row,) = measure(con, INDICATOR)
    return row


def _mexico(year: int) -> list[float]:
    with MEXICO.open(encoding="utf-8") as lines:
        return [float(row[f"pcgdp{year}"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(
    ("year", "theil"),
    [
        (1940, 0.20894344),
        (1950, 0.15222451),
        (1960, 0.10472941),
        (1970, 0.10194725),
        (1980, 0.09560113),
        (1990, 0.10511256),
        (2000, 0.10660832),
    ],
)
def test_inequality_of_mexican_states_is_that_of_pysal(year: int, theil: float) -> None:
    assert _published(_mexico(year))["theil"] == pytest.approx(theil, abs=1e-7)


def test_gini_of_mexican_states_is_that_of_pysal() -> None:
    assert _published(_mexico(1940))["gini"] == pytest.approx(0.35372371173, abs=1e-10)


def test_all_inequality_between_two_groups_is_that_of_pysal() -> None:
    low, high = dict.fromkeys(range(3), "WB_LOW_2021"), dict.fromkeys(range(3, 6), "WB_HIGH_2021")
    row = _published([0, 0, 0, 10, 10, 10], low | high)

    assert row["theil"] == pytest.approx(0.6931471806, abs=1e-10)
    assert row["theil_between"] == pytest.approx(0.6931471806, abs=1e-10)
    assert row["theil_within"] == pytest.approx(0.0, abs=1e-12)
    assert (row["gini"], row["low_income_share"]) == (pytest.approx(0.5), 0.0)
    assert (row["n_countries"], row["n_without"], row["total"]) == (6, 3, 30.0)


def test_all_inequality_within_one_group_by_hand() -> None:
    row = _published([1, 3], {0: "WB_LOW_2021", 1: "WB_LOW_2021"})

    assert row["gini"] == pytest.approx(1 / 4)
    assert row["theil"] == pytest.approx(1 / 4 * math.log(1 / 2) + 3 / 4 * math.log(3 / 2))
    assert row["theil_within"] == pytest.approx(row["theil"])
    assert (row["theil_between"], row["low_income_share"]) == (pytest.approx(0.0), 1.0)


def test_one_country_alone_is_even_and_has_it_all() -> None:
    row = _published([7])

    assert (row["gini"], row["theil"], row["total"]) == (0.0, 0.0, 7.0)


def test_where_nobody_has_anything_nothing_is_uneven() -> None:
    row = _published([0, 0])

    assert (row["gini"], row["theil"], row["low_income_share"]) == (None, None, None)
    assert row["not_computable"] == "no country has anything of it here"


def _of_works(works: Sequence[Work], scope: str = "census") -> dict[tuple[object, object], Row]:
    """Return rows by measure and year, by the default definition."""
    tables = world(works, memberships=INCOMES, scope=scope)
    found = measure(on_duckdb(tables, steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["measure"], row["year"]): row
        for row in found
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


SIX = [
    Work(1, authors("US"), cited_by_count=9),
    Work(2, authors("US", "US", "CN"), cited_by_count=9),
    Work(3, authors("CN", "US"), cited_by_count=0),
    Work(4, authors("FR"), cited_by_count=0),
    Work(5, authors("KE"), year=2021),
    Work(6, authors("FR"), year=2021),
]


def test_six_works_by_hand() -> None:
    found = _of_works(SIX)
    output, leads, top = found["output", 2020], found["leads", 2020], found["top_10", 2020]

    # US 13/6, CN 5/6, FR 1, and KE, which wrote in another year, nothing.
    assert (output["n_countries"], output["n_without"]) == (4, 1)
    assert output["total"] == pytest.approx(4.0)
    assert output["gini"] == pytest.approx((-3 * 0 - 5 / 6 + 1 + 3 * 13 / 6) / 16)
    assert output["low_income_share"] == pytest.approx(1 / 4)
    # US leads one of the two international works and CN the other.
    assert (leads["total"], leads["n_without"], leads["gini"]) == (2.0, 2, pytest.approx(0.5))
    # Of 4 works 0.4 are at the top: two share it.
    assert top["total"] == pytest.approx(0.4)
    assert found["output", 2021]["gini"] == pytest.approx(0.5)


def test_without_international_works_there_are_no_leads_to_share() -> None:
    assert ("leads", 2021) not in _of_works(SIX)


def test_of_works_without_a_score_nothing_is_at_the_top_and_no_row_says_so() -> None:
    found = _of_works([Work(1, authors("US"), cited_by_count=None)])

    assert set(found) == {("output", 2020)}


def test_over_a_corpus_no_inequality_of_countries_is_told() -> None:
    row = _of_works(SIX, scope="corpus")["output", 2020]

    assert (row["total"], row["gini"], row["theil"]) == (pytest.approx(4.0), None, None)
    assert row["not_computable"] == "the register is a corpus and no outside baseline is named"


AMOUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=8).filter(any)


@settings(max_examples=8)
@given(AMOUNTS, st.data())
def test_parts_between_and_within_groups_add_up(amounts: list[int], data: st.DataObject) -> None:
    names = st.sampled_from(("WB_LOW_2021", "WB_HIGH_2021", "WB_LOWER_MIDDLE_2021"))
    row = _published(amounts, {number: data.draw(names) for number in range(len(amounts) - 1)})
    parts = float(str(row["theil_between"])) + float(str(row["theil_within"]))

    assert parts == pytest.approx(float(str(row["theil"])), abs=1e-12)
    assert float(str(row["theil_between"])) >= -1e-12
    assert -1e-12 <= float(str(row["theil"])) <= math.log(len(amounts)) + 1e-12
    assert -1e-12 <= float(str(row["gini"])) <= 1 - 1 / len(amounts) + 1e-12


@settings(max_examples=6)
@given(AMOUNTS)
def test_what_the_richest_gives_the_poorest_makes_it_more_even(amounts: list[int]) -> None:
    before = sorted(amount + 0.0 for amount in amounts)
    gift = (before[-1] - before[0]) / 4
    after = [before[0] + gift, *before[1:-1], before[-1] - gift]
    less, more = _published(after), _published(before)

    for name in ("gini", "theil"):
        assert float(str(less[name])) <= float(str(more[name])) + 1e-12


@settings(max_examples=4)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    works = random_world.works
    tables = world(works, memberships=INCOMES)
    con = on_duckdb(tables, steps_to(*INDICATOR.reads))
    expected = plain_sql(con, INDICATOR.name, flat(works, INCOMES))
    key = [name for name in INDICATOR.writes.key if name not in OF_REGISTER]

    assert differences(measure(con, INDICATOR), expected, key) == []
