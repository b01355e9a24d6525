"""`fourseas challenge`: shared challenges as lists that anybody can read, check and change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

app = App(
    name="challenge",
    help="Read, check and make lists of shared challenges, and find their works.",
    default_parameter=Parameter(negative=()),
)

Name = Annotated[
    str | None,
    Parameter(
        help="A challenge that comes with the package, or a list of your own that ends in .csv."
    ),
]
ListPath = Annotated[
    Path | None, Parameter(name="--list", help="A list of your own instead, CSV; see `draft`.")
]
LakePath = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
DEFAULT_LAKE = Path("demo/lake")
TAKE = 10
EACH = 60
CANDIDATES = 60


@app.command(name="list")
def list_() -> None:
    """List the challenges that come with the package, with what their lists hold."""
    from fourseas.cli import challenges

    challenges.list_all()


@app.command
def show(
    name: Name = None,
    /,
    *,
    list_path: ListPath = None,
    lake: LakePath = DEFAULT_LAKE,
    rows: Annotated[
        bool, Parameter(help="Print the rows of the list with their reasons, and read no lake.")
    ] = False,
    take: Annotated[int, Parameter(help="Countries to show.")] = TAKE,
) -> None:
    """Count a challenge's works by core topics, core and wide ones, and goals; and by country."""
    from fourseas.cli import challenges

    chosen = challenges.chosen(name, list_path)
    if rows:
        challenges.show_rows(chosen)
    else:
        challenges.show(lake, chosen, take)


@app.command
def tag(
    name: Name = None,
    /,
    *,
    out: Annotated[Path, Parameter(help="File to write: .csv, .json or .parquet.")],
    list_path: ListPath = None,
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Write the works of a challenge, each with the topic, goal or keyword that made it one."""
    from fourseas.cli import challenges

    challenges.tag(lake, challenges.chosen(name, list_path), out)


@app.command
def sample(
    name: Name = None,
    /,
    *,
    out: Annotated[Path, Parameter(help="File of the sheet, .csv.")],
    list_path: ListPath = None,
    lake: LakePath = DEFAULT_LAKE,
    each: Annotated[int, Parameter(help="Works of each stratum.")] = EACH,
    seed: Annotated[int, Parameter(help="The same seed draws the same works.")] = 0,
) -> None:
    """Draw works to be read by people: core, wide, by goals alone, and near misses.

    Two people write yes or no, each into a column of their own; `score` reads the sheet back.
    """
    from fourseas.cli import challenges

    challenges.sample(lake, challenges.chosen(name, list_path), out, each=each, seed=seed)


@app.command
def score(sheet: Annotated[Path, Parameter(help="A sheet of `sample`, filled in.")], /) -> None:
    """Print precision by stratum, recall estimated from near misses, and agreement of the two."""
    from fourseas.cli import challenges

    challenges.score(sheet)


@app.command
def draft(
    brief: Annotated[str, Parameter(help="What the challenge is about, in your own words.")],
    /,
    *,
    out: Annotated[Path, Parameter(help="File of the list, .csv; its name names the challenge.")],
    take: Annotated[int, Parameter(help="Candidates to write.")] = CANDIDATES,
) -> None:
    """Write the topics nearest to a brief as a list whose decisions are left to you."""
    from fourseas.cli import challenges

    challenges.draft(brief, out, take)
