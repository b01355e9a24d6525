"""Commands that fill a lake, build it and look after it, each a sentence: parse, call, render."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

LakePath = Annotated[Path, Parameter(help="Directory of the lake.")]
ExistingLake = Annotated[Path, Parameter(name="--lake", help="Directory of the lake.")]
OutputFormat = Literal["table", "csv", "json", "parquet"]
Changing = Literal["registers", "schema", "rows", "coverage", "indicators", "works"]

DEFAULT_LAKE = Path("demo/lake")
QUERY_HELP = (
    "Address of a list of works, institutions or topics, of the API or of the site: "
    "https://openalex.org/works?filter=authorships.countries:br,publication_year:2020."
)
MASTER_HELP = "Of Spark: local[2], local-cluster[2,1,2048], spark://HOST:PORT, yarn."
CONF_HELP = "A setting of Spark, such as spark.executor.memory=8g; repeatable."
FIELD_HELP = (
    "Field by id or name, repeatable; `every` for each field. All fields together if left out, and "
    "each where an indicator is of single fields alone."
)
BEFORE_HELP = (
    "Number of a version, or path of another lake; the version before the current one if left out."
)
AFTER_HELP = "Number of a version, or path of another lake; the current version if left out."
ONLY_HELP = "Part of what changed, repeatable; all if left out."
INDICATOR_HELP = (
    "Indicator to compare, repeatable; all but those of pairs and of single fields if left out."
)
THRESHOLD_HELP = "Change of works of a country and year from which it is listed, from 0 to 1."


def demo(*, out: Annotated[Path, Parameter(help="Where to write.")] = Path("demo")) -> None:
    """Build a lake from the embedded registers, compute everything and write report.html.

    Nothing is fetched: all data come with the package.
    """
    from fourseas.cli import demonstration

    demonstration.run(out)


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


COMMANDS = (demo, init, add, fetch, build, doctor, synth, diff)
"""In the order of a lake's life."""
