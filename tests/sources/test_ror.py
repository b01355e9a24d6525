"""ROR: real records of version 2, records of version 1, and records for one fact each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed
from fourseas.sources import ror
from tests.sources.published import (
    SAMPLES,
    Row,
    broken_promises,
    compiles_in_both_engines,
    read,
    rows,
)

(RECORDS,) = ror.SOURCE.intakes
VERSION_2 = SAMPLES / "ror" / "ror_v2.jsonl"
VERSION_1 = SAMPLES / "ror" / "v1-ror-data.json"


def _organizations(duckdb: Backend, path: Path) -> dict[object, Row]:
    organizations = rows(ror.organizations(read(duckdb, RECORDS, path)))
    return {row["organization_key"]: row for row in organizations}


@pytest.fixture(scope="module")
def version_2(duckdb: Backend) -> dict[object, Row]:
    return _organizations(duckdb, VERSION_2)


@pytest.fixture(scope="module")
def version_1(duckdb: Backend) -> dict[object, Row]:
    return _organizations(duckdb, VERSION_1)


@pytest.fixture(scope="module")
def published() -> list[dict[str, object]]:
    lines = VERSION_2.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_withdrawn_records_are_dropped_and_inactive_ones_stay(
    version_2: dict[object, Row], published: list[dict[str, object]]
) -> None:
    statuses = [row["status"] for row in version_2.values()]

    assert len(published) == 77
    assert [record["status"] for record in published].count("withdrawn") == 5
    assert (statuses.count("active"), statuses.count("inactive")) == (65, 7)
    assert len(statuses) == 72


def test_names_places_and_countries_are_those_of_the_records(
    version_2: dict[object, Row], published: list[dict[str, object]]
) -> None:
    for record in published:
        key = str(record["id"]).removeprefix("https://ror.org/")
        if key not in version_2:
            continue
        found = version_2[key]
        (name,) = (n["value"] for n in record["names"] if "ror_display" in n["types"])  # type: ignore[attr-defined]
        place = record["locations"][0]["geonames_details"]  # type: ignore[index]
        assert found["organization_name"] == name
        assert found["ror_id"] == key
        assert (found["country_code"], found["city"]) == (place["country_code"], place["name"])
        assert (found["latitude"], found["longitude"]) == (place["lat"], place["lng"])
        assert found["n_locations"] == len(record["locations"])  # type: ignore[arg-type]


def test_namibia_kosovo_and_the_territories_of_china_are_countries_here(
    version_2: dict[object, Row],
) -> None:
    codes = {row["country_code"] for row in version_2.values()}

    assert {"CN", "HK", "MO", "NA", "TW", "XK"} <= codes
    assert None not in codes


def test_a_university_that_is_also_a_funder_is_a_university(
    version_2: dict[object, Row], published: list[dict[str, object]]
) -> None:
    types = {str(record["id"]).rpartition("/")[2]: record["types"] for record in published}
    kinds = {
        row["organization_kind"]
        for key, row in version_2.items()
        if types[str(key)] == ["education", "funder"]
    }

    assert kinds == {"education"}


def test_a_funder_and_nothing_else_is_a_funder(duckdb: Backend, tmp_path: Path) -> None:
    path = tmp_path / "ror.jsonl"
    record = {"id": "https://ror.org/000000000", "status": "active", "types": ["funder"]}
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    (found,) = _organizations(duckdb, path).values()

    assert found["organization_kind"] == "funder"
    assert found["organization_name"] == "000000000"
    assert (found["country_code"], found["n_locations"]) == (None, 0)


def test_version_1_gives_the_same_as_version_2(version_1: dict[object, Row]) -> None:
    columns = (
        "organization_name",
        "organization_kind",
        "status",
        "country_code",
        "city",
        "latitude",
        "longitude",
        "n_locations",
    )
    found = {key: tuple(row[name] for name in columns) for key, row in version_1.items()}
    quality = "General Administration of Quality Supervision, Inspection and Quarantine"

    assert found == {
        "019wvm592": (
            "Australian National University",
            "education",
            "active",
            "AU",
            "Canberra",
            -35.28346,
            149.12807,
            1,
        ),
        "03mb6wj31": (
            "Universitat Politècnica de Catalunya",
            "education",
            "active",
            "ES",
            "Barcelona",
            41.38879,
            2.15899,
            1,
        ),
        "0010b6s72": (
            "Tianjin Agricultural University",
            "education",
            "active",
            "CN",
            "Tianjin",
            39.14222,
            117.17667,
            1,
        ),
        "000kjm556": (quality, "government", "inactive", "CN", "Beijing", 39.9075, 116.39723, 1),
    }


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("v2.9-2026-06-23-ror-data.json", True),
        ("v1.59-2025-01-23-ror-data_schema_v2.json", True),
        ("ror_v2.jsonl", True),
        ("ror.jsonl.gz", True),
        ("errors.jsonl.gz", False),
        ("v2.9-2026-06-23-ror-data.csv", False),
    ],
)
def test_files_of_a_dump_are_found(tmp_path: Path, name: str, *, is_read: bool) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / name).touch()
    found = [path for pattern in RECORDS.files for path in tmp_path.glob(pattern)]

    assert bool(found) == is_read


def _names(duckdb: Backend, path: Path) -> dict[object, set[object]]:
    found: dict[object, set[object]] = {}
    for row in rows(ror.organization_names(read(duckdb, RECORDS, path))):
        found.setdefault(row["organization_key"], set()).add(row["name"])
    return found


def test_every_name_alias_and_abbreviation_is_kept(
    duckdb: Backend, published: list[dict[str, object]]
) -> None:
    expected = {
        str(record["id"]).rpartition("/")[2]: {name["value"] for name in record["names"]}  # type: ignore[attr-defined]
        for record in published
        if record["status"] != "withdrawn"
    }

    assert len(expected) == 72
    assert _names(duckdb, VERSION_2) == expected


def test_names_of_version_1_stand_in_four_places(duckdb: Backend, tmp_path: Path) -> None:
    path = tmp_path / "ror.jsonl"
    record = {
        "id": "https://ror.org/000000000",
        "name": "A",
        "aliases": ["B", "A", ""],
        "acronyms": ["C"],
        "labels": [{"label": "D", "iso639": "fr"}, {"label": None}],
    }
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")

    assert _names(duckdb, path) == {"000000000": {"A", "B", "C", "D"}}
    assert _names(duckdb, VERSION_1)["019wvm592"] == {"Australian National University", "ANU"}


def test_relations_and_years_of_founding_are_those_of_the_records(
    duckdb: Backend, published: list[dict[str, object]]
) -> None:
    expected = {
        (
            str(record["id"]).rpartition("/")[2],
            other["type"],
            other["id"].rpartition("/")[2],
            record["established"],
        )
        for record in published
        if record["status"] != "withdrawn"
        for other in record["relationships"]  # type: ignore[attr-defined]
    }
    found = rows(ror.organization_relations(read(duckdb, RECORDS, VERSION_2)))

    assert len(expected) == len(found) > 30
    assert expected == {
        (row["organization_key"], row["relation_kind"], row["related_key"], row["founded_year"])
        for row in found
    }


def test_a_relation_of_version_1_has_a_kind_in_small_letters_and_is_told_once(
    duckdb: Backend, tmp_path: Path
) -> None:
    path = tmp_path / "ror.jsonl"
    parent = {"type": "Parent", "label": "P", "id": "https://ror.org/000000001"}
    nameless = {"type": "Related", "label": "Q", "id": None}
    record = {
        "id": "https://ror.org/000000000",
        "name": "A",
        "relationships": [parent, parent, nameless],
    }
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    (found,) = rows(ror.organization_relations(read(duckdb, RECORDS, path)))

    assert (found["relation_kind"], found["related_key"]) == ("parent", "000000001")
    assert found["founded_year"] is None


def _dois(duckdb: Backend, path: Path) -> set[tuple[object, object, object]]:
    found = rows(ror.funder_dois(read(duckdb, RECORDS, path)))
    return {(row["organization_key"], row["funder_doi"], row["is_preferred"]) for row in found}


def test_dois_of_the_funder_registry_are_those_of_the_records(
    duckdb: Backend, published: list[dict[str, object]]
) -> None:
    expected = {
        (str(record["id"]).rpartition("/")[2], f"10.13039/{digits}", digits == ids["preferred"])
        for record in published
        if record["status"] != "withdrawn"
        for ids in record["external_ids"]  # type: ignore[attr-defined]
        if ids["type"] == "fundref"
        for digits in ids["all"]
    }

    assert len(expected) > 30
    assert {is_preferred for *_, is_preferred in expected} == {True, False}
    assert _dois(duckdb, VERSION_2) == expected


def test_dois_of_version_1_stand_in_an_object_and_beside_ids_written_otherwise(
    duckdb: Backend, tmp_path: Path
) -> None:
    path = tmp_path / "ror.jsonl"
    records: list[dict[str, object]] = [
        {
            "id": "https://ror.org/000000000",
            "name": "A",
            "external_ids": {
                "GRID": {"preferred": "grid.1.1", "all": "grid.1.1"},
                "FundRef": {"preferred": "501100000995", "all": ["501100000995", "100009020"]},
                "ISNI": {"preferred": None, "all": ["0000 0001"]},
            },
        },
        {
            "id": "https://ror.org/000000001",
            "name": "B",
            "external_ids": {"FundRef": {"preferred": None, "all": "100000001"}},
        },
        {"id": "https://ror.org/000000002", "name": "C", "external_ids": {}},
        {"id": "https://ror.org/000000003", "name": "D"},
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")

    assert _dois(duckdb, path) == {
        ("000000000", "10.13039/501100000995", True),
        ("000000000", "10.13039/100009020", False),
        ("000000001", "10.13039/100000001", False),
    }


@pytest.mark.parametrize("feed", RECORDS.feeds, ids=lambda feed: feed.writes.name)
@pytest.mark.parametrize("path", [VERSION_1, VERSION_2], ids=lambda path: path.name)
def test_the_feeds_keep_what_their_tables_promise(duckdb: Backend, path: Path, feed: Feed) -> None:
    assert broken_promises(feed.compute(read(duckdb, RECORDS, path)), feed.writes) == []


def test_the_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(ror.SOURCE)
