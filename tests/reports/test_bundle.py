"""Bundles: whatever made a result is in it, and it comes out again from that alone."""

from __future__ import annotations

import io
import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourseas.errors import BundleError, NotComputableError, UnknownNameError
from fourseas.reports.bundle import bundle, replay
from fourseas.selection import Selection
from fourseas.workspace import Workspace

SHARES = Selection(
    indicator="collaboration",
    countries=("BR",),
    fields=("all",),
    years=(2015, 2020),
    register="ncses",
)
PROFILE = Selection(
    indicator="specialization",
    countries=("KE",),
    years=(2020, 2020),
    counting="fractional",
    register="ncses",
)
PARTNERS = Selection(indicator="affinity", countries=("BR",), years=(2022, 2022), register="ncses")


@pytest.fixture(scope="module")
def files(lake: Workspace) -> dict[str, bytes]:
    """Bundle one result."""
    return bundle(lake, SHARES, creators=("A. Nalyst",))


def _rows(content: bytes) -> list[dict[str, object]]:
    return [dict(row) for row in pq.read_table(io.BytesIO(content)).to_pylist()]


@pytest.mark.parametrize("selection", [SHARES, PROFILE, PARTNERS], ids=lambda s: s.indicator)
def test_a_bundle_computes_to_the_same_again(lake: Workspace, selection: Selection) -> None:
    outcome = replay(bundle(lake, selection, creators=()), "x.zip")

    assert outcome.is_equal
    assert outcome.n_rows > 0


def test_the_result_is_what_show_shows(lake: Workspace, files: dict[str, bytes]) -> None:
    assert _rows(files["result.parquet"]) == lake.show(SHARES).to_pyarrow().to_pylist()


def test_the_same_lake_gives_the_same_bytes(lake: Workspace, files: dict[str, bytes]) -> None:
    assert bundle(lake, SHARES, creators=("A. Nalyst",)) == files


def test_the_query_runs_without_fourseas_over_the_inputs(files: dict[str, bytes]) -> None:
    con = duckdb.connect()
    for name, content in files.items():
        if name.startswith("inputs/"):
            table = pq.read_table(io.BytesIO(content))
            con.register(name.removeprefix("inputs/").removesuffix(".parquet"), table)
    found = con.execute(files["query.sql"].decode()).to_arrow_table().to_pylist()

    assert [row["pp_int_collab"] for row in found] == pytest.approx(
        [row["pp_int_collab"] for row in _rows(files["result.parquet"])]
    )


def test_inputs_are_cut_to_what_the_result_needs(lake: Workspace, files: dict[str, bytes]) -> None:
    n_rows = pq.read_table(io.BytesIO(files["inputs/unit_cells.parquet"])).num_rows

    assert 0 < n_rows < lake.table("unit_cells").count().execute() / 20


def test_a_bundle_says_what_it_is_whose_and_under_what_licence(files: dict[str, bytes]) -> None:
    readme = files["README.md"].decode()
    stated = json.loads(files["definition.json"])

    assert "snapshot 2023-04-30" in readme
    assert "licence" in readme
    assert json.loads(files["datacite.json"])["creators"] == [{"name": "A. Nalyst"}]
    assert [one["definition_id"] for one in stated["definitions"]] == ["ncses-published"]
    assert {"name", "type", "unit", "meaning"} == set(stated["indicator"]["columns"][0])
    assert files["figure.svg"].startswith(b"<svg")


def test_a_changed_input_gives_another_result_and_the_place_is_named(
    files: dict[str, bytes],
) -> None:
    cells = pq.read_table(io.BytesIO(files["inputs/unit_cells.parquet"]))
    rows = cells.to_pylist()
    for row in rows:
        if (row["unit_id"], row["year"]) == ("BR", 2018):
            row["n"] += 1000.0
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, cells.schema), sink)
    outcome = replay(files | {"inputs/unit_cells.parquet": sink.getvalue()}, "x.zip")

    assert not outcome.is_equal
    assert all("BR" in told and "2018" in told for told in outcome.by_definition)
    assert any("in the bundle" in told for told in outcome.by_query)


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE unit_cells",
        "SELECT 1; SELECT 2",
        "COPY unit_cells TO '/tmp/out.csv'",
        "INSTALL httpfs",
        "this is no SQL (",
        "",
    ],
)
def test_a_query_that_does_more_than_read_is_not_run(files: dict[str, bytes], query: str) -> None:
    with pytest.raises(BundleError):
        replay(files | {"query.sql": query.encode()}, "x.zip")


def test_a_query_reaches_no_file(files: dict[str, bytes]) -> None:
    with pytest.raises(BundleError, match="could not be run"):
        replay(files | {"query.sql": b"SELECT * FROM read_text('/etc/hostname')"}, "x.zip")


@pytest.mark.parametrize("name", ["definition.json", "result.parquet", "query.sql"])
def test_a_bundle_that_lacks_a_file_says_which(files: dict[str, bytes], name: str) -> None:
    with pytest.raises(BundleError, match=name):
        replay({one: content for one, content in files.items() if one != name}, "x.zip")


def test_a_bundle_without_an_input_says_which(files: dict[str, bytes]) -> None:
    kept = {one: content for one, content in files.items() if "registers" not in one}

    with pytest.raises(BundleError, match="inputs are missing: registers"):
        replay(kept, "x.zip")


def test_a_garbled_result_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(BundleError):
        replay(files | {"result.parquet": b"PAR1 and nothing"}, "x.zip")


def test_nothing_and_unknown_names_are_refused_as_show_refuses_them(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError):
        bundle(lake, Selection(indicator="colaboration"), creators=())
    with pytest.raises(NotComputableError):
        bundle(lake, Selection(indicator="collaboration", years=(1800, 1801)), creators=())
