"""OpenAlex: works with authors, references, funders and fields; institutions; funders; topics.

Three generations of the work record are read alike. That of 2023 has Crossref's types and no
countries of authors, that of 2024 has topics, countries and `grants`, and the present one has
`is_xpac` and `funders` with `awards` in place of `grants`. No name of a person is read.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Format, Intake, Layer, Source, as_read
from fourseas.schema.staged import (
    RECORD_KEY,
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FIELDS,
    STAGED_FUNDER_DOIS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform, extend
from fourseas.sources.expressions import (
    PRESENT_KINDS,
    bare_doi,
    bare_id,
    country,
    distinct_numbers,
    elements,
    key_number,
    origin,
    sorted_strings,
)
from fourseas.sources.openalex_authors import (
    AUTHOR,
    LAYERS,
    shares_placed,
    unlisted_countries,
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

FUNDER = ibis.schema(
    {
        "id": "string",
        "display_name": "string",
        "alternate_titles": "array<string>",
        "country_code": "string",
        "ids": "struct<ror: string, doi: string>",
    }
)
"""Keys of a funder."""

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


def works(
    records: ir.Table, authors: ir.Table, countries: ir.Table, institutions: ir.Table
) -> ir.Table:
    """Return one row per work record, with what can be said of it without its graph.

    A country is known of an author where `authorships.countries` names one or, failing that,
    an institution has one. A year is kept as it is, however impossible.
    """
    known = authors.group_by("record").agg(
        n_authors_unknown=(authors.country_codes.length() == 0).sum(),
        n_country_conflicts=authors.is_conflict.sum(),
        country_codes=authors.country_codes.collect().flatten(),
    )
    unlisted = unlisted_countries(countries, institutions)
    raw = extend(extend(records, known, ("record",)), unlisted, ("record",))
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
            n_references=raw.n_references,
            n_authors=raw.n_authors,
            n_authors_unknown=raw.n_authors_unknown.fill_null(0),
            country_codes=sorted_strings(elements(raw.country_codes)),
            unlisted_codes=elements(raw.unlisted_codes),
            n_country_conflicts=raw.n_country_conflicts.fill_null(0),
            n_countries_reported=raw.countries_distinct_count,
            updated_on=raw.updated_date.substr(0, 10),
        ),
        STAGED_WORKS,
    )


def authorships(authors: ir.Table) -> ir.Table:
    """Return one row per work record and author position.

    OpenAlex writes false for every author of a work whose corresponding author it does not
    know, so where none is marked the column is null. The last author of a truncated list is
    not the last of the work.
    """
    return conform(
        authors.select(
            **origin(authors, REGISTER),
            position=authors.place + 1,
            person_key=authors.person_key,
            is_first=authors.place == 0,
            is_last=(authors.place == authors.n_authors - 1) & ~authors.is_truncated,
            is_corresponding=ibis.ifelse(
                authors.is_marked,
                authors.is_corresponding.fill_null(False),
                ibis.null("boolean"),
            ),
            country_codes=authors.country_codes,
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(authors: ir.Table, affiliated: ir.Table) -> ir.Table:
    """Divide the credit of each author among organisations and countries.

    The row of an organisation whose country is not among the author's countries has no
    country. Countries of the author in which no institution lies come without organisation
    and divide equally what the others leave of 1, which may be nothing.

    Over an author, rows with an organisation sum to at most 1, and so do rows with a country.
    What is missing to 1 is lost, not spread over the others.
    """
    # Few authors have a country in which no institution lies.
    apart = authors.filter(authors.unreached.length() > 0)
    left = extend(apart, shares_placed(affiliated), AUTHOR)
    # Sums of thirds may exceed 1 by a rounding error.
    rest = ibis.greatest(1.0 - left.share.fill_null(0.0), 0.0)
    each = left.mutate(share=rest / left.unreached.length().cast("float64"))
    places = each.mutate(spot=ibis.range(each.unreached.length()).unnest())
    by_country = places.select(
        **origin(places, REGISTER),
        position=places.place + 1,
        affiliation=places.n_institutions + places.spot + 1,
        organization_key=ibis.null("string"),
        organization_name=ibis.null("string"),
        country_code=places.unreached[places.spot],
        share=places.share,
    )
    by_institution = affiliated.select(
        **origin(affiliated, REGISTER),
        position=affiliated.place + 1,
        affiliation=affiliated.spot + 1,
        organization_key=bare_id(affiliated.organization_id),
        organization_name=affiliated.organization_name,
        country_code=affiliated.country_code,
        share=affiliated.share,
    )
    return conform(by_institution, STAGED_AFFILIATIONS).union(
        conform(by_country, STAGED_AFFILIATIONS)
    )


def citations(raw: ir.Table) -> ir.Table:
    """Return each distinct work that a record refers to, itself included where it does."""
    referring = raw.select(
        **origin(raw, REGISTER),
        citing_work_key=raw.work_key,
        cited_work_key=raw.cited_work_keys.unnest(),
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


def funder_organizations(raw: ir.Table) -> ir.Table:
    """Return one row per funder, of the kind `funder` and without a place."""
    key = bare_id(raw.id)
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            organization_key=key,
            ror_id=bare_id(raw.ids["ror"]),
            organization_name=raw.display_name.fill_null(key),
            organization_kind=ibis.literal("funder"),
            status=ibis.null("string"),
            country_code=country(raw.country_code),
            city=ibis.null("string"),
            latitude=ibis.null("float64"),
            longitude=ibis.null("float64"),
            n_locations=ibis.literal(0),
        ),
        STAGED_ORGANIZATIONS,
    )


def funder_names(raw: ir.Table) -> ir.Table:
    """Return every name of a funder, each once."""
    names = elements(raw.alternate_titles).concat(ibis.array([raw.display_name]))
    listed = raw.select(
        **origin(raw, REGISTER),
        organization_key=bare_id(raw.id),
        name=sorted_strings(names).unnest(),
    )
    return conform(listed.filter(listed["name"] != ""), STAGED_ORGANIZATION_NAMES)


def funder_dois(raw: ir.Table) -> ir.Table:
    """Return the DOI of each funder that the Funder Registry has."""
    listed = raw.select(
        **origin(raw, REGISTER),
        organization_key=bare_id(raw.id),
        funder_doi=bare_doi(raw.ids["doi"]),
        is_preferred=ibis.literal(value=True),
    )
    return conform(listed.filter(listed.funder_doi.notnull()), STAGED_FUNDER_DOIS)


def counted(records: ir.Table) -> ir.Table:
    """Return records of works with their number, and what is said of their authors together.

    References are kept as numbers: as they are written they take three times the memory, which is
    two fifths of what records take.
    """
    listed = elements(records.authorships)
    marks = listed.map(lambda author: author["is_corresponding"])
    cited = records.referenced_works.map(lambda url: key_number(url, "W"))
    found = records.mutate(
        work_key=key_number(records.id, "W"),
        n_authors=listed.length(),
        is_truncated=_is_truncated(records),
        is_marked=marks.contains(True).fill_null(False),
        n_references=ibis.coalesce(
            records.referenced_works_count, records.referenced_works.length()
        ),
        cited_work_keys=distinct_numbers(cited),
    )
    return found.drop("referenced_works", "referenced_works_count")


def _is_truncated(records: ir.Table) -> ir.BooleanValue:
    """Tell whether the author list was cut: the API says so, or it ends amid the authors."""
    listed = elements(records.authorships)
    positions = listed.map(lambda author: author["author_position"])
    return records.is_authors_truncated.fill_null(False) | (
        (listed.length() == API_AUTHORS) & ~positions.contains("last").fill_null(False)
    )


def _funding(funder: ir.Value, name: ir.Value, award_id: ir.Value) -> ir.StructValue:
    return ibis.struct({"funder_key": bare_id(funder), "funder_name": name, "award_id": award_id})


WORK_FEEDS = (
    Feed(
        writes=STAGED_WORKS,
        compute=works,
        reads=("records", "authors", "countries", "institutions"),
        by_record=True,
    ),
    Feed(writes=STAGED_AUTHORSHIPS, compute=authorships, reads=("authors",), by_record=True),
    Feed(
        writes=STAGED_AFFILIATIONS,
        compute=affiliations,
        reads=("authors", "affiliated"),
        by_record=True,
    ),
    Feed(writes=STAGED_CITATIONS, compute=citations, by_record=True),
    Feed(writes=STAGED_WORK_FIELDS, compute=work_fields, by_record=True),
    Feed(writes=STAGED_FIELDS, compute=fields_of_works),
    Feed(writes=STAGED_FUNDINGS, compute=fundings, by_record=True),
)
INSTITUTION_FEEDS = (Feed(writes=STAGED_ORGANIZATIONS, compute=organizations),)
FUNDER_FEEDS = (
    Feed(writes=STAGED_ORGANIZATIONS, compute=funder_organizations),
    Feed(writes=STAGED_ORGANIZATION_NAMES, compute=funder_names),
    Feed(writes=STAGED_FUNDER_DOIS, compute=funder_dois),
)
TOPIC_FEEDS = (Feed(writes=STAGED_FIELDS, compute=fields_of_topics),)
Prepare = Callable[[ir.Table], ir.Table]
Entity = tuple[str, ibis.Schema, tuple[str, ...], Prepare, tuple[Layer, ...], tuple[Feed, ...]]
ENTITIES: tuple[Entity, ...] = (
    ("works", WORK, ("id",), counted, LAYERS, WORK_FEEDS),
    ("institutions", INSTITUTION, ("id",), as_read, (), INSTITUTION_FEEDS),
    ("funders", FUNDER, ("id", "display_name"), as_read, (), FUNDER_FEEDS),
    ("topics", TOPIC, ("id", "display_name"), as_read, (), TOPIC_FEEDS),
)
"""What is read: name of its directory, keys, keys that are needed, preparation, layers, tables."""

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
            layers=layers,
            feeds=feeds,
        )
        for name, raw, needed, prepare, layers, feeds in ENTITIES
        for form, patterns in PATTERNS
    ),
)
