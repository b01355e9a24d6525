"""Every reader fuzzed for a time, guided by what its code does, and what was found."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import cast

from tests.fuzz.readers import READERS
from tools.trust import record

HANGS = 20
"""A process that has taken so many times its seconds hangs."""


def fuzz(root: Path, seconds: float, names: Collection[str] = ()) -> Iterator[dict[str, object]]:
    """Give readers files for so many CPU seconds, and tell of all after each.

    Where some are named, the others are told as they were last fuzzed.

    Yields
    ------
    dict
        By reader: CPU ``seconds``; ``n`` files that were read; ``kept`` of them, which reached
        code that no file before had reached; the CPU seconds of the ``slowest``; ``findings``:
        errors that are not ours, files that took too long, processes that died; the file of
        each in hexadecimal, in ``examples``; and the ``commit`` at which it was fuzzed.
    """
    before = record.read(root).get("fuzz")
    told = dict(before.found) if names and before is not None else {}
    for reader in READERS:
        if not names or reader.name in names:
            told[reader.name] = {**_fuzzed(reader.name, seconds), "commit": record.commit(root)}
            yield told


def _fuzzed(name: str, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as place:
        result = Path(place) / "result.json"
        command = [sys.executable, "-m", "tools.trust.guided", name, str(seconds), str(result)]
        try:
            ended = subprocess.run(  # noqa: S603  (our own module)
                command, check=False, capture_output=True, timeout=60 + HANGS * seconds
            )
        except subprocess.TimeoutExpired:
            return _died("the reader hangs", seconds)
        if not result.is_file():
            last = ended.stderr.decode("utf-8", "replace").splitlines()[-5:]
            return _died(f"ended with {ended.returncode}: {' '.join(last)}", seconds)
        return cast("dict[str, object]", json.loads(result.read_text(encoding="utf-8")))


def _died(how: str, seconds: float) -> dict[str, object]:
    return {
        "seconds": seconds,
        "n": 0,
        "kept": 0,
        "slowest": 0.0,
        "findings": [how],
        "examples": [""],
    }
