"""The figures of the demo: what others published, and that README tells the same."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from fourseas.reports.summary import Figure, summary
from fourseas.reports.summary import spearman as rank_correlation
from fourseas.workspace import Workspace

README = Path(__file__).parents[2] / "README.md"
COLUMNS = ("figure", "value", "definition", "coverage")


@pytest.fixture(scope="module")
def figures(lake: Workspace) -> dict[str, Figure]:
    """Return the figures by what they are."""
    return {figure.figure: figure for figure in summary(lake)}


def test_readme_shows_figures_of_the_demo_word_for_word(figures: dict[str, Figure]) -> None:
    text = README.read_text(encoding="utf-8")
    block = re.search(r"<!-- figures -->\n(.*?)<!-- /figures -->", text, re.DOTALL)
    assert block is not None
    header, _, *lines = block.group(1).strip().splitlines()
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    computed = {tuple(getattr(figure, name) for name in COLUMNS) for figure in figures.values()}

    assert tuple(cell.strip() for cell in header.strip("|").split("|")) == COLUMNS
    assert len(shown) >= 5
    assert set(shown) <= computed


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("Works in Scopus as NCSES counts them, 2022", "3,344,037"),
        (
            "Share of its works among the world's 1% most cited, US, 2020",
            "1.41% fractional, 1.66% full",
        ),
        (
            "Share of its works among the world's 1% most cited, CN, 2020",
            "1.09% fractional, 1.28% full",
        ),
        (
            "Share of its works among the world's 1% most cited, KE, 2020",
            "0.49% fractional, 1.45% full",
        ),
        ("RFC documents with a country", "7,193"),
        ("RFC documents with two countries or more", "2,587"),
        ("RFC documents with an author in China, 2015-2019", "14.0%"),
        ("OpenAlex works known to be international", "79"),
        ("Rank correlation of international and top-1% share, fractional", "0.66"),
        ("Rank correlation of international and top-1% share, full", "0.88"),
    ],
)
def test_the_figures_are_those_that_others_publish(
    figures: dict[str, Figure], figure: str, value: str
) -> None:
    assert figures[figure].value == value


def test_every_figure_names_its_register_snapshot_and_coverage(
    figures: dict[str, Figure],
) -> None:
    for figure in figures.values():
        assert re.search(r"snapshot \d{4}-\d{2}-\d{2}", figure.definition), figure
        assert figure.coverage


def test_the_rank_correlation_looks_at_ranks_alone() -> None:
    table = pd.DataFrame({"pp_int_collab": [0.1, 0.2, 0.3, 0.9], "pp_top_1": [1.0, 2.0, 9.0, 3.0]})

    # Ranks 1 2 3 4 against 1 2 4 3: 1 - 6 x (0 + 0 + 1 + 1) / (4 x 15) = 0.8.
    assert rank_correlation(table) == pytest.approx(0.8)
