"""Profiles of fields and what is strong together: three countries in three fields, by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pytest

from fourseas.indicators.field_profiles import density, entries, field_profiles, levels, relations
from fourseas.schema.cells import UNIT_CELLS
from tests.world import Row, arrow

CELL: Row = {
    "register": "openalex",
    "snapshot_on": "2024-06-30",
    "scope": "census",
    "definition_id": "openalex",
    "unit_type": "country",
    "scheme": "openalex_field",
    "field_id": "all",
    "year": 2020,
    "stratum": "core",
    "collaboration_class": "domestic",
}
WORLD = {"17": 60.0, "22": 30.0, "27": 30.0}
CON = ibis.duckdb.connect(threads=1)


def _cells(rows: Iterable[Row]) -> ir.Table:
    return ibis.memtable(arrow(UNIT_CELLS, [CELL | row for row in rows]))


def _of(unit: str, credits_: Mapping[str, float], **more: object) -> list[Row]:
    """Return cells of a unit by field, in two classes; full counts are twice the credit."""
    kind = {"unit_type": "world"} if unit == "WORLD" else {}
    return [
        {"unit_id": unit, "field_id": field, "n": half * 2, "credit": half, **kind, **more, **of}
        for field, credit in credits_.items()
        for half in [credit / 2]
        for of in ({}, {"collaboration_class": "international"})
    ]


def _rows(table: ir.Table) -> list[Row]:
    return list(CON.to_pyarrow(table).to_pylist())


def _by_field(table: ir.Table, name: str, unit: str, counting: str = "fractional") -> Row:
    return {
        str(row["field_id"]): row[name]
        for row in _rows(table)
        if row["unit_id"] == unit and row.get("counting", counting) == counting
    }


def test_an_activity_index_is_a_share_of_the_unit_s_by_that_of_the_world_s() -> None:
    found = field_profiles(_cells([*_of("WORLD", WORLD), *_of("CN", {"17": 20.0, "22": 4.0})]))

    assert _by_field(found, "share", "CN") == {"17": 20 / 24, "22": 4 / 24}
    assert _by_field(found, "share_world", "CN") == {"17": 0.5, "22": 0.25}
    assert _by_field(found, "activity_index", "CN") == pytest.approx(
        {"17": 20 / 24 / 0.5, "22": 4 / 24 / 0.25}
    )
    assert _by_field(found, "activity_index", "WORLD") == {"17": 1.0, "22": 1.0, "27": 1.0}
    assert _by_field(found, "p", "CN", "full") == {"17": 40.0, "22": 8.0}
    assert _by_field(found, "p_unit", "CN", "full") == {"17": 48.0, "22": 48.0}
    assert _by_field(found, "p_world", "CN") == {"17": 120.0, "22": 120.0}


def test_challenges_overlap_and_divide_all_works() -> None:
    def whole(unit: str, credit: float) -> list[Row]:
        return _of(unit, {"all": credit}, scheme="all")

    def challenges(unit: str, credits_: Mapping[str, float]) -> list[Row]:
        return _of(unit, credits_, scheme="challenge")

    both = {"human_health": 20.0, "food_security": 30.0}
    rows = [*whole("WORLD", 100.0), *challenges("WORLD", both), *whole("CN", 40.0)]
    found = field_profiles(_cells([*rows, *challenges("CN", {"food_security": 30.0})]))

    assert _by_field(found, "share", "CN") == {"food_security": 0.75}
    assert _by_field(found, "activity_index", "CN") == {"food_security": pytest.approx(2.5)}
    assert _rows(entries(found)) == []


def _entries(*rows: Row, **more: object) -> dict[tuple[object, object], tuple[object, object]]:
    cells = _cells([{**row, **more} for row in (*_of("WORLD", WORLD), *rows)])
    return {
        (row["unit_id"], row["field_id"]): (row["activity_index"], row["is_specialized"])
        for row in _rows(entries(field_profiles(cells)))
    }


def test_a_country_of_thirty_works_has_a_profile_over_every_field_of_the_world() -> None:
    found = _entries(*_of("CN", {"17": 15.0, "22": 15.0}), *_of("US", {"17": 29.5}))

    assert found == {
        ("CN", "17"): (1.0, True),
        ("CN", "22"): (2.0, True),
        ("CN", "27"): (0.0, False),
    }


def test_a_field_is_of_the_world_where_it_has_any_works_there() -> None:
    world = _of("WORLD", {"31": 0.5, "33": 0.0})
    elsewhere = _of("DE", {"engineering": 40.0}, scheme="ncses")
    found = _entries(*world, *_of("CN", {"17": 30.0}), *elsewhere)

    assert set(found) == {("CN", field) for field in ("17", "22", "27", "31")}


def test_a_little_below_the_world_is_below_it() -> None:
    found = _entries(*_of("CN", {"17": 4999.0, "22": 2501.0, "27": 2500.0}))

    assert {field: told for (_, field), (_, told) in found.items()} == {
        "17": False,
        "22": True,
        "27": True,
    }


@pytest.mark.parametrize("scope", ["corpus", "sample", "partial"])
def test_over_less_than_a_census_there_are_no_profiles(scope: str) -> None:
    assert _entries(*_of("CN", {"17": 30.0}), scope=scope) == {}


STRONG = {"BR": "17 22", "CN": "17 22 27", "DE": "22 27"}
"""Both in 17 and 22: two countries; in 17 and 27 one; in 22 and 27 two; in 31 none."""


def _specialized() -> ir.Table:
    place = {name: CELL[name] for name in ("register", "snapshot_on", "scope", "definition_id")}
    place |= {"scheme": "openalex_field", "year": 2020}
    rows = [
        place | {"unit_id": unit, "field_id": field, "is_specialized": field in fields.split()}
        for unit, fields in STRONG.items()
        for field in (*WORLD, "31")
    ]
    return ibis.memtable(rows)


def test_fields_that_are_strong_in_the_same_countries_are_related() -> None:
    rows = {
        (row["field_id"], row["other_field_id"]): row for row in _rows(relations(_specialized()))
    }

    assert len(rows) == 6
    names = ("n_both", "n_field", "n_other", "s_field", "s_other", "t")
    assert [rows["17", "22"][name] for name in names] == [2, 2, 3, 3, 4, 10]
    assert [rows["27", "17"][name] for name in names] == [1, 2, 2, 3, 3, 10]
    assert rows["17", "22"]["association"] == rows["22", "17"]["association"] == 20 / 12
    assert rows["17", "27"]["association"] == 10 / 9


def test_a_field_is_near_by_the_relations_to_what_a_country_is_strong_in() -> None:
    of = _specialized()
    rows = {
        (row["unit_id"], row["field_id"]): row["density"]
        for row in _rows(density(of, relations(of)))
    }

    near, far = 20 / 12, 10 / 9
    assert len(rows) == 9
    assert rows["BR", "27"] == pytest.approx(1.0)
    assert rows["BR", "17"] == pytest.approx(near / (near + far))
    assert rows["BR", "22"] == pytest.approx(near / (near + near))
    assert rows["DE", "17"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"credit_scored": 50.0, "top_10_frac": 10.0, "top_1_frac": 9.0}, 2.0),
        ({"credit_scored": 50.0, "top_10_frac": 0.0}, 0.0),
        ({"credit_scored": 49.9, "top_10_frac": 10.0}, None),
        ({"credit_scored": 500.0, "top_1_frac": 10.0}, 2.0),
        ({"credit_scored": 499.0, "top_1_frac": 10.0}, None),
        ({"credit_scored": 500.0}, None),
        ({"credit_scored": 0.0, "top_10_frac": 0.0}, None),
        ({"credit_scored": 50.0, "top_10_frac": 10.0, "unit_type": "group"}, None),
    ],
)
def test_a_level_is_told_where_five_works_would_be_in_the_top(
    row: Row, level: float | None
) -> None:
    halves = {name: value / 2 for name, value in row.items() if isinstance(value, float)}
    cells = _cells(
        [
            {"unit_id": "CN", **row, **halves, "collaboration_class": name}
            for name in ("domestic", "international")
        ]
    )

    assert [one["level"] for one in _rows(levels(cells))] == ([] if level is None else [level])
