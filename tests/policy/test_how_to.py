"""The page on writing a policy: its commands are run, and print what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-policy.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _steps(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with what it is said to print."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, printed = step.partition("\n")
        yield command, printed


def _printed(command: str) -> str:
    words = shlex.split(command)
    if words[0] != "fourseas":
        return subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, check=True
        ).stdout
    ended = run(*words[1:])
    return ended.stdout + ended.stderr


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def test_every_command_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = []
    for language, name, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "yaml":
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(block, encoding="utf-8")
            continue
        for command, printed in _steps(block):
            commands.append(command)
            assert _trimmed(_printed(command)) == _trimmed(printed), command

    told = " ".join(commands)
    assert all(f"policy {one} " in told for one in ("validate", "lint", "show", "diff", "check"))
    assert "policy examples " in told


def test_the_first_policy_has_ten_lines() -> None:
    first = next(block for kind, _, block in BLOCK.findall(PAGE.read_text()) if kind == "yaml")

    assert len(first.splitlines()) == 10
