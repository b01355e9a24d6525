"""The site as those meet it who read it, follow its links, or take its data elsewhere."""

from __future__ import annotations

import csv
import functools
import html
import http.server
import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect, sync_playwright

from fourseas.cli.publishing import put
from fourseas.publishing.addresses import SHAPES
from fourseas.publishing.crate import FILE
from fourseas.publishing.site import Choice, site
from fourseas.web.reader import Reader
from fourseas.workspace import Workspace, indicator
from tests.commands import run
from tests.embedded import Silent
from tests.web.browsing import FLAGS

LINK = re.compile(r'\b(?:href|src)="([^"]*)"')
SERIES = re.compile(r"; (.+) · (.+) · (\w+)\.")
MAP = "sitemap.xml"
LARGEST_PAGE = 700_000
"""Bytes; a position holds a thousand marks. The outlines of one map alone are 730,000."""

READ = (
    "world/impact.html",
    "country/BR.html",
    "position/BR.html",
    "pair/BR/US.html",
    "claims/rivalry.html",
    "challenge.html",
    "licences.html",
    "data.html",
)


@pytest.fixture(scope="module")
def reader(lake_path: Path) -> Iterator[Reader]:
    """Read the lake of the embedded registers."""
    opened = Reader(lake_path, threads=1)
    yield opened
    opened.close()


def written(reader: Reader, lake: Workspace) -> dict[str, bytes]:
    """Return the files of a small site by their places."""
    names = lake.table("countries").select("country_name", "country_code").to_pyarrow()
    codes = {row["country_name"]: row["country_code"] for row in names.to_pylist()}
    choice = Choice(
        countries=(("BR", "Brazil"),),
        codes=codes,
        n_partners=1,
        n_years=2,
        url="https://science.example/of/",
    )
    return dict(site(reader, choice, Silent()))


@pytest.fixture(scope="module")
def files(reader: Reader, lake: Workspace) -> dict[str, bytes]:
    """Return the files of a site of Brazil."""
    return written(reader, lake)


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, str]:
    """Return the text of every page by its place."""
    return {name: text.decode() for name, text in files.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def host(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site from below a directory, as a plain server of files does."""
    root = tmp_path_factory.mktemp("host")
    put(files.items(), root / "science")
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/science"
        server.shutdown()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that keeps no log."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def test_a_second_run_writes_the_same_bytes(
    reader: Reader, lake: Workspace, files: dict[str, bytes]
) -> None:
    again = written(reader, lake)

    assert [name for name in files if files[name] != again.get(name)] == []
    assert list(again) == list(files)


def test_every_link_leads_to_a_file_and_to_a_place_on_it(
    files: dict[str, bytes], pages: dict[str, str]
) -> None:
    found, dead = 0, []
    for name, text in pages.items():
        for address in map(html.unescape, LINK.findall(text)):
            if urlsplit(address).scheme in ("https", "http", "data"):
                continue
            found += 1
            target, place = urldefrag(urljoin(f"http://host/{name}", address))
            file = unquote(urlsplit(target).path.removeprefix("/"))
            text_of = files.get(file, b"").decode("utf-8", "replace")
            if file not in files or (place and f'id="{place}"' not in text_of):
                dead.append((name, address))

    assert found > 1_000
    assert dead == []


def test_no_page_offers_what_only_a_server_answers(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        assert "<form" not in text, name
        assert len(re.findall(r'<script src="[./]*static/observatory.js" defer>', text)) == 1, name
        assert text.count("<script") == 1, name
        for offered in ("SQL", "PNG", "SVG", "citation"):
            assert not re.search(rf'<p class="take">[^\n]*\b{offered}\b', text), name
    assert "Every address answers" not in pages["about.html"]


def test_every_page_is_reached_from_the_first_one(pages: dict[str, str]) -> None:
    seen, waiting = {"index.html"}, ["index.html"]
    while waiting:
        name = waiting.pop()
        for address in map(html.unescape, LINK.findall(pages[name])):
            target = urldefrag(urljoin(f"http://host/{name}", address))[0]
            file = unquote(urlsplit(target).path.removeprefix("/"))
            if file in pages and file not in seen:
                seen.add(file)
                waiting.append(file)

    assert seen == set(pages)


def test_maps_mean_their_outlines_and_no_page_is_large(files: dict[str, bytes]) -> None:
    large = {name: len(text) for name, text in files.items() if name.endswith(".html")}

    assert {name: size for name, size in large.items() if size > LARGEST_PAGE} == {}
    assert not [name for name in files if name.endswith(".svg") and name != SHAPES]
    names = set(re.findall(r'<path id="(\w+)"', files[SHAPES].decode()))
    meant = set(re.findall(rf'<use href="{SHAPES}#(\w+)"', files["index.html"].decode()))
    assert len(meant) > 200
    assert meant <= names


def test_a_map_and_the_data_hold_what_the_command_shows(
    files: dict[str, bytes], lake: Workspace, lake_path: Path, tmp_path: Path
) -> None:
    shown, year = tmp_path / "shown.csv", "2020"
    ended = run("show", "volume", "--lake", str(lake_path), "--years", year, "--out", str(shown))
    of_command = list(csv.DictReader(shown.read_text(encoding="utf-8").splitlines()))
    key = indicator("volume").writes.key
    whole = pq.read_table(io.BytesIO(files["data/volume.parquet"])).to_pylist()
    of_data = {tuple(str(row[name]) for name in key): row for row in whole}

    assert ended.returncode == 0
    assert len(of_command) > 300
    for row in of_command:
        found = of_data[tuple(row[name] for name in key)]
        assert {name: float(row[name]) for name in ("p", "p_world") if row.get(name)} == {
            name: found[name] for name in ("p", "p_world") if found.get(name) is not None
        }

    told = json.loads(files["world/volume.metadata.json"])
    names = lake.table("countries").select("country_name", "country_code").to_pyarrow().to_pylist()
    codes = {row["country_name"]: row["country_code"] for row in names}
    of_map = list(csv.DictReader(files["world/volume.csv"].decode().splitlines()))
    register, definition, counting = SERIES.findall(told["lead"][0])[0]
    series = {
        "register": register,
        "definition_id": definition,
        "counting": counting,
        "scheme": "all",
        "unit_type": "country",
        "year": int(told["title"][-4:]),
    }
    of_series = {
        row["unit_id"]: row["p"]
        for row in whole
        if all(row[name] == value for name, value in series.items())
    }
    assert {codes[row["country_name"]]: float(row["p"]) for row in of_map} == of_series


@pytest.mark.browser
def test_a_browser_reads_it_below_a_directory_and_asks_nobody_else(host: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        for name in READ:
            tab.goto(f"{host}/{name}")
            assert tab.locator("h1").count() == 1
        tab.goto(f"{host}/index.html")
        box = tab.locator("#world use >> nth=0").bounding_box()
        brazil = tab.locator("#world a[href$='country/BR.html'] use").bounding_box()
        tab.get_by_role("link", name="Countries").first.click()
        tab.locator("#positions").get_by_role("link", name="Brazil").click()
        arrived = tab.url
        browser.close()

    assert complaints == []
    assert [url for url in asked if not url.startswith((host, "data:"))] == []
    assert any(url.endswith(SHAPES) for url in asked)
    assert box is not None
    assert box["width"] > 500
    assert brazil is not None
    assert 20 < brazil["width"] < 200
    assert arrived == f"{host}/position/BR.html"


@pytest.mark.browser
def test_years_of_a_map_follow_in_place_from_a_server_and_by_a_load_from_a_disk(
    host: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    put(files.items(), tmp_path / "disk")
    ended: dict[str, tuple[str, str, bool]] = {}
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for root in (host, (tmp_path / "disk").as_uri()):
            tab = browser.new_page()
            if root == host:
                tab.on("console", lambda message: complaints.append(message.text))
            tab.goto(f"{root}/index.html")
            title = tab.title()
            tab.evaluate("window.begun = true")
            tab.locator(".steps a[data-year]").first.click()
            expect(tab).not_to_have_title(title)
            shown = tab.locator("#world use").first.bounding_box()
            tab.locator("#countries tr[data-country=BR] a").hover()
            assert tab.locator("#world .seen[data-country=BR]").count() == 1
            assert root != host or (shown is not None and shown["width"] > 500)
            is_as_begun = tab.evaluate("window.begun") is True
            tab.go_back()
            expect(tab).to_have_title(title)
            tab.locator("#countries tr[data-country=BR] a").click()
            expect(tab.locator("h1")).to_contain_text("Brazil")
            ended[root] = (title, tab.url.removeprefix(root), is_as_begun)
            tab.close()
        browser.close()

    assert [end[1:] for end in ended.values()] == [
        ("/country/BR.html", True),
        ("/country/BR.html", False),
    ]
    assert complaints == []


def test_the_crate_names_what_there_is_and_every_register_with_its_terms(
    files: dict[str, bytes], lake: Workspace
) -> None:
    crate = json.loads(files[FILE])
    entities = {one["@id"]: one for one in crate["@graph"]}
    root = entities["./"]

    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    assert entities[FILE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert len(entities) == len(crate["@graph"])
    assert {one["@id"] for one in root["hasPart"]} <= set(files) & set(entities)
    assert {name for name in files if name.startswith("data/")} <= set(entities)
    registers = lake.table("registers").to_pyarrow().to_pylist()
    licences = files["licences.html"].decode()
    for row in registers:
        assert entities[f"#register-{row['register']}"]["license"] == row["licence"]
        assert html.escape(row["licence"]) in licences
    mentioned = re.findall(r'"@id": "([^"]+)"', files[FILE].decode())
    assert set(mentioned) - {"https://w3id.org/ro/crate/1.2"} <= set(entities)


def test_the_dictionary_has_unit_and_meaning_of_every_column(files: dict[str, bytes]) -> None:
    crate = json.loads(files[FILE])
    entities = {one["@id"]: one for one in crate["@graph"]}
    for name in (name for name in files if name.startswith("data/")):
        table = name.removeprefix("data/").removesuffix(".parquet")
        columns = pq.read_schema(io.BytesIO(files[name])).names
        page = files[f"indicator/{table}.html"].decode()

        assert table in files["data.html"].decode()
        for column in columns:
            about = entities[f"#{table}.{column}"]
            assert about["unitText"]
            assert about["description"]
            assert f">{column}<" in page


def test_the_site_map_names_every_page(files: dict[str, bytes], pages: dict[str, str]) -> None:
    places = re.findall(r"<loc>https://science.example/of/([^<]*)</loc>", files[MAP].decode())

    assert sorted(map(unquote, places)) == sorted(pages)


def test_what_is_not_whole_is_never_at_its_place(tmp_path: Path) -> None:
    place = tmp_path / "site"

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        assert not place.exists() or (place / "index.html").read_bytes() == b"old"
        message = "half"
        raise OSError(message)

    with pytest.raises(OSError, match="half"):
        put(broken(), place)
    assert list(tmp_path.iterdir()) == []

    assert put([("index.html", b"old"), ("a/b.csv", b"1")], place) == (2, 4)
    with pytest.raises(OSError, match="half"):
        put(broken(), place)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (place / "index.html").read_bytes() == b"old"

    put([("index.html", b"newer")], place)
    assert [path.name for path in place.rglob("*")] == ["index.html"]


def test_a_directory_of_other_things_stays_and_slips_are_told(
    lake_path: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept" / "letter.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    lake = ("--lake", str(lake_path))

    taken = run("publish", str(kept.parent), *lake)
    nowhere = run("publish", str(tmp_path / "no" / "site"), *lake)
    unknown = run("publish", str(tmp_path / "site"), *lake, "--country", "Brasilia")
    backward = run("publish", str(tmp_path / "site"), *lake, "--years", "0")

    assert kept.read_text() == "mine"
    assert "is no site that `fourseas publish` wrote" in taken.stderr
    assert "There is no directory" in nowhere.stderr
    assert "Brasilia" in unknown.stderr
    assert "--years" in backward.stderr
    assert {one.returncode for one in (taken, nowhere, unknown, backward)} == {1}
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
