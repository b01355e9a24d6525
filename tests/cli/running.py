"""Commands run in this process, as a user meets them."""

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


def run(*words: str, columns: int = 200) -> Ended:
    """Run a command in this process, on a screen so many signs wide."""
    streams = {
        name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        for name in ("stdout", "stderr")
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            main(words)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    out, err = (stream.buffer.getvalue().decode() for stream in streams.values())
    return Ended(code, out, err)
