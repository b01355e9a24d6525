"""Model: how openness and level go together, under either way of counting."""

from __future__ import annotations

from fourseas.reports import figures
from fourseas.reports.panel import Chart, Heading, Panel, Reading, Table
from fourseas.reports.rows import rows
from fourseas.reports.summary import YEAR_OF_LEVEL, level_and_openness, spearman
from fourseas.reports.wording import Wording
from fourseas.schema.cells import Counting
from fourseas.workspace import Workspace

HEADROOM = 1.1
COUNTINGS_SHOWN: tuple[Counting, ...] = ("fractional", "full")
DIVIDED = {
    "fractional": "The top 1% are counted by fractions: a work is divided among its authors' "
    "countries. International share: full.",
    "full": "Both are full: each country gets the whole of a joint work, so that joint works "
    "lift both axes.",
}


def model(ws: Workspace, words: Wording) -> Panel:
    """Return openness against level under either counting, side by side."""
    every = words.named(level_and_openness(ws))
    greatest = float(every.pp_top_1.max()) * HEADROOM
    charts = []
    found = {}
    for counting in COUNTINGS_SHOWN:
        table = every[every.counting == counting].drop(columns="counting")
        found[counting] = rho = spearman(table)
        label = f"share in the world's top 1%, {counting}"
        charts.append(
            Chart(
                name=f"level-{counting}",
                title=f"Under {counting} counting, openness and level go together with a rank "
                f"correlation of {rho:.2f}.",
                reading=Reading(
                    definition="Works with another country by all works, against works among the "
                    "world's 1% most cited by all works; Spearman's correlation of ranks.",
                    counting=DIVIDED[counting],
                    source=words.sources["ncses"],
                    n=f"{len(table)} economies, all fields, {YEAR_OF_LEVEL}.",
                    bounds="None: every economy that is published, not a sample of them.",
                    coverage="An association across economies, not an effect: whatever moves "
                    "both is in it.",
                ),
                spec=figures.openness_and_level(rows(table), title=label, greatest=greatest),
                table=Table(
                    headings=(
                        Heading("country_name", "economy"),
                        Heading("pp_int_collab", "international share", "share"),
                        Heading("pp_top_1", label, "finer_share"),
                    ),
                    rows=rows(table.sort_values("pp_top_1", ascending=False)),
                ),
            )
        )
    return Panel(
        name="Model",
        question="Does openness go with level?",
        text=(
            (
                "The same economies in the same year: only the counting of the top 1% differs, "
                f"and the correlation goes from {found['fractional']:.2f} to "
                f"{found['full']:.2f}. The counting rule changes the answer. Neither is a cause."
            ),
        ),
        charts=tuple(charts),
    )
