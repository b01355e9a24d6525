"""`fourseas model ...` as a user meets it."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.commands import run


def test_closing_prints_both_sides_the_network_and_what_is_assumed(lake_path: Path) -> None:
    shown = run(
        *("model", "close", "CN", "US", "--from", "2022", "--register", "ncses"),
        *("--lake", str(lake_path)),
    )

    assert shown.returncode == 0, shown.stderr
    assert "What if China and United States closed all joint work: 2022" in shown.stdout
    assert "-58,546" in shown.stdout
    assert "What is assumed." in shown.stdout
    assert "29 more change less" in shown.stdout


def test_data_of_a_closing_hold_every_country(lake_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "closed.csv"
    wrote = run(
        *("model", "reduce", "CN", "US", "--by", "50", "--from", "2022", "--register", "ncses"),
        *("--lake", str(lake_path), "--out", str(out)),
    )

    assert wrote.returncode == 0, wrote.stderr
    lines = [line for line in out.read_text().splitlines() if not line.startswith("#")]
    assert len(list(csv.DictReader(lines))) == 46


def test_opening_prints_what_is_more(lake_path: Path) -> None:
    shown = run(
        *("model", "open", "IN", "BR", "--by", "100", "--from", "2022", "--register", "ncses"),
        *("--lake", str(lake_path)),
    )

    assert shown.returncode == 0, shown.stderr
    assert "had 100% more joint work" in shown.stdout


def test_more_than_all_cannot_be_cut(lake_path: Path) -> None:
    ended = run("model", "reduce", "CN", "US", "--by", "150", "--lake", str(lake_path))

    assert ended.returncode == 2
    assert "<= 100" in ended.stderr + ended.stdout


def test_a_slip_in_a_country_ends_with_a_line_and_no_traceback(lake_path: Path) -> None:
    ended = run("model", "close", "Chine", "US", "--lake", str(lake_path))

    assert ended.returncode == 1
    assert "Did you mean" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_slip_in_a_register_or_in_years_ends_with_what_to_write(lake_path: Path) -> None:
    close = ("model", "close", "CN", "US", "--lake", str(lake_path))

    assert "Did you mean ncses?" in run(*close, "--register", "nces").stderr
    assert "Write --from 2020 --to 2022." in run(*close, "--from", "2022", "--to", "2020").stderr


def test_a_claim_prints_its_verdict_and_says_which_estimate_is_which(lake_path: Path) -> None:
    shown = run("claims", "rule-makers", "--lake", str(lake_path))

    assert shown.returncode == 0, shown.stderr
    assert "Those who write the rules gain more from joint work: not supported" in shown.stdout
    assert "IETF; computing;" in shown.stdout


def test_a_slip_in_a_claim_ends_with_all_of_them(lake_path: Path) -> None:
    ended = run("claims", "levle", "--lake", str(lake_path))

    assert ended.returncode == 1
    assert "There are level, catch-up" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_level_prints_both_countings_and_what_is_not_testable(lake_path: Path) -> None:
    shown = run("model", "level", "--lake", str(lake_path))

    assert shown.returncode == 0, shown.stderr
    assert "by fractional counting" in shown.stdout
    assert "by full counting" in shown.stdout
    assert "Not testable here, because" in shown.stdout
