"""Partner: a country's position by field, and who cites whom more than expected."""

from __future__ import annotations

import math

import pandas as pd

from fourseas.reports import figures
from fourseas.reports.panel import ALL_FIELDS, Chart, Heading, Panel, Reading, Table
from fourseas.reports.rows import rows
from fourseas.reports.summary import YEAR_OF_LEVEL
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace

CLOSE = 0.25
HIGH = 0.01
"""Levels are close within a quarter of the greater one, and high above the world's 1%."""

INDEX = (
    "Relative citation index: the share of a country's citations that go to the partner by the "
    "partner's share of works; 1 where none is preferred."
)
FRACTIONAL = "Fractional: a work and its citations are divided among its authors' countries."
OF_INDEX = (
    "42 economies and 14 fields. Countries cite themselves most, so that most pairs are below 1; "
    "nearness and language are in it."
)


def partner(ws: Workspace, words: Wording) -> Panel:
    """Return levels by field, and citations both ways against expectation."""
    levels = _levels(ws, words)
    flows = _flows(ws, words, levels)
    fields = [ALL_FIELDS, *sorted(set(words.of_ncses.values()) - {ALL_FIELDS})]
    return Panel(
        name="Partner",
        question="Who is ahead, who is close, and who learns from whom?",
        text=(
            (
                "A partner is ahead or behind where its share in the world's top 1% differs by "
                f"more than {CLOSE:.0%} of the greater of the two; close and high where it does "
                f"not and both are above {HIGH:.0%}; close otherwise. The thresholds are ours."
            ),
        ),
        charts=(
            _levels_of_pair(levels, fields, words),
            _flows_of_pair(flows, fields, words),
            _every_partner(flows, fields, words),
        ),
    )


def standing(own: float, partner: float) -> str:
    """Say where a partner's level stands against one's own."""
    if math.isnan(own) or math.isnan(partner):
        return "not published"
    # Published to four decimals: a quarter to the last of them is still close.
    if round(abs(own - partner) - CLOSE * max(own, partner), 6) > 0:
        return "ahead" if partner > own else "behind"
    return "close and high" if min(own, partner) > HIGH else "close"


def _levels_of_pair(levels: pd.DataFrame, fields: list[str], words: Wording) -> Chart:
    return Chart(
        name="levels",
        title="Where the two countries stand, field by field.",
        reading=Reading(
            definition="Works among the world's 1% most cited of the field by all works of the "
            "country there; citations of three years. The dashed line is the world.",
            counting=FRACTIONAL,
            source=words.sources["ncses"],
            n=f"{levels.unit_id.nunique()} economies, {len(fields) - 1} fields and all "
            f"together, {YEAR_OF_LEVEL}.",
            bounds="None: the figures come without the records that an interval needs; small "
            "fields move much from year to year.",
            coverage="What the source indexes.",
        ),
        spec=figures.levels_of_pair(rows(levels), fields, high=HIGH),
        table=Table(
            headings=(
                Heading("field_name", "field"),
                Heading("country_name", "country"),
                Heading("level", "share in the top 1%", "finer_share"),
            ),
            rows=rows(levels.sort_values(["field_name", "unit_id"])),
            follows="both",
        ),
    )


def _flows_of_pair(flows: pd.DataFrame, fields: list[str], words: Wording) -> Chart:
    shown = rows(flows)
    return Chart(
        name="flows-of-pair",
        title="How much the two cite each other, against what output leads to expect.",
        reading=Reading(
            definition=f"{INDEX} The dot bears the color of the citing side.",
            counting=FRACTIONAL,
            source=words.sources["ncses"],
            n=f"{len(fields) - 1} fields and all together, {YEAR_OF_LEVEL}.",
            bounds="None published.",
            coverage=OF_INDEX,
        ),
        spec=figures.flows_of_pair(shown, fields),
        table=Table(
            headings=(
                Heading("field_name", "field"),
                Heading("rci", "first cites second", "ratio"),
                Heading("back", "second cites first", "ratio"),
                Heading("own", "level of the first", "finer_share"),
                Heading("theirs", "level of the second", "finer_share"),
                Heading("gap", "gap in points", "points"),
                Heading("standing", "the second is"),
            ),
            rows=shown,
            follows="pair",
        ),
    )


def _every_partner(flows: pd.DataFrame, fields: list[str], words: Wording) -> Chart:
    overall = flows[flows.field_name == ALL_FIELDS].drop_duplicates("partner_id")
    partners = overall.sort_values("theirs", ascending=False).partner_name.tolist()
    shown = rows(flows)
    return Chart(
        name="flows",
        title="Whom the first country cites more, and less, than their output leads to expect.",
        reading=Reading(
            definition=f"{INDEX} Partners stand in the order of their level in all fields "
            "together, the highest first; ▲ is ahead of the country in the field, ◆ close to it "
            "and both high.",
            counting=FRACTIONAL,
            source=words.sources["ncses"],
            n=f"{len(partners) - 1} partners, {len(fields) - 1} fields and all together, "
            f"{YEAR_OF_LEVEL}.",
            bounds="None published; small fields move much.",
            coverage=OF_INDEX,
        ),
        spec=figures.flows_by_field(shown, fields, partners),
        table=Table(
            headings=(
                Heading("partner_name", "partner"),
                Heading("own", "own level", "finer_share"),
                Heading("theirs", "partner's level", "finer_share"),
                Heading("gap", "gap in points", "points"),
                Heading("rci", "cites partner", "ratio"),
                Heading("back", "cited by partner", "ratio"),
                Heading("standing", "partner is"),
            ),
            rows=shown,
            follows="partners",
            order="rci",
            is_open=True,
        ),
        is_wide=True,
    )


def _levels(ws: Workspace, words: Wording) -> pd.DataFrame:
    """Return the level of each country with flows, by field."""
    impact = ws.computed("impact")
    flows = ws.table("citation_index_cells").select("unit_id").distinct()
    table = impact.filter(
        (impact.register == "ncses")
        & (impact.year == YEAR_OF_LEVEL)
        & (impact.counting == "fractional")
        & impact.pp_top_1.notnull()
    )
    found = (
        table.semi_join(flows, "unit_id")
        .select("unit_id", "field_id", level=table.pp_top_1.round(5))
        .order_by("unit_id", "field_id")
        .to_pandas()
    )
    return words.named(found.assign(field_name=found.field_id.map(words.of_ncses)))


def _flows(ws: Workspace, words: Wording, levels: pd.DataFrame) -> pd.DataFrame:
    """Return citations against expectation both ways, with both levels, by field."""
    cells = ws.table("citation_index_cells")
    there = (
        cells.select("unit_id", "field_id", "partner_id", rci=cells.relative_citation_index)
        .order_by("unit_id", "field_id", "partner_id")
        .to_pandas()
    )
    back = there.rename(columns={"unit_id": "partner_id", "partner_id": "unit_id", "rci": "back"})
    own = levels[["unit_id", "field_id", "level"]]
    table = (
        there.merge(back, on=["unit_id", "partner_id", "field_id"], how="left")
        .merge(own.rename(columns={"level": "own"}), on=["unit_id", "field_id"], how="left")
        .merge(
            own.rename(columns={"unit_id": "partner_id", "level": "theirs"}),
            on=["partner_id", "field_id"],
            how="left",
        )
    )
    named = words.named(table)
    return named.assign(
        gap=(table.theirs - table.own).round(4),
        standing=[standing(a, b) for a, b in zip(table.own, table.theirs, strict=True)],
        field_name=table.field_id.map(words.of_ncses),
        partner_name=table.partner_id.map(words.countries),
    ).drop(columns="field_id")
