"""The words of an affiliation, written one way whatever the language, case and abbreviation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_FUNCTION_WORDS = """
a al am an at au aus da das de del dell della delle den der des di die do dos du e ed el en et
fur for i im in la las le les lo los na of og on op och sur the to u und v van von w y zu zum
zur and d l s
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that only join others; a name is the same with and without them."""

_LEGAL_FORMS = """
ag co company corp corporation gmbh inc incorporated limited llc ltd oy plc pty pvt
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
"""Words that a company bears in one register and not in another; `CO` is a state of the USA."""

SPELLINGS = {
    spelling: word
    for word, spellings in {
        "academy": "acad academia academie akademie accademia akademia akad",
        "administration": "adm admin",
        "agriculture": "agr agric agricultural agricole agricola agron",
        "american": "amer",
        "applied": "appl",
        "association": "assoc assn",
        "biology": "biol biological",
        "california": "calif",
        "cancer": "canc",
        "catholic": "catholique catolica cattolica katholieke katholische cath",
        "center": "centre centers centres ctr cent centro zentrum centrum cntr",
        "chemistry": "chem chemical",
        "clinic": "clin clinical clinics klinik clinica clinique",
        "college": "coll",
        "computer": "comput computing computers",
        "department": "dept dep departement departamento dipartimento abteilung",
        "development": "dev devel",
        "economics": "econ economy economic",
        "education": "educ educational",
        "electronics": "elect electron electronic",
        "engineering": "eng engn engr",
        "environment": "environm environmental environ",
        "faculty": "fac facultad faculte facolta faculdade fakultat fakultaet",
        "federal": "fed federale",
        "foundation": "fdn fdtn fondation fondazione fundacion fundacao stiftung",
        "general": "gen",
        "group": "grp",
        "health": "hlth sante salud saude",
        "hospital": "hosp hospitals hopital hopitaux ospedale krankenhaus",
        "industry": "ind indust industrial industries",
        "information": "info inf informat",
        "institute": "inst institut instituto istituto institutes instituut institutul instytut",
        "international": "int intl internat internationale internacional",
        "laboratory": "lab labs laboratories laboratoire laboratorio",
        "library": "lib",
        "management": "mgt mgmt",
        "mathematics": "math maths mathematical mathemat",
        "medical": "med medicine medicina medecine medizin medizinische medico medica",
        "ministry": "minist min ministerio ministere ministero",
        "mount": "mt",
        "municipal": "munic",
        "museum": "mus musee museo",
        "national": "natl nat nationale nacional nazionale narodowy nac naz",
        "northwestern": "nw",
        "pharmacy": "pharm pharmaceutical pharmaceut farmacia",
        "physics": "phys",
        "polytechnic": "polytech polytechnical politecnico polytechnique politecnica politehnica",
        "program": "programme programs prog",
        "regional": "reg",
        "research": "res recherche recherches investigacion investigaciones ricerca ricerche "
        "pesquisa forschung",
        "saint": "st ste sankt sant sainte",
        "school": "sch schools ecole escuela escola scuola schule",
        "science": "sci sciences scientific scient scientifique ciencia ciencias scienze scienza "
        "wissenschaften wissenschaft",
        "service": "serv services",
        "society": "soc societe sociedad gesellschaft",
        "state": "estatal estadual",
        "technology": "tech technol technical technological technologies technische technische "
        "tecnica tecnologia tecnologico technique technologie tecnologica techn teknologi",
        "telecommunications": "telecommun telecom",
        "university": "univ universities universitat universitaet universite universidad "
        "universidade universita universiteit universitet universitetet universitas univerzita "
        "univerzitet uniwersytet universitatea universitate universitet unive universty uni",
    }.items()
    for spelling in spellings.split()
}
"""Abbreviations as Web of Science and publishers write them, and the same word abroad."""

SEGMENTS = ";|\n"
"""What parts whole affiliations of one text."""

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")
_APOSTROPHES = re.compile(r"(?<=\w)['’`´ʼ]s\b|(?<=\w{2})['’`´ʼ](?=\w)")  # noqa: RUF001
_TAGS = re.compile(r"<[^>]*>|#\w+#|\S+@\S+")
_WORDS = re.compile(r"[^\W_]+|[,;|()\[\]/:.\n–—]| - ", re.UNICODE)  # noqa: RUF001
_UNFOLDED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"}
)
LONG = 5
"""Letters from which a word loses the s of its plural."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes
    ----------
    plain
        As it is compared.
    written
        As it is written, without accents.
    part, segment
        Which part of the text it stands in, and which segment: parts end at commas and
        brackets, segments at semicolons and bars.
    """

    plain: str
    written: str
    part: int
    segment: int


def folded(text: str) -> str:
    """Return a text without accents and markup."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_UNFOLDED))
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return text


@lru_cache(maxsize=1 << 17)
def plain(word: str) -> str:
    """Return the form in which a word is compared with others."""
    word = word.lower()
    if word in SPELLINGS:
        return SPELLINGS[word]
    if len(word) >= LONG and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return SPELLINGS.get(word, word)


def words(text: str) -> list[Word]:
    """Return the words of a text in order, without those that only join others."""
    text = _TAGS.sub(" , ", text) if ("<" in text or "@" in text or "#" in text) else text
    text = folded(_APOSTROPHES.sub("", text))
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", text)
    found: list[Word] = []
    part = segment = 0
    for written in _WORDS.findall(text):
        if not written[0].isalnum():
            if written == ".":
                continue
            part += 1
            segment += written in SEGMENTS
            continue
        lower = written.lower()
        if lower in LEGAL_FORMS and found and written != "CO":
            continue
        if lower not in FUNCTION_WORDS or (written.isupper() and len(written) > 1):
            found.append(Word(plain(written), written, part, segment))
    return found


def written(found: Iterable[Word]) -> str:
    """Return words in lower case, but as they are spelled."""
    return " ".join(word.written.lower() for word in found)


def key(text: str) -> str:
    """Return a name as it is looked up."""
    return " ".join(word.plain for word in words(text))
