"""The figures of trust say what is wrong in them, and of which commit they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from tools.trust import record, table
from tools.trust.__main__ import PARTS, told
from tools.trust.fuzz import fuzz

ROOT = Path(__file__).parents[2]

COMPARED = {"rows": 9, "left_out": 1, "different": 2, "examples": ["oak: n: 1, 2", "elm: n"]}
READ = {
    "n": 3,
    "kept": 1,
    "seconds": 120.0,
    "slowest": 0.1,
    "findings": ["Error at x.py:1"],
    "commit": "a1b2c3d",
}


def test_what_was_recorded_is_shown_with_commit_and_day_and_the_page_says_what_is_wrong() -> None:
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    recorded = record.read(ROOT)
    lines, n_wrong = told(ROOT)

    assert set(recorded) <= set(PARTS)
    assert "faults" in recorded
    for part, measured in recorded.items():
        (line,) = [line for line in lines if line.startswith(PARTS[part][0])]
        assert f"at {measured.commit} on {measured.on}" in line
    # Nothing is wrong but the part of mistakes that are seen, as long as the page says so.
    assert n_wrong == int("**The goal is missed.**" in page)


def test_a_part_that_was_never_measured_is_told_as_such(tmp_path: Path) -> None:
    lines, n_wrong = told(tmp_path)

    assert lines.count("  not measured") == len(PARTS)
    assert n_wrong == 0


def test_figures_are_kept_part_by_part(tmp_path: Path) -> None:
    record.keep(tmp_path, "fuzz", {"gz": READ})
    record.keep(tmp_path, "wheel", {"sha256": "a", "is_reproducible": False})

    assert sorted(json.loads((tmp_path / record.PLACE).read_text(encoding="utf-8"))) == [
        "fuzz",
        "wheel",
    ]
    assert record.read(tmp_path)["fuzz"].found == {"gz": READ}
    assert told(tmp_path)[1] == 2
    assert "which is no commit" in record.age(tmp_path, record.read(tmp_path)["wheel"])


def test_a_reader_is_fuzzed_alone_and_others_stay_as_they_were(tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    record.keep(tmp_path, "fuzz", {"gz": READ})

    (found,) = fuzz(tmp_path, seconds=0.2, names=["audit log"])

    assert set(found) == {"gz", "audit log"}
    assert found["gz"] == READ
    alone = cast("dict[str, object]", found["audit log"])
    assert alone["findings"] == []
    assert cast("int", alone["n"]) > 1


@pytest.mark.parametrize(
    ("lines", "n"),
    [
        (table.fuzz({"gz": READ}), 1),
        (table.agreement({"volume": COMPARED, "mobility": COMPARED}), 4),
        (table.wheel({"sha256": "a", "is_reproducible": True}), 0),
        (table.audit({"x.lock": {"state": "not audited", "why": "silence"}}), 0),
        (table.audit({"x.lock": {"state": "audited", "n": 2, "holes": ["oak 1.0: H"]}}), 1),
        (table.routes({"requests": 2, "routes": 1, "status": {"200": 2}, "wrong": ["GET /"]}), 1),
    ],
)
def test_each_finding_is_counted_and_shown(lines: tuple[list[str], int], n: int) -> None:
    assert lines[1] == n
    assert all(lines[0])
