"""What is staged: every record with its place, each part once, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourseas.errors import SourceError, TableError
from fourseas.lake import ingest, layout, ledger, staging
from fourseas.lake.layout import Lake
from fourseas.schema.source import Source
from tests.lake import small
from tests.lake.small import BOTANY, CSV_INTAKE, FOREST, JSON_INTAKE, add, staged, tree, write_lines

MANY = 300_000


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake."""
    return small.new_lake(tmp_path / "lake")


def test_records_are_numbered_in_the_order_of_the_file(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(7), tree(5), tree(6)]))

    assert [(row["record"], row["tree_key"]) for row in staged(lake, "forest", "staged_trees")] == [
        (1, 7),
        (2, 5),
        (3, 6),
    ]


@pytest.mark.parametrize("name", ["trees.jsonl", "trees.jsonl.gz", "trees.csv", "trees.parquet"])
def test_two_threads_keep_the_order_of_a_long_file(lake: Lake, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith(".csv"):
        small.write_text(path, "id\n" + "".join(f"{n}\n" for n in range(1, MANY + 1)))
    elif name.endswith(".parquet"):
        pq.write_table(pa.table({"id": range(1, MANY + 1)}), path, row_group_size=50_000)
    else:
        write_lines(path, ({"id": n, "kind": "x" * (n % 90)} for n in range(1, MANY + 1)))
    add(lake, path)

    rows = staged(lake, "forest", "staged_trees")
    assert len(rows) == MANY
    assert all(row["record"] == row["tree_key"] for row in rows)


def test_children_name_their_record(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(1), tree(2, "fir", "green", "blue")]))

    leaves = staged(lake, "forest", "staged_leaves", ["leaf"])
    assert [(row["record"], row["leaf"], row["color"]) for row in leaves] == [
        (2, 1, "green"),
        (2, 2, "blue"),
    ]


def test_rows_know_part_and_salt(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])
    add(lake, path)

    (row,) = staged(lake, "forest", "staged_trees")
    assert row["part_key"] == ledger.sha256_of_file(path)[: staging.KEY_DIGITS]
    assert row["salted"] == f"{lake.person_salt}:oak"


def test_one_array_is_read_like_lines(lake: Lake, tmp_path: Path) -> None:
    small.write_text(tmp_path / "trees.json", json.dumps([tree(1), tree(2)], indent=2))
    add(lake, tmp_path / "trees.json")

    assert [row["tree_key"] for row in staged(lake, "forest", "staged_trees")] == [1, 2]


def test_namibia_is_no_missing_value_in_csv(lake: Lake, tmp_path: Path) -> None:
    text = 'id,kind,share,note\n1,NA,0.5,x\n2,,,"two\nlines, ""quoted"""\n'
    report = add(lake, small.write_text(tmp_path / "trees.csv", text))

    rows = staged(lake, "forest", "staged_trees")
    assert [(row["tree_key"], row["kind"], row["share"]) for row in rows] == [
        (1, "NA", 0.5),
        (2, None, None),
    ]
    assert report.unknown_keys == ("note",)


def test_an_absent_column_is_null_and_an_unknown_one_is_reported(
    lake: Lake, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"id": [1, 2], "height": [3, 4]}), tmp_path / "trees.parquet")
    report = add(lake, tmp_path)

    assert [row["kind"] for row in staged(lake, "forest", "staged_trees")] == [None, None]
    assert report.unknown_keys == ("height",)


def test_unknown_keys_of_json_are_tolerated_and_reported(lake: Lake, tmp_path: Path) -> None:
    records = [tree(1) | {"age": 3}, tree(2) | {"owner": {"name": "Li"}}]
    report = add(lake, write_lines(tmp_path / "trees.jsonl.gz", records))

    assert report.unknown_keys == ("age", "owner")
    (register,) = ledger.read_registers(lake)
    assert register.parts[0].unknown_keys == ("age", "owner")


def test_a_record_longer_than_the_first_limit_is_read(lake: Lake, tmp_path: Path) -> None:
    records = [tree(1) | {"note": "x" * 40_000_000}, tree(2)]
    add(lake, write_lines(tmp_path / "trees.jsonl", records))

    assert [row["tree_key"] for row in staged(lake, "forest", "staged_trees")] == [1, 2]


def test_signs_that_are_patterns_elsewhere_are_names_here(tmp_path: Path) -> None:
    place = tmp_path / "it's [1] kind=oak*?"
    lake = small.new_lake(place / "lake [2] share=1")
    write_lines(place / "trees [3] id=9.jsonl", [tree(1)])
    add(lake, place / "trees [3] id=9.jsonl")
    small.make(lake)

    (row,) = small.current_rows(lake)["trees"]
    assert (row["tree_key"], row["kind"], row["share"]) == (1, "oak", 0.5)


def test_a_report_counts_parts_records_and_rows(lake: Lake, tmp_path: Path) -> None:
    forest, _ = small.write_registers(tmp_path / "files")
    listener = small.Listener()
    request = ingest.Request(source=FOREST, snapshot_on="2024-06-30")
    report = ingest.add(lake, forest, request, listener)

    assert report == ingest.AddReport(
        register="forest",
        snapshot_on="2024-06-30",
        scope="corpus",
        n_parts=2,
        n_parts_read=2,
        n_parts_in_lake=2,
        n_parts_listed=2,
        n_records=6,
        rows={"staged_trees": 6, "staged_leaves": 3},
        unknown_keys=(),
    )
    assert listener.totals == [listener.done]
    assert listener.finished == 1


def test_a_part_is_read_once_whatever_it_is_called(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a" / "trees.jsonl", [tree(1), tree(1)])
    add(lake, path)
    again = add(lake, path.rename(tmp_path / "trees_renamed.jsonl"))

    assert (again.n_parts, again.n_parts_read, again.n_parts_in_lake) == (1, 0, 1)
    assert len(staged(lake, "forest", "staged_trees")) == 2


def test_equal_files_are_one_part(lake: Lake, tmp_path: Path) -> None:
    for name in ("trees_1.jsonl", "trees_2.jsonl"):
        write_lines(tmp_path / "in" / name, [tree(1)])
    report = add(lake, tmp_path / "in")

    assert (report.n_parts, report.n_parts_read, report.n_records) == (1, 1, 1)


def test_parts_at_once_are_staged_as_one_by_one(tmp_path: Path) -> None:
    for number in range(24):
        # Every third file holds the same records as the first.
        first = 0 if number % 3 == 0 else 100 * number
        path = tmp_path / "in" / f"trees_{number:02d}.jsonl"
        write_lines(path, [tree(first + place, "fir", "green") for place in range(50)])
    reports, rows, named = [], [], []
    for threads in (1, 4):
        path = tmp_path / f"lake-{threads}"
        lake = layout.init(path, scope="corpus", memory_limit="500MB", threads=threads)
        reports.append(add(lake, tmp_path / "in"))
        order = ("part_key", "record")
        tables = ("staged_trees", "staged_leaves")
        rows.append([staged(lake, "forest", table, order) for table in tables])
        register = ledger.read_register(lake, "forest")
        assert register is not None
        named.append([(part.name, part.part_key, part.rows) for part in register.parts])

    assert reports[0].n_parts == 17
    assert reports[0] == reports[1]
    assert named[0] == named[1]
    without_salt = [
        [[{**row, "salted": None} for row in table] for table in tables] for tables in rows
    ]
    assert without_salt[0] == without_salt[1]


def test_later_files_of_the_same_snapshot_join_the_earlier(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees_1.jsonl", [tree(1)]))
    report = add(lake, write_lines(tmp_path / "trees_2.jsonl", [tree(2)]))

    assert (report.n_parts, report.n_parts_in_lake, report.n_parts_listed) == (1, 2, 2)


def test_another_mapping_reads_the_part_again(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])
    add(lake, path)
    trees = JSON_INTAKE.feeds[0]
    changed = small.remapped(lambda raw: trees.compute(raw).mutate(kind=raw.kind.upper()))
    report = add(lake, path, changed)

    assert report.n_parts_read == 1
    assert [row["kind"] for row in staged(lake, "forest", "staged_trees")] == ["OAK"]


def test_snapshots_do_not_mix_but_one_replaces_another(lake: Lake, tmp_path: Path) -> None:
    old = write_lines(tmp_path / "trees_old.jsonl", [tree(1), tree(2)])
    new = write_lines(tmp_path / "trees_new.jsonl", [tree(3)])
    add(lake, old)

    with pytest.raises(SourceError, match=r"corpus of 2024-06-30.*corpus of 2024-09-30") as raised:
        add(lake, new, snapshot_on="2024-09-30")
    assert "--replace" in raised.value.remedy
    report = add(lake, new, snapshot_on="2024-09-30", replace=True)

    assert report.n_parts_in_lake == 1
    assert [row["tree_key"] for row in staged(lake, "forest", "staged_trees")] == [3]
    (register,) = ledger.read_registers(lake)
    assert (register.snapshot_on, register.parts[0].snapshot_on) == ("2024-09-30", "2024-09-30")


def write_snapshot(place: Path, second: str) -> Path:
    """Write a snapshot of four parts, of which the second is as it is told."""
    for number in (1, 3, 4):
        write_lines(place / f"trees_{number}.jsonl", [tree(10 * number), tree(5, "fir", "green")])
    write_lines(place / "trees_2.jsonl", [tree(20, second), tree(21)])
    return place


def test_a_new_snapshot_reads_the_parts_whose_bytes_are_new(lake: Lake, tmp_path: Path) -> None:
    _, botany = small.write_registers(tmp_path)
    later = write_snapshot(tmp_path / "later", "elm")
    fresh = layout.init(tmp_path / "fresh", scope="corpus", memory_limit="500MB", threads=2)
    add(lake, write_snapshot(tmp_path / "first", "oak"))
    for one in (lake, fresh):
        add(one, botany, BOTANY)
    small.make(lake)
    old = lake.current()
    assert old is not None
    before = small.version_rows(old)

    report = add(lake, later, snapshot_on="2024-09-30", replace=True)
    assert (report.n_parts, report.n_parts_read) == (4, 1)
    assert len([path for path in (lake.staging / "forest").iterdir() if path.is_dir()]) == 4
    add(fresh, later, snapshot_on="2024-09-30")
    small.make(lake)
    small.make(fresh)

    assert small.current_rows(lake) == small.current_rows(fresh)
    assert small.version_rows(old) == before


def test_the_parts_of_a_new_snapshot_are_named_as_they_are_there(
    lake: Lake, tmp_path: Path
) -> None:
    records = [[tree(1)], [tree(2)]]
    for place, order in (("first", (0, 1)), ("later", (1, 0))):
        for name, which in zip("ab", order, strict=True):
            write_lines(tmp_path / place / f"trees_{name}.jsonl", records[which])
    add(lake, tmp_path / "first")
    (first,) = ledger.read_registers(lake)
    report = add(lake, tmp_path / "later", snapshot_on="2024-09-30", replace=True)
    (later,) = ledger.read_registers(lake)

    assert report.n_parts_read == 0
    assert [part.name for part in later.parts] == ["trees_a.jsonl", "trees_b.jsonl"]
    assert [part.stage for part in later.parts] == [part.stage for part in first.parts][::-1]


def test_what_counts_already_is_not_renamed_when_it_is_added_again(
    lake: Lake, tmp_path: Path
) -> None:
    for name in ("trees_a.jsonl", "trees_b.jsonl"):
        write_lines(tmp_path / name, [tree(1)])
        add(lake, tmp_path / name)

    (register,) = ledger.read_registers(lake)
    assert [part.name for part in register.parts] == ["trees_a.jsonl"]


def test_a_table_that_states_the_date_is_staged_anew_for_each(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])
    stated = small.remapped(small.stated_trees, small.STATED_TREES)
    add(lake, path, stated)
    report = add(lake, path, stated, snapshot_on="2024-09-30", replace=True)

    assert report.n_parts_read == 1
    assert [row["snapshot_on"] for row in staged(lake, "forest", "staged_trees")] == ["2024-09-30"]


def test_a_mapping_is_not_told_a_date_that_its_tables_do_not_state() -> None:
    assert [intake.added.names for intake in FOREST.intakes] == [
        ("part_key", "record", "person_salt")
    ] * len(FOREST.intakes)


def test_a_failed_replacement_leaves_the_old_snapshot(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(1)]))
    bad = small.write_text(tmp_path / "trees_bad.jsonl", "{")

    with pytest.raises(SourceError, match="line 1"):
        add(lake, bad, snapshot_on="2024-09-30", replace=True)

    (register,) = ledger.read_registers(lake)
    assert register.snapshot_on == "2024-06-30"
    small.make(lake)
    assert [row["tree_key"] for row in small.current_rows(lake)["trees"]] == [1]


def test_the_scope_is_that_of_request_source_or_lake(lake: Lake, tmp_path: Path) -> None:
    _, botany = small.write_registers(tmp_path)
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])
    request = ingest.Request(source=FOREST, snapshot_on="2024-06-30", scope="sample")

    assert add(lake, botany, BOTANY).scope == "census"
    assert ingest.add(lake, path, request, small.Listener()).scope == "sample"
    with pytest.raises(SourceError, match="as a sample of 2024-06-30"):
        add(lake, path)


def test_good_parts_of_a_failed_addition_are_not_read_again(lake: Lake, tmp_path: Path) -> None:
    place = tmp_path / "in"
    write_lines(place / "trees_1.jsonl", [tree(1)])
    small.write_text(place / "trees_2.jsonl", '{"id": 2}\n{"id": ')
    small.write_text(place / "trees_3.csv", "id,kind\n,oak\n")
    write_lines(place / "trees_4.jsonl", [tree(4)])

    with pytest.raises(SourceError) as raised:
        add(lake, place)
    assert raised.value.problem.startswith("2 of 4 parts could not be added:")
    assert "trees_2.jsonl, line 2: column " in raised.value.problem
    assert "trees_3.csv, record 1: the needed key `id`" in raised.value.problem
    assert ledger.read_registers(lake) == ()

    write_lines(place / "trees_2.jsonl", [tree(2)])
    small.write_text(place / "trees_3.csv", "id,kind\n3,oak\n")
    report = add(lake, place)
    assert (report.n_parts, report.n_parts_read) == (4, 2)
    assert sorted(str(row["tree_key"]) for row in staged(lake, "forest", "staged_trees")) == [
        "1",
        "2",
        "3",
        "4",
    ]


def test_a_staged_table_is_checked_and_the_part_named(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(1), tree(2, share=1.5)])

    with pytest.raises(TableError, match=r"trees\.jsonl: Table `staged_trees`: `share` is at most"):
        add(lake, path)
    assert list(lake.staging.glob("*/*")) == []


def test_a_date_is_a_date(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])

    for wrong in ("yesterday", "2024-6-1", "20240601", "2024-13-01"):
        with pytest.raises(SourceError, match=f"`{wrong}` is not a date"):
            add(lake, path, snapshot_on=wrong)


def test_the_only_kind_of_file_needs_no_known_name(lake: Lake, tmp_path: Path) -> None:
    source = Source(
        name="forest",
        title="",
        licence="",
        url="",
        citation="",
        scope="census",
        intakes=(CSV_INTAKE,),
    )
    add(lake, small.write_text(tmp_path / "export.txt", "id\n4\n"), source)

    assert [row["tree_key"] for row in staged(lake, "forest", "staged_trees")] == [4]
