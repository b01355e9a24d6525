"""`fourseas org`: what registers show of one organization, for another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

app = App(
    name="org",
    help="Read what open registers show of an organization, and what they do not.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")


@app.command
def report(
    organization: Annotated[str, Parameter(help="ROR id, or name as a register writes it.")],
    *,
    our: Annotated[str, Parameter(name="--for", help="Your own organization, likewise.")],
    lake: Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")] = DEFAULT_LAKE,
    lists: Annotated[
        tuple[str, ...],
        Parameter(help="List of the lake to hold it against, repeatable; all if left out."),
    ] = (),
    years: Annotated[str | None, Parameter(help="One year, or first-last.")] = None,
    roll_up: Annotated[
        Literal["none", "parts", "all"],
        Parameter(
            help="Whose works count as an organization's: its own (none), those of its parts too "
            "(parts), or of everything below it (all)."
        ),
    ] = "none",
    out: Annotated[
        Path | None,
        Parameter(help="File to write: a page (.html), Markdown (.md) or data (.json)."),
    ] = None,
) -> None:
    """Report on an organization: lists, joint works, funders, standards, retractions, gaps.

    Nothing is said of persons.
    """
    from fourseas.cli import organizations
    from fourseas.cli.showing import read_years
    from fourseas.reports.organization.inquiry import Question

    question = Question(
        organization=organization,
        our=our,
        lists=lists,
        years=read_years(years) if years else None,
        roll_up=roll_up,
    )
    organizations.report(lake, question, out)
