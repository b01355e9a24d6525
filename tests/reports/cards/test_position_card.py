"""The position card against the published files, read on their own."""

from __future__ import annotations

import pytest

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Sheet
from fourseas.reports.cards.position import position_card
from fourseas.workspace import Workspace


def sheet(sheets: tuple[Sheet, ...], name: str) -> Sheet:
    """Return the one sheet of a name."""
    (found,) = [one for one in sheets if one.name == name]
    return found


def test_levels_are_the_published_ones_and_those_ahead_come_first(lake: Workspace) -> None:
    card = position_card(lake, "CN")
    partners = sheet(card.sheets, "partners").rows
    china = 0.0109
    of_name = {row["partner_name"]: row for row in partners}

    # NCSES, Science and Engineering Indicators, top 1% of 2020, fractional.
    assert of_name["United States"]["partner_level"] == pytest.approx(0.0141, abs=5e-5)
    assert card.lead[0].startswith("1.09% of the works of China")
    order = {"ahead": 0, "close and high": 1, "close": 2, "behind": 3}
    standings = [order[str(row["standing"])] for row in partners]
    assert standings == sorted(standings)
    for row in partners:
        far_above = float(str(row["partner_level"])) > china * 4 / 3 * 1.01
        assert far_above <= (row["standing"] == "ahead")


def test_a_partner_is_ahead_on_one_card_and_behind_on_the_other(lake: Workspace) -> None:
    of_china = sheet(position_card(lake, "China", against=["SG"]).sheets, "partners").rows
    of_singapore = sheet(position_card(lake, "SG", against=["CN"]).sheets, "partners").rows

    assert [row["standing"] for row in of_china] == ["ahead"]
    assert [row["standing"] for row in of_singapore] == ["behind"]
    assert of_china[0]["gap"] == pytest.approx(-float(str(of_singapore[0]["gap"])))
    assert of_china[0]["joint"] == of_singapore[0]["joint"]
    assert of_china[0]["cites_partner"] == of_singapore[0]["cited_by_partner"]


def test_counts_by_field_are_those_of_the_partners_of_each_field(lake: Workspace) -> None:
    card = position_card(lake, "BR")
    by_field = {row["field_name"]: row for row in sheet(card.sheets, "fields").rows}
    chemistry = sheet(position_card(lake, "BR", field="Chemistry").sheets, "partners").rows

    for standing in ("ahead", "close and high", "close", "behind"):
        counted = sum(row["standing"] == standing for row in chemistry)
        assert by_field["Chemistry"][standing] == counted


def test_a_level_of_less_than_a_work_is_said_to_be_too_little(lake: Workspace) -> None:
    card = position_card(lake, "BR", field="Astronomy and astrophysics")
    of_name = {row["partner_name"]: row for row in sheet(card.sheets, "partners").rows}

    # NCSES, output of 2020: 193 works of Brazil, of which 0.20% are at the top; New Zealand 22.
    assert "They are 0.4 works: too few" in card.lead[0]
    assert of_name["New Zealand"]["partner_p_scored"] == pytest.approx(22, abs=1)
    assert "too few" not in position_card(lake, "BR", against=["CN"]).lead[0]


def test_what_the_country_itself_writes_of_either_standard_is_said(lake: Workspace) -> None:
    lead = " ".join(position_card(lake, "US", against=["CN"]).lead)

    # From the published authors of RFCs of 2016 to 2020, each work divided by its authors.
    assert "Of the authorship of RFCs in 2016-2020, 49.08% is its own, among the 67%" in lead
    assert "rapporteurs of 3GPP specifications in 2016-2020, 16.01% are of its companies" in lead


def test_the_title_names_field_and_year(lake: Workspace) -> None:
    assert (
        position_card(lake, "BR", field="Chemistry").title == "Position of Brazil: chemistry, 2020"
    )


def test_partners_that_may_gain_are_met_by_partners_that_may_give(lake: Workspace) -> None:
    of_china = sheet(position_card(lake, "CN", against=["GB"]).sheets, "partners").rows[0]
    of_britain = sheet(position_card(lake, "GB", against=["CN"]).sheets, "partners").rows[0]

    assert of_china["may_gain"] == of_britain["may_give"]
    assert of_china["may_give"] == of_britain["may_gain"]


def test_parts_of_3gpp_are_those_of_the_embedded_register(lake: Workspace) -> None:
    partners = sheet(position_card(lake, "CN").sheets, "partners").rows
    parts = {row["partner_name"]: float(str(row["partner_3gpp_share"])) for row in partners}

    assert parts["Sweden"] > parts["Germany"] > parts["Greece"] == 0.0
    assert sum(parts.values()) < 1.0


def test_the_matrix_is_drawn_of_partners_by_field(lake: Workspace) -> None:
    (picture,) = position_card(lake, "CN", against=["US", "GB", "JP"]).pictures

    assert "Whom China cites" in picture.title
    assert picture.still().startswith("data:image/")
    assert {row["partner_name"] for row in picture.spec["datasets"]["rows"]} == {  # type: ignore[index]
        "United States",
        "United Kingdom",
        "Japan",
    }


def test_a_country_without_a_position_is_told_where_there_is_one(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no level of it and a partner") as raised:
        position_card(lake, "KE", against=["US"])

    assert "ncses in 2003, 2020; rfc in 1970, 1991-2023" in raised.value.remedy
    assert "fourseas country KE" in raised.value.remedy


def test_a_country_has_no_position_against_itself(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="the country itself"):
        position_card(lake, "China", against=["CN"])


def test_a_year_without_levels_is_said(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="not computable"):
        position_card(lake, "CN", year=1890)


def test_a_misspelt_country_is_met_with_the_nearest(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Brazzil") as raised:
        position_card(lake, "Brazzil")

    assert "brazil" in raised.value.remedy
