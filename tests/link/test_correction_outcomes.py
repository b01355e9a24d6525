"""Local corrections: what they change in organizations, and what became of each."""

from __future__ import annotations

from ibis.backends.sql import SQLBackend

from fourseas.schema.corrections import CORRECTIONS
from fourseas.schema.staged import STAGED_AFFILIATIONS, STAGED_ORGANIZATIONS
from tests.world import Row, Work, arrow, authors, linked, rows, world

LEIDEN, DELFT = "027bh9e22", "02e2c7k09"


def _described(register: str, key: str, ror_id: str | None, name: str, record: int) -> Row:
    return {
        "register": register,
        "part_key": "part",
        "record": record,
        "organization_key": key,
        "ror_id": ror_id,
        "organization_name": name,
        "country_code": "NL",
        "n_locations": 1,
    }


def _linked(*corrected: tuple[str, str, str]) -> SQLBackend:
    """Link a world with corrections of kind, key and value, all of OpenAlex."""
    described = [
        _described("ror", LEIDEN, LEIDEN, "Leiden University", 1),
        _described("ror", DELFT, DELFT, "Delft University", 2),
        _described("openalex", "I1", DELFT, "Leyden", 3),
    ]
    mentioned: list[Row] = [
        {
            "register": "openalex",
            "part_key": "part",
            "record": 1,
            "position": 1,
            "affiliation": place,
            "organization_key": key,
            "organization_name": key,
            "share": 0.5,
        }
        for place, key in enumerate(("I1", "univ leiden"), start=1)
    ]
    said: list[Row] = [
        {
            "line": line,
            "kind": kind,
            "register": "openalex",
            "organization_key": key,
            "corrected": value,
            "said_by": "A person",
            "said_on": "2026-01-31",
            "why": "It is so.",
            "source": "A letter.",
        }
        for line, (kind, key, value) in enumerate(corrected, start=2)
    ]
    return linked(
        world([Work(1, authors("NL"))])
        | {
            "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
            "staged_affiliations": arrow(STAGED_AFFILIATIONS, mentioned),
            "corrections": arrow(CORRECTIONS, said),
        }
    )


def _named(con: SQLBackend) -> list[tuple[object, ...]]:
    """Return the organizations that works name: key there, and name and ROR id here."""
    ids = con.table("organization_ids")
    ours = ids.filter(ids.register == "openalex").select("organization_id", key="organization_key")
    organizations = con.table("organizations")
    found = ours.inner_join(organizations, "organization_id")
    return rows(found, "key", "organization_name", "ror_id")


def _outcomes(con: SQLBackend) -> list[tuple[object, ...]]:
    return rows(con.table("correction_outcomes"), "line", "registered", "outcome")


def test_without_corrections_registers_stand() -> None:
    con = _linked()

    assert _named(con) == [
        ("I1", "Delft University", DELFT),
        ("univ leiden", "univ leiden", None),
    ]
    assert _outcomes(con) == []


def test_a_name_as_printed_becomes_the_organization_that_it_is_said_to_be() -> None:
    con = _linked(("organization_ror", "univ leiden", LEIDEN))

    assert ("univ leiden", "Leiden University", LEIDEN) in _named(con)
    assert _outcomes(con) == [(2, None, "applied")]


def test_a_wrong_link_becomes_the_right_one() -> None:
    con = _linked(("organization_ror", "I1", LEIDEN))

    assert ("I1", "Leiden University", LEIDEN) in _named(con)
    assert _outcomes(con) == [(2, DELFT, "applied")]


def test_a_link_that_is_taken_back_leaves_an_organization_of_its_own() -> None:
    con = _linked(("organization_ror", "I1", "none"))

    assert ("I1", "Leyden", None) in _named(con)
    assert con.table("organizations").count().execute() == 4
    assert _outcomes(con) == [(2, DELFT, "applied")]


def test_name_and_country_are_corrected_and_nothing_else_is() -> None:
    con = _linked(("organization_name", "univ leiden", "Leiden"))
    abroad = _linked(("organization_country", "univ leiden", "BE"))

    assert ("univ leiden", "Leiden", None) in _named(con)
    countries = rows(abroad.table("organizations"), "organization_name", "country_code")
    assert countries == [
        ("Delft University", "NL"),
        ("Leiden University", "NL"),
        ("univ leiden", "BE"),
    ]


def test_a_correction_that_finds_no_object_changes_nothing_and_is_told() -> None:
    con = _linked(
        ("organization_ror", "I1", DELFT),
        ("organization_ror", "gone", LEIDEN),
        ("organization_ror", "univ leiden", "0absent00"),
        ("organization_ror", "another", "none"),
    )

    assert _named(con) == _named(_linked())
    assert _outcomes(con) == [
        (2, DELFT, "already so"),
        (3, None, "no such organization"),
        (4, None, "no such ROR record"),
        (5, None, "no such organization"),
    ]
