"""Killed at any moment: what was built stays readable, and running again ends as if nothing was.

Kills fall on all that a lake grows by: parts that are read here, parts that are fetched from a
server and read at once, a snapshot that takes the place of another, a build.
"""

from __future__ import annotations

import multiprocessing
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import perf_counter

import pytest

from fourseas.lake import ledger
from fourseas.lake.build import BUILDING
from fourseas.lake.layout import Lake
from tests.lake import growth, small
from tests.lake.server import Shelf, serving

NEVER = -1


@dataclass(frozen=True)
class Clean:
    """A growth that nobody killed: its files, its result, and what it took."""

    files: Path
    url: str
    before: dict[str, small.Rows]
    after: dict[str, small.Rows]
    n_changes: int
    seconds: float


def start(lake: Lake, files: Path, url: str, die_at: int) -> BaseProcess:
    """Start a process in which the lake grows."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.lake.growth"])
    process = context.Process(target=growth.grow_until, args=(lake.root, files, url, die_at))
    process.start()
    return process


@pytest.fixture(scope="module")
def clean(settled: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clean]:
    """Return a growth from start to end, with the server that it fetches from."""
    place = tmp_path_factory.mktemp("clean")
    growth.write_growth(place / "files")
    with serving(Shelf(place / "files" / "bucket")) as shelf:
        start(small.copy_of(settled, place / "warm"), place / "files", shelf.url, NEVER).join()
        lake = small.copy_of(settled, place / "lake")
        began = perf_counter()
        process = start(lake, place / "files", shelf.url, NEVER)
        process.join()
        seconds = perf_counter() - began
        assert process.exitcode == 0
        yield Clean(
            files=place / "files",
            url=shelf.url,
            before=small.current_rows(settled),
            after=small.current_rows(lake),
            n_changes=int((place / "files" / "n_changes").read_text(encoding="ascii")),
            seconds=seconds,
        )


def assert_nothing_is_lost(lake: Lake, clean: Clean) -> None:
    """Read the lake as the killed process left it, run again, and compare with the clean run."""
    assert small.current_rows(lake) in (clean.before, clean.after)
    for version in lake.complete_versions():
        names = {table.name for table in ledger.read_ledger(version).tables}
        assert set(small.version_rows(version)) == names

    growth.grow(lake, clean.files, clean.url)

    assert small.current_rows(lake) == clean.after
    assert not list(lake.temporary.iterdir())
    assert not [path for path in lake.incoming.rglob("*") if path.is_file()]
    assert not list(lake.versions.glob(f"{BUILDING}*"))
    assert not list(lake.root.rglob("*.draft"))
    named = {part.stage for register in ledger.read_registers(lake) for part in register.parts}
    assert {path.name for path in lake.staging.glob("*/*") if path.is_dir()} == named


def test_growth_changes_what_readers_see(clean: Clean) -> None:
    # The new snapshot no longer knows beanstalks, so that theirs is no longer left out.
    n_grown = 4000 + growth.N_FETCHED * growth.TREES_OF_PART + 1
    assert len(clean.after["trees"]) == len(clean.before["trees"]) + n_grown
    assert clean.after["kinds"] == [{"kind": "oak", "height_km": 0.04}]


def test_killed_before_a_change_on_the_disk(
    settled: Lake, clean: Clean, tmp_path: Path, kill_at_change: float
) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    process = start(lake, clean.files, clean.url, 1 + int(kill_at_change * clean.n_changes))
    process.join()

    assert process.exitcode == -signal.SIGKILL
    assert_nothing_is_lost(lake, clean)


def test_killed_at_a_moment(
    settled: Lake, clean: Clean, tmp_path: Path, kill_in_time: float
) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    process = start(lake, clean.files, clean.url, NEVER)
    process.join(timeout=kill_in_time * clean.seconds)
    process.kill()
    process.join()

    assert_nothing_is_lost(lake, clean)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Spread kills over the whole, one in each equal piece of it, so that no phase is left out."""
    n_kills = int(metafunc.config.getoption("kills"))
    for name, n in (("kill_at_change", n_kills - n_kills // 3), ("kill_in_time", n_kills // 3)):
        if name in metafunc.fixturenames:
            draws = (random.Random(kill).random() for kill in range(n))  # noqa: S311
            metafunc.parametrize(name, [(kill + draw) / n for kill, draw in enumerate(draws)])
