"""Who leads the works that countries of lower income write with others."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import IS_PROVISIONAL, NOT_COMPUTABLE, is_incomplete
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import PAIR_CELLS, PLACE, PROVENANCE, ROLES, UNIT
from fourseas.schema.countries import GROUP_MEMBERSHIPS, INCOME_GROUPS, LOWER_INCOMES
from fourseas.schema.step import OF_UNIT, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

LEADERS = ("unit", "partner", "third")

LEAD_WITH_LOW_INCOME = TableSpec(
    name="lead_with_low_income",
    grain="one row per low or lower-middle income country, partner of higher income, field, year, "
    "definition and role",
    key=(*PAIR_CELLS.key, "role"),
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The partner, of an income group above."),
        *PLACE,
        Column("counting", "string", "category", "full: a joint work counts once."),
        Column("role", "string", "category", "first, last or corresponding author."),
        Column("income_group", "string", "code", "Income group of the unit, of July 2021."),
        Column("p", "float64", "works", "Joint works of the two."),
        Column("p_role_known", "float64", "works", "Of these, the lead's country is known."),
        Column("pp_led_unit", "float64", "share", "Led by the unit.", nullable=True),
        Column("pp_led_unit_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_unit_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_unit_min", "float64", "share", "If it led none of the unknown."),
        Column("pp_led_unit_max", "float64", "share", "If it led all of the unknown."),
        Column("pp_led_partner", "float64", "share", "Led by the partner.", nullable=True),
        Column("pp_led_partner_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_partner_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_third", "float64", "share", "Led by a third country.", nullable=True),
        Column("pp_led_third_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_third_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_credit_unit", "float64", "share", "Mean credit of the unit in joint works."),
        Column("pp_credit_partner", "float64", "share", "Mean credit of the partner in them."),
        Column("coverage_role", "float64", "share", "p_role_known / p."),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def lead_with_low_income(
    pair_cells: ir.Table, group_memberships: ir.Table, registers: ir.Table
) -> ir.Table:
    r"""Return who leads joint works of a country of low income and one of higher income.

    .. math:: l_i + l_j + l_3 = 1, \qquad
              l_i = \frac{\text{leads of } i}{\text{joint works with a known lead}}

    for the unit *i* of low or lower-middle income, the partner *j* of an income group above,
    and all third countries together. The mean credit of either side in the joint works stands
    beside: a side whose part of the leads is below its part of the authors leads less than it
    writes. Income groups are those of the World Bank of July 2021 in every year; countries in
    none of them are left out.

    Works about a country without an author from it are not here: no register says which.

    Parameters
    ----------
    pair_cells, group_memberships
        `PAIR_CELLS` and `GROUP_MEMBERSHIPS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `LEAD_WITH_LOW_INCOME`: a row for each role, of registers whose works are counted here.

    References
    ----------
    The selection is ours; leads as in `LEADERSHIP`. Wilson (1927), Journal of the American
    Statistical Association 22, 209-212, for the intervals.
    """
    income = group_memberships.filter(group_memberships.group_id.isin(list(INCOME_GROUPS)))
    ranked = income.select(
        "country_code",
        income_group=income.group_id,
        income_rank=income.group_id.cases(
            *((group, rank) for rank, group in enumerate(INCOME_GROUPS)), else_=0
        ),
    )
    units = ranked.select("income_group", "income_rank", unit_id=ranked.country_code)
    partners = ranked.select(partner_rank=ranked.income_rank, partner_id=ranked.country_code)
    led = pair_cells.filter(pair_cells.first_unit.notnull() & (pair_cells.p > 0))
    sided = extend(extend(led, units, ["unit_id"]), partners, ["partner_id"])
    unequal = sided.filter(
        sided.income_group.isin(list(LOWER_INCOMES)) & (sided.partner_rank < sided.income_rank)
    )
    dated = extend(unequal, registers.select("register", "last_complete_year"), ["register"])
    return ibis.union(*(_of_role(dated, role) for role in ROLES))


def _of_role(pairs: ir.Table, role: str) -> ir.Table:
    """Return the rows of one role."""
    known = pairs[f"n_{role}_known"]
    led = pairs.mutate(
        led_unit=pairs[f"{role}_unit"],
        led_partner=pairs[f"{role}_partner"],
        led_third=known - pairs[f"{role}_unit"] - pairs[f"{role}_partner"],
        p_role_known=known,
    )
    shares: dict[str, ir.Value] = {}
    for leader in LEADERS:
        share = (led[f"led_{leader}"] / led.p_role_known.nullif(0.0)).clip(0.0, 1.0)
        interval = share_interval(share, led.p_role_known)
        shares[f"pp_led_{leader}"] = share
        shares[f"pp_led_{leader}_low"] = interval.low
        shares[f"pp_led_{leader}_high"] = interval.high
    return conform(
        led.mutate(
            **shares,
            counting=ibis.literal("full"),
            role=ibis.literal(role),
            pp_led_unit_min=(led.led_unit / led.p).clip(0.0, 1.0),
            pp_led_unit_max=((led.led_unit + led.p - led.p_role_known) / led.p).clip(0.0, 1.0),
            pp_credit_unit=led.credit / led.p,
            pp_credit_partner=led.partner_credit / led.p,
            coverage_role=(led.p_role_known / led.p).clip(0.0, 1.0),
            is_provisional=is_incomplete(led.year, led.last_complete_year),
            not_computable=ibis.ifelse(
                led.p_role_known > 0,
                ibis.null("string"),
                f"of no joint work here is the country of the {role} author known",
            ),
        ),
        LEAD_WITH_LOW_INCOME,
    )


INDICATOR = Indicator(
    title="Leads of works with low-income countries",
    meaning="Whether joint works are led by the country of lower income, the partner, or a third.",
    formula="leads of the unit, the partner and third countries / joint works with a known lead",
    headline="pp_led_unit",
    compute=lead_with_low_income,
    reads=(PAIR_CELLS, GROUP_MEMBERSHIPS, REGISTERS),
    writes=LEAD_WITH_LOW_INCOME,
    apart=OF_UNIT,
    source="https://doi.org/10.1007/s11192-013-1046-0",
    caveats=(
        "Of few joint works a year the intervals are wide; a lead is one author of many.",
        "First authors mean little in alphabetical fields: mathematics, economics, physics.",
        "Works about a country that have no author from it are not seen.",
        "Authors from a country who write from an address abroad count abroad.",
    ),
)
