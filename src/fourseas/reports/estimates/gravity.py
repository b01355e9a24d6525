"""Gravity as a card: what joint works, or citations, of two countries go with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.errors import UnknownNameError
from fourseas.models import gravity as model
from fourseas.models.gravity import (
    LOG_DISTANCE,
    LOG_MOVERS,
    MOVING,
    PROXIMITY,
    TIES,
    Flows,
    Gravity,
)
from fourseas.models.regression import Coefficient
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import COEFFICIENTS, coefficient_plot, coefficient_rows
from fourseas.reports.estimates.place import Place, Wanted, of_no_census, place
from fourseas.reports.estimates.ties import Tie, movers_of_pairs, proximity_of_pairs
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace

FlowKind = Literal["collaboration", "citation"]
MODELS = {"collaboration": model.MODEL, "citation": model.CITATION_MODEL}
MEASURES = {"collaboration": "p", "citation": "citations"}
WORDS = {"collaboration": "joint works", "citation": "citations"}
NAMES = {
    LOG_DISTANCE: "log of distance",
    **TIES,
    PROXIMITY: "closeness of fields",
    LOG_MOVERS: "log of 1 + persons who moved",
}
COVARIATES = {
    "distance": LOG_DISTANCE,
    "contiguity": "is_contiguous",
    "language": "is_common_language",
    "colony": "is_colony",
    "proximity": PROXIMITY,
    "mobility": LOG_MOVERS,
}
"""Covariates by the name that users call them."""

BOTH_WAYS = (
    "Closeness of fields and movement of persons are of earlier years, and yet follow from joint "
    "work of still earlier ones: of what they go with, part may be their own cause."
)
GEOGRAPHY = ("distance", "contiguity", "language", "colony")
PER_DECADE = "_per_decade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What gravity is asked for.

    Attributes
    ----------
    flow
        Joint works, or citations.
    field
        By id or name.
    years
        First and last; all where none is said.
    register
        The one with most where none is said.
    over_time
        Estimate changes within pairs instead of levels between them.
    covariates
        Names of `COVARIATES`.
    """

    flow: FlowKind = "collaboration"
    field: str = ALL
    years: tuple[int, int] | None = None
    register: str | None = None
    over_time: Literal["levels", "changes"] = "levels"
    covariates: tuple[str, ...] = GEOGRAPHY


def gravity_card(ws: Workspace, question: Question) -> Card:
    """Return the estimate of gravity with what it rests on.

    Raises
    ------
    UnknownNameError
        For a field, register or covariate that is not known.
    NotComputableError
        Where there are no such flows, too few to tell effects apart, or a covariate is not told.
    """
    named = _covariates(question.covariates)
    declared = MODELS[question.flow]
    of_lake = ws.table(declared.reads[0].name)
    wanted = Wanted(
        question=f"Gravity of {WORDS[question.flow]}",
        flows=WORDS[question.flow],
        measure=MEASURES[question.flow],
        field=question.field,
        years=question.years,
        register=question.register,
    )
    found_at = place(ws, of_lake, wanted)
    chosen = found_at.of(of_lake)
    if question.years is not None:
        chosen = chosen.filter(chosen.year.between(*question.years))
    observed = declared.observations.compute(chosen, ws.table("country_distances"))
    ties = _ties(ws, found_at, named)
    every = flows_of(
        observed,
        is_symmetric=question.flow == "collaboration",
        ties={name: tie.table for name, tie in ties.items()},
    )
    flows = replace(every, covariates={name: every.covariates[name] for name in named})
    if question.over_time == "changes":
        found = model.gravity_over_time(flows)
    else:
        found = model.gravity(flows)
    return _card(ws, found_at, Told(question, found, ties))


def _covariates(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the regressors that covariates are called by, each once."""
    for name in names:
        if name not in COVARIATES:
            problem = f"There is no covariate of gravity named `{name}`."
            raise UnknownNameError(problem, f"There are {', '.join(COVARIATES)}.")
    return tuple(dict.fromkeys(COVARIATES[name] for name in names))


def _ties(ws: Workspace, at: Place, named: tuple[str, ...]) -> dict[str, Tie]:
    """Return covariates that are not of geography, where they are asked for."""
    read = {PROXIMITY: proximity_of_pairs, LOG_MOVERS: movers_of_pairs}
    return {name: read[name](ws, at) for name in named if name in read}


@dataclass(frozen=True, slots=True)
class Told:
    """An estimate, what was asked, and where ties come from."""

    question: Question
    found: Gravity
    ties: dict[str, Tie]


def flows_of(
    observed: ir.Table, *, is_symmetric: bool, ties: Mapping[str, pd.DataFrame] | None = None
) -> Flows:
    """Read observations as arrays, with further covariates by pair and year."""
    named = ("unit_id", "partner_id")
    rows = observed.select(
        *named,
        *("year", "flow", "distance_km"),
        **{name: observed[name].cast("float64") for name in TIES},
    ).to_pyarrow()
    found: pd.DataFrame = rows.to_pandas(strings_to_categorical=True)
    countries = sorted({*found.unit_id.cat.categories} | {*found.partner_id.cat.categories})
    origin, destination = (
        np.asarray(found[name].cat.set_categories(countries).cat.codes, dtype=np.int64)
        for name in named
    )
    covariates = {LOG_DISTANCE: np.log(found.distance_km.to_numpy(dtype=np.float64))}
    covariates |= {name: found[name].to_numpy(dtype=np.float64) for name in TIES}
    key = [*named, "year"]
    plain = found[key].astype(dict.fromkeys(named, "object")) if ties else found[key]
    for name, table in (ties or {}).items():
        known = plain.merge(table, on=key, how="left", validate="one_to_one")
        covariates[name] = known["value"].to_numpy(dtype=np.float64)
    return Flows(
        origin=origin,
        destination=destination,
        year=found.year.to_numpy(dtype=np.int64),
        flow=found.flow.to_numpy(dtype=np.float64),
        covariates=covariates,
        is_symmetric=is_symmetric,
    )


def _card(ws: Workspace, at: Place, told: Told) -> Card:
    """Return the card of an estimate."""
    question, found = told.question, told.found
    words = wording(ws)
    flow = WORDS[question.flow]
    changes = found.has_pair_effects
    rows = coefficient_rows(
        found.coefficients,
        {one.name: _name(one.name) for one in found.coefficients},
        {one.name: _meaning(one, flow) for one in found.coefficients},
    )
    field = "all fields together" if at.field_id == ALL else f"field {question.field}"
    years = f"{found.first_year}-{found.last_year}"
    what = "changed with" if changes else "go with"
    reading = _reading(told, words.sources[at.register])
    registers = [at.register, *(tie.register for tie in told.ties.values()), "countries"]
    return Card(
        title=f"Gravity of {flow}, {years}, {field}",
        lead=(
            *of_no_census(ws, at),
            *_lead(found, flow),
            *([BOTH_WAYS] if told.ties else []),
        ),
        pictures=(
            Picture(
                name="coefficients",
                title=f"What {flow} of two countries {what}, beside all that either is.",
                spec=coefficient_plot(
                    rows, title="change of the log per decade" if changes else "log of the ratio"
                ),
                reading=reading,
            ),
        ),
        sheets=(
            Sheet(
                name="coefficients",
                title=f"What {flow} of two countries {what}.",
                headings=COEFFICIENTS,
                rows=rows,
                reading=reading,
            ),
            _sample(found, reading),
        ),
        sources=sources(ws, list(dict.fromkeys(registers))),
        citation=citation(ws),
    )


def _name(name: str) -> str:
    """Return a regressor in words."""
    covariate = NAMES[name.removesuffix(PER_DECADE)]
    return f"{covariate}, change per decade" if name.endswith(PER_DECADE) else covariate


def _meaning(one: Coefficient, flow: str) -> str:
    """Say what an estimate means in percent."""
    per = " more each decade" if one.name.endswith(PER_DECADE) else ""
    if one.name.startswith(LOG_DISTANCE):
        ratio = 2.0**one.estimate - 1
        return f"twice the distance goes with {ratio:+.0%} {flow}{per}"
    if one.name == LOG_MOVERS:
        return f"twice as many go with {2.0**one.estimate - 1:+.0%} {flow}"
    if one.name == PROXIMITY:
        return f"0.1 closer goes with {float(np.exp(one.estimate / 10)) - 1:+.0%} {flow}"
    ratio = float(np.exp(one.estimate)) - 1
    return f"such a tie goes with {ratio:+.0%} {flow}{per}"


def _lead(found: Gravity, flow: str) -> tuple[str, ...]:
    """Say the main estimate in words, and what it is not."""
    distance = next((c for c in found.coefficients if c.name.startswith(LOG_DISTANCE)), None)
    lines = []
    if distance is not None and not found.has_pair_effects:
        low, high = (2.0**end - 1 for end in (distance.low, distance.high))
        lines.append(
            f"Between countries twice as far apart there are {2.0**distance.estimate - 1:+.0%} "
            f"{flow} (95% interval {low:+.0%} to {high:+.0%}), once the size of both is taken into "
            "account."
        )
    if distance is not None and found.has_pair_effects:
        lines.append(
            f"The elasticity of distance has changed by {distance.estimate:+.3f} a decade (95% "
            f"interval {distance.low:+.3f} to {distance.high:+.3f}); below 0 distance weighs more."
        )
    lines.append(
        "An association and no effect: distance stands for all that goes with it, and ties for "
        "what came with them."
    )
    if not found.guard_is_complete:
        lines.append(
            "The problem was too large to examine for every kind of separation: levels without a "
            "positive flow were left out, and no other search was made."
        )
    return tuple(lines)


def _reading(told: Told, source: str) -> Reading:
    question, found = told.question, told.found
    is_joint = question.flow == "collaboration"
    pair = ", ordered pair" if found.has_pair_effects else ""
    collinear = (
        f" Not told apart from the effects: {', '.join(_name(n) for n in found.collinear)}."
        if found.collinear
        else ""
    )
    return Reading(
        definition=(
            f"{MODELS[question.flow].formula}, by Poisson pseudo maximum likelihood, with effects "
            f"of each country in each year as origin and as destination{pair}. Wealth, size and "
            "all else that is one country's own in a year is in them and cannot be told here."
            f"{collinear}{''.join(' ' + tie.meaning for tie in told.ties.values())}"
        ),
        counting=(
            "Full: a work of several countries counts in each of their pairs; each pair stands "
            "there once each way and errors are clustered by pair."
            if is_joint
            else "Fractional on both sides, citations within three years; at home left out; errors "
            "clustered by unordered pair."
        ),
        source=source,
        n=(
            f"{found.n:,} pair-years of {found.n_pairs:,} pairs of {found.n_countries} countries, "
            f"{found.n_zero / found.n:.0%} of them without any."
        ),
        bounds=(
            "95% intervals by Student's t over the clusters; too narrow where few countries have "
            "most of the flows (in trials 84 of 100 held the truth)."
        ),
        coverage=(
            f"{found.pp_flow_covered:.1%} of the flows are between countries and in years whose "
            f"covariates are known. {found.pp_pairs_unknown:.1%} of the pairs have them in no year "
            f"and were left out; of the others {found.pp_pairs_dropped:.1%} of the pairs were "
            f"dropped as uninformative. Not done: other measures of distance, {_undone(told)}the "
            "bias of errors that three effects bring."
        ),
    )


def _undone(told: Told) -> str:
    """Name the covariates that can be asked for and were not."""
    words = {PROXIMITY: "closeness of fields", LOG_MOVERS: "movement of persons"}
    return "".join(f"{words[name]}, " for name in MOVING if name not in told.ties)


def _sample(found: Gravity, reading: Reading) -> Sheet:
    """Return what was estimated on and what was left out."""
    lines = {
        "pair-years estimated on": found.n,
        "of these without any flow": found.n_zero,
        "left out: a level without any flow": found.n_without_positive,
        "left out: separated otherwise": found.n_separated,
        "left out: alone in a level": found.n_single,
        "pairs": found.n_pairs,
        "countries": found.n_countries,
    }
    return Sheet(
        name="sample",
        title="What was estimated on, and what was left out.",
        headings=(Heading("what", "what"), Heading("n", "number", "count")),
        rows=[{"what": what, "n": n} for what, n in lines.items()],
        reading=reading,
    )
