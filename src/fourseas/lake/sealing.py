"""Persons stay outside the chain: in their place a record holds a salted hash, a seal.

A seal is SHA-256 over 32 random bytes, the salt, followed by the canonical JSON of
`{"content", "expires_on", "purpose"}`. Salt and content lie together in an entry that can be
removed; what is left in the chain then fits nobody, since without the salt no guess can be tried.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from fourseas.errors import AuditError
from fourseas.lake.chain import Json, JsonMapping, canonical

SEAL = "$sealed"
"""The only key of a mapping that stands for something sealed."""

PERSONAL = frozenset({"by", "contact", "people", "person"})
"""Keys whose values are about persons, wherever they stand."""

IDENTIFYING = frozenset({"by", "email", "label", "name", "orcid"})
"""Keys inside these whose texts are sealed wherever else they occur in the same record."""

OFFICES = frozenset({"obligations", "possible_obligations"})
"""Keys below which `by` names an office, as policies write it, not a person."""

FREE = frozenset({"evidence", "override", "reason"})
"""Keys of texts that people write for a record: parts of names count however they are written."""

SHORTEST_NAME = 4
"""Shorter texts occur by accident in other words."""

SHORTEST_UNCASED = 2
"""Of names in scripts without capital letters, such as 李明; some of these part no words."""

LONGEST_NAME = 6
"""Texts of more words are sentences."""

ADDRESS = re.compile(r"\w@[\w-]+\.\w|\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b|\bperson \d")
"""E-mail addresses, ORCID ids, and texts that tell of ``person 1``; linear in a text's length."""

TELLS_OF_PERSON = re.compile(r"(^|\W)(people|person)(\W|$)")
"""Names of facts about persons, such as ``people/0/role``."""

WORD = re.compile(r"[^\W\d_]+")
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
        return tuple(_names_in(self.content))


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
    a name from inside these values or one of the `known` names, whole or in part. A name that
    nothing of this marks as one is not known here, and stays.

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

    is_named = _search({*names(body), *known}, ADDRESS.pattern)

    def walk(value: Json, *, offices: bool) -> Json:
        if isinstance(value, dict):
            if _is_fact_of_person(value):
                return put_away(value)
            return {
                key: _each(held, put_away)
                if _is_personal(key, offices=offices)
                or (key in FREE and isinstance(held, str) and named_by(held, known))
                else walk(held, offices=offices or key in OFFICES)
                for key, held in value.items()
            }
        if isinstance(value, list):
            return [walk(held, offices=offices) for held in value]
        if isinstance(value, str) and is_named(value):
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


def names(body: JsonMapping) -> set[str]:
    """Return the texts in the personal values of a body by which somebody can be known."""
    return {name for held in _personal(body) for name in _names_in(held)}


def named_in(text: str, names: Iterable[str]) -> bool:
    """Say whether one of the names stands in a text, whole or a capital part of it."""
    return _search(names)(text)


def named_by(label: str, names: Iterable[str]) -> bool:
    """Say whether a label is made of a name or a part of one, however it is capitalized."""
    whole = {*names}
    words = {word.casefold() for word in WORD.findall(_composed(label))}
    parts = {part.casefold() for part in _parts(whole) if _is_telling(part)}
    return named_in(label, whole) or not parts.isdisjoint(words)


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
    """Return the texts in a personal value by which somebody can be known."""
    found = {value} if isinstance(value, str) else {*_identifying(value)}
    return {name for name in found if name not in NOBODY and len(name.split()) <= LONGEST_NAME}


def _identifying(value: Json, *, is_inside: bool = False) -> Iterator[str]:
    """Yield what somebody is called; labels of what lies inside, such as ties, name others."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key in IDENTIFYING and isinstance(held, str):
                is_other = key == "label" and (is_inside or held.islower())
                if not is_other:
                    yield held
            else:
                yield from _identifying(held, is_inside=True)
    elif isinstance(value, list):
        for held in value:
            yield from _identifying(held, is_inside=is_inside)


def _search(names: Iterable[str], *more: str) -> Callable[[str], bool]:
    """Return what says whether a text holds a name, a capital part of one, or another pattern.

    Names are found however they are capitalized and composed; their parts, such as a family name
    alone, only as they are written, and only in texts of several words: a code may be a name too.
    """
    whole = {_composed(name) for name in names}
    anywhere = _pattern(whole, re.IGNORECASE, *more)
    in_prose = _pattern(_parts(whole) - whole, re.NOFLAG)

    def is_named(text: str) -> bool:
        composed = _composed(text)
        is_prose = any(sign.isspace() for sign in composed)
        return bool(anywhere and anywhere.search(composed)) or bool(
            is_prose and in_prose and in_prose.search(composed)
        )

    return is_named


def _parts(names: Iterable[str]) -> set[str]:
    """Return the words of names that do not begin with a small letter."""
    words = (word for name in names for word in WORD.findall(_composed(name)))
    return {word for word in words if not word[0].islower()}


def _composed(text: str) -> str:
    """Return a text in the one composition of its letters, so that é is always one sign."""
    return unicodedata.normalize("NFC", text)


def _pattern(names: Iterable[str], flags: re.RegexFlag, *more: str) -> re.Pattern[str] | None:
    """Return a pattern of names as words of their own, and of more patterns."""
    words = sorted(_word(name) for name in names if _is_telling(name))
    return re.compile("|".join([*more, *words]), flags) if more or words else None


def _word(name: str) -> str:
    """Return the pattern of a name; scripts that part no words have no ends of words."""
    if _is_uncased(name):
        return re.escape(name)
    return rf"(?<![^\W_]){re.escape(name)}(?![^\W_])"


def _is_telling(name: str) -> bool:
    """Say whether a name is long enough not to occur by accident."""
    return len(name) >= (SHORTEST_UNCASED if _is_uncased(name) else SHORTEST_NAME)


def _is_uncased(name: str) -> bool:
    return any(unicodedata.category(sign) == "Lo" for sign in name)
