"""The country card: every measure, its value as published, and what cannot be computed."""

from __future__ import annotations

import pandas as pd

from fourseas.catalog import INDICATORS
from fourseas.reports.cards.country import SPECIAL, by_activity, country_card
from fourseas.reports.cards.headlines import (
    OF_COUNTRIES,
    OF_PAIRS,
    WITHOUT_A_LINE,
    indicator_of,
)
from fourseas.reports.panel import Rows
from fourseas.workspace import Workspace

QUESTIONS = tuple(question.name for question in OF_COUNTRIES)


def sheets(lake: Workspace, country: str, *against: str) -> dict[str, Rows]:
    """Return the rows of each sheet."""
    card = country_card(lake, country, against=against)
    return {sheet.name: sheet.rows for sheet in card.sheets}


def test_every_indicator_is_asked_for_by_some_card_or_left_out_by_name() -> None:
    asked = {one.indicator for question in (*OF_COUNTRIES, *OF_PAIRS) for one in question.asked}

    assert asked | {*WITHOUT_A_LINE} == {indicator.name for indicator in INDICATORS}
    assert not asked & {*WITHOUT_A_LINE}


def test_every_measure_that_is_asked_for_is_declared() -> None:
    for question in (*OF_COUNTRIES, *OF_PAIRS):
        for one in question.asked:
            assert one.column in indicator_of(one.indicator).writes.column_names


def test_values_and_those_of_peers_are_the_published_ones(lake: Workspace) -> None:
    (fractional,) = [
        line
        for line in sheets(lake, "KE", "CN")["level"]
        if (line["measure"], line["definition"], line["counting"])
        == ("impact: pp_top_1", "ncses-published", "fractional")
    ]

    # NCSES, Science and Engineering Indicators: Kenya 0.49, China 1.09 percent in 2020.
    assert (fractional["KE"], fractional["CN"], fractional["year"]) == ("0.49%", "1.1%", 2020)


def test_small_shares_keep_two_digits(lake: Workspace) -> None:
    shares = {
        (line["counting"], line["year"]): line["KE"]
        for line in sheets(lake, "KE")["level"]
        if line["measure"] == "volume: pp_world"
    }

    # NCSES, 2022: 2,007 fractional and 4,674 whole works of 3,344,037.
    assert shares == {("fractional", 2022): "0.06%", ("full", 2022): "0.14%"}


def test_a_census_speaks_before_a_corpus(lake: Workspace) -> None:
    registers = [line["register"] for line in sheets(lake, "US")["level"]]

    assert registers.index("ncses") < registers.index("rfc")


def test_a_measure_of_few_works_is_left_out_with_a_reason(lake: Workspace) -> None:
    found = sheets(lake, "KE")
    told = [line for name in QUESTIONS for line in found.get(name, [])]
    reasons = {str(line["reason"]) for line in found["not-computable"]}

    assert "openalex" not in {line["register"] for line in told}
    assert "fewer than 30 works are behind it" in reasons


def test_what_cannot_be_computed_has_a_reason_and_what_is_told_has_a_value(
    lake: Workspace,
) -> None:
    for country in ("US", "TV"):
        found = sheets(lake, country)
        assert all(line[country] != "-" for name in QUESTIONS for line in found.get(name, []))
        assert all(line["reason"] and line["measures"] for line in found["not-computable"])


def test_fields_are_in_the_order_of_specialization_with_their_published_level(
    lake: Workspace,
) -> None:
    fields = sheets(lake, "KE")["fields"]
    indices = [float(str(line["activity_index"])) for line in fields]

    assert fields[0]["field_name"] == "Agricultural sciences"
    assert indices == sorted(indices, reverse=True)


def test_fields_are_of_the_register_with_most_works(lake: Workspace) -> None:
    card = country_card(lake, "US")
    (fields,) = [sheet for sheet in card.sheets if sheet.name == "fields"]

    # RFCs tell of 38 working groups of the United States; NCSES counts 457,587 works in 14 fields.
    assert "Agricultural sciences" in {line["field_name"] for line in fields.rows}
    assert fields.reading.source.startswith("NCSES")


def test_fields_that_differ_in_last_digits_alone_are_in_the_order_of_their_ids() -> None:
    found = by_activity(
        pd.DataFrame(
            {"field_id": ["b", "a", "c"], "activity_index": [1.18, 1.1799999999999997, 1.2]}
        )
    )

    assert found.field_id.tolist() == ["c", "a", "b"]


def test_fields_are_of_no_year_that_its_register_has_not_completed(lake: Workspace) -> None:
    ends = lake.table("registers").to_pandas().set_index("register").last_complete_year
    found = lake.of_units(SPECIAL, ["CN", "US"])

    assert "3gpp" in set(found.register)
    assert (found.year <= found.register.map(ends)).all()
