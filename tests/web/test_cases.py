"""A case entered question by question: what a file says is found, and nothing else is asked."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import ibis
import pytest
from starlette.testclient import TestClient

from fourseas.policy.check import check_all
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.places import read_yaml
from fourseas.policy.vocabulary import LEVELS, NEEDS_INFORMATION, children
from fourseas.web.app import application
from fourseas.web.pages.case_answers import MOST_ROWS
from fourseas.web.pages.cases import ADDRESS, entered
from fourseas.web.pages.policy_papers import example, places
from fourseas.web.view import Asked
from tests.commands import run

HOST = "http://127.0.0.1"
HOSTILE = "<img src=x onerror=alert(1)>"
SOME, FEW = 4, 3
"""Cases of an example that are entered whole, and from which questions are answered."""

Answers = dict[str, list[str]]
Plain = dict[str, object]


def plain(value: object) -> str:
    """Return a value of a case as a form sends it."""
    if isinstance(value, dict):
        return plain(value["value"])
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def flat(row: Plain, plural: str, prefix: str) -> Answers:
    """Return the row of a case document as answers of the desk."""
    level = LEVELS[plural]
    found: Answers = {}
    for fact in level.facts:
        value = row.get(fact.name)
        if fact.type == "period" and isinstance(value, dict):
            ends = {end: str(value[end]) for end in ("since", "until") if value.get(end)}
            found |= {f"{prefix}{fact.name}.{end}": [day] for end, day in ends.items()}
        elif value not in (None, "unknown"):
            found[prefix + fact.name] = [plain(value)]
    declared = row.get("complete", [])
    for child in children(level):
        listed, own = row.get(child.plural), prefix + child.plural
        if listed is None:
            continue
        if listed == "none" or declared == "all" or child.plural in cast("list[str]", declared):
            found[f"{own}.all"] = ["yes"]
        if listed == "none":
            continue
        rows = cast("list[Plain]", listed)
        if child.holds_values:
            found[own] = [plain(one) for one in rows]
            continue
        found[f"{own}.n"] = [str(len(rows))]
        for at, one in enumerate(rows):
            found |= flat(one, child.plural, f"{own}.{at}.")
    return found


def matches(row: Plain) -> Answers:
    """Return what a case document says of possible matches as answers of the desk."""
    looked = cast("list[Plain]", row.get("matches") or [])
    return {f"m.{one['list']}.{one['organization']}": [plain(one["same"])] for one in looked}


def sent(answers: Answers) -> tuple[tuple[str, str], ...]:
    """Return answers as an address says them."""
    return tuple((name, value) for name, values in answers.items() for value in values)


def speakable(row: object) -> bool:
    """Return whether the desk can say a case: nothing in it is named as unknown."""
    if isinstance(row, list):
        return "unknown" not in row and all(map(speakable, row))
    return all(map(speakable, row.values())) if isinstance(row, dict) else True


def documents(place: Path) -> Iterator[tuple[int, Plain]]:
    """Yield the cases of an example as documents, with their numbers."""
    root = cast("Plain", read_yaml((place / "cases.yaml").read_text("utf-8"), "cases").root)
    for number, one in enumerate(cast("list[Plain]", root["cases"])):
        if speakable(one):
            yield number, one


def told(one: Finding) -> tuple[object, ...]:
    """Return what a finding says of a case."""
    return one.outcome, one.at_least, one.at_most, one.rules, one.possible_rules, one.duties


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_case_that_is_entered_is_found_as_its_file_is(place: Path) -> None:
    policy, cases, sources = example(place)
    of_files = check_all(policy, cases, sources, ibis.duckdb.connect())
    n = 0
    for number, document in itertools.islice(documents(place), SOME):
        answers = flat(document, "cases", "c.") | matches(document)
        asking = entered(policy, sources, Asked(ADDRESS, sent(answers)))
        assert told(asking.finding) == told(of_files[number]), document["case"]
        n += 1
    assert n >= 3


def walked(place: Path, sources: Sources, whole: Answers) -> tuple[Finding, Answers]:
    """Answer what is asked from a whole case until nothing is asked or no answer is there."""
    policy, _, _ = example(place)
    given: Answers = {"c.date": whole["c.date"]}
    while True:
        asking = entered(policy, sources, Asked(ADDRESS, sent(given)))
        names = [one.name for question in asking.questions for one in question.controls]
        wanted = [re.sub(r"\.more$", ".n", name) for name in names]
        new = {name: whole[name] for name in wanted if name in whole and name not in given}
        if not new:
            return asking.finding, given
        given |= new


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_answers_to_the_questions_alone_settle_what_the_whole_case_does(place: Path) -> None:
    policy, cases, sources = example(place)
    of_files = check_all(policy, cases, sources, ibis.duckdb.connect())
    settled = (one for one in documents(place) if of_files[one[0]].outcome != NEEDS_INFORMATION)
    for number, document in itertools.islice(settled, 1, FEW):
        of_file = of_files[number]
        whole = flat(document, "cases", "c.") | matches(document)
        finding, given = walked(place, sources, whole)
        assert finding.outcome == of_file.outcome, document["case"]
        assert set(given) <= set(whole)


@pytest.mark.parametrize(
    ("answers", "outcome", "is_asked"),
    [
        ({}, NEEDS_INFORMATION, {"c.activity", "c.advances_or_uses", "c.people"}),
        ({"c.activity": ["visit"]}, "out_of_scope", set()),
        ({"c.call_launched_on": ["2024-04-30"]}, "out_of_scope", set()),
        ({"c.advances_or_uses": ["uses"]}, NEEDS_INFORMATION, {"c.activity", "c.funders"}),
    ],
)
def test_what_an_answer_has_made_indifferent_is_not_asked(
    answers: Answers, outcome: str, is_asked: set[str]
) -> None:
    place = next(one for one in places() if one.name == "sensitive-technology")
    policy, _, sources = example(place)

    asking = entered(policy, sources, Asked(ADDRESS, sent({"c.date": ["2024-09-15"], **answers})))
    names = {one.name for question in asking.questions for one in question.controls}

    assert asking.finding.outcome == outcome
    assert {name.removesuffix(".more") for name in names} >= is_asked
    assert bool(names) == (outcome == NEEDS_INFORMATION)
    if "c.advances_or_uses" in answers:
        assert not any(name.startswith(("c.people", "c.topics")) for name in names)


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake."""
    app = application(lake_path)
    with TestClient(app, base_url=HOST, follow_redirects=False) as opened:
        yield opened
    app.state.reader.close()


def test_the_page_says_what_the_command_line_says_of_its_case(
    client: TestClient, tmp_path: Path
) -> None:
    place = next(one for one in places() if one.name == "joint-programme")
    _, document = next(documents(place))
    answers = flat(document, "cases", "c.")
    page = client.get(ADDRESS, params=[("lists", place.name), *sent(answers)])
    assert page.status_code == 200
    file = tmp_path / "case.yaml"
    (text,) = re.findall(r"<pre[^>]*>(.*?)</pre>", page.text, re.DOTALL)
    file.write_text(html.unescape(text), encoding="utf-8")

    ended = run("policy", "check", str(place / "policy.yaml"), str(file))

    assert "Nothing more is asked" in page.text
    shown = html.unescape(page.text)
    lines = [line.strip() for line in ended.stdout.splitlines() if line.strip()]
    assert len(lines) > 10
    for line in lines:
        assert line in shown


def test_the_form_holds_every_answer_and_hostile_ones_are_text(client: TestClient) -> None:
    given = {"lists": "joint-programme", "label": HOSTILE, "c.activity": "joint_project",
             "c.parties.n": "1", "c.parties.more": "1", "c.parties.0.country": "XA"}  # fmt: skip

    page = client.get(ADDRESS, params=given).text

    assert "<img src=x" not in page
    assert '<option value="joint_project" selected>' in page
    assert 'name="c.parties.n" value="2"' in page
    assert 'name="c.parties.0.country" value="XA"' in page
    assert 'name="lists" value="joint-programme"' in page
    assert "At least open, at most closed" in page


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("c.activity", HOSTILE, "joint_project"),
        ("c.date", "yesterday", "yesterday"),
        ("c.trl", "many", "many"),
        ("c.parties.more", "-1", "whole number"),
        ("c.parties.more", str(MOST_ROWS + 1), str(MOST_ROWS)),
        ("c.parties.n", "9" * 400, "whole number"),
        ("c.parties.n", "²", "whole number"),
    ],
)
def test_an_answer_that_cannot_be_is_told_beside_the_others(
    client: TestClient, name: str, value: str, said: str
) -> None:
    page = client.get(ADDRESS, params={"lists": "joint-programme", name: value})

    assert page.status_code == 400
    assert said in page.text
    assert "An answer cannot be so" in page.text
    assert "<img src=x" not in page.text
