"""`fourseas verify`: a sample of a result, computed again from records another way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from fourseas.reports.verification import Verification

DEFAULT_LAKE = Path("demo/lake")
EXIT_DIFFERENT = 1
SHOWN = 10
"""Rows that are printed, of those that are equal and of those that are not."""


def verify(
    table: Annotated[
        str, Parameter(help="Name of an indicator, or of a table such as pair_cells.")
    ],
    *,
    lake: Annotated[Path, Parameter(help="Directory of the lake.")] = DEFAULT_LAKE,
    country: Annotated[
        tuple[str, ...], Parameter(help="Country by code or name, group, or WORLD; repeatable.")
    ] = (),
    sample: Annotated[int, Parameter(help="How many rows to draw.")] = 20,
    seed: Annotated[int, Parameter(help="Another seed draws other rows.")] = 0,
) -> None:
    """Compute a sample of a result again from the staged records, another way, and compare.

    The other way is plain SQL that comes with the package and shares nothing with the build. All
    of the table is computed for it, so large lakes take long. Leaves with 1 if a row differs.
    """
    from fourseas import workspace
    from fourseas.cli import rendering
    from fourseas.reports.verification import verification

    with workspace.open(lake) as ws:
        found = verification(ws, table, countries=country, sample=sample, seed=seed)
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
