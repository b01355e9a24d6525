"""The statement as it is read: both sides, no claim, every number with what must be said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest

from fourseas.cli import main
from fourseas.errors import PolicyError
from fourseas.policy.finding import Sources
from fourseas.policy.lists import read_list
from fourseas.reports.simulation.sides import banned
from fourseas.reports.simulation.simulate import Scenario, Simulation, simulate
from fourseas.reports.simulation.statement import Statement, statement
from fourseas.reports.simulation.writing import as_html, as_json, as_markdown
from fourseas.workspace import Workspace
from tests.policy.past_worlds import FOUR, NAMED, SAID, policy

PACKAGE = resources.files("fourseas")
TWO = policy(("named", NAMED, "review"), ("four", FOUR, "open_with_conditions"))
ENTRIES = [{"id": "CN"}, {"id": "DE", "confidence": 0.6}]


@pytest.fixture(scope="module")
def found(lake: Workspace) -> Simulation:
    """Simulate two rules of the United States against one of them, a match unconfirmed."""
    named = read_list(json.dumps({"list": "named", "of": "country", "members": ENTRIES, **SAID}))
    return simulate(
        lake,
        Scenario(
            policy=TWO,
            sources=Sources(lists={"named": named}),
            owner="US",
            years=(2015, 2023),
            against=policy(("named", NAMED, "open_with_conditions")),
            hours_per_case=2.0,
            not_acting="2024-06-30: not estimated.",
        ),
    )


@pytest.fixture(scope="module")
def told(found: Simulation) -> Statement:
    """Return what is said of it."""
    return statement(found)


def test_every_table_has_both_sides_in_every_row(told: Statement) -> None:
    tables = [table for part in told.parts for table in part.tables]
    assert len(tables) > 15

    for table in tables:
        for row in table.rows:
            assert {*row.owner} == {*row.partner} == {one.field for one in table.measured}


def test_every_exposure_has_count_share_and_change(told: Statement) -> None:
    names = [table for part in told.parts for table in part.tables if "works" in _fields(table)]

    assert len(names) > 8
    assert all({"works", "share", "change"} <= _fields(table) for table in names)


def _fields(table: object) -> set[str]:
    return {one.field for one in getattr(table, "measured")}  # noqa: B009


@pytest.mark.parametrize("write", [as_html, as_markdown, as_json])
def test_no_banned_word_is_written(write: object, told: Statement) -> None:
    assert callable(write)
    assert banned(str(write(told))) == ()


def test_no_template_nor_module_of_the_report_holds_a_banned_word() -> None:
    places = [
        Path(str(PACKAGE / "reports" / "templates" / "simulation.html")),
        *Path(str(PACKAGE / "reports" / "simulation")).glob("*.py"),
    ]
    assert len(places) > 8

    for place in places:
        written = place.read_text(encoding="utf-8")
        if place.name == "sides.py":
            written = re.sub(r"BANNED = \([^)]*\)", "", written)
        assert banned(written) == (), place


def test_exposure_is_never_called_loss(told: Statement) -> None:
    told_in = as_markdown(told).casefold()

    assert not re.search(r"\b(loss|losses|lost|lose|loses|damage|harm)\b", told_in)


def test_scenarios_are_several_and_say_where_they_come_from(told: Statement) -> None:
    part = next(one for one in told.parts if one.name == "scenarios")
    about = [one for one in part.assessed if one.is_about]

    assert len(about) > 4, "bounds of two registers and studies of the US and China"
    assert {"(S0)", "(S1)"} <= {word for one in about for word in one.outcome.split()}
    assert all(" | " not in one.interval for one in part.assessed)
    written = as_markdown(told)
    for word in ("source", "population", "comparison group", "applies if"):
        assert written.count(f"  - {word}: ") == len(part.assessed)


def test_third_countries_are_hypotheses(told: Statement) -> None:
    part = next(one for one in told.parts if one.name == "thirds")

    assert all(table.title.startswith("Hypotheses, not findings") for table in part.tables)


def test_matches_that_nobody_confirmed_stand_apart(told: Statement) -> None:
    part = next(one for one in told.parts if one.name == "unconfirmed")
    observed = next(one for one in told.parts if one.name == "observability")

    assert part.tables
    assert any("1 of them confirmed by nobody" in line for line in observed.text)


def test_few_people_are_not_told(told: Statement) -> None:
    counts = [
        value
        for part in told.parts
        for table in part.tables
        if table.name.startswith("people")
        for row in table.rows
        for value in (row.owner["people"], row.partner["people"])
    ]

    assert "fewer than 5, not told" in counts
    assert all(int(str(one).replace(",", "")) >= 5 for one in counts if "fewer" not in str(one))


def test_hours_are_those_of_cases_that_a_person_looks_at(told: Statement) -> None:
    (table,) = (
        table for part in told.parts for table in part.tables if table.name == "workload-rfc"
    )

    for row in table.rows:
        for side in (row.owner, row.partner):
            looked_at = float(str(side["n_review"])) + float(str(side["n_needs_information"]))
            assert side["hours"] == 2.0 * looked_at


def test_the_owner_s_words_on_not_acting_are_quoted_and_dated(
    found: Simulation, told: Statement
) -> None:
    part = next(one for one in told.parts if one.name == "not-acting")
    assert part.text[0] == "“2024-06-30: not estimated.”"

    undated = replace(found, scenario=replace(found.scenario, not_acting="It would be bad."))
    with pytest.raises(PolicyError, match="does not say of which day"):
        statement(undated)


def test_an_owner_that_is_on_a_list_is_told_so(found: Simulation, told: Statement) -> None:
    assert not any("itself is on the list" in line for line in told.lead)

    china = statement(replace(found, owner="CN"))
    assert any(line.startswith("China itself is on the list `named`") for line in china.lead)


class Page(HTMLParser):
    """A page as it is read: how deep its elements are nested, and what it asks for."""

    VOID = ("meta", "img", "br", "link", "input", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens, and addresses."""
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in {"src", "href"} and value:
                (self.anchors if value.startswith("#") else self.asked).append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        """Note what closes: what was opened last."""
        assert self.open.pop() == tag


def test_the_page_is_whole_asks_for_nothing_and_its_parts_are_found(told: Statement) -> None:
    page = Page()
    page.feed(as_html(told))

    assert page.open == []
    assert all(address.startswith("data:image/svg+xml") for address in page.asked)
    assert {anchor[1:] for anchor in page.anchors} == {part.name for part in told.parts}
    assert len(set(page.ids)) == len(page.ids)


def test_texts_of_a_policy_are_escaped(found: Simulation) -> None:
    hostile = replace(found.scenario.policy, title="<script>alert(1)</script>")
    page = as_html(statement(replace(found, scenario=replace(found.scenario, policy=hostile))))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_data_keep_the_two_ends_apart(told: Statement) -> None:
    parts = {part["name"]: part for part in json.loads(as_json(told))["parts"]}
    (levels,) = [one for one in parts["exposure-rfc"]["tables"] if one["name"] == "levels-rfc"]
    first = levels["rows"][0]

    assert first["owner"]["works"]["least"] <= first["owner"]["works"]["most"]
    assert {*first["owner"]} == {*first["partner"]} == {"works", "share", "change"}


POLICY = """\
policy: named
title: Work with named countries
owner: An institute (invented)
version: 1
valid_from: 2024-01-01
lists:
  named: {of: country, title: Named, source: invented, dated: 2024-01-01}
rules:
  - {id: named, text: Named., when: {any_party: {country: {in_list: named}}}, decision: review}
"""
LIST = """\
list: named
of: country
source: invented
dated: 2024-01-01
members: [{id: CN}]
"""


def ended(*words: str) -> int | str | None:
    """Run a command and return the code with which it ends."""
    try:
        main(words)
    except SystemExit as end:
        return end.code
    return 0


@pytest.fixture
def asked(tmp_path: Path, lake_path: Path) -> list[str]:
    """Write a policy of ten lines, and return how it is simulated."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "named.yaml").write_text(LIST, encoding="utf-8")
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return ["policy", "simulate", str(file), "--lake", str(lake_path), "--years", "2018-2023"]


def test_it_is_printed_and_written_in_every_form(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*asked, "--owner", "Canada") in {0, None}
    printed = capsys.readouterr().out
    assert printed.startswith("What a policy would touch: Canada and its partners, 2018-2023")
    assert banned(printed) == ()
    for suffix in (".html", ".md", ".json"):
        out = tmp_path / f"report{suffix}"
        assert ended(*asked, "--owner", "CA", "--out", str(out)) in {0, None}
        assert "Canada and its partners, 2018-2023" in out.read_text(encoding="utf-8")


def test_cases_are_written_with_their_findings(asked: list[str], tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    out = tmp_path / "cases.parquet"
    assert ended(*asked, "--owner", "CA", "--out", str(out)) in {0, None}
    assert {"work_label", "finding", "at_least", "at_most", "rule_named"} <= {
        *pq.read_table(out).column_names
    }


@pytest.mark.parametrize(
    ("slip", "told_of"),
    [
        (("--owner", "Candaa"), "Did you mean canada"),
        (("--owner", "CA", "--assume", "trl=12"), "from 1 to 9"),
        (("--owner", "CA", "--assume", "tlr=5"), "trl"),
        (("--owner", "CA", "--definition", "openalx"), "openalex"),
        (("--owner", "CA", "--hours-per-case", "0"), "Give the hours"),
        (("--owner", "CA", "--out", "report.docx"), "Let it end in"),
        (("--owner", "CA", "--not-acting", "bad"), "of which day"),
    ],
)
def test_a_slip_is_told_with_what_to_do(
    slip: tuple[str, ...], told_of: str, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*asked, *slip) == 1
    assert told_of in capsys.readouterr().err
