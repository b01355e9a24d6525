"""Which files of tests import a module of ours most directly."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"

PACKAGES = ("indicators", "models", "policy")
"""What thinks: definitions of numbers, estimates, and decisions."""

WITH_TESTS = (*PACKAGES, "golden", "partners", "reports/estimates", "reports/simulation")
"""Where tests of it are."""

GOLDEN = ROOT / "tests" / "golden" / "test_golden.py"
NEAREST = 2
MOST_FILES = 6
"""Files of tests that are looked at first for a module, and in all; golden numbers besides."""


def tests_of(module: str) -> list[list[Path]]:
    """Return files of tests by how they import a module: most directly, and less so.

    Those of its own package come before all others.
    """
    package = module.split(".")[1]
    own = ROOT / "tests" / package
    ranked = sorted(
        (
            path.parent != own,
            away[module],
            path.stem != f"test_{module.rsplit('.', maxsplit=1)[-1]}",
            path,
        )
        for path, away in _distances().items()
        if module in away
    )
    files = [path for *_, path in ranked if path != GOLDEN][:MOST_FILES]
    golden = [GOLDEN] if package == "indicators" else []
    return [files[:NEAREST], [*files[NEAREST:], *golden]]


@cache
def _distances() -> dict[Path, dict[str, int]]:
    """Return how many imports lie between each file of tests and each module of ours."""
    imported = {module_of(path): _imports(path) for path in (SOURCES / "fourseas").rglob("*.py")}
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
    return {name for name in found if path_of(name).is_file()}


def path_of(module: str) -> Path:
    """Return the file of a module."""
    return SOURCES.joinpath(*module.split(".")).with_suffix(".py")


def module_of(path: Path) -> str:
    """Return the module of a file."""
    return ".".join(path.relative_to(SOURCES).with_suffix("").parts)
