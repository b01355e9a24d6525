"""The overview as a reader meets it: in a real browser, on a desk and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fourseas.reports.overview import PANELS, overview
from fourseas.workspace import Workspace

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MEGABYTES = 6e6
DESK, PHONE = 1280, 390
BANNED = ("caused by", "impact of the policy is", "will lose")

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that was opened, and what it said and asked for meanwhile."""

    page: Page
    complaints: list[str]
    requests: list[str]


@pytest.fixture(scope="module")
def report(lake: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the overview of the embedded lake."""
    return overview(lake, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a real browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield started
        started.close()


def opened(browser: Browser, report: Path, width: int) -> Opened:
    """Open the report and wait until its charts are drawn."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    found = Opened(page, [], [])
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
    return found


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_it_draws_every_chart_asks_for_nothing_and_fits_the_screen(
    browser: Browser, report: Path, width: int
) -> None:
    found = opened(browser, report, width)
    outside = [url for url in found.requests if not url.startswith(("file:", "data:", "blob:"))]

    assert found.complaints == []
    assert outside == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.page.locator("section.panel").count() == len(PANELS)
    assert found.page.locator(".chart svg").count() == found.page.locator("figure").count()
    found.page.close()


def test_every_chart_says_what_it_shows_how_it_was_counted_and_from_what(
    browser: Browser, report: Path
) -> None:
    found = opened(browser, report, DESK)

    for figure in found.page.locator("figure").all():
        notes = figure.locator("ul.note").inner_text()
        assert "Source:" in notes
        assert "snapshot of 20" in notes
        assert len(figure.locator("figcaption").inner_text()) > 20
        assert figure.locator("details tbody tr").count() > 0
    found.page.close()


def test_choosing_another_country_changes_the_charts(browser: Browser, report: Path) -> None:
    found = opened(browser, report, DESK)
    chart = found.page.locator("#series-collaboration .chart")
    assert "Brazil" in chart.inner_html()

    found.page.select_option("select[name=a]", "IN")
    found.page.wait_for_function(
        "document.querySelector('#series-collaboration .chart').innerHTML.includes('India')"
    )

    assert "Brazil" not in str(chart.locator("svg").text_content())
    found.page.close()


def test_without_scripts_the_charts_are_still_pictures(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())

    assert page.locator(".chart img").count() == page.locator("figure").count() > 0
    context.close()


def test_it_is_one_file_of_moderate_size_with_no_address_to_load(report: Path) -> None:
    html = report.read_text(encoding="utf-8")

    assert report.stat().st_size < MEGABYTES
    assert 'src="http' not in html
    assert 'href="http' not in html


def test_it_shows_both_sides_and_never_calls_exposure_a_loss(report: Path) -> None:
    html = report.read_text(encoding="utf-8")
    control = html[html.index('<section id="control"') : html.index("<footer>")].casefold()

    assert "of the first's own" in control.replace("&#39;", "'")
    assert "of the second's own" in control.replace("&#39;", "'")
    assert "loss" not in control
    assert not any(phrase in html.casefold() for phrase in BANNED)
