"""The kernel of sums in fields against the steps: the same cells in the same order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from fourseas.facts.unit_cells import STEP
from fourseas.lake.kernels import field_sums
from fourseas.lake.kernels.field_sums import Coded, Numbered
from fourseas.schema.cells import UNIT_CELLS
from tests.lake.kernels.agreement import disagreements
from tests.random_worlds import RandomWorld, random_world, worlds
from tests.world import Row, Work, authors, on_duckdb, steps_to, world

HALVES = (("ietf_group", "quic", 0.5), ("ietf_group", "tls", 0.5), ("openalex_field", "17", 1.0))

TRAPS: dict[str, tuple[Work, ...]] = {
    "no works": (),
    "no authors": (Work(1), Work(2, year=None)),
    "no country": (Work(1, authors("?")), Work(2, authors("?", "CN"))),
    "Hong Kong, Macao and China on one work": (Work(1, authors("HK", "MO", "CN", "US")),),
    "several fields of several schemes": (
        Work(1, authors("CN", "US"), subfield="1702", fields=HALVES[:2]),
        Work(2, authors("US", "DE"), subfield=None, fields=HALVES),
    ),
    "nobody says whether it is open or paid for": (Work(1, authors("CN", "US"), is_oa=None),),
    "a year that no other work has": (
        Work(1, authors("CN", "US"), year=2202),
        Work(2, authors("US", "CN")),
    ),
}


@pytest.mark.parametrize("works", TRAPS.values(), ids=TRAPS)
def test_kernel_and_step_agree_where(works: Sequence[Work]) -> None:
    assert disagreements(on_duckdb(world(works), steps_to(UNIT_CELLS)), STEP) == []


@settings(max_examples=8)
@given(worlds())
def test_kernel_and_step_agree_on_any_world(any_world: RandomWorld) -> None:
    assert disagreements(any_world.build(UNIT_CELLS), STEP) == []


def test_kernel_and_step_agree_on_thousands_of_works_however_few_are_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(field_sums, "ROWS_AT_ONCE", 1000)
    monkeypatch.setattr(field_sums, "CELLS_TOLD", 300)
    monkeypatch.setattr(field_sums, "FIRST_ROOM", 8)

    assert disagreements(random_world(3_000, seed=21).build(UNIT_CELLS), STEP) == []


def test_what_is_published_stands_beside_the_sums() -> None:
    figures: list[Row] = [
        {
            "register": "ncses",
            "snapshot_on": "2023-12-07",
            "scope": "census",
            "definition_id": "ncses-published",
            "unit_type": "country",
            "unit_id": unit,
            "scheme": "all",
            "field_id": "all",
            "year": year,
            "measure": measure,
            "counting": "full",
            "value": value,
        }
        for unit, year, measure, value in (
            ("US", 2019, "output", 100.0),
            ("US", 2020, "output", 120.0),
            ("AF", 2019, "output", 3.0),
            ("AF", 2019, "international", 2.0),
            ("AF", 2019, "domestic", 1.0),
        )
    ]
    con = on_duckdb(world([Work(1, authors("US"))], statistics=figures), steps_to(UNIT_CELLS))
    found = field_sums.field_sums(con, STEP).read_all().to_pylist()

    assert disagreements(con, STEP) == []
    assert {row["credit"] for row in found if row["register"] == "ncses"} >= {None}
    assert {row["register"] for row in found} == {"ncses", "openalex"}


def test_a_sum_is_null_where_all_its_terms_are() -> None:
    tables = world([Work(1, authors("DE", "FR"), is_oa=None)], groups={"EU": ["DE", "FR"]})
    con = on_duckdb(tables, steps_to(UNIT_CELLS))
    told = {
        row["unit_type"]: (row["n_funded"], row["n_double"], row["n_oa"])
        for row in field_sums.field_sums(con, STEP).read_all().to_pylist()
    }

    # Nobody says who paid; whether all authors share a country says nothing of a group.
    assert told["country"] == (None, 0.0, 0.0)
    assert told["group"] == (None, None, 0.0)


def test_what_rows_are_joined_from_is_forgotten() -> None:
    con = random_world(30, seed=3).build(UNIT_CELLS)
    before = con.con.execute("SELECT table_name FROM information_schema.tables").fetchall()
    field_sums.field_sums(con, STEP).read_all()

    assert con.con.execute("SELECT table_name FROM information_schema.tables").fetchall() == before


def test_rows_are_numbered_as_they_are_seen_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_sums, "FIRST_ROOM", 2)
    numbered = Numbered(2)
    rows = [[5, 1], [1, 5], [5, 1], [0, 0], [-1, 7], [1, 5], [2, 2]]

    assert numbered.numbers(np.array(rows, np.int32)).tolist() == [0, 1, 0, 2, 3, 1, 4]
    assert numbered.numbers(np.array([[2, 2], [9, 9]], np.int32)).tolist() == [4, 5]
    assert numbered.rows[: numbered.n].tolist() == [[5, 1], [1, 5], [0, 0], [-1, 7], [2, 2], [9, 9]]


def test_codes_are_given_once_and_stand_in_the_order_of_the_alphabet() -> None:
    coded = Coded()

    assert coded.codes(pa.array(["b", "é", "b"])).tolist() == [0, 1, 0]
    assert coded.codes(pa.array(["a", "é", "Z"])).tolist() == [2, 1, 3]
    assert coded.ranks().tolist() == [2, 3, 1, 0]
    assert coded.taken(np.array([3, 0], np.int32), pa.string()).to_pylist() == ["Z", "b"]
