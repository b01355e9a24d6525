"""Commands as a user runs them, with what they print and return."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import pytest

from fourseas.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed and returned."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str) -> Ended:
    """Run a command in this process, on a screen 200 signs wide."""
    streams = {
        name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        for name in ("stdout", "stderr")
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            main(words)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    out, err = (stream.buffer.getvalue().decode() for stream in streams.values())
    return Ended(code, out, err)
