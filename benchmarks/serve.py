"""How fast pages of `fourseas serve` are: the first in a browser, each alone, and for 20 readers.

    python -m benchmarks.serve                          # a minute of 20 readers
    python -m benchmarks.serve --minutes 10 --lake LAKE # a lake of `fourseas demo` that is there

Readers rest some seconds between pages, as people do; how long, and which page comes next, is drawn
with a seed. CPU seconds are those of the server; on a machine with other work they say more than
wall.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import math
import os
import platform
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "serve.json"
REPORT = ROOT / "docs" / "benchmarks" / "serve.md"

READERS = 20
RESTS = (2.0, 8.0)
"""Seconds that a reader looks at a page before the next, from and to."""
FIRST_SECONDS, PAGE_MS, READER_MS = 1.0, 300, 500
"""What a first page, a later page, and 95 of 100 pages of 20 readers may take."""
OPENINGS = 5
SEED = 1
STILL = 3.0
"""Seconds without work after which a server has made all that it makes before it is asked."""

PAGES = (
    "/world?year=2015",
    "/world?indicator=impact&year=2012",
    "/world?indicator=collaboration",
    "/country/DE",
    "/position/DE",
    "/pair/DE/FR",
    "/field/Chemistry",
    "/indicator",
    "/indicator/impact",
    "/standards",
    "/partners?for=DE",
    "/challenge",
    "/challenge/climate_change",
    "/organization",
    "/what-if?first=BR&second=CN",
    "/claims",
    "/claims/rivalry",
    "/policy",
    "/find?q=energy",
    "/quality",
    "/about",
)
"""Pages that are measured alone; the server has made none of them but /claims, /quality and the
challenge."""

COUNTRIES = ("BR", "CN", "DE", "FR", "GB", "IN", "JP", "KR", "US", "ZA")
LOOKED_AT = ("/world?year={year}", "/country/{a}", "/position/{a}", "/pair/{a}/{b}", "/claims",
             "/world?indicator=impact&year={year}", "/about", "/find?q=climate")  # fmt: skip
"""What readers choose from."""


@dataclass(slots=True)
class Seen:
    """What readers met: milliseconds of each page, and what was no page."""

    waited: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the least value that so great a part of the values does not exceed.

    Raises
    ------
    ValueError
        Of no values.
    """
    if not values:
        message = "there is no percentile of nothing"
        raise ValueError(message)
    return sorted(values)[max(math.ceil(part * len(values)) - 1, 0)]


def next_page(chance: random.Random) -> str:
    """Return what a reader looks at next."""
    a, b = chance.sample(COUNTRIES, 2)
    return chance.choice(LOOKED_AT).format(a=a, b=b, year=chance.randint(2005, 2020))


@contextmanager
def served(lake: Path) -> Iterator[tuple[int, int]]:
    """Serve a lake; yield the port and the process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fourseas", "serve", "--lake", str(lake), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            if server.poll() is not None:
                message = f"the server of {lake} ended with {server.returncode}"
                raise SystemExit(message)
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                break
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def ask(port: int, address: str) -> tuple[int, float]:
    """Return the status of a page and the milliseconds until its last byte."""
    began = time.perf_counter()
    with_server = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        with_server.request("GET", address)
        answer = with_server.getresponse()
        answer.read()
    finally:
        with_server.close()
    return answer.status, (time.perf_counter() - began) * 1000


def cpu_seconds(process: int) -> float:
    """Return the CPU that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process: int) -> int:
    """Return the memory that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def wait_until_still(process: int) -> None:
    """Wait until a server does nothing any more."""
    before = -1.0
    while (now := cpu_seconds(process)) > before:
        before = now + 0.05
        time.sleep(STILL)


def first_page(port: int) -> dict[str, object]:
    """Open the first page in a browser of its own some times."""
    seconds = []
    with sync_playwright() as playwright:
        for _ in range(OPENINGS):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            began = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="load", timeout=120_000)
            seconds.append(round(time.perf_counter() - began, 3))
            browser.close()
    return {"median_s": median(seconds), "every_s": seconds}


def each_page(port: int, process: int) -> dict[str, object]:
    """Ask for each page that nobody asked for before, then again."""
    found = {}
    for address in PAGES:
        cpu = cpu_seconds(process)
        status, fresh = ask(port, address)
        assert status == http.HTTPStatus.OK, f"{address} answers {status}"
        cpu = cpu_seconds(process) - cpu
        _, again = ask(port, address)
        found[address] = {
            "ms": round(fresh),
            "cpu_ms": round(cpu * 1000),
            "again_ms": round(again, 1),
        }
    fresh_ms = [one["ms"] for one in found.values()]
    return {
        "median_ms": median(fresh_ms),
        "worst_ms": max(fresh_ms),
        "median_cpu_ms": median(one["cpu_ms"] for one in found.values()),
        "worst_cpu_ms": max(one["cpu_ms"] for one in found.values()),
        "worst_again_ms": max(one["again_ms"] for one in found.values()),
        "pages": found,
    }


def many_readers(port: int, process: int, minutes: float) -> dict[str, object]:
    """Let 20 readers look at pages for some minutes."""
    seen = Seen()
    ends = time.monotonic() + minutes * 60

    def read(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        while time.monotonic() < ends:
            time.sleep(chance.uniform(*RESTS))
            address = next_page(chance)
            try:
                status, waited = ask(port, address)
            except OSError as error:
                status, waited = 0, 0.0
                address = f"{address}: {error}"
            with seen.lock:
                if status == http.HTTPStatus.OK:
                    seen.waited.append(waited)
                else:
                    seen.errors.append(f"{status} {address}")

    readers = [
        threading.Thread(target=read, args=(SEED + at,), daemon=True) for at in range(READERS)
    ]
    cpu = cpu_seconds(process)
    for reader in readers:
        reader.start()
    held = []
    while any(reader.is_alive() for reader in readers):
        held.append(resident_mb(process))
        time.sleep(5)
    return {
        "readers": READERS,
        "minutes": minutes,
        "n_pages": len(seen.waited),
        "median_ms": round(median(seen.waited)),
        "p95_ms": round(percentile(seen.waited, 0.95)),
        "worst_ms": round(max(seen.waited)),
        "cpu_ms_of_a_page": round((cpu_seconds(process) - cpu) * 1000 / len(seen.waited)),
        "errors": seen.errors,
        "memory_mb": {"first": held[0], "middle": held[len(held) // 2], "last": held[-1]},
    }


def measure(lake: Path, minutes: float) -> dict[str, object]:
    """Measure a server of a lake."""
    load = round(os.getloadavg()[0], 1)
    with served(lake) as (port, process):
        opened = first_page(port)
        wait_until_still(process)
        pages = each_page(port, process)
        readers = many_readers(port, process, minutes)
    return {
        "measured_at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load_before": load,
        "load_after": round(os.getloadavg()[0], 1),
        "first_page": opened,
        "later_pages": pages,
        "readers": readers,
    }


def report(found: dict[str, dict[str, object]]) -> str:
    """Return the page that tells what was measured."""
    first, later, readers = found["first_page"], found["later_pages"], found["readers"]
    pages, held = later["pages"], readers["memory_mb"]
    assert isinstance(pages, dict)
    assert isinstance(held, dict)
    targets = (
        ("first page in Chromium, median of 5", f"{first['median_s']} s", FIRST_SECONDS, "s",
         first["median_s"]),
        ("a later page that nobody asked for before, worst", f"{later['worst_ms']:,} ms", PAGE_MS,
         "ms", later["worst_ms"]),
        ("the same, CPU of the server", f"{later['worst_cpu_ms']:,} ms", PAGE_MS, "ms",
         later["worst_cpu_ms"]),
        ("a page that was asked for before, worst", f"{later['worst_again_ms']} ms", PAGE_MS, "ms",
         later["worst_again_ms"]),
        (f"{READERS} readers, 95 of 100 pages", f"{readers['p95_ms']:,} ms", READER_MS, "ms",
         readers["p95_ms"]),
        (f"{READERS} readers, errors", str(len(_list(readers["errors"]))), 0, "",
         len(_list(readers["errors"]))),
    )  # fmt: skip
    goals = "\n".join(
        f"| {what} | {told} | at most {most} {unit} | {kept(_number(got), most)} |"
        for what, told, most, unit, got in targets
    )
    rows = "\n".join(
        f"| `{address}` | {one['ms']:,} | {one['cpu_ms']:,} | {one['again_ms']} |"
        for address, one in pages.items()
    )
    return f"""# How fast pages are served

Written by `make bench-serve` from `benchmarks/results/serve.json`; do not edit. The lake is that of
`fourseas demo`. The machine had {_dict(found["machine"])["cores"]} cores and a load of \
{found["load_before"]} before and {found["load_after"]} after:
where the load is greater than the cores, pages waited for other work, and CPU says more than wall.

| what | measured | goal |  |
| --- | --- | --- | --- |
{goals}

{READERS} readers rested {RESTS[0]:g} to {RESTS[1]:g} seconds between pages, for \
{readers["minutes"]:g} minutes: {readers["n_pages"]:,} pages, median {readers["median_ms"]:,} ms, \
worst {readers["worst_ms"]:,} ms, {readers["cpu_ms_of_a_page"]:,} ms of CPU a page.
The server held {held["first"]:,} MB at first, {held["middle"]:,} MB half-way and
{held["last"]:,} MB at last.

## Page by page

Milliseconds from the request to the last byte, of a page that nobody asked for before; CPU of the
server meanwhile; and the same page asked for again.

| page | first | CPU | again |
| --- | --- | --- | --- |
{rows}

## What takes longest

- `/what-if` holds a closure against 99 random ones: where two countries close, most ways between
  others stay and are not worked out anew; where one closes to the world, all are, in 0.3 s of CPU.
- `/position`, `/country` and `/pair` draw their charts with Vega in a tenth of a second, half of it
  measuring names along axes, and gather rows of several indicators.
- `/partners` gathers its pool anew the first time that a field is asked for, in 235 to 298 ms of
  CPU over 200,000 works; each claim and each challenge is made ahead.
- One engine answers behind one lock, so a reader waits for who came before; where other work takes
  most of the cores, who waits behind three or four new pages waits for seconds.
- Memory grows at first: what is kept may take 256 MB before anything goes, first what took least
  seconds for its bytes.

What `/country`, `/pair` and `/position` show is read once for all countries, one indicator after
the other while nobody waits: who asks before that waits for it.
`/claims`, `/quality` and the first `/partners` take seconds once for a version; the server makes
them itself after it was started, in a session of its own. Before each question to the engine it
waits until nobody asks for a page, so that a reader shares the cores with one question at most.

`python -m benchmarks.serve_large --lake LAKE` asks every kind of page of a lake of works, without
readers beside: [pages of a large lake](serve-large.md).

## What grows with works

Tables that each page asks for when nobody asked for it before, as they are read from what is sent
to the engine; those of the last two rows by reading the code. A page of cells alone takes as long
on a lake of 27 million works as its cells are more; what is read of tables with a row for each work
or authorship grows with the works.

| page | tables by work or authorship | when |
| --- | --- | --- |
| `/`, `/world`, `/field`, `/standards`, `/country`, `/position`, `/pair` | none: cells | |
| `/what-if`, `/partners`, `/claims` | none: cells | |
| `/about`, `/indicator`, `/policy` | none | |
| `/challenge/NAME` | work_fields, work_countries; work_titles for keywords | made ahead |
| `/quality` | works, authorships, affiliations, citations, titles | made ahead |
| `/find`, search of `/organization` | works, titles, citations, organizations | once: an index |
| `/policy/simulate` | works, and what the policy needs | beside the pages, when asked |
| `/organization/ID` | all of them, in the order of organizations; titles of 25 works | made ahead |

What is made ahead is made after the server has started, once for a version; the index of words and
the signatures of organizations in their order stay with the lake. A report on an organization reads
those of its two sides: of 200,000 synthetic works it took 60 to 146 ms of CPU, of 20,000 57 to 103
(before, 656 to 1,105 and 555 to 803).

A simulated policy is asked of every work of the owner, since its intervals come from what is not
known of each: that no sum by country, field and year tells. It is counted beside the pages. Who
asks has a page at once that says how far it has come, and the same address has the answer in the
end: over 200,000 synthetic works after 4 to 5 seconds, and no request took longer than 0.3 s.
"""


def kept(measured: float, most: float) -> str:
    """Say whether a goal is met."""
    return "met" if measured <= most else "MISSED"


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def main() -> None:
    """Measure, and write results and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lake", type=Path, help="a lake of `fourseas demo`")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long 20 readers read")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake = asked.lake or Path(folder) / "demo" / "lake"
        if asked.lake is None:
            demo = [sys.executable, "-m", "fourseas", "demo", "--out", str(lake.parent)]
            subprocess.run(demo, check=True, capture_output=True)
        found = measure(lake, asked.minutes)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    written = json.loads(RESULTS.read_text(encoding="utf-8"))
    REPORT.write_text(report(written), encoding="utf-8")
    sys.stdout.write(report(written))


if __name__ == "__main__":
    main()
