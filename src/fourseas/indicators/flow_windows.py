"""Flows between countries within a window of years, and what they are compared with."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.indicators.coverage import PLACE_KEY, is_incomplete
from fourseas.schema.flows import FLOW_WINDOW, UNKNOWN
from fourseas.schema.table import Column, extend

CITATION_WINDOW = Column(
    "citation_window",
    "int16",
    "count",
    "Years in which citations are counted, that of the cited work included.",
)
FLOW_COVERAGE = Column(
    "coverage",
    "float64",
    "share",
    "Part of the citations of the place with both countries known; null where not published.",
    nullable=True,
)
IS_OPEN_WINDOW = Column(
    "is_provisional", "boolean", "flag", "The window was not over at the snapshot."
)


def flows_in_windows(flow_cells: ir.Table, definitions: ir.Table) -> ir.Table:
    """Sum flows over the lags of each definition's window, of five years where it has none."""
    windows = definitions.select(
        "definition_id", citation_window=definitions.citation_window.fill_null(FLOW_WINDOW)
    )
    lagged = flow_cells.inner_join(windows, "definition_id")
    inside = lagged.filter(lagged.lag < lagged.citation_window)
    return inside.group_by(*PLACE_KEY, "citation_window", "unit_type", "unit_id", "partner_id").agg(
        citations=inside.citations.sum(), n=inside.n.sum()
    )


def between_countries(flows: ir.Table) -> ir.Table:
    """Return the flows whose two countries are known."""
    return flows.filter((flows.unit_type == "country") & (flows.partner_id != UNKNOWN))


def presences(unit_cells: ir.Table) -> ir.Table:
    r"""Return each country's part of the credit of all countries in a place, :math:`P_j / P`."""
    countries = unit_cells.filter(unit_cells.unit_type == "country")
    credited = countries.group_by(*PLACE_KEY, "unit_id").agg(credit=countries.credit.sum())
    wholes = credited.group_by(*PLACE_KEY).agg(whole=credited.credit.sum())
    shared = extend(credited, wholes, PLACE_KEY)
    return shared.select(*PLACE_KEY, "unit_id", presence=shared.credit / shared.whole.nullif(0.0))


def with_flow_coverage(measured: ir.Table, flows: ir.Table, registers: ir.Table) -> ir.Table:
    """Add `coverage` and `is_provisional` to rows of a place with a window."""
    is_known = (flows.unit_type == "country") & (flows.partner_id != UNKNOWN)
    places = flows.group_by(*PLACE_KEY).agg(
        known=flows.citations.sum(where=is_known).fill_null(0.0),
        every=flows.citations.sum(where=flows.unit_type == "world"),
    )
    shares = places.select(
        *PLACE_KEY, coverage=(places.known / places.every.nullif(0.0)).clip(0.0, 1.0)
    )
    ends = registers.select("register", "last_complete_year")
    joined = extend(extend(measured, shares, PLACE_KEY), ends, ["register"])
    last_year = joined.year.cast("int64") + joined.citation_window.cast("int64") - 1
    return joined.mutate(is_provisional=is_incomplete(last_year, joined.last_complete_year))
