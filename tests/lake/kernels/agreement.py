"""In what the table of a kernel differs from the table of its step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import zip_longest

from ibis.backends.duckdb import Backend

from fourseas.lake.kernels import KERNELS
from fourseas.schema.step import Step
from tests.world import Row

TOLERANCE = 1e-12
"""Of a sum: both add the same numbers, in another order."""

SHOWN = 5


def disagreements(con: Backend, step: Step) -> list[str]:
    """Compare what a kernel computes with what the engine did, row by row in the order of the key.

    Nothing is said where all agree; neither may be empty where the other is not.
    """
    name = step.writes.name
    ours = KERNELS[name].compute(con, step).read_all()
    assert tuple(ours.column_names) == step.writes.column_names
    theirs = con.to_pyarrow(con.table(name).order_by(*step.writes.key))
    return list(_told(ours.to_pylist(), theirs.to_pylist()))[:SHOWN]


def _told(ours: Iterable[Row], theirs: Iterable[Row]) -> Iterable[str]:
    for our, their in zip_longest(ours, theirs):
        if our is None or their is None or not _are_equal(our, their):
            yield f"{our} but by the step {their}"


def _are_equal(our: Row, their: Row) -> bool:
    return all(
        math.isclose(value, other, rel_tol=TOLERANCE)
        if isinstance(value, float) and isinstance(other, float)
        else value == other
        for value, other in zip(our.values(), their.values(), strict=True)
    )
