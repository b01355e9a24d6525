"""What `fourseas report` does: a card as a page, a PDF or a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from fourseas import challenge_lists, workspace
from fourseas.cli import printing, rendering, writing
from fourseas.errors import FourseasError
from fourseas.policy.document import read_policy
from fourseas.reports.cards.card import Card
from fourseas.reports.challenges.card import challenge_card
from fourseas.reports.paper.report import report
from fourseas.reports.paper.workbook import workbook
from fourseas.web.pages.policies import policy_card
from fourseas.workspace import Workspace

WRITTEN: dict[str, Callable[[Card], bytes]] = {
    ".html": lambda card: report(card).encode(),
    ".pdf": lambda card: printing.as_pdf(report(card)),
    ".xlsx": workbook,
}
"""How a card is written, by the ending of a file's name."""


def write(lake: Path, make: Callable[[Workspace], Card], out: tuple[Path, ...]) -> None:
    """Write a card of a lake to files whose names say how; all of them, or none."""
    kinds = _kinds(out)
    with workspace.open(lake) as ws:
        card = make(ws)
    _write(card, kinds)


def write_policy(policy: Path, out: tuple[Path, ...]) -> None:
    """Write what a policy says, its mirrors and the remarks on it."""
    kinds = _kinds(out)
    try:
        text = policy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{policy} cannot be read: {getattr(error, 'strerror', None) or error}."
        raise FourseasError(message, "Name a file of a policy, in YAML.") from error
    card = policy_card(read_policy(text, str(policy)), dt.datetime.now(tz=dt.UTC).date())
    _write(card, kinds)


def write_challenge(lake: Path, name: str, out: tuple[Path, ...]) -> None:
    """Write what a lake holds of a challenge."""
    challenge = challenge_lists.challenge(name)
    write(lake, lambda ws: challenge_card(ws, challenge), out)


def _kinds(out: tuple[Path, ...]) -> dict[Path, str]:
    """Return the ending of each file, all known before anything is computed."""
    if not out:
        message = "A report needs a file to go to."
        raise FourseasError(message, "Add --out report.html, .pdf or .xlsx, or several of them.")
    return {path: writing.kind(path, WRITTEN) for path in out}


def _write(card: Card, kinds: dict[Path, str]) -> None:
    writing.write({path: WRITTEN[kind](card) for path, kind in kinds.items()})
    for path in kinds:
        rendering.say(f"Wrote {path}.")
