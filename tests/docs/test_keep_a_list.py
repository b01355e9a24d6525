"""The page on keeping a list shows what its commands print."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.docs.test_prove_a_decision import PASSING, played

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "keep-a-list.md"
LIST = re.compile(r"`(\S+\.csv)`.*?```csv\n(.*?)```", re.DOTALL)


def test_the_page_shows_what_its_commands_print(
    lake_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shutil.copytree(lake_path, tmp_path / "demo" / "lake")
    monkeypatch.chdir(tmp_path)
    for name, text in LIST.findall(page):
        Path(name).write_text(text, encoding="utf-8")
    now = played(page)

    assert len(LIST.findall(page)) == 2
    in_place = iter(PASSING.findall(page))
    assert PASSING.sub(lambda _: next(in_place), now) == page
