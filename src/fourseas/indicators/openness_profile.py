"""Openness profile: four components side by side, their mean only where all four are there."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.collaboration import collaboration
from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
    is_incomplete,
    why_not_relative,
)
from fourseas.indicators.home_bias import home_bias
from fourseas.indicators.mobility import mobility
from fourseas.indicators.partner_concentration import partner_concentration
from fourseas.schema.cells import (
    ALL,
    CELL_KEY,
    CITATION_INDEX_CELLS,
    COUNTINGS,
    PAIR_CELLS,
    UNIT_CELLS,
)
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.flows import FLOW_CELLS
from fourseas.schema.mobility import MOBILITY_CELLS
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

FEWEST_COUNTRIES = 10
"""Countries that a component needs for a mean and a deviation to be made of it."""

COMPONENTS = {
    "collaboration": "International share of works.",
    "knowledge_inflow": "Citations abroad against size: home bias with its sign turned.",
    "mobility": "Moves of persons to and from it, by persons followed.",
    "partner_breadth": "Partners that carry weight: the Hill number of order 1.",
}
"""What is put side by side, each the greater the more open."""

PLACE_OF_COUNTING = (*PLACE_KEY, "counting")

OPENNESS_PROFILE = TableSpec(
    name="openness_profile",
    grain="one row per country, year, definition and counting, all fields together",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("p", "float64", "works", "Works of the country by this counting.", nullable=True),
        *(
            Column(name, "float64", "ratio", meaning, nullable=True)
            for name, meaning in COMPONENTS.items()
        ),
        *(
            Column(
                f"z_{name}",
                "float64",
                "score",
                f"{name} less its mean over countries, by its standard deviation.",
                nullable=True,
            )
            for name in COMPONENTS
        ),
        Column(
            "openness",
            "float64",
            "score",
            "Mean of the four scores, each with the same weight; null where one is missing.",
            nullable=True,
        ),
        Column(
            "openness_beyond_size",
            "float64",
            "score",
            "openness less what the line of it on the logarithm of works gives at its size.",
            nullable=True,
        ),
        Column("n_components", "int64", "count", "Components that are known, of four."),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def openness_profile(
    unit_cells: ir.Table,
    pair_cells: ir.Table,
    flow_cells: ir.Table,
    citation_index_cells: ir.Table,
    mobility_cells: ir.Table,
    definitions: ir.Table,
    registers: ir.Table,
) -> ir.Table:
    r"""Put four components of a country's openness side by side.

    .. math:: z_{ic} = \frac{x_{ic} - \bar x_c}{s_c}, \qquad
              O_i = \frac14 \sum_c z_{ic}, \qquad
              O^{res}_i = O_i - \hat\alpha - \hat\beta \ln P_i

    over the countries of a place that have the component, with the standard deviation of a
    population; the line is of least squares through the countries that have all four. Small
    countries work abroad more because they have fewer partners at home: the residual is what
    is left of openness beyond its size.

    Components: the international share of works by the counting of the row; home bias with its
    sign turned, which is against size already; the mobility rate; and the Hill number of order
    1 of partners by the counting of the row. The last two and the flows do not depend on the
    counting, or are fractional.

    Parameters
    ----------
    unit_cells, pair_cells, flow_cells, citation_index_cells, mobility_cells
        Cells that the components are computed from.
    definitions, registers
        `DEFINITION_ROWS` and `REGISTERS`.

    Returns
    -------
    ir.Table
        `OPENNESS_PROFILE`. Components stand where they are known; there is no composite where
        one is missing, and the reason names it. A component that fewer than ten countries have,
        or that all have alike, has no score.

    References
    ----------
    The composite is ours. Wagner & Jonkers (2017), "Open countries have strong science",
    Nature 550, 32-33, put collaboration and mobility together by a principal component, whose
    weights depend on the countries that are in it.
    """
    found = {
        "collaboration": _whole(collaboration(unit_cells, registers, definitions)).select(
            *ROW_KEY, collaboration="pp_int_collab"
        ),
        "partner_breadth": _whole(partner_concentration(pair_cells, unit_cells, registers)).select(
            *ROW_KEY, partner_breadth="hill_1"
        ),
    }
    flows = _whole(home_bias(flow_cells, citation_index_cells, unit_cells, definitions, registers))
    moves = _whole(mobility(mobility_cells, registers))
    either = {
        "knowledge_inflow": flows.select(*CELL_KEY, knowledge_inflow=-flows.home_bias),
        "mobility": moves.select(*CELL_KEY, mobility=moves.mobility_rate.cast("float64")),
    }
    known = _sizes(_whole(unit_cells))
    for table in found.values():
        known = extend(known, table, ROW_KEY)
    for table in either.values():
        known = extend(known, table, CELL_KEY)
    ends = registers.select("register", "last_complete_year")
    scored = extend(profile(known), ends, ["register"])
    return conform(
        scored.mutate(
            not_computable=_why_not(scored),
            is_provisional=is_incomplete(scored.year, scored.last_complete_year),
        ),
        OPENNESS_PROFILE,
    )


def _whole(table: ir.Table) -> ir.Table:
    """Return the rows of countries over all fields together."""
    return table.filter((table.unit_type == "country") & (table.field_id == ALL))


def _sizes(unit_cells: ir.Table) -> ir.Table:
    """Return the works of each country by both countings."""
    sums = unit_cells.group_by(*CELL_KEY).agg(
        full=unit_cells.n.sum(), fractional=unit_cells.credit.sum()
    )
    return ibis.union(
        *(
            sums.select(*CELL_KEY, counting=ibis.literal(counting), p=sums[counting])
            for counting in COUNTINGS
        )
    )


def profile(known: ir.Table) -> ir.Table:
    """Return scores of components, their mean, and what of it is beyond size.

    Parameters
    ----------
    known
        The key of a row, ``p`` and the four components, null where they are not known.
    """
    measures: dict[str, ir.Value] = {}
    for name in COMPONENTS:
        measures[f"n_{name}"] = known[name].count()
        measures[f"mean_{name}"] = known[name].mean()
        measures[f"spread_{name}"] = known[name].std(how="pop")
    spreads = known.group_by(*PLACE_OF_COUNTING).agg(**measures)
    sided = extend(known, spreads, PLACE_OF_COUNTING)
    nothing = ibis.null("float64")
    scored = sided.mutate(
        **{
            f"z_{name}": ibis.ifelse(
                (sided[f"n_{name}"] >= FEWEST_COUNTRIES) & (sided[f"spread_{name}"] > 0),
                (sided[name] - sided[f"mean_{name}"]) / sided[f"spread_{name}"].nullif(0.0),
                nothing,
            )
            for name in COMPONENTS
        }
    )
    z = [scored[f"z_{name}"] for name in COMPONENTS]
    n_components = sum(
        (score.notnull().cast("int64") for score in z[1:]), z[0].notnull().cast("int64")
    )
    together = scored.mutate(
        n_components=n_components,
        # A sum with a null is null: there is no composite of three.
        openness=(z[0] + z[1] + z[2] + z[3]) / 4.0,
    )
    return _beyond_size(together)


def _beyond_size(scored: ir.Table) -> ir.Table:
    """Add what of openness the line on the logarithm of works does not give."""
    nothing = ibis.null("float64")
    is_drawn = scored.openness.notnull() & (scored.p > 0)
    logs = scored.mutate(
        x=ibis.ifelse(is_drawn, scored.p, nothing).ln(),
        y=ibis.ifelse(is_drawn, scored.openness, nothing),
    )
    means = logs.group_by(*PLACE_OF_COUNTING).agg(
        n_fitted=logs.y.count(), x_mean=logs.x.mean(), y_mean=logs.y.mean()
    )
    centered = extend(logs, means, PLACE_OF_COUNTING)
    dx, dy = centered.x - centered.x_mean, centered.y - centered.y_mean
    sums = centered.group_by(*PLACE_OF_COUNTING).agg(sxx=(dx * dx).sum(), sxy=(dx * dy).sum())
    lined = extend(centered, sums, PLACE_OF_COUNTING)
    fit = lined.y_mean + lined.sxy / lined.sxx.nullif(0.0) * (lined.x - lined.x_mean)
    return lined.mutate(
        openness_beyond_size=ibis.ifelse(lined.n_fitted >= FEWEST_COUNTRIES, lined.y - fit, nothing)
    )


def _why_not(scored: ir.Table) -> ir.StringValue:
    """Say why there is no composite, naming what is missing."""
    missing = ibis.literal("")
    for name in COMPONENTS:
        title = f" {name.replace('_', ' ')},"
        missing = missing.concat(ibis.ifelse(scored[f"z_{name}"].isnull(), title, ""))
    named = missing.re_replace(",$", "")
    return ibis.cases(
        (scored.openness.notnull(), ibis.null("string")),
        (scored.scope != "census", why_not_relative(scored.scope)),
        else_=ibis.literal("there is no score of").concat(named),
    )


INDICATOR = Indicator(
    title="Openness profile",
    meaning="Collaboration, knowledge inflow, mobility and partner breadth side by side.",
    formula="z-scores of four components; openness = their mean; residual from a line on ln(works)",
    headline="openness",
    compute=openness_profile,
    reads=(
        UNIT_CELLS,
        PAIR_CELLS,
        FLOW_CELLS,
        CITATION_INDEX_CELLS,
        MOBILITY_CELLS,
        DEFINITION_ROWS,
        REGISTERS,
    ),
    writes=OPENNESS_PROFILE,
    apart=OF_PLACE,
    source="https://doi.org/10.1038/550032a",
    caveats=(
        "The composite is ours: equal weights are a choice, so read the components first.",
        "Scores are against the countries of one register, year and counting: not across them.",
        "Small countries are more open by arithmetic: compare openness_beyond_size.",
        "Open is not better: the profile says how much a country works with others, no more.",
    ),
)
