"""The report on an organization: a world counted by hand, the embedded lake counted by SQL."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from fourseas import named_lists, workspace
from fourseas.errors import (
    AmbiguousNameError,
    ListError,
    NotComputableError,
    UnknownNameError,
)
from fourseas.lake.layout import Lake, locate
from fourseas.lake.lists import Given
from fourseas.named_lists import Stated
from fourseas.reports.organization.inquiry import Question
from fourseas.reports.organization.report import OrganizationReport, organization_report
from fourseas.reports.organization.subject import find, known
from fourseas.reports.organization.writing import as_html, as_json, as_markdown
from fourseas.reports.panel import Rows
from tests import organized
from tests.organized import Institute, Paper, Standard

HOSTILE = "<script>alert(1)</script> | [x](javascript:y) *Academy*"

US = Institute(number=1, name="Bay University", country="BR")
IT = Institute(number=2, name="Tide Institute", country="KE", aliases=("TI", "Tidal Institute"))
WATCHED = Institute(number=3, name="Gale Works (Sweden)", country="SE", kind="company")
MAYBE = Institute(number=4, name="Reef Academy", country="CL")
NAMESAKE = Institute(number=5, name="Reef Academy", country="PE")
STRANGE = Institute(number=6, name=HOSTILE, country="FR", status="inactive")
INSTITUTES = (US, IT, WATCHED, MAYBE, NAMESAKE, STRANGE)

MEDICINE = ("27", "Medicine")
PAPERS = (
    Paper(number=1, authors=((1,), (2,)), year=2020, funders=("Sea Fund", HOSTILE)),
    Paper(number=2, authors=((1, 2),), year=2021, field=MEDICINE, is_retracted=True),
    Paper(number=3, authors=((2,), (2,), (3,)), year=2021),
    Paper(number=4, authors=((1,), (3,), (4,)), year=2022, funders=("Sea Fund",)),
    Paper(number=5, authors=((2,), ()), year=2022, kind="paratext"),
    Paper(number=6, authors=((2,), (4,), ()), year=2023),
    Paper(number=7, authors=((6,), (1,)), year=2023),
    Paper(number=8, authors=((), ()), year=2023),
)
STANDARDS = (
    Standard(number=1, authors=(("tide institute", "KE"), ("Bay University", "BR")), year=2019),
    Standard(number=2, authors=(("TIDAL INSTITUTE", "DE"), (None, "DE")), year=2022),
    Standard(number=3, authors=(("Tide Institute Computing Service", "KE"),)),
    Standard(number=4, authors=(("TI", "KE"), ("Reef Academy", "CL"))),
)
WATCH = f"""\
name,country,ror,to
Gale Works,SE,{WATCHED.ror_id},
Reef Academy,,,
Cape School,,,
{HOSTILE},FR,{STRANGE.ror_id},2021-12-31
"""
OLD = "This edition is more than 12 months old: look for a newer one."


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Build the world without any list."""
    lake = organized.new(tmp_path_factory.mktemp("desk") / "lake")
    return organized.build(lake, INSTITUTES, PAPERS, STANDARDS)


@pytest.fixture(scope="module")
def lake(bare: Lake) -> Lake:
    """Return the world with one list."""
    found = locate(shutil.copytree(bare.root, bare.root.parent / "listed"))
    stated = Stated(source="invented", dated="2024-02-01", title="Watch")
    named_lists.add(found, "watch", Given("watch.csv", WATCH.encode()), stated)
    return found


@pytest.fixture(scope="module")
def report(lake: Lake) -> OrganizationReport:
    """Report on the institute for the university."""
    return asked(lake, "Tide Institute", "Bay University")


def asked(lake: Lake, organization: str, our: str, **more: object) -> OrganizationReport:
    """Return a report."""
    question = Question(organization=organization, our=our, **more)  # type: ignore[arg-type]
    with workspace.open(lake.root) as ws:
        return organization_report(ws, question)


def rows(report: OrganizationReport, name: str) -> Rows:
    """Return the rows of a table."""
    (sheet,) = (sheet for sheet in report.sheets if sheet.name == name)
    return sheet.rows


def values(report: OrganizationReport, name: str, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a table."""
    return [tuple(row[column] for column in columns) for row in rows(report, name)]


def test_works_of_each_and_joint_works_by_year_by_hand(report: OrganizationReport) -> None:
    # Papers of the institute: 1 (2020), 2 and 3 (2021), 6 (2023); 5 is no scholarly work.
    # Of the university: 1, 2, 4 (2022), 7 (2023). Joint: 1 and 2.
    assert values(report, "years", "year", "works", "our_works", "joint") == [
        ("2023", 1, 1, 0),
        ("2022", 0, 1, 0),
        ("2021", 2, 1, 1),
        ("2020", 1, 1, 1),
    ]


def test_works_with_listed_organizations_stand_for_both_sides(report: OrganizationReport) -> None:
    # Gale Works is listed by its id: 3 with the institute, 4 with the university. Reef Academy
    # of Chile may be meant: 6 with the institute, 4 with the university.
    columns = ("with_listed", "our_with_listed", "with_possible", "our_with_possible")
    assert values(report, "years", "year", *columns) == [
        ("2023", 0, 0, 1, 0),
        ("2022", 0, 1, 0, 1),
        ("2021", 1, 0, 0, 0),
        ("2020", 0, 0, 0, 0),
    ]
    assert values(report, "partners", "name", "works", "our_works", "span", "our_span") == [
        ("Gale Works (Sweden)", 1, 1, "2021", "2022"),
        ("Reef Academy", 1, 1, "2023", "2022"),
    ]
    assert [row["lists"] for row in rows(report, "partners")] == [
        "watch: on the list, by its own id",
        "watch: possible, nobody has confirmed it",
    ]


def test_works_by_field_by_hand(report: OrganizationReport) -> None:
    assert values(report, "openalex_field", "field", "works", "our_works", "joint") == [
        ("Computer Science", 3, 3, 1),
        ("Medicine", 1, 1, 1),
    ]


def test_joint_works_are_named_so_that_they_can_be_looked_at(report: OrganizationReport) -> None:
    assert values(report, "joint", "work_label", "year", "state") == [
        ("W2", 2021, "retracted"),
        ("W1", 2020, "-"),
    ]


def test_funders_are_those_of_joint_works_with_how_many_name_any(
    report: OrganizationReport,
) -> None:
    (sheet,) = (sheet for sheet in report.sheets if sheet.name == "funders")

    assert values(report, "funders", "funder_name", "n_works") == [(HOSTILE, 1), ("Sea Fund", 1)]
    assert "1 of 2 joint works name a funder" in sheet.reading.coverage


def test_retractions_stand_beside_those_of_everybody(report: OrganizationReport) -> None:
    # Of 7 scholarly works in the lake one is retracted.
    assert values(report, "retractions", "name", "n_works", "n_retracted") == [
        ("Tide Institute", 4, 1),
        ("Bay University", 4, 1),
        ("joint works", 2, 1),
        ("all works of the lake", 7, 1),
    ]


def test_standards_count_under_equal_names_and_no_others(report: OrganizationReport) -> None:
    # 1 by its name in another case, which a build links to it, 2 by its alias; 3 has a name that
    # only begins alike, and 4 an abbreviation that anybody may bear.
    first, *_ = rows(report, "standards")
    facts = {str(row["what"]): row["subject"] for row in rows(report, "identity")}

    assert (first["documents"], first["our_documents"], first["joint"]) == (2, 1, 1)
    assert facts["plain names counted as it"] == "TIDAL INSTITUTE (rfc)"
    assert facts["plain names near it, not counted"] == "TI; Tide Institute Computing Service"
    assert facts["countries of addresses, with works and standards"] == "Kenya 5; Germany 1"


def test_a_plain_name_that_two_organizations_bear_is_of_neither(lake: Lake) -> None:
    found = asked(lake, MAYBE.ror_id, US.ror_id)
    facts = {str(row["what"]): row["subject"] for row in rows(found, "identity")}

    assert facts["plain names counted as it"] == "none known"
    assert facts["plain names near it, not counted"] == "Reef Academy"
    assert "No standards document under its exact names." in found.not_found


def test_what_was_searched_is_told_whether_found_or_not(report: OrganizationReport) -> None:
    assert report.found == (
        "4 works of Tide Institute, of 2020 to 2023; 4 works of Bay University.",
        "2 joint works of the two, of 2020 to 2021.",
        "2 funders acknowledged in 1 of the joint works.",
        "2 standards documents under its exact names, of 2019 to 2022.",
        "1 of its 4 works are marked retracted; the table below sets that beside others.",
        (
            "Of 3 other organizations on the lists (1 for certain), 2 sign works with Tide "
            "Institute and 2 with Bay University."
        ),
    )
    assert report.not_found == (
        (
            "Not on the list watch (Watch), edition 1 of 2024-02-01. 1 of its 4 entries match no "
            f"organization of the lake. {OLD}"
        ),
    )
    # Of 2 + 1 + 3 + 3 + 3 + 2 + 2 authors three have no organization: one of 6 and both of 8;
    # 5 is not counted. Of the 7 authors of standards it is one.
    assert "openalex: no organization is known of 18.8% of 16 authors" in report.not_searched[0]
    assert "rfc: no organization is known of 14.3% of 7 authors" in report.not_searched[0]
    assert any(line.startswith("People: never assessed.") for line in report.not_searched)
    assert any(line.startswith("Ownership and control") for line in report.not_searched)


def test_matches_with_lists_say_which_name_matched_and_how_sure(lake: Lake) -> None:
    found = asked(lake, MAYBE.ror_id, "Gale Works")

    assert found.found[0] == (
        'Not confirmed by anybody: the entry "Reef Academy" of the list watch (Watch), source: '
        'invented, edition 1 of 2024-02-01 may mean it; "Reef Academy" (equal name, confidence '
        f"0.40). {OLD}"
    )
    assert values(found, "lists", "side", "verdict", "confidence") == [
        ("Reef Academy", "possible, nobody has confirmed it", 0.4),
        ("Gale Works (Sweden)", "on the list, by its own id", 1.0),
    ]


def test_an_entry_that_has_ended_is_told_and_not_counted(lake: Lake) -> None:
    found = asked(lake, STRANGE.ror_id, US.ror_id)

    # 7 is signed by the university with it; it was on the list until 2021.
    assert found.found[0].startswith("On a list no longer: the entry ")
    assert "(until 2021-12-31)" in found.found[0]
    assert [row["verdict"] for row in rows(found, "lists")] == ["on the list no longer"]
    assert asked(lake, IT.ror_id, US.ror_id).found[-1].startswith("Of 3 other organizations")


def test_years_restrict_everything_that_is_counted(lake: Lake) -> None:
    found = asked(lake, IT.ror_id, US.ror_id, years=(2021, 2021))

    assert values(found, "years", "year", "works", "our_works", "joint") == [("2021", 2, 1, 1)]
    assert values(found, "retractions", "name", "n_works") == [
        ("Tide Institute", 2),
        ("Bay University", 1),
        ("joint works", 1),
        ("all works of the lake", 2),
    ]
    assert "No standards document under its exact names." in found.not_found
    assert "Works and standards of 2021 to 2021 alone." in found.lead


def test_without_lists_that_is_what_was_not_searched(bare: Lake) -> None:
    found = asked(bare, IT.ror_id, US.ror_id)
    (by_year,) = (sheet for sheet in found.sheets if sheet.name == "years")

    assert found.not_searched[0].startswith("Lists: none of organizations is in the lake.")
    assert [heading.field for heading in by_year.headings] == [
        "year",
        "joint",
        "works",
        "our_works",
    ]
    assert {"lists", "partners"} & {sheet.name for sheet in found.sheets} == set()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("TIDE institute", "Tide Institute"),
        ("Tidal Institute", "Tide Institute"),
        (f"https://ror.org/{IT.ror_id}", "Tide Institute"),
        ("Gale Works", "Gale Works (Sweden)"),
        ("rfc:ti", "TI"),
    ],
)
def test_an_organization_is_found_by_name_alias_and_id(lake: Lake, written: str, name: str) -> None:
    with workspace.open(lake.root) as ws:
        assert find(known(ws), written).name == name


def test_what_a_register_wrote_as_ror_id_finds_its_organization_though_it_is_none(
    lake: Lake,
) -> None:
    with workspace.open(lake.root) as ws:
        organizations = known(ws)
    of_it = {"04200040000": organizations.identified[IT.ror_id]}

    found = find(replace(organizations, identified=of_it), "04200040000")

    assert found.name == "Tide Institute"


def test_slips_are_told_with_candidates_and_their_ids(lake: Lake) -> None:
    with workspace.open(lake.root) as ws:
        organizations = known(ws)
    with pytest.raises(AmbiguousNameError) as several:
        find(organizations, "Reef Academy")
    with pytest.raises(UnknownNameError) as slip:
        find(organizations, "Tide Instiute")
    with pytest.raises(UnknownNameError) as nobody:
        find(organizations, "Zzz")

    assert several.value.problem == (
        f"`Reef Academy` is the name of 2 organizations: Reef Academy, CL ({MAYBE.ror_id}); "
        f"Reef Academy, PE ({NAMESAKE.ror_id})."
    )
    assert slip.value.problem == "There is no organization named `Tide Instiute`."
    assert slip.value.remedy.startswith(f"There is Tide Institute, KE ({IT.ror_id});")
    assert nobody.value.remedy == "`fourseas list organization` shows the largest."


def test_what_cannot_be_asked_is_told(lake: Lake) -> None:
    with pytest.raises(NotComputableError, match="both are one organization"):
        asked(lake, "Tide Institute", IT.ror_id)
    with pytest.raises(ListError, match=r"There is no list `wach`.\nThere is watch"):
        asked(lake, IT.ror_id, US.ror_id, lists=("wach",))


def test_hostile_names_are_text_on_the_page_and_in_markdown(lake: Lake) -> None:
    found = asked(lake, STRANGE.ror_id, US.ror_id)
    page, markdown = as_html(found), as_markdown(found)

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | [x](javascript:y) *Academy*" in page
    assert "default-src 'none'" in page
    assert "<script" not in markdown
    assert r"&lt;script>alert(1)&lt;/script> \| \[x\](javascript:y) \*Academy\*" in markdown
    tables = [line for line in markdown.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)


def test_data_hold_every_table_with_its_numbers(report: OrganizationReport) -> None:
    whole = json.loads(as_json(report))

    assert whole["title"] == report.title
    assert whole["searched_and_not_found"] == list(report.not_found)
    assert whole["not_searched"] == list(report.not_searched)
    assert [sheet["name"] for sheet in whole["sheets"]] == [one.name for one in report.sheets]
    by_year = next(sheet for sheet in whole["sheets"] if sheet["name"] == "years")
    assert by_year["rows"][2]["works"] == 2
    assert set(by_year["columns"]) == set(by_year["rows"][0])


def test_markdown_and_page_tell_all_that_was_and_was_not_searched(
    report: OrganizationReport,
) -> None:
    for text in (as_html(report), as_markdown(report)):
        for title in ("Searched and found", "Searched and not found", "Not searched"):
            assert title in text
        assert "lake version 000001" in text
        assert "never assessed" in text


PAIRS = [
    ("University of Cambridge", "University of California, Berkeley"),
    ("University College London", "Inserm"),
    ("University of Toronto", "University of Amsterdam"),
]


@pytest.mark.parametrize(("organization", "our"), PAIRS)
def test_numbers_of_the_embedded_lake_are_those_of_plain_sql(
    lake_path: Path, organization: str, our: str
) -> None:
    with workspace.open(lake_path) as ws:
        found = organization_report(ws, Question(organization=organization, our=our))
        version = ws.lake.current()
    scholarly = f"""
        SELECT work_id, year, is_retracted FROM '{version}/works.parquet'
        WHERE register = 'openalex' AND stratum = 'core' AND year IS NOT NULL AND kind NOT IN (
            'paratext', 'grant', 'reference-entry', 'standard', 'peer-review', 'libguides',
            'supplementary-materials', 'database', 'retraction')
    """
    con = duckdb.connect()
    expected = con.execute(
        f"""
        WITH scholarly AS ({scholarly}),
        signing AS (
            SELECT DISTINCT organization_name AS name, work_id
            FROM '{version}/affiliations.parquet' JOIN '{version}/organizations.parquet'
            USING (organization_id) WHERE ror_id IS NOT NULL
        ),
        its AS (SELECT * FROM scholarly JOIN signing USING (work_id) WHERE name = $it),
        ours AS (SELECT * FROM scholarly JOIN signing USING (work_id) WHERE name = $us)
        SELECT (SELECT count(*) FROM its), (SELECT count(*) FROM ours),
               (SELECT count(*) FROM its JOIN ours USING (work_id)),
               (SELECT count(*) FROM its WHERE is_retracted), (SELECT count(*) FROM scholarly)
        """,
        {"it": organization, "us": our},
    ).fetchone()
    it, us, joint, every = values(found, "retractions", "n_works", "n_retracted")
    by_year = values(found, "years", "works", "our_works", "joint")

    assert expected == (it[0], us[0], joint[0], it[1], every[0])
    assert joint[0] == 3
    assert (
        tuple(sum(map(int, map(str, column))) for column in zip(*by_year, strict=True))
        == (expected[:3])
    )
