"""`fourseas link review` as a user meets it: names to decide, decided, and taken back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fourseas.lake.layout import Lake
from tests import organized
from tests.commands import run
from tests.organized import Institute, Standard

ACADEMY = Institute(number=1, name="Reef Academy", country="KE")
ABROAD = Institute(number=4, name="Reef Academy", country="FJ")
"""Where two bear a name, it alone leads to neither, and the country of the address decides."""
NAMESAKES = (
    Institute(number=2, name="Cape Institute of Technology", country="BR"),
    Institute(number=3, name="Cape Institute of Technology", country="CL"),
)
PRINTED = (
    ("Reef Academy", "KE"),
    ("Cape Institute of Technology", None),
    ("Cisco Systems, Inc.", "US"),
    ("Quux", None),
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of four institutes and a standard with four authors."""
    return organized.build(
        organized.new(tmp_path_factory.mktemp("review") / "lake"),
        (ACADEMY, ABROAD, *NAMESAKES),
        standards=(Standard(number=1, authors=PRINTED),),
    )


def _review(lake: Lake, out: Path) -> list[dict[str, str]]:
    told = run("link", "review", "--lake", str(lake.root), "--out", str(out))
    assert told.returncode == 0, told.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_two_alike_are_left_to_a_person_and_a_company_or_nobody_is_not_asked_for(
    lake: Lake, tmp_path: Path
) -> None:
    undecided, named = _review(lake, tmp_path / "review.csv")

    assert (undecided["name"], undecided["corrected"]) == ("Cape Institute of Technology", "")
    assert {undecided["candidate_id"], undecided["second_id"]} == {n.ror_id for n in NAMESAKES}
    assert float(undecided["margin"]) < 0.02
    assert (named["outcome"], named["corrected"]) == ("named", ACADEMY.ror_id)
    assert "is its name" in named["why"]


def test_what_a_person_decides_comes_back_as_corrections_and_is_not_asked_again(
    lake: Lake, tmp_path: Path
) -> None:
    out = tmp_path / "review.csv"
    rows = _review(lake, out)
    kept = run("corrections", "check", str(out))
    rows[0] |= {"corrected": NAMESAKES[1].ror_id, "by": "A. Reader", "on": "2026-01-31"}
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    added = run("corrections", "add", str(out), "--lake", str(lake.root))
    again = _review(lake, out)

    assert "1 corrections, nothing wrong" in kept.stdout
    assert "Edition 1: 2 corrections of review.csv" in added.stdout
    assert {row["outcome"] for row in again} == {"corrected before"}
    assert {row["corrected"] for row in again} == {ACADEMY.ror_id, NAMESAKES[1].ror_id}
