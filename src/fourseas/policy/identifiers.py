"""Ids of countries, organizations, topics and fields: one spelling each, slips found early.

Invented ones, for illustrations, cannot be mistaken for real ones: countries XA to XZ (which
ISO 3166-1 leaves to users; XK is Kosovo) and ids that begin with ``invented:``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from fourseas.schema.countries import COUNTRY_CODES, SUCCEEDED_CODES

Names = Mapping[str, Mapping[str, str]]
"""Names by id, by kind of id."""

ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
TOPIC = re.compile(r"(?:https://openalex\.org/)?([Tt][0-9]{5})")
FIELD = re.compile(r"(?:https://openalex\.org/fields/|fields/)?([0-9]{2})")
INVENTED = re.compile(r"invented:[a-z0-9]+(-[a-z0-9]+)*")
INVENTED_COUNTRY = re.compile(r"X[A-Z]")
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
CHECK = 97
ALIKE = 0.7
"""So like a name must a slip be that it is offered."""

DIGITS_OF_CHECK = 2


class UnknownIdError(ValueError):
    """An id that is none; the message is a sentence and says what to do."""


def identifier(kind: str, written: str, known: Mapping[str, str] | None = None) -> str:
    """Return an id in its one spelling.

    Parameters
    ----------
    kind
        ``country``, ``organization``, ``topic`` or ``field``.
    written
        As somebody wrote it, with or without a resolver.
    known
        All ids of the kind with their names, where they are at hand.

    Raises
    ------
    UnknownIdError
        If it is none of the kind, with the nearest that is.
    """
    found = written.strip()
    if kind == "country":
        return _country(found, known or {})
    if INVENTED.fullmatch(found):
        return found
    pattern = {"organization": ROR, "topic": TOPIC, "field": FIELD}[kind]
    match = pattern.fullmatch(found.casefold() if kind == "organization" else found)
    if match is None:
        form = {
            "organization": "a ROR id such as 02nr0ka47",
            "topic": "a topic such as T10001",
            "field": "the two digits of an OpenAlex field, in quotes",
        }
        hint = _named(found, known or {}) or f"Write {form[kind]}."
        message = f"`{written}` is no id of the kind {kind}. {hint}"
        raise UnknownIdError(message)
    bare = match.group(1)
    bare = bare.upper() if kind == "topic" else bare
    if kind == "organization" and not _keeps_check(bare):
        message = f"`{written}` is no ROR id: its last two digits do not fit. Look it up again."
        raise UnknownIdError(message)
    if known and bare not in known:
        hint = _named(bare, known) or "Look it up again."
        message = f"`{written}` is not known as {kind}. {hint}"
        raise UnknownIdError(message)
    return bare


def _named(written: str, known: Mapping[str, str]) -> str | None:
    """Return what was perhaps meant where a name stands for an id, or an id has a slip."""
    folded = written.casefold()
    ids = {name.casefold(): one for one, name in known.items()}
    holding = [name for name in ids if f" {folded}" in f" {name}"]
    near = sorted(holding, key=len) or difflib.get_close_matches(folded, ids, cutoff=ALIKE)
    spelled = written.upper()
    begun = [one for one in known if one.startswith(spelled)]
    found = [ids[name] for name in near] or begun or difflib.get_close_matches(spelled, known)
    return f"Did you mean {found[0]} ({known[found[0]]})?" if found else None


def _country(written: str, known: Mapping[str, str]) -> str:
    if written in COUNTRY_CODES or INVENTED_COUNTRY.fullmatch(written):
        return written
    upper = written.upper()
    meant = upper if upper in COUNTRY_CODES else SUCCEEDED_CODES.get(upper)
    if meant is not None:
        hint = f"Did you mean {meant}?"
    else:
        hint = _named(written, known) or "Write two capital letters of ISO 3166-1."
    message = f"`{written}` is no country code. {hint}"
    raise UnknownIdError(message)


def _keeps_check(ror_id: str) -> bool:
    """Say whether the two check digits of a ROR id fit (ISO 7064, MOD 97-10)."""
    body, check = ror_id[:-DIGITS_OF_CHECK], int(ror_id[-DIGITS_OF_CHECK:])
    number = 0
    for sign in body:
        number = number * len(CROCKFORD) + CROCKFORD.index(sign)
    return (CHECK + 1 - number * 100 % CHECK) % CHECK == check % CHECK
