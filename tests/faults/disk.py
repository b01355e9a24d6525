"""A disk that fails at a chosen step: what Python and the engine are about to change is counted.

A step is an event that Python tells before the disk changes (open for writing, mkdir, rename,
remove, rmdir, link, truncate), or one of four calls that it does not tell and that are wrapped:
`os.fsync`, `os.write`, `Path.write_text` and the engine's own COPY. At a step that writes, half of
what is to be written is on the disk when the failure comes.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from ibis.backends.duckdb import Backend
from ibis.expr import types as ir

from fourseas.lake import engine

Kind = Literal["kill", "ENOSPC", "EIO", "EACCES"]
KINDS: tuple[Kind, ...] = ("kill", "ENOSPC", "EIO", "EACCES")

EVENTS = {
    "open": "open for writing",
    "os.mkdir": "make a directory",
    "os.rename": "rename",
    "os.remove": "remove",
    "os.rmdir": "remove a directory",
    "os.link": "link",
    "os.truncate": "truncate",
}
"""What Python tells before it happens, by its name of the event."""

NEVER = -1


@dataclass
class Disk:
    """Counts the steps of a process below a directory, and fails at one of them."""

    root: Path
    at: int = NEVER
    kind: Kind = "kill"
    steps: list[str] = field(default_factory=list)
    is_watching: bool = True

    def step(self, boundary: str, tear: Callable[[], object] | None = None) -> None:
        """Count a step; where it is the chosen one, leave half of a write and fail."""
        if not self.is_watching:
            return
        self.steps.append(boundary)
        if len(self.steps) != self.at:
            return
        self.is_watching = False
        if tear is not None:
            tear()
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        code = getattr(errno, self.kind)
        raise OSError(code, os.strerror(code), str(self.root))

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Count what Python is about to do, if it is done below the directory."""
        if event not in EVENTS or (event == "open" and not _is_writing(arguments)):
            return
        path = arguments[0]
        # `shutil.rmtree` names what it removes from within the directory that it has opened.
        is_inside = isinstance(path, str | os.PathLike) and (
            not Path(path).is_absolute() or Path(path).is_relative_to(self.root)
        )
        if is_inside or event == "os.truncate":
            self.step(EVENTS[event])


def _is_writing(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Let a disk fail in this process, which cannot be used for anything else afterwards."""
    sys.addaudithook(disk.hear)
    fsync, write, write_text, copy = os.fsync, os.write, Path.write_text, engine.write

    def failing_fsync(descriptor: int) -> None:
        disk.step("fsync")
        fsync(descriptor)

    def failing_write(descriptor: int, data: bytes) -> int:
        disk.step("write bytes", lambda: write(descriptor, bytes(data)[: len(data) // 2]))
        return write(descriptor, data)

    def failing_text(path: Path, data: str, encoding: str | None = None) -> int:
        disk.step("write text", lambda: write_text(path, data[: len(data) // 2], encoding))
        return write_text(path, data, encoding)

    def failing_copy(con: Backend, expression: ir.Table, path: Path) -> int:
        def tear() -> None:
            copy(con, expression, path)
            os.truncate(path, path.stat().st_size // 2)

        try:
            disk.step("engine's COPY", tear)
        except OSError as error:
            with engine.limits(con, path):
                said = f"IO Error: Could not write file: {error.strerror}"
                raise duckdb.IOException(said) from error
        return copy(con, expression, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", failing_fsync)
        patch.setattr(os, "write", failing_write)
        patch.setattr(Path, "write_text", failing_text)
        patch.setattr(engine, "write", failing_copy)
        try:
            yield
        finally:
            disk.is_watching = False
