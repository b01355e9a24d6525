"""The way of a unit from taking part in international works to leading them, by periods."""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.indicators.alphabetical import why_no_order
from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW_KEY,
    is_incomplete,
    why_not_relative,
)
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import CELL_COLUMNS, CELL_KEY, ROLES, UNIT_CELLS
from fourseas.schema.step import OF_FIELD, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

PERIOD = 5
"""Years of a period; 2015 to 2019 is one."""

LITTLE = 0.02
"""Below this share of the world's international works a unit has little part in them."""

EXPECTED = (2 / 3, 3 / 2)
"""Within these a unit leads as expected: two thirds of its part, or half as much again."""

Stage = Literal[
    "little part", "takes part", "leads as expected", "leads more than its part", "undecided"
]

LEADERSHIP_TRAJECTORY = TableSpec(
    name="leadership_trajectory",
    grain="one row per unit, field, period of five years, definition and role, of international "
    "works",
    key=(*ROW_KEY, "role"),
    columns=(
        *(column for column in CELL_COLUMNS if column.name != "year"),
        Column("year", "int16", "year", "First year of the period of five."),
        Column("counting", "string", "category", "full."),
        Column("role", "string", "category", "first, last or corresponding author."),
        Column("n", "float64", "works", "International works of the unit (full counting)."),
        Column("p_int_world", "float64", "works", "International works of the world."),
        Column("participation", "float64", "share", "n / p_int_world.", nullable=True),
        Column("participation_low", "float64", "share", "Stability interval.", nullable=True),
        Column("participation_high", "float64", "share", "Stability interval.", nullable=True),
        Column("p_role_known", "float64", "works", "Of these n, the lead's country is known."),
        Column("pp_led", "float64", "share", "Of these, led by the unit.", nullable=True),
        Column(
            "leadership_index",
            "float64",
            "index",
            "Leads by the unit's part of the credit: 1 where it leads as that has it.",
            nullable=True,
        ),
        Column("leadership_index_low", "float64", "index", "Stability interval.", nullable=True),
        Column("leadership_index_high", "float64", "index", "Stability interval.", nullable=True),
        Column(
            "participation_change",
            "float64",
            "difference",
            "participation less that of the period before.",
            nullable=True,
        ),
        Column(
            "leadership_index_change",
            "float64",
            "difference",
            "leadership_index less that of the period before.",
            nullable=True,
        ),
        Column("coverage_role", "float64", "share", "p_role_known / n.", nullable=True),
        Column(
            "stage",
            "string",
            "category",
            "little part, takes part, leads as expected, leads more than its part, or undecided.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def leadership_trajectory(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Follow over periods how much a unit takes part in international works, and leads them.

    .. math:: P_i = \frac{n_i}{n_{world}}, \qquad
              L_i = \frac{\sum_{w} \ell_{iw}}{\sum_{w} a_{iw} / \sum_k a_{kw}}

    over the international works *w* of five years; leads :math:`\ell` and parts as in
    `leadership`. The stage of a unit is what both 95% intervals decide:

    - ``little part``: the interval of :math:`P` is below 2%;
    - ``takes part``: that of :math:`P` is above, that of :math:`L` below 1;
    - ``leads more than its part``: that of :math:`P` is above, that of :math:`L` above 1;
    - ``leads as expected``: that of :math:`P` is above, that of :math:`L` holds 1 and lies within
      2/3 and 3/2;
    - ``undecided``: any other, as where there are few works.

    Intervals are Wilson's, of :math:`P` and of the share led, the part expected being taken
    as given. The thresholds are ours.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `LEADERSHIP_TRAJECTORY`. Over less than a census nothing is a share of the world, and
        there are no stages.

    References
    ----------
    Moya-Anegon, Guerrero-Bote, Bornmann & Moed (2013), Scientometrics 97, 421-434, for
    leadership by corresponding author; the trajectory is ours.
    """
    led = unit_cells.filter(
        (unit_cells.collaboration_class == "international")
        & (unit_cells.unit_type != "unknown")
        & unit_cells["first"].notnull()
    )
    dated = led.mutate(year=_period(led.year))
    sums = dated.group_by(*CELL_KEY).agg(
        n=dated.n.sum(),
        **{
            name: dated[name].sum()
            for role in ROLES
            for name in (role, f"n_{role}_known", f"part_{role}_known")
        },
    )
    worlds = sums.filter(sums.unit_type == "world").select(*PLACE_KEY, p_int_world=sums.n)
    ends = registers.select("register", "last_complete_year")
    units = extend(
        extend(sums.filter(sums.unit_type != "world"), worlds, PLACE_KEY), ends, ["register"]
    )
    measured = ibis.union(*(_of_role(units, role) for role in ROLES))
    return conform(_staged(_compared(measured)), LEADERSHIP_TRAJECTORY)


def _period(year: ir.IntegerValue) -> ir.IntegerValue:
    """Return the first year of the period that a year is in."""
    wide = year.cast("int64")
    return (wide - wide % PERIOD).cast("int16")


def _of_role(units: ir.Table, role: str) -> ir.Table:
    """Return what is measured of one role."""
    relative = why_not_relative(units.scope)
    order = why_no_order(role, units.scheme, units.field_id)
    known = units[f"n_{role}_known"]
    named = units.select(
        *CELL_KEY,
        "n",
        "p_int_world",
        counting=ibis.literal("full"),
        role=ibis.literal(role),
        relative=relative,
        order=order,
        p_role_known=known,
        coverage_role=(known / units.n.nullif(0.0)).clip(0.0, 1.0),
        taken=ibis.ifelse(relative.isnull(), units.n / units.p_int_world, ibis.null("float64")),
        pp_led=ibis.ifelse(
            order.isnull(),
            (units[role] / known.nullif(0.0)).clip(0.0, 1.0),
            ibis.null("float64"),
        ),
        odds=known / units[f"part_{role}_known"].nullif(0.0),
        is_provisional=is_incomplete(
            units.year.cast("int64") + PERIOD - 1, units.last_complete_year
        ),
    )
    part = share_interval(named.taken, named.p_int_world)
    lead = share_interval(named.pp_led, named.p_role_known)
    return named.mutate(
        participation=named.taken,
        participation_low=part.low,
        participation_high=part.high,
        leadership_index=named.pp_led * named.odds,
        leadership_index_low=lead.low * named.odds,
        leadership_index_high=lead.high * named.odds,
    )


def _compared(measured: ir.Table) -> ir.Table:
    """Add the change since the period before, where there is one."""
    key = [*CELL_KEY, "role"]
    before = measured.select(
        *(name for name in key if name != "year"),
        year=(measured.year.cast("int64") + PERIOD).cast("int16"),
        participation_before=measured.participation,
        index_before=measured.leadership_index,
    )
    both = extend(measured, before, key)
    return both.mutate(
        participation_change=both.participation - both.participation_before,
        leadership_index_change=both.leadership_index - both.index_before,
    )


def _staged(compared: ir.Table) -> ir.Table:
    """Say at which stage a unit is, where the intervals decide."""
    low, high = compared.leadership_index_low, compared.leadership_index_high
    least, most = EXPECTED
    reason = ibis.coalesce(
        compared.relative,
        compared.order,
        ibis.ifelse(
            compared.leadership_index.isnull(),
            ibis.literal("of no work here with a part in it is the ").concat(
                compared.role, " author known"
            ),
            ibis.null("string"),
        ),
    )
    return compared.mutate(
        not_computable=reason,
        stage=ibis.cases(
            (compared.participation.isnull(), ibis.null("string")),
            (compared.participation_high < LITTLE, "little part"),
            (compared.leadership_index.isnull(), ibis.null("string")),
            (compared.participation_low < LITTLE, "undecided"),
            (high < 1.0, "takes part"),
            (low > 1.0, "leads more than its part"),
            ((low >= least) & (high <= most), "leads as expected"),
            else_="undecided",
        ),
    )


INDICATOR = Indicator(
    title="Way to leadership",
    meaning="Whether a country that takes part in international works comes to lead them.",
    formula="P = works / world's international works; L = leads / part of the countries' credit",
    headline="leadership_index",
    compute=leadership_trajectory,
    reads=(UNIT_CELLS, REGISTERS),
    writes=LEADERSHIP_TRAJECTORY,
    apart=OF_FIELD,
    source="https://doi.org/10.1007/s11192-013-1046-0",
    caveats=(
        "The thresholds of the stages are ours; undecided is no stage but too few works.",
        (
            "Leads are counted where they are known; pp_led_min and pp_led_max of leadership bound "
            "what the unknown allow."
        ),
        "First and last authors mean little in all fields together where some use the alphabet.",
        "A part in the world's international works is not a part of all works.",
    ),
)
