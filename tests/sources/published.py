"""Reads a small file of any format as ingest would, and says where a table breaks its promise."""

from __future__ import annotations

from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.backends.sql.datatypes import DuckDBType

from fourseas.schema.source import Intake, Source
from fourseas.schema.table import UNIT_RANGES, TableSpec

Row = dict[str, object]

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "src" / "fourseas" / "embedded"
SAMPLES = ROOT / "tests" / "samples"

READERS = {
    "csv": "read_csv('{path}', header = true, all_varchar = true)",
    "json_items": (
        "(SELECT unnest(item) FROM (SELECT unnest(items) AS item "
        "FROM read_json('{path}', format = 'unstructured', "
        "columns = {{'items': 'STRUCT({members})[]'}})))"
    ),
    "jsonl": "read_json('{path}', columns = {{{columns}}})",
    "parquet": "read_parquet('{path}')",
}

ADDED = {
    "part_key": "'part'",
    "record": "row_number() OVER ()",
    "snapshot_on": "'2024-01-06'",
    "scope": "'census'",
    "person_salt": "'salt'",
}


def read(duckdb: Backend, intake: Intake, path: Path) -> ir.Table:
    """Return the declared keys of a file with the columns that ingest adds."""
    types = {name: DuckDBType.to_string(dtype) for name, dtype in intake.raw.items()}
    columns = ", ".join(f"'{name}': '{dtype}'" for name, dtype in types.items())
    members = ", ".join(f'"{name}" {dtype}' for name, dtype in types.items())
    source = READERS[intake.format].format(path=path, columns=columns, members=members)
    declared = [f'CAST("{name}" AS {dtype}) AS "{name}"' for name, dtype in types.items()]
    name = ibis.util.gen_name("records")
    duckdb.raw_sql(f"CREATE TABLE {name} AS SELECT {', '.join(declared)} FROM {source}")
    return _prepared(duckdb, intake, name)


def stage(duckdb: Backend, intake: Intake, records: list[Row]) -> ir.Table:
    """Return records that a test writes down itself as a raw table; absent keys are null."""
    given = ibis.util.gen_name("given")
    duckdb.create_table(given, pa.Table.from_pylist(records, schema=intake.raw.to_pyarrow()))
    return _prepared(duckdb, intake, given)


def _prepared(duckdb: Backend, intake: Intake, records: str) -> ir.Table:
    """Return what feeds are given of a table of records."""
    prepared = duckdb.compile(intake.prepare(duckdb.table(records)))
    added = ", ".join(f"{ADDED[name]} AS {name}" for name in intake.added)
    name = ibis.util.gen_name("raw")
    duckdb.raw_sql(f"CREATE TABLE {name} AS SELECT *, {added} FROM ({prepared})")
    return duckdb.table(name)


def embedded_part(source: Source, intake: Intake) -> Path:
    """Return the one packaged file that an intake reads."""
    folder = EMBEDDED / source.name
    (path,) = {path for pattern in intake.files for path in folder.glob(pattern)}
    return path


def rows(table: ir.Table) -> list[Row]:
    """Return the rows of a table."""
    listed: list[Row] = table.to_pyarrow().to_pylist()
    return listed


def broken_promises(table: ir.Table, spec: TableSpec) -> list[str]:
    """Say what of a declaration the rows do not keep: types, key, nulls, ranges."""
    found = [] if table.schema() == spec.ibis_schema else ["types"]
    listed = rows(table)
    if not listed:
        found.append("it is empty")
    if len({tuple(row[name] for name in spec.key) for row in listed}) < len(listed):
        found.append("the key is not unique")
    for column in spec.columns:
        values = [row[column.name] for row in listed]
        known = [value for value in values if value is not None]
        if not column.nullable and len(known) < len(values):
            found.append(f"{column.name} is null")
        least, greatest = UNIT_RANGES.get(column.unit, (None, None))
        numbers = [value for value in known if isinstance(value, int | float)]
        if numbers and least is not None and min(numbers) < least:
            found.append(f"{column.name} is below {least}")
        if numbers and greatest is not None and max(numbers) > greatest:
            found.append(f"{column.name} is above {greatest}")
    return found


def compiles_in_both_engines(source: Source) -> bool:
    """Write the SQL of every feed for DuckDB and for Spark, or raise."""
    _ = ibis.pyspark  # loads the options without which Spark's SQL cannot be written
    for intake in source.intakes:
        prepared = intake.prepare(ibis.table(intake.raw, name="records"))
        raw = ibis.table({**prepared.schema(), **intake.added}, name="raw")
        for feed in intake.feeds:
            for dialect in ("duckdb", "pyspark"):
                ibis.to_sql(feed.rows(intake.tables(raw)), dialect=dialect)
    return True
