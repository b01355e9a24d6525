"""`relatedness_density` against the numbers of EconGeo, plain SQL, and its laws."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings

from fourseas.indicators import field_profiles
from fourseas.indicators.coverage import PLACE_KEY
from fourseas.indicators.relatedness_density import INDICATOR
from tests.figures import Figure, disagreements, many_figures, measured
from tests.indicators.test_relatedness import FIELDS, FOUR, SPECIALIZED

PLACE = {
    "register": "ncses",
    "snapshot_on": "2023-12-07",
    "scope": "census",
    "definition_id": "ncses-published",
    "scheme": "ncses",
    "year": 2020,
}


def test_where_all_fields_are_related_alike_density_is_that_of_econgeo() -> None:
    con = ibis.duckdb.connect(threads=1)
    assert {*PLACE, "field_id"} == {*PLACE_KEY}
    entered = [
        PLACE | {"field_id": field, "unit_id": country, "is_specialized": field in fields}
        for country, fields in SPECIALIZED.items()
        for field in FIELDS
    ]
    related = [
        PLACE | {"field_id": field, "other_field_id": other, "association": 1.0}
        for field in FIELDS
        for other in FIELDS
        if field != other
    ]
    con.create_table("entered", pa.Table.from_pylist(entered))
    con.create_table("related", pa.Table.from_pylist(related))
    found = field_profiles.density(con.table("entered"), con.table("related")).to_pyarrow()
    density = {(row["unit_id"], row["field_id"]): row["density"] for row in found.to_pylist()}

    assert [density["C2", field] for field in FIELDS] == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])
    assert [density["C3", field] for field in FIELDS] == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1 / 3])


def test_four_countries_by_hand() -> None:
    rows = {(row["unit_id"], row["field_id"]): row for row in measured(FOUR, INDICATOR)}
    # Associations of P1: 14/9 with P2, 14/12 with P3 and P4. C3 has the last two.
    near, far = 14 / 12 + 14 / 12, 14 / 9

    assert rows["C3", "P1"]["relatedness_density"] == pytest.approx(near / (near + far))
    assert rows["C3", "P1"]["is_specialized"] is False
    assert rows["C3", "P1"]["activity_index"] == 0.0
    assert rows["C1", "P1"]["relatedness_density"] == pytest.approx(1.0)


def test_a_field_that_is_related_to_none_has_no_density_and_says_why() -> None:
    figures = (
        Figure("C1", "P1", 100.0),
        Figure("C2", "P2", 100.0),
        Figure("WORLD", "P1", 100.0),
        Figure("WORLD", "P2", 100.0),
    )
    rows = measured(figures, INDICATOR)

    assert {row["relatedness_density"] for row in rows} == {None}
    assert {row["not_computable"] for row in rows} == {
        "no country is specialized in this field and another at once"
    }


@settings(max_examples=15)
@given(many_figures())
def test_agrees_with_plain_sql(figures: tuple[Figure, ...]) -> None:
    assert disagreements(figures, INDICATOR) == []


@settings(max_examples=10)
@given(many_figures())
def test_who_is_specialized_in_all_other_fields_is_as_near_as_can_be_and_in_none_not_at_all(
    figures: tuple[Figure, ...],
) -> None:
    rows = measured(figures, INDICATOR)
    strong = {(row["unit_id"], row["field_id"]) for row in rows if row["is_specialized"]}
    fields = {row["field_id"] for row in rows}
    for row in rows:
        others = {(row["unit_id"], field) for field in fields - {row["field_id"]}}
        if row["relatedness_density"] is not None and others <= strong:
            assert row["relatedness_density"] == pytest.approx(1.0)
        if row["relatedness_density"] is not None and not others & strong:
            assert row["relatedness_density"] == 0.0
