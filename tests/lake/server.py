"""A server of files that misbehaves as it is told: a real one, at an address of this machine."""

from __future__ import annotations

import hashlib
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Literal
from urllib.parse import unquote

Fault = Literal["busy", "slow down", "stop", "reset", "damage", "gone"]
"""503, 429, an end in mid-body, a reset connection, other bytes than promised, 404."""

DATE = "Wed, 01 May 2024 07:28:00 GMT"


@dataclass
class Shelf:
    """What a server has, how it behaves, and what it was asked.

    Attributes
    ----------
    root
        Directory of its files.
    faults
        End of a path to what goes wrong with it, one fault for each time it is asked for with
        GET; the last goes on for ever if `is_lasting`.
    has_ranges, has_e_tags, has_dates
        What it knows of HTTP.
    asked
        Method, path and range of each request.
    """

    root: Path
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    is_lasting: bool = False
    has_ranges: bool = True
    has_e_tags: bool = True
    has_dates: bool = True
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    url: str = ""

    def fault(self, path: str) -> Fault | None:
        """Return what goes wrong this time."""
        with self.lock:
            for end, faults in self.faults.items():
                if path.endswith(end) and faults:
                    return faults[0] if self.is_lasting and len(faults) == 1 else faults.pop(0)
        return None

    def fetched(self, end: str = ".gz") -> list[str]:
        """Return the names of files that were asked for with GET, by the end of the name."""
        return [path for method, path, _ in self.asked if method == "GET" and path.endswith(end)]


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Print nothing."""

    def do_HEAD(self) -> None:
        """Say what there is."""
        self._answer(None)

    def do_GET(self) -> None:
        """Give it, unless something is to go wrong."""
        self._answer(self.server.shelf.fault(unquote(self.path)))

    def _answer(self, fault: Fault | None) -> None:
        shelf = self.server.shelf
        asked = self.headers.get("Range")
        with shelf.lock:
            shelf.asked.append((self.command, unquote(self.path), asked))
        path = shelf.root / unquote(self.path).lstrip("/")
        if fault in ("busy", "slow down"):
            self._refuse(
                HTTPStatus.SERVICE_UNAVAILABLE if fault == "busy" else HTTPStatus.TOO_MANY_REQUESTS
            )
        elif fault == "gone" or not path.is_file():
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._give(path.read_bytes(), asked if shelf.has_ranges else None, fault)

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give(self, content: bytes, asked: str | None, fault: Fault | None) -> None:
        shelf, first, end = self.server.shelf, 0, len(content)
        e_tag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        if asked is not None:
            start, _, last = asked.removeprefix("bytes=").partition("-")
            first, end = int(start), int(last) + 1 if last else end
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{len(content)}")
        else:
            self.send_response(HTTPStatus.OK)
        if shelf.has_e_tags:
            self.send_header("ETag", e_tag)
        if shelf.has_dates:
            self.send_header("Last-Modified", DATE)
        self.send_header("Content-Length", str(end - first))
        self.end_headers()
        if self.command == "HEAD":
            return
        body = content[first:end]
        if fault == "damage":
            body = body[:-20] + bytes(20)
        if fault in ("stop", "reset"):
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
        if fault == "reset":
            # To close with the linger set to no time sends a reset.
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        super().__init__(("127.0.0.1", 0), _Desk)

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that were killed."""


@contextmanager
def serving(shelf: Shelf) -> Iterator[Shelf]:
    """Serve a shelf as long as the block lasts."""
    with _Server(shelf) as server:
        shelf.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield shelf
        finally:
            server.shutdown()
            thread.join()
