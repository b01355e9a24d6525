"""Gravity of the embedded registers, as a user asks for it."""

from __future__ import annotations

import pytest

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.estimates.coefficients import as_csv, as_latex
from fourseas.reports.estimates.gravity import Question, gravity_card
from fourseas.workspace import Workspace

YEAR = Question(years=(2019, 2019))


def test_joint_works_fall_off_with_distance(lake: Workspace) -> None:
    card = gravity_card(lake, YEAR)
    rows = {str(row["regressor"]): row for row in card.sheets[0].rows}

    # Hoekman, Frenken & Tijssen (2010) and all later studies: below 0, and far from -1 of trade.
    assert -0.8 < float(str(rows["log of distance"]["estimate"])) < -0.2
    assert float(str(rows["shared official language"]["low"])) > 0
    assert "An association and no effect" in card.lead[1]


def test_a_card_says_what_it_covers_and_what_was_not_done(lake: Workspace) -> None:
    reading = gravity_card(lake, YEAR).sheets[0].reading

    assert "pairs were dropped" in reading.coverage
    assert "Not done" in reading.coverage
    assert "snapshot of 2024-08-27" in reading.source


def test_a_card_is_written_for_papers_and_programs(lake: Workspace) -> None:
    card = gravity_card(lake, YEAR)

    assert as_latex(card).count(r"\begin{tabular}") == len(card.sheets)
    assert "log of distance" in as_latex(card)
    assert as_csv(card).splitlines()[-1].startswith("colonial tie,")


def test_citations_of_standards_have_their_own_gravity(lake: Workspace) -> None:
    card = gravity_card(lake, Question(flow="citation", register="rfc", years=(2000, 2020)))

    assert card.title.startswith("Gravity of citations, 2000-2020")


def test_years_outside_the_data_are_refused_with_what_there_is(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"years 1890-1891.*\n.*matrix, 1990-2023"):
        gravity_card(lake, Question(years=(1890, 1891)))


def test_a_misspelt_field_is_met_by_those_that_are_near(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        gravity_card(lake, Question(field="chemistri"))
