"""What a command costs: wall, CPU seconds and memory of all the processes that it starts.

Linux only: it reads /proc. CPU seconds are those that the kernel tells of every process when it
has ended, also of one whose own parent did not wait for it, such as the JVM of Spark.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAUSE = 0.05
"""Seconds between two looks at the memory of all processes."""

LOOKS_FOR_DISK = 20
"""Looks at the memory for each one at the disk."""

PATIENCE = 20.0
"""Seconds that processes may outlive the command that started them."""

ADOPT_ORPHANS = 36
"""Option of `prctl`: processes that lose their parent become children of this one."""

MEGABYTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a command cost.

    Attributes
    ----------
    wall_s
        Seconds until it ended.
    cpu_s
        User and system seconds of it and of all processes that it started.
    peak_mb
        Greatest sum of the resident memory of all of them; a page that several share counts
        for each.
    anonymous_mb
        Greatest sum of what of it no file and no other process holds.
    disk_mb
        Greatest size of the folder that was looked at, what was spilled there included.
    is_stopped
        Whether it was ended because it needed more memory than it was allowed.
    code
        How it ended: 0 is well.
    output
        What it printed.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    anonymous_mb: float
    disk_mb: float
    is_stopped: bool
    code: int
    output: str


@dataclass(slots=True)
class _Watch:
    """The memory of all processes below this one, looked at while a command runs."""

    limit_mb: float | None
    folder: Path | None
    peak_mb: float = 0.0
    anonymous_mb: float = 0.0
    disk_mb: float = 0.0
    is_stopped: bool = False
    _is_over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look until it is over."""
        for look in itertools.count():
            if self._is_over.wait(PAUSE):
                return
            if self.folder is not None and look % LOOKS_FOR_DISK == 0:
                self.disk_mb = max(self.disk_mb, megabytes(self.folder))
            resident, anonymous = 0.0, 0.0
            processes = list(descendants(os.getpid()))
            for process in processes:
                of_process = _memory(process)
                resident += of_process[0]
                anonymous += of_process[1]
            self.peak_mb = max(self.peak_mb, resident)
            self.anonymous_mb = max(self.anonymous_mb, anonymous)
            if self.limit_mb is not None and anonymous > self.limit_mb:
                self.is_stopped = True
                for process in processes:
                    _stop(process)

    def end(self) -> None:
        """Stop looking."""
        self._is_over.set()


def measured(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    limit_mb: float | None = None,
    folder: Path | None = None,
) -> Measure:
    """Run a command to its end and say what it cost; what it says of itself goes to a log.

    Nothing else that this process has started may be running.
    """
    if ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0) != 0:
        sys.exit("The kernel does not let this process adopt orphans: CPU would be missed.")
    log.parent.mkdir(parents=True, exist_ok=True)
    watch = _Watch(limit_mb, folder)
    looking = threading.Thread(target=watch.look)
    with tempfile.TemporaryFile() as output, log.open("w") as told:
        began = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=output, stderr=told, env={**os.environ, **(environment or {})}
        )
        looking.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
            wall_s = time.perf_counter() - began
            child.returncode = os.waitstatus_to_exitcode(status)
            cpu_s = usage.ru_utime + usage.ru_stime + _orphans_cpu()
        finally:
            watch.end()
            looking.join()
        output.seek(0)
        text = output.read().decode("utf-8", errors="replace")
    return Measure(
        wall_s=round(wall_s, 3),
        cpu_s=round(cpu_s, 3),
        peak_mb=round(watch.peak_mb, 1),
        anonymous_mb=round(watch.anonymous_mb, 1),
        disk_mb=round(max(watch.disk_mb, megabytes(folder) if folder else 0.0), 1),
        is_stopped=watch.is_stopped,
        code=child.returncode,
        output=text,
    )


def megabytes(folder: Path) -> float:
    """Return the size of all files below a folder, in MB."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118
    return total / MEGABYTE


def descendants(of: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that these have."""
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                status = (path / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:  # It has just ended.
                continue
            # The name of a process stands in brackets and may hold anything.
            parent = int(status.rpartition(")")[2].split()[1])
            children[parent].append(int(path.name))
    left = list(children[of])
    while left:
        process = left.pop()
        yield process
        left.extend(children[process])


def _memory(process: int) -> tuple[float, float]:
    """Return the resident memory of a process and what of it is its own, in MB."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0.0, 0.0
    resident, shared = (int(one) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE for one in pages[1:3])
    return resident, resident - shared


def _orphans_cpu() -> float:
    """Wait for processes that have outlived the command; return their CPU seconds."""
    cpu_s, deadline = 0.0, time.monotonic() + PATIENCE
    while True:
        try:
            process, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu_s
        if process:
            cpu_s += usage.ru_utime + usage.ru_stime
        elif time.monotonic() > deadline:
            for left in descendants(os.getpid()):
                _stop(left)
        else:
            time.sleep(PAUSE)


def _stop(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
