"""How many works a version knows of each country and year, and of how many the countries."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.changes.side_by_side import side_by_side
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import Column, TableSpec, conform

KEY = ("register", "definition_id", "unit_id", "year")
VALUES = ("n", "pp_undecided", "coverage")
UNITS = ("country", "world")

POINT = 0.01
"""Change of a share from which a row is told, whatever becomes of the number of works."""

COVERAGE_CHANGES = TableSpec(
    name="coverage",
    grain="one row per country or the world and year, where it changed by the threshold or more",
    key=KEY,
    columns=(
        Column("register", "string", "code", "The register."),
        Column("definition_id", "string", "code", "The definition by which it was counted."),
        Column("unit_id", "string", "code", "ISO alpha-2, or WORLD."),
        Column("year", "int16", "year", "Year of publication."),
        Column("n_before", "float64", "works", "Works (full counting).", nullable=True),
        Column("n_after", "float64", "works", "Works (full counting).", nullable=True),
        Column("change", "float64", "difference", "After less before; of none, 0."),
        Column(
            "relative_change",
            "float64",
            "ratio",
            "The change by the works before; null where there were none.",
            nullable=True,
        ),
        *(
            Column(f"{name}_{side}", "float64", "share", meaning, nullable=True)
            for name, meaning in (
                (
                    "pp_undecided",
                    "Works with an author of unknown country and no two known; null if published.",
                ),
                (
                    "coverage",
                    "Part of the world's credit whose country is known; null of countries.",
                ),
            )
            for side in ("before", "after")
        ),
    ),
)

COUNTRY_CHANGES = TableSpec(
    name="countries",
    grain="one row per country of which one version alone has works",
    key=("register", "definition_id", "unit_id"),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("definition_id", "string", "code", "The definition by which it was counted."),
        Column("unit_id", "string", "code", "ISO alpha-2."),
        Column("change", "string", "category", "appeared or disappeared."),
        Column("n", "float64", "works", "Its works there, of all years."),
    ),
)


def coverage(unit_cells: ir.Table) -> ir.Table:
    r"""Return works and known countries of each country and year, and of the world.

    .. math:: pp\_undecided = n_{unknown} / n, \qquad
              coverage = 1 - credit_{UNKNOWN} / credit_{WORLD}

    Counted by the default definitions, in all fields together.
    """
    defaults = [d.definition_id for d in DEFINITIONS if d.is_default]
    computed = [d.definition_id for d in DEFINITIONS if d.computed]
    cells = unit_cells.filter(
        (unit_cells.scheme == ALL)
        & (unit_cells.field_id == ALL)
        & unit_cells.definition_id.isin(defaults)
    )
    sums = cells.group_by(*KEY, "unit_type").agg(
        n=cells.n.sum(),
        n_undecided=cells.n.sum(where=cells.collaboration_class == "unknown").fill_null(0.0),
        credit=cells.credit.sum(),
    )
    unplaced = sums.filter(sums.unit_type == "unknown")
    lost = unplaced.select("register", "definition_id", "year", lost=unplaced.credit)
    known = sums.filter(sums.unit_type.isin(UNITS) & sums.n.notnull())
    beside = known.left_join(lost, ["register", "definition_id", "year"])
    is_computed = beside.definition_id.isin(computed)
    is_told = is_computed & (beside.unit_type == "world")
    return beside.select(
        *KEY,
        "n",
        pp_undecided=ibis.ifelse(
            is_computed, beside.n_undecided / beside.n.nullif(0.0), ibis.null("float64")
        ),
        coverage=ibis.ifelse(
            is_told,
            (1.0 - beside.lost.fill_null(0.0) / beside.credit.nullif(0.0)).clip(0.0, 1.0),
            ibis.null("float64"),
        ),
    )


def coverage_changes(before: ir.Table, after: ir.Table, *, threshold: float) -> ir.Table:
    r"""Return the rows of `coverage` that changed much, the greatest changes of works first.

    A row is told where :math:`|n_{after} - n_{before}| \ge threshold \cdot \max(n)` and they
    differ at all, or where one of its shares changed by `POINT` or more.
    """
    beside = side_by_side(before, after, KEY, VALUES)
    n_before, n_after = beside.n_before.fill_null(0.0), beside.n_after.fill_null(0.0)
    sized = beside.mutate(
        change=n_after - n_before,
        greater=ibis.greatest(n_before, n_after),
        relative_change=(n_after - n_before) / n_before.nullif(0.0),
    )
    is_other_size = (sized.change != 0) & (sized.change.abs() >= threshold * sized.greater)
    is_other_share = ibis.or_(
        *(
            ((sized[f"{name}_after"] - sized[f"{name}_before"]).abs() >= POINT).fill_null(False)
            for name in ("pp_undecided", "coverage")
        )
    )
    told = conform(sized.filter(is_other_size | is_other_share), COVERAGE_CHANGES)
    return told.order_by(told.change.abs().desc(), *KEY)


def country_changes(before: ir.Table, after: ir.Table) -> ir.Table:
    """Return the countries that one of two tables of `coverage` alone has works of."""
    key = COUNTRY_CHANGES.key
    totals = [table.group_by(*key).agg(n=table.n.sum()) for table in (before, after)]
    old, new = (table.filter(table.n > 0) for table in totals)
    appeared = new.anti_join(old, key).mutate(change=ibis.literal("appeared"))
    disappeared = old.anti_join(new, key).mutate(change=ibis.literal("disappeared"))
    return conform(appeared.union(disappeared), COUNTRY_CHANGES).order_by("change", *key)
