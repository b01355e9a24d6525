"""Reads a few records as ingest would: declared keys only, with the columns that ingest adds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend
from ibis.backends.sql.datatypes import DuckDBType

from fourseas.schema.source import Intake

ReadForTest = Callable[[Intake, Path], ir.Table]
StageForTest = Callable[[Intake, list[dict[str, object]]], ir.Table]

ADDED = {
    "part_key": "'part'",
    "record": "row_number() OVER ()",
    "snapshot_on": "'2026-01-01'",
    "scope": "'corpus'",
    "person_salt": "'salt'",
}


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Backend]:
    """Return an engine that lives as long as the tests."""
    connection = ibis.duckdb.connect(threads=2, memory_limit="1GB")
    yield connection
    connection.disconnect()


@pytest.fixture(scope="session")
def read_for_test(duckdb: Backend) -> ReadForTest:
    """Return a reader of JSON lines; the lake's own reader has its own tests.

    Without `hive_partitioning = false` DuckDB replaces a record's `updated_date` by that of
    the directory.
    """

    def read(intake: Intake, path: Path) -> ir.Table:
        columns = ", ".join(
            f"'{name}': '{DuckDBType.to_string(dtype)}'" for name, dtype in intake.raw.items()
        )
        added = ", ".join(f"{ADDED[name]} AS {name}" for name in intake.added)
        name, prepared = ibis.util.gen_name("records"), ibis.util.gen_name("raw")
        duckdb.raw_sql(
            f"CREATE TABLE {name} AS FROM "
            f"read_json('{path}', format = 'newline_delimited', hive_partitioning = false, "
            f"columns = {{{columns}}})"
        )
        records = duckdb.compile(intake.prepare(duckdb.table(name)))
        duckdb.raw_sql(f"CREATE TABLE {prepared} AS SELECT *, {added} FROM ({records})")
        return duckdb.table(prepared)

    return read


@pytest.fixture
def stage_for_test(read_for_test: ReadForTest, tmp_path: Path) -> StageForTest:
    """Return a way to read records that a test writes down itself."""

    def stage(intake: Intake, records: list[dict[str, object]]) -> ir.Table:
        path = tmp_path / "records.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        return read_for_test(intake, path)

    return stage
