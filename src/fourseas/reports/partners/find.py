"""Partners for a country or an organization: a list that nobody on the outside beats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz, process

from fourseas.challenges.challenge import Challenge
from fourseas.errors import FourseasError, NotComputableError
from fourseas.indicators.stability import NORMAL_975
from fourseas.models.separation import Floats
from fourseas.partners.candidates import OBJECTIVES, Candidates, candidates, offered
from fourseas.partners.choice import LARGEST, Choice, Terms, choice
from fourseas.partners.exposure import CAP
from fourseas.partners.weights import scores, weights
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Form, Heading, Reading, Rows
from fourseas.reports.partners.benefit import benefit_sheet
from fourseas.reports.partners.expected import expected_sheet
from fourseas.reports.partners.gathering import (
    LEAST_CREDIT,
    Gathered,
    exposed,
    field_names,
    gathered,
)
from fourseas.reports.partners.place import PLURAL, Asked, Place, Units, place, unit
from fourseas.reports.partners.policies import Held, policy_sheet
from fourseas.reports.partners.topics import place_of_challenge
from fourseas.workspace import Workspace

MOST_FIELDS = 3
"""Fields that are named of a gain, the greatest first."""

ALL_WORDS = "all fields"

GAIN = list(OBJECTIVES).index("gain")

NO_BENEFIT = (
    "What joint works brought either side is not known: the lake holds no census of their records."
)

NO_BENEFIT_OF_ORGANIZATIONS = (
    "What joint works brought either side, and what first ties would bring, is told of countries "
    "alone: joint works of two organizations are counted in the lake and not scored, and many "
    "organizations have no works of their own alone that would give their own level."
)

NO_TIES = (
    "No work of these years names two of them, so that joint works, feasibility by common partners "
    "and independence are not known."
)

OWN = "The objectives are ours; none of them is a forecast of what two would do or gain."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who seeks partners, and for what.

    Attributes
    ----------
    seeker
        A country or an organization, by name or id.
    asked
        Fields, register and years.
    weights
        Of objectives, for a single score; none for the undominated.
    terms
        Length of the list and its guaranteed places.
    challenge
        What they are sought for instead of fields.
    held
        A policy that those on the list are held against.
    """

    seeker: str
    asked: Asked
    weights: Mapping[str, float] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    challenge: Challenge | None = None
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was found of a seeker, before a list is drawn from it."""

    pool: Gathered
    about: str
    seeker: int
    found: Candidates

    @property
    def name(self) -> str:
        """What the seeker is called."""
        return self.pool.names[self.seeker]


def sought(ws: Workspace, question: Question) -> Sought:
    """Return what every unit of the seeker's kind would be to it.

    Raises
    ------
    UnknownNameError, AmbiguousNameError
        For a name of none, or of several organizations.
    NotComputableError
        Where nobody has works in what is asked for, or the seeker too few in all.
    """
    units, unit_id = unit(ws, question.seeker, question.asked.register)
    at, about = located(ws, units, question.asked, question.challenge)
    pool = gathered(ws, at)
    seeker = pool.number(unit_id, question.seeker)
    found = candidates(pool.pool, seeker, offered(pool.pool, pool.asked))
    if not np.isfinite(found.objectives).any():
        problem = f"Partners in {about}"
        nearest = _nearest_named(ws, pool)
        raise NotComputableError.because(
            problem,
            f"none of the {PLURAL[units]} has {LEAST_CREDIT[units]:g} fractional works there, "
            f"{pool.place.years[0]}-{pool.place.years[1]}",
            f"Nearest where some have: {nearest}; or ask for more years with --years."
            if nearest
            else "Ask for more years with --years, or for a coarser field with --field.",
        )
    return Sought(pool=pool, about=about, seeker=seeker, found=found)


def located(
    ws: Workspace, units: Units, asked: Asked, challenge: Challenge | None
) -> tuple[Place, str]:
    """Return where partners are sought, and in what, in words.

    Raises
    ------
    FourseasError
        For fields beside a challenge.
    """
    if challenge is None:
        at = place(ws, units, asked)
        return at, "; ".join(field_names(ws, at).get(one, one) for one in at.field_ids) or ALL_WORDS
    if asked.fields:
        message = f"Fields and the challenge {challenge.name} were asked for."
        raise FourseasError(message, "Ask for one of both: --field, or --challenge.")
    return place_of_challenge(ws, units, challenge, asked)


def find_card(ws: Workspace, question: Question) -> Card:
    """Return the list of partners with what each is and would be to the seeker."""
    of = sought(ws, question)
    lead = [_what(of), *_seeker_lines(of)]
    if question.weights:
        by, was_divided = weights(question.weights)
        drawn = _by_score(of, by, question.terms)
        listed = ", ".join(f"{name} {weight:.3g}" for name, weight in by.items())
        divided = " (divided by their sum, which was not 1)" if was_divided else ""
        lead.append(
            f"In the order of a single score by your weights{divided}: {listed}. The score is the "
            "weighted mean of ranks from 0 to 1 in each objective; who is not known in one that "
            "has a weight is not ranked."
        )
    else:
        on_lists = exposed(ws, of.pool, question.terms)
        drawn = choice(of.found.objectives, of.pool.pool.works, on_lists > CAP, question.terms)
        lead.append(_how_drawn(drawn, question.terms))
    if of.pool.tied_in is None:
        lead.append(NO_TIES)
    lead.append(OWN)
    sheets = [_list(ws, of, drawn), _exchange(ws, of, drawn), _objectives(ws, of)]
    places = [int(one) for one in drawn.places]
    if of.pool.place.units == "country":
        brought = benefit_sheet(ws, of.pool, of.seeker, places)
        if brought is not None:
            sheets.insert(2, brought)
        else:
            lead.append(NO_BENEFIT)
        first, why = expected_sheet(ws, of.pool, of.seeker, places)
        if first is not None:
            sheets.insert(2, first)
        else:
            lead.append(why)
    else:
        lead.append(NO_BENEFIT_OF_ORGANIZATIONS)
    if question.held is not None:
        pair = of.seeker, places
        name = question.challenge.name if question.challenge else None
        found, told = policy_sheet(ws, question.held, of.pool, pair, name)
        sheets.insert(1, found)
        lead.extend(told)
    return Card(
        title=f"Partners of {of.name}",
        lead=tuple(lead),
        sheets=tuple(sheets),
        sources=sources(ws, {of.pool.place.register, of.pool.tied_in or "", "countries"}),
        citation=citation(ws),
    )


def _what(of: Sought) -> str:
    at = of.pool.place
    n = int(np.isfinite(of.found.objectives).any(axis=1).sum())
    kind = PLURAL[at.units] if n > 1 else at.units
    return f"Sought in {of.about}: {n} {kind} with works enough, {_years(at.years)}."


def _seeker_lines(of: Sought) -> list[str]:
    """Say what the seeker itself has there."""
    pool = of.pool
    own = float(pool.pool.credit_of(of.seeker)[pool.asked > 0].sum())
    if own == 0:
        return [f"{of.name} has no work there itself; it has most in {_most(pool, of.seeker)}."]
    if not (of.found.objectives[:, GAIN] > 0).any():
        none = "lacks nothing there that others are strong in, by this measure"
        return [f"{of.name} {none}: `gain` does not tell partners apart."]
    return []


def _most(pool: Gathered, seeker: int) -> str:
    """Name the fields in which a unit has most works."""
    order = np.argsort(-pool.pool.credit_of(seeker))[:MOST_FIELDS]
    return "; ".join(pool.field_names[i] for i in order)


def _nearest_named(ws: Workspace, pool: Gathered) -> str:
    """Name other fields that some have works enough in, nearest first by the words of names."""
    at = pool.place
    every = field_names(ws, at)
    wanted = [every.get(one, one) for one in at.field_ids]
    is_told = pool.pool.credit.max(axis=0).toarray().ravel() >= pool.pool.least
    told = [
        name
        for name, has_works, one in zip(pool.field_names, is_told, pool.fields, strict=True)
        if has_works and one not in at.field_ids
    ]
    if not told or not wanted:
        return ""
    likeness = process.cdist(told, wanted, scorer=fuzz.token_set_ratio).max(axis=1)
    order = np.argsort(-likeness, kind="stable")[:MOST_FIELDS]
    return "; ".join(told[i] for i in order)


def _how_drawn(drawn: Choice, terms: Terms) -> str:
    kept = int(drawn.is_guaranteed.sum())
    lines = (
        f"{drawn.n_undominated} are dominated by nobody in the five objectives below; shown are "
        f"{len(drawn.places)}, those first of whom all objectives are known and who dominate most "
        f"others. {terms.guaranteed:.0%} of the places are kept for others than the largest "
        f"{LARGEST:.0%}"
    )
    if kept:
        lines += f", {kept} of them for some whom only the largest dominate (kept)"
    capped = f"; {drawn.n_capped} gave way" if drawn.n_capped else ""
    return f"{lines}. Who would be on more than {CAP:.0%} of all lists gives way{capped}."


def _by_score(of: Sought, by: Mapping[str, float], terms: Terms) -> Choice:
    """Return those of the highest score."""
    found = scores(of.found.objectives, by)
    order = np.argsort(np.where(np.isfinite(found), -found, np.inf), kind="stable")
    places = order[: min(terms.take, int(np.isfinite(found).sum()))].astype(np.int64)
    return Choice(
        places=places,
        is_guaranteed=np.zeros(len(places), dtype=bool),
        n_undominated=0,
        n_capped=0,
    )


def _list(ws: Workspace, of: Sought, drawn: Choice) -> Sheet:
    found = of.found
    rows: Rows = []
    for place_, is_kept in zip(drawn.places, drawn.is_guaranteed, strict=True):
        i = int(place_)
        unknown = [
            name.replace("_", " ")
            for name, value in zip(OBJECTIVES, found.objectives[i], strict=True)
            if not np.isfinite(value)
        ]
        rows.append(
            {
                "name": of.pool.names[i],
                "strength": number(found.objectives[i, 0]),
                **_bounds(found, i),
                "gain": number(found.objectives[i, 1]),
                "partner_gain": number(found.objectives[i, 2]),
                "feasibility": number(found.objectives[i, 3]),
                "independence": number(found.objectives[i, 4]),
                "joint": number(found.joint[i]),
                "n_common": number(found.n_common[i]),
                "dependence": number(found.dependence[i]),
                "partner_dependence": number(found.partner_dependence[i]),
                "kept": "kept" if is_kept else "",
                "unknown": ", ".join(unknown),
            }
        )
    strength: Form = "count" if of.pool.place.units == "country" else "decimal"
    headings = (
        Heading("name", "partner"),
        Heading("strength", "strength", strength),
        Heading("gain", "gain", "finer_ratio"),
        Heading("partner_gain", "partner's gain", "finer_ratio"),
        Heading("feasibility", "feasibility", "ratio"),
        Heading("independence", "independence", "finer_ratio"),
        Heading("joint", "joint works", "count"),
        Heading("n_common", "common partners", "count"),
        Heading("dependence", "own concentration then", "finer_ratio"),
        Heading("partner_dependence", "partner's then", "finer_ratio"),
        Heading("kept", "kept"),
        Heading("strength_low", "strength from", strength),
        Heading("strength_high", "to", strength),
        Heading("unknown", "not known"),
    )
    return Sheet(
        name="partners",
        title=f"Who could be a partner of {of.name}.",
        headings=tuple(
            one for one in headings if one.field not in BESIDE or any(x[one.field] for x in rows)
        ),
        rows=rows,
        reading=reading(ws, of.pool),
    )


def _bounds(found: Candidates, i: int) -> dict[str, object]:
    """Return the ends of the interval of strength; null where it is not known."""
    strength, reach = found.objectives[i, 0], NORMAL_975 * found.error[i]
    return {
        "strength_low": number(max(strength - reach, 0.0)),
        "strength_high": number(strength + reach),
    }


BESIDE = {"kept", "unknown", "strength_low", "strength_high"}
"""Columns that are left out where they say nothing."""


def _exchange(ws: Workspace, of: Sought, drawn: Choice) -> Sheet:
    """Return what either has that the other lacks, in named fields."""
    rows: Rows = [
        {
            "name": of.pool.names[i],
            "they_have": named(of.pool, of.found.gains(i)),
            "you_have": named(of.pool, of.found.partner_gains(i)),
        }
        for i in (int(one) for one in drawn.places)
    ]
    return Sheet(
        name="exchange",
        title="What each has that the other has little of, the most first.",
        headings=(
            Heading("name", "partner"),
            Heading("they_have", f"they are strong in, {of.name} has little of"),
            Heading("you_have", f"{of.name} is strong in, they have little of"),
        ),
        rows=rows,
        reading=reading(ws, of.pool),
    )


def _objectives(ws: Workspace, of: Sought) -> Sheet:
    """Return what the list was drawn by."""
    known = np.isfinite(of.found.objectives)
    n = int(known.any(axis=1).sum())
    return Sheet(
        name="objectives",
        title="What the list was drawn by; of each, more is better.",
        headings=(
            Heading("objective", "objective"),
            Heading("meaning", "meaning"),
            Heading("n_known", "known of", "count"),
            Heading("n", "of", "count"),
        ),
        rows=[
            {
                "objective": name.replace("_", " "),
                "meaning": meaning,
                "n_known": int(known[:, i].sum()),
                "n": n,
            }
            for i, (name, meaning) in enumerate(OBJECTIVES.items())
        ],
        reading=reading(ws, of.pool),
    )


def named(pool: Gathered, gains: Floats) -> str:
    """Name the fields of a gain, the greatest first."""
    order = np.argsort(-np.nan_to_num(gains))[:MOST_FIELDS]
    return "; ".join(pool.field_names[i] for i in order if gains[i] > 0)


def number(value: float) -> float | None:
    """Return a number, or null where it is not known."""
    return float(value) if np.isfinite(value) else None


def reading(ws: Workspace, pool: Gathered) -> Reading:
    """Say how to read numbers of a pool."""
    at = pool.place
    level = (
        "times their level, where the world has 1"
        if pool.has_levels
        else "alone, for nobody has scored works enough for a level"
    )
    ease = (
        f"what distance, borders, language and history lead to by gravity ({pool.ease_from}), "
        "without sizes; 1 is the mean of possible partners"
        if pool.ease_from
        else "resource allocation over common partners"
    )
    tied = f"{pool.tied_in}, {_years(pool.tied_years)}" if pool.tied_years else "not known"
    titles = {str(x["register"]): x for x in ws.table("registers").to_pyarrow().to_pylist()}
    row = titles[at.register]
    return Reading(
        definition=f"Strength: fractional works in what is asked for {level}. Gain: what one has "
        "less of than the world, times what the other has more of and its level there; the "
        "seeker's in what is asked for, the partner's over all fields. Feasibility: "
        f"{ease}. Concentration: Herfindahl index of partners with one more mean tie between the "
        f"two; independence is one minus the greater. Joint works in all fields: {tied}.",
        counting="Works fractional, joint works and partners full.",
        source=f"{row['title']}, snapshot of {row['snapshot_on']}, a {row['scope']}.",
        n=f"{len(pool.units)} {PLURAL[at.units]} with a profile, {len(pool.fields)} fields, "
        f"{_years(at.years)}.",
        bounds="Of strength 95%, as if each work were drawn for itself, where there are levels. "
        "None of gains: they are indices of where to look. What joint works brought has "
        "intervals, where there are records of them.",
        coverage="What the register indexes; a dash where it is not known, which neither wins nor "
        "loses.",
    )


def _years(years: tuple[int, int]) -> str:
    return f"{years[0]}-{years[1]}" if years[0] != years[1] else str(years[0])
