"""Engines: what computes the tables of a version, each from files and into one file.

DuckDB does so unless another is asked for; `lake.spark` is for what one machine is too small for.
Whichever it is, DuckDB checks what was written, so that a version promises the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
from ibis.backends.duckdb import Backend

from fourseas.lake import engine, ranges
from fourseas.lake.recipe import Assembly, expression
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec


class Engine(Protocol):
    """What computes the tables of a version."""

    @property
    def version(self) -> str:
        """Its name and version, as the ledger keeps them of each table."""

    def read(self, name: str, spec: TableSpec, paths: Sequence[Path]) -> None:
        """Let steps find the rows of Parquet files, of which there may be none, by a name."""

    def write(self, step: Step, path: Path) -> int:
        """Compute the table of a step into one Parquet file, by its key; return how many rows."""


Start = Callable[[Assembly, Backend], AbstractContextManager[Engine]]
"""How to start an engine for what is to be built, beside the DuckDB that checks it."""


DUCKDB = f"DuckDB {duckdb.__version__}"


@dataclass(frozen=True, slots=True)
class DuckDB:
    """The engine that also checks: it computes in this process, by a kernel where one is listed."""

    assembly: Assembly
    con: Backend
    version: str = DUCKDB

    def read(self, name: str, spec: TableSpec, paths: Sequence[Path]) -> None:
        """Let steps find the rows of Parquet files by a name."""
        if paths:
            engine.stored(self.con, paths, name)
        else:
            self.con.create_table(name, schema=spec.ibis_schema, temp=True)

    def write(self, step: Step, path: Path) -> int:
        """Compute the table of a step into a Parquet file, in the order of its key."""
        parts = ranges.ranges(self.con, step)
        if parts:
            return ranges.write(self.con, step, parts, path, self._computed)
        return self._computed(step, path)

    def _computed(self, step: Step, path: Path) -> int:
        """Compute the table of a step at once."""
        kernel = self.assembly.kernels.get(step.writes.name)
        if kernel is None:
            return engine.write(self.con, expression(step), path)
        rows = kernel.compute(self.con, step)
        return engine.write_rows(self.con, rows, step.writes, path)


@contextmanager
def on_duckdb(assembly: Assembly, con: Backend) -> Iterator[Engine]:
    """Compute on DuckDB."""
    yield DuckDB(assembly, con)
