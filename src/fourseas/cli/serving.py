"""`fourseas serve`: the lake as pages in a browser."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import threading
from pathlib import Path
from urllib.parse import quote

import uvicorn

from fourseas.cli import rendering
from fourseas.errors import FourseasError
from fourseas.web.app import LOOPBACK, application, follow, prepare

NEW = "new"
LEAST_TOKEN = 16
"""Letters of a token, fewer than which could be tried out."""

HIGHEST_PORT = 65_535


def serve(lake: Path, *, host: str, port: int, token: str | None) -> None:
    """Serve a lake until it is stopped.

    Raises
    ------
    FourseasError
        Where others could read without a token, or the address cannot be listened at.
    """
    shown = secrets.token_urlsafe(24) if token == NEW else token
    is_here = _is_loopback(host)
    _require(host, shown, is_here=is_here)
    app = application(lake, hosts=LOOPBACK if is_here else (), token=shown)
    listening = _listening(host, port)
    prepare(app)
    name = f"[{host}]" if ":" in host else host
    key = f"/?token={quote(shown)}" if shown else "/"
    rendering.say(
        f"Open http://{name}:{listening.getsockname()[1]}{key} in a browser. Ctrl-C stops."
    )
    threading.Thread(target=follow, args=(app,), daemon=True).start()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    app.state.reader.close()


def _require(host: str, token: str | None, *, is_here: bool) -> None:
    if token is None and not is_here:
        message = f"At {host} other machines could read this lake."
        raise FourseasError(message, "Add --token new, which makes a secret and prints it.")
    if token is not None and len(token) < LEAST_TOKEN:
        message = f"The token has {len(token)} letters; fewer than {LEAST_TOKEN} can be guessed."
        raise FourseasError(message, "Give a longer one, or --token new.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= HIGHEST_PORT:
        message = f"There is no port {port}."
        raise FourseasError(message, f"Name one from 1 to {HIGHEST_PORT}, or 0 for any.")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        message = f"It cannot listen at {host}, port {port}: {error.strerror}."
        raise FourseasError(message, "Name another --port, or --port 0 for any.") from error
