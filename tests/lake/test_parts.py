"""Which files are parts, and whether a snapshot is all here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fourseas.errors import SourceError
from fourseas.lake import ledger, parts
from fourseas.schema.source import Source
from tests.lake import small
from tests.lake.small import BOTANY, FOREST, add, tree, write_lines

PART = "s3://forest/data/trees/updated_date={}/part_{:03d}.gz"


def entry(day: str, number: int, n_records: int) -> dict[str, object]:
    """Return a line of a manifest."""
    return {"url": PART.format(day, number), "meta": {"record_count": n_records}}


def snapshot(directory: Path, manifest: str | None, *entries: dict[str, object]) -> Path:
    """Write a snapshot of two parts of one and two records, and a manifest."""
    write_lines(directory / "trees" / "updated_date=2024-01-01" / "part_000.gz", [tree(1)])
    write_lines(directory / "trees" / "updated_date=2024-02-01" / "part_001.gz", [tree(2), tree(3)])
    if manifest is not None:
        small.write_text(directory / manifest, json.dumps({"entries": list(entries)}))
    return directory


BOTH = (entry("2024-01-01", 0, 1), entry("2024-02-01", 1, 2))


def names(inputs: Path, source: Source = FOREST, *, allow_incomplete: bool = False) -> list[str]:
    """Return the names of the parts that are found."""
    found = parts.find(inputs, source, allow_incomplete=allow_incomplete)
    return [part.name for part in found.parts]


def test_patterns_match_below_any_directory_or_none(tmp_path: Path) -> None:
    for name in ("trees.jsonl", "a/b/trees_2.csv", "a/trees.txt", "a/tree.csv", "a/x.trees.csv"):
        small.write_text(tmp_path / name, "x")

    assert names(tmp_path) == ["a/b/trees_2.csv", "trees.jsonl"]


def test_a_part_belongs_to_the_first_kind_that_it_fits(tmp_path: Path) -> None:
    small.write_text(tmp_path / "botany" / "kinds.csv", "x")
    small.write_text(tmp_path / "botany" / "cells.csv", "x")
    found = parts.find(tmp_path / "botany", BOTANY, allow_incomplete=False)

    assert [part.intake for part in found.parts] == list(reversed(BOTANY.intakes))


@pytest.mark.parametrize("manifest", ["trees/manifest", "manifest.json", "trees/manifest.json"])
def test_a_manifest_beside_or_above_the_partitions_counts(tmp_path: Path, manifest: str) -> None:
    found = parts.find(snapshot(tmp_path, manifest, *BOTH), FOREST, allow_incomplete=False)

    assert [part.n_records_listed for part in found.parts] == [1, 2]
    assert found.listed == tuple(line["url"] for line in BOTH)


@pytest.mark.parametrize("manifest", ["trees/manifest", "manifest.json"])
def test_the_directory_of_an_entity_can_be_named_alone(tmp_path: Path, manifest: str) -> None:
    others: dict[str, object] = {
        "url": "s3://forest/data/birds/updated_date=2024-01-01/part_000.gz",
        "meta": {},
    }
    snapshot(tmp_path, manifest, *BOTH, others)

    assert names(tmp_path / "trees") == [
        "updated_date=2024-01-01/part_000.gz",
        "updated_date=2024-02-01/part_001.gz",
    ]


def test_a_manifest_names_its_parts_even_if_the_directory_was_renamed(tmp_path: Path) -> None:
    snapshot(tmp_path, "trees/manifest", *BOTH)
    (tmp_path / "trees").rename(tmp_path / "copy")

    assert names(tmp_path / "copy") == [
        "updated_date=2024-01-01/part_000.gz",
        "updated_date=2024-02-01/part_001.gz",
    ]


def test_a_snapshot_without_manifest_is_refused_and_said_so(tmp_path: Path) -> None:
    snapshot(tmp_path, None)

    with pytest.raises(SourceError, match="there is no `manifest` or") as raised:
        names(tmp_path)
    assert str(tmp_path / "trees") in raised.value.problem
    assert "--allow-incomplete" in raised.value.remedy
    assert len(names(tmp_path, allow_incomplete=True)) == 2


def test_absent_parts_are_named(tmp_path: Path) -> None:
    absent = [entry("2024-03-01", number, 5) for number in range(4)]
    snapshot(tmp_path, "trees/manifest", *BOTH, *absent)

    with pytest.raises(SourceError, match="lists 6 parts; 4 of them are not here") as raised:
        names(tmp_path)
    assert str(tmp_path / "trees" / "updated_date=2024-03-01" / "part_000.gz") in str(raised.value)
    assert "--allow-incomplete" in raised.value.remedy


def test_a_manifest_whose_parts_are_all_absent_is_an_incomplete_snapshot(tmp_path: Path) -> None:
    small.write_text(tmp_path / "trees" / "manifest", json.dumps({"entries": list(BOTH)}))

    with pytest.raises(SourceError, match="lists 2 parts; 2 of them are not here"):
        names(tmp_path)


def test_an_incomplete_snapshot_says_so_in_the_lake(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    snapshot(tmp_path / "in", "trees/manifest", *BOTH, entry("2024-03-01", 0, 5))
    report = add(lake, tmp_path / "in", allow_incomplete=True)

    assert (report.n_parts_in_lake, report.n_parts_listed) == (2, 3)
    (row,) = ledger.registers_table(ledger.read_registers(lake)).to_pylist()
    assert (row["n_parts"], row["n_parts_listed"], row["n_records"]) == (2, 3, 3)


def test_another_number_of_records_than_listed_is_refused(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    snapshot(tmp_path / "in", "manifest.json", BOTH[0], entry("2024-02-01", 1, 3))

    with pytest.raises(SourceError, match="the manifest lists 3 records, the file holds 2"):
        add(lake, tmp_path / "in")
    small.write_text(tmp_path / "in" / "manifest.json", json.dumps({"entries": list(BOTH)}))
    assert add(lake, tmp_path / "in").n_parts_read == 1


@pytest.mark.parametrize("text", ["", "[]", '{"entries": [{"link": "x"}]}', '{"entries": [7]}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    snapshot(tmp_path, None)
    small.write_text(tmp_path / "trees" / "manifest", text)

    with pytest.raises(SourceError, match="manifest is not a list of parts"):
        names(tmp_path)


def test_the_sample_snapshot_lists_more_than_it_holds() -> None:
    sample = Path(__file__).parents[1] / "samples" / "openalex" / "snapshot_2023" / "works"
    trees = Source(
        name="openalex",
        title="",
        licence="",
        url="",
        citation="",
        scope="census",
        intakes=(small.renamed(("**/works/**/part_*.gz",)),),
    )
    with pytest.raises(SourceError, match=r"manifest lists \d+ parts; \d+ of them are not here"):
        names(sample, trees)
    found = parts.find(sample, trees, allow_incomplete=True)
    assert [part.n_records_listed for part in found.parts] == [27]
