"""Expressions that sources share, against values worked out without them."""

from __future__ import annotations

import hashlib
import re

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from fourseas.sources.expressions import (
    bare_doi,
    bare_id,
    countries,
    country,
    elements,
    first,
    key_number,
    rows_of,
    salted_id,
    slug,
    sorted_strings,
    trimmed,
    unlisted,
)


@pytest.fixture
def lists(duckdb: Backend) -> ir.Table:
    schema = pa.schema({"name": pa.string(), "values": pa.list_(pa.string())})
    table = pa.Table.from_pylist(
        [
            {"name": "two", "values": ["b", "a"]},
            {"name": "empty", "values": []},
            {"name": "none", "values": None},
            {"name": "twice", "values": ["c", None, "c"]},
        ],
        schema=schema,
    )
    return duckdb.create_table(ibis.util.gen_name("lists"), table)


def _column(table: ir.Table, value: ir.Value) -> dict[str, object]:
    rows = table.select(name=table.name, value=value).to_pyarrow().to_pylist()
    return {row["name"]: row["value"] for row in rows}


def _said(duckdb: Backend, value: ir.Value) -> object:
    return duckdb.to_pyarrow(value.as_scalar()).as_py()


def test_the_first_of_an_empty_list_is_null(lists: ir.Table) -> None:
    assert _column(lists, first(lists["values"])) == {
        "two": "b",
        "empty": None,
        "none": None,
        "twice": "c",
    }


def test_a_missing_list_has_no_elements(lists: ir.Table) -> None:
    assert _column(lists, elements(lists["values"]).length()) == {
        "two": 2,
        "empty": 0,
        "none": 0,
        "twice": 3,
    }


def test_a_set_is_sorted_and_has_neither_nulls_nor_repetitions(lists: ir.Table) -> None:
    assert _column(lists, sorted_strings(elements(lists["values"]))) == {
        "two": ["a", "b"],
        "empty": [],
        "none": [],
        "twice": ["c"],
    }


def test_rows_of_a_list_know_their_place_and_empty_lists_have_none(lists: ir.Table) -> None:
    rows = rows_of(lists, "values").to_pyarrow().to_pylist()

    assert sorted((row["name"], row["place"], row["values"]) for row in rows) == [
        ("twice", 0, "c"),
        ("twice", 1, None),
        ("twice", 2, "c"),
        ("two", 0, "b"),
        ("two", 1, "a"),
    ]


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://openalex.org/W2741809807", 2741809807),
        ("W2741809807", 2741809807),
        ("https://openalex.org/A2741809807", None),
        ("https://openalex.org/W", None),
        (None, None),
    ],
)
def test_a_key_is_the_number_of_an_id_of_the_expected_kind(
    duckdb: Backend, url: str | None, number: int | None
) -> None:
    assert _said(duckdb, key_number(ibis.literal(url, type="string"), "W")) == number


@pytest.mark.parametrize("before", ["https://openalex.org/", "http://openalex.org/", "/", "x", ""])
def test_a_number_that_is_cut_out_is_the_one_that_a_pattern_finds(
    duckdb: Backend, before: str
) -> None:
    written = ["7", "007", "0", "-5", "+5", " 5", "5 ", "1e3", "1.0", "1_0", "0x1F", "5/", "5\n"]
    written += ["", "W5", "/W5", "9" * 18, "9" * 19, "0" * 18, "0" * 19, "1" * 40, "\u0665", "5?a"]
    urls = [f"{before}{letter}{rest}" for letter in "WwA" for rest in written]
    table = duckdb.create_table(ibis.util.gen_name("urls"), pa.table({"url": urls}))
    rows = table.select("url", number=key_number(table.url, "W")).to_pyarrow().to_pylist()

    pattern = re.compile(r"(?:^|/)W([0-9]{1,18})\Z")
    found = {url: pattern.search(url) for url in urls}
    expected = {url: int(match[1]) if match else None for url, match in found.items()}
    assert {row["url"]: row["number"] for row in rows} == expected


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://ror.org/05a0dhs15", "05a0dhs15"),
        ("https://openalex.org/subfields/1702", "1702"),
        ("I27837315", "I27837315"),
        ("", None),
        (None, None),
    ],
)
def test_a_bare_id_has_no_resolver(duckdb: Backend, url: str | None, bare: str | None) -> None:
    assert _said(duckdb, bare_id(ibis.literal(url, type="string"))) == bare


@pytest.mark.parametrize(
    ("doi", "bare"),
    [
        ("https://doi.org/10.7717/PeerJ.4375", "10.7717/peerj.4375"),
        ("http://dx.doi.org/10.7717/peerj.4375", "10.7717/peerj.4375"),
        ("doi:10.7717/peerj.4375", "10.7717/peerj.4375"),
        ("10.1000/doi:1", "10.1000/doi:1"),
        ("", None),
    ],
)
def test_a_doi_is_in_lower_case_without_resolver(
    duckdb: Backend, doi: str, bare: str | None
) -> None:
    assert _said(duckdb, bare_doi(ibis.literal(doi))) == bare


@pytest.mark.parametrize(
    ("text", "bare"), [(" \tvCard of\n", "vCard of"), ("vv", "vv"), (" ", ""), (None, None)]
)
def test_a_trimmed_text_has_no_space_around_it(
    duckdb: Backend, text: str | None, bare: str | None
) -> None:
    assert _said(duckdb, trimmed(ibis.literal(text, type="string"))) == bare


def test_a_text_is_trimmed_without_backslashes_that_spark_takes_for_letters() -> None:
    _ = ibis.pyspark  # loads the options without which Spark's SQL cannot be written
    texts = ibis.table({"text": "string"}, name="texts")

    assert "\\v" not in ibis.to_sql(texts.select(text=trimmed(texts.text)), dialect="pyspark")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Kitten (GSS-API Next Generation)", "kitten-gss-api-next-generation"),
        ("geosciences, atmospheric sciences", "geosciences-atmospheric-sciences"),
        ("all", "all"),
    ],
)
def test_a_slug_is_lower_case_with_hyphens(duckdb: Backend, name: str, found: str) -> None:
    assert _said(duckdb, slug(ibis.literal(name))) == found


@pytest.mark.parametrize(("code", "kept"), [("NA", "NA"), ("cn", "CN"), ("CHN", None), ("", None)])
def test_a_country_is_two_capitals(duckdb: Backend, code: str, kept: str | None) -> None:
    assert _said(duckdb, country(ibis.literal(code))) == kept
    assert _said(duckdb, countries(ibis.array([code]))) == ([kept] if kept else [])


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("UK", "GB"),
        ("EL", "GR"),
        ("DD", "DE"),
        ("XK", "XK"),
        *((code, None) for code in ("AN", "SU", "XX", "ZZ", "EU", " A", "D ", "  ")),
    ],
)
def test_a_code_stands_for_a_country_in_force_or_for_none(
    duckdb: Backend, code: str, kept: str | None
) -> None:
    assert _said(duckdb, country(ibis.literal(code))) == kept


def test_codes_of_no_country_are_told_once_and_as_they_are_written(duckdb: Backend) -> None:
    written = ibis.array(["XX", "CN", "an", "XX", "UK", "Europe"])

    assert _said(duckdb, unlisted(written)) == ["Europe", "XX", "an"]


def test_a_salted_id_is_60_bits_of_sha256(duckdb: Backend) -> None:
    digest = hashlib.sha256("pepper|José Ångström".encode()).hexdigest()

    found = _said(duckdb, salted_id(ibis.literal("José Ångström"), ibis.literal("pepper|")))

    assert found == int(digest[:15], 16)
    assert found == int(digest, 16) >> 196


def test_another_salt_gives_another_id(duckdb: Backend) -> None:
    name = ibis.literal("Jon Postel")

    assert _said(duckdb, salted_id(name, ibis.literal("one"))) != _said(
        duckdb, salted_id(name, ibis.literal("two"))
    )
