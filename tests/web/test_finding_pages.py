"""Pages that look for something: challenges, partners, organizations, words, and what is wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from starlette.testclient import TestClient

from fourseas.reports.marked import marked
from fourseas.web.app import application
from fourseas.workspace import Workspace

HOST = "http://127.0.0.1"
CAMBRIDGE, STANFORD = "013meh722", "00f54p054"
DEFAULTS = ("openalex", "standards", "patents", "ncses-published", "matrix-published")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def client(lake_path: Path) -> Iterator[TestClient]:
    """Ask the server of the embedded lake."""
    app = application(lake_path)
    with TestClient(app, base_url=HOST, follow_redirects=False) as opened:
        yield opened
    app.state.reader.close()


def rows(client: TestClient, address: str) -> list[dict[str, str]]:
    """Return the table of an address."""
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(answer.text.splitlines()))


def test_a_challenge_says_that_core_works_are_fewer_and_leads_to_partners(
    client: TestClient,
) -> None:
    page = client.get("/challenge/climate_change")
    readings = {
        row["reading"]: int(row["works"])
        for row in rows(client, "/challenge/climate_change.csv?sheet=readings")
    }

    assert readings["core"] <= readings["core+wide"]
    assert 'href="/partners?challenge=climate_change"' in page.text
    assert 'href="/country/' in page.text
    assert client.get("/challenge?name=climate_change").status_code == 303
    assert "climate_change" in client.get("/challenge/climate_chang").text


def test_every_challenge_of_the_list_has_a_page(client: TestClient) -> None:
    names = [row["name"] for row in rows(client, "/challenge.csv")]

    assert len(names) > 3
    assert {client.get(f"/challenge/{name}").status_code for name in names[:2]} == {200}


def test_nobody_on_the_list_of_partners_is_beaten_by_another_on_it(client: TestClient) -> None:
    found = rows(client, "/partners.csv?for=BR")
    names = ("strength", "gain", "partner_gain", "feasibility", "independence")
    # Places kept for smaller ones may be held by some whom only the largest beat.
    values = [[float(row[one]) for one in names] for row in found if not row["kept"]]

    assert len(values) > 5
    for one in values:
        for other in values:
            pairs = list(zip(one, other, strict=True))
            assert not (all(a >= b for a, b in pairs) and any(a > b for a, b in pairs))


def test_weights_put_partners_in_the_order_of_what_is_wanted(client: TestClient) -> None:
    found = rows(client, "/partners.csv?for=BR&feasibility=1")
    feasible = [float(row["feasibility"]) for row in found]

    assert feasible == sorted(feasible, reverse=True)
    assert client.get("/partners?feasibility=-1").status_code == 400
    assert client.get("/partners?feasibility=much").status_code == 400


def test_why_not_names_who_beats_somebody(client: TestClient) -> None:
    page = client.get("/partners?for=BR&why=Kenya")

    assert page.status_code == 200
    assert "Why not Kenya, for Brazil" in page.text
    assert "Back to the list" in page.text


def test_an_organization_is_found_by_words_and_reported_for_another(client: TestClient) -> None:
    found = client.get(f"/organization?q=cambridge&for={STANFORD}")
    link = f"/organization/{CAMBRIDGE}?for={STANFORD}"
    assert link in found.text

    page = client.get(link)
    assert "University of Cambridge: report for Stanford University" in page.text
    assert "Searched and not found" in page.text
    assert "Say for whom" in client.get(f"/organization/{CAMBRIDGE}").text
    assert client.get(f"/organization/nowhere-university?for={STANFORD}").status_code == 404


def test_before_a_name_is_asked_the_largest_organizations_are_listed(
    client: TestClient, lake: Workspace
) -> None:
    version = lake.lake.versions / lake.version
    most, n = duckdb.sql(
        f"""SELECT unit_id, sum(n) FROM '{version / "unit_cells.parquet"}'
        WHERE unit_type = 'organization' AND scheme = 'all' AND definition_id IN {DEFAULTS}
        GROUP BY unit_id ORDER BY sum(n) DESC, unit_id LIMIT 1"""
    ).fetchall()[0]
    page = client.get(f"/organization?for={STANFORD}").text
    rows = re.findall(r'<th scope="row"><a href="([^"]+)".*?<td[^>]*>([0-9,]+)<', page, re.DOTALL)

    assert rows[0] == (f"/organization/{quote(most, safe='')}?for={STANFORD}", f"{n:,.0f}")
    assert "Those with most works here" not in client.get("/organization?q=cambridge").text


def test_what_is_found_leads_to_its_page(client: TestClient) -> None:
    page = client.get("/find?q=chemistry&kind=field")
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', page.text)

    assert links
    assert client.get(links[0]).status_code == 200
    assert "Did you mean" in client.get("/find?q=chemistri+chemistrx").text
    assert client.get("/find?q=soil&kind=planet").status_code == 404


@pytest.mark.parametrize("address", ["/find?q={}", "/organization?q={}", "/partners?for={}"])
def test_words_of_a_stranger_are_shown_as_text(client: TestClient, address: str) -> None:
    assert "<img" not in client.get(address.format(quote(HOSTILE))).text


def test_quality_accounts_for_every_record_as_the_ledger_does(client: TestClient) -> None:
    account = rows(client, "/quality.csv?sheet=conserved_records")

    assert {row["register"] for row in account} >= {"openalex", "rfc"}
    for row in account:
        parts = [int(row[name]) for name in row if name.startswith("n_lost")]
        assert parts == [0] * len(parts)


def test_what_is_to_be_typed_is_set_apart_and_markup_stays_text() -> None:
    told = marked("`fourseas find <b>` and <i>nothing</i> `else")

    assert told == ("<code>fourseas find &lt;b&gt;</code> and &lt;i&gt;nothing&lt;/i&gt; `else")
