"""A lake that grows in a process of its own, which can be killed at any of its steps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from fourseas.lake import fetch, ingest, layout
from fourseas.lake.layout import Lake
from tests.lake import small

TOUCHING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
"""Audit events that come before something on the disk changes."""

N_FETCHED = 5
"""Parts of a snapshot on a server, of which some are read at once."""

TREES_OF_PART = 700


def write_growth(directory: Path) -> None:
    """Write new parts of one register here and on a server, and a new snapshot of the other."""
    trees = [small.tree(n, "fir" if n % 3 else "oak", "green") for n in range(100, 4100)]
    small.write_lines(directory / "forest" / "trees_3.jsonl", trees[:2000])
    small.write_lines(directory / "forest" / "trees_4.jsonl.gz", trees[2000:])
    small.write_text(directory / "botany" / "kinds.csv", "kind,height_km\noak,0.04\n")
    parts = []
    for number in range(N_FETCHED):
        first = 10_000 + number * TREES_OF_PART
        name = f"trees/updated_date=2024-0{number + 1}-01/part_000.gz"
        later = [small.tree(n, f"kind {n * 7919}", "red") for n in range(first, first + 700)]
        small.write_lines(directory / "bucket" / name, later)
        parts.append((f"s3://forest/{name}", TREES_OF_PART))
    small.write_manifest(directory / "bucket" / "manifest.json", parts)


def grow(lake: Lake, files: Path, url: str) -> None:
    """Add both registers, one of them also from a server, and build."""
    small.add(lake, files / "forest")
    request = ingest.Request(source=small.FOREST, snapshot_on="2024-06-30")
    ingest.add(lake, fetch.address(url), request, small.Listener())
    request = ingest.Request(source=small.BOTANY, snapshot_on="2024-09-30", replace=True)
    ingest.add(lake, files / "botany", request, small.Listener())
    small.make(lake)


def grow_until(root: Path, files: Path, url: str, die_at: int) -> None:
    """Grow a lake; be killed before the disk changes for that time, or count the times."""
    n_changes = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal n_changes
        if event in TOUCHING or (event == "open" and _is_writing(arguments)):
            n_changes += 1
            if n_changes == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    grow(layout.locate(root), files, url)
    counted, n_changes = n_changes, -1
    (files / "n_changes").write_text(str(counted), encoding="ascii")


def _is_writing(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
