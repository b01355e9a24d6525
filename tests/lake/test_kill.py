"""Killed at any moment: what was built stays readable, and running again ends as if nothing was."""

from __future__ import annotations

import multiprocessing
import random
import signal
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import perf_counter

import pytest

from fourseas.lake import ledger
from fourseas.lake.build import BUILDING
from fourseas.lake.layout import Lake
from tests.lake import growth, small

KILLS_AT_CHANGES = 12
KILLS_IN_TIME = 6
NEVER = -1


@dataclass(frozen=True)
class Clean:
    """A growth that nobody killed: its files, its result, and what it took."""

    files: Path
    before: dict[str, small.Rows]
    after: dict[str, small.Rows]
    n_changes: int
    seconds: float


def start(lake: Lake, files: Path, die_at: int) -> BaseProcess:
    """Start a process in which the lake grows."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.lake.growth"])
    process = context.Process(target=growth.grow_until, args=(lake.root, files, die_at))
    process.start()
    return process


@pytest.fixture(scope="module")
def clean(settled: Lake, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """Return a growth from start to end."""
    place = tmp_path_factory.mktemp("clean")
    growth.write_growth(place / "files")
    start(small.copy_of(settled, place / "warm"), place / "files", NEVER).join()
    lake = small.copy_of(settled, place / "lake")
    began = perf_counter()
    process = start(lake, place / "files", NEVER)
    process.join()
    assert process.exitcode == 0
    return Clean(
        files=place / "files",
        before=small.current_rows(settled),
        after=small.current_rows(lake),
        n_changes=int((place / "files" / "n_changes").read_text(encoding="ascii")),
        seconds=perf_counter() - began,
    )


def assert_nothing_is_lost(lake: Lake, clean: Clean) -> None:
    """Read the lake as the killed process left it, run again, and compare with the clean run."""
    assert small.current_rows(lake) in (clean.before, clean.after)
    for version in lake.complete_versions():
        names = {table.name for table in ledger.read_ledger(version).tables}
        assert set(small.version_rows(version)) == names

    growth.grow(lake, clean.files)

    assert small.current_rows(lake) == clean.after
    assert not list(lake.temporary.iterdir())
    assert not list(lake.versions.glob(f"{BUILDING}*"))
    assert not list(lake.root.rglob("*.draft"))
    named = {part.stage for register in ledger.read_registers(lake) for part in register.parts}
    assert {path.name for path in lake.staging.glob("*/*") if path.is_dir()} == named


def test_growth_changes_what_readers_see(clean: Clean) -> None:
    assert clean.n_changes > KILLS_AT_CHANGES
    # The new snapshot no longer knows beanstalks, so that theirs is no longer left out.
    assert len(clean.after["trees"]) == len(clean.before["trees"]) + 4000 + 1
    assert clean.after["kinds"] == [{"kind": "oak", "height_km": 0.04}]


@pytest.mark.parametrize("kill", range(KILLS_AT_CHANGES))
def test_killed_before_a_change_on_the_disk(
    settled: Lake, clean: Clean, tmp_path: Path, kill: int
) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    # One in each twelfth of all changes, so that no phase is left out.
    place = (kill + random.Random(kill).random()) / KILLS_AT_CHANGES  # noqa: S311
    process = start(lake, clean.files, 1 + int(place * clean.n_changes))
    process.join()

    assert process.exitcode == -signal.SIGKILL
    assert_nothing_is_lost(lake, clean)


@pytest.mark.parametrize("kill", range(KILLS_IN_TIME))
def test_killed_at_a_moment(settled: Lake, clean: Clean, tmp_path: Path, kill: int) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    place = (kill + random.Random(kill).random()) / KILLS_IN_TIME  # noqa: S311
    process = start(lake, clean.files, NEVER)
    process.join(timeout=place * clean.seconds)
    process.kill()
    process.join()

    assert_nothing_is_lost(lake, clean)
