"""`fourseas position | country | pair`: cards on the screen, as a page or as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering, writing
from fourseas.reports.cards.card import Card, as_html, as_json

WRITTEN: dict[str, Callable[[Card], str]] = {".html": as_html, ".json": as_json}
FIRST_ON_SCREEN = 3
"""Columns of a sheet that a screen always has room for: what the row is and what it says."""


def show(lake: Path, make: Callable[[workspace.Workspace], Card], out: Path | None) -> None:
    """Print a card, or write it to a file whose name says how."""
    as_text = None if out is None else WRITTEN[writing.kind(out, WRITTEN)]
    with workspace.open(lake) as ws:
        card = make(ws)
    if out is not None and as_text is not None:
        writing.write({out: as_text(card).encode()})
        rendering.say(f"Wrote {out}.")
        return
    tell(card)


def tell(card: Card, *, in_full: str = "") -> None:
    """Print a card; the sheet that is named `in_full` with all columns, in broken lines."""
    rendering.tell(card.title, *card.lead, "")
    told: set[str] = set()
    for sheet in card.sheets:
        if sheet.name == in_full:
            header = [heading.title for heading in sheet.headings]
            rendering.show_rows(sheet.title, header, sheet.texts())
            continue
        columns = {
            heading.title: [row[place] for row in sheet.texts()]
            for place, heading in enumerate(sheet.headings)
        }
        first = list(columns)[:FIRST_ON_SCREEN]
        left_out = rendering.show_table(sheet.title, columns, first)
        if left_out:
            rendering.tell(f"Not shown for want of room: {', '.join(left_out)}; --out writes all.")
        lines = [f"{name}: {line}" for name, line in sheet.reading.lines]
        rendering.tell(*(line for line in lines if line not in told), "")
        told.update(lines)
    rendering.tell(*card.sources, card.citation)
