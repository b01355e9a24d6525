"""A small world as the staged part of a lake, so that a build finds it as it finds a register."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fourseas.challenges.membership import CHALLENGE_FIELDS
from fourseas.lake import layout, ledger
from fourseas.lake.recipe import PUBLISHED
from fourseas.schema.companies import COMPANY_NAMES
from fourseas.schema.corrections import CORRECTIONS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.works import REGISTERS

HOLDER = "countries"
"""The register whose part holds all tables; a lake adds it itself where it is not there."""

GIVEN = {
    REGISTERS.name,
    DEFINITION_ROWS.name,
    CHALLENGE_FIELDS.name,
    CORRECTIONS.name,
    COMPANY_NAMES.name,
}
"""Tables that a build is given, and does not read from a register."""


def staged_world(root: Path, tables: Mapping[str, pa.Table]) -> layout.Lake:
    """Create a lake that holds the tables of a world and was not built."""
    lake = layout.init(root, scope="census", memory_limit="1GB", threads=2)
    published = {
        name.removeprefix(PUBLISHED): table for name, table in tables.items() if name not in GIVEN
    }
    directory = lake.staging / HOLDER / "world"
    directory.mkdir(parents=True)
    for name, table in published.items():
        pq.write_table(table, directory / f"{name}.parquet")
    rows = {name: table.num_rows for name, table in published.items()}
    listed = {str(row["register"]): row for row in tables[REGISTERS.name].to_pylist()}
    for name in (*listed, HOLDER):
        stated = listed.get(name, {"snapshot_on": "2024-06-30", "scope": "census"})
        part = _part(name, rows if name == HOLDER else {}, stated)
        register = ledger.Register(
            register=name,
            title=name,
            licence="CC0-1.0",
            url="https://example.org",
            citation="Nobody (2020), A world.",
            snapshot_on=stated["snapshot_on"],
            scope=stated["scope"],
            listed=(part.name,),
            parts=(part,),
        )
        (lake.staging / name).mkdir(exist_ok=True)
        ledger.write(lake.staging / name / ledger.REGISTER, register)
    return lake


def _part(register: str, rows: Mapping[str, int], stated: Mapping[str, str]) -> ledger.StagedPart:
    return ledger.StagedPart(
        register=register,
        name="world",
        part_key="world",
        sha256="",
        stage="world",
        n_bytes=0,
        n_records=sum(rows.values()),
        rows=rows,
        n_bytes_staged=0,
        unknown_keys=(),
        snapshot_on=stated["snapshot_on"],
        scope=stated["scope"],
        licence="CC0-1.0",
        mapping="world",
        code_version="world",
        added_at="2024-06-30T00:00:00+00:00",
    )
