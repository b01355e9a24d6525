"""A part mapped in slices: the same tables, duplicates and errors as of one mapped whole."""

from __future__ import annotations

import json
from dataclasses import replace as changed
from pathlib import Path

import duckdb
import ibis.expr.types as ir
import numpy as np
import pyarrow.parquet as pq
import pytest

from fourseas.errors import FourseasError
from fourseas.lake import engine, ledger, mapping
from fourseas.lake.layout import Lake
from fourseas.schema.source import RECORDS, Feed, Source
from fourseas.schema.table import TableSpec, conform
from fourseas.sources.openalex import SOURCE, WORK_FEEDS
from fourseas.synthetic import records
from fourseas.synthetic.records import SCHEMAS, Schema
from fourseas.synthetic_snapshots import Layout, Order, world
from tests.lake import small
from tests.lake.small import STAGED_TREES, add, tree, write_lines

WHOLE = 1_000_000
SLICES = (7, 60)
"""Records of a slice: a number that does not divide the works, and as many as there are."""

N_WORKS = 60

NOT_OF_2023 = {"staged_fields", "staged_fundings", "staged_work_fields"}
"""Tables of what records had no key for then."""


def _works(folder: Path, schema: Schema, layout: Layout) -> Path:
    """Write a part of works."""
    of = world(Order(works=N_WORKS, seed=5, layout=layout, schema=schema))
    table = records.works(of, np.arange(N_WORKS), schema, "read", is_older=False)
    path = folder / "works" / ("part_0.parquet" if layout == "parquet" else "works_0.jsonl")
    path.parent.mkdir(parents=True)
    if layout == "parquet":
        pq.write_table(table, path, row_group_size=25)
        return path
    con = duckdb.connect(config={"threads": 1})
    con.register("works", table)
    con.execute(f"COPY works TO '{path}' (FORMAT json)")
    con.close()
    return path


def _tables(lake: Lake) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each staged table in the order of its key."""
    specs = {feed.writes.name: feed.writes for feed in WORK_FEEDS}
    return {name: small.staged(lake, "openalex", name, spec.key) for name, spec in specs.items()}


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("layout", ["jsonl", "parquet"])
def test_slices_give_the_tables_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schema: Schema, layout: Layout
) -> None:
    path = _works(tmp_path, schema, layout)
    found = {}
    for n_records in (WHOLE, *SLICES):
        monkeypatch.setattr(mapping, "RECORDS_OF_SLICE", n_records)
        lake = small.new_lake(tmp_path / str(n_records))
        # The same salt gives the same ids of people.
        add(changed(lake, person_salt="salt"), path, SOURCE)
        found[n_records] = _tables(lake)

    empty = {name for name, rows in found[WHOLE].items() if not rows}
    assert empty == (NOT_OF_2023 if schema == "2023" else set())
    assert len(found[WHOLE]["staged_works"]) == N_WORKS
    for n_records in SLICES:
        assert found[n_records] == found[WHOLE]


def test_rows_of_a_sliced_part_lie_in_the_order_of_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "RECORDS_OF_SLICE", 20)
    lake = small.new_lake(tmp_path / "lake")
    add(lake, _works(tmp_path, "walden", "parquet"), SOURCE)

    for name in ("staged_works", "staged_authorships", "staged_citations"):
        (file,) = lake.staging.glob(f"openalex/*/{name}.parquet")
        slices = [(record - 1) // 20 for record in pq.read_table(file)["record"].to_pylist()]
        assert slices == sorted(slices)
        assert set(slices) == {0, 1, 2}


def _forest(spec: TableSpec = STAGED_TREES) -> Source:
    """Return the register of trees, its table mapped record by record."""

    def trees(raw: ir.Table) -> ir.Table:
        return conform(
            raw.mutate(tree_key=raw.id, salted=raw.kind, share=raw.kind.cast("float64")), spec
        )

    feeds = (Feed(writes=spec, compute=trees, by_record=True),)
    return changed(small.FOREST, intakes=(changed(small.JSON_INTAKE, feeds=feeds),))


NUMBERED = changed(STAGED_TREES, key=("tree_key",))
"""Trees of which no two records may have the number, however far apart they are."""

GOOD = [tree(number, "0.5") for number in range(1, 31)]


def _told(lake: Lake, path: Path, source: Source) -> str:
    with pytest.raises(FourseasError) as raised:
        add(lake, path, source)
    assert ledger.read_registers(lake) == ()
    assert not list(lake.temporary.iterdir())
    return f"{raised.value.problem}\n{raised.value.remedy}"


@pytest.mark.parametrize(
    ("bad", "spec", "problem"),
    [
        ([tree(2, "0.5")], NUMBERED, "the key (tree_key) is unique does not hold in 1"),
        ([tree(31, "1.5"), tree(32, "7")], STAGED_TREES, "`share` is at most 1 does not hold in 2"),
        ([{"kind": "0.5"}], STAGED_TREES, "record 31: the needed key `id` is missing"),
        ([tree(31, "oak")], STAGED_TREES, "Could not convert string 'oak'"),
        ([tree(31) | {"leaves": "red"}], STAGED_TREES, "line 31: the key `leaves` is"),
    ],
)
def test_faults_in_a_later_slice_are_told_as_of_the_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bad: list[small.Record],
    spec: TableSpec,
    problem: str,
) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [*GOOD, *bad])
    told = []
    for n_records in (WHOLE, 4):
        monkeypatch.setattr(mapping, "RECORDS_OF_SLICE", n_records)
        told.append(_told(small.new_lake(tmp_path / str(n_records)), path, _forest(spec)))

    assert problem in told[0]
    assert told[1] == told[0]


def test_a_line_that_is_cut_off_is_told_before_any_slice_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "RECORDS_OF_SLICE", 4)
    path = write_lines(tmp_path / "trees.jsonl", [tree(1, "oak"), *GOOD])
    path.write_bytes(path.read_bytes() + json.dumps(tree(32)).encode()[:-9])

    assert ", line 32: " in _told(small.new_lake(tmp_path / "lake"), path, _forest())


def test_a_feed_that_reads_layers_is_mapped_record_by_record() -> None:
    whole = [feed.writes.name for feed in WORK_FEEDS if not feed.by_record]

    assert whole == ["staged_fields"]
    assert all(feed.by_record or feed.reads == (RECORDS,) for feed in WORK_FEEDS)


def test_parts_are_read_by_one_thread_each(tmp_path: Path) -> None:
    con = engine.connect_for_readers(small.new_lake(tmp_path / "lake"), "200MB")

    assert engine.setting(con, "threads") == "1"
    con.disconnect()


def test_an_engine_that_gives_back_what_is_free_keeps_its_limit(tmp_path: Path) -> None:
    con = engine.connect_for_readers(small.new_lake(tmp_path / "lake"), "1.5GB")
    before = engine.bytes_of_memory(con)
    for _ in range(3):
        engine.give_back(con, "1.5GB")

    assert engine.bytes_of_memory(con) == before
    con.disconnect()
