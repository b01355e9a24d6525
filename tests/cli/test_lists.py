"""`fourseas lists` as a user meets it, and a policy that is checked against lists of a lake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fourseas.lake import layout, lists
from tests import organized
from tests.commands import Ended, run
from tests.organized import Institute

INSTITUTE = Institute(number=1, name="Cape Institute of Technology", country="BR")
NAMESAKE = Institute(number=2, name="Cape Institute of Technology", country="KE")
CSV = "name,country\nCape Institute of Technology,\nReef Academy,KE\n"
STATED = ("--source", "invented", "--dated", "2026-02-01")

POLICY = """\
policy: harbor
title: Joint projects
owner: Office (invented)
version: 1
basis: {source: invented, date: 2026-01-01}
valid_from: 2026-01-01
review_by: 2027-01-01
appeal: To the office, in writing
scope: {activity: joint_project}
lists:
  watch: {of: organization, title: Watch, source: invented, dated: 2026-02-01}
rules:
  - id: listed
    text: Work with a listed organization is looked at first.
    when: {any_party: {organization: {in_list: watch}}}
    decision: review
"""
CASE = f"""\
case: A-1
date: 2026-06-01
source: application form
activity: joint_project
complete: [parties]
parties:
  - {{label: partner, organization: {INSTITUTE.ror_id}, country: BR, role: participant}}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> layout.Lake:
    """Build a lake of two namesakes in two countries."""
    lake = organized.new(tmp_path_factory.mktemp("namesakes") / "lake")
    return organized.build(lake, (INSTITUTE, NAMESAKE))


@pytest.fixture
def root(built: layout.Lake) -> str:
    """Return that lake without lists."""
    organized.forget_policies(built)
    return str(built.root)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a directory with a list, a policy and a case."""
    for name, text in (("watch.csv", CSV), ("policy.yaml", POLICY), ("case.yaml", CASE)):
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    return tmp_path


def add(root: str, files: Path, *more: str) -> Ended:
    """Add the list."""
    return run("lists", "add", "watch", str(files / "watch.csv"), "--lake", root, *more)


def candidate(root: str, ror_id: str) -> str:
    """Return the candidate of an organization, as the queue shows it."""
    shown = run("lists", "review", "watch", "--lake", root).stdout
    (line,) = (line for line in shown.splitlines() if ror_id in line)
    return line.split()[0]


def decide(root: str, verdict: str, ror_id: str) -> Ended:
    """Decide a candidate."""
    return run(
        *("lists", "review", "watch", "--lake", root, f"--{verdict}", candidate(root, ror_id)),
        *("--by", "Zoe Example", "--reason", "its statutes say so"),
    )


def check(root: str, files: Path) -> Ended:
    """Check the case against the lists of the lake."""
    policy, case = str(files / "policy.yaml"), str(files / "case.yaml")
    return run("policy", "check", policy, case, "--lake", root)


def test_add_says_where_the_list_stands_and_what_waits(root: str, files: Path) -> None:
    added = add(root, files, *STATED)
    edition = lists.edition(layout.locate(Path(root)), "watch")

    assert added.returncode == 0, added.stderr
    assert f"Hash: {edition.sha256}" in added.stdout
    assert "Record 1 of the audit log says so" in added.stdout
    assert "Looked for among 2 organizations with a ROR id: lake version 000001" in added.stdout
    assert "0 confirmed by a person, 1 possible, 0 with all matches rejected, 1 not found" in (
        added.stdout
    )
    assert f"fourseas lists review watch --lake {root}" in added.stdout


def test_what_is_missing_or_there_already_is_told(root: str, files: Path) -> None:
    bare = add(root, files)
    add(root, files, *STATED)
    twice = add(root, files, *STATED)
    absent = run("lists", "add", "other", str(files / "no.csv"), "--lake", root, *STATED)
    slip = run("lists", "show", "wacth", "--lake", root)

    assert bare.returncode == twice.returncode == absent.returncode == slip.returncode == 1
    assert "with --source." in bare.stderr
    assert "with --dated YYYY-MM-DD." in bare.stderr
    assert "`fourseas lists refresh watch FILE` adds an edition of it" in twice.stderr
    assert "There is nothing at" in absent.stderr
    assert "There is no list `wacth`.\nThere is watch." in slip.stderr
    assert add(root, files, *STATED, "--of", "organisation").returncode == 2


def test_refresh_says_what_differs(root: str, files: Path) -> None:
    add(root, files, *STATED)
    newer = CSV.replace("Reef Academy,KE", "Gale Works,SE").replace("name,", "name,aliases,")
    newer = newer.replace("Technology,", "Technology,CIT,").replace("Works,", "Works,,")
    files.joinpath("newer.csv").write_text(newer, encoding="utf-8")
    same = run(
        *("lists", "refresh", "watch", str(files / "watch.csv"), "--lake", root),
        *("--dated", "2026-02-01"),
    )
    told = run(
        *("lists", "refresh", "watch", str(files / "newer.csv"), "--lake", root),
        *("--dated", "2026-03-01"),
    )

    assert "Nothing new: the file is edition 1 of watch" in same.stdout
    assert "1 added, 1 removed, 1 changed" in told.stdout
    assert "  added    Gale Works (SE)" in told.stdout
    assert "  removed  Reef Academy (KE)" in told.stdout
    assert "  changed  Cape Institute of Technology: aliases none is now CIT" in told.stdout


def test_show_names_lists_editions_entries_and_their_matches(root: str, files: Path) -> None:
    assert "holds no list" in run("lists", "show", "--lake", root).stdout
    add(root, files, *STATED, "--title", "Watch [bold]of[/bold] harbors")
    every = run("lists", "show", "--lake", root).stdout
    one = run("lists", "show", "watch", "--lake", root).stdout

    assert "2026-02-01" in every
    assert "Watch [bold]of[/bold] harbors (watch), a list of organizations" in one
    assert "Source: invented" in one
    assert f"Cape Institute of Technology   {INSTITUTE.ror_id}   0.40" in one
    assert "not found" in one


def test_an_old_edition_is_told_to_be_old(root: str, files: Path) -> None:
    today = dt.datetime.now(tz=dt.UTC).date()
    old = f"{today.year - 2}-01-01"
    added = add(root, files, "--source", "invented", "--dated", old)

    assert "Note: This edition is more than 12 months old" in added.stdout
    assert (
        "watch: Note: This edition is more than 12 months"
        in run("lists", "show", "--lake", root).stdout
    )


def test_a_decision_is_recorded_and_told(root: str, files: Path) -> None:
    add(root, files, *STATED)
    done = decide(root, "confirm", INSTITUTE.ror_id)
    after = run("lists", "review", "watch", "--lake", root)

    assert done.returncode == 0, done.stderr
    assert "Confirmed: Cape Institute of Technology of watch is Cape Institute" in done.stdout
    assert "Record 2 of the audit log says who decided and why" in done.stdout
    assert "No match of watch waits for a person." in after.stdout
    assert "1 confirmed by a person" in after.stdout


def test_a_decision_without_a_name_or_of_two_at_once_is_refused(root: str, files: Path) -> None:
    add(root, files, *STATED)
    one = candidate(root, INSTITUTE.ror_id)
    nameless = run("lists", "review", "watch", "--lake", root, "--confirm", one)
    both = run("lists", "review", "watch", "--lake", root, "--confirm", one, "--reject", one)

    assert nameless.returncode == both.returncode == 1
    assert "The name of the person who decides is missing. Give it with --by." in nameless.stderr
    assert "Decide one candidate at a time" in both.stderr


def test_a_policy_is_checked_against_what_persons_have_confirmed(root: str, files: Path) -> None:
    assert "was not given" in check(root, files).stderr
    add(root, files, *STATED)
    possible = check(root, files)
    decide(root, "reject", NAMESAKE.ror_id)
    decide(root, "confirm", INSTITUTE.ror_id)
    confirmed = check(root, files)

    assert (possible.returncode, confirmed.returncode) == (3, 3)
    assert "Case A-1: NEEDS INFORMATION" in possible.stdout
    assert "(possible, not confirmed, confidence 0.40)" in possible.stdout
    assert "Case A-1: REVIEW" in confirmed.stdout
    assert "(confirmed, confidence 0.40)" in confirmed.stdout


def test_a_policy_does_not_touch_what_persons_have_rejected(root: str, files: Path) -> None:
    add(root, files, *STATED)
    decide(root, "reject", INSTITUTE.ror_id)

    assert "Case A-1: OPEN" in check(root, files).stdout
