"""Measure: where countries stand and how open they are, by register."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from fourseas.reports import figures
from fourseas.reports.map_shapes import map_shapes
from fourseas.reports.panel import Chart, Form, Heading, Panel, Reading, Table
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording
from fourseas.reports.world_map import world_map
from fourseas.workspace import Workspace

SMALL_KM2 = 3_000
PERIOD = 5
FIRST_PERIOD = 1990
FULL = "Full: a work counts once for each of its countries."
FRACTIONAL = "Fractional: a work is divided among its authors' countries."


def measure(ws: Workspace, words: Wording) -> Panel:
    """Return the world's international works, series of countries, and authors of RFCs."""
    return Panel(
        name="Measure",
        question="Where do we stand, and how open is it?",
        charts=(
            _map(ws, words),
            *(_series(ws, words, found) for found in MEASURES),
            _rfc(ws, words),
        ),
    )


def _map(ws: Workspace, words: Wording) -> Chart:
    """Return a map of international works and of the breadth of partners, by year."""
    cells, pairs, countries = ws.table("unit_cells"), ws.table("pair_cells"), ws.table("countries")
    works = cells.filter(
        (cells.register == "matrix") & (cells.collaboration_class == "international")
    ).select("unit_id", "year", works=cells.n)
    links = pairs.filter(pairs.register == "matrix").select("unit_id", "year", "p")
    shares = links.mutate(
        share=links.p / links.p.sum().over(ibis.window(group_by=["unit_id", "year"]))
    )
    breadth = shares.group_by("unit_id", "year").agg(
        partners=(-(shares.share * shares.share.ln()).sum()).exp().round(1)
    )
    counted = works.inner_join(breadth, ["unit_id", "year"]).to_pandas()
    placed = countries.select(
        "m49",
        "country_name",
        "latitude",
        "longitude",
        unit_id=countries.country_code,
        is_small=(countries.area_km2 < SMALL_KM2).fill_null(False) & countries.latitude.notnull(),
    ).to_pandas()
    years = (int(counted.year.min()), int(counted.year.max()))
    units = placed[placed.unit_id.isin(counted.unit_id)].sort_values("unit_id")
    table = units.merge(pd.DataFrame({"year": range(years[0], years[1] + 1)}), how="cross").merge(
        counted, on=["unit_id", "year"], how="left"
    )
    last = table[(table.year == years[1]) & table.works.notna()]
    return Chart(
        name="map",
        title="Internationally co-authored works, and how broad the circle of partners is.",
        reading=Reading(
            definition="Works with authors in two countries or more. Effective partners: the "
            "exponential of the Shannon entropy of a country's links (Hill number of order 1), "
            "the number of equal partners that would be as varied.",
            counting=FULL,
            source=words.sources["matrix"],
            n=f"{len(units)} countries and areas, {years[0]}-{years[1]}.",
            bounds="None: published counts, not a sample.",
            coverage="Works whose authors' countries are unknown are not in it. The source has no "
            "total to divide by, so these are counts, not shares. Works of very many countries "
            "broaden every circle. Boundaries imply no opinion on the status of any territory.",
        ),
        spec=world_map(rows(table.drop(columns="unit_id")), map_shapes(), years=years),
        table=Table(
            headings=(
                Heading("country_name", "country"),
                Heading("works", f"international works, {years[1]}", "count"),
                Heading("partners", "effective partners", "decimal"),
            ),
            rows=rows(last.sort_values("works", ascending=False)),
        ),
        is_wide=True,
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """A column of an indicator that is shown as a series of years."""

    indicator: str
    column: str
    counting: str
    label: str
    title: str
    definition: str
    bounds: str
    coverage: str
    axis: str
    form: Form
    band: tuple[str, str] | None = None


MEASURES = (
    _Measure(
        indicator="volume",
        column="pp_world",
        counting="fractional",
        label="share of the world's works",
        title="The share of the world's works that each country writes.",
        definition="Articles, reviews and conference papers of a country by those of the world.",
        bounds="None published; the unknown are 0.3% of the world's credit.",
        coverage="What the source indexes; 46 economies with published co-authorship are drawn.",
        axis=".0%",
        form="finer_share",
    ),
    _Measure(
        indicator="collaboration",
        column="pp_int_collab",
        counting="full",
        label="international share of works",
        title="The share of a country's works that is written with other countries.",
        definition="Works with another country by all works of the country.",
        bounds="The band, mostly thinner than the line, spans what incomplete addresses allow.",
        coverage="46 economies for which the source publishes co-authorship.",
        axis=".0%",
        form="share",
        band=("pp_int_collab_min", "pp_int_collab_max"),
    ),
    _Measure(
        indicator="impact",
        column="pp_top_1",
        counting="fractional",
        label="share in the world's top 1%",
        title="The share of a country's works that is among the world's most cited 1%.",
        definition="Works among the 1% most cited of their field and year by all works of the "
        "country; citations of three years. The world has 1%.",
        bounds="None: the figures come without the records that an interval needs.",
        coverage="46 economies; the last years have no full citation window and are left out.",
        axis=".1%",
        form="finer_share",
    ),
)


def _series(ws: Workspace, words: Wording, measure: _Measure) -> Chart:
    """Return a measure by year for all economies with published co-authorship."""
    shares, table = ws.computed("collaboration"), ws.computed(measure.indicator)
    economies = _of_ncses(shares, "full", "pp_int_collab").select("unit_id").distinct()
    chosen = _of_ncses(table, measure.counting, measure.column)
    band = dict(zip(("low", "high"), measure.band or (), strict=False))
    found = words.named(
        chosen.semi_join(economies, "unit_id")
        .select(
            "unit_id",
            "year",
            value=chosen[measure.column].round(5),
            **{name: chosen[column].round(5) for name, column in band.items()},
        )
        .order_by("unit_id", "year")
        .to_pandas()
    )
    years = f"{found.year.min()}-{found.year.max()}"
    newest_first = found.sort_values(["year", "unit_id"], ascending=[False, True])
    return Chart(
        name=f"series-{measure.indicator}",
        title=measure.title,
        reading=Reading(
            definition=measure.definition,
            counting=FULL if measure.counting == "full" else FRACTIONAL,
            source=words.sources["ncses"],
            n=f"{found.unit_id.nunique()} economies, {years}; gray where not chosen.",
            bounds=measure.bounds,
            coverage=measure.coverage,
        ),
        spec=figures.series(rows(found), title=measure.label, form=measure.axis),
        table=Table(
            headings=(
                Heading("country_name", "economy"),
                Heading("year", "year", "year"),
                Heading("value", measure.label, measure.form),
                *(Heading(name, name, measure.form) for name in band),
            ),
            rows=rows(newest_first),
            follows="both",
        ),
    )


def _of_ncses(table: ir.Table, counting: str, column: str) -> ir.Table:
    """Return the rows of an indicator that NCSES publishes for all fields of a country."""
    return table.filter(
        (table.register == "ncses")
        & (table.scheme == "all")
        & (table.unit_type == "country")
        & (table.counting == counting)
        & table[column].notnull()
    )


def _rfc(ws: Workspace, words: Wording) -> Chart:
    """Return shares of RFC documents by period, with bounds for unknown countries."""
    works, sets = ws.table("works"), ws.table("country_sets")
    rfcs = works.filter((works.register == "rfc") & (works.year >= FIRST_PERIOD)).inner_join(
        sets, "country_set_id"
    )
    dated = rfcs.select(
        start=(rfcs.year.cast("int64") // PERIOD) * PERIOD,
        codes=rfcs.country_codes,
        is_placed=rfcs.country_set_id > 0,
        is_open=(rfcs.n_authors_unknown > 0) | (rfcs.n_authors == 0),
        year=rfcs.year,
    )
    periods = (
        dated.group_by("start")
        .agg(
            listed=dated.count(),
            placed=dated.is_placed.sum(),
            open_ended=dated.is_open.sum(),
            end=dated.year.max(),
        )
        .to_pandas()
    )
    listed = dated.select("start", "is_open", unit_id=dated.codes.unnest())
    by_country = (
        listed.group_by("start", "unit_id")
        .agg(documents=listed.count(), open_here=listed.is_open.sum())
        .to_pandas()
        .set_index(["unit_id", "start"])
    )
    # A chosen country may have written none: its share is nought and its bounds are not.
    every = pd.MultiIndex.from_product(
        [sorted(words.countries), periods.start], names=["unit_id", "start"]
    )
    table = words.named(
        by_country.reindex(every, fill_value=0).reset_index().merge(periods, on="start")
    ).sort_values(["unit_id", "start"])
    table["period"] = [
        f"{start}-{min(start + PERIOD - 1, end) % 100:02d}"
        for start, end in zip(table.start.tolist(), table.end.tolist(), strict=True)
    ]
    table["share"] = (table.documents / table.placed).round(4)
    table["least"] = (table.documents / table.listed).round(4)
    table["most"] = ((table.documents + table.open_ended - table.open_here) / table.listed).round(4)
    columns = ["period", "unit_id", "country_name", "documents", "share", "least", "most"]
    choices = ws.table("citation_index_cells").select("unit_id").distinct().to_pandas()
    is_shown = table.unit_id.isin(by_country.index.get_level_values("unit_id")) | (
        table.unit_id.isin(choices.unit_id)
    )
    shown = table[is_shown]
    open_ended = periods.open_ended.sum() / periods.listed.sum()
    return Chart(
        name="rfc",
        title="Who writes the rules of the Internet: documents with an author in the country.",
        reading=Reading(
            definition="RFC documents with at least one author in the country by documents with "
            "any known country.",
            counting=FULL,
            source=words.sources["rfc"],
            n=f"{periods.listed.sum():,} documents, {periods.placed.sum():,} with a country.",
            bounds="The bar spans from no unknown author in the country to every one, of all "
            "documents of the period.",
            coverage=f"{open_ended:.0%} of the documents have an author without a known country, "
            "more since 2015. Addresses as printed; e-mail domains are not used.",
        ),
        spec=figures.bounded_series(rows(shown[columns])),
        table=Table(
            headings=(
                Heading("country_name", "country"),
                Heading("period", "period"),
                Heading("documents", "documents", "count"),
                Heading("share", "share", "share"),
                Heading("least", "least", "share"),
                Heading("most", "most", "share"),
            ),
            rows=rows(shown[columns]),
            follows="both",
        ),
    )
