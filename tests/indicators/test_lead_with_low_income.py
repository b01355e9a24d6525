"""`lead_with_low_income` by hand, against plain SQL over works, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.lead_with_low_income import INDICATOR
from tests.flat import differences, flat, plain_sql
from tests.random_worlds import OF_REGISTER, RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world


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
    _member("CN", "WB_UPPER_MIDDLE_2021"),
    _member("KE", "WB_LOWER_MIDDLE_2021"),
    _member("FR", "WB_LOWER_MIDDLE_2021"),
    _member("ET", "WB_LOW_2021"),
    _member("GB", "WB_LOW_2021"),
    _member("US", "OECD"),
]


def _measured(works: Iterable[Work]) -> list[Row]:
    return measure(
        on_duckdb(world(works, memberships=INCOMES), steps_to(*INDICATOR.reads)), INDICATOR
    )


def _pairs(works: Iterable[Work], role: str = "first") -> dict[tuple[object, object], Row]:
    """Return the rows of pairs by the default definition."""
    return {
        (row["unit_id"], row["partner_id"]): row
        for row in _measured(works)
        if (row["definition_id"], row["scheme"], row["role"]) == ("openalex", "all", role)
    }


FIVE = [
    Work(1, authors("ET", "US")),
    Work(2, authors("US", "ET")),
    Work(3, authors("US", "US", "ET")),
    Work(4, authors("DE", "US", "ET")),
    Work(5, authors("?", "ET", "US")),
]
"""Joint works of Ethiopia and the United States: one, two, a third, and nobody known leads."""


def test_five_works_by_hand() -> None:
    row = _pairs(FIVE)["ET", "US"]

    assert (row["income_group"], row["p"], row["p_role_known"]) == ("WB_LOW_2021", 5, 4)
    assert (row["pp_led_unit"], row["pp_led_partner"], row["pp_led_third"]) == (0.25, 0.5, 0.25)
    # Wilson's interval of one of four.
    assert row["pp_led_unit_low"] == pytest.approx(0.0456, abs=5e-5)
    assert row["pp_led_unit_high"] == pytest.approx(0.6994, abs=5e-5)
    assert (row["pp_led_unit_min"], row["pp_led_unit_max"]) == (0.2, 0.4)
    assert row["coverage_role"] == 0.8
    assert row["pp_credit_unit"] == pytest.approx((1 / 2 + 1 / 2 + 1 / 3 + 1 / 3 + 1 / 3) / 5)
    assert row["pp_credit_partner"] == pytest.approx((1 / 2 + 1 / 2 + 2 / 3 + 1 / 3 + 1 / 3) / 5)


def test_last_authors_are_another_row() -> None:
    row = _pairs(FIVE, "last")["ET", "US"]

    assert (row["pp_led_unit"], row["pp_led_partner"], row["pp_led_third"]) == (0.6, 0.4, 0.0)


def test_only_partners_of_an_income_group_above_are_told() -> None:
    works = [Work(1, authors("ET", "KE", "FR", "CN", "US", "BR"))]

    # Of Kenya and France neither is above the other, and Brazil's income is not known here.
    assert set(_pairs(works)) == {
        ("ET", "KE"),
        ("ET", "FR"),
        ("ET", "CN"),
        ("ET", "US"),
        ("KE", "CN"),
        ("KE", "US"),
        ("FR", "CN"),
        ("FR", "US"),
    }


def test_where_no_lead_is_known_none_is_told() -> None:
    row = _pairs([Work(1, authors("?", "ET", "US"))])["ET", "US"]

    assert (row["pp_led_unit"], row["pp_led_partner"], row["pp_led_third"]) == (None, None, None)
    assert (row["pp_led_unit_min"], row["pp_led_unit_max"]) == (0.0, 1.0)
    assert row["not_computable"] == (
        "of no joint work here is the country of the first author known"
    )


@settings(max_examples=4)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    works = random_world.works
    con = on_duckdb(world(works, memberships=INCOMES), steps_to(*INDICATOR.reads))
    expected = plain_sql(con, INDICATOR.name, flat(works, INCOMES))
    key = [name for name in INDICATOR.writes.key if name not in OF_REGISTER]

    assert differences(measure(con, INDICATOR), expected, key) == []


@settings(max_examples=4)
@given(worlds())
def test_either_side_or_a_third_leads_each_work_once(random_world: RandomWorld) -> None:
    for row in _measured(random_world.works):
        leads = [row[f"pp_led_{leader}"] for leader in ("unit", "partner", "third")]
        assert leads == [None] * 3 or sum(float(str(lead)) for lead in leads) == pytest.approx(1)
