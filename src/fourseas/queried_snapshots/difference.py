"""Why a lake and the live register it was filled from may count differently, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Direction = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of both sides.

    Attributes
    ----------
    snapshot_on, asked_on
        The lake's snapshot, and when the register was asked.
    scope
        census, corpus or sample, as it was said when the works were added.
    last_year
        The last year that was compared.
    n_undecided, n_truncated
        Works counted in the lake of which a country may be missing, and whose list of authors
        was cut off.
    has_other_retractions
        Whether the lake also leaves out what another register calls retracted.
    merged
        Territories that the definition counts under the country, or under any in the world.
    is_world
        Whether all countries together are compared.
    """

    snapshot_on: date
    asked_on: date
    scope: str
    last_year: int
    n_undecided: int
    n_truncated: int
    has_other_retractions: bool
    merged: tuple[str, ...]
    is_world: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What may explain a difference: -1 why the lake has fewer, 1 more, 0 either."""

    direction: Direction
    words: str


def reasons(
    known: Circumstances, seen: frozenset[int], *, does_part_differ: bool
) -> tuple[Reason, ...]:
    """Return what may explain differences of the directions that were seen.

    Nothing is explained where nothing differs. What would make the lake have fewer is not said
    where it has more in every year that differs, and the other way round. What concerns the part
    of the works that has a property is said where that differs.
    """
    told = (
        _scope(known),
        _dates(known),
        _last_year(known),
        _country_rule(known),
        _truncated(known),
        _undecided(known, does_part_differ=does_part_differ),
        _retractions(known),
        _territories(known, does_part_differ=does_part_differ),
    )
    return tuple(
        one
        for one in told
        if one is not None and seen and (one.direction == 0 or one.direction in seen)
    )


def _scope(known: Circumstances) -> Reason | None:
    if known.scope == "census":
        return None
    return Reason(
        direction=-1,
        words=f"Scope: the lake holds a {known.scope} of the register and not all of it; counts "
        "are smaller by what was not chosen.",
    )


def _dates(known: Circumstances) -> Reason | None:
    days = (known.asked_on - known.snapshot_on).days
    if days == 0:
        return None
    apart = f"{abs(days):,} day{'s' * (abs(days) != 1)} {'after' if days > 0 else 'before'}"
    return Reason(
        direction=0,
        words=f"Date: the register was asked on {known.asked_on}, {apart} the lake's snapshot of "
        f"{known.snapshot_on}. Meanwhile works are added, merged, taken back, and get other "
        "years, kinds, topics and countries.",
    )


def _last_year(known: Circumstances) -> Reason | None:
    if known.last_year < known.snapshot_on.year:
        return None
    return Reason(
        direction=-1,
        words=f"Late years: works of {known.snapshot_on.year} and after were still coming in when "
        "the snapshot was made.",
    )


def _country_rule(known: Circumstances) -> Reason | None:
    if known.is_world:
        return None
    return Reason(
        direction=1,
        words="Countries: where an authorship names none, the lake takes that of its institutions; "
        "the register's filter looks at authorships alone.",
    )


def _truncated(known: Circumstances) -> Reason | None:
    if not known.n_truncated:
        return None
    return Reason(
        direction=-1,
        words=f"Cut lists: of {known.n_truncated:,} works counted here the lake has the first "
        "authors only, as the API lists them; the register's filter sees the countries of all.",
    )


def _undecided(known: Circumstances, *, does_part_differ: bool) -> Reason | None:
    if not known.n_undecided or not does_part_differ:
        return None
    return Reason(
        direction=0,
        words=f"Unknown countries: of {known.n_undecided:,} works counted here an author's country "
        "is missing. Neither side calls them international; an address that was read since "
        "moves them.",
    )


def _retractions(known: Circumstances) -> Reason | None:
    if not known.has_other_retractions:
        return None
    return Reason(
        direction=-1,
        words="Retractions: the lake also leaves out what Retraction Watch calls retracted.",
    )


def _territories(known: Circumstances, *, does_part_differ: bool) -> Reason | None:
    if not known.merged or not does_part_differ:
        return None
    return Reason(
        direction=-1,
        words=f"Territories: {' and '.join(known.merged)} are counted under another country here; "
        "for the register a work of both is international.",
    )
