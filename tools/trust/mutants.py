"""How many small mistakes in what thinks would be seen by its tests.

python -m tools.trust mutants --mutants 300
"""

from __future__ import annotations

import ast
import json
import os
import random
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from time import process_time
from types import CodeType, ModuleType

# Loaded once, before there is a process for each mistake.
import ibis.backends.duckdb  # noqa: F401
import pandas  # noqa: F401, ICN001
import pyarrow.parquet  # noqa: F401
import pyspark.sql  # noqa: F401
import pytest
import scipy.stats  # noqa: F401

from tools.trust.mutations import Mutation, mutated, mutations

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"

PACKAGES = ("indicators", "models", "policy")
"""What thinks: definitions of numbers, estimates, and decisions."""

WITH_TESTS = (*PACKAGES, "partners", "reports/estimates", "reports/simulation")
"""Where tests of it are."""

MOST_FILES = 8
"""Files of tests that are run on a mistake at once, and once more where these do not see it."""

EQUIVALENT = Path("trust") / "equivalent.csv"
PLAIN = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
OURS = ("fourseas", "tests")
SEED = 1

SLOW = 20.0
"""CPU seconds from which on a test is left out."""

LONGEST_FILE = 1200

PATIENCE = 4.0
"""A mistake that makes tests take so many times their CPU seconds is seen: they would hang."""

LEAST_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Tried:
    """A mistake, and what its tests said: ``killed``, ``timeout`` or ``survived``."""

    mutation: Mutation
    outcome: str


def mutants(n: int) -> Iterator[dict[str, object]]:
    """Make so many mistakes at random, and tell of all after each.

    A mistake is made in a process of its own, which has loaded the libraries and nothing of
    ours; tests of those files that import its module most directly are run, the quickest first,
    until one fails. Tests of over 20 CPU seconds are left out: they may see more.

    Yields
    ------
    dict
        By package: ``n`` mistakes, how many were ``killed`` (by a time limit: ``timeout``), and
        the ``survived``, a line for each.
    """
    found: dict[str, object] = {}
    by_package: dict[str, list[Tried]] = {package: [] for package in PACKAGES}
    for mutation in sample(n, SEED):
        package = mutation.module.split(".")[1]
        by_package[package].append(tried(mutation, tests_of(mutation.module)))
        found[package] = _told(by_package[package])
        yield found


def sample(n: int, seed: int) -> list[Mutation]:
    """Return mistakes drawn from those of all modules, as many of each package."""
    drawn = random.Random(seed)  # noqa: S311  (no secret)
    chosen: list[list[Mutation]] = []
    for package in PACKAGES:
        every = [
            mutation
            for path in sorted((SOURCES / "fourseas" / package).glob("*.py"))
            for mutation in mutations(_module_of(path), path.read_text(encoding="utf-8"))
        ]
        chosen.append(drawn.sample(every, min(len(every), n // len(PACKAGES))))
    return [mutation for together in zip(*chosen, strict=True) for mutation in together]


def tried(mutation: Mutation, tests: Sequence[Sequence[Path]]) -> Tried:
    """Run tests on a module with a mistake in it, the quickest first, until one sees it."""
    for files in tests:
        seconds = {name: taken for path in files for name, taken in _seconds_of(path).items()}
        if not seconds:
            continue
        limit = PATIENCE * sum(seconds.values()) + LEAST_SECONDS
        status = _run(partial(_test, files, mutation, seconds), limit)
        if os.WIFSIGNALED(status):
            return Tried(mutation, "timeout")
        if os.WEXITSTATUS(status) != 0:
            return Tried(mutation, "killed")
    return Tried(mutation, "survived")


def tests_of(module: str) -> list[list[Path]]:
    """Return files of tests by how they import a module: most directly, and less so.

    Those of its own package come before all others.
    """
    package = ROOT / "tests" / module.split(".")[1]
    ranked = sorted(
        (
            path.parent != package,
            away[module],
            path.stem != f"test_{module.rsplit('.', maxsplit=1)[-1]}",
            path,
        )
        for path, away in _distances().items()
        if module in away
    )
    paths = [path for *_, path in ranked]
    n_near = sum(rank[:2] == ranked[0][:2] for rank in ranked)
    near, others = paths[: min(n_near, MOST_FILES)], paths[min(n_near, MOST_FILES) :]
    return [files for files in (near, others[:MOST_FILES]) if files]


@cache
def _distances() -> dict[Path, dict[str, int]]:
    """Return how many imports lie between each file of tests and each module of ours."""
    imported = {_module_of(path): _imports(path) for path in (SOURCES / "fourseas").rglob("*.py")}
    return {
        path: _away(_imports(path), imported)
        for package in WITH_TESTS
        for path in sorted((ROOT / "tests" / package).glob("test_*.py"))
    }


def _away(first: Iterable[str], imported: Mapping[str, set[str]]) -> dict[str, int]:
    away: dict[str, int] = {}
    level, distance = set(first), 0
    while level:
        away |= dict.fromkeys(level, distance)
        level = {name for one in level for name in imported.get(one, ())} - away.keys()
        distance += 1
    return away


def _imports(path: Path) -> set[str]:
    """Return the modules of ours that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if _path_of(name).is_file()}


def _path_of(module: str) -> Path:
    return SOURCES.joinpath(*module.split(".")).with_suffix(".py")


def _module_of(path: Path) -> str:
    return ".".join(path.relative_to(SOURCES).with_suffix("").parts)


@cache
def _seconds_of(path: Path) -> dict[str, float]:
    """Return the CPU seconds of each quick test of a file, of the module as it is."""
    with tempfile.NamedTemporaryFile() as file:
        status = _run(partial(_time, path, Path(file.name)), LONGEST_FILE)
        if status != 0:
            message = f"{path} fails without any mistake"
            raise RuntimeError(message)
        found: dict[str, float] = json.loads(Path(file.name).read_text(encoding="utf-8"))
    return {name: seconds for name, seconds in found.items() if seconds <= SLOW}


def _run(work: Callable[[], int], seconds: float) -> int:
    """Do work that loads us anew in a process of its own; return how that ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        status = work()
    finally:
        os._exit(status)


def _time(path: Path, told: Path) -> int:
    """Run the tests of a file and tell how long each took."""
    watch = _Watch()
    status = int(pytest.main([*PLAIN, str(path)], plugins=[watch]))
    told.write_text(json.dumps(watch.seconds), encoding="utf-8")
    return 0 if watch.seconds and not watch.failed else status


def _test(files: Sequence[Path], mutation: Mutation, seconds: Mapping[str, float]) -> int:
    """Run the tests of files that are named, in the order of their seconds."""
    sys.meta_path.insert(0, _Mistaken(mutation))
    return int(pytest.main([*PLAIN, "-x", *map(str, files)], plugins=[_Quickest(seconds)]))


class _Watch:
    """Notes the CPU seconds of tests; one that takes too many is broken off."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed = 0
        signal.signal(signal.SIGPROF, self._break_off)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Time a test with all that it sets up."""
        began = process_time()
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.seconds[item.nodeid] = process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what failed for another reason than its time."""
        self.failed += report.failed and "SlowTestError" not in str(report.longrepr)

    def _break_off(self, *_: object) -> None:
        raise SlowTestError


class SlowTestError(Exception):
    """A test takes longer than tests of mistakes may."""


class _Quickest:
    """Chooses tests by the seconds that they are known to take, the quickest first."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Order the tests, and leave the others out."""
        known = [item for item in items if item.nodeid in self.seconds]
        items[:] = sorted(known, key=lambda item: self.seconds[item.nodeid])


class _Mistaken(PathFinder):
    """Finds one module as it is with a mistake."""

    def __init__(self, mutation: Mutation) -> None:
        self.mutation = mutation

    def find_spec(  # type: ignore[override]
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how the module is loaded; null of all others."""
        if name != self.mutation.module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _MistakenLoader(name, spec.origin, self.mutation.number)
        return spec


class _MistakenLoader(SourceFileLoader):
    """Loads a module with a mistake, and keeps nothing of it."""

    def __init__(self, name: str, path: str, number: int) -> None:
        super().__init__(name, path)
        self.number = number

    def get_code(self, fullname: str) -> CodeType:
        """Return the code with the mistake."""
        path = self.get_filename(fullname)
        tree = mutated(Path(path).read_text(encoding="utf-8"), self.number)
        return compile(tree, path, "exec", dont_inherit=True)


def _told(all_tried: Sequence[Tried]) -> dict[str, object]:
    survived = [one.mutation for one in all_tried if one.outcome == "survived"]
    return {
        "n": len(all_tried),
        "killed": sum(one.outcome != "survived" for one in all_tried),
        "timeout": sum(one.outcome == "timeout" for one in all_tried),
        "survived": [
            f"{mutation.module}: {mutation.change}: {mutation.text}" for mutation in survived
        ],
    }
