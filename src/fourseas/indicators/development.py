"""Balanced development: how evenly output, top-cited works and leads lie over countries."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    why_not_relative,
    with_coverage,
)
from fourseas.schema.cells import CELL_KEY, PLACE, PROVENANCE, UNIT_CELLS
from fourseas.schema.countries import GROUP_MEMBERSHIPS, INCOME_GROUPS, LOW_INCOME
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

MEASURES = {"output": "credit", "top_10": "top_10_frac", "top_1": "top_1_frac", "leads": "first"}
"""What is spread over countries, and the sum of cells that it is."""

UNCLASSIFIED = "unclassified"
NOTHING = "no country has anything of it here"

PART = (*PLACE_KEY, "measure")
REGISTER_KEY = tuple(column.name for column in PROVENANCE)
TOLD = ("gini", "theil", "theil_between", "theil_within", "low_income_share")

DEVELOPMENT = TableSpec(
    name="development",
    grain="one row per measure, field, year and definition",
    key=PART,
    columns=(
        *PROVENANCE,
        Column("unit_type", "string", "category", "country: what is compared."),
        *PLACE,
        Column(
            "measure",
            "string",
            "category",
            "output, top_10, top_1, or leads: first authors of international works.",
        ),
        Column("counting", "string", "category", "fractional."),
        Column("n_countries", "int64", "count", "Countries that it is spread over."),
        Column("n_without", "int64", "count", "Of these, countries that have nothing of it."),
        Column("total", "float64", "credit", "Sum over countries."),
        Column("gini", "float64", "share", "0 where all have the same.", nullable=True),
        Column("theil", "float64", "index", "Theil T; 0 where all have the same.", nullable=True),
        Column(
            "theil_between",
            "float64",
            "index",
            "Of it, between the means of income groups.",
            nullable=True,
        ),
        Column("theil_within", "float64", "index", "Within income groups.", nullable=True),
        Column(
            "low_income_share",
            "float64",
            "share",
            "Part of the total in low-income economies.",
            nullable=True,
        ),
        COVERAGE,
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def development(unit_cells: ir.Table, group_memberships: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Return how unevenly countries share in works, top-cited works and leads.

    With :math:`x_i` of the *n* countries in rising order, :math:`s_i` their shares of the sum,
    and :math:`S_g` the share and :math:`n_g` the countries of income group *g*, here of *i*:

    .. math:: Gini = \frac{\sum_i (2i - n - 1) x_i}{n \sum_i x_i}, \qquad
              T = \sum_i s_i \ln (n s_i)
                = \sum_i s_i \ln \frac{n S_g}{n_g} + \sum_i s_i \ln \frac{n_g s_i}{S_g}

    where :math:`0 \ln 0 = 0`. The first part of *T* is between income groups and the second
    within them. Countries count alike, whatever their size: much of what is measured is that
    countries differ in size, and what changes from year to year is more telling than the level.

    Of a register whose works are counted here, countries are all that it has a work of by the
    definition in any field and year, so that who has nothing counts as 0. Of published tables
    they are those that are published, since what is not there need not be 0.

    Parameters
    ----------
    unit_cells, group_memberships
        `UNIT_CELLS` and `GROUP_MEMBERSHIPS`, for income groups; what is in none of them is a
        group of its own.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `DEVELOPMENT`; `gini` runs from 0 to 1 - 1/n, and `theil` from 0 to ln n.

    References
    ----------
    Theil (1967), "Economics and Information Theory". Gini (1921),
    "Measurement of inequality of incomes", The Economic Journal 31(121), 124-126.
    """
    shares = _shares(_over_countries(unit_cells), group_memberships)
    is_low = shares.income_group.isin(list(LOW_INCOME))
    # Each country stands for its group's share of the sum by its own part of that share.
    to_equal = shares.n_countries * shares.share
    to_group = shares.n_countries * shares.group_share / shares.n_group
    in_group = shares.n_group * shares.share / shares.group_share.nullif(0.0)
    sums = shares.group_by(*PART, "n_countries", "total").agg(
        n_without=shares.count(where=shares.x == 0.0),
        gini=(shares.imbalance * shares.share).sum(),
        theil=_times_log(shares.share, to_equal).sum(),
        theil_between=_times_log(shares.share, to_group).sum(),
        theil_within=_times_log(shares.share, in_group).sum(),
        low_income_share=(shares.share * is_low.cast("float64")).sum(),
    )
    reason = why_not_relative(sums.scope)
    told = sums.mutate(
        unit_type=ibis.literal("country"),
        counting=ibis.literal("fractional"),
        not_computable=ibis.cases(
            (reason.notnull(), reason),
            (sums.total == 0.0, NOTHING),
            else_=ibis.null("string"),
        ),
        **{name: ibis.ifelse(reason.isnull(), sums[name], ibis.null("float64")) for name in TOLD},
    )
    return conform(with_coverage(told, unit_cells, registers), DEVELOPMENT)


def _over_countries(unit_cells: ir.Table) -> ir.Table:
    """Return what each country has of each measure; 0 where it has nothing of what is counted."""
    countries = unit_cells.filter(unit_cells.unit_type == "country")
    is_international = countries.collaboration_class == "international"
    sums = countries.group_by(*CELL_KEY).agg(
        is_counted=countries["first"].notnull().any(),
        credit=countries.credit.sum(),
        credit_scored=countries.credit_scored.sum(),
        top_10_frac=countries.top_10_frac.sum(),
        top_1_frac=countries.top_1_frac.sum(),
        first=countries["first"].sum(where=is_international),
    )
    # Nothing at the top of works without a score is no nothing.
    scored = sums.mutate(
        **{
            name: ibis.ifelse(sums.credit_scored > 0, sums[name], ibis.null("float64"))
            for name in ("top_10_frac", "top_1_frac")
        }
    )
    of_measures = ibis.union(
        *(
            scored.select(
                *PLACE_KEY,
                "unit_id",
                "is_counted",
                measure=ibis.literal(measure),
                x=scored[column],
            )
            for measure, column in MEASURES.items()
        )
    )
    known = of_measures.filter(of_measures.x.notnull())
    counted = known.filter(known.is_counted)
    listed = counted.select(*REGISTER_KEY, "unit_id").distinct()
    parts = counted.select(*PART).distinct()
    every = parts.inner_join(listed, list(REGISTER_KEY)).select(*PART, "unit_id")
    filled = extend(every, counted.select(*PART, "unit_id", "x"), [*PART, "unit_id"])
    published = known.filter(~known.is_counted).select(*PART, "unit_id", "x")
    return filled.mutate(x=filled.x.fill_null(0.0)).union(published)


def _shares(amounts: ir.Table, group_memberships: ir.Table) -> ir.Table:
    """Add shares of the sum, the rank among countries, and the income group with its share."""
    income = group_memberships.filter(group_memberships.group_id.isin(list(INCOME_GROUPS)))
    groups = income.select(unit_id=income.country_code, income_group=income.group_id)
    grouped = extend(amounts, groups, ["unit_id"])
    named = grouped.mutate(income_group=grouped.income_group.fill_null(UNCLASSIFIED))
    totals = named.group_by(*PART).agg(
        total=named.x.sum(), n_countries=named.count().cast("float64")
    )
    of_groups = named.group_by(*PART, "income_group").agg(
        group_total=named.x.sum(), n_group=named.count().cast("float64")
    )
    sized = extend(extend(named, totals, PART), of_groups, [*PART, "income_group"])
    ascending = ibis.window(
        group_by=[sized[name] for name in PART], order_by=[sized.x, sized.unit_id]
    )
    rank = ibis.row_number().over(ascending).cast("float64") + 1.0
    whole = sized.total.nullif(0.0)
    return sized.mutate(
        share=sized.x / whole,
        group_share=sized.group_total / whole,
        imbalance=(2.0 * rank - sized.n_countries - 1.0) / sized.n_countries,
    )


def _times_log(share: ir.FloatingValue, ratio: ir.FloatingValue) -> ir.FloatingValue:
    """Return share times the logarithm of a ratio, which is 0 where the share is."""
    return ibis.ifelse(share == 0.0, 0.0, share * ratio.nullif(0.0).ln())


INDICATOR = Indicator(
    title="Balanced development",
    meaning="How evenly works, top-cited works and leads of joint works lie over countries.",
    formula="Gini = sum((2i - n - 1) x_i) / (n sum(x)); Theil T = sum(s ln(n s)), "
    "between and within income groups",
    headline="gini",
    compute=development,
    reads=(UNIT_CELLS, GROUP_MEMBERSHIPS, REGISTERS),
    writes=DEVELOPMENT,
    source="https://doi.org/10.2307/2223319",
    caveats=(
        "Countries count alike: much of the unevenness is that they differ in population.",
        "A published table of few economies is more even than the world.",
        "Income groups are those of July 2021 in every year: changes are not of membership.",
        "Registers cover poor countries and their languages less: true output is more even.",
    ),
)
