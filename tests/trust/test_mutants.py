"""Mistakes are made one at a time, and tests of the quickest modules see them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.trust import lines, table
from tools.trust.imports import path_of
from tools.trust.mutations import mutated, mutations

ROOT = Path(__file__).parents[2]

SOURCE = '''
"""A module."""
from __future__ import annotations
LIMIT: int = 30
Scalar = bool | float
def f(rows: Rows | None, x: float) -> float:
    """Return more than 2."""
    if x > LIMIT and not rows:
        raise ValueError(f"{x + 1} is too much")
    return rows.sum(where=rows.x == 1) / x
'''

CHANGES = [
    "30 -> 31",
    "And -> Or",
    "Gt -> GtE",
    "without Not",
    "Div -> Mult",
    "sum -> max",
    "without where",
    "Eq -> NotEq",
    "1 -> 2",
]

SHORT = """
import json
from pathlib import Path
from tools.trust import imports, lines, mutants, mutations
module = "fourseas.policy.identifiers"
source = imports.path_of(module).read_text(encoding="utf-8")
file = imports.ROOT / "tests" / "policy" / "test_identifiers.py"
start = "tests/policy/test_identifiers.py::test_ror_ids_of_real_works_keep_their_check"
name = f"{start}_and_no_id_with_one_other_sign_does"
tests = [lines.Test(name, file, 0.1, 0.0)]
every = [one for one in mutations.mutations(module, source) if "%" in one.text][:3]
print(json.dumps([mutants.seen_by(tests, one, Path("no lake")).outcome for one in every]))
"""

LINES = """
import json, sys
from functools import partial
from pathlib import Path
from tools.trust import apart, imports, lines
file, place = imports.ROOT / "tests" / "policy" / "test_identifiers.py", Path(sys.argv[1])
assert apart.run(partial(lines.record, file, Path("no lake"), place)).status == 0
known = lines.Lines(**json.loads(place.read_text(encoding="utf-8")))
source = imports.path_of("fourseas.policy.identifiers").read_text(encoding="utf-8").splitlines()
line = next(at for at, text in enumerate(source, 1) if "CROCKFORD.index" in text)
wanted = {"fourseas.policy.identifiers": 1 << line}
print(json.dumps({name: known.executes(name, wanted) for name in known.seconds}))
"""


def test_each_mistake_is_one_that_computes() -> None:
    found = mutations("module", SOURCE)

    assert [one.change for one in found] == CHANGES
    assert found[0].text == "LIMIT: int = 30"


def test_a_mistake_changes_one_place() -> None:
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()
    for one in mutations("module", SOURCE):
        changed = ast.unparse(mutated(SOURCE, one.number)).splitlines()

        assert sum(old != new for old, new in zip(whole, changed, strict=True)) == 1


def test_mistakes_in_check_digits_are_seen_by_their_tests() -> None:
    outcomes = json.loads(_said(SHORT))

    assert outcomes == ["killed"] * 3


def test_it_is_known_which_tests_come_to_a_line(tmp_path: Path) -> None:
    pytest.importorskip("coverage")
    found = json.loads(_said(LINES, str(tmp_path / "lines.json")))
    named = {
        name.removeprefix("tests/policy/test_identifiers.py::"): is_run
        for name, is_run in found.items()
    }

    assert named["test_an_id_has_one_spelling[organization-ROR.org/02NR0KA47-02nr0ka47]"]
    assert not named["test_an_id_has_one_spelling[field-fields/17-17]"]


def test_a_mistake_in_a_statement_is_where_the_statement_is_executed() -> None:
    at = {text.strip(): line for line, text in enumerate(SOURCE.splitlines(), 1)}
    header = at["if x > LIMIT and not rows:"]

    assert lines.wanted("module", SOURCE, header) == {"module": 1 << header}


def test_a_mistake_in_what_is_defined_is_where_it_is_used() -> None:
    source = path_of("fourseas.policy.identifiers").read_text(encoding="utf-8").splitlines()
    defined = next(at for at, text in enumerate(source, 1) if text.startswith("CHECK ="))
    used = [at for at, text in enumerate(source, 1) if re.search(r"\bCHECK\b", text)]
    found = lines.wanted("fourseas.policy.identifiers", "\n".join(source), defined)

    assert found == {"fourseas.policy.identifiers": sum(1 << line for line in used)}


def test_a_mistake_in_what_is_taken_unless_told_is_where_the_function_is_executed() -> None:
    path = path_of("fourseas.models.openness")
    source = path.read_text(encoding="utf-8")
    (function,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "pooled"
    )
    defined = next(
        at for at, text in enumerate(source.splitlines(), 1) if text.startswith("PERIOD_YEARS =")
    )
    found = lines.wanted("fourseas.models.openness", source, defined)

    assert found["fourseas.models.openness"] >> (function.body[1].lineno) & 1


def _said(program: str, *arguments: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout


def test_too_few_mistakes_that_are_seen_are_wrong() -> None:
    seen = {"n": 100, "killed": 85, "survived": ["a: 1 -> 2: x = 1"] * 15}

    assert table.mutants({"policy": seen})[1] == 0
    assert table.mutants({"policy": seen | {"killed": 84}})[1] == 1
