"""Files that a user named: written whole or not at all, and only over plain files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fourseas.errors import FourseasError
from fourseas.lake.layout import disk_errors


def kind(out: Path, kinds: Iterable[str]) -> str:
    """Return the ending by which a file's name says what goes into it, one of the possible."""
    known = tuple(kinds)
    if out.suffix not in known:
        message = f"{out} does not say by its name how to write it."
        raise FourseasError(message, f"Let it end in {' or '.join(known)}.")
    return out.suffix


def write(files: Mapping[Path, bytes]) -> None:
    """Write files; none of them is replaced before all are on the disk.

    A link is followed; a new file gets the rights that the process gives, one that is replaced
    keeps its own.

    Raises
    ------
    FourseasError
        If one is a directory, a device or read-only, or its directory is not there.
    LakeError
        If the disk refuses.
    """
    drafts: dict[Path, Path] = {}
    try:
        for named, content in files.items():
            path = _writable(named)
            draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
            drafts[path] = draft
            with disk_errors(path):
                draft.write_bytes(content)
                if path.exists():
                    shutil.copymode(path, draft)
        for path, draft in drafts.items():
            with disk_errors(path):
                draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


@contextmanager
def drafted(named: Path) -> Iterator[Path]:
    """Yield a place to write to; what is there takes the place of the file if nothing fails.

    Raises
    ------
    FourseasError
        If the file is a directory, a device or read-only, or its directory is not there.
    LakeError
        If the disk refuses.
    """
    path = _writable(named)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with disk_errors(path):
            yield draft
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _writable(named: Path) -> Path:
    """Return where a file would really go, if it may."""
    path = named.resolve()
    remedy = "Name a file that may be written."
    if not path.parent.is_dir():
        message = f"There is no directory {named.parent}."
        raise FourseasError(message, "Make it first, or name a file in one that is there.")
    if path.exists():
        if not path.is_file():
            message = f"{named} is a directory or a device, and stays as it is."
            raise FourseasError(message, remedy)
        if not path.stat().st_mode & stat.S_IWUSR:
            message = f"{named} is read-only, and stays as it is."
            raise FourseasError(message, remedy)
    return path
