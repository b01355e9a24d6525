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

LakePath = Annotated[Path, Parameter(help="Directory of the lake.")]
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
Changing = Literal["registers", "schema", "rows", "coverage", "indicators", "works"]
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

QUERY_HELP = (
    "Address of a list of works, institutions or topics, of the API or of the site: "
    "https://openalex.org/works?filter=authorships.countries:br,publication_year:2020."
)
MASTER_HELP = "Of Spark: local[2], local-cluster[2,1,2048], spark://HOST:PORT, yarn."
CONF_HELP = "A setting of Spark, such as spark.executor.memory=8g; repeatable."
BEFORE_HELP = (
    "Number of a version, or path of another lake; the version before the current one if left out."
)
AFTER_HELP = "Number of a version, or path of another lake; the current version if left out."
ONLY_HELP = "Part of what changed, repeatable; all if left out."
INDICATOR_HELP = (
    "Indicator to compare, repeatable; all but those of pairs and of single fields if left out."
)
THRESHOLD_HELP = "Change of works of a country and year from which it is listed, from 0 to 1."

FIND_COUNTRY_HELP = (
    "Country by code or name: organizations there, works and standards with an author there. "
    "Funders, topics and fields have no country."
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
def demo(*, out: Annotated[Path, Parameter(help="Where to write.")] = Path("demo")) -> None:
    """Build a lake from the embedded registers, compute everything and write report.html.

    Nothing is fetched: all data come with the package.
    """
    from fourseas.cli import demonstration

    demonstration.run(out)


@app.command
def init(
    lake: LakePath,
    *,
    scope: Annotated[
        Literal["census", "sample", "corpus"],
        Parameter(help="What the works in it are: all, drawn at random, or chosen."),
    ],
) -> None:
    """Create an empty lake."""
    from fourseas.cli import building

    building.init(lake, scope)


@app.command
def add(
    lake: LakePath,
    inputs: Annotated[
        str, Parameter(help="File or directory of the register: a path, or https://, s3://.")
    ],
    *,
    source: Annotated[str, Parameter(help="Register that the files belong to.")],
    snapshot: Annotated[str, Parameter(help="Date of the snapshot, YYYY-MM-DD.")],
    scope: Annotated[
        Literal["census", "sample", "corpus"] | None,
        Parameter(help="If it differs from the lake's."),
    ] = None,
    allow_incomplete: Annotated[
        bool, Parameter(help="Add what is here although the manifest lists more.")
    ] = False,
    replace: Annotated[
        bool, Parameter(help="Take the place of an older snapshot of the register.")
    ] = False,
    dry_run: Annotated[bool, Parameter(help="Say what would be read, and stop.")] = False,
    format: Annotated[  # noqa: A002
        Literal["table", "json"], Parameter(help="How to print the report.")
    ] = "table",
) -> None:
    """Read files of a register into the lake. Run it again after an interruption to go on."""
    from fourseas.cli import building

    do = building.plan_addition if dry_run else building.add
    do(
        lake,
        building.Inputs(place=inputs, source=source, snapshot_on=snapshot, scope=scope),
        building.AddFlags(allow_incomplete=allow_incomplete, replace=replace),
        format,
    )


@app.command
def fetch(
    url: Annotated[str, Parameter(help=QUERY_HELP)],
    out: Annotated[Path, Parameter(help="Directory to write.")],
    *,
    server: Annotated[
        str | None, Parameter(help="Another server that answers like the API.")
    ] = None,
    allow_incomplete: Annotated[
        bool, Parameter(help="Keep what came although the API counts otherwise.")
    ] = False,
    dry_run: Annotated[bool, Parameter(help="Say what it would take, and stop.")] = False,
) -> None:
    """Fetch what a query of OpenAlex finds, as files for `add`. Run it again to go on.

    The key of the API is read from OPENALEX_API_KEY.
    """
    from fourseas.cli import fetching

    fetching.run(
        url,
        out,
        fetching.Flags(server=server, allow_incomplete=allow_incomplete, dry_run=dry_run),
    )


@app.command
def build(
    lake: LakePath,
    *,
    dry_run: Annotated[bool, Parameter(help="Say what would be built, and stop.")] = False,
    engine: Annotated[Literal["duckdb", "spark"], Parameter(help="What computes.")] = "duckdb",
    master: Annotated[str | None, Parameter(help=MASTER_HELP)] = None,
    conf: Annotated[tuple[str, ...], Parameter(help=CONF_HELP)] = (),
) -> None:
    """Link what was added, compute facts and cells, and make them the current version."""
    from fourseas.cli import building

    start = building.engine(engine, master, conf)
    if dry_run:
        building.plan(lake)
    else:
        building.build(lake, start)


@app.command
def doctor(
    lake: LakePath = DEFAULT_LAKE,
    *,
    quick: Annotated[
        bool, Parameter(help="Look at names, sizes and rows, and read no file to its end.")
    ] = False,
    repair: Annotated[
        bool,
        Parameter(help="Take what is damaged out of use, and remove what killed processes left."),
    ] = False,
    format: Annotated[  # noqa: A002
        Literal["table", "json"], Parameter(help="How to print what was found.")
    ] = "table",
) -> None:
    """Look whether a lake is whole, file by file, and say what to do if not."""
    from fourseas.cli import doctoring

    doctoring.doctor(lake, quick=quick, repair=repair, output_format=format)


@app.command
def synth(
    out: Annotated[Path, Parameter(help="Directory to write; with --parts it may hold others.")],
    *,
    works: Annotated[int, Parameter(help="How many works, up to 100,000,000.")],
    seed: Annotated[int, Parameter(help="Worlds of one seed and size are the same.")] = 1,
    layout: Annotated[
        Literal["jsonl", "parquet"], Parameter(help="How the snapshot is written.")
    ] = "jsonl",
    schema: Annotated[
        Literal["2023", "2024", "walden"], Parameter(help="Generation of the records.")
    ] = "walden",
    keys: Annotated[
        Literal["read", "all"],
        Parameter(help="Keys that fourseas reads, or all: records as long as OpenAlex's."),
    ] = "read",
    parts: Annotated[
        str | None, Parameter(help="Write these parts alone: a number, or first-last.")
    ] = None,
) -> None:
    """Write a synthetic snapshot of OpenAlex's shape, with the effects planted in it.

    Its numbers say nothing of the world: it is for measuring speed and testing models.
    """
    from fourseas.cli import synthesizing

    asked = synthesizing.Asked(
        works=works, seed=seed, layout=layout, schema=schema, keys=keys, parts=parts
    )
    synthesizing.run(out, asked)


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
def diff(
    before: Annotated[str | None, Parameter(help=BEFORE_HELP)] = None,
    after: Annotated[str | None, Parameter(help=AFTER_HELP)] = None,
    *,
    lake: ExistingLake = DEFAULT_LAKE,
    only: Annotated[tuple[Changing, ...], Parameter(help=ONLY_HELP)] = (),
    country: Annotated[
        tuple[str, ...], Parameter(help="Country of indicators, or group, or WORLD; repeatable.")
    ] = (),
    field: Annotated[tuple[str, ...], Parameter(help=FIELD_HELP)] = (),
    indicator: Annotated[tuple[str, ...], Parameter(help=INDICATOR_HELP)] = (),
    threshold: Annotated[float, Parameter(help=THRESHOLD_HELP)] = 0.05,
    format: Annotated[OutputFormat, Parameter(help="How to write.")] = "table",  # noqa: A002
    out: Annotated[Path | None, Parameter(help="File to write instead of the screen.")] = None,
) -> None:
    """Show what changed between two versions of a lake, or two lakes.

    Registers, schema, rows, coverage by country and year, indicators that moved more than their
    intervals, and works that appeared, disappeared or changed.
    """
    from fourseas.cli import differing

    differing.diff(
        lake,
        (before, after),
        differing.asked(only, country, field, indicator, threshold=threshold),
        output_format=format,
        out=out,
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
