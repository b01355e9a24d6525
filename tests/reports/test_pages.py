"""The pages that are made from declarations: complete, and as the declarations are now."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas.catalog import INDICATORS, SOURCES
from fourseas.reports.pages import pages
from fourseas.schema.step import Indicator

DOCS = Path(__file__).parents[2] / "docs"
PAGES = pages()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_as_it_is_declared(path: str) -> None:
    assert (DOCS / path).read_text(encoding="utf-8") == PAGES[path], "run `make pages`"


def test_there_are_no_pages_of_what_is_gone() -> None:
    written = {
        str(path.relative_to(DOCS))
        for directory in ("indicators", "registers")
        for path in (DOCS / directory).glob("*.md")
    }

    assert written == {path for path in PAGES if "/" in path}


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.name)
def test_a_page_says_all_that_is_declared_of_an_indicator(indicator: Indicator) -> None:
    page = PAGES[f"indicators/{indicator.name}.md"]

    for said in (indicator.title, indicator.formula, indicator.source, *indicator.caveats):
        assert said in page
    for column in indicator.writes.columns:
        assert f"`{column.name}`" in page
    assert ":math:" not in page
    assert ".. math" not in page


def test_every_register_and_indicator_is_in_its_index() -> None:
    assert all(f"({one.name}.md)" in PAGES["registers/index.md"] for one in SOURCES)
    assert all(f"({one.name}.md)" in PAGES["indicators/index.md"] for one in INDICATORS)
