"""`fourseas add`: the plan before, the lines meanwhile, the report after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourseas.cli.bars import Bars
from tests.commands import run
from tests.lake import small
from tests.lake.server import Shelf, serving
from tests.lake.small import write_lines

OPENALEX = ("--source", "openalex", "--snapshot", "2025-06-01")


def work(number: int) -> dict[str, object]:
    """Return the record of a work."""
    return {
        "id": f"https://openalex.org/W{number}",
        "type": "article",
        "publication_year": 2020 if number % 2 else None,
    }


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Serve a snapshot of two parts of ten works."""
    listed = []
    for number in range(2):
        name = f"works/updated_date=2024-0{number + 1}-01/part_000.gz"
        path = tmp_path / "bucket" / "data" / "jsonl" / name
        write_lines(path, [work(10 * number + n) for n in range(10)])
        listed.append((f"s3://openalex/data/jsonl/{name}", 10))
    small.write_manifest(tmp_path / "bucket" / "data" / "jsonl" / "manifest.json", listed)
    with serving(Shelf(tmp_path / "bucket")) as opened:
        yield opened


@pytest.fixture
def lake(tmp_path: Path) -> str:
    """Return the path of a lake without works."""
    assert run("init", str(tmp_path / "lake"), "--scope", "corpus").returncode == 0
    return str(tmp_path / "lake")


def test_a_plan_is_shown_and_nothing_read(lake: str, shelf: Shelf) -> None:
    planned = run("add", lake, f"{shelf.url}/data/jsonl", *OPENALEX, "--dry-run")

    assert planned.returncode == 0, planned.stderr
    (line,) = [line for line in planned.stdout.splitlines() if line.lstrip().startswith("works")]
    assert line.split()[:5] == ["works", "jsonl", "2", "0", "20"]
    assert "MB are free. At most about" in planned.stdout
    assert "Estimated roughly" in planned.stdout
    assert shelf.fetched() == []


def test_works_are_added_from_a_server_and_what_is_wanting_is_told(lake: str, shelf: Shelf) -> None:
    added = run("add", lake, f"{shelf.url}/data/jsonl/works", *OPENALEX)

    assert added.returncode == 0, added.stderr
    assert "openalex: 20 records in 2 parts, 2 of them read now" in added.stdout
    (line,) = [line for line in added.stdout.splitlines() if "records without a year" in line]
    assert line.split()[-2:] == ["10", "0.5"]


def test_a_report_and_a_plan_are_printed_for_programs(lake: str, shelf: Shelf) -> None:
    words = ("add", lake, f"{shelf.url}/data/jsonl", *OPENALEX, "--format", "json")
    planned, added = json.loads(run(*words, "--dry-run").stdout), json.loads(run(*words).stdout)

    assert planned["kinds"][0]["n_records"] == added["n_records"] == 20
    assert added["findings"][1] == {"what": "records without a year", "n": 10, "n_of": 20}


def test_a_bad_part_ends_the_command_with_a_list(lake: str, shelf: Shelf) -> None:
    place = shelf.root / "data" / "jsonl" / "works" / "updated_date=2024-02-01" / "part_000.gz"
    place.unlink()
    added = run("add", lake, f"{shelf.url}/data/jsonl", *OPENALEX)

    assert added.returncode == 1
    assert "1 of 2 parts could not be added" in added.stderr
    assert "updated_date=2024-02-01/part_000.gz is not there" in added.stderr


def test_an_address_with_a_query_is_refused(lake: str) -> None:
    added = run("add", lake, "https://example.org/works?x=1", *OPENALEX)

    assert added.returncode == 1
    assert "is not the address of a file or directory" in added.stderr


def test_lines_tell_how_far_and_how_fast_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Bars(seconds_between_lines=0.0) as bars:
        bars.start(4e6, "Reading trees", "bytes")
        bars.advance(1e6, "part_000.gz (5 records/s)")
        bars.finish()
        bars.start(3, "Building")
        bars.advance(2, "works")
        bars.finish()

    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Reading trees: part_000.gz (5 records/s), 1/4 MB, ")
    assert " MB/s, about 0 min left" in first
    assert second == "Building: works, 2/3, about 0 min left"


def test_lines_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars(seconds_between_lines=1000.0) as bars:
        bars.start(3, "Building")
        for name in ("works", "cells", "rest"):
            bars.advance(1, name)
        bars.finish()

    assert capsys.readouterr().err == ""
