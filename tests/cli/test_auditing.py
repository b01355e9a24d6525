"""Proving what was found and decided, and forgetting persons: as an auditor meets it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import get_args

import pytest

from fourseas.cli.audit import Kind
from fourseas.lake import audit, persons
from fourseas.lake.chain import JsonMapping, as_mapping
from fourseas.lake.sealing import Keeping
from tests.cli.desk import ADA, LISTED, Desk, copy_of, desk_at
from tests.lake.places import closed_directory
from tests.lake.small import temporary_directory

TODAY = dt.datetime.now(tz=dt.UTC).date()


@pytest.fixture
def desk(desk_once: Desk, tmp_path: Path) -> Desk:
    """Return a copy of a desk with two findings and a decision on one of them."""
    return copy_of(desk_once, tmp_path / "copy")


@pytest.fixture(scope="module")
def desk_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with two findings and a decision on one of them."""
    desk = desk_at(tmp_path_factory.mktemp("desk"))
    desk.check(desk.case("grant-17", tied_to=LISTED))
    desk.check(desk.case("grant-18", person="Bo Beispiel"))
    desk.decide(1, "closed", reason="The tie of Zoe Weber is current.")
    return desk


def test_the_kinds_that_can_be_asked_for_are_those_of_the_log() -> None:
    assert get_args(Kind) == audit.KINDS


def test_a_log_that_holds_is_verified_against_a_head_that_was_kept(desk: Desk) -> None:
    old, last = desk.records[0].head, desk.records[2].head
    verified = desk.run("audit", "verify", "--head", old, "--last", last)

    assert verified.returncode == 0, verified.stderr
    assert "holds: 3 records, each continues the one before." in verified.stdout
    assert f"Head {old} is that of record 1." in verified.stdout
    assert "5 texts that findings rest on: as their hashes say." in verified.stdout
    assert "none removed" in verified.stdout
    assert "No head was given" not in verified.stdout


def test_records_behind_the_last_head_given_are_counted(desk: Desk) -> None:
    verified = desk.run("audit", "verify", "--head", desk.records[0].head)

    assert "2 records behind the last head given: no head speaks for these." in verified.stdout
    whole = desk.run("audit", "verify", "--head", desk.records[2].head)
    assert "behind the last head" not in whole.stdout


def test_without_a_head_it_is_said_what_cannot_be_seen(desk: Desk) -> None:
    assert "No head was given" in desk.run("audit", "verify").stdout


def test_a_cut_tail_is_seen_with_a_head(desk: Desk) -> None:
    head = desk.records[2].head
    desk.lake.audit.write_bytes(b"".join(desk.log.splitlines(keepends=True)[:2]))
    without, verified = desk.run("audit", "verify"), desk.run("audit", "verify", "--head", head)

    assert without.returncode == 0
    assert "belong to no record" in without.stdout
    assert verified.returncode == 1
    assert "its end was cut" in verified.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b'"closed"', b'"open"', "Record 2 does not continue"),
        (b'"seq":2', b'"seq":3', "Record 3 stands where record 2 should be"),
    ],
)
def test_a_changed_log_is_no_longer_read_by_anything(
    desk: Desk, old: bytes, new: bytes, told: str
) -> None:
    desk.lake.audit.write_bytes(desk.log.replace(old, new, 1))

    for words in (("audit", "verify"), ("audit", "log"), ("policy", "cases"), ("policy", "duties")):
        ended = desk.run(*words)
        assert ended.returncode == 1
        assert told in ended.stderr


def test_a_text_that_was_changed_or_lost_is_seen(desk: Desk) -> None:
    body = desk.records[0].body
    kept = desk.lake.documents / str(as_mapping(body["policy"])["sha256"])
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("decision: closed", "decision: review"), encoding="utf-8")
    changed = desk.run("audit", "verify")
    replayed = desk.run("audit", "replay", "--all")
    kept.unlink()

    assert changed.returncode == replayed.returncode == 1
    assert "it was changed" in changed.stderr
    assert "cannot be found again" in replayed.stdout
    assert "No text with the hash" in desk.run("audit", "verify").stderr


def test_an_entry_removed_by_hand_is_warned_of(desk: Desk) -> None:
    next(desk.lake.persons.iterdir()).unlink()
    verified = desk.run("audit", "verify")

    assert verified.returncode == 0
    assert "Warning: 1 entry went without a record of a removal." in verified.stdout


def test_the_log_shows_a_line_for_each_record_or_those_asked_for(desk: Desk) -> None:
    whole = desk.run("audit", "log").stdout
    of_case = desk.run("audit", "log", "--case", "grant-17").stdout
    of_kind = desk.run("audit", "log", "--kind", "decision").stdout
    slip = desk.run("audit", "log", "--case", "grant-71")

    assert "3 of 3 records." in whole
    assert "2 of 3 records." in of_case
    assert "closed on record 1, by Ada Example, head of grants: The tie of Zoe Weber" in of_kind
    assert slip.returncode == 1
    assert "no case `grant-71`" in slip.stderr
    assert "grant-17" in slip.stderr


def test_records_that_keep_something_of_a_person_are_found_by_name(desk: Desk) -> None:
    assert "2 of 3 records." in desk.run("audit", "log", "--naming", "zoe weber").stdout
    assert "1 of 3 records." in desk.run("audit", "log", "--naming", "Ada Example").stdout
    assert "0 of 3 records." in desk.run("audit", "log", "--naming", "Nobody").stdout


def test_an_empty_log_is_called_empty(tmp_path: Path) -> None:
    empty = desk_at(tmp_path)

    assert empty.run("audit", "verify").stdout == f"The audit log of {tmp_path}/lake is empty.\n"
    assert "0 of 0 records." in empty.run("audit", "log").stdout
    assert "0 findings: none." in empty.run("audit", "replay", "--all").stdout


def test_a_record_that_is_dated_back_is_warned_of(desk: Desk) -> None:
    keeping = Keeping(purpose="test", expires_on="2999-01-01")
    draft = audit.Draft(kind="note", case=None, body={}, keeping=keeping)
    audit.append(desk.lake, draft, at="2020-01-01T00:00:00+00:00")

    assert "Warning: record 4 bears an earlier time" in desk.run("audit", "verify").stdout


def test_it_is_said_for_what_and_until_when_entries_are_kept(desk: Desk) -> None:
    verified = desk.run("audit", "verify").stdout

    assert "kept to show from which facts about persons something was found, until" in verified
    assert "2 kept to show who decided and why, until" in verified


def test_lists_and_what_was_said_of_them_are_told_in_a_line(desk: Desk) -> None:
    edition: JsonMapping = {"list": "towns", "edition": 2, "dated": "2024-05-01"}
    review: JsonMapping = {
        "list": "towns",
        "candidate": "c-1",
        "verdict": "confirmed",
        "entry": {"name": "Cape Inst."},
        "organization_name": "Cape Institute",
        "by": {"name": "Di Example"},
        "reason": "Same address.",
    }
    keeping = Keeping(purpose="test", expires_on="2999-01-01")
    kinds: tuple[tuple[audit.Kind, JsonMapping], ...] = (("list", edition), ("list_review", review))
    for kind, body in kinds:
        audit.append(desk.lake, audit.Draft(kind=kind, case=None, body=body, keeping=keeping))
    told = " ".join(desk.run("audit", "log").stdout.split())

    assert "towns, edition 2, of 2024-05-01" in told
    assert "towns: Cape Inst. as Cape Institute, confirmed by Di Example: Same address." in told


def test_a_record_is_shown_whole_with_its_head(desk: Desk) -> None:
    shown = json.loads(desk.run("audit", "log", "--record", "1").stdout)

    assert shown["head"] == desk.records[0].head
    assert shown["body"]["facts"]["people"][0]["label"] == "Zoe Weber"
    assert desk.run("audit", "log", "--record", "9").returncode == 1


def test_every_finding_is_found_again(desk: Desk) -> None:
    everything, one = desk.run("audit", "replay", "--all"), desk.run("audit", "replay", "2")

    assert everything.returncode == one.returncode == 0
    assert "2 findings: 2 equal." in everything.stdout
    assert one.stdout == "Record 2, case grant-18: equal.\n"


def test_a_finding_that_does_not_follow_from_its_inputs_is_told_where(desk: Desk) -> None:
    body = as_mapping(audit.restored(desk.lake, desk.records[0].body)[0])
    forged = body | {"found": as_mapping(body["found"]) | {"finding": "open"}}
    keeping = Keeping(purpose="test", expires_on="2999-01-01")
    draft = audit.Draft(kind="finding", case="grant-17", body=forged, keeping=keeping)
    audit.append(desk.lake, draft)
    replayed = desk.run("audit", "replay", "4")

    assert replayed.returncode == 1
    assert '/found/finding: recorded "open", now "closed"' in replayed.stdout
    assert "1 difference" in replayed.stdout


@pytest.mark.parametrize("words", [(), ("1", "--all"), ("3",), ("9",)])
def test_what_cannot_be_replayed_is_told(desk: Desk, words: tuple[str, ...]) -> None:
    ended = desk.run("audit", "replay", *words)

    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")


def test_forgetting_a_case_leaves_the_decision_its_office_and_a_log_that_holds(desk: Desk) -> None:
    heads = [word for record in desk.records for word in ("--head", record.head)]
    words = ("audit", "forget", "--case", "grant-17", "--by", ADA)
    refused = desk.run(*words, "--reason", "Zoe Weber asked for it")
    done = desk.run(*words, "--reason", "A request of 3 May")
    left = "".join(p.read_text(encoding="utf-8") for p in desk.lake.persons.iterdir())
    replayed = desk.run("audit", "replay", "--all")
    cases = desk.run("policy", "cases").stdout
    verified = desk.run("audit", "verify", *heads)

    assert refused.returncode == 1
    assert done.returncode == 0, done.stderr
    assert "Copies of the lake, if there are any, still have them." in done.stdout
    assert "Zoe" not in left
    assert "Bo Beispiel" in left
    assert "Kept: 1 entry that say who decided" in done.stdout
    assert verified.returncode == 0, verified.stderr
    assert "Warning" not in verified.stdout
    assert replayed.returncode == 0
    assert "facts about persons were removed (/facts/people/0)" in replayed.stdout
    assert "2 findings: 1 equal, 1 not compared." in replayed.stdout
    assert "Ada Example, head of grants" in cases


def test_those_who_decided_are_forgotten_when_asked_for(desk: Desk) -> None:
    words = ("audit", "forget", "--case", "grant-17", "--by", "Cy Example, data protection")
    desk.run(*words, "--reason", "A request of 3 May", "--deciders")

    assert "(not shown), head of grants" in desk.run("policy", "cases").stdout
    assert "closed" in desk.run("audit", "log", "--kind", "decision").stdout
    again = desk.run(*words, "--reason", "A request of 3 May", "--deciders")
    assert again.stdout == "Nothing about persons of the case grant-17 is kept.\n"


def test_a_case_that_nobody_knows_is_not_forgotten(desk: Desk) -> None:
    ended = desk.run("audit", "forget", "--case", "grant-71", "--by", ADA, "--reason", "A request")

    assert ended.returncode == 1
    assert "no case `grant-71`" in ended.stderr
    assert len(desk.records) == 3


def test_who_may_not_see_persons_can_verify_and_is_told_what_is_closed(desk_once: Desk) -> None:
    with temporary_directory() as place:
        place.chmod(0o755)
        desk = copy_of(desk_once, place / "copy")
        for entry in desk.lake.persons.iterdir():
            entry.chmod(0o000)
        with closed_directory(desk.place):
            verified = desk.run("audit", "verify", "--head", desk.records[0].head)
            cases = desk.run("policy", "cases")
            forget = ("audit", "forget", "--case", "grant-17", "--by", ADA, "--reason", "A request")
            refused = [desk.run(*forget), desk.run("audit", "log", "--naming", "Zoe")]

    assert verified.returncode == 0, verified.stderr
    assert "entries about persons; you may not read them." in verified.stdout
    assert "(not shown), head of grants" in cases.stdout
    for ended in refused:
        assert ended.returncode == 1
        assert "are closed to you" in ended.stderr


def test_entries_whose_day_has_passed_are_removed_and_no_others(desk: Desk) -> None:
    nothing = desk.run("audit", "expire", "--by", ADA)
    yesterday = (TODAY - dt.timedelta(days=1)).isoformat()
    keeping = Keeping(purpose="test", expires_on=yesterday)
    body: JsonMapping = {"people": [{"label": "Old Example"}]}
    audit.append(desk.lake, audit.Draft(kind="note", case=None, body=body, keeping=keeping))
    before = {entry.seal for entry in persons.kept(desk.lake)[0]}
    done = desk.run("audit", "expire", "--by", ADA)
    verified = desk.run("audit", "verify")

    assert "No entry about persons has expired" in nothing.stdout
    assert "Removed 1 entry about persons." in done.stdout
    after = {entry.seal: entry for entry in persons.kept(desk.lake)[0]}
    assert len(before - after.keys()) == 1
    assert "Old Example" not in str(after)
    assert "1 removed" in verified.stdout
    assert "Warning" not in verified.stdout
