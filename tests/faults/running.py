"""One run of a scenario on a disk that fails, and what became of it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fourseas.errors import FourseasError
from tests.faults.disk import KINDS, NEVER, Disk, Kind, failing
from tests.faults.scenarios import SCENARIOS, Scenario, left_behind

DONE, TOLD, CRASHED = 0, 3, 4
"""How a process ended: as if nothing was, with an error of ours, or with a traceback."""

OUTCOMES = {-signal.SIGKILL: "killed", DONE: "done all the same", TOLD: "error told"}


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A scenario without faults: where it begins, its steps, and what is seen of it."""

    scenario: Scenario
    origin: Path
    steps: tuple[str, ...]
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault, how the process ended, and what is wrong; nothing is, if all is well."""

    scenario: str
    boundary: str
    kind: Kind
    outcome: str
    wrong: str | None


def _disturbed(name: str, place: Path, at: int, kind: Kind, told: Path) -> None:
    """Run a scenario in this process; write its steps, or the traceback that should not be."""
    scenario = next(one for one in SCENARIOS if one.name == name)
    disk = Disk(place, at, kind)
    code = DONE
    try:
        with failing(disk):
            scenario.act(place)
    except FourseasError:
        code = TOLD
    except BaseException:  # noqa: BLE001  (whatever it is, it is a finding)
        code = CRASHED
        told.write_text(traceback.format_exc(), encoding="utf-8")
    if code == DONE and at == NEVER:
        told.write_text("\n".join(disk.steps), encoding="utf-8")
    os._exit(code)


def _run(scenario: Scenario, place: Path, at: int, kind: Kind) -> tuple[int, str]:
    """Run a scenario in a process of its own; return how it ended and what it told."""
    told = place / "told"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.running"])
    process = context.Process(target=_disturbed, args=(scenario.name, place, at, kind, told))
    process.start()
    process.join()
    assert process.exitcode is not None
    text = told.read_text(encoding="utf-8") if told.exists() else ""
    told.unlink(missing_ok=True)
    return process.exitcode, text


def undisturbed(scenario: Scenario, place: Path) -> Undisturbed:
    """Run a scenario without faults, the engine warmed up, and count its steps."""
    origin = place / "origin"
    origin.mkdir(parents=True)
    scenario.prepare(origin)
    before = scenario.see(origin)
    clean = place / "clean"
    shutil.copytree(origin, clean)
    code, told = _run(scenario, clean, NEVER, "kill")
    assert code == DONE, told
    after = scenario.see(clean)
    assert after != before, scenario.name
    return Undisturbed(scenario, origin, tuple(told.splitlines()), before, after)


def injected(clean: Undisturbed, at: int, kind: Kind, place: Path) -> Injected:
    """Fail at one step, look at what is left, do it again, and compare."""
    shutil.copytree(clean.origin, place)
    code, told = _run(clean.scenario, place, at, kind)
    wrong = told.strip().splitlines()[-1] if code == CRASHED else _what_is_wrong(clean, place)
    shutil.rmtree(place)
    return Injected(
        clean.scenario.name, clean.steps[at - 1], kind, OUTCOMES.get(code, "crashed"), wrong
    )


def _what_is_wrong(clean: Undisturbed, place: Path) -> str | None:
    scenario = clean.scenario
    try:
        seen = scenario.see(place)
        if seen not in (clean.before, clean.after):
            return "a reader saw neither the old nor the new state"
        if scenario.is_repeated or seen == clean.before:
            scenario.act(place)
        if scenario.see(place) != clean.after:
            return "the next run ended otherwise than an undisturbed one"
        if scenario.is_repeated and (left := left_behind(place)):
            return f"left behind after the next run: {left}"
    except Exception as error:  # noqa: BLE001  (whatever it is, it is a finding)
        return f"{type(error).__name__}: {error}"
    return None


def all_points(clean: Undisturbed) -> Iterator[tuple[int, Kind]]:
    """Return every step with every kind of fault."""
    for at in range(1, len(clean.steps) + 1):
        for kind in KINDS:
            yield at, kind
