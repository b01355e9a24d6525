"""Catch-up in the published tables of NCSES, as a user asks for it."""

from __future__ import annotations

import pytest

from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.catch_up import catch_up_card
from fourseas.workspace import Workspace


@pytest.fixture(scope="module")
def card(lake: Workspace) -> Card:
    """Return the card of the embedded registers."""
    return catch_up_card(lake)


def test_both_forms_countings_and_comparisons_stand_side_by_side(card: Card) -> None:
    rows = card.sheets[0].rows

    assert len(rows) == len({str(row["choices"]) for row in rows}) == 24
    for name, n in (("form", 2), ("counting", 2), ("comparison", 2)):
        assert len({row[name] for row in rows}) == n


def test_what_the_data_cannot_do_is_said(card: Card) -> None:
    told = " ".join(card.lead)

    assert "An association and no effect" in told
    assert "What the data cannot do" in told
    assert "single fields, share of its works with another country" in told


def test_forms_of_the_gap_are_compared_out_of_sample(card: Card) -> None:
    forecasts = card.sheets[1].rows

    assert len(forecasts) == 6
    for row in forecasts:
        errors = {str(name): row[name] for name in ("logistic", "exponential")}
        assert row["better"] == min(errors, key=lambda name: float(str(errors[name])))


def test_countries_without_known_expenditure_are_counted(card: Card) -> None:
    assert "162 of countries whose R&D expenditure is not known" in card.sheets[0].reading.n
