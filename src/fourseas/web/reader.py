"""A lake that many read at once: one engine behind a lock, and what was made kept by version."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

import ibis.expr.types as ir

from fourseas.catalog import INDICATORS
from fourseas.errors import LakeError
from fourseas.lake import engine, layout
from fourseas.workspace import Workspace

Made = TypeVar("Made")

OF_TWO = frozenset({"partner_id", "other_field_id"})

MOST_KEPT = 256
"""Pages, pictures and tables that are kept; the one that was asked for longest ago goes first."""


OF_UNITS = tuple(one.name for one in INDICATORS if not OF_TWO.intersection(one.writes.column_names))
OF_PAIRS = tuple(one.name for one in INDICATORS if one.name not in OF_UNITS)
MOST_PAIRS = 5_000_000
"""Rows of `pair_cells` up to which indicators of pairs are kept too; beyond, those of 250
countries and 250 fields would fill the memory, and each is read as it is asked for."""

PATIENCE = 0.1
"""Seconds between two looks whether somebody waits."""


class Shelf:
    """The last things that were made, by key."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self.lock = Lock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def __len__(self) -> int:
        """Return how many things are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> tuple[object, ...]:
        """Return what was made for a key, or nothing."""
        with self.lock:
            if key not in self._kept:
                return ()
            self._kept.move_to_end(key)
            return (self._kept[key],)

    def keep(self, key: Hashable, made: object) -> None:
        """Keep what was made, and let go what is too much."""
        with self.lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Remembering(Workspace):
    """A lake whose indicators of single countries and groups are computed once and kept.

    Organizations are left out: no page lists them all, and a large lake has a hundred thousand.
    """

    _few_pairs: bool | None = None

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake, or an indicator without its rows of organizations."""
        if name not in self.remembered():
            return super().table(name)
        if name not in self._computed:
            whole = super().table(name)
            if "unit_type" in whole.columns:
                whole = whole.filter(whole.unit_type != "organization")
            self._computed[name] = self.kept(f"remembered_{name}", whole)
        return self._computed[name]

    def sql(self, name: str) -> str:
        """Return the SQL of an indicator as a lake computes it, not as it is remembered."""
        return engine.sql(super().table(name))

    def remembered(self) -> tuple[str, ...]:
        """Return the indicators that are computed once."""
        if self._few_pairs is None:
            n_pairs = super().table("pair_cells").count().execute()
            self._few_pairs = bool(n_pairs <= MOST_PAIRS)
        return (*OF_UNITS, *OF_PAIRS) if self._few_pairs else OF_UNITS


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of the lake that one thread reads, and the shelf of that version."""

    version: str
    ws: Remembering
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

    def __init__(self, lake: Path, *, threads: int | None = None) -> None:
        located = layout.locate(lake)
        self._lake = replace(located, threads=threads or located.threads)
        self._engine = Lock()
        self._shelf = Shelf()
        self._opened: Opened | None = None
        self._waiting = 0
        self._is_closed = False
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
        return self.once(lambda opened: opened.kept(key, lambda: make(opened)))

    def once(self, make: Callable[[Opened], Made]) -> Made:
        """Return what is made of the current version, and keep nothing of it."""
        with self._shelf.lock:
            self._waiting += 1
        try:
            with self._engine:
                return make(self._current())
        finally:
            with self._shelf.lock:
                self._waiting -= 1

    def warm(self) -> None:
        """Compute one by one what pages read of indicators, while nobody waits for a page."""
        for name in (*OF_UNITS, *OF_PAIRS):
            while self._waiting:
                time.sleep(PATIENCE)
            with self._engine:
                if self._is_closed:
                    return
                ws = self._current().ws
                if name in ws.remembered():
                    ws.table(name)

    def when_idle(self, make: Callable[[], object]) -> None:
        """Make something once nobody waits for a page; nothing where the engine is closed."""
        while self._waiting:
            time.sleep(PATIENCE)
        if not self._is_closed:
            make()

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
        self._is_closed = True
        with self._engine:
            if self._opened is not None:
                self._opened.ws.close()
                self._opened = None

    def _current(self) -> Opened:
        """Return the current version, opened; only with the engine's lock held."""
        version = self.version()
        if self._opened is None or self._opened.version != version:
            fresh = Opened(version, Remembering(self._lake), self._shelf)
            if self._opened is not None:
                self._opened.ws.close()
            self._opened = fresh
        return self._opened
