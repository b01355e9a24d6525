"""USPTO: granted patents of the United States, from the weekly bibliographic files since 2013.

A file of a week (`ipgb20230404_wk14.zip`, or the XML in it) holds one document for each patent.
Inventors are its authors, placed where they live; who owns the rights is kept beside. Patents that
a patent cites are its references, of which those of the United States are found again.

Faults to know: no name of a person is read, so that inventors have no number and no mobility. An
inventor's address is the home, not the place of work: a commuter's invention is the home
country's. Assignees are those named at grant; who bought the patent later is not here. Designs and
plants have no class of the CPC. Files before 2013 name inventors as applicants and are not read.
"""

from __future__ import annotations

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import (
    RECORD_KEY,
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FIELDS,
    STAGED_OWNERS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    country,
    distinct_numbers,
    elements,
    origin,
    rows_of,
    salted_id,
    sorted_strings,
    unlisted,
)

REGISTER = "uspto"
SCHEME = "cpc_section"
SECTIONS = {
    "A": "Human necessities",
    "B": "Performing operations; transporting",
    "C": "Chemistry; metallurgy",
    "D": "Textiles; paper",
    "E": "Fixed constructions",
    "F": "Mechanical engineering; lighting; heating; weapons; blasting",
    "G": "Physics",
    "H": "Electricity",
    "Y": "New and cross-sectional technologies",
}
"""Sections of the Cooperative Patent Classification."""

INVENTIVE = "I"
"""A class that the invention itself is of, and not what it is told with."""

DOCUMENT = dt.Struct(
    {"document-id": dt.Struct(dict.fromkeys(("country", "doc-number"), dt.string))}
)
DATED = dt.Struct(
    {"document-id": dt.Struct(dict.fromkeys(("country", "doc-number", "kind", "date"), dt.string))}
)
ADDRESS = dt.Struct(
    {
        "orgname": dt.string,
        "address": dt.Struct({"city": dt.string, "country": dt.string}),
    }
)
CLASS = dt.Struct({"section": dt.string, "classification-value": dt.string})
BIBLIOGRAPHY = dt.Struct(
    {
        "publication-reference": DATED,
        "invention-title": dt.string,
        "us-references-cited": dt.Struct(
            {"us-citation": dt.Array(dt.Struct({"patcit": DOCUMENT}))}
        ),
        "classifications-cpc": dt.Struct(
            {
                "main-cpc": dt.Struct({"classification-cpc": dt.Array(CLASS)}),
                "further-cpc": dt.Struct({"classification-cpc": dt.Array(CLASS)}),
            }
        ),
        "us-parties": dt.Struct(
            {"inventors": dt.Struct({"inventor": dt.Array(dt.Struct({"addressbook": ADDRESS}))})}
        ),
        "assignees": dt.Struct({"assignee": dt.Array(dt.Struct({"addressbook": ADDRESS}))}),
    }
)
RAW = ibis.schema({"us-bibliographic-data-grant": BIBLIOGRAPHY})
"""Children of a document."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per patent, of the year of its grant."""
    codes = raw.inventors.map(country)
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            work_key=_number(raw.label),
            work_label=raw.label,
            doi=ibis.null("string"),
            title=raw.title,
            kind=ibis.literal("patent"),
            publication_year=raw.granted_on.substr(0, 4).try_cast("int64"),
            language=ibis.literal("en"),
            venue_kind=ibis.literal("patent office"),
            is_xpac=ibis.literal(False),
            is_retracted=ibis.literal(False),
            is_authors_truncated=ibis.literal(False),
            is_oa=ibis.literal(True),
            cited_by_count=ibis.null("int64"),
            n_references=raw.n_references,
            n_authors=raw.inventors.length(),
            n_authors_unknown=codes.filter(lambda code: code.isnull()).length(),
            country_codes=sorted_strings(codes),
            unlisted_codes=unlisted(raw.inventors),
            n_country_conflicts=ibis.literal(0),
            n_countries_reported=ibis.null("int64"),
            updated_on=ibis.null("string"),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return one row per patent and inventor, in the order of the document. None corresponds."""
    inventors = _inventors(raw)
    return conform(
        inventors.mutate(
            position=inventors.place + 1,
            person_key=ibis.null("int64"),
            is_first=inventors.place == 0,
            is_last=inventors.place == inventors.n_inventors - 1,
            is_corresponding=ibis.null("boolean"),
            country_codes=sorted_strings(ibis.array([country(inventors.inventor)])),
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    """Return the country in which each inventor lives, where it is known."""
    inventors = _inventors(raw)
    placed = inventors.mutate(
        position=inventors.place + 1,
        affiliation=ibis.literal(1),
        organization_key=ibis.null("string"),
        organization_name=ibis.null("string"),
        country_code=country(inventors.inventor),
        share=ibis.literal(1.0),
    )
    return conform(placed.filter(placed.country_code.notnull()), STAGED_AFFILIATIONS)


def owners(raw: ir.Table) -> ir.Table:
    """Return the assignees of each patent at grant; a person has a country and no name here."""
    listed = rows_of(raw.select(**origin(raw, REGISTER), owner=raw.owners), "owner")
    return conform(
        listed.select(
            *RECORD_KEY,
            position=listed.place + 1,
            owner_name=listed.owner["orgname"],
            country_code=country(listed.owner["address"]["country"]),
        ),
        STAGED_OWNERS,
    )


def citations(raw: ir.Table) -> ir.Table:
    """Return each distinct patent of the United States that a patent cites."""
    cited = raw.cited.map(_number)
    referring = raw.select(
        **origin(raw, REGISTER),
        citing_work_key=_number(raw.label),
        cited_work_key=distinct_numbers(cited).unnest(),
    )
    return conform(referring, STAGED_CITATIONS)


def work_fields(raw: ir.Table) -> ir.Table:
    """Divide each patent equally among the sections of the CPC that the invention is of."""
    listed = raw.select(**origin(raw, REGISTER), sections=raw.sections)
    divided = listed.select(
        *RECORD_KEY,
        scheme=ibis.literal(SCHEME),
        field_id=listed.sections.unnest(),
        weight=1.0 / listed.sections.length().cast("float64").nullif(0.0),
    )
    return conform(divided, STAGED_WORK_FIELDS)


def fields(raw: ir.Table) -> ir.Table:
    """Return the names of the sections that occur, each once per part."""
    listed = raw.select(**origin(raw, REGISTER), field_id=raw.sections.unnest())
    named = listed.group_by("register", "part_key", "field_id").agg(record=listed.record.min())
    return conform(
        named.mutate(
            scheme=ibis.literal(SCHEME),
            source_id=ibis.null("string"),
            field_name=named.field_id.substitute(SECTIONS),
            parent_id=ibis.null("string"),
        ),
        STAGED_FIELDS,
    )


def patents(records: ir.Table) -> ir.Table:
    """Return of each document what is told of the patent.

    ``label``, ``title``, ``granted_on``; ``inventors``, the countries as they are written;
    ``owners``; ``n_references`` and ``cited``, all citations and labels of patents of the United
    States; ``sections``, sorted.
    """
    told = records["us-bibliographic-data-grant"]
    grant = told["publication-reference"]["document-id"]
    references = elements(told["us-references-cited"]["us-citation"])
    patents_cited = references.map(lambda one: one["patcit"]["document-id"]).filter(
        lambda one: one["country"] == "US"
    )
    classes = elements(told["classifications-cpc"]["main-cpc"]["classification-cpc"]).concat(
        elements(told["classifications-cpc"]["further-cpc"]["classification-cpc"])
    )
    inventive = classes.filter(
        lambda one: (one["classification-value"] == INVENTIVE) & one["section"].isin(list(SECTIONS))
    )
    return records.mutate(
        label=_label(grant["doc-number"]),
        title=told["invention-title"],
        granted_on=grant["date"],
        inventors=elements(told["us-parties"]["inventors"]["inventor"]).map(
            lambda one: one["addressbook"]["address"]["country"]
        ),
        owners=elements(told["assignees"]["assignee"]).map(lambda one: one["addressbook"]),
        n_references=references.length(),
        cited=sorted_strings(patents_cited.map(lambda one: _label(one["doc-number"]))),
        sections=sorted_strings(inventive.map(lambda one: one["section"])),
    )


def _inventors(raw: ir.Table) -> ir.Table:
    listed = raw.select(
        **origin(raw, REGISTER), n_inventors=raw.inventors.length(), inventor=raw.inventors
    )
    return rows_of(listed, "inventor")


def _label(number: ir.StringValue) -> ir.StringValue:
    """Return a number as it is cited: D0982278 of a document is D982278 elsewhere."""
    letters, digits = number.re_extract(r"^([A-Z]*)", 1), number.re_extract(r"([1-9][0-9]*)$", 1)
    return ibis.literal("US").concat(letters, digits)


def _number(label: ir.StringValue) -> ir.IntegerValue:
    return salted_id(label, ibis.literal("patent:"))


SOURCE = Source(
    name=REGISTER,
    title="Granted patents of the United States Patent and Trademark Office",
    licence="US federal data, public domain",
    url="https://data.uspto.gov/bulkdata",
    citation="USPTO, patent grant bibliographic data, weekly files.",
    scope=None,
    intakes=(
        Intake(
            files=("**/ipgb*.zip", "**/ipgb*.xml"),
            format="xml",
            raw=RAW,
            needed=("us-bibliographic-data-grant",),
            prepare=patents,
            feeds=(
                Feed(writes=STAGED_WORKS, compute=works),
                Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
                Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
                Feed(writes=STAGED_OWNERS, compute=owners),
                Feed(writes=STAGED_CITATIONS, compute=citations),
                Feed(writes=STAGED_WORK_FIELDS, compute=work_fields),
                Feed(writes=STAGED_FIELDS, compute=fields),
            ),
        ),
    ),
)
