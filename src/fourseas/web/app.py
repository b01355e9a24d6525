"""The server: which address is which page, and how each is sent."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from fourseas import challenge_lists
from fourseas.catalog import INDICATORS
from fourseas.errors import (
    AmbiguousNameError,
    FourseasError,
    LakeError,
    NotComputableError,
    UnknownNameError,
)
from fourseas.reports.cards.country import OF_FIELDS
from fourseas.reports.cards.headlines import OF_COUNTRIES, OF_PAIRS, slices
from fourseas.reports.cards.position import STANDINGS_BY_YEAR, STANDINGS_KNOWN
from fourseas.reports.cards.world import absent
from fourseas.reports.claims.listing import CLAIMS
from fourseas.reports.panel import CHOSEN
from fourseas.reports.partners.benefit import BROUGHT
from fourseas.web import rendering
from fourseas.web.counting import Counting
from fourseas.web.guard import Guard, TooLargeError, too_large
from fourseas.web.making import StillMadeError
from fourseas.web.pages import cases, decisions, simulations
from fourseas.web.pages.about import about
from fourseas.web.pages.cards import claim, claims, country, pair, position
from fourseas.web.pages.challenges import challenge, challenges
from fourseas.web.pages.finding import prepare_words, quality, search
from fourseas.web.pages.meanings import indicators, meaning, standards
from fourseas.web.pages.organizations import organization, organizations, prepare_organizations
from fourseas.web.pages.partners import partners
from fourseas.web.pages.policies import policies, policy
from fourseas.web.pages.policy_papers import places
from fourseas.web.pages.what_if import what_if
from fourseas.web.pages.world import of_field, world
from fourseas.web.reader import Ahead, Beside, ClosedError, Opened, Reader
from fourseas.web.view import Asked, View

Page = Callable[..., View]

PAGES: tuple[tuple[str, Page], ...] = (
    ("/", world),
    ("/world", world),
    ("/position/{}", position),
    ("/country/{}", country),
    ("/pair/{}/{}", pair),
    ("/field/{}", of_field),
    ("/indicator", indicators),
    ("/indicator/{}", meaning),
    ("/standards", standards),
    ("/partners", partners),
    ("/challenge", challenges),
    ("/challenge/{}", challenge),
    ("/organization", organizations),
    ("/organization/{}", organization),
    ("/what-if", what_if),
    ("/policy", policies),
    ("/policy/{}", policy),
    ("/claims", claims),
    ("/claims/{}", claim),
    ("/find", search),
    ("/quality", quality),
    ("/about", about),
)
"""Every page by its address; braces stand for names."""

ENTRIES: dict[str, tuple[tuple[str, str], ...]] = {
    "/position": (("country", CHOSEN["a"]),),
    "/country": (("country", CHOSEN["a"]),),
    "/pair": (("first", CHOSEN["a"]), ("second", CHOSEN["b"])),
    "/field": (("field", "all"),),
    "/challenge": (("name", ""),),
}
"""Addresses that a form leads to: its parameters become names in the path. Where one is not given
and has no default, the address is a page of its own."""

DATA: dict[str, tuple[str, Callable[[View, Asked], bytes]]] = {
    ".metadata.json": ("application/json", rendering.as_metadata),
    ".csv": ("text/csv; charset=utf-8", rendering.as_csv),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        rendering.as_workbook,
    ),
    ".parquet": ("application/vnd.apache.parquet", rendering.as_parquet),
    ".svg": ("image/svg+xml", rendering.as_svg),
    ".png": ("image/png", rendering.as_png),
    ".citation": ("text/plain; charset=utf-8", rendering.as_citation),
}
"""What an address answers besides a page, by its ending."""

SQL = ".sql"
"""An ending that answers how the indicator of a page is computed."""

OF_INDICATORS = ("/world", "/standards", "/field/NAME", "/indicator/NAME")
"""Pages of one indicator, which therefore have such an answer."""

SHOWN = (".svg", ".png", ".citation")
"""Endings that a browser shows; others it saves."""

OF_RENDERING = ("sort", "sheet", "picture")
"""Parameters that choose of a page, and change nothing in it."""

READ_OF_UNITS = (
    *slices(OF_COUNTRIES).values(),
    *OF_FIELDS,
    *slices(OF_PAIRS).values(),
    STANDINGS_KNOWN,
    STANDINGS_BY_YEAR,
    BROUGHT,
)
"""What pages of countries, of pairs and of lists of partners take rows of units from."""

SLOW = (
    "/partners",
    "/organization",
    f"/position/{CHOSEN['a']}",
    f"/country/{CHOSEN['a']}",
    f"/pair/{CHOSEN['a']}/{CHOSEN['b']}",
    "/claims",
    "/quality",
    "/what-if",
    *(f"/claims/{one.name}" for one in CLAIMS),
    *(f"/challenge/{one.name}" for one in challenge_lists.packaged()),
    *(f"/partners?challenge={one.name}" for one in challenge_lists.packaged()),
    *(f"/policy/{one.name}" for one in places()),
)
"""Pages that are made before anybody asks for them."""

NOTHING_MADE = ""
"""In place of a version that could not be read: it is tried again."""

LONG = ("/partners", "/challenge", "/organization", "/what-if", "/claims", "/find", "/quality")
"""Pages that over a lake of many cells are made in a session of their own, so that nobody waits
for who asked for one."""

MOST_PAGES = 64
"""Pages that may wait for being made."""

SECONDS_WAITED = 2.0
"""How long who asks for such a page waits for it before being told that it is being made."""

SECONDS_BETWEEN = 2
"""After how long such a page is asked for again."""

MISSING = (UnknownNameError, AmbiguousNameError, NotComputableError)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def application(
    lake: Path, *, hosts: tuple[str, ...] = LOOPBACK, token: str | None = None
) -> Starlette:
    """Return the server of a lake.

    Raises
    ------
    LakeError
        If the path is no lake or has not been built.
    """
    reader = Reader(lake)
    beside = Beside(reader)
    counting: Counting[simulations.Told] = Counting()
    pages: Counting[Response] = Counting(MOST_PAGES)

    async def page(request: Request) -> Response:
        parameters = tuple(request.query_params.multi_items())
        path = request.scope["path"]
        if not reader.is_large or not is_long(path):
            return await run_in_threadpool(_answered, reader, path, parameters)
        return await run_in_threadpool(_in_time, beside, pages, path, parameters)

    async def desk(request: Request) -> Response:
        return await run_in_threadpool(_read, reader, Asked("/policy", await _sent(request)))

    async def simulation(request: Request) -> Response:
        asked = Asked(simulations.ADDRESS, await _sent(request))
        is_form = request.method == "POST"
        return await run_in_threadpool(_simulated, reader, counting, asked, is_form=is_form)

    async def case(request: Request) -> Response:
        asked = Asked(cases.ADDRESS, await _sent(request))
        return await run_in_threadpool(_entered_case, lake, asked)

    async def decided(_request: Request) -> Response:
        return await run_in_threadpool(_decided, lake)

    app = Starlette(
        routes=[
            Route("/static/observatory.css", _style),
            Route("/static/observatory.js", _script),
            Route("/policy", desk, methods=["POST"]),
            Route(decisions.ADDRESS, decided),
            Route(cases.ADDRESS, case, methods=["GET", "POST"]),
            Route(simulations.ADDRESS, simulation, methods=["GET", "POST"]),
            Route("/{path:path}", page),
        ],
        exception_handlers={TooLargeError: _refused},
    )
    app.add_middleware(Guard, hosts=hosts, token=token)
    app.state.reader, app.state.beside = reader, beside
    return app


def prepare(app: Starlette) -> None:
    """Make the first page before anybody asks for it."""
    _found(app.state.reader, "/", ())


def warm(app: Starlette) -> None:
    """Make what takes seconds, and pages that begin with it, while nobody waits for a page."""
    ahead = Ahead(app.state.reader)
    things: list[tuple[str, Callable[[], object]]] = [
        *((one.name, partial(ahead.remember, one.name)) for one in INDICATORS),
        *((part.indicator, partial(ahead.gather, part)) for part in READ_OF_UNITS),
        *((address, partial(_made, ahead, address)) for address in SLOW),
        ("works of organizations", partial(_prepare, ahead, prepare_organizations)),
        ("words of names and titles", partial(_prepare, ahead, prepare_words)),
    ]
    with contextlib.suppress(ClosedError):
        making = ahead.once(lambda opened: opened.ws.session.making)
        making.begin(len(things))
        try:
            for what, make in things:
                making.go_on(what)
                make()
        finally:
            making.end()
    ahead.close()


def follow(app: Starlette) -> None:
    """Make what takes seconds of the current version, and of each that takes its place.

    Who asks of a new version what is not made yet is told so, and does not make it meanwhile.
    """
    reader = app.state.reader
    reader.is_followed = True
    try:
        version = reader.version()
        while True:
            try:
                warm(app)
            except LakeError:
                version = NOTHING_MADE
            version = reader.wait_for_another(version)
    except ClosedError:
        pass
    finally:
        reader.is_followed = False


def _made(ahead: Ahead, address: str) -> None:
    """Make a page."""
    path, _, sent = address.partition("?")
    _answered(ahead, path, tuple(parse_qsl(sent)))


def _prepare(ahead: Ahead, make: Callable[[Opened], None]) -> None:
    """Make what lies beside the version; without it pages of a lake that is closed to us do."""
    with contextlib.suppress(LakeError):
        ahead.once(make)


def is_long(path: str) -> bool:
    """Return whether what a page counts may take long over a lake of many cells."""
    return any(path == one or path.startswith((f"{one}/", f"{one}.")) for one in LONG)


def _in_time(
    beside: Beside, pages: Counting[Response], path: str, parameters: tuple[tuple[str, str], ...]
) -> Response:
    """Answer an address with its page if it is soon there, or say that it is being made."""

    def answer() -> Response:
        key = (beside.version(), path, parameters)
        count = pages.begun(key, lambda _: _answered(beside, path, parameters))
        found = count.within(SECONDS_WAITED)
        if found is not None:
            pages.forget(key)
            return found
        problem = f"This page has been in the making for {count.seconds:.0f} seconds."
        raise StillMadeError(
            problem, "It comes here when it is made; other pages answer meanwhile."
        )

    return _or_why_not(answer)


def _answered(reader: Reader, path: str, parameters: tuple[tuple[str, str], ...]) -> Response:
    """Answer an address with its page or data, or say why not."""
    return _or_why_not(lambda: _found(reader, path, parameters))


def _read(reader: Reader, asked: Asked) -> Response:
    """Answer what was pasted; nothing of it is kept."""
    return _or_why_not(
        lambda: HTMLResponse(
            _as_page(reader.once(lambda opened: policies(opened, asked)), Asked("", ()))
        )
    )


async def _sent(request: Request) -> tuple[tuple[str, str], ...]:
    """Return what an address or a form says."""
    if request.method != "POST":
        return tuple(request.query_params.multi_items())
    return tuple(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _simulated(
    reader: Reader, counting: Counting[simulations.Told], asked: Asked, *, is_form: bool
) -> Response:
    """Answer what a policy would touch, or how far counting it has come."""

    def answer() -> Response:
        lake, version = reader.lake.root, reader.version()
        found = simulations.answer(lake, version, counting, asked, is_form=is_form)
        if found.leads_to is not None:
            return RedirectResponse(found.leads_to, status_code=303)
        if found.look_again:
            again = {"retry-after": str(simulations.SECONDS_BETWEEN)}
            return Response(found.content, 202, again, media_type=found.kind)
        return Response(found.content, media_type=found.kind)

    return _or_why_not(answer)


def _decided(lake: Path) -> Response:
    """Answer what was found and decided last, read anew each time."""
    today = dt.datetime.now(tz=dt.UTC).date()
    return _or_why_not(
        lambda: HTMLResponse(_as_page(decisions.decisions(lake, today), Asked("", ())))
    )


def _entered_case(lake: Path, asked: Asked) -> Response:
    """Answer what is found of a case as far as it was entered; nothing of it is kept."""

    def answer() -> Response:
        status, content = cases.answer(lake, asked)
        return HTMLResponse(content, status_code=status)

    return _or_why_not(answer)


def _or_why_not(answer: Callable[[], Response]) -> Response:
    """Return an answer, or a page that says what is wrong with what was asked."""
    try:
        return answer()
    except StillMadeError as error:
        again = {"retry-after": str(SECONDS_BETWEEN)}
        return HTMLResponse(rendering.as_waiting(error, SECONDS_BETWEEN), 202, again)
    except LakeError as error:
        return _error_page(503, error)
    except MISSING as error:
        return _error_page(404, error)
    except FourseasError as error:
        return _error_page(400, error)


def _error_page(status: int, error: FourseasError) -> Response:
    page = rendering.as_error(status, error.problem, error.remedy)
    return HTMLResponse(page, status_code=status)


def _found(reader: Reader, whole: str, parameters: tuple[tuple[str, str], ...]) -> Response:
    of_view = tuple(one for one in parameters if one[0] not in OF_RENDERING)
    if whole.endswith(SQL):
        return _computed_by(reader, Asked(whole.removesuffix(SQL), of_view))
    if whole in ENTRIES and all(
        dict(parameters).get(name) or default for name, default in ENTRIES[whole]
    ):
        return _entered(whole, dict(parameters))
    path, ending = split(whole)
    make, names = page_of(path, PAGES)
    asked = Asked(path, parameters)

    def rendered(as_sent: Callable[[View, Asked], bytes]) -> bytes:
        view = reader.answer(
            ("view", path, of_view), lambda opened: make(opened, Asked(path, of_view), *names)
        )
        return as_sent(view, asked)

    kind, as_sent = DATA[ending] if ending else ("text/html; charset=utf-8", _as_page)
    content = reader.beside((ending, asked), lambda: rendered(as_sent))
    name = f"{path.strip('/').replace('/', '-') or 'world'}{ending}"
    is_file = ending not in ("", *SHOWN)
    disposition = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=disposition if is_file else {})


def _computed_by(reader: Reader, asked: Asked) -> Response:
    """Answer with the SQL by which the indicator of a page is computed from the lake."""
    make, names = page_of(asked.path, PAGES)
    view = reader.answer(
        ("view", asked.path, asked.parameters), lambda opened: make(opened, asked, *names)
    )
    if not view.indicator:
        raise absent("SQL", asked.path, OF_INDICATORS)
    text = reader.answer(("sql", view.indicator), lambda opened: opened.ws.sql(view.indicator))
    return Response(f"{text}\n", media_type="text/plain; charset=utf-8")


def _as_page(view: View, asked: Asked) -> bytes:
    return rendering.as_page(view, asked).encode()


def split(whole: str) -> tuple[str, str]:
    """Return a path without its ending, and the ending if it is one of data."""
    for ending in DATA:
        if whole.endswith(ending) and len(whole) > len(ending) + 1:
            return whole.removesuffix(ending), ending
    return whole, ""


def page_of(path: str, pages: tuple[tuple[str, Page], ...]) -> tuple[Page, tuple[str, ...]]:
    """Return the page of a path, and the names in it.

    Raises
    ------
    UnknownNameError
        Where no page has such a path.
    """
    given = path.strip("/").split("/")
    for pattern, make in pages:
        wanted = pattern.strip("/").split("/")
        if len(wanted) == len(given) and all(
            part in ("{}", name) for part, name in zip(wanted, given, strict=True)
        ):
            names = zip(wanted, given, strict=True)
            return make, tuple(name for part, name in names if part == "{}")
    known = [pattern.replace("{}", "NAME") for pattern, _ in pages]
    raise absent("page", path, known)


def _entered(path: str, parameters: dict[str, str]) -> Response:
    """Lead from a form to the address of what it asks for."""
    names = [parameters.pop(name, "") or default for name, default in ENTRIES[path]]
    kept = urlencode([(name, value) for name, value in parameters.items() if value])
    target = "/".join([path, *(quote(name, safe="") for name in names)])
    return RedirectResponse(f"{target}{'?' if kept else ''}{kept}", status_code=303)


async def _style(_request: Request) -> Response:
    return Response(rendering.style(), media_type="text/css")


async def _script(_request: Request) -> Response:
    return Response(rendering.script(), media_type="text/javascript")


async def _refused(_request: Request, _error: Exception) -> Response:
    return too_large()
