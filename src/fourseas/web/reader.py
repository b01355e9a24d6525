"""A lake that many read at once: one engine behind a lock, and what was made kept by version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

from fourseas import workspace
from fourseas.errors import LakeError
from fourseas.lake import layout
from fourseas.workspace import Workspace

Made = TypeVar("Made")

MOST_KEPT = 256
"""Pages, pictures and tables that are kept; the one that was asked for longest ago goes first."""


class Shelf:
    """The last things that were made, by key."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def __len__(self) -> int:
        """Return how many things are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> tuple[object, ...]:
        """Return what was made for a key, or nothing."""
        with self._lock:
            if key not in self._kept:
                return ()
            self._kept.move_to_end(key)
            return (self._kept[key],)

    def keep(self, key: Hashable, made: object) -> None:
        """Keep what was made, and let go what is too much."""
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of the lake that one thread reads, and the shelf of that version."""

    version: str
    ws: Workspace
    shelf: Shelf

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return a part of many answers, made once for a version and key."""
        found = self.shelf.find((self.version, key))
        if found:
            return cast("Made", found[0])
        made = make()
        self.shelf.keep((self.version, key), made)
        return made


class Reader:
    """The current version of a lake, opened anew when it was built anew.

    DuckDB's connection belongs to one thread at a time: a lock keeps it so. A request that is
    being answered ends on the version that it began with; the next one opens the new one.
    """

    def __init__(self, lake: Path) -> None:
        self._lake = layout.locate(lake)
        self._engine = Lock()
        self._shelf = Shelf()
        self._opened: Opened | None = None
        self.version()

    def version(self) -> str:
        """Return the version that is current now, also where another lake took its place."""
        current = self._lake.current()
        if current is None or not current.exists():
            raise LakeError.not_built(str(self._lake.root))
        status = current.stat()
        return f"{current.name}-{status.st_mtime_ns}-{status.st_ino}"

    def answer(self, key: Hashable, make: Callable[[Opened], Made]) -> Made:
        """Return what is made of the current version, made once for a version and key."""
        found = self._shelf.find((self.version(), key))
        if found:
            return cast("Made", found[0])
        with self._engine:
            opened = self._current()
            return opened.kept(key, lambda: make(opened))

    def beside(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of answers without the engine, made once for a version and key."""
        whole = (self.version(), key)
        found = self._shelf.find(whole)
        if found:
            return cast("Made", found[0])
        made = make()
        self._shelf.keep(whole, made)
        return made

    def close(self) -> None:
        """Close the engine."""
        with self._engine:
            if self._opened is not None:
                self._opened.ws.close()
                self._opened = None

    def _current(self) -> Opened:
        """Return the current version, opened; only with the engine's lock held."""
        version = self.version()
        if self._opened is None or self._opened.version != version:
            fresh = Opened(version, workspace.open(self._lake.root), self._shelf)
            if self._opened is not None:
                self._opened.ws.close()
            self._opened = fresh
        return self._opened
