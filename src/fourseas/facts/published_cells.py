"""Cells from published figures, so that outside numbers pass through the same indicators."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.cells import CELL_KEY, UNIT_CELLS
from fourseas.schema.table import complete

FIGURES = {
    "p": ("output", "full"),
    "credit_all": ("output", "fractional"),
    "p_domestic": ("domestic", "full"),
    "p_international": ("international", "full"),
    "pp_top_1": ("top_1", "full"),
    "pp_top_1_frac": ("top_1", "fractional"),
}
"""Column of the pivoted figures: measure and counting of the published one."""


def published_unit_cells(staged_statistics: ir.Table) -> ir.Table:
    """Turn published figures into cells.

    Where a publisher divides a unit's works into domestic and international ones, the rest is
    ``unknown`` (incomplete addresses); where it does not, all works are ``unstated``. The
    fractional credit and the top shares, which nobody divides by class, stand on the
    ``unstated`` row, so that sums over classes are the published totals. A share is turned
    into a sum by the output of the same counting; there are no squares, so no intervals.
    """
    figures = staged_statistics.group_by(*CELL_KEY).agg(
        **{
            column: staged_statistics.value.sum(
                where=(staged_statistics.measure == measure)
                & (staged_statistics.counting == counting)
            )
            for column, (measure, counting) in FIGURES.items()
        }
    )
    is_divided = figures.p_domestic.notnull() & figures.p_international.notnull()
    rest = figures.p - figures.p_domestic - figures.p_international
    by_class = [
        _class_cells(
            figures.filter(figures.p_international.notnull()),
            "international",
            figures.p_international,
        ),
        _class_cells(figures.filter(figures.p_domestic.notnull()), "domestic", figures.p_domestic),
        _class_cells(
            figures.filter(is_divided & figures.p.notnull()), "unknown", ibis.greatest(rest, 0.0)
        ),
        _unstated_cells(
            figures.filter(figures.p.notnull()), ibis.ifelse(is_divided, 0.0, figures.p)
        ),
    ]
    return ibis.union(*by_class)


def _class_cells(figures: ir.Table, collaboration_class: str, n: ir.Value) -> ir.Table:
    """Return cells that hold works of one class and nothing else."""
    return _completed(figures.mutate(collaboration_class=ibis.literal(collaboration_class), n=n))


def _unstated_cells(figures: ir.Table, n: ir.Value) -> ir.Table:
    """Return cells with the works that are not divided, the credit and the top shares."""
    has_full = figures.pp_top_1.notnull()
    has_fractional = figures.pp_top_1_frac.notnull()
    return _completed(
        figures.mutate(
            collaboration_class=ibis.literal("unstated"),
            n=n,
            credit=figures.credit_all,
            n_scored=ibis.ifelse(has_full, figures.p, ibis.null("float64")),
            credit_scored=ibis.ifelse(has_fractional, figures.credit_all, ibis.null("float64")),
            top_1_full=figures.pp_top_1 * figures.p,
            top_1_frac=figures.pp_top_1_frac * figures.credit_all,
        )
    )


def _completed(cells: ir.Table) -> ir.Table:
    """Add the declared measures that publishers do not give, as null."""
    return complete(cells.mutate(stratum=ibis.literal("core")), UNIT_CELLS)
