"""`fourseas doctor` says what is damaged, leaves with 1 for it, and says how it is mended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.commands import run


def test_a_whole_lake_is_said_to_be_whole(lake_path: Path) -> None:
    ended = run("doctor", str(lake_path), "--quick")

    assert ended.returncode == 0, ended.stderr
    assert "Nothing is damaged." in ended.stdout
    assert "duckdb" in ended.stdout


def test_a_damaged_lake_ends_with_1_until_it_was_mended(lake_path: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(lake_path, lake)
    next(lake.glob("versions/*/works.parquet")).write_bytes(b"")

    told = run("doctor", str(lake), "--quick", "--format", "json")
    repaired = run("doctor", str(lake), "--quick", "--repair")
    after = run("doctor", str(lake), "--quick", "--format", "json")

    (fault,) = [one for one in json.loads(told.stdout)["lake"] if one["state"] == "fault"]
    assert "works.parquet has 0 bytes" in fault["detail"]
    assert told.returncode == 1
    assert repaired.returncode == 1
    assert "fourseas build" in repaired.stdout
    assert after.returncode == 0


def test_a_folder_that_is_no_lake_is_said_to_be_none(tmp_path: Path) -> None:
    ended = run("doctor", str(tmp_path))

    assert ended.returncode == 1
    assert "is not a lake" in ended.stderr
