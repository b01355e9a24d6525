"""How many small mistakes in what thinks would be seen by its tests.

python -m tools.trust mutants --mutants 150 --seed 1 --minutes 35
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

import pytest

from tools.trust import apart
from tools.trust.imports import PACKAGES, ROOT, SOURCES, WITH_TESTS, module_of, tests_of
from tools.trust.lines import PLACE, Test, chosen, digest, lake
from tools.trust.mutations import Mutation, mutations

EQUIVALENT = Path("trust") / "equivalent.csv"
TOLD_EVERY = 30
OF_CONTROLS = 10
"""Of so many mistakes the tests of one are run without any, and must pass."""

UNSEEN = (int(pytest.ExitCode.OK), int(pytest.ExitCode.NO_TESTS_COLLECTED))
"""How tests end that see no mistake."""

PATIENCE = 4.0
LEAST_SECONDS = 20.0
"""A test that takes four times its CPU seconds and these would hang: the mistake is seen."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A mistake, what its tests said, and the CPU seconds that they took to say it.

    Attributes
    ----------
    outcome
        ``killed`` by a test, ``endless``, ``survived`` all of its tests, or ``untested`` where no
        test executes it.
    """

    mutation: Mutation
    outcome: str
    seconds: float

    @property
    def is_seen(self) -> bool:
        """Return whether somebody who runs the tests would see it."""
        return self.outcome in {"killed", "endless"}


def mutants(n: int, seed: int, minutes: float) -> Iterator[dict[str, object]]:
    """Make so many mistakes at random, and tell of all so far every half a minute.

    A mistake that was tried is not tried again as long as what thinks and its tests are as they
    are, so that a run that was broken off goes on where it ended.

    Yields
    ------
    dict
        By package: ``n`` mistakes, how many were ``killed``, and the ``survived``, a line for
        each; their CPU ``seconds`` and the ``seed``.
    """
    until = time.monotonic() + 60 * minutes
    lake()
    n_workers = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_work, args=(n, seed, until, share, n_workers), daemon=True)
        for share in range(n_workers)
    ]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        time.sleep(TOLD_EVERY)
        if _before(seed):
            yield _told(n, seed)
    if any(worker.exitcode for worker in workers):
        message = "mistakes could not be tried; what was tried is kept"
        raise RuntimeError(message)


def _work(n: int, seed: int, until: float, share: int, n_workers: int) -> None:
    """Try one share of a sample."""
    before = _before(seed)
    for number, mutation in enumerate(sample(n, seed)):
        if number % n_workers != share or (mutation.module, mutation.number) in before:
            continue
        if time.monotonic() > until:
            return
        _keep(tried(mutation, is_controlled=number // n_workers % OF_CONTROLS == 0), seed)


def sample(n: int, seed: int) -> list[Mutation]:
    """Return mistakes drawn from those of all modules, as many of each package.

    More of them are the same and others besides.
    """
    chosen_ones: list[list[Mutation]] = []
    for package in PACKAGES:
        every = [
            mutation
            for path in sorted((SOURCES / "fourseas" / package).glob("*.py"))
            for mutation in mutations(module_of(path), path.read_text(encoding="utf-8"))
        ]
        random.Random(f"{seed} {package}").shuffle(every)  # noqa: S311  (no secret)
        chosen_ones.append(every[: n // len(PACKAGES)])
    return [mutation for together in zip(*chosen_ones, strict=True) for mutation in together]


def tried(mutation: Mutation, *, is_controlled: bool = False) -> Tried:
    """Run the tests that execute a mistake until one sees it, the nearest first."""
    found = Tried(mutation, "untested", 0)
    for files in tests_of(mutation.module):
        tests = chosen(mutation, files)
        if is_controlled and apart.run(partial(_test, tests, lake(), None)).status not in UNSEEN:
            names = ", ".join(test.name for test in tests)
            message = f"one of these tests fails without any mistake: {names}"
            raise RuntimeError(message)
        if tests:
            one = seen_by(tests, mutation, lake())
            found = replace(one, seconds=found.seconds + one.seconds)
        if found.is_seen:
            break
    return found


def seen_by(tests: Sequence[Test], mutation: Mutation, lake: Path) -> Tried:
    """Run tests in their order on a mistake until one sees it."""
    ended = apart.run(partial(_test, tests, lake, mutation))
    outcome = "survived" if ended.status in UNSEEN else "killed"
    return Tried(mutation, "endless" if ended.status is None else outcome, ended.seconds)


def _test(tests: Sequence[Test], lake: Path, mutation: Mutation | None) -> int:
    """Run tests on a module with a mistake, or on all as it is."""
    files = list(dict.fromkeys(test.file for test in tests))
    return apart.tested(files, lake, _Choosing(tests), mutation)


class _Choosing:
    """Runs chosen tests in their order, and ends the process where one would hang."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = {test.name: test for test in tests}
        self.place = {name: at for at, name in enumerate(self.tests)}

    def pytest_configure(self, config: pytest.Config) -> None:
        """End with the first test that fails."""
        config.option.maxfail = 1

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave only those that were chosen."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place),
            key=lambda item: self.place[item.nodeid],
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give a test its seconds, with all that it sets up."""
        test = self.tests[item.nodeid]
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        limit = LEAST_SECONDS + PATIENCE * (test.seconds + test.shared)
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _before(seed: int) -> dict[tuple[str, int], Tried]:
    """Return what was tried of a sample, with what thinks and its tests as they are now."""
    place = _place(seed)
    if not place.is_file():
        return {}
    stated = map(json.loads, place.read_text(encoding="utf-8").splitlines())
    found = [Tried(**one | {"mutation": Mutation(**one["mutation"])}) for one in stated]
    return {(one.mutation.module, one.mutation.number): one for one in found}


def _keep(one: Tried, seed: int) -> None:
    with _place(seed).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one)) + "\n")


def _place(seed: int) -> Path:
    """Return where the mistakes of a sample are kept, one by one."""
    places = [SOURCES / "fourseas" / package for package in PACKAGES]
    places += [ROOT / "tests" / name for name in WITH_TESTS]
    paths = sorted(path for place in places for path in place.glob("*.py"))
    return PLACE / f"tried-{seed}-{digest(paths)}.jsonl"


def _told(n: int, seed: int) -> dict[str, object]:
    """Return the figures of a sample by package, up to the first that was not tried.

    Mistakes that are seen are done sooner; later ones would make the part too great.
    """
    before = _before(seed)
    keys = [(one.module, one.number) for one in sample(n, seed)]
    by_package: dict[str, list[Tried]] = {package: [] for package in PACKAGES}
    for key in takewhile(before.__contains__, keys):
        by_package[key[0].split(".")[1]].append(before[key])
    return {
        package: {
            "n": len(of),
            "killed": sum(one.is_seen for one in of),
            "seconds": round(sum(one.seconds for one in of)),
            "seed": seed,
            "survived": [line_of(one.mutation) for one in of if not one.is_seen],
        }
        for package, of in by_package.items()
    }


def line_of(mutation: Mutation) -> str:
    """Return a mistake in words, as `trust/equivalent.csv` names it."""
    return f"{mutation.module}: {mutation.change}: {mutation.text}"
