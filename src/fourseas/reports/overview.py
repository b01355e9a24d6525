"""The overview: one page with a panel for each of the five verbs, that needs no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
from fourseas.reports.panel import CHOSEN, FEW, FORMS, Chart, Panel, Table
from fourseas.reports.partner import partner
from fourseas.reports.rows import packed
from fourseas.reports.still import still
from fourseas.reports.summary import Figure, summary
from fourseas.reports.theme import Spec, dark_rules
from fourseas.reports.wording import Wording, wording
from fourseas.workspace import Workspace

PANELS: tuple[Callable[[Workspace, Wording], Panel], ...] = (
    integrate,
    measure,
    model,
    partner,
    control,
)
"""The five verbs, in the order of the page."""

BUNDLED = "window.vegaEmbed = vegaEmbed;"
"""What the page needs of the libraries."""

STILL_WIDTH = {False: 520, True: 960}
MAP_HEIGHT = 520
"""Size of a still picture; on the page a chart is as large as its place."""


def overview(ws: Workspace, out: Path) -> Path:
    """Write the page of a lake and return its path."""
    words = wording(ws)
    html = page(
        [panel(ws, words) for panel in PANELS],
        summary(ws),
        words,
        choices=_choices(ws),
        version=ws.version,
    )
    with disk_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_text(out, html)
    return out


def page(
    panels: Sequence[Panel],
    figures: Sequence[Figure],
    words: Wording,
    *,
    choices: Sequence[tuple[str, str]],
    version: str,
) -> str:
    """Return panels and figures as one page of HTML.

    Charts are drawn by Vega in the page and stand in it as still pictures besides, for readers
    who let no script run. Expressions go through Vega's interpreter, so that the page forbids
    itself to evaluate text as code and to load anything.
    """
    charts = [chart for panel in panels for chart in panel.charts]
    templates = resources.files("fourseas.reports") / "templates"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((templates / "overview.html").read_text(encoding="utf-8"))
    return template.render(
        panels=panels,
        figures=figures,
        stills={chart.name: _still(chart) for chart in charts},
        content=_script(_content(charts)),
        countries=choices,
        fields=list(words.of_ncses.values()),
        chosen=CHOSEN,
        chosen_names={name: words.countries[CHOSEN[name]] for name in ("a", "b")},
        style=(templates / "overview.css").read_text(encoding="utf-8") + dark_rules(),
        script=(templates / "overview.js").read_text(encoding="utf-8"),
        vega=vl_convert.javascript_bundle(BUNDLED).replace("</script", "<\\/script"),
        version=version,
        fourseas_version=__version__,
    )


def _still(chart: Chart) -> str:
    """Return a chart at its first setting, as a picture in the text of the page."""
    spec = chart.spec
    if spec["height"] == "container":
        spec = spec | {"height": MAP_HEIGHT}
    return still(spec, STILL_WIDTH[chart.is_wide])


def _content(charts: list[Chart]) -> Spec:
    """Return what the page's script draws: charts and tables, and their rows once for all."""
    names: dict[str, str] = {}
    data: Spec = {}

    def named(values: object) -> str:
        shared = packed(values) if isinstance(values, list) else values
        text = json.dumps(shared, separators=(",", ":"))
        name = names.setdefault(text, f"data{len(names)}")
        data[name] = shared
        return name

    drawn: Spec = {}
    for chart in charts:
        datasets = chart.spec["datasets"]
        assert isinstance(datasets, dict)
        drawn[chart.name] = {
            "spec": {key: value for key, value in chart.spec.items() if key != "datasets"}
            | {"description": chart.title},
            "data": {key: named(values) for key, values in datasets.items()},
            "table": _followed(chart.table, named(chart.table.rows))
            if chart.table.follows != "nobody"
            else None,
        }
    return {"data": data, "charts": drawn, "chosen": CHOSEN, "forms": FORMS, "few": FEW}


def _followed(table: Table, data: str) -> Spec:
    """Return a table that the page's script writes anew when a reader chooses."""
    return {
        "data": data,
        "follows": table.follows,
        "order": table.order,
        "headings": [[heading.field, heading.form] for heading in table.headings],
    }


def _script(content: Spec) -> str:
    """Return content as JSON that cannot close the script that holds it."""
    return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")


def _choices(ws: Workspace) -> list[tuple[str, str]]:
    """Return the countries that every series holds, by name."""
    cells = ws.table("citation_index_cells")
    countries = ws.table("countries")
    units = cells.select(country_code=cells.unit_id).distinct()
    rows = countries.semi_join(units, "country_code").order_by("country_name").to_pyarrow()
    return [(row["country_code"], row["country_name"]) for row in rows.to_pylist()]
