"""Commands of `fourseas`, each a sentence: parse, call, render."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from fourseas import __version__
from fourseas.cli import (
    audit,
    challenge,
    corpus,
    corrections,
    lakes,
    link,
    lists,
    model,
    network,
    org,
    partner,
    policy,
    report,
    verifying,
)

app = App(
    name="fourseas",
    help="See, measure, model, partner and control the openness of science and technology.",
    version=__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
)
for command in lakes.COMMANDS:
    app.command(command)
app.command(policy.app)
app.command(audit.app)
app.command(lists.app)
app.command(org.app)
app.command(corrections.app)
app.command(challenge.app)
app.command(corpus.app)
app.command(link.app)
app.command(model.app)
app.command(partner.app)
app.command(network.app)
app.command(report.app)
app.command(verifying.verify)

ExistingLake = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
OutputFormat = Literal["table", "csv", "json", "parquet"]
Listing = Literal[
    "indicator",
    "definition",
    "source",
    "register",
    "country",
    "organization",
    "field",
    "counting",
    "scope",
    "table",
]
Findable = Literal["organization", "funder", "standard", "topic", "field", "work"]

DEFAULT_LAKE = Path("demo/lake")
FIELD_HELP = (
    "Field by id or name, repeatable; `every` for each field. All fields together if left out, and "
    "each where an indicator is of single fields alone."
)
ORGANIZATION_HELP = "Organization by name or ROR id, repeatable; none if left out."
BOOTSTRAP_HELP = "Intervals of impact from so many samples of each unit's works, such as 1000."
WHERE_HELP = (
    "List the works behind the number instead: all, or those that are domestic, international, "
    "unknown, led_first, led_last, led_corresponding, open_access, retracted, top_10, top_1."
)


FIND_COUNTRY_HELP = (
    "Country by code or name: organizations there, works and standards with an author there. "
    "Topics, fields and funders that are no organization here have no country."
)
PUBLISHED_HELP = (
    "Country with pages of its own, by code or name, repeatable; the 30 with most works if left "
    "out."
)
OUT_HELP = "File to write instead of the screen: a page (.html) or data (.json)."


@app.command
def claims(
    name: Annotated[str | None, Parameter(help="One claim; all verdicts if left out.")] = None,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Annotated[  # noqa: A002
        Literal["table", "json", "csv", "latex"], Parameter(help="How to write on the screen.")
    ] = "table",
    out: Annotated[
        Path | None,
        Parameter(
            help="File to write: a page (.html), Markdown (.md), data (.json, .csv), LaTeX (.tex)."
        ),
    ] = None,
) -> None:
    """Judge claims about openness by what the lake holds: verdict, estimates and reasons."""
    from fourseas.cli import modeling
    from fourseas.reports.claims.claim import claim_card
    from fourseas.reports.claims.listing import claim_named, claims_card

    if name is None:
        modeling.show(lake, claims_card, output_format=format, out=out)
        return
    claim = claim_named(name)
    modeling.show(lake, lambda ws: claim_card(ws, claim), output_format=format, out=out)


@app.command
def show(
    indicator: Annotated[str, Parameter(help="Name of an indicator; `fourseas list indicator`.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    country: Annotated[
        tuple[str, ...], Parameter(help="Country by code or name, group, or WORLD; repeatable.")
    ] = (),
    organization: Annotated[tuple[str, ...], Parameter(help=ORGANIZATION_HELP)] = (),
    field: Annotated[tuple[str, ...], Parameter(help=FIELD_HELP)] = (),
    years: Annotated[str | None, Parameter(help="One year, or first-last.")] = None,
    counting: Annotated[str | None, Parameter(help="full or fractional.")] = None,
    definition: Annotated[
        str | None, Parameter(help="openalex, ncses-like, cwts-like, ...")
    ] = None,
    register: Annotated[str | None, Parameter(help="Rows of one register only.")] = None,
    where: Annotated[str | None, Parameter(help=WHERE_HELP)] = None,
    bootstrap: Annotated[int | None, Parameter(help=BOOTSTRAP_HELP)] = None,
    format: Annotated[OutputFormat, Parameter(help="How to write.")] = "table",  # noqa: A002
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Show an indicator with its definition, counting, snapshot and coverage."""
    from fourseas.cli import showing

    showing.show(
        lake,
        showing.Request(
            indicator=indicator,
            countries=country,
            organizations=organization,
            fields=field,
            years=years,
            counting=counting,
            definition=definition,
            register=register,
            where=where,
        ),
        output_format=format,
        out=out,
        samples=bootstrap,
    )


@app.command
def compare_definitions(
    indicator: Annotated[
        str, Parameter(help="Name of an indicator, or a measure such as international_share.")
    ],
    *,
    country: Annotated[str, Parameter(help="Country by code or name, a group, or WORLD.")],
    lake: ExistingLake = DEFAULT_LAKE,
    field: Annotated[str, Parameter(help="Field by id or name; all together if left out.")] = "all",
    year: Annotated[int | None, Parameter(help="Year; the last with most definitions.")] = None,
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Show a number under each definition, and the works that make the difference."""
    from fourseas.cli import cards
    from fourseas.reports.definition_comparison import definition_comparison

    cards.show(
        lake,
        lambda ws: definition_comparison(ws, indicator, country, field=field, year=year),
        out,
    )


@app.command
def bundle(
    indicator: Annotated[str, Parameter(help="Name of an indicator; `fourseas list indicator`.")],
    *,
    out: Annotated[Path, Parameter(help="File to write, ending in .zip.")],
    lake: ExistingLake = DEFAULT_LAKE,
    country: Annotated[
        tuple[str, ...], Parameter(help="Country by code or name, group, or WORLD; repeatable.")
    ] = (),
    organization: Annotated[tuple[str, ...], Parameter(help=ORGANIZATION_HELP)] = (),
    field: Annotated[tuple[str, ...], Parameter(help=FIELD_HELP)] = (),
    years: Annotated[str | None, Parameter(help="One year, or first-last.")] = None,
    counting: Annotated[str | None, Parameter(help="full or fractional.")] = None,
    definition: Annotated[str | None, Parameter(help="One definition.")] = None,
    register: Annotated[str | None, Parameter(help="Rows of one register only.")] = None,
    creator: Annotated[tuple[str, ...], Parameter(help="Whom to cite; repeatable.")] = (),
) -> None:
    """Write a result with its definition, SQL, inputs, hashes, figure and citation, for a DOI."""
    from fourseas.cli import bundling, showing

    bundling.bundle(
        lake,
        showing.Request(
            indicator=indicator,
            countries=country,
            organizations=organization,
            fields=field,
            years=years,
            counting=counting,
            definition=definition,
            register=register,
        ),
        out=out,
        creators=creator,
    )


@app.command
def replay(
    bundle: Annotated[Path, Parameter(help="File that `fourseas bundle` wrote.")],
) -> None:
    """Compute a bundle again from its inputs and say equal, or where not."""
    from fourseas.cli import bundling

    bundling.replay(bundle)


@app.command
def position(
    country: Annotated[str, Parameter(help="Country by code or name.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    field: Annotated[str, Parameter(help="Field by id or name; all together if left out.")] = "all",
    year: Annotated[int | None, Parameter(help="Year of the levels; the last if left out.")] = None,
    against: Annotated[tuple[str, ...], Parameter(help="Partners to keep; repeatable.")] = (),
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Show where a country stands against each partner: level, flows, standards."""
    from fourseas.cli import cards
    from fourseas.reports.cards.position import position_card

    cards.show(
        lake,
        lambda ws: position_card(ws, country, field=field, year=year, against=against),
        out,
    )


@app.command
def quality(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    format: Annotated[  # noqa: A002
        Literal["table", "json"], Parameter(help="How to write on the screen.")
    ] = "table",
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Show what is missing, doubtful or contradictory in a lake, and what to do about it.

    Coverage, duplicates, cut-off author lists, absorbed authors, impossible years, pairs that
    jump, registers that disagree, records that are lost, and what changed since the version before.
    """
    from fourseas.cli import quality as showing_quality

    showing_quality.show(lake, output_format=format, out=out)


@app.command
def find(
    words: Annotated[str, Parameter(help="Words of names or titles, in quotes.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    kind: Annotated[
        tuple[Findable, ...], Parameter(help="What to look for, repeatable; all if left out.")
    ] = (),
    country: Annotated[str | None, Parameter(help=FIND_COUNTRY_HELP)] = None,
    challenge: Annotated[str | None, Parameter(help="Only of a challenge or list (.csv).")] = None,
    limit: Annotated[int, Parameter(help="Results to show, up to 1000.")] = 20,
    format: Annotated[  # noqa: A002
        Literal["table", "json"], Parameter(help="How to write.")
    ] = "table",
) -> None:
    """Find organizations, funders, standards, topics, fields and works by words.

    Words are found whatever their case, accents and English endings. The first search in a
    version of the lake builds its index.
    """
    from fourseas.cli import find as finding

    of = finding.Search(words, kind, country, challenge, limit)
    finding.show(lake, of, output_format=format)


@app.command(name="country")
def show_country(
    country: Annotated[str, Parameter(help="Country by code or name, or a group.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    against: Annotated[tuple[str, ...], Parameter(help="Peers to show beside; repeatable.")] = (),
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Show every indicator of a country in its last final year, beside peers."""
    from fourseas.cli import cards
    from fourseas.reports.cards.country import country_card

    cards.show(lake, lambda ws: country_card(ws, country, against=against), out)


@app.command
def pair(
    first: Annotated[str, Parameter(help="Country by code or name.")],
    second: Annotated[str, Parameter(help="The other country.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    out: Annotated[Path | None, Parameter(help=OUT_HELP)] = None,
) -> None:
    """Show what two countries are to each other, from both sides."""
    from fourseas.cli import cards
    from fourseas.reports.cards.pair import pair_card

    cards.show(lake, lambda ws: pair_card(ws, first, second), out)


@app.command
def serve(
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    host: Annotated[
        str, Parameter(help="Address to listen at; others than this machine's need --token.")
    ] = "127.0.0.1",
    port: Annotated[int, Parameter(help="Port to listen at; 0 for any that is free.")] = 8100,
    token: Annotated[
        str | None, Parameter(help="What a reader must show; `new` makes one and prints it.")
    ] = None,
) -> None:
    """Show the lake as pages in a browser: map, positions, countries, pairs, claims, policies.

    Nothing leaves this machine, and pages are read without JavaScript too. Stop it with Ctrl-C.
    """
    from fourseas.cli import serving

    serving.serve(lake, host=host, port=port, token=token)


@app.command
def publish(
    out: Annotated[Path, Parameter(help="Directory of the site.")],
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    country: Annotated[tuple[str, ...], Parameter(help=PUBLISHED_HELP)] = (),
    partners: Annotated[
        int, Parameter(help="Pairs of each country: those with most joint works.")
    ] = 3,
    years: Annotated[
        int, Parameter(help="Maps of each indicator: of its last years so many.")
    ] = 10,
    url: Annotated[
        str | None, Parameter(help="Where it will be, for its site map; none without it.")
    ] = None,
) -> None:
    """Write the pages of `serve` as files that any server of files can hand out, with data.

    Maps of every indicator, countries, pairs, claims, standards, challenges, policies; CSV and
    metadata beside each page, aggregates as Parquet, an RO-Crate around all.
    """
    from fourseas.cli import publishing

    publishing.publish(lake, out, countries=country, partners=partners, years=years, url=url)


@app.command
def explain(
    name: Annotated[str, Parameter(help="Name of an indicator or of a definition.")],
    *,
    lake: Annotated[Path | None, Parameter(name="--lake", help="Lake whose SQL to print.")] = None,
) -> None:
    """Print definition, formula, columns, citation, caveats and SQL."""
    from fourseas.cli import explaining

    explaining.explain(name, lake)


@app.command(name="list")
def list_names(
    what: Annotated[Listing, Parameter(help="Kind of names to list.")] = "indicator",
    *,
    lake: ExistingLake = DEFAULT_LAKE,
) -> None:
    """List what there is, with a line each."""
    from fourseas.cli import listing

    listing.list_names(what, lake)
