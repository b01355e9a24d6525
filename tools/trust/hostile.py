"""Hostile texts in every field of the embedded lake, and every route asked for anything."""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from starlette.testclient import TestClient

from fourseas.web.app import application
from tests.embedded import build_embedded
from tests.hostile import planting, trying
from tests.web import asking

OF_ROUTE = 8
HOST = "http://127.0.0.1"


def hostile() -> dict[str, object]:
    """Plant hostile texts in a lake, open all of its pages and read all exports again.

    Returns
    -------
    dict
        Numbers of ``texts``, ``fields`` and ``values`` that hold one; ``pages`` opened in a
        browser, ``exports`` read again, and how often a text was ``seen`` in them; ``executed`` and
        ``broken``: a line for each that was.
    """
    with tempfile.TemporaryDirectory() as name:
        lake = build_embedded(Path(name) / "lake")
        (version,) = (lake / "versions").iterdir()
        planted = planting.plant(version)
        both = (trying.on_the_server(lake, trying.PAGES), trying.by_commands(lake, Path(name)))
    told = [asdict(one) for one in both]
    return {
        "texts": len(planting.TEXTS),
        "fields": sum(n > 0 for n in planted.values()),
        "values": sum(planted.values()),
        "pages": sum(one["n_pages"] for one in told),
        "exports": sum(one["n_exports"] for one in told),
        "seen": sum(one["n_seen"] for one in told),
        "executed": [line for one in told for line in one["executed"]],
        "broken": [line for one in told for line in one["broken"]],
    }


def routes() -> dict[str, object]:
    """Ask every route of the server for anything.

    Returns
    -------
    dict
        Numbers of ``routes`` and ``requests``, answers by ``status``, and ``wrong``: a line for
        each answer that is none, lacks a header or holds markup as it was sent.
    """
    logging.disable(logging.ERROR)
    wrong: list[str] = []
    status: Counter[str] = Counter()
    n = 0
    with tempfile.TemporaryDirectory() as name:
        app = application(build_embedded(Path(name) / "lake"))
        with TestClient(
            app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False
        ) as client:
            client.event_hooks["response"].append(
                lambda answer: status.update([str(answer.status_code)])
            )
            for request in asking.requests(OF_ROUTE):
                n += 1
                found = asking.wrong(client, request)
                if found is not None:
                    wrong.append(f"{request.method} {request.address[:200]}: {found}")
        app.state.reader.close()
    logging.disable(logging.NOTSET)
    return {
        "routes": len(asking.paths()),
        "requests": n,
        "status": dict(sorted(status.items())),
        "wrong": wrong,
    }
