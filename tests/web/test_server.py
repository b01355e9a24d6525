"""The server's answers: pages, data of the same address, refusals, and who may read."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qsl

import pyarrow.compute as pc
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from fourseas import workspace
from fourseas.cli.serving import serve
from fourseas.errors import FourseasError
from fourseas.lake.shelf import Shelf
from fourseas.reports.cards.position import position_card
from fourseas.web.app import PAGES, application, page_of
from fourseas.web.guard import LARGEST_BODY
from fourseas.web.reader import Reader
from fourseas.web.rendering import as_page
from fourseas.web.view import Asked

HOST = "http://127.0.0.1"
HOSTILE = '<img src=x onerror="document.title=1">'
TOKEN = "a-token-of-some-length"  # noqa: S105


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake."""
    app = application(lake_path)
    with TestClient(app, base_url=HOST, follow_redirects=False) as opened:
        yield opened
    app.state.reader.close()


@pytest.mark.parametrize("address", ["/", "/position/BR", "/claims/rivalry", "/about"])
def test_every_table_of_a_page_says_how_it_was_counted_and_offers_its_data(
    client: TestClient, address: str
) -> None:
    page = client.get(address)

    assert page.status_code == 200
    n_tables = page.text.count("<table")
    assert n_tables > 0
    for name in ("Definition", "Counting", "Source", "n", "Bounds", "Coverage"):
        assert page.text.count(f"<dt>{name}</dt>") >= n_tables
    for link in re.findall(r'href="([^"]+\.csv[^"]*)"', page.text):
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_the_csv_of_the_map_holds_the_numbers_of_the_lake(
    client: TestClient, lake: workspace.Workspace
) -> None:
    address = "/world.csv?indicator=volume&series=ncses,ncses-published,fractional&year=2010"
    rows = {
        row["country_name"]: row for row in csv.DictReader(client.get(address).text.splitlines())
    }

    volume = lake.table("volume")
    of_brazil = volume.filter(
        (volume.register == "ncses")
        & (volume.unit_id == "BR")
        & (volume.year == 2010)
        & (volume.counting == "fractional")
        & (volume.field_id == "all")
    ).to_pyarrow()
    assert float(rows["Brazil"]["p"]) == pytest.approx(of_brazil["p"][0].as_py(), abs=1e-5)
    assert len(rows) > 150


def test_the_csv_of_a_position_is_the_table_of_the_command(
    client: TestClient, lake: workspace.Workspace
) -> None:
    found = list(csv.DictReader(io.StringIO(client.get("/position/BR.csv").text)))
    sheet = position_card(lake, "BR").sheets[0]

    named = {row["partner_name"]: row["standing"] for row in found}
    assert named == {row["partner_name"]: row["standing"] for row in sheet.rows}
    assert list(found[0]) == [heading.field for heading in sheet.headings]


def test_parquet_holds_the_numbers_of_the_csv_and_what_they_mean(client: TestClient) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(client.get("/world.parquet?year=2010").content))
    lines = csv.DictReader(client.get("/world.csv?year=2010").text.splitlines())

    assert [float(row["p"]) for row in lines if row["p"]] == pytest.approx(
        [value for value in table["p"].to_pylist() if value is not None]
    )
    assert b"definition" in table.schema.metadata


def test_a_picture_comes_as_pixels_too(client: TestClient) -> None:
    picture = client.get("/world.png")

    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert client.get("/about.png").status_code == 404


def test_the_sql_of_a_page_gives_the_rows_of_the_indicator(
    client: TestClient, lake: workspace.Workspace
) -> None:
    text = client.get("/indicator/volume.sql").text

    assert text.strip() == lake.sql("volume").strip()
    assert client.get("/world.sql?indicator=volume&sort=-world.p").text == text
    assert client.get("/about.sql").status_code == 404


def test_a_citation_names_version_sources_and_the_view(client: TestClient) -> None:
    told = client.get("/standards.citation?year=2019").text

    assert "lake version" in told
    assert "Address: /standards?year=2019" in told
    assert "licence" in told
    assert told.count("{") == told.count("}")
    assert "@misc{fourseas-standards-year-2019," in told


def test_metadata_and_workbook_say_what_the_numbers_are(client: TestClient) -> None:
    told = json.loads(client.get("/position/BR.metadata.json").text)
    assert told["tables"][0]["counting"].endswith(".")
    assert told["tables"][0]["data"] == "/position/BR.csv?sheet=partners"
    assert any("licence" in line for line in told["sources"])

    book = zipfile.ZipFile(io.BytesIO(client.get("/position/BR.xlsx").content))
    texts = book.read("xl/sharedStrings.xml").decode()
    assert "README" in book.read("xl/workbook.xml").decode()
    assert "Definition" in texts
    assert "Germany" in texts


def test_a_map_is_a_picture_in_which_every_country_is_chosen_by_a_link(client: TestClient) -> None:
    picture = client.get("/world.svg", params={"year": "2015"})

    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    assert '<a href="/world?chosen=BR&amp;year=2015"' in picture.text
    assert "<title>Brazil: " in picture.text
    assert picture.text.count("<path") > 200


def test_a_click_on_a_heading_sorts_and_a_second_turns_over(client: TestClient) -> None:
    up = client.get("/position/BR.csv?sort=partners.joint").text
    down = client.get("/position/BR.csv?sort=-partners.joint").text

    values = [row["joint"] for row in csv.DictReader(io.StringIO(up))]
    numbers = [float(value) for value in values if value]
    assert numbers == sorted(numbers)
    turned = [float(r["joint"]) for r in csv.DictReader(io.StringIO(down)) if r["joint"]]
    assert turned == sorted(numbers, reverse=True)
    assert values[len(numbers) :] == [""] * (len(values) - len(numbers))


@pytest.mark.parametrize(
    ("address", "offer"),
    [
        ("/country/Brazl", "brazil"),
        ("/position/BR?field=Chemistri", "chemistry"),
        ("/?indicator=volum", "volume"),
        ("/?year=1066", "2010"),
        ("/claims/rivalri", "rivalry"),
        ("/position/BR.csv?sheet=partnerz", "partners"),
        ("/nowhere", "/position/NAME"),
        ("/position/BR.svg?picture=x", "matrix"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_what_is(
    client: TestClient, address: str, offer: str
) -> None:
    page = client.get(address)

    assert page.status_code == 404
    assert offer in page.text


def test_a_year_that_is_no_number_is_a_400(client: TestClient) -> None:
    assert client.get("/?year=soon").status_code == 400
    assert client.get("/?year=9999999999999999999999").status_code == 400


def test_a_field_that_schemes_spell_each_its_own_way_is_chosen_as_it_is_shown(
    client: TestClient,
) -> None:
    told = client.get("/country/BR?field=Astronomy+and+Astrophysics").text

    assert "Astronomy and astrophysics: " in told
    assert "No works of Brazil" not in told


@pytest.mark.parametrize("address", ["/country/{}", "/?field={}", "/claims/{}", "/{}", "/?sort={}"])
def test_markup_in_an_address_is_shown_as_text(client: TestClient, address: str) -> None:
    page = client.get(address.format(HOSTILE.replace("/", "")))

    assert "<img" not in page.text
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "//etc/passwd"])
def test_no_file_is_reached_by_an_address(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_answer_forbids_scripts_in_the_page_and_loads_from_elsewhere(
    client: TestClient,
) -> None:
    for address in ("/about", "/nowhere", "/static/observatory.css"):
        policy = client.get(address).headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
    page = client.get("/about").text
    assert "<style" not in page
    assert not re.search(r"<script(?! src=)|\son\w+=|style=", page)


def test_a_form_leads_to_an_address_that_can_be_sent(client: TestClient) -> None:
    answer = client.get("/position?country=CN&field=all&year=&against=US")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/position/CN?field=all&against=US"


def test_a_page_elsewhere_that_points_its_own_name_here_is_refused(client: TestClient) -> None:
    assert client.get("/about", headers={"host": "evil.example"}).status_code == 421


def test_too_large_a_body_is_refused(client: TestClient) -> None:
    assert client.post("/about", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


def test_a_server_with_a_token_shows_nothing_without_it(lake_path: Path) -> None:
    app = application(lake_path, hosts=(), token=TOKEN)
    with TestClient(app, base_url="http://somewhere", follow_redirects=False) as stranger:
        assert stranger.get("/about").status_code == 401
        assert stranger.get("/about?token=wrong").status_code == 401
        shown = stranger.get(f"/about?token={TOKEN}&sort=x")
        assert shown.status_code == 303
        assert shown.headers["location"] == "/about?sort=x"
        assert "httponly" in shown.headers["set-cookie"].lower()
        assert stranger.get("/about").status_code == 200
    with TestClient(app, base_url="http://somewhere") as script:
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert script.get("/about.csv", headers=bearer).status_code == 200
    app.state.reader.close()


def test_others_are_served_only_with_a_token(lake_path: Path) -> None:
    with pytest.raises(FourseasError, match="--token new"):
        serve(lake_path, host="0.0.0.0", port=0, token=None)  # noqa: S104
    with pytest.raises(FourseasError, match="guessed"):
        serve(lake_path, host="127.0.0.1", port=0, token="short")  # noqa: S106


def test_a_lake_that_is_built_anew_is_read_anew(lake_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "lake"
    shutil.copytree(lake_path, path)
    reader = Reader(path)
    before = reader.answer("version", lambda opened: opened.ws.version)
    versions = path / "versions"
    (first,) = [one for one in versions.iterdir() if one.name == before]
    shutil.copytree(first, versions / "000002")
    (path / "CURRENT").write_text("000002\n", encoding="ascii")

    assert before == "000001"
    assert reader.answer("version", lambda opened: opened.ws.version) == "000002"
    reader.close()


@pytest.mark.parametrize(
    "address", ["/country/DE", "/pair/BR/CN", "/position/IN", "/what-if?first=BR&second=CN"]
)
def test_a_page_is_the_same_from_what_is_kept_and_from_nothing(
    lake_path: Path, client: TestClient, address: str
) -> None:
    for other in ("/country/FR", "/world?indicator=impact", address):
        client.get(other)
    path, _, query = address.partition("?")
    opened = Reader(lake_path, shelf=Shelf(0))
    make, names = page_of(path, PAGES)
    asked = Asked(path, tuple(parse_qsl(query)))
    fresh = as_page(opened.once(lambda of: make(of, asked, *names)), asked)

    assert client.get(address).text == fresh
    opened.close()


def test_a_version_that_is_built_anew_has_pages_of_its_own(lake_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "lake"
    shutil.copytree(lake_path, path)
    app = application(path)
    client = TestClient(app, base_url=HOST)
    before = client.get("/country/BR").text
    first = path / "versions" / "000001"
    shutil.copytree(first, path / "versions" / "000002")
    names = path / "versions" / "000002" / "countries.parquet"
    known = pyarrow.parquet.read_table(names)
    renamed = pc.replace_substring(known["country_name"], "Brazil", "Brasilia")
    at = known.column_names.index("country_name")
    pyarrow.parquet.write_table(known.set_column(at, "country_name", renamed), names)
    (path / "CURRENT").write_text("000002\n", encoding="ascii")
    after = client.get("/country/BR").text

    assert "Brazil in open registers" in before
    assert "Brasilia in open registers" in after
    (path / "CURRENT").write_text("000001\n", encoding="ascii")
    assert client.get("/country/BR").text == before
    app.state.reader.close()


@pytest.mark.parametrize("address", ["/indicator/impact", "/policy", "/standards"])
def test_other_pages_are_there(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_commands_in_tables_of_ours_are_set_apart(client: TestClient) -> None:
    assert "<span>Where records are rejected, <code>fourseas add</code>" in (
        client.get("/quality").text
    )
    assert "<code>fourseas model rivalry</code> adds" in client.get("/claims/rivalry").text


def test_an_estimate_is_heard_once_with_its_interval(client: TestClient) -> None:
    drawn = client.get("/claims/rivalry.svg").text.replace("\N{MINUS SIGN}", "-")
    heard = re.findall('aria-label="([^"]*main: [^"]*)"', drawn)

    assert heard == [
        "share in top 1%; main: -0.269, 95% interval from -0.457 to -0.0822",
        "number in top 1%; main: -0.00698, 95% interval from -0.201 to 0.187",
    ]


def test_a_field_is_shown_by_its_name(client: TestClient) -> None:
    page = client.get("/field/Chemistry")

    assert page.status_code == 200
    assert "Chemistry, 2022" in page.text


def test_a_closure_says_what_was_asked_and_refuses_what_cannot_be(client: TestClient) -> None:
    page = client.get("/what-if?first=BR&second=CN&factor=0.5")
    assert page.status_code == 200
    assert "cut joint work by 50%" in page.text
    # A country is known by the same code on the map and in the tables.
    assert re.search(r'<path [^>]*data-country="DE"', page.text)
    assert '<tr data-country="DE">' in page.text

    assert client.get("/what-if?first=BR&second=BR").status_code == 404
    assert client.get("/what-if?factor=-1").status_code == 400
    assert client.get("/what-if?from=2019&to=2015").status_code == 400


def test_an_example_of_a_policy_finds_what_its_case_expects(client: TestClient) -> None:
    page = client.get("/policy/sensitive-technology?case=tied-to-a-named-organization")

    assert "Case tied-to-a-named-organization: CLOSED" in page.text
    assert client.get("/policy/sensitive-technologi").status_code == 404


def test_a_pasted_policy_is_read_tried_and_forgotten(client: TestClient) -> None:
    place = resources.files("fourseas") / "policy" / "examples" / "sensitive-technology"
    text = (place / "policy.yaml").read_text(encoding="utf-8")
    hostile = text.replace("Grants in sensitive", f"{HOSTILE} in sensitive", 1)
    case = "case: short\ndate: 2024-09-15\nactivity: funding_received\n"
    sent = {"policy": hostile, "try": case, "lists": "sensitive-technology"}
    page = client.post("/policy", data=sent)

    assert page.status_code == 200
    assert "NEEDS INFORMATION" in page.text
    assert "Which people are there?" in page.text
    assert "<img" not in page.text
    assert HOSTILE.partition(" ")[0] not in client.get("/policy").text


def test_a_pasted_policy_with_a_fault_is_told_where_it_is(client: TestClient) -> None:
    page = client.post("/policy", data={"policy": "policy: x\nrules: 3\n"})

    assert page.status_code == 400
    assert "rules" in page.text
