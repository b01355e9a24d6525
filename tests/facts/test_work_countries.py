"""`work_countries`: who is credited with a work, and who leads it."""

from __future__ import annotations

import pytest

from fourseas.schema.staged import STAGED_AFFILIATIONS
from tests.world import Author, Row, Work, arrow, authors, on_duckdb, rows, world

LEADS = ("country_code", "first", "last", "corresponding")

CWTS_TOY = Work(
    1,
    (
        Author({"US": 0.5, "CN": 0.5}),
        Author({"US": 1.0}),
        Author({"GB": 1.0}),
        Author(),
    ),
)
"""Author 1 names a US and a Chinese institute, author 2 the US one, author 3 one address that
belongs to two British institutes, author 4 nothing."""

CWTS_ADDRESSES: tuple[tuple[int, int, str, str, float], ...] = (
    (1, 1, "US1", "US", 1 / 2),
    (1, 2, "CN1", "CN", 1 / 2),
    (2, 1, "US1", "US", 1.0),
    (3, 1, "GB1", "GB", 1 / 2),
    (3, 2, "GB2", "GB", 1 / 2),
)


def test_the_toy_of_the_leiden_ranking_is_divided_as_there() -> None:
    addresses: list[Row] = [
        {
            "register": "openalex",
            "part_key": "part",
            "record": 1,
            "position": position,
            "affiliation": affiliation,
            "organization_key": organization,
            "country_code": country,
            "share": share,
        }
        for position, affiliation, organization, country, share in CWTS_ADDRESSES
    ]
    tables = world([CWTS_TOY]) | {"staged_affiliations": arrow(STAGED_AFFILIATIONS, addresses)}
    con = on_duckdb(tables)
    cells = con.table("unit_cells")
    whole = cells.filter(
        (cells.definition_id == "openalex")
        & (cells.scheme == "all")
        & (cells.unit_type != "organization")
    )

    assert rows(con.table("work_countries"), "country_code", "credit") == [
        ("CN", 0.125),
        ("GB", 0.25),
        ("US", 0.375),
    ]
    assert rows(whole, "unit_id", "credit", "n") == [
        ("CN", 0.125, 1.0),
        ("GB", 0.25, 1.0),
        ("UNKNOWN", 0.25, 1.0),
        ("US", 0.375, 1.0),
        ("WORLD", 1.0, 1.0),
    ]


def test_the_first_author_of_the_toy_leads_for_both_countries_and_the_last_for_none() -> None:
    con = on_duckdb(world([CWTS_TOY]))

    assert rows(con.table("work_countries"), *LEADS) == [
        ("CN", 0.5, 0.0, 0.0),
        ("GB", 0.0, 0.0, 0.0),
        ("US", 0.5, 0.0, 0.0),
    ]


def test_several_corresponding_authors_divide_the_lead() -> None:
    three = (
        Author({"CN": 1.0}, is_corresponding=True),
        Author({"CN": 0.5, "US": 0.5}, is_corresponding=True),
        Author({"DE": 1.0}, is_corresponding=False),
    )
    con = on_duckdb(world([Work(1, three)]))

    assert rows(con.table("work_countries"), "country_code", "corresponding") == [
        ("CN", 0.75),
        ("DE", 0.0),
        ("US", 0.25),
    ]


def test_nobody_leads_as_corresponding_where_one_of_them_has_no_country() -> None:
    two = (Author({"CN": 1.0}, is_corresponding=True), Author(is_corresponding=True))
    con = on_duckdb(world([Work(1, two)]))

    assert rows(con.table("work_countries"), "country_code", "corresponding") == [("CN", 0.0)]


def test_an_author_whose_address_is_partly_lost_still_leads_whole() -> None:
    con = on_duckdb(world([Work(1, (Author({"CN": 0.5}), Author({"US": 1.0})))]))

    assert rows(con.table("work_countries"), "country_code", "credit", "first") == [
        ("CN", 0.25, 1.0),
        ("US", 0.5, 0.0),
    ]


def test_a_listed_country_without_an_address_is_a_country_of_the_work_without_credit() -> None:
    tables = world([Work(1, (Author({"CN": 0.5, "KE": 0.5}),))])
    addresses = tables["staged_affiliations"].to_pylist()
    kept = arrow(STAGED_AFFILIATIONS, [row for row in addresses if row["country_code"] == "CN"])
    con = on_duckdb(tables | {"staged_affiliations": kept})

    assert rows(con.table("work_countries"), "country_code", "credit", "n_authors_here") == [
        ("CN", 0.5, 1),
        ("KE", 0.0, 0),
    ]


def test_a_single_author_holds_all_leads() -> None:
    con = on_duckdb(world([Work(1, (Author({"KE": 1.0}, is_corresponding=True),))]))

    assert rows(con.table("work_countries"), *LEADS) == [("KE", 1.0, 1.0, 1.0)]


def test_ten_thousand_authors_of_one_country_hold_one_work() -> None:
    con = on_duckdb(world([Work(1, authors(*["CN"] * 10_000))]))
    ((credit,),) = rows(con.table("work_countries"), "credit")

    assert credit == pytest.approx(1.0, abs=1e-9)
