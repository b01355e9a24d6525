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
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.lake.layout import Lake, discard, disk_errors, publish, taking_turns, workplace
from fourseas.lake.ledger import sha256_of_texts

SIGNS_OF_HASH = 12

ROWS_OF_GROUP = 20_480
"""Rows that are read together: few, since a question is of few of them."""


def path_of(lake: Lake, version: str, *marks: str) -> Path:
    """Return where rows of a version are kept; marks say of what and in which form."""
    return lake.search / f"{version}-{sha256_of_texts([*marks])[:SIGNS_OF_HASH]}"


def opened(con: Backend, path: Path, name: str) -> ir.Table | None:
    """Return rows that are kept as a table of a name, or None where there are none."""
    files = sorted(path.glob("*.parquet"))
    return engine.stored(con, files, name) if files else None


def read_from(path: Path) -> ds.Dataset:
    """Return the files of rows that are kept, from which rows are read many times.

    What each group of rows holds is learned from a file once: it was half of what reading took.
    """
    return ds.dataset([str(file) for file in sorted(path.glob("*.parquet"))])


def rows_of(
    kept: ds.Dataset, wanted: Mapping[str, tuple[str | int, ...]], columns: Iterable[str]
) -> pa.Table:
    """Return the rows that are kept and have one of some values in each of some columns."""
    first, *others = (
        pc.field(name).isin(pa.array(values, kept.schema.field(name).type))
        for name, values in wanted.items()
    )
    for other in others:
        first &= other
    return kept.to_table(columns=[*columns], filter=first)


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
