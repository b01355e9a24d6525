"""Rows of records that count, against a join of the whole key written out by hand."""

from __future__ import annotations

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.link.of_works import of_works

REGISTERS = ("crossref", "openalex")
PARTS = ("a", "b", "c")

keys = st.tuples(st.sampled_from(REGISTERS), st.sampled_from(PARTS), st.integers(1, 4))


@settings(max_examples=30)
@given(st.lists(keys, unique=True, max_size=9), st.lists(keys, max_size=12))
def test_rows_find_their_work_by_register_part_and_place(
    counting: list[tuple[str, str, int]], found: list[tuple[str, str, int]]
) -> None:
    con = ibis.duckdb.connect()
    numbers = {key: number for number, key in enumerate(counting)}
    works = [(*key, number) for key, number in numbers.items()]
    rows = [(*key, place) for place, key in enumerate(found)]
    names = ("register", "part_key", "record")
    types = (pa.string(), pa.string(), pa.int64(), pa.int32())
    records, staged = (
        con.create_table(
            name,
            pa.table(
                {
                    column: pa.array([row[i] for row in of_table], dtype)
                    for i, (column, dtype) in enumerate(zip((*names, last), types, strict=True))
                }
            ),
        )
        for name, last, of_table in (("records", "work_id", works), ("staged", "place", rows))
    )

    kept = of_works(staged, records).to_pyarrow().to_pylist()

    expected = sorted((place, numbers[key]) for place, key in enumerate(found) if key in numbers)
    assert sorted((row["place"], row["work_id"]) for row in kept) == expected
    con.disconnect()
