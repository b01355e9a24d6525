"""The rules of presentation: what cannot be written at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fourseas.reports.panel import Heading
from fourseas.reports.simulation.sides import Assessed, BothSides, Ends, Exposed, Row, banned, said

EXPOSED = Exposed(works=Ends(3, 4), output=20, change=Ends(3, -1))
MEASURED = (
    Heading("works", "works", "count"),
    Heading("share", "share", "share"),
    Heading("change", "change", "change"),
)
TABLE = BothSides(
    name="t",
    title="T",
    sides=("Here", "There"),
    about=(Heading("what", "what"),),
    measured=MEASURED,
    rows=(Row(about={"what": "all"}, owner=EXPOSED.measures, partner=EXPOSED.measures),),
)
STUDY = Assessed(
    outcome="works",
    interval="-3 to -1 percent",
    source="Somebody, 2020",
    population="two countries",
    comparison="none available",
    applies_if="both are these",
    is_about=True,
)


def test_an_exposure_has_count_share_and_change() -> None:
    assert TABLE.texts() == (("all", *("3 to 4", "15.0% to 20.0%", "+3 / -1") * 2),)
    assert TABLE.header[1:3] == ("Here: works", "Here: share")


def test_of_nothing_there_is_no_share() -> None:
    assert replace(EXPOSED, output=0).share == Ends(None, None)
    assert said(Ends(None, None), "share") == "-"
    assert said(Ends(2, 2), "count") == "2"


@pytest.mark.parametrize("side", ["owner", "partner"])
def test_a_table_of_one_side_cannot_be_made(side: str) -> None:
    row = replace(TABLE.rows[0], **{side: {}})

    with pytest.raises(ValueError, match="lacks a measure of a side"):
        replace(TABLE, rows=(row,))
    with pytest.raises(ValueError, match="no two sides"):
        replace(TABLE, sides=("Here", ""))
    with pytest.raises(ValueError, match="no two sides"):
        replace(TABLE, measured=(), rows=())


def test_a_count_of_works_cannot_stand_without_its_share_and_its_change() -> None:
    with pytest.raises(ValueError, match="with its share and its change"):
        replace(TABLE, measured=MEASURED[:2], rows=())


def test_a_row_says_what_it_is_about() -> None:
    with pytest.raises(ValueError, match="what it is about"):
        replace(TABLE, rows=(replace(TABLE.rows[0], about={}),))


@pytest.mark.parametrize("name", ["source", "population", "interval", "applies_if", "comparison"])
def test_a_scenario_number_cannot_stand_without_what_must_be_said(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        replace(STUDY, **{name: ""})  # type: ignore[arg-type]


def test_without_a_group_to_compare_with_a_table_says_so() -> None:
    assert TABLE.comparison == "none available"


def test_banned_words_are_found_however_they_are_written() -> None:
    assert banned("The Impact of the\n policy is large; it CAUSED much.") == (
        "caused",
        "impact of the policy is",
    )
    assert banned("It touches works.") == ()
