"""Joint works by year: as published, each register by itself."""

from __future__ import annotations

import pandas as pd

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.cards.joint_works import joint_works, told_of_year
from fourseas.reports.cards.pair import field_told, pair_card
from fourseas.reports.panel import Rows
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace

WORDS = Wording(
    countries={}, fields={}, ncses=(), sources={"ncses": "NCSES.", "openalex": "OpenAlex."}
)
NAMES = ("Brazil", "China")


def affinity(*rows: tuple[str, str, int, float | None]) -> pd.DataFrame:
    """Return joint works by register, scope and year."""
    found = pd.DataFrame(rows, columns=["register", "scope", "year", "p"])
    return found.assign(definition_id=found.register, counting="full", artifact=None)


def drawn(*rows: tuple[str, str, int, float | None]) -> tuple[Picture, Sheet]:
    """Return chart and table of joint works."""
    found = joint_works(affinity(*rows), NAMES, WORDS)
    assert found is not None
    return found


def points(picture: Picture) -> Rows:
    """Return the points that a chart draws."""
    datasets = picture.spec["datasets"]
    assert isinstance(datasets, dict)
    found: Rows = datasets["rows"]
    return found


def test_registers_have_lines_and_columns_of_their_own() -> None:
    picture, sheet = drawn(
        ("ncses", "census", 2021, 40), ("ncses", "census", 2022, 50), ("rfc", "census", 2022, 1)
    )

    assert {(row["line"], row["year"], row["value"]) for row in points(picture)} == {
        ("ncses", 2021, 40),
        ("ncses", 2022, 50),
        ("rfc", 2022, 1),
    }
    assert sheet.rows == [
        {"year": 2022, "ncses": 50, "rfc": 1},
        {"year": 2021, "ncses": 40, "rfc": None},
    ]
    assert picture.reading.n == "3 years of 2 registers, 2021 to 2022."
    assert picture.reading.source == "ncses: NCSES. rfc: rfc"


def test_few_works_are_a_fact_in_a_census_and_left_out_of_a_corpus() -> None:
    picture, _ = drawn(("ncses", "census", 2021, 3), ("openalex", "corpus", 2021, 29))
    both, _ = drawn(("ncses", "census", 2021, 3), ("openalex", "corpus", 2021, 30))

    assert {row["line"] for row in points(picture)} == {"ncses"}
    assert {row["line"] for row in points(both)} == {"ncses", "openalex"}


def test_nothing_is_drawn_where_nothing_is_counted() -> None:
    assert joint_works(affinity(), NAMES, WORDS) is None
    assert joint_works(affinity(("ncses", "census", 2021, None)), NAMES, WORDS) is None


def test_a_register_with_two_definitions_is_named_with_both() -> None:
    rows = affinity(("ncses", "census", 2021, 3), ("ncses", "census", 2021, 4))
    rows["definition_id"] = ["one", "other"]
    found = joint_works(rows, NAMES, WORDS)

    assert found is not None
    assert {row["line"] for row in points(found[0])} == {"ncses, one, full", "ncses, other, full"}


def test_a_year_is_told_register_by_register() -> None:
    _, sheet = drawn(("ncses", "census", 2022, 2013), ("rfc", "census", 2021, 1))

    assert told_of_year(sheet, 2022) == "Joint works of 2022: 2,013 (ncses)."
    assert told_of_year(sheet, 1950) == "No register counts joint works of 1950."


def test_a_pair_is_drawn_as_published(lake: Workspace) -> None:
    card = pair_card(lake, "BR", "CN")
    levels, joint = card.pictures

    # NCSES, Science and Engineering Indicators: SPBS-33 of 2022; top 1% in chemistry of 2020.
    published = {(row["line"], row["year"]): row["value"] for row in points(joint)}
    assert published["ncses", 2022] == 2013
    assert levels.name == "levels"
    of_chemistry = {
        row["whose"]: row["level"] for row in points(levels) if row["field_name"] == "Chemistry"
    }
    assert of_chemistry == {"Brazil": 0.0034, "China": 0.0135}
    assert field_told(card.sheets[0], "Chemistry", NAMES) == (
        "Chemistry: China is ahead, at a level of 1.35%, +1.01 points from the 0.34% of Brazil."
    )
    assert field_told(card.sheets[0], "Alchemy", NAMES) == (
        "No levels of both are known in Alchemy."
    )
