"""A lake that an older fourseas made is read, built anew, and loses nothing that people did."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from fourseas import catalog, workspace
from fourseas.errors import LakeError
from fourseas.lake import audit, health, layout, ledger, lists
from fourseas.selection import Selection
from tests.embedded import Silent

STORED = Path(__file__).parents[1] / "samples" / "older_lake" / "lake.tar.xz"
HEAD = "1919a83570b3acec0b9d571deeb2ca0fc417720b1df7dcc451336a2049c0a8f5"
"""Of its audit log, as the older fourseas printed it."""


def _unpacked(place: Path) -> Path:
    with tarfile.open(STORED) as stored:
        stored.extractall(place, filter="data")
    return place / "lake"


def _files(root: Path, *below: str) -> dict[str, str]:
    """Return the hash of every file below some directories of a lake, but locks."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for one in below
        for path in sorted((root / one).rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def _doctor(lake: Path) -> str:
    command = [sys.executable, "-m", "fourseas", "doctor", str(lake), "--format", "json"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the lake as the older fourseas left it."""
    return _unpacked(tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the lake after this fourseas has built it."""
    lake = _unpacked(tmp_path_factory.mktemp("upgraded"))
    workspace.build(lake, Silent())
    return lake


def test_an_older_lake_is_whole_and_says_how_it_is_brought_up_to_date(older: Path) -> None:
    told = json.loads(_doctor(older))["lake"]

    assert {one["state"] for one in told} == {"good", "notice"}
    (notice,) = [one for one in told if "An older fourseas built it" in one["detail"]]
    assert "same_works" in notice["detail"]
    assert notice["remedy"] == f"Bring it up to date: fourseas build {older}"


def test_what_an_older_lake_has_is_read_and_what_it_lacks_is_told(older: Path) -> None:
    with workspace.open(older) as opened:
        assert opened.table("unit_cells").count().execute() == 1241
        with pytest.raises(LakeError, match=r"older fourseas built it\.\nBuild the lake again"):
            opened.table("same_works")


def test_a_column_that_an_older_lake_lacks_is_told(older: Path) -> None:
    with workspace.open(older) as opened:
        with pytest.raises(LakeError, match=r"has no column `p_joined`: an older fourseas built"):
            opened.table("funding")
        with pytest.raises(LakeError, match=r"Build the lake again"):
            opened.show(Selection(indicator="funding"))


def test_a_build_gives_an_older_lake_every_table_and_keeps_the_version_before(
    older: Path, upgraded: Path
) -> None:
    built = ledger.read_ledger(upgraded / "versions" / "000002")

    assert {step.writes.name for step in catalog.STEPS} <= {table.name for table in built.tables}
    assert _files(upgraded, "versions/000001") == _files(older, "versions/000001")
    assert {one.state for one in health.examine(layout.locate(upgraded), deep=True)} == {"good"}
    assert "An older fourseas" not in _doctor(upgraded)


def test_no_work_or_number_of_works_differs_after_the_build(upgraded: Path) -> None:
    def works(version: str) -> set[tuple[object, ...]]:
        path = upgraded / "versions" / version / "works.parquet"
        columns = ["register", "work_key", "year", "kind", "cited_by_count"]
        return {tuple(row.values()) for row in pq.read_table(path, columns=columns).to_pylist()}

    def by_country(version: str) -> dict[str, int]:
        path = upgraded / "versions" / version / "unit_cells.parquet"
        cells = pq.read_table(path).filter(
            (pc.field("unit_type") == "country")
            & (pc.field("definition_id") == "openalex")
            & (pc.field("field_id") == "all")
        )
        sums = cells.group_by("unit_id").aggregate([("n", "sum")]).to_pylist()
        return {row["unit_id"]: row["n_sum"] for row in sums}

    assert works("000001") == works("000002")
    assert len(by_country("000001")) > 10
    assert by_country("000001") == by_country("000002")


def test_decisions_lists_and_persons_are_as_they_were(older: Path, upgraded: Path) -> None:
    lake = layout.locate(upgraded)
    people = ("policy", "staging")

    assert _files(upgraded, *people) == _files(older, *people)
    assert (upgraded / "lake.json").read_bytes() == (older / "lake.json").read_bytes()
    assert [one.kind for one in audit.records(lake)] == [
        "list",
        "list_review",
        "list_review",
        "finding",
        "decision",
        "fulfilment",
    ]
    assert hashlib.sha256(lake.audit.read_bytes().splitlines()[-1]).hexdigest() == HEAD
    (edition,) = lists.editions(lake, "agreements")
    assert edition.number == 1
