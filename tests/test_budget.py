"""The house rules that no linter knows: names, sizes, contracts, and words we do not write."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "fourseas"

MODULE_LINES = 600
FUNCTION_LINES = 80
"""Of a function's body, its docstring apart."""

FORBIDDEN_MODULES = {"base", "common", "core", "helpers", "manager", "misc", "utils"}
FORBIDDEN_SUFFIXES = ("Factory", "Handler", "Helper", "Manager", "Mixin", "Processor")

TOUCHES_THE_WORLD = {
    "catalog",
    "challenge_lists",
    "cli",
    "company_list",
    "corrections",
    "embedded",
    "lake",
    "named_lists",
    "publishing",
    "queried_snapshots",
    "reports",
    "synthetic_snapshots",
    "web",
    "workspace",
}

WRITTEN = ("src", "tests", "docs", "benchmarks", "scripts", ".ci")

RECORDS = {"__pycache__", "embedded", "samples"}
"""Folders whose files nobody wrote here, except for code and documents."""

BANNED = {
    "the host of a package registry": (
        r"\b(pypi|crates)\.(org|io)\b",
        r"\bpythonhosted\.",
        r"\bregistry\.npmjs\b",
        r"\bdeb\.debian\b",
        r"\bconda\.anaconda\b",
        r"\bproxy\.golang\b",
    ),
    "somebody's home directory": (r"(?<![\w.])/(root|home|Users)/\w",),
    "a folder outside the repository": (r"\.\./shared\b",),
}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _texts() -> Iterator[tuple[Path, str]]:
    """Yield every text that people wrote here; this module names what it forbids."""
    folders = [ROOT / folder for folder in WRITTEN]
    inside = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    beside = (path for path in ROOT.iterdir() if path.is_file())
    for path in (*beside, *inside):
        is_record = bool(RECORDS & {*path.parts}) and path.suffix not in {".py", ".md"}
        if path == Path(__file__) or is_record:
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    statements = function.body[ast.get_docstring(function) is not None :]
    if not statements:
        return 0
    return (function.end_lineno or 0) - statements[0].lineno + 1


@pytest.mark.parametrize("module", _modules(), ids=_named)
def test_a_module_is_named_for_its_idea(module: Path) -> None:
    names = {*module.relative_to(PACKAGE).parent.parts, module.stem}

    assert not names & FORBIDDEN_MODULES


@pytest.mark.parametrize("module", _modules(), ids=_named)
def test_a_module_holds_one_idea(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("module", _modules(), ids=_named)
def test_a_function_fits_on_a_screen_and_a_class_is_a_noun(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    functions = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    classes = [node.name for node in nodes if isinstance(node, ast.ClassDef)]

    assert [f.name for f in functions if _body_lines(f) > FUNCTION_LINES] == []
    assert [name for name in classes if name.endswith(FORBIDDEN_SUFFIXES)] == []


@pytest.mark.parametrize("meaning", BANNED)
def test_no_text_names(meaning: str) -> None:
    banned = re.compile("|".join(BANNED[meaning]))
    found = {_named(path): banned.findall(text) for path, text in _texts()}

    assert {path: words for path, words in found.items() if words} == {}


def test_a_lock_pins_every_package_by_hash_and_records_no_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        entries = re.split(r"\n(?! )", lock.read_text(encoding="utf-8").strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
        assert not any("://" in entry for entry in entries)


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    runtime = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    development = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")

    assert set(runtime.splitlines()) <= set(development.splitlines())


def test_what_thinks_is_under_the_contract_that_keeps_it_from_the_world() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forbidden = next(
        contract
        for contract in contracts["tool"]["importlinter"]["contracts"]
        if contract["name"] == "What thinks does not touch the world"
    )
    packages = {path.stem for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}
    thinking = {name for name in packages - TOUCHES_THE_WORLD if not name.startswith(("_", "."))}

    assert {f"fourseas.{name}" for name in thinking} == set(forbidden["source_modules"])
