"""`fourseas network`: who works with whom and who cites whom, for programs that draw networks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter, validators

app = App(
    name="network",
    help="Write networks for VOSviewer, Gephi and others.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")
ExistingLake = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
Out = Annotated[
    Path,
    Parameter(
        help="File to write: VOSviewer's .json, .graphml, or .txt for VOSviewer's two files "
        "NAME-map.txt and NAME-network.txt."
    ),
]
Years = Annotated[str | None, Parameter(help="One year, or first-last; all if left out.")]
Field = Annotated[str, Parameter(help="Field by id or name.")]
Register = Annotated[str | None, Parameter(help="Register; the one with most if left out.")]
Definition = Annotated[str | None, Parameter(help="openalex, ncses-like, cwts-like, ...")]
Counting = Annotated[
    Literal["full", "fractional"], Parameter(help="How strong a link is: whole works, or parts.")
]


@app.command
def countries(  # noqa: PLR0913  (what may be asked of a network)
    out: Out,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    years: Years = None,
    field: Field = "all",
    register: Register = None,
    definition: Definition = None,
    counting: Counting = "full",
) -> None:
    """Write which countries publish together."""
    from fourseas.cli import networking
    from fourseas.reports.networks import joint_works

    chosen = networking.chosen(register, definition, field, years, counting)
    networking.write(lake, out, lambda ws: joint_works(ws, chosen))


@app.command
def citations(  # noqa: PLR0913  (the same)
    out: Out,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    years: Years = None,
    field: Field = "all",
    register: Register = None,
    definition: Definition = None,
    counting: Counting = "fractional",
) -> None:
    """Write which countries cite which; years and fields are those of the cited works."""
    from fourseas.cli import networking
    from fourseas.reports import networks

    chosen = networking.chosen(register, definition, field, years, counting)
    networking.write(lake, out, lambda ws: networks.citations(ws, chosen))


@app.command
def organizations(  # noqa: PLR0913  (the same)
    out: Out,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    country: Annotated[
        tuple[str, ...], Parameter(help="Organizations of a country, repeatable; of all if none.")
    ] = (),
    most: Annotated[
        int, Parameter(help="Those with most works.", validator=validators.Number(gte=2))
    ] = 500,
    years: Years = None,
    field: Field = "all",
    register: Register = None,
    counting: Counting = "full",
) -> None:
    """Write which organizations publish together."""
    from fourseas.cli import networking
    from fourseas.reports import networks

    chosen = networking.chosen(register, None, field, years, counting)
    networking.write(
        lake, out, lambda ws: networks.organizations(ws, chosen, countries=country, most=most)
    )
