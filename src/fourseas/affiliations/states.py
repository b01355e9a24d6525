"""Codes of states, provinces and territories where an address has them: `Salt Lake City, UT, USA`.

Most of these codes are acronyms of organizations as well (`UT`, `NU`, `ACT`); what stands around a
code tells which is meant, not what the organizations are called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fourseas.affiliations.words import Word

_CODES_OF_COUNTRIES = {
    "US": """
    AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND
    NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV WY
    """,
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "AU": "ACT NSW NT QLD SA TAS VIC WA",
}
CODES: Mapping[str, frozenset[str]] = {
    country: frozenset(codes.split()) for country, codes in _CODES_OF_COUNTRIES.items()
}
"""ISO 3166-2:2020, second halves of the codes of all subdivisions of US (57), CA (13), AU (8)."""

POSTAL_CODES: Mapping[str, re.Pattern[str]] = {
    "US": re.compile(r"\d{5}(?: |$)"),
    "CA": re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d(?: |$)"),
    "AU": re.compile(r"\d{4}(?: |$)"),
}
COUNTRIES: Mapping[str, re.Pattern[str]] = {
    "US": re.compile(r"(?:usa?|united states(?: america)?)(?: |$)", re.IGNORECASE),
    "CA": re.compile(r"canada(?: |$)", re.IGNORECASE),
    "AU": re.compile(r"australia(?: |$)", re.IGNORECASE),
}
"""What comes after a code, in words of a text."""
AFTER = 3
"""Words that the longest of these has."""

_DEPARTMENTS = "department division faculty laboratory school section unit"
DEPARTMENTS = frozenset(_DEPARTMENTS.split())
"""Words of a part after which its organization is named, not a state (`School of Law, UT, USA`)."""


def is_state(words: Sequence[Word], place: int) -> bool:
    """Return whether a word of a text is the code of a state, as an address has it.

    It comes after other words of its segment, in capitals, and before a postal code of its country
    (`Berkeley, CA 94720`, `Toronto ON M5S 1A1`); or it stands between commas, after what is no
    department and before the name of its country (`Acton, ACT, Australia`).
    """
    word = words[place]
    if place == 0 or words[place - 1].segment != word.segment:
        return False
    rest = [
        after for after in words[place + 1 : place + 1 + AFTER] if after.segment == word.segment
    ]
    following = " ".join(after.written for after in rest)
    return any(
        POSTAL_CODES[country].match(following) is not None
        or (COUNTRIES[country].match(following) is not None and _is_after_city(words, place))
        for country, codes in CODES.items()
        if word.written in codes
    )


def _is_after_city(words: Sequence[Word], place: int) -> bool:
    """Return whether a word begins a part, and the part before it names no department."""
    before = words[place - 1].part
    return before != words[place].part and not any(
        word.part == before and word.plain in DEPARTMENTS for word in words[:place]
    )
