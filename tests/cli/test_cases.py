"""Recording findings, deciding, fulfilling: as an officer meets them on the command line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from fourseas.lake import audit, documents, persons
from tests.cli.desk import ADA, LISTED, Desk, copy_of, desk_at
from tests.cli.running import run
from tests.lake.places import closed_directory
from tests.lake.small import temporary_directory


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk on which nothing was recorded."""
    return desk_at(tmp_path)


@pytest.fixture(scope="module")
def closed_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with a finding for closed."""
    desk = desk_at(tmp_path_factory.mktemp("closed"))
    assert desk.check(desk.case(tied_to=LISTED)).returncode == 3
    return desk


@pytest.fixture
def closed(closed_once: Desk, tmp_path: Path) -> Desk:
    """Return a copy of a desk with a finding for closed, on grant-17."""
    return copy_of(closed_once, tmp_path / "copy")


@pytest.fixture(scope="module")
def permitted_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with a finding for open with conditions."""
    desk = desk_at(tmp_path_factory.mktemp("permitted"))
    assert desk.check(desk.case()).returncode == 0
    return desk


@pytest.fixture
def permitted(permitted_once: Desk, tmp_path: Path) -> Desk:
    """Return a copy of a desk with a finding for open with conditions, on grant-17."""
    return copy_of(permitted_once, tmp_path / "copy")


def test_a_finding_is_recorded_with_its_inputs_and_the_head_is_printed(desk: Desk) -> None:
    checked = desk.check(desk.case())
    (record,) = desk.records

    assert checked.returncode == 0, checked.stderr
    assert "Case grant-17: OPEN WITH CONDITIONS" in checked.stdout
    assert f"Head, to be kept elsewhere: {record.head}" in checked.stdout
    assert "To decide: fourseas policy decide 1 --lake" in checked.stdout
    assert (record.kind, record.case) == ("finding", "grant-17")
    policy = record.body["policy"]
    text = (desk.place / "policy" / "policy.yaml").read_bytes()
    assert isinstance(policy, dict)
    assert policy["sha256"] == hashlib.sha256(text).hexdigest()
    assert documents.read(desk.lake, str(policy["sha256"])).encode() == text


def test_what_may_not_go_on_is_recorded_and_still_ends_with_3(desk: Desk) -> None:
    checked = desk.check(desk.case(tied_to=LISTED))

    assert checked.returncode == 3
    assert "Record 1 of" in checked.stdout
    assert len(desk.records) == 1


def test_json_stays_json_when_the_finding_is_recorded(desk: Desk) -> None:
    checked = desk.check(desk.case(), "--format", "json")

    assert json.loads(checked.stdout)["finding"] == "open_with_conditions"
    assert f"Head, to be kept elsewhere: {desk.records[0].head}" in checked.stderr


def test_a_check_that_is_not_recorded_leaves_no_trace(desk: Desk) -> None:
    policy = desk.place / "policy" / "policy.yaml"
    checked = run("policy", "check", str(policy), str(desk.case()))

    assert checked.returncode == 0
    assert "Record" not in checked.stdout
    assert not desk.lake.policy.exists()


def test_where_to_record_must_be_said(desk: Desk) -> None:
    policy = desk.place / "policy" / "policy.yaml"
    checked = run("policy", "check", str(policy), str(desk.case()), "--record")

    assert checked.returncode == 1
    assert "Give --lake" in checked.stderr


@pytest.mark.parametrize("person", ["田中さくら", "Émile Zola-Weber"])
def test_no_name_goes_into_the_chain_and_each_lies_beside_it(desk: Desk, person: str) -> None:
    desk.check(desk.case(person=person, tied_to=LISTED))
    desk.decide(1, "closed", reason=f"The tie of {person} is current.")
    beside = json.dumps([entry.content for entry in persons.kept(desk.lake)[0]], ensure_ascii=False)

    for part in (person, *person.split()):
        assert part not in desk.log.decode()
        assert part in beside


def test_a_label_that_names_a_person_is_refused_and_nothing_is_recorded(desk: Desk) -> None:
    checked = desk.check(desk.case("visit-of-weber"))

    assert checked.returncode == 1
    assert "The label `visit-of-weber` of the case names a person of it" in checked.stderr
    assert not desk.lake.audit.exists()
    assert persons.kept(desk.lake)[0] == ()


def test_a_decision_is_recorded_with_the_finding_that_it_is_on(closed: Desk) -> None:
    decided = closed.decide(1, "closed")
    record = closed.records[1]

    assert decided.returncode == 0, decided.stderr
    assert f"Case grant-17: decided closed by {ADA}." in decided.stdout
    assert f"Head, to be kept elsewhere: {record.head}" in decided.stdout
    assert (record.kind, record.case, record.body["finding"]) == ("decision", "grant-17", 1)
    assert record.body["reason"] == "As found."


def test_an_override_needs_a_reason_of_its_own_and_is_called_one(closed: Desk) -> None:
    refused = closed.decide(1, "open")
    done = closed.decide(1, "open", "--override", "The tie has ended.")

    assert refused.returncode == 1
    assert "is milder than the finding" in refused.stderr
    assert "--override" in refused.stderr
    assert "An override: milder than the finding of record 1, closed." in done.stdout
    assert [record.kind for record in closed.records] == ["finding", "decision"]
    assert closed.records[1].body["departure"] == "milder"


def test_a_reason_that_names_a_person_of_the_case_is_kept_beside_the_log(closed: Desk) -> None:
    done = closed.decide(1, "closed", reason="see statement_weber.pdf")

    assert "The reason tells of a person" in done.stdout
    assert b"weber" not in closed.log
    assert "statement_weber.pdf" in closed.run("audit", "log", "--kind", "decision").stdout


def test_a_later_reason_that_names_who_decided_before_is_kept_beside_the_log(closed: Desk) -> None:
    closed.decide(1, "closed")
    closed.decide(1, "closed", reason="Ada Example was right.")
    plain = closed.decide(1, "closed", reason="The panel has agreed.")

    assert b"Ada" not in closed.log
    assert "The reason tells of a person" not in plain.stdout
    assert closed.records[-1].body["reason"] == "The panel has agreed."


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("decide", "1", "--decision", "closed", "--reason", "x"), 2, "--by"),
        (("decide", "1", "--decision", "closed", "--by", ADA), 2, "--reason"),
        (("decide", "1", "--decision", "shut", "--by", ADA, "--reason", "x"), 2, "shut"),
        (
            ("decide", "1", "--decision", "closed", "--by", "Ada", "--reason", "x"),
            1,
            "in what role",
        ),
        (("decide", "7", "--decision", "closed", "--by", ADA, "--reason", "x"), 1, "no record 7"),
        (("fulfil", "1", "9", "--by", ADA, "--evidence", "x"), 1, "no open obligation 9"),
        (("fulfil", "1", "1", "--by", ADA, "--evidence", " "), 1, "what shows it"),
        (("fulfil", "1", "1", "--by", ADA), 2, "--evidence"),
    ],
)
def test_slips_are_told_and_nothing_is_recorded(
    permitted: Desk, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = permitted.run("policy", *words)

    assert ended.returncode == code
    assert told in ended.stdout + ended.stderr
    assert len(permitted.records) == 1


def test_a_decision_on_a_finding_that_was_overtaken_is_refused(permitted: Desk) -> None:
    permitted.check(permitted.case(tied_to=LISTED))
    refused = permitted.decide(1, "open_with_conditions")

    assert refused.returncode == 1
    assert "record 2 follows record 1" in refused.stderr


def test_an_obligation_is_fulfilled_once_with_what_shows_it(permitted: Desk) -> None:
    file = permitted.place / "form of Zoe Weber.txt"
    file.write_bytes(b"signed")
    permitted.decide(1, "open_with_conditions")
    before = permitted.run("policy", "duties").stdout
    words = ("policy", "fulfil", "1", "1", "--by", ADA, "--evidence", "Form, folder 24")
    done = permitted.run(*words, "--file", str(file))
    again = permitted.run(*words)

    assert "Attest that there is no position" in before
    assert done.returncode == 0, done.stderr
    body = permitted.records[2].body
    assert (body["of"], body["number"], body["evidence"]) == (1, 1, "Form, folder 24")
    assert body["file_sha256"] == hashlib.sha256(b"signed").hexdigest()
    assert b"form of" not in permitted.log
    assert "Attest that there is no position" not in permitted.run("policy", "duties").stdout
    assert again.returncode == 1
    assert "no open obligation 1" in again.stderr


def test_the_register_shows_what_was_found_decided_by_whom_and_what_is_open(
    permitted: Desk,
) -> None:
    permitted.check(permitted.case("grant-18", tied_to=LISTED))
    permitted.decide(2, "closed")
    rows = list(
        csv.DictReader(io.StringIO(permitted.run("policy", "cases", "--format", "csv").stdout))
    )
    still_open = json.loads(permitted.run("policy", "cases", "--open", "--format", "json").stdout)
    table = permitted.run("policy", "cases").stdout

    assert [(row["case"], row["found"], row["decision"], row["by"]) for row in rows] == [
        ("grant-18", "closed", "closed", "Ada Example"),
        ("grant-17", "open_with_conditions", "", ""),
    ]
    assert [row["case"] for row in still_open] == ["grant-17"]
    assert still_open[0]["still"] == ["decide", "1 obligation"]
    assert "2 cases, 1 of them open." in table
    assert "Cases under sensitive-technology" in table


def test_duties_are_shown_by_whom_and_by_day_with_what_is_overdue(permitted: Desk) -> None:
    early = permitted.run("policy", "duties", "--owner", "researcher", "--on", "2024-09-01").stdout
    late = permitted.run("policy", "duties", "--before", "2024-12-31", "--on", "2024-10-01").stdout
    rows = json.loads(permitted.run("policy", "duties", "--format", "json").stdout)

    assert "1 of 5 duties, 0 of them overdue on 2024-09-01." in early
    assert "2024-09-15 OVERDUE" in late
    assert "not decided yet" in late
    assert [(row["kind"], row["due_on"]) for row in rows] == [
        ("obligation", "2024-09-15"),
        ("list", "2025-01-16"),
        ("list", "2025-01-16"),
        ("list", "2025-05-01"),
        ("review", "2026-04-30"),
    ]


def test_the_decision_record_is_printed_or_written_with_heads_that_verify(closed: Desk) -> None:
    closed.decide(1, "closed")
    shown = closed.run("policy", "decision", "1").stdout
    file = closed.place / "record.md"
    written = closed.run("policy", "decision", "1", "--out", str(file))
    slip = closed.run("policy", "decision", "2")

    assert "| Decided by | Ada Example, head of grants" in shown
    for record in closed.records:
        assert record.head in shown
    assert written.stdout == f"Wrote {file}.\n"
    assert file.read_text(encoding="utf-8") == shown
    assert slip.returncode == 1
    assert "Record 2 is a decision, not a finding." in slip.stderr


def test_nothing_to_show_is_said(desk: Desk) -> None:
    assert "0 cases, 0 of them open." in desk.run("policy", "cases").stdout
    assert "0 of 0 duties, 0 of them overdue on" in desk.run("policy", "duties").stdout
    assert desk.run("policy", "cases", "--format", "csv").stdout == ""
    assert json.loads(desk.run("policy", "cases", "--format", "json").stdout) == []


def test_entries_are_kept_until_the_day_that_is_given(desk: Desk) -> None:
    desk.check(desk.case(), "--keep-until", "2999-12-31")
    refused = desk.decide(1, "open_with_conditions", "--keep-until", "2020-01-01")

    assert {entry.expires_on for entry in persons.kept(desk.lake)[0]} == {"2999-12-31"}
    assert refused.returncode == 1
    assert "that day is over" in refused.stderr


def test_a_lake_that_is_closed_to_writing_says_so_and_records_nothing() -> None:
    with temporary_directory() as place:
        place.chmod(0o755)
        desk = desk_at(place)
        desk.check(desk.case())
        case = desk.case("grant-18")
        with closed_directory(desk.lake.root):
            refused = desk.check(case)
        n_records = audit.verify(desk.lake).n_records

    assert refused.returncode == 1
    assert "Permission denied" in refused.stderr
    assert n_records == 1
