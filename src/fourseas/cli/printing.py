"""A page of HTML as a PDF, printed by a browser that is on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fourseas.errors import FourseasError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
PATIENCE = 180
"""Seconds that a browser is given for one report."""


def as_pdf(page: str) -> bytes:
    """Return a page that needs no network as a PDF.

    Raises
    ------
    FourseasError
        Where there is no browser, or it does not print.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        message = "A PDF is printed by Chromium or Chrome, and neither is on this machine."
        raise FourseasError(
            message, "Install one (Debian: apt install chromium), or write .html and print it."
        )
    with tempfile.TemporaryDirectory(prefix="fourseas-") as directory:
        source, printed = Path(directory, "report.html"), Path(directory, "report.pdf")
        source.write_text(page, encoding="utf-8")
        # A browser refuses to shut itself in where root starts it; the page holds no script.
        as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = (
            *(browser, *FLAGS, *as_root, f"--user-data-dir={directory}/profile"),
            *(f"--print-to-pdf={printed}", source.as_uri()),
        )
        try:
            ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            message = f"{browser} did not print within {PATIENCE} s."
            raise FourseasError(message, "Try again, or write .html and print it.") from error
        if not printed.is_file():
            message = f"{browser} did not print; it ended with {ended.returncode}."
            raise FourseasError(message, "Write .html instead, and print it in a browser.")
        return printed.read_bytes()
