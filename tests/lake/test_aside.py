"""Rows that are kept beside a version: those groups are read that may hold what is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourseas.lake import aside

N_ROWS = 3_000
COLUMNS = ("code", "year", "n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write rows of two files in the order of a code, some codes and years missing."""
    place = tmp_path_factory.mktemp("kept")
    rng = np.random.default_rng(4)
    for name, codes in (("0000", ("AD", "BR", "DE", None)), ("0001", ("CN", "ZZ", "Ö", None))):
        rows = pa.table(
            {
                "code": pa.array(rng.choice(np.array(codes, dtype=object), N_ROWS)),
                "year": pa.array(
                    rng.integers(1990, 2020, N_ROWS), pa.int16(), mask=rng.random(N_ROWS) < 0.1
                ),
                "n": pa.array(rng.random(N_ROWS)),
                "never": pa.nulls(N_ROWS, pa.string()),
            }
        )
        pq.write_table(rows.sort_by("code"), place / f"{name}.parquet", row_group_size=100)
    return place


@pytest.mark.parametrize(
    "wanted",
    [
        {"code": ("BR",)},
        {"code": ("BR", "CN", "Ö"), "year": (1999, 2001)},
        {"code": ("ZZ",), "year": ()},
        {"code": ("BB",)},
        {"year": (1889,)},
        {"never": ("BR",)},
        {"year": (2010,), "code": ("AD", "AD")},
    ],
    ids=["one", "some", "no value", "between others", "before all", "none there", "twice"],
)
def test_rows_are_those_that_reading_all_of_them_finds(
    folder: Path, wanted: dict[str, tuple[str | int, ...]]
) -> None:
    every = pq.read_table(folder).to_pylist()
    expected = [
        {name: row[name] for name in COLUMNS}
        for row in every
        if all(row[name] in values for name, values in wanted.items())
    ]

    assert aside.rows_of(aside.groups_of(folder), wanted, COLUMNS).to_pylist() == expected


def test_groups_that_cannot_hold_what_is_asked_for_are_left_alone(folder: Path) -> None:
    first, second = aside.groups_of(folder)

    held = first.holding({"code": ("DE",)})

    n_rows = sum(row["code"] == "DE" for row in pq.read_table(first.file).to_pylist())
    assert len(held) <= n_rows // 100 + 2
    assert second.holding({"code": ("AA",)}) == second.holding({"never": ("DE",)}) == []


def test_groups_of_which_nothing_is_told_are_read(tmp_path: Path) -> None:
    rows = pa.table({"code": ["AD", "BR"], "n": [1, 2]})
    pq.write_table(rows, tmp_path / "0000.parquet", write_statistics=False)

    found = aside.rows_of(aside.groups_of(tmp_path), {"code": ("BR",)}, ["n"])

    assert found.to_pylist() == [{"n": 2}]


def test_of_no_rows_none_are_read(tmp_path: Path) -> None:
    rows = pa.table({"code": pa.array([], pa.string()), "n": pa.array([], pa.int64())})
    pq.write_table(rows, tmp_path / "0000.parquet")

    found = aside.rows_of(aside.groups_of(tmp_path), {"code": ("BR",)}, ["n"])

    assert found.num_rows == 0
    assert found.column_names == ["n"]
