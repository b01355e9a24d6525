"""USPTO: patents written by hand in the form of its weekly file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

import fourseas
from fourseas.errors import SourceError
from fourseas.lake import reading, xml_documents
from fourseas.schema.source import Feed
from fourseas.sources import uspto
from tests.commands import run
from tests.sources.published import (
    SAMPLES,
    broken_promises,
    compiles_in_both_engines,
    rows,
    stage,
)

(GRANTS,) = uspto.SOURCE.intakes
PATH = SAMPLES / "uspto" / "ipgb20230404.xml"


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    return stage(duckdb, GRANTS, xml_documents.records(PATH, GRANTS.raw).to_pylist())


def _found(table: ir.Table, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in columns) for row in rows(table)]


def test_a_patent_is_a_work_of_its_inventors_countries(raw: ir.Table) -> None:
    columns = ("work_label", "publication_year", "n_authors", "n_authors_unknown", "country_codes")

    assert sorted(_found(uspto.works(raw), *columns)) == [
        ("US11000001", 2023, 2, 0, ["IN", "NL"]),
        ("US11000003", 2023, 2, 1, ["DE"]),
        ("USD982278", 2023, 1, 0, ["US"]),
    ]


def test_a_title_is_its_text_whatever_is_marked_up_in_it(raw: ir.Table) -> None:
    titles = {title for (title,) in _found(uspto.works(raw), "title")}

    assert titles == {"Drip irrigation with a sensing valve", "Support garment", "Rotor blade"}


def test_what_is_no_country_is_unknown_and_told(raw: ir.Table) -> None:
    assert ("US11000003", ["unknown"]) in _found(uspto.works(raw), "work_label", "unlisted_codes")
    assert sorted(_found(uspto.authorships(raw), "record", "position", "country_codes")) == [
        (1, 1, ["IN"]),
        (1, 2, ["NL"]),
        (2, 1, ["US"]),
        (3, 1, ["DE"]),
        (3, 2, []),
    ]


def test_owners_are_organizations_by_name_and_persons_without(raw: ir.Table) -> None:
    columns = ("record", "position", "owner_name", "country_code")

    assert sorted(_found(uspto.owners(raw), *columns)) == [
        (1, 1, "Example Water B.V.", "NL"),
        (2, 1, "HEARTWARM & SONS LLC", "US"),
        (2, 2, None, "CA"),
    ]


def test_a_patent_refers_to_each_patent_of_the_country_once(raw: ir.Table) -> None:
    label = {row["work_key"]: row["work_label"] for row in rows(uspto.works(raw))}
    cited = [
        (label[row["citing_work_key"]], label.get(row["cited_work_key"]))
        for row in rows(uspto.citations(raw))
    ]
    counts = {row["work_label"]: row["n_references"] for row in rows(uspto.works(raw))}

    assert sorted(cited, key=str) == [
        ("US11000001", None),
        ("US11000001", None),
        ("US11000003", "US11000001"),
        ("USD982278", "US11000001"),
    ]
    assert counts == {"US11000001": 4, "USD982278": 2, "US11000003": 3}


def test_a_patent_is_divided_among_what_the_invention_is_of(raw: ir.Table) -> None:
    assert sorted(_found(uspto.work_fields(raw), "record", "field_id", "weight")) == [
        (1, "A", 0.5),
        (1, "G", 0.5),
        (3, "F", 1.0),
    ]
    assert sorted(_found(uspto.fields(raw), "field_id", "field_name"))[1] == (
        "F",
        "Mechanical engineering; lighting; heating; weapons; blasting",
    )


def test_a_week_in_its_zip_is_added_built_and_counted(tmp_path: Path) -> None:
    week = tmp_path / "week" / "ipgb20230404_wk14.zip"
    week.parent.mkdir()
    with zipfile.ZipFile(week, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(PATH, PATH.name)
        archive.writestr("ipgb20230404lst.txt", "a list")
    lake = tmp_path / "lake"
    assert run("init", str(lake), "--scope", "corpus").returncode == 0
    words = ("--source", "uspto", "--snapshot", "2023-04-04", "--scope", "corpus")
    added = run("add", str(lake), str(week.parent), *words)
    assert added.returncode == 0, added.stderr
    built = run("build", str(lake))
    assert built.returncode == 0, built.stderr

    with fourseas.open(lake) as ws:
        table = ws.table("collaboration").filter(
            lambda t: (t.unit_id == "NL") & (t.field_id == "all") & (t.definition_id == "patents")
        )
        (full,) = [row for row in rows(table) if row["counting"] == "full"]
        owned = sorted(_found(ws.table("owners"), "owner_name", "country_code"), key=str)
    assert (full["p"], full["p_int_collab"]) == (1.0, 1.0)
    assert owned[-1] == (None, "CA")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PATH.read_bytes()[:-900], "document 3"),
        (PATH.read_bytes().replace(b"[ ]", b'[ <!ENTITY a "b"> ]', 1), "document 1"),
        (b"no XML at all", "document 1"),
        (PATH.read_bytes().replace(b"UTF-8", b"UTF-99", 1), "document 1"),
    ],
    ids=["cut off", "an entity", "text", "unknown encoding"],
)
def test_a_damaged_file_is_told_with_its_document(
    tmp_path: Path, duckdb: Backend, content: bytes, problem: str
) -> None:
    path = tmp_path / "ipgb1.xml"
    path.write_bytes(content)

    with pytest.raises(SourceError, match=problem):
        reading.read(duckdb, path, GRANTS)


@pytest.mark.parametrize("names", [[], ["a.xml", "b.xml"]])
def test_an_archive_holds_one_document_file(
    tmp_path: Path, duckdb: Backend, names: list[str]
) -> None:
    path = tmp_path / "ipgb1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ["list.txt", *names]:
            archive.writestr(name, "<a/>")

    with pytest.raises(SourceError, match=f"holds {len(names)} XML files"):
        reading.read(duckdb, path, GRANTS)


def test_an_archive_that_is_cut_off_is_told(tmp_path: Path, duckdb: Backend) -> None:
    path = tmp_path / "ipgb1.zip"
    path.write_bytes(b"PK\x03\x04 half of it")

    with pytest.raises(SourceError, match="as a whole"):
        reading.read(duckdb, path, GRANTS)


@pytest.mark.parametrize("feed", GRANTS.feeds, ids=lambda feed: feed.writes.name)
def test_the_feeds_keep_what_their_tables_promise(raw: ir.Table, feed: Feed) -> None:
    assert broken_promises(feed.compute(raw), feed.writes) == []


def test_the_feeds_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(uspto.SOURCE)
