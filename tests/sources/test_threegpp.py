"""3GPP: the packaged specifications against plain SQL, and records written for one fact each."""

from __future__ import annotations

import csv
import json
import re

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.countries import COUNTRY_CODES
from fourseas.schema.source import Feed, Intake
from fourseas.sources import threegpp
from tests.sources.published import (
    SAMPLES,
    Row,
    broken_promises,
    compiles_in_both_engines,
    embedded_part,
    read,
    rows,
    stage,
)

SPECIFICATIONS, EMPLOYERS = threegpp.SOURCE.intakes
PATH = embedded_part(threegpp.SOURCE, SPECIFICATIONS)
TABLE = embedded_part(threegpp.SOURCE, EMPLOYERS)
FEEDS = [(intake, feed) for intake in threegpp.SOURCE.intakes for feed in intake.feeds]

AUTHORS = f"""
    SELECT specification, list_filter(versions, v -> v.rapporteur IS NOT NULL)[1] AS author,
           list_min(list_transform(versions, v -> v.date)) AS dated_on
    FROM '{PATH}'
"""


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    return read(duckdb, SPECIFICATIONS, PATH)


@pytest.fixture(scope="module")
def works(raw: ir.Table) -> list[Row]:
    return rows(threegpp.works(raw))


@pytest.fixture(scope="module")
def employers() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sample() -> dict[str, Row]:
    path = SAMPLES / "3gpp" / "specifications.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {record["specification"]: record for record in records}


def _version(**keys: object) -> Row:
    return {
        "version": "1.0.0",
        "date": "2011-05-06",
        "rapporteur": "somebody",
        "n_rapporteurs": 1,
        "organization": "Huawei Technologies France",
        "parent": "Huawei",
        "head_office": "CN",
        "site": "FR",
        **keys,
    }


def _specification(*versions: Row, **keys: object) -> Row:
    return {"specification": "TS 1.1", "title": "A", "versions": list(versions), **keys}


def _nobody(**keys: object) -> Row:
    names = ("rapporteur", "organization", "parent", "head_office", "site")
    return _version(**dict.fromkeys(names), n_rapporteurs=0, **keys)


# The 4,128 specifications


def test_4128_specifications_have_92289_versions_of_which_99_7_per_cent_name_an_employer(
    works: list[Row],
) -> None:
    versions = [
        version
        for record in pq.read_table(PATH, columns=["versions"]).to_pylist()
        for version in record["versions"]
    ]
    n_named = sum(version["organization"] is not None for version in versions)

    assert len(works) == len({row["work_key"] for row in works}) == 4_128
    assert len(versions) == 92_289
    # 303 versions print nothing, and 42 print a space.
    assert n_named == 92_289 - 303 - 42
    assert (n_named + 42) / 92_289 == pytest.approx(0.997, abs=5e-4)


def test_the_table_of_employers_places_more_than_nine_versions_in_ten() -> None:
    versions = [
        version
        for record in pq.read_table(PATH, columns=["versions"]).to_pylist()
        for version in record["versions"]
    ]

    assert sum(version["head_office"] is not None for version in versions) == 88_245
    assert 88_245 / 92_289 > 0.9


def test_countries_and_years_agree_with_plain_sql(duckdb: Backend, works: list[Row]) -> None:
    found = duckdb.raw_sql(
        f"""
        SELECT '3GPP ' || specification, author.head_office, year(dated_on::DATE),
               coalesce(author.n_rapporteurs, 0)
        FROM ({AUTHORS})
        """
    ).fetchall()
    known = {
        row["work_label"]: (row["country_codes"], row["publication_year"], row["n_authors"])
        for row in works
    }

    assert known == {
        label: ([code] if code else [], year, n_authors) for label, code, year, n_authors in found
    }
    assert sum(row["publication_year"] is None for row in works) == 45
    assert sum(row["country_codes"] == [] for row in works) == 275


def test_the_secretariat_in_france_is_nobodys_country(
    duckdb: Backend, works: list[Row], employers: list[dict[str, str]]
) -> None:
    """ETSI's address stands in every record; 204 specifications are of French companies."""
    french = {row["work_label"] for row in works if row["country_codes"] == ["FR"]}
    by_parent = duckdb.raw_sql(
        f"""
        SELECT '3GPP ' || specification, author.parent FROM ({AUTHORS})
        WHERE author.parent IN ('ETSI', 'Alcatel-Lucent', 'Orange', 'Thales', 'Airbus', 'Morpho',
            'IDEMIA', 'France, government', 'Eutelsat', 'b<>com', 'Expway', 'FSCOM')
        """
    ).fetchall()
    of_secretariat = {label for label, parent in by_parent if parent == "ETSI"}
    countries = {row["work_label"]: row["country_codes"] for row in works}

    assert len(french) == 204
    assert french == {label for label, parent in by_parent} - of_secretariat
    assert len(of_secretariat) == 85
    assert all(countries[label] == [] for label in of_secretariat)
    assert {row["head_office"] for row in employers if row["parent"] == "ETSI"} == {""}


def test_a_subsidiary_counts_for_its_parent_and_its_site_is_kept_as_a_field(
    duckdb: Backend,
) -> None:
    raw = stage(duckdb, SPECIFICATIONS, [_sample()["TR 12.30"]])
    (work,) = rows(threegpp.works(raw))
    (employer,) = rows(threegpp.affiliations(raw))
    fields = {row["scheme"]: row["field_id"] for row in rows(threegpp.work_fields(raw))}

    assert (work["country_codes"], work["publication_year"]) == (["CN"], 1994)
    assert employer["organization_name"] == "Huawei Technologies France"
    assert (employer["organization_key"], employer["country_code"]) == ("huawei", "CN")
    assert fields == {"3gpp_group": "s5", "3gpp_tsg": "sa", "3gpp_site": "FR"}


def test_a_later_rapporteur_stands_in_the_earliest_versions_too() -> None:
    """In the newer copy no specification ever changes hands: history is overwritten."""
    records = pq.read_table(PATH).to_pylist()
    rapporteurs = [
        {
            version["rapporteur"]
            for version in record["versions"]
            if version["rapporteur"] and str(version["release"]).startswith("REL-")
        }
        for record in records
    ]

    assert max(len(persons) for persons in rapporteurs) == 1
    assert sum(len(persons) == 1 for persons in rapporteurs) == 3_989


def test_groups_belong_to_technical_specification_groups(raw: ir.Table) -> None:
    names = {(row["scheme"], row["field_id"]): row for row in rows(threegpp.fields(raw))}
    groups = [row for (scheme, _), row in names.items() if scheme == "3gpp_group"]

    assert len(groups) == 29
    assert all(("3gpp_tsg", row["parent_id"]) in names for row in groups)
    assert names["3gpp_group", "s2"]["field_name"] == "SA2 Architecture"
    assert names["3gpp_tsg", "ran"]["field_name"] == "TSG Radio Access Network"


# The table of employers


def test_every_employer_that_is_printed_stands_in_the_table_once(
    employers: list[dict[str, str]],
) -> None:
    printed = {
        (version["organization"], version["parent"], version["head_office"], version["site"])
        for record in pq.read_table(PATH, columns=["versions"]).to_pylist()
        for version in record["versions"]
        if version["organization"]
    }
    listed = {
        (" ".join(row["name"].split()), *(row[name] or None for name in ORDER)) for row in employers
    }

    assert len({row["name"] for row in employers}) == len(employers) == 374
    assert printed == listed


ORDER = ("parent", "head_office", "site")


def test_every_head_office_is_a_country_and_says_where_it_is_from(
    employers: list[dict[str, str]],
) -> None:
    codes = {row["head_office"] for row in employers} | {row["site"] for row in employers}
    offices = {
        parent: {row["head_office"] for row in employers if row["parent"] == parent}
        for parent in {row["parent"] for row in employers if row["parent"]}
    }

    assert codes - {""} <= set(COUNTRY_CODES)
    assert all(len(found) == 1 for found in offices.values())
    assert all(row["source"] for row in employers)
    # A site abroad is known only of a company that is known.
    assert all(row["head_office"] for row in employers if row["site"])
    assert all(row["site"] != row["head_office"] for row in employers if row["site"])
    assert all(bool(row["site"]) == bool(row["site_from"]) for row in employers)


def test_no_name_of_a_person_and_no_address_is_shipped(employers: list[dict[str, str]]) -> None:
    versions = [
        version
        for record in pq.read_table(PATH, columns=["versions"]).to_pylist()
        for version in record["versions"]
    ]
    persons = {version["rapporteur"] for version in versions} - {None}
    names = {row["name"] for row in employers}

    assert len(persons) == 1_286
    assert all(re.fullmatch(r"[0-9a-f]{15}", person) for person in persons)
    assert not [name for name in names if re.search(r"@|\d{3}|(?i:phone|fax|tel):", name)]
    # One employer a name, and no surname, first name as persons are printed.
    assert not [name for name in names if re.fullmatch(r"[A-Z' -]+, [A-Z][a-z]+", name)]


# One fact each


@pytest.mark.parametrize(
    ("name", "year", "countries", "n_unknown"),
    [
        ("TR 01.01U", None, [], 0),
        ("TR 12.30", 1994, ["CN"], 0),
        ("TR 23.955", 2001, [], 1),
        ("TR 33.777", 2025, ["CN"], 1),
        ("TS 11.19", 1999, [], 1),
    ],
)
def test_specifications_of_the_sample(
    duckdb: Backend,
    name: str,
    year: int | None,
    countries: list[str],
    n_unknown: int,
) -> None:
    (work,) = rows(threegpp.works(stage(duckdb, SPECIFICATIONS, [_sample()[name]])))

    assert (work["work_label"], work["publication_year"]) == (f"3GPP {name}", year)
    assert (work["country_codes"], work["n_authors_unknown"]) == (countries, n_unknown)
    # Who answers for it is named, and not who else wrote it.
    assert work["is_authors_truncated"]


def test_the_earliest_version_that_names_a_rapporteur_gives_the_author_and_the_first_date_the_year(
    duckdb: Backend,
) -> None:
    versions = (
        _nobody(date=None),
        _nobody(date="1999-12-31"),
        _version(date="2004-01-01", head_office="SE"),
        _version(date="2003-01-01", head_office="FI"),
    )
    (work,) = rows(threegpp.works(stage(duckdb, SPECIFICATIONS, [_specification(*versions)])))

    assert (work["publication_year"], work["country_codes"]) == (1999, ["SE"])


def test_a_date_that_is_none_is_no_year(duckdb: Backend) -> None:
    broken = _specification(_version(date="soon"))
    (work,) = rows(threegpp.works(stage(duckdb, SPECIFICATIONS, [broken])))

    assert work["publication_year"] is None


def test_what_is_no_country_is_unknown_and_reported(duckdb: Backend) -> None:
    odd = _specification(_version(head_office="EU", site="XX"))
    raw = stage(duckdb, SPECIFICATIONS, [odd])
    (work,) = rows(threegpp.works(raw))
    fields = {row["scheme"]: row["field_id"] for row in rows(threegpp.work_fields(raw))}

    assert (work["country_codes"], work["n_authors_unknown"]) == ([], 1)
    assert work["unlisted_codes"] == ["EU"]
    assert fields == {"3gpp_site": "not-printed"}


@pytest.mark.parametrize("record", [_specification(), _specification(_nobody())])
def test_a_specification_of_nobody_is_still_a_work(duckdb: Backend, record: Row) -> None:
    raw = stage(duckdb, SPECIFICATIONS, [record, {"specification": "TS 1.2"}])

    assert [row["n_authors"] for row in rows(threegpp.works(raw))] == [0, 0]
    for feed in (threegpp.authorships, threegpp.affiliations, threegpp.work_fields):
        assert rows(feed(raw)) == []


def test_the_first_of_several_is_not_known_to_be_the_last(duckdb: Backend) -> None:
    raw = stage(duckdb, SPECIFICATIONS, [_specification(_version(n_rapporteurs=2))])
    (work,) = rows(threegpp.works(raw))
    (author,) = rows(threegpp.authorships(raw))

    assert (work["n_authors"], work["n_authors_unknown"]) == (2, 1)
    assert (author["position"], author["is_first"], author["is_last"]) == (1, True, False)


def test_persons_become_numbers_that_only_the_salt_of_the_lake_could_reproduce(
    duckdb: Backend,
) -> None:
    raw = stage(duckdb, SPECIFICATIONS, [_specification(_version())])
    (author,) = rows(threegpp.authorships(raw))
    (other,) = rows(threegpp.authorships(raw.mutate(person_salt=ibis.literal("pepper"))))

    assert isinstance(author["person_key"], int)
    assert author["person_key"] != other["person_key"]


def test_an_employer_without_a_parent_is_no_organisation(duckdb: Backend) -> None:
    raw = stage(
        duckdb,
        EMPLOYERS,
        [
            {"name": "Waiting for new Company"},
            {"name": "Nokia UK Ltd.", "parent": "Nokia", "head_office": "FI", "site": "GB"},
            {"name": "Apica IT", "parent": "Apica IT", "head_office": ""},
        ],
    )
    described = {
        row["organization_key"]: (row["country_code"], row["n_locations"])
        for row in rows(threegpp.organizations(raw))
    }

    assert described == {"nokia": ("FI", 1), "apica it": (None, 0)}
    assert {row["name"] for row in rows(threegpp.organization_names(raw))} == {
        "Nokia UK Ltd.",
        "Apica IT",
    }


@pytest.mark.parametrize(("intake", "feed"), FEEDS, ids=[f.compute.__name__ for _, f in FEEDS])
def test_a_feed_keeps_what_its_table_promises(duckdb: Backend, intake: Intake, feed: Feed) -> None:
    table = read(duckdb, intake, embedded_part(threegpp.SOURCE, intake))

    assert broken_promises(feed.compute(table), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(threegpp.SOURCE)
