"""`affinity` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators.affinity import INDICATOR
from fourseas.schema.cells import PAIR_CELLS, UNIT_CELLS
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, arrow, authors, measure, on_duckdb, steps_to, world

SYMMETRIC = (
    "p",
    "salton",
    "jaccard",
    "inclusion",
    "equivalence",
    "association",
    "collaboration_index",
    "probabilistic_affinity",
    "p_newman",
    "p_harmonic",
    "artifact",
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
    # Of China's 5 links 3 are with the United States; of the 7 of others, 1 is.
    assert row["relative_intensity"] == pytest.approx((3 / 5) / (1 / 7))
    assert row["p_newman"] == pytest.approx(1 + 1 + 1 / 2)
    assert row["p_harmonic"] == pytest.approx(1 / 2 + 1 / 2 + 1 / 3)
    assert (row["artifact"], row["not_computable"]) == (None, None)


def test_intensity_is_what_the_partner_is_to_the_unit_and_not_the_reverse() -> None:
    pairs = _pairs(FIVE)

    assert pairs["US", "CN"]["relative_intensity"] == pytest.approx((3 / 4) / (2 / 8))


def test_against_nobody_else_there_is_no_intensity() -> None:
    row = _pairs([Work(1, authors("CN", "US")), Work(2, authors("US", "DE"))])["US", "DE"]

    assert row["relative_intensity"] is None
    assert row["not_computable"] == "the partner has no link with anybody else"


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


CELL: Row = {
    "register": "matrix",
    "snapshot_on": "2024-08-27",
    "scope": "census",
    "definition_id": "matrix-published",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
}


def _measured(cells: Iterable[Row], pairs: Iterable[Row]) -> dict[tuple[object, ...], Row]:
    """Return the rows of pairs by year, of cells as a register publishes them."""
    con = ibis.duckdb.connect()
    con.create_table("unit_cells", arrow(UNIT_CELLS, cells))
    con.create_table("pair_cells", arrow(PAIR_CELLS, pairs))
    found = measure(con, INDICATOR)
    return {(row["unit_id"], row["partner_id"], row["year"]): row for row in found}


def _intensity(joint: Iterable[int]) -> float:
    """Return what US is to CN where six pairs of countries have so many joint works."""
    four = combinations(("CN", "US", "DE", "KE"), 2)
    pairs = [
        CELL | {"unit_id": unit, "partner_id": partner, "year": 2020, "p": float(p)}
        for pair, p in zip(four, joint, strict=True)
        for unit, partner in (pair, pair[::-1])
    ]
    return float(str(_measured([], pairs)["CN", "US", 2020]["relative_intensity"]))


@settings(max_examples=8)
@given(st.lists(st.integers(1, 40), min_size=6, max_size=6), st.integers(1, 20))
def test_intensity_rises_with_each_joint_work(joint: list[int], more: int) -> None:
    of_two, *of_others = joint

    assert _intensity([of_two + more, *of_others]) > _intensity(joint)


def _artifact(international: dict[int, tuple[float, float]], joint: dict[int, float]) -> object:
    """Return the mark of a pair in 2020 from international works of both and joint ones."""
    cells = [
        CELL
        | {"unit_id": unit, "year": year, "n": n, "stratum": "core"}
        | {"collaboration_class": "international"}
        for year, both in international.items()
        for unit, n in zip(("CR", "CO"), both, strict=True)
    ]
    sides = {"unit_id": "CR", "partner_id": "CO"}
    pairs = [CELL | sides | {"year": year, "p": p} for year, p in joint.items()]
    return _measured(cells, pairs)["CR", "CO", 2020]["artifact"]


DOMINATED = "CO is on over 70% of the international works of CR"
JUMPED = "joint works grew over 3 times as fast as international works of either"


@pytest.mark.parametrize(
    ("before", "now", "p_before", "p", "mark"),
    [
        ((1000, 9000), (1000, 9000), 100, 701, DOMINATED),
        ((1000, 9000), (1000, 9000), 690, 700, None),
        ((99, 9000), (99, 9000), 90, 99, None),
        ((1000, 9000), (1000, 9000), 100, 301, JUMPED),
        ((1000, 9000), (1000, 9000), 100, 300, None),
        ((1000, 9000), (1500, 9000), 100, 301, None),
        ((1000, 6000), (1000, 9000), 100, 301, None),
        ((1000, 9000), (1000, 9000), 30, 99, None),
        ((1000, 9000), (1000, 9000), 30, 100, JUMPED),
        ((1000, 9000), (1000, 9000), 1, 100, JUMPED),
        ((1000, 9000), (1000, 9000), 0, 600, None),
        ((100, 9000), (100, 9000), 70, 71, DOMINATED),
    ],
)
def test_what_is_marked_as_a_possible_artifact(
    before: tuple[float, float],
    now: tuple[float, float],
    p_before: float,
    p: float,
    mark: str | None,
) -> None:
    assert _artifact({2019: before, 2020: now}, {2019: p_before, 2020: p}) == mark


def test_without_the_year_before_no_jump_is_told() -> None:
    international = {2003: (1000.0, 9000.0), 2020: (1000.0, 9000.0)}

    assert _artifact(international, {2003: 1.0, 2020: 600.0}) is None


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
