"""`fourseas report`: what a card says, to hand in: a page, a PDF or a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

app = App(
    name="report",
    help="Write a report to hand in: a page (.html), a PDF, or a workbook (.xlsx).",
    default_parameter=Parameter(negative=()),
)

Out = Annotated[
    tuple[Path, ...],
    Parameter(help="File to write, .html, .pdf or .xlsx; repeatable."),
]
LakePath = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
Against = Annotated[tuple[str, ...], Parameter(help="Others to put beside; repeatable.")]
DEFAULT_LAKE = Path("demo/lake")


@app.command
def country(
    country: Annotated[str, Parameter(help="Country by code or name, or a group.")],
    /,
    *,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
    against: Against = (),
) -> None:
    """Write every indicator of a country in its last final year, beside peers."""
    from fourseas.cli import reporting
    from fourseas.reports.cards.country import country_card

    reporting.write(lake, lambda ws: country_card(ws, country, against=against), out)


@app.command
def pair(
    first: Annotated[str, Parameter(help="Country by code or name.")],
    second: Annotated[str, Parameter(help="The other country.")],
    /,
    *,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Write what two countries are to each other, from both sides."""
    from fourseas.cli import reporting
    from fourseas.reports.cards.pair import pair_card

    reporting.write(lake, lambda ws: pair_card(ws, first, second), out)


@app.command
def position(
    country: Annotated[str, Parameter(help="Country by code or name.")],
    /,
    *,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
    field: Annotated[str, Parameter(help="Field by id or name; all together if left out.")] = "all",
    year: Annotated[int | None, Parameter(help="Year of the levels; the last if left out.")] = None,
    against: Against = (),
) -> None:
    """Write where a country stands against each partner: level, flows, standards."""
    from fourseas.cli import reporting
    from fourseas.reports.cards.position import position_card

    reporting.write(
        lake,
        lambda ws: position_card(ws, country, field=field, year=year, against=against),
        out,
    )


@app.command
def partners(  # noqa: PLR0913  (what may be asked of a list)
    seeker: Annotated[str, Parameter(help="A country or organization, by name or id.")],
    /,
    *,
    field: Annotated[
        tuple[str, ...], Parameter(help="Field by id or name, repeatable; every field if left out.")
    ] = (),
    challenge: Annotated[
        str | None, Parameter(help="A challenge instead of fields, or a list of one's own (.csv).")
    ] = None,
    years: Annotated[
        str | None, Parameter(help="One year, or first-last; the last five if left out.")
    ] = None,
    register: Annotated[
        str | None, Parameter(help="Register; the one with most if left out.")
    ] = None,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Write who could be a partner, what ties brought, and what first ties would bring."""
    from fourseas.cli import partnering, reporting
    from fourseas.reports.partners.find import Question, find_card

    question = Question(
        seeker=seeker,
        asked=partnering.asked(field, years, register),
        challenge=partnering.challenge(challenge),
    )
    reporting.write(lake, lambda ws: find_card(ws, question), out)


@app.command
def claims(
    name: Annotated[str | None, Parameter(help="One claim; all verdicts if left out.")] = None,
    /,
    *,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Write claims about openness, judged by what the lake holds."""
    from fourseas.cli import reporting
    from fourseas.reports.claims.claim import claim_card
    from fourseas.reports.claims.listing import claim_named, claims_card

    if name is None:
        reporting.write(lake, claims_card, out)
        return
    claim = claim_named(name)
    reporting.write(lake, lambda ws: claim_card(ws, claim), out)


@app.command
def policy(
    policy: Annotated[Path, Parameter(help="File of the policy, YAML.")],
    /,
    *,
    out: Out = (),
) -> None:
    """Write what a policy says, each rule with its mirror, and the remarks on it."""
    from fourseas.cli import reporting

    reporting.write_policy(policy, out)


@app.command
def challenge(
    name: Annotated[str, Parameter(help="A challenge; `fourseas challenge list` shows them.")],
    /,
    *,
    out: Out = (),
    lake: LakePath = DEFAULT_LAKE,
) -> None:
    """Write works of a shared challenge by each reading, how far readings agree, and countries."""
    from fourseas.cli import reporting

    reporting.write_challenge(lake, name, out)
