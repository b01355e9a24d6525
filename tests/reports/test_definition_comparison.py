"""A number under each definition, against the table of the indicator and the works themselves."""

from __future__ import annotations

import pytest

from fourseas.errors import FourseasError, NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Card, as_html, as_json
from fourseas.reports.definition_comparison import definition_comparison
from fourseas.workspace import Workspace


@pytest.fixture(scope="module")
def china(lake: Workspace) -> Card:
    """Compare what definitions make of China's works of 2020."""
    return definition_comparison(lake, "international_share", "CN", year=2020)


def _rows(card: Card, name: str) -> list[dict[str, object]]:
    return next(sheet.rows for sheet in card.sheets if sheet.name == name)


def test_there_is_a_number_for_each_definition_counting_and_register(
    lake: Workspace, china: Card
) -> None:
    table = lake.table("collaboration")
    there = table.filter(
        (table.unit_id == "CN") & (table.year == 2020) & (table.scheme == "all")
    ).to_pandas()
    named = {
        (str(row["register"]), str(row["definition"]), str(row["series"]))
        for row in _rows(china, "numbers")
    }

    assert named == {(row.register, row.definition_id, row.counting) for row in there.itertuples()}


def test_the_published_share_is_that_of_ncses(china: Card) -> None:
    (row,) = (
        row
        for row in _rows(china, "numbers")
        if (row["register"], row["series"]) == ("ncses", "full")
    )

    assert row["value"] == "21.7%"


def test_the_work_that_makes_the_difference_is_named_with_what_each_makes_of_it(
    china: Card,
) -> None:
    (work,) = _rows(china, "works")

    # Its authors are in mainland China and Hong Kong.
    assert work["work_label"] == "W3003668884"
    assert (work["openalex"], work["cwts-like"]) == ("international", "domestic")


def test_every_work_is_something_by_every_definition(china: Card) -> None:
    sums: dict[object, int] = {}
    for row in _rows(china, "works-by-definition"):
        sums[row["definition"]] = sums.get(row["definition"], 0) + int(str(row["n"]))

    assert len(set(sums.values())) == 1


def test_a_work_that_is_not_counted_says_why(lake: Workspace) -> None:
    card = definition_comparison(lake, "collaboration", "US", year=2021)
    told = {str(row["status"]) for row in _rows(card, "works-by-definition")}

    assert any(status.startswith("not counted: its kind") for status in told)


def test_a_card_can_be_a_page_and_data(china: Card) -> None:
    assert "W3003668884" in as_html(china)
    assert "W3003668884" in as_json(china)


def test_without_a_year_it_is_the_last_for_which_most_definitions_have_a_number(
    lake: Workspace,
) -> None:
    assert "2020" in definition_comparison(lake, "collaboration", "BR").title


def test_a_share_says_over_how_many_works_it_is(lake: Workspace) -> None:
    lead = definition_comparison(lake, "international_share", "BR", year=2020).lead[0]

    # NCSES counts 85,880 works of Brazil; the embedded corpus holds one.
    assert "in ncses by 1 definition over 85,880 works" in lead
    assert "100.0% in openalex by 3 definitions over 1 work." in lead


def test_what_is_of_all_countries_together_is_not_compared_for_one(lake: Workspace) -> None:
    with pytest.raises(FourseasError, match="of all countries together"):
        definition_comparison(lake, "development", "BR")


def test_slips_are_told(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="colaboration"):
        definition_comparison(lake, "colaboration", "BR")
    with pytest.raises(UnknownNameError, match="Brasilia"):
        definition_comparison(lake, "collaboration", "Brasilia")
    with pytest.raises(NotComputableError, match="1801"):
        definition_comparison(lake, "collaboration", "BR", year=1801)
