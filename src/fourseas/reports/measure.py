"""The second panel: where countries stand, and how open they are."""

from __future__ import annotations

import pandas as pd

from fourseas.reports import figures
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
from fourseas.reports.world_maps import world_maps
from fourseas.workspace import Workspace

PERIOD = 5

FIRST_PERIOD = 1990

RECENT = 2015


def measure(ws: Workspace) -> Panel:
    """Show international works of the world, series of countries, and authors of RFCs."""
    return Panel(
        name="Measure",
        question="Where do we stand, and how open is it?",
        charts=(*world_maps(ws), *_series(ws), _rfc(ws)),
    )


def _series(ws: Workspace) -> tuple[Chart, ...]:
    """Return series of output share, international share and top-1% share."""
    measures = (
        (
            "volume",
            "pp_world",
            "fractional",
            "share of the world's works",
            "Share of the world's works, fractional counting.",
            ".0%",
        ),
        (
            "collaboration",
            "pp_int_collab",
            "full",
            "international share of works",
            "Works with another country as a share of all works, full counting.",
            ".0%",
        ),
        (
            "impact",
            "pp_top_1",
            "fractional",
            "share in the world's top 1%",
            "Share of works among the world's 1% most cited, fractional, citations of three years.",
            ".1%",
        ),
    )
    names = names_of_countries(ws)
    shares = ws.computed("collaboration")
    economies = (
        shares.filter(
            (shares.register == "ncses")
            & (shares.unit_type == "country")
            & shares.pp_int_collab.notnull()
        )
        .select("unit_id")
        .distinct()
    )
    charts = []
    for indicator, column, counting, label, note, form in measures:
        table = ws.computed(indicator)
        chosen = table.filter(
            (table.register == "ncses")
            & (table.scheme == "all")
            & (table.counting == counting)
            & table[column].notnull()
        )
        found = with_names(
            chosen.semi_join(economies, "unit_id")
            .select("unit_id", "year", value=chosen[column])
            .order_by("unit_id", "year")
            .to_pandas(),
            names,
        )
        last = found[found.year == found.year.max()].sort_values("value", ascending=False)
        charts.append(
            Chart(
                name=f"series-{indicator}",
                title=f"{label[0].upper()}{label[1:]}, {found.year.min()}-{found.year.max()}.",
                notes=(
                    note,
                    source_line(ws, "ncses"),
                    f"{last.unit_id.nunique()} economies, in gray where not chosen.",
                ),
                spec=figures.two_series(records(found), title=label, form=form),
                header=("economy", f"{label}, {found.year.max()}"),
                rows=text_cells(last.head(TABLE_ROWS), ("country_name", "value"), "{:.2%}"),
            )
        )
    return tuple(charts)


def _rfc(ws: Workspace) -> Chart:
    """Return shares of RFC documents by period, with bounds for unknown countries."""
    works, sets = ws.table("works"), ws.table("country_sets")
    rfcs = works.filter((works.register == "rfc") & (works.year >= FIRST_PERIOD)).inner_join(
        sets, "country_set_id"
    )
    start = (rfcs.year.cast("int64") // PERIOD) * PERIOD
    dated = rfcs.select(
        start=start,
        codes=rfcs.country_codes,
        is_placed=rfcs.country_set_id > 0,
        is_open=(rfcs.n_authors_unknown > 0) | (rfcs.n_authors == 0),
    )
    periods = dated.group_by("start").agg(
        listed=dated.count(), placed=dated.is_placed.sum(), open_ended=dated.is_open.sum()
    )
    listed = dated.select("start", "is_open", unit_id=dated.codes.unnest())
    by_country = listed.group_by("start", "unit_id").agg(
        documents=listed.count(), open_here=listed.is_open.sum()
    )
    known = by_country.to_pandas().set_index(["unit_id", "start"])
    of_period = periods.to_pandas()
    every = pd.MultiIndex.from_product(
        [sorted(names_of_countries(ws)), of_period.start], names=["unit_id", "start"]
    )
    filled = known.reindex(every, fill_value=0).reset_index()
    present = filled.groupby("unit_id").documents.transform("sum") > 0
    table = filled[present].merge(of_period, on="start")
    recent = of_period[of_period.start >= RECENT]
    unknown = recent.open_ended.sum() / recent.listed.sum()
    table["period"] = table.start.map(lambda year: f"{year}-{(year + PERIOD - 1) % 100:02d}")
    table["share"] = table.documents / table.placed
    table["least"] = table.documents / table.listed
    table["most"] = (table.documents + table.open_ended - table.open_here) / table.listed
    named = with_names(table.sort_values(["unit_id", "start"]), names_of_countries(ws))
    last = named[named.start == named.start.max()].sort_values("share", ascending=False)
    return Chart(
        name="rfc",
        title="Who writes the rules of the Internet: documents with an author in the country.",
        notes=(
            (
                "RFC documents with at least one author in the country, of documents with any "
                "known "
                "country, full counting; the bar spans what unknown authors allow."
            ),
            source_line(ws, "rfc"),
            (
                f"Addresses as printed; e-mail domains are not used. {unknown:.0%} of the "
                f"documents since {RECENT} "
                "have an author without one."
            ),
        ),
        spec=figures.bounded_series(
            records(
                named[["period", "unit_id", "country_name", "documents", "share", "least", "most"]]
            )
        ),
        header=("country", "documents", "share", "least", "most"),
        rows=tuple(
            (
                row.country_name,
                f"{row.documents:,}",
                f"{row.share:.1%}",
                f"{row.least:.1%}",
                f"{row.most:.1%}",
            )
            for row in last.head(TABLE_ROWS).itertuples()
        ),
    )
