"""Where everything lies in a lake, and how files come to be there whole or not at all.

LAKE/lake.json                          settings
LAKE/CURRENT                            name of the version that readers open
LAKE/versions/NNNNNN/<table>.parquet    a built version, complete alone, and its ledger.json
LAKE/staging/<register>/register.json   the parts of a register that count
LAKE/staging/<register>/<stage>/        one input part: its staged tables and part.json
LAKE/incoming/<register>/               parts that were fetched and are not read yet
LAKE/search/<version>-<hash>/           full-text index of a version, built when it is asked for,
                                        rows of it in the order of organizations, or sums of
                                        them that many questions need
LAKE/tmp/                               work in hand, of processes that may have been killed
LAKE/policy/audit.jsonl                 the audit log, a chain of records
LAKE/policy/persons/                    what the log has about persons, one file for each seal
LAKE/policy/lists/<name>/NNNN.json      a version of a named list, and its matches
LAKE/policy/documents/<sha256>          policies by which something was found
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from fourseas.errors import LakeError
from fourseas.schema.source import SCOPES, Scope

FORMAT = 1
"""Number of this layout, the only one so far: what tables a version has is no part of it, since
`fourseas build` makes them anew. A lake of another number is refused."""

SETTINGS = "lake.json"
KEPT_VERSIONS = 2
"""Readers of the version before the current one go on undisturbed."""

BYTES_OF_SALT = 16

PATIENCE = 60.0
"""Seconds that a writer waits for its turn; one turn takes milliseconds."""

PAUSE = 0.005
"""Seconds between two attempts to take a lock."""

MEMORY_LIMIT = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """A lake and its settings.

    Attributes
    ----------
    root
        Its directory.
    scope
        What registers in it are that do not say it themselves.
    person_salt
        Secret by which names of people become ids.
    memory_limit, threads
        What the engine may use; null for a part of what the machine has.
    """

    root: Path
    scope: Scope
    person_salt: str
    memory_limit: str | None
    threads: int | None

    @property
    def staging(self) -> Path:
        """Where input parts go."""
        return self.root / "staging"

    @property
    def versions(self) -> Path:
        """Where built versions go."""
        return self.root / "versions"

    @property
    def incoming(self) -> Path:
        """Where parts go that are fetched from a server."""
        return self.root / "incoming"

    @property
    def search(self) -> Path:
        """Where full-text indexes of versions go; they can be removed at any time."""
        return self.root / "search"

    @property
    def temporary(self) -> Path:
        """Where work in hand goes."""
        return self.root / "tmp"

    @property
    def policy(self) -> Path:
        """Where the audit log, persons, lists and policies go."""
        return self.root / "policy"

    @property
    def audit(self) -> Path:
        """The audit log."""
        return self.policy / "audit.jsonl"

    @property
    def persons(self) -> Path:
        """Where entries about persons go."""
        return self.policy / "persons"

    @property
    def lists(self) -> Path:
        """Where named lists go."""
        return self.policy / "lists"

    @property
    def documents(self) -> Path:
        """Where policies go, each under its hash."""
        return self.policy / "documents"

    @property
    def pointer(self) -> Path:
        """The file that names the current version."""
        return self.root / "CURRENT"

    def current(self) -> Path | None:
        """Return the directory of the current version, or None before the first build."""
        try:
            name = self.pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self.versions / name

    def complete_versions(self) -> list[Path]:
        """Return the directories of all built versions, the oldest first."""
        if not self.versions.is_dir():
            return []
        return sorted(path for path in self.versions.iterdir() if path.name.isdecimal())


def init(
    path: Path, *, scope: Scope, memory_limit: str | None = None, threads: int | None = None
) -> Lake:
    """Create an empty lake.

    Raises
    ------
    LakeError
        If something is there already, if the settings mean nothing, or if nothing can be
        written there.
    """
    settings = path / SETTINGS
    if memory_limit is not None and not MEMORY_LIMIT.fullmatch(memory_limit):
        raise LakeError.wrong_settings(str(settings), f"`{memory_limit}` is not like 8 GB")
    if threads is not None and threads < 1:
        raise LakeError.wrong_settings(str(settings), f"{threads} threads are too few")
    with disk_errors(path):
        if path.exists() and (not path.is_dir() or _holds_more_than_a_draft(path)):
            raise LakeError.already_a_lake(str(path))
        path.mkdir(parents=True, exist_ok=True)
        stated = {
            "format": FORMAT,
            "scope": scope,
            "person_salt": secrets.token_hex(BYTES_OF_SALT),
            "memory_limit": memory_limit,
            "threads": threads,
        }
        write_text(settings, json.dumps(stated, indent=2) + "\n")
    return locate(path)


def _holds_more_than_a_draft(path: Path) -> bool:
    """Return whether a directory holds more than what an interrupted `init` has left there."""
    return any(inside != _draft_of(path / SETTINGS) for inside in path.iterdir())


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.draft")


def locate(path: Path) -> Lake:
    """Return the lake at a path.

    Raises
    ------
    LakeError
        If there is none, or one whose settings are of another version or damaged.
    """
    settings = path / SETTINGS
    with disk_errors(path):
        if not settings.is_file():
            raise LakeError.not_a_lake(str(path))
        text = settings.read_text(encoding="utf-8")
    try:
        stated = json.loads(text)
        found = stated["format"]
        lake = Lake(
            root=path,
            scope=next(scope for scope in SCOPES if scope == stated["scope"]),
            person_salt=stated["person_salt"],
            memory_limit=stated["memory_limit"],
            threads=stated["threads"],
        )
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise LakeError.wrong_settings(str(settings), f"{type(error).__name__} {error}") from error
    if isinstance(found, int) and found > FORMAT:
        problem = f"{path} is of format {found}; this fourseas reads format {FORMAT}."
        raise LakeError(problem, "A newer fourseas made it: update fourseas. Nothing was changed.")
    if found != FORMAT:
        raise LakeError.wrong_settings(str(settings), f"its format is {found}, not {FORMAT}")
    return lake


@contextmanager
def writing(lake: Lake) -> Iterator[None]:
    """Hold the lake against other writers and clear what killed ones have left.

    Raises
    ------
    LakeError
        If another process is writing, or nothing can be written.
    """
    with disk_errors(lake.root), (lake.root / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LakeError.busy(str(lake.root)) from error
        _clear_temporary(lake)
        # DuckDB makes the directory that it spills to, but none above it.
        lake.temporary.mkdir(exist_ok=True)
        yield


@contextmanager
def taking_turns(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Wait until no other process writes below a directory, and hold it against others.

    Raises
    ------
    LakeError
        If another process holds it for longer than `patience` seconds, or nothing can be
        written there.
    """
    with disk_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        with (path / ".lock").open("a") as lock:
            _wait_for(lock, path, patience)
            yield


def _wait_for(lock: TextIO, path: Path, patience: float) -> None:
    """Take a lock; `flock` itself would wait for ever."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise LakeError.busy(str(path)) from error
            time.sleep(PAUSE)
        else:
            return


def workplace(lake: Lake) -> Path:
    """Return a path below the lake's temporary directory that no other process uses."""
    return lake.temporary / f"{os.getpid()}-{secrets.token_hex(4)}"


def _clear_temporary(lake: Lake) -> None:
    """Remove the workplaces of processes that have ended; readers have workplaces too."""
    if not lake.temporary.is_dir():
        return
    for path in lake.temporary.iterdir():
        if is_left_behind(path):
            shutil.rmtree(path)


def is_left_behind(workplace: Path) -> bool:
    """Return whether the process that a workplace belongs to has ended."""
    process = workplace.name.partition("-")[0]
    return not (process.isdecimal() and _is_alive(int(process)))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into one that names the place and the remedy.

    Those of connections, as to Spark, are of no place on the disk.
    """
    try:
        yield
    except ConnectionError:
        raise
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else path
        raise LakeError.disk(str(place), error.strerror or str(error)) from error


def write_text(path: Path, text: str) -> None:
    """Write a file so that after a kill it is the old one or the new one, never a part."""
    draft = _draft_of(path)
    draft.write_text(text, encoding="utf-8")
    flush(draft)
    draft.replace(path)
    flush(path.parent)


def publish(draft: Path, path: Path) -> None:
    """Rename a finished directory to its place, with all that is in it safe on the disk."""
    for inside in draft.iterdir():
        flush(inside)
    flush(draft)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(path)
    flush(path.parent)


def discard(lake: Lake, path: Path) -> None:
    """Remove a directory so that after a kill it is there whole or not at all."""
    grave = workplace(lake)
    grave.mkdir(parents=True)
    path.rename(grave / path.name)
    flush(path.parent)
    shutil.rmtree(grave)


def flush(path: Path) -> None:
    """Wait until a file or the entries of a directory are safe on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
