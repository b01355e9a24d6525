"""Openness and level by year: of one register and counting, with what bounds there are."""

from __future__ import annotations

import pandas as pd
import pytest

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.cards.country import country_card
from fourseas.reports.cards.country_years import country_years, told_of_year
from fourseas.reports.panel import Rows
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace

WORDS = Wording(
    countries={}, fields={}, ncses=(), sources={"ncses": "NCSES.", "openalex": "OpenAlex."}
)
KEYS = ["register", "counting", "unit_id", "year", "n"]

Row = tuple[str, str, str, int, int, float | None]


def table(measure: str, *rows: Row) -> pd.DataFrame:
    """Return a measure by register, counting, country, year and works."""
    found = pd.DataFrame(rows, columns=[*KEYS, measure])
    scope = found.register.map({"ncses": "census", "openalex": "corpus"})
    return found.assign(
        definition_id=found.register, scope=scope, is_provisional=False, coverage=0.9
    )


def drawn(openness: pd.DataFrame, *names: str) -> tuple[tuple[Picture, ...], tuple[Sheet, ...]]:
    """Return charts and table of openness and of an unknown level."""
    found = {"collaboration": openness, "impact": table("pp_top_1")}
    return country_years(found, {name: name for name in names}, WORDS)


def points(picture: Picture) -> Rows:
    """Return the points that a chart draws."""
    datasets = picture.spec["datasets"]
    assert isinstance(datasets, dict)
    found: Rows = datasets["rows"]
    return found


def openness(*rows: Row) -> pd.DataFrame:
    """Return openness by register, counting, country, year and works."""
    return table("pp_int_collab", *rows)


def test_one_register_and_counting_is_drawn_a_census_first() -> None:
    (picture,), (sheet,) = drawn(
        openness(
            ("openalex", "full", "BR", 2021, 500, 0.9),
            ("ncses", "full", "BR", 2021, 500, 0.4),
            ("ncses", "fractional", "BR", 2021, 500, None),
            ("ncses", "full", "CN", 2020, 500, 0.2),
        ),
        "BR",
        "CN",
    )

    found = [(row["line"], row["year"], row["value"]) for row in points(picture)]
    assert found == [("BR", 2021, 0.4), ("CN", 2020, 0.2)]
    assert picture.reading.counting == "Full."
    assert picture.reading.source == "NCSES."
    assert [tuple(row.values()) for row in sheet.rows] == [(2021, 0.4, None), (2020, None, 0.2)]


def test_years_of_few_works_or_not_final_are_left_out() -> None:
    rows = openness(
        ("ncses", "full", "BR", 2019, 29, 0.1),
        ("ncses", "full", "BR", 2020, 30, 0.2),
        ("ncses", "full", "BR", 2021, 500, 0.3),
        ("ncses", "full", "BR", 2022, 500, 0.4),
    )
    rows.loc[3, "is_provisional"] = True
    (picture,), _ = drawn(rows, "BR")

    assert [row["year"] for row in points(picture)] == [2020, 2021]
    assert picture.reading.n == "2 years, 2020 to 2021; 500 works in the last."


@pytest.mark.parametrize(
    ("ends", "told"),
    [(("_min", "_max"), "bounds for the unknown"), (("_low", "_high"), "95% interval")],
)
def test_bounds_are_a_band_that_is_said_to_be_one(ends: tuple[str, str], told: str) -> None:
    rows = openness(("ncses", "full", "BR", 2021, 500, 0.4))
    low, high = ends
    rows[f"pp_int_collab{low}"], rows[f"pp_int_collab{high}"] = 0.38, 0.45
    (picture,), _ = drawn(rows, "BR")

    assert [(row["low"], row["high"]) for row in points(picture)] == [(0.38, 0.45)]
    assert picture.reading.bounds == f"The band: {told}."


def test_who_is_not_drawn_is_named_and_colors_stay() -> None:
    rows = openness(
        ("ncses", "full", "BR", 2021, 500, 0.4), ("ncses", "full", "ZA", 2021, 500, 0.5)
    )
    (picture,), _ = drawn(rows, "BR", "XX", "ZA")
    (same,), _ = drawn(rows, "BR", "CN", "ZA")

    assert "Not drawn, for want of data or of room: XX." in picture.reading.coverage
    assert picture.spec == same.spec
    assert picture.spec != drawn(rows, "BR", "ZA")[0][0].spec


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    assert drawn(openness(("ncses", "full", "BR", 2021, 500, None)), "BR") == ((), ())


def test_a_year_is_told_of_every_country() -> None:
    rows = openness(("ncses", "full", "BR", 2021, 500, 0.4), ("ncses", "full", "CN", 2021, 90, 0.2))
    _, (sheet,) = drawn(rows, "BR", "CN")

    assert told_of_year(sheet, 2021) == (
        "2021. BR, with other countries: 40.0%; CN, with other countries: 20.0%."
    )
    assert told_of_year(sheet, 1950) == "Neither openness nor level of 1950 is known."


def test_a_country_is_drawn_as_published(lake: Workspace) -> None:
    card = country_card(lake, "KE", against=["CN"])
    drawn = {picture.name: points(picture) for picture in card.pictures}
    level = {(row["line"], row["year"]): row["value"] for row in drawn["level-by-year"]}

    # NCSES, Science and Engineering Indicators: Kenya 0.49, China 1.09 percent in 2020.
    assert level["Kenya", 2020] == pytest.approx(0.0049)
    assert level["China", 2020] == pytest.approx(0.0109)
    of_brazil = country_card(lake, "BR").pictures[0]
    own = points(of_brazil)
    assert of_brazil.name == "openness-by-year"
    assert len(own) == 20
    assert all(
        float(str(row["low"])) <= float(str(row["value"])) <= float(str(row["high"])) for row in own
    )
    (fields,) = (sheet for sheet in card.sheets if sheet.name == "fields")
    assert {row["field_name"] for row in drawn["field-dots"]} <= {
        row["field_name"] for row in fields.rows
    }
