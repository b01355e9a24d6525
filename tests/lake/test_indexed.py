"""Rows found by the value of a column, against the engine's own answer."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourseas.lake.indexed import Indexed, frame

UNITS = ("BR", "CN", "", "'; drop table x; --", "\ud7ff%_", "BR ")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "unit_id": st.sampled_from(UNITS),
            "year": st.none() | st.integers(1990, 2030),
            "share": st.none() | st.floats(0, 1),
            "is_provisional": st.none() | st.booleans(),
            "reason": st.none() | st.sampled_from(UNITS),
        }
    )
)
SCHEMA = pa.schema(
    {
        "unit_id": pa.string(),
        "year": pa.int64(),
        "share": pa.float64(),
        "is_provisional": pa.bool_(),
        "reason": pa.string(),
    }
)


@given(ROWS, st.lists(st.sampled_from((*UNITS, "XX"))))
def test_rows_of_some_values_stand_in_the_order_of_all(
    given_rows: list[dict[str, object]], wanted: list[str]
) -> None:
    table = pa.Table.from_pylist(given_rows, schema=SCHEMA)

    found = Indexed.by("unit_id", table).of(wanted)

    assert found.schema == SCHEMA
    assert found.to_pylist() == [row for row in given_rows if row["unit_id"] in wanted]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_frame_of_rows_is_that_of_the_engine(at: int) -> None:
    full = {"unit_id": "BR", "year": 2020, "share": 0.5, "is_provisional": True, "reason": "few"}
    empty = {**dict.fromkeys(full), "unit_id": "CN"}
    rows = pa.Table.from_pylist([full, empty, full][:at], schema=SCHEMA)

    pd.testing.assert_frame_equal(frame(rows), ibis.memtable(rows).to_pandas())


def test_rows_of_more_than_one_chunk_are_found() -> None:
    chunks = [pa.table({"unit_id": [unit], "at": [at]}) for at, unit in enumerate("ABAB")]

    found = Indexed.by("unit_id", pa.concat_tables(chunks)).of(["B"])

    assert found.to_pylist() == [{"unit_id": "B", "at": 1}, {"unit_id": "B", "at": 3}]
