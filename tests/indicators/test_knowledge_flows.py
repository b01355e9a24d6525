"""`knowledge_flows` by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.knowledge_flows import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

PLACE = ("register", "definition_id", "scheme", "field_id", "year")


def _pairs(
    works: Iterable[Work], scope: str = "census", definition_id: str = "openalex"
) -> dict[tuple[object, object], Row]:
    """Return the rows of pairs of works of 2010."""
    found = measure(on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["unit_id"], row["partner_id"]): row
        for row in found
        if (row["definition_id"], row["scheme"], row["year"]) == (definition_id, "all", 2010)
    }


CITED = [
    Work(1, authors("CN"), year=2010),
    Work(2, authors("CN", "US"), year=2010),
    Work(3, authors("US"), year=2010),
    Work(4, authors("DE"), year=2010),
]
"""Credit of 2010: CN 1.5, US 1.5, DE 1, in all 4."""

CITING = [
    Work(5, authors("CN"), year=2012, references=(1, 2)),
    Work(6, authors("US", "DE"), year=2013, references=(1, 3)),
    Work(7, authors("US"), year=2015, references=(4,)),
    Work(8, authors("?"), year=2011, references=(4,)),
]
"""Within five years: CN cites CN 1.5 and US 0.5; US and DE each CN 0.5 and US 0.5."""


def test_eight_works_by_hand() -> None:
    pairs = _pairs([*CITED, *CITING])
    row = pairs["CN", "US"]

    assert (row["citations"], row["citations_received"], row["n"]) == (0.5, 0.5, 1.0)
    assert (row["citation_share"], row["partner_presence"]) == (0.25, 0.375)
    assert row["relative_citation_index"] == pytest.approx(0.25 / 0.375)
    assert row["citation_balance"] == 0.0
    assert pairs["CN", "CN"]["relative_citation_index"] == pytest.approx(0.75 / 0.375)
    assert pairs["US", "CN"]["relative_citation_index"] == pytest.approx(0.5 / 0.375)
    assert (row["citation_window"], row["counting"]) == (5, "fractional")
    # Four of the five citations within the window; the fifth is by a work without a country.
    assert row["coverage"] == pytest.approx(4 / 5)
    assert row["not_computable"] is None


def test_who_is_cited_and_does_not_cite_has_the_balance_1() -> None:
    pairs = _pairs([*CITED, *CITING])

    assert (pairs["DE", "CN"]["citation_balance"], pairs["CN", "DE"]["citation_balance"]) == (-1, 1)
    assert pairs["CN", "DE"]["relative_citation_index"] == 0.0
    assert pairs["CN", "CN"]["citation_balance"] is None


def test_a_citation_after_the_window_is_not_seen() -> None:
    row = _pairs([*CITED, *CITING])["US", "DE"]

    assert (row["citations"], row["citations_received"]) == (0.0, 0.5)


def test_a_definition_with_a_window_of_three_years_counts_in_it() -> None:
    pairs = _pairs([*CITED, *CITING], definition_id="ncses-like")

    assert {row["citation_window"] for row in pairs.values()} == {3}
    assert set(pairs) == {("CN", "CN"), ("CN", "US"), ("US", "CN")}


@pytest.mark.parametrize(("year", "is_provisional"), [(2019, False), (2020, True)])
def test_a_window_that_is_not_over_is_provisional(year: int, is_provisional: bool) -> None:  # noqa: FBT001
    works = [Work(1, authors("CN"), year=year), Work(2, authors("US"), year=year, references=(1,))]
    con = on_duckdb(world(works), steps_to(*INDICATOR.reads))
    found = [r for r in measure(con, INDICATOR) if r["definition_id"] == "openalex"]

    assert {row["is_provisional"] for row in found} == {is_provisional}


def test_over_a_corpus_only_citations_are_told() -> None:
    row = _pairs([*CITED, *CITING], scope="corpus")["CN", "US"]

    assert (row["citations"], row["citations_received"], row["coverage"]) == (0.5, 0.5, 0.8)
    assert {row[name] for name in ("relative_citation_index", "citation_balance")} == {None}
    assert row["not_computable"] == "the register is a corpus and no outside baseline is named"


def test_of_a_country_that_wrote_nothing_that_year_there_is_no_index() -> None:
    works = [*CITED, Work(9, authors("KE"), year=2010, references=(1,))]
    late = [*CITED, Work(9, authors("KE"), year=2011, references=(1,))]

    assert _pairs(works)["CN", "KE"]["relative_citation_index"] is None
    assert _pairs(works)["CN", "KE"]["not_computable"] == "the unit cites no country here"
    row = _pairs([*late, *CITING])["CN", "KE"]
    assert (row["partner_presence"], row["relative_citation_index"]) == (0.0, None)
    assert row["not_computable"] == "the partner wrote nothing here that could be cited"


@settings(max_examples=5)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_the_index_weighted_by_presence_is_1_for_whoever_cites(random_world: RandomWorld) -> None:
    means: defaultdict[tuple[object, ...], float] = defaultdict(float)
    for row in random_world.measure(INDICATOR):
        if row["relative_citation_index"] is not None:
            weight = float(str(row["partner_presence"]))
            place = (*(row[name] for name in PLACE), row["unit_id"])
            means[place] += weight * float(str(row["relative_citation_index"]))

    assert dict(means) == pytest.approx(dict.fromkeys(means, 1.0))


@settings(max_examples=5)
@given(worlds())
def test_what_one_side_exports_the_other_imports(random_world: RandomWorld) -> None:
    pairs = {
        (*(row[name] for name in PLACE), row["unit_id"], row["partner_id"]): row
        for row in random_world.measure(INDICATOR)
    }
    for (*place, unit, partner), row in pairs.items():
        other = pairs[*place, partner, unit]
        assert row["citations"] == pytest.approx(other["citations_received"])
        if row["citation_balance"] is not None:
            assert row["citation_balance"] == pytest.approx(-float(str(other["citation_balance"])))
