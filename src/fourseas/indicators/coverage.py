"""What every row of an indicator says about itself: coverage, and whether its year is final."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.cells import CELL_COLUMNS, CELL_KEY
from fourseas.schema.table import Column, extend

UNIT_NAMES = ("unit_type", "unit_id")
PLACE_KEY = tuple(name for name in CELL_KEY if name not in UNIT_NAMES)
"""The key of a place: all that two units of one comparison have in common."""

COUNTING = Column("counting", "string", "category", "full or fractional.")
ROW = (*CELL_COLUMNS, COUNTING)
ROW_KEY = tuple(column.name for column in ROW)

COVERAGE = Column(
    "coverage",
    "float64",
    "share",
    "Part of the world's credit there whose country is known, in rows of organizations whose "
    "organization is; null where not published.",
    nullable=True,
)
IS_PROVISIONAL = Column(
    "is_provisional", "boolean", "flag", "The year was not complete at the snapshot."
)
NOT_COMPUTABLE = Column(
    "not_computable",
    "string",
    "text",
    "Why the measure is null; null where it is not.",
    nullable=True,
)


def is_incomplete(
    last_counted: ir.IntegerValue, last_complete_year: ir.IntegerValue
) -> ir.BooleanValue:
    """Tell whether the last year that is counted was not complete at the snapshot.

    Every register says which year was. Of one that does not, a row would have no answer, and its
    table is refused, where a default would tell an open year as final.
    """
    return last_counted.cast("int64") > last_complete_year


def why_not_relative(scope: ir.StringValue) -> ir.StringValue:
    """Say why nothing can be set against the world here; null over a census.

    A sample, a corpus or a census of which parts are missing is not the world: a measure that
    is relative to the world needs a named baseline from outside, and there is none.
    """
    return ibis.cases(
        (scope == "census", ibis.null("string")),
        (scope == "partial", "parts of the register are missing from the lake"),
        else_=ibis.literal("the register is a ").concat(scope, " and no outside baseline is named"),
    )


def with_coverage(measured: ir.Table, unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Add `coverage` and `is_provisional` to rows of a place.

    .. math:: coverage = 1 - \frac{credit_{unknown}}{credit_{world}}

    and of rows of organizations, the credit of all organizations by that of the world.
    """
    is_organization = unit_cells.unit_type == "organization"
    is_world = unit_cells.unit_type == "world"
    is_unknown = unit_cells.unit_type == "unknown"
    places = unit_cells.group_by(*PLACE_KEY).agg(
        credit_world=unit_cells.credit.sum(where=is_world),
        credit_unknown=unit_cells.credit.sum(where=is_unknown),
        credit_organizations=unit_cells.credit.sum(where=is_organization),
    )
    world = places.credit_world.nullif(0.0)
    known = places.select(
        *PLACE_KEY,
        coverage=(1.0 - places.credit_unknown.fill_null(0.0) / world).clip(0.0, 1.0),
        coverage_organizations=(places.credit_organizations / world).clip(0.0, 1.0),
    )
    ends = registers.select("register", "last_complete_year")
    joined = extend(extend(measured, known, PLACE_KEY), ends, ["register"])
    is_covered_otherwise = joined.unit_type == "organization"
    return joined.mutate(
        coverage=ibis.ifelse(is_covered_otherwise, joined.coverage_organizations, joined.coverage),
        is_provisional=is_incomplete(joined.year, joined.last_complete_year),
    )
