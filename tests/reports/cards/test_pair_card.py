"""The pair card: one pair from both sides."""

from __future__ import annotations

import pytest

from fourseas.errors import NotComputableError
from fourseas.reports.cards.pair import pair_card
from fourseas.reports.panel import Rows
from fourseas.workspace import Workspace


def sheets(lake: Workspace, first: str, second: str) -> dict[str, Rows]:
    """Return the rows of each sheet of a pair."""
    return {sheet.name: sheet.rows for sheet in pair_card(lake, first, second).sheets}


@pytest.mark.parametrize("question", ["joint-work", "gains"])
def test_the_two_sides_of_a_pair_change_places(lake: Workspace, question: str) -> None:
    one, other = sheets(lake, "US", "CN")[question], sheets(lake, "CN", "US")[question]
    names = ("measure", "register", "definition", "counting")
    turned = {tuple(line[name] for name in names): (line["b"], line["a"]) for line in other}

    assert {tuple(line[name] for name in names): (line["a"], line["b"]) for line in one} == turned


def test_joint_works_of_a_pair_are_the_published_ones(lake: Workspace) -> None:
    joint = [
        line
        for line in sheets(lake, "BR", "CN")["joint-work"]
        if line["measure"] == "affinity: p" and line["register"] == "ncses"
    ]

    # NCSES, table SPBS-33 of 2022.
    assert [(line["a"], line["b"], line["year"]) for line in joint] == [("2,013", "2,013", 2022)]


def test_gains_are_of_the_last_year_in_which_levels_are_known(lake: Workspace) -> None:
    (line,) = [
        line
        for line in sheets(lake, "BR", "CN")["gains"]
        if line["measure"] == "complementarity: gain"
    ]

    # Levels of NCSES end in 2020, its output in 2022.
    assert line["year"] == 2020
    assert float(str(line["a"])) > 0


def test_an_index_of_few_citations_is_left_out_with_a_reason(lake: Workspace) -> None:
    found = sheets(lake, "BR", "CN")

    assert "citations" not in found or all(
        line["measure"] == "knowledge_flows: citations" for line in found["citations"]
    )
    assert any(
        line["reason"] == "fewer than 30 works are behind it" for line in found["not-computable"]
    )


@pytest.mark.parametrize(("first", "second"), [("BR", "CN"), ("US", "CN"), ("GB", "US")])
def test_levels_are_of_the_register_that_knows_most_fields(
    lake: Workspace, first: str, second: str
) -> None:
    card = pair_card(lake, first, second)
    (sheet,) = (sheet for sheet in card.sheets if sheet.name == "fields")

    # RFCs, too, have levels of countries that write standards: in more years, of few fields.
    assert sheet.reading.source.startswith("NCSES")
    assert len(sheet.rows) == 15
    assert sheet.reading.n == "15 fields, 2020."
    assert "more than 25% of the greater" in sheet.reading.definition


def test_a_country_is_no_pair_with_itself(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="both are one country"):
        pair_card(lake, "BR", "Brazil")


def test_a_pair_of_which_nothing_is_known_says_so(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no joint work"):
        pair_card(lake, "BV", "HM")
