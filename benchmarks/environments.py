"""The virtual environments of peers, and what is said of the machine."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

PEERS = Path(__file__).parent / "peers"

OURS = ("fourseas", "duckdb", "ibis-framework", "numba", "numpy", "pyarrow", "sqlglot")
"""Packages of this environment whose versions decide how fast fourseas is."""

QUIET = 0.1
"""Share of the processors in use above which a machine is doing something else."""

STAT = Path("/proc/stat")
WATCHED_S = 2.0
IDLE = (3, 4)
"""Places of the time without work, and of that waiting for a disk, in a line of `STAT`."""


class AbsentPeerError(Exception):
    """A peer cannot be run here; the benchmark goes on without it and says so."""


def python_of(peer: str, folder: Path) -> str:
    """Return the Python of a peer's environment, which is made first where it is missing.

    Raises
    ------
    AbsentPeerError
        If it cannot be installed, or needs what the machine does not have.
    """
    if peer == "spark" and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        message = "Spark needs a Java runtime, and none is installed"
        raise AbsentPeerError(message)
    lock = PEERS / f"{peer}.txt"
    place = folder / peer
    python = place / "bin" / "python"
    stamp = place / "installed.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
        shutil.rmtree(place, ignore_errors=True)
        for command in _commands(place, python, lock):
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            if ended.returncode:
                last = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
                message = f"{peer} could not be installed: {last}"
                raise AbsentPeerError(message)
        shutil.copyfile(lock, stamp)
    return str(python)


def _commands(place: Path, python: Path, lock: Path) -> list[list[str]]:
    """Return how an environment is made from a lock: by uv where it is present."""
    required = ["--require-hashes", "--requirement", str(lock)]
    if shutil.which("uv"):
        return [
            ["uv", "venv", "--quiet", "--python", sys.executable, str(place)],
            ["uv", "pip", "install", "--quiet", "--python", str(python), *required],
        ]
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    return [[sys.executable, "-m", "venv", str(place)], [*pip, "install", *required]]


def pinned(peer: str) -> dict[str, str]:
    """Return the versions that a peer's lock pins of what its list asks for."""
    asked = {
        line.split("[")[0].split("=")[0].split(">")[0].strip()
        for line in (PEERS / f"{peer}.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    lines = (PEERS / f"{peer}.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split(";")[0].rstrip(" \\").split("==") for line in lines if "==" in line)
    return {name: version.strip() for name, version in entries if name in asked}


def machine() -> dict[str, object]:
    """Return on what it runs."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in OURS},
        "peers": {path.stem: pinned(path.stem) for path in sorted(PEERS.glob("*.in"))},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def busy() -> float | None:
    """Return the share of the processors in use while this waits; null where none can tell.

    Not the load average: that of a minute holds the stage before.
    """
    if not STAT.is_file():
        return None
    before = _ticks()
    time.sleep(WATCHED_S)
    spent = [after - earlier for earlier, after in zip(before, _ticks(), strict=True)]
    return round(1 - sum(spent[place] for place in IDLE) / max(sum(spent), 1), 3)


def _ticks() -> list[int]:
    """Return what all processors have spent, by what they did."""
    return [int(tick) for tick in STAT.read_text(encoding="utf-8").splitlines()[0].split()[1:]]


def now() -> str:
    """Return the time in UTC, to the minute."""
    return dt.datetime.now(tz=dt.UTC).strftime("%Y-%m-%d %H:%M")
