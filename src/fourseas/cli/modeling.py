"""How results of models are written: on the screen, as a page, as data or for a paper."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from fourseas import workspace
from fourseas.cli import cards, rendering, writing
from fourseas.errors import FourseasError
from fourseas.reports.cards.card import Card, as_html, as_json
from fourseas.reports.estimates.closure import Question, closure_card
from fourseas.reports.estimates.coefficients import as_csv, as_latex, as_markdown
from fourseas.reports.estimates.organization_closure import organization_closure_card
from fourseas.reports.estimates.place import LAST

THIRD_ON_SCREEN = 15
"""Third countries that a screen shows; files and data have all."""

OutputFormat = Literal["table", "json", "csv", "latex"]
ON_SCREEN: dict[OutputFormat, Callable[[Card], str]] = {
    "json": as_json,
    "csv": as_csv,
    "latex": as_latex,
}
IN_FILES: dict[str, Callable[[Card], str]] = {
    ".html": as_html,
    ".md": as_markdown,
    ".json": as_json,
    ".csv": as_csv,
    ".tex": as_latex,
}


def show(
    lake: Path,
    make: Callable[[workspace.Workspace], Card],
    *,
    output_format: OutputFormat,
    out: Path | None,
) -> None:
    """Print the card of a model, or write it to a file whose name says how."""
    if out is None and output_format == "table":
        cards.show(lake, make, None)
        return
    as_text = ON_SCREEN[output_format] if out is None else IN_FILES[writing.kind(out, IN_FILES)]
    with workspace.open(lake) as ws:
        written = as_text(make(ws)).encode()
    if out is not None:
        writing.write({out: written})
        rendering.say(f"Wrote {out}.")
        return
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()


def span(first: int | None, last: int | None) -> tuple[int, int] | None:
    """Return a period of which either end may be open."""
    if first is None and last is None:
        return None
    if first is not None and last is not None and first > last:
        message = f"--from {first} is after --to {last}."
        raise FourseasError(message, f"Write --from {last} --to {first}.")
    return (first or 0, last or LAST)


def show_closure(
    lake: Path, question: Question, *, output_format: OutputFormat, out: Path | None
) -> None:
    """Print or write what a change of ties touches."""
    is_on_screen = output_format == "table" and out is None
    asked = replace(question, most=THIRD_ON_SCREEN if is_on_screen else None)
    make = closure_card if question.organization is None else organization_closure_card
    show(lake, lambda ws: make(ws, asked), output_format=output_format, out=out)
