"""Synthetic snapshots, read as users read real ones."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

import fourseas
from fourseas import workspace
from fourseas.errors import SourceError, WorldError
from fourseas.lake import parts
from fourseas.lake.ingest import Request
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.country import country_card
from fourseas.reports.cards.pair import pair_card
from fourseas.reports.cards.position import position_card
from fourseas.synthetic.planted import PLANTED
from fourseas.synthetic.records import SCHEMAS, Schema
from fourseas.synthetic_snapshots import LAYOUTS, Layout, Order, write
from fourseas.workspace import Workspace
from tests.commands import run
from tests.embedded import Silent

N = 4_000
SAME = (
    ("works", ("work_key", "year", "kind", "n_authors", "n_authors_unknown", "is_oa")),
    ("authorships", ("work_id", "position", "person_id", "is_first", "is_corresponding")),
    ("work_fields", ("work_id", "scheme", "field_id")),
)


def _order(schema: Schema = "walden", layout: Layout = "jsonl", seed: int = 3) -> Order:
    return Order(works=N, seed=seed, layout=layout, schema=schema)


def _hashes(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def _built(root: Path, snapshot: Path) -> Path:
    lake = root / "lake"
    workspace.init(lake, scope="census", progress=Silent())
    request = Request(
        source=workspace.source("openalex"),
        snapshot_on="2025-06-01",
        scope=None,
        allow_incomplete=False,
        replace=False,
    )
    workspace.add(lake, snapshot / "data", request, Silent())
    workspace.build(lake, Silent())
    return lake


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Schema, Layout], Path]:
    """Write one world in every schema and layout."""
    root = tmp_path_factory.mktemp("synthetic")
    paths = {(schema, layout): root / schema / layout for schema in SCHEMAS for layout in LAYOUTS}
    for (schema, layout), path in paths.items():
        path.parent.mkdir(exist_ok=True)
        write(path, _order(schema, layout), Silent())
    return paths


@pytest.fixture(scope="module")
def lakes(
    snapshots: dict[tuple[Schema, Layout], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[Schema, Layout], Workspace]:
    """Build a lake from the present schema in both layouts, and from that of 2023."""
    wanted: tuple[tuple[Schema, Layout], ...] = (
        ("walden", "jsonl"),
        ("walden", "parquet"),
        ("2023", "jsonl"),
    )
    return {
        key: fourseas.open(_built(tmp_path_factory.mktemp("lake"), snapshots[key]))
        for key in wanted
    }


def _truth(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((path / "truth" / "planted.json").read_text("utf-8"))
    return told


def test_the_same_order_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        write(tmp_path / name, _order(seed=seed), Silent())
    one, two, three = (_hashes(tmp_path / name) for name in ("one", "two", "three"))

    assert one == two
    assert one.keys() == three.keys()
    works = [name for name in one if "/works/" in name and name.endswith(".gz")]
    assert len(works) == 3
    assert all(one[name] != three[name] for name in works if "2025-06-01/part" in name)


def test_all_keys_make_records_as_long_as_openalex_and_change_none_that_is_read(
    tmp_path: Path, snapshots: dict[tuple[Schema, Layout], Path]
) -> None:
    order = Order(works=N, seed=3, layout="jsonl", schema="walden", keys="all")
    write(tmp_path / "all", order, Silent())
    name = "data/jsonl/works/updated_date=2025-06-01/part_0000.jsonl.gz"
    packed = (tmp_path / "all" / name).read_bytes()
    lines = gzip.decompress(packed).splitlines()
    read = gzip.decompress((snapshots["walden", "jsonl"] / name).read_bytes()).splitlines()

    # 1.6 TB and 330 GB of some 270 million works, as the documentation of OpenAlex has it.
    assert sum(map(len, lines)) / len(lines) == pytest.approx(5_900, rel=0.15)
    assert len(packed) / len(lines) == pytest.approx(1_200, rel=0.15)
    for whole, part in zip(map(json.loads, lines), map(json.loads, read), strict=True):
        assert whole.items() >= part.items()
    abstract = max((json.loads(line)["abstract_inverted_index"] for line in lines), key=len)
    assert all(len(places) == 1 for places in abstract.values())


@pytest.mark.parametrize("schema", ["2024", "walden"])
def test_parts_written_apart_and_removed_are_those_written_together(
    tmp_path: Path, schema: Schema
) -> None:
    order = _order(schema)
    write(tmp_path / "whole", order, Silent())
    whole = _hashes(tmp_path / "whole")
    kept = {}
    for part in (2, 1):
        write(tmp_path / "apart", order, Silent(), span=(part, part))
        for path in (tmp_path / "apart" / "data").rglob("part_*"):
            kept[str(path.relative_to(tmp_path / "apart"))] = hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            path.unlink()

    assert len([name for name in kept if "/works/" in name]) == 2
    assert kept | _hashes(tmp_path / "apart") == whole


def test_a_manifest_lists_parts_that_are_still_to_be_written(tmp_path: Path) -> None:
    write(tmp_path, _order(), Silent(), span=(2, 2))
    manifest = json.loads((tmp_path / "data" / "jsonl" / "manifest.json").read_text("utf-8"))
    works = [entry["meta"] for entry in manifest["entries"] if "/works/" in entry["url"]]

    assert _truth(tmp_path)["records"] == sum(meta["record_count"] for meta in works)
    assert ["content_length" in meta for meta in works] == [False, True]


def test_parts_of_another_world_are_not_mixed_in(tmp_path: Path) -> None:
    write(tmp_path, _order(seed=3), Silent(), span=(2, 2))
    before = _hashes(tmp_path)

    with pytest.raises(WorldError, match="of another size, seed"):
        write(tmp_path, _order(seed=4), Silent(), span=(1, 1))
    with pytest.raises(WorldError, match="not empty"):
        write(tmp_path, _order(seed=3), Silent())
    assert _hashes(tmp_path) == before


@pytest.mark.parametrize("span", [(0, 1), (2, 1), (1, 3)])
def test_parts_that_a_world_does_not_have_are_refused(
    tmp_path: Path, span: tuple[int, int]
) -> None:
    with pytest.raises(WorldError, match="There are no parts") as raised:
        write(tmp_path / "out", _order(), Silent(), span=span)

    assert "from 1 to 2" in raised.value.remedy
    assert not (tmp_path / "out").exists()


def test_both_layouts_build_the_same_lake(
    lakes: dict[tuple[Schema, Layout], Workspace],
) -> None:
    one, other = lakes["walden", "jsonl"], lakes["walden", "parquet"]

    for table, columns in SAME:
        rows = [
            ws.table(table).select(*columns).order_by(*columns).to_pyarrow() for ws in (one, other)
        ]
        assert rows[0].num_rows > N / 2
        assert rows[0] == rows[1], table


def test_a_snapshot_in_both_layouts_is_not_counted_twice(
    snapshots: dict[tuple[Schema, Layout], Path], tmp_path: Path
) -> None:
    for layout in LAYOUTS:
        source = snapshots["walden", layout] / "data" / layout
        shutil.copytree(source, tmp_path / "data" / layout)

    with pytest.raises(SourceError, match=r"as jsonl .* and as parquet ") as raised:
        parts.find(tmp_path / "data", workspace.source("openalex"), allow_incomplete=False)
    assert "name the directory of one" in raised.value.remedy


def test_dirt_leaves_the_traces_that_it_should(
    lakes: dict[tuple[Schema, Layout], Workspace],
    snapshots: dict[tuple[Schema, Layout], Path],
) -> None:
    ws, path = lakes["walden", "jsonl"], snapshots["walden", "jsonl"]
    truth = _truth(path)
    works = ws.table("works")
    with gzip.open(path / "merged_ids" / "works" / "2025-06-01.csv.gz", "rt", newline="") as file:
        merged = list(csv.DictReader(file))

    # An older version of a work counts nowhere, and what was merged away is no work.
    assert works.count().execute() == N - len(merged)
    assert truth["records"] == N - len(merged) + truth["older_versions"]
    assert truth["older_versions"] > 0
    assert works.filter(works.year.isnull()).count().execute() <= N * PLANTED.impossible * 5
    xpac = works.filter(works.stratum == "xpac").count().execute() / N
    assert xpac == pytest.approx(PLANTED.xpac, abs=0.02)
    unknown = works.n_authors_unknown.sum().execute() / works.n_authors.sum().execute()
    assert unknown == pytest.approx(
        PLANTED.unplaced + (1 - PLANTED.unplaced) * PLANTED.lost, abs=0.03
    )


def test_the_schema_of_2023_knows_countries_by_institutions_and_no_topics(
    lakes: dict[tuple[Schema, Layout], Workspace],
) -> None:
    old, new = lakes["2023", "jsonl"], lakes["walden", "jsonl"]
    columns = ("work_id", "country_code")
    rows = [
        ws.table("work_countries").select(*columns).order_by(*columns).to_pyarrow()
        for ws in (old, new)
    ]

    assert rows[0] == rows[1]
    assert old.table("work_fields").count().execute() == 0


def test_each_partner_has_one_position_though_definitions_and_schemes_are_several(
    lakes: dict[tuple[Schema, Layout], Workspace],
) -> None:
    table = lakes["walden", "parquet"].table("position")
    known = table.filter((table.unit_id == "US") & table.standing.notnull())
    assert known.definition_id.nunique().to_pyarrow().as_py() > 1

    partners = position_card(lakes["walden", "parquet"], "US").sheets[0].rows
    names = [row["partner_name"] for row in partners]
    assert len(names) == len({*names}) > 1


def _sheet(card: Card, name: str) -> Sheet:
    (found,) = (sheet for sheet in card.sheets if sheet.name == name)
    return found


def test_each_field_of_a_country_stands_once_by_the_definition_that_is_shown(
    lakes: dict[tuple[Schema, Layout], Workspace],
) -> None:
    lake = lakes["walden", "parquet"]
    shown = _sheet(country_card(lake, "US"), "fields")
    year = int(shown.reading.n.rpartition(", ")[2].strip("."))
    cells = str(lake.lake.versions / lake.version / "unit_cells.parquet")
    fields = cells.replace("unit_cells", "fields")
    expected = duckdb.sql(
        f"""
        WITH sums AS (
            SELECT unit_id, unit_type, field_id, sum(credit) AS p,
                sum(top_1_frac) / sum(credit_scored) AS level
            FROM '{cells}'
            WHERE definition_id = 'openalex' AND scheme = 'openalex_field' AND year = {year}
                AND (unit_id = 'US' OR unit_type = 'world')
            GROUP BY ALL
        )
        SELECT field_name, own.p, own.p / sum(own.p) OVER () * total.p / world.p, own.level
        FROM sums AS own
        JOIN sums AS world ON world.field_id = own.field_id AND world.unit_type = 'world'
        JOIN (SELECT sum(p) AS p FROM sums WHERE unit_type = 'world') AS total ON true
        JOIN '{fields}' AS fields ON fields.field_id = own.field_id
        WHERE own.unit_id = 'US'
        """
    ).fetchall()

    measures = ("p", "activity_index", "pp_top_1")
    found = {row["field_name"]: tuple(row[one] for one in measures) for row in shown.rows}
    assert len(found) == len(shown.rows) > 1
    assert found == {
        name: tuple(pytest.approx(value, abs=1e-5) for value in values)
        for name, *values in expected
    }


def test_fields_of_positions_and_pairs_are_of_one_scheme_and_have_names(
    lakes: dict[tuple[Schema, Layout], Workspace],
) -> None:
    lake = lakes["walden", "parquet"]
    listed = lake.table("fields").to_pandas().groupby("scheme").field_name.agg(set)
    shown = {
        "openalex_field": [
            _sheet(position_card(lake, "US"), "fields"),
            _sheet(pair_card(lake, "US", "CN"), "fields"),
        ],
        "openalex_domain": [_sheet(position_card(lake, "US", field="1"), "fields")],
    }

    for scheme, sheets in shown.items():
        for sheet in sheets:
            names = [row["field_name"] for row in sheet.rows]
            assert len(names) == len({*names}) > 1
            assert {*names} <= listed[scheme] | {"All fields"}


def test_kinds_of_2023_are_those_of_crossref(
    snapshots: dict[tuple[Schema, Layout], Path],
) -> None:
    (part,) = (snapshots["2023", "parquet"] / "data" / "works").glob("*2025*/part_0000.parquet")
    table = pq.read_table(part)

    assert {"journal-article", "posted-content"} < set(table["type"].to_pylist())
    assert "primary_topic" not in table.column_names
    assert "countries" not in table.schema.field("authorships").type.value_type.names


@pytest.mark.parametrize("works", [0, -5, 100_000_001])
def test_a_world_of_no_works_or_too_many_is_refused(tmp_path: Path, works: int) -> None:
    with pytest.raises(WorldError, match="cannot be written") as raised:
        write(tmp_path / "out", Order(works=works, seed=1, layout="jsonl", schema="2024"), Silent())

    assert "from 1 to 100,000,000" in raised.value.remedy
    assert not (tmp_path / "out").exists()


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")

    with pytest.raises(WorldError, match="not empty"):
        write(tmp_path, _order(), Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_the_command_says_what_it_wrote_and_how_to_go_on(tmp_path: Path) -> None:
    ended = run("synth", str(tmp_path / "world"), "--works", "50")

    assert ended.returncode == 0
    assert "records of works in 2 parts" in ended.stdout
    assert "planted.json" in ended.stdout
    assert "fourseas add LAKE" in ended.stdout


def test_parts_are_named_by_number(tmp_path: Path) -> None:
    asked = ("synth", str(tmp_path / "world"), "--works", "50", "--parts")
    ended, slip = run(*asked, "1-2"), run(*asked, "first")

    assert "records of works in 2 parts" in ended.stdout
    assert "--allow-incomplete" in ended.stdout
    assert "There are no parts first of this world." in slip.stderr


def test_a_slip_is_told_without_a_trace_of_it(tmp_path: Path) -> None:
    ended = run("synth", str(tmp_path / "world"), "--works", "0")

    assert ended.returncode != 0
    assert "A world of 0 works cannot be written." in ended.stderr
    assert list(tmp_path.iterdir()) == []
