"""OpenAlex: works with their authors, references, funders and fields; institutions; topics.

Three generations of the work record are read alike. That of 2023 has Crossref's types and no
countries of authors, that of 2024 has topics, countries and `grants`, and the present one has
`is_xpac` and `funders` with `awards` in place of `grants`. No name of a person is read.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Format, Intake, Source, as_read
from fourseas.schema.staged import (
    RECORD_KEY,
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FIELDS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATIONS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    PRESENT_KINDS,
    bare_doi,
    bare_id,
    countries,
    country,
    distinct_numbers,
    elements,
    key_number,
    origin,
    rows_of,
    sorted_strings,
    unlisted,
)
from fourseas.sources.openalex_fields import (
    REGISTER,
    fields_of_topics,
    fields_of_works,
    work_fields,
)

API_AUTHORS = 100
"""The API lists at most this many authors of a work; the snapshot lists all."""

LEVEL = "struct<id: string, display_name: string>"
SCORED = "array<struct<id: string, score: float64>>"

WORK = ibis.schema(
    {
        "id": "string",
        "doi": "string",
        "title": "string",
        "type": "string",
        "publication_year": "int64",
        "language": "string",
        "primary_location": "struct<source: struct<type: string>>",
        "open_access": "struct<is_oa: boolean>",
        "is_retracted": "boolean",
        "is_xpac": "boolean",
        "is_authors_truncated": "boolean",
        "cited_by_count": "int64",
        "countries_distinct_count": "int64",
        "referenced_works_count": "int64",
        "referenced_works": "array<string>",
        "updated_date": "string",
        "primary_topic": (
            "struct<id: string, display_name: string, "
            f"subfield: {LEVEL}, field: {LEVEL}, domain: {LEVEL}>"
        ),
        "topics": SCORED,
        "sustainable_development_goals": SCORED,
        "authorships": (
            "array<struct<author_position: string, author: struct<id: string>, "
            "is_corresponding: boolean, countries: array<string>, "
            "institutions: array<struct<id: string, display_name: string, country_code: string>>, "
            "affiliations: array<struct<institution_ids: array<string>>>>>"
        ),
        "grants": "array<struct<funder: string, funder_display_name: string, award_id: string>>",
        "funders": f"array<{LEVEL}>",
        "awards": (
            "array<struct<funder_id: string, funder_display_name: string, funder_award_id: string>>"
        ),
    }
)
"""Keys of a work, of all three generations."""

INSTITUTION = ibis.schema(
    {
        "id": "string",
        "ror": "string",
        "display_name": "string",
        "type": "string",
        "country_code": "string",
        "geo": "struct<country_code: string, city: string, latitude: float64, longitude: float64>",
    }
)
"""Keys of an institution."""

TOPIC = ibis.schema(
    {
        "id": "string",
        "display_name": "string",
        "subfield": LEVEL,
        "field": LEVEL,
        "domain": LEVEL,
    }
)
"""Keys of a topic."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per work record, with what can be said of it without its graph.

    A country is known of an author where `authorships.countries` names one or, failing that,
    an institution has one. A year is kept as it is, however impossible.
    """
    authors = raw.authors
    known = authors.map(lambda author: author["country_codes"])
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            work_key=raw.work_key,
            work_label=ibis.literal("W").concat(raw.work_key.cast("string")),
            doi=bare_doi(raw.doi),
            title=raw.title,
            kind=raw.type.substitute(PRESENT_KINDS).fill_null("other"),
            publication_year=raw.publication_year,
            language=raw.language,
            venue_kind=raw.primary_location["source"]["type"],
            is_xpac=raw.is_xpac.fill_null(False),
            is_retracted=raw.is_retracted.fill_null(False),
            is_authors_truncated=raw.is_truncated,
            is_oa=raw.open_access["is_oa"],
            cited_by_count=raw.cited_by_count,
            n_references=ibis.coalesce(raw.referenced_works_count, raw.referenced_works.length()),
            n_authors=authors.length(),
            n_authors_unknown=known.filter(lambda codes: codes.length() == 0).length(),
            country_codes=sorted_strings(known.flatten()),
            unlisted_codes=raw.unlisted_codes,
            n_country_conflicts=authors.filter(lambda author: author["is_conflict"]).length(),
            n_countries_reported=raw.countries_distinct_count,
            updated_on=raw.updated_date.substr(0, 10),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return one row per work record and author position.

    OpenAlex writes false for every author of a work whose corresponding author it does not
    know, so where none is marked the column is null. The last author of a truncated list is
    not the last of the work.
    """
    listed = raw.select(
        **origin(raw, REGISTER),
        is_truncated=raw.is_truncated,
        is_marked=raw.is_marked,
        n_authors=raw.authors.length(),
        author=raw.authors.map(
            lambda author: ibis.struct(
                {
                    "person_key": author["person_key"],
                    "is_corresponding": author["is_corresponding"],
                    "country_codes": author["country_codes"],
                }
            )
        ),
    )
    authors = rows_of(listed, "author")
    return conform(
        authors.mutate(
            position=authors.place + 1,
            person_key=authors.author["person_key"],
            is_first=authors.place == 0,
            is_last=(authors.place == authors.n_authors - 1) & ~authors.is_truncated,
            is_corresponding=ibis.ifelse(
                authors.is_marked,
                authors.author["is_corresponding"].fill_null(False),
                ibis.null("boolean"),
            ),
            country_codes=authors.author["country_codes"],
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    r"""Divide the credit of each author among organisations and countries.

    .. math:: s_{o} = \sum_{a \ni o} \frac{1}{n_{affil} \cdot n_{inst}(a)}

    where *a* runs over the author's :math:`n_{affil}` affiliation strings and
    :math:`n_{inst}(a)` are the institutions that the string is linked to. Where the strings do not
    link to all of the author's institutions, each institution is an affiliation of its own.

    The row of an organisation whose country is not among the author's countries has no
    country. Countries of the author in which no institution lies come without organisation
    and divide equally what the others leave of 1, which may be nothing.

    Over an author, rows with an organisation sum to at most 1, and so do rows with a country.
    What is missing to 1 is lost, not spread over the others.
    """
    authors = _addressed_authors(raw)
    by_institution = _by_institution(authors)
    by_country = _by_unreached_country(authors)
    return conform(by_institution, STAGED_AFFILIATIONS).union(
        conform(by_country, STAGED_AFFILIATIONS)
    )


def citations(raw: ir.Table) -> ir.Table:
    """Return each distinct work that a record refers to, itself included where it does."""
    keys = raw.referenced_works.map(lambda url: key_number(url, "W"))
    referring = raw.select(
        **origin(raw, REGISTER),
        citing_work_key=raw.work_key,
        cited_work_key=distinct_numbers(keys).unnest(),
    )
    return conform(referring.filter(referring.cited_work_key.notnull()), STAGED_CITATIONS)


def fundings(raw: ir.Table) -> ir.Table:
    """Return funders and awards from `awards`, `grants` and `funders` as one list.

    `funders` names each funder of a work once, whether or not its award is known: those that
    an award or grant names already are not repeated.
    """
    awards = elements(raw.awards).map(
        lambda award: _funding(
            award["funder_id"], award["funder_display_name"], award["funder_award_id"]
        )
    )
    grants = elements(raw.grants).map(
        lambda grant: _funding(grant["funder"], grant["funder_display_name"], grant["award_id"])
    )
    funders = elements(raw.funders).map(
        lambda funder: _funding(funder["id"], funder["display_name"], ibis.null("string"))
    )
    named = awards.concat(grants)
    unnamed = funders.filter(
        lambda funder: (
            named.filter(lambda other: other["funder_key"] == funder["funder_key"]).length() == 0
        )
    )
    funded = raw.select(**origin(raw, REGISTER), row=named.concat(unnamed).unnest())
    distinct = funded.select(
        *RECORD_KEY,
        funder_key=funded.row["funder_key"],
        funder_name=funded.row["funder_name"],
        award_id=funded.row["award_id"],
    ).distinct()
    of_record = ibis.window(
        group_by=list(RECORD_KEY),
        order_by=[
            distinct.funder_key.fill_null(""),
            distinct.award_id.fill_null(""),
            distinct.funder_name.fill_null(""),
        ],
    )
    numbered = distinct.mutate(funding=ibis.row_number().over(of_record) + 1)
    return conform(numbered, STAGED_FUNDINGS)


def organizations(raw: ir.Table) -> ir.Table:
    """Return one row per institution, with the place of its head office."""
    key = bare_id(raw.id)
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            organization_key=key,
            ror_id=bare_id(raw.ror),
            organization_name=raw.display_name.fill_null(key),
            organization_kind=raw.type,
            status=ibis.null("string"),
            country_code=ibis.coalesce(country(raw.country_code), country(raw.geo["country_code"])),
            city=raw.geo["city"],
            latitude=raw.geo["latitude"],
            longitude=raw.geo["longitude"],
            n_locations=raw.geo["latitude"].notnull().cast("int64"),
        ),
        STAGED_ORGANIZATIONS,
    )


def with_authors(records: ir.Table) -> ir.Table:
    """Return records of works with their number, and what is said of each author in one place.

    ``authors`` has, in their order: ``person_key``; ``is_corresponding``; ``country_codes``, the
    known countries, in order; ``unreached``, those of them in which no institution lies;
    ``is_conflict``, whether countries listed and reached both speak and differ; ``institutions``
    with ``id``, ``name`` and country ``code``; and ``addresses``, the ids that each affiliation
    string is linked to. What is written of a country is looked up here and nowhere else.
    """
    found = records.mutate(looked_up=elements(records.authorships).map(_looked_up))
    written = found.looked_up.map(lambda author: author["written"]).flatten()
    marked = found.looked_up.filter(lambda author: author["is_corresponding"])
    return found.select(
        *(name for name in records.columns if name not in {"authorships", "is_authors_truncated"}),
        work_key=key_number(found.id, "W"),
        is_truncated=_is_truncated(found),
        is_marked=marked.length() > 0,
        unlisted_codes=unlisted(written),
        authors=found.looked_up.map(_author),
    )


def _looked_up(authorship: ir.StructValue) -> ir.StructValue:
    """Return an authorship with the countries that its codes stand for."""
    institutions = elements(authorship["institutions"])
    return ibis.struct(
        {
            "person_key": key_number(authorship["author"]["id"], "A"),
            "is_corresponding": authorship["is_corresponding"],
            "listed": sorted_strings(countries(elements(authorship["countries"]))),
            "institutions": institutions.map(
                lambda institution: ibis.struct(
                    {
                        "id": institution["id"],
                        "name": institution["display_name"],
                        "code": country(institution["country_code"]),
                    }
                )
            ),
            "written": elements(authorship["countries"]).concat(
                institutions.map(lambda institution: institution["country_code"])
            ),
            "addresses": elements(authorship["affiliations"]).map(
                lambda affiliation: sorted_strings(elements(affiliation["institution_ids"]))
            ),
        }
    )


def _author(found: ir.StructValue) -> ir.StructValue:
    """Say where an author was: in the countries listed or, failing that, of institutions."""
    listed = found["listed"]
    reached = sorted_strings(found["institutions"].map(lambda institution: institution["code"]))
    named = found["institutions"].filter(lambda institution: institution["id"].notnull())
    codes = named.map(lambda institution: institution["code"])
    is_listed = listed.length() > 0
    known = ibis.ifelse(is_listed, listed, reached)
    return ibis.struct(
        {
            "person_key": found["person_key"],
            "is_corresponding": found["is_corresponding"],
            "country_codes": known,
            "unreached": known.filter(lambda code: ~codes.contains(code)),
            "is_conflict": is_listed & (reached.length() > 0) & (listed != reached),
            "institutions": named,
            "addresses": found["addresses"],
        }
    )


def _is_truncated(records: ir.Table) -> ir.BooleanValue:
    """Tell whether the author list was cut: the API says so, or it ends amid the authors."""
    listed = elements(records.authorships)
    n_last = listed.filter(lambda author: author["author_position"] == "last").length()
    return records.is_authors_truncated.fill_null(False) | (
        (listed.length() == API_AUTHORS) & (n_last == 0)
    )


def _addressed_authors(raw: ir.Table) -> ir.Table:
    """Return one row per author with an address, and whether the affiliations are linked."""
    authors = rows_of(raw.select(**origin(raw, REGISTER), author=raw.authors), "author")
    institutions, addresses = authors.author["institutions"], authors.author["addresses"]
    unreached = authors.author["unreached"]
    placed = authors.filter((institutions.length() > 0) | (unreached.length() > 0))
    ids = institutions.map(lambda institution: institution["id"])
    n_linked = ids.intersect(addresses.flatten()).length()
    return placed.select(
        *RECORD_KEY,
        position=placed.place + 1,
        country_codes=authors.author["country_codes"],
        unreached=unreached,
        institutions=institutions,
        ids=ids,
        addresses=addresses,
        is_linked=(n_linked > 0) & (n_linked == ids.length()),
    )


def _by_institution(authors: ir.Table) -> ir.Table:
    """Return a row for each institution of an author, with its share of the affiliations."""
    listed = rows_of(authors.mutate(institution=authors.institutions), "institution")
    organization_id = listed.institution["id"]
    code = listed.institution["code"]
    # One that is listed twice would have its share twice.
    once = listed.filter(listed.ids.index(organization_id) == listed.place)
    return once.mutate(
        affiliation=listed.place + 1,
        organization_key=bare_id(organization_id),
        organization_name=listed.institution["name"],
        country_code=ibis.ifelse(listed.country_codes.contains(code), code, ibis.null("string")),
        share=_share(listed, organization_id),
    )


def _share(authors: ir.Table, organization_id: ir.StringValue) -> ir.FloatingValue:
    """Return what an institution has of an author's affiliations."""
    n_addresses = authors.addresses.length().cast("float64")
    n_institutions = sorted_strings(authors.ids).length().cast("float64")
    naming = authors.addresses.filter(lambda ids: ids.contains(organization_id))
    parts = naming.map(lambda ids: 1.0 / ids.length().cast("float64"))
    return ibis.ifelse(
        authors.is_linked,
        ibis.coalesce(parts.sums(), 0.0) / n_addresses,
        1.0 / n_institutions,
    )


def _by_unreached_country(authors: ir.Table) -> ir.Table:
    """Return a row for each country of an author in which no institution lies."""
    # Few authors have one, and what is left need be known of them alone.
    apart = authors.filter(authors.unreached.length() > 0)
    # Sums of thirds may exceed 1 by a rounding error.
    left = ibis.greatest(1.0 - _placed_share(apart), 0.0)
    each = apart.mutate(
        share=left / apart.unreached.length().cast("float64"), country_code=apart.unreached
    )
    listed = rows_of(each, "country_code")
    return listed.mutate(
        affiliation=listed.institutions.length() + listed.place + 1,
        organization_key=ibis.null("string"),
        organization_name=ibis.null("string"),
    )


def _placed_share(authors: ir.Table) -> ir.FloatingValue:
    """Return what institutions have of an author's affiliations within the author's countries."""
    placed = authors.institutions.filter(
        lambda institution: authors.country_codes.contains(institution["code"])
    )
    placed_ids = sorted_strings(placed.map(lambda institution: institution["id"]))
    linked = authors.addresses.filter(lambda ids: ids.length() > 0)
    parts = linked.map(
        lambda ids: (
            ids.intersect(placed_ids).length().cast("float64") / ids.length().cast("float64")
        )
    )
    n_institutions = sorted_strings(authors.ids).length().cast("float64").nullif(0.0)
    return ibis.ifelse(
        authors.is_linked,
        parts.sums() / authors.addresses.length().cast("float64"),
        ibis.coalesce(placed_ids.length().cast("float64") / n_institutions, 0.0),
    )


def _funding(funder: ir.Value, name: ir.Value, award_id: ir.Value) -> ir.StructValue:
    return ibis.struct({"funder_key": bare_id(funder), "funder_name": name, "award_id": award_id})


WORK_FEEDS = (
    Feed(writes=STAGED_WORKS, compute=works),
    Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
    Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
    Feed(writes=STAGED_CITATIONS, compute=citations),
    Feed(writes=STAGED_WORK_FIELDS, compute=work_fields),
    Feed(writes=STAGED_FIELDS, compute=fields_of_works),
    Feed(writes=STAGED_FUNDINGS, compute=fundings),
)
INSTITUTION_FEEDS = (Feed(writes=STAGED_ORGANIZATIONS, compute=organizations),)
TOPIC_FEEDS = (Feed(writes=STAGED_FIELDS, compute=fields_of_topics),)
Prepare = Callable[[ir.Table], ir.Table]
ENTITIES: tuple[tuple[str, ibis.Schema, tuple[str, ...], Prepare, tuple[Feed, ...]], ...] = (
    ("works", WORK, ("id",), with_authors, WORK_FEEDS),
    ("institutions", INSTITUTION, ("id",), as_read, INSTITUTION_FEEDS),
    ("topics", TOPIC, ("id", "display_name"), as_read, TOPIC_FEEDS),
)
"""What is read: name of its directory, keys, keys that are needed, preparation, tables."""

PATTERNS: tuple[tuple[Format, tuple[str, ...]], ...] = (
    ("jsonl", ("**/{0}/**/part_*.gz", "**/{0}/**/*.jsonl.gz", "**/{0}*.jsonl.gz", "**/{0}*.jsonl")),
    ("parquet", ("**/{0}/**/*.parquet",)),
)
"""How the files of an entity are called in snapshots, by format, and outside of them."""

SOURCE = Source(
    name=REGISTER,
    title="OpenAlex",
    licence="CC0-1.0",
    url="https://openalex.org",
    citation=(
        "Priem, J., Piwowar, H., & Orr, R. (2022). OpenAlex: A fully-open index of scholarly "
        "works, authors, venues, institutions, and concepts. https://arxiv.org/abs/2205.01833"
    ),
    scope=None,
    intakes=tuple(
        Intake(
            files=tuple(pattern.format(name) for pattern in patterns),
            format=form,
            raw=raw,
            needed=needed,
            prepare=prepare,
            feeds=feeds,
        )
        for name, raw, needed, prepare, feeds in ENTITIES
        for form, patterns in PATTERNS
    ),
)
