"""`funder_dois` and `fundings`: whose a funder's id and name are, and what said so."""

from __future__ import annotations

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.schema.corrections import CORRECTIONS
from fourseas.schema.staged import (
    STAGED_FUNDER_DOIS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
)
from tests.world import Row, Work, arrow, linked, rows, world

DOI = "10.13039/501100000024"
OTHER_DOI = "10.13039/100000001"
FOUNDATION, INSTITUTES = "021nxhr62", "01cwqze88"


def _funding(record: int, key: str | None, name: str | None, *, register: str = "openalex") -> Row:
    return {
        "register": register,
        "part_key": "part",
        "record": record,
        "funding": 1,
        "funder_key": key,
        "funder_name": name,
    }


def _described(register: str, key: str, ror_id: str | None, name: str, **more: object) -> Row:
    return {
        "register": register,
        "part_key": "described",
        "record": 1,
        "organization_key": key,
        "ror_id": ror_id,
        "organization_name": name,
        "n_locations": 1,
        **more,
    }


def _doi(register: str, key: str, doi: str, *, is_preferred: bool = True) -> Row:
    return {
        "register": register,
        "part_key": "described",
        "record": 1,
        "organization_key": key,
        "funder_doi": doi,
        "is_preferred": is_preferred,
    }


def _linked(
    fundings: list[Row],
    described: list[Row],
    dois: list[Row],
    *,
    names: tuple[Row, ...] = (),
    corrections: tuple[Row, ...] = (),
) -> SQLBackend:
    works = [Work(1, register=str(funding["register"])) for funding in fundings[:1]]
    works += [Work(key, register=str(f["register"])) for key, f in enumerate(fundings[1:], 2)]
    staged = {
        STAGED_FUNDINGS: fundings,
        STAGED_ORGANIZATIONS: described,
        STAGED_FUNDER_DOIS: dois,
        STAGED_ORGANIZATION_NAMES: names,
        CORRECTIONS: corrections,
    }
    tables = {spec.name: arrow(spec, given) for spec, given in staged.items()}
    return linked(world(works) | tables)


def _found(con: SQLBackend) -> list[tuple[object, ...]]:
    """Return register, key, name of the organization and what found it, of every funding."""
    organizations = con.table("organizations").select("organization_id", "organization_name")
    works = con.table("works").select("work_id", "register")
    joined = con.table("fundings").inner_join(works, "work_id")
    named = joined.left_join(organizations, "organization_id")
    return rows(named, "register", "funder_key", "organization_name", "found_by")


def test_the_funders_of_the_record_that_counts_are_the_funders_of_the_work() -> None:
    listed: list[Row] = [
        {"register": "openalex", "part_key": "part", "record": record, "funding": 1} | funder
        for record, funder in ((1, {"funder_key": "F1"}), (2, {"funder_key": "F2"}))
    ]
    tables = world([Work(1, updated_on="2020-01-01"), Work(1)])
    con = linked(tables | {"staged_fundings": arrow(STAGED_FUNDINGS, listed)})

    assert rows(con.table("fundings"), "work_id", "funder_key") == [(0, "F2")]


def test_one_funder_of_three_registers_is_one_organization_of_ror() -> None:
    con = _linked(
        [
            _funding(1, "F1", "NSERC"),
            _funding(2, DOI, "Engineering Council", register="crossref"),
            _funding(3, None, "Engineering Research Council of Canada", register="export"),
        ],
        [
            _described("ror", FOUNDATION, FOUNDATION, "Engineering Research Council of Canada"),
            _described("openalex", "F1", FOUNDATION, "Engineering Council (Canada)"),
            _described("funders", DOI, None, "Engineering Council of Canada"),
        ],
        [_doi("ror", FOUNDATION, DOI, is_preferred=False), _doi("funders", DOI, DOI)],
    )

    council = "Engineering Research Council of Canada"
    assert _found(con) == [
        ("crossref", DOI, council, "funder_doi"),
        ("export", None, council, "name"),
        ("openalex", "F1", council, "ror_id"),
    ]
    assert rows(con.table("organizations"), "ror_id", "register") == [(FOUNDATION, "ror")]
    assert rows(con.table("organization_ids"), "register", "identified_by") == [
        ("funders", "funder_doi"),
        ("openalex", "ror_id"),
        ("ror", "ror_id"),
    ]


def test_a_doi_that_ror_does_not_know_joins_the_keys_of_two_registers() -> None:
    con = _linked(
        [_funding(1, "F1", None), _funding(2, DOI, None, register="crossref")],
        [
            _described("openalex", "F1", None, "A foundation"),
            _described("funders", DOI, None, "The foundation"),
        ],
        [_doi("openalex", "F1", DOI), _doi("funders", DOI, DOI)],
    )

    assert len(rows(con.table("organizations"), "organization_id")) == 1
    assert _found(con) == [
        ("crossref", DOI, "The foundation", "funder_doi"),
        ("openalex", "F1", "The foundation", "funder_doi"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ({"is_preferred": True}, {"is_preferred": False}, (FOUNDATION, 1)),
        ({"status": "active"}, {"status": "inactive"}, (FOUNDATION, 1)),
        ({"is_preferred": False}, {"is_preferred": True, "status": "inactive"}, (INSTITUTES, 1)),
        ({}, {}, (None, 2)),
    ],
)
def test_of_two_records_with_one_doi_the_preferred_and_then_the_active_one_has_it(
    first: Row, second: Row, left: tuple[str | None, int]
) -> None:
    both = ((FOUNDATION, first), (INSTITUTES, second))
    con = _linked(
        [_funding(1, DOI, "Foundation", register="crossref")],
        [
            _described("ror", key, key, f"Organization {key}", status=told.get("status"))
            for key, told in both
        ],
        [
            _doi("ror", key, DOI, is_preferred=told.get("is_preferred") is True)
            for key, told in both
        ],
    )

    assert rows(con.table("funder_dois"), "ror_id", "n_left") == [left]
    found = None if left[0] is None else f"Organization {left[0]}"
    assert _found(con)[0][2:] == (found, found and "funder_doi")


def test_what_another_register_says_of_a_doi_counts_where_ror_says_nothing() -> None:
    said = [_doi("openalex", "F1", DOI), _doi("openalex", "F2", OTHER_DOI)]
    con = _linked(
        [
            _funding(1, DOI, None, register="crossref"),
            _funding(2, OTHER_DOI, None, register="crossref"),
        ],
        [
            _described("openalex", "F1", INSTITUTES, "Of OpenAlex"),
            _described("openalex", "F2", INSTITUTES, "Of OpenAlex"),
            _described("ror", FOUNDATION, FOUNDATION, "Foundation"),
        ],
        [*said, _doi("ror", FOUNDATION, OTHER_DOI, is_preferred=False)],
    )

    assert rows(con.table("funder_dois"), "funder_doi", "ror_id") == [
        (OTHER_DOI, FOUNDATION),
        (DOI, INSTITUTES),
    ]
    assert [found[2] for found in _found(con)] == ["Foundation", "Of OpenAlex"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("NATIONAL science foundation", "Foundation"),
        ("A foundation by another name", "Foundation"),
        ("Ministry of Environment", None),
        ("NSF", None),
        ("National Science", None),
        (None, None),
    ],
)
def test_a_name_finds_who_alone_bears_it_and_is_long_enough(
    name: str | None, found: str | None
) -> None:
    other = ("National Science Foundation", "A foundation by another name", "NSF")
    con = _linked(
        [_funding(1, "F9", name)],
        [
            _described("ror", FOUNDATION, FOUNDATION, "Foundation"),
            _described("rfc", "a", None, "Ministry of Environment"),
            _described("rfc", "b", None, "Ministry of Environment"),
        ],
        [],
        names=tuple(
            {
                "register": "ror",
                "part_key": "described",
                "record": 1,
                "organization_key": FOUNDATION,
                "name": one,
            }
            for one in other
        ),
    )

    assert _found(con) == [("openalex", "F9", found, found and "name")]


def test_a_correction_goes_before_what_registers_say_of_a_funder() -> None:
    con = _linked(
        [_funding(1, "F1", None)],
        [
            _described("openalex", "F1", FOUNDATION, "Institutes of Health"),
            _described("ror", FOUNDATION, FOUNDATION, "Foundation"),
            _described("ror", INSTITUTES, INSTITUTES, "Institutes"),
        ],
        [],
        corrections=(
            {
                "line": 2,
                "kind": "organization_ror",
                "register": "openalex",
                "organization_key": "F1",
                "corrected": INSTITUTES,
            },
        ),
    )

    assert _found(con) == [("openalex", "F1", "Institutes", "correction")]
