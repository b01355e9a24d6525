"""A lake's directory: made once, found again, written by one process at a time."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from fourseas.errors import LakeError
from fourseas.lake import layout
from tests.lake import small
from tests.lake.places import closed_to_writing


def test_a_lake_is_found_with_the_settings_it_was_made_with(tmp_path: Path) -> None:
    made = layout.init(tmp_path / "lake", scope="sample", memory_limit="2 GB", threads=3)

    assert layout.locate(tmp_path / "lake") == made
    assert (made.scope, made.memory_limit, made.threads) == ("sample", "2 GB", 3)


def test_every_lake_has_a_salt_of_its_own(tmp_path: Path) -> None:
    salts = {layout.init(tmp_path / name, scope="census").person_salt for name in "ab"}

    assert len(salts) == 2
    assert all(len(salt) == 32 for salt in salts)


def test_an_empty_directory_can_become_a_lake(tmp_path: Path) -> None:
    assert layout.init(tmp_path, scope="census").current() is None


def test_nothing_is_overwritten_by_a_new_lake(tmp_path: Path) -> None:
    small.write_text(tmp_path / "letter.txt", "Dear Li,")

    with pytest.raises(LakeError, match=r"exists and is not empty\.\nChoose another path"):
        layout.init(tmp_path, scope="census")
    with pytest.raises(LakeError, match="exists and is not empty"):
        layout.init(tmp_path / "letter.txt", scope="census")


@pytest.mark.parametrize(
    ("memory_limit", "threads", "message"),
    [("much", None, "`much` is not like 8 GB"), (None, 0, "0 threads are too few")],
)
def test_settings_that_mean_nothing_are_refused(
    tmp_path: Path, memory_limit: str | None, threads: int | None, message: str
) -> None:
    with pytest.raises(LakeError, match=message):
        layout.init(tmp_path, scope="census", memory_limit=memory_limit, threads=threads)


def test_a_directory_without_settings_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"is not a lake\.\nCreate one with `fourseas init"):
        layout.locate(tmp_path)


@pytest.mark.parametrize("text", ["{", "{}", '{"format": 1, "scope": "everything"}'])
def test_damaged_settings_are_named(tmp_path: Path, text: str) -> None:
    small.write_text(tmp_path / "lake.json", text)

    with pytest.raises(LakeError, match=r"lake\.json cannot be read"):
        layout.locate(tmp_path)


def test_a_lake_of_another_format_is_refused(tmp_path: Path) -> None:
    layout.init(tmp_path, scope="census")
    settings = tmp_path / "lake.json"
    stated = json.loads(settings.read_text(encoding="utf-8"))
    small.write_text(settings, json.dumps(stated | {"format": 99}))

    with pytest.raises(LakeError, match=r"format 99.*\nA newer fourseas made it: update"):
        layout.locate(tmp_path)
    small.write_text(settings, json.dumps(stated | {"format": 0}))
    with pytest.raises(LakeError, match="its format is 0, not 1"):
        layout.locate(tmp_path)


def test_two_writers_never_meet(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")

    with (
        layout.writing(lake),
        pytest.raises(LakeError, match=r"Another process is writing.*\nWait"),
        layout.writing(lake),
    ):
        pass
    with layout.writing(lake):
        pass


def test_a_writer_clears_workplaces_of_the_dead_alone(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    ours = lake.temporary / f"{os.getpid()}-cafe"
    dead = lake.temporary / "999999999-cafe"
    for path in (ours, dead):
        path.mkdir(parents=True)

    with layout.writing(lake):
        pass

    assert [path.name for path in lake.temporary.iterdir()] == [ours.name]


def test_a_lake_that_is_closed_to_writing_is_named(tmp_path: Path) -> None:
    with closed_to_writing(tmp_path) as place:
        with pytest.raises(LakeError, match="failed: Permission denied") as raised:
            layout.init(place / "lake", scope="census")
        assert str(place) in raised.value.problem
        assert "Free space or permissions" in raised.value.remedy


def test_a_replaced_text_is_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    layout.write_text(path, "000001\n")
    layout.write_text(path, "000002\n")

    assert path.read_text(encoding="utf-8") == "000002\n"
    assert [one.name for one in tmp_path.iterdir()] == ["CURRENT"]
    assert stat.S_ISREG(path.stat().st_mode)
