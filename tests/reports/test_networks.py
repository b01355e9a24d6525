"""Networks: as strong as independent SQL counts them, in files that others read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest

from fourseas import workspace
from fourseas.errors import NotComputableError
from fourseas.reports.network_files import as_graphml, as_links, as_map, as_vosviewer
from fourseas.reports.networks import (
    Chosen,
    Counting,
    Item,
    Network,
    citations,
    joint_works,
    organizations,
)
from tests.commands import run

PLACED = """
    SELECT DISTINCT work_id, country_code
    FROM '{at}/work_countries.parquet' JOIN '{at}/works.parquet' USING (work_id)
    WHERE register = 'rfc' AND year BETWEEN 2005 AND 2020
"""
NAMED = """
    SELECT DISTINCT work_id, coalesce(ror_id, organization_key) AS code
    FROM '{at}/affiliations.parquet' JOIN '{at}/works.parquet' w USING (work_id)
    JOIN '{at}/organizations.parquet' USING (organization_id)
    WHERE w.register = 'openalex' AND organization_id IS NOT NULL
"""
PAIRS = """
    SELECT a.{by}, b.{by}, {strength}
    FROM placed a JOIN placed b USING (work_id)
    JOIN (SELECT work_id, count(*) AS n FROM placed GROUP BY ALL) USING (work_id)
    WHERE a.{by} < b.{by} GROUP BY ALL
"""
CITED = """
    SELECT a.country_code, b.country_code, count(*)
    FROM '{at}/citations.parquet' c
    JOIN '{at}/works.parquet' cited ON cited.work_id = c.cited_work_id
    JOIN '{at}/work_countries.parquet' a ON a.work_id = c.citing_work_id
    JOIN '{at}/work_countries.parquet' b ON b.work_id = c.cited_work_id
    WHERE cited.register = 'rfc' AND cited.year BETWEEN 2005 AND 2010
      AND a.country_code != b.country_code
    GROUP BY ALL
"""
STRENGTHS = {"full": "count(*)", "fractional": "sum(1 / (n - 1))"}
FEW = Network(
    title="Two & more",
    told="2020; <b>nothing</b>",
    items=(Item("A", 'A, "the <first>"', 3.0), Item("B", "B\tb", 2.0), Item("C", "C", 1.0)),
    links=(("A", "B", 2.0), ("B", "A", 0.5), ("C", "A", 1.0)),
    is_directed=True,
)


def counted(
    ws: workspace.Workspace, placed: str, by: str, counting: Counting
) -> dict[tuple[str, str], float]:
    """Return the strength of each pair, counted from works by SQL."""
    sql = PAIRS.format(by=by, strength=STRENGTHS[counting])
    whole = f"WITH placed AS ({placed.format(at=ws.lake.versions / ws.version)}) {sql}"
    return {(a, b): n for a, b, n in duckdb.sql(whole).fetchall()}


@pytest.mark.parametrize("counting", ["full", "fractional"])
def test_links_of_organizations_are_what_sql_counts_from_affiliations(
    lake: workspace.Workspace, counting: Counting
) -> None:
    chosen = Chosen(register="openalex", counting=counting)
    made = organizations(lake, chosen, most=100_000)
    read = json.loads(as_vosviewer(made))["network"]
    links = {
        (min(ends), max(ends)): one["strength"]
        for one in read["links"]
        for ends in [(one["source_id"], one["target_id"])]
    }

    assert len(links) > 500
    assert links == pytest.approx(counted(lake, NAMED, "code", counting))
    assert len({one["id"] for one in read["items"]}) == len(read["items"])


@pytest.mark.parametrize("counting", ["full", "fractional"])
def test_links_of_countries_are_what_sql_counts_from_works(
    lake: workspace.Workspace, counting: Counting
) -> None:
    made = joint_works(lake, Chosen(register="rfc", years=(2005, 2020), counting=counting))
    links = {(first, second): strength for first, second, strength in made.links}

    assert len(links) > 200
    assert links == pytest.approx(counted(lake, PLACED, "country_code", counting))
    assert "register rfc, snapshot of" in made.told


def test_citations_go_from_the_citing_to_the_cited(lake: workspace.Workspace) -> None:
    chosen = Chosen(register="rfc", years=(2005, 2010), counting="full")
    made = citations(lake, chosen)
    sql = CITED.format(at=lake.lake.versions / lake.version)
    by_sql = {(citing, cited): n for citing, cited, n in duckdb.sql(sql).fetchall()}

    assert {(first, second): strength for first, second, strength in made.links} == by_sql
    assert made.is_directed


def test_strengths_of_both_directions_are_added_where_a_program_knows_none() -> None:
    read = json.loads(as_vosviewer(FEW))
    links = [
        (one["source_id"], one["target_id"], one["strength"]) for one in read["network"]["links"]
    ]

    assert links == [("A", "B", 2.5), ("A", "C", 1.0)]
    assert as_links(FEW).decode().splitlines() == ["1\t2\t2.5", "1\t3\t1.0"]
    assert read["network"]["items"][0]["weights"] == {"Works": 3.0}


def test_names_are_text_in_every_form() -> None:
    vosviewer = json.loads(as_vosviewer(FEW))
    rows = list(csv.reader(as_map(FEW).decode().splitlines(), delimiter="\t"))
    graph = ET.fromstring(as_graphml(FEW))  # noqa: S314  (written here)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    labels = [one.text for one in graph.iter(f"{space}data") if one.get("key") == "label"]

    assert "<b>" not in vosviewer["info"]["description"]
    assert "<first>" not in vosviewer["network"]["items"][0]["description"]
    assert rows[0] == ["id", "label", "weight<Works>"]
    assert [row[1] for row in rows[1:]] == [item.name for item in FEW.items] == labels
    ends = [(one.get("source"), one.get("target")) for one in graph.iter(f"{space}edge")]
    assert ends == [("A", "B"), ("B", "A"), ("C", "A")]


def test_no_link_is_an_error_that_says_what_to_leave_out(lake: workspace.Workspace) -> None:
    with pytest.raises(NotComputableError, match="No link"):
        joint_works(lake, Chosen(register="rfc", years=(1900, 1901)))
    with pytest.raises(NotComputableError, match="No link"):
        joint_works(lake, Chosen(register="matrix", counting="fractional"))


def test_the_command_writes_both_files_and_tells_of_slips(lake_path: Path, tmp_path: Path) -> None:
    lake = ("--lake", str(lake_path))
    done = run("network", "countries", str(tmp_path / "rfc.txt"), "--register", "rfc", *lake)
    slip = run("network", "countries", str(tmp_path / "x.json"), "--field", "Chemistri", *lake)
    kind = run("network", "countries", str(tmp_path / "x.pdf"), *lake)

    assert done.returncode == 0
    assert "definition standards" in done.stderr + done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"rfc-map.txt", "rfc-network.txt"}
    assert "Chemistri" in slip.stderr
    assert ".graphml" in kind.stderr
