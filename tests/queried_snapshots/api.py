"""A server that answers as the OpenAlex API does, and misbehaves as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from tests.queried_snapshots import filtered
from tests.world import Row

Fault = Literal["429", "500", "cut", "reset", "not json", "repeat", "spent", "401", "400"]
KEY = "secret-of-mine"


@dataclass
class Register:
    """What the server has, and what goes wrong.

    Attributes
    ----------
    records
        What the query finds.
    faults
        Number of a request, from 1, to what goes wrong with it.
    announced
        Records that it counts; as many as there are if null.
    n_repeated
        Records of a page that come again on the next one.
    is_filtered
        Whether the records are what the register holds, of which a query finds some.
    asked
        Parameters of each request.
    given
        Those by which the last page was given.
    """

    records: list[Row]
    faults: dict[int, Fault] = field(default_factory=dict)
    announced: int | None = None
    n_repeated: int = 0
    is_filtered: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def page(self, asked: dict[str, str]) -> Row:
        """Return the page that is asked for."""
        if self.is_filtered:
            return filtered.answer(self.records, asked)
        size = int(asked["per_page"])
        if "page" in asked:
            begun = (int(asked["page"]) - 1) * size
        else:
            begun = 0 if asked["cursor"] == "*" else int(asked["cursor"].removeprefix("at"))
        end = begun + size
        after = f"at{end - self.n_repeated}" if end < len(self.records) else None
        announced = len(self.records) if self.announced is None else self.announced
        meta = {"count": announced, "next_cursor": None if "page" in asked else after}
        return {"meta": meta, "results": self.records[begun:end]}


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Print nothing."""

    def do_GET(self) -> None:
        """Give a page, unless something is to go wrong."""
        register = self.server.register
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        register.asked.append(asked | {"entity": parts.path.strip("/")})
        fault = register.faults.get(len(register.asked))
        if fault in ("429", "500", "spent", "401", "400"):
            self._refuse(fault)
            return
        if fault == "repeat":
            asked = register.given
        register.given = asked
        body = json.dumps(register.page(asked)).encode()
        if fault == "not json":
            body = body[: len(body) // 2]
        self._give(200, body, {}, is_cut=fault in ("cut", "reset"))

    def _refuse(self, fault: Fault) -> None:
        wait = {"429": {"Retry-After": "0.2"}, "spent": {"Retry-After": "5400"}}.get(fault, {})
        said = {"error": "Invalid", "message": f"told {fault}"}
        status = 429 if fault == "spent" else int(fault)
        self._give(status, json.dumps(said).encode(), wait, is_cut=False)

    def _give(self, status: int, body: bytes, headers: dict[str, str], *, is_cut: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(
            "X-RateLimit-Remaining-USD", f"{0.1 - len(self.server.register.asked) / 1e4}"
        )
        self.send_header("X-RateLimit-Cost-USD", "0.0001")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, register: Register) -> None:
        self.register = register
        super().__init__(("127.0.0.1", 0), _Desk)


@contextmanager
def serving(register: Register) -> Iterator[Register]:
    """Serve a register as long as the block lasts."""
    with _Server(register) as server:
        register.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield register
        finally:
            server.shutdown()
            thread.join()
