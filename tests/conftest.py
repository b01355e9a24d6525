"""What all tests share: repeatable examples, and a Java runtime or a line that says it lacks."""

from __future__ import annotations

import json
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


@pytest.fixture
def cramped_path(lake_path: Path, tmp_path: Path) -> Path:
    """Copy the embedded lake, and leave its engine little memory."""
    cramped = shutil.copytree(lake_path, tmp_path / "cramped")
    place = cramped / "lake.json"
    stated = json.loads(place.read_text("utf-8")) | {"memory_limit": "40 MB"}
    place.write_text(json.dumps(stated), "utf-8")
    return cramped


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


def pytest_sessionstart() -> None:
    """Stop before any test where what is required to run cannot."""
    hindrance = _spark_hindrance()
    if os.environ.get("FOURSEAS_REQUIRE_SPARK") == "1" and hindrance:
        message = f"FOURSEAS_REQUIRE_SPARK is set, but the Spark tests cannot run: {hindrance}"
        raise pytest.UsageError(message)
    if os.environ.get("CI") == "true" and shutil.which("chromium") is None:
        message = "In CI the browser tests must run, but there is no chromium."
        raise pytest.UsageError(message)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here."""
    hindrances = {
        "spark": _spark_hindrance(),
        "browser": None if shutil.which("chromium") else NO_BROWSER,
    }
    for name, hindrance in hindrances.items():
        if hindrance is None:
            continue
        for test in items:
            if test.get_closest_marker(name):
                test.add_marker(pytest.mark.skip(reason=hindrance))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where Spark tests are required and none has run, whoever ran the others."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    is_worker = hasattr(session.config, "workerinput")
    if os.environ.get("FOURSEAS_REQUIRE_SPARK") != "1" or is_worker or terminal is None:
        return
    if not session.config.option.collectonly and not _n_run(terminal, "spark"):
        terminal.write_line("FOURSEAS_REQUIRE_SPARK is set, but no Spark test has run.", red=True)
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which of the tests that need more than Python have run."""
    for name, hindrance in (
        ("spark", _spark_hindrance()),
        ("browser", None if shutil.which("chromium") else NO_BROWSER),
    ):
        n_run = _n_run(terminalreporter, name)
        told = f"skipped: {hindrance}" if hindrance else f"{n_run} run"
        terminalreporter.write_line(f"Tests marked {name}: {told}")


def _n_run(terminalreporter: pytest.TerminalReporter, marker: str) -> int:
    """Count the tests with a marker that ran to an end, in this process or in its workers."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
    ]
    return sum(marker in report.keywords for report in reports if report.when == "call")
