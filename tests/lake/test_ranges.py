"""Tables of many ids, computed one range of ids after another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
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
from fourseas.lake.recipe import expression
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


def _computed(con: Backend) -> Callable[[Step, Path], int]:
    return lambda step, path: engine.write(con, expression(step), path)


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
    n_rows = ranges.write(con, STEP, ranges.divided(1, N_WORKS, "work_id", 7), path, _computed(con))
    written = pq.read_table(path)

    assert n_rows == N_WORKS
    assert written["work_id"].to_pylist() == list(range(1, N_WORKS + 1))
    assert set(written["n"].to_pylist()) == {N_ADDRESSES}
    assert not list((tmp_path / "aside").iterdir())


def test_ranges_of_no_row_make_an_empty_table(con: Backend, tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"

    assert (
        ranges.write(con, STEP, ranges.divided(5000, 5010, "work_id", 2), path, _computed(con)) == 0
    )
    assert pq.read_schema(path).names == ["work_id", "n"]


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(
    con: Backend, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "counts.parquet"

    with pytest.raises(LakeError, match="nowhere"):
        ranges.write(con, STEP, ranges.divided(1, N_WORKS, "work_id", 2), path, _computed(con))
    assert not list((tmp_path / "aside").iterdir())


WORKS = TableSpec(
    name="works",
    grain="one row per work",
    key=("work_id",),
    columns=(OF_WORK, Column("year", "int16", "year", "Its year.", nullable=True)),
)
PUBLISHED = TableSpec(
    name="published_years",
    grain="one row per year and place",
    key=("place", "year"),
    columns=(
        Column("place", "int32", "count", "The place."),
        Column("year", "int16", "year", "The year."),
        Column("n", "int64", "count", "Addresses there."),
    ),
)
YEARS = TableSpec(name="years", grain=PUBLISHED.grain, key=PUBLISHED.key, columns=PUBLISHED.columns)


def years(works: ir.Table, addresses: ir.Table, published_years: ir.Table) -> ir.Table:
    """Count the addresses of each place and year, and add what is published."""
    dated = addresses.inner_join(works.filter(works.year.notnull()), "work_id")
    known = dated.group_by("place", "year").agg(n=dated.count())
    return known.select("place", "year", "n").union(published_years)


BY_YEAR = Step(compute=years, reads=(WORKS, ADDRESSES, PUBLISHED), writes=YEARS, apart=("year",))
"""Addresses have no year of their own: they go with their works."""


@pytest.fixture
def dated(con: Backend) -> Backend:
    """Return the engine with a year for each work, nine in ten of them the last."""
    numbers = range(1, N_WORKS + 1)
    of_works = [None if i == 1 else 1990 + i if i <= 100 else 2200 for i in numbers]
    works = {"work_id": pa.array(numbers, pa.int32()), "year": pa.array(of_works, pa.int16())}
    engine.hold(con, pa.table(works), WORKS.name)
    published = {
        "place": pa.array([7, 8], pa.int32()),
        "year": pa.array([1850, 2200], pa.int16()),
        "n": pa.array([70, 80], pa.int64()),
    }
    engine.hold(con, pa.table(published), PUBLISHED.name)
    return con


def test_years_are_packed_so_that_no_range_has_too_many_rows_but_one_year() -> None:
    rows = [(1990, 10), (1991, 20), (1995, 30), (1996, 500), (1997, 1), (1998, 2)]

    assert ranges.packed(rows, 10) == (
        Range("year", 1990, 1991),
        Range("year", 1995, 1995),
        Range("year", 1996, 1996),
        Range("year", 1997, 1998),
    )
    assert ranges.packed(rows, 1) == (Range("year", 1990, 1998),)
    assert ranges.packed([], 3) == ()


def test_every_year_that_any_table_has_is_in_one_range(
    dated: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ranges.ranges(dated, BY_YEAR) == ()
    # Works, what is published, and addresses, which go along: 4,002 rows of 100,000 bytes.
    monkeypatch.setattr(ranges, "BYTES_OF_SUMMED_ROW", 100_000)
    found = ranges.ranges(dated, BY_YEAR)

    assert (found[0].first, found[-1].last) == (1850, 2200)
    assert found[-1] == Range("year", 2200, 2200)
    assert all(one.last < other.first for one, other in pairwise(found))


def test_ranges_of_years_make_up_the_table(dated: Backend, tmp_path: Path) -> None:
    parts = ranges.packed([(1850, 1), *((year, 1) for year in range(1992, 2091)), (2200, 900)], 30)
    whole, path = tmp_path / "whole.parquet", tmp_path / "years.parquet"
    engine.write(dated, expression(BY_YEAR), whole)
    n_rows = ranges.write(dated, BY_YEAR, parts, path, _computed(dated))

    assert n_rows == 3 * 100 + 2
    assert pq.read_table(path).equals(pq.read_table(whole))
    # One at a time, and nothing is left in the session or on the disk.
    assert len(parts) > 2
    tables = dated.con.execute("SELECT table_name FROM information_schema.tables").fetchall()
    assert sorted(name for (name,) in tables) == [
        "addresses",
        "published_years",
        "ranges_of_years",
        "works",
    ]
    assert not list((tmp_path / "aside").iterdir())


def test_a_range_of_years_reads_what_belongs_to_its_works(dated: Backend) -> None:
    step = ranges.of_range(dated, BY_YEAR, Range("year", 1992, 1993))
    works, addresses, published = (dated.table(spec.name).to_pyarrow() for spec in step.reads)

    assert works["year"].to_pylist() == [1992, 1993]
    assert sorted({*addresses["work_id"].to_pylist()}) == works["work_id"].to_pylist() == [2, 3]
    assert addresses.num_rows == 2 * N_ADDRESSES
    assert published.num_rows == 0
