"""An address of OpenAlex: what it asks for, and what it cannot ask for."""

from __future__ import annotations

import pytest

from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.query import query

BRAZIL = "https://api.openalex.org/works?filter=authorships.countries:br,publication_year:2020"
QUOTED = "filter=authorships.countries%3Abr%2Cpublication_year%3A2020"


@pytest.mark.parametrize(
    "url",
    [
        BRAZIL,
        "https://openalex.org/works?page=3&filter=authorships.countries:br,publication_year:2020",
        "http://www.openalex.org/works/?view=list&" + QUOTED,
        f" {BRAZIL}&per-page=25&cursor=*&mailto=me@example.org&select=id\n",
    ],
)
def test_one_query_has_one_address_however_it_was_pasted(url: str) -> None:
    assert query(url).url == BRAZIL


def test_what_says_which_records_are_meant_is_kept() -> None:
    asked = query("https://openalex.org/works?search=drought+%22maize%22&seed=1&sample=50")

    assert asked.parameters == (("sample", "50"), ("search", 'drought "maize"'), ("seed", "1"))
    assert asked.is_sample
    assert query(asked.url) == asked


def test_a_key_in_an_address_is_no_part_of_the_query() -> None:
    asked = query(BRAZIL + "&api_key=secret")

    assert asked.key == "secret"
    assert "secret" not in asked.url


@pytest.mark.parametrize("place", ["https://example.org/works", "https://openalex.org/authors"])
def test_no_message_repeats_a_key(place: str) -> None:
    with pytest.raises(QueryError) as caught:
        query(f"{place}?filter=x:y&api_key=secret&sort=z")

    assert "secret" not in str(caught.value)
    assert "api_key=...&sort=z" in caught.value.problem


@pytest.mark.parametrize(
    ("url", "problem", "remedy"),
    [
        ("https://example.org/works", "no address of OpenAlex", "Paste one such as"),
        ("works?filter=x:y", "no address of OpenAlex", "Paste one such as"),
        ("https://openalex.org.example.org/works", "no address of OpenAlex", "Paste one"),
        ("https://openalex.org/authors?filter=x:y", "`authors`", "persons are never fetched"),
        ("https://openalex.org/W2741809807", "`W2741809807`", "ids.openalex:W2741809807"),
        ("https://openalex.org/", "nothing", "by a filter"),
        ("https://openalex.org/works?filer=x:y", "`filer`", "Did you mean filter?"),
        ("https://openalex.org/works?filter=", "has no value", "after `filter=`"),
        ("https://openalex.org/works?sample=10", "another sample on every page", "seed=1"),
        ("https://openalex.org/works?group_by=type", "counts", "counts the records itself"),
    ],
)
def test_what_is_no_list_of_records_is_refused(url: str, problem: str, remedy: str) -> None:
    with pytest.raises(QueryError) as caught:
        query(url)

    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
