"""`pair_cells`: joint works of two countries, seen from either side."""

from __future__ import annotations

from collections.abc import Iterable

import ibis.expr.types as ir
import pytest
from hypothesis import given, settings

from fourseas.schema.cells import PAIR_CELLS, ROLES
from tests.random_worlds import RandomWorld, worlds
from tests.world import Author, Row, Work, authors, on_duckdb, rows, steps_to, world

STEPS = steps_to(PAIR_CELLS)
PAIR = ("unit_id", "partner_id", "p")


def _pairs(works: Iterable[Work], definition_id: str = "openalex") -> ir.Table:
    pairs = on_duckdb(world(works), STEPS).table("pair_cells")
    return pairs.filter((pairs.definition_id == definition_id) & (pairs.scheme == "all"))


def test_a_work_of_three_countries_is_a_joint_work_of_three_pairs() -> None:
    pairs = _pairs([Work(1, authors("CN", "US", "DE"))])

    assert rows(pairs, *PAIR, "p_newman") == [
        ("CN", "DE", 1.0, 0.5),
        ("CN", "US", 1.0, 0.5),
        ("DE", "CN", 1.0, 0.5),
        ("DE", "US", 1.0, 0.5),
        ("US", "CN", 1.0, 0.5),
        ("US", "DE", 1.0, 0.5),
    ]


def test_the_harmonic_weight_is_2ab_by_a_plus_b() -> None:
    pairs = _pairs([Work(1, authors("CN", "CN", "CN", "US"))])

    assert rows(pairs, "p_harmonic") == [(pytest.approx(2 * 0.75 * 0.25),)] * 2


def test_each_side_is_told_who_came_first() -> None:
    works = [
        Work(1, authors("CN", "US")),
        Work(2, authors("US", "CN")),
        Work(3, authors("CN", "US")),
        Work(4, authors("DE", "US", "CN")),
        Work(5, authors("?", "US", "CN")),
    ]
    pairs = _pairs(works)
    both = pairs.filter(pairs.unit_id.isin(["CN", "US"]) & pairs.partner_id.isin(["CN", "US"]))

    assert rows(both, *PAIR, "first_unit", "first_partner", "n_first_known") == [
        ("CN", "US", 5.0, 2.0, 1.0, 4.0),
        ("US", "CN", 5.0, 1.0, 2.0, 4.0),
    ]


def test_either_side_or_a_third_leads_as_last_author() -> None:
    works = [
        Work(1, authors("CN", "US")),
        Work(2, authors("US", "CN", "DE")),
        Work(3, authors("US", "CN", "?")),
    ]
    pairs = _pairs(works)
    both = pairs.filter((pairs.unit_id == "CN") & (pairs.partner_id == "US"))

    assert rows(both, "p", "last_unit", "last_partner", "n_last_known") == [(3.0, 0.0, 1.0, 2.0)]


def test_two_corresponding_authors_divide_the_lead() -> None:
    flagged = [Author({"CN": 1.0}, is_corresponding=True), Author({"US": 1.0}, None, True)]
    works = [Work(1, tuple(flagged)), Work(2, authors("CN", "US"))]
    columns = ("corresponding_unit", "corresponding_partner", "n_corresponding_known")

    assert rows(_pairs(works), "p", *columns) == [(2.0, 0.5, 0.5, 1.0)] * 2


def test_each_side_has_its_credit() -> None:
    pairs = _pairs([Work(1, authors("CN", "CN", "CN", "US")), Work(2, authors("CN", "US", "?"))])

    assert rows(pairs, "unit_id", "credit", "partner_credit") == [
        ("CN", pytest.approx(3 / 4 + 1 / 3), pytest.approx(1 / 4 + 1 / 3)),
        ("US", pytest.approx(1 / 4 + 1 / 3), pytest.approx(3 / 4 + 1 / 3)),
    ]


SCORED = [
    Work(1, authors("CN", "US"), cited_by_count=4),
    Work(2, authors("CN", "CN", "US"), cited_by_count=2),
    Work(3, authors("US"), cited_by_count=0),
    Work(4, authors("CN", "US"), cited_by_count=None),
]
"""Three works with a mean of 2 citations, and one of which nothing is known."""


def test_joint_works_are_scored_whole_and_by_the_credit_of_the_unit() -> None:
    pairs = _pairs(SCORED)
    china = pairs.filter(pairs.unit_id == "CN")
    weighed = ("credit_scored", "credit2_scored", "ncs_frac", "ncs_cross", "ncs_frac2")

    assert rows(china, "p", "n_scored", "ncs_full", "ncs_full2") == [(3.0, 2.0, 3.0, 5.0)]
    assert rows(china, *weighed) == [
        tuple(
            pytest.approx(number)
            for number in (
                1 / 2 + 2 / 3,
                1 / 4 + 4 / 9,
                1 / 2 * 2 + 2 / 3,
                1 / 4 * 2 + 4 / 9,
                1 / 4 * 4 + 4 / 9,
            )
        )
    ]
    # A tenth of three works is 0.3 of one, and work 1 is the most cited.
    assert rows(china, "top_10_full", "top_10_full2") == [(pytest.approx(0.3), pytest.approx(0.09))]


@settings(max_examples=5)
@given(worlds())
def test_a_row_turned_round_is_what_the_partner_sees(random_world: RandomWorld) -> None:
    pairs = random_world.build(PAIR_CELLS).table("pair_cells").to_pyarrow().to_pylist()
    by_key = {tuple(row[name] for name in PAIR_CELLS.key): row for row in pairs}
    shared = [name for name in PAIR_CELLS.column_names if name.endswith(("_full", "_full2"))]
    shared += ["p", "p_newman", "p_harmonic", "n_first_known", "n_last_known", "n_scored"]
    for row in pairs:
        turned = row | {"unit_id": row["partner_id"], "partner_id": row["unit_id"]}
        other = by_key[tuple(turned[name] for name in PAIR_CELLS.key)]
        assert [other[name] for name in shared] == pytest.approx([row[name] for name in shared])
        assert other["partner_credit"] == pytest.approx(row["credit"])
        for role in ROLES:
            assert other[f"{role}_partner"] == pytest.approx(row[f"{role}_unit"])
            led = row[f"{role}_unit"] + row[f"{role}_partner"]
            assert led <= row[f"n_{role}_known"] + 1e-9


def test_domestic_works_have_no_pairs() -> None:
    assert rows(_pairs([Work(1, authors("CN", "CN", "?"))]), *PAIR) == []


def test_hong_kong_and_china_are_a_pair_by_iso_and_none_like_cwts() -> None:
    work = Work(1, authors("CN", "HK"))

    assert rows(_pairs([work]), *PAIR) == [("CN", "HK", 1.0), ("HK", "CN", 1.0)]
    assert rows(_pairs([work], "cwts-like"), *PAIR) == []


def test_a_partner_of_hong_kong_and_china_is_chinas_partner_once_like_cwts() -> None:
    work = Work(1, authors("CN", "HK", "US"))

    assert rows(_pairs([work], "cwts-like"), *PAIR) == [("CN", "US", 1.0), ("US", "CN", 1.0)]


def test_pairs_that_a_register_publishes_stand_as_they_are() -> None:
    published: list[Row] = [
        {
            "register": "matrix",
            "snapshot_on": "2024-08-01",
            "scope": "census",
            "definition_id": "matrix-published",
            "unit_type": "country",
            "unit_id": "US",
            "partner_id": "CN",
            "scheme": "all",
            "field_id": "all",
            "year": 2023,
            "p": 72_794.0,
        }
    ]
    pairs = on_duckdb(world([], pairs=published), STEPS).table("pair_cells")

    assert rows(pairs, *PAIR, "first_unit", "credit", "ncs_full") == [
        ("US", "CN", 72_794.0, None, None, None)
    ]
