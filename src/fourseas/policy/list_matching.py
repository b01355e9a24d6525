"""What organizations the entries of a list may be: candidates with confidence and reason.

A candidate is never more than possible unless the list itself gives the id. The confidences are
conventions that order a queue, not probabilities; they are stated here and nowhere else.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Literal

from fourseas.policy.list_entries import Entry, normalized

Method = Literal["id", "name", "alias", "similar", "review"]
Verdict = Literal["confirmed", "rejected"]
State = Literal["stated", "possible", "confirmed", "rejected", "superseded"]
Place = Literal["same", "unknown", "other"]
"""How the country of an entry stands to that of an organization."""

CONFIDENCES: Mapping[Method, Mapping[Place, float]] = {
    "name": {"same": 0.95, "unknown": 0.8, "other": 0.4},
    "alias": {"same": 0.9, "unknown": 0.7, "other": 0.3},
}
"""Of equal normalized names. Organizations that an entry fits equally well share it."""

SHORT = 6
"""Signs of an abbreviation: equal ones mean little, so that their confidence is halved."""

LEAST_DOUBT = 0.99
"""An id of which the list itself says that it is not confirmed is never beyond doubt."""

DISPUTED = 0.5
"""Confidence of an id that the list gives where the register knows it by other names."""

SIMILAR = 0.85
"""Confidence of names in the same country whose words are all alike."""

LEAST_LIKENESS = 0.7
LEAST_LIKENESS_OF_ID = 0.4
LEAST_LIKENESS_OF_WORDS = 0.8
LETTERS_COMPARED = 4
"""Shorter words are equal or they are not."""

MOST_SIMILAR = 3
"""Candidates of one entry by likeness."""

MOST_COMPARED = 40
COMMON = 2000
"""Words that so many names of a country have do not lead to candidates by themselves."""

SIGNS_OF_ID = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization of a register, with all names that it bears there."""

    ror_id: str
    name: str
    other_names: tuple[str, ...] = ()
    country: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An organization that an entry may be.

    Attributes
    ----------
    candidate_id
        The same for the same list, entry and organization, in every edition.
    entry
        Its place among the entries, from 0.
    ror_id, organization_name, status
        The organization as the register has it; name and status are None where it has none.
    method
        ``id`` where the list gives it, ``name``, ``alias``, or ``similar``; ``review`` where
        persons alone say so.
    matched, matched_with
        The list's name or alias that matched, and the register's.
    confidence
        From 0 to 1.
    """

    candidate_id: str
    entry: int
    ror_id: str
    organization_name: str | None
    status: str | None
    method: Method
    matched: str
    matched_with: str | None
    confidence: float

    @property
    def is_stated(self) -> bool:
        """Whether the list itself says so and the register does not object."""
        return self.method == "id" and self.confidence == 1.0


@dataclass(frozen=True, slots=True)
class Resolved:
    """A candidate and what is known of it."""

    candidate: Candidate
    state: State


def matched(
    list_id: str, entries: Sequence[Entry], organizations: Iterable[Organization]
) -> tuple[Candidate, ...]:
    """Return for each entry the organizations that it may be, the likeliest first.

    An id that the list gives is taken as it is, unless the register knows it under names that
    are unlike all of the entry's. Without an id, equal normalized names and aliases are looked
    for everywhere, and, where none is found in the entry's own country, names of that country
    whose words are alike. An entry without a country is compared by equal names alone.
    """
    register = _Register(tuple(organizations), entries)
    found: list[Candidate] = []
    for place, entry in enumerate(entries):
        guesses = sorted(_guesses(entry, register), key=lambda one: (-one.confidence, one.ror_id))
        for guess in guesses:
            known = register.by_id.get(guess.ror_id)
            found.append(
                Candidate(
                    candidate_id=candidate_id(list_id, entry, guess.ror_id),
                    entry=place,
                    ror_id=guess.ror_id,
                    organization_name=known.name if known else None,
                    status=known.status if known else None,
                    method=guess.method,
                    matched=guess.matched,
                    matched_with=guess.matched_with,
                    confidence=round(guess.confidence, 3),
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What somebody has confirmed: an organization, and how sure the match was then."""

    ror_id: str
    confidence: float


def with_confirmed(
    list_id: str,
    entries: Sequence[Entry],
    found: Iterable[Candidate],
    confirmed: Mapping[str, Confirmed],
) -> tuple[Candidate, ...]:
    """Return the candidates with those that persons have confirmed and nothing suggests now.

    A register that has dropped a name does not undo what a person has said. An entry that has
    gone from the list, or that gives an id by now, is past what was said of it.
    """
    candidates = list(found)
    present = {one.candidate_id for one in candidates}
    organizations = sorted({one.ror_id for one in confirmed.values()})
    for place, entry in enumerate(entries):
        if entry.member_id is not None:
            continue
        for ror_id in organizations:
            known = candidate_id(list_id, entry, ror_id)
            if known in confirmed and known not in present:
                candidates.append(
                    Candidate(
                        candidate_id=known,
                        entry=place,
                        ror_id=ror_id,
                        organization_name=None,
                        status=None,
                        method="review",
                        matched=entry.name,
                        matched_with=None,
                        confidence=confirmed[known].confidence,
                    )
                )
    return tuple(candidates)


def resolved(
    candidates: Iterable[Candidate], verdicts: Mapping[str, Verdict]
) -> tuple[Resolved, ...]:
    """Return the candidates with what persons have said of them.

    Where one of an entry is confirmed, the entry's others are taken back, except for those that
    are confirmed too.
    """
    listed = tuple(candidates)
    settled = {one.entry for one in listed if verdicts.get(one.candidate_id) == "confirmed"}

    def state(one: Candidate) -> State:
        verdict = verdicts.get(one.candidate_id)
        if verdict is not None:
            return verdict
        if one.entry in settled:
            return "superseded"
        return "stated" if one.is_stated else "possible"

    return tuple(Resolved(candidate=one, state=state(one)) for one in listed)


def members(
    entries: Sequence[Entry], found: Iterable[Resolved]
) -> Iterator[dict[str, str | float | bool]]:
    """Yield the members of a list of organizations as the file of a list writes them.

    Rejected candidates are none; possible ones are members of which it is not known whether they
    are meant. An entry without a candidate is nobody's: the register at hand does not have it.
    """
    for one in found:
        if one.state not in {"stated", "confirmed", "possible"}:
            continue
        entry, candidate = entries[one.candidate.entry], one.candidate
        yield {"id": candidate.ror_id, **span(entry)} | (
            {}
            if one.state == "stated"
            else {"confidence": candidate.confidence, "confirmed": one.state == "confirmed"}
        )


def span(entry: Entry) -> dict[str, str]:
    """Return name and days of an entry as the file of a list writes them."""
    days = {"from": entry.first_on, "to": entry.last_on}
    return {"name": entry.name} | {key: day.isoformat() for key, day in days.items() if day}


def candidate_id(list_id: str, entry: Entry, ror_id: str) -> str:
    """Return the id of a candidate; it depends on list, name, country and organization alone."""
    said = "\n".join((list_id, *entry.identity, ror_id))
    return sha256(said.encode()).hexdigest()[:SIGNS_OF_ID]


@dataclass(frozen=True, slots=True)
class _Guess:
    ror_id: str
    method: Method
    matched: str
    matched_with: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of an organization; `place` 0 is the one it is displayed by."""

    organization: Organization
    place: int
    written: str
    words: tuple[str, ...]


class _Register:
    """Organizations by id, by equal name, and by the words of their names in each country.

    Words are indexed in the countries of the entries alone, and of organizations whose id they
    give.
    """

    def __init__(self, organizations: tuple[Organization, ...], entries: Sequence[Entry]) -> None:
        self.by_id = {one.ror_id: one for one in organizations}
        given = (self.by_id.get(entry.member_id or "") for entry in entries)
        countries = {entry.country for entry in entries} | {one.country for one in given if one}
        self.by_name: dict[str, list[_Name]] = defaultdict(list)
        self.n_names: Counter[str] = Counter()
        self.by_word: dict[tuple[str, str], list[_Name]] = defaultdict(list)
        self.by_beginning: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in organizations:
            for place, written in enumerate(dict.fromkeys((one.name, *one.other_names))):
                name = _Name(one, place, written, tuple(normalized(written).split()))
                self.by_name[" ".join(name.words)].append(name)
                if one.country is not None and one.country in countries:
                    self._index(one.country, name)

    def _index(self, country: str, name: _Name) -> None:
        self.n_names[country] += 1
        for word in {*name.words}:
            self.by_word[country, word].append(name)
            if len(word) >= LETTERS_COMPARED:
                self.by_beginning[country, word[:LETTERS_COMPARED]].add(word)

    def weight(self, country: str, word: str) -> float:
        """Return how much a word tells in a country: the rarer, the more; 1 is the least."""
        n_with = len(self.by_word.get((country, word), ()))
        return 1.0 + math.log((1 + self.n_names[country]) / (1 + n_with))

    def near(self, country: str, words: Iterable[str]) -> list[_Name]:
        """Return the names of a country that share the most telling words, or their beginnings."""
        shared: Counter[int] = Counter()
        names: dict[int, _Name] = {}
        for word in {*words}:
            alike = self.by_beginning.get((country, word[:LETTERS_COMPARED]), set())
            for known in {word, *alike}:
                holding = self.by_word.get((country, known), ())
                if len(holding) > COMMON:
                    continue
                for name in holding:
                    names[id(name)] = name
                    shared[id(name)] += 1 + int(10 * self.weight(country, known))
        ranked = sorted(
            names, key=lambda one: (-shared[one], names[one].organization.ror_id, names[one].place)
        )
        return [names[one] for one in ranked[:MOST_COMPARED]]


def _guesses(entry: Entry, register: _Register) -> list[_Guess]:
    """Return at most one guess for each organization: its best."""
    if entry.member_id is not None:
        return [_stated(entry, entry.member_id, register)]
    equal = [*_equal(entry, register)]
    is_found = any(
        entry.country and register.by_id[one.ror_id].country == entry.country for one in equal
    )
    every = equal if is_found else [*equal, *_similar(entry, register)]
    best: dict[str, _Guess] = {}
    for guess in sorted(every, key=lambda one: -one.confidence):
        best.setdefault(guess.ror_id, guess)
    return list(best.values())


def _stated(entry: Entry, ror_id: str, register: _Register) -> _Guess:
    """Return the id that the list gives, with doubt where the register's names are unlike."""
    known = register.by_id.get(ror_id)
    sure = 1.0 if entry.confidence is None else min(entry.confidence, LEAST_DOUBT)
    if known is None or entry.name == ror_id:
        return _Guess(ror_id, "id", entry.name, known.name if known else None, sure)
    likeness, name, written = max(
        (
            (
                alike(
                    normalized(name).split(),
                    normalized(written).split(),
                    lambda word: register.weight(known.country or "", word),
                ),
                name,
                written,
            )
            for name in entry.names
            for written in (known.name, *known.other_names)
        ),
        key=lambda found: found[0],
    )
    confidence = 1.0 if likeness >= LEAST_LIKENESS_OF_ID else DISPUTED
    return _Guess(ror_id, "id", name, written, min(confidence, sure))


def _equal(entry: Entry, register: _Register) -> Iterator[_Guess]:
    """Yield organizations that bear one of the entry's names."""
    found: dict[str, tuple[Method, str, _Name, float]] = {}
    for own_place, own in enumerate(entry.names):
        for name in register.by_name.get(normalized(own), ()):
            method: Method = "name" if own_place == 0 and name.place == 0 else "alias"
            confidence = CONFIDENCES[method][_place(entry.country, name.organization.country)]
            if method == "alias" and len("".join(name.words)) <= SHORT:
                confidence /= 2
            ror_id = name.organization.ror_id
            if ror_id not in found or confidence > found[ror_id][3]:
                found[ror_id] = (method, own, name, confidence)
    rivals = Counter(confidence for *_, confidence in found.values())
    for ror_id, (method, own, name, confidence) in found.items():
        yield _Guess(ror_id, method, own, name.written, confidence / rivals[confidence])


def _place(one: str | None, other: str | None) -> Place:
    if one is None or other is None:
        return "unknown"
    return "same" if one == other else "other"


def _similar(entry: Entry, register: _Register) -> Iterator[_Guess]:
    """Yield the organizations of the entry's country whose names are most alike."""
    country = entry.country
    if country is None:
        return
    best: dict[str, _Guess] = {}
    for own in entry.names:
        words = normalized(own).split()
        for name in register.near(country, words):
            likeness = alike(words, name.words, lambda word: register.weight(country, word))
            ror_id = name.organization.ror_id
            if likeness < LEAST_LIKENESS:
                continue
            guess = _Guess(ror_id, "similar", own, name.written, SIMILAR * likeness)
            if ror_id not in best or guess.confidence > best[ror_id].confidence:
                best[ror_id] = guess
    ranked = sorted(best.values(), key=lambda one: (-one.confidence, one.ror_id))
    yield from ranked[:MOST_SIMILAR]


def alike(one: Sequence[str], other: Sequence[str], weight: Callable[[str], float]) -> float:
    r"""Return how alike two names are, from 0 to 1: the weighted share of words with a twin.

    Twins are equal words, then pairs of long words with most of their letters in common, which
    count by that likeness: :math:`\sum_{pairs} s (w_a + w_b) / \sum_{words} w`.
    """
    left, right = Counter(one), Counter(other)
    equal = left & right
    paired = sum(2 * weight(word) * n for word, n in equal.items())
    whole = sum(weight(word) for word in (*one, *other))
    ours, theirs = [*(left - equal).elements()], [*(right - equal).elements()]
    likenesses = sorted(
        ((_likeness(a, b), a, b) for a in ours for b in theirs), key=lambda found: -found[0]
    )
    for likeness, a, b in likenesses:
        if likeness >= LEAST_LIKENESS_OF_WORDS and a in ours and b in theirs:
            ours.remove(a)
            theirs.remove(b)
            paired += likeness * (weight(a) + weight(b))
    return paired / whole if whole else 0.0


def _likeness(one: str, other: str) -> float:
    """Return the share of letters that two words have in common in the same order."""
    if min(len(one), len(other)) < LETTERS_COMPARED:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio)
    if any(bound() < LEAST_LIKENESS_OF_WORDS for bound in bounds):
        return 0.0
    return matcher.ratio()
