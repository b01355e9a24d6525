"""Spark as the engine of a build: the same lake, and errors before anything is written."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyspark
import pytest
from pyspark.sql import SparkSession

from fourseas.errors import EngineError, TableError
from fourseas.lake.build import BuildReport, build
from fourseas.lake.layout import Lake
from fourseas.lake.recipe import Recipe
from fourseas.lake.spark import java_hindrance, on_spark
from tests.commands import run
from tests.lake import small
from tests.lake.small import CELLS_STEP, CHANGED, RECIPE, TREES_STEP

NOBODY = "spark://127.0.0.1:{port}"


@pytest.fixture
def lake(settled: Lake, tmp_path: Path) -> Lake:
    """Return a lake that was built once, at a path full of signs that mean something to Spark."""
    return small.copy_of(settled, tmp_path / "year=2024 a:b,c %41 é" / "lake")


def make(
    lake: Lake,
    recipe: Recipe = CHANGED,
    *,
    master: str | None = None,
    conf: Mapping[str, str] | None = None,
) -> BuildReport:
    """Build a version on Spark."""
    return build(lake, recipe, small.Listener(), on_spark(master, conf or {}))


def assert_nothing_is_left(lake: Lake) -> None:
    """Look whether a build that could not begin left anything behind."""
    assert [path.name for path in lake.versions.iterdir()] == ["000001"]
    assert not lake.temporary.exists() or not list(lake.temporary.iterdir())


def closed_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.spark
def test_a_lake_is_what_it_is_whichever_engine_built_it(lake: Lake, spark: SparkSession) -> None:
    before = small.current_rows(lake)
    assert spark.version == pyspark.__version__
    report = make(lake)
    after = small.current_rows(lake)

    assert report.version == "000002"
    assert after.pop("notes") == before.pop("notes")[1:]
    assert after == before
    version = lake.current()
    assert version is not None
    assert {path.suffix for path in version.iterdir()} == {".parquet", ".json"}
    assert not list(lake.temporary.iterdir())


@pytest.mark.spark
def test_a_table_that_no_register_feeds_is_empty(tmp_path: Path, spark: SparkSession) -> None:
    assert spark.version
    lake = small.new_lake(tmp_path / "lake")
    small.add(lake, small.write_text(tmp_path / "trees.csv", "id,kind\n4,oak\n"))
    make(lake)

    rows = small.current_rows(lake)
    assert (len(rows["trees"]), rows["kinds"]) == (1, [])


@pytest.mark.spark
def test_what_one_engine_has_left_another_finishes(lake: Lake, spark: SparkSession) -> None:
    assert spark.version
    with pytest.raises(KeyboardInterrupt):
        build(lake, CHANGED, small.StoppedAt("trees"))
    report = make(lake)

    assert report.n_kept == 2
    engines = {table.name: table.engine for table in report.ledger.tables}
    assert engines["trees"].startswith("DuckDB ")
    assert engines["grove_cells"] == f"Spark {pyspark.__version__}"
    assert report.ledger.engines == (engines["trees"], engines["grove_cells"])


@pytest.mark.spark
def test_what_is_built_is_not_built_again_by_another_engine(
    lake: Lake, spark: SparkSession
) -> None:
    assert spark.version
    report = make(lake, RECIPE)

    assert (report.version, report.n_built) == ("000001", 0)
    assert report.ledger.engines[0].startswith("DuckDB ")


@pytest.mark.spark
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"share": ibis.literal(1.5)}, "`share` is at most 1 does not hold in 4 rows"),
        ({"n_leaves": (ibis._["tree_key"] + 2**62) * 4}, "Table `trees`: .*overflow"),
    ],
    ids=["range", "overflow"],
)
def test_a_table_that_breaks_its_promise_is_not_published(
    lake: Lake, spark: SparkSession, changed: Mapping[str, ir.Value], message: str
) -> None:
    assert spark.version
    step = replace(TREES_STEP, compute=lambda *tables: small.trees(*tables).mutate(**changed))

    with pytest.raises(TableError, match=message):
        make(lake, replace(RECIPE, steps=(step, CELLS_STEP)))
    assert lake.pointer.read_text(encoding="ascii") == "000001\n"


@pytest.mark.spark
def test_rows_that_executors_wrote_elsewhere_are_missed(lake: Lake, spark: SparkSession) -> None:
    assert spark.version
    # Files that do not bear the name by which they are looked for are as good as elsewhere.
    elsewhere = {"mapreduce.output.basename": "elsewhere"}

    with pytest.raises(EngineError, match=r"Of 1,000 rows that .* 0 are there") as raised:
        make(lake, conf=elsewhere)
    assert "mounted at the same path" in raised.value.remedy
    assert_nothing_is_left(lake)


@pytest.mark.spark
def test_a_session_that_is_there_keeps_its_master_and_settings(
    lake: Lake, spark: SparkSession
) -> None:
    before = {table.name for table in spark.catalog.listTables()}
    with pytest.raises(EngineError, match=r"already, at the master local\[2\]"):
        make(lake, master="local[4]")
    with pytest.raises(EngineError, match=r"spark\.executor\.memory cannot be changed"):
        make(lake, conf={"spark.executor.memory": "8g"})
    make(lake, conf={"spark.sql.shuffle.partitions": "3"})

    assert spark.conf.get("spark.sql.shuffle.partitions") == "2"
    assert spark.range(3).count() == 3
    assert {table.name for table in spark.catalog.listTables()} <= before


def test_a_master_that_does_not_answer_is_named(lake: Lake) -> None:
    master = NOBODY.format(port=closed_port())

    with pytest.raises(EngineError, match=f"{master}: Connection refused") as raised:
        make(lake, master=master)
    assert "--master" in raised.value.remedy
    assert_nothing_is_left(lake)


@pytest.mark.parametrize("master", ["locale[2]", "spark://host", "mesos://host:5050", "local[]"])
def test_a_master_of_no_known_kind_is_named(lake: Lake, master: str) -> None:
    with pytest.raises(EngineError, match="names no master") as raised:
        make(lake, master=master)
    assert "local-cluster[2,1,2048]" in raised.value.remedy
    assert_nothing_is_left(lake)


@pytest.mark.parametrize("name", ["a [b]", "a*", "a?", "a{b,c}", "a\\b"])
def test_a_path_that_spark_takes_for_a_pattern_is_refused(
    settled: Lake, tmp_path: Path, name: str
) -> None:
    lake = small.copy_of(settled, tmp_path / name)

    with pytest.raises(EngineError, match="for a pattern"):
        make(lake)
    assert_nothing_is_left(lake)


def test_yarn_needs_to_know_its_cluster(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HADOOP_CONF_DIR", raising=False)
    monkeypatch.delenv("YARN_CONF_DIR", raising=False)

    with pytest.raises(EngineError, match="neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set"):
        make(lake, master="yarn")


def test_without_java_the_error_says_what_to_install(lake: Lake, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "fourseas", "build", str(lake.root), "--engine", "spark"],
        capture_output=True,
        check=False,
        env={"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )

    assert ended.returncode == 1
    assert "no Java runtime was found" in ended.stderr
    assert "Install Java 17" in ended.stderr
    assert lake.pointer.read_text(encoding="ascii") == "000001\n"


@pytest.mark.parametrize(
    ("said", "hindrance"),
    [
        ('openjdk version "17.0.15" 2025-04-15', None),
        ('openjdk version "21" 2023-09-19', None),
        ('openjdk version "11.0.2" 2019-01-15', "is older than 17"),
        ('java version "1.8.0_392"', "is older than 17"),
    ],
)
def test_java_of_any_maker_is_asked_how_old_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, hindrance: str | None
) -> None:
    java = small.write_text(tmp_path / "bin" / "java", f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    found = java_hindrance()

    assert (found is None) if hindrance is None else (hindrance in str(found))


def test_without_pyspark_the_error_says_what_to_install(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    ended = run("build", str(lake.root), "--engine", "spark")

    assert ended.returncode == 1
    assert "pyspark is not installed" in ended.stderr
    assert "pip install 'fourseas[spark]'" in ended.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--master", "local[2]"), "the engine is DuckDB"),
        (("--conf", "spark.executor.memory=8g"), "the engine is DuckDB"),
        (("--engine", "spark", "--conf", "8g"), "`8g` is no setting of Spark"),
        (("--engine", "spark", "--conf", "memory=8g"), "`memory=8g` is no setting of Spark"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    lake: Lake, words: tuple[str, ...], message: str
) -> None:
    ended = run("build", str(lake.root), *words)

    assert ended.returncode == 1
    assert message in ended.stderr
    assert_nothing_is_left(lake)
