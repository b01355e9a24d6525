"""`fourseas partner ...`: who could work with whom, and what either would gain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter, validators

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
Policy = Annotated[
    Path | None,
    Parameter(
        help="Policy (.yaml) that each is held against; its lists are `lists` beside it, or the "
        "lake's. Nobody is left out."
    ),
]
Plan = Annotated[
    Path | None,
    Parameter(name="--case", help="What is planned with them (.yaml), for the policy to judge."),
]
Format = Annotated[Literal["table", "json"], Parameter(help="How to write on the screen.")]
Out = Annotated[
    Path | None,
    Parameter(help="File to write instead: a page (.html), Markdown (.md) or data (.json, .csv)."),
]


@app.command
def find(  # noqa: PLR0913  (what may be asked of a list)
    *,
    seeker: For,
    field: Fields = (),
    challenge: Challenge = None,
    weights: Annotated[
        str | None,
        Parameter(help="For a single score: gain=2,feasibility=1; the undominated if left out."),
    ] = None,
    take: Annotated[
        int, Parameter(help="Length of the list.", validator=validators.Number(gte=1, lte=500))
    ] = 12,
    years: Years = None,
    policy: Policy = None,
    case: Plan = None,
    register: Register = None,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """List partners whom no other beats in strength, gains, feasibility and independence."""
    from fourseas.cli import modeling, partnering
    from fourseas.partners.choice import Terms
    from fourseas.reports.partners.find import Question, find_card

    question = Question(
        seeker=seeker,
        asked=partnering.asked(field, years, register),
        challenge=partnering.challenge(challenge),
        weights=partnering.read_weights(weights),
        terms=Terms(take=take),
        held=partnering.held(policy, case, lake),
    )
    modeling.show(lake, lambda ws: find_card(ws, question), output_format=format, out=out)


@app.command
def pair(  # noqa: PLR0913  (as find)
    first: Annotated[str, Parameter(help="A country or organization, by name or id.")],
    second: Annotated[str, Parameter(help="Another of the same kind.")],
    *,
    field: Fields = (),
    challenge: Challenge = None,
    years: Years = None,
    policy: Policy = None,
    case: Plan = None,
    register: Register = None,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Show what two would be to each other as partners, from both sides."""
    from fourseas.cli import modeling, partnering
    from fourseas.reports.partners.pair import PairQuestion, pair_card

    question = PairQuestion(
        first=first,
        second=second,
        asked=partnering.asked(field, years, register),
        challenge=partnering.challenge(challenge),
        held=partnering.held(policy, case, lake),
    )
    modeling.show(lake, lambda ws: pair_card(ws, question), output_format=format, out=out)


@app.command
def why_not(  # noqa: PLR0913  (as find)
    other: Annotated[str, Parameter(help="Who is not on the list, by name or id.")],
    *,
    seeker: For,
    field: Fields = (),
    challenge: Challenge = None,
    take: Annotated[
        int, Parameter(help="Length of the list.", validator=validators.Number(gte=1, lte=500))
    ] = 12,
    years: Years = None,
    register: Register = None,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Say who beats a candidate as a partner and in what, and what would have to change."""
    from fourseas.cli import modeling, partnering
    from fourseas.partners.choice import Terms
    from fourseas.reports.partners.find import Question
    from fourseas.reports.partners.why_not import why_not_card

    question = Question(
        seeker=seeker,
        asked=partnering.asked(field, years, register),
        challenge=partnering.challenge(challenge),
        terms=Terms(take=take),
    )
    modeling.show(lake, lambda ws: why_not_card(ws, question, other), output_format=format, out=out)


@app.command
def match(  # noqa: PLR0913  (as find)
    brief: Annotated[Path, Parameter(help="A brief (.yaml): what is needed and offered.")],
    *others: Annotated[Path, Parameter(help="Briefs of others that it is held against.")],
    among: Annotated[
        Literal["country", "organization"], Parameter(help="Units of the lake.")
    ] = "country",
    take: Annotated[
        int, Parameter(help="Length of the list.", validator=validators.Number(gte=1, lte=500))
    ] = 12,
    years: Years = None,
    register: Register = None,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Format = "table",  # noqa: A002
    out: Out = None,
) -> None:
    """Match needs and offers with units of the lake and with other briefs; nothing is sent."""
    from fourseas.cli import modeling, partnering
    from fourseas.partners.choice import Terms
    from fourseas.reports.partners.match import match_card

    briefs = tuple(partnering.brief(path) for path in (brief, *others))
    asked, terms = partnering.asked((), years, register), Terms(take=take)
    modeling.show(
        lake, lambda ws: match_card(ws, briefs, among, asked, terms), output_format=format, out=out
    )


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
