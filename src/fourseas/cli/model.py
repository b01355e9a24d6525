"""`fourseas model ...`: estimates with their uncertainty, and what would follow from closing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter, validators

app = App(
    name="model",
    help="Estimate what openness goes with, and work out what closing or opening would touch.",
    default_parameter=Parameter(negative=()),
)

DEFAULT_LAKE = Path("demo/lake")
ExistingLake = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
Field = Annotated[str, Parameter(help="Field by id or name; all together if left out.")]
Years = Annotated[str | None, Parameter(help="One year, or first-last; all if left out.")]
Register = Annotated[str | None, Parameter(help="Register; the one with most if left out.")]
Format = Annotated[
    Literal["table", "json", "csv", "latex"], Parameter(help="How to write on the screen.")
]
Out = Annotated[
    Path | None,
    Parameter(
        help="File to write: a page (.html), Markdown (.md), data (.json, .csv) or LaTeX (.tex)."
    ),
]


@app.command
def gravity(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    flow: Annotated[
        Literal["collaboration", "citation"], Parameter(help="Joint works, or citations.")
    ] = "collaboration",
    field: Field = "all",
    years: Years = None,
    register: Register = None,
    tell: Annotated[
        Literal["levels", "changes"],
        Parameter(help="What pairs differ by, or how it has changed within pairs."),
    ] = "levels",
    covariates: Annotated[
        str,
        Parameter(
            help="With commas: distance, contiguity, language, colony, proximity (of fields), "
            "mobility (of persons)."
        ),
    ] = "distance,contiguity,language,colony",
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Estimate how joint works or citations of two countries go with distance and ties."""
    from fourseas.cli import modeling
    from fourseas.cli.showing import read_years
    from fourseas.reports.estimates.gravity import Question, gravity_card

    question = Question(
        flow=flow,
        field=field,
        years=read_years(years) if years else None,
        register=register,
        over_time=tell,
        covariates=tuple(name.strip() for name in covariates.split(",")),
    )
    modeling.show(lake, lambda ws: gravity_card(ws, question), output_format=format, out=out)


@app.command
def rivalry(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    flow: Annotated[
        Literal["citation", "collaboration"], Parameter(help="Citations, or joint works by field.")
    ] = "citation",
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Ask whether countries cite each other, or work together, less where strong and close."""
    from fourseas.cli import modeling
    from fourseas.reports.estimates.joint_rivalry import joint_rivalry_card
    from fourseas.reports.estimates.rivalry import rivalry_card

    card = {"citation": rivalry_card, "collaboration": joint_rivalry_card}[flow]
    modeling.show(lake, card, output_format=format, out=out)


OneField = Annotated[
    str | None,
    Parameter(help="Field by id or name; all together and each by itself if left out."),
]


@app.command
def level(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    field: OneField = None,
    years: Years = None,
    register: Register = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Estimate how the level of countries goes with their openness, in both countings."""
    from fourseas.cli import modeling
    from fourseas.cli.showing import read_years
    from fourseas.reports.estimates.level import level_card
    from fourseas.reports.estimates.openness import Asked

    asked = Asked(register=register, field=field, years=read_years(years) if years else None)
    modeling.show(lake, lambda ws: level_card(ws, asked), output_format=format, out=out)


@app.command
def catch_up(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    field: OneField = None,
    years: Years = None,
    register: Register = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Ask whether those behind rise more where they are open, given what they spend on R&D."""
    from fourseas.cli import modeling
    from fourseas.cli.showing import read_years
    from fourseas.reports.estimates.catch_up import catch_up_card
    from fourseas.reports.estimates.openness import Asked

    asked = Asked(register=register, field=field, years=read_years(years) if years else None)
    modeling.show(lake, lambda ws: catch_up_card(ws, asked), output_format=format, out=out)


First = Annotated[
    str, Parameter(help="One side: a country, several with commas, a group, or WORLD.")
]
Second = Annotated[str, Parameter(help="The other side; WORLD is all that are not on the first.")]
From = Annotated[int | None, Parameter(name="--from", help="First year; the last five if none.")]
To = Annotated[int | None, Parameter(name="--to", help="Last year; the last there is if none.")]

Redirected = Annotated[
    float | None,
    Parameter(
        help="Percent of what is closed that is done with others or at home (S2).",
        validator=validators.Number(gte=0, lte=100),
    ),
]
Organization = Annotated[
    str | None,
    Parameter(help="By name, ROR id or id: of the first side this organization alone."),
]


@app.command
def close(
    first: First,
    second: Second,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    field: Field = "all",
    from_year: From = None,
    to_year: To = None,
    register: Register = None,
    redirected: Redirected = None,
    organization: Organization = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Work out what follows if two sides close all joint work, between two bounds."""
    from fourseas.cli import modeling
    from fourseas.reports.estimates.closure import Question

    question = Question(
        first=first,
        second=second,
        factor=0.0,
        field=field,
        years=modeling.span(from_year, to_year),
        register=register,
        redirected=None if redirected is None else redirected / 100,
        organization=organization,
    )
    modeling.show_closure(lake, question, output_format=format, out=out)


@app.command
def reduce(
    first: First,
    second: Second,
    *,
    by: Annotated[
        float, Parameter(help="By how many percent.", validator=validators.Number(gt=0, lte=100))
    ],
    lake: ExistingLake = DEFAULT_LAKE,
    field: Field = "all",
    from_year: From = None,
    to_year: To = None,
    register: Register = None,
    redirected: Redirected = None,
    organization: Organization = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Work out what follows if two sides cut joint work, between two bounds."""
    from fourseas.cli import modeling
    from fourseas.reports.estimates.closure import Question

    question = Question(
        first=first,
        second=second,
        factor=1 - by / 100,
        field=field,
        years=modeling.span(from_year, to_year),
        register=register,
        redirected=None if redirected is None else redirected / 100,
        organization=organization,
    )
    modeling.show_closure(lake, question, output_format=format, out=out)


@app.command(name="open")
def open_up(
    first: First,
    second: Second,
    *,
    by: Annotated[float, Parameter(help="By how many percent.", validator=validators.Number(gt=0))],
    lake: ExistingLake = DEFAULT_LAKE,
    field: Field = "all",
    from_year: From = None,
    to_year: To = None,
    register: Register = None,
    redirected: Redirected = None,
    organization: Organization = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Work out what follows if two sides have more joint work, between two bounds."""
    from fourseas.cli import modeling
    from fourseas.reports.estimates.closure import Question

    question = Question(
        first=first,
        second=second,
        factor=1 + by / 100,
        field=field,
        years=modeling.span(from_year, to_year),
        register=register,
        redirected=None if redirected is None else redirected / 100,
        organization=organization,
    )
    modeling.show_closure(lake, question, output_format=format, out=out)


@app.command
def changed(
    first: Annotated[str, Parameter(help="A country.")],
    second: Annotated[str, Parameter(help="Another.")],
    *,
    from_year: Annotated[int, Parameter(name="--from", help="First year after the change.")],
    to_year: To = None,
    before: Annotated[
        int | None,
        Parameter(help="Years before to compare with; as many as after if left out."),
    ] = None,
    lake: ExistingLake = DEFAULT_LAKE,
    field: Field = "all",
    register: Register = None,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Tell what became of joint works of two countries, against what became of all others."""
    from fourseas.cli import modeling
    from fourseas.reports.estimates.realized_change import Question, realized_change_card

    question = Question(
        first=first,
        second=second,
        from_year=from_year,
        to_year=to_year,
        n_before=before,
        field=field,
        register=register,
    )
    modeling.show(
        lake, lambda ws: realized_change_card(ws, question), output_format=format, out=out
    )
