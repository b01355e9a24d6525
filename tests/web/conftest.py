"""A server of the embedded registers and a browser, which tests of pages share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.browsing import FLAGS
from tools.serving import served


@pytest.fixture(scope="module")
def root(lake_path: Path) -> Iterator[str]:
    """Serve the lake of the embedded registers, as `fourseas serve` does."""
    with served(lake_path) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a real browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()
