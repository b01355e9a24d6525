"""The server's pages as a reader meets them: in a real browser, on a desk and on a phone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import DESK, PHONE, barriers, opened

PAGES = (
    "/",
    "/position/BR",
    "/pair/BR/CN",
    "/claims",
    "/what-if",
    "/standards",
    "/indicator/impact",
    "/policy/sensitive-technology?case=tied-to-a-named-organization",
    "/policy/ask?lists=joint-programme&c.activity=joint_project&c.parties.n=1",
    "/policy/simulate?lists=genetic-resources&owner=CA&years=2014-2023",
    "/policy/decisions",
    "/challenge/climate_change",
    "/partners?for=BR&challenge=climate_change",
    "/organization/013meh722?for=00f54p054",
    "/find?q=climate",
    "/quality",
    "/about",
    "/nowhere",
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_a_phone_complains_of_nothing_and_asks_nobody_else(
    browser: Browser, root: str, address: str
) -> None:
    for width in (DESK, PHONE):
        found = opened(browser, root + address, width=width)
        complaints = [line for line in found.complaints if "404" not in line]

        assert complaints == []
        assert [url for url in found.requests if not url.startswith((root, "data:"))] == []
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
        assert found.page.locator("h1").count() == 1
        found.page.close()


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_no_serious_barrier_by_day_or_night(
    browser: Browser, root: str, address: str
) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        found = opened(browser, root + address, scheme=scheme)
        assert barriers(found.page) == {}
        found.page.close()


@pytest.mark.parametrize("address", ["/about", "/challenge", "/indicator"])
def test_on_a_phone_no_text_of_a_short_table_is_cut_and_the_navigation_is_one_line(
    browser: Browser, root: str, address: str
) -> None:
    page = opened(browser, root + address, width=PHONE).page
    beyond = "tables => tables.map(one => one.scrollWidth - one.parentElement.clientWidth)"

    assert page.locator("table.listed").count() >= 1
    assert max(page.locator("table.listed").evaluate_all(beyond)) <= 0
    heights = "links => new Set(links.map(one => one.getBoundingClientRect().top)).size"
    assert page.locator("nav a").evaluate_all(heights) == 1
    page.close()


def test_the_page_of_a_field_asks_once_for_a_field(browser: Browser, root: str) -> None:
    page = opened(browser, f"{root}/field/Chemistry").page

    assert page.locator("select[name=field]").count() == 1
    page.close()


def test_a_year_is_chosen_and_stands_in_the_address(browser: Browser, root: str) -> None:
    found = opened(browser, f"{root}/")
    found.page.locator("input[type=range]").press("ArrowLeft")

    expect(found.page.locator("h1")).to_contain_text("2021")
    assert "year=2021" in found.page.url
    found.page.close()


def test_without_scripts_a_form_a_heading_and_the_map_lead_on(browser: Browser, root: str) -> None:
    found = opened(browser, f"{root}/", scripts="stay")
    page = found.page
    page.locator("select[name=indicator]").select_option("collaboration")
    page.locator("form", has=page.locator("select[name=indicator]")).locator("button").click()
    expect(page.locator("h1")).to_contain_text("International collaboration")

    page.locator("thead a", has_text="country").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    assert "sort=" in page.url

    page.goto(f"{root}/")
    page.locator("#world path[data-country=BR]").click()
    page.locator(".steps a", has_text="Every measure of Brazil").click(no_wait_after=True)
    page.wait_for_url("**/country/BR", timeout=120_000)
    page.close()


def test_the_focus_is_seen_and_comes_first_to_a_way_past_the_navigation(
    browser: Browser, root: str
) -> None:
    found = opened(browser, f"{root}/about")
    found.page.keyboard.press("Tab")

    assert found.page.evaluate("document.activeElement.textContent") == "To the content"
    for _ in range(3):
        found.page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert found.page.evaluate(style) == "solid"
    found.page.close()


def test_in_the_dark_page_and_map_are_dark(browser: Browser, root: str) -> None:
    found = opened(browser, f"{root}/", scheme="dark")
    sea = found.page.locator(".drawing svg > path").first

    assert sea.evaluate("path => getComputedStyle(path).fill") == "rgb(19, 28, 37)"
    ground = "getComputedStyle(document.body).backgroundColor"
    assert found.page.evaluate(ground) == "rgb(14, 21, 28)"
    found.page.close()


def test_land_that_hardly_changes_has_an_edge_and_names_of_classes_take_a_line_or_two(
    browser: Browser, root: str
) -> None:
    page = opened(browser, f"{root}/what-if").page
    edge, inside = (
        page.locator("#map path[data-country=BR]").evaluate(f"one => getComputedStyle(one).{paint}")
        for paint in ("stroke", "fill")
    )

    assert edge not in {inside, "rgb(255, 255, 255)"}
    height = "one => one.getBoundingClientRect().height"
    assert page.locator("#map .classes").evaluate(height) < 60
    page.close()


@pytest.mark.parametrize(("scripts", "year"), [("run", 2011), ("stay", 2012)])
def test_who_waits_for_a_count_is_shown_the_answer_at_the_same_address(
    browser: Browser, root: str, scripts: Literal["run", "stay"], year: int
) -> None:
    address = f"{root}/policy/simulate?lists=genetic-resources&owner=FR&years={year}-2023"
    tab = browser.new_page(java_script_enabled=scripts == "run")
    tab.goto(address, timeout=120_000)
    assert tab.locator("progress").count() == 1

    expect(tab.locator("h1")).to_contain_text("What a policy would touch: France", timeout=120_000)
    assert tab.url == address
    assert tab.locator("progress").count() == 0
    tab.close()
