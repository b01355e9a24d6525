"""RFCs: the packaged documents against plain SQL, and documents written down for one fact each."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed
from fourseas.sources import rfc
from tests.sources.published import (
    Row,
    broken_promises,
    compiles_in_both_engines,
    embedded_part,
    read,
    rows,
    stage,
)

(DOCUMENTS,) = rfc.SOURCE.intakes
PATH = embedded_part(rfc.SOURCE, DOCUMENTS)
NEVER_ISSUED = 3889


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    return read(duckdb, DOCUMENTS, PATH)


@pytest.fixture(scope="module")
def works(raw: ir.Table) -> list[Row]:
    return rows(rfc.works(raw))


def _document(number: int = 1, **keys: object) -> Row:
    return {"rfc": number, "year": 2001, "title": "A", "source": "Legacy", **keys}


def _author(position: int = 1, **keys: object) -> Row:
    return {"position": position, "name": f"Person {position}", "editor": False, **keys}


# The 9,318 documents


def test_7193_documents_have_a_country_2587_two_or_more_of_60(works: list[Row]) -> None:
    sets = [row["country_codes"] for row in works]

    assert len(works) == 9_318
    assert sum(len(codes) > 0 for codes in sets) == 7_193  # type: ignore[arg-type]
    assert sum(len(codes) > 1 for codes in sets) == 2_587  # type: ignore[arg-type]
    assert len({code for codes in sets for code in codes}) == 60  # type: ignore[attr-defined]


def test_countries_of_documents_agree_with_plain_sql(duckdb: Backend, works: list[Row]) -> None:
    found = duckdb.raw_sql(
        f"""
        WITH authors AS (SELECT rfc, unnest(authors) AS author FROM '{PATH}')
        SELECT rfc, list(DISTINCT author.country ORDER BY author.country), count(*)
        FROM authors WHERE author.country IS NOT NULL GROUP BY rfc
        """
    ).fetchall()
    known = {
        row["work_key"]: (row["country_codes"], row["n_authors"] - row["n_authors_unknown"])  # type: ignore[operator]
        for row in works
        if row["country_codes"]
    }

    assert known == {number: (codes, n_authors) for number, codes, n_authors in found}


@pytest.mark.parametrize(
    ("first_year", "counts", "share"),
    [(2005, (1_665, 1_485, 14, 406), 0.009), (2015, (1_261, 993, 139, 526), 0.140)],
)
def test_chinas_share_of_documents_and_what_the_unknown_could_add(
    works: list[Row], first_year: int, counts: tuple[int, int, int, int], share: float
) -> None:
    """Its bounds are 0.8% and 25.2% in 2005-09, and 11.0% and 52.7% in 2015-19."""
    years = range(first_year, first_year + 5)
    period = [row for row in works if row["publication_year"] in years]
    others = [row for row in period if "CN" not in row["country_codes"]]  # type: ignore[operator]

    with_country = [row for row in period if row["country_codes"]]
    n_chinese = len(period) - len(others)
    n_undecided = sum(row["n_authors_unknown"] != 0 for row in others)

    assert (len(period), len(with_country), n_chinese, n_undecided) == counts
    assert n_chinese / len(with_country) == pytest.approx(share, abs=5e-4)


def test_90635_references_of_which_one_does_not_resolve(raw: ir.Table, works: list[Row]) -> None:
    references = rows(rfc.citations(raw))
    issued = {row["work_key"] for row in works}
    unresolved = [
        (row["citing_work_key"], row["cited_work_key"])
        for row in references
        if row["cited_work_key"] not in issued
    ]

    assert len(references) == 90_635
    assert sum(row["n_references"] for row in works) == 90_635  # type: ignore[misc]
    assert unresolved == [(4111, NEVER_ISSUED)]


def test_22673_authors_of_whom_6822_are_different_people(raw: ir.Table) -> None:
    authors = rows(rfc.authorships(raw))

    assert len(authors) == 22_673
    assert len({row["person_key"] for row in authors}) == 6_822
    assert sum(bool(row["is_first"]) for row in authors) == 9_318
    assert sum(bool(row["is_last"]) for row in authors) == 9_318
    assert {row["is_corresponding"] for row in authors} == {None}


def test_an_rfc_is_a_standard_that_is_free_to_read(works: list[Row]) -> None:
    ip = next(row for row in works if row["work_key"] == 791)

    assert (ip["work_label"], ip["doi"]) == ("RFC 791", "10.17487/rfc0791")
    assert (ip["kind"], ip["language"], ip["venue_kind"]) == ("standard", "en", "standards")
    assert (ip["is_oa"], ip["is_retracted"], ip["cited_by_count"]) == (True, False, None)


def test_streams_of_all_documents(raw: ir.Table) -> None:
    fields = rows(rfc.work_fields(raw))
    streams = Counter(row["field_id"] for row in fields if row["scheme"] == "ietf_stream")
    groups = {row["record"] for row in fields if row["scheme"] == "ietf_group"}

    assert streams.total() == 9_318
    assert streams["legacy"] == 1_933
    assert streams["independent"] == 386
    assert streams["iab"] == 124
    assert streams["ietf-non-wg"] == 905 + 14
    assert streams["irtf"] == 110
    assert len(groups) == 9_318 - 1_933 - 905 - 386 - 37


def test_every_group_belongs_to_a_stream(raw: ir.Table) -> None:
    names = {(row["scheme"], row["field_id"]): row for row in rows(rfc.fields(raw))}
    groups = [row for (scheme, _), row in names.items() if scheme == "ietf_group"]

    assert len(names) - len(groups) == 6
    assert all(("ietf_stream", row["parent_id"]) in names for row in groups)
    assert names["ietf_group", "s-mime-mail-security"]["field_name"] == "S/MIME Mail Security"
    assert names["ietf_group", "thing-to-thing"]["parent_id"] == "irtf"


# What is not known and what is not shipped


def test_a_domain_of_an_email_address_never_gives_a_country(
    duckdb: Backend, tmp_path: Path
) -> None:
    author = {**_author(), "country_weak": "SX", "email_domain": "ipv.sx"}
    document = {**_document(), "doi": "10.1/a", "authors": [author], "references": [791]}
    path = tmp_path / "documents.parquet"
    pq.write_table(pa.Table.from_pylist([document]), path)
    vanity = read(duckdb, DOCUMENTS, path)

    (work,) = rows(rfc.works(vanity))
    (person,) = rows(rfc.authorships(vanity))

    assert (work["country_codes"], work["n_authors_unknown"]) == ([], 1)
    assert person["country_codes"] == []
    assert rows(rfc.affiliations(vanity)) == []


def test_vanity_domains_of_islands_are_no_countries_of_the_register(works: list[Row]) -> None:
    codes = {code for row in works for code in row["country_codes"]}  # type: ignore[attr-defined]

    assert not codes & {"SX", "IM", "IO", "TV", "ME"}


def test_no_name_address_or_domain_of_a_person_is_shipped() -> None:
    authors = [
        author
        for document in pq.read_table(PATH, columns=["authors"]).to_pylist()
        for author in document["authors"]
    ]
    organizations = {str(author["org"]) for author in authors if author["org"]}

    assert {key for author in authors for key in author} == {
        "position",
        "name",
        "org",
        "country",
        "editor",
    }
    assert all(re.fullmatch(r"[0-9a-f]{15}", author["name"]) for author in authors)
    assert not [name for name in organizations if re.search(r"\S+@\S+\.\w+", name)]
    assert not [name for name in organizations if re.search(r"(?i)\b(phone|fax|tel):", name)]
    assert not [name for name in organizations if re.search(r"(?i)^p\.? ?o\.? box", name)]
    assert not [name for name in organizations if re.search(r"\b[A-Z]{2}\s+\d{5}$", name)]


# One fact each


def test_the_only_author_is_first_and_last_and_the_middle_one_neither(duckdb: Backend) -> None:
    raw = stage(
        duckdb,
        DOCUMENTS,
        [
            _document(1, authors=[_author(1)]),
            _document(2, authors=[_author(3), _author(1), _author(2)]),
        ],
    )
    places = [
        (row["record"], row["position"], row["is_first"], row["is_last"])
        for row in rows(rfc.authorships(raw))
    ]

    assert sorted(places) == [
        (1, 1, True, True),
        (2, 1, True, False),
        (2, 2, False, False),
        (2, 3, False, True),
    ]


def test_names_become_numbers_that_only_the_salt_of_the_lake_could_reproduce(
    duckdb: Backend,
) -> None:
    raw = stage(
        duckdb,
        DOCUMENTS,
        [_document(authors=[_author(1, name="J. Postel"), _author(2, name=None)])],
    )
    first, second = (row["person_key"] for row in rows(rfc.authorships(raw).order_by("position")))
    (other, _) = (
        row["person_key"]
        for row in rows(
            rfc.authorships(raw.mutate(person_salt=ibis.literal("pepper"))).order_by("position")
        )
    )

    assert isinstance(first, int)
    assert first != other
    assert second is None


def test_an_author_has_a_row_for_organisation_and_country_if_either_is_printed(
    duckdb: Backend,
) -> None:
    authors = [
        _author(1, org=" Nokia  Bell Labs ", country="FI"),
        _author(2, org="Nokia Bell Labs"),
        _author(3, country="NA"),
        _author(4, org=" "),
    ]
    raw = stage(duckdb, DOCUMENTS, [_document(authors=authors)])
    columns = ("position", "organization_key", "organization_name", "country_code", "share")
    found = {tuple(row[name] for name in columns) for row in rows(rfc.affiliations(raw))}

    assert found == {
        (1, "nokia bell labs", "Nokia  Bell Labs", "FI", 1.0),
        (2, "nokia bell labs", "Nokia Bell Labs", None, 1.0),
        (3, None, None, "NA", 1.0),
    }


def test_a_document_without_authors_or_references_is_still_a_work(duckdb: Backend) -> None:
    raw = stage(duckdb, DOCUMENTS, [_document(source=None)])
    (work,) = rows(rfc.works(raw))

    assert (work["n_authors"], work["n_authors_unknown"], work["n_references"]) == (0, 0, 0)
    assert work["country_codes"] == []
    for feed in (rfc.authorships, rfc.affiliations, rfc.citations, rfc.work_fields):
        assert rows(feed(raw)) == []


@pytest.mark.parametrize(
    ("source", "stream", "group"),
    [
        ("Legacy", "legacy", None),
        ("IETF - NON WORKING GROUP", "ietf-non-wg", None),
        ("INDEPENDENT", "independent", None),
        ("IRTF", "irtf", None),
        ("IAB", "iab", "iab"),
        ("Routing Research Group", "irtf", "routing-research-group"),
        ("Path Aware Networking RG", "irtf", "path-aware-networking-rg"),
        ("Human Rights Protocol Considerations", "irtf", "human-rights-protocol-considerations"),
        ("Transport Layer Security", "ietf", "transport-layer-security"),
        ("SIP Recording RAI", "ietf", "sip-recording"),
        ("Kitten (GSS-API Next Generation)", "ietf", "kitten-gss-api-next-generation"),
        ("Service Location Protocol ", "ietf", "service-location-protocol"),
    ],
)
def test_stream_and_group_of_a_source(
    duckdb: Backend, source: str, stream: str, group: str | None
) -> None:
    raw = stage(duckdb, DOCUMENTS, [_document(source=source)])
    found = {row["scheme"]: row["field_id"] for row in rows(rfc.work_fields(raw))}

    assert (found["ietf_stream"], found.get("ietf_group")) == (stream, group)


@pytest.mark.parametrize("feed", DOCUMENTS.feeds, ids=lambda feed: feed.compute.__name__)
def test_a_feed_keeps_what_its_table_promises(raw: ir.Table, feed: Feed) -> None:
    assert broken_promises(feed.compute(raw), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(rfc.SOURCE)
