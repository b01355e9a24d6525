"""Pages opened in a real browser that is told to run whatever it finds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Dialog, sync_playwright

from tests.hostile.planting import MARK

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
PATIENCE = 120_000
"""Milliseconds for a page that is made from a lake."""

MADE = f"""() => ({{
  ran: window.ran !== undefined,
  marked: document.querySelectorAll("[{MARK}]").length,
  handlers: [...document.querySelectorAll("*")].filter(
    one => [...one.attributes].some(each => each.name.startsWith("on"))).length,
  addresses: [...document.querySelectorAll("[href], [src], [action]")].map(
    one => (one.getAttribute("href") || one.getAttribute("src") || one.getAttribute("action"))
      .trim().toLowerCase()).filter(
    one => one.startsWith("javascript:") || one.startsWith("vbscript:")).length,
  headings: document.querySelectorAll("h1").length,
}})"""


@contextmanager
def tolerant_browser() -> Iterator[BrowserContext]:
    """Start a browser that ignores what a page forbids: escaping alone must suffice."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield started.new_context(bypass_csp=True)
        started.close()


def executed(browser: BrowserContext, address: str, own: str) -> str | None:
    """Open an address; return what ran, was made or asked for by a text in it, or None."""
    tab = browser.new_page()
    told: list[str] = []

    def heard(dialog: Dialog) -> None:
        told.append(f"a dialog {dialog.message!r}")
        dialog.dismiss()

    tab.on("dialog", heard)
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((own, "data:"))
            else told.append(f"a request for {request.url[:100]}")
        ),
    )
    tab.goto(address, timeout=PATIENCE)
    made = tab.evaluate(MADE)
    tab.close()
    told += [f"{made[name]} {name}" for name in ("marked", "handlers", "addresses") if made[name]]
    if made["ran"]:
        told.append("a script ran")
    if not address.endswith(".svg") and made["headings"] != 1:
        told.append(f"{made['headings']} headings")
    return "; ".join(told) or None
