"""Which test executes which lines of what thinks; kept in a file of its own, not in the history.

A file of tests is run once under coverage. What it executes is known as long as neither the file
nor any of the modules that it came to has changed; a change elsewhere can only hide a test from a
mistake, which then counts as not seen.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import signal
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.trust import apart
from tools.trust.imports import PACKAGES, ROOT, SOURCES, module_of, path_of
from tools.trust.mutations import Mutation

if TYPE_CHECKING:
    import coverage

PLACE = ROOT / ".trust"
"""What is made once and kept: lines by test, the embedded lake."""

QUICK = 1.0
"""CPU seconds; tests below come before all others."""

BUDGET = 40.0
"""CPU seconds of tests that are run on one mistake, if none sees it before."""

SLOW = 12.0
"""CPU seconds after which a test is passed over."""

SHARED = "shared"
"""In whose name lines are executed for several tests of a file."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test that may see a mistake.

    Attributes
    ----------
    name, file
        Its name with all parameters, and where it stands.
    seconds
        CPU seconds that it took without a mistake.
    shared
        CPU seconds of what it shares with other tests of its file.
    """

    name: str
    file: Path
    seconds: float
    shared: float


@dataclass(slots=True)
class Lines:
    """What tests of one file execute: a number by module, whose bits are lines."""

    of: dict[str, str] = field(default_factory=dict)
    shared: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, str]] = field(default_factory=dict)

    def executes(self, test: str, wanted: dict[str, int]) -> bool:
        """Return whether a test, or what it shares with others, comes to one of the lines."""
        return any(
            int(self.lines.get(context, {}).get(module, "0"), 16) & mask
            for context in (test, SHARED)
            for module, mask in wanted.items()
        )


def lake() -> Path:
    """Return the embedded lake, built with the code as it is."""
    place = PLACE / f"lake-{digest(sorted((SOURCES / 'fourseas').rglob('*.py')))}"
    if not place.is_dir():
        draft = PLACE / f"draft-{os.getpid()}"
        if apart.run(partial(apart.build, draft)).status != 0:
            message = f"the embedded lake cannot be built in {draft}"
            raise RuntimeError(message)
        draft.rename(place)
    return place


def chosen(mutation: Mutation, files: Iterable[Path]) -> list[Test]:
    """Return the tests of files that may see a mistake, in the order in which they are run.

    They are those that execute the statement with the mistake; for one that is executed when its
    module is loaded, those that execute a statement with what it defines. Quick ones come first,
    those of the file of the same name before others. Other tests of these files follow, as
    results may be remembered from test to test. They end where their seconds are spent.
    """
    source = path_of(mutation.module).read_text(encoding="utf-8")
    needed = wanted(mutation.module, source, mutation.line)
    ranked: list[tuple[tuple[int, bool, bool, float, str, float], Test]] = []
    own = f"test_{mutation.module.rsplit('.', maxsplit=1)[-1]}"
    for file in files:
        known = known_of(file)
        direct = {name for name in known.seconds if known.executes(name, needed)}
        for name, seconds in known.seconds.items() if direct else ():
            stage = 2 if name not in direct else int(seconds > QUICK)
            foreign = file.parent.name != mutation.module.split(".")[1]
            total = sum(known.seconds[one] for one in direct)
            rank = (stage, file.stem != own, foreign, total, str(file), seconds)
            ranked.append((rank, Test(name, file, seconds, known.shared)))
    ranked.sort(key=lambda one: one[0])
    return list(_affordable(test for _, test in ranked))


def _affordable(tests: Iterable[Test]) -> Generator[Test]:
    spent = 0.0
    for test in tests:
        if spent and spent + test.seconds > BUDGET:
            continue
        spent += test.seconds
        yield test


def known_of(file: Path) -> Lines:
    """Return what tests of a file execute; found out where that is not known of it as it is."""
    name = str(file.relative_to(ROOT))
    place = PLACE / "lines" / f"{name.replace('/', '.')}.json"
    if place.is_file():
        known = Lines(**json.loads(place.read_text(encoding="utf-8")))
        if known.of == {path: digest([ROOT / path]) for path in known.of}:
            return known
    place.parent.mkdir(parents=True, exist_ok=True)
    ended = apart.run(partial(record, file, lake(), place))
    if ended.status != 0:
        message = f"tests fail without any mistake: {name} (status {ended.status})"
        raise RuntimeError(message)
    return known_of(file)


def record(file: Path, lake: Path, place: Path) -> int:
    """Run tests of a file, and write what each executes."""
    import coverage  # noqa: PLC0415  (in the lock of trust alone)

    os.environ["COVERAGE_CORE"] = "ctrace"
    include = [str(SOURCES / "fourseas" / package / "*.py") for package in PACKAGES]
    measured = coverage.Coverage(data_file=None, include=include, config_file=False)
    measured.set_option("run:disable_warnings", ["no-data-collected"])
    measured.start()
    recording = _Recording(measured)
    apart.tested([file], lake, recording, None)
    measured.stop()
    data = measured.get_data()
    for path in sorted(data.measured_files()):
        module = module_of(Path(path))
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in contexts:
                if context in recording.seconds or context == SHARED:
                    recording.masks.setdefault(context, {}).setdefault(module, 0)
                    recording.masks[context][module] |= 1 << line
    covered = {module for of in recording.masks.values() for module in of}
    paths = [file, *(path_of(module) for module in sorted(covered))]
    found = {
        "of": {str(path.relative_to(ROOT)): digest([path]) for path in paths},
        "shared": recording.shared,
        "seconds": recording.seconds,
        "lines": {
            context: {module: hex(mask) for module, mask in of.items()}
            for context, of in recording.masks.items()
        },
    }
    if recording.failed:
        return int(pytest.ExitCode.TESTS_FAILED)
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.rename(place)
    return int(pytest.ExitCode.OK)


class _Recording:
    """Tells coverage whose lines are executed, and takes the time of each test that passes."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}
        self.shared = 0.0
        self.masks: dict[str, dict[str, int]] = {}
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.broken: set[str] = set()
        self.context = ""
        signal.signal(signal.SIGPROF, self._break_off)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Record one test with all that it sets up."""
        self._switch(item.nodeid)
        since, shared = time.process_time(), self.shared
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            result = yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if item.nodeid in self.passed:
            spent = time.process_time() - since - (self.shared - shared)
            self.seconds[item.nodeid] = round(spent, 3)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the name of a test that passed, and of one that failed and was not broken off."""
        if report.when == "call" and report.passed:
            self.passed.add(report.nodeid)
        if report.failed and report.nodeid not in self.broken:
            self.failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """Record what is set up for several tests in the name of all."""
        if fixturedef.scope == "function":
            return (yield)
        outer = self.context
        self._switch(SHARED)
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0)
        since, shared = time.process_time(), self.shared
        result = yield
        self.shared = shared + time.process_time() - since
        signal.setitimer(signal.ITIMER_PROF, left)
        self._switch(outer)
        return result

    def _break_off(self, *_: object) -> None:
        self.broken.add(self.context)
        raise pytest.skip.Exception

    def _switch(self, context: str) -> None:
        self.context = context
        self.measured.switch_context(context)


def wanted(module: str, source: str, line: int) -> dict[str, int]:
    """Return by module the lines of which one must be executed that a mistake in a line matters.

    Bits of a number are lines, as in `Lines`.
    """
    path = _path_to(ast.parse(source), line)
    statement = path[-1]
    inside = [one for one in path[:-1] if isinstance(one, ast.FunctionDef)]
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {module: _mask(statement.lineno, _last(statement))}
    if inside:
        last = _header_end(statement)
        return {module: _mask(statement.lineno, last)}
    used = _uses(set(_defined(statement)))
    if not used:
        return {module: _mask(1, len(source.splitlines()))}
    own = _mask(statement.lineno, _last(statement))  # what is deferred in it is executed later
    return used | {module: used.get(module, 0) | own}


def _path_to(tree: ast.AST, line: int) -> list[ast.stmt]:
    """Return the statements that hold a line, outermost first."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and _first(node) <= line <= _last(node)
    ]
    return sorted(found, key=lambda node: (_first(node), -_last(node)))


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _header_end(node: ast.stmt) -> int:
    """Return the last line of a statement without those that it holds."""
    inner = [one.lineno for one in ast.walk(node) if isinstance(one, ast.stmt) and one is not node]
    return max(node.lineno, min(inner, default=_last(node) + 1) - 1)


def _defined(node: ast.AST) -> list[str]:
    targets: Sequence[ast.expr] = ()
    if isinstance(node, ast.Assign):
        targets = node.targets
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


def _uses(names: set[str]) -> dict[str, int]:
    """Return the lines that use a name, in functions of what thinks.

    All lines of a function do that takes it where it is told nothing else.
    """
    found: dict[str, int] = {}
    for package in PACKAGES if names else ():
        for path in sorted((SOURCES / "fourseas" / package).glob("*.py")):
            text = path.read_text(encoding="utf-8")
            if not any(name in text for name in names):
                continue
            for node in ast.walk(ast.parse(text)):
                if not isinstance(node, ast.FunctionDef):
                    continue
                lines = 0
                for one in ast.walk(node):
                    if isinstance(one, ast.expr) and _is_of(one, names):
                        lines |= 1 << one.lineno
                defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
                if any(_is_of(one, names) for of in defaults for one in ast.walk(of)):
                    lines |= _mask(node.body[0].lineno, _last(node))
                if lines:
                    module = module_of(path)
                    found[module] = found.get(module, 0) | lines
    return found


def _is_of(node: ast.AST, names: set[str]) -> bool:
    """Return whether a node is one of several names."""
    if isinstance(node, ast.Name):
        return node.id in names
    return isinstance(node, ast.Attribute) and node.attr in names


def _mask(first: int, last: int) -> int:
    return (1 << last + 1) - (1 << first)


def digest(paths: Sequence[Path]) -> str:
    """Return a short name of what stands in files."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()[:16]
