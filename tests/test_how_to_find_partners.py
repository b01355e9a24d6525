"""The page on finding partners: what it prints is printed."""

from __future__ import annotations

import contextlib
import re
import shlex
from pathlib import Path

import pytest

from fourseas.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "find-partners.md"
RUNS = re.compile(r"^    fourseas (partner .*)\n\n((?:    .*\n|\n)*)", re.MULTILINE)
WIDTH = "80"


def test_each_line_of_the_page_is_printed_in_its_order(
    lake_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", WIDTH)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "lake").symlink_to(lake_path)
    runs = [
        (command, shown)
        for command, shown in RUNS.findall(PAGE.read_text(encoding="utf-8"))
        if shown.strip()
    ]
    assert len(runs) == 4

    for command, shown in runs:
        capsys.readouterr()
        with contextlib.suppress(SystemExit):
            main(shlex.split(command))
        words = capsys.readouterr().out.split()
        at = 0
        for word in shown.replace("─", "").split():
            assert word in words[at:], (
                f"{command}: {word} is not printed after {words[at - 9 : at]}"
            )
            at = words.index(word, at) + 1
