"""Which organisations an affiliation names: each with a score and the reason, or none.

An id that the text itself gives comes first. Then every run of words that is an organisation's name
is taken, of overlapping names the longer, and weighed by what else the text says: country, city,
other organisations in it, how much the words tell, and how many organisations bear the name. Where
it is likelier than not that none of these is meant, names that are like a part of the text are
found by full text, compared with it letter by letter and word by word, and weighed as well.

Organisations compete: the text means one of those that stand there, or none of them. Of several
that are strong each is less likely than it would be alone, and one that nothing rivals needs less.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fourseas.affiliations.countries import Gazetteer
from fourseas.affiliations.directory import Directory, Form
from fourseas.affiliations.evidence import evidence
from fourseas.affiliations.hits import Hit, Said, like, runs, said
from fourseas.affiliations.weights import WEIGHTS_OF_LIKENESS, WEIGHTS_OF_NAMES

GIVEN = re.compile(r"(?<![\w-])ror\.org/(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})(?!\w)", re.IGNORECASE)

NAMED = 0.5
"""Score from which an organisation counts as named; chosen on one half of the benchmark."""

FURTHER = 0.95
"""Score, other names set apart, from which an organisation is named beside a likelier one: a text
with the names of two mostly means one of them; chosen on the same half."""

UNSURE_ABROAD: frozenset[Form] = frozenset({"acronym", "like"})
"""Forms that name no organisation abroad, where the country of the address is known."""

TIED = 0.02
"""Difference of scores below which two organisations of one name cannot be told apart."""


MOST_TOTAL = 40.0
"""Weighed evidence beyond which more says no more."""

Weights = tuple[Mapping[str, float], Mapping[str, float]]
WEIGHTS: Weights = (WEIGHTS_OF_NAMES, WEIGHTS_OF_LIKENESS)
"""Of names that are there, and of names that are like the text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A hit in a segment, its strength, which it is as likely as, and what is seen of it."""

    hit: Hit
    segment: int
    strength: float
    seen: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An organisation that a text may name.

    Attributes
    ----------
    ror_id, name, country_code, city
        The organisation, and where its head office is.
    score
        How likely the text means it and none of the others, from 0 to 1, by the weights of
        `weights`; of several that are named, the others set apart.
    is_named
        Whether that is likely enough, and no other organisation of the name is as likely.
    part
        The words of the text that name it.
    reason
        What speaks for and against it, in words.
    """

    ror_id: str
    name: str
    country_code: str | None
    city: str | None
    score: float
    is_named: bool
    part: str
    reason: str


def candidates(
    text: str,
    known: Directory,
    countries: Gazetteer,
    *,
    country_code: str | None = None,
    named_from: float = NAMED,
    weights: Weights = WEIGHTS,
) -> tuple[Candidate, ...]:
    """Return the organisations that a text may name, the likeliest first.

    Parameters
    ----------
    text
        An affiliation as it is printed, in any language that the directory has names in.
    known, countries
        Organisations and names of countries.
    country_code
        Country of the address where it is known from elsewhere; else the text is asked.
    named_from
        Score from which an organisation counts as named.
    weights
        How much each kind of evidence says.

    Returns
    -------
    tuple of Candidate
        Those with `is_named` are what the text names: several where it names several, none where
        nothing is likely enough.
    """
    given = [found.lower() for found in GIVEN.findall(text) if found.lower() in known.places]
    if given:
        return tuple(_given(ror_id, known) for ror_id in dict.fromkeys(given))
    told = said(text, countries, country_code)
    claims = _claims(told, known, weights)
    scores = _scores(claims, lambda claim: claim.segment)
    named = _named(claims, scores, named_from, is_country_known=country_code is not None)
    best: dict[int, Claim] = {}
    for claim in claims:
        held = best.get(claim.hit.place)
        if held is None or claim.strength > held.strength:
            best[claim.hit.place] = claim
    order = sorted(best, key=lambda place: (place not in named, -scores[place], place))
    scores |= named
    return tuple(
        _candidate(best[place], scores[place], told, known, is_named=place in named)
        for place in order
    )


def taken(names: Sequence[Hit]) -> frozenset[int]:
    """Return the organisations whose names are there, of which no name need be like the text."""
    return frozenset(hit.place for hit in names if hit.form != "short")


def _claims(told: Said, known: Directory, weights: Weights) -> list[Claim]:
    """Return what in a text may mean which organisation."""
    of_names, of_likeness = weights
    names = runs(told, known)
    claims = [_weighed(hit, names, told, known, of_names) for hit in names]
    if sum(claim.strength for claim in claims) < 1:
        others = [hit for hit in like(told, known) if hit.place not in taken(names)]
        every = [*names, *others]
        claims += [_weighed(hit, every, told, known, of_likeness) for hit in others]
    return claims


def _weighed(
    hit: Hit, hits: Sequence[Hit], told: Said, known: Directory, weights: Mapping[str, float]
) -> Claim:
    """Return a hit with the strength that its weighed evidence gives it."""
    seen = evidence(hit, hits, told, known)
    total = sum(weights.get(name, 0.0) * value for name, value in seen.items())
    return Claim(hit, told.words[hit.first].segment, math.exp(min(total, MOST_TOTAL)), seen)


def _scores(claims: Sequence[Claim], among: Callable[[Claim], int]) -> dict[int, float]:
    r"""Return how likely each organisation is meant, of those that claim the same.

    .. math:: P(o) = \frac{\sum_{h \in o} e^{w \cdot x_h}}{1 + \sum_h e^{w \cdot x_h}}

    over the hits *h* of evidence *x* in a segment, or of one run of words; 1 stands for none of
    them. Where an organisation stands in several, the highest counts.
    """
    every: dict[int, float] = {}
    own: dict[tuple[int, int], float] = {}
    for claim in claims:
        where, place = among(claim), claim.hit.place
        every[where] = every.get(where, 1.0) + claim.strength
        own[where, place] = own.get((where, place), 0.0) + claim.strength
    scores: dict[int, float] = {}
    for (where, place), strength in own.items():
        scores[place] = max(scores.get(place, 0.0), strength / every[where])
    return scores


def _named(
    claims: Sequence[Claim],
    scores: Mapping[int, float],
    named_from: float,
    *,
    is_country_known: bool,
) -> dict[int, float]:
    """Return the organisations that a text names, with their scores, other names set apart.

    The likeliest of a segment is named from `named_from`, any other by itself from `FURTHER`; what
    is only like the text is not named beside another.
    """
    alone = _scores(claims, lambda claim: claim.hit.first)
    likeliest: dict[int, Claim] = {}
    for claim in claims:
        held = likeliest.get(claim.segment)
        if held is None or scores[claim.hit.place] > scores[held.hit.place]:
            likeliest[claim.segment] = claim
    return {
        claim.hit.place: alone[claim.hit.place]
        for claim in claims
        if (
            (likeliest[claim.segment] is claim and scores[claim.hit.place] >= named_from)
            or (claim.hit.form != "like" and alone[claim.hit.place] >= FURTHER)
        )
        and not _is_tied(claim, claims, alone)
        and not _is_elsewhere(claim, is_country_known=is_country_known)
    }


def _is_tied(mine: Claim, claims: Sequence[Claim], scores: Mapping[int, float]) -> bool:
    """Return whether another organisation of the same name is as likely."""
    place, first = mine.hit.place, mine.hit.first
    others = (c.hit.place for c in claims if c.hit.first == first and c.hit.place != place)
    return any(scores[place] - scores[other] < TIED for other in others)


def _is_elsewhere(claim: Claim, *, is_country_known: bool) -> bool:
    """Return whether it is the branch of a company abroad, or abroad without its full name."""
    is_abroad = is_country_known and claim.seen["in_other_country"] > 0
    return claim.seen["branch_abroad"] > 0 or (is_abroad and claim.hit.form in UNSURE_ABROAD)


def _given(ror_id: str, known: Directory) -> Candidate:
    organization = known.entries[known.places[ror_id]].organization
    return Candidate(
        ror_id=ror_id,
        name=organization.name,
        country_code=organization.country_code,
        city=organization.city,
        score=1.0,
        is_named=True,
        part=ror_id,
        reason="the text gives its ROR id",
    )


def _candidate(
    claim: Claim, score: float, told: Said, known: Directory, *, is_named: bool
) -> Candidate:
    hit = claim.hit
    organization = known.entries[hit.place].organization
    part = " ".join(word.written for word in told.words[hit.first : hit.last])
    return Candidate(
        ror_id=organization.ror_id,
        name=organization.name,
        country_code=organization.country_code,
        city=organization.city,
        score=score,
        is_named=is_named,
        part=part,
        reason=_reason(hit, part, claim.seen, organization.country_code, organization.city),
    )


MET: Mapping[Form, str] = {
    "name": "“{part}” is its name",
    "reversed": "“{part}” is its name with the halves changed round",
    "acronym": "“{part}” is its acronym",
    "short": "“{part}” is what its name “{name}” is in use",
    "like": "“{part}” is like its name “{key}”, which is there by {coverage:.0%}",
}


def _reason(
    hit: Hit, part: str, seen: Mapping[str, float], country_code: str | None, city: str | None
) -> str:
    """Return what speaks for and against an organisation, in words."""
    bearers = int(seen["n_bearers"])
    others = "another organization bears" if bearers == 1 else f"{bearers} others bear"
    said_of_it = (
        (True, MET[hit.form].format(part=part, key=hit.key, coverage=hit.coverage, name=hit.key)),
        (seen["in_country"], f"its country {country_code} is named"),
        (seen["in_other_country"], f"another country than its {country_code} is named"),
        (seen["branch_abroad"], "it is the branch of a company there"),
        (seen["in_city"], f"its city {city} is named"),
        (bearers, f"{others} the name"),
        (seen["larger_than_bearers"], "more organizations are part of it than of others"),
        (
            bearers and seen["bearer_as_near"] and not seen["larger_than_bearers"],
            "nothing tells them apart",
        ),
        (seen["within_name"], "it stands within the name of another organization"),
        (seen["little"], "the words are common"),
        (seen["inactive"], "it is no longer active"),
    )
    return "; ".join(words for is_so, words in said_of_it if is_so)
