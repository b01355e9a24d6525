"""Openness and level in the published tables of NCSES, as a user asks for it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

import fourseas
from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.models.separation import Floats
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.level import level_card
from fourseas.reports.estimates.openness import Asked
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
    with pytest.raises(NotComputableError, match=r"There is: ncses, 2003-2020"):
        level_card(lake, Asked(register="matrix"))


def test_a_corpus_is_refused_because_it_is_not_the_world(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="0 years there have the share of excellent works"):
        level_card(lake, Asked(register="openalex"))


def test_years_outside_the_data_are_refused_with_those_that_there_are(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"years 2030-2040.*0 years") as refused:
        level_card(lake, Asked(years=(2030, 2040)))

    assert "ncses, 2003-2020" in refused.value.remedy


def test_a_census_of_too_few_countries_is_named(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"because rfc, all fields together: .* 12 needed"):
        level_card(lake, Asked(years=(1990, 1999)))


def test_fewer_years_than_a_period_are_refused(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"2 years there have .* a period takes 3"):
        level_card(lake, Asked(register="ncses", years=(2019, 2020)))


def test_a_field_that_is_not_known_is_met_with_the_nearest(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        level_card(lake, Asked(field="chemistri"))


def test_a_field_and_years_are_estimated_alone(lake: Workspace) -> None:
    card = level_card(lake, Asked(field="chemistry", years=(2012, 2020)))

    assert card.title == "Openness and level of countries, 2012-2020, field chemistry"
    assert {row["fields"] for row in card.sheets[0].rows} == {"single fields"}
    assert "fields: 1; periods: 3" in card.sheets[0].reading.n
