"""The third panel: whether openness goes with level."""

from __future__ import annotations

from fourseas.reports import figures
from fourseas.reports.panel import (
    Chart,
    Panel,
    names_of_countries,
    records,
    source_line,
    text_cells,
    with_names,
)
from fourseas.reports.summary import YEAR_OF_LEVEL, level_and_openness, spearman
from fourseas.workspace import Workspace

HEADROOM = 1.05

COUNTINGS_SHOWN = ("fractional", "full")


def model(ws: Workspace) -> Panel:
    """Set openness against level under either counting."""
    names = names_of_countries(ws)
    charts = []
    tables = {
        counting: with_names(level_and_openness(ws, counting).to_pandas(), names)
        for counting in COUNTINGS_SHOWN
    }
    greatest = max(float(table.pp_top_1.max()) for table in tables.values()) * HEADROOM
    for counting, table in tables.items():
        rho, n = spearman(ws, counting)
        charts.append(
            Chart(
                name=f"level-{counting}",
                title=f"In {counting} counting, openness and level go together with a rank "
                f"correlation of {rho:.2f}.",
                notes=(
                    (
                        f"International share (full) and share of works in the world's top 1% "
                        f"({counting}), all fields, {YEAR_OF_LEVEL}; {n} economies."
                    ),
                    source_line(ws, "ncses"),
                    (
                        "An association across economies, not an effect. Full counting gives each "
                        "country the whole of a joint work, so joint works lift both axes."
                    ),
                ),
                spec=figures.openness_and_level(
                    records(table), title=f"share in top 1%, {counting}", greatest=greatest
                ),
                header=("economy", "international share", f"top 1%, {counting}"),
                rows=text_cells(
                    table.sort_values("pp_top_1", ascending=False),
                    ("country_name", "pp_int_collab", "pp_top_1"),
                    "{:.2%}",
                ),
            )
        )
    return Panel(
        name="Model",
        question="Does openness go with level?",
        text=(
            (
                "The same economies and the same year; only the counting differs, and with it "
                "the answer."
            ),
        ),
        charts=tuple(charts),
    )
