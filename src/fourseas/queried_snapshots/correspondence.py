"""What query of OpenAlex counts the works that an indicator counts by a definition."""

from __future__ import annotations

from dataclasses import dataclass

from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.query import Query
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS, FORMER_TERRITORIES, Definition

REGISTER = "openalex"
WORLD = "WORLD"
YEARS = "publication_year"
XPAC = ("include_xpac", "true")
COUNTRIES_KNOWN = "countries_distinct_count:>0"

FIELD_FILTERS = {
    "openalex_field": "primary_topic.field.id:fields/",
    "openalex_domain": "primary_topic.domain.id:domains/",
}
"""Schemes whose fields the API filters by, and how; `all` needs no filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """What an indicator says that the API can be asked for.

    Attributes
    ----------
    indicator
        Its name.
    whole
        Its column of works, full counting.
    part, share
        Its columns of those of them that have a property, and of their share of all; null where
        it counts works alone.
    has_part
        The property, as a filter of the API; empty where there is none.
    among
        Value of its column `among` that is meant; null where it has none.
    """

    indicator: str
    whole: str
    part: str | None = None
    share: str | None = None
    has_part: str = ""
    among: str | None = None


CORRESPONDENCES: tuple[Correspondence, ...] = (
    Correspondence(indicator="volume", whole="p"),
    Correspondence(
        indicator="collaboration",
        whole="p",
        part="p_int_collab",
        # The API does not tell works whose countries are all known from others.
        share="pp_int_collab_min",
        has_part="countries_distinct_count:>1",
    ),
    Correspondence(
        indicator="open_access",
        whole="n",
        part="p_oa",
        share="pp_oa_min",
        has_part="open_access.is_oa:true",
        among="all",
    ),
)
"""The indicators that can be held against the live register."""


def correspondence(indicator: str) -> Correspondence:
    """Return what the API can be asked for of an indicator.

    Raises
    ------
    QueryError
        If it is nothing.
    """
    known = {one.indicator: one for one in CORRESPONDENCES}
    if indicator not in known:
        raise QueryError.no_correspondence(indicator, tuple(known))
    return known[indicator]


def definition_asked(name: str) -> Definition:
    """Return a definition by which works of OpenAlex are counted from their records.

    Raises
    ------
    QueryError
        If it is none.
    """
    asked = {
        d.definition_id: d
        for d in DEFINITIONS
        if d.computed and (not d.registers or REGISTER in d.registers)
    }
    if name not in asked:
        raise QueryError.no_definition(name, tuple(asked))
    return asked[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Works that are meant: of a unit, in a field, in some years, by a definition."""

    unit_id: str
    scheme: str
    field_id: str
    years: tuple[int, int]
    definition: Definition


def works_query(asked: Asked, *more: str) -> Query:
    """Return the query that finds the works that are meant, with further filters."""
    d = asked.definition
    kinds = ("type:" + "|".join(d.kinds),) if d.kinds else ()
    retracted = ("is_retracted:false",) if d.excludes_retracted else ()
    return _query((*_place(asked), *_needs(d), *kinds, *retracted, *more), d)


def without_kinds(asked: Asked) -> Query:
    """Return the query that also finds works of kinds that the definition leaves out."""
    d = asked.definition
    retracted = ("is_retracted:false",) if d.excludes_retracted else ()
    return _query((*_place(asked), *_needs(d), *retracted), d)


def with_xpac(asked: Asked) -> Query:
    """Return the query that also finds works of the expansion set."""
    return Query(entity="works", parameters=tuple(sorted((*works_query(asked).parameters, XPAC))))


def countries_counted(unit_id: str, definition: Definition) -> tuple[str, ...]:
    """Return the countries of the register that count as one under a definition."""
    former = FORMER_TERRITORIES[definition.territory]
    return (unit_id, *sorted(code for code, under in former.items() if under == unit_id))


def _query(filters: tuple[str, ...], definition: Definition) -> Query:
    xpac = (XPAC,) if definition.includes_xpac else ()
    return Query(entity="works", parameters=(("filter", ",".join(filters)), *xpac))


def _place(asked: Asked) -> tuple[str, ...]:
    """Return the filters of unit, field and years."""
    found = []
    if asked.unit_id != WORLD:
        codes = countries_counted(asked.unit_id, asked.definition)
        found.append("authorships.countries:" + "|".join(code.lower() for code in codes))
    if asked.scheme != ALL:
        found.append(FIELD_FILTERS[asked.scheme] + asked.field_id)
    first, last = asked.years
    found.append(f"{YEARS}:{first}" if first == last else f"{YEARS}:{first}-{last}")
    return tuple(found)


def _needs(definition: Definition) -> tuple[str, ...]:
    """Return the filters of what a definition needs of a work."""
    filters = {
        "authors": "authors_count:>0",
        "affiliations": COUNTRIES_KNOWN,
        "references": "has_references:true",
    }
    needed = tuple(filters[need] for need in definition.needs)
    languages = ("language:" + "|".join(definition.languages),) if definition.languages else ()
    return (*needed, *languages)
