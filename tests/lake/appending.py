"""Processes that append to an audit log, and can be killed at any of their steps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from fourseas.lake import audit, layout
from fourseas.lake.audit import Appended, Draft
from fourseas.lake.chain import JsonMapping
from fourseas.lake.layout import Lake
from fourseas.lake.sealing import Keeping

KEEPING = Keeping(purpose="to show who decided", expires_on="2031-01-01")
TOUCHING = {"os.mkdir", "os.remove", "os.rename", "os.truncate"}


def append(
    lake: Lake, body: JsonMapping, *, case: str | None = None, kind: audit.Kind = "note"
) -> Appended:
    """Append a record."""
    return audit.append(lake, Draft(kind=kind, case=case, body=body, keeping=KEEPING))


def decide(lake: Lake, name: str, n: int = 0) -> Appended:
    """Append a decision of a named person."""
    return append(lake, {"n": n, "by": {"name": name}, "outcome": "open"}, kind="decision")


def append_many(root: Path, writer: int, n_records: int, heads: Path) -> None:
    """Append records; tell each head, after it is safe, in one line of a file."""
    lake = layout.locate(root)
    with heads.open("ab", buffering=0) as told:
        for n in range(n_records):
            done = decide(lake, f"Writer {writer}", n)
            told.write(f"{done.record.seq} {done.record.head} {writer} {n}\n".encode())


def append_until(root: Path, die_at: int, told: Path) -> None:
    """Append; be killed before the disk changes for that time, or tell how often it does."""
    n_changes = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal n_changes
        if event in TOUCHING or (event == "open" and _is_writing(arguments)):
            n_changes += 1
            if n_changes == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    lake = layout.locate(root)
    sys.addaudithook(count)
    decide(lake, "Zoe Example", 1)
    decide(lake, "Bo Example", 2)
    counted, n_changes = n_changes, -1_000_000
    told.write_text(str(counted), encoding="ascii")


def _is_writing(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
