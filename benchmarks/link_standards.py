"""How many organizations of RFC authors and 3GPP rapporteurs are linked, and how many rightly."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from fourseas.affiliations.countries import Gazetteer, located
from fourseas.affiliations.directory import Directory
from fourseas.affiliations.match import candidates
from fourseas.schema.legal_forms import AT_END

ROOT = Path(__file__).parents[1]
EMBEDDED = ROOT / "src" / "fourseas" / "embedded"
CHECKED = ROOT / "tests" / "samples" / "affiliations" / "standards_checked.csv"
COMPANIES = EMBEDDED / "companies" / "companies.csv"
BRACKETS = re.compile(r"\([^)]*\)")
MARKS = re.compile(r"[^\w&+]+|_")
CODE = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a register prints it, with the code of its country if that is known."""

    text: str
    country_code: str | None


def rfc(places: Gazetteer) -> Counter[Name]:
    """Return the organizations of RFC authors, by how many authorships bear each."""
    found: Counter[Name] = Counter()
    documents = pq.read_table(EMBEDDED / "rfc" / "documents.parquet", columns=["authors"])
    for authors in documents["authors"].to_pylist():
        for author in authors:
            if author["org"]:
                found[Name(author["org"], _code(author["country"], places))] += 1
    return found


def threegpp() -> Counter[Name]:
    """Return the employers of 3GPP rapporteurs, each once."""
    with (EMBEDDED / "3gpp" / "organizations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Counter(Name(row["name"], row["site"] or row["head_office"] or None) for row in rows)


def _code(country: str | None, places: Gazetteer) -> str | None:
    """Return the code of a country that is written as one or by its name."""
    if country is None or len(country) == CODE:
        return country
    codes = located(country, places).country_codes
    return codes[0] if codes else None


def linked(names: Counter[Name], known: Directory, places: Gazetteer) -> dict[str, float | int]:
    """Return how many names, and how many of what bears them, are linked."""
    named = [name for name in names if ids(name, known, places)]
    companies = company_names()
    either = {*named, *(name for name in names if bare(name.text) in companies)}
    return {
        "names_linked_or_company": len(either),
        "borne_linked_or_company": sum(names[name] for name in either),
        "names": len(names),
        "names_linked": len(named),
        "borne": names.total(),
        "borne_linked": sum(names[name] for name in named),
    }


def company_names() -> frozenset[str]:
    """Return the names of the companies that come with the package."""
    with COMPANIES.open(encoding="utf-8", newline="") as file:
        return frozenset(name for row in csv.DictReader(file) for name in row["names"].split("|"))


def bare(name: str) -> str:
    """Return a name as a build compares it: without what is in brackets, marks and legal form."""
    unmarked = MARKS.sub(" ", BRACKETS.sub(" ", name.lower())).strip()
    return re.sub(AT_END, "", unmarked)


def ids(name: Name, known: Directory, places: Gazetteer) -> frozenset[str]:
    """Return the organizations that a name names."""
    found = candidates(name.text, known, places, country_code=name.country_code)
    return frozenset(one.ror_id for one in found if one.is_named)


def checked(register: str, known: Directory, places: Gazetteer) -> dict[str, int]:
    """Return how many of the names judged by hand are linked as they were, and how many rightly."""
    with CHECKED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["register"] == register]
    same = [row for row in rows if ids(_name(row), known, places) == {*row["ror_ids"].split("|")}]
    return {
        "judged": len(rows),
        "linked_the_same": len(same),
        "right": sum(row["is_right"] == "yes" for row in same),
    }


def _name(row: dict[str, str]) -> Name:
    return Name(row["affiliation"], row["country_code"] or None)


def standards(known: Directory, places: Gazetteer) -> dict[str, dict[str, float | int]]:
    """Return the results of both registers."""
    registers: Iterable[tuple[str, Counter[Name]]] = (("rfc", rfc(places)), ("3gpp", threegpp()))
    return {
        register: linked(names, known, places) | checked(register, known, places)
        for register, names in registers
    }
