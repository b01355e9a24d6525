"""Persons stay outside the chain: in their place a record holds a salted hash, a seal.

A seal is SHA-256 over 32 random bytes, the salt, followed by the canonical JSON of
`{"content", "expires_on", "purpose"}`. Salt and content lie together in an entry that can be
removed; what is left in the chain then fits nobody, since without the salt no guess can be tried.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from fourseas.errors import AuditError
from fourseas.lake.chain import Json, JsonMapping, canonical

SEAL = "$sealed"
"""The only key of a mapping that stands for something sealed."""

PERSONAL = frozenset({"by", "contact", "people", "person"})
"""Keys whose values are about persons, wherever they stand."""

IDENTIFYING = frozenset({"by", "email", "name", "orcid"})
"""Keys inside these whose texts are sealed wherever else they occur in the same record."""

OFFICES = frozenset({"obligations"})
"""Keys below which `by` names an office, as policies write it, not a person."""

SHORTEST_NAME = 4
"""Shorter texts occur by accident in other words."""

ADDRESS = re.compile(r"\w@[\w-]+\.\w|\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b|\bperson \d")
"""E-mail addresses, ORCID ids, and texts that tell of ``person 1``; linear in a text's length."""

TELLS_OF_PERSON = re.compile(r"(^|\W)(people|person)(\W|$)")
"""Names of facts about persons, such as ``people/0/role``."""

NOBODY = ("", "none", "unknown")
BYTES_OF_SALT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """What a seal stands for.

    Attributes
    ----------
    seal
        The salted hash that the chain holds.
    salt
        64 hexadecimal signs, drawn at random for this entry alone.
    content
        What is about a person.
    purpose, expires_on
        What it is kept for, and the day after which it is to be removed.
    seq
        Place of the record that holds the seal.
    """

    seal: str
    salt: str
    content: Json
    purpose: str
    expires_on: str
    seq: int

    def holds(self) -> bool:
        """Say whether content and salt are those that were sealed."""
        try:
            keeping = Keeping(purpose=self.purpose, expires_on=self.expires_on)
            return sealed(self.salt, self.content, keeping) == self.seal
        except (AuditError, ValueError):
            return False

    def names(self) -> tuple[str, ...]:
        """Return the texts in it by which somebody can be known."""
        if isinstance(self.content, str):
            return (self.content,)
        return tuple(_identifying(self.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Why entries about persons are kept and how long: purpose, and day as YYYY-MM-DD."""

    purpose: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A body without persons, and what its seals stand for."""

    body: JsonMapping
    entries: tuple[PersonEntry, ...]


def sealed(salt: str, content: Json, keeping: Keeping) -> str:
    """Return the seal of a content and of how long it is kept for what."""
    stated = {
        "content": content,
        "expires_on": keeping.expires_on,
        "purpose": keeping.purpose,
    }
    return hashlib.sha256(bytes.fromhex(salt) + canonical(stated)).hexdigest()


def seal(body: JsonMapping, keeping: Keeping, *, seq: int, known: Collection[str] = ()) -> Sealed:
    """Put a seal in the place of everything in a body that is about persons.

    That is: the value of every key of `PERSONAL`, item by item where it is a list; a fact whose
    name begins with one of them; and every other text that holds an e-mail address, an ORCID id,
    a name from inside these values or one of the `known` names.

    Raises
    ------
    AuditError
        If the body uses a key that begins with ``$``, which seals are known by.
    """
    _refuse_marks(body)
    entries: list[PersonEntry] = []

    def put_away(content: Json) -> Json:
        salt = secrets.token_hex(BYTES_OF_SALT)
        entry = PersonEntry(
            seal=sealed(salt, content, keeping),
            salt=salt,
            content=content,
            purpose=keeping.purpose,
            expires_on=keeping.expires_on,
            seq=seq,
        )
        entries.append(entry)
        return {SEAL: entry.seal}

    names = {name for held in _personal(body) for name in _names_in(held)}
    names |= {name for name in known if len(name) >= SHORTEST_NAME}
    pattern = _pattern(names)

    def walk(value: Json, *, offices: bool) -> Json:
        if isinstance(value, dict):
            if _is_fact_of_person(value):
                return put_away(value)
            return {
                key: _each(held, put_away)
                if _is_personal(key, offices=offices)
                else walk(held, offices=offices or key in OFFICES)
                for key, held in value.items()
            }
        if isinstance(value, list):
            return [walk(held, offices=offices) for held in value]
        if isinstance(value, str) and pattern.search(value):
            return put_away(value)
        return value

    without = walk(body, offices=False)
    return Sealed(cast("JsonMapping", without), tuple(entries))


def restore(value: Json, entries: Mapping[str, PersonEntry]) -> tuple[Json, tuple[str, ...]]:
    """Put contents back in the place of their seals.

    Returns
    -------
    tuple
        The value, in which a seal stays where its entry was removed, and the paths to these.
    """
    missing: list[str] = []

    def walk(held: Json, path: str) -> Json:
        if isinstance(held, dict):
            mark = held.get(SEAL)
            if isinstance(mark, str):
                entry = entries.get(mark)
                if entry is None:
                    missing.append(path)
                    return held
                return entry.content
            return {key: walk(inner, f"{path}/{key}") for key, inner in held.items()}
        if isinstance(held, list):
            return [walk(inner, f"{path}/{place}") for place, inner in enumerate(held)]
        return held

    return walk(value, ""), tuple(missing)


def seals(value: Json) -> Iterator[str]:
    """Yield all seals in a value."""
    if isinstance(value, dict):
        mark = value.get(SEAL)
        if isinstance(mark, str):
            yield mark
        for held in value.values():
            yield from seals(held)
    elif isinstance(value, list):
        for held in value:
            yield from seals(held)


def named_in(text: str, names: Iterable[str]) -> bool:
    """Say whether one of the names stands in a text as a word of its own."""
    long_enough = [name for name in names if len(name) >= SHORTEST_NAME]
    return bool(long_enough) and _pattern(long_enough).search(text) is not None


def texts(value: Json) -> Iterator[str]:
    """Yield all texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for held in value.values():
            yield from texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from texts(held)


def _refuse_marks(value: Json) -> None:
    if isinstance(value, dict):
        for key, held in value.items():
            if key.startswith("$"):
                raise AuditError.reserved_key(key)
            _refuse_marks(held)
    elif isinstance(value, list):
        for held in value:
            _refuse_marks(held)


def _is_personal(key: str, *, offices: bool) -> bool:
    if offices and key == "by":
        return False
    return key in PERSONAL or TELLS_OF_PERSON.search(key) is not None


def _is_fact_of_person(value: JsonMapping) -> bool:
    """Say whether a mapping tells one fact of a person, such as ``people/0/role``."""
    named = (value.get(key) for key in ("about", "fact", "path"))
    return any(isinstance(name, str) and TELLS_OF_PERSON.search(name) for name in named)


def _each(value: Json, put_away: Callable[[Json], Json]) -> Json:
    """Seal each item of a list by itself, so that one can be removed and the others stay."""
    if isinstance(value, list):
        return [put_away(held) for held in value]
    if value is None or (isinstance(value, str) and value in NOBODY) or value == {}:
        return value
    return put_away(value)


def _personal(value: Json, *, offices: bool = False) -> Iterator[Json]:
    """Yield the values of all keys that are about persons."""
    if isinstance(value, dict):
        for key, held in value.items():
            if _is_personal(key, offices=offices):
                yield held
            else:
                yield from _personal(held, offices=offices or key in OFFICES)
    elif isinstance(value, list):
        for held in value:
            yield from _personal(held, offices=offices)


def _names_in(value: Json) -> set[str]:
    found = {value} if isinstance(value, str) else set(_identifying(value))
    return {name for name in found if len(name) >= SHORTEST_NAME and name not in NOBODY}


def _identifying(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            if key in IDENTIFYING and isinstance(held, str):
                yield held
            else:
                yield from _identifying(held)
    elif isinstance(value, list):
        for held in value:
            yield from _identifying(held)


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern of addresses and of the names as words of their own."""
    words = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)]
    return re.compile("|".join([ADDRESS.pattern, *words]), re.IGNORECASE)
