"""`fourseas corpus`: your own list of publications, joined to the works of a lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from fourseas.reports.corpus import Joined

app = App(
    name="corpus",
    help="Join a list of publications to the works of a lake, and measure those alone.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")
OUT_HELP = "Directory to write: `lake`, of the joined works alone, and `not_joined.csv`."
SHOWN = 10


@app.command
def join(
    file: Annotated[
        Path,
        Parameter(
            help="BibTeX, RIS, or an export of Web of Science, Scopus, Dimensions, OpenAlex."
        ),
    ],
    *,
    lake: Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")] = DEFAULT_LAKE,
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Join the publications of a file to the works of a lake by DOI; list those without a work.

    With --out the works that were found become a lake of their own, of scope corpus: whatever is
    shown of it is of these works, and relative to nothing beyond them.
    """
    from fourseas.cli import rendering
    from fourseas.errors import SourceError
    from fourseas.reports import corpus

    if out is not None and out.exists():
        raise SourceError.in_the_way(str(out))
    joined = corpus.join(lake, file)
    rendering.tell(
        f"{joined.kind}: {joined.n_read:,} read, {joined.n_joined:,} joined, "
        f"{len(joined.unjoined):,} listed; scope: corpus."
    )
    if joined.works_by_register:
        counted = (f"{n:,} of {name}" for name, n in joined.works_by_register.items())
        rendering.tell(f"Works: {', '.join(counted)}.")
    if joined.unjoined:
        rendering.show_rows("Not joined", ("reason", "records"), joined.reasons.items())
    listed = [
        (one.reference.place, one.reason, one.reference.written, one.reference.title)
        for one in joined.unjoined
    ]
    if out is None:
        if listed:
            title = "The first of them" if len(listed) > SHOWN else "Which"
            rendering.show_rows(title, ("place", "reason", "DOI", "title"), listed[:SHOWN])
        return
    _write(lake, joined, out)


def _write(lake: Path, joined: Joined, out: Path) -> None:
    """Write the lake and the list of what is not in it."""
    from fourseas.cli import rendering
    from fourseas.lake.layout import disk_errors
    from fourseas.reports import corpus, spreadsheets

    corpus.write(lake, joined, out / "lake")
    rows = (
        (
            one.reference.place,
            one.reason,
            one.reference.written,
            one.reference.title,
            one.reference.year,
        )
        for one in joined.unjoined
    )
    told = spreadsheets.lines([("place", "reason", "doi", "title", "year"), *rows])
    with disk_errors(out):
        (out / "not_joined.csv").write_bytes(told.encode())
    rendering.say(f"Next: fourseas build {out / 'lake'}")
