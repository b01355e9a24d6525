"""Seeded requests to every route of the server, and what is wrong with an answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import httpx
from starlette.testclient import TestClient

from fourseas.web.app import DATA, ENTRIES, PAGES, SQL
from fourseas.web.guard import HEADERS
from fourseas.web.pages import cases, decisions, simulations

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
ENDINGS = ("", *DATA, SQL)

PARAMETERS: dict[str, tuple[str, ...]] = {
    "against": ("CN", "CN,US", "genetic-resources", "recorded-1"),
    "c.activity": ("joint_project",),
    "c.date": ("2024-05-01",),
    "c.parties.n": ("2",),
    "c.documents": ("agreement",),
    "present": ("policy: x",),
    "case": ("tied-to-a-named-organization",),
    "chosen": ("CN", "Kenya", "Atlantis"),
    "challenge": ("climate_change", "food_security"),
    "country": ("BR", "Kenya"),
    "factor": ("0", "0.5", "inf", "nan", "1e400"),
    "field": ("all", "Chemistry", "ncses:all"),
    "first": ("BR",),
    "for": ("BR", "00f54p054"),
    "from": ("2005", "0"),
    "indicator": ("volume", "impact", "collaboration"),
    "kind": ("country", "organization", "topic"),
    "lists": ("sensitive-technology",),
    "measure": ("z_collaboration", "p"),
    "name": ("climate_change",),
    "picture": ("matrix", "map"),
    "policy": ("policy: x",),
    "q": ("climate", "Universidade de Sao Paulo"),
    "register": ("openalex", "ncses"),
    "second": ("CN",),
    "series": ("ncses,ncses-published,fractional", "openalex,openalex,full"),
    "sheet": ("partners", "world"),
    "sort": ("-partners.joint", "world.p", "-"),
    "to": ("2015", "9999"),
    "token": ("x",),
    "try": ("case: x",),
    "why": ("C1", "fit"),
    "year": ("2010", "1066"),
}
"""Every parameter that a page reads, with values that it understands."""

NAMES = ("BR", "CN", "US", "all", "climate_change", "impact", "volume", "rivalry", "00f54p054",
         "sensitive-technology", "recorded-1", "Chemistry", "ncses")  # fmt: skip

HOSTILE = (
    "", " ", "0", "-1", "9" * 400, "1e309", "nan", "null", "None", "true", "[]", "{}", "a" * 5000,
    "' or 1=1 --", '"; drop table works; --', "%", "%%", "_", "\\", "\0", "\x1b[31m", "\r\nx: y",
    "\u202eabc", "\ud83d\ude00", "é\u0301" * 50, "../../etc/passwd", "..%2f..%2f", "file:///etc",
    "<script>window.ran=1</script>", '"><img src=x onerror=window.ran=1>', "{{7*7}}", "${7*7}",
    "=1+1", "*", "**", "(", ")(", "[a-", "AND OR NOT", 'a "b', "field:", "~2", "^", "+", "-", "/",
)  # fmt: skip
RAW = ("<script>window.ran", "<img src=x")
"""What no page may hold as it was sent."""

GREATEST_STATUS = 500


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a method and an address, with its parameters or with a body."""

    method: str
    address: str
    body: bytes = b""


def paths() -> tuple[str, ...]:
    """Return every route, with NAME for names."""
    forms = [entry for entry in ENTRIES if entry not in dict(PAGES)]
    static = ("/static/observatory.css", "/static/observatory.js")
    pages = (path.replace("{}", "NAME") for path, _ in PAGES)
    return (*pages, *forms, cases.ADDRESS, decisions.ADDRESS, simulations.ADDRESS, *static)


def requests(of_route: int, seed: int = 1) -> Iterator[Request]:
    """Yield for every route so many requests, and every method once, the same for a seed."""
    chance = random.Random(seed)  # noqa: S311
    for path in paths():
        for at in range(of_route):
            known = at % 2 == 1
            filled = path
            while "NAME" in filled:
                name = chance.choice(NAMES) if known else chance.choice((*NAMES, *HOSTILE))
                filled = filled.replace("NAME", _quoted(name) or "x", 1)
            filled += chance.choice(ENDINGS) if filled != "/" else ""
            asked = _parameters(chance, known=known)
            yield Request("GET", f"{filled}?{asked}" if asked else filled)
        for method in METHODS:
            yield Request(method, path.replace("NAME", "BR"), urlencode({"policy": "x"}).encode())
    for text in HOSTILE:
        sent = {"policy": text, "try": chance.choice(HOSTILE), "lists": chance.choice(HOSTILE)}
        yield Request("POST", "/policy", _encoded(sent).encode())


def _parameters(chance: random.Random, *, known: bool) -> str:
    chosen = chance.sample(sorted(PARAMETERS), chance.randint(0, 3))
    sent = {
        name: chance.choice(PARAMETERS[name] if known else (*PARAMETERS[name], *HOSTILE))
        for name in chosen
    }
    if not known and chance.random() < 0.3:
        sent[chance.choice(HOSTILE) or "x"] = chance.choice(HOSTILE)
    return _encoded(sent)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _encoded(sent: dict[str, str]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sent.items())


def wrong(client: TestClient, request: Request) -> str | None:
    """Send a request; return what is wrong with the answer, or None."""
    headers = {"content-type": "application/x-www-form-urlencoded"} if request.body else {}
    try:
        answer = client.request(
            request.method, request.address, content=request.body, headers=headers
        )
    except Exception as error:  # noqa: BLE001  (whatever it is, the server had no answer)
        return f"{type(error).__name__}: {str(error)[:200]}"
    return _wrong_with(answer)


def _wrong_with(answer: httpx.Response) -> str | None:
    if answer.status_code >= GREATEST_STATUS:
        return f"status {answer.status_code}"
    lacking = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    if lacking:
        return f"lacks {', '.join(lacking)}"
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html") and any(raw in answer.text for raw in RAW):
        return "holds markup as it was sent"
    if answer.is_redirect and not answer.headers["location"].startswith("/"):
        return f"leads to {answer.headers['location']}"
    return "leads elsewhere" if answer.headers.get("location", "").startswith("//") else None
