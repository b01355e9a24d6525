"""What every request passes: is it from here, is it small, and what its answer forbids."""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fourseas.web.rendering import as_error

LARGEST_BODY = 1_000_000
"""Bytes that a reader may send."""

COOKIE = "fourseas"

READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing, which any page may lead to."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Nothing but this server's own files is run or loaded, and no other page frames it."""


class TooLargeError(Exception):
    """More was sent than is read."""


class Guard:
    """Refuse strangers, pages of other servers and large bodies before a page sees them.

    Attributes
    ----------
    hosts
        Names that the server answers to; a page elsewhere that has its own name point here is
        refused. Empty for any.
    token
        What a reader must show, once by address and then by cookie; None where nobody needs one.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], token: str | None) -> None:
        self.app = app
        self.hosts = hosts
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_begun = False

        async def sealed(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, sealed)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise TooLargeError
            return message

        try:
            await self.app(scope, limited, sealed)
        except Exception:
            if not is_begun:
                await failed()(scope, receive, sealed)
            raise  # the server's log shows it

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").rsplit(":", maxsplit=1)[0]
        if self.hosts and host not in self.hosts:
            remedy = f"Open it by one of its names: {', '.join(self.hosts)}."
            return _page(421, f"This server does not answer to {host or 'nobody'}.", remedy)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return too_large()
        if scope["method"] not in READING and not _is_own(headers):
            remedy = "Send it from a page of this server."
            return _page(403, "This was sent by a page of another server.", remedy)
        return self._unknown(scope, headers)

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """Ask a stranger for the token; take it out of the address of who shows it."""
        if self.token is None:
            return None
        parameters = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = next((value for name, value in parameters if name == "token"), "")
        if self._is(shown):
            kept = urlencode([(name, value) for name, value in parameters if name != "token"])
            path = "/" + scope["path"].lstrip("/")
            answer = RedirectResponse(f"{path}{'?' if kept else ''}{kept}", status_code=303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if self._is(bearer) or self._is(_cookie(headers.get("cookie", ""))):
            return None
        remedy = "Open the address that `fourseas serve` printed, which holds the token."
        return _page(401, "This server asks for a token.", remedy)

    def _is(self, shown: str) -> bool:
        assert self.token is not None
        return hmac.compare_digest(shown.encode(), self.token.encode())


def too_large() -> Response:
    """Say that too much was sent."""
    remedy = f"Send at most {LARGEST_BODY:,} bytes; the command line reads larger files."
    return _page(413, "That is more than this page reads.", remedy)


def failed() -> Response:
    """Say that the server failed, and nothing of how."""
    remedy = "The log of `fourseas serve` says where; please report it as a fault."
    return _page(500, "This page could not be made.", remedy)


def _is_own(headers: Headers) -> bool:
    """Return whether a page of this server sent a request, or no page at all."""
    origin = headers.get("origin")
    from_page = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return from_page and (origin is None or urlsplit(origin).netloc == headers.get("host"))


def _page(status: int, problem: str, remedy: str) -> Response:
    return HTMLResponse(as_error(status, problem, remedy), status_code=status)


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
