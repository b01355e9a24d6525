"""The overview as a reader meets it: in a real browser, on a desk and on a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fourseas.reports import figures
from fourseas.reports.overview import PANELS, overview, page
from fourseas.reports.panel import Chart, Heading, Panel, Reading, Rows, Table
from fourseas.reports.theme import DARK, FIRST
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace
from tests.web.browsing import DESK, FLAGS, PHONE

MOST_BYTES = 4e6
LINES = ["Definition", "Counting", "Source", "n", "Bounds", "Coverage"]
BANNED = ("caused", "impact of the policy is", "will lose")
HOSTILE = '</script><img src="x" onerror="document.title=1"><b>Brazil</b>'

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]


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


def opened(
    browser: Browser, report: Path, *, width: int = DESK, scheme: Scheme = "light"
) -> Opened:
    """Open the report and wait until its charts are drawn."""
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = Opened(tab, [], [])
    tab.on("console", lambda message: found.complaints.append(message.text))
    tab.on("pageerror", lambda error: found.complaints.append(str(error)))
    tab.on("request", lambda request: found.requests.append(request.url))
    tab.goto(report.as_uri())
    tab.wait_for_selector("html[data-ready=yes]", timeout=60_000)
    return found


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_it_draws_every_chart_asks_for_nothing_and_fits_the_screen(
    browser: Browser, report: Path, width: int
) -> None:
    found = opened(browser, report, width=width)
    outside = [url for url in found.requests if not url.startswith(("file:", "data:", "blob:"))]

    assert found.complaints == []
    assert outside == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.page.locator("section.panel").count() == len(PANELS) == 5
    assert found.page.locator(".live > svg").count() == found.page.locator("figure").count() > 10
    found.page.close()


def test_no_chart_is_wider_than_a_phone(browser: Browser, report: Path) -> None:
    found = opened(browser, report, width=PHONE)

    widths = found.page.evaluate(
        "Array.from(document.querySelectorAll('.live > svg'), "
        "(chart) => chart.getBoundingClientRect().right)"
    )
    assert max(widths) <= PHONE
    found.page.close()


def test_every_chart_says_what_it_shows_how_it_was_counted_and_from_what(
    browser: Browser, report: Path
) -> None:
    found = opened(browser, report)

    for figure in found.page.locator("figure").all():
        assert figure.locator("dl.note dt").all_inner_texts() == LINES
        texts = figure.locator("dl.note dd").all_inner_texts()
        assert all(text.endswith(".") for text in texts)
        assert re.search(r"snapshot of 20\d\d-\d\d-\d\d, a (census|sample|corpus)", texts[2])
        assert len(figure.locator("figcaption").inner_text()) > 20
        assert figure.locator("details tbody tr").count() > 0
    found.page.close()


def test_choosing_another_country_changes_charts_and_tables(browser: Browser, report: Path) -> None:
    found = opened(browser, report)
    rows = found.page.locator("#series-collaboration tbody")
    key = found.page.locator("#series-collaboration .key")
    drawn = found.page.locator("#level-full svg")
    assert "Brazil" in rows.inner_text() + key.inner_text()
    assert "Brazil" in str(drawn.text_content())

    found.page.select_option("select[name=a]", "IN")
    found.page.wait_for_function(
        "document.querySelector('#level-full svg').textContent.includes('India')"
    )

    for text in (rows.text_content(), key.text_content(), drawn.text_content()):
        assert "India" in str(text)
        assert "Brazil" not in str(text)
    found.page.close()


def test_choosing_a_field_changes_the_table_of_partners(browser: Browser, report: Path) -> None:
    found = opened(browser, report)
    partners = found.page.locator("#flows tbody")
    before = partners.inner_text()

    found.page.select_option("select[name=f]", "Physics")

    assert partners.inner_text() != before
    assert partners.locator("tr").count() == 41
    found.page.close()


def test_the_script_writes_tables_as_they_were_before_it_ran(
    browser: Browser, report: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(report.as_uri())
    found = opened(browser, report)
    found.page.select_option("select[name=a]", "IN")
    found.page.select_option("select[name=a]", "BR")

    for name in ("series-impact", "rfc", "levels", "flows-of-pair", "flows"):
        cells = f"#{name} tbody tr > *"
        written = [
            text.replace("\N{MINUS SIGN}", "-")
            for text in found.page.locator(cells).all_text_contents()
        ]
        assert written == still.locator(cells).all_text_contents()
    context.close()
    found.page.close()


def test_without_scripts_the_charts_are_still_pictures(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(report.as_uri())

    assert still.locator(".chart img").count() == still.locator("figure").count() > 0
    assert still.evaluate("Array.from(document.images).every((image) => image.naturalWidth > 300)")
    context.close()


def test_the_map_shows_another_year_and_the_breadth_of_partners(
    browser: Browser, report: Path
) -> None:
    found = opened(browser, report)
    chart = found.page.locator("#map")
    assert "100,000 +" in str(chart.locator("svg").text_content())
    with_works = chart.locator("svg path[aria-roledescription=geoshape]").count()

    chart.locator("input[type=range]").fill("1990")
    chart.locator("input[type=radio][value=partners]").check()
    found.page.wait_for_function("document.querySelector('#map svg').textContent.includes('50 +')")

    assert chart.locator("svg path[aria-roledescription=geoshape]").count() < with_works
    found.page.close()


@pytest.mark.parametrize("country", ["Singapore", "Malta", "Hong Kong"])
def test_the_map_shows_small_states_as_dots(browser: Browser, report: Path, country: str) -> None:
    found = opened(browser, report)

    dots = found.page.locator(
        f"#map svg path[aria-roledescription=circle][aria-label*='{country}']"
    )
    assert dots.count() == 1
    found.page.close()


def test_charts_turn_dark_with_the_screen(browser: Browser, report: Path) -> None:
    found = opened(browser, report, scheme="dark")
    color = f"getComputedStyle(document.querySelector('.live [stroke=\"{FIRST}\"]')).stroke"
    red, green, blue = (int(DARK[FIRST][place : place + 2], 16) for place in (1, 3, 5))

    assert found.page.evaluate(color) == f"rgb({red}, {green}, {blue})"

    found.page.emulate_media(media="print")
    assert found.page.evaluate(color) != f"rgb({red}, {green}, {blue})"
    found.page.close()


def test_names_of_the_data_are_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    rows: Rows = [
        {"unit_id": code, "country_name": HOSTILE, "year": year, "value": 0.5}
        for code in ("BR", "CN")
        for year in (2020, 2021)
    ]
    chart = Chart(
        name="hostile",
        title=HOSTILE,
        reading=Reading(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        spec=figures.series(rows, title=HOSTILE, form=".0%"),
        table=Table(
            headings=(Heading("country_name", HOSTILE), Heading("value", HOSTILE, "share")),
            rows=rows,
            follows="both",
        ),
    )
    panel = Panel(name="Test", question=HOSTILE, text=(HOSTILE,), charts=(chart,), code=HOSTILE)
    words = Wording(
        countries={"BR": HOSTILE, "CN": HOSTILE}, fields={"all": HOSTILE}, ncses=(), sources={}
    )
    choices = [("BR", HOSTILE), ("CN", HOSTILE)]
    report = tmp_path / "report.html"
    html = page([panel], (), words, choices=choices, version=HOSTILE)
    report.write_text(html, encoding="utf-8")

    found = opened(browser, report)
    found.page.select_option("select[name=a]", "CN")

    assert found.complaints == []
    assert found.page.title() == "fourseas: the openness of science and technology"
    assert found.page.locator("img[src=x], main b").count() == 0
    assert found.page.locator("#hostile tbody th").first.text_content() == HOSTILE
    found.page.close()


def test_the_script_writes_parts_of_works_as_they_were_before_it_ran(
    browser: Browser, tmp_path: Path
) -> None:
    values = [0.42, 7.0, 99.5, 100.4, 12_345.6]
    rows: Rows = [
        {"unit_id": code, "country_name": code, "year": 2021, "value": value}
        for code, value in zip(("BR", "CN", "BR", "CN", "BR"), values, strict=True)
    ]
    chart = Chart(
        name="parts",
        title="Parts",
        reading=Reading("", "", "", "", "", ""),
        spec=figures.series(rows, title="works", form=",.0f"),
        table=Table(
            headings=(Heading("country_name", "country"), Heading("value", "works", "count")),
            rows=rows,
            follows="both",
        ),
    )
    panel = Panel(name="Test", question="How many?", charts=(chart,))
    words = Wording(countries={"BR": "BR", "CN": "CN"}, fields={"all": "all"}, ncses=(), sources={})
    html = page([panel], (), words, choices=[("BR", "BR"), ("CN", "CN")], version="1")
    (tmp_path / "report.html").write_text(html, encoding="utf-8")

    found = opened(browser, tmp_path / "report.html")
    found.page.select_option("select[name=a]", "CN")
    found.page.select_option("select[name=a]", "BR")

    after = found.page.locator("#parts tbody td").all_text_contents()
    assert after == [line[1] for line in chart.table.shown()]
    assert after == ["0.42", "7", "99.50", "100", "12,346"]
    found.page.close()


def test_it_is_one_file_of_moderate_size_that_allows_itself_nothing(report: Path) -> None:
    html = report.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)

    assert report.stat().st_size < MOST_BYTES
    assert 'src="http' not in html
    assert 'href="http' not in html
    assert policy is not None
    assert "default-src 'none'" in policy.group(1)
    assert "unsafe-eval" not in policy.group(1)


def test_it_shows_both_sides_and_never_calls_exposure_a_loss(
    browser: Browser, report: Path
) -> None:
    found = opened(browser, report)
    text = found.page.locator("body").inner_text().casefold()
    control = found.page.locator("#control").inner_text().casefold()

    for table in found.page.locator("#control table").all():
        headings = " ".join(table.locator("thead th").all_inner_texts())
        for said in ("joint", "change on", "first's own", "second's own"):
            assert said in headings
    assert "loss" not in control
    assert not any(phrase in text for phrase in BANNED)
    found.page.close()


def test_it_has_no_opinion_on_boundaries(browser: Browser, report: Path) -> None:
    found = opened(browser, report)

    assert "Boundaries imply no opinion" in found.page.locator("#map").inner_text()
    assert "Boundaries imply no opinion" in found.page.locator("footer").inner_text()
    found.page.close()
