"""What all tests share: repeatable examples, and a Java runtime or a line that says it lacks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from pyspark.sql import SparkSession

from fourseas import workspace
from fourseas.lake.spark import OLDEST_JAVA, java_hindrance
from tests import changed
from tests.embedded import build_embedded

settings.register_profile("fourseas", deadline=None, derandomize=True)
settings.register_profile(
    "unshrunk",
    parent=settings.get_profile("fourseas"),
    phases=(Phase.explicit, Phase.generate),  # a random world takes minutes to shrink
)
settings.register_profile("laws", parent=settings.get_profile("unshrunk"))
settings.load_profile("fourseas")

SPARK_TESTS = pytest.StashKey[int]()
BROWSER_TESTS = pytest.StashKey[int]()
NO_BROWSER = "no chromium found (install one to run them)"


KILLS = 18
WORLDS = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the number of kills be chosen: few by default, `make kills` for many."""
    parser.addoption("--kills", type=int, default=KILLS, help="how often a lake is killed")
    parser.addoption(
        "--worlds", type=int, default=WORLDS, help="worlds in which catch-up is planted"
    )


@pytest.fixture
def worlds(request: pytest.FixtureRequest) -> int:
    """Return in how many worlds what is planted is looked for; 100 for what is promised."""
    return int(request.config.getoption("--worlds"))


@pytest.fixture(scope="session")
def lake_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the lake of the embedded registers."""
    return build_embedded(tmp_path_factory.mktemp("embedded") / "lake")


@pytest.fixture(scope="session")
def lake(lake_path: Path) -> Iterator[workspace.Workspace]:
    """Open the lake of the embedded registers."""
    with workspace.open(lake_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def changed_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the lake of two snapshots with planted changes."""
    return changed.build(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Start Spark on this machine, strict about what SQL forbids."""
    session = (
        SparkSession.builder.master("local[2]")
        .appName("fourseas")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.codegen.wholeStage", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def _spark_hindrance() -> str | None:
    """Say why Spark cannot run here, or return None where it can."""
    found = java_hindrance()
    return None if found is None else f"{found} (install Java {OLDEST_JAVA} or newer to run them)"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the Spark tests where Spark cannot run, or stop where they are required."""
    spark_tests = [item for item in items if item.get_closest_marker("spark")]
    config.stash[SPARK_TESTS] = len(spark_tests)
    hindrance = _spark_hindrance()
    if os.environ.get("FOURSEAS_REQUIRE_SPARK") == "1":
        if hindrance:
            message = f"FOURSEAS_REQUIRE_SPARK is set, but the Spark tests cannot run: {hindrance}"
            raise pytest.UsageError(message)
        if not spark_tests:
            message = "FOURSEAS_REQUIRE_SPARK is set, but no Spark test was collected."
            raise pytest.UsageError(message)
    if hindrance:
        for test in spark_tests:
            test.add_marker(pytest.mark.skip(reason=hindrance))
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    config.stash[BROWSER_TESTS] = len(browser_tests)
    if shutil.which("chromium") is None:
        if os.environ.get("CI") == "true":
            message = "In CI the browser tests must run, but there is no chromium."
            raise pytest.UsageError(message)
        for test in browser_tests:
            test.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say whether the Spark tests ran."""
    if config.stash.get(BROWSER_TESTS, 0) and shutil.which("chromium") is None:
        terminalreporter.write_line(f"Browser tests were skipped: {NO_BROWSER}")
    if config.stash.get(SPARK_TESTS, 0) == 0:
        return
    hindrance = _spark_hindrance()
    terminalreporter.write_line(
        f"Spark tests were skipped: {hindrance}" if hindrance else "Spark tests: run"
    )
