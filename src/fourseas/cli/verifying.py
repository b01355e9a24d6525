"""`fourseas verify`: a sample of a result, computed again from records another way."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from fourseas.errors import FourseasError

if TYPE_CHECKING:
    from fourseas.reports.verification import Verification

DEFAULT_LAKE = Path("demo/lake")
EXIT_DIFFERENT = 1
SHOWN = 10
"""Rows that are printed, of those that are equal and of those that are not."""


def verify(  # noqa: PLR0913  (what may be asked of either way)
    table: Annotated[
        str, Parameter(help="Name of an indicator, or of a table such as pair_cells.")
    ],
    *,
    lake: Annotated[Path, Parameter(help="Directory of the lake.")] = DEFAULT_LAKE,
    country: Annotated[
        tuple[str, ...], Parameter(help="Country by code or name, group, or WORLD; repeatable.")
    ] = (),
    sample: Annotated[int | None, Parameter(help="How many rows to draw; 20 if left out.")] = None,
    seed: Annotated[int | None, Parameter(help="Another seed draws other rows.")] = None,
    against_api: Annotated[
        bool, Parameter(help="Ask the live register instead, over the network.", negative=())
    ] = False,
    field: Annotated[str | None, Parameter(help="With --against-api: a field.")] = None,
    years: Annotated[
        str | None,
        Parameter(help="With --against-api: a year, or first-last; the last ten if left out."),
    ] = None,
    definition: Annotated[
        str | None, Parameter(help="With --against-api: a definition; openalex if left out.")
    ] = None,
    server: Annotated[
        str | None, Parameter(help="With --against-api: a server that answers like the API.")
    ] = None,
) -> None:
    """Compute a sample of a result again from the staged records, another way, and compare.

    The other way is plain SQL that comes with the package and shares nothing with the build. All
    of the table is computed for it, so large lakes take long. Leaves with 1 if a row differs.

    With --against-api, the OpenAlex API is asked for what the lake says of each country, and what
    may explain a difference is told. The key of the API is read from OPENALEX_API_KEY.
    """
    of_sample: dict[str, object] = {"--sample": sample, "--seed": seed}
    of_register: dict[str, object] = {
        "--field": field,
        "--years": years,
        "--definition": definition,
        "--server": server,
    }
    _require_unsaid(of_sample if against_api else of_register, is_register=against_api)
    if against_api:
        from fourseas.cli import live_register

        asked = live_register.Flags(
            indicator=table,
            countries=country,
            field=field or "all",
            years=years,
            definition=definition or "openalex",
            server=server,
        )
        live_register.run(lake, asked)
        return
    drawn = _Drawn(size=20 if sample is None else sample, seed=seed or 0)
    _verify_sample(lake, table, country, drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """How a sample is drawn."""

    size: int
    seed: int


def _require_unsaid(flags: dict[str, object], *, is_register: bool) -> None:
    """Refuse flags of the other way to verify."""
    said = [name for name, value in flags.items() if value is not None]
    if said:
        way = "with" if is_register else "without"
        message = f"{said[0]} means nothing {way} --against-api."
        remedy = f"Leave it out, or {'leave out' if is_register else 'add'} --against-api."
        raise FourseasError(message, remedy)


def _verify_sample(lake: Path, table: str, country: tuple[str, ...], drawn: _Drawn) -> None:
    """Compare a sample of a table with the staged records, and print what came of it."""
    from fourseas import workspace
    from fourseas.cli import rendering
    from fourseas.reports.verification import verification

    with workspace.open(lake) as ws:
        found = verification(ws, table, countries=country, sample=drawn.size, seed=drawn.seed)
    n_different = len(found.different)
    rendering.say(
        f"{found.name}: {len(found.rows):,} of {found.n_rows:,} rows drawn by seed {drawn.seed}, "
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
