"""A directory of organisations that can be asked by name, in memory."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

import tantivy

from fourseas.affiliations import words

Form = Literal["name", "reversed", "acronym", "short", "like"]
"""How a text names an organisation: by a name, by one with its halves changed round, by an acronym,
by a name as it is cut short or completed in use, or by words that are like a name."""

QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
"""What ROR adds to tell companies of one name apart, such as `Google (United States)`."""

MAX_ACRONYM = 8
HEADS = (
    ("university", "medical", "center"),
    ("university", "hospital"),
    ("university", "clinic"),
    ("university",),
)
"""What stands before or after the rest of a name, the longer first."""
REVERSIBLE = range(1, 4)
"""Words of the rest of a name that is also known the other way round."""

RAREST = 11.7
"""What a word tells that one name holds: the logarithm of the 120,000 names of the benchmark, so
that weights learned there hold in a small directory as well."""

KINDS = frozenset({"academy", "college", "institute", "school", "university"})
"""Words of which a name without its city must hold one."""

FACULTIES = (
    ("medical", "school"),
    ("school", "medical"),
    ("school", "public", "health"),
    ("school", "engineering"),
    ("school", "law"),
    ("law", "school"),
    ("business", "school"),
    ("school", "business"),
)
MOST_OF_NAME = 2

MEMORY = 128_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organisation as a register describes it.

    Attributes
    ----------
    ror_id
        Its ROR id, without resolver.
    name, names
        Its name as displayed, and every other.
    country_code, city, kind, status
        Of its head office; what it is (education, company, ...); active, inactive or withdrawn.
    n_parts
        Organisations that the register says are part of it.
    """

    ror_id: str
    name: str
    names: tuple[str, ...] = ()
    country_code: str | None = None
    city: str | None = None
    kind: str | None = None
    status: str | None = None
    n_parts: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation with its names in the forms in which they are compared.

    Attributes
    ----------
    organization
        The organisation.
    key, city
        Its displayed name and its city as they are compared.
    written
        Its names in lower case, but not brought to one spelling.
    """

    organization: Organization
    key: str
    city: str
    written: frozenset[str]


@dataclass(frozen=True, slots=True)
class Directory:
    """Organisations with what finds them.

    Attributes
    ----------
    entries
        Those that may be found, in the order of their ids; a place is a position in it.
    places
        Places by ROR id.
    bearers
        By key of a name, the places of the organisations that bear it, and in which form.
    longest
        Most words of a key that begins with a word.
    weights
        What a word tells: from 0, where every name holds it, to `RAREST`, where one does.
    keys
        The names of the full-text index in its order: key, and place of who bears it.
    schema, searcher
        The full-text index.
    """

    entries: tuple[Entry, ...]
    places: Mapping[str, int]
    bearers: Mapping[str, Mapping[int, Form]]
    longest: Mapping[str, int]
    weights: Mapping[str, float]
    keys: tuple[tuple[str, int], ...]
    schema: tantivy.Schema
    searcher: tantivy.Searcher

    def told(self, key: Iterable[str]) -> float:
        """Return what words tell together."""
        return sum(self.weights.get(word, RAREST) for word in key)


def directory(organizations: Iterable[Organization]) -> Directory:
    """Return a directory of organisations; withdrawn ones are left out."""
    kept = sorted((o for o in organizations if o.status != "withdrawn"), key=lambda o: o.ror_id)
    bearers: dict[str, dict[int, Form]] = defaultdict(dict)
    frequency: Counter[str] = Counter()
    keys: list[tuple[str, int]] = []
    entries: list[Entry] = []
    for place, organization in enumerate(kept):
        forms, written = _forms(organization)
        for key, form in forms.items():
            bearers[key][place] = form
            if form == "name":
                keys.append((key, place))
                frequency.update({*key.split()})
        own, city = words.key(organization.name), words.key(organization.city or "")
        entries.append(Entry(organization, own, city, written))
    for key, place in _short_keys(entries, bearers).items():
        bearers[key][place] = "short"
    longest: dict[str, int] = {}
    for key in bearers:
        first, *others = key.split()
        longest[first] = max(longest.get(first, 0), 1 + len(others))
    names = math.log(max(len(keys), 2))
    schema, searcher = _index(keys)
    return Directory(
        entries=tuple(entries),
        places={organization.ror_id: place for place, organization in enumerate(kept)},
        bearers=bearers,
        longest=longest,
        weights={w: RAREST * (1 - math.log(count) / names) for w, count in frequency.items()},
        keys=tuple(keys),
        schema=schema,
        searcher=searcher,
    )


def is_acronym(name: str) -> bool:
    """Return whether a name is one short word, half of it capitals or more."""
    if " " in name or len(name) > MAX_ACRONYM or not name.isascii():
        return False
    return 2 * sum(sign.isupper() for sign in name) >= len(name)


def _forms(organization: Organization) -> tuple[dict[str, Form], frozenset[str]]:
    """Return the keys of an organisation's names with their forms, and the names as written."""
    forms: dict[str, Form] = {}
    as_written = set()
    names = {organization.name, *organization.names}
    for name in sorted(names | {QUALIFIER.sub("", name) for name in names}):
        found = words.words(name)
        if not found:
            continue
        key = " ".join(word.plain for word in found)
        as_written.add(words.written(found))
        if is_acronym(name):
            forms.setdefault(key, "acronym")
            continue
        forms[key] = "name"
        other = _reversed(key)
        if other is not None:
            forms.setdefault(other, "reversed")
    return forms, frozenset(as_written)


def _reversed(key: str) -> str | None:
    """Return `washington university` for `university washington`, and the other way round.

    A hospital of a university is called by both together: `heidelberg university hospital`.
    """
    parts = tuple(key.split())
    for head in HEADS:
        rest = len(parts) - len(head)
        if rest not in REVERSIBLE:
            continue
        if parts[: len(head)] == head:
            return " ".join((*parts[len(head) :], *head))
        if parts[rest:] == head:
            return " ".join((*head, *parts[:rest]))
    return None


def _short_keys(
    entries: Sequence[Entry],
    bearers: Mapping[str, Mapping[int, Form]],
) -> dict[str, int]:
    """Return what organisations are called in use, where it is none's own and one can be meant.

    `Washington University` is the one in St. Louis, whose city is left out; `Yale School of
    Medicine` is of Yale University; `Penn State University` has a word more than its name.
    """
    meant: dict[str, set[int]] = defaultdict(set)
    own = {entry.key for entry in entries}
    for place, entry in enumerate(entries):
        if entry.organization.status == "inactive":
            continue
        for short in (*_without_city(entry), *_faculties(entry)):
            if not _begins_with_name(short, own):
                meant[short].add(place)
    return {
        key: places.pop()
        for key, places in meant.items()
        if len(places) == 1 and not places & bearers.get(key, {}).keys() and key not in own
    }


def _begins_with_name(key: str, names: AbstractSet[str]) -> bool:
    """Return whether the first words are an organisation's, of which the whole is a part."""
    parts = key.split()
    return any(" ".join(parts[:n]) in names for n in range(2, len(parts)))


def _without_city(entry: Entry) -> list[str]:
    """Return a name without the city at its end, or without the person before it.

    So is a faculty of it called: `Washington University School of Medicine`.
    """
    key, city = entry.key, entry.city
    if not city or not key.endswith(f" {city}"):
        return []
    rest = key.removesuffix(f" {city}").split()
    found = []
    if len(rest) > 1 and KINDS & {*rest}:
        found.append(" ".join(rest))
    if len(rest) > 1 and rest[-1] == "university":
        found += [f"university {city}", f"{city} university"]
    if entry.organization.kind == "education":
        found += [
            " ".join((name, *faculty))
            for name in found
            if name.endswith(" university")
            for faculty in FACULTIES
        ]
    return found


def _faculties(entry: Entry) -> list[str]:
    """Return the names of faculties of a university that bears a name of its own."""
    if entry.organization.kind != "education":
        return []
    *own, last = entry.key.split() or [""]
    if last == "university" and 0 < len(own) <= MOST_OF_NAME:
        return [" ".join((*own, *faculty)) for faculty in FACULTIES]
    return []


def _index(keys: list[tuple[str, int]]) -> tuple[tantivy.Schema, tantivy.Searcher]:
    """Return a full-text index of names, held in memory."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("position", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    for position, (key, _) in enumerate(keys):
        writer.add_document(tantivy.Document(words=key, position=position))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return schema, index.searcher()
