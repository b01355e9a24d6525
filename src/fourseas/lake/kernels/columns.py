"""Columns of tables of an engine as arrays, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from fourseas.schema.step import Step

ROWS_OF_BATCH = 2**20

Ints = npt.NDArray[np.int32]


def parts_of(con: Backend, step: Step) -> Mapping[str, ir.Table]:
    """Return the tables that a kernel of a step begins from."""
    assert step.parts is not None, f"{step.writes.name} does not say what a kernel begins from"
    return step.parts(*(con.table(spec.name) for spec in step.reads))


def batches(con: Backend, table: ir.Table) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table, batch by batch."""
    yield from con.con.execute(con.compile(table)).to_arrow_reader(ROWS_OF_BATCH)


def whole(batch: pa.RecordBatch, name: str) -> Ints:
    """Return a column of whole numbers, never null, of at most 32 bits."""
    return np.asarray(batch.column(name).to_numpy(zero_copy_only=False), np.int32)


def shares(batch: pa.RecordBatch, name: str) -> npt.NDArray[np.float64]:
    """Return a column of credits or weights, never null."""
    return np.asarray(batch.column(name).to_numpy(zero_copy_only=False), np.float64)


def flags(batch: pa.RecordBatch, name: str) -> npt.NDArray[np.bool_]:
    """Return a column of truths, never null."""
    return np.asarray(batch.column(name).to_numpy(zero_copy_only=False), np.bool_)


def codes(batch: pa.RecordBatch, name: str, values: Sequence[str]) -> Ints:
    """Return the places of a column's texts among values; -1 for any other."""
    found = pc.index_in(batch.column(name), value_set=pa.array(values, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), np.int32)


def distinct(con: Backend, table: ir.Table, *names: str) -> list[tuple[str, ...]]:
    """Return the rows of columns, each once, in ascending order."""
    rows = con.to_pyarrow(table.select(*names).distinct()).to_pylist()
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


def greatest(con: Backend, table: ir.Table, name: str) -> int:
    """Return the greatest number of a column, -1 where it has no rows."""
    return int(con.to_pyarrow(table[name].max().fill_null(-1)).as_py())
