"""What all lists of a place have in common, kept beside a version that is large."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pyarrow as pa

from fourseas.errors import LakeError
from fourseas.lake import aside
from fourseas.reports.partners.place import Place
from fourseas.workspace import Workspace

Tables = dict[str, pa.Table]

WORTH_KEEPING = 2_000_000
"""Cells of a lake from which sums of them are kept: those of fewer take less than a second."""


def kept(ws: Workspace, at: Place, form: str, make: Callable[[], Tables]) -> Tables:
    """Return tables that are made of the cells of a place, those that are kept if they are.

    Of a large lake they are kept as soon as they are made.

    Parameters
    ----------
    ws
        The lake.
    at
        The place.
    form
        What is made, by what, and in which form: what is of another is made anew.
    make
        How it is made.
    """
    if not is_large(ws, at):
        return make()
    asked = (at.units, at.register, at.definition_id, at.scheme, *map(str, at.years), *at.field_ids)
    path = aside.path_of(ws.lake, ws.version, form, ws.ledger.fingerprint, *asked)
    found = aside.tables(path)
    if found is None:
        found = make()
        # Of a lake that cannot be written it is made anew each time.
        with contextlib.suppress(LakeError):
            aside.keep_tables(ws.lake, path, found)
    return found


def is_large(ws: Workspace, at: Place) -> bool:
    """Return whether sums of the cells of a place take long."""
    cells = next(one for one in ws.ledger.tables if one.name == at.cells)
    return cells.rows >= WORTH_KEEPING
