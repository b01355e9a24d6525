"""Measure every stage of fourseas against its floor and its peers.

    python -m benchmarks.run --size 1000000
    python -m benchmarks.run --size 27000000 --stage build

A stage that has been measured is not measured again unless it is named or --fresh is given, so
that a run which was broken off goes on where it was. What a run needs lies in a folder of its
own (--dir), which is emptied at the end of a whole run; a stage that was named leaves its lake
for the next.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from benchmarks import environments, report
from benchmarks.desk import Desk, FailedError
from benchmarks.outcomes import Outcome, Results, read
from benchmarks.stages import STAGES, Stage

ROOT = Path(__file__).parents[1]


def measure(desk: Desk, results: Results, stage: Stage, kept: Path) -> None:
    """Measure a stage and keep what was found."""
    outcome = Outcome(measured_at=environments.now(), busy=environments.busy())
    _say(f"{stage.name}: begun {outcome.measured_at} UTC")
    if (outcome.busy or 0) > environments.QUIET:
        _say("Warning: the machine is busy; wall seconds mean little.")
    stage.run(desk, outcome)
    results.stages[stage.name] = outcome
    results.machine = environments.machine()
    results.write(kept)


def chosen(names: list[str], desk: Desk, results: Results) -> list[Stage]:
    """Return the stages that are named, or all that are missing, and what they need first."""
    asked = (
        [stage for stage in STAGES if stage.name in names]
        if names
        else [stage for stage in STAGES if stage.name not in results.stages]
    )
    wanted = {stage.name for stage in asked}
    if not (desk.lake / "CURRENT").is_file():
        wanted |= {need for stage in asked for need in stage.needs}
        wanted |= {"lake"} if "build" in wanted else set()
    return [stage for stage in STAGES if stage.name in wanted]


def main() -> None:
    """Measure what is asked for, print it and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1_000_000, help="works")
    parser.add_argument("--stage", nargs="*", default=[], choices=[stage.name for stage in STAGES])
    parser.add_argument(
        "--dir", type=Path, default=Path(os.environ.get("BENCH_DIR", ROOT / "bench"))
    )
    parser.add_argument("--times", type=int, default=3, help="runs of what takes seconds")
    parser.add_argument("--memory", help="what the engine may use, such as '4 GB'")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured")
    asked = parser.parse_args()
    desk = Desk(asked.size, asked.dir.absolute(), asked.times, asked.memory)
    kept = report.RESULTS / f"bench-{asked.size}.json"
    results = Results(size=asked.size, machine=environments.machine())
    if asked.fresh:
        shutil.rmtree(desk.folder, ignore_errors=True)
    elif kept.is_file():
        results = read(kept)
    if "lake" in asked.stage and "lake" in results.stages:
        desk.forget()
    desk.folder.mkdir(parents=True, exist_ok=True)
    try:
        for stage in chosen(asked.stage, desk, results):
            measure(desk, results, stage, kept)
            report.write_page()
    except FailedError as error:
        sys.exit(f"{error}\nThe next run goes on with this stage.")
    sys.stdout.write("\n".join(report.lines(results)) + "\n")
    if not asked.stage:
        shutil.rmtree(desk.folder)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
