"""The web site's CSV export: rows whose lists line up with the authors, and rows whose do not."""

from __future__ import annotations

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed
from fourseas.sources import openalex_export
from tests.sources.published import (
    SAMPLES,
    Row,
    broken_promises,
    compiles_in_both_engines,
    read,
    rows,
    stage,
)

(EXPORT,) = openalex_export.SOURCE.intakes
PATH = SAMPLES / "openalex_export" / "works.csv"


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    return read(duckdb, EXPORT, PATH)


def _by_place(table: ir.Table, *columns: str) -> dict[tuple[object, object], tuple[object, ...]]:
    return {
        (row["record"], row["position"]): tuple(row[name] for name in columns)
        for row in rows(table)
    }


def test_countries_of_a_work_are_known_even_where_nobody_can_say_whose(raw: ir.Table) -> None:
    found = {
        row["work_key"]: (row["country_codes"], row["n_authors"], row["n_authors_unknown"])
        for row in rows(openalex_export.works(raw))
    }

    assert found == {
        1: (["CZ", "GB"], 3, 0),
        2: (["NA", "US"], 3, 1),
        3: ([], 1, 1),
        4: ([], 0, 0),
    }


def test_five_entries_of_three_authors_are_given_to_none_of_them(raw: ir.Table) -> None:
    authors = _by_place(openalex_export.authorships(raw), "person_key", "country_codes")
    placed = {key[0] for key in _by_place(openalex_export.affiliations(raw))}

    assert [authors[1, place] for place in (1, 2, 3)] == [(1, []), (2, []), (3, [])]
    assert placed == {2}


def test_as_many_entries_as_authors_are_one_of_each(raw: ir.Table) -> None:
    affiliations = _by_place(
        openalex_export.affiliations(raw), "organization_key", "organization_name", "country_code"
    )

    assert affiliations == {(2, 1): ("I3", "Alpha", "US"), (2, 3): ("I4", "Beta", "NA")}


def test_no_author_is_corresponding_where_none_is_marked(raw: ir.Table) -> None:
    marked = _by_place(openalex_export.authorships(raw), "is_corresponding")

    assert [marked[1, place] for place in (1, 2, 3)] == [(True,), (False,), (False,)]
    assert [marked[2, place] for place in (1, 2, 3)] == [(None,), (None,), (None,)]


def test_a_work_with_what_the_site_says_of_it(raw: ir.Table) -> None:
    works: dict[object, Row] = {row["work_key"]: row for row in rows(openalex_export.works(raw))}

    assert (works[1]["work_label"], works[1]["doi"]) == ("W1", "10.5555/w1")
    assert (works[1]["is_oa"], works[1]["is_retracted"], works[1]["venue_kind"]) == (
        True,
        False,
        "journal",
    )
    assert (works[2]["is_oa"], works[2]["is_retracted"], works[2]["doi"]) == (False, True, None)
    assert works[2]["title"] == 'As many entries as authors, one empty, "quoted"'


def test_funders_and_topics_have_names_alone(raw: ir.Table) -> None:
    funders = [
        (row["record"], row["funding"], row["funder_key"], row["funder_name"])
        for row in rows(openalex_export.fundings(raw))
    ]
    (topic,) = rows(openalex_export.fields(raw))

    assert sorted(funders, key=str) == [(2, 1, None, "Fund A"), (2, 2, None, "Fund B")]
    assert topic["field_id"] == "online-learning-and-analytics"
    assert topic["field_name"] == "Online Learning and Analytics"


def test_countries_that_were_not_exported_are_unknown_for_every_author(duckdb: Backend) -> None:
    raw = stage(duckdb, EXPORT, [{"id": "W9", "authorships.author.id": "A1|A2"}])
    (work,) = rows(openalex_export.works(raw))

    assert (work["n_authors"], work["n_authors_unknown"], work["country_codes"]) == (2, 2, [])


def test_a_list_of_a_hundred_authors_is_taken_to_be_cut_off(duckdb: Backend) -> None:
    ids = "|".join(f"https://openalex.org/A{number}" for number in range(1, 101))
    raw = stage(duckdb, EXPORT, [{"id": "W9", "authorships.author.id": ids}])
    (work,) = rows(openalex_export.works(raw))

    assert work["is_authors_truncated"]
    assert not any(row["is_last"] for row in rows(openalex_export.authorships(raw)))


@pytest.mark.parametrize("feed", EXPORT.feeds, ids=lambda feed: feed.writes.name)
def test_a_feed_keeps_what_its_table_promises(raw: ir.Table, feed: Feed) -> None:
    assert broken_promises(feed.compute(raw), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(openalex_export.SOURCE)
