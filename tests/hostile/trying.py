"""All outputs of a lake whose every text is hostile, opened and read again."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from fourseas.web.app import DATA
from tests.hostile import opening, planting, rereading
from tools.serving import served

PAGES = (
    "/",
    "/field/Chemistry",
    "/position/BR",
    "/country/BR",
    "/pair/BR/CN",
    "/claims",
    "/claims/rivalry",
    "/standards",
    "/indicator",
    "/indicator/impact",
    "/policy",
    "/policy/sensitive-technology?case=tied-to-a-named-organization",
    "/challenge",
    "/challenge/climate_change",
    "/partners?for=BR&challenge=climate_change",
    "/organization",
    "/organization/013meh722?for=00f54p054",
    "/what-if",
    "/find?q=climate",
    "/find?q=script",
    "/quality",
    "/about",
    "/nowhere",
)
QUICK = ("/indicator/impact", "/challenge/climate_change", "/standards", "/find?q=script")
"""Pages that a second suffices for, with names of most tables in them."""

COMMANDS = (
    ("position", "BR"),
    ("country", "BR"),
    ("pair", "BR", "CN"),
    ("org", "report", "013meh722", "--for", "00f54p054"),
    ("quality",),
)
"""Commands that write a page and data to a file."""

SHEETS = re.compile(r'href="(/[^"]*\?[^"]*sheet=[^"]*|/[^"]*\.csv[^"]*)"')
ABSENT = 404
GOOD = 200


@dataclass(slots=True)
class Tried:
    """What was tried, and what went wrong.

    Attributes
    ----------
    n_pages, n_exports
        Pages that were opened in a browser, and files that were read again.
    n_seen
        Times that a hostile text, or the beginning of one, stood in an output.
    executed, broken
        What ran or was made by a text; what could not be read again: a line for each.
    """

    n_pages: int = 0
    n_exports: int = 0
    n_seen: int = 0
    executed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def on_the_server(lake: Path, pages: tuple[str, ...]) -> Tried:
    """Open pages and their pictures in a browser, and read all their exports again."""
    tried = Tried()
    with (
        served(lake) as root,
        httpx.Client(base_url=root, timeout=300) as client,
        opening.tolerant_browser() as browser,
    ):
        for page in pages:
            found = opening.executed(browser, root + page, root)
            tried.n_pages += 1
            if found is not None:
                tried.executed.append(f"{page}: {found}")
            text = client.get(page).text
            tried.n_seen += _seen(text)
            for address, ending in _exports(page, text):
                answer = client.get(address)
                if answer.status_code == GOOD:
                    _reread(tried, address, ending, answer.content)
                elif answer.status_code != ABSENT:
                    tried.broken.append(f"{address}: status {answer.status_code}")
    return tried


def by_commands(lake: Path, place: Path) -> Tried:
    """Let commands write pages and data to files, open the pages and read the data again."""
    tried = Tried()
    with opening.tolerant_browser() as browser:
        for command in COMMANDS:
            for ending in (".html", ".csv", ".json", ".parquet", ".md"):
                out = place / f"{'-'.join(command[:2])}{ending}"
                whole = [sys.executable, "-m", "fourseas", *command, "--lake", str(lake)]
                ended = subprocess.run(
                    [*whole, "--out", str(out)], check=False, capture_output=True, text=True
                )
                if "Traceback" in ended.stderr:
                    tried.broken.append(f"{' '.join(command)}{ending}: {ended.stderr[-200:]}")
                if not out.is_file() or ending == ".md":
                    continue
                if ending == ".html":
                    tried.n_pages += 1
                    tried.n_seen += _seen(out.read_text(encoding="utf-8"))
                    found = opening.executed(browser, out.as_uri(), "file:")
                    if found is not None:
                        tried.executed.append(f"{out.name}: {found}")
                else:
                    _reread(tried, out.name, ending, out.read_bytes())
    return tried


def _exports(page: str, text: str) -> list[tuple[str, str]]:
    """Return the addresses of all data of a page: by every ending, and every sheet by links."""
    parts = urlsplit(page)
    query = f"?{parts.query}" if parts.query else ""
    path = "/world" if parts.path == "/" else parts.path
    found = [(f"{path}{ending}{query}", ending) for ending in DATA]
    linked = {address.replace("&amp;", "&") for address in SHEETS.findall(text)}
    for address in sorted(linked):
        own = urlsplit(address).path
        found += [(address, ending) for ending in DATA if own.endswith(ending)]
    return found


def _reread(tried: Tried, name: str, ending: str, content: bytes) -> None:
    tried.n_exports += 1
    if ending != ".png":
        tried.n_seen += _seen(content.decode("utf-8", "replace"))
    wrong = rereading.broken(ending, content)
    if wrong is not None:
        tried.broken.append(f"{name}: {wrong}")


def _seen(text: str) -> int:
    """Count hostile texts in an output, as they are or escaped: by signs that all keep."""
    return text.count(planting.MARK) + text.count("window.ran=1") + text.count("evil.example")
