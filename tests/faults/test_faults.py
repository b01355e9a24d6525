"""A few faults of each kind at steps of each scenario; `make trust` tries all of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fourseas.errors import LakeError
from fourseas.lake import full_text, layout
from fourseas.lake.layout import Lake
from tests.faults import running, sharing
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.lake import small
from tests.lake.places import files_end_at

FAULTS_OF_SCENARIO = 2


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one.name for one in SCENARIOS])
def test_a_fault_loses_nothing_and_shows_nothing_half_written(
    scenario: Scenario, tmp_path: Path
) -> None:
    clean = running.undisturbed(scenario, tmp_path / "clean")
    chosen = random.Random(scenario.name).sample(  # noqa: S311
        list(running.all_points(clean)), FAULTS_OF_SCENARIO
    )
    for at, kind in chosen:
        result = running.injected(clean, at, kind, tmp_path / "disturbed")
        assert result.wrong is None, f"step {at} of {scenario.name}: {result}"


def test_a_lake_whose_creation_was_interrupted_can_be_created(tmp_path: Path) -> None:
    path = tmp_path / "lake"
    path.mkdir()
    (path / f".{layout.SETTINGS}.draft").write_text("{", encoding="utf-8")

    assert small.new_lake(path).scope == "corpus"


def test_a_full_disk_leaves_no_draft_of_an_index(settled: Lake, tmp_path: Path) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    with files_end_at(10), pytest.raises(LakeError, match="File too large"):
        full_text.build(lake, lake.search / "x", [])

    assert not list(lake.temporary.iterdir())


def test_readers_of_a_lake_that_is_rebuilt_see_one_version_whole(
    settled: Lake, tmp_path: Path
) -> None:
    read = sharing.read_during_builds(small.copy_of(settled, tmp_path / "lake"), n_builds=3)

    assert read.n_reads > 0
    assert read.n_wrong == 0


def test_of_two_writers_one_waits_or_is_told(settled: Lake, tmp_path: Path) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")

    assert sharing.write_twice(lake, tmp_path) == {"wrong": 0, "done": 2}
