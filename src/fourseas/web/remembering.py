"""A version of a lake of which what pages ask again is kept, read in one session or several."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import cast

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from fourseas.catalog import INDICATORS
from fourseas.lake import engine, layout
from fourseas.lake.indexed import Indexed, frame
from fourseas.lake.recalling import Recalling
from fourseas.selection import Slice, sliced
from fourseas.workspace import Workspace, indicator

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


@dataclass(frozen=True, slots=True)
class Session:
    """By what a version is asked, in one thread at a time, and what its sessions share.

    Attributes
    ----------
    engine
        With tables of this session beside those of all.
    locks
        By indicator, of who computes it for all sessions.
    shared
        Indicators that are computed for all sessions.
    made
        `Workspace.made`.
    """

    engine: Recalling
    locks: dict[str, Lock] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    made: dict[Hashable, object] = field(default_factory=dict)

    def beside(self, wait: Callable[[], None]) -> Session:
        """Return a session for another thread, which does something before each question."""
        return Session(self.engine.beside(wait), self.locks, self.shared, self.made)


class Remembering(Workspace):
    """A lake whose indicators of single countries and groups are computed once and kept.

    Organizations are left out: no page lists them all, and a large lake has a hundred thousand.
    """

    _few_pairs: bool | None = None

    def __init__(self, lake: layout.Lake, version: Path, session: Session) -> None:
        self._recalling = session.engine
        self._shelf, self._key = session.engine.shelf, session.engine.of
        self._locks, self._shared = session.locks, session.shared
        super().__init__(lake, version)
        self.made = session.made
        for name in self.tables:
            self._recalling.settle(name)

    @property
    def session(self) -> Session:
        """Return by what it asks."""
        return Session(self._recalling, self._locks, self._shared, self.made)

    def _connected(self) -> Recalling:
        """Return the engine that keeps what it answered of tables of the lake."""
        return self._recalling

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake, or an indicator without its rows of organizations."""
        if name not in self.remembered():
            return super().table(name)
        if name not in self._computed:
            if name not in self._shared:
                self._share(name)
            self._recalling.settle(f"remembered_{name}")
            self._computed[name] = self._recalling.table(f"remembered_{name}")
        return self._computed[name]

    def _share(self, name: str) -> None:
        """Compute an indicator for all sessions."""
        whole = super().table(name)
        if "unit_type" in whole.columns:
            whole = whole.filter(whole.unit_type != "organization")
        self._recalling.wait()
        with self._locks.setdefault(name, Lock()):
            engine.share(self._recalling, whole, f"remembered_{name}")
        self._shared.add(name)

    def kept(self, name: str, found: ir.Table | pa.Table) -> ir.Table:
        """Compute an expression once, or take rows in, for this session alone."""
        self._recalling.wait()
        return super().kept(name, found)

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
