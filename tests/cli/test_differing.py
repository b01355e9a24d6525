"""`fourseas diff` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.running import Ended, run


def diff(lake: Path, *words: str) -> Ended:
    """Compare versions of a lake."""
    return run("diff", *words, "--lake", str(lake))


@pytest.fixture(scope="module")
def whole(changed_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write everything that changed between the version before and the current one."""
    path = tmp_path_factory.mktemp("diff") / "diff.json"
    ended = diff(changed_path, "--out", str(path))
    assert (ended.returncode, ended.stderr) == (0, "")
    return path


def test_a_screen_shows_what_is_asked_for_and_says_how_to_read_it(changed_path: Path) -> None:
    ended = diff(changed_path, "--only", "indicators", "--indicator", "collaboration")

    assert ended.returncode == 0
    assert "Before: version 1 of" in ended.stdout
    assert "0.142 to 0.402" in ended.stdout
    assert "moved: each value lies outside the interval of the other." in ended.stdout
    assert "about 17% would by chance alone" in ended.stdout
    assert "Works" not in ended.stdout


def test_json_holds_every_table_and_the_notes(whole: Path) -> None:
    told = json.loads(whole.read_text(encoding="utf-8"))

    assert (told["before"]["version"], told["after"]["version"]) == (1, 2)
    assert [*told["tables"]] == [
        "registers",
        "schema",
        "rows",
        "coverage",
        "countries",
        "indicators",
        "measures",
        "works",
    ]
    assert any("Many looks" in note for note in told["notes"])


def test_versions_are_named_by_number(changed_path: Path) -> None:
    ended = diff(changed_path, "2", "1", "--only", "registers", "--format", "json")
    (openalex,) = [
        row
        for row in json.loads(ended.stdout)["tables"]["registers"]
        if row["register"] == "openalex"
    ]

    assert openalex["snapshot_before"] > openalex["snapshot_after"]


def test_csv_holds_one_table_with_its_notes_beside(changed_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "works.csv"
    ended = diff(changed_path, "--only", "works", "--out", str(path))

    assert ended.returncode == 0
    with path.open(encoding="utf-8", newline="") as lines:
        assert {row["change"] for row in csv.DictReader(lines)} >= {"appeared", "another year"}
    assert "register's number" in (tmp_path / "works.csv.about.txt").read_text(encoding="utf-8")


def test_csv_of_everything_is_refused_with_the_parts(changed_path: Path) -> None:
    ended = diff(changed_path, "--format", "csv")

    assert ended.returncode == 1
    assert "csv holds one table, and a difference has 6." in ended.stderr
    assert "--only, of registers, schema, rows" in ended.stderr


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("7",), "There is no version 7"),
        (("2", "2"), "a version does not differ from itself"),
        (("2",), "a version does not differ from itself"),
        (("nowhere",), "no number of a version, and there is no lake of that path"),
        (("--threshold", "7"), "a share of works"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    changed_path: Path, words: tuple[str, ...], problem: str
) -> None:
    ended = diff(changed_path, *words)

    assert ended.returncode == 1
    assert problem in ended.stderr
    assert ended.stdout == ""


def test_a_slip_in_the_name_of_a_part_is_refused_with_all_of_them(changed_path: Path) -> None:
    ended = diff(changed_path, "--only", "registrs")

    assert ended.returncode == 2
    assert "registers" in ended.stderr


def test_another_lake_is_named_by_its_path(changed_path: Path, lake_path: Path) -> None:
    ended = diff(changed_path, str(lake_path), "--only", "registers")

    assert ended.returncode == 0
    assert f"of {lake_path}" in ended.stdout
    assert "disappeared" in ended.stdout
