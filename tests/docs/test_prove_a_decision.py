"""The page on proving a decision shows what its commands print."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest

from fourseas.policy.grammar import years_after
from tests.cli.running import run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "prove-a-decision.md"
WIDTH = 96
CASE = re.compile(r"`(\S+\.yaml)`.*?```yaml\n(.*?)```", re.DOTALL)
BLOCK = re.compile(
    r"^    \$ fourseas (?P<command>(?:.*\\\n)*.*\n)(?P<shown>(?:    (?!\$ ).*\n)*)", re.MULTILINE
)
"""A command, its last line the one that does not end in a backslash, and what is shown below."""

PASSING = re.compile(r"\b[0-9a-f]{64}\b|\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\+00:00)?\b")
"""What differs from run to run: hashes, times, and the day of today."""


def played(page: str) -> str:
    """Return a page with what its commands print now in the place of what it shows.

    A head that the page gives to a command is the one that was printed in the place where the
    page shows it. Lines without a sign are left out.
    """
    heads: dict[str, str] = {}

    def replayed(block: re.Match[str]) -> str:
        command = PASSING.sub(lambda found: heads.get(found[0], found[0]), block["command"])
        ended = run(*shlex.split(command.replace("\\\n", " ")), columns=WIDTH)
        lines = [one.rstrip() for one in f"{ended.stdout}{ended.stderr}".splitlines()]
        printed = "".join(f"    {one}\n" for one in lines if one)
        pairs = zip(PASSING.findall(block["shown"]), PASSING.findall(printed), strict=False)
        heads.update(pairs)
        return f"    $ fourseas {block['command']}{printed}"

    return BLOCK.sub(replayed, page)


def test_the_page_shows_what_its_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, text in CASE.findall(page):
        Path(name).write_text(text, encoding="utf-8")
    today = dt.datetime.now(tz=dt.UTC).date()
    now = played(page)

    in_place = iter(PASSING.findall(page))
    shown = PASSING.sub(lambda _: next(in_place), now)
    assert shown == page
    of_today = {today.isoformat(), years_after(today, 5).isoformat()}
    pairs = zip(PASSING.findall(page), PASSING.findall(now), strict=True)
    days = [(old, new) for old, new in pairs if len(old) == len("2024-09-15")]
    assert all(old == new or new in of_today for old, new in days)
