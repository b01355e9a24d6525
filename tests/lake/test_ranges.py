"""Tables of many ids, computed one range of ids after another."""

from __future__ import annotations

from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend

from fourseas.errors import LakeError
from fourseas.lake import engine, ranges
from fourseas.lake.ranges import Range
from fourseas.schema.step import Step
from fourseas.schema.table import Column, TableSpec

OF_WORK = Column("work_id", "int32", "id", "The work.")
ADDRESSES = TableSpec(
    name="addresses",
    grain="one row per address",
    key=("work_id", "place"),
    columns=(OF_WORK, Column("place", "int32", "count", "Its place.")),
)
COUNTS = TableSpec(
    name="counts",
    grain="one row per work",
    key=("work_id",),
    columns=(OF_WORK, Column("n", "int64", "count", "Its addresses.")),
)
N_WORKS, N_ADDRESSES = 1000, 3


def counts(addresses: ir.Table) -> ir.Table:
    """Count the addresses of each work."""
    return addresses.group_by("work_id").agg(n=addresses.count())


STEP = Step(compute=counts, reads=(ADDRESSES,), writes=COUNTS, apart=("work_id",))


@pytest.fixture
def con(tmp_path: Path) -> Backend:
    """Return an engine of 100 MB that holds addresses of works 1 to 1000, in no order."""
    con = ibis.duckdb.connect(memory_limit="100MB", temp_directory=str(tmp_path / "aside"))
    works = [1 + (7 * i) % N_WORKS for i in range(N_WORKS) for _ in range(N_ADDRESSES)]
    places = list(range(N_ADDRESSES)) * N_WORKS
    rows = pa.table({"work_id": pa.array(works, pa.int32()), "place": pa.array(places, pa.int32())})
    engine.hold(con, rows, ADDRESSES.name)
    return con


@pytest.mark.parametrize("n_ranges", [1, 2, 3, 7, 10, 11, 1000])
def test_ranges_hold_every_id_once(n_ranges: int) -> None:
    parts = ranges.divided(5, 14, "work_id", n_ranges)
    ids = [one for part in parts for one in range(part.first, part.last + 1)]

    assert ids == list(range(5, 15))
    assert len(parts) <= n_ranges


def test_what_fits_memory_is_not_divided(con: Backend) -> None:
    assert ranges.ranges(con, STEP) == ()


def test_what_does_not_is_divided_by_what_its_rows_take(
    con: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 3,000 rows of 90 kB are 270 MB: not quite three times what the engine may use.
    monkeypatch.setattr(ranges, "BYTES_OF_ROW", 90_000)

    assert ranges.ranges(con, STEP) == (
        Range("work_id", 1, 334),
        Range("work_id", 335, 668),
        Range("work_id", 669, 1000),
    )


def test_a_step_whose_ids_may_meet_is_never_divided(
    con: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "BYTES_OF_ROW", 10**9)
    meeting = Step(compute=counts, reads=(ADDRESSES,), writes=COUNTS)

    assert ranges.ranges(con, meeting) == ()


def test_a_table_without_any_id_is_not_divided(
    con: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "BYTES_OF_ROW", 10**9)
    rows = pa.table({"work_id": pa.array([None, None], pa.int32())})

    assert ranges.fitting(con, [engine.hold(con, rows, "nobody")], "work_id", 10**9) == ()


def test_ranges_are_written_in_their_order_and_leave_nothing(con: Backend, tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"
    n_rows = ranges.write(con, STEP, ranges.divided(1, N_WORKS, "work_id", 7), path)
    written = pq.read_table(path)

    assert n_rows == N_WORKS
    assert written["work_id"].to_pylist() == list(range(1, N_WORKS + 1))
    assert set(written["n"].to_pylist()) == {N_ADDRESSES}
    assert not list((tmp_path / "aside").iterdir())


def test_ranges_of_no_row_make_an_empty_table(con: Backend, tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"

    assert ranges.write(con, STEP, ranges.divided(5000, 5010, "work_id", 2), path) == 0
    assert pq.read_schema(path).names == ["work_id", "n"]


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(
    con: Backend, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "counts.parquet"

    with pytest.raises(LakeError, match="nowhere"):
        ranges.write(con, STEP, ranges.divided(1, N_WORKS, "work_id", 2), path)
    assert not list((tmp_path / "aside").iterdir())


PLACES = TableSpec(
    name="places",
    grain="one row per place",
    key=("place",),
    columns=(
        Column("place", "int32", "count", "The place."),
        Column("n", "int64", "count", "Addresses there.", nullable=True),
    ),
)
PUBLISHED = TableSpec(
    name="published_places", grain=PLACES.grain, key=PLACES.key, columns=PLACES.columns
)


def places(addresses: ir.Table, published_places: ir.Table) -> ir.Table:
    """Count the addresses of each place, and add what is published."""
    known = addresses.group_by("place").agg(n=addresses.work_id.cast("int64").sum())
    return known.select("place", "n").union(published_places)


SUMS = Step(
    compute=places,
    reads=(ADDRESSES, PUBLISHED),
    writes=PLACES,
    added="work_id",
    beside=(PUBLISHED,),
)


def test_sums_over_ranges_are_added_up_and_what_stands_beside_them_is_taken_once(
    con: Backend, tmp_path: Path
) -> None:
    published = pa.table(
        {"place": pa.array([7, 8], pa.int32()), "n": pa.array([70, None], pa.int64())}
    )
    engine.hold(con, published, PUBLISHED.name)
    path = tmp_path / "places.parquet"
    ranges.write(con, SUMS, ranges.divided(1, N_WORKS, "work_id", 7), path)
    written = pq.read_table(path)
    whole = N_WORKS * (N_WORKS + 1) // 2

    assert written["place"].to_pylist() == [0, 1, 2, 7, 8]
    assert written["n"].to_pylist() == [whole, whole, whole, 70, None]


def test_sums_are_divided_by_what_their_rows_take(
    con: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.hold(con, pa.table({"place": [1], "n": [1]}), PUBLISHED.name)
    monkeypatch.setattr(ranges, "BYTES_OF_ADDED_ROW", 90_000)

    assert len(ranges.ranges(con, SUMS)) == 3
