"""A kernel takes the place of the engine in a build, and its table is checked like any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from fourseas.catalog import STEPS
from fourseas.errors import TableError
from fourseas.lake.kernels import KERNELS, Kernel
from fourseas.lake.layout import Lake
from fourseas.schema.step import Step
from tests.lake import small
from tests.lake.small import RECIPE, make


@pytest.fixture
def lake(settled: Lake, tmp_path: Path) -> Lake:
    """Return a lake that was built once."""
    return small.copy_of(settled, tmp_path / "lake")


def counted(con: Backend, step: Step) -> pa.RecordBatchReader:
    """Count trees by kind without the step, in narrower types than declared."""
    kinds = con.table("trees").kind.to_pyarrow().to_pylist()
    names = sorted({*kinds})
    counts = pa.array([kinds.count(name) for name in names], pa.int32())
    assert step.writes.name == "grove_cells"
    return pa.table({"kind": names, "n": counts}).to_reader()


def doubled(con: Backend, step: Step) -> pa.RecordBatchReader:
    """Return every row twice."""
    rows = counted(con, step).read_all()
    return pa.concat_tables([rows, rows]).to_reader()


def test_the_table_of_a_kernel_is_written_in_the_types_that_are_declared(lake: Lake) -> None:
    make(lake, replace(RECIPE, kernels={"grove_cells": Kernel(1, counted)}))

    assert small.current_rows(lake)["grove_cells"] == [
        {"kind": "fir", "n": 1},
        {"kind": "oak", "n": 2},
        {"kind": "unknown", "n": 1},
    ]


def test_the_table_of_a_kernel_is_checked(lake: Lake) -> None:
    with pytest.raises(TableError, match="in the order of the key"):
        make(lake, replace(RECIPE, kernels={"grove_cells": Kernel(1, doubled)}))


def test_another_version_of_a_kernel_makes_another_version_of_the_lake(lake: Lake) -> None:
    versions = [
        make(lake, replace(RECIPE, kernels=kernels)).version
        for kernels in (
            {"grove_cells": Kernel(1, counted)},
            {"grove_cells": Kernel(2, counted)},
            {"grove_cells": Kernel(1, counted)},
        )
    ]

    assert versions == ["000002", "000003", "000002"]


def test_a_kernel_stands_beside_a_step_that_says_what_it_begins_from() -> None:
    steps = {step.writes.name: step for step in STEPS}

    assert set(KERNELS) <= set(steps)
    assert [name for name in KERNELS if steps[name].parts is None] == []
