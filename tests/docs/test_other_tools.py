"""Pages on notebooks and R: what they say to type runs, and gives the numbers of the lake."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from fourseas.reports.notebook import Shown
from fourseas.workspace import Workspace

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"```(sql|python)\n(.*?)```", re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    """Return what a page says to type in a language."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return [typed for of, typed in BLOCK.findall(text) if of == language]


def test_the_sql_for_r_counts_the_works_that_the_indicator_has(lake: Workspace) -> None:
    (sql,) = blocks("use-in-r.md", "sql")
    version = lake.lake.root / "versions" / (lake.lake.root / "CURRENT").read_text().strip()
    by_sql = duckdb.sql(sql.replace("VERSION", str(version))).fetchall()
    volume = lake.table("volume")
    rows = volume.filter(
        (volume.register == "ncses")
        & (volume.counting == "full")
        & (volume.unit_type == "country")
        & (volume.field_id == "all")
    ).to_pyarrow()

    assert len(by_sql) > 1_000
    assert {(unit, year): works for unit, year, works in by_sql} == pytest.approx(
        {(row["unit_id"], row["year"]): row["p"] for row in rows.to_pylist()}
    )


def test_what_the_page_on_notebooks_says_to_type_runs(lake_path: Path) -> None:
    first, second = blocks("use-in-a-notebook.md", "python")
    names: dict[str, object] = {}
    exec(first.replace("demo/lake", str(lake_path)).replace("shown(ws", "made = shown(ws"), names)  # noqa: S102
    exec(second, names)  # noqa: S102

    made, ws = names["made"], names["ws"]
    assert isinstance(made, Shown)
    assert {2015, 2022} <= {*made.rows.year}
    assert isinstance(ws, Workspace)
    ws.close()
