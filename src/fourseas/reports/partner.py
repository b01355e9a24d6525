"""The fourth panel: who is ahead, who is close, and who cites whom."""

from __future__ import annotations

import math

import pandas as pd

from fourseas.reports import figures
from fourseas.reports.figures import CLOSE, HIGH
from fourseas.reports.panel import (
    TABLE_ROWS,
    Chart,
    Panel,
    names_of_countries,
    records,
    source_line,
    text_cells,
    with_names,
)
from fourseas.reports.summary import YEAR_OF_LEVEL
from fourseas.workspace import Workspace

ALL_FIELDS = "All fields"


def partner(ws: Workspace) -> Panel:
    """Show one country's position: levels by field and whom it cites more than expected."""
    levels, flows = _levels(ws), _flows(ws)
    top = flows[(flows.unit_id == "BR") & (flows.field_id == "all")]
    top = top.sort_values("rci", ascending=False).head(TABLE_ROWS)
    pair = (
        levels[levels.unit_id.isin(["BR", "CN"])]
        .pivot_table(index="field_name", columns="unit_id", values="level")
        .reset_index()
    )
    shown_flows = records(flows[["unit_id", "partner_id", "field_name", "rci", "standing"]])
    fields = [ALL_FIELDS, *sorted(set(flows.field_name) - {ALL_FIELDS})]
    is_pair = flows.unit_id.isin(["BR", "CN"]) & flows.partner_id.isin(["BR", "CN"])
    both_ways = (
        flows[is_pair & (flows.unit_id != flows.partner_id)]
        .pivot_table(index="field_name", columns="unit_id", values="rci")
        .reset_index()
    )
    return Panel(
        name="Partner",
        question="Who is ahead, who is close, and who learns from whom?",
        text=(
            (
                f"A partner is ahead or behind where its share in the top 1% differs by more than "
                f"{CLOSE:.0%} of the greater one; close and high where it does not and both are "
                f"above {HIGH:.0%}. The thresholds are ours."
            ),
        ),
        charts=(
            Chart(
                name="levels",
                title="Where two countries stand, field by field.",
                notes=(
                    (
                        f"Share of works in the world's top 1%, fractional, {YEAR_OF_LEVEL}. The "
                        "dashed line is the world."
                    ),
                    source_line(ws, "ncses"),
                    "Published without records, so no interval; small fields move much.",
                ),
                spec=figures.levels_of_pair(records(levels)),
                header=("field", "Brazil", "China"),
                rows=text_cells(pair, ("field_name", "BR", "CN"), "{:.2%}"),
            ),
            Chart(
                name="flows-of-pair",
                title="How much the two cite each other, against what output leads to expect.",
                notes=(
                    (
                        "Relative citation index of the citing side, in its color; the dashed "
                        "line, "
                        "1, is no preference. Fractional, citations of three years, 2020."
                    ),
                    source_line(ws, "ncses"),
                    "Most cite at home first, so both sides of a pair are often below 1.",
                ),
                spec=figures.flows_of_pair(shown_flows, fields),
                header=("field", "Brazil cites China", "China cites Brazil"),
                rows=text_cells(both_ways, ("field_name", "BR", "CN"), "{:.2f}"),
            ),
            Chart(
                name="flows",
                title="Whom the chosen country cites more, and less, than their output leads to "
                "expect.",
                notes=(
                    (
                        "Relative citation index: share of the country's citations that go to the "
                        "partner, by the partner's share of works; fractional, three years, 2020."
                    ),
                    source_line(ws, "ncses"),
                    (
                        "1 is no preference. Countries cite themselves most everywhere; nearness, "
                        "language and self-citation are in it."
                    ),
                ),
                spec=figures.flows_by_field(shown_flows, fields),
                is_wide=True,
                header=("Brazil cites", "index", "partner's level"),
                rows=text_cells(top, ("partner_name", "rci", "standing"), "{:.2f}"),
            ),
        ),
    )


def _levels(ws: Workspace) -> pd.DataFrame:
    """Return the level of each country with flows, by field."""
    impact = ws.computed("impact")
    fields = ws.table("fields")
    flows = ws.table("citation_index_cells").select("unit_id").distinct()
    names = fields.filter(fields.scheme == "ncses").select("field_id", "field_name")
    table = impact.filter(
        (impact.register == "ncses")
        & (impact.year == YEAR_OF_LEVEL)
        & (impact.counting == "fractional")
        & impact.pp_top_1.notnull()
    )
    found = (
        table.semi_join(flows, "unit_id")
        .select("unit_id", "field_id", level=table.pp_top_1)
        .inner_join(names, "field_id")
        .select("unit_id", "field_name", "level")
        .order_by("unit_id", "field_name")
        .to_pandas()
    )
    return with_names(found, names_of_countries(ws))


def _flows(ws: Workspace) -> pd.DataFrame:
    """Return citations against expectation by field, with the partner's standing."""
    cells = ws.table("citation_index_cells")
    fields = ws.table("fields")
    names = fields.filter(fields.scheme == "ncses").select("field_id", "field_name").to_pandas()
    table: pd.DataFrame = (
        cells.select("unit_id", "partner_id", "field_id", rci=cells.relative_citation_index)
        .order_by("unit_id", "field_id", "partner_id")
        .to_pandas()
        .merge(names, on="field_id", how="left")
    )
    table["field_name"] = table.field_name.fillna(ALL_FIELDS)
    levels = ws.computed("impact")
    level = (
        levels.filter(
            (levels.register == "ncses")
            & (levels.year == YEAR_OF_LEVEL)
            & (levels.counting == "fractional")
        )
        .select("unit_id", "field_id", "pp_top_1")
        .to_pandas()
        .set_index(["unit_id", "field_id"])["pp_top_1"]
    )
    own = table.set_index(["unit_id", "field_id"]).index.map(level)
    theirs = table.set_index(["partner_id", "field_id"]).index.map(level)
    table["standing"] = [standing(a, b) for a, b in zip(own, theirs, strict=True)]
    countries = names_of_countries(ws)
    table["partner_name"] = table.partner_id.map(countries)
    return table


def standing(own: float, partner: float) -> str:
    """Say where a partner's level stands against one's own."""
    if math.isnan(own) or math.isnan(partner):
        return "not published"
    if abs(own - partner) > CLOSE * max(own, partner):
        return "ahead" if partner > own else "behind"
    return "close and high" if min(own, partner) > HIGH else "close"
