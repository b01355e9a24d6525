"""The CSV that the OpenAlex web site exports: one row per work, lists joined by a bar.

Lists do not line up. `authorships.countries` and `authorships.institutions.id` have at least one
entry per author, empty where nothing is known, and more for an author of several countries or
institutions; nothing says where one author ends. So the countries of a work are always known, and
those of each author only where there are as many entries as authors. In the site's own export of
30 works that is 24; of the others an author has no country, and fractional credit is lost.

Faults to know: references, institutions' countries and ids of funders are not exported; topics have
names alone; the site chooses columns, and a column that was not exported leaves its facts unknown;
a list of exactly 100 authors counts as cut off, as the register lists no more. It is a register of
its own, counted apart from OpenAlex. Names of persons are not read.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_FIELDS,
    STAGED_FUNDINGS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    bare_doi,
    bare_id,
    countries,
    country,
    elements,
    key_number,
    origin,
    rows_of,
    slug,
    sorted_strings,
    unlisted,
)

REGISTER = "openalex_export"

TOPIC_SCHEME = "openalex_topic_name"
"""Topics by their names: the export has no ids of them."""

BAR = "|"
API_AUTHORS = 100
"""The API, from which the site exports, lists at most this many authors of a work."""

RAW = ibis.schema(
    {
        "id": "string",
        "doi": "string",
        "display_name": "string",
        "type": "string",
        "publication_year": "int64",
        "language": "string",
        "is_retracted": "boolean",
        "open_access.is_oa": "boolean",
        "cited_by_count": "int64",
        "primary_location.source.type": "string",
        "primary_topic.display_name": "string",
        "funders.display_name": "string",
        "authorships.author.id": "string",
        "authorships.countries": "string",
        "authorships.institutions.id": "string",
        "authorships.institutions.display_name": "string",
        "authorships.is_corresponding": "string",
    }
)
"""Columns of a work."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per work: its countries are those of the list, whoever they belong to."""
    listed = raw.mutate(
        n_authors=_list(raw["authorships.author.id"]).length(),
        codes=_list(raw["authorships.countries"]),
    )
    codes = listed.codes
    n_without = codes.filter(lambda code: country(code).isnull()).length()
    is_told = codes.length() >= listed.n_authors
    return conform(
        listed.select(
            **origin(listed, REGISTER),
            work_key=key_number(listed.id, "W"),
            work_label=bare_id(listed.id),
            doi=bare_doi(listed.doi),
            title=listed.display_name,
            kind=listed.type.fill_null("other"),
            publication_year=listed.publication_year,
            language=listed.language,
            venue_kind=listed["primary_location.source.type"],
            is_xpac=ibis.literal(False),
            is_retracted=listed.is_retracted.fill_null(False),
            is_authors_truncated=listed.n_authors == API_AUTHORS,
            is_oa=listed["open_access.is_oa"],
            cited_by_count=listed.cited_by_count,
            n_references=ibis.null("int64"),
            n_authors=listed.n_authors,
            n_authors_unknown=ibis.ifelse(is_told, n_without, listed.n_authors),
            country_codes=sorted_strings(countries(codes)),
            unlisted_codes=unlisted(codes.filter(lambda code: code != "")),
            n_country_conflicts=ibis.literal(0),
            n_countries_reported=ibis.null("int64"),
            updated_on=ibis.null("string"),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return one row per work and author; where lists do not line up, without a country.

    The site writes False for every author where none is known to correspond: that is null here.
    """
    authors = _authors(raw)
    is_cut = authors.n_authors == API_AUTHORS
    return conform(
        authors.mutate(
            position=authors.place + 1,
            person_key=key_number(authors.author, "A"),
            is_first=authors.place == 0,
            is_last=(authors.place == authors.n_authors - 1) & ~is_cut,
            is_corresponding=_of_author(authors, "marks", authors.is_marked) == "True",
            country_codes=sorted_strings(ibis.array([authors.code])),
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    """Return the one institution and country of each author, where lists line up."""
    authors = _authors(raw)
    organization_id = _of_author(authors, "organization_ids", authors.is_placed)
    organization_name = _of_author(authors, "organization_names", authors.is_placed)
    named = authors.mutate(
        position=authors.place + 1,
        affiliation=ibis.literal(1),
        organization_key=bare_id(organization_id),
        organization_name=organization_name.nullif(""),
        country_code=authors.code,
        share=ibis.literal(1.0),
    )
    known = named.filter(named.organization_key.notnull() | named.country_code.notnull())
    return conform(known, STAGED_AFFILIATIONS)


def fundings(raw: ir.Table) -> ir.Table:
    """Return the names of a work's funders; the export has no ids and no awards."""
    names = _list(raw["funders.display_name"]).filter(lambda name: name != "")
    listed = raw.select(**origin(raw, REGISTER), funder_name=sorted_strings(names))
    funders = rows_of(listed, "funder_name")
    return conform(
        funders.mutate(
            funding=funders.place + 1,
            funder_key=ibis.null("string"),
            award_id=ibis.null("string"),
        ),
        STAGED_FUNDINGS,
    )


def work_fields(raw: ir.Table) -> ir.Table:
    """Return the topic of each work that has one."""
    return conform(_topics(raw).mutate(weight=ibis.literal(1.0)), STAGED_WORK_FIELDS)


def fields(raw: ir.Table) -> ir.Table:
    """Return the names of topics, each once per part."""
    topics = _topics(raw)
    named = topics.group_by("register", "part_key", "scheme", "field_id").agg(
        record=topics.record.min(), field_name=topics.field_name.min()
    )
    return conform(
        named.mutate(source_id=ibis.null("string"), parent_id=ibis.null("string")), STAGED_FIELDS
    )


def _list(joined: ir.StringValue) -> ir.ArrayValue:
    """Return the entries of a list, empty ones too, or none where nothing was exported."""
    return elements(joined.split(BAR))


def _authors(raw: ir.Table) -> ir.Table:
    """Return one row per author with what is theirs beyond doubt."""
    ids = _list(raw["authorships.author.id"])
    listed = raw.select(
        **origin(raw, REGISTER),
        author=ids,
        n_authors=ids.length(),
        codes=_list(raw["authorships.countries"]),
        organization_ids=_list(raw["authorships.institutions.id"]),
        organization_names=_list(raw["authorships.institutions.display_name"]),
        marks=_list(raw["authorships.is_corresponding"]),
    )
    n_authors = listed.n_authors
    lined_up = listed.mutate(
        is_coded=listed.codes.length() == n_authors,
        is_placed=(listed.organization_ids.length() == n_authors)
        & (listed.organization_names.length() == n_authors),
        is_marked=(listed.marks.length() == n_authors) & listed.marks.contains("True"),
    )
    authors = rows_of(lined_up, "author")
    return authors.mutate(code=country(_of_author(authors, "codes", authors.is_coded)))


def _of_author(authors: ir.Table, entries: str, is_lined_up: ir.BooleanValue) -> ir.StringValue:
    """Return the author's entry of a list that lines up with the authors, or null."""
    entry = authors[entries][authors.place]
    return ibis.ifelse(is_lined_up, entry, ibis.null("string"))


def _topics(raw: ir.Table) -> ir.Table:
    name = raw["primary_topic.display_name"]
    topics = raw.select(
        **origin(raw, REGISTER),
        scheme=ibis.literal(TOPIC_SCHEME),
        field_id=slug(name),
        field_name=name,
    )
    return topics.filter(topics.field_name.notnull())


SOURCE = Source(
    name=REGISTER,
    title="OpenAlex, CSV export of the web site",
    licence="CC0-1.0",
    url="https://openalex.org",
    citation=(
        "Priem, J., Piwowar, H., & Orr, R. (2022). OpenAlex: A fully-open index of scholarly "
        "works, authors, venues, institutions, and concepts. https://arxiv.org/abs/2205.01833"
    ),
    scope="corpus",
    intakes=(
        Intake(
            files=("**/*.csv", "**/*.csv.gz"),
            format="csv",
            raw=RAW,
            needed=("id",),
            feeds=(
                Feed(writes=STAGED_WORKS, compute=works),
                Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
                Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
                Feed(writes=STAGED_FUNDINGS, compute=fundings),
                Feed(writes=STAGED_WORK_FIELDS, compute=work_fields),
                Feed(writes=STAGED_FIELDS, compute=fields),
            ),
        ),
    ),
)
