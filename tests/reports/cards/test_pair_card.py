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


def test_the_two_sides_of_a_pair_change_places(lake: Workspace) -> None:
    one, other = sheets(lake, "BR", "CN")["measures"], sheets(lake, "CN", "BR")["measures"]
    turned = {(line["measure"], line["series"]): (line["b"], line["a"]) for line in other}

    assert {(line["measure"], line["series"]): (line["a"], line["b"]) for line in one} == turned


def test_joint_works_of_a_pair_are_the_published_ones(lake: Workspace) -> None:
    joint = [
        line
        for line in sheets(lake, "BR", "CN")["measures"]
        if str(line["measure"]).startswith("p:") and line["register"] == "ncses"
    ]

    # NCSES, table SPBS-33 of 2022.
    assert [(line["a"], line["b"], line["year"]) for line in joint] == [("2,013", "2,013", 2022)]


def test_a_country_is_no_pair_with_itself(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="both are one country"):
        pair_card(lake, "BR", "Brazil")


def test_a_pair_of_which_nothing_is_known_says_so(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no joint work"):
        pair_card(lake, "BV", "HM")
