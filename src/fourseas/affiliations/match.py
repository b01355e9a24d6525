"""Which organisations an affiliation names: each with a score and the reason, or none.

An id that the text itself gives comes first. Then every run of words that is an organisation's name
is taken, of overlapping names the longer, and weighed by what else the text says: country, city,
other organisations in it, how much the words tell, and how many organisations bear the name. Where
no name is there that is likely enough, names that are like a part of the text are found by full
text, compared with it letter by letter and word by word, and weighed in the same way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourseas.affiliations.countries import Gazetteer
from fourseas.affiliations.directory import Directory, Form
from fourseas.affiliations.evidence import evidence
from fourseas.affiliations.hits import Hit, Said, like, runs, said
from fourseas.affiliations.weights import WEIGHTS_OF_LIKENESS, WEIGHTS_OF_NAMES

GIVEN = re.compile(r"(?<![\w-])ror\.org/(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})(?!\w)", re.IGNORECASE)

NAMED = 0.5
"""Score from which an organisation counts as named; chosen on one half of the benchmark."""

LIKELY = 0.5
"""Score of a name that is there, from which no names are sought that are like the text."""

UNSURE_ABROAD: frozenset[Form] = frozenset({"acronym", "like"})
"""Forms that name no organisation abroad, where the country of the address is known."""

TIED = 0.02
"""Difference of scores below which two organisations of one name cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An organisation that a text may name.

    Attributes
    ----------
    ror_id, name, country_code, city
        The organisation, and where its head office is.
    score
        How likely the text means it, from 0 to 1, by the weights of `weights`.
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
    scored = _scored(told, known)
    best: dict[int, list[float]] = {}
    for hit, score, _ in scored:
        best.setdefault(hit.first, []).append(score)
    found: dict[int, Candidate] = {}
    for hit, score, seen in scored:
        first, *others = best[hit.first]
        is_tied = bool(others) and first - others[0] < TIED
        is_likely = score == first and score >= named_from and not is_tied
        is_abroad = country_code is not None and seen["in_other_country"] > 0
        is_named = is_likely and not (
            seen["branch_abroad"] or (is_abroad and hit.form in UNSURE_ABROAD)
        )
        if hit.place not in found or is_named > found[hit.place].is_named:
            found[hit.place] = _candidate(hit, score, seen, told, known, is_named=is_named)
    return tuple(sorted(found.values(), key=lambda c: (-c.is_named, -c.score, c.ror_id)))


def taken(names: Sequence[Hit]) -> frozenset[int]:
    """Return the organisations whose names are there, of which no name need be like the text."""
    return frozenset(hit.place for hit in names if hit.form != "short")


def _scored(told: Said, known: Directory) -> list[tuple[Hit, float, dict[str, float]]]:
    """Return hits with their scores and what is seen of them, the likeliest first."""
    names = runs(told, known)
    scored = [_weighed(hit, names, told, known, WEIGHTS_OF_NAMES) for hit in names]
    if max((score for _, score, _ in scored), default=0.0) < LIKELY:
        others = [hit for hit in like(told, known) if hit.place not in taken(names)]
        every = [*names, *others]
        scored += [_weighed(hit, every, told, known, WEIGHTS_OF_LIKENESS) for hit in others]
    return sorted(scored, key=lambda one: (-one[1], one[0].first, one[0].place))


def _weighed(
    hit: Hit, hits: Sequence[Hit], told: Said, known: Directory, weights: Mapping[str, float]
) -> tuple[Hit, float, dict[str, float]]:
    """Return a hit with its score: the logistic function of its weighed evidence."""
    seen = evidence(hit, hits, told, known)
    total = sum(weights.get(name, 0.0) * value for name, value in seen.items())
    return hit, 1 / (1 + math.exp(-total)), seen


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
    hit: Hit,
    score: float,
    seen: Mapping[str, float],
    told: Said,
    known: Directory,
    *,
    is_named: bool,
) -> Candidate:
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
        reason=_reason(hit, part, seen, organization.country_code, organization.city),
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
        (seen["little"], "the words are common"),
        (seen["inactive"], "it is no longer active"),
    )
    return "; ".join(words for is_so, words in said_of_it if is_so)
