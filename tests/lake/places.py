"""Places that are hard to write to: a directory that is closed, a disk that is full."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534
"""A user without rights; root may write everywhere, so the tests that root runs lend it."""


@contextmanager
def closed_to_writing(beside: Path) -> Iterator[Path]:
    """Yield a directory that can be read but not written, by whoever runs the tests."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(dir=None if is_root else beside) as name:
        place = Path(name)
        place.chmod(0o555)
        try:
            if is_root:
                os.seteuid(NOBODY)
            yield place
        finally:
            if is_root:
                os.seteuid(0)
            place.chmod(0o755)


@contextmanager
def closed_directory(place: Path) -> Iterator[None]:
    """Close a directory, and all below it, to writing for whoever runs the tests."""
    directories = [place, *(path for path in place.rglob("*") if path.is_dir())]
    is_root = os.geteuid() == 0
    for path in directories:
        path.chmod(0o555)
    try:
        if is_root:
            os.seteuid(NOBODY)
        yield
    finally:
        if is_root:
            os.seteuid(0)
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
