"""Rows of a version in another order, made when they are first needed, which stay with the lake.

What a page asks of a few organizations lies all over a table in the order of works. Beside the
version the same rows lie in the order in which they are asked for: a question reads a few groups
of them, however many works there are. What every question needs, such as the profiles of all
organizations, lies there summed up, as a few tables that are read whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend
from numpy.typing import NDArray

from fourseas.lake import engine
from fourseas.lake.layout import Lake, discard, disk_errors, publish, taking_turns, workplace
from fourseas.lake.ledger import sha256_of_texts

SIGNS_OF_HASH = 12

Wanted = Mapping[str, tuple[str | int, ...]]
"""Columns, and the values of which a row has one."""

ROWS_OF_GROUP = 20_480
"""Rows that are read together: few, since a question is of few of them."""


def path_of(lake: Lake, version: str, *marks: str) -> Path:
    """Return where rows of a version are kept; marks say of what and in which form."""
    return lake.search / f"{version}-{sha256_of_texts([*marks])[:SIGNS_OF_HASH]}"


def opened(con: Backend, path: Path, name: str) -> ir.Table | None:
    """Return rows that are kept as a table of a name, or None where there are none."""
    files = sorted(path.glob("*.parquet"))
    return engine.stored(con, files, name) if files else None


Ends = tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of the rows of a file, of which those are read that may hold what is asked for.

    Attributes
    ----------
    file, head
        The file, and what it says of its groups.
    ends
        Of a column in each group the least and greatest value, whether they are told, and whether
        there may be others; learned when it is first asked for, shape (groups,) each.
    """

    file: Path
    head: pq.FileMetaData
    ends: dict[str, Ends] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path) -> Groups:
        """Return the groups of a file."""
        return cls(file, pq.read_metadata(file))

    def holding(self, wanted: Wanted) -> list[int]:
        """Return the groups that may hold rows with one of some values in each of some columns."""
        is_held = np.ones(self.head.num_row_groups, dtype=bool)
        if not len(is_held):
            return []
        for name, values in wanted.items():
            least, greatest, is_told, is_silent = self._ends_of(name)
            is_between = np.zeros_like(is_held)
            for value in values:
                is_between |= (least <= value) & (value <= greatest)
            is_held &= (is_told & is_between) | is_silent
        found: list[int] = np.flatnonzero(is_held).tolist()
        return found

    def _ends_of(self, name: str) -> Ends:
        if name not in self.ends:
            place = self.head.schema.names.index(name)
            groups = [self.head.row_group(i) for i in range(self.head.num_row_groups)]
            told = [one.column(place).statistics for one in groups]
            ends = [(one.min, one.max) if one and one.has_min_max else None for one in told]
            # What stands for ends where there are none is looked at by nobody.
            some = next((one for one in ends if one is not None), ("", ""))
            least = np.array([(one or some)[0] for one in ends])
            greatest = np.array([(one or some)[1] for one in ends])
            is_told = np.array([one is not None for one in ends])
            # A group of nulls alone has no ends either, and holds nothing that is asked for.
            has_values = np.array([one is None or one.num_values > 0 for one in told])
            self.ends[name] = least, greatest, is_told, has_values & ~is_told
        return self.ends[name]


def groups_of(path: Path) -> tuple[Groups, ...]:
    """Return the files of rows that are kept, from which rows are read many times."""
    return tuple(Groups.of(file) for file in sorted(path.glob("*.parquet")))


def rows_of(kept: tuple[Groups, ...], wanted: Wanted, columns: Iterable[str]) -> pa.Table:
    """Return the rows that are kept and have one of some values in each of some columns.

    Values are texts or whole numbers, and there is a file at least. A group that is read is decoded
    whole: what is asked for should lie together, in the order of the rows.
    """
    shown = [*columns]
    schema = kept[0].head.schema.to_arrow_schema()
    read = [*dict.fromkeys([*shown, *wanted])]
    parts = [schema.empty_table().select(read)]
    for one in kept:
        groups = one.holding(wanted)
        if groups:
            opened = pq.ParquetFile(one.file, metadata=one.head)
            parts.append(opened.read_row_groups(groups, columns=read))
    whole = pa.concat_tables(parts)
    for name, values in wanted.items():
        whole = whole.filter(pc.is_in(whole[name], pa.array(values, schema.field(name).type)))
    return whole.select(shown)


def keep(
    lake: Lake, path: Path, portions: Iterable[ir.Table], *, rows_of_group: int = ROWS_OF_GROUP
) -> None:
    """Write portions of a table, each in its order, and put them in their place together.

    Raises
    ------
    LakeError
        If the disk is full or closed to us.
    """
    with _drafted(lake, path) as draft:
        for place, portion in enumerate(portions):
            _write(portion, draft / f"{place:04d}.parquet", rows_of_group)


def tables(path: Path) -> dict[str, pa.Table] | None:
    """Return the tables that are kept together, by name, or None where there are none."""
    files = sorted(path.glob("*.parquet"))
    return {file.stem: pq.read_table(file, partitioning=None) for file in files} or None


def keep_tables(lake: Lake, path: Path, named: Mapping[str, pa.Table]) -> None:
    """Write tables, each in its order, and put them in their place together.

    Raises
    ------
    LakeError
        If the disk is full or closed to us.
    """
    with _drafted(lake, path) as draft:
        for name, table in named.items():
            pq.write_table(table, draft / f"{name}.parquet", compression="zstd")


@contextmanager
def _drafted(lake: Lake, path: Path) -> Iterator[Path]:
    """Open a folder for files that are put in their place together when all are written."""
    draft = workplace(lake)
    with disk_errors(lake.search):
        draft.mkdir(parents=True)
        try:
            yield draft
            # Others wait for their turn while it is put there, not while it is made.
            with taking_turns(lake.search):
                if not path.is_dir():
                    publish(draft, path)
                clear(lake)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def clear(lake: Lake) -> None:
    """Remove what was kept of versions that are gone."""
    there = {version.name for version in lake.complete_versions()}
    for path in lake.search.iterdir():
        if path.is_dir() and path.name.partition("-")[0] not in there:
            discard(lake, path)


def _write(portion: ir.Table, path: Path, rows_of_group: int) -> None:
    schema = portion.schema().to_pyarrow()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in engine.batches(portion, rows_of_group):
            writer.write_batch(batch.cast(schema), row_group_size=rows_of_group)
