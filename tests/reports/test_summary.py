"""The figures of the demo, and that README tells the same."""

from __future__ import annotations

import re
from pathlib import Path

from fourseas.reports.summary import summary
from fourseas.workspace import Workspace

README = Path(__file__).parents[2] / "README.md"
COLUMNS = ("figure", "value", "definition", "coverage")


def test_readme_shows_figures_of_the_demo_word_for_word(lake: Workspace) -> None:
    text = README.read_text(encoding="utf-8")
    block = re.search(r"<!-- figures -->\n(.*?)<!-- /figures -->", text, re.DOTALL)
    assert block is not None
    header, _, *lines = block.group(1).strip().splitlines()
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    computed = {tuple(getattr(figure, name) for name in COLUMNS) for figure in summary(lake)}

    assert tuple(cell.strip() for cell in header.strip("|").split("|")) == COLUMNS
    assert len(shown) >= 5
    assert set(shown) <= computed


def test_every_figure_names_its_register_and_snapshot(lake: Workspace) -> None:
    for figure in summary(lake):
        assert re.search(r"snapshot \d{4}-\d{2}-\d{2}", figure.definition), figure
        assert figure.coverage
