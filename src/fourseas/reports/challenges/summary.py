"""A challenge in a lake: works by each reading, how far readings agree, and countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from fourseas.challenges.challenge import Challenge
from fourseas.challenges.membership import CHALLENGE_FIELDS
from fourseas.reports.challenges.tagged import flags, tagged
from fourseas.reports.panel import Rows
from fourseas.schema.works import SDG_SCHEME, TOPIC_SCHEME
from fourseas.workspace import Workspace

FLAGS = ("is_core", "is_wide", "is_sdg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Works that two readings share.

    Attributes
    ----------
    readings
        The two, by name.
    both, either
        Works of both, and of at least one.
    """

    readings: tuple[str, str]
    both: int
    either: int

    @property
    def jaccard(self) -> float | None:
        """The share of the works of either that both hold; null where there are none."""
        return self.both / self.either if self.either else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a lake holds of a challenge.

    Attributes
    ----------
    challenge
        The challenge.
    n_works
        Works that could be told to belong: with a topic, or with a title where keywords count.
    core, wide, sdg
        Works by each reading; ``wide`` holds ``core``; ``sdg`` is null where no work of the
        lake has a goal.
    overlaps
        Of each two readings.
    countries
        Rows of ``country``, ``core``, ``wide``, ``sdg`` in works by full counting, ``share``,
        what ``wide`` is of its works that could be told, and the ranks by each reading.
    is_built
        Whether the cells of the lake are of this very list.
    """

    challenge: Challenge
    n_works: int
    core: int
    wide: int
    sdg: int | None
    overlaps: tuple[Overlap, ...]
    countries: Rows
    is_built: bool


def summary(ws: Workspace, challenge: Challenge, *, take: int) -> Summary:
    """Return counts, overlaps and the countries with most works of a challenge.

    Raises
    ------
    NotComputableError
        Where no work belongs to it.
    """
    flagged = ws.kept("works_of_challenge", flags(tagged(ws, challenge)))
    core, wide, sdg = (_count(flagged, flag) for flag in FLAGS)
    fields = ws.table("work_fields")
    has_goals = fields.filter(fields.scheme == SDG_SCHEME).limit(1).count().execute() > 0
    pairs = [("core", "core+wide", "is_core", "is_wide")]
    if has_goals:
        pairs += [
            ("core", "SDG", "is_core", "is_sdg"),
            ("core+wide", "SDG", "is_wide", "is_sdg"),
        ]
    telling = ws.kept("telling_works", _telling(ws, challenge))
    return Summary(
        challenge=challenge,
        n_works=int(telling.count().execute()),
        core=core,
        wide=wide,
        sdg=sdg if has_goals else None,
        overlaps=tuple(
            Overlap(
                readings=(one, other),
                both=int(flagged.filter(flagged[a] & flagged[b]).count().execute()),
                either=int(flagged.filter(flagged[a] | flagged[b]).count().execute()),
            )
            for one, other, a, b in pairs
        ),
        countries=_countries(ws, flagged, telling)[:take],
        is_built=_is_built(ws, challenge),
    )


def _count(flagged: ir.Table, flag: str) -> int:
    return int(flagged.filter(flagged[flag]).count().execute())


def _telling(ws: Workspace, challenge: Challenge) -> ir.Table:
    """Return the works that say whether they belong."""
    fields = ws.table("work_fields")
    known = fields.filter(fields.scheme.isin([TOPIC_SCHEME, SDG_SCHEME])).select("work_id")
    if challenge.included("keyword"):
        known = known.union(ws.table("work_titles").select("work_id"))
    return known.distinct()


def _is_built(ws: Workspace, challenge: Challenge) -> bool:
    """Tell whether the cells of the lake are of this list."""
    if CHALLENGE_FIELDS.name not in ws.tables:
        return False
    rows = ws.table(CHALLENGE_FIELDS.name)
    same = rows.filter(rows.definition_id == challenge.definition_id)
    return int(same.limit(1).count().execute()) > 0


def _countries(ws: Workspace, flagged: ir.Table, telling: ir.Table) -> Rows:
    """Return countries, those with most works by core and wide topics first."""
    placed = ws.table("work_countries").select("work_id", "country_code")
    placed = placed.semi_join(telling, "work_id")
    joined = placed.inner_join(flagged, "work_id")
    counts = joined.group_by("country_code").agg(
        core=joined.is_core.sum(), wide=joined.is_wide.sum(), sdg=joined.is_sdg.sum()
    )
    sizes = placed.group_by("country_code").agg(works=placed.count())
    known = counts.inner_join(sizes, "country_code")
    names = ws.table("countries").select("country_code", "country_name")
    named = known.left_join(names, "country_code").select(
        "country_code", "country_name", "core", "wide", "sdg", share=known.wide / known.works
    )
    rows: list[dict[str, object]] = named.to_pyarrow().to_pylist()
    for reading in ("core", "wide", "sdg"):
        ranks = _ranks([int(str(row[reading])) for row in rows])
        for row, rank in zip(rows, ranks, strict=True):
            row[f"rank_{reading}"] = rank
    rows.sort(key=lambda row: (-int(str(row["wide"])), -int(str(row["sdg"])), row["country_code"]))
    return rows


def _ranks(values: Sequence[int]) -> list[int]:
    """Return the place of each value from the greatest, 1; equals share the first of theirs."""
    ordered = sorted(values, reverse=True)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    return [first[value] for value in values]
