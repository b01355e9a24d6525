"""`fourseas policy` as an officer meets it: what is printed, written and returned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Ended, run

POLICY = """\
policy: data-out
title: Health data that leave the university
owner: Research security office
version: 1
valid_from: 2024-01-01
rules:
  - id: health-data
    text: Health data are shared with a company only after review.
    when: [any_data: {kind: health}, any_party: {sector: company}]
    decision: review
"""
CASE = """\
case: heart-study
date: 2024-05-04
complete: all
data: [{kind: health}]
parties: [{sector: SECTOR}]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a directory with a policy and three cases."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    for name in ("company", "university", "unknown"):
        text = CASE.replace("SECTOR", name)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def _check(place: Path, case: str, *options: str) -> Ended:
    return run("policy", "check", str(place / "policy.yaml"), str(place / f"{case}.yaml"), *options)


@pytest.mark.parametrize(
    ("case", "code", "told"),
    [
        ("university", 0, "Case heart-study: OPEN"),
        ("company", 3, "Case heart-study: REVIEW"),
        ("unknown", 3, "Case heart-study: NEEDS INFORMATION: at least open, at most review"),
    ],
)
def test_check_ends_with_0_if_the_case_may_go_on_and_3_if_not(
    place: Path, case: str, code: int, told: str
) -> None:
    ended = _check(place, case)

    assert ended.returncode == code
    assert told in ended.stdout
    assert ended.stderr == ""


def test_check_ends_with_0_under_conditions_3_if_closed_and_3_out_of_scope(place: Path) -> None:
    policy = place / "policy.yaml"
    for decision, code in (("open_with_conditions", 0), ("closed", 3), ("open", 0)):
        policy.write_text(POLICY.replace("decision: review", f"decision: {decision}"))
        assert _check(place, "company").returncode == code
    policy.write_text(POLICY.replace("2024-01-01", "2024-06-01"))
    ended = _check(place, "company")
    assert ended.returncode == 3
    assert "The policy applies from 2024-06-01" in ended.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("policy", "check", "nowhere.yaml", "nothing.yaml"), 1),
        (("policy", "show", "nowhere.yaml"), 1),
        (("policy", "examples", "nothing"), 1),
        (("policy", "check", "one.yaml"), 2),
        (("policy", "chek"), 2),
        (("policy", "check", "a", "b", "--format", "xml"), 2),
        (("policy", "lint"), 2),
    ],
)
def test_an_error_ends_with_1_and_a_slip_on_the_command_line_with_2(
    words: tuple[str, ...], code: int
) -> None:
    assert run(*words).returncode == code


def test_check_writes_json_and_markdown_on_the_screen_and_to_files(place: Path) -> None:
    record = json.loads(_check(place, "company", "--format", "json").stdout)
    assert (record["finding"], record["case"]) == ("review", "heart-study")
    assert [one["id"] for one in record["rules"]] == ["health-data"]

    out = place / "finding.md"
    ended = _check(place, "company", "--format", "markdown", "--out", str(out))
    assert ended.returncode == 3
    assert ended.stdout == f"Wrote {out}.\n"
    assert out.read_text(encoding="utf-8").startswith("# Case heart-study: REVIEW\n")


def test_a_place_where_nothing_can_be_written_is_told(place: Path) -> None:
    ended = _check(place, "company", "--out", str(place / "nowhere" / "finding.txt"))

    assert ended.returncode == 1
    assert "nowhere" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_validate_tells_the_faults_of_every_file(place: Path) -> None:
    good, bad, worse = (place / f"{name}.yaml" for name in ("policy", "bad", "worse"))
    bad.write_text(POLICY.replace("decision", "decison"), encoding="utf-8")
    worse.write_bytes(b"\xff\xfe\x00")
    ended = run("policy", "validate", str(bad), str(good), str(worse))

    assert ended.returncode == 1
    assert ended.stdout == f"{good}: valid, 1 rule.\n"
    assert f"{bad}: 2 problems." in ended.stderr
    assert (
        "line 10, column 5: `decison` is not known here. Did you mean `decision`?" in ended.stderr
    )
    assert str(worse) in ended.stderr
    assert run("policy", "validate", str(good)).returncode == 0


def test_lint_ends_with_1_only_for_errors(place: Path) -> None:
    policy = place / "policy.yaml"
    ended = run("policy", "lint", str(policy))
    assert ended.returncode == 0
    assert "warning mirror: health-data" in ended.stdout
    assert ended.stdout.endswith("0 errors, 4 warnings.\n")

    policy.write_text(POLICY.replace("decision: review", "decision: closed"), encoding="utf-8")
    ended = run("policy", "lint", str(policy))
    assert ended.returncode == 1
    assert f"{policy}, line 7, column 5: error appeal: health-data: It closes" in ended.stdout
    assert "2 errors, " in ended.stdout


def test_show_prints_a_policy_for_a_committee_and_writes_it(place: Path) -> None:
    shown = run("policy", "show", str(place / "policy.yaml"))
    out = place / "policy.md"
    written = run("policy", "show", str(place / "policy.yaml"), "--out", str(out))

    assert (shown.returncode, written.returncode) == (0, 0)
    assert out.read_text(encoding="utf-8") == shown.stdout
    assert "### health-data: review" in shown.stdout


def test_diff_tells_what_changes_and_which_way(place: Path) -> None:
    new = place / "new.yaml"
    new.write_text(POLICY.replace("decision: review", "decision: closed"), encoding="utf-8")
    ended = run("policy", "diff", str(place / "policy.yaml"), str(new))

    assert ended.returncode == 0
    assert "health-data: changed (stricter)" in ended.stdout
    assert "Its decision was review and is closed." in ended.stdout
    assert "Altogether: No case can come out milder; some may come out stricter." in ended.stdout


def test_examples_are_listed_copied_and_checked(tmp_path: Path) -> None:
    listed = run("policy", "examples")
    assert listed.returncode == 0
    assert "human-genetics" in listed.stdout

    copy = tmp_path / "mine"
    assert run("policy", "examples", "human-genetics", "--out", str(copy)).returncode == 0
    assert run("policy", "examples", "human-genetics", "--out", str(copy)).returncode == 1
    checked = run("policy", "examples", str(copy))
    assert checked.returncode == 0
    assert "13 of 13 cases as expected." in checked.stdout

    cases = copy / "cases.yaml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("finding: closed", "finding: open", 1), encoding="utf-8")
    checked = run("policy", "examples", str(copy))
    assert checked.returncode == 1
    assert "12 of 13 cases as expected." in checked.stdout


def test_a_list_may_stand_anywhere_and_must_be_the_edition_that_is_meant(tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    run("policy", "examples", "sensitive-technology", "--out", str(copy))
    case = tmp_path / "case.yaml"
    case.write_text("case: one\ndate: 2024-06-01\nactivity: visit\n", encoding="utf-8")
    words = ("policy", "check", str(copy / "policy.yaml"), str(case))
    assert run(*words).returncode == 3

    (copy / "lists").rename(tmp_path / "elsewhere")
    ended = run(*words)
    assert ended.returncode == 1
    assert "refers to the list `granting-agencies`, which was not given (none)." in ended.stderr
    assert run(*words, "--lists", str(tmp_path / "elsewhere")).returncode == 3


def test_a_topic_that_there_is_not_is_told_in_a_list_too(tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    run("policy", "examples", "sensitive-technology", "--out", str(copy))
    topics = copy / "lists" / "sensitive-topics.yaml"
    text = topics.read_text(encoding="utf-8")
    topics.write_text(text + "  - {id: Quantum computing algorithms}\n", encoding="utf-8")
    ended = run("policy", "examples", str(copy))

    assert ended.returncode == 1
    assert "Did you mean T10682 (Quantum Computing Algorithms and Architecture)?" in ended.stderr


def test_a_topic_or_country_by_its_name_is_told_with_its_id(place: Path) -> None:
    case = place / "company.yaml"
    text = case.read_text(encoding="utf-8").replace("sector: company", "country: Kenya")
    case.write_text(f"{text}topics: [Quantum computing]\n", encoding="utf-8")
    ended = _check(place, "company")

    assert ended.returncode == 1
    assert "`Kenya` is no country code. Did you mean KE (Kenya)?" in ended.stderr
    assert "Did you mean T10682 (Quantum Computing Algorithms and Architecture)?" in ended.stderr


@pytest.mark.parametrize("command", ["validate", "lint", "show", "diff", "examples", "check"])
def test_every_command_has_a_help_page(command: str) -> None:
    ended = run("policy", command, "--help")

    assert ended.returncode == 0
    assert f"fourseas policy {command}" in ended.stdout
