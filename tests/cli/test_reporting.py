"""`fourseas report`: pages, PDFs and workbooks as somebody receives them."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from fourseas import workspace
from fourseas.cli import printing
from fourseas.errors import FourseasError
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.position import position_card
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.paper.report import report
from fourseas.reports.paper.workbook import workbook
from tests.commands import run

HOSTILE = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'
needs_browser = pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")


@pytest.fixture(scope="module")
def written(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the position of China as a page and a workbook."""
    directory = tmp_path_factory.mktemp("report")
    outs = [f"--out={directory / name}" for name in ("cn.html", "cn.xlsx")]
    ended = run("report", "position", "CN", "--lake", str(lake_path), *outs)
    assert ended.returncode == 0, ended.stderr
    return directory


@pytest.fixture(scope="module")
def card(lake: workspace.Workspace) -> Card:
    """Make the card of it, without a report."""
    return position_card(lake, "CN")


def test_a_page_names_nothing_outside_itself(written: Path) -> None:
    page = (written / "cn.html").read_text()

    assert "<script" not in page
    assert "<link" not in page
    assert re.findall(r'(?:src|href)="(?!#|data:image/)[^"]*"', page) == []
    assert "default-src 'none'" in page


def test_the_first_page_says_what_when_found_and_caveats(written: Path, card: Card) -> None:
    page = (written / "cn.html").read_text()
    first = page[: page.index("</section>")]

    assert f"<h1>{card.title}</h1>" in page
    assert all(line.split("%")[0] in first for line in card.lead)
    assert "snapshot of 2023-04-30" in first
    assert "licence:" in first
    assert "A dash is not published." in first


def test_every_number_of_the_page_stands_as_on_the_card(written: Path, card: Card) -> None:
    page = (written / "cn.html").read_text()

    assert len(card.sheets) == 2
    for sheet in card.sheets:
        part = page[page.index(f'id="sheet-{sheet.name}"') :]
        part = part[: part.index("</section>")]
        cells = re.findall(r"<t[hd] (?:scope=\"row\"|class=\"\w+\")>([^<]*)</t[hd]>", part)
        assert cells == [value for row in sheet.texts() for value in row]


def test_a_workbook_holds_the_numbers_and_says_what_each_column_is(written: Path) -> None:
    book = zipfile.ZipFile(io.BytesIO((written / "cn.xlsx").read_bytes()))
    names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    texts = book.read("xl/sharedStrings.xml").decode()
    numbers = re.findall(r"<v>([^<]*)</v>", book.read("xl/worksheets/sheet2.xml").decode())

    assert names == ["README", "1 partners", "2 fields"]
    for wanted in ("Definition", "Counting", "Source, with licence", "Column level", "Citation"):
        assert f">{wanted}<" in texts
    # Joint works of China and the United States in 2022, as NCSES publishes them.
    assert "58546" in numbers


def _card(value: str) -> Card:
    reading = Reading(value, value, value, value, value, value)
    heading = Heading("name", value)
    sheet = Sheet(
        name="names", title=value, headings=(heading,), rows=[{"name": value}], reading=reading
    )
    return Card(title=value, lead=(value,), sheets=(sheet,), sources=(value,), citation=value)


def test_hostile_names_are_text_on_a_page_and_in_a_workbook() -> None:
    card = _card(HOSTILE)

    assert "<script" not in report(card)
    book = zipfile.ZipFile(io.BytesIO(workbook(card)))
    pages = [book.read(name).decode() for name in book.namelist() if "worksheets" in name]
    assert not any("<f>" in page or "hyperlink" in page for page in pages)
    texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert any("HYPERLINK" in text for text in texts)
    assert not any(text.startswith("=") for text in texts)


def test_the_same_card_is_the_same_bytes() -> None:
    card = _card("same")

    assert workbook(card) == workbook(card)
    assert report(card) == report(card)


@needs_browser
def test_a_printed_report_is_a_pdf_of_numbered_a4_pages(written: Path) -> None:
    printed = printing.as_pdf((written / "cn.html").read_text())

    assert printed.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox \[([^\]]*)\]", printed)
    sides = {tuple(round(float(side)) for side in box.split()[2:]) for box in boxes}
    # A4 is 595 x 842 points; wide tables lie across.
    assert all(abs(min(side) - 595) <= 1 and abs(max(side) - 842) <= 1 for side in sides)
    assert len(sides) == 2
    assert len(boxes) > 3


@needs_browser
@pytest.mark.browser
def test_an_opened_report_asks_for_nothing_and_is_not_wider_than_a_phone(written: Path) -> None:
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.goto((written / "cn.html").as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()

    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert width <= 390


def test_without_a_browser_an_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(FourseasError, match="apt install chromium"):
        printing.as_pdf("<p>text</p>")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("country", "BR"), "needs a file to go to"),
        (("country", "BR", "--out=report.docx"), ".html or .pdf or .xlsx"),
        (("country", "Brasilia", "--out=report.html"), "Did you mean"),
        (("challenge", "climate", "--out=report.html"), "climate_change"),
        (("claims", "rivalri", "--out=report.html"), "rivalry"),
    ],
)
def test_a_slip_is_answered_with_what_to_do_and_nothing_is_written(
    words: tuple[str, ...],
    says: str,
    lake_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("report", *words, "--lake", str(lake_path))

    assert ended.returncode == 1
    assert says in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_policy_is_reported_with_rules_and_mirrors(tmp_path: Path) -> None:
    policy = Path("src/fourseas/policy/examples/sensitive-technology/policy.yaml")
    out = tmp_path / "policy.html"
    ended = run("report", "policy", str(policy), "--out", str(out))

    assert ended.returncode == 0, ended.stderr
    assert "if the partner adopted it" in out.read_text()

    missing = run("report", "policy", str(tmp_path / "none.yaml"), "--out", str(out))
    assert missing.returncode == 1
    assert "cannot be read" in missing.stderr


def test_a_challenge_is_reported_with_its_countries(lake_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "challenge.html"
    ended = run(
        "report", "challenge", "climate_change", "--lake", str(lake_path), "--out", str(out)
    )

    assert ended.returncode == 0, ended.stderr
    page = out.read_text()
    assert "How far readings agree." in page
    assert "climate_change-a781af9" in page or "climate_change-" in page
