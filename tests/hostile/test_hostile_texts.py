"""What registers say is text everywhere, whatever it says; `make trust` opens all outputs."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from fourseas.reports import spreadsheets, vega
from fourseas.reports.theme import Spec
from tests.hostile import planting, rereading, trying
from tests.hostile.planting import TEXTS

CHART: Spec = {
    "data": {"values": [{"name": text, "n": 1} for text in TEXTS]},
    "mark": "bar",
    "encoding": {"y": {"field": "name", "title": TEXTS[21]}, "x": {"field": "n"}},
}


@pytest.fixture(scope="module")
def hostile_lake(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lake of which every text is hostile."""
    path = tmp_path_factory.mktemp("hostile") / "lake"
    shutil.copytree(lake_path, path)
    (version,) = (path / "versions").iterdir()
    planted = planting.plant(version)
    assert len(planted) > 12
    assert planted["organizations.organization_name"] > len(TEXTS)
    return path


@pytest.mark.browser
def test_nothing_runs_in_a_page_and_its_exports_are_whole(hostile_lake: Path) -> None:
    tried = trying.on_the_server(hostile_lake, trying.QUICK)

    assert tried.executed == []
    assert tried.broken == []
    assert tried.n_exports > 20
    assert tried.n_seen > 200


def test_a_picture_holds_any_text_and_drawing_it_ends_no_process() -> None:
    assert rereading.broken(".svg", vega.as_svg(CHART).encode()) is None
    assert rereading.broken(".png", vega.as_png(CHART, scale=1)) is None


@pytest.mark.parametrize("text", TEXTS)
def test_a_csv_file_gives_back_any_text_in_one_cell_that_is_no_formula(text: str) -> None:
    of_rows = spreadsheets.lines([("name", "n"), (text, 1), ("x", 2)])
    of_table = spreadsheets.csv(pa.table({"name": [text, "x"], "n": [1, 2]})).decode()

    for written in (of_rows, of_table):
        assert rereading.broken(".csv", written.encode()) is None
        rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
        assert len(rows) == 3
        assert rows[1][0] in (text, f"'{text}")
