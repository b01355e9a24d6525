"""No route fails, whatever it is asked; every answer has its headers; other pages write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from fourseas.challenge_lists import packaged
from fourseas.reports.claims.listing import CLAIMS
from fourseas.web.app import PAGES, application, page_of
from fourseas.web.app import SLOW as AHEAD
from fourseas.web.guard import HEADERS, READING, Guard
from tests.web import asking

HOST = "http://127.0.0.1"
TOKEN = "a-token-of-some-length"  # noqa: S105
SLOW = (
    "/partners",
    "/position",
    "/country",
    "/pair",
    "/claims",
    "/quality",
    "/what-if",
    "/organization",
    "/find",
)
"""Pages that take seconds over a lake; `make trust` asks them too."""


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake; what it fails at is an answer, as on the network."""
    app = application(lake_path)
    with TestClient(
        app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False
    ) as opened:
        yield opened
    app.state.reader.close()


def test_no_route_fails_and_every_answer_has_its_headers(client: TestClient) -> None:
    asked = [one for one in asking.requests(1) if not one.address.startswith(SLOW)]
    found = {one: wrong for one in asked if (wrong := asking.wrong(client, one)) is not None}

    assert len(asked) > 150
    assert found == {}


def test_a_route_that_fails_says_nothing_of_how_and_keeps_its_headers() -> None:
    async def fail(_request: Request) -> Response:
        message = "a secret"
        raise ZeroDivisionError(message)

    app = Starlette(routes=[Route("/", fail)])
    app.add_middleware(Guard, hosts=("127.0.0.1",), token=None)
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as opened:
        answer = opened.get("/")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "please report it" in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", asking.paths())
def test_a_page_of_another_server_can_send_nothing_anywhere(client: TestClient, path: str) -> None:
    for method in asking.METHODS:
        if method in READING:
            continue
        for sent in (
            {"origin": "http://evil.example"},
            {"origin": "http://127.0.0.1:9"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            assert client.request(method, path, headers=sent).status_code == 403


def test_a_page_of_this_server_and_a_script_can_send(client: TestClient) -> None:
    for sent in ({"origin": HOST, "sec-fetch-site": "same-origin"}, {}):
        answer = client.post("/policy", data={"policy": "policy: x"}, headers=sent)
        assert answer.status_code == 400
        assert "rules" in answer.text


@pytest.mark.parametrize("path", asking.paths())
def test_without_its_token_a_server_shows_strangers_nothing(lake_path: Path, path: str) -> None:
    app = application(lake_path, hosts=(), token=TOKEN)
    with TestClient(app, base_url="http://somewhere", follow_redirects=False) as stranger:
        for method in asking.METHODS:
            answer = stranger.request(method, path)
            assert answer.status_code == 401
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    app.state.reader.close()


def test_what_is_made_ahead_are_pages_with_every_claim_and_challenge() -> None:
    paths = [address.partition("?")[0] for address in AHEAD]
    made = [page_of(path, PAGES) for path in paths]

    assert {names[0] for _, names in made if names} >= {one.name for one in CLAIMS}
    assert {f"/partners?challenge={one.name}" for one in packaged()} < {*AHEAD}


def test_the_lists_of_challenges_are_read_once() -> None:
    assert packaged() is packaged()
