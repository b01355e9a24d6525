"""Decisions and duties on a page: those of the log, without persons, and where it is broken."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from fourseas.web import rendering
from fourseas.web.app import application
from fourseas.web.pages import cases, decisions, simulations
from fourseas.web.view import Asked
from tests.cli.desk import EXAMPLE, LISTED, Desk, desk_at

HOST = "http://127.0.0.1"
TODAY = dt.date(2024, 10, 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Record two findings and a decision that departs from one."""
    at = desk_at(tmp_path_factory.mktemp("desk"))
    assert at.check(at.case("grant-17", tied_to=LISTED)).returncode == 3
    assert at.check(at.case("grant-18")).returncode == 0
    ended = at.decide(1, "review", "--override", "The tie ended.", reason="Asked anew.")
    assert ended.returncode == 0, ended.stderr
    return at


def _when_counted(client: TestClient, address: str) -> Response:
    """Return what an address answers once it is no longer being counted."""
    ends = time.monotonic() + 300
    answer: Response = client.get(address)
    while answer.status_code == 202 and time.monotonic() < ends:
        time.sleep(0.1)
        answer = client.get(address)
    return answer


def shown(desk: Desk) -> str:
    """Return the page of a lake."""
    page = rendering.as_page(decisions.decisions(desk.lake.root, TODAY), Asked("", ()))
    return html.unescape(page)


def test_the_page_shows_what_the_command_line_lists_and_no_person(desk: Desk) -> None:
    page = shown(desk)

    listed = desk.run("policy", "cases").stdout
    for word in ("grant-17", "grant-18", "closed", "review", "milder", "head of grants"):
        assert word in listed
        assert word in page
    assert "Ada" in listed
    assert "Ada" not in page
    assert "Zoe" not in page
    assert "Cases: 2, open: " in page
    assert "The audit log is whole: 3 records" in page
    assert desk.records[-1].head in page
    assert "OVERDUE" in page


def test_a_log_that_was_changed_is_shown_as_broken_and_where(desk: Desk) -> None:
    whole = desk.log
    first, second, *rest = whole.splitlines(keepends=True)
    desk.lake.audit.write_bytes(b"".join([first, second.replace(b"grant-18", b"grant-81"), *rest]))
    try:
        page = shown(desk)
    finally:
        desk.lake.audit.write_bytes(whole)

    assert "The audit log is BROKEN at line" in page
    assert "grant-17" in page
    assert "Asked anew" not in page
    assert "is whole" not in page
    assert "The audit log is whole" in shown(desk)


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake."""
    app = application(lake_path)
    with TestClient(app, base_url=HOST, follow_redirects=False) as opened:
        yield opened
    app.state.reader.close()


def state(lake: Path) -> dict[str, str]:
    """Return the hash of every file of a lake."""
    return {
        str(file.relative_to(lake)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(lake.rglob("*"))
        if file.is_file()
    }


def test_nothing_that_is_sent_changes_the_workspace(client: TestClient, lake_path: Path) -> None:
    text = (EXAMPLE / "policy.yaml").read_text("utf-8")
    given = {"policy": text, "lists": EXAMPLE.name}
    before = state(lake_path)

    answers = [
        client.post("/policy", data=given | {"try": "case: x\ndate: 2024-09-15\n"}),
        client.post(cases.ADDRESS, data=given | {"c.activity": "funding_received"}),
        client.post(simulations.ADDRESS, data=given),
        client.post(simulations.ADDRESS, data=given | {"owner": "Candaa"}, follow_redirects=False),
    ]

    assert [one.status_code for one in answers] == [200, 200, 200, 303]
    assert _when_counted(client, answers[-1].headers["location"]).status_code == 404
    assert client.post(decisions.ADDRESS).status_code == 405
    assert state(lake_path) == before


def test_an_empty_log_is_said_to_be_so(client: TestClient) -> None:
    page = client.get(decisions.ADDRESS)

    assert page.status_code == 200
    assert "The audit log is empty" in page.text
