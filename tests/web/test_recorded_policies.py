"""Recorded policies on the desk: as they were, tried again, and what a new one is compared with."""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ibis
import pytest
from starlette.testclient import TestClient

from fourseas.lake import audit
from fourseas.policy.case import case_of
from fourseas.policy.check import check
from fourseas.policy.recorded import Hashes, recorded
from fourseas.web.app import application
from fourseas.web.pages.policy_papers import Papers
from fourseas.web.pages.recorded_policies import recorded_policies, recorded_policy
from tests.cli.desk import EXAMPLE, LISTED, Desk
from tests.commands import run
from tests.web.test_simulations import counted, of_markdown, of_page

HOST = "http://127.0.0.1"
NEW = "genetic-resources"
ASKED = "owner=CA&years=2014-2018&assume=activity%3Djoint_project"


@dataclass(frozen=True)
class Served:
    """A lake in which something was found, and its server."""

    desk: Desk
    client: TestClient


@pytest.fixture(scope="module")
def served(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Record findings by one policy, change it, and record another one."""
    place = tmp_path_factory.mktemp("recorded")
    shutil.copytree(lake_path, place / "lake")
    shutil.copytree(EXAMPLE, place / "policy")
    desk = Desk(place)
    assert desk.check(desk.case("grant-17", tied_to=LISTED)).returncode == 3
    assert desk.check(desk.case("grant-18")).returncode == 0
    written = place / "policy" / "policy.yaml"
    text = written.read_text(encoding="utf-8")
    written.write_text(text.replace("\nversion: 1", "\nversion: 2"), encoding="utf-8")
    assert desk.check(desk.case("grant-19")).returncode == 0
    written.unlink()
    app = application(desk.lake.root)
    with TestClient(app, base_url=HOST, follow_redirects=False) as client:
        yield Served(desk, client)
    app.state.reader.close()


def test_each_policy_is_listed_with_its_findings_the_last_first(served: Served) -> None:
    listed = recorded_policies(served.desk.lake.root)

    assert [(one.name, one.version, one.n_findings) for one in listed] == [
        ("recorded-3", "2", 1),
        ("recorded-2", "1", 2),
    ]
    page = html.unescape(served.client.get("/policy").text)
    assert "Policies by which something was found here." in page
    assert f"{listed[0].policy_id}, version 2" in page


def test_a_recorded_policy_finds_what_is_in_its_record(served: Served) -> None:
    lake = served.desk.lake.root
    for record in audit.opened(served.desk.lake, served.desk.records):
        one = recorded_policy(lake, f"recorded-{record.seq}")
        policy, sources = Papers(policy="", beside=one.name, lists="").read(lake)

        finding = check(policy, case_of(record.body["facts"]), sources, ibis.duckdb.connect())

        hashes = Hashes(policy=one.policy, lists=one.lists, tree=one.tree)
        again = recorded(finding, sources, record.body["facts"], hashes)
        assert again["lists"] == record.body["lists"]
        assert again["tree"] == record.body["tree"]
        assert again["found"] == record.body["found"]


def test_its_page_shows_its_rules_and_the_lists_of_then(served: Served) -> None:
    page = html.unescape(served.client.get("/policy/recorded-1").text)

    assert "As it was in record 1." in page
    assert "What its rules say, and what their mirror would." in page
    for list_id in recorded_policy(served.desk.lake.root, "recorded-1").lists:
        assert f"List {list_id}: members: " in page


@pytest.mark.parametrize("name", ["recorded-99", "recorded-", "recorded-x"])
def test_a_record_that_is_not_there_is_told_with_those_that_are(served: Served, name: str) -> None:
    answer = served.client.get(f"/policy/{name}")

    assert answer.status_code == 404
    assert "recorded-3" in answer.text


@pytest.mark.parametrize("way", ["recorded", "pasted"])
def test_a_new_policy_against_the_one_in_force_is_counted_as_the_command_line_does(
    served: Served, tmp_path: Path, way: str
) -> None:
    out = tmp_path / "statement.md"
    lake = str(served.desk.lake.root)
    ended = run("policy", "simulate", str(EXAMPLE.parent / NEW / "policy.yaml"), "--owner", "CA",
                "--years", "2014-2018", "--assume", "activity=joint_project", "--lake", lake,
                "--against", str(EXAMPLE / "policy.yaml"), "--out", str(out))  # fmt: skip
    assert ended.returncode == 0, ended.stderr

    if way == "recorded":
        address = f"/policy/simulate?lists={NEW}&against=recorded-2&{ASKED}"
        page = counted(served.client, served.client.get(address))
    else:
        sent = dict(part.split("=") for part in ASKED.replace("%3D", ":").split("&"))
        texts = {
            "policy": (EXAMPLE.parent / NEW / "policy.yaml").read_text(encoding="utf-8"),
            "present": (EXAMPLE / "policy.yaml").read_text(encoding="utf-8"),
            "lists": NEW,
            "list": "\n---\n".join(
                one.read_text(encoding="utf-8") for one in sorted(EXAMPLE.glob("lists/*.yaml"))
            ),
            "assume": sent.pop("assume").replace(":", "="),
        }
        page = counted(served.client, served.client.post("/policy/simulate", data=sent | texts))

    assert page.status_code == 200
    assert of_page(page.text) == of_markdown(out.read_text(encoding="utf-8"))


def test_who_names_a_policy_in_force_that_is_not_there_is_told_so(served: Served) -> None:
    answer = counted(
        served.client, served.client.get(f"/policy/simulate?lists={NEW}&against=nothing&{ASKED}")
    )

    assert answer.status_code == 404
    assert "sensitive-technology" in answer.text
