"""RFCs: the standards documents of the Internet, with their authors and references.

One record is one document. Its authors bear names where somebody prepares the register anew;
in the packaged copy names are already ids that nobody can trace back. Either way what the lake
keeps is a salted hash. Countries are those of the printed addresses and nothing else: a domain
such as .im or .io says where a name was registered, not where its owner works.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FIELDS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    bare_doi,
    country,
    elements,
    origin,
    rows_of,
    salted_id,
    slug,
    sorted_strings,
    trimmed,
    unlisted,
)

REGISTER = "rfc"

GROUP_SCHEME = "ietf_group"
STREAM_SCHEME = "ietf_stream"

STREAM_OF_SOURCE = {
    "Legacy": "legacy",
    "IETF - NON WORKING GROUP": "ietf-non-wg",
    "IESG": "ietf-non-wg",
    "INDEPENDENT": "independent",
    "IAB": "iab",
    "IRTF": "irtf",
    "Human Rights Protocol Considerations": "irtf",
    "Thing-to-Thing": "irtf",
}
"""Streams of sources that do not say by their name that they are groups of the IETF or IRTF."""

STREAM_NAMES = {
    "legacy": "Legacy, before there were streams",
    "ietf": "IETF working groups",
    "ietf-non-wg": "IETF outside working groups",
    "independent": "Independent submissions",
    "iab": "Internet Architecture Board",
    "irtf": "Internet Research Task Force",
}

NO_GROUP = ("Legacy", "IETF - NON WORKING GROUP", "INDEPENDENT", "IRTF")
"""Sources that name a stream and no group in it."""

RESEARCH_GROUP = r" (Research Group|RG)$"

AREA = r"\s+(APP|ART|GEN|INT|OPS|RAI|RTG|SEC|TSV)$"
"""The area that the RFC Editor at times appends to the name of a working group."""

RAW = ibis.schema(
    {
        "rfc": "int64",
        "doi": "string",
        "title": "string",
        "year": "int64",
        "source": "string",
        "authors": (
            "array<struct<position: int64, name: string, org: string, country: string, "
            "editor: boolean>>"
        ),
        "references": "array<int64>",
    }
)
"""Keys of a document."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per document. RFCs are free to read and are not withdrawn, only obsoleted."""
    authors = elements(raw.authors)
    written = authors.map(lambda author: author["country"])
    codes = written.map(country)
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            work_key=raw.rfc,
            work_label=ibis.literal("RFC ").concat(raw.rfc.cast("string")),
            doi=bare_doi(raw.doi),
            title=raw.title,
            kind=ibis.literal("standard"),
            publication_year=raw.year,
            language=ibis.literal("en"),
            venue_kind=ibis.literal("standards"),
            is_xpac=ibis.literal(False),
            is_retracted=ibis.literal(False),
            is_authors_truncated=ibis.literal(False),
            is_oa=ibis.literal(True),
            cited_by_count=ibis.null("int64"),
            n_references=elements(raw.references).length(),
            n_authors=authors.length(),
            n_authors_unknown=codes.filter(lambda code: code.isnull()).length(),
            country_codes=sorted_strings(codes),
            unlisted_codes=unlisted(written),
            n_country_conflicts=ibis.literal(0),
            n_countries_reported=ibis.null("int64"),
            updated_on=ibis.null("string"),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return one row per document and author. RFCs do not say who corresponds."""
    authors = _authors(raw)
    code = country(authors.author["country"])
    return conform(
        authors.mutate(
            position=authors.author["position"],
            person_key=salted_id(authors.author["name"], authors.person_salt),
            is_first=authors.author["position"] == 1,
            is_last=authors.author["position"] == authors.n_authors,
            is_corresponding=ibis.null("boolean"),
            country_codes=sorted_strings(ibis.array([code])),
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    """Return the printed organisation and country of each author who has either.

    An organisation is known by its name in lower case, so that Cisco and Cisco Systems are two.
    """
    authors = _authors(raw)
    name = trimmed(authors.author["org"]).nullif("")
    placed = authors.mutate(
        position=authors.author["position"],
        affiliation=ibis.literal(1),
        organization_key=name.lower().re_replace(r"\s+", " "),
        organization_name=name,
        country_code=country(authors.author["country"]),
        share=ibis.literal(1.0),
    )
    known = placed.filter(placed.organization_key.notnull() | placed.country_code.notnull())
    return conform(known, STAGED_AFFILIATIONS)


def citations(raw: ir.Table) -> ir.Table:
    """Return each distinct RFC that a document refers to, were it ever issued or not."""
    referring = raw.select(
        **origin(raw, REGISTER), citing_work_key=raw.rfc, cited_work_key=raw.references.unnest()
    )
    return conform(referring.distinct(), STAGED_CITATIONS)


def work_fields(raw: ir.Table) -> ir.Table:
    """Return the stream of each document and, where one wrote it, the group."""
    return conform(_fields(raw).mutate(weight=ibis.literal(1.0)), STAGED_WORK_FIELDS)


def fields(raw: ir.Table) -> ir.Table:
    """Return the names of streams and groups, each once per part.

    A group belongs to a stream. The spellings of a name (AToM MIB, ATom MIB) are one group.
    """
    placed = _fields(raw)
    named = placed.group_by("register", "part_key", "scheme", "field_id").agg(
        record=placed.record.min(),
        field_name=placed.field_name.min(),
        parent_id=placed.parent_id.min(),
    )
    return conform(named.mutate(source_id=ibis.null("string")), STAGED_FIELDS)


def _authors(raw: ir.Table) -> ir.Table:
    """Return one row per document and author."""
    listed = raw.select(
        **origin(raw, REGISTER),
        person_salt=raw.person_salt,
        n_authors=raw.authors.length(),
        author=raw.authors,
    )
    return rows_of(listed, "author")


def _fields(raw: ir.Table) -> ir.Table:
    """Return one row per document and field, with the names of the fields."""
    sourced = raw.filter(raw.source.notnull())
    stream_id = _stream(sourced.source)
    streams = sourced.select(
        **origin(sourced, REGISTER),
        scheme=ibis.literal(STREAM_SCHEME),
        field_id=stream_id,
        field_name=stream_id.substitute(STREAM_NAMES),
        parent_id=ibis.null("string"),
    )
    group_name = trimmed(sourced.source).re_replace(AREA, "")
    of_groups = sourced.select(
        **origin(sourced, REGISTER),
        scheme=ibis.literal(GROUP_SCHEME),
        field_id=slug(group_name),
        field_name=group_name,
        parent_id=stream_id,
        source=sourced.source,
    )
    groups = of_groups.filter(of_groups.source.notin(NO_GROUP)).drop("source")
    return streams.union(groups)


def _stream(source: ir.StringValue) -> ir.StringValue:
    """Return the stream of a source; whatever else is not a group of the IRTF is of the IETF."""
    named = trimmed(source)
    return ibis.cases(
        (named.isin(list(STREAM_OF_SOURCE)), named.substitute(STREAM_OF_SOURCE)),
        (named.re_search(RESEARCH_GROUP), "irtf"),
        else_="ietf",
    )


SOURCE = Source(
    name=REGISTER,
    title="Requests for Comments of the RFC Editor",
    licence="Bibliographic facts; the texts are under the IETF Trust Legal Provisions",
    url="https://www.rfc-editor.org/",
    citation="RFC Editor, RFC index, documents issued until January 2024.",
    scope="census",
    intakes=(
        Intake(
            files=("**/documents.parquet",),
            format="parquet",
            raw=RAW,
            needed=("rfc",),
            feeds=(
                Feed(writes=STAGED_WORKS, compute=works),
                Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
                Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
                Feed(writes=STAGED_CITATIONS, compute=citations),
                Feed(writes=STAGED_WORK_FIELDS, compute=work_fields),
                Feed(writes=STAGED_FIELDS, compute=fields),
            ),
        ),
    ),
)
