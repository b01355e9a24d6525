"""`topic_cells` and `organization_pairs`: what partners are sought by, summed once."""

from __future__ import annotations

from dataclasses import replace

import ibis.expr.types as ir
import pytest
from ibis.backends.sql import SQLBackend

from fourseas.schema.cells import CELL_KEY, ORGANIZATION_PAIRS, TOPIC_CELLS, UNIT_CELLS
from tests.random_worlds import MEMBERSHIPS, ORGANIZATIONS, random_world
from tests.world import (
    Author,
    Organization,
    Work,
    described,
    on_duckdb,
    rows,
    steps_to,
    world,
)

SUMS = ("n", "credit", "credit_scored", "top_10_frac", "top_1_frac")
NAMED = {
    "nairobi": Organization(ror_id="02y9nww90", country="KE"),
    "uon": Organization(ror_id="02y9nww90", country="KE"),
    "delft": Organization(ror_id="02e2c7k09", country="NL"),
    "village": Organization(country="NL"),
}


def _work(key: int, topic: str, *signers: str, year: int = 2020) -> Work:
    signed = tuple(Author({"KE": 1.0}, organizations={"KE": (one,)}) for one in signers)
    return Work(key, signed, year=year, fields=(("openalex_topic", topic, 1.0),))


def _built(*works: Work) -> SQLBackend:
    return on_duckdb(
        world(works) | described(NAMED), steps_to(TOPIC_CELLS, ORGANIZATION_PAIRS, UNIT_CELLS)
    )


def _topics(con: SQLBackend, unit_type: str) -> ir.Table:
    cells = con.table("topic_cells")
    return cells.filter(cells.unit_type == unit_type)


def test_a_topic_is_summed_for_organizations_countries_and_a_world_where_works_count_once() -> None:
    con = _built(_work(1, "T1", "delft", "uon"), _work(2, "T1", "uon"), _work(3, "T2", "delft"))

    assert rows(_topics(con, "organization"), "unit_id", "field_id", "n", "credit") == [
        ("02e2c7k09", "T1", 1.0, 0.5),
        ("02e2c7k09", "T2", 1.0, 1.0),
        ("02y9nww90", "T1", 2.0, 1.5),
    ]
    assert rows(_topics(con, "country"), "unit_id", "field_id", "n", "credit") == [
        ("KE", "T1", 2.0, 2.0),
        ("KE", "T2", 1.0, 1.0),
    ]
    assert rows(_topics(con, "world"), "field_id", "n", "credit") == [
        ("T1", 2.0, 2.0),
        ("T2", 1.0, 1.0),
    ]


@pytest.mark.parametrize("seed", [3, 8])
def test_topics_together_hold_what_the_cells_of_all_fields_hold(seed: int) -> None:
    of = random_world(40, seed)
    works = [
        replace(one, fields=(*one.fields, ("openalex_topic", f"T{one.key % 3}", 1.0)))
        for one in of.works
    ]
    con = on_duckdb(
        world(works, memberships=MEMBERSHIPS) | described(ORGANIZATIONS),
        steps_to(TOPIC_CELLS, UNIT_CELLS),
    )
    topics, cells = con.table("topic_cells"), con.table("unit_cells")
    key = [name for name in CELL_KEY if name not in {"scheme", "field_id"}]
    whole = cells.filter(
        (cells.scheme == "all")
        & (cells.definition_id == "openalex")
        & cells.unit_type.isin(["country", "organization", "world"])
    )
    told, expected = (
        {
            tuple(row[name] for name in key): [float(row[name] or 0) for name in SUMS]
            for row in one.group_by(*key)
            .agg(**{name: one[name].sum() for name in SUMS})
            .to_pyarrow()
            .to_pylist()
        }
        for one in (topics.filter(topics.definition_id == "openalex"), whole)
    )

    assert len(told) > 20
    assert told.keys() == expected.keys()
    for one, sums in told.items():
        assert sums == pytest.approx(expected[one])


def test_each_two_that_sign_a_work_are_a_pair_that_stands_once() -> None:
    con = _built(
        _work(1, "T1", "delft", "uon", "village"),
        _work(2, "T1", "uon", "delft", "delft"),
        _work(3, "T2", "uon", "nairobi"),
        _work(4, "T2", "uon", "delft", year=2021),
    )
    pairs = con.table("organization_pairs")

    assert rows(pairs, "unit_id", "partner_id", "year", "p") == [
        ("02e2c7k09", "02y9nww90", 2020, 2.0),
        ("02e2c7k09", "02y9nww90", 2021, 1.0),
        ("02e2c7k09", "openalex:village", 2020, 1.0),
        ("02y9nww90", "openalex:village", 2020, 1.0),
    ]
