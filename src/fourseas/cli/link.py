"""`fourseas link`: which organizations and which country an affiliation names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

app = App(
    name="link",
    help="Link the text of affiliations to organizations and countries, offline.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")
LakeOption = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
IN_HELP = (
    "CSV or Parquet of many: a column `affiliation`, and if there are any `country_code` and "
    "`ror_ids`, which are taken as given (several divided by |)."
)


@app.command
def org(
    text: Annotated[str | None, Parameter(help="An affiliation as it is printed.")] = None,
    *,
    lake: LakeOption = DEFAULT_LAKE,
    country: Annotated[str | None, Parameter(help="Country of the address, if known.")] = None,
    inputs: Annotated[Path | None, Parameter(name="--in", help=IN_HELP)] = None,
    out: Annotated[
        Path | None, Parameter(help="File to write with --in: .parquet, .csv or .json.")
    ] = None,
) -> None:
    """Show which organizations an affiliation names, with a score and the reason, or none.

    The organizations are those of the lake that have a ROR id: add ROR's data dump to have all.
    """
    from fourseas.cli import linking

    if inputs is None:
        linking.show_organizations(lake, text, country, out)
    else:
        linking.link_file(lake, inputs, out, text=text, country=country)


@app.command
def review(
    *,
    lake: LakeOption = DEFAULT_LAKE,
    out: Annotated[Path, Parameter(help="File to write: .csv.")],
) -> None:
    """Write a file of the names that may be an organization of ROR, for you to decide.

    Undecided ones come first, with the two likeliest and the margin between them: fill in
    `corrected`, `by` and `on`, or leave the row as it is. Then: fourseas corrections add FILE.
    """
    from fourseas.cli import reviewing

    reviewing.write(lake, out)


@app.command
def country(
    text: Annotated[str, Parameter(help="An address as it is printed.")],
    *,
    lake: LakeOption = DEFAULT_LAKE,
) -> None:
    """Show which country an address names, and by which words; or that it is unknown."""
    from fourseas.cli import linking

    linking.show_country(lake, text)
