"""A lake of chosen works: the staged rows of their records, as they were read, and no others."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake import engine, layout, ledger
from fourseas.lake.layout import Lake
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATIONS,
    STAGED_RETRACTIONS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)

OF_WORKS = (
    STAGED_WORKS,
    STAGED_AUTHORSHIPS,
    STAGED_AFFILIATIONS,
    STAGED_CITATIONS,
    STAGED_WORK_FIELDS,
    STAGED_FUNDINGS,
)
"""Tables whose rows belong to the record of a work; of these, the chosen rows are taken."""

OF_EVERY_LAKE = ("countries",)
"""Registers that every lake holds."""

STAGE_DIGITS = 16


def extract(lake: Lake, records: pa.Table, path: Path) -> Lake:
    """Write a lake with the records of some works, of scope corpus.

    Kept are, of each register, the parts that hold a chosen record, with its rows alone; registers
    that describe organisations or retractions, whole; and the countries. Figures that somebody
    published of all works stay out. Persons keep their numbers, so that both lakes tell them apart
    alike.

    Parameters
    ----------
    lake
        Where the works are.
    records
        `register`, `part_key` and `record` of each record that is chosen.
    path
        Where the new lake goes.

    Raises
    ------
    LakeError
        If something is there already, or it cannot be written.
    """
    new = layout.init(path, scope="corpus", memory_limit=lake.memory_limit, threads=lake.threads)
    with layout.disk_errors(path):
        settings = json.loads((path / layout.SETTINGS).read_text(encoding="utf-8"))
        settings["person_salt"] = lake.person_salt
        layout.write_text(path / layout.SETTINGS, json.dumps(settings, indent=2) + "\n")
    con = engine.connect(lake)
    try:
        con.create_table("chosen", records.combine_chunks(), overwrite=True)
        marks = sorted(json.dumps(row, sort_keys=True) for row in records.to_pylist())
        mark = ledger.sha256_of_texts(marks)
        for register in ledger.read_registers(lake):
            _extract_register(con, lake, new, register, mark)
    finally:
        con.disconnect()
    return layout.locate(path)


def _extract_register(
    con: Backend, lake: Lake, new: Lake, register: ledger.Register, mark: str
) -> None:
    """Write what is kept of a register, if anything is."""
    tables = {table for part in register.parts for table in part.rows}
    of_works = STAGED_WORKS.name in tables
    describes = not tables.isdisjoint({STAGED_ORGANIZATIONS.name, STAGED_RETRACTIONS.name})
    if not (of_works or describes or register.register in OF_EVERY_LAKE):
        return
    kept = tuple(
        found
        for part in register.parts
        if (found := _extract_part(con, lake, new, part, mark)) is not None
    )
    if not any(STAGED_WORKS.name in part.rows for part in kept) and of_works:
        shutil.rmtree(new.staging / register.register, ignore_errors=True)
        return
    counting = replace(
        register,
        scope="corpus" if of_works else register.scope,
        parts=kept,
        listed=tuple(sorted({part.sha256 for part in kept})),
    )
    ledger.write(new.staging / register.register / ledger.REGISTER, counting)


def _extract_part(
    con: Backend, lake: Lake, new: Lake, part: ledger.StagedPart, mark: str
) -> ledger.StagedPart | None:
    """Write the chosen rows of a part, or the whole part if it has no works; None for nothing."""
    old = lake.staging / part.register / part.stage
    if STAGED_WORKS.name not in part.rows:
        directory = new.staging / part.register / part.stage
        shutil.copytree(old, directory)
        return part
    stage = ledger.sha256_of_texts([part.stage, mark])[:STAGE_DIGITS]
    directory = new.staging / part.register / stage
    directory.mkdir(parents=True)
    names = {spec.name for spec in OF_WORKS}
    rows = dict(part.rows)
    for table in part.rows:
        source, target = old / f"{table}.parquet", directory / f"{table}.parquet"
        if table in names:
            rows[table] = _write_chosen(con, source, target)
        else:
            shutil.copyfile(source, target)
    if not rows[STAGED_WORKS.name]:
        shutil.rmtree(directory)
        return None
    kept = replace(
        part,
        stage=stage,
        n_records=rows[STAGED_WORKS.name],
        rows=rows,
        n_bytes_staged=sum(file.stat().st_size for file in directory.iterdir()),
        scope="corpus",
        added_at=ledger.now(),
    )
    ledger.write(directory / ledger.PART, kept)
    return kept


def _write_chosen(con: Backend, source: Path, target: Path) -> int:
    """Write the rows of chosen records in their order; return how many."""
    rows = engine.stored(con, [source], "staged_of_part")
    chosen = con.table("chosen")
    keys = ["register", "part_key", "record"]
    kept = rows.semi_join(chosen, keys).order_by(ibis.asc("record"))
    return engine.write(con, kept.select(*rows.columns), target)
