"""`fourseas corrections`: what you know better than a register, kept and applied at each build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

app = App(
    name="corrections",
    help="Correct what registers say of organizations: who, when, why and by what source.",
    default_parameter=Parameter(negative=()),
)

CorrectionsFile = Annotated[
    Path, Parameter(help="CSV: kind,register,key,corrected,by,on,why,source.")
]
LakePath = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]

DEFAULT_LAKE = Path("demo/lake")


@app.command
def add(file: CorrectionsFile, *, lake: LakePath = DEFAULT_LAKE) -> None:
    """Keep the file as the newest edition of the lake's corrections; the next build applies it.

    It takes the place of the edition before, which stays on the disk.
    """
    from fourseas.cli import correcting

    correcting.add(lake, file)


@app.command
def check(file: CorrectionsFile) -> None:
    """Read a file and say what is wrong in it, with line and column; nothing is kept."""
    from fourseas.cli import correcting

    correcting.check(file)


@app.command(name="list")
def list_(*, lake: LakePath = DEFAULT_LAKE) -> None:
    """Show the corrections of the lake and what became of each in the version that was built."""
    from fourseas.cli import correcting

    correcting.show(lake)
