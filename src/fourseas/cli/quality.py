"""`fourseas quality`: what is missing, doubtful or contradictory, as text, page or data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from fourseas import workspace
from fourseas.cli import cards
from fourseas.reports.cards.card import as_json
from fourseas.reports.quality.quality import quality_card

ROWS_ON_SCREEN = 25
"""Rows of a table that a screen shows; files and data have all."""


def show(lake: Path, *, output_format: Literal["table", "json"], out: Path | None) -> None:
    """Print the quality of a lake, or write it to a file whose name says how."""
    if out is not None:
        cards.show(lake, quality_card, out)
        return
    if output_format == "table":
        cards.show(lake, lambda ws: quality_card(ws, most=ROWS_ON_SCREEN), None)
        return
    with workspace.open(lake) as ws:
        written = as_json(quality_card(ws))
    sys.stdout.buffer.write(written.encode())
    sys.stdout.buffer.flush()
