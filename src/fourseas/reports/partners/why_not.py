"""Why not: who beats a candidate as a partner, in what, and what would have to change."""

from __future__ import annotations

import numpy as np

from fourseas.models.separation import Floats
from fourseas.partners.candidates import OBJECTIVES, candidates, offered
from fourseas.partners.choice import choice
from fourseas.partners.dominance import dominance, is_undominated
from fourseas.partners.exposure import CAP
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Rows
from fourseas.reports.partners.find import OWN, Question, reading
from fourseas.reports.partners.gathering import exposed
from fourseas.reports.partners.pair import Pair, paired
from fourseas.workspace import Workspace

MOST_SHOWN = 12
WHOLE = 100.0
"""From here on a number is written without decimals."""


def why_not_card(ws: Workspace, question: Question, other: str) -> Card:
    """Return who dominates a candidate and by what, and what would put it on the list."""
    pair = paired(ws, question.seeker, other, question.asked, question.challenge)
    pool = pair.pool
    values = candidates(pool.pool, pair.first, offered(pool.pool, pool.asked)).objectives
    listed = exposed(ws, pool, question.terms)
    drawn = choice(values, pool.pool.works, listed > CAP, question.terms)
    sheets = []
    beats = _beating(values, pair.second)
    if beats:
        sheets += [_dominating(ws, pair, values, beats), _changes(ws, pair, values)]
    seeks, named = pair.names
    return Card(
        title=f"Why not {named}, for {seeks}",
        lead=(
            _answer(pair, values, is_listed=pair.second in drawn.places),
            f"{named} would be on {listed[pair.second]:.0%} of all lists; the cap is {CAP:.0%}.",
            OWN,
        ),
        sheets=tuple(sheets),
        sources=sources(ws, {pool.place.register, pool.tied_in or "", "countries"}),
        citation=citation(ws),
    )


def needed(values: Floats, candidate: int) -> Floats:
    """Return what a candidate would have to exceed in each objective alone to be undominated.

    NaN where it is dominated by nobody, or not known in the objective: who is not known there
    could be anything.
    """
    beats = dominance(values)[:, candidate]
    if not beats.any():
        return np.full(values.shape[1], np.nan)
    highest: Floats = np.where(np.isfinite(values[candidate]), values[beats].max(axis=0), np.nan)
    return highest


def _beating(values: Floats, candidate: int) -> list[int]:
    """Return the undominated that dominate a candidate."""
    found = dominance(values)[:, candidate] & is_undominated(values)
    return [int(i) for i in np.flatnonzero(found)]


def _answer(pair: Pair, values: Floats, *, is_listed: bool) -> str:
    seeks, named = pair.names
    own = values[pair.second]
    if not np.isfinite(own).any():
        there = float(pair.pool.pool.credit_of(pair.second)[pair.pool.asked > 0].sum())
        return (
            f"{named} has {there:.2g} fractional works in what is asked for, and it takes "
            f"{pair.pool.pool.least:g}: nothing can be said of it there."
        )
    n = int(dominance(values)[:, pair.second].sum())
    if not n and is_listed:
        return f"Nobody beats {named} as a partner of {seeks}: it is on the list."
    if not n:
        return (
            f"Nobody beats {named} as a partner of {seeks}: it is left out for want of places "
            "alone, since others of those beat more candidates. A longer list (--take) has it."
        )
    kept = (
        " It is on the list all the same: only the largest beat it, and places are kept."
        if is_listed
        else ""
    )
    return f"{n} candidate{'s' * (n > 1)} beat{'s' * (n == 1)} {named}.{kept}"


def _dominating(ws: Workspace, pair: Pair, values: Floats, beats: list[int]) -> Sheet:
    lines: Rows = []
    own = values[pair.second]
    for i in beats[:MOST_SHOWN]:
        better = [
            f"{name.replace('_', ' ')} {_written(values[i, k])} to {_written(own[k])}"
            for k, name in enumerate(OBJECTIVES)
            if values[i, k] > own[k]
        ]
        equal = [
            name.replace("_", " ") for k, name in enumerate(OBJECTIVES) if values[i, k] == own[k]
        ]
        lines.append(
            {"name": pair.pool.names[i], "better": "; ".join(better), "equal": ", ".join(equal)}
        )
    more = len(beats) - MOST_SHOWN
    rest = f" {more} more do." if more > 0 else ""
    return Sheet(
        name="dominating",
        title=f"Who beats {pair.names[1]}, of those whom nobody beats.{rest}",
        headings=(
            Heading("name", "partner"),
            Heading("better", "better in"),
            Heading("equal", "equal in"),
        ),
        rows=lines,
        reading=reading(ws, pair.pool),
    )


def _written(value: float) -> str:
    if not np.isfinite(value):
        return "-"
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.3g}"


def _changes(ws: Workspace, pair: Pair, values: Floats) -> Sheet:
    highest = needed(values, pair.second)
    return Sheet(
        name="changes",
        title="What would have to change: any one of these alone would do.",
        headings=(
            Heading("objective", "objective"),
            Heading("own", pair.names[1]),
            Heading("needed", "to be beaten by nobody, more than"),
        ),
        rows=[
            {
                "objective": name.replace("_", " "),
                "own": _written(values[pair.second, k]),
                "needed": _written(highest[k]),
            }
            for k, name in enumerate(OBJECTIVES)
        ],
        reading=reading(ws, pair.pool),
    )
