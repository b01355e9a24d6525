"""`funding` by hand, against plain SQL, and against its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.funding import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import (
    Organization,
    Row,
    Work,
    authors,
    described,
    measure,
    on_duckdb,
    steps_to,
    world,
)

FUNDERS = {
    "nsfc": Organization(name="National Natural Science Foundation of China", country="CN"),
    "dfg": Organization(name="Deutsche Forschungsgemeinschaft", country="DE"),
    "a": Organization(name="Ministry of Environment", country="SE"),
    "b": Organization(name="Ministry of Environment", country="KR"),
    "short": Organization(name="NSF", country="US"),
}
NSFC, DFG = "National Natural Science Foundation of China", "deutsche forschungsgemeinschaft"


def _rows(*works: Work) -> dict[object, Row]:
    """Return rows by unit under the first definition."""
    con = on_duckdb(world(works) | described(FUNDERS), steps_to(*INDICATOR.reads))
    return {
        row["unit_id"]: row
        for row in measure(con, INDICATOR)
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


def test_four_works_by_hand() -> None:
    rows = _rows(
        Work(1, authors("CN", "DE"), funders=(NSFC,)),
        Work(2, authors("CN", "DE"), funders=(NSFC, DFG)),
        Work(3, authors("CN"), funders=("Somebody",)),
        Work(4, authors("CN")),
    )
    china = rows["CN"]

    assert (china["n"], china["p_funded"], china["pp_funded"]) == (4.0, 3.0, 0.75)
    assert (china["p_home"], china["p_abroad"], china["p_unplaced"]) == (1.5, 0.5, 1.0)
    assert china["pp_abroad"] == 0.25
    assert china["coverage_joined"] == pytest.approx(2 / 3)
    assert (china["pp_abroad_min"], china["pp_abroad_max"]) == (
        pytest.approx(1 / 6),
        pytest.approx(1 / 2),
    )
    assert rows["DE"]["pp_abroad"] == 0.75


@pytest.mark.parametrize("funder", ["Ministry of Environment", "NSF", "A charity"])
def test_a_name_of_several_countries_or_short_or_of_nobody_has_no_country(funder: str) -> None:
    row = _rows(Work(1, authors("KR"), funders=(funder,)))["KR"]

    assert (row["p_unplaced"], row["pp_abroad"]) == (1.0, None)
    assert (row["pp_abroad_min"], row["pp_abroad_max"]) == (0.0, 1.0)
    assert row["not_computable"] == "the country of no funder here is known"


def test_of_a_register_that_names_no_funder_nothing_is_said() -> None:
    assert _rows(Work(1, authors("CN"))) == {}


def test_a_unit_whose_works_name_nobody_says_so() -> None:
    row = _rows(Work(1, authors("CN")), Work(2, authors("DE"), funders=(NSFC,)))["CN"]

    assert (row["pp_funded"], row["p_home"], row["pp_abroad"]) == (0.0, None, None)
    assert row["not_computable"] == "no work here names who paid for it"


@settings(max_examples=6)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_home_abroad_and_unplaced_are_all_that_is_funded(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        parts = [row[name] for name in ("p_home", "p_abroad", "p_unplaced")]
        if None not in parts:
            assert sum(float(str(part)) for part in parts) == pytest.approx(row["p_funded"])
