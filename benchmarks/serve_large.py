"""How long each page of `fourseas serve` takes over a lake of works, on the side of the server.

    python -m benchmarks.serve_large --lake LAKE                  # as the lake is served
    python -m benchmarks.serve_large --lake LAKE --most-cells 0   # as one of too many cells
    python -m benchmarks.serve_large --lake LAKE --note "..."     # what is to be known of the lake

What a server makes ahead is made first. A kind of page is then asked for with one name after the
other, none of which was asked for before: the first time is apart, since it writes down how an
indicator is read. Last, each is asked for again. CPU seconds are those of the process; on a machine
with other work they say more than wall.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
import platform
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import duckdb
from starlette.testclient import TestClient

from benchmarks.serve import PAGE_MS, kept
from fourseas.web import remembering
from fourseas.web.app import application, prepare, warm
from fourseas.web.pages.policy_papers import places

RESULTS = Path(__file__).parent / "results" / "serve-large.json"
REPORT = Path(__file__).parents[1] / "docs" / "benchmarks" / "serve-large.md"
MADE, WAIT = 200, 202
COUNTRIES = ("DE", "FR", "IN", "JP", "GB", "KR")
PAIRS = (("DE", "FR"), ("US", "GB"), ("IN", "JP"), ("CN", "US"), ("BR", "PT"))
FIELDS = ("11", "17", "22", "27", "31")
YEARS = (2015, 2012, 2018, 2009)
FEWEST_WORKS = 100
"""Works that an organization has at least of which pages are asked."""

PAGES: dict[str, tuple[str, ...]] = {
    "/world, a year": tuple(f"/world?year={year}" for year in YEARS),
    "/world, an indicator": tuple(
        f"/world?indicator={name}"
        for name in ("impact", "collaboration", "leadership", "open_access", "home_bias")
    ),
    "/field": tuple(f"/field/{field}" for field in FIELDS),
    "/country": tuple(f"/country/{country}" for country in COUNTRIES),
    "/country, beside others": tuple(
        f"/country/{country}?against=US,CN" for country in COUNTRIES[:3]
    ),
    "/pair": tuple(f"/pair/{first}/{second}" for first, second in PAIRS),
    "/position": tuple(f"/position/{country}" for country in COUNTRIES),
    "/position, a field": tuple(f"/position/US?field={field}" for field in FIELDS),
    "/position, a year without levels": tuple(
        f"/position/US?year={year}" for year in (1701, 1702, 1703)
    ),
    "/indicator": ("/indicator", "/indicator/impact", "/indicator/volume"),
    "/partners": tuple(f"/partners?for={country}" for country in COUNTRIES[:4]),
    "/partners, for a challenge": tuple(
        f"/partners?for={country}&challenge=food_security" for country in COUNTRIES[:4]
    ),
    "/challenge": ("/challenge/food_security", "/challenge/climate_change"),
    "/standards": ("/standards",),
    "/what-if": tuple(f"/what-if?first={first}&second={second}" for first, second in PAIRS[:3]),
    "/what-if, to the world": tuple(
        f"/what-if?first={country}&second=WORLD" for country in COUNTRIES[:3]
    ),
    "/claims": ("/claims", "/claims/rivalry"),
    "/policy": ("/policy",),
    "/policy, an example": tuple(f"/policy/{one.name}" for one in places()),
    "/organization": ("/organization?q=university", "/organization?q=institute"),
    "/find": ("/find?q=energy", "/find?q=water"),
    "/quality": ("/quality",),
    "/about": ("/about",),
}
"""Kinds of pages, and addresses of each."""


def of_organizations(lake: Path) -> dict[str, tuple[str, ...]]:
    """Return addresses of pages of organizations of a lake, of many works and of few."""
    cells = current(lake) / "unit_cells.parquet"
    found = duckdb.sql(
        f"""SELECT unit_id FROM '{cells}'
        WHERE unit_type = 'organization' AND field_id = 'all' AND unit_id != 'UNKNOWN'
        GROUP BY unit_id HAVING sum(n) >= {FEWEST_WORKS} ORDER BY sum(n) DESC, unit_id"""
    ).fetchall()
    if not found:
        return {}
    ids = [found[round(part * (len(found) - 1))][0] for part in (0.1, 0.0, 0.3, 0.6, 0.9)]
    return {
        "/partners, of an organization": tuple(f"/partners?for={one}" for one in ids),
        "/organization, a report": tuple(
            f"/organization/{one}?for={other}" for one, other in pairwise(ids)
        ),
    }


def current(lake: Path) -> Path:
    """Return the current version of a lake."""
    return lake / "versions" / (lake / "CURRENT").read_text("ascii").strip()


def asked(client: TestClient, address: str) -> tuple[int, float, float]:
    """Return the status of a page, and the wall and CPU milliseconds until it is there."""
    began, cpu = time.perf_counter(), time.process_time()
    while (answer := client.get(address)).status_code == WAIT:
        time.sleep(0.02)
    wall = (time.perf_counter() - began) * 1000
    return answer.status_code, wall, (time.process_time() - cpu) * 1000


def kind_of_page(client: TestClient, addresses: tuple[str, ...]) -> dict[str, object]:
    """Ask for the pages of a kind one after the other, and then for each again."""
    fresh = [asked(client, address) for address in addresses]
    again = [asked(client, address) for address in addresses]
    # Where there is one page of a kind, it is its own first.
    later = fresh[1:] or fresh
    return {
        "pages": len(addresses),
        "without": sum(status != MADE for status, _, _ in fresh),
        "first_ms": round(fresh[0][1]),
        "first_cpu_ms": round(fresh[0][2]),
        "later_ms": round(median(wall for _, wall, _ in later)),
        "later_cpu_ms": round(median(cpu for _, _, cpu in later)),
        "worst_cpu_ms": round(max(cpu for _, _, cpu in later)),
        "again_ms": round(median(wall for _, wall, _ in again), 1),
    }


def size(lake: Path) -> dict[str, int]:
    """Return how many works and cells the current version of a lake holds."""
    version = current(lake)
    return {
        name: duckdb.sql(f"SELECT count(*) FROM '{version / name}.parquet'").fetchall()[0][0]
        for name in ("works", "unit_cells", "pair_cells")
    }


def measure(lake: Path, note: str) -> dict[str, object]:
    """Measure every kind of page of a lake, of which a note is to be known."""
    load = round(os.getloadavg()[0], 1)
    app = application(lake)
    began, cpu = time.perf_counter(), time.process_time()
    prepare(app)
    warm(app)
    ahead = {
        "s": round(time.perf_counter() - began, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
    }
    with TestClient(app, base_url="http://127.0.0.1") as client:
        every = PAGES | of_organizations(lake)
        pages = {kind: kind_of_page(client, addresses) for kind, addresses in every.items()}
    return {
        "measured_at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load_before": load,
        "load_after": round(os.getloadavg()[0], 1),
        "most_cells": remembering.MOST_CELLS,
        "note": note,
        "size": size(lake),
        "made_ahead": ahead,
        "pages": pages,
    }


def told(found: dict[str, object]) -> str:
    """Return the page of what was measured."""
    sizes, pages = found["size"], found["pages"]
    assert isinstance(sizes, dict)
    assert isinstance(pages, dict)
    columns = ("first_ms", "first_cpu_ms", "later_ms", "later_cpu_ms", "worst_cpu_ms", "again_ms")
    rows = "\n".join(
        f"| {kind} | {' | '.join(f'{one[name]:,}' for name in columns)} | "
        f"{kept(one['worst_cpu_ms'], PAGE_MS)} |"
        for kind, one in pages.items()
    )
    return f"""# How fast pages of a large lake are served

Written by `python -m benchmarks.serve_large --lake LAKE`; do not edit. What a server makes ahead is
made first; then each kind of page is asked for with one name after the other, none of which was
asked for before, and then again. The first of a kind is apart. Milliseconds on the side of the
server; on a machine with other work CPU says more than wall. The goal is 300 ms for the worst later
page. Synthetic records of OpenAlex's shape.

{found["measured_at"]} UTC, load {found["load_before"]} before and {found["load_after"]} after: \
{sizes["works"]:,} works, {sizes["unit_cells"]:,} cells of units and \
{sizes["pair_cells"]:,} of pairs; figures in memory up to {found["most_cells"]:,} cells. \
{found["note"]}

| page | first ms | its CPU | later ms | its CPU | worst CPU | again ms | goal |
| --- | --- | --- | --- | --- | --- | --- | --- |
{rows}
"""


def main() -> None:
    """Measure, print a table and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", type=Path, required=True, help="a lake that is built")
    parser.add_argument("--most-cells", type=int, help="cells up to which figures are in memory")
    parser.add_argument("--note", default="", help="what is to be known of the lake")
    parser.add_argument("--out", type=Path, default=RESULTS, help="file of the results, JSON")
    given = parser.parse_args()
    # Each question of a client is told otherwise, between the rows of the table.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if given.most_cells is not None:
        remembering.MOST_CELLS = given.most_cells
    found = measure(given.lake, given.note)
    given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if given.out == RESULTS:
        REPORT.write_text(told(found), encoding="utf-8")
    sys.stdout.write(told(found))


if __name__ == "__main__":
    main()
