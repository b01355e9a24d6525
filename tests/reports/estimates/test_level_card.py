"""Openness and level in the published tables of NCSES, as a user asks for it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

import fourseas
from fourseas.errors import NotComputableError
from fourseas.models.separation import Floats
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.level import level_card
from fourseas.workspace import Workspace

ORACLE = Path(__file__).parents[2] / "oracle" / "openness_and_level.sql"
NCSES = Path(fourseas.__file__).parent / "embedded" / "ncses"


@pytest.fixture(scope="module")
def card(lake: Workspace) -> Card:
    """Return the card of the embedded registers."""
    return level_card(lake)


def dummies(codes: list[object]) -> Floats:
    """Return a column for each level."""
    _, number = np.unique(np.array(codes, dtype=str), return_inverse=True)
    return np.eye(int(number.max()) + 1)[number]


@pytest.mark.parametrize("comparison", ["between countries", "within countries"])
@pytest.mark.parametrize("counting", ["fractional", "full"])
def test_an_estimate_is_that_of_plain_sql_and_least_squares_with_dummies(
    card: Card, counting: str, comparison: str
) -> None:
    published = duckdb.sql(ORACLE.read_text().format(embedded=NCSES)).fetchall()
    countries, periods, openness, full, fractional = map(list, zip(*published, strict=True))
    effects = dummies(periods)
    if comparison == "within countries":
        effects = np.hstack([effects, dummies(countries)])
    level = np.array(full if counting == "full" else fractional)
    slopes, *_ = np.linalg.lstsq(np.column_stack([openness, effects]), level, rcond=None)

    (row,) = (
        row
        for row in card.sheets[0].rows
        if row["choices"]
        == f"{counting}; {comparison.removesuffix(' countries')}; international share; all fields"
    )
    # Points of per cent for ten points of a share.
    assert row["estimate"] == pytest.approx(slopes[0] / 10, abs=1e-9)
    assert row["n_countries"] == 46


def test_the_counting_rule_nearly_doubles_the_answer(card: Card) -> None:
    estimates = {str(row["choices"]): row["estimate"] for row in card.sheets[0].rows}
    one, other = (
        estimates[f"{counting}; between; international share; all fields"]
        for counting in ("full", "fractional")
    )

    assert isinstance(one, float)
    assert isinstance(other, float)
    assert 1.7 < one / other < 1.9


def test_works_at_home_are_not_testable_and_the_card_says_why(card: Card) -> None:
    told = " ".join(card.lead)

    assert "Not testable here, because" in told
    assert "level by works at home alone: the register does not publish it" in told


def test_no_heading_stands_there_twice(card: Card) -> None:
    for sheet in card.sheets:
        titles = [heading.title for heading in sheet.headings]
        assert len(titles) == len(set(titles))


def test_a_register_without_levels_is_refused_with_those_that_have_them(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"Those that have: ncses, rfc\."):
        level_card(lake, "matrix")


def test_a_corpus_is_refused_because_it_is_not_the_world(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no census there has the share of excellent"):
        level_card(lake, "openalex")
