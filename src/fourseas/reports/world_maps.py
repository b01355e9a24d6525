"""Maps of the world by year: international works, and the breadth of partners."""

from __future__ import annotations

import json
from importlib import resources

import ibis
import pandas as pd

from fourseas.reports import figures
from fourseas.reports.panel import (
    TABLE_ROWS,
    Chart,
    records,
    source_line,
    text_cells,
)
from fourseas.reports.theme import Spec
from fourseas.workspace import Workspace

SMALL_KM2 = 3_000


def world_maps(ws: Workspace) -> tuple[Chart, ...]:
    """Return maps of international works and of the breadth of partners, by year."""
    table = _works_and_partners(ws)
    years = (int(table.year.min()), int(table.year.max()))
    last = table[table.year == years[1]]
    shapes = _shapes()
    source = source_line(ws, "matrix")
    return (
        Chart(
            name="map-works",
            title="Internationally co-authored works by country and year.",
            notes=(
                "Works with authors in two countries or more, full counting, in all of OpenAlex.",
                source,
                (
                    "Counts, not shares: the source has no total to divide by. Boundaries imply no "
                    "opinion."
                ),
            ),
            spec=figures.world_map(
                records(table),
                shapes,
                measure="works",
                title="international works",
                steps=figures.WORK_STEPS,
                years=years,
            ),
            header=("country", f"works in {years[1]}"),
            rows=text_cells(
                last.sort_values("works", ascending=False).head(TABLE_ROWS),
                ("country_name", "works"),
                "{:,.0f}",
            ),
        ),
        Chart(
            name="map-partners",
            title="How broad the circle of a country's partners is.",
            notes=(
                (
                    "Effective number of partners: the exponential of the Shannon entropy of links "
                    "(Hill number of order 1), full counting."
                ),
                source,
                "Works of very many countries broaden everybody's circle.",
            ),
            spec=figures.world_map(
                records(table),
                shapes,
                measure="partners",
                title="effective partners",
                steps=figures.BREADTH_STEPS,
                years=years,
            ),
            header=("country", f"effective partners in {years[1]}"),
            rows=text_cells(
                last.sort_values("partners", ascending=False).head(TABLE_ROWS),
                ("country_name", "partners"),
                "{:.1f}",
            ),
        ),
    )


def _works_and_partners(ws: Workspace) -> pd.DataFrame:
    """Return international works and effective partners by country and year."""
    cells = ws.table("unit_cells")
    works = cells.filter(
        (cells.register == "matrix") & (cells.collaboration_class == "international")
    ).select("unit_id", "year", works=cells.n)
    pairs = ws.table("pair_cells")
    links = pairs.filter(pairs.register == "matrix").select("unit_id", "year", "p")
    shares = links.mutate(
        share=links.p / links.p.sum().over(ibis.window(group_by=["unit_id", "year"]))
    )
    breadth = shares.group_by("unit_id", "year").agg(
        partners=(-(shares.share * shares.share.ln()).sum()).exp()
    )
    countries = ws.table("countries")
    placed = countries.select(
        "m49",
        "country_name",
        "latitude",
        "longitude",
        unit_id=countries.country_code,
        is_small=(countries.area_km2 < SMALL_KM2).fill_null(False) & countries.latitude.notnull(),
    )
    table: pd.DataFrame = (
        works.inner_join(breadth, ["unit_id", "year"])
        .inner_join(placed, "unit_id")
        .order_by("unit_id", "year")
        .to_pandas()
    )
    table["partners"] = table["partners"].round(1)
    return table


def _shapes() -> Spec:
    path = resources.files("fourseas") / "embedded" / "map" / "world-50m.topo.json"
    shapes: Spec = json.loads(path.read_text(encoding="utf-8"))
    countries = shapes["objects"]["countries"]  # type: ignore[index]
    # Islands of Australia bear its number besides: a look-up would find them in its place.
    largest = {
        shape.get("id"): shape
        for shape in sorted(countries["geometries"], key=lambda shape: len(str(shape["arcs"])))
    }
    countries["geometries"] = list(largest.values())
    return shapes
