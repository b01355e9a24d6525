"""The country that an address names: by whole names in their place, or unknown.

Names are those of ISO 3166 and their aliases, which are handed in, and the spellings of addresses
below. A name counts where it is a part of the address of its own ("Boston, USA") or ends one
("80333 Munich Germany"), never inside a word, an e-mail address or a domain: `.sx`, `.im` and `.io`
say nothing of where a person works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from fourseas.affiliations import words

SPELLINGS: Mapping[str, str] = {
    # As Web of Science prints them (its list of countries), and Scopus (its field of the country).
    "peoples r china": "CN",
    "pr china": "CN",
    "p r china": "CN",
    "prchina": "CN",
    "chinese mainland": "CN",
    "rep of korea": "KR",
    "rep korea": "KR",
    "s korea": "KR",
    "korea south": "KR",
    "korea rep": "KR",
    "north korea": "KP",
    "fed rep ger": "DE",
    "frg": "DE",
    "west germany": "DE",
    "east germany": "DE",
    "ger dem rep": "DE",
    "gdr": "DE",
    "german democratic republic": "DE",
    "bundesrepublik deutschland": "DE",
    "allemagne": "DE",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "north ireland": "GB",
    "great britain": "GB",
    "royaume uni": "GB",
    "reino unido": "GB",
    "u arab emirates": "AE",
    "utd arab emir": "AE",
    "unit arab emirates": "AE",
    "bosnia herceg": "BA",
    "bosnia & herceg": "BA",
    "byelarus": "BY",
    "cent afr republ": "CF",
    "dem rep congo": "CD",
    "rep congo": "CG",
    "cote ivoire": "CI",
    "ivory coast": "CI",
    "cape verde": "CV",
    "dominican rep": "DO",
    "equat guinea": "GQ",
    "fr polynesia": "PF",
    "guinea bissau": "GW",
    "fyr macedonia": "MK",
    "macedonia": "MK",
    "mongol peo rep": "MN",
    "papua n guinea": "PG",
    "rep of georgia": "GE",
    "republic of georgia": "GE",
    "sao tome & prin": "ST",
    "st kitts & nevi": "KN",
    "st lucia": "LC",
    "st vincent": "VC",
    "trinid & tobago": "TT",
    "trinidad tobago": "TT",
    "turkiye": "TR",
    "uk": "GB",
    "usa": "US",
    "us": "US",
    "estados unidos": "US",
    "etats unis": "US",
    "viet nam": "VN",
    "zaire": "CD",
    "swaziland": "SZ",
    "burma": "MM",
    "upper volta": "BF",
    "ceylon": "LK",
    "rhodesia": "ZW",
    "holland": "NL",
    "the netherlands": "NL",
    "nederland": "NL",
    "pays bas": "NL",
    "espagne": "ES",
    "espana": "ES",
    "italie": "IT",
    "belgique": "BE",
    "belgie": "BE",
    "belgien": "BE",
    "schweiz": "CH",
    "suisse": "CH",
    "svizzera": "CH",
    "osterreich": "AT",
    "brasil": "BR",
    "peru": "PE",
    "russian fed": "RU",
    "rossiya": "RU",
    "czech rep": "CZ",
    "slovak rep": "SK",
    "tchad": "TD",
    "maroc": "MA",
    "algerie": "DZ",
    "tunisie": "TN",
    "r o c": "TW",
    "roc": "TW",
    "taiwan roc": "TW",
    "taiwan r o c": "TW",
    "brunei": "BN",
    "kosovo": "XK",
}
"""Names that only addresses use. States that have split up have no code and stay unknown."""

DISSOLVED: Mapping[str, str] = {
    "ussr": "the Soviet Union became 15 states in 1991",
    "soviet union": "the Soviet Union became 15 states in 1991",
    "yugoslavia": "Yugoslavia became several states from 1991 on",
    "czechoslovakia": "Czechoslovakia became two states in 1993",
    "serbia and montenegro": "Serbia and Montenegro parted in 2006",
    "netherlands antilles": "the Netherlands Antilles were dissolved in 2010",
}

WRITTEN_BEFORE: Mapping[str, str] = {"HK": "CN", "MO": "CN", "PR": "US", "TW": "CN"}
"""Places that addresses write before another name of a country, which is then no second one."""

_STATES = """
alabama alaska arizona arkansas california calif colorado connecticut delaware florida hawaii
idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
tennessee texas utah vermont virginia wisconsin wyoming
"""
STATES = frozenset(_STATES.split()) | {
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "north carolina",
    "north dakota",
    "rhode island",
    "south carolina",
    "south dakota",
    "west virginia",
    "district of columbia",
    "washington dc",
    "washington d c",
}
"""States of the USA whose names are no country's; Georgia and Washington are not here."""

ZIP = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|"
    r"T[NX]|UT|V[AT]|W[AIVY]|Georgia|New York|Washington)\s*,?\s+\d{5}(?:-\d{4})?\b"
)
_STATE_CODES = """
ak al ar az ca co ct dc de fl ga hi ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj
nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy georgia
"""
STATE_CODES = frozenset(_STATE_CODES.split())
GEORGIAN = re.compile(r"\b(?:Tbilisi|Tiflis|Batumi|Kutaisi|Georgian|Telavi|Gori|Ilia State)\b")
GEORGIA = "georgia"

_NOT_AFTER = """
beth of new de du south north west east central los las del la san santa bank port fort lake
mount saint st western eastern northern southern and in and for university college
"""
NOT_AFTER = frozenset(_NOT_AFTER.split())
"""A country's name after one of these at the end of a part is part of another name."""

MAX_PIECES = 3
"""Pieces that commas and brackets make of the name of a country at most."""

CODE = 2
"""Letters of a code."""

_PARTS = re.compile(r"[,;|()\[\]\n]|\s[-–—/]\s")  # noqa: RUF001
_NO_PLACE = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|<[^>]*>|#\w+#|\be-?mail\b\s*:?|[\w-]+(?:\.[\w-]+)+(?=\s|$)",
    re.IGNORECASE,
)
_CODES = re.compile(r"^(?:[A-Z]{1,2}-)?[\d -]+\s+|\s+(?:[A-Z]{1,2}-)?[\d-]{3,}$")
_MARKS = re.compile(r"[^\w&]+")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}")


@dataclass(frozen=True, slots=True)
class Located:
    """What an address says of its country.

    Attributes
    ----------
    country_codes
        Countries it names, in the order in which it does; empty for unknown.
    reason
        Which words say so, or why nothing is known.
    """

    country_codes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of countries as they are compared, with the most words that one has."""

    codes: Mapping[str, str]
    most_words: int


def gazetteer(names: Iterable[tuple[str, str]]) -> Gazetteer:
    """Return a gazetteer of pairs of a country's name and its code.

    Two-letter codes are not read: `CA`, `DE`, `IN` and `IL` are states of the USA as well.
    """
    codes = {
        _spelled(_INITIALS.sub(_joined, name)): code for name, code in names if len(name) > CODE
    }
    codes |= {_spelled(name): code for name, code in SPELLINGS.items()}
    for name in DISSOLVED:
        codes.pop(name, None)
    codes.pop("", None)
    return Gazetteer(codes, max(len(name.split()) for name in codes))


def located(text: str, known: Gazetteer) -> Located:
    """Return the countries that an address names, or unknown and why.

    Georgia is the country only where nothing else is said of a place ("Georgia"), or a Georgian
    town is named; in "Atlanta, Georgia" it is unknown unless a ZIP code or the USA tell.
    """
    stripped = _NO_PLACE.sub(" ", _INITIALS.sub(_joined, text))
    pieces = [piece for p in _PARTS.split(stripped) for piece in _pieces(_uncoded(p), known)]
    parts = _rejoined(pieces, known)
    found: dict[str, str] = {}
    doubts = [f"{why}: which one is not said" for state, why in DISSOLVED.items() if state in parts]
    of_the_usa = _sign_of_the_usa(text, parts, known)
    before: str | None = None
    for part, following in zip_longest(parts, parts[1:], fillvalue=""):
        name = _named(part, known)
        territory, before = before, None if name is None else known.codes[name]
        if name is None or WRITTEN_BEFORE.get(territory or "") == before:
            continue
        is_town = following in STATES or following in STATE_CODES
        if is_town and known.codes[name] not in ("US", following.upper()):
            doubts.append(f"“{name}” may be a town of the USA")
        elif name == GEORGIA and _is_doubtful(text, parts, of_the_usa):
            doubts.append("Georgia may be the state of the USA")
        else:
            found.setdefault(known.codes[name], f"“{name}” is named")
    if of_the_usa is not None:
        found.setdefault("US", of_the_usa)
    return Located(tuple(found), "; ".join(found.values() or doubts) or "no country is named")


def _sign_of_the_usa(text: str, parts: Sequence[str], known: Gazetteer) -> str | None:
    """Return what says that an address is in the USA besides its name."""
    zipped = ZIP.search(text)
    if zipped is not None:
        return f"“{zipped[0]}” is a ZIP code"
    for part, following in zip_longest(parts, parts[1:], fillvalue=""):
        if part in STATES and following not in known.codes:
            return f"“{part}” is a state of the USA"
    return None


def _is_doubtful(text: str, parts: Sequence[str], of_the_usa: str | None) -> bool:
    """Return whether Georgia may be the state: with another place, but no Georgian town."""
    return (len(parts) > 1 or of_the_usa is not None) and not GEORGIAN.search(text)


def _named(part: str, known: Gazetteer) -> str | None:
    """Return the name of a country that a part is, or ends with."""
    if part in known.codes:
        return part
    words_of_part = part.split()
    most = min(known.most_words, len(words_of_part) - 1)
    for length in range(most, 0, -1):
        name = " ".join(words_of_part[-length:])
        if name in known.codes and len(name) > CODE:
            before = words_of_part[-length - 1]
            return None if before in NOT_AFTER or name == GEORGIA else name
    return None


def _pieces(part: str, known: Gazetteer) -> list[str]:
    """Return what an `and` joins, where the whole is no country (Trinidad and Tobago)."""
    whole = _spelled(part)
    pieces = [whole] if whole in known.codes or " and " not in whole else whole.split(" and ")
    return [piece for piece in pieces if piece]


def _rejoined(pieces: Sequence[str], known: Gazetteer) -> list[str]:
    """Return parts, those put together again that make one name (Korea, Republic of)."""
    parts: list[str] = []
    first = 0
    while first < len(pieces):
        length = next(
            n
            for n in range(MAX_PIECES, 0, -1)
            if n == 1 or " ".join(pieces[first : first + n]) in known.codes
        )
        parts.append(" ".join(pieces[first : first + length]))
        first += length
    return parts


def _joined(found: re.Match[str]) -> str:
    """Return `USA ` for `U. S. A.`."""
    return found[0].replace(".", "").replace(" ", "") + " "


def _uncoded(part: str) -> str:
    """Return a part of an address without the postal code at its end or beginning."""
    return _CODES.sub("", part.strip(" .:*"))


@lru_cache(maxsize=1 << 16)
def _spelled(name: str) -> str:
    """Return a name in lower case, without accents and marks."""
    return _MARKS.sub(" ", words.folded(name)).strip().lower()
