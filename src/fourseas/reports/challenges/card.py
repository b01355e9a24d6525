"""A challenge as a card: works by each reading, how far readings agree, and countries."""

from __future__ import annotations

from fourseas.challenges.challenge import Challenge
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.challenges.summary import Summary, summary
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.workspace import Workspace

MOST_COUNTRIES = 60
READINGS = (
    Heading("reading", "reading"),
    Heading("works", "works", "count"),
    Heading("share", "share of works that could be told", "share"),
)
OVERLAPS = (
    Heading("one", "reading"),
    Heading("other", "other reading"),
    Heading("both", "works of both", "count"),
    Heading("jaccard", "Jaccard", "ratio"),
)
COUNTRIES = (
    Heading("country_name", "country"),
    Heading("core", "works, core", "count"),
    Heading("wide", "works, core+wide", "count"),
    Heading("sdg", "works, SDG", "count"),
    Heading("share", "share of its works", "finer_share"),
)
WITHOUT_GOALS = tuple(one for one in COUNTRIES if one.field != "sdg")
MEANING = (
    "Core: the first topic of a work, or another that scores 0.99 or more, is core in the list. "
    "Core+wide: any topic of the list. SDG: tagged by OpenAlex's classifier with a goal of "
    "the list, whatever its topic."
)


def challenge_card(ws: Workspace, challenge: Challenge) -> Card:
    """Return what a lake holds of a challenge.

    Raises
    ------
    NotComputableError
        Where no work belongs to it.
    """
    found = summary(ws, challenge, take=MOST_COUNTRIES)
    of_works = ws.table("works").select("register").distinct().to_pyarrow()
    first = found.countries[0]["country_name"] if found.countries else None
    most = f" Most are of {first}, by full counting." if first else ""
    return Card(
        title=challenge.title,
        lead=(
            (
                f"{found.core:,} works are core to it and {found.wide:,} touch it, of "
                f"{found.n_works:,} that could be told.{most}"
            ),
            (
                f"Definition {challenge.definition_id}, {len(challenge.rows)} decisions, each "
                "with its reason. What stands by one reading and not by another is told by the "
                "definition, not by the data."
            ),
        ),
        sheets=(
            _sheet(found, "readings", "Works by each reading.", READINGS, _readings(found)),
            _sheet(found, "overlaps", "How far readings agree.", OVERLAPS, _overlaps(found)),
            _sheet(
                found,
                "countries",
                f"The {len(found.countries)} countries with most works of it.",
                COUNTRIES if found.sdg is not None else WITHOUT_GOALS,
                found.countries,
            ),
        ),
        sources=sources(ws, of_works["register"].to_pylist()),
        citation=citation(ws),
    )


def _readings(found: Summary) -> Rows:
    counts = (("core", found.core), ("core+wide", found.wide), ("SDG", found.sdg))
    return [
        {"reading": name, "works": count, "share": count / found.n_works}
        for name, count in counts
        if count is not None
    ]


def _overlaps(found: Summary) -> Rows:
    return [
        {
            "one": one.readings[0],
            "other": one.readings[1],
            "both": one.both,
            "jaccard": one.jaccard,
        }
        for one in found.overlaps
    ]


def _sheet(
    found: Summary, name: str, title: str, headings: tuple[Heading, ...], rows: Rows
) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        headings=headings,
        rows=rows,
        reading=Reading(
            definition=MEANING,
            counting="Full: a work counts once for each country of its authors.",
            source=f"The list {found.challenge.definition_id}, and the works of this lake.",
            n=f"{found.n_works:,} works that could be told.",
            bounds="None: counts, not a sample. `fourseas challenge sample` measures precision.",
            coverage="Works without a topic cannot be told, and are in no number.",
        ),
    )
