"""Work on our modules in a process of its own, which loads them anew, one of them with a mistake.

The process that asks has loaded the libraries and lends them; a fork costs next to nothing.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

# Loaded once, before there is a process for each mistake.
import hypothesis.strategies  # noqa: F401
import ibis.backends.duckdb  # noqa: F401
import pandas  # noqa: F401, ICN001
import pyarrow.parquet  # noqa: F401
import pyfixest.estimation.api  # noqa: F401
import pyspark.sql  # noqa: F401
import pytest
import scipy.stats  # noqa: F401

from tools.trust.mutations import Mutation, mutated

OURS = ("fourseas", "tests")
PLAIN = (
    "-q",
    "-p",
    "no:cacheprovider",
    "-m",
    "not spark and not browser and not cluster",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
LONGEST = 600
"""CPU seconds after which a process is ended, whatever it does."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its status, null where it was broken off, and its CPU seconds."""

    status: int | None
    seconds: float


def run(work: Callable[[], int]) -> Ended:
    """Do work in a process of its own, which has loaded nothing of ours and says nothing."""
    child = os.fork()
    if child:
        _, status, used = os.wait4(child, 0)
        ended = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        return Ended(ended, used.ru_utime + used.ru_stime)
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


def tested(files: Sequence[Path], lake: Path, plugin: object, mutation: Mutation | None) -> int:
    """Run tests of files, with a mistake in one module, on a copy of the embedded lake."""
    if mutation is not None:
        sys.meta_path.insert(0, _Mistaken(mutation))
    from tests import embedded  # noqa: PLC0415  (loads us)

    def copied(root: Path) -> Path:
        return Path(shutil.copytree(lake, root))

    embedded.build_embedded = copied
    with tempfile.TemporaryDirectory(prefix="mistake") as place:
        arguments = [*PLAIN, f"--basetemp={place}/pytest", *map(str, files)]
        return int(pytest.main(arguments, plugins=[plugin]))


def build(lake: Path) -> int:
    """Build the embedded lake for all the tests."""
    from tests import embedded  # noqa: PLC0415  (loads us)

    embedded.build_embedded(lake)
    return 0


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
