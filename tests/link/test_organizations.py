"""`organizations`: one number for an organisation, whichever register names it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.schema.corrections import CORRECTIONS
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


def _printed(*names: tuple[str, int], register: str = "rfc") -> list[Row]:
    """Return affiliations of a register whose keys are names, each as often as it is printed."""
    return [
        _mentioned(name.lower(), name=name, affiliation=place)
        | {"register": register, "part_key": name}
        for name, n in names
        for place in range(n)
    ]


def _one(con: SQLBackend) -> list[set[object]]:
    """Return the keys of each organization."""
    found: dict[object, set[object]] = {}
    for number, key in rows(con.table("organization_ids"), "organization_id", "organization_key"):
        found.setdefault(number, set()).add(key)
    return sorted(found.values(), key=lambda keys: sorted(map(str, keys)))


@pytest.mark.parametrize(
    "groups",
    [
        [("Google", "Google, Inc.", "Google Inc", "Google LLC", "google llc.", "GOOGLE")],
        [("Cisco Systems, Inc.", "Cisco Systems", "Cisco Systems Incorporated")],
        [("Huawei Technologies", "Huawei Technologies Co., Ltd.", "Huawei Technologies, Ltd.")],
        [("Hewlett-Packard Company", "Hewlett Packard", "Hewlett-Packard Co.")],
        [("LabN Consulting, L.L.C.", "LabN Consulting, LLC", "LabN Consulting")],
        [("Uninett", "UNINETT A/S"), ("Uninett Labs",)],
        [("Cisco Systems India Pvt Ltd", "Cisco Systems (India) Private Limited")],
        [("Nokia Siemens Networks GmbH and Co.KG", "Nokia Siemens Networks")],
        [("Aerospace",), ("Aerospace Corporation",)],
        [("Inc.",), ("X",), ("X Corp.",)],
        [("Incyte",), ("Limited Brands",), ("Company of Wolves",), ("Coag",)],
    ],
)
def test_names_that_marks_and_forms_of_one_law_tell_apart_are_one_organization(
    groups: list[tuple[str, ...]],
) -> None:
    con = _linked([], _printed(*((name, 1) for group in groups for name in group)))

    expected = [{name.lower() for name in group} for group in groups]
    assert _one(con) == sorted(expected, key=lambda keys: sorted(map(str, keys)))
    joined = {str(row[0]) for row in rows(con.table("organization_ids"), "identified_by")}
    assert joined == {"name" if len(group) > 1 else "key" for group in expected}


def test_forms_of_two_laws_are_two_and_a_name_without_one_goes_with_what_most_bear() -> None:
    printed = _printed(("Siemens", 19), ("Siemens AG", 18), ("Siemens plc", 2), ("Siemens N.V.", 2))
    equal = _printed(("Open Xchange", 1), ("Open Xchange Oy", 1), ("Open-Xchange Inc.", 1))
    con = _linked([], printed + equal)

    assert _one(con) == [
        {"open xchange"},
        {"open xchange oy"},
        {"open-xchange inc."},
        {"siemens", "siemens ag"},
        {"siemens n.v."},
        {"siemens plc"},
    ]


def test_of_names_that_are_one_organization_the_most_frequent_is_shown_and_all_are_kept() -> None:
    con = _linked([], _printed(("Apple", 1), ("Apple, Inc.", 2), ("Apple Inc.", 3)))

    shown = rows(con.table("organizations"), "organization_name", "organization_key")
    assert shown == [("Apple Inc.", "apple inc.")]
    names = rows(con.table("organization_names"), "name")
    assert {*names} == {("Apple",), ("Apple Inc.",), ("Apple, Inc.",)}
    assert len(names) == 3


def test_names_of_two_registers_are_one_organization_described_by_the_one_that_describes_it() -> (
    None
):
    described = _described("3gpp", "nokia", ror_id=None, name="Nokia", record=1)
    con = _linked([described | {"country_code": "FI"}], _printed(("Nokia Corporation", 8)))

    assert _one(con) == [{"nokia", "nokia corporation"}]
    shown = rows(con.table("organizations"), "register", "organization_name", "country_code")
    assert shown == [("3gpp", "Nokia", "FI")]


@pytest.mark.parametrize(
    ("corrected", "linked_keys"),
    [
        ({"leiden inc.": LEIDEN}, {"leiden", "leiden inc.", LEIDEN}),
        ({"leiden inc.": LEIDEN, "leiden": "none"}, {"leiden inc.", LEIDEN}),
        ({"leiden inc.": "none"}, {LEIDEN}),
    ],
)
def test_a_correction_of_one_name_holds_for_all_that_are_one_with_it(
    corrected: dict[str, str], linked_keys: set[str]
) -> None:
    described = [_described("ror", LEIDEN, ror_id=LEIDEN, name="Leiden University", record=1)]
    corrections = [
        {
            "line": line,
            "kind": "organization_ror",
            "register": "rfc",
            "organization_key": key,
            "corrected": ror_id,
        }
        for line, (key, ror_id) in enumerate(corrected.items(), start=2)
    ]
    tables = world([Work(1, authors("NL"))]) | {
        "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
        "staged_affiliations": arrow(
            STAGED_AFFILIATIONS, _printed(("Leiden", 1), ("Leiden Inc.", 1))
        ),
        "corrections": arrow(CORRECTIONS, corrections),
    }

    assert linked_keys in _one(linked(tables))


TIDAL, REEF = "00aaaaa01", "00aaaaa02"


@pytest.mark.parametrize(
    ("printed", "alias", "linked_to"),
    [
        ("Tidal University", None, TIDAL),
        ("TIDAL UNIVERSITY, Inc.", None, TIDAL),
        ("Tidal University", "Tidal university", None),
        ("Tidal University", "Tidal College", TIDAL),
        ("Tidal College", "Tidal College", None),
        ("Reef In", None, None),
        ("Tidal University Press", None, None),
    ],
)
def test_a_name_that_one_organization_of_the_register_alone_has_is_that_organization(
    printed: str, alias: str | None, linked_to: str | None
) -> None:
    described = [
        _described("ror", TIDAL, ror_id=TIDAL, name="Tidal University", record=1),
        _described("ror", REEF, ror_id=REEF, name="Reef In", record=2),
    ]
    other = {
        "register": "ror",
        "part_key": "part",
        "record": 2,
        "organization_key": REEF,
        "name": alias,
    }
    tables = world([Work(1, authors("NL"))]) | {
        "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
        "staged_organization_names": arrow(
            STAGED_ORGANIZATION_NAMES, [] if alias is None else [other]
        ),
        "staged_affiliations": arrow(STAGED_AFFILIATIONS, _printed((printed, 1))),
    }
    con = linked(tables)

    ids = rows(con.table("organization_ids"), "register", "identified_by", "organization_id")
    ((said, number),) = (row[1:] for row in ids if row[0] == "rfc")
    shown = {
        row[0]: row[1] for row in rows(con.table("organizations"), "organization_id", "ror_id")
    }
    assert (shown[number], said) == (linked_to, "name" if linked_to else "key")


def test_whoever_gives_the_ror_id_describes_what_another_register_has_by_its_name() -> None:
    described = [
        _described("3gpp", "tidal university", ror_id=None, name="Tidal University", record=1),
        _described("openalex", "I1", ror_id=TIDAL, name="Tidal University", record=2),
    ]
    con = _linked(described, [])

    shown = rows(con.table("organizations"), "register", "ror_id")
    assert shown == [("openalex", TIDAL)]
