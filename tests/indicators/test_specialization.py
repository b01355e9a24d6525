"""`specialization` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.specialization import INDICATOR
from tests.figures import Figure, measured
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

SIX = [
    *(Work(key, authors("CN"), subfield="1702") for key in (1, 2, 3)),
    Work(4, authors("CN"), subfield="2611"),
    Work(5, authors("US"), subfield="1702"),
    Work(6, authors("US", "US"), subfield="2611"),
    Work(7, authors("US"), subfield=None),
]
"""China: three of four in field 17. The world: four of six. Work 7 has no field."""


def _by_unit_and_field(found: list[Row], counting: str) -> dict[tuple[object, object], Row]:
    return {
        (row["unit_id"], row["field_id"]): row
        for row in found
        if row["counting"] == counting and row["definition_id"] in {"openalex", "ncses-published"}
    }


def _measured(works: list[Work], scope: str = "census") -> list[Row]:
    con = on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads))
    return measure(con, INDICATOR)


def test_six_works_by_hand() -> None:
    rows = _by_unit_and_field(_measured(SIX), "full")
    china = rows["CN", "17"]

    assert (china["p"], china["p_unit"], china["pp_field"]) == (3.0, 4.0, 0.75)
    assert china["pp_field_world"] == pytest.approx(4 / 6)
    assert china["activity_index"] == pytest.approx(0.75 / (4 / 6))
    assert china["activity_index_symmetric"] == pytest.approx((1.125 - 1) / (1.125 + 1))
    assert rows["US", "17"]["activity_index"] == pytest.approx(0.5 / (4 / 6))
    assert rows["WORLD", "17"]["activity_index"] == pytest.approx(1.0)


def test_an_interval_holds_the_index_and_is_of_full_counting_alone() -> None:
    full = _by_unit_and_field(_measured(SIX), "full")["CN", "17"]
    fractional = _by_unit_and_field(_measured(SIX), "fractional")["CN", "17"]

    low, high = float(str(full["activity_index_low"])), float(str(full["activity_index_high"]))
    assert low < 1.125 < high
    assert (fractional["activity_index_low"], fractional["activity_index_high"]) == (None, None)


def test_published_figures_have_no_interval() -> None:
    figures = [Figure("US", "physics", 10.0), Figure("WORLD", "physics", 100.0)]
    row = _by_unit_and_field(measured(figures, INDICATOR), "full")["US", "physics"]

    assert row["activity_index"] == pytest.approx(1.0)
    assert (row["activity_index_low"], row["activity_index_high"]) == (None, None)


ECONGEO = (
    (100.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 15.0, 5.0, 70.0, 10.0),
    (0.0, 20.0, 10.0, 20.0, 50.0),
    (0.0, 25.0, 30.0, 5.0, 40.0),
    (0.0, 40.0, 55.0, 5.0, 0.0),
)
"""The example of the documentation of EconGeo's `location.quotient`."""


def test_location_quotients_are_those_of_econgeo() -> None:
    figures = [
        Figure(f"R{place}", f"I{field}", works)
        for place, row in enumerate(ECONGEO, start=1)
        for field, works in enumerate(row, start=1)
    ]
    figures += [
        Figure("WORLD", f"I{field}", sum(row[field - 1] for row in ECONGEO))
        for field in range(1, 6)
    ]
    rows = _by_unit_and_field(measured(figures, INDICATOR), "fractional")
    found = {
        unit: [
            rows[unit, f"I{field}"]["activity_index"] if (unit, f"I{field}") in rows else 0.0
            for field in range(1, 6)
        ]
        for unit in ("R2", "R5")
    }

    assert found["R2"] == pytest.approx([0, 0.75, 0.25, 3.5, 0.5], abs=1e-6)
    assert found["R5"] == pytest.approx([0, 2, 2.75, 0.25, 0], abs=1e-6)
    # A figure of no works is no field of the unit.
    assert ("R5", "I1") not in rows


@pytest.mark.parametrize("scope", ["sample", "corpus", "partial"])
def test_over_less_than_a_census_there_is_no_index_and_the_row_says_why(scope: str) -> None:
    rows = _measured(SIX, scope)

    assert rows
    assert {row["activity_index"] for row in rows} == {None}
    assert None not in {row["not_computable"] for row in rows}


@settings(max_examples=8)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_weighted_by_the_world_the_index_of_a_unit_is_one(random_world: RandomWorld) -> None:
    sums: dict[tuple[object, ...], float] = {}
    names = ("definition_id", "register", "unit_type", "unit_id", "scheme", "year", "counting")
    for row in random_world.measure(INDICATOR):
        unit = tuple(row[name] for name in names)
        weighted = float(str(row["activity_index"])) * float(str(row["pp_field_world"]))
        sums[unit] = sums.get(unit, 0.0) + weighted

    assert list(sums.values()) == pytest.approx([1.0] * len(sums))
