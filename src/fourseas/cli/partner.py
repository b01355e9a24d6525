"""`fourseas partner ...`: who could work with whom, and what either would gain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

app = App(
    name="partner",
    help="Find partners with gains for both sides, and say why not others.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")
ExistingLake = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
For = Annotated[
    str, Parameter(name="--for", help="Who seeks: a country or organization, by name or id.")
]
Fields = Annotated[
    tuple[str, ...],
    Parameter(name="--field", help="Field by id or name, repeatable; every field if left out."),
]
Challenge = Annotated[
    str | None,
    Parameter(
        help="A challenge instead of fields, as in `fourseas challenge list`, or a list of one's "
        "own (.csv)."
    ),
]
Years = Annotated[str | None, Parameter(help="One year, or first-last; the last five if left out.")]
Register = Annotated[str | None, Parameter(help="Register; the one with most if left out.")]
Format = Annotated[Literal["table", "json"], Parameter(help="How to write on the screen.")]
Out = Annotated[
    Path | None,
    Parameter(help="File to write instead: a page (.html), Markdown (.md) or data (.json, .csv)."),
]


@app.command
def backtest(  # noqa: PLR0913  (what may be asked of a back-test)
    *,
    train_to: Annotated[int, Parameter(help="Last year that advice may see.")],
    test: Annotated[str, Parameter(help="Years in which ties may start: one, or first-last.")],
    units: Annotated[
        Literal["countries", "organizations"], Parameter(help="Whose ties.")
    ] = "countries",
    field: Annotated[str, Parameter(help="Field by id or name; all together if left out.")] = "all",
    register: Register = None,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Show whether advice on partners would have foreseen the ties that started later."""
    from fourseas.cli import backtesting

    backtesting.show(
        lake,
        backtesting.split(train_to, test),
        (units, field, register),
        output_format=format,
        out=out,
    )
