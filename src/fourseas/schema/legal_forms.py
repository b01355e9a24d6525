"""What a company is by law, as it stands at the end of its name: `Google LLC`, `Siemens AG`."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

SIGNS = r"[^\p{L}\p{M}\p{N}&+]+"
"""What parts the words of a name."""

EDGES = "^ | $"
"""Not `strip`, which on Spark takes letters v and f away too."""


@dataclass(frozen=True, slots=True)
class CompanyLaw:
    """The forms of companies of one country, as they are written in Latin letters.

    Attributes
    ----------
    country_code
        The country; others that have the same forms go with it.
    forms
        As they are compared: in small letters, a space for every mark.
    codes
        Where they stand in the list of entity legal forms, ISO 20275 (GLEIF, 28 September 2023).
    """

    country_code: str
    forms: tuple[str, ...]
    codes: tuple[str, ...]


LAWS = (
    CompanyLaw(
        "IN", ("private limited", "private ltd", "pvt limited", "pvt ltd"), ("YSP9", "4XMS")
    ),
    CompanyLaw("AU", ("pty limited", "pty ltd", "pty"), ("Q82Q", "TXVC", "GQVQ")),
    CompanyLaw("SG", ("pte limited", "pte ltd", "pte"), ("LWXI",)),
    CompanyLaw(
        "US",
        ("inc", "incorporated", "corp", "corporation", "llc", "l l c", "lp", "l p", "g p"),
        ("EJX1", "CWRI", "TGLV", "5HQ4", "6JCE"),
    ),
    CompanyLaw("GB", ("ltd", "limited", "plc", "llp"), ("B6ES", "VYAX", "LZFR", "Z0EY")),
    CompanyLaw(
        "DE",
        ("gmbh", "mbh", "ag", "kg", "ohg", "e v", "eg"),
        ("2HBR", "6QQB", "8Z6G", "40DB", "QZ3L", "AZFE", "AXSB", "EQOV", "3EKS", "MVII"),
    ),
    CompanyLaw("FI", ("oy", "oyj", "oy ab"), ("DKUW", "K6VE")),
    CompanyLaw("SE", ("ab",), ("XJHM", "81KA")),
    CompanyLaw("NL", ("bv", "b v", "nv", "n v"), ("54M6", "B5PM", "R85P")),
    CompanyLaw(
        "FR",
        ("sa", "s a", "sas", "s a s", "sarl", "s a r l", "s c r l"),
        ("QVPB", "6CHY", "V9QP", "R85P", "8E2A", "DVXS", "X0SD"),
    ),
    CompanyLaw("IT", ("spa", "s p a", "srl", "s r l"), ("P418", "OV32")),
    CompanyLaw("NO", ("as", "a s", "asa", "aps"), ("YI42", "IQGE", "ZRPO", "H8VP")),
    CompanyLaw("CZ", ("sro", "s r o"), ("9HLU",)),
    CompanyLaw("JP", ("kk", "k k", "gk", "g k"), ("T417", "7QQ0")),
)
"""Those that RFCs and 3GPP print. The list has some, as of Japan and Czechia, spelled out alone:
the abbreviations are those in use."""

OF_ANY_LAW = ("& co", "and co", "co", "& company", "and company", "company")
"""What a name may bear beside or instead of a form, under any law."""

GENERIC = [
    "aerospace",
    "associates",
    "association",
    "center",
    "communication",
    "communications",
    "computer",
    "computers",
    "computing",
    "consultant",
    "consultants",
    "consulting",
    "cyber",
    "data",
    "department",
    "dept",
    "design",
    "digital",
    "education",
    "electronics",
    "energy",
    "engineering",
    "enterprise",
    "enterprises",
    "foundation",
    "general",
    "global",
    "group",
    "health",
    "holding",
    "holdings",
    "independent",
    "industries",
    "industry",
    "information",
    "infrastructure",
    "innovation",
    "institute",
    "international",
    "internet",
    "laboratories",
    "laboratory",
    "labs",
    "management",
    "media",
    "medical",
    "mobile",
    "national",
    "net",
    "network",
    "networking",
    "networks",
    "office",
    "online",
    "organization",
    "partners",
    "power",
    "project",
    "research",
    "science",
    "sciences",
    "security",
    "service",
    "services",
    "software",
    "solution",
    "solutions",
    "standards",
    "system",
    "systems",
    "tech",
    "technologies",
    "technology",
    "telecom",
    "telecommunications",
    "the",
    "university",
    "web",
    "wireless",
]
"""Words that alone are nobody's name: `Aerospace Corporation` keeps its form."""

LEAST_SIGNS = 2
"""A name of fewer signs without its form keeps it: `X Corp.`"""


def _any_of(forms: tuple[str, ...]) -> str:
    """Return what matches each of some forms, the longer first."""
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


AT_END = f"( ({_any_of(OF_ANY_LAW + tuple(form for law in LAWS for form in law.forms))}))+$"
"""All forms with which a name ends."""

LAST_OF_LAW = {
    law.country_code: f" ({_any_of(law.forms)})( ({_any_of(OF_ANY_LAW)}))*$" for law in LAWS
}
"""A form of each law as the last of a name, in the order in which they are looked for."""


def parted(name: ir.StringValue) -> ir.StringValue:
    """Return the words of a name in small letters, with one space between them."""
    return name.lower().re_replace(SIGNS, " ").re_replace(EDGES, "")


def compared(name: ir.StringValue) -> ir.StringValue:
    """Return a name as it is compared with others: without case, marks and legal form.

    A name of which nothing, or one word that is nobody's name, would be left keeps its form.
    """
    whole = parted(name)
    bare = whole.re_replace(AT_END, "")
    is_a_name = (bare.length() >= LEAST_SIGNS) & bare.notin(GENERIC)
    return ibis.ifelse(is_a_name, bare, whole)


def law(name: ir.StringValue) -> ir.StringValue:
    """Return the country by whose law a name has the last of its forms, or null without one."""
    whole = parted(name)
    found = ((whole.re_search(pattern), code) for code, pattern in LAST_OF_LAW.items())
    return ibis.ifelse(
        compared(name) == whole, ibis.null("string"), ibis.cases(*found, else_=ibis.null("string"))
    )
