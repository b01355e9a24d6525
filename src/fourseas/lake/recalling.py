"""DuckDB that remembers what it answered of tables that never change."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Self, cast

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake.engine import settings
from fourseas.lake.layout import Lake
from fourseas.lake.shelf import Shelf

PLAIN = (None, "default")
"""Values of an option that change nothing."""


class Recalling(Backend):  # type: ignore[misc]  # Ibis has no types
    """An engine that answers a question about settled tables once.

    A version of a lake does not change while it is open, so that the answer to an expression over
    its tables stays true. Tables that pages make for themselves may be made anew under the same
    name: what reads one of them is asked each time.

    Attributes
    ----------
    shelf
        Where answers are kept.
    of
        The version that they are of.
    settled
        Tables that will not change any more.
    wait
        What is done before each question that is not answered yet.
    """

    shelf: Shelf
    of: Hashable
    settled: dict[str, ir.Table]
    wait: Callable[[], None]

    def beside(self, wait: Callable[[], None] | None = None) -> Self:
        """Open another session, with tables of its own, that knows the same answers.

        It may be asked in another thread at the same time.
        """
        session = cast("Self", type(self).from_connection(self.con.cursor()))
        # By these Ibis tells databases apart: what one session asked the other knows.
        session.__dict__.update(_con_args=self._con_args, _con_kwargs=self._con_kwargs)
        session.shelf, session.of, session.settled = self.shelf, self.of, {}
        session.wait = wait or _at_once
        return session

    def settle(self, name: str) -> None:
        """Declare that a table will not change any more."""
        self.settled[name] = super().table(name)

    def table(self, name: str, /, *, database: str | tuple[str, str] | None = None) -> ir.Table:
        """Return a table; its columns are read once where it is settled."""
        if database is None and name in self.settled:
            return self.settled[name]
        return super().table(name, database=database)

    def execute(self, expr: ir.Expr, /, **options: object) -> object:
        """Return the answer as a frame of the caller's own, or as a value."""
        ask = super().execute
        found = self._once("frame", expr, options, lambda: ask(expr, **options))
        return found.copy() if isinstance(found, pd.DataFrame | pd.Series) else found

    def to_pyarrow(self, expr: ir.Expr, /, **options: object) -> pa.Table:
        """Return the answer as Arrow, which nobody can change."""
        ask = super().to_pyarrow
        return self._once("arrow", expr, options, lambda: ask(expr, **options))

    def ask(self, expr: ir.Expr, /) -> pa.Table:
        """Return the answer as Arrow, and keep nothing of it."""
        self.wait()
        return super().to_pyarrow(expr)

    def _once(
        self, form: str, expr: ir.Expr, options: dict[str, object], ask: Callable[[], object]
    ) -> object:
        is_plain = all(value in PLAIN for value in options.values())
        if not is_plain or not self._is_settled(expr):
            self.wait()
            return ask()

        def answer() -> object:
            self.wait()
            return ask()

        return self.shelf.once((self.of, form, expr.op()), answer)

    def _is_settled(self, expr: ir.Expr) -> bool:
        """Return whether an expression reads settled tables alone, and nothing left to chance."""
        read = expr.op().find((ops.PhysicalTable, ops.SQLStringView, ops.Impure))
        return all(isinstance(one, ops.DatabaseTable) and one.name in self.settled for one in read)


def recalling(lake: Lake, shelf: Shelf, version: Hashable) -> Recalling:
    """Return an engine of its own for a version of a lake, which keeps answers on a shelf."""
    engine = cast("Recalling", Recalling().connect(**settings(lake)))
    engine.shelf, engine.of, engine.settled = shelf, version, {}
    engine.wait = _at_once
    return engine


def _at_once() -> None:
    """Wait for nobody."""
