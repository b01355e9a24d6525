"""DuckDB behind Ibis: its settings, and the few statements that read and write files.

Paths become literals here and nowhere else: DuckDB takes `*`, `?` and `[` in them for patterns,
and directories such as `updated_date=2023-05-16` for columns, unless it is told otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot as sg
from ibis.backends.duckdb import Backend

from fourseas.errors import LakeError, TableError
from fourseas.lake.layout import Lake, disk_errors, workplace
from fourseas.schema.table import TableSpec, arrow_schema, conform

JsonForm = Literal["array", "newline_delimited", "unstructured"]
"""All records in one array, one in each line, or one on any number of lines."""

INVENTED = re.compile(r"\bibis_[a-z_]+_[a-z0-9]{20,}\b")
"""Names that Ibis invents anew each time, for what it unnests."""

EXCLUDED = re.compile(r"(?<=EXCLUDE \()[^()]*(?=\))")
"""Columns that a selection leaves out, which each process of Ibis names in another order."""

FAULTS_OF_FILES = (duckdb.DataError, duckdb.InvalidInputException, duckdb.IOException)
"""What the engine raises at a file that is not what it should be."""

UNREADABLE = re.compile(r'Failed to read file "(?P<path>[^"]+)": (?P<reason>[^\n]*)')
"""How the engine names a file that turns out to be damaged while it is read."""

MEMORY_SHARE = 0.6
"""Part of the machine's memory that the engine may use when nothing is set. DuckDB overshoots
its limit by up to 45% (700 MB allowed, 1,007 MB measured)."""

MEGABYTES_OF_READER = 150
"""What the engine may use for each part that is read at a time, as long as that suffices; it spills
to the disk beyond. Ten parts of 100,000 works, two at once, take 0.73 GB of resident memory, of
which 0.2 are Python and its libraries, and one of 400,000 works 0.71 GB."""

MEGABYTES_ALONE = 300
"""The same where a part for which that did not suffice is read alone."""

LEAST_READERS = 2

MEMORY_LIMIT = re.compile(r"/(\d[^/]*) used\)")
"""Where the engine says how much of its memory is used."""

ROWS_OF_GROUP = 122_880
"""Rows of a table that lie together. Of 27 million works 25 are found by their numbers five times
as fast as where 500,000 lie together; to scan them takes as long, and twice where 20,480 do."""

OBJECT_BYTES = (2**24, 2**26, 2**28)
"""Greatest JSON record: tried in turn, since DuckDB sets aside twice as much for each thread
(120,000 records of 8 kB took 285 MB with 2**25, and 917 MB with 2**28)."""

KEYS_OF_RECORDS = """
SELECT DISTINCT unnest(json_keys(json)) FROM (
    SELECT json FROM read_json_objects(
        ?, format = ?, compression = ?, maximum_object_size = ?, hive_partitioning = false
    ) LIMIT ?
)
"""

KEYS_OF_ITEMS = """
SELECT DISTINCT unnest(json_keys(item)) FROM (
    SELECT unnest(from_json(json->'items', '["JSON"]')) AS item FROM read_json_objects(
        ?, format = 'unstructured', compression = ?, maximum_object_size = ?,
        hive_partitioning = false
    ) LIMIT ?
)
"""


def connect(lake: Lake, memory: str | None = None) -> Backend:
    """Return an engine of its own that keeps to the lake's settings and fetches nothing."""
    return ibis.duckdb.connect(**settings(lake, memory))


def connect_for_readers(lake: Lake, memory: str) -> Backend:
    """Return an engine of which each session computes in the thread that asks it, and no other.

    With two threads, one waits for the other without rest while a step has work for one alone:
    100,000 works took 6.9 CPU seconds where one thread takes 4.5, and no less time.
    """
    return ibis.duckdb.connect(**settings(lake, memory) | {"threads": 1})


def settings(lake: Lake, memory: str | None = None) -> dict[str, str | int | bool]:
    """Return what an engine keeps to."""
    return {
        "memory_limit": memory or memory_limit(lake),
        "threads": threads(lake),
        "temp_directory": str(workplace(lake)),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def threads(lake: Lake) -> int:
    """Return how many threads the engine may use: what is set, or one for each processor."""
    return lake.threads or os.cpu_count() or 1


@contextmanager
def beside(con: Backend) -> Iterator[Backend]:
    """Open another session of the same engine, with its memory and threads and its own tables."""
    session = ibis.duckdb.from_connection(con.con.cursor())
    try:
        yield session
    finally:
        session.disconnect()


def join_as_written(con: Backend) -> None:
    """Let the engine join tables in the order in which a definition names them.

    What it guesses of aggregates it has not computed yet is often a millionth of what they hold;
    work scores over 300,000 works took ten times as long, and 5 GB more, in the order it chose.
    """
    con.con.execute("SET disabled_optimizers = 'join_order'")


def memory_limit(lake: Lake) -> str:
    """Return what the engine may use: what is set, or a part of the machine's memory."""
    if lake.memory_limit is not None:
        return lake.memory_limit
    return f"{_share_of_machine()}MiB"


def little_memory(lake: Lake, *, is_alone: bool = False) -> str:
    """Return what an engine that reads parts should do with: what is set, or little."""
    each = MEGABYTES_ALONE if is_alone else MEGABYTES_OF_READER
    mebibytes = each * max(LEAST_READERS, threads(lake)) * 10**6 // 2**20
    return lake.memory_limit or f"{min(mebibytes, _share_of_machine())}MiB"


def _share_of_machine() -> int:
    """Return so many MiB as an engine may use when nothing is set."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return int(pages * size * MEMORY_SHARE) // 2**20


def sql(expression: ir.Table) -> str:
    """Return the SQL of an expression; it is the same whenever and wherever it is asked for."""
    text = EXCLUDED.sub(_in_order, str(ibis.to_sql(expression, dialect="duckdb")))
    names = {name: f"name_{i}" for i, name in enumerate(dict.fromkeys(INVENTED.findall(text)))}
    return INVENTED.sub(lambda found: names[found.group()], text)


def _in_order(found: re.Match[str]) -> str:
    return ", ".join(sorted(name.strip() for name in found.group().split(",")))


def parquet(con: Backend, paths: Sequence[Path], name: str) -> ir.Table:
    """Return Parquet files as one table that can be read by its name."""
    patterns = [_pattern(path) for path in paths]
    return con.read_parquet(patterns, table_name=name, hive_partitioning=False, union_by_name=False)


def stored(con: Backend, paths: Sequence[Path], name: str) -> ir.Table:
    """Return files of the lake as one table that can be read by its name.

    Raises
    ------
    LakeError
        If one is missing, or is no Parquet file to its end; see `damage` for what is inside.
    """
    try:
        return parquet(con, paths, name)
    except duckdb.Error as error:
        named = ", ".join(str(path) for path in paths)
        reason = str(error).split("\n", maxsplit=1)[0]
        raise damaged(named, reason.rstrip(". :")) from error


def damaged(path: str, reason: str) -> LakeError:
    """Return what to tell of a file of the lake that is missing or damaged."""
    return LakeError(
        f"{path} cannot be read: {reason}.",
        "Run `fourseas doctor` on the lake: it says what is damaged and how to make it anew.",
    )


def wrong(error: BaseException | None, version: Path) -> LakeError | None:
    """Return what to tell of an error that a question to a version meets, if there is a remedy.

    Of a damaged page the engine names the file; of a damaged head of one it says nothing but
    that it does not know it, in an error of no kind.
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        return LakeError.memory("what was asked", _limit_told(error) or "that of the lake")
    found = UNREADABLE.search(str(error)) if isinstance(error, duckdb.Error) else None
    if found is not None:
        return damaged(found.group("path"), found.group("reason"))
    if type(error) is duckdb.Error:
        return damaged(f"A table of {version}", str(error).rstrip(": "))
    return None


@contextmanager
def asked(version: Path) -> Iterator[None]:
    """Turn errors of questions to a version into ones that name the remedy, if there is one."""
    try:
        yield
    except duckdb.Error as error:
        told = wrong(error, version)
        if told is None:
            raise
        raise told from error


def _limit_told(error: duckdb.OutOfMemoryException) -> str | None:
    """Return the memory limit that the engine tells when it is out of memory."""
    told = MEMORY_LIMIT.search(str(error))
    return told.group(1) if told else None


def json(
    con: Backend, path: Path, form: JsonForm, columns: ibis.Schema, object_bytes: int
) -> ir.Table:
    """Return the declared keys of JSON records."""
    types = {name: con.compiler.type_mapper.to_string(dtype) for name, dtype in columns.items()}
    return con.read_json(
        _pattern(path),
        table_name="records_of_file",
        columns=types,
        format=form,
        records="true",
        compression=_compression(path, "uncompressed"),
        maximum_object_size=object_bytes,
        hive_partitioning=False,
    )


NO_DELIMITER = "\x1f"
"""A sign that no text holds, in place of a delimiter."""


def csv(con: Backend, path: Path, header: Iterable[str]) -> ir.Table:
    """Return all columns of a CSV file as text; only an empty field is null, `NA` is text."""
    return con.read_csv(
        _pattern(path),
        table_name="records_of_file",
        columns=dict.fromkeys(header, "VARCHAR"),
        header=True,
        delim=",",
        quote='"',
        escape='"',
        nullstr="",
        compression=_compression(path, "none"),
        hive_partitioning=False,
    )


def lines(con: Backend, path: Path, header: str) -> ir.Table:
    """Return the lines of a text after the first, whatever marks they hold, as one column."""
    return con.read_csv(
        _pattern(path),
        table_name="records_of_file",
        columns={header: "VARCHAR"},
        header=True,
        delim=NO_DELIMITER,
        quote="",
        escape="",
        nullstr="",
        compression=_compression(path, "none"),
        hive_partitioning=False,
    )


def keys_of_records(
    con: Backend, path: Path, form: JsonForm, object_bytes: int, n_records: int
) -> set[str]:
    """Return the top-level keys of the first JSON records of a file."""
    compression = _compression(path, "uncompressed")
    asked = [_pattern(path), form, compression, object_bytes, n_records]
    return {str(key) for (key,) in con.con.execute(KEYS_OF_RECORDS, asked).fetchall()}


def keys_of_items(con: Backend, path: Path, object_bytes: int, n_records: int) -> set[str]:
    """Return the top-level keys of the first records in `items` of a file's one JSON object."""
    asked = [_pattern(path), _compression(path, "uncompressed"), object_bytes, n_records]
    return {str(key) for (key,) in con.con.execute(KEYS_OF_ITEMS, asked).fetchall()}


def materialize(con: Backend, expression: ir.Table, name: str) -> ir.Table:
    """Compute an expression once, in the order of its rows, into a table of the session."""
    keep(con, con.compile(expression), name)
    return con.table(name)


def keep(con: Backend, query: str, name: str) -> None:
    """Compute a query once, in the order of its rows, into a table of the session."""
    con.con.execute(f"CREATE OR REPLACE TEMP TABLE {_identifier(name)} AS {query}")


def show(con: Backend, expression: ir.Table, name: str) -> None:
    """Let queries of the session read an expression by a name, computed anew by each."""
    query = con.compile(expression)
    con.con.execute(f"CREATE OR REPLACE TEMP VIEW {_identifier(name)} AS {query}")


def forget(con: Backend, name: str) -> None:
    """Remove a table or view of the session, if there is one of the name."""
    found = con.con.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_name = ?", [name]
    ).fetchall()
    for (kind,) in found:
        con.con.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {_identifier(name)}")


def share(con: Backend, expression: ir.Table, name: str) -> ir.Table:
    """Compute an expression once into a table of the engine, which all its sessions read."""
    query = con.compile(expression)
    con.con.execute(f"CREATE TABLE IF NOT EXISTS {_identifier(name)} AS {query}")
    return con.table(name)


def append(con: Backend, expression: ir.Table, name: str) -> None:
    """Add the rows of an expression to a table of the session that has its columns."""
    con.con.execute(f"INSERT INTO {_identifier(name)} {con.compile(expression)}")


def batches(expression: ir.Table, n_rows: int) -> Iterator[pa.RecordBatch]:
    """Return the rows of an expression so many at a time; they are never all in memory."""
    con = expression.get_backend()
    yield from con.con.execute(con.compile(expression)).to_arrow_reader(n_rows)


def hold(con: Backend, rows: pa.Table, name: str) -> ir.Table:
    """Put rows into a table of the session."""
    con.con.register("held_rows", rows)
    con.con.execute(f"CREATE OR REPLACE TEMP TABLE {_identifier(name)} AS FROM held_rows")
    con.con.unregister("held_rows")
    return con.table(name)


def write(con: Backend, expression: ir.Table, path: Path) -> int:
    """Write an expression to a Parquet file, in the order of its rows; return how many.

    Raises
    ------
    LakeError
        If the disk is full or closed to us, or the memory limit is too low.
    """
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_GROUP}"
    query = typed(con, expression)
    with limits(con, path):
        copied = con.con.execute(f"COPY ({query}) TO {_literal(path)} ({options})")
        ((rows,),) = copied.fetchall()
    return int(rows)


@contextmanager
def writer(spec: TableSpec, path: Path) -> Iterator[pq.ParquetWriter]:
    """Open a Parquet file to which rows of a declared table are written query by query."""
    texts = [column.name for column in spec.columns if column.dtype == "string"]
    schema = arrow_schema(spec)
    with (
        disk_errors(path),
        pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=texts) as opened,
    ):
        yield opened


def write_on(con: Backend, query: str, opened: pq.ParquetWriter) -> int:
    """Write the rows of a query behind those that a file has; return how many."""
    rows = con.con.execute(query).to_arrow_table()
    opened.write_table(rows.cast(opened.schema), row_group_size=ROWS_OF_GROUP)
    return int(rows.num_rows)


def write_rows(con: Backend, rows: pa.RecordBatchReader, spec: TableSpec, path: Path) -> int:
    """Write rows of a declared table to a Parquet file, in their order; return how many.

    Raises
    ------
    LakeError
        If the disk is full or closed to us, or the memory limit is too low.
    """
    con.con.register("rows_to_write", rows)
    try:
        return write(con, conform(con.table("rows_to_write"), spec), path)
    finally:
        con.con.unregister("rows_to_write")


def typed(con: Backend, expression: ir.Table) -> str:
    """Return the query of an expression with every column cast to the type it is said to have.

    Ibis leaves out a cast that it holds needless, but DuckDB reads `1.0` as a decimal and
    `2020` as 32 bits, whatever the literal was declared.
    """
    columns = ", ".join(
        f"CAST({_identifier(name)} AS {con.compiler.type_mapper.to_string(dtype)}) "
        f"AS {_identifier(name)}"
        for name, dtype in expression.schema().items()
    )
    return f"SELECT {columns} FROM ({con.compile(expression)}) AS typed"


@contextmanager
def limits(con: Backend, path: Path) -> Iterator[None]:
    """Turn the engine's errors about disk and memory into ones that name the remedy."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        # An engine out of memory may not be able to tell its settings.
        limit = _limit_told(error) or setting(con, "memory_limit")
        raise LakeError.memory(path.name, limit) from error
    except duckdb.IOException as error:
        raise LakeError.disk(str(path), first_line(error)) from error
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise TableError.out_of_range(path.stem, first_line(error)) from error


def give_back(con: Backend, memory: str) -> None:
    """Return to the system what an engine with so much memory has freed and keeps for itself.

    It does so where its limit is set, even to what it is. A part of 100,000 works that was read
    left 200 MB; to return them takes 10 ms.
    """
    con.con.execute("SET memory_limit = ?", [memory])


def setting(con: Backend, name: str) -> str:
    """Return a setting of the engine as it holds now."""
    ((value,),) = con.con.execute("SELECT current_setting(?)", [name]).fetchall()
    return str(value)


def bytes_of_memory(con: Backend) -> int:
    """Return what the engine may use now, in bytes."""
    asked = "SELECT parse_formatted_bytes(current_setting('memory_limit'))"
    ((n_bytes,),) = con.con.execute(asked).fetchall()
    return int(n_bytes)


def first_line(error: duckdb.Error) -> str:
    """Return what the engine says first, without its kind of error and its advice."""
    line = str(error).split("\n", maxsplit=1)[0].partition("Error: ")[2]
    return line.strip().rstrip(".")


def _compression(path: Path, none: str) -> str:
    return "gzip" if path.name.endswith(".gz") else none


def _pattern(path: Path) -> str:
    """Return a pattern that matches this path alone, wherever the process is."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))


def _literal(path: Path) -> str:
    return sg.exp.Literal.string(str(path)).sql(dialect="duckdb")


def _identifier(name: str) -> str:
    return sg.to_identifier(name, quoted=True).sql(dialect="duckdb")
