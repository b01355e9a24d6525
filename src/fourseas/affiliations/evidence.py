"""What speaks for and against an organisation being the one that a text means."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from fourseas.affiliations import words
from fourseas.affiliations.directory import QUALIFIER, Directory, Entry, Form
from fourseas.affiliations.hits import Hit, Said, in_city, in_country

LITTLE = 8.0
"""What a name tells at least before it speaks of one organisation (natural logarithm)."""

PROPER: Mapping[Form, int] = {"name": 0, "short": 1, "reversed": 2}
"""How properly a name is borne; a bearer that bears it less so is no rival."""
LEAST_PROPER = 2
SYSTEM = " system"
MOST = 40.0
LONG_ACRONYM = 4
MAX_RIVALS = 5
MAX_LESS = 20.0

UMBRELLA = 30
"""Organisations that are part of one, from which it is an umbrella: an academy, a council, a
university of many institutes. It stands beside a part of it, or beside its host."""

_UNITS = """
center clinic college department division faculty group institute laboratory program school
section unit
"""
UNITS = frozenset(_UNITS.split())
"""First words of what is often a part of an organisation, not one of its own."""


def evidence(hit: Hit, hits: Sequence[Hit], told: Said, known: Directory) -> dict[str, float]:
    """Return what is seen of a hit among all hits of a text; true is 1.

    ``told`` is what the words of the name tell, over 10. ``bearers`` are other organisations of
    the same name, ``rivals`` organisations of other names in the text.
    """
    bearers = [
        h
        for h in hits
        if h.first == hit.first
        and h.place != hit.place
        and h.key == hit.key
        and not _is_lesser(h, hit, known)
    ]
    is_member = _after_member(hit, told)
    rivals = [
        h
        for h in hits
        if h.key != hit.key and h.form != "like" and (is_member or not _after_member(h, told))
    ]
    seen = {
        "always": 1.0,
        **_of_the_name(hit, told, known),
        **_of_the_place(hit, bearers, told, known),
        **_of_the_rivals(hit, rivals, known),
        **_of_the_longer(hit, hits),
    }
    if hit.form == "like":
        seen |= {
            "likeness": hit.likeness**2,
            "coverage": hit.coverage,
            "filled": _filled(hit, told, known),
        }
    return {name: float(value) for name, value in seen.items()}


def _filled(hit: Hit, told: Said, known: Directory) -> float:
    """Return what share of all that a part of a text tells is in a name."""
    part = {word.plain for word in told.words[hit.first : hit.last]}
    return known.told(part & {*hit.key.split()}) / max(known.told(part), 1.0)


def _is_lesser(other: Hit, hit: Hit, known: Directory) -> bool:
    """Return whether another bearer of a name is no rival for it.

    It is inactive, the system of a university that bears its very name, or bears it less properly.
    """
    theirs, ours = known.entries[other.place], known.entries[hit.place]
    if _is_inactive(theirs) != _is_inactive(ours):
        return _is_inactive(theirs)
    if _is_system(theirs) and ours.key == hit.key:
        return True
    return PROPER.get(other.form, 0) > PROPER.get(hit.form, LEAST_PROPER)


def _is_inactive(entry: Entry) -> bool:
    return entry.organization.status == "inactive"


def _is_system(entry: Entry) -> bool:
    return entry.key.endswith(SYSTEM)


def _after_member(hit: Hit, told: Said) -> bool:
    """Return whether a name follows the word `member`, as in `corporate member of`."""
    return any(word.plain == "member" for word in told.words[1 : hit.first])


def _of_the_name(hit: Hit, told: Said, known: Directory) -> dict[str, float]:
    """Return what the name says, and where it stands in its part of the text."""
    entry = known.entries[hit.place]
    organization = entry.organization
    before = told.words[hit.first - 1] if hit.first else None
    after = told.words[hit.last] if hit.last < len(told.words) else None
    opening, closing = told.words[hit.first], told.words[hit.last - 1]
    starts = before is None or before.part != opening.part
    ends = after is None or after.part != closing.part or after.plain.isdigit()
    weight = min(known.told(hit.key.split()), MOST)
    is_university = organization.kind == "education"
    is_little = weight < LITTLE and hit.form != "acronym"
    return {
        "told": weight / 10,
        "little": is_little,
        "little_university": is_little and is_university,
        "n_words": hit.key.count(" ") + 1,
        "starts_part": starts,
        "whole_part": starts and ends,
        "whole_part_university": starts and ends and is_university,
        "other_parts": closing.part != opening.part,
        "last_part": closing.part == told.words[-1].part,
        "share_of_text": (hit.last - hit.first) / len(told.words),
        "own_name": entry.key == hit.key,
        "as_written": words.written(told.words[hit.first : hit.last]) in entry.written,
        "reversed": hit.form == "reversed",
        "acronym": hit.form == "acronym",
        "long_acronym": hit.form == "acronym" and len(hit.key) >= LONG_ACRONYM,
        "university": is_university,
        "unit": hit.key.split()[0] in UNITS,
        "unnamed_university": " university " in told.plain and "university" not in hit.key.split(),
        "member": _after_member(hit, told),
        "system": _is_system(entry) and not hit.key.endswith(SYSTEM),
        "inactive": _is_inactive(entry),
        "short": hit.form == "short",
        "parts": math.log1p(organization.n_parts),
        "n_names": math.log(len(organization.names) + 1),
    }


def _of_the_place(
    hit: Hit, bearers: Sequence[Hit], told: Said, known: Directory
) -> dict[str, float]:
    """Return what country and city say, and whether they tell organisations of one name apart."""
    placed = _placed(hit, told, known)
    agrees, city = placed
    is_branch = QUALIFIER.search(known.entries[hit.place].organization.name) is not None
    text = words.written(told.words[hit.first : hit.last])
    written = text in known.entries[hit.place].written
    elsewhere = any(text in known.entries[h.place].written for h in bearers)
    larger, smaller = _sizes(hit, bearers, told, known)
    n_bearers = min(len(bearers), MAX_RIVALS)
    own_city = known.entries[hit.place].city
    return {
        "in_country": agrees > 0,
        "in_other_country": agrees < 0,
        "branch_abroad": agrees < 0 and is_branch,
        "in_city": city,
        "city_in_name": bool(own_city) and f" {own_city} " in f" {hit.key} ",
        "n_bearers": n_bearers,
        "n_smaller_bearers": n_bearers if larger else 0,
        "bearer_as_near": any(_placed(h, told, known) >= placed for h in bearers),
        "alone_by_own_name": bool(bearers)
        and known.entries[hit.place].key == hit.key
        and all(known.entries[h.place].key != hit.key for h in bearers),
        "larger_than_bearers": larger,
        "smaller_than_bearer": smaller,
        "alone_as_written": bool(bearers) and written and not elsewhere,
        "bearer_as_written": not written and elsewhere,
        "in_country_of_bearers": agrees > 0 and bool(bearers),
        "in_city_of_bearers": city and bool(bearers),
    }


def _sizes(hit: Hit, bearers: Sequence[Hit], told: Said, known: Directory) -> tuple[bool, bool]:
    """Return whether it has more parts than all bearers of a name, and whether one has more.

    Only bearers that the text places as near are asked: a place tells more than size.
    """
    parts, placed = known.entries[hit.place].organization.n_parts, _placed(hit, told, known)
    others = [
        (known.entries[h.place].organization.n_parts, _placed(h, told, known)) for h in bearers
    ]
    larger = bool(others) and all(parts > n and placed >= near for n, near in others)
    return larger, any(parts < n and placed <= near for n, near in others)


def _placed(hit: Hit, told: Said, known: Directory) -> tuple[int, bool]:
    agrees = in_country(hit, told, known)
    return 0 if agrees is None else 1 if agrees else -1, in_city(hit, told, known)


def _of_the_rivals(hit: Hit, rivals: Sequence[Hit], known: Directory) -> dict[str, float]:
    """Return what the other names in the text say of this one."""
    own = known.entries[hit.place].organization
    weights = {h.key: known.told(h.key.split()) for h in rivals}
    strong = [
        known.entries[h.place].organization
        for h in rivals
        if h.first != hit.first and weights[h.key] >= LITTLE
    ]
    university = any(
        known.entries[h.place].organization.kind == "education" and h.form != "short"
        for h in rivals
    )
    is_university = own.kind == "education"
    less = max(weights.values(), default=0.0) - known.told(hit.key.split())
    return {
        "n_rivals": min(len({h.first for h in rivals}), MAX_RIVALS),
        "rival_tells_more": min(max(0.0, less), MAX_LESS) / 10,
        "parts_with_rival": math.log1p(own.n_parts) if strong else 0.0,
        "short_with_rival": hit.form == "short" and bool(strong),
        "rival_university": university and not is_university,
        "acronym_in_country": hit.form == "acronym"
        and any(o.country_code == own.country_code for o in strong),
        **_of_the_umbrella(hit, rivals, known),
    }


def _of_the_umbrella(hit: Hit, rivals: Sequence[Hit], known: Directory) -> dict[str, float]:
    """Return whether an umbrella stands beside another name, and which of both this one is."""
    beside = [
        known.entries[h.place].organization
        for h in rivals
        if h.first != hit.first and (h.form == "acronym" or known.told(h.key.split()) >= LITTLE)
    ]
    own = known.entries[hit.place].organization
    is_umbrella = own.n_parts >= UMBRELLA
    is_university = own.kind == "education"
    kinds = {o.kind == "education" for o in beside if o.n_parts >= UMBRELLA}
    return {
        "umbrella": is_umbrella and bool(beside) and not is_university,
        "umbrella_university": is_umbrella and bool(beside) and is_university,
        "beside_umbrella": not is_umbrella and False in kinds,
        "beside_umbrella_university": not is_umbrella and True in kinds,
    }


def _of_the_longer(hit: Hit, hits: Sequence[Hit]) -> dict[str, float]:
    """Return whether the name stands within a longer one, and whether another stands within it."""
    others = [h for h in hits if h.form != "like" and (h.first, h.last) != (hit.first, hit.last)]
    return {
        "within_name": any(h.first <= hit.first and hit.last <= h.last for h in others),
        "holds_name": any(hit.first <= h.first and h.last <= hit.last for h in others),
    }
