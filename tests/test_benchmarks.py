"""What the benchmark measures and how it tells it; no test looks at a clock."""

from __future__ import annotations

import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.measured import Measure, measured
from benchmarks.ours import Stopwatch
from benchmarks.outcomes import Figure, Outcome, Results, read

BURNS = "import time\nwhile time.process_time() < 0.4: pass"
HOLDS = "held = bytearray(200_000_000); import time; time.sleep(0.5)"


def _python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def _starting(program: str, *, waits: bool) -> list[str]:
    """Return a command that starts a Python of its own, which may outlive it."""
    started = f"subprocess.Popen([sys.executable, '-c', {program!r}])"
    return _python(f"import subprocess, sys\np = {started}\n" + ("p.wait()" if waits else ""))


def _measured(command: list[str], log: Path, limit_mb: float | None = None) -> Measure:
    """Measure a command from a process that has started nothing else: Spark is left alone."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, command, log=log, limit_mb=limit_mb).result()


def _machine() -> dict[str, object]:
    return {
        "cpu": "a processor",
        "cores": 2,
        "memory_gb": 23.5,
        "python": "3.11.7",
        "packages": {"duckdb": "1.5.6"},
        "peers": {"polars": {"polars": "2.1.0"}},
    }


def _outcome() -> Outcome:
    outcome = Outcome(measured_at="2026-11-26 04:00", busy=0.01)
    outcome.runs = {
        "ours": {"wall_s": 5.0, "cpu_s": 8.0, "peak_mb": 300.0},
        "floor": {"wall_s": 2.0, "cpu_s": 2.0, "peak_mb": 100.0, "inner_s": 1.0},
    }
    return outcome


@pytest.mark.parametrize("waits", [True, False])
def test_cpu_of_processes_that_a_command_starts_is_counted(tmp_path: Path, waits: bool) -> None:  # noqa: FBT001
    found = _measured(_starting(BURNS, waits=waits), tmp_path / "log.txt")

    assert found.code == 0
    assert found.cpu_s >= 0.4


def test_memory_is_that_of_all_processes_together(tmp_path: Path) -> None:
    found = _measured(_starting(HOLDS, waits=True), tmp_path / "log.txt")

    assert found.peak_mb >= found.anonymous_mb >= 200


def test_a_command_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    found = _measured(_starting(HOLDS, waits=True), tmp_path / "log.txt", 100)

    assert found.is_stopped
    assert found.code != 0


def test_what_a_command_prints_and_how_it_ends_is_told(tmp_path: Path) -> None:
    program = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    found = _measured(_python(program), tmp_path / "log.txt")

    assert (found.code, found.output) == (3, "out\n")
    assert (tmp_path / "log.txt").read_text() == "err\n"


def test_a_ratio_is_met_from_the_side_that_its_target_is_on() -> None:
    outcome = _outcome()
    outcome.compare("a", "ours", "floor", by="wall", most=2.5)
    outcome.compare("b", "ours", "floor", by="cpu", most=3.9)
    outcome.compare("c", "ours", "floor", by="memory", least=3)
    outcome.compare("d", "ours", "floor")

    assert [one.is_met for one in outcome.ratios] == [True, False, True, None]
    assert [(one.wall, one.cpu, one.memory) for one in outcome.ratios] == [(2.5, 4.0, 3.0)] * 4


def test_seconds_without_the_start_are_compared_where_both_are_known() -> None:
    outcome = _outcome()
    outcome.runs["ours"]["inner_s"] = 3.0
    outcome.compare("a", "ours", "floor")

    assert (outcome.ratios[0].wall, outcome.ratios[0].cpu) == (3.0, 4.0)


def test_what_was_not_run_is_not_compared() -> None:
    outcome = _outcome()
    outcome.compare("a", "ours", "absent")

    assert outcome.ratios == []


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    outcome = _outcome()
    outcome.compare("a", "ours", "floor", most=2)
    outcome.figures.append(Figure(name="memory", value=300.0, unit="MB", most=1000))
    results = Results(size=1000, machine=_machine(), stages={"ingest": outcome})
    results.write(tmp_path / "bench-1000.json")

    assert read(tmp_path / "bench-1000.json") == results


def test_a_target_that_is_missed_and_a_result_that_differs_are_told() -> None:
    outcome = _outcome()
    outcome.busy = 0.5
    outcome.compare("ours / floor", "ours", "floor", most=2)
    outcome.checks["one and the other"] = False
    results = Results(size=1000, machine=_machine(), stages={"ingest": outcome})

    for text in ("\n".join(report.lines(results)), report.page([results])):
        assert "NOT MET" in text
        assert "one and the other: DIFFERENT" in text
        assert "busy" in text


def test_the_page_is_the_one_that_the_results_make() -> None:
    assert report.PAGE.read_text(encoding="utf-8") == report.page(report.results_so_far())


def test_a_build_that_goes_on_keeps_what_its_tables_took(tmp_path: Path) -> None:
    log = tmp_path / "built.jsonl"
    first = Stopwatch(log)
    first.start(2, "Building")
    first.advance(1, "works")
    before = log.read_text(encoding="utf-8")
    second = Stopwatch(log, {"works"})
    second.start(2, "Building")
    second.advance(1, "works")
    second.advance(1, "unit_cells")

    assert log.read_text(encoding="utf-8").startswith(before)
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [row["table"] for row in rows] == ["works", "unit_cells"]
    assert all(row["peak_mb"] > 0 for row in rows)
