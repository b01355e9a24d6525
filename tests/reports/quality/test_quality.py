"""Shares, pairs, disagreement and accounts: planted faults, SQL of its own, and whole reports."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import ibis
import pytest

import fourseas
from fourseas.catalog import LINKS
from fourseas.lake.check import check
from fourseas.reports.quality import coverage, disagreement, found_funders, odd_pairs
from fourseas.reports.quality.conservation import CONSERVED_RECORDS
from fourseas.reports.quality.quality import SECTIONS, quality_card
from fourseas.schema.cells import PAIR_CELLS
from fourseas.schema.facts import SET_COUNTRIES, WORK_ORGANIZATIONS
from fourseas.schema.staged import STAGED_FUNDER_DOIS
from fourseas.workspace import Workspace
from tests.cli.running import run
from tests.world import (
    Author,
    Organization,
    Row,
    Work,
    arrow,
    authors,
    described,
    linked,
    on_duckdb,
    steps_to,
    world,
)

# Coverage


def test_fundings_are_counted_by_what_finds_their_funder() -> None:
    listed = [
        Work(1, funders=("Council",)),
        Work(2, funders=("Council", "The Sea Fund", "Somebody")),
        Work(3, register="rfc", funders=("10.13039/1",)),
    ]
    known = {
        "FCouncil": Organization("021nxhr62", "Research Council"),
        "sea": Organization(name="The Sea Fund"),
        "one": Organization("01cwqze88", "One"),
        "two": Organization("02v51f717", "Two"),
    }
    claims: list[Row] = [
        {
            "register": "openalex",
            "part_key": "dois",
            "record": record,
            "organization_key": key,
            "funder_doi": "F10.13039/1",
            "is_preferred": True,
        }
        for record, key in enumerate(("one", "two"), start=1)
    ]
    told = {STAGED_FUNDER_DOIS.name: arrow(STAGED_FUNDER_DOIS, claims)}
    con = linked(world(listed) | described(known) | told)
    section = found_funders.SECTION
    found = section.compute(*(con.table(spec.name) for spec in section.reads))

    assert found.to_pyarrow().to_pylist() == [
        {
            "register": "openalex",
            "n": 4,
            "n_found": 3,
            "pp_found": 0.75,
            "n_by_id": 2,
            "n_by_name": 1,
            "n_ror": 2,
            "pp_ror": 0.5,
            "n_undecided": 0,
        },
        {
            "register": "rfc",
            "n": 1,
            "n_found": 0,
            "pp_found": 0.0,
            "n_by_id": 0,
            "n_by_name": 0,
            "n_ror": 0,
            "pp_ror": 0.0,
            "n_undecided": 1,
        },
    ]


def shares(works: list[Work]) -> dict[tuple[str, int], Row]:
    """Return the shares of a world by unit and last year of the span."""
    memberships: list[Row] = [
        {
            "group_id": "CLUB",
            "group_name": "Club",
            "country_code": country,
            "first_year": first,
            "last_year": 9999,
            "source": "test",
        }
        for country, first in (("DE", 1), ("GR", 2001))
    ]
    staged = world(works, memberships=memberships)
    steps = (*LINKS, *steps_to(SET_COUNTRIES, WORK_ORGANIZATIONS))
    con = on_duckdb(staged, dict.fromkeys(steps))
    section = coverage.SECTION
    found = section.compute(*(con.table(spec.name) for spec in section.reads))
    rows = found.to_pyarrow().to_pylist()
    return {(str(row["unit_id"]), int(row["last_year"])): row for row in rows}


def test_shares_are_of_works_of_which_it_is_known() -> None:
    both = Author({"DE": 1.0}, is_corresponding=True, organizations={"DE": ("I1",)})
    found = shares(
        [
            Work(1, (both,), references=(2,), funders=("DFG",)),
            Work(2, authors("DE", "?"), n_references=0),
            Work(3, authors("?"), n_references=0),
            Work(4, n_references=0),
        ]
    )

    assert found[("WORLD", 2024)] == {
        "register": "openalex",
        "unit_id": "WORLD",
        "first_year": 2020,
        "last_year": 2024,
        "n": 4,
        "pp_country": 0.25,
        "pp_organization": 0.25,
        "pp_corresponding": 0.25,
        "pp_references": 0.25,
        "pp_funding": 0.25,
    }
    assert (found[("CLUB", 2024)]["n"], found[("CLUB", 2024)]["pp_country"]) == (2, 0.5)


def test_a_group_holds_works_of_countries_that_were_members_in_their_year() -> None:
    found = shares([Work(key, authors("GR", "DE"), year=year) for key, year in ((1, 2000),)])
    alone = shares([Work(key, authors("GR"), year=year) for key, year in ((1, 2000), (2, 2001))])

    assert found[("CLUB", 2004)]["n"] == 1  # of two members it is one work
    assert (alone[("WORLD", 2004)]["n"], alone[("CLUB", 2004)]["n"]) == (2, 1)


def test_all_years_before_the_first_span_are_told_together() -> None:
    found = shares([Work(1, authors("DE"), year=1700), Work(2, authors("DE"), year=1999)])

    assert found[("WORLD", 1999)]["first_year"] is None
    assert found[("WORLD", 1999)]["n"] == 2


# Pairs


def odd(p_of: dict[tuple[str, str], dict[int, int]]) -> list[tuple[str, str, int]]:
    """Return the pairs and years that stand out among joint works by pair and year."""
    rows: list[Row] = [
        {
            "register": "openalex",
            "snapshot_on": "2024-06-30",
            "scope": "census",
            "definition_id": "openalex",
            "unit_type": "country",
            "unit_id": unit,
            "partner_id": partner,
            "scheme": "all",
            "field_id": "all",
            "year": year,
            "p": float(p),
        }
        for (a, b), by_year in p_of.items()
        for unit, partner in ((a, b), (b, a))
        for year, p in by_year.items()
        if p
    ]
    cells = ibis.memtable(arrow(PAIR_CELLS, rows))
    found = odd_pairs.odd_pairs(cells).to_pyarrow().to_pylist()
    return [(row["unit_id"], row["partner_id"], row["year"]) for row in found]


STEADY = {
    (a, b): {year: 40 + (year * place) % 7 for year in range(2010, 2017)}
    for place, (a, b) in enumerate([("CN", "US"), ("DE", "FR"), ("BR", "PT"), ("KE", "UG")])
}


def test_steady_pairs_do_not_stand_out() -> None:
    assert odd(STEADY) == []


def test_a_code_that_is_confused_in_one_year_stands_out_in_that_year_alone() -> None:
    usual = STEADY[("CN", "US")]

    assert odd(STEADY | {("IL", "US"): usual | {2013: 400}}) == [("IL", "US", 2013)]
    assert odd(STEADY | {("NE", "US"): {2013: 90}}) == [("NE", "US", 2013)]


def test_a_year_that_lost_most_works_stands_out() -> None:
    many = dict.fromkeys(range(2010, 2017), 400)

    assert odd(STEADY | {("NA", "ZA"): many | {2013: 20}}) == [("NA", "ZA", 2013)]


def test_growth_a_lasting_step_of_few_works_and_a_shift_of_all_do_not_stand_out() -> None:
    growth = {year: int(30 * 1.6 ** (year - 2010)) for year in range(2010, 2017)}
    few = dict.fromkeys(range(2010, 2017), 2) | {2013: 12}
    shifted = {pair: by_year | {2013: 5 * by_year[2013]} for pair, by_year in STEADY.items()}

    assert odd(STEADY | {("ET", "KE"): growth, ("LA", "VN"): few}) == []
    assert odd(shifted) == []


def test_the_score_is_that_of_sql_over_published_counts(lake: Workspace) -> None:
    version = lake.lake.current()
    assert version is not None
    (row,) = duckdb.execute(
        """
        WITH counts AS (
            SELECT unit_id AS a, partner_id AS b, year, sum(p) AS p
            FROM read_parquet(?)
            WHERE register = 'matrix' AND unit_type = 'country' AND scheme = 'all'
                AND unit_id < partner_id
            GROUP BY ALL
        ),
        scored AS (
            SELECT
                t.*,
                sqrt((coalesce(x.p, 0) + 1) * (coalesce(y.p, 0) + 1)) AS e,
                ln((t.p + 1) / e) / sqrt(
                    1 / (t.p + 1) + 1 / (4 * (coalesce(x.p, 0) + 1))
                    + 1 / (4 * (coalesce(y.p, 0) + 1))
                ) AS s
            FROM counts AS t
            LEFT JOIN counts AS x ON (x.a, x.b, x.year) = (t.a, t.b, t.year - 1)
            LEFT JOIN counts AS y ON (y.a, y.b, y.year) = (t.a, t.b, t.year + 1)
            WHERE t.year = 2006
        ),
        judged AS (
        SELECT
            a, b, p, e - 1,
            (s - (SELECT median(s) FROM scored))
                / greatest(1, 1.4826 * (
                    SELECT median(abs(s - (SELECT median(s) FROM scored))) FROM scored
                )) AS z
        FROM scored
        )
        FROM judged ORDER BY abs(z) DESC LIMIT 1
        """,
        [str(version / "pair_cells.parquet")],
    ).fetchall()
    found = odd_pairs.odd_pairs(lake.table("pair_cells")).to_pyarrow().to_pylist()
    first = found[0]

    assert (first["unit_id"], first["partner_id"], first["year"]) == (*row[:2], 2006)
    assert first["p"] == row[2]
    assert (first["p_expected"], first["robust_z"]) == pytest.approx(row[3:], rel=1e-9)


# Disagreement


def test_works_that_two_registers_have_under_one_doi_are_compared() -> None:
    works = [
        Work(1, authors("DE"), doi="10.1/same"),
        Work(1, authors("DE"), doi="10.1/same", register="rfc"),
        Work(2, authors("DE"), doi="10.1/other", year=2019),
        Work(2, authors("DE", "FR"), doi="10.1/other", register="rfc"),
        Work(3, authors("?"), doi="10.1/unknown", year=None),
        Work(3, authors("FR"), doi="10.1/unknown", register="rfc"),
        Work(4, authors("FR"), doi="10.1/alone"),
    ]
    con = linked(world(works))
    (row,) = disagreement.disagreeing_works(con.table("works")).to_pyarrow().to_pylist()

    assert row == {
        "register": "openalex",
        "other_register": "rfc",
        "n": 3,
        "n_other_year": 1,
        "pp_other_year": pytest.approx(1 / 3),
        "n_other_countries": 1,
        "pp_other_countries": pytest.approx(1 / 3),
        "example": "10.1/other",
    }


def test_addresses_outside_the_country_of_an_organization_are_told() -> None:
    here = Author({"DE": 1.0}, organizations={"DE": ("I1",)})
    abroad = Author({"US": 1.0}, organizations={"US": ("I1",)})
    staged = world([Work(1, (here, abroad)), Work(2, (here,)), Work(3, (here,))])
    known = {"I1": Organization(ror_id="01abc", name="Institute", country="DE")}
    con = linked(staged | described(known))
    found = disagreement.misplaced_organizations(
        con.table("affiliations"), con.table("organizations")
    )
    (row,) = found.to_pyarrow().to_pylist()

    assert (row["organization_name"], row["country_code"]) == ("Institute", "DE")
    assert (row["address_country"], row["n_elsewhere"], row["n"]) == ("US", 1, 4)


# Whole reports


def test_every_section_keeps_what_its_table_promises(lake: Workspace) -> None:
    for section in SECTIONS:
        found = section.compute(*(lake.table(spec.name) for spec in section.reads))
        con = ibis.duckdb.connect()
        check(con, con.create_table(section.writes.name, found.to_pyarrow()), section.writes)


def test_nothing_is_lost_between_records_and_works(lake: Workspace) -> None:
    (account,) = [s for s in quality_card(lake).sheets if s.name == CONSERVED_RECORDS.name]
    version = lake.lake.current()
    works = duckdb.execute(
        "SELECT register, count(*) FROM read_parquet(?) GROUP BY 1", [f"{version}/works.parquet"]
    ).fetchall()

    assert {row["register"]: row["n_works"] for row in account.rows} == dict(works)
    assert all(row["n_lost"] == 0 for row in account.rows)
    assert all(row["n_records"] == row["n_works"] for row in account.rows)


def test_the_report_tells_what_changed_since_the_version_before(changed_path: Path) -> None:
    with fourseas.open(changed_path) as ws:
        sheets = quality_card(ws).sheets
    works = next(s for s in sheets if s.title == "Since version 1: Works")

    assert {row["change"]: row["n"] for row in works.rows}["appeared"] == 3


def test_a_page_and_data_hold_every_table_and_a_screen_its_first_rows(
    lake_path: Path, tmp_path: Path
) -> None:
    page = tmp_path / "quality.html"
    written = run("quality", "--lake", str(lake_path), "--out", str(page))
    told = run("quality", "--lake", str(lake_path), "--format", "json")
    shown = run("quality", "--lake", str(lake_path))
    sheets = {sheet["name"]: sheet for sheet in json.loads(told.stdout)["sheets"]}

    assert (written.returncode, told.returncode, shown.returncode) == (0, 0, 0)
    assert all(sheet["title"] in page.read_text() for sheet in sheets.values())
    assert "What to do" in sheets["duplicates"]["reading"]["Coverage"]
    n_rows = len(sheets["known_shares"]["rows"])
    assert f"The first 25 of {n_rows} rows" in shown.stdout
