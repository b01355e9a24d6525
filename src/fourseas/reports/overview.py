"""The overview: one page with a panel for each of the five verbs, that needs no network."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import jinja2
import vl_convert

from fourseas import __version__
from fourseas.lake.layout import disk_errors, write_text
from fourseas.reports.control import control
from fourseas.reports.integrate import integrate
from fourseas.reports.measure import measure
from fourseas.reports.model import model
from fourseas.reports.panel import Chart, Panel
from fourseas.reports.partner import partner
from fourseas.reports.summary import summary
from fourseas.reports.theme import Spec
from fourseas.workspace import Workspace

PANELS: tuple[Callable[[Workspace], Panel], ...] = (integrate, measure, model, partner, control)
"""The five verbs, in the order of the page."""

STILL_WIDTH = 640
BUNDLED = "window.vegaEmbed = vegaEmbed;"
"""What the page needs of the libraries."""


def overview(ws: Workspace, out: Path) -> Path:
    """Write the page and return its path.

    Charts are drawn by Vega in the page and stand in it as still pictures besides, for paper
    and for readers who let no script run.
    """
    panels = [panel(ws) for panel in PANELS]
    charts = [chart for panel in panels for chart in panel.charts]
    templates = resources.files("fourseas.reports") / "templates"
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string((templates / "overview.html").read_text(encoding="utf-8"))
    html = page.render(
        panels=panels,
        figures=summary(ws),
        stills={chart.name: _still(chart) for chart in charts},
        specs=_script(_shared({chart.name: chart.spec for chart in charts})),
        countries=_choices(ws),
        style=(templates / "overview.css").read_text(encoding="utf-8"),
        script=(templates / "overview.js").read_text(encoding="utf-8"),
        vega=vl_convert.javascript_bundle(BUNDLED).replace("</script", "<\\/script"),
        version=ws.version,
        fourseas_version=__version__,
    )
    with disk_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, html)
    return out


def _still(chart: Chart) -> str:
    """Return a chart at its first setting, as a picture in the text of the page."""
    picture = vl_convert.vegalite_to_png(chart.spec | {"width": STILL_WIDTH})
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"


def _shared(specs: dict[str, Spec]) -> Spec:
    """Return specifications with the data of each named and kept once for all of them."""
    data: dict[str, str] = {}
    lean: Spec = {}
    for name, spec in specs.items():
        datasets = spec.get("datasets", {})
        assert isinstance(datasets, dict)
        names = {}
        for key, values in datasets.items():
            packed = _packed(values) if isinstance(values, list) else values
            text = json.dumps(packed, separators=(",", ":"))
            names[key] = data.setdefault(text, f"data{len(data)}")
        lean[name] = {"spec": {k: v for k, v in spec.items() if k != "datasets"}, "data": names}
    return {"data": {name: json.loads(text) for text, name in data.items()}, "charts": lean}


def _packed(rows: list[dict[str, object]]) -> Spec:
    """Return rows by column, each text once: the page takes a quarter of the room.

    The page's script unpacks them: `texts` and `places` of a column of text, `values` of others.
    """
    columns: Spec = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if all(isinstance(value, str) for value in values):
            texts = sorted({str(value) for value in values})
            places = {text: place for place, text in enumerate(texts)}
            columns[name] = {"texts": texts, "places": [places[str(value)] for value in values]}
        else:
            columns[name] = {"values": values}
    return {"n": len(rows), "columns": columns}


def _script(specs: Spec) -> str:
    """Return specifications as JSON that cannot close the script that holds it."""
    return json.dumps(specs, separators=(",", ":")).replace("<", "\\u003c")


def _choices(ws: Workspace) -> list[tuple[str, str]]:
    """Return the countries that every series holds, by name."""
    cells = ws.table("citation_index_cells")
    countries = ws.table("countries")
    units = cells.select(country_code=cells.unit_id).distinct()
    rows = countries.semi_join(units, "country_code").order_by("country_name").to_pyarrow()
    return [(row["country_code"], row["country_name"]) for row in rows.to_pylist()]
