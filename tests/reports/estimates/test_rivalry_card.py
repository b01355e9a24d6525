"""Rivalry in the published tables of NCSES, as a user asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas import workspace
from fourseas.errors import NotComputableError
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.joint_rivalry import joint_rivalry_card
from fourseas.reports.estimates.rivalry import rivalry_card
from fourseas.workspace import Workspace


@pytest.fixture(scope="module")
def card(lake: Workspace) -> Card:
    """Return the card of the embedded registers."""
    return rivalry_card(lake)


@pytest.mark.parametrize(
    ("level", "estimate", "se"),
    [
        ("share of its works in the world's top 1%", -0.269, 0.095),
        ("number of its works in the world's top 1%", -0.007, 0.099),
    ],
)
def test_the_interaction_is_what_others_found_in_the_same_tables(
    card: Card, level: str, estimate: float, se: float
) -> None:
    (main,) = [
        row for row in card.sheets[0].rows if (row["level"], row["variant"]) == (level, "main")
    ]

    # Computed apart from this package, from SPBS-2 to SPBS-84.
    assert round(float(str(main["interaction"])), 3) == estimate
    assert round(float(str(main["se"])), 3) == se


def test_cells_with_a_citation_are_24040_and_those_without_a_level_are_told(card: Card) -> None:
    reading = card.sheets[0].reading

    assert "of 24,108 with different countries: 68 have no citation" in reading.n
    assert reading.n.startswith("23,903 cells of 42 countries and 14 fields")
    assert "137 others lack a published level" in reading.n


def test_the_verdict_is_mixed_because_it_depends_on_what_level_means(card: Card) -> None:
    assert card.title.endswith("mixed")
    assert "it depends on what level means" in card.lead[0]


def test_the_card_says_that_citations_are_no_prevention(card: Card) -> None:
    assert any("not of prevention" in line for line in card.lead)


def test_rows_that_published_citations_cannot_have_are_told_with_the_reason(card: Card) -> None:
    (sheet,) = [one for one in card.sheets if one.name == "untested"]
    topics, joint = sheet.rows

    assert "ncses publishes no division of its fields" in str(topics["why"])
    assert str(joint["why"]).startswith("not testable here, because")


def test_joint_works_by_field_are_refused_with_how_many_it_takes(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"\d+ pairs and fields .* it takes 100"):
        joint_rivalry_card(lake)


def test_years_without_joint_works_by_field_are_refused_with_those_years(
    changed_path: Path,
) -> None:
    with (
        workspace.open(changed_path) as ws,
        pytest.raises(NotComputableError, match="no joint works of 2021-2023"),
    ):
        joint_rivalry_card(ws)
