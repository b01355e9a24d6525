"""Crossref: what publishers deposit of works with a DOI, from the yearly public data file.

Both forms are read: until 2024 each file is an object whose `items` are the records, and since 2025
each line is a record. A work is known by its DOI; references are those that bear one.

Faults to know: many works bear no affiliation, and an affiliation is free text. Its organisation is
known where the publisher asserted a ROR id, its country where the text or the `place` ends in a
country's name after a comma; else both are unknown. Persons are known by ORCID alone, as a salted
number, and their names are not read: who gave none has no mobility. Consortia count as authors.
Whether a work is free to read is not deposited, nor its field. A retraction is known where the
record of the work itself names one (`updated-by`).
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Format, Intake, Source
from fourseas.schema.staged import (
    RECORD_KEY,
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FUNDINGS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.addresses import country_of_address
from fourseas.sources.expressions import (
    PRESENT_KINDS,
    bare_doi,
    bare_id,
    doi_number,
    elements,
    first,
    origin,
    rows_of,
    salted_id,
    sorted_strings,
    trimmed,
)

REGISTER = "crossref"

VENUE_KINDS = {
    "journal-article": "journal",
    "proceedings-article": "conference",
    "posted-content": "repository",
}
"""Where a work of a type appears; of others it is not said here."""

WITHDRAWING = ("retraction", "withdrawal", "removal")
"""Updates that take a work back."""

ROR = "ROR"

DATE = dt.Struct({"date-parts": dt.Array(dt.Array(dt.int64))})
"""Year, month and day, of which the latter may be absent."""

STAMP = dt.Struct({"date-time": dt.string})
IDENTIFIER = dt.Struct({"id": dt.string, "id-type": dt.string})
AFFILIATION = dt.Struct(
    {"name": dt.string, "id": dt.Array(IDENTIFIER), "place": dt.Array(dt.string)}
)

RAW = ibis.schema(
    {
        "DOI": "string",
        "type": "string",
        "title": "array<string>",
        "issued": DATE,
        "published": DATE,
        "language": "string",
        "author": dt.Array(dt.Struct({"ORCID": dt.string, "affiliation": dt.Array(AFFILIATION)})),
        "funder": "array<struct<DOI: string, name: string, award: array<string>>>",
        "reference": "array<struct<DOI: string>>",
        "reference-count": "int64",
        "is-referenced-by-count": "int64",
        "updated-by": "array<struct<type: string>>",
        "indexed": STAMP,
    }
)
"""Keys of a work."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per record, dated as `issued` or, failing that, `published`."""
    codes = raw.authors.map(lambda author: author["country_codes"])
    updates = elements(raw["updated-by"]).map(lambda update: update["type"])
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            work_key=doi_number(raw.DOI),
            work_label=raw.DOI,
            doi=raw.DOI,
            title=trimmed(first(elements(raw.title))).nullif(""),
            kind=raw.type.substitute(PRESENT_KINDS).fill_null("other"),
            publication_year=ibis.coalesce(_year(raw.issued), _year(raw.published)),
            language=raw.language,
            venue_kind=raw.type.cases(*VENUE_KINDS.items(), else_=ibis.null("string")),
            is_xpac=ibis.literal(False),
            is_retracted=updates.filter(lambda kind: kind.isin(WITHDRAWING)).length() > 0,
            is_authors_truncated=ibis.literal(False),
            is_oa=ibis.null("boolean"),
            cited_by_count=raw["is-referenced-by-count"],
            n_references=raw["reference-count"],
            n_authors=raw.authors.length(),
            n_authors_unknown=codes.filter(lambda known: known.length() == 0).length(),
            country_codes=sorted_strings(codes.flatten()),
            unlisted_codes=ibis.literal([], type="array<string>"),
            n_country_conflicts=ibis.literal(0),
            n_countries_reported=ibis.null("int64"),
            updated_on=raw.indexed["date-time"].substr(0, 10),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return one row per record and author. Crossref does not say who corresponds."""
    listed = raw.select(
        **origin(raw, REGISTER),
        person_salt=raw.person_salt,
        n_authors=raw.authors.length(),
        author=raw.authors,
    )
    authors = rows_of(listed, "author")
    return conform(
        authors.mutate(
            position=authors.place + 1,
            person_key=salted_id(authors.author["orcid"], authors.person_salt),
            is_first=authors.place == 0,
            is_last=authors.place == authors.n_authors - 1,
            is_corresponding=ibis.null("boolean"),
            country_codes=authors.author["country_codes"],
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    r"""Divide the credit of each author equally among the affiliations that are printed.

    .. math:: s = \frac{1}{n_{affil}}

    An organisation is keyed ``ror:`` and its ROR id where there is one; the text is kept as its
    name either way. One of which neither text nor id is there has a share and no row.
    """
    authors = rows_of(raw.select(**origin(raw, REGISTER), author=raw.authors), "author")
    listed = authors.select(
        *RECORD_KEY,
        position=authors.place + 1,
        n_affiliations=authors.author["affiliations"].length(),
        printed=authors.author["affiliations"],
    )
    printed = rows_of(listed, "printed")
    placed = printed.mutate(
        affiliation=printed.place + 1,
        organization_key=ibis.literal("ror:").concat(printed.printed["ror_id"]),
        organization_name=printed.printed["name"],
        country_code=printed.printed["country_code"],
        share=1.0 / printed.n_affiliations.cast("float64"),
    )
    known = placed.filter(
        placed.organization_key.notnull()
        | placed.organization_name.notnull()
        | placed.country_code.notnull()
    )
    return conform(known, STAGED_AFFILIATIONS)


def citations(raw: ir.Table) -> ir.Table:
    """Return each distinct DOI that a record refers to; references without one are only counted."""
    dois = elements(raw.reference).map(lambda reference: bare_doi(reference["DOI"]))
    referring = raw.select(
        **origin(raw, REGISTER),
        citing_work_key=doi_number(raw.DOI),
        cited_doi=sorted_strings(dois).unnest(),
    )
    return conform(
        referring.mutate(cited_work_key=doi_number(referring.cited_doi)), STAGED_CITATIONS
    )


def fundings(raw: ir.Table) -> ir.Table:
    """Return each funder with each of its awards, or with none; known by its registry's DOI."""
    funded = raw.select(**origin(raw, REGISTER), funder=elements(raw.funder).unnest())
    awards = elements(funded.funder["award"])
    named = funded.select(
        *RECORD_KEY,
        funder_key=bare_doi(funded.funder["DOI"]),
        funder_name=trimmed(funded.funder["name"]).nullif(""),
        award_id=ibis.ifelse(
            awards.length() > 0, awards, ibis.array([ibis.null("string")])
        ).unnest(),
    )
    distinct = named.distinct()
    of_record = ibis.window(
        group_by=list(RECORD_KEY),
        order_by=[
            distinct.funder_key.fill_null(""),
            distinct.funder_name.fill_null(""),
            distinct.award_id.fill_null(""),
        ],
    )
    return conform(distinct.mutate(funding=ibis.row_number().over(of_record) + 1), STAGED_FUNDINGS)


def with_authors(records: ir.Table) -> ir.Table:
    """Return records with their DOI in lower case and what is said of each author in one place.

    ``authors`` has, in their order, ``orcid``, ``country_codes`` and ``affiliations`` with
    ``name``, ``ror_id`` and ``country_code``.
    """
    return records.select(
        *(name for name in records.columns if name not in {"DOI", "author"}),
        DOI=bare_doi(records.DOI),
        authors=elements(records.author).map(_author),
    )


def _author(author: ir.StructValue) -> ir.StructValue:
    affiliations = elements(author["affiliation"]).map(_affiliation)
    return ibis.struct(
        {
            "orcid": bare_id(author["ORCID"]).upper(),
            "country_codes": sorted_strings(affiliations.map(lambda one: one["country_code"])),
            "affiliations": affiliations,
        }
    )


def _affiliation(affiliation: ir.StructValue) -> ir.StructValue:
    """Return an affiliation with its ROR id and country, where the publisher gave them."""
    asserted = elements(affiliation["id"]).filter(lambda one: one["id-type"] == ROR)
    # A name before its place: "Lisbon, Portugal" is a place, and so is "Portugal" alone.
    place = ibis.literal(",").concat(first(elements(affiliation["place"])))
    name = trimmed(affiliation["name"]).nullif("")
    return ibis.struct(
        {
            "name": name,
            "ror_id": bare_id(first(asserted)["id"]),
            "country_code": ibis.coalesce(country_of_address(place), country_of_address(name)),
        }
    )


def _year(date: ir.StructValue) -> ir.IntegerValue:
    """Return the year of a date; an unknown one is written as one empty part."""
    return first(elements(first(elements(date["date-parts"]))))


FEEDS = (
    Feed(writes=STAGED_WORKS, compute=works),
    Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
    Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
    Feed(writes=STAGED_CITATIONS, compute=citations),
    Feed(writes=STAGED_FUNDINGS, compute=fundings),
)

FILES: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("json_items", ("**/*.json.gz", "**/*.json")),
    ("jsonl", ("**/*.jsonl.gz", "**/*.jsonl")),
)
"""How the files are called until 2024, and since."""

SOURCE = Source(
    name=REGISTER,
    title="Crossref, public data file",
    licence="Bibliographic facts, free of restrictions (CC0-1.0 for what Crossref adds)",
    url="https://www.crossref.org",
    citation="Crossref, public data file. https://www.crossref.org/documentation/retrieve-metadata",
    scope=None,
    intakes=tuple(
        Intake(
            files=files,
            format=form,
            raw=RAW,
            needed=("DOI",),
            prepare=with_authors,
            feeds=FEEDS,
        )
        for form, files in FILES
    ),
)
