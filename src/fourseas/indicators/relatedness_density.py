"""Relatedness density: how near a field is to what a country is already specialized in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
    is_incomplete,
)
from fourseas.indicators.field_profiles import census_entries, density, relations
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

RELATEDNESS_DENSITY = TableSpec(
    name="relatedness_density",
    grain="one row per country with 30 works or more, field and year of a census",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column(
            "activity_index",
            "float64",
            "index",
            "Its specialization in the field; 0 where it has no work there.",
        ),
        Column("is_specialized", "boolean", "flag", "The activity index is 1 or more."),
        Column(
            "relatedness_density",
            "float64",
            "share",
            "Part of the relatedness of the field that is with fields it is specialized in.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def relatedness_density(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Say how near each field is to what a country is specialized in.

    .. math:: D_{if} = \frac{\sum_{g \ne f} M_{ig} \phi_{fg}}{\sum_{g \ne f} \phi_{fg}}

    where :math:`M_{ig}` is 1 where the activity index of *i* in *g* is 1 or more and
    :math:`\phi` the association of fields. Whether *i* is specialized in *f* itself does not
    enter.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `RELATEDNESS_DENSITY`, of countries and registers that are a census; fractional
        counting.

    References
    ----------
    Boschma, Balland & Kogler (2015), "Relatedness and technological change in cities: the rise
    and fall of technological knowledge in US metropolitan areas from 1981 to 2010", Industrial
    and Corporate Change 24(1), 223-250. There it runs from 0 to 100.
    """
    entered = census_entries(unit_cells)
    near = density(entered, relations(entered))
    ends = registers.select("register", "last_complete_year")
    known = extend(extend(entered, near, [*PLACE_KEY, "unit_id"]), ends, ["register"])
    return conform(
        known.mutate(
            unit_type=ibis.literal("country"),
            counting=ibis.literal("fractional"),
            relatedness_density=known.density,
            is_provisional=is_incomplete(known.year, known.last_complete_year),
            not_computable=ibis.ifelse(
                known.density.isnull(),
                "no country is specialized in this field and another at once",
                ibis.null("string"),
            ),
        ),
        RELATEDNESS_DENSITY,
    )


INDICATOR = Indicator(
    title="Relatedness density",
    meaning="How near a field is to what a country is already specialized in.",
    formula="sum of association with fields it is specialized in / sum with all fields",
    headline="relatedness_density",
    compute=relatedness_density,
    reads=(UNIT_CELLS, REGISTERS),
    writes=RELATEDNESS_DENSITY,
    source="https://doi.org/10.1093/icc/dtu012",
    is_of_fields=True,
    caveats=(
        "It describes nearness; that a country will or should enter a near field is a guess.",
        "With few fields, as the 14 of NCSES, it is coarse.",
        "It is high for countries that are a little specialized in many fields.",
    ),
)
