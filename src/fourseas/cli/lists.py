"""`fourseas lists`: named lists with source and date, and the review of what they may mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

app = App(
    name="lists",
    help="Keep named lists with source and date, and review what organizations they mean.",
    default_parameter=Parameter(negative=()),
)

ListName = Annotated[str, Parameter(help="Name of the list: small letters, digits, hyphens.")]
ListFile = Annotated[
    Path, Parameter(help="CSV or TSV with a column `name`, or YAML as policies use it.")
]
LakePath = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
Source = Annotated[str | None, Parameter(help="Who publishes the list, and where.")]
Dated = Annotated[str | None, Parameter(help="Day that the edition bears, YYYY-MM-DD.")]
Kind = Annotated[
    Literal["organization", "country", "topic", "field"] | None,
    Parameter(help="What its entries are; organizations if nothing is said."),
]
Title = Annotated[str | None, Parameter(help="What people call the list.")]
Licence = Annotated[str | None, Parameter(help="On what terms it may be used.")]
ReviewBy = Annotated[
    str | None, Parameter(help="Day by which to look for a newer edition, YYYY-MM-DD.")
]

DEFAULT_LAKE = Path("demo/lake")


@app.command
def add(
    name: ListName,
    file: ListFile,
    *,
    lake: LakePath = DEFAULT_LAKE,
    source: Source = None,
    dated: Dated = None,
    of: Kind = None,
    title: Title = None,
    licence: Licence = None,
    review_by: ReviewBy = None,
) -> None:
    """Take a list into the lake, match its entries with organizations, and record it.

    Source and date are required, in the file or as options.
    """
    from fourseas.cli import listed
    from fourseas.named_lists import Stated

    stated = Stated(
        of=of, source=source, dated=dated, title=title, licence=licence, review_by=review_by
    )
    listed.add(lake, name, file, stated)


@app.command
def refresh(
    name: ListName,
    file: ListFile,
    *,
    lake: LakePath = DEFAULT_LAKE,
    source: Source = None,
    dated: Dated = None,
    title: Title = None,
    licence: Licence = None,
    review_by: ReviewBy = None,
) -> None:
    """Add a newer edition of a list and say what it adds, removes and changes.

    The older editions stay. What persons have confirmed holds while name and country of the
    entry stay as they were.
    """
    from fourseas.cli import listed
    from fourseas.named_lists import Stated

    stated = Stated(source=source, dated=dated, title=title, licence=licence, review_by=review_by)
    listed.refresh(lake, name, file, stated)


@app.command
def show(
    name: Annotated[str | None, Parameter(help="A list; all are named without one.")] = None,
    *,
    lake: LakePath = DEFAULT_LAKE,
    edition: Annotated[int | None, Parameter(help="Number of an older edition.")] = None,
    every: Annotated[bool, Parameter(help="Show all entries, however many.")] = False,
) -> None:
    """Show editions, hashes, source and age of a list, and what its entries may be."""
    from fourseas.cli import listed

    if name is None:
        listed.show_all(lake)
    else:
        listed.show(lake, name, edition, n_entries=None if every else listed.FIRST_ENTRIES)


@app.command
def review(
    name: ListName,
    *,
    lake: LakePath = DEFAULT_LAKE,
    confirm: Annotated[
        str | None, Parameter(help="Candidate that is the organization that the list means.")
    ] = None,
    reject: Annotated[str | None, Parameter(help="Candidate that is not.")] = None,
    by: Annotated[str, Parameter(help="Name of the person who decides.")] = "",
    reason: Annotated[str, Parameter(help="Why.")] = "",
) -> None:
    """Show the matches that wait for a person, or say of one that it is right or wrong.

    The audit log keeps the decision for ever, and the person's name apart from it.
    """
    from fourseas.cli import listed

    listed.review(lake, name, listed.Said(confirm=confirm, reject=reject, by=by, reason=reason))
