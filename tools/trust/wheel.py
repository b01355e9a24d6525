"""Whether two builds of the wheel are the same, byte for byte."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

EPOCH = "1577836800"
"""The moment that all files of the wheel bear: 2020-01-01."""


def wheel(root: Path) -> dict[str, object]:
    """Build the wheel twice; return its hash, and whether both have it."""
    hashes = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as name:
            command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", name]
            environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
            subprocess.run(  # noqa: S603  (our own build)
                command, cwd=root, env=environment, check=True, capture_output=True
            )
            (built,) = Path(name).glob("*.whl")
            hashes.append(hashlib.sha256(built.read_bytes()).hexdigest())
    return {"sha256": hashes[0], "is_reproducible": len(set(hashes)) == 1}
