"""`pair_cells`: joint works of two countries, seen from either side."""

from __future__ import annotations

from collections.abc import Iterable

import ibis.expr.types as ir
import pytest

from fourseas.schema.cells import PAIR_CELLS
from tests.world import Row, Work, authors, on_duckdb, rows, steps_to, world

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

    assert rows(pairs, *PAIR, "first_unit") == [("US", "CN", 72_794.0, None)]
