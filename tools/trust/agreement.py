"""Every row of every table of the embedded lake, computed again from records another way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from fourseas import workspace
from fourseas.lake import second_opinion
from fourseas.reports.verification import verification
from tests.embedded import build_embedded

EVERY_ROW = 10**9
SHOWN = 5
"""Rows that differ, of each table, that are kept."""


def agreement() -> Iterator[dict[str, object]]:
    """Build the embedded lake, ask `fourseas verify` of all its rows, and tell after each table.

    Yields
    ------
    dict
        By table: ``rows`` that were compared and how many were ``left_out``, since publishers
        counted them; how many are ``different``, and some of those as ``examples``.
    """
    told: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        lake = build_embedded(Path(name) / "lake")
        for table in second_opinion.names():
            with workspace.open(lake) as ws:
                found = verification(ws, table, sample=EVERY_ROW)
            told[table] = {
                "rows": len(found.rows),
                "left_out": found.n_left_out,
                "different": len(found.different),
                "examples": [
                    f"{', '.join(map(str, row.key.values()))}: {'; '.join(row.differences)}"
                    for row in found.different[:SHOWN]
                ],
            }
            yield told
