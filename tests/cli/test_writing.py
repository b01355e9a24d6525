"""Files that a user names: whole or not at all, and only over plain files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fourseas.cli import writing
from fourseas.errors import FourseasError


def test_a_new_file_gets_the_rights_of_the_process_and_a_replaced_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    new, old = tmp_path / "new.csv", tmp_path / "old.csv"
    old.write_text("before")
    old.chmod(0o640)
    before = os.umask(0o022)
    try:
        writing.write({new: b"a", old: b"b"})
    finally:
        os.umask(before)

    assert (new.read_bytes(), old.read_bytes()) == (b"a", b"b")
    assert new.stat().st_mode & 0o777 == 0o644
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("before")
    link.symlink_to(target)

    writing.write({link: b"after"})

    assert link.is_symlink()
    assert target.read_text() == "after"


def test_pipes_directories_and_read_only_files_stay_as_they_are(tmp_path: Path) -> None:
    pipe, directory, kept = tmp_path / "pipe.csv", tmp_path / "dir.csv", tmp_path / "kept.csv"
    os.mkfifo(pipe)
    directory.mkdir()
    kept.write_text("before")
    kept.chmod(0o444)

    for path, said in ((pipe, "device"), (directory, "directory"), (kept, "read-only")):
        with pytest.raises(FourseasError, match=said):
            writing.write({tmp_path / "first.csv": b"x", path: b"x"})

    assert pipe.is_fifo()
    assert kept.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dir.csv", "kept.csv", "pipe.csv"]


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FourseasError, match="There is no directory") as raised:
        writing.write({tmp_path / "none" / "x.csv": b"x"})

    assert "Make it first" in raised.value.remedy


def test_an_ending_that_says_nothing_is_met_with_those_that_do() -> None:
    with pytest.raises(FourseasError, match=r"x\.xlsx") as raised:
        writing.kind(Path("x.xlsx"), (".csv", ".json"))

    assert ".csv or .json" in raised.value.remedy
