"""The country card: every indicator, its value as published, and what cannot be computed."""

from __future__ import annotations

from fourseas.catalog import INDICATORS
from fourseas.reports.cards.country import country_card
from fourseas.reports.cards.headlines import indicators_of
from fourseas.reports.panel import Rows
from fourseas.workspace import Workspace


def lines(lake: Workspace, country: str, *against: str) -> tuple[Rows, Rows]:
    """Return the lines with a value and those without one."""
    card = country_card(lake, country, against=against)
    sheets = {sheet.name: sheet.rows for sheet in card.sheets}
    return sheets["indicators"], sheets.get("not-computable", [])


def test_every_indicator_of_single_units_has_a_line_or_a_reason(lake: Workspace) -> None:
    told, silent = lines(lake, "US")
    shown = {str(line["title"]).partition(":")[0] for line in [*told, *silent]}

    assert {indicator.title for indicator in indicators_of(pairs=False)} == shown
    assert all(line["reason"] for line in silent if line["value"] != "-")


def test_indicators_of_pairs_and_of_units_are_all_indicators() -> None:
    apart = {*indicators_of(pairs=True), *indicators_of(pairs=False)}
    without_units = {one for one in INDICATORS if "unit_id" not in one.writes.key}

    assert apart | without_units == set(INDICATORS)


def test_values_and_those_of_peers_are_the_published_ones(lake: Workspace) -> None:
    told, _ = lines(lake, "KE", "CN")
    (fractional,) = [
        line
        for line in told
        if line["title"] == "Citation impact: pp_top_1"
        and line["series"] == "ncses-published, fractional"
    ]

    # NCSES, Science and Engineering Indicators: Kenya 0.49, China 1.09 percent in 2020.
    assert (fractional["value"], fractional["CN"], fractional["year"]) == ("0.5%", "1.1%", 2020)


def test_a_census_speaks_before_a_corpus(lake: Workspace) -> None:
    told, _ = lines(lake, "BR")
    registers = [line["register"] for line in told if str(line["title"]).startswith("Volume")]

    assert registers.index("ncses") < registers.index("openalex")


def test_a_country_of_which_nothing_is_known_has_no_invented_number(lake: Workspace) -> None:
    told, silent = lines(lake, "TV")

    assert all(line["value"] != "-" for line in told)
    assert all(line["reason"] for line in silent)
