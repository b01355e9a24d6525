"""`fourseas quality`: what is missing, doubtful or contradictory, as text, page or data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from fourseas import workspace
from fourseas.cli import cards
from fourseas.reports.cards.card import as_json
from fourseas.reports.quality.quality import SUMMARY, quality_card

ROWS_ON_SCREEN = 25
"""Rows of a table that a screen shows; files and data have all."""


def show(lake: Path, *, output_format: Literal["table", "json"], out: Path | None) -> None:
    """Print the quality of a lake, or write it to a file whose name says how."""
    if out is not None:
        cards.show(lake, quality_card, out)
        return
    is_table = output_format == "table"
    with workspace.open(lake) as ws:
        card = quality_card(ws, most=ROWS_ON_SCREEN if is_table else None)
    if is_table:
        cards.tell(card, in_full=SUMMARY)
        return
    sys.stdout.buffer.write(as_json(card).encode())
    sys.stdout.buffer.flush()
