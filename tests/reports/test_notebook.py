"""Rows in a notebook: with what must be said of them, and as text."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fourseas.reports.notebook import SHOWN, shown
from fourseas.selection import Selection
from fourseas.workspace import Workspace

HOSTILE = "<img src=x onerror=alert(1)>"


def test_a_table_says_definition_counting_snapshot_and_coverage(lake: Workspace) -> None:
    made = shown(lake, Selection(indicator="collaboration", countries=("BR",), register="ncses"))
    page = made._repr_html_()

    for told in ("ncses", "2023-04-30", "ncses-published", "full", "Coverage:", "In one line:"):
        assert told in page
    assert page.count("<tr>") == 1 + min(SHOWN, len(made.rows))
    assert f"{len(made.rows):,} rows." in page
    assert all(f"<th>{name}</th>" in page for name in made.rows.columns)


def test_what_a_value_holds_is_never_run(lake: Workspace) -> None:
    made = shown(lake, Selection(indicator="volume", countries=("BR",), register="rfc"))
    hostile = replace(made, rows=pd.DataFrame({HOSTILE: [HOSTILE, None], "coverage": [0.5, None]}))
    page = hostile._repr_html_()

    assert "<img" not in page
    assert page.count("&lt;img") == 2
    assert "<td>nan</td>" not in page
    assert "50.0% to 50.0%" in page
