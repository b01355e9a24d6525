"""Fields listed by the alphabet: which they are, and of which roles nothing is told there."""

from __future__ import annotations

import ibis
import pytest

from fourseas.indicators.alphabetical import ALPHABETICAL, is_alphabetical, why_no_order

MATHEMATICS = {f"26{number:02}" for number in range(15)}
"""Codes of mathematics in Scopus' classification: 2600, general, to 2614, theoretical computing."""


def _listed(scheme: str, fields: list[str]) -> set[str]:
    rows = ibis.memtable({"scheme": [scheme] * len(fields), "field_id": fields})
    found = rows.filter(is_alphabetical(rows.scheme, rows.field_id)).field_id
    return set(ibis.duckdb.connect().to_pyarrow(found).to_pylist())


def test_subfields_are_all_of_mathematics_two_of_economics_and_one_of_physics() -> None:
    every = [str(number) for number in range(1000, 3700)]

    assert _listed("openalex_subfield", every) == MATHEMATICS | {"2002", "2003", "3106"}


def test_fields_are_those_of_their_own_scheme() -> None:
    assert _listed("openalex_field", [f"{number}" for number in range(10, 37)]) == {"20", "26"}
    assert _listed("ncses", ["mathematics-and-statistics", "physics", "20"]) == {
        "mathematics-and-statistics"
    }
    assert _listed("openalex_topic", ["20", "2600"]) == set()


@pytest.mark.parametrize(
    ("role", "field", "told"),
    [
        ("first", "26", ALPHABETICAL),
        ("last", "26", ALPHABETICAL),
        ("corresponding", "26", None),
        ("first", "17", None),
        ("last", "17", None),
    ],
)
def test_who_corresponds_is_told_everywhere(role: str, field: str, told: str | None) -> None:
    rows = ibis.memtable({"scheme": ["openalex_field"], "field_id": [field]})
    table = rows.select(why=why_no_order(role, rows.scheme, rows.field_id))

    assert ibis.duckdb.connect().to_pyarrow(table)["why"].to_pylist() == [told]
