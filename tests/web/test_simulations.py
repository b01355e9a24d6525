"""What a policy would touch, on a page: the numbers of the command line, and nothing kept."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from fourseas.web.app import application
from tests.commands import run

HOST = "http://127.0.0.1"
HOSTILE = '<img src=x onerror="document.title=1">'
EXAMPLE = "genetic-resources"
POLICY = f"""
policy: recorded-reason
title: Joint work with named countries {HOSTILE} is looked at first
owner: An institute (invented)
version: 1
valid_from: 2024-01-01
lists: {{named: {{of: country, title: Named, source: invented, dated: 2024-01-01}}}}
rules:
  - {{id: named, text: A person looks at it., decision: review, appeal: To the head,
     when: {{any_party: {{country: {{in_list: named}}}}}}}}
"""
LIST = "list: named\nof: country\nsource: invented\ndated: 2024-01-01\nmembers: [{id: CN}]\n"


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake."""
    app = application(lake_path)
    with TestClient(app, base_url=HOST, follow_redirects=False) as opened:
        yield opened
    app.state.reader.close()


def counted(client: TestClient, answer: Response, seconds: float = 300.0) -> Response:
    """Look again, as a page does, until what was asked for has been counted."""
    ends = time.monotonic() + seconds
    address = str(answer.request.url)
    while answer.status_code in {202, 303} and time.monotonic() < ends:
        if answer.status_code == 303:
            address = answer.headers["location"]
        else:
            time.sleep(0.2)
        answer = client.get(address)
    return answer


def of_page(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = [row for body in bodies for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]
    return [[html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in rows]  # fmt: skip


def of_markdown(written: str) -> list[list[str]]:
    """Return the rows of all tables of a Markdown text, without their headings."""
    lines = written.splitlines()
    rules = {number for number, line in enumerate(lines) if line.startswith("| ---")}
    heads = rules | {number - 1 for number in rules}
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for number, line in enumerate(lines)
        if line.startswith("|") and number not in heads
    ]


def test_a_page_has_every_number_of_the_command_line(
    client: TestClient, lake_path: Path, tmp_path: Path
) -> None:
    place = resources.files("fourseas") / "policy" / "examples" / EXAMPLE / "policy.yaml"
    out = tmp_path / "statement.md"
    ended = run("policy", "simulate", str(place), "--owner", "CA", "--years", "2014-2023",
                "--assume", "activity=joint_project", "--lake", str(lake_path),
                "--out", str(out))  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    sent = f"lists={EXAMPLE}&owner=CA&years=2014-2023&assume=activity%3Djoint_project"

    page = counted(client, client.get(f"/policy/simulate?{sent}"))
    data = client.get(f"/policy/simulate?{sent}&as=md")

    written = out.read_text(encoding="utf-8")
    assert page.status_code == 200
    assert len(of_markdown(written)) > 50
    assert of_page(page.text) == of_markdown(written)
    assert data.text == written
    said = html.unescape(re.sub(r"<[^>]+>", "", page.text)).replace("`", "")
    shown = [line for line in written.splitlines() if line.startswith("- **")]
    for line in shown:
        value = line.removeprefix("- **").partition("**")[0]
        assert value in said


def test_a_pasted_policy_with_its_list_is_counted_as_text(client: TestClient) -> None:
    sent = {"policy": POLICY, "list": LIST, "owner": "Canada", "years": "2014-2023", "hours": "3"}

    page = counted(client, client.post("/policy/simulate", data=sent))

    assert page.status_code == 200
    assert "What a policy would touch: Canada and its partners" in page.text
    assert "China 26, 10.2% of its own" in page.text
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text


def test_what_needs_no_counting_is_shown_first(client: TestClient) -> None:
    page = client.post("/policy/simulate", data={"policy": POLICY, "list": LIST})

    assert page.status_code == 200
    assert "Country of the author&#39;s address" in page.text
    assert "List named: members: 1, of 2024-01-01 (invented)." in page.text
    assert "Count what it would touch" in page.text
    assert "<img src=x" not in page.text


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({}, 400, "No policy was given"),
        ({"lists": "genetic-resource"}, 404, "genetic-resources"),
        ({"policy": POLICY}, 200, "list <code>named</code> is not at hand"),
        ({"policy": POLICY, "owner": "CA"}, 400, "named"),
        ({"policy": POLICY, "list": LIST, "owner": "Candaa"}, 404, "canada"),
        ({"policy": POLICY, "list": LIST, "owner": "CA", "years": "2023-2014"}, 400, "2014-2023"),
        ({"policy": POLICY, "list": LIST, "owner": "CA", "years": "ever"}, 400, "one year"),
        ({"policy": POLICY, "list": LIST, "owner": "CA", "hours": "-1"}, 400, "such as 2.5"),
        ({"policy": POLICY, "list": LIST, "owner": "CA", "as": "pdf"}, 400, "html, md, json"),
        ({"policy": POLICY, "list": LIST, "owner": "CA", "assume": "rain=1"}, 400, "rain"),
        ({"policy": "x" * 1_000_001}, 413, "at most"),
    ],
)
def test_a_slip_is_told_with_what_to_do(
    client: TestClient, sent: dict[str, str], status: int, told: str
) -> None:
    answer = counted(client, client.post("/policy/simulate", data=sent))

    assert answer.status_code == status
    assert told.casefold() in answer.text.casefold()


def test_who_asks_is_told_how_far_counting_has_come_and_where_it_will_stand(
    client: TestClient,
) -> None:
    sent = {"policy": POLICY, "list": LIST, "owner": "DE", "years": "2001-2023"}

    led = client.post("/policy/simulate", data=sent)
    first = client.get(led.headers["location"])

    assert led.status_code == 303
    assert "recorded-reason" not in led.headers["location"]
    assert first.status_code == 202
    assert first.headers["retry-after"] == "2"
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in first.text
    assert "<progress max=" in first.text
    assert counted(client, first).status_code == 200


def test_a_mark_of_nothing_is_told(client: TestClient) -> None:
    answer = client.get("/policy/simulate?counted=x")

    assert answer.status_code == 400
    assert "not kept any longer" in answer.text
