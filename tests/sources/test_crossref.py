"""Crossref: records of both forms of the public data file, written by hand."""

from __future__ import annotations

import hashlib

import ibis
import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed
from fourseas.sources import crossref
from fourseas.sources.addresses import country_of_address
from tests.sources.published import (
    SAMPLES,
    Row,
    broken_promises,
    compiles_in_both_engines,
    read,
    rows,
)

UNTIL_2024, SINCE_2025 = crossref.SOURCE.intakes


@pytest.fixture(scope="module")
def old(duckdb: Backend) -> ir.Table:
    return read(duckdb, UNTIL_2024, SAMPLES / "crossref" / "2022.json")


@pytest.fixture(scope="module")
def new(duckdb: Backend) -> ir.Table:
    return read(duckdb, SINCE_2025, SAMPLES / "crossref" / "2025.jsonl")


def _works(raw: ir.Table) -> dict[object, Row]:
    return {row["work_label"]: row for row in rows(crossref.works(raw))}


def _number(text: str) -> int:
    """Return what stands for a DOI, computed without the expression under test."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)


def test_works_of_the_form_until_2024(old: ir.Table) -> None:
    columns = ("kind", "publication_year", "venue_kind", "n_references", "cited_by_count", "title")
    found = {doi: tuple(row[name] for name in columns) for doi, row in _works(old).items()}

    assert found == {
        "10.5555/four.1": ("article", 2022, "journal", 4, 7, "Tides of four seas"),
        "10.5555/four.2": ("preprint", 2021, "repository", 0, 1, "Tides, a draft"),
        "10.5555/four.3": ("book", None, None, 0, 0, None),
    }


def test_a_work_is_known_by_its_doi_whatever_its_case(old: ir.Table) -> None:
    work = _works(old)["10.5555/four.1"]

    assert work["doi"] == "10.5555/four.1"
    assert work["work_key"] == _number("doi:10.5555/four.1")


def test_a_reference_counts_once_and_only_with_a_doi(old: ir.Table) -> None:
    cited = {row["cited_work_key"] for row in rows(crossref.citations(old))}

    assert len(rows(crossref.citations(old))) == 2
    assert cited == {_number("doi:10.5555/four.2"), _number("doi:10.5555/elsewhere")}


def test_countries_are_those_that_end_an_address_after_a_comma(
    old: ir.Table, new: ir.Table
) -> None:
    of_old, of_new = _works(old)["10.5555/four.1"], _works(new)["10.5555/four.4"]

    assert of_old["country_codes"] == ["NA", "PT"]
    assert (of_old["n_authors"], of_old["n_authors_unknown"]) == (3, 1)
    assert of_new["country_codes"] == ["AU", "HK"]
    assert of_new["n_authors_unknown"] == 1


def test_an_authors_credit_is_divided_among_what_is_printed(old: ir.Table, new: ir.Table) -> None:
    columns = ("position", "organization_key", "country_code", "share")
    found = [
        tuple(row[name] for name in columns)
        for raw in (old, new)
        for row in rows(crossref.affiliations(raw).order_by("record", "position", "affiliation"))
    ]

    assert found == [
        (1, None, "PT", 1.0),
        (2, None, None, 0.5),
        (2, None, "NA", 0.5),
        (1, "ror:019wvm592", "AU", 0.5),
        (1, "ror:03mb6wj31", None, 0.5),
        (2, None, "HK", 1.0),
        (3, None, None, 1.0),
    ]


def test_a_person_is_one_in_both_forms_and_only_by_orcid(old: ir.Table, new: ir.Table) -> None:
    of_old = rows(crossref.authorships(old).order_by("record", "position"))
    of_new = rows(crossref.authorships(new).order_by("record", "position"))

    assert of_old[0]["person_key"] == of_new[0]["person_key"]
    assert of_old[0]["person_key"] == _number("salt0000-0002-1825-0097")
    assert [row["person_key"] for row in (*of_old[1:], *of_new[1:])] == [None] * 5


def test_each_award_of_a_funder_is_a_row_and_a_funder_without_one_too(old: ir.Table) -> None:
    columns = ("funding", "funder_key", "funder_name", "award_id")
    found = {tuple(row[name] for name in columns) for row in rows(crossref.fundings(old))}

    assert found == {
        (1, None, "A fund without an id", None),
        (2, "10.13039/100000002", "National Institutes of Health", "T-1"),
        (3, "10.13039/100000002", "National Institutes of Health", "T-2"),
    }


def test_the_work_is_retracted_and_not_the_notice_of_it(new: ir.Table) -> None:
    assert {doi: row["is_retracted"] for doi, row in _works(new).items()} == {
        "10.5555/four.4": True,
        "10.5555/four.5": False,
    }


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Harbour Institute, Windhoek, Namibia.", "NA"),
        ("Peking University, Beijing, P. R. China", "CN"),
        ("Queen's University, Belfast, Northern Ireland", "GB"),
        ("University of Macau, Macao SAR, China", "MO"),
        ("Academia Sinica, Taipei, Taiwan, ROC", None),
        ("Emory University, Atlanta, Georgia", None),
        ("Emory University, Atlanta, Georgia, USA", "US"),
        ("University of New Mexico, Albuquerque, New Mexico", None),
        ("Beth Israel", None),
        ("Universidade de Lisboa Portugal", None),
        ("mail@ipv.sx", None),
        ("Sultan Qaboos University, Muscat, Oman", "OM"),
        ("University of Bucharest, Romania", "RO"),
        ("University, Niamey, Niger", "NE"),
        ("University, Abuja, Nigeria", "NG"),
        ("", None),
    ],
)
def test_the_country_of_an_address(duckdb: Backend, address: str, code: str | None) -> None:
    assert duckdb.to_pyarrow(country_of_address(ibis.literal(address))).as_py() == code


@pytest.mark.parametrize("feed", UNTIL_2024.feeds, ids=lambda feed: feed.writes.name)
def test_a_feed_keeps_what_its_table_promises(old: ir.Table, feed: Feed) -> None:
    assert broken_promises(feed.compute(old), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(crossref.SOURCE)
