"""Rows of two versions beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

BEFORE, AFTER = "_before", "_after"


def side_by_side(
    before: ir.Table, after: ir.Table, key: Sequence[str], values: Sequence[str]
) -> ir.Table:
    """Return a row for each key of either table: its values in both, null where it is not.

    Parameters
    ----------
    before, after
        Tables with the columns of `key`, which are unique and never null, and of `values`.
    key, values
        Columns that tell rows apart, and columns to compare.
    """
    left, right = (
        table.select(*key, **{f"{name}{ending}": table[name] for name in values})
        for table, ending in ((before, BEFORE), (after, AFTER))
    )
    joined = left.outer_join(right, list(key), rname="{name}_other")
    return joined.select(
        **{name: ibis.coalesce(joined[name], joined[f"{name}_other"]) for name in key},
        **{
            f"{name}{ending}": joined[f"{name}{ending}"]
            for name in values
            for ending in (BEFORE, AFTER)
        },
    )
