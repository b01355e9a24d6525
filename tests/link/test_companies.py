"""Names as standards print them, and the companies that they are."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import fourseas
from fourseas import company_list
from fourseas.schema.companies import COMPANY_NAMES
from fourseas.schema.staged import STAGED_AFFILIATIONS, STAGED_ORGANIZATIONS
from tests.world import Row, Work, arrow, authors, linked, rows, world

EMBEDDED = Path(fourseas.__file__).parent / "embedded"
LISTED: list[Row] = [
    {
        "name": name,
        "company": "Reef Cables",
        "parent": "Reef",
        "country_code": "KE",
        "source": "invented",
    }
    for name in ("reef cables", "rc&f")
]


def _mentioned(place: int, name: str) -> Row:
    """Return an author's affiliation as RFCs print it: a name alone."""
    return {
        "register": "rfc",
        "part_key": "part",
        "record": 1,
        "position": 1,
        "affiliation": place,
        "organization_key": name.lower(),
        "organization_name": name,
        "share": 0.5,
    }


def _companies(*printed: str, described: tuple[Row, ...] = ()) -> list[tuple[object, ...]]:
    """Return which of the names that a register prints are a company, and which."""
    mentioned = [_mentioned(place, name) for place, name in enumerate(printed, start=1)]
    con = linked(
        world([Work(1, authors("NL"))])
        | {
            "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
            "staged_affiliations": arrow(STAGED_AFFILIATIONS, mentioned),
            "company_names": arrow(COMPANY_NAMES, LISTED),
        }
    )
    found = con.table("organization_companies")
    named = found.inner_join(con.table("organizations"), "organization_id")
    return rows(named, "organization_name", "company", "parent", "country_code")


def test_marks_brackets_and_legal_forms_make_no_other_name() -> None:
    printed = ("Reef Cables", "REEF CABLES, Inc.", "Reef Cables (Kenya) Private Limited", "RC&F")

    found = _companies(*printed)

    # The first two are one organization: `test_organizations`.
    assert [row[0] for row in found] == [*sorted({*printed} - {"Reef Cables"})]
    assert {row[1:] for row in found} == {("Reef Cables", "Reef", "KE")}


def test_a_name_that_is_only_like_one_is_nobody() -> None:
    others = ("Reef", "Reef Cables Research", "The Reef Cables", "Inc.", "Reef-Cablesmith", "RCF")

    assert _companies(*others) == []


def test_an_organization_with_a_ror_id_stays_what_it_is() -> None:
    described = {
        "register": "rfc",
        "part_key": "part",
        "record": 1,
        "organization_key": "reef cables",
        "ror_id": "027bh9e22",
        "organization_name": "Reef Cables",
        "n_locations": 1,
    }

    assert _companies("Reef Cables", described=(described,)) == []


def test_a_name_that_comes_with_the_package_is_of_one_company_in_its_compared_form() -> None:
    listed = company_list.given()[COMPANY_NAMES.name].to_pylist()
    names = Counter(row["name"] for row in listed)

    assert [name for name, n in names.items() if n > 1] == []
    assert len({row["company"] for row in listed}) == len(_read())
    bare = [name for name in names if name != name.lower().strip() or "." in name or "," in name]
    assert bare == []


def test_a_source_that_names_the_table_of_3gpp_says_what_stands_there() -> None:
    path = EMBEDDED / "3gpp" / "organizations.csv"
    heads = {
        row["parent"]: row["head_office"]
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    }
    told = [row for row in _read() if row["source"] == "3gpp/organizations.csv"]

    assert len(told) > 30
    assert [r["company"] for r in told if heads.get(r["parent"]) != r["head_office"]] == []


def _read() -> list[dict[str, str]]:
    return list(csv.DictReader(company_list.COMPANIES.read_text("utf-8").splitlines()))


def test_names_judged_by_hand_are_the_companies_that_they_were_judged_to_be() -> None:
    path = Path(__file__).parents[1] / "samples" / "affiliations" / "standards_companies.csv"
    judged = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    printed = sorted({row["affiliation"] for row in judged})
    mentioned = [_mentioned(place, name) for place, name in enumerate(printed, start=1)]
    con = linked(
        world([Work(1, authors("NL"))])
        | {"staged_affiliations": arrow(STAGED_AFFILIATIONS, mentioned)}
        | company_list.given()
    )
    named = con.table("organization_companies").inner_join(
        con.table("organization_ids").select("organization_id", "organization_key"),
        "organization_id",
    )
    found = set(rows(named, "organization_key", "company", "parent", "country_code"))

    assert len(judged) == 200
    assert found == {
        (row["affiliation"].lower(), row["company"], row["parent"], row["head_office"])
        for row in judged
    }
