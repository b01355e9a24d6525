"""Spark with executors in processes of their own builds the lake that DuckDB builds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pyspark
import pytest

from fourseas import workspace
from fourseas.catalog import INDICATORS
from fourseas.lake import layout
from fourseas.lake.build import build
from fourseas.lake.layout import Lake
from fourseas.lake.ledger import read_ledger
from fourseas.lake.recipe import Recipe
from fourseas.lake.spark import on_spark
from tests.embedded import Silent
from tests.flat import differences
from tests.lake import small
from tests.random_worlds import MEMBERSHIPS, ORGANIZATIONS, random_world
from tests.staged_worlds import staged_world
from tests.world import described, world

pytestmark = pytest.mark.spark

MASTER = "local-cluster[2,1,1024]"
"""Two workers of one core and 1,024 MB, each with an executor that is a process."""

SETTINGS = {"spark.sql.shuffle.partitions": "2", "spark.sql.codegen.wholeStage": "false"}
"""Of tables so small, compiling takes longest."""


def _small_recipe() -> Recipe:
    return small.CHANGED


def _build_on_cluster(root: Path, recipe: Callable[[], Recipe]) -> None:
    """Build a lake in a process that has no session of Spark yet."""
    build(layout.locate(root), recipe(), Silent(), on_spark(MASTER, SETTINGS))


def _spark_home(place: Path) -> Path:
    """Return the installed Spark at a place of our own: workers keep files below it."""
    place.mkdir()
    for path in Path(pyspark.__file__).parent.iterdir():
        (place / path.name).symlink_to(path)
    return place


def _versions(
    lake: Lake, recipe: Callable[[], Recipe], place: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Build a lake on a cluster and a copy of it on DuckDB; return what they hold then."""
    other = small.copy_of(lake, place / "other")
    home = _spark_home(place / "spark")
    monkeypatch.setenv("SPARK_HOME", str(home))
    process = multiprocessing.get_context("spawn").Process(
        target=_build_on_cluster, args=(lake.root, recipe)
    )
    process.start()
    process.join()
    build(other, recipe(), Silent())
    assert process.exitcode == 0
    assert len(list(home.glob("work/app-*/[01]"))) == 2, "both executors have started"
    found, expected = lake.current(), other.current()
    assert found is not None
    assert expected is not None
    return found, expected


def _assert_equal(found: Path, expected: Path, recipe: Recipe) -> None:
    """Compare all tables that two versions have computed."""
    assert read_ledger(found).engines == (f"Spark {pyspark.__version__}",)
    for step in recipe.steps:
        name = step.writes.name
        ours, theirs = (pq.read_table(version / f"{name}.parquet") for version in (found, expected))
        assert ours.schema.equals(theirs.schema), name
        assert differences(ours.to_pylist(), theirs.to_pylist(), step.writes.key) == [], name


def test_a_cluster_builds_the_tables_that_duckdb_builds(
    settled: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = small.copy_of(settled, tmp_path / "lake")
    found, expected = _versions(lake, _small_recipe, tmp_path, monkeypatch)

    _assert_equal(found, expected, small.CHANGED)


@pytest.mark.cluster
def test_a_cluster_builds_a_lake_that_serves_the_same_indicators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = random_world(n_works=60, seed=11)
    tables = world([*works.older, *works.works], memberships=MEMBERSHIPS)
    lake = staged_world(tmp_path / "lake", tables | described(ORGANIZATIONS))
    found, expected = _versions(lake, workspace.recipe, tmp_path, monkeypatch)

    _assert_equal(found, expected, workspace.recipe())
    with workspace.open(lake.root) as ours, workspace.open(tmp_path / "other") as theirs:
        for indicator in INDICATORS:
            name, key = indicator.name, indicator.writes.key
            found_rows = ours.table(name).to_pyarrow().to_pylist()
            expected_rows = theirs.table(name).to_pyarrow().to_pylist()
            assert differences(found_rows, expected_rows, key) == [], name
