"""`fourseas org report` as a user meets it, on the embedded lake."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands import Ended, run

CAMBRIDGE, BERKELEY = "013meh722", "University of California, Berkeley"


def report(lake: Path, organization: str, *more: str) -> Ended:
    """Ask for a report for Berkeley."""
    return run("org", "report", organization, "--for", BERKELEY, "--lake", str(lake), *more)


def test_the_report_tells_what_was_and_what_was_not_searched(lake_path: Path) -> None:
    told = report(lake_path, CAMBRIDGE)

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("University of Cambridge: report for University of California")
    for title in ("\nSearched and found\n", "\nSearched and not found\n", "\nNot searched\n"):
        assert title in told.stdout
    assert "  - 3 joint works of the two, of 2020." in told.stdout
    assert "  - Lists: none of organizations is in the lake." in told.stdout
    assert "Definition: " in told.stdout
    assert "OpenAlex, snapshot of 2026-04-30, scope corpus" in told.stdout


def test_the_name_of_the_file_says_how_it_is_written(lake_path: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"report.{ending}" for ending in ("html", "md", "json")]
    for file in files:
        assert report(lake_path, CAMBRIDGE, "--out", str(file)).stdout == f"Wrote {file}.\n"
    page, markdown, data = (file.read_text(encoding="utf-8") for file in files)

    assert "<h1>University of Cambridge: report for" in page
    assert markdown.startswith("# University of Cambridge: report for")
    assert json.loads(data)["sheets"][0]["name"] == "identity"
    assert "Let it end in .html or .json or .md." in (
        report(lake_path, CAMBRIDGE, "--out", str(tmp_path / "report.pdf")).stderr
    )


def test_slips_end_with_1_and_offer_ids(lake_path: Path) -> None:
    unknown = report(lake_path, "Cambrige University")
    ambiguous = report(lake_path, "Google")
    same = report(lake_path, BERKELEY)
    years = report(lake_path, CAMBRIDGE, "--years", "2020-2010")

    assert {one.returncode for one in (unknown, ambiguous, same, years)} == {1}
    assert f"University of Cambridge, GB ({CAMBRIDGE})" in unknown.stderr
    assert "Google (United States), US (00njsd438)" in ambiguous.stderr
    assert "Give the id of one of them." in ambiguous.stderr
    assert "both are one organization" in same.stderr
    assert "Write 2010-2020." in years.stderr
    assert run("org", "report", CAMBRIDGE, "--lake", str(lake_path)).returncode == 2
