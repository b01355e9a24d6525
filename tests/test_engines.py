"""One program, two engines: a lake built on Spark is one built on DuckDB, table by table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest
from pyspark.sql import SparkSession

from fourseas.catalog import INDICATORS, LOADED, STEPS
from fourseas.lake import ranges
from fourseas.lake.build import build
from fourseas.lake.engines import Start, on_duckdb
from fourseas.lake.kernels import KERNELS
from fourseas.lake.layout import Lake
from fourseas.lake.ledger import read_ledger
from fourseas.lake.recipe import Recipe
from fourseas.lake.spark import on_spark
from fourseas.schema.cells import CITATION_INDEX_CELLS
from fourseas.schema.companies import COMPANY_NAMES
from fourseas.schema.corrections import CORRECTIONS
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_FUNDER_DOIS,
    STAGED_ORGANIZATION_RELATIONS,
    STAGED_OWNERS,
    STAGED_RETRACTIONS,
    STAGED_WORK_FIELDS,
)
from fourseas.schema.step import Step
from tests.embedded import Silent
from tests.flat import differences
from tests.lake.small import copy_of
from tests.random_worlds import MEMBERSHIPS, ORGANIZATIONS, random_world
from tests.staged_worlds import staged_world
from tests.world import Row, arrow, described, given_tables, world

pytestmark = pytest.mark.spark

WORKS = random_world(n_works=60, seed=7)
ALL_STEPS: tuple[Step, ...] = (*STEPS, *INDICATORS)

STATISTICS: tuple[Row, ...] = tuple(
    {
        "register": register,
        "snapshot_on": "2023-12-07",
        "scope": "census",
        "definition_id": f"{register}-published",
        "unit_type": unit_type,
        "unit_id": unit_id,
        "scheme": "all",
        "field_id": "all",
        "year": 2020,
        "measure": measure,
        "counting": counting,
        "value": value,
    }
    for register, unit_type, unit_id, measure, counting, value in (
        ("ncses", "country", "US", "output", "full", 1000.0),
        ("ncses", "country", "US", "output", "fractional", 800.0),
        ("ncses", "country", "US", "domestic", "full", 600.0),
        ("ncses", "country", "US", "international", "full", 390.0),
        ("ncses", "country", "US", "top_1", "full", 0.0166),
        ("ncses", "country", "US", "top_1", "fractional", 0.0141),
        ("ncses", "country", "CN", "output", "full", 900.0),
        ("ncses", "world", "WORLD", "international", "full", 7000.0),
        ("matrix", "country", "US", "international", "full", 405_719.0),
        ("matrix", "country", "CN", "international", "full", 237_887.0),
    )
)
PROFILES: tuple[Row, ...] = tuple(
    {
        **STATISTICS[0],
        "year": 2019,
        "unit_type": "world" if country == "WORLD" else "country",
        "unit_id": country,
        "scheme": "ncses",
        "field_id": field,
        "measure": measure,
        "counting": counting,
        "value": value,
    }
    for counting in ("full", "fractional")
    for country, works in (
        ("US", (900.0, 600.0, 40.0)),
        ("CN", (500.0, 800.0, 700.0)),
        ("KE", (10.0, 20.0, 30.0)),
        ("WORLD", (3000.0, 3000.0, 1500.0)),
    )
    for field, output in zip(
        ("engineering", "chemistry", "computer-and-information-sciences"), works, strict=True
    )
    for measure, value in (("output", output), ("top_1", 0.01 + output / 100_000))
)
INCOMES: tuple[Row, ...] = tuple(
    {**MEMBERSHIPS[0], "group_id": group, "group_name": group, "country_code": country}
    for group, country in (("WB_HIGH_2021", "US"), ("WB_LOW_2021", "KE"), ("WB_LOW_2021", "GB"))
)
PAIRS: tuple[Row, ...] = tuple(
    {
        "register": "matrix",
        "snapshot_on": "2024-08-01",
        "scope": "census",
        "definition_id": "matrix-published",
        "unit_type": "country",
        "unit_id": unit_id,
        "partner_id": partner_id,
        "scheme": "all",
        "field_id": "all",
        "year": 2020,
        "p": 72_794.0,
    }
    for unit_id, partner_id in (("US", "CN"), ("CN", "US"), ("US", "XK"))
)
CITED: tuple[Row, ...] = tuple(
    {name: value for name, value in pair.items() if name != "p"}
    | {
        "register": "ncses",
        "snapshot_on": "2023-12-07",
        "definition_id": "ncses-published",
        "relative_citation_index": index,
    }
    for pair, index in zip(PAIRS, (0.5, 0.7, None), strict=True)
)

NOTICES: tuple[Row, ...] = tuple(
    {
        "register": "retraction_watch",
        "part_key": "world",
        "record": record,
        "doi": f"10.5555/{doi}",
        "nature": nature,
        "noted_on": noted_on,
        "reasons": reasons,
        "notice_doi": None,
    }
    for record, (doi, nature, noted_on, reasons) in enumerate(
        (
            (1, "retraction", "2021-05-01", ["Error in Data", "Error in Results"]),
            (3, "retraction", "2021-05-01", []),
            (3, "reinstatement", "2022-01-01", []),
            (5, "retraction", None, []),
            (9999, "retraction", "2021-05-01", []),
        ),
        start=1,
    )
)


RELATIONS: tuple[Row, ...] = tuple(
    {
        "register": "openalex",
        "part_key": "relations",
        "record": record,
        "organization_key": key,
        "relation_kind": kind,
        "related_key": related,
        "founded_year": founded,
    }
    for record, (key, kind, related, founded) in enumerate(
        (
            ("leiden", "parent", "beijing", 1575),
            ("beijing", "child", "boston", None),
            ("boston", "successor", "nowhere", 1990),
            ("nowhere", "related", "boston", 2001),
        ),
        start=1,
    )
)


DOIS: tuple[Row, ...] = tuple(
    {
        "register": "openalex",
        "part_key": "dois",
        "record": record,
        "organization_key": key,
        "funder_doi": f"10.13039/{number}",
        "is_preferred": is_preferred,
    }
    for record, (key, number, is_preferred) in enumerate(
        (
            ("leiden", 1, True),
            ("leyden", 1, True),
            ("beijing", 2, True),
            ("nowhere", 2, True),
            ("boston", 3, True),
            ("boston", 4, False),
        ),
        start=1,
    )
)


PRINTED = (
    "Tidal Wires",
    "Tidal Wires, Inc.",
    "TIDAL-WIRES  L.L.C.",
    "Tidal Wires GmbH & Co. KG",
    "Vf and Co., Ltd.",
    "Vf",
    "Network Inc.",
    "Cafe\u0301 du Re\u0301cif S.A.",
    "Cafe\u0301 du Re\u0301cif",
    "\u0915\u093f\u0930\u0923 Pvt. Ltd.",
    "\u0915\u093f\u0930\u0923",
    "Leiden University",
)
"""Names in place of ids, with marks that are letters of their own and legal forms."""


def _by_names(affiliations: pa.Table) -> pa.Table:
    """Return affiliations of which a register without ids prints the names of employers."""
    told = affiliations.to_pylist()
    for place, one in enumerate(one for one in told if one["register"] == "rfc"):
        name = PRINTED[place % (2 * len(PRINTED)) // 2]
        if place % 2:
            one["organization_name"] = name
            one["organization_key"] = " ".join(name.lower().split())
    return arrow(STAGED_AFFILIATIONS, told)


def _tables() -> dict[str, pa.Table]:
    """Return a world with something in every table."""
    tables = world(
        [*WORKS.older, *WORKS.works],
        memberships=(*MEMBERSHIPS, *INCOMES),
        statistics=(*STATISTICS, *PROFILES),
        pairs=PAIRS,
    ) | described(ORGANIZATIONS)
    tables[CITATION_INDEX_CELLS.name] = arrow(CITATION_INDEX_CELLS, CITED)
    tables["staged_affiliations"] = _by_names(tables["staged_affiliations"])
    works = tables["staged_works"]
    for name, of in (("title", "The title of a work numbered {}"), ("doi", "10.5555/{}")):
        # Records that lie forty apart are of the same work.
        told = [of.format(place % 40) if place % 2 else None for place in range(works.num_rows)]
        tables["staged_works"] = tables["staged_works"].set_column(
            works.column_names.index(name), name, pa.array(told, pa.string())
        )
    tables[STAGED_ORGANIZATION_RELATIONS.name] = arrow(STAGED_ORGANIZATION_RELATIONS, RELATIONS)
    tables[STAGED_FUNDER_DOIS.name] = arrow(STAGED_FUNDER_DOIS, DOIS)
    origin = tables["staged_works"].select(["register", "part_key", "record"]).to_pylist()
    tables[STAGED_OWNERS.name] = arrow(
        STAGED_OWNERS,
        [{**one, "position": 1, "owner_name": None, "country_code": "DE"} for one in origin],
    )
    tables[STAGED_RETRACTIONS.name] = arrow(STAGED_RETRACTIONS, NOTICES)
    fields = tables["staged_work_fields"].to_pylist()
    tables["staged_work_fields"] = arrow(
        STAGED_WORK_FIELDS,
        [
            *fields,
            *(
                {**one, "scheme": "openalex_topic", "field_id": f"T{one['field_id']}"}
                for one in fields
                if one["scheme"] == "openalex_subfield"
            ),
        ],
    )
    codes = [["XX", "ZZ"] if place % 5 == 0 else None for place in range(works.num_rows)]
    tables["staged_works"] = tables["staged_works"].set_column(
        works.column_names.index("unlisted_codes"),
        "unlisted_codes",
        pa.array(codes, pa.list_(pa.string())),
    )
    return tables


BYTES_OF_FEW_AT_A_TIME = 10**8
"""So much for each row of the world that memory holds some ten of them."""

CORRECTED: tuple[Row, ...] = tuple(
    {
        "line": line,
        "kind": kind,
        "register": "openalex",
        "organization_key": key,
        "corrected": corrected,
        "said_by": "A person",
        "said_on": "2024-06-30",
        "why": "It is so.",
        "source": "A letter.",
    }
    for line, (kind, key, corrected) in enumerate(
        (
            ("organization_ror", "firm", "05qwgg493"),
            ("organization_ror", "leyden", "none"),
            ("organization_ror", "boston", "0absent00"),
            ("organization_name", "beijing", "A university"),
            ("organization_country", "nobody", "NL"),
        ),
        start=2,
    )
)


COMPANIES: tuple[Row, ...] = tuple(
    {"name": name, "company": name, "parent": "A firm", "country_code": "NL", "source": "None."}
    for name in ("firm", "leyden", "absent")
)


def _built(lake: Lake, start: Start) -> Path:
    """Build the world and every indicator of it as tables of a lake; return the version."""
    given = given_tables() | {
        CORRECTIONS.name: arrow(CORRECTIONS, CORRECTED),
        COMPANY_NAMES.name: arrow(COMPANY_NAMES, COMPANIES),
    }
    recipe = Recipe(steps=ALL_STEPS, loaded=LOADED, given=given, kernels=KERNELS)
    build(lake, recipe, Silent(), start)
    version = lake.current()
    assert version is not None
    return version


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake that holds the world and was not built."""
    return staged_world(tmp_path_factory.mktemp("world") / "lake", _tables())


@pytest.fixture(scope="module")
def by_duckdb(staged: Lake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the world on DuckDB."""
    return _built(copy_of(staged, tmp_path_factory.mktemp("duckdb") / "lake"), on_duckdb)


@pytest.fixture(scope="module")
def by_spark(staged: Lake, tmp_path_factory: pytest.TempPathFactory, spark: SparkSession) -> Path:
    """Build the world on Spark."""
    assert spark.version.startswith("4.")
    return _built(copy_of(staged, tmp_path_factory.mktemp("spark") / "lake"), on_spark(None, {}))


@pytest.fixture(scope="module")
def by_ranges(staged: Lake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the world on DuckDB as if memory held few works or persons at a time."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("BYTES_OF_ROW", "BYTES_OF_SUMMED_ROW"):
            patch.setattr(ranges, name, BYTES_OF_FEW_AT_A_TIME)
        return _built(copy_of(staged, tmp_path_factory.mktemp("ranges") / "lake"), on_duckdb)


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda step: step.writes.name)
def test_spark_writes_what_duckdb_writes(step: Step, by_duckdb: Path, by_spark: Path) -> None:
    found, expected = (
        pq.read_table(version / f"{step.writes.name}.parquet") for version in (by_spark, by_duckdb)
    )

    assert found.num_rows == expected.num_rows > 0
    assert found.schema.equals(expected.schema)
    assert differences(found.to_pylist(), expected.to_pylist(), step.writes.key) == []
    key = list(step.writes.key)
    assert found.select(key).equals(expected.select(key)), "the order of rows"


@pytest.mark.parametrize(
    "step",
    [step for step in STEPS if ranges.column_apart(step)],
    ids=lambda step: step.writes.name,
)
def test_ranges_make_up_the_table(step: Step, by_duckdb: Path, by_ranges: Path) -> None:
    found, expected = (
        pq.read_table(version / f"{step.writes.name}.parquet") for version in (by_ranges, by_duckdb)
    )
    key = list(step.writes.key)

    assert found.num_rows == expected.num_rows > 0
    assert found.schema.equals(expected.schema)
    assert differences(found.to_pylist(), expected.to_pylist(), step.writes.key) == []
    assert found.select(key).equals(expected.select(key)), "the order of rows"


def test_both_engines_know_names_that_are_one_organization(by_duckdb: Path, by_spark: Path) -> None:
    for version in (by_duckdb, by_spark):
        ids = pq.read_table(version / "organization_ids.parquet").to_pylist()
        named = {one["organization_key"]: one["organization_id"] for one in ids}

        assert len({named[key] for key in ("tidal wires, inc.", "tidal-wires l.l.c.")}) == 1
        assert named["vf and co., ltd."] == named["vf"]
        assert named["cafe\u0301 du re\u0301cif s.a."] == named["cafe\u0301 du re\u0301cif"]
        assert named["\u0915\u093f\u0930\u0923 pvt. ltd."] == named["\u0915\u093f\u0930\u0923"]
        assert named["tidal wires gmbh & co. kg"] != named["tidal wires, inc."]


def test_both_engines_write_the_same_tables(by_duckdb: Path, by_spark: Path) -> None:
    names = [sorted(path.name for path in version.iterdir()) for version in (by_duckdb, by_spark)]

    assert names[0] == names[1]


def test_the_ledger_says_which_engine_computed(by_duckdb: Path, by_spark: Path) -> None:
    ledgers = [read_ledger(version) for version in (by_duckdb, by_spark)]

    assert ledgers[0].fingerprint == ledgers[1].fingerprint
    assert ledgers[0].engines == (f"DuckDB {duckdb.__version__}",)
    assert ledgers[1].engines == (f"Spark {pyspark.__version__}",)


def test_spark_counts_by_the_rules_of_ansi(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
