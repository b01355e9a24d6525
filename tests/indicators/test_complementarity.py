"""`complementarity` against numbers worked out by hand, against plain SQL, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.complementarity import INDICATOR
from tests.figures import Figure, disagreements, many_figures, measured
from tests.world import Row

TWO = (
    Figure("BR", "plants", 3000.0, 0.02),
    Figure("BR", "chips", 1000.0, 0.005),
    Figure("KR", "plants", 1000.0, 0.01),
    Figure("KR", "chips", 3000.0, 0.015),
    Figure("WORLD", "plants", 10000.0, 0.01),
    Figure("WORLD", "chips", 10000.0, 0.01),
)
"""Activity indices 1.5 and 0.5; Brazil's level in plants is 2, Korea's in chips 1.5."""


def _rows(figures: tuple[Figure, ...]) -> dict[tuple[object, object, object], Row]:
    return {
        (row["unit_id"], row["partner_id"], row["field_id"]): row
        for row in measured(figures, INDICATOR)
    }


def test_two_countries_by_hand() -> None:
    rows = _rows(TWO)

    assert set(rows) == {
        ("BR", "KR", "all"),
        ("BR", "KR", "chips"),
        ("KR", "BR", "all"),
        ("KR", "BR", "plants"),
    }
    assert rows["BR", "KR", "chips"]["need"] == pytest.approx(0.5)
    assert rows["BR", "KR", "chips"]["strength"] == pytest.approx(0.5 * 1.5)
    assert rows["BR", "KR", "all"]["gain"] == pytest.approx(0.375)
    assert rows["BR", "KR", "all"]["partner_gain"] == pytest.approx(0.5)
    assert rows["BR", "KR", "all"]["balance"] == pytest.approx(0.75)


def test_where_no_level_is_known_there_is_no_gain_and_a_reason() -> None:
    few = (
        Figure("BR", "plants", 30.0, 0.02),
        Figure("BR", "chips", 10.0, 0.005),
        *TWO[2:],
    )
    row = _rows(few)["KR", "BR", "all"]

    assert (row["gain"], row["n_fields_known"], row["n_fields"]) == (None, 0.0, 2.0)
    assert row["not_computable"] == "the level of the partner is known in no field"


def test_countries_alike_have_nothing_to_give_each_other_here() -> None:
    alike = (*(Figure("JP", f.field, f.works, f.in_top) for f in TWO[2:4]), *TWO[2:])
    row = _rows(alike)["JP", "KR", "all"]

    assert (row["gain"], row["partner_gain"], row["balance"]) == (0.0, 0.0, None)


@settings(max_examples=15)
@given(many_figures())
def test_agrees_with_plain_sql(figures: tuple[Figure, ...]) -> None:
    assert disagreements(figures, INDICATOR) == []


@settings(max_examples=10)
@given(many_figures())
def test_the_fields_of_a_pair_sum_to_its_gain_and_both_sides_tell_the_same(
    figures: tuple[Figure, ...],
) -> None:
    rows = _rows(figures)
    sums: dict[tuple[object, object], float] = {}
    for (unit, partner, field), row in rows.items():
        if field != "all":
            sums[unit, partner] = sums.get((unit, partner), 0.0) + float(str(row["gain"]))
    for (unit, partner, field), row in rows.items():
        if field == "all":
            if row["gain"] is not None:
                assert row["gain"] == pytest.approx(sums.get((unit, partner), 0.0))
            assert row["partner_gain"] == rows[partner, unit, "all"]["gain"]
            assert row["balance"] == rows[partner, unit, "all"]["balance"]
