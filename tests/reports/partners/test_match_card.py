"""Briefs: how they are read, and matched with units of the embedded lake and with each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas import challenge_lists
from fourseas.errors import FourseasError, NotComputableError, PolicyError
from fourseas.partners.choice import Terms
from fourseas.reports.partners.brief import Brief, read_brief
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.match import match_card
from fourseas.reports.partners.place import Asked, place
from fourseas.workspace import Workspace
from tests.commands import run

CROPS = """
brief: Crops
who: Kenya
needs:
  fields: [computer-and-information-sciences]
offers:
  fields: [agricultural-sciences]
  keywords: [seed bank]
"""
SENSING = """
brief: Sensing
needs:
  fields: [Agricultural sciences]
offers:
  fields: [computer-and-information-sciences]
"""
POETRY = """
brief: Banks
needs:
  keywords: [Seed Bank]
offers:
  keywords: [poetry]
"""
NCSES = Asked(register="ncses")


def briefs(*texts: str) -> tuple[Brief, ...]:
    """Read briefs."""
    return tuple(read_brief(text, f"{i}.yaml") for i, text in enumerate(texts))


def test_units_have_what_is_needed_and_lack_what_is_offered(lake: Workspace) -> None:
    card = match_card(lake, briefs(CROPS), "country", NCSES, Terms(take=6))
    rows = card.sheets[0].rows

    assert rows
    assert all("Computer and information sciences" in str(row["has_what"]) for row in rows)
    assert {str(row["lacks_what"]) for row in rows} <= {"", "Agricultural sciences"}
    assert "Kenya" not in {row["name"] for row in rows}
    assert any("seed bank" in line for line in card.lead)


def test_briefs_that_fit_both_ways_stand_first(lake: Workspace) -> None:
    card = match_card(lake, briefs(CROPS, POETRY, SENSING), "country", NCSES, Terms(take=1))
    rows = card.sheets[1].rows

    assert [(row["brief"], row["both"]) for row in rows] == [("Sensing", "both"), ("Banks", "")]
    assert rows[1]["gives"] == "seed bank"


def test_a_slip_in_a_brief_is_told_with_its_line(lake: Workspace) -> None:
    with pytest.raises(PolicyError, match=r"line 4, column 3: `feilds` is not known here"):
        read_brief(CROPS.replace("fields", "feilds", 1).replace("who: Kenya\n", ""), "crops.yaml")
    wrong = briefs(CROPS.replace("agricultural-sciences", "agricultural-scienses"))
    with pytest.raises(PolicyError, match=r"line 7, column 12: .*none of the fields"):
        match_card(lake, wrong, "country", NCSES, Terms())


def test_words_that_no_field_has_match_no_unit(lake: Workspace) -> None:
    only = briefs(POETRY.replace("poetry", "xyzzy").replace("Seed Bank", "plugh"))
    with pytest.raises(NotComputableError, match="no field or topic here has one of its keywords"):
        match_card(lake, only, "country", NCSES, Terms())


def test_a_challenge_is_read_coarsely_where_no_census_has_its_topics(lake: Workspace) -> None:
    challenge = challenge_lists.challenge("food_security")
    card = find_card(lake, Question(seeker="KE", asked=Asked(), challenge=challenge))

    assert "coarsely, by Agricultural sciences; " in card.lead[0]
    assert challenge.definition_id in card.lead[0]
    with pytest.raises(NotComputableError, match="no census of works in this lake has its topics"):
        find_card(lake, Question(seeker="rfc:cisco", asked=Asked(), challenge=challenge))
    with pytest.raises(FourseasError, match="Ask for one of both"):
        find_card(
            lake,
            Question(seeker="KE", asked=Asked(fields=("physics",)), challenge=challenge),
        )


def test_units_without_works_in_a_field_are_told_where_they_have_some(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"There is no|they have no work there"):
        place(lake, "organization", Asked(fields=("chemistry",), register="rfc"))


def test_a_brief_that_is_not_there_ends_with_a_line(lake_path: Path) -> None:
    ended = run("partner", "match", "nowhere.yaml", "--lake", str(lake_path))

    assert ended.returncode == 1
    assert "There is nothing at nowhere.yaml" in ended.stderr
