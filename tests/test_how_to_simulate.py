"""The page on simulating a policy: what it prints is what is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from fourseas.cli import main

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "simulate-a-policy.md"
FILES = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)
RUNS = re.compile(r"```console\n\$ (.*?)\n(.*?)```", re.DOTALL)
WIDTH = "100"


def piped(written: str, filters: list[list[str]]) -> str:
    """Return what `head` or `grep -A` leave of a text."""
    lines = written.splitlines()
    for words in filters:
        if words[0] == "head":
            lines = lines[: int(words[2])]
        else:
            first = next(i for i, line in enumerate(lines) if words[3] in line)
            lines = lines[first : first + int(words[2]) + 1]
    return "\n".join(line.rstrip() for line in lines).strip()


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command as it stands on the page and return what it prints."""
    program, *filters = [shlex.split(part) for part in command.split(" | ")]
    assert program[0] == "fourseas"
    capsys.readouterr()
    try:
        main(program[1:])
    except SystemExit as end:
        assert end.code in {0, 1, None}  # noqa: PT017  (a slip is shown on the page)
    written = capsys.readouterr()
    return piped(written.out + written.err, filters)


def test_each_command_prints_what_the_page_says(
    lake_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", WIDTH)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "lake").symlink_to(lake_path)
    for name, text in FILES.findall(page):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    runs = RUNS.findall(page)
    assert len(runs) == 6

    for command, said in runs:
        assert printed(command, capsys) == said.strip(), command
