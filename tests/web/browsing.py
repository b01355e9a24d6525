"""A real browser, and pages that were opened in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = 1280, 390

AXE = Path(__file__).parent / "axe" / "axe.min.js"
WAITING = "[data-again]"
"""What a page has that waits for what is being counted."""

BARRIERS = ("serious", "critical")
"""What axe-core calls violations that keep people out."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that was opened, and what it said and asked for meanwhile."""

    page: Page
    complaints: list[str]
    requests: list[str]


def opened(
    browser: Browser,
    address: str,
    *,
    width: int = DESK,
    scheme: Literal["light", "dark"] = "light",
    scripts: Literal["run", "stay"] = "run",
) -> Opened:
    """Open an address."""
    tab = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=scripts == "run",
    )
    found = Opened(tab, [], [])
    tab.on("console", lambda message: found.complaints.append(message.text))
    tab.on("pageerror", lambda error: found.complaints.append(str(error)))
    tab.on("request", lambda request: found.requests.append(request.url))
    tab.goto(address, timeout=120_000)
    if scripts == "run":
        # A page of what is still counted asks for itself until its address has the answer.
        tab.wait_for_selector(WAITING, state="detached", timeout=120_000)
    return found


def barriers(page: Page) -> dict[str, list[str]]:
    """Return what axe-core says keeps people out of a page, by rule, with the first elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return {
        one["id"]: [node["html"] for node in one["nodes"]][:3]
        for one in told["violations"]
        if one["impact"] in BARRIERS
    }
