"""Specialization: in which fields a unit does more of its work than the world does."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    ROW,
    ROW_KEY,
    is_incomplete,
    why_not_relative,
)
from fourseas.indicators.field_profiles import field_profiles
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

INDICES = (
    "activity_index",
    "activity_index_low",
    "activity_index_high",
    "activity_index_symmetric",
)

SPECIALIZATION = TableSpec(
    name="specialization",
    grain="one row per unit, field with a work of it, year, definition and counting",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("p", "float64", "works", "Works of the unit in the field by this counting."),
        Column("p_unit", "float64", "works", "Works of the unit in all fields of the scheme."),
        Column("pp_field", "float64", "share", "p / p_unit.", nullable=True),
        Column(
            "pp_field_world",
            "float64",
            "share",
            "The same of the world, the unit included.",
            nullable=True,
        ),
        Column(
            "activity_index",
            "float64",
            "index",
            "pp_field / pp_field_world: 1 where the unit does as the world; also known as RCA.",
            nullable=True,
        ),
        Column(
            "activity_index_low",
            "float64",
            "index",
            "Stability interval; full counting of records only.",
            nullable=True,
        ),
        Column(
            "activity_index_high",
            "float64",
            "index",
            "Stability interval; full counting of records only.",
            nullable=True,
        ),
        Column(
            "activity_index_symmetric",
            "float64",
            "difference",
            "(index - 1) / (index + 1), from -1 to 1; 0 where the unit does as the world.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def specialization(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Compare the fields of a unit's works with those of the world's.

    .. math:: AI_{if} = \frac{x_{if} / x_{i\cdot}}{x_{wf} / x_{w\cdot}}, \qquad
              AI^{s}_{if} = \frac{AI_{if} - 1}{AI_{if} + 1}

    of works *x* of unit *i* in field *f* and of the world *w*, which holds those of *i*. Works
    without a field of the scheme are in no total. The interval is Wilson's of
    :math:`x_{if} / x_{i\cdot}`, the world taken as it is; there is none in fractional counting
    and none of published figures, whose records are not here.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `SPECIALIZATION`: a row where the unit has a work in the field; elsewhere its index
        is 0.

    References
    ----------
    Balassa (1965), "Trade liberalisation and revealed comparative advantage", The Manchester
    School 33(2), 99-123; Laursen (2015), "Revealed comparative advantage and the alternatives
    as measures of international specialization", Eurasian Business Review 5, 99-115, for the
    symmetric form.
    """
    profiles = field_profiles(unit_cells)
    shown = profiles.filter((profiles.unit_type != "unknown") & (profiles.p > 0))
    is_recorded = unit_cells.group_by("register", "definition_id").agg(
        is_recorded=unit_cells["first"].count() > 0
    )
    ends = registers.select("register", "last_complete_year")
    known = extend(extend(shown, is_recorded, ["register", "definition_id"]), ends, ["register"])
    reason = ibis.cases(
        (known.share_world.isnull(), "the register has no total of the world here"),
        else_=why_not_relative(known.scope),
    )
    judged = known.mutate(
        not_computable=reason,
        has_interval=known.is_recorded & (known.counting == "full"),
    )
    interval = share_interval(judged.share, judged.p_unit)
    nothing = ibis.null("float64")
    placed = judged.mutate(
        low=ibis.ifelse(judged.has_interval, interval.low, nothing),
        high=ibis.ifelse(judged.has_interval, interval.high, nothing),
    )
    index = placed.activity_index
    indexed = placed.mutate(
        activity_index_low=placed.low / placed.share_world.nullif(0.0),
        activity_index_high=placed.high / placed.share_world.nullif(0.0),
        activity_index_symmetric=(index - 1.0) / (index + 1.0),
    )
    return conform(
        indexed.mutate(
            pp_field=indexed.share.clip(0.0, 1.0),
            pp_field_world=indexed.share_world.clip(0.0, 1.0),
            is_provisional=is_incomplete(indexed.year, indexed.last_complete_year),
            **{
                name: ibis.ifelse(indexed.not_computable.isnull(), indexed[name], nothing)
                for name in INDICES
            },
        ),
        SPECIALIZATION,
    )


INDICATOR = Indicator(
    title="Specialization in fields",
    meaning="In which fields a country does more of its work than the world does of its own.",
    formula="(works in field / works) of the country / the same of the world",
    headline="activity_index",
    compute=specialization,
    reads=(UNIT_CELLS, REGISTERS),
    writes=SPECIALIZATION,
    source="https://doi.org/10.1111/j.1467-9957.1965.tb00050.x",
    is_of_fields=True,
    caveats=(
        "A high index in one field lowers all others: it tells of a mix, not of strength.",
        "It tells nothing of level; a country can be specialized where its works are not cited.",
        "Coverage of a register differs by field and language, and the index with it.",
        "Fields with few works of the unit move much from year to year.",
    ),
)
