"""Home bias: how much of what a country cites is its own, against its size; and its balance."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import NOT_COMPUTABLE, PLACE_KEY, why_not_relative
from fourseas.indicators.flow_windows import (
    CITATION_WINDOW,
    FLOW_COVERAGE,
    IS_OPEN_WINDOW,
    between_countries,
    flows_in_windows,
    presences,
    with_flow_coverage,
)
from fourseas.schema.cells import CELL_KEY, CITATION_INDEX_CELLS, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.flows import CITED_PLACE, FLOW_CELLS, FLOW_WINDOW
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

FITTED_COUNTRIES = 10
"""Countries that a place must have for the line of bias on size to be drawn."""

HOME_BIAS = TableSpec(
    name="home_bias",
    grain="one row per country that cites or is cited, field and year",
    key=CELL_KEY,
    columns=(
        *PROVENANCE,
        *UNIT,
        *CITED_PLACE,
        Column("counting", "string", "category", "fractional, of citing and of cited works."),
        CITATION_WINDOW,
        Column("citations", "float64", "citations", "Made to countries.", nullable=True),
        Column("citations_home", "float64", "citations", "Of these, to itself.", nullable=True),
        Column("citations_received", "float64", "citations", "From countries.", nullable=True),
        Column(
            "home_share",
            "float64",
            "share",
            "citations_home / citations; as published, home_over_citation x presence.",
            nullable=True,
        ),
        Column("knowledge_inflow", "float64", "share", "1 - home_share.", nullable=True),
        Column(
            "presence",
            "float64",
            "share",
            "Its part of the credit of all countries in the cited works.",
            nullable=True,
        ),
        Column(
            "home_over_citation",
            "float64",
            "index",
            "home_share / presence: its relative citation index towards itself.",
            nullable=True,
        ),
        Column(
            "home_over_citation_expected",
            "float64",
            "index",
            "What the log-log line through all countries of the place gives at its presence.",
            nullable=True,
        ),
        Column(
            "home_bias",
            "float64",
            "difference",
            "Natural log of home_over_citation by the expected: above 0, more than its size gives.",
            nullable=True,
        ),
        Column("slope", "float64", "ratio", "Slope of that line.", nullable=True),
        Column("n_fitted", "int64", "count", "Countries that it was drawn through."),
        Column(
            "citation_balance",
            "float64",
            "difference",
            "(received - made) / (received + made) abroad: above 0, it is cited more.",
            nullable=True,
        ),
        Column(
            "foreign_citation_index",
            "float64",
            "index",
            "Its part of what other countries cite abroad or at home, by its presence.",
            nullable=True,
        ),
        FLOW_COVERAGE,
        IS_OPEN_WINDOW,
        NOT_COMPUTABLE,
    ),
)

ROW = (*PLACE_KEY, "citation_window", "unit_type", "unit_id")


def home_bias(
    flow_cells: ir.Table,
    citation_index_cells: ir.Table,
    unit_cells: ir.Table,
    definitions: ir.Table,
    registers: ir.Table,
) -> ir.Table:
    r"""Tell how much of what a country cites is its own, and what its size would lead to.

    .. math:: h_i = \frac{F_{ii}}{F_{i\cdot}}, \qquad OCR_i = \frac{h_i}{p_i}, \qquad
              b_i = \ln OCR_i - (\alpha + \beta \ln p_i), \qquad
              B_i = \frac{R_i - M_i}{R_i + M_i}

    with the citations :math:`F` of `knowledge_flows`, :math:`p_i` the presence of *i*, its part
    of the credit of all countries, :math:`M_i` what it cites abroad and :math:`R_i` what it is
    cited from abroad. The over-citation ratio falls as presence grows, since no share exceeds
    1: it is compared with the line of least squares, :math:`\alpha + \beta \ln p`, through all
    countries of the place that cite themselves, each with weight 1. Those that do not have no
    logarithm and are left out of it.

    A country that has begun to write late cites more than it can be cited, so its balance is
    negative for a while. Here both sides are of works of one year within one window, and
    `foreign_citation_index` does not depend on how much the country itself cites.

    Parameters
    ----------
    flow_cells, unit_cells
        `FLOW_CELLS` and `UNIT_CELLS`; field and year are those of the cited works.
    citation_index_cells
        `CITATION_INDEX_CELLS`: where a publisher gives the index of a country towards itself,
        it stands as it is, and the share is what the index and the published works imply.
    definitions, registers
        `DEFINITION_ROWS`, for the window; `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `HOME_BIAS`; all but the citations is null where the register is not a census.

    References
    ----------
    Bakare & Lewison (2017), "Country over-citation ratios", Scientometrics 113, 1199-1207.
    Rabkin & Inhaber (1979), "Science on the periphery", Scientometrics 1, 261-274.
    """
    flows = flows_in_windows(flow_cells, definitions)
    rows = _counted(between_countries(flows)).union(_published(citation_index_cells, definitions))
    sized = extend(rows, presences(unit_cells), [*PLACE_KEY, "unit_id"])
    reason = why_not_relative(sized.scope)
    nothing = ibis.null("float64")
    # Where citations are counted all works are: a country without any has a presence of 0.
    is_counted = sized.citations.notnull()
    size = ibis.ifelse(is_counted, sized.presence.fill_null(0.0), sized.presence)
    told = sized.mutate(reason=reason, presence=ibis.ifelse(reason.isnull(), size, nothing))
    counted_share = told.citations_home / told.citations.nullif(0.0)
    share = ibis.ifelse(told.reason.isnull(), counted_share, nothing)
    shared = told.mutate(home_share=share.fill_null(told.published_index * told.presence))
    index = shared.home_share / shared.presence.nullif(0.0)
    measured = shared.mutate(home_over_citation=shared.published_index.fill_null(index))
    judged = _judged(_balanced(_fitted(measured)))
    return conform(with_flow_coverage(judged, flows, registers), HOME_BIAS)


def _counted(flows: ir.Table) -> ir.Table:
    """Return what each country cites, of it at home, and what it is cited by all countries."""
    is_home = flows.unit_id == flows.partner_id
    made = flows.select(
        *ROW,
        citations=flows.citations,
        citations_home=ibis.ifelse(is_home, flows.citations, 0.0),
        citations_received=ibis.literal(0.0),
    )
    received = flows.mutate(unit_id=flows.partner_id).select(
        *ROW,
        citations=ibis.literal(0.0),
        citations_home=ibis.literal(0.0),
        citations_received=flows.citations,
    )
    sides = made.union(received)
    sums = sides.group_by(*ROW).agg(
        **{
            name: sides[name].sum()
            for name in ("citations", "citations_home", "citations_received")
        }
    )
    return sums.mutate(published_index=ibis.null("float64"))


def _published(citation_index_cells: ir.Table, definitions: ir.Table) -> ir.Table:
    """Return the published index of each country towards itself."""
    at_home = citation_index_cells.filter(
        (citation_index_cells.unit_id == citation_index_cells.partner_id)
        & citation_index_cells.relative_citation_index.notnull()
    )
    windows = definitions.select(
        "definition_id", citation_window=definitions.citation_window.fill_null(FLOW_WINDOW)
    )
    nothing = ibis.null("float64")
    return at_home.inner_join(windows, "definition_id").select(
        *ROW,
        citations=nothing,
        citations_home=nothing,
        citations_received=nothing,
        published_index=at_home.relative_citation_index,
    )


def _fitted(measured: ir.Table) -> ir.Table:
    """Add the line of least squares of bias on presence, and each country's distance from it."""
    is_drawn = (measured.home_over_citation > 0.0) & (measured.presence > 0.0)
    nothing = ibis.null("float64")
    logs = measured.mutate(
        x=ibis.ifelse(is_drawn, measured.presence, nothing).ln(),
        y=ibis.ifelse(is_drawn, measured.home_over_citation, nothing).ln(),
    )
    means = logs.group_by(*PLACE_KEY).agg(
        n_fitted=logs.y.count(), x_mean=logs.x.mean(), y_mean=logs.y.mean()
    )
    centered = extend(logs, means, PLACE_KEY)
    dx, dy = centered.x - centered.x_mean, centered.y - centered.y_mean
    sums = centered.group_by(*PLACE_KEY).agg(sxx=(dx * dx).sum(), sxy=(dx * dy).sum())
    lined = extend(centered, sums, PLACE_KEY)
    sloped = lined.mutate(
        slope=ibis.ifelse(
            lined.n_fitted >= FITTED_COUNTRIES, lined.sxy / lined.sxx.nullif(0.0), nothing
        )
    )
    fit = sloped.y_mean + sloped.slope * (sloped.x - sloped.x_mean)
    fits = sloped.mutate(fit=fit)
    return fits.mutate(home_bias=fits.y - fits.fit, home_over_citation_expected=fits.fit.exp())


def _balanced(fitted: ir.Table) -> ir.Table:
    """Add what a country is cited against what it cites, and against its presence."""
    totals = fitted.group_by(*PLACE_KEY).agg(everything=fitted.citations.sum())
    whole = extend(fitted, totals, PLACE_KEY)
    abroad = whole.mutate(
        made_abroad=whole.citations - whole.citations_home,
        received_abroad=whole.citations_received - whole.citations_home,
        made_by_others=(whole.everything - whole.citations).nullif(0.0),
    )
    exchanged = (abroad.received_abroad + abroad.made_abroad).nullif(0.0)
    is_told = abroad.reason.isnull()
    nothing = ibis.null("float64")
    return abroad.mutate(
        citation_balance=ibis.ifelse(
            is_told, (abroad.received_abroad - abroad.made_abroad) / exchanged, nothing
        ),
        # Presence is null over what is no census.
        foreign_citation_index=abroad.received_abroad
        / abroad.made_by_others
        / abroad.presence.nullif(0.0),
    )


def _judged(balanced: ir.Table) -> ir.Table:
    """Say why a bias is not told."""
    return balanced.mutate(
        counting=ibis.literal("fractional"),
        knowledge_inflow=1.0 - balanced.home_share,
        not_computable=ibis.cases(
            (balanced.reason.notnull(), balanced.reason),
            (balanced.presence.isnull(), "the register publishes no works of the unit here"),
            (balanced.home_share.isnull(), "the unit cites no country here"),
            (balanced.presence == 0.0, "the unit wrote nothing here that could be cited"),
            (balanced.home_share == 0.0, "the unit does not cite itself here"),
            (
                balanced.home_bias.isnull(),
                f"fewer than {FITTED_COUNTRIES} countries cite themselves here",
            ),
            else_=ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="Home bias and balance of knowledge flows",
    meaning="Whether a country cites its own works more than its size leads to, and its balance.",
    formula="h = F_ii / F_i.; OCR = h / (P_i / P_.); bias = ln OCR - fitted line of ln(P_i / P_.)",
    headline="home_bias",
    compute=home_bias,
    reads=(FLOW_CELLS, CITATION_INDEX_CELLS, UNIT_CELLS, DEFINITION_ROWS, REGISTERS),
    writes=HOME_BIAS,
    apart=OF_PLACE,
    source="https://doi.org/10.1007/s11192-017-2490-z",
    caveats=(
        "Authors who cite themselves are in it: a country of few who write much looks biased.",
        "home_over_citation falls with size by arithmetic: compare home_bias across countries.",
        "The line is through the countries of one place; one with few countries bends it.",
        "Only citations between works of the register that the definition counts are seen.",
        "A share implied by a published index has the index's rounding.",
    ),
)
