"""Pages on models say what their commands find in the embedded registers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fourseas.models.verdict import is_as_claimed
from fourseas.reports.claims.claim import judgment
from fourseas.reports.claims.listing import CLAIMS
from fourseas.reports.estimates.closure import Question, closure_card
from fourseas.reports.estimates.level import level_card
from fourseas.reports.estimates.rivalry import rivalry_card
from fourseas.reports.panel import Rows
from fourseas.workspace import Workspace

PAGES = Path(__file__).parents[2] / "docs" / "models"


def lines_of(page: str) -> list[list[str]]:
    """Return the cells of the rows of tables of a page."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line
    ]


def numbers(text: str) -> list[float]:
    """Return the numbers of a text."""
    return [float(found.replace(",", "")) for found in re.findall(r"[+-]?[\d,]*\.?\d+", text)]


def test_the_page_on_rivalry_has_its_estimates(lake: Workspace) -> None:
    main = [row for row in rivalry_card(lake).sheets[0].rows if row["variant"] == "main"]
    told = {cells[0]: cells[1:] for cells in lines_of("rivalry.md") if len(cells) == 4}

    for row in main:
        estimate, se, interval = told[str(row["level"])]
        found = [float(str(row[name])) for name in ("interaction", "se", "low", "high")]
        assert [*numbers(estimate), *numbers(se), *numbers(interval)] == [
            round(value, 3) for value in found
        ]


@pytest.mark.parametrize(("place", "register"), [(1, "matrix"), (2, "ncses")])
def test_the_page_on_closing_has_what_it_touches(
    lake: Workspace, place: int, register: str
) -> None:
    asked = Question(first="CN", second="US", years=(2022, 9999), register=register)
    sheets: dict[str, Rows] = {sheet.name: sheet.rows for sheet in closure_card(lake, asked).sheets}
    told = {cells[0]: cells for cells in lines_of("what-if.md") if len(cells) == 3}
    china, america = sheets["sides"]
    (network,) = sheets["network"]

    def percent(value: object) -> float:
        return round(100 * float(str(value)), 1)

    def said(name: str) -> list[float]:
        return numbers(told[name][place])

    assert said("joint works touched (S0)") == [-float(str(china["touched"]))]
    assert said("part of China's with all others") == [-percent(china["touched_part"])]
    assert said("part of the United States'") == [-percent(america["touched_part"])]
    assert said("efficiency of the network (S0)") == [percent(network["change"])]
    assert said("random closures with as much change")[0] == network["as_far"]


def test_the_page_on_level_has_its_estimates(lake: Workspace) -> None:
    rows = {str(row["choices"]): row for row in level_card(lake).sheets[0].rows}
    told = {cells[0]: cells[1:] for cells in lines_of("level.md") if len(cells) == 3}

    for comparison in ("between", "within"):
        for counting, said in zip(("fractional", "full"), told[comparison], strict=True):
            row = rows[f"{counting}; {comparison}; international share; all fields"]
            found = [float(str(row[name])) for name in ("estimate", "low", "high")]
            assert numbers(said) == [round(value, 2) for value in found]


def test_the_page_on_claims_has_every_verdict(lake: Workspace) -> None:
    told = {cells[0].strip("`"): cells for cells in lines_of("claims.md") if len(cells) == 5}

    for claim in CLAIMS:
        found = judgment(lake, claim)
        assert found.grid is not None
        _, statement, verdict, counted, main = told[claim.name]
        one = found.grid.estimates[0].coefficient
        shown = sum(is_as_claimed(one.coefficient, claim.sign) for one in found.grid.estimates)
        assert statement == claim.statement
        assert verdict.startswith(found.verdict.word)
        assert numbers(counted) == [shown, len(found.grid.estimates)]
        assert numbers(main) == pytest.approx([one.estimate, one.low, one.high], abs=0.0051)
