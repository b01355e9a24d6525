"""What is built: every table from what it reads, checked, in the order of its key, seen at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourseas.errors import LakeError, TableError
from fourseas.lake import engine, ledger, recipe
from fourseas.lake.build import BUILDING, build, plan
from fourseas.lake.layout import Lake
from fourseas.lake.recipe import Recipe
from fourseas.schema.step import Step
from fourseas.schema.table import Column, conform
from tests.lake import small
from tests.lake.small import (
    BOTANY,
    BUILT,
    CELLS_STEP,
    KINDS,
    NOTES,
    RECIPE,
    TREES,
    TREES_STEP,
    add,
    make,
    tree,
    write_lines,
)


@pytest.fixture
def lake(settled: Lake, tmp_path: Path) -> Lake:
    """Return a lake that was built once."""
    return small.copy_of(settled, tmp_path / "lake")


def with_trees(compute: Callable[..., ir.Table]) -> Recipe:
    """Return the recipe with another computation of trees."""
    return replace(RECIPE, steps=(replace(TREES_STEP, compute=compute), CELLS_STEP))


def doubled(*tables: ir.Table) -> ir.Table:
    """Return every tree twice."""
    found = small.trees(*tables)
    return found.union(found)


def test_steps_run_in_the_order_of_what_they_read(lake: Lake) -> None:
    rows = small.current_rows(lake)

    assert tuple(rows) == BUILT
    assert [(row["tree_key"], row["kind"], row["n_leaves"]) for row in rows["trees"]] == [
        (1, "fir", 2),
        (2, "oak", 0),
        (3, "oak", 0),
        (4, "unknown", 0),
    ]


def test_what_registers_publish_is_apart_from_what_a_step_writes(lake: Lake) -> None:
    cells = {row["kind"]: row["n"] for row in small.current_rows(lake)["grove_cells"]}

    assert cells == {"fir": 1, "oak": 2, "palm": 7, "unknown": 1}


def test_what_no_step_writes_is_taken_as_it_is_published(lake: Lake) -> None:
    assert small.current_rows(lake)["kinds"] == [
        {"kind": "NA", "height_km": None},
        {"kind": "beanstalk", "height_km": 9.0},
        {"kind": "oak", "height_km": 0.03},
    ]


def test_given_tables_and_registers_are_part_of_a_version(lake: Lake) -> None:
    rows = small.current_rows(lake)

    assert rows["notes"] == NOTES.to_pylist()
    assert [(row["register"], row["scope"], row["licence"]) for row in rows["registers"]] == [
        ("botany", "census", "CC-BY-4.0"),
        ("forest", "corpus", "CC0-1.0"),
    ]
    assert {row["last_complete_year"] for row in rows["registers"]} == {2023}


def test_a_staged_table_that_no_register_feeds_is_empty(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    add(lake, small.write_text(tmp_path / "trees.csv", "id,kind\n4,oak\n"))
    make(lake)

    rows = small.current_rows(lake)
    assert (len(rows["trees"]), rows["kinds"]) == (1, [])
    assert rows["grove_cells"] == [{"kind": "oak", "n": 1}]


def test_tables_lie_in_the_order_of_their_key(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    add(
        lake,
        write_lines(tmp_path / "trees.jsonl", [tree(n * 7919 % 100_003) for n in range(90_000)]),
    )
    make(lake)

    keys = [row["tree_key"] for row in small.current_rows(lake)["trees"]]
    assert len(keys) == 90_000
    assert keys == sorted(keys, key=lambda key: int(str(key)))


def test_files_are_compressed_with_zstd(lake: Lake) -> None:
    version = lake.current()
    assert version is not None
    group = pq.read_metadata(version / "trees.parquet").row_group(0)

    assert group.column(0).compression == "ZSTD"


def test_a_second_build_of_the_same_does_nothing(lake: Lake) -> None:
    report = make(lake)

    assert (report.version, report.n_built, report.n_kept) == ("000001", 0, len(BUILT))


def test_a_version_is_current_only_when_it_is_done(lake: Lake) -> None:
    def fail(*_: ir.Table) -> ir.Table:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make(lake, with_trees(fail))
    assert small.current_rows(lake)["trees"]


def test_two_versions_are_kept_and_readers_of_the_older_go_on(lake: Lake, tmp_path: Path) -> None:
    first = lake.current()
    assert first is not None
    con = engine.connect(lake)
    reader = engine.parquet(con, [first / "trees.parquet"], "trees")
    before = con.to_pyarrow(reader)

    names = []
    for number in (70, 71, 72):
        add(lake, write_lines(tmp_path / f"trees_{number}.jsonl", [tree(number)]))
        names.append(make(lake).version)
        if number == 70:
            assert con.to_pyarrow(reader).equals(before)
    con.disconnect()

    assert names == ["000002", "000003", "000004"]
    assert [path.name for path in lake.complete_versions()] == ["000003", "000004"]
    assert lake.pointer.read_text(encoding="ascii") == "000004\n"


def test_going_back_to_what_was_built_before_computes_nothing(lake: Lake) -> None:
    changed = replace(RECIPE, given={"notes": NOTES.slice(1)})
    assert make(lake, changed).version == "000002"
    report = make(lake)

    assert (report.version, report.n_built) == ("000001", 0)
    assert len(small.current_rows(lake)["notes"]) == 2


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECIPE, given={"notes": NOTES.slice(1)}),
        with_trees(lambda *tables: small.trees(*tables).filter(ibis.literal(True))),
        replace(RECIPE, loaded=(*RECIPE.loaded, replace(KINDS, name="more_kinds"))),
    ],
    ids=["given", "step", "loaded"],
)
def test_a_change_of_anything_makes_a_new_version(lake: Lake, changed: Recipe) -> None:
    assert make(lake, changed).version == "000002"


def test_a_failed_build_goes_on_at_the_table_that_failed(lake: Lake) -> None:
    changed = replace(RECIPE, given={"notes": NOTES.slice(1)})
    listener = small.Listener()
    with pytest.raises(KeyboardInterrupt):
        build(lake, changed, small.StoppedAt("trees"))
    (draft,) = lake.versions.glob(f"{BUILDING}*")
    assert (draft / "trees.json").is_file()
    report = build(lake, changed, listener)

    assert report.n_kept == 2
    assert "grove_cells" in listener.labels
    assert not list(lake.versions.glob(f"{BUILDING}*"))


def test_drafts_of_something_else_are_removed(lake: Lake) -> None:
    changed = replace(RECIPE, given={"notes": NOTES.slice(1)})
    with pytest.raises(KeyboardInterrupt):
        build(lake, changed, small.StoppedAt("trees"))
    make(lake)

    assert not list(lake.versions.glob(f"{BUILDING}*"))


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (doubled, r"Table `trees`: the key \(tree_key\) is unique does not hold in 4 rows"),
        (
            lambda *tables: small.trees(*tables).mutate(share=ibis.literal(1.5)),
            "`share` is at most 1 does not hold in 4 rows, for example tree_key=1",
        ),
        (
            lambda *tables: small.trees(*tables).drop("share"),
            "Table `trees` lacks share",
        ),
    ],
    ids=["key", "range", "columns"],
)
def test_a_table_that_breaks_its_promise_is_not_published(
    lake: Lake, compute: Callable[..., ir.Table], message: str
) -> None:
    before = small.current_rows(lake)

    with pytest.raises(TableError, match=message):
        make(lake, with_trees(compute))
    assert small.current_rows(lake) == before
    assert make(lake).n_built == 0


def test_two_registers_may_not_publish_the_same_row(lake: Lake, tmp_path: Path) -> None:
    other = replace(BOTANY, name="herbal")
    add(lake, small.write_text(tmp_path / "kinds.csv", "kind,height_km\noak,0.04\n"), other)

    with pytest.raises(TableError, match=r"`kinds`: the key \(kind\) is unique .* kind='oak'"):
        make(lake)


def test_a_register_read_by_another_mapping_is_named(lake: Lake) -> None:
    column = Column("height_km", "float64", "km", "How high.", nullable=True)
    taller = replace(small.STAGED_TREES, columns=(*small.STAGED_TREES.columns, column))
    steps = (replace(TREES_STEP, reads=(taller, *TREES_STEP.reads[1:])), CELLS_STEP)

    with pytest.raises(LakeError, match="register forest was read by another version") as raised:
        make(lake, replace(RECIPE, steps=steps))
    assert "Table `staged_trees` lacks height_km" in raised.value.problem
    assert "fourseas add" in raised.value.remedy


def test_nothing_to_build_from(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")

    for work in (lambda: make(lake), lambda: plan(lake, RECIPE)):
        with pytest.raises(LakeError, match="holds no registers"):
            work()


def test_a_cycle_or_an_unknown_table_is_our_fault(lake: Lake) -> None:
    def copy(table: ir.Table) -> ir.Table:
        return conform(table, TREES)

    circle = Step(compute=copy, reads=(TREES,), writes=TREES)
    unknown = Step(compute=copy, reads=(replace(TREES, name="shrubs"),), writes=TREES)
    for steps in ((circle,), (unknown,), (TREES_STEP, TREES_STEP)):
        with pytest.raises(AssertionError):
            make(lake, Recipe(steps=steps, loaded=(KINDS,), given={}))


def test_the_ledger_says_what_was_built_from_what(lake: Lake) -> None:
    definitions = pa.table({"definition_id": ["d1"], "title": ["First"], "window": [3]})
    make(lake, replace(RECIPE, given={"notes": NOTES, "definitions": definitions}))
    version = lake.current()
    assert version is not None
    found = ledger.read_ledger(version)

    assert found.definitions == {"d1": {"definition_id": "d1", "title": "First", "window": "3"}}
    tables = {table.name: table for table in found.tables}
    assert tables["trees"].reads == ("staged_trees", "staged_leaves", "kinds", "registers")
    for name, table in tables.items():
        path = version / f"{name}.parquet"
        assert table.rows == pq.read_metadata(path).num_rows
        assert table.n_bytes == path.stat().st_size
        assert table.sha256 == ledger.sha256_of_file(path)
    forest = next(one for one in found.registers if one.register == "forest")
    assert (forest.licence, forest.snapshot_on, forest.scope) == ("CC0-1.0", "2024-06-30", "corpus")
    assert [(part.name, part.n_records) for part in forest.parts] == [
        ("trees_1.jsonl", 3),
        ("trees_2.jsonl.gz", 3),
    ]
    assert sorted(path.suffix for path in version.iterdir()).count(".json") == 1


def test_a_version_is_complete_alone(lake: Lake) -> None:
    before = small.current_rows(lake)
    shutil.rmtree(lake.staging)

    assert small.current_rows(lake) == before


def test_a_plan_of_a_first_build_is_a_guess_and_says_so(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(n) for n in range(1000)]))
    planned = plan(lake, RECIPE)

    assert [table.name for table in planned.tables] == ["kinds", "trees", "grove_cells"]
    assert not any(table.is_ready for table in planned.tables)
    assert planned.tables[0].rows_read == 0
    assert planned.tables[1].rows_read is None
    assert planned.tables[1].bytes_read > 0
    assert planned.n_bytes == sum(table.n_bytes for table in planned.tables) > 0
    assert planned.basis.startswith("Estimated roughly from the size of what is read")
    assert lake.current() is None


def test_a_plan_after_a_build_goes_by_it(lake: Lake, tmp_path: Path) -> None:
    assert all(table.is_ready for table in plan(lake, RECIPE).tables)
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(n) for n in range(1000)]))
    planned = plan(lake, RECIPE)

    assert planned.basis.startswith("Estimated from version 000001")
    assert not any(table.is_ready for table in planned.tables)
    assert planned.seconds > 0


def test_a_plan_knows_what_an_interrupted_build_has_left(lake: Lake) -> None:
    changed = replace(RECIPE, given={"notes": NOTES.slice(1)})
    with pytest.raises(KeyboardInterrupt):
        build(lake, changed, small.StoppedAt("trees"))

    ready = {table.name: table.is_ready for table in plan(lake, changed).tables}
    assert ready == {"kinds": True, "trees": True, "grove_cells": False}


def test_the_sql_of_an_unnesting_step_is_the_same_each_time() -> None:
    raw = ibis.table({"part_key": "string", "record": "int64", **small.TREE_RAW}, name="raw")
    first, second = (engine.sql(small.staged_leaves(raw)) for _ in range(2))

    assert first == second
    assert "UNNEST" in first


def test_everything_is_staged_under_the_names_that_steps_read() -> None:
    assert small.PUBLISHED_GROVE_CELLS.name == f"{recipe.PUBLISHED}grove_cells"
