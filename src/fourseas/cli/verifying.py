"""`fourseas verify`: a sample of a result, computed again from records another way."""

from __future__ import annotations

import sys
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.reports.verification import Verification, verification

EXIT_DIFFERENT = 1
SHOWN = 10
"""Rows that are printed, of those that are equal and of those that are not."""


def verify(lake: Path, name: str, countries: tuple[str, ...], *, sample: int, seed: int) -> None:
    """Print how many rows of a sample the records give again; leave with 1 if not all."""
    with workspace.open(lake) as ws:
        found = verification(ws, name, countries=countries, sample=sample, seed=seed)
    n_different = len(found.different)
    rendering.say(
        f"{found.name}: {len(found.rows):,} of {found.n_rows:,} rows drawn by seed {seed}, "
        f"{len(found.rows) - n_different:,} equal, {n_different:,} different.",
        f"Compared: {', '.join(found.columns)}.",
        "By: plain SQL from the staged records, which shares no step with the build.",
    )
    if found.n_left_out:
        rendering.say(
            f"Not asked: {found.n_left_out:,} rows that a publisher counted, or of challenges."
        )
    rendering.say("", *_lines(found))
    if n_different:
        sys.exit(EXIT_DIFFERENT)


def _lines(found: Verification) -> list[str]:
    """Return the rows that differ, or some of those that are equal."""
    told = found.different or found.rows
    lines: list[str] = []
    for row in told[:SHOWN]:
        named = ", ".join(str(value) for value in row.key.values())
        lines.append(f"  {'different' if row.differences else 'equal'}: {named}")
        lines.extend(f"    {difference}" for difference in row.differences)
    if len(told) > SHOWN:
        lines.append(f"  and {len(told) - SHOWN:,} more")
    return lines
