"""How many small mistakes in what thinks would be seen by its tests.

python -m tools.trust mutants --mutants 300
"""

from __future__ import annotations

import ast
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
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

MOST_FILES = 4
"""Files of tests that are run on a mistake at once, and once more where these do not see it."""

EQUIVALENT = Path("trust") / "equivalent.csv"
OF_CONTROLS = 10
"""Of so many mistakes one set of tests is run without any, and must pass."""

PLAIN = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
OURS = ("fourseas", "tests")
SEED = 1

SLOW = 10.0
"""CPU seconds after which a test is passed over."""

LONGEST = 120
"""CPU seconds that tests of a mistake may take."""

PLAIN = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
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
    """A mistake, and what its tests said: ``killed``, ``survived``, or ``timeout`` for neither."""

    mutation: Mutation
    outcome: str


def mutants(n: int) -> Iterator[dict[str, object]]:
    """Make so many mistakes at random, and tell of all after each.

    A mistake is made in a process of its own, which has loaded the libraries and nothing of
    ours; tests of those files that import its module most directly are run until one fails.
    Tests of over 10 CPU seconds are passed over: they may see more.

    Yields
    ------
    dict
        By package: ``n`` mistakes, how many were ``killed``, and the ``survived``, a line for
        each; so are those whose tests came to no end in their time, which may have been seen.
    """
    found: dict[str, object] = {}
    by_package: dict[str, list[Tried]] = {package: [] for package in PACKAGES}
    for mutation in sample(n, SEED):
        package = mutation.module.split(".")[1]
        tests = tests_of(mutation.module)
        if sum(map(len, by_package.values())) % OF_CONTROLS == 0:
            _control(tests[0])
        by_package[package].append(tried(mutation, tests))
        found[package] = _told(by_package[package])
        yield found


def sample(n: int, seed: int) -> list[Mutation]:
    """Return mistakes drawn from those of all modules, as many of each package.

    More of them are the same and others besides.
    """
    drawn = random.Random(seed)  # noqa: S311  (no secret)
    chosen: list[list[Mutation]] = []
    for package in PACKAGES:
        every = [
            mutation
            for path in sorted((SOURCES / "fourseas" / package).glob("*.py"))
            for mutation in mutations(_module_of(path), path.read_text(encoding="utf-8"))
        ]
        drawn.shuffle(every)
        chosen.append(every[: n // len(PACKAGES)])
    return [mutation for together in zip(*chosen, strict=True) for mutation in together]


def tried(mutation: Mutation, tests: Sequence[Sequence[Path]]) -> Tried:
    """Run tests on a module with a mistake in it until one sees it."""
    for files in tests:
        status = _run(partial(_test, files, mutation))
        if os.WIFSIGNALED(status):
            return Tried(mutation, "timeout")
        if os.WEXITSTATUS(status) != 0:
            return Tried(mutation, "killed")
    return Tried(mutation, "survived")


def _control(files: Sequence[Path]) -> None:
    """Make sure that tests pass where there is no mistake; else they would see all of them."""
    if _run(partial(_test, files, None)) != 0:
        message = f"tests fail without any mistake: {', '.join(path.name for path in files)}"
        raise RuntimeError(message)


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


def _run(work: Callable[[], int]) -> int:
    """Do work that loads us anew in a process of its own; return how that ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 1))
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        status = work()
    finally:
        os._exit(status)


def _test(files: Sequence[Path], mutation: Mutation | None) -> int:
    """Run tests on a module with a mistake, or on all as it is."""
    if mutation is not None:
        sys.meta_path.insert(0, _Mistaken(mutation))
    return int(pytest.main([*PLAIN, *map(str, files)], plugins=[_Impatient()]))


class _Impatient:
    """Passes over tests that take long."""

    def __init__(self) -> None:
        signal.signal(signal.SIGPROF, self._break_off)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Give a test its seconds, with all that it sets up."""
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _break_off(self, *_: object) -> None:
        raise pytest.skip.Exception


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
    survived = [one.mutation for one in all_tried if one.outcome != "killed"]
    return {
        "n": len(all_tried),
        "killed": sum(one.outcome == "killed" for one in all_tried),
        "survived": [
            f"{mutation.module}: {mutation.change}: {mutation.text}" for mutation in survived
        ],
    }
