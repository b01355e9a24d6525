#!/usr/bin/env python3
"""Take pictures of every page of the observatory, and write the page of docs that shows them.

    python -m tools.screenshots demo/lake

Each page is opened in a real browser at the width of a desk and of a phone, light and dark, and
its first screen is kept in docs/screens/. It needs Debian's chromium.
"""

from __future__ import annotations

import argparse
import base64
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tools.serving import served

DOCS = Path(__file__).parents[1] / "docs"
SCREENS = DOCS / "screens"
QUALITY = 60
WAIT = 180_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = {"desk": (1280, 1000), "phone": (390, 844)}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: by which name its pictures go, its address, and what a reader does there."""

    name: str
    address: str
    title: str
    words: str


SHOWN: tuple[Shown, ...] = (
    Shown(
        "world",
        "/?chosen=BR&indicator=collaboration&year=2022",
        "World",
        "A map of any indicator, a year, and a table that can be sorted. A country that is chosen "
        "on the map is marked in the table and shown year by year. Controls are links and forms, "
        "so that the address holds what is seen.",
    ),
    Shown(
        "position",
        "/position/BR?chosen=PT",
        "Position of a country",
        "Each partner in each field: who is ahead, behind, or close and high; how citations flow "
        "against expectation; what both gain; who writes the standards. A partner that is chosen "
        "is marked in the chart and the table, with the levels of both by field.",
    ),
    Shown(
        "country",
        "/country/BR?against=CN%2CIN&field=Chemistry",
        "Country",
        "How open and at what level over the years, beside others, and which fields at what level, "
        "as charts whose years and fields are chosen; how much, with whom, who leads: each number "
        "with its definition and interval.",
    ),
    Shown(
        "pair",
        "/pair/BR/CN?field=Chemistry",
        "Pair",
        "Two countries: levels of both in each field and joint works by year, as charts whose "
        "fields and years are chosen; both sides' gains, citations both ways, distance.",
    ),
    Shown(
        "field",
        "/field/all",
        "Field",
        "Countries in a field, or in all together.",
    ),
    Shown(
        "indicators",
        "/indicator",
        "Indicators",
        "Every indicator with its formula, its caveats and the registers that can tell it.",
    ),
    Shown("indicator", "/indicator/impact", "One indicator", "What it means, and what it is not."),
    Shown(
        "standards",
        "/standards",
        "Who writes the rules",
        "Authorship of RFC documents and 3GPP specifications by country.",
    ),
    Shown(
        "partners",
        "/partners?for=BR&challenge=climate_change",
        "Partner finder",
        "Complementary partners on a shared challenge, with gains for both sides: a Pareto set, no "
        "score that nobody chose; and why a country is not among them.",
    ),
    Shown("challenges", "/challenge", "Challenges", "The lists of topics behind five challenges."),
    Shown(
        "challenge",
        "/challenge/climate_change",
        "One challenge",
        "What is core and what is wide, with a reason for each row.",
    ),
    Shown(
        "organizations",
        "/organization",
        "Organizations",
        "The largest, or those found by name or ROR id.",
    ),
    Shown(
        "organization",
        "/organization/013meh722?for=00f54p054",
        "One organization",
        "What the registers hold of it, its hierarchy, and what no register tells.",
    ),
    Shown(
        "what-if",
        "/what-if?first=CN&second=US&from=2022&to=2023",
        "What if",
        "Two sides close, reduce or open: both sides, third countries, between two bounds.",
    ),
    Shown(
        "policies", "/policy", "Policy desk", "Published policies, and one of your own to paste."
    ),
    Shown(
        "policy",
        "/policy/sensitive-technology?case=tied-to-a-named-organization",
        "A policy and a case",
        "The finding, the rules that hit, the facts used, and what is still to be asked.",
    ),
    Shown(
        "policy-simulate",
        "/policy/simulate?lists=genetic-resources&owner=CA&years=2014-2023",
        "What a policy would touch",
        "Exposure of both sides with intervals, partners, third countries, the mirror, and what "
        "history does not show.",
    ),
    Shown(
        "policy-ask",
        "/policy/ask?lists=joint-programme&c.activity=joint_project&c.parties.n=1",
        "A case, question by question",
        "Only what can still change the finding is asked.",
    ),
    Shown(
        "policy-decisions",
        "/policy/decisions",
        "Decisions and duties",
        "What was decided, what is due, and whether the audit log is whole.",
    ),
    Shown("claims", "/claims", "Claims", "Six claims, each with a verdict and its reasons."),
    Shown("claim", "/claims/rivalry", "One claim", "Every estimate of the grid, and placebos."),
    Shown("find", "/find?q=climate", "Find", "Topics, organizations, funders, standards, works."),
    Shown("quality", "/quality", "Data quality", "What is missing, doubled or cannot be true."),
    Shown("about", "/about", "About the data", "Registers, snapshots, licences, definitions."),
)
"""Every page of the server; a test compares it with the addresses that the server has."""


def take(browser: Browser, root: str, shown: Shown) -> None:
    """Take the pictures of one page."""
    for width, (across, down) in WIDTHS.items():
        for scheme in SCHEMES:
            tab = browser.new_page(viewport={"width": across, "height": down}, color_scheme=scheme)
            tab.goto(root + shown.address, timeout=WAIT, wait_until="networkidle")
            tab.wait_for_selector("[data-again]", state="detached", timeout=WAIT)
            session = tab.context.new_cdp_session(tab)
            asked = {"format": "webp", "quality": QUALITY}
            answer = session.send("Page.captureScreenshot", asked)
            path = SCREENS / f"{shown.name}-{width}-{scheme}.webp"
            path.write_bytes(base64.b64decode(answer["data"]))
            tab.close()


def page() -> str:
    """Return the page of docs that shows the pictures."""
    how = (
        "Written by `make screenshots` from a lake of the embedded registers; do not edit. Each "
        "page is shown on a desk and on a phone, light and dark, as far as the first screen goes. "
        "[How to serve it](how-to/serve.md)."
    )
    blocks = ["# The observatory, page by page", how]
    for shown in SHOWN:
        pictures = [
            f'<img src="screens/{shown.name}-{width}-{scheme}.webp" width="{size}" '
            f'alt="{shown.title}, {width}, {scheme}">'
            for width, size in (("desk", 330), ("phone", 120))
            for scheme in SCHEMES
        ]
        blocks += [
            f"## {shown.title}",
            f"`{shown.address}`. {shown.words}",
            "\n".join(pictures),
        ]
    return "\n\n".join(blocks) + "\n"


def main() -> None:
    """Take all pictures, or those of the pages that are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lake", type=Path, help="a lake of `fourseas demo`")
    parser.add_argument("names", nargs="*", help="pages; all if left out")
    asked = parser.parse_args()
    chosen = [shown for shown in SHOWN if not asked.names or shown.name in asked.names]
    if not asked.names:
        shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(exist_ok=True)
    with served(asked.lake) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for shown in chosen:
            take(browser, root, shown)
        browser.close()
    (DOCS / "observatory.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
