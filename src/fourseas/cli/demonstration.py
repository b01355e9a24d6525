"""`fourseas demo`: from the embedded registers to a report, offline."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from fourseas import workspace
from fourseas.catalog import INDICATORS
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.errors import LakeError
from fourseas.lake import layout
from fourseas.reports.overview import overview
from fourseas.reports.summary import summary


def run(out: Path) -> None:
    """Build the lake, compute every indicator, write the report and print its figures."""
    began = time.monotonic()
    lake = out / "lake"
    rendering.say("Real registers that come with the package; nothing is fetched.")
    _clear(lake)
    with Bars() as bars:
        built = workspace.build_embedded(lake, bars)
    rendering.say(f"Built version {built.version} of {lake}.")
    with workspace.open(lake) as ws:
        counts = [(i.name, i.title, int(ws.computed(i.name).count().execute())) for i in INDICATORS]
        rendering.show_rows("Indicators", ("indicator", "title", "rows"), counts)
        report = overview(ws, out / "report.html")
        figures = summary(ws)
    rendering.show_rows(
        "Figures",
        ("figure", "value", "definition", "coverage"),
        ((f.figure, f.value, f.definition, f.coverage) for f in figures),
    )
    rendering.say(
        f"Wrote {report} in {time.monotonic() - began:.0f} s. Open it in a browser; it needs no "
        "network.",
        f"Look further: fourseas show collaboration --lake {lake} --country BR --field all",
    )


def _clear(lake: Path) -> None:
    """Remove the lake of an earlier demo, and nothing that is not one."""
    if not lake.exists():
        return
    layout.locate(lake)
    try:
        shutil.rmtree(lake)
    except OSError as error:
        raise LakeError.disk(str(lake), error.strerror or str(error)) from error
