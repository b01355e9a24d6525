"""Volume: how many works a unit takes part in, and its share of the world's."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
    why_not_relative,
    with_coverage,
)
from fourseas.schema.cells import CELL_KEY, UNIT_CELLS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

VOLUME = TableSpec(
    name="volume",
    grain="one row per unit, field, year, definition and counting",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("p", "float64", "works", "Works of the unit by this counting.", nullable=True),
        Column("p_world", "float64", "works", "Works of the whole register.", nullable=True),
        Column("pp_world", "float64", "share", "p / p_world, over a census.", nullable=True),
        COVERAGE,
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def volume(unit_cells: ir.Table, registers: ir.Table, definitions: ir.Table) -> ir.Table:
    r"""Count the works of each unit.

    .. math:: P_i = |W_i| \quad \text{(full)}, \qquad
              P_i = \sum_{w \in W_i} a_{iw} \quad \text{(fractional)}

    where :math:`a_{iw}` is the author-fractional credit of *i* in *w*. The world counts each
    work once. Full counts of countries sum to more than the world, since a joint work counts
    for each; fractional ones sum to less, by the credit of authors without a known country.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers, definitions
        `REGISTERS`, for the last complete year; `DEFINITION_ROWS`, for registers that count
        international works alone.

    Returns
    -------
    ir.Table
        `VOLUME`. Works by counting; `pp_world` from 0 to 1 within the same counting.

    References
    ----------
    Waltman & van Eck (2015), Journal of Informetrics 9(4), 872-894.
    """
    totals = unit_cells.group_by(*CELL_KEY).agg(
        full=unit_cells.n.sum(), fractional=unit_cells.credit.sum()
    )
    counted = totals.mutate(counting=ibis.literal("full"), p=totals.full).union(
        totals.mutate(counting=ibis.literal("fractional"), p=totals.fractional)
    )
    present = counted.filter(counted.p.notnull())
    world = present.filter(present.unit_type == "world").select(
        *PLACE_KEY, "counting", p_world=present.p
    )
    denominators = definitions.select("definition_id", "denominator")
    compared = extend(
        extend(present, world, [*PLACE_KEY, "counting"]), denominators, ["definition_id"]
    )
    is_part = compared.denominator == "none"
    reason = ibis.cases(
        (is_part, ibis.literal("the register counts international works alone")),
        (compared.p_world.isnull(), "the register has no total of the world here"),
        else_=why_not_relative(compared.scope),
    )
    share = compared.p / compared.p_world.nullif(0.0)
    nothing = ibis.null("float64")
    shares = compared.mutate(
        p=ibis.ifelse(is_part, nothing, compared.p),
        p_world=ibis.ifelse(is_part, nothing, compared.p_world),
        pp_world=ibis.ifelse(reason.isnull(), share, nothing),
        not_computable=reason,
    )
    return conform(
        with_coverage(
            shares.select(*ROW_KEY, "p", "p_world", "pp_world", "not_computable"),
            unit_cells,
            registers,
        ),
        VOLUME,
    )


INDICATOR = Indicator(
    title="Volume of works",
    meaning="How many works a country takes part in, and its share of the world's.",
    formula="full: number of works; fractional: sum of author-fractional credits",
    headline="p",
    compute=volume,
    reads=(UNIT_CELLS, REGISTERS, DEFINITION_ROWS),
    writes=VOLUME,
    apart=OF_PLACE,
    source="https://doi.org/10.1016/j.joi.2015.08.001",
    caveats=(
        "A register's growth is not a country's growth: compare shares across years.",
        "Full counts of countries sum to more than the world; do not add them.",
        "Fractional credit of authors without a known country is lost and shown as coverage.",
    ),
)
