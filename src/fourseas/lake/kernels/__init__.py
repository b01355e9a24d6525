"""Kernels: other ways to compute the tables of some steps, where the engine's own is slow.

A kernel stands beside a step and writes the same table. It is listed only where
`make bench STAGE=flows` shows that it takes at most half of the engine's time, and a test builds
both tables and compares all rows. Whatever a definition decides stays in the step: a kernel
begins from the `parts` of its step, which are Ibis tables like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.schema.facts import WORK_CITATIONS
from fourseas.schema.flows import FLOW_CELLS
from fourseas.schema.step import Step

Compute = Callable[[Backend, Step], pa.RecordBatchReader]
"""From an engine that knows the tables which the step reads by their names, each in the order of
its key, to the rows of the table that the step writes: its columns, in the order of its key. The
rows may be read while nothing else is asked of the engine, once."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Another way to compute the table of a step.

    Attributes
    ----------
    version
        Raised when the kernel may return other numbers: versions of a lake are told apart by it.
    compute
        What every kernel is: see `Compute`.
    """

    version: int
    compute: Compute


def _flow_cells(con: Backend, step: Step) -> pa.RecordBatchReader:
    from fourseas.lake.kernels.flow_cells import flow_cells

    return flow_cells(con, step)


def _work_citations(con: Backend, step: Step) -> pa.RecordBatchReader:
    from fourseas.lake.kernels.work_citations import work_citations

    return work_citations(con, step)


KERNELS: Mapping[str, Kernel] = {
    FLOW_CELLS.name: Kernel(1, _flow_cells),
    WORK_CITATIONS.name: Kernel(1, _work_citations),
}
"""Table to the kernel that computes it."""
