"""Parents, parts and successors in the report, and whose works count: a world counted by hand."""

from __future__ import annotations

import pytest

from fourseas import named_lists, workspace
from fourseas.errors import NotComputableError
from fourseas.lake.layout import Lake
from fourseas.lake.lists import Given
from fourseas.named_lists import Stated
from fourseas.reports.organization.family import Family, RollUp, family
from fourseas.reports.organization.inquiry import Question
from fourseas.reports.organization.report import OrganizationReport, organization_report
from fourseas.reports.organization.subject import find, known
from tests import organized
from tests.organized import Institute, Paper

INSTITUTES = (
    Institute(number=1, name="Bay University", country="BR", founded=1920),
    Institute(number=2, name="Tide Group", country="CH", kind="company", founded=1950),
    Institute(number=3, name="Tide Kenya", country="KE", parents=(2,), founded=1990),
    Institute(number=4, name="Tide Laboratory", country="KE", parents=(3,), founded=1980),
    Institute(number=5, name="Joint Reef Centre", country="KE", parents=(1, 4)),
    Institute(number=6, name="Old Tide", country="CH", status="inactive", successors=(2,)),
)
PAPERS = (
    Paper(number=1, authors=((2,),)),
    Paper(number=2, authors=((3,), (2,))),
    Paper(number=3, authors=((4,), (1,))),
    Paper(number=4, authors=((5,),)),
    Paper(number=5, authors=((6,),)),
    Paper(number=6, authors=((1,),)),
)
WATCH = f"name,country,ror\nTide Laboratory,KE,{INSTITUTES[3].ror_id}\n"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Build the world with one list, on which the laboratory is."""
    lake = organized.new(tmp_path_factory.mktemp("family") / "lake")
    organized.build(lake, INSTITUTES, PAPERS)
    stated = Stated(source="invented", dated="2026-02-01", title="Watch")
    named_lists.add(lake, "watch", Given("watch.csv", WATCH.encode()), stated)
    return lake


def _asked(
    lake: Lake, name: str, *, our: str = "Bay University", roll_up: RollUp = "none"
) -> OrganizationReport:
    with workspace.open(lake.root) as ws:
        return organization_report(ws, Question(organization=name, our=our, roll_up=roll_up))


def _family(lake: Lake, name: str) -> Family:
    with workspace.open(lake.root) as ws:
        return family(ws, find(known(ws), name).organization_id)


def _totals(report: OrganizationReport) -> list[int]:
    """Return works of the organization, of the other, and joint ones."""
    (years,) = (sheet for sheet in report.sheets if sheet.name == "years")
    return [
        sum(int(str(row[name])) for row in years.rows) for name in ("works", "our_works", "joint")
    ]


@pytest.mark.parametrize(
    ("roll_up", "expected"),
    [
        # Papers 1 and 2 name the group; 3, 4 and 6 the university or its centre.
        ("none", [2, 2, 0]),
        # 2 names the group and its part and counts once; 4 is of the university's centre.
        ("parts", [2, 3, 0]),
        # 3 is of the laboratory and the university; 4 of a centre that both share.
        ("all", [4, 3, 2]),
    ],
)
def test_works_count_by_the_stated_choice(lake: Lake, roll_up: RollUp, expected: list[int]) -> None:
    assert _totals(_asked(lake, "Tide Group", roll_up=roll_up)) == expected


def test_the_choice_stands_in_the_report(lake: Lake) -> None:
    leads = {one: _asked(lake, "Tide Group", roll_up=one).lead[-1] for one in ("none", "all")}

    assert leads["none"].startswith("An organization's works are those that name it: none of")
    assert "anything below it, each counted once" in leads["all"]


def test_the_tree_is_told_with_countries_and_years(lake: Lake) -> None:
    report = _asked(lake, "Tide Laboratory")
    rows = {row["what"]: row["subject"] for row in report.sheets[0].rows}

    assert rows["part of"] == (
        "Tide Kenya (Kenya, not before 1990); "
        "Tide Group (Switzerland, head, 2 steps, not before 1990)"
    )
    assert rows["its parts"] == "Joint Reef Centre (Kenya, not before 1980)"
    assert rows["head office"] == "Bay, Kenya"
    assert rows["came after it"] == "none told"


def test_what_came_before_is_no_part_and_its_works_stay_its_own(lake: Lake) -> None:
    kin = _family(lake, "Tide Group")

    assert [one.name for one in kin.before] == ["Old Tide"]
    assert not kin.before[0].is_current
    assert [one.name for one in kin.below] == ["Tide Kenya", "Tide Laboratory", "Joint Reef Centre"]
    assert [one.name for one in _family(lake, "Old Tide").after] == ["Tide Group"]


def test_a_part_on_a_list_is_told_and_is_not_the_organization_on_it(lake: Lake) -> None:
    report = _asked(lake, "Tide Group")

    (told,) = (line for line in report.found if "which is part of it" in line)
    assert told.startswith("Tide Laboratory (")
    assert "watch: on the list" in told
    assert any(line.startswith("Not on the list watch (Watch)") for line in report.not_found)


def test_a_part_that_counts_as_the_organization_is_no_partner_of_it(lake: Lake) -> None:
    apart, together = (
        [
            str(row["name"])
            for sheet in _asked(lake, "Tide Group", roll_up=roll_up).sheets
            if sheet.name == "partners"
            for row in sheet.rows
        ]
        for roll_up in ("none", "all")
    )

    assert apart == ["Tide Laboratory"]
    assert together == []


def test_a_part_against_its_whole_is_refused_when_its_works_are_those_of_both(lake: Lake) -> None:
    assert _totals(_asked(lake, "Tide Kenya", our="Tide Group")) == [1, 2, 1]
    for pair in (("Tide Kenya", "Tide Group"), ("Tide Group", "Tide Kenya")):
        with pytest.raises(NotComputableError, match="one is part of the other") as refused:
            _asked(lake, pair[0], our=pair[1], roll_up="parts")
        assert refused.value.remedy == "Ask with --roll-up none."
