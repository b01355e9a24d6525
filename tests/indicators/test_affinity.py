"""`affinity` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.affinity import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

SYMMETRIC = (
    "p",
    "salton",
    "jaccard",
    "inclusion",
    "equivalence",
    "association",
    "collaboration_index",
    "probabilistic_affinity",
)


def _pairs(works: Iterable[Work]) -> dict[tuple[object, object], Row]:
    """Return the rows of pairs in 2020 by the default definition."""
    found = measure(on_duckdb(world(works), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["unit_id"], row["partner_id"]): row
        for row in found
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


FIVE = [
    Work(1, authors("CN", "US")),
    Work(2, authors("CN", "US")),
    Work(3, authors("CN", "DE")),
    Work(4, authors("CN", "US", "DE")),
    Work(5, authors("CN", "CN")),
]
"""International works: CN 4, US 3, DE 2, world 4. Links: CN 5, US 4, DE 3, in all 12."""


def test_five_works_by_hand() -> None:
    row = _pairs(FIVE)["CN", "US"]

    assert (row["p"], row["p_int_unit"], row["p_int_partner"], row["p_int_world"]) == (3, 4, 3, 4)
    assert row["salton"] == pytest.approx(3 / 12**0.5)
    assert row["jaccard"] == pytest.approx(3 / 4)
    assert row["inclusion"] == pytest.approx(1.0)
    assert row["equivalence"] == pytest.approx(9 / 12)
    assert row["association"] == pytest.approx(3 / 12)
    assert row["collaboration_index"] == pytest.approx((3 / 4) / (3 / 4))
    assert row["probabilistic_affinity"] == pytest.approx(3 * 12 / (5 * 4))


def test_countries_that_never_wrote_together_are_no_pair() -> None:
    works = [Work(1, authors("CN", "US")), Work(2, authors("DE", "KE"))]

    assert set(_pairs(works)) == {("CN", "US"), ("US", "CN"), ("DE", "KE"), ("KE", "DE")}


def test_domestic_works_do_not_enter_the_totals() -> None:
    more = [*FIVE, *(Work(key, authors("US", "US")) for key in range(6, 20))]

    assert _pairs(more)["CN", "US"]["salton"] == _pairs(FIVE)["CN", "US"]["salton"]


def test_the_affinity_of_a_pair_can_fall_when_its_joint_works_grow() -> None:
    def affinity_of_cn_and_us(joint: int) -> float:
        works = [Work(key, authors("CN", "US")) for key in range(1, joint + 1)]
        row = _pairs([*works, Work(99, authors("DE", "KE"))])["CN", "US"]
        return float(str(row["probabilistic_affinity"]))

    # With x joint works of one pair and one of the only other, it is 2 (x + 1) / x.
    assert affinity_of_cn_and_us(1) == pytest.approx(4.0)
    assert affinity_of_cn_and_us(4) == pytest.approx(2.5)


@settings(max_examples=10)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_both_sides_of_a_pair_have_the_same_affinity(random_world: RandomWorld) -> None:
    names = ("register", "definition_id", "scheme", "field_id", "year")
    pairs = {
        (*(row[name] for name in names), row["unit_id"], row["partner_id"]): row
        for row in random_world.measure(INDICATOR)
    }
    for (*place, unit, partner), row in pairs.items():
        other = pairs[*place, partner, unit]
        assert {name: row[name] for name in SYMMETRIC} == pytest.approx(
            {name: other[name] for name in SYMMETRIC}
        )
