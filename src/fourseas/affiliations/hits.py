"""Runs of words of an affiliation that are names of organisations, or are like one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import tantivy
from rapidfuzz import fuzz

from fourseas.affiliations import words
from fourseas.affiliations.countries import STATES, Gazetteer, located
from fourseas.affiliations.directory import FACULTIES, RAREST, Directory, Form
from fourseas.affiliations.states import is_state
from fourseas.affiliations.words import Word

SEGMENT = re.compile(f"[{words.SEGMENTS}]")

MAX_WORDS = 14
MAX_BEARERS = 8
"""Organisations of one name, beyond which only those are weighed whose place the text names."""

COMMON = 20
"""Names that hold a word, beyond which the word alone names nobody (`Medicine`, `Engineering`)."""

_PLACE_CODES = """
usa us uk uae prc az ca co ct dc fl ga il in la ma md mi mn mo nc nj ny oh pa sc tx wa wi va
"""
PLACE_CODES = frozenset(_PLACE_CODES.split())
"""Codes of countries and states, which are acronyms of organisations as well."""

STATES_OF_TWO_WORDS = frozenset(words.key(name) for name in STATES if name.count(" ") == 1)

SCHOOLS = frozenset((*FACULTIES, ("medical", "center")))
"""What follows a university's name in that of a part of it, which may have an id of its own."""
SCHOOL_WORDS = sorted({len(school) for school in SCHOOLS})

TOLD_BY_PART = 8.0
TERMS = 6
CANDIDATES = 8
COVERED = 0.6
ALIKE = 85
LONG = 5

TERRITORIES = {
    "GF": "FR",
    "GP": "FR",
    "HK": "CN",
    "MO": "CN",
    "MQ": "FR",
    "PR": "US",
    "RE": "FR",
}
"""Countries by ISO 3166 that addresses write under another country."""


@dataclass(frozen=True, slots=True)
class Said:
    """An affiliation as it is compared.

    Attributes
    ----------
    words
        Its words.
    plain
        Their plain forms, with a space before and after each.
    country_codes
        Countries that each of its segments names, or the next one that names any; or the one
        that is known from elsewhere.
    """

    words: tuple[Word, ...]
    plain: str
    country_codes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A run of words and an organisation that bears it as a name.

    Attributes
    ----------
    place
        Place of the organisation in the directory.
    first, last
        The run: words from first up to, not including, last.
    key
        The name that was met, as it is compared.
    form
        How it is meant.
    likeness, coverage
        Of a name that is like the words: how like from 0 to 1, and what share of all it tells is
        there; both 1 for a name that is there.
    """

    place: int
    first: int
    last: int
    key: str
    form: Form
    likeness: float = 1.0
    coverage: float = 1.0


def said(text: str, known: Gazetteer, country_code: str | None = None) -> Said:
    """Return an affiliation as it is compared, in a country if that is known from elsewhere."""
    found = tuple(words.words(text))
    segments = SEGMENT.split(text)
    codes = [(country_code,) if country_code else located(s, known).country_codes for s in segments]
    for place in range(len(codes) - 1, 0, -1):
        codes[place - 1] = codes[place - 1] or codes[place]
    return Said(found, f" {' '.join(word.plain for word in found)} ", tuple(codes))


def in_country(hit: Hit, told: Said, known: Directory) -> bool | None:
    """Return whether the text names the country of an organisation; null where it names none."""
    code = known.entries[hit.place].organization.country_code
    segment = min(told.words[hit.first].segment, len(told.country_codes) - 1)
    named = told.country_codes[segment]
    if code is None or not named:
        return None
    ours = {code, TERRITORIES.get(code, code)}
    return any(c in ours or TERRITORIES.get(c) in ours for c in named)


def in_city(hit: Hit, told: Said, known: Directory) -> bool:
    """Return whether the text names the city of an organisation besides its name."""
    city = known.entries[hit.place].city
    if not city:
        return False
    padded = f" {city} "
    return told.plain.count(padded) > f" {hit.key} ".count(padded)


def runs(told: Said, known: Directory) -> list[Hit]:
    """Return the organisations whose names are in the text, of overlapping names the longer.

    A name may go on after a comma (`University of California, Los Angeles`) only where it begins
    a part; otherwise the end of one part and the beginning of the next would make names. A
    university within the name of a part of it is there as well.
    """
    found: list[Hit] = []
    end = 0
    for first, word in enumerate(told.words):
        most = min(known.longest.get(word.plain, 0), len(told.words) - first, MAX_WORDS)
        begins = first == 0 or told.words[first - 1].part != word.part
        for last in range(first + most, max(first, end), -1):
            closing = told.words[last - 1]
            if closing.segment != word.segment or (closing.part != word.part and not begins):
                continue
            hits = _bearers(told, first, last, known)
            if hits:
                found += [*hits, *_universities_within(told, first, last, hits, known)]
                end = last
                break
    return found


def _bearers(told: Said, first: int, last: int, known: Directory) -> list[Hit]:
    """Return the organisations that bear a run of words as a name.

    A state bears none, nor does what ends within one (`University of North Carolina`).
    """
    key = " ".join(word.plain for word in told.words[first:last])
    bearers = known.bearers.get(key)
    if bearers is None or (last - first == 1 and is_state(told.words, first)):
        return []
    if " ".join(word.plain for word in told.words[last - 1 : last + 1]) in STATES_OF_TWO_WORDS:
        return []
    is_common = last - first == 1 and known.told((key,)) < RAREST - math.log(COMMON)
    capitals = sum(sign.isupper() for sign in told.words[first].written)
    is_acronym = capitals > 1 and key not in PLACE_CODES
    hits = [
        Hit(place, first, last, key, form)
        for place, form in bearers.items()
        if (is_acronym if form == "acronym" else not is_common or _has_parts(place, key, known))
    ]
    if len(hits) <= MAX_BEARERS:
        return hits
    placed = [hit for hit in hits if in_country(hit, told, known) or in_city(hit, told, known)]
    return placed[:MAX_BEARERS]


def _universities_within(
    told: Said, first: int, last: int, hits: Sequence[Hit], known: Directory
) -> list[Hit]:
    """Return the universities that are named within the longer name of another organisation.

    After a comma in a name that is no university's (`West China Hospital, Sichuan University`),
    where the register has made one name of two; or before a school (`Indiana University School of
    Medicine`).
    """
    name = told.words[first:last]
    comma = last - sum(word.part == name[-1].part for word in name)
    found = []
    if comma > first and not any(_is_university(hit, known) for hit in hits):
        found += _bearers(told, comma, last, known)
    for n in SCHOOL_WORDS:
        if n < len(name) and tuple(word.plain for word in name[-n:]) in SCHOOLS:
            found += _bearers(told, first, last - n, known)
    others = {hit.place for hit in hits}
    return [hit for hit in found if _is_university(hit, known) and hit.place not in others]


def _is_university(hit: Hit, known: Directory) -> bool:
    return known.entries[hit.place].organization.kind == "education"


def _has_parts(place: int, key: str, known: Directory) -> bool:
    """Return whether a name is that of an organisation that lends it to its parts (`Inserm`)."""
    entry = known.entries[place]
    return entry.key == key and entry.organization.n_parts > 0


def like(told: Said, known: Directory) -> list[Hit]:
    """Return organisations whose names are like a part of the text, each with its best part."""
    found: dict[int, Hit] = {}
    first = 0
    for last in range(1, len(told.words) + 1):
        if last < len(told.words) and told.words[last].part == told.words[first].part:
            continue
        for hit in _like_part(told, first, last, known):
            if hit.place not in found or found[hit.place].likeness < hit.likeness:
                found[hit.place] = hit
        first = last
    return list(found.values())


def _like_part(told: Said, first: int, last: int, known: Directory) -> list[Hit]:
    """Return the organisations whose names are like one part of the text.

    A city alone is like nobody's name.
    """
    part = [word.plain for word in told.words[first:last]]
    telling = sorted({*part}, key=lambda word: (-known.told((word,)), word))[:TERMS]
    terms = [
        (tantivy.Occur.Should, query)
        for query in (_term(word, known) for word in telling)
        if query is not None
    ]
    if not terms or known.told(telling) < TOLD_BY_PART:
        return []
    text = " ".join(part)
    hits = []
    query = tantivy.Query.boolean_query(terms)
    for _, address in known.searcher.search(query, limit=CANDIDATES).hits:
        key, place = known.keys[known.searcher.doc(address)["position"][0]]
        there = [word for word in key.split() if _is_there(word, part)]
        all_told = known.told(key.split())
        coverage = known.told(there) / all_told if all_told else 0.0
        if coverage < COVERED or {*there} <= {*known.entries[place].city.split()}:
            continue
        compared = fuzz.partial_ratio if len(key) <= len(text) else fuzz.ratio
        likeness = max(compared(key, text), fuzz.token_sort_ratio(key, text)) / 100
        hits.append(Hit(place, first, last, key, "like", likeness, coverage))
    return hits


def _term(word: str, known: Directory) -> tantivy.Query | None:
    """Return a query for a word; one that no name holds may be misspelled by a letter."""
    if word in known.weights:
        return tantivy.Query.term_query(known.schema, "words", word, "freq")
    if len(word) > LONG and word.isascii() and word.isalpha():
        return tantivy.Query.fuzzy_term_query(known.schema, "words", word, distance=1)
    return None


def _is_there(word: str, part: list[str]) -> bool:
    if word in part:
        return True
    return len(word) >= LONG and any(fuzz.ratio(word, other) >= ALIKE for other in part)
