"""Linked looking: a choice in one chart changes the others, in place and by its address alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from fourseas.web.linked import at_address
from fourseas.web.view import Asked
from tests.web.browsing import PHONE, barriers, opened

BEGUN = "window.begun = true"
"""What only a page bears that was not loaded anew since."""

pytestmark = pytest.mark.browser

expect.set_options(timeout=60_000)


def test_a_mark_leads_to_its_choice_and_keeps_what_else_the_address_says() -> None:
    mark = '<a xlink:href="https://here.invalid?{}" target="_self"><path aria-label="x"/></a>'
    drawn = mark.format("chosen=DE&amp;field=All+fields") + mark.format("chosen=FR&amp;field=")
    asked = Asked("/position/US", (("year", "2020"), ("field", "Physics"), ("against", "a&b")))

    # By hand: names in their order, the field of the address replaced, signs escaped.
    kept = "/position/US?against=a%26b&amp;chosen="
    assert at_address(drawn, asked) == (
        f'<a href="{kept}DE&amp;field=All+fields&amp;year=2020"><path data-country="DE"'
        ' data-field="All fields" aria-label="x"/></a>'
        f'<a href="{kept}FR&amp;field=&amp;year=2020"><path data-country="FR"'
        ' data-field="" aria-label="x"/></a>'
    )


@pytest.fixture
def world(browser: Browser, root: str) -> Iterator[Page]:
    """Open the map of the world."""
    page = opened(browser, f"{root}/").page
    page.evaluate(BEGUN)
    yield page
    page.close()


@pytest.fixture
def position(browser: Browser, root: str) -> Iterator[Page]:
    """Open the position of Brazil."""
    page = opened(browser, f"{root}/position/BR").page
    page.evaluate(BEGUN)
    yield page
    page.close()


@pytest.fixture
def pair(browser: Browser, root: str) -> Iterator[Page]:
    """Open what Brazil and China are to each other."""
    page = opened(browser, f"{root}/pair/BR/CN").page
    page.evaluate(BEGUN)
    yield page
    page.close()


@pytest.fixture
def country(browser: Browser, root: str) -> Iterator[Page]:
    """Open every measure of Brazil, beside China."""
    page = opened(browser, f"{root}/country/BR?against=CN").page
    page.evaluate(BEGUN)
    yield page
    page.close()


def is_as_begun(page: Page) -> bool:
    """Return whether a page was never loaded anew."""
    return page.evaluate("window.begun") is True


def content(page: Page) -> str:
    """Return what a page shows, without what only a pointer, a focus or the script adds."""
    page.mouse.move(0, 0)
    shown: str = page.locator("main").inner_html()
    without = re.sub(r' class="(?:seen|prompt)"| seen\b|\bseen ', "", shown)
    return re.sub(r' class=""', "", without)


def test_a_country_on_the_map_changes_table_chart_and_address_without_a_load(world: Page) -> None:
    assert world.locator("#over-years").count() == 0
    world.locator("#world path[data-country=BR]").click()

    expect(world.locator("#told")).to_contain_text("Brazil in 2022")
    assert world.url.endswith("/?chosen=BR")
    assert world.locator("#countries tr.chosen th").all_inner_texts() == ["Brazil"]
    assert world.locator("#over-years h2").inner_text().startswith("Brazil year by year")
    assert world.locator("#world .chosen").get_attribute("data-country") == "BR"
    assert is_as_begun(world)


def test_the_chosen_row_is_in_sight_in_its_table(world: Page) -> None:
    world.locator("#world path[data-country=KE]").click()
    expect(world.locator("#told")).to_contain_text("Kenya")
    row = world.locator("#countries tr.chosen").bounding_box()
    table = world.locator("#countries .scroll").bounding_box()

    assert row is not None
    assert table is not None
    assert table["y"] < row["y"] < table["y"] + table["height"]


def test_a_year_in_the_chart_changes_the_map_and_keeps_the_country(world: Page) -> None:
    world.locator("#world path[data-country=BR]").click()
    before = world.locator("#over-years .chosen").get_attribute("data-year")
    world.locator("#over-years path[data-year='2015']").click()

    expect(world).to_have_title(re.compile("2015"))
    assert before == "2022"
    assert world.locator("#over-years .drawing a").count() == 20
    assert "chosen=BR" in world.url
    assert "year=2015" in world.url
    assert world.locator("#told").inner_text().startswith("Brazil in 2015: 64,088")
    assert world.locator("#over-years .chosen").get_attribute("data-year") == "2015"
    assert world.locator("input[type=range]").input_value() == "2015"
    assert is_as_begun(world)


def test_back_and_forward_show_what_was_chosen_then(world: Page) -> None:
    world.locator("#world path[data-country=BR]").click()
    expect(world.locator("#told")).to_contain_text("Brazil")
    world.locator("#countries tr[data-country=CN] a").click()
    expect(world.locator("#told")).to_contain_text("China")

    world.go_back()
    expect(world.locator("#told")).to_contain_text("Brazil")
    world.go_back()
    expect(world.locator("#told")).to_have_count(0)
    world.go_forward()
    expect(world.locator("#countries tr.chosen th")).to_have_text("Brazil")
    assert is_as_begun(world)


def test_an_address_that_was_sent_shows_the_same(browser: Browser, world: Page) -> None:
    world.locator("#world path[data-country=BR]").click()
    expect(world.locator("#told")).to_contain_text("Brazil")
    world.locator("#over-years path[data-year='2015']").click()
    expect(world).to_have_title(re.compile("2015"))
    sent = opened(browser, world.url).page

    assert sent.title() == world.title()
    assert content(sent) == content(world)
    sent.close()


def test_a_keyboard_chooses_in_the_table_and_in_a_chart_of_few_marks(world: Page) -> None:
    world.locator("#countries tr[data-country=KE] a").focus()
    world.keyboard.press("Enter")
    expect(world.locator("#told")).to_contain_text("Kenya")
    assert world.evaluate("document.activeElement.textContent") == "Kenya"
    assert world.locator("#heard").inner_text().startswith("Volume of works, 2022. Kenya in 2022")

    assert world.locator("#world .drawing a:not([tabindex='-1'])").count() == 0
    world.locator("#over-years .drawing").focus()
    world.keyboard.press("Tab")
    world.keyboard.press("Enter")
    expect(world).to_have_title(re.compile("2003"))
    assert world.evaluate("document.activeElement.firstChild.dataset.year") == "2003"
    assert is_as_begun(world)


def test_a_slider_is_moved_on_and_keeps_the_focus(world: Page) -> None:
    slider = world.locator("input[type=range]")
    slider.press("ArrowLeft")
    expect(world).to_have_title(re.compile("2021"))
    world.keyboard.press("ArrowLeft")
    expect(world).to_have_title(re.compile("2020"))

    assert is_as_begun(world)


def test_the_place_on_the_page_is_kept(world: Page) -> None:
    world.locator("#countries thead a", has_text="country").scroll_into_view_if_needed()
    before = world.locator("#countries").bounding_box()
    world.locator("#countries thead a", has_text="country").click()
    expect(world.locator("#countries th[aria-sort=ascending]")).to_have_count(1)
    after = world.locator("#countries").bounding_box()

    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    assert is_as_begun(world)


def test_a_country_under_the_pointer_or_focus_is_marked_everywhere(position: Page) -> None:
    position.locator("#matrix path[data-country=PT]").first.hover()
    assert position.locator("#partners tr.seen th").all_inner_texts() == ["Portugal"]

    position.locator("#partners tr[data-country=CN] a").focus()
    marked = "marks => [...new Set(marks.map(one => one.dataset.country))]"
    assert position.locator("#matrix .seen").evaluate_all(marked) == ["CN"]


def test_a_cell_of_a_position_chooses_partner_and_field(position: Page) -> None:
    position.locator("#matrix path[data-country=PT][data-field=Chemistry]").click()

    expect(position.locator("#told")).to_contain_text("Portugal is close")
    assert position.url.endswith("/position/BR?chosen=PT&field=Chemistry")
    assert position.locator("#partners tr.chosen th").all_inner_texts() == ["Portugal"]
    assert position.locator("#fields tr.chosen th").all_inner_texts() == ["Chemistry"]
    assert "Brazil and Portugal" in position.locator("#levels h2").inner_text()
    chosen = position.locator("select[name=field] option:checked").inner_text()
    assert chosen == "Chemistry (ncses)"
    position.locator("#levels path[data-field=Physics]").first.click()
    expect(position).to_have_title(re.compile("physics"))
    assert is_as_begun(position)


def test_a_field_of_a_pair_is_told_and_marked_in_chart_and_table(pair: Page) -> None:
    pair.locator("#levels path[data-field=Chemistry]").first.click()

    expect(pair.locator("#told")).to_contain_text("Chemistry: China is ahead, at a level of 1.35%")
    assert pair.url.endswith("/pair/BR/CN?field=Chemistry")
    assert pair.locator("#fields tr.chosen th").all_inner_texts() == ["Chemistry"]
    assert pair.locator("#levels .chosen[data-field=Chemistry]").count() == 2
    assert is_as_begun(pair)


def test_a_year_of_a_pair_keeps_the_field_and_both_outlast_another_country(pair: Page) -> None:
    pair.locator("#levels path[data-field=Chemistry]").first.click()
    expect(pair.locator("#told")).to_contain_text("Chemistry")
    pair.locator("#joint-by-year path[data-year='2022']").first.click()
    expect(pair.locator("#told")).to_contain_text("2,013 (ncses)")
    assert pair.locator("#joint-years tr.chosen th").all_inner_texts() == ["2022"]
    pair.locator("select[name=second]").select_option("DE")
    pair.locator("select[name=second]").evaluate("one => one.form.requestSubmit()")

    expect(pair).to_have_title(re.compile("Germany"))
    assert pair.url.endswith("/pair/BR/DE?field=Chemistry&year=2022")
    expect(pair.locator("#told")).to_contain_text("Chemistry: Germany")
    pair.locator(".steps a", has_text="No field").click()
    expect(pair.locator("#told")).not_to_contain_text("Chemistry")
    assert pair.url.endswith("/pair/BR/DE?year=2022")
    assert is_as_begun(pair)


def test_a_field_and_a_year_of_a_country_are_told_and_marked_everywhere(country: Page) -> None:
    country.locator("#field-dots path[data-field=Chemistry]").click()
    expect(country.locator("#told")).to_contain_text("Chemistry: 3,494 works of Brazil")
    country.locator("#level-by-year path[data-year='2020']").first.click()

    expect(country.locator("#told")).to_contain_text("Brazil, in the top 1%: 0.39%")
    assert country.url.endswith("/country/BR?against=CN&field=Chemistry&year=2020")
    assert country.locator("#fields tr.chosen th").all_inner_texts() == ["Chemistry"]
    assert country.locator("#by-year tr.chosen th").all_inner_texts() == ["2020"]
    for chart in ("openness-by-year", "level-by-year"):
        assert country.locator(f"#{chart} .chosen[data-year='2020']").count() == 2
    leads_on = country.locator(".steps a", has_text="All countries in Chemistry")
    assert leads_on.get_attribute("href") == "/field/Chemistry"
    assert is_as_begun(country)


def test_another_country_is_shown_beside_the_same_with_the_same_field(country: Page) -> None:
    country.locator("#field-dots path[data-field=Chemistry]").click()
    expect(country.locator("#told")).to_contain_text("Brazil")
    country.locator("select[name=country]").select_option("IN")
    country.locator(".choices button").click()

    expect(country).to_have_title(re.compile("India"))
    expect(country.locator("#told")).to_contain_text("works of India")
    lines = "marks => [...new Set(marks.map(one => one.getAttribute('aria-label').split(',')[0]))]"
    drawn = country.locator("#openness-by-year path[aria-label]").evaluate_all(lines)
    assert drawn == ["India", "China"]
    assert is_as_begun(country)


def test_a_form_that_leads_to_another_country_keeps_page_and_partner(position: Page) -> None:
    position.locator("#partners tr[data-country=PT] a").click()
    expect(position.locator("#told")).to_contain_text("Portugal")
    position.locator("select[name=country]").select_option("CN")
    position.locator(".choices button").click()

    expect(position).to_have_title(re.compile("China"))
    assert "/position/CN?" in position.url
    assert position.locator("#partners tr.chosen th").all_inner_texts() == ["Portugal"]
    assert is_as_begun(position)


def test_without_scripts_the_same_is_chosen_by_the_same_links(browser: Browser, root: str) -> None:
    page = opened(browser, f"{root}/", scripts="stay").page
    page.locator("#world path[data-country=BR]").click()
    page.locator("#over-years path[data-year='2015']").click()

    expect(page.locator("#told")).to_contain_text("Brazil in 2015: 64,088")
    expect(page.locator("#countries tr.chosen th")).to_have_text(["Brazil"])
    page.locator(".steps a", has_text="No country").click()
    expect(page.locator("#told")).to_have_count(0)
    expect(page).to_have_title(re.compile("2015"))
    page.close()


def test_a_page_that_is_waited_for_says_so_and_shows_what_was_asked_last(world: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    world.route("**/*chosen=BR*", hold)
    world.locator("#world path[data-country=BR]").click()
    expect(world.locator("main")).to_have_attribute("aria-busy", "true")
    world.locator("#world path[data-country=CN]").click()
    expect(world.locator("#told")).to_contain_text("China")

    assert len(held) == 1
    assert world.locator("main").get_attribute("aria-busy") is None
    assert world.url.endswith("chosen=CN")
    assert is_as_begun(world)


def test_where_the_server_is_gone_the_browser_itself_goes_there(world: Page) -> None:
    world.route("**/*chosen=CN*", lambda route: route.abort())
    with world.expect_event("requestfailed", lambda one: one.is_navigation_request()):
        world.locator("#world path[data-country=CN]").click()


def test_a_page_that_says_why_not_is_shown_as_one(world: Page) -> None:
    world.locator("#world a:has(path[data-country=CN])").evaluate(
        "link => link.setAttribute('href', '/?chosen=Atlantis')"
    )
    world.locator("#world path[data-country=CN]").click()

    expect(world.locator("h1")).to_contain_text("Atlantis")
    assert not is_as_begun(world)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_barrier_after_a_choice(
    browser: Browser, root: str, scheme: Literal["light", "dark"]
) -> None:
    for address, mark in (("/", "#world path"), ("/position/BR", "#matrix path")):
        page = opened(browser, root + address, scheme=scheme).page
        page.locator(f"{mark}[data-country=CN]").first.click()
        expect(page.locator("#told")).to_contain_text("China")

        assert barriers(page) == {}
        page.close()


@pytest.mark.parametrize(
    "address",
    ["/?chosen=BR", "/position/BR?chosen=PT", "/field/Chemistry", "/pair/BR/CN", "/country/BR"],
)
def test_on_a_phone_a_choice_makes_no_page_wider(browser: Browser, root: str, address: str) -> None:
    page = opened(browser, root + address, width=PHONE).page

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.close()
