"""A lake that many read at once: one engine behind a lock, and what was made kept by version."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

import ibis.expr.types as ir
import pandas as pd

from fourseas.catalog import INDICATORS
from fourseas.errors import LakeError
from fourseas.lake import engine, layout
from fourseas.lake.indexed import Indexed, frame
from fourseas.lake.recalling import Recalling, recalling
from fourseas.lake.shelf import MOST_BYTES, Shelf
from fourseas.selection import Slice, sliced
from fourseas.workspace import Workspace, indicator

Made = TypeVar("Made")

OF_TWO = frozenset({"partner_id", "other_field_id"})

OF_UNITS = tuple(one.name for one in INDICATORS if not OF_TWO.intersection(one.writes.column_names))
OF_PAIRS = tuple(one.name for one in INDICATORS if one.name not in OF_UNITS)
MOST_PAIRS = 5_000_000
"""Rows of `pair_cells` up to which indicators of pairs are kept too; beyond, those of 250
countries and 250 fields would fill the memory, and each is read as it is asked for."""

LARGEST_PART = 0.25
"""Part of the shelf that a slice of an indicator may take, with all units."""
BYTES_OF_VALUE = 8
"""What a value takes there at most, each text being kept once."""

PATIENCE = 0.1
"""Seconds between two looks whether somebody waits."""


class Remembering(Workspace):
    """A lake whose indicators of single countries and groups are computed once and kept.

    Organizations are left out: no page lists them all, and a large lake has a hundred thousand.
    """

    _few_pairs: bool | None = None

    def __init__(self, lake: layout.Lake, version: Path, shelf: Shelf, key: Hashable) -> None:
        self._recalling = recalling(lake, shelf, key)
        self._shelf, self._key = shelf, key
        super().__init__(lake, version)
        for name in self.tables:
            self._recalling.settle(name)

    def _connected(self) -> Recalling:
        """Return the engine that keeps what it answered of tables of the lake."""
        return self._recalling

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake, or an indicator without its rows of organizations."""
        if name not in self.remembered():
            return super().table(name)
        if name not in self._computed:
            whole = super().table(name)
            if "unit_type" in whole.columns:
                whole = whole.filter(whole.unit_type != "organization")
            self.kept(f"remembered_{name}", whole)
            self._recalling.settle(f"remembered_{name}")
            self._computed[name] = self._recalling.table(f"remembered_{name}")
        return self._computed[name]

    def of_units(self, part: Slice, unit_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of some units in a slice, which is asked for once for all units."""
        if part.indicator not in self.remembered():
            return super().of_units(part, unit_ids)
        name = (self._key, part)
        kept = self._shelf.find(name)
        if not kept:
            rows = sliced(self.table(part.indicator), part)
            size = rows.count().execute() * len(part.columns) * BYTES_OF_VALUE
            if size > self._shelf.most * LARGEST_PART:
                return super().of_units(part, unit_ids)
            key = indicator(part.indicator).writes.key
            whole = self._recalling.ask(rows.order_by(*key).select(*part.columns))
            kept = (Indexed.by("unit_id", whole),)
            self._shelf.keep(name, *kept)
        return frame(cast("Indexed", kept[0]).of(unit_ids))

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

    def __init__(self, lake: Path, *, threads: int | None = None, most: int = MOST_BYTES) -> None:
        located = layout.locate(lake)
        self._lake = replace(located, threads=threads or located.threads)
        self._engine = Lock()
        self._shelf = Shelf(most)
        self._opened: Opened | None = None
        self._waiting = 0
        self._is_closed = False
        self.version()

    def version(self) -> str:
        """Return the version that is current now, also where another lake took its place."""
        return _key(self._folder())

    def _folder(self) -> Path:
        """Return where the current version lies."""
        current = self._lake.current()
        if current is None or not current.exists():
            raise LakeError.not_built(str(self._lake.root))
        return current

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

    def gather(self, parts: Iterable[Slice]) -> None:
        """Keep slices of indicators that pages take units from, while nobody waits for a page."""
        for part in parts:
            while self._waiting:
                time.sleep(PATIENCE)
            with self._engine:
                if self._is_closed:
                    return
                ws = self._current().ws
                if part.indicator in ws.remembered():
                    ws.of_units(part, ())

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
        folder = self._folder()
        version = _key(folder)
        if self._opened is None or self._opened.version != version:
            ws = Remembering(self._lake, folder, self._shelf, version)
            if self._opened is not None:
                self._opened.ws.close()
                self._shelf.clear()
            self._opened = Opened(version, ws, self._shelf)
        return self._opened


def _key(folder: Path) -> str:
    """Return by what a version is known, also where another lake took its place."""
    status = folder.stat()
    return f"{folder.name}-{status.st_mtime_ns}-{status.st_ino}"
