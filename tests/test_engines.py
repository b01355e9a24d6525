"""One program, two engines: Spark returns the rows that DuckDB returns, table by table."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from fourseas.catalog import INDICATORS, STEPS
from fourseas.schema.cells import CITATION_INDEX_CELLS
from fourseas.schema.step import Step
from tests.flat import differences
from tests.random_worlds import MEMBERSHIPS, ORGANIZATIONS, random_world
from tests.world import Row, arrow, compiled, described, on_duckdb, world

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
        ("ncses", "world", "WORLD", "international", "full", 700.0),
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


def _tables() -> dict[str, pa.Table]:
    """Return a world with something in every table."""
    tables = world(
        [*WORKS.older, *WORKS.works],
        memberships=(*MEMBERSHIPS, *INCOMES),
        statistics=(*STATISTICS, *PROFILES),
        pairs=PAIRS,
    ) | described(ORGANIZATIONS)
    tables[CITATION_INDEX_CELLS.name] = arrow(CITATION_INDEX_CELLS, CITED)
    works = tables["staged_works"]
    titles = [f"Title {place}" if place % 2 else None for place in range(works.num_rows)]
    tables["staged_works"] = works.set_column(
        works.column_names.index("title"), "title", pa.array(titles, pa.string())
    )
    codes = [["XX", "ZZ"] if place % 5 == 0 else None for place in range(works.num_rows)]
    tables["staged_works"] = tables["staged_works"].set_column(
        works.column_names.index("unlisted_codes"),
        "unlisted_codes",
        pa.array(codes, pa.list_(pa.string())),
    )
    return tables


@pytest.fixture(scope="module")
def by_duckdb() -> dict[str, pa.Table]:
    """Build the world on DuckDB."""
    con = on_duckdb(_tables())
    found = {step.writes.name: con.table(step.writes.name).to_pyarrow() for step in STEPS}
    for indicator in INDICATORS:
        found[indicator.name] = con.raw_sql(compiled(indicator, "duckdb")).to_arrow_table()
    return found


@pytest.fixture(scope="module")
def by_spark(spark: SparkSession) -> dict[str, pa.Table]:
    """Build the world on Spark; each table is collected, so that no plan holds another."""
    con = ibis.pyspark.connect(spark)
    for name, table in _tables().items():
        spark.createDataFrame(table).createOrReplaceTempView(name)
    found: dict[str, pa.Table] = {}
    for step in ALL_STEPS:
        name = step.writes.name
        found[name] = con.raw_sql(compiled(step, con.name)).toArrow()
        spark.createDataFrame(found[name]).createOrReplaceTempView(name)
    return found


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda step: step.writes.name)
def test_spark_returns_what_duckdb_returns(
    step: Step, by_duckdb: dict[str, pa.Table], by_spark: dict[str, pa.Table]
) -> None:
    name, key = step.writes.name, step.writes.key
    found, expected = by_spark[name], by_duckdb[name]

    assert found.num_rows == expected.num_rows > 0
    assert found.column_names == expected.column_names
    assert differences(found.to_pylist(), expected.to_pylist(), key) == []


def test_spark_counts_by_the_rules_of_ansi(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
