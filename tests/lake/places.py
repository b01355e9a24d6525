"""Places that are hard to write to: a directory that is closed, a disk that is full."""

from __future__ import annotations

import ctypes
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CAPABILITIES_VERSION = 0x20080522
PAST_RIGHTS = 1 << 1 | 1 << 2
"""By which root reads and writes what the rights of a file forbid: CAP_DAC_OVERRIDE and
CAP_DAC_READ_SEARCH of capabilities(7)."""


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Rights(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


@contextmanager
def as_anybody() -> Iterator[None]:
    """Keep root to the rights of files, as others are kept; it still owns and reads its own."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, rights = _Header(CAPABILITIES_VERSION, 0), (_Rights * 2)()
    assert libc.capget(ctypes.byref(header), rights) == 0
    rights[0].effective &= ~PAST_RIGHTS
    assert libc.capset(ctypes.byref(header), rights) == 0
    try:
        yield
    finally:
        rights[0].effective |= PAST_RIGHTS
        assert libc.capset(ctypes.byref(header), rights) == 0


@contextmanager
def closed_to_writing(beside: Path) -> Iterator[Path]:
    """Yield a directory that can be read but not written, by whoever runs the tests."""
    with tempfile.TemporaryDirectory(dir=beside) as name:
        place = Path(name)
        with closed_directory(place):
            yield place


@contextmanager
def closed_directory(place: Path) -> Iterator[None]:
    """Close a directory, and all below it, to writing for whoever runs the tests."""
    directories = [place, *(path for path in place.rglob("*") if path.is_dir())]
    for path in directories:
        path.chmod(0o555)
    try:
        with as_anybody():
            yield
    finally:
        for path in directories:
            path.chmod(0o755)


@contextmanager
def files_end_at(n_bytes: int) -> Iterator[None]:
    """Let every write beyond so many bytes of a file fail, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
