"""A server of the embedded registers and a browser, which tests of pages share."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from fourseas.web.app import application
from tests.web.browsing import FLAGS


@pytest.fixture(scope="module")
def root(lake_path: Path) -> Iterator[str]:
    """Serve the lake of the embedded registers, as `fourseas serve` does."""
    app = application(lake_path)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()
    app.state.reader.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a real browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()
