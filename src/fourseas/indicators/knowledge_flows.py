"""Knowledge flows of pairs: how much one country cites another, against the other's size."""

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
from fourseas.schema.cells import PAIR_CELLS, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.flows import CITED_PLACE, FLOW_CELLS
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

KNOWLEDGE_FLOWS = TableSpec(
    name="knowledge_flows",
    grain="one row per ordered pair of countries of which one cites the other, field and year",
    key=PAIR_CELLS.key,
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The cited country; it may be the unit itself."),
        *CITED_PLACE,
        Column("counting", "string", "category", "fractional on both sides; n is full."),
        CITATION_WINDOW,
        Column("citations", "float64", "citations", "Citations of the partner by the unit."),
        Column("citations_received", "float64", "citations", "Of the unit by the partner."),
        Column(
            "n", "float64", "citations", "By works with the unit of works with the partner, full."
        ),
        Column(
            "citation_share",
            "float64",
            "share",
            "Part of the unit's citations to countries that goes to the partner.",
            nullable=True,
        ),
        Column(
            "partner_presence",
            "float64",
            "share",
            "The partner's part of the credit of all countries in the cited works.",
            nullable=True,
        ),
        Column(
            "relative_citation_index",
            "float64",
            "index",
            "citation_share / partner_presence: 1 where there is no preference.",
            nullable=True,
        ),
        Column(
            "citation_balance",
            "float64",
            "difference",
            "(received - made) / (received + made), from -1 to 1; null of a country with itself.",
            nullable=True,
        ),
        FLOW_COVERAGE,
        IS_OPEN_WINDOW,
        NOT_COMPUTABLE,
    ),
)


def knowledge_flows(
    flow_cells: ir.Table, unit_cells: ir.Table, definitions: ir.Table, registers: ir.Table
) -> ir.Table:
    r"""Compare what a country cites of each partner with what there is of it to cite.

    .. math:: RCI_{ij} = \frac{F_{ij} / F_{i\cdot}}{P_j / P_{\cdot}}, \qquad
              B_{ij} = \frac{F_{ji} - F_{ij}}{F_{ji} + F_{ij}}

    where :math:`F_{ij}` are the citations by *i* of works of *j* of one year, made within the
    window and fractional on both sides, and :math:`P_j` the author-fractional works of *j* of
    that year. Sums run over known countries alone, so that the index, weighted by
    :math:`P_j / P_{\cdot}`, has the mean 1 for every citing country. The balance is above 0
    where the unit is cited more than it cites.

    Parameters
    ----------
    flow_cells, unit_cells
        `FLOW_CELLS` and `UNIT_CELLS`; field and year are those of the cited works.
    definitions, registers
        `DEFINITION_ROWS`, for the window; `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `KNOWLEDGE_FLOWS`; shares, index and balance are null where the register is not a
        census, since only citations between works that are there can be seen.

    References
    ----------
    NCSES, Science and Engineering Indicators 2024, table SPBS-39 (relative citation index).
    Rabkin & Inhaber (1979), "Science on the periphery", Scientometrics 1, 261-274 (balance).
    """
    flows = flows_in_windows(flow_cells, definitions)
    pairs = _both_ways(between_countries(flows))
    made = pairs.group_by(*PLACE_KEY, "unit_id").agg(made=pairs.citations.sum())
    present = presences(unit_cells)
    of_partner = present.select(
        *PLACE_KEY, partner_id=present.unit_id, partner_presence=present.presence
    )
    sized = extend(
        extend(pairs, made, [*PLACE_KEY, "unit_id"]), of_partner, [*PLACE_KEY, "partner_id"]
    )
    measured = sized.mutate(
        reason=why_not_relative(sized.scope),
        # All works are counted: a country without any has nothing to be cited.
        partner_presence=sized.partner_presence.fill_null(0.0),
        share=sized.citations / sized.made.nullif(0.0),
        exchanged=(sized.citations + sized.citations_received).nullif(0.0),
    )
    is_told = measured.reason.isnull()
    nothing = ibis.null("float64")
    index = measured.share / measured.partner_presence.nullif(0.0)
    is_abroad = measured.unit_id != measured.partner_id
    balance = (measured.citations_received - measured.citations) / measured.exchanged
    shown = measured.mutate(
        counting=ibis.literal("fractional"),
        citation_share=ibis.ifelse(is_told, measured.share, nothing),
        partner_presence=ibis.ifelse(is_told, measured.partner_presence, nothing),
        relative_citation_index=ibis.ifelse(is_told, index, nothing),
        citation_balance=ibis.ifelse(is_told & is_abroad, balance, nothing),
        not_computable=ibis.cases(
            (measured.reason.notnull(), measured.reason),
            (measured.share.isnull(), "the unit cites no country here"),
            (index.isnull(), "the partner wrote nothing here that could be cited"),
            else_=ibis.null("string"),
        ),
    )
    return conform(with_flow_coverage(shown, flows, registers), KNOWLEDGE_FLOWS)


def _both_ways(flows: ir.Table) -> ir.Table:
    """Return each pair from either side, with what it cites and what it is cited."""
    place = (*PLACE_KEY, "citation_window", "unit_type")
    made = flows.select(
        *place, "unit_id", "partner_id", "citations", "n", citations_received=ibis.literal(0.0)
    )
    received = flows.select(
        *place,
        unit_id=flows.partner_id,
        partner_id=flows.unit_id,
        citations=ibis.literal(0.0),
        n=ibis.literal(0.0),
        citations_received=flows.citations,
    )
    sides = made.union(received)
    return sides.group_by(*place, "unit_id", "partner_id").agg(
        citations=sides.citations.sum(),
        n=sides.n.sum(),
        citations_received=sides.citations_received.sum(),
    )


INDICATOR = Indicator(
    title="Knowledge flows of pairs",
    meaning="Whether a country cites another more than the other's works would lead to expect.",
    formula="RCI = (F_ij / F_i.) / (P_j / P_.); balance = (F_ji - F_ij) / (F_ji + F_ij)",
    headline="relative_citation_index",
    compute=knowledge_flows,
    reads=(FLOW_CELLS, UNIT_CELLS, DEFINITION_ROWS, REGISTERS),
    writes=KNOWLEDGE_FLOWS,
    apart=OF_PLACE,
    source="https://ncses.nsf.gov/pubs/nsb202333/",
    caveats=(
        "Citations are attention; nearness, language and authors citing themselves are in them.",
        "Only citations between works of the register that the definition counts are seen.",
        "The field is that of the cited works; the citing ones may be of any.",
        "Where the partner has few works, a handful of citations makes the index large.",
        "Pairs of which neither cites the other within the window have no row.",
    ),
)
