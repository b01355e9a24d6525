"""Asking for help opens no engine: the libraries that take long to load wait for a command."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("duckdb", "ibis", "numpy", "pandas", "pyarrow", "pyspark", "vl_convert")

REPORT = f"""
import sys
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""

HELP = f"""
import atexit, sys
def report():
    print("loaded:", *(name for name in {HEAVY!r} if name in sys.modules))
atexit.register(report)
sys.argv = ["fourseas", "--help"]
from fourseas.cli import main
main()
"""


def _run(code: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.parametrize("module", ["fourseas", "fourseas.cli"])
def test_importing_loads_no_engine(module: str) -> None:
    assert _run(f"import {module}\n{REPORT}").split() == []


def test_help_loads_no_engine() -> None:
    printed = _run(HELP)

    assert "Usage" in printed
    assert printed.splitlines()[-1].split() == ["loaded:"]


def test_the_workspace_loads_no_statistics_before_a_model_needs_them() -> None:
    printed = _run("import sys, fourseas.workspace\nprint('scipy.stats' in sys.modules)")

    assert printed.split() == ["False"]
