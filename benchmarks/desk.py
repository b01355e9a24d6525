"""Where a benchmark works, and how it starts what it measures."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import environments
from benchmarks.measured import Measure, measured
from benchmarks.outcomes import Run

SEED = 1
SNAPSHOT = "2025-06-01"
WORKS_OF_PART = 100_000

PEERS_MAY_USE = 0.85
"""Part of the machine's memory at which a peer is ended rather than the machine."""

SPARK_MEMORY = "8g"


class FailedError(Exception):
    """A command did not end well."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of its own for one size.

    Attributes
    ----------
    size
        How many works.
    root
        Folder of the benchmark; environments of peers are kept there for all sizes.
    times
        How often what takes seconds is run; the least counts.
    memory
        What the engine may use, such as `4 GB`; null for what a lake allows by itself.
    """

    size: int
    root: Path
    times: int
    memory: str | None = None

    @property
    def folder(self) -> Path:
        """Where all of this size goes."""
        return self.root / str(self.size)

    @property
    def lake(self) -> Path:
        """The lake of all works."""
        return self.folder / "lake"

    @property
    def pieces(self) -> Path:
        """What was measured of each piece of the lake that is filled."""
        return self.folder / "pieces.json"

    @property
    def built(self) -> Path:
        """What was measured of each table of a build that is not finished."""
        return self.folder / "built.jsonl"

    def forget(self) -> None:
        """Forget the lake: the next run fills another."""
        self.pieces.unlink(missing_ok=True)
        self.built.unlink(missing_ok=True)
        shutil.rmtree(self.lake, ignore_errors=True)

    @property
    def version(self) -> Path:
        """The tables of the lake as they are now."""
        return self.lake / "versions" / (self.lake / "CURRENT").read_text("ascii").strip()

    def limit(self) -> None:
        """Set what the engine may use in the settings of the lake, as a user does."""
        settings = self.lake / "lake.json"
        stated = json.loads(settings.read_text(encoding="utf-8")) | {"memory_limit": self.memory}
        settings.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")

    def table(self, name: str) -> str:
        """Return where a table of the lake is, as Parquet that engines take for a path."""
        whole = self.version / f"{name}.parquet"
        return str(whole / "*.parquet" if whole.is_dir() else whole)

    def fourseas(self, *words: object, folder: Path | None = None) -> Run:
        """Run a command of fourseas as a user does.

        Raises
        ------
        FailedError
            If it does not end well.
        """
        name = str(words[0])
        command = [sys.executable, "-m", "fourseas", *map(str, words)]
        return self._run(name, command, folder=folder)[0]

    def ours(self, task: str, **about: object) -> tuple[Run, dict[str, Any]]:
        """Run a task of `benchmarks.ours`.

        Raises
        ------
        FailedError
            If it does not end well.
        """
        command = [sys.executable, "-m", "benchmarks.ours", task, self._note(task, about)]
        folder = self.lake if task in {"build", "step_by_engine"} else None
        return self._run(task, command, folder=folder)

    def peer(self, name: str, *words: str, **about: object) -> tuple[Run, dict[str, Any]]:
        """Run a peer in its own environment.

        Raises
        ------
        AbsentPeerError
            If it cannot be installed here.
        FailedError
            If it does not end well, or needs too much memory.
        """
        python = environments.python_of(name, self.root / "peers")
        scratch = self.folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        if name == "spark":
            about |= {"memory": SPARK_MEMORY, "work": str(scratch)}
        script = str(environments.PEERS / f"{name}.py")
        label = "-".join((name, *words))
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
        try:
            return self._run(
                label,
                # A script bears the name of its library: with -P it does not find itself.
                [python, "-P", script, *words, self._note(label, about)],
                limit_mb=PEERS_MAY_USE * memory,
            )
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _note(self, task: str, about: dict[str, object]) -> str:
        """Write down what a task is about."""
        path = self.folder / "tasks" / f"{task}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(about, default=str), encoding="utf-8")
        return str(path)

    def _run(
        self,
        name: str,
        command: Sequence[str],
        *,
        limit_mb: float | None = None,
        folder: Path | None = None,
    ) -> tuple[Run, dict[str, Any]]:
        log = self.folder / "logs" / f"{name}.txt"
        found = measured(command, log=log, limit_mb=limit_mb, folder=folder)
        if found.is_stopped:
            message = f"{name} was ended when it held {found.anonymous_mb:,.0f} MB of memory"
            raise FailedError(message)
        if found.code:
            last = (log.read_text("utf-8", errors="replace").strip().splitlines() or [""])[-1]
            message = f"{name} ended with {found.code}: {last[:300]} ({log})"
            raise FailedError(message)
        told = _told(found)
        return _run_of(found, told), told


def _told(found: Measure) -> dict[str, Any]:
    """Return what a task printed last."""
    line = (found.output.strip().splitlines() or ["{}"])[-1]
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _run_of(found: Measure, told: dict[str, Any]) -> Run:
    run = {
        "wall_s": found.wall_s,
        "cpu_s": found.cpu_s,
        "peak_mb": found.peak_mb,
        "anonymous_mb": found.anonymous_mb,
    }
    if found.disk_mb:
        run["disk_mb"] = found.disk_mb
    return run | {name: round(told[name], 4) for name in ("inner_s", "inner_cpu_s") if name in told}


def least(times: int, once: Callable[[], tuple[Run, dict[str, Any]]]) -> tuple[Run, dict[str, Any]]:
    """Run something several times; return its least seconds and its greatest memory.

    What it told is that of the last time.
    """
    runs = [once() for _ in range(times)]
    best = {
        name: (max if name.endswith("_mb") else min)(run[name] for run, _ in runs)
        for name in runs[0][0]
    }
    return best | {"times": float(times)}, runs[-1][1]
