"""The page on using challenges: what it prints is printed, and its list can be used."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import Ended, run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-challenges.md"
WIDTH = 80
BLOCK = re.compile(
    r"^    \$ fourseas (?P<command>(?:.*\\\n)*.*\n)"
    r"(?P<shown>(?:    (?!\$ ).*\n|\n(?=    (?!\$ )))*)",
    re.MULTILINE,
)
"""A command, its last line the one that does not end in a backslash, and what is shown below."""

LIST = re.compile(r"```csv\n(.*?)```", re.DOTALL)
ELSEWHERE = "kind,id,label,weight,decision,reason\ntopic,T10001,,core,include,a topic of no work\n"


@pytest.fixture
def page(lake_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page, in a directory with the lake that its commands ask."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "lake").symlink_to(lake_path)
    (tmp_path / "own.csv").write_text(ELSEWHERE, encoding="utf-8")
    return PAGE.read_text(encoding="utf-8")


def ran(command: str) -> Ended:
    """Run a command as the page writes it."""
    return run(*shlex.split(command.replace("\\\n", " ")), columns=WIDTH)


def test_each_line_of_the_page_is_printed_in_its_order(page: str) -> None:
    blocks = [
        (block["command"], block["shown"])
        for block in BLOCK.finditer(page)
        if block["shown"].strip()
    ]
    assert len(blocks) == 6

    for command, shown in blocks:
        ended = ran(command)
        words = f"{ended.stdout}{ended.stderr}".split()
        at = 0
        for word in shown.replace("─", "").split():
            if word == "...":
                continue
            assert word in words[at:], (
                f"{command}: {word} is not printed after {words[at - 9 : at]}"
            )
            at = words.index(word, at) + 1


def test_what_the_page_asks_without_an_answer_ends_well(page: str) -> None:
    commands = [block["command"] for block in BLOCK.finditer(page) if not block["shown"].strip()]
    asked = [one for one in commands if "score" not in one and "sample" not in one]
    assert len(asked) >= 5

    for command in asked:
        ended = ran(command)
        assert ended.returncode == 0, f"{command}: {ended.stderr}"


def test_a_sheet_is_drawn_labelled_and_scored(page: str, tmp_path: Path) -> None:
    sample, score = (
        next(one["command"] for one in BLOCK.finditer(page) if f"challenge {name}" in one[0])
        for name in ("sample", "score")
    )
    assert ran(sample).returncode == 0
    sheet = tmp_path / "sheet.csv"
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, fieldnames=[*rows[0]])
        written.writeheader()
        written.writerows({**row, "labeller_1": "yes", "labeller_2": "no"} for row in rows)

    ended = ran(score)

    assert ended.returncode == 0, ended.stderr
    drawn = sum(row["stratum"] == "core" for row in rows)
    of_core = [line.split() for line in ended.stdout.splitlines() if " core " in line]
    assert of_core[0][3:6] == [str(drawn), str(drawn), "1"]
    assert of_core[1][3:6] == [str(drawn), "0", "0"]
