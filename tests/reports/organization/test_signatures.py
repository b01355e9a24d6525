"""Signatures that are kept beside a version: the same report, and no table by work read for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fourseas import named_lists, workspace
from fourseas.errors import UnknownNameError
from fourseas.lake.layout import Lake, locate
from fourseas.lake.lists import Given
from fourseas.named_lists import Stated
from fourseas.reports.organization import sheets, signatures
from fourseas.reports.organization.inquiry import Question
from fourseas.reports.organization.report import OrganizationReport, organization_report, prepare
from fourseas.workspace import Workspace
from tests import organized
from tests.organized import Institute, Paper, Standard

INSTITUTES = (
    Institute(number=1, name="Bay University", country="BR"),
    Institute(number=2, name="Tide Institute", country="KE"),
    Institute(number=3, name="Gale Works", country="SE"),
    Institute(number=4, name="Tide Laboratory", country="KE", parents=(2,)),
)
PAPERS = (
    Paper(number=1, authors=((1,), (2,)), year=2020, funders=("Sea Fund", "Sky Fund")),
    Paper(number=2, authors=((1, 2), (2,)), year=2021, field=("27", "Medicine"), is_retracted=True),
    Paper(number=3, authors=((2,), (3,)), year=2021),
    Paper(number=4, authors=((1,), (3,), (4,)), year=2022, funders=("Sea Fund",)),
    Paper(number=5, authors=((2,), ()), year=2022, kind="paratext"),
)
STANDARDS = (
    Standard(number=1, authors=(("tide institute", "KE"), ("Bay University", None)), year=2019),
)
BY_WORK = ("affiliations", "authorships", "work_fields", "fundings")
QUESTIONS = (
    Question(organization="Tide Institute", our="Bay University"),
    Question(organization="Tide Institute", our="Bay University", roll_up="all"),
    Question(organization="Bay University", our="Gale Works", years=(2021, 2022)),
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Build the world with a list that names one of its organizations."""
    found = organized.build(organized.new(tmp_path / "lake"), INSTITUTES, PAPERS, STANDARDS)
    entries = f"name,country,ror\nGale Works,SE,{INSTITUTES[2].ror_id}\n"
    stated = Stated(source="invented", dated="2024-02-01", title="Watch")
    named_lists.add(found, "watch", Given("watch.csv", entries.encode()), stated)
    return found


def _at_once() -> None:
    """Wait for nobody."""


def _reports(ws: Workspace) -> list[OrganizationReport]:
    return [organization_report(ws, one) for one in QUESTIONS]


def _kept(lake: Lake) -> list[Path]:
    return sorted(path for path in lake.search.iterdir() if path.is_dir())


def test_a_report_is_the_same_whether_signatures_are_kept_or_not(lake: Lake) -> None:
    with workspace.open(lake.root) as ws:
        before = _reports(ws)
    with workspace.open(lake.root) as ws:
        prepare(ws, _at_once)
        assert _reports(ws) == before


def test_a_report_reads_no_table_of_signatures_by_work_once_they_are_kept(lake: Lake) -> None:
    with workspace.open(lake.root) as ws:
        before = _reports(ws)
    with workspace.open(lake.root) as ws:
        prepare(ws, _at_once)
        for name in BY_WORK:
            (lake.versions / ws.version / f"{name}.parquet").unlink()
        assert _reports(ws) == before


def test_each_organization_of_each_counted_work_is_one_row_in_their_order(lake: Lake) -> None:
    with workspace.open(lake.root) as ws:
        signatures.keep(ws, _at_once)
    (path,) = _kept(lake)
    rows = pq.read_table(path).to_pylist()
    # Papers 1, 2 and 3 are signed by two each, 4 by three; 5 is not scholarly; the standard by two.
    assert len(rows) == 11
    keys = [(row["organization_id"], row["work_id"]) for row in rows]
    assert keys == sorted({*keys})
    (funded,) = {
        tuple(sorted(one["name"] for one in row["fundings"])) for row in rows if row["year"] == 2020
    }
    assert funded == ("Sea Fund", "Sky Fund")
    standard = [row["country_codes"] for row in rows if row["is_standard"]]
    assert sorted(standard, key=str) == [["KE"], [None]]


def test_portions_of_works_give_the_same_rows(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = locate(shutil.copytree(lake.root, tmp_path / "other"))
    monkeypatch.setattr(signatures, "WORKS_AT_ONCE", 2)
    with workspace.open(lake.root) as ws:
        before = _reports(ws)
    with workspace.open(other.root) as ws:
        prepare(ws, _at_once)
        after = _reports(ws)
    (path,) = _kept(other)
    assert len(list(path.iterdir())) > 1
    assert [one.sheets for one in after] == [one.sheets for one in before]


def test_signatures_of_a_version_that_is_gone_are_removed(lake: Lake) -> None:
    gone = lake.search / "000099-abcdef"
    gone.mkdir(parents=True)
    with workspace.open(lake.root) as ws:
        signatures.keep(ws, _at_once)
        signatures.keep(ws, _at_once)
    assert gone not in _kept(lake)
    assert len(_kept(lake)) == 1


def test_a_name_near_to_nothing_is_still_refused_with_what_is_there(lake: Lake) -> None:
    with workspace.open(lake.root) as ws, pytest.raises(UnknownNameError, match="Tide Institute"):
        organization_report(ws, Question(organization="Tide Institut", our="Bay University"))


def test_of_many_joint_works_the_newest_are_named_and_of_one_year_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    years = {5: 2020, 4: 2021, 3: 2022, 2: 2021, 1: 2021}
    papers = [Paper(number=n, authors=((1,), (2,)), year=year) for n, year in years.items()]
    found = organized.build(organized.new(tmp_path / "lake"), INSTITUTES, papers, ())
    monkeypatch.setattr(sheets, "MOST_WORKS", 3)

    with workspace.open(found.root) as ws:
        report = organization_report(ws, QUESTIONS[0])
        numbers = dict(ws.table("works").select("work_label", "work_id").to_pandas().to_numpy())

    (joint,) = (one for one in report.sheets if one.name == "joint")
    first, *others = [str(row["work_label"]) for row in joint.rows]
    of_2021 = {label for label, n in numbers.items() if years[int(label[-1])] == 2021}
    assert years[int(first[-1])] == 2022
    assert {*others} == {*sorted(of_2021, key=numbers.__getitem__)[:2]}
