"""Mistakes are made one at a time, and tests of the quickest modules see them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from tools.trust import table
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
from tools.trust import mutants, mutations
module = "fourseas.policy.identifiers"
source = (mutants.SOURCES / "fourseas/policy/identifiers.py").read_text(encoding="utf-8")
tests = [[mutants.ROOT / "tests/policy/test_identifiers.py"]]
every = [one for one in mutations.mutations(module, source) if "%" in one.text][:3]
print(json.dumps([[one.text, mutants.tried(one, tests).outcome] for one in every]))
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
    told = subprocess.run(
        [sys.executable, "-c", SHORT], cwd=ROOT, check=True, capture_output=True, text=True
    )
    outcomes = json.loads(told.stdout)

    assert len(outcomes) == 3
    assert {outcome for _, outcome in outcomes} == {"killed"}, outcomes


def test_too_few_mistakes_that_are_seen_are_wrong() -> None:
    seen = {"n": 100, "killed": 85, "survived": ["a: 1 -> 2: x = 1"] * 15}

    assert table.mutants({"policy": seen})[1] == 0
    assert table.mutants({"policy": seen | {"killed": 84}})[1] == 1
