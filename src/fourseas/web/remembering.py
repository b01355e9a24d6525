"""A version of a lake of which what pages ask again is kept, read in one session or several."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from time import thread_time
from typing import cast

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from fourseas.catalog import INDICATORS
from fourseas.errors import LakeError
from fourseas.lake import aside, engine, layout
from fourseas.lake.indexed import Indexed, frame
from fourseas.lake.ledger import sha256_of_texts
from fourseas.lake.recalling import Recalling
from fourseas.schema.cells import UNIT_CELLS
from fourseas.selection import Choose, Slice, sliced
from fourseas.web.making import Making
from fourseas.workspace import Workspace, indicator

OF_TWO = frozenset({"partner_id", "other_field_id"})

OF_UNITS = tuple(one.name for one in INDICATORS if not OF_TWO.intersection(one.writes.column_names))
OF_PAIRS = tuple(one.name for one in INDICATORS if one.name not in OF_UNITS)
MOST_CELLS = 2_000_000
"""Cells of units and pairs up to which indicators are computed into memory, each time that a server
starts. Beyond, they would fill it and take minutes: they are written beside the version once."""

CELLS = ("unit_cells", "pair_cells")

Values = tuple[str | int | bool, ...]
NO_VALUES: Mapping[str, Values] = {}

FORM = "figures-1"
"""By what figures of another form beside the version are told from these."""

ROWS_OF_COUNTRIES = 4_096
"""Rows of pairs that are read together: those of two countries take half the time that they take by
8,192. By 2,048 they take little less, and all rows of one country nearly twice those by 8,192."""

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
    laid
        The files of rows that were written beside the version, by name.
    made
        `Workspace.made`.
    making
        What of the version is being made ahead.
    is_ahead
        Whether it is the one that makes it.
    """

    engine: Recalling
    locks: dict[str, Lock] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    laid: dict[str, tuple[aside.Groups, ...]] = field(default_factory=dict)
    made: dict[Hashable, object] = field(default_factory=dict)
    making: Making = field(default_factory=Making)
    is_ahead: bool = False

    def beside(self) -> Session:
        """Return a session for another thread."""
        return replace(self, engine=self.engine.beside())

    def ahead(self, wait: Callable[[], None]) -> Session:
        """Return a session that makes things ahead, and does something before each question."""
        return replace(self, engine=self.engine.beside(wait), is_ahead=True)

    def before_making(self) -> None:
        """Hear that something large is missing.

        Raises
        ------
        StillMadeError
            Where it is made ahead, and not by this session.
        """
        if not self.is_ahead:
            self.making.wait_for()


class Remembering(Workspace):
    """A lake whose indicators of single countries and groups are computed once and kept.

    Organizations are left out: no page lists them all, and a large lake has a hundred thousand.
    Of a lake of many cells the figures lie beside the version, in the order in which they are
    asked for, so that a page reads a few groups of rows.

    Attributes
    ----------
    is_large
        Whether there are too many cells to compute figures into memory.
    """

    def __init__(self, lake: layout.Lake, version: Path, session: Session) -> None:
        self.session = session
        self._recalling = session.engine
        self._shelf, self._key = session.engine.shelf, session.engine.of
        super().__init__(lake, version)
        self.made = session.made
        for name in self.tables:
            self._recalling.settle(name)
        cells = [self._recalling.table(name) for name in CELLS if name in self.tables]
        self.is_large = sum(int(one.count().execute()) for one in cells) > MOST_CELLS

    def _connected(self) -> Recalling:
        """Return the engine that keeps what it answered of tables of the lake."""
        return self._recalling

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake, or an indicator without its rows of organizations."""
        if name not in self.remembered():
            return super().table(name)
        if name not in self._computed:
            self._computed[name] = self._kept_for_all(name)
        return self._computed[name]

    def _kept_for_all(self, name: str) -> ir.Table:
        """Return an indicator that is computed once for all sessions."""
        known = f"remembered_{name}"
        if self.is_large:
            order = _first(("field_id",), indicator(name).writes.key)
            return self._laid_down(known, lambda: self._of_countries(name), order)
        self._share(known, lambda: self._of_countries(name))
        return self._settled(known)

    def _of_countries(self, name: str, among: Mapping[str, Values] = NO_VALUES) -> ir.Table:
        """Return an indicator as it is computed, without its rows of organizations.

        Where it is of some values of columns whose values do not meet, only they are computed.
        """
        found = indicator(name)
        read = [
            self._cells_of_countries() if spec == UNIT_CELLS else self.table(spec.name)
            for spec in found.reads
        ]
        apart = {column: values for column, values in among.items() if column in found.apart}
        few = [_among(table, apart) for table in read]
        return _without_organizations(self._from_tables(found, few))

    def _cells_of_countries(self) -> ir.Table:
        """Return the cells that figures of countries are computed from.

        A large lake has fourteen times as many of organizations, which no country's figures need.
        """
        cells = super().table(UNIT_CELLS.name)
        if not self.is_large:
            return cells
        return self._laid_down("cells_of_countries", lambda: _without_organizations(cells), ())

    def _laid_down(
        self,
        name: str,
        rows: Callable[[], ir.Table],
        order: tuple[str, ...],
        rows_of_group: int = aside.ROWS_OF_GROUP,
    ) -> ir.Table:
        """Return rows that lie beside the version, written there if they are not yet.

        They are known by the SQL that makes them: what another fourseas defines otherwise is made
        anew. Where nothing can be written they are kept in memory.
        """
        if name in self._recalling.settled:
            return self._recalling.settled[name]
        there = self.session.laid.get(name)
        if name in self.session.shared or (
            there is not None
            and aside.opened(self._recalling, there[0].file.parent, name) is not None
        ):
            return self._settled(name)
        # To write the SQL of an indicator down takes longer than to read rows of it: once is enough
        # for all sessions.
        found = rows()
        marks = (FORM, self.ledger.fingerprint, engine.sql(found), *order)
        path = aside.path_of(self.lake, self.version, *marks)
        if aside.opened(self._recalling, path, name) is None:
            self.session.before_making()
            self._recalling.wait()
            try:
                with self.session.locks.setdefault(name, Lock()):
                    if not path.is_dir():
                        ordered = found.order_by(*order) if order else found
                        aside.keep(self.lake, path, [ordered], rows_of_group=rows_of_group)
                aside.opened(self._recalling, path, name)
            except LakeError:
                self._share(name, lambda: found)
                return self._settled(name)
        self.session.laid[name] = aside.groups_of(path)
        return self._settled(name)

    def _share(self, name: str, rows: Callable[[], ir.Table]) -> None:
        """Compute rows into memory for all sessions, if they are not there yet."""
        if name in self.session.shared:
            return
        found = rows()
        self._recalling.wait()
        with self.session.locks.setdefault(name, Lock()):
            engine.share(self._recalling, found, name)
        self.session.shared.add(name)

    def _settled(self, name: str) -> ir.Table:
        """Return a table that will not change any more."""
        self._recalling.settle(name)
        return self._recalling.table(name)

    def kept(self, name: str, found: ir.Table | pa.Table) -> ir.Table:
        """Compute an expression once, or take rows in, for this session alone."""
        self._recalling.wait()
        return super().kept(name, found)

    def of_units(self, part: Slice, unit_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of some units in a slice, which is asked for once for all units."""
        if part.indicator not in self.remembered():
            return self._beside(part, {"unit_id": tuple(unit_ids)})
        key = indicator(part.indicator).writes.key
        name = (self._key, part)
        kept = self._shelf.find(name)
        if not kept:
            rows = self.in_slice(part)
            size = rows.count().execute() * len(part.columns) * BYTES_OF_VALUE
            if size > self._shelf.most * LARGEST_PART:
                return _read(rows, part, {"unit_id": tuple(unit_ids)})
            began = thread_time()
            whole = self._recalling.ask(rows.order_by(*key).select(*part.columns))
            kept = (Indexed.by("unit_id", whole),)
            self._shelf.keep(name, *kept, thread_time() - began)
        return frame(cast("Indexed", kept[0]).of(unit_ids))

    def of_slice(self, part: Slice) -> pd.DataFrame:
        """Return the rows of all countries and groups in a slice, from its file where it has one.

        To read an indicator by an engine for the first time took half of the time of its map.
        """
        known = f"remembered_{part.indicator}"
        if part.indicator in self.remembered() and known not in self.session.laid:
            self.table(part.indicator)
        rows = self.session.laid.get(known)
        if rows is None:
            return super().of_slice(part)
        read = partial(aside.rows_of, rows, dict(part.among), part.columns)
        return frame(self._shelf.once((self._key, "slice", part), read))

    def of_pairs(self, part: Slice, unit_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of some units with each other in a slice of pairs."""
        wanted = tuple(unit_ids)
        if part.indicator in self.remembered():
            return super().of_pairs(part, wanted)
        found = self._beside(part, {"unit_id": wanted, "partner_id": wanted})
        pairs: pd.DataFrame = found[found.partner_id != found.unit_id]
        return pairs

    def of_chosen(
        self, part: Slice, unit_ids: Iterable[str], by: Sequence[str], choose: Choose
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return values of columns and the rows of those chosen; of pairs no other row is read."""
        units = tuple(unit_ids)
        rows = None if part.indicator in self.remembered() else self._file(part)
        if rows is None:
            return super().of_chosen(part, units, by, choose)
        wanted: dict[str, tuple[str | int, ...]] = {"unit_id": units}
        counts = aside.rows_of(rows, wanted, by).group_by([*by]).aggregate([([], "count_all")])
        there = frame(counts.rename_columns([*by, "n"]).sort_by([(one, "ascending") for one in by]))
        which = choose(there)
        wanted |= {str(name): tuple(which[name].unique()) for name in which}
        return there, self._beside(part, wanted).merge(which)

    def _beside(self, part: Slice, wanted: aside.Wanted) -> pd.DataFrame:
        """Return the rows of a slice of pairs with some values, from its file where it has one.

        An engine takes longer to be asked than to answer: five questions were a third of a page.
        """
        rows = self._file(part)
        if rows is None:
            return _read(self.in_slice(part), part, wanted)
        key = indicator(part.indicator).writes.key
        columns = dict.fromkeys((*key, *part.columns))
        own = aside.rows_of(rows, wanted, columns)
        return frame(own.sort_by([(one, "ascending") for one in key]).select([*part.columns]))

    def _file(self, part: Slice) -> tuple[aside.Groups, ...] | None:
        """Return the files of a slice of pairs, or None where it is kept in memory."""
        self.in_slice(part)
        return self.session.laid.get(_name(part))

    def in_slice(self, part: Slice) -> ir.Table:
        """Return the rows of all units in a slice; of pairs it lies in its order."""
        if part.indicator in self.remembered():
            return sliced(self.table(part.indicator), part)
        key = indicator(part.indicator).writes.key

        def rows() -> ir.Table:
            whole = self._of_countries(part.indicator, dict(part.among))
            return sliced(whole, part).select(*dict.fromkeys((*key, *part.columns)))

        order = _first(part.order, key)
        return self._laid_down(_name(part), rows, order, ROWS_OF_COUNTRIES)

    def sql(self, name: str) -> str:
        """Return the SQL of an indicator as a lake computes it, not as it is remembered."""
        return engine.sql(super().table(name))

    def remembered(self) -> tuple[str, ...]:
        """Return the indicators that are kept whole."""
        return OF_UNITS if self.is_large else (*OF_UNITS, *OF_PAIRS)


def _name(part: Slice) -> str:
    """Return by what the rows of a slice are known."""
    return f"slice_{sha256_of_texts([repr(part)])}"


def _read(rows: ir.Table, part: Slice, wanted: aside.Wanted) -> pd.DataFrame:
    """Return rows with some values in the order of the key of their indicator."""
    own = rows.filter(*(rows[name].isin(values) for name, values in wanted.items()))
    key = indicator(part.indicator).writes.key
    found: pd.DataFrame = own.order_by(*key).select(*part.columns).to_pandas()
    return found


def _first(names: tuple[str, ...], key: tuple[str, ...]) -> tuple[str, ...]:
    """Return columns with those first by which rows are found."""
    found = tuple(one for one in names if one in key)
    return (*found, *(one for one in key if one not in found))


def _among(rows: ir.Table, values: Mapping[str, Values]) -> ir.Table:
    kept = [rows[name].isin(those) for name, those in values.items() if name in rows.columns]
    return rows.filter(*kept) if kept else rows


def _without_organizations(rows: ir.Table) -> ir.Table:
    if "unit_type" not in rows.columns:
        return rows
    return rows.filter(rows.unit_type != "organization")
