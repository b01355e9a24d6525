"""A lake that several processes use at once: readers while it is rebuilt, and two writers."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from pathlib import Path

from fourseas.errors import LakeError
from fourseas.lake import layout
from fourseas.lake.layout import Lake
from tests.lake import small


@dataclass
class Read:
    """How often a lake was read while it was rebuilt, and how often that was no version."""

    n_reads: int = 0
    n_wrong: int = 0


def _build_in_turn(root: Path, n_builds: int) -> None:
    """Build a lake by two recipes in turn, and every table of it each time."""
    lake = layout.locate(root)
    for number in range(n_builds):
        small.make(lake, small.RECIPE if number % 2 else small.CHANGED)


def read_during_builds(lake: Lake, *, n_builds: int) -> Read:
    """Read the current version over and over while another process builds."""
    before = small.current_rows(lake)
    context = multiprocessing.get_context("forkserver")
    builder = context.Process(target=_build_in_turn, args=(lake.root, n_builds))
    builder.start()
    found = Read()
    seen = []
    while builder.is_alive():
        seen.append(small.current_rows(lake))
        builder.join(timeout=0.02)
    assert builder.exitcode == 0
    other = before | {"notes": small.NOTES.slice(1).to_pylist()}
    found.n_reads = len(seen)
    found.n_wrong = sum(rows not in (before, other) for rows in seen)
    return found


def _add_patiently(root: Path, inputs: Path) -> None:
    """Add files; where another process writes, wait for it as a person would."""
    lake = layout.locate(root)
    while True:
        try:
            small.add(lake, inputs)
        except LakeError as error:
            if "writ" not in error.problem:
                raise
        else:
            return


def write_twice(lake: Lake, place: Path) -> dict[str, int]:
    """Let two processes add different files at once; count how many of both are there after."""
    context = multiprocessing.get_context("forkserver")
    writers = []
    for number in range(2):
        inputs = place / f"writer_{number}"
        trees = [small.tree(n, "oak") for n in range(1000 * (number + 1), 1000 * (number + 1) + 9)]
        small.write_lines(inputs / f"trees_{number}.jsonl", trees)
        writers.append(context.Process(target=_add_patiently, args=(lake.root, inputs)))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    small.make(lake)
    keys = [row["tree_key"] for row in small.current_rows(lake)["trees"]]
    wanted = {*range(1000, 1009), *range(2000, 2009)}
    return {
        "done": sum(writer.exitcode == 0 for writer in writers),
        "wrong": len(wanted.symmetric_difference(k for k in keys if k in range(1000, 3000)))
        + len(keys)
        - len(set(keys)),
    }
