"""`organizations`: one number for an organisation, whichever register names it."""

from __future__ import annotations

from collections.abc import Iterable

from ibis.backends.sql import SQLBackend

from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
)
from tests.world import Row, Work, arrow, authors, linked, rows, world

LEIDEN = "027bh9e22"


def _described(register: str, key: str, *, ror_id: str | None, name: str, record: int) -> Row:
    return {
        "register": register,
        "part_key": "part",
        "record": record,
        "organization_key": key,
        "ror_id": ror_id,
        "organization_name": name,
        "n_locations": 1,
    }


def _mentioned(key: str, *, name: str | None = None, affiliation: int = 1) -> Row:
    return {
        "register": "openalex",
        "part_key": "part",
        "record": 1,
        "position": 1,
        "affiliation": affiliation,
        "organization_key": key,
        "organization_name": name,
        "country_code": "NL",
        "share": 0.5,
    }


def _linked(described: Iterable[Row], mentioned: Iterable[Row]) -> SQLBackend:
    tables = world([Work(1, authors("NL"))])
    return linked(
        tables
        | {
            "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
            "staged_affiliations": arrow(STAGED_AFFILIATIONS, mentioned),
        }
    )


def test_keys_of_two_registers_with_one_ror_id_are_one_organisation_described_by_ror() -> None:
    described = [
        _described("openalex", "I121797337", ror_id=LEIDEN, name="Leiden", record=1),
        _described("ror", LEIDEN, ror_id=LEIDEN, name="Leiden University", record=1),
    ]
    con = _linked(described, [_mentioned("I121797337")])

    assert rows(con.table("organization_ids"), "register", "organization_id") == [
        ("openalex", 0),
        ("ror", 0),
    ]
    assert rows(con.table("organizations"), "register", "organization_name") == [
        ("ror", "Leiden University")
    ]
    assert rows(con.table("affiliations"), "organization_id", "share") == [(0, 0.5)]


def test_what_is_said_of_an_organisation_as_a_funder_describes_it_last() -> None:
    funder = _described("openalex", "F1", ror_id=LEIDEN, name="Leiden Fund", record=1)
    described = [
        funder | {"organization_kind": "funder"},
        _described("openalex", "I1", ror_id=LEIDEN, name="Leiden University", record=2),
    ]
    con = _linked(described, [])

    assert rows(con.table("organizations"), "organization_name") == [("Leiden University",)]


def test_a_ror_id_that_a_register_asserts_is_the_organisation_that_ror_describes() -> None:
    described = [_described("ror", LEIDEN, ror_id=LEIDEN, name="Leiden University", record=1)]
    con = _linked(described, [_mentioned(f"ror:{LEIDEN}", name="Dept of Physics, Leiden")])

    assert rows(con.table("organizations"), "register", "organization_name") == [
        ("ror", "Leiden University")
    ]
    assert rows(con.table("affiliations"), "organization_id") == [(0,)]


def test_a_ror_id_that_nobody_describes_stands_for_itself_once() -> None:
    mentioned = [_mentioned(f"ror:{LEIDEN}"), _mentioned(f"ror:{LEIDEN}") | {"register": "rfc"}]
    con = _linked([], mentioned)

    assert rows(con.table("organizations"), "ror_id", "organization_name") == [
        (LEIDEN, f"ror:{LEIDEN}")
    ]


def test_every_name_of_an_organisation_is_kept_once_whichever_register_gives_it() -> None:
    described = [
        _described("openalex", "I121797337", ror_id=LEIDEN, name="Leiden", record=1),
        _described("ror", LEIDEN, ror_id=LEIDEN, name="Leiden University", record=1),
    ]
    names = [
        ("openalex", "I121797337", "Leiden"),
        ("ror", LEIDEN, "Leiden"),
        ("ror", LEIDEN, "Universiteit Leiden"),
        ("ror", "nobody's", "Gale"),
    ]
    named = [
        {"register": r, "part_key": "part", "record": 1, "organization_key": key, "name": name}
        for r, key, name in names
    ]
    tables = world([Work(1, authors("NL"))]) | {
        "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
        "staged_organization_names": arrow(STAGED_ORGANIZATION_NAMES, named),
    }

    assert rows(linked(tables).table("organization_names"), "organization_id", "name") == [
        (0, "Leiden"),
        (0, "Universiteit Leiden"),
    ]


def test_organisations_without_a_ror_id_are_not_merged_by_name() -> None:
    described = [
        _described("openalex", "I1", ror_id=None, name="Institute of Physics", record=1),
        _described("rfc", "I1", ror_id=None, name="Institute of Physics", record=1),
    ]
    con = _linked(described, [])

    assert len(rows(con.table("organizations"), "organization_id")) == 2


def test_an_organisation_that_nobody_describes_bears_the_name_it_is_mentioned_by() -> None:
    mentioned = [_mentioned("I9", name="Bell Labs"), _mentioned("I9", name="AT&T", affiliation=2)]
    con = _linked([], mentioned)

    assert rows(con.table("organizations"), "organization_key", "organization_name") == [
        ("I9", "AT&T")
    ]


def test_an_address_without_an_organisation_stays_an_address() -> None:
    mentioned = [_mentioned("I9", name="Bell Labs")]
    nameless = _mentioned("I9", affiliation=2) | {"organization_key": None}
    con = _linked([], [*mentioned, nameless])

    assert rows(con.table("affiliations"), "affiliation", "organization_id") == [(1, 0), (2, None)]
