"""Closing, reducing and opening ties in the embedded registers, as a user asks for it."""

from __future__ import annotations

import pytest
import vl_convert

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.closure import Question, closure_card
from fourseas.reports.panel import Rows
from fourseas.workspace import Workspace

FROM_2022 = (2022, 9999)


@pytest.fixture(scope="module")
def of_matrix(lake: Workspace) -> Card:
    """Return the closing of China and the United States in the matrix of all countries."""
    return closure_card(lake, Question(first="CN", second="US", years=FROM_2022))


@pytest.fixture(scope="module")
def of_ncses(lake: Workspace) -> Card:
    """Return the same in the published pairs, which come with works at home."""
    return closure_card(lake, Question(first="CN", second="US", years=FROM_2022, register="ncses"))


def sheet(card: Card, name: str) -> Rows:
    """Return the rows of a table of a card."""
    (found,) = [one for one in card.sheets if one.name == name]
    return found.rows


def number(row: dict[str, object], name: str) -> float:
    """Return a value that must be known."""
    value = row[name]
    assert isinstance(value, int | float)
    return float(value)


def test_the_matrix_closes_all_fields_together_and_says_so(of_matrix: Card) -> None:
    china, america = sheet(of_matrix, "sides")

    assert of_matrix.title.endswith("2022-2023, all fields together")
    # The published matrix: 77,370 joint works in 2022 and 72,794 in 2023.
    assert china["touched"] == america["touched"] == -(77_370 + 72_794)
    assert china["third"] is None
    assert "does not tell works of one country alone" in of_matrix.lead[1]
    assert "It is in another register: ncses or " in of_matrix.lead[1]


def test_published_pairs_are_closed_without_and_with_redirection(of_ncses: Card) -> None:
    china, america = sheet(of_ncses, "sides")

    # NCSES, table SPBS-35: 58,546 works of the two in 2022.
    assert china["touched"] == america["touched"] == -58_546
    # Nothing is lost where everything is redirected: each side's half ends at home or elsewhere.
    for side in (china, america):
        assert number(side, "third") + number(side, "home") == pytest.approx(58_546)


def test_third_countries_lose_no_works_and_take_up_some(of_ncses: Card) -> None:
    third = [row for row in sheet(of_ncses, "countries") if row["side"] == "third"]
    china, america = sheet(of_ncses, "sides")

    assert len(third) == 44
    assert {row["touched"] for row in third} == {0.0}
    assert all(number(row, "abroad") > 0 for row in third)
    # What third countries do more with the two and less among themselves.
    assert sum(number(row, "abroad") for row in third) < number(china, "third") + number(
        america, "third"
    )


def test_a_closure_is_held_against_random_ones(of_ncses: Card) -> None:
    (network,) = sheet(of_ncses, "network")

    assert number(network, "change") < 0
    assert 0 < number(network, "as_far") <= number(network, "draws") == 99
    assert network["connected"] == 46


def test_assumptions_are_told_and_nothing_is_called_a_forecast(of_ncses: Card) -> None:
    assert len(sheet(of_ncses, "assumptions")) == 3
    assert "no forecast" in of_ncses.lead[-1]
    assert "Not done: partial substitution" in of_ncses.sheets[0].reading.coverage


def test_the_map_is_drawn(of_ncses: Card) -> None:
    drawn = vl_convert.vegalite_to_svg(of_ncses.pictures[0].spec | {"width": 600})

    assert "-10% and more" in drawn


def test_a_cut_of_30_percent_touches_that_part(lake: Workspace) -> None:
    cut = Question(first="CN", second="US", factor=0.7, years=FROM_2022, register="ncses")
    china, _ = sheet(closure_card(lake, cut), "sides")

    assert number(china, "touched") == pytest.approx(-0.3 * 58_546)


def test_more_joint_work_comes_from_third_countries_and_home_if_sums_stay(lake: Workspace) -> None:
    more = Question(first="CN", second="US", factor=1.5, years=FROM_2022, register="ncses")
    china, _ = sheet(closure_card(lake, more), "sides")

    assert number(china, "touched") == pytest.approx(0.5 * 58_546)
    assert number(china, "third") < 0
    assert number(china, "home") < 0


def test_a_group_is_a_side_and_the_world_is_all_others(lake: Workspace) -> None:
    card = closure_card(
        lake, Question(first="EU", second="WORLD", years=(2022, 2022), register="ncses")
    )
    union, others = sheet(card, "sides")

    assert number(union, "countries") + number(others, "countries") == 46
    assert union["touched_part"] == -1
    assert "of the" in card.sheets[0].reading.coverage


def test_what_members_of_a_side_take_up_among_themselves_is_told(lake: Workspace) -> None:
    card = closure_card(
        lake, Question(first="EU,GB", second="CN", years=FROM_2022, register="ncses")
    )
    union, china = sheet(card, "sides")

    assert number(union, "within") > 0
    assert number(china, "within") == 0
    for side in (union, china):
        ends = [number(side, name) for name in ("third", "home", "within")]
        assert sum(ends) == pytest.approx(-number(side, "touched"))
    assert "links among members of one side" in card.lead[1]


def test_works_touched_in_the_top_10_percent_are_told_where_works_are_known(
    lake: Workspace,
) -> None:
    card = closure_card(lake, Question(first="US", second="SE", register="rfc", years=(2005, 2015)))
    america, sweden = sheet(card, "sides")

    assert america["top_10"] == sweden["top_10"]
    assert 0 < number(america, "top_10") < -number(america, "touched")


def test_a_misspelt_country_is_met_by_those_that_are_near(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        closure_card(lake, Question(first="Chine", second="US"))


def test_a_country_on_both_sides_is_refused(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="FR would be on both sides"):
        closure_card(lake, Question(first="FR", second="EU"))


def test_a_country_that_the_register_does_not_list_is_refused(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"no joint works of FJ.*\n.*46 countries"):
        closure_card(lake, Question(first="FJ", second="US", register="ncses"))


def test_two_that_never_worked_together_are_refused(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no joint work in these years"):
        closure_card(lake, Question(first="KP", second="MH"))


def test_years_outside_the_data_are_refused_with_what_there_is(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"years from 2050.*\n.*matrix, 1990-2023"):
        closure_card(lake, Question(first="CN", second="US", years=(2050, 9999)))
