"""Staged tables: what sources write, one file per input part, under the register's own ids.

A record is known by `register` and `work_key`. `part_key` and `record` say which part and which
line it came from, so that a work that occurs twice is one work with the children of one record.
"""

from __future__ import annotations

from fourseas.schema.cells import PLACE, PROVENANCE, UNIT
from fourseas.schema.table import Column, TableSpec

ORIGIN = (
    Column("register", "string", "code", "The register that the row comes from."),
    Column("part_key", "string", "id", "Hash of the input part."),
    Column("record", "int64", "id", "Place of the record in its part, from 1."),
)

RECORD_KEY = ("register", "part_key", "record")

STAGED_WORKS = TableSpec(
    name="staged_works",
    grain="one row per record of a register",
    key=RECORD_KEY,
    columns=(
        *ORIGIN,
        Column("work_key", "int64", "id", "The register's own number of the work."),
        Column("work_label", "string", "id", "The register's own id as it is printed."),
        Column(
            "doi",
            "string",
            "id",
            "DOI in lower case without a resolver.",
            nullable=True,
        ),
        Column("title", "string", "text", "Title of the work.", nullable=True),
        Column("kind", "string", "category", "Article, review, book, standard and so on."),
        Column(
            "publication_year",
            "int64",
            "year",
            "Year as the register has it.",
            nullable=True,
        ),
        Column(
            "language",
            "string",
            "code",
            "ISO 639-1 language of the work.",
            nullable=True,
        ),
        Column(
            "venue_kind",
            "string",
            "category",
            "Journal, repository, ...",
            nullable=True,
        ),
        Column("is_xpac", "boolean", "flag", "In OpenAlex's expansion set."),
        Column("is_retracted", "boolean", "flag", "Retracted."),
        Column("is_authors_truncated", "boolean", "flag", "The author list was cut off."),
        Column("is_oa", "boolean", "flag", "Free to read somewhere.", nullable=True),
        Column("cited_by_count", "int64", "citations", "Citations reported.", nullable=True),
        Column("n_references", "int64", "works", "References reported.", nullable=True),
        Column("n_authors", "int64", "authors", "Authors listed."),
        Column(
            "n_authors_unknown",
            "int64",
            "authors",
            "Authors without any known country.",
        ),
        Column(
            "country_codes",
            "array<string>",
            "list",
            "Distinct known countries, sorted.",
        ),
        Column(
            "unlisted_codes",
            "array<string>",
            "list",
            "Codes of countries as written that stand for none.",
            nullable=True,
        ),
        Column(
            "n_country_conflicts",
            "int64",
            "authors",
            "Authors whose listed countries differ from those of their institutions.",
        ),
        Column(
            "n_countries_reported",
            "int64",
            "count",
            "Distinct countries that the register itself counted.",
            nullable=True,
        ),
        Column(
            "updated_on",
            "string",
            "date",
            "When the register last changed it.",
            nullable=True,
        ),
    ),
)

STAGED_AUTHORSHIPS = TableSpec(
    name="staged_authorships",
    grain="one row per record and author position",
    key=(*RECORD_KEY, "position"),
    columns=(
        *ORIGIN,
        Column("position", "int64", "count", "Place in the author list, from 1."),
        Column(
            "person_key",
            "int64",
            "id",
            "The register's number of the person.",
            nullable=True,
        ),
        Column("is_first", "boolean", "flag", "First author."),
        Column("is_last", "boolean", "flag", "Last author."),
        Column(
            "is_corresponding",
            "boolean",
            "flag",
            "Corresponding author; null where the register does not say.",
            nullable=True,
        ),
        Column(
            "country_codes",
            "array<string>",
            "list",
            "Known countries of the author, sorted.",
        ),
    ),
)

STAGED_AFFILIATIONS = TableSpec(
    name="staged_affiliations",
    grain="one row per record, author position, organisation and country",
    key=(*RECORD_KEY, "position", "affiliation"),
    columns=(
        *ORIGIN,
        Column("position", "int64", "count", "Place in the author list, from 1."),
        Column("affiliation", "int64", "count", "Place among the author's rows, from 1."),
        Column(
            "organization_key",
            "string",
            "id",
            "The register's organisation.",
            nullable=True,
        ),
        Column(
            "organization_name",
            "string",
            "name",
            "Organisation as printed.",
            nullable=True,
        ),
        Column(
            "country_code",
            "string",
            "code",
            "ISO 3166-1 alpha-2 country.",
            nullable=True,
        ),
        Column("share", "float64", "share", "Part of the author's credit that falls here."),
    ),
)

STAGED_CITATIONS = TableSpec(
    name="staged_citations",
    grain="one row per record and work that it refers to",
    key=(*RECORD_KEY, "cited_work_key"),
    columns=(
        *ORIGIN,
        Column("citing_work_key", "int64", "id", "The work that refers."),
        Column("cited_work_key", "int64", "id", "The work referred to."),
    ),
)

STAGED_WORK_FIELDS = TableSpec(
    name="staged_work_fields",
    grain="one row per record, scheme and field",
    key=(*RECORD_KEY, "scheme", "field_id"),
    columns=(
        *ORIGIN,
        Column("scheme", "string", "code", "Classification that the field belongs to."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("weight", "float64", "share", "Part of the work that belongs to the field."),
    ),
)

STAGED_FUNDINGS = TableSpec(
    name="staged_fundings",
    grain="one row per record, funder and award",
    key=(*RECORD_KEY, "funding"),
    columns=(
        *ORIGIN,
        Column("funding", "int64", "count", "Place among the record's rows, from 1."),
        Column("funder_key", "string", "id", "The register's funder.", nullable=True),
        Column("funder_name", "string", "name", "Name of the funder.", nullable=True),
        Column("award_id", "string", "id", "Number of the award.", nullable=True),
    ),
)

STAGED_ORGANIZATIONS = TableSpec(
    name="staged_organizations",
    grain="one row per organisation of a register",
    key=RECORD_KEY,
    columns=(
        *ORIGIN,
        Column(
            "organization_key",
            "string",
            "id",
            "The register's own id, without resolver.",
        ),
        Column("ror_id", "string", "id", "ROR id without resolver.", nullable=True),
        Column("organization_name", "string", "name", "Name as displayed."),
        Column(
            "organization_kind",
            "string",
            "category",
            "Education, company, ...",
            nullable=True,
        ),
        Column(
            "status",
            "string",
            "category",
            "Active, inactive or withdrawn.",
            nullable=True,
        ),
        Column(
            "country_code",
            "string",
            "code",
            "Country of the head office.",
            nullable=True,
        ),
        Column("city", "string", "name", "City of the head office.", nullable=True),
        Column("latitude", "float64", "degrees", "Degrees north.", nullable=True),
        Column("longitude", "float64", "degrees", "Degrees east.", nullable=True),
        Column("n_locations", "int64", "count", "Locations on record."),
    ),
)

STAGED_ORGANIZATION_NAMES = TableSpec(
    name="staged_organization_names",
    grain="one row per organisation of a register and name that it bears there",
    key=(*RECORD_KEY, "name"),
    columns=(
        *ORIGIN,
        Column("organization_key", "string", "id", "The register's own id, without resolver."),
        Column("name", "string", "name", "A name, alias or abbreviation, in any language."),
    ),
)

STAGED_ORGANIZATION_RELATIONS = TableSpec(
    name="staged_organization_relations",
    grain="one row per organisation of a register, kind of relation and organisation related to it",
    key=(*RECORD_KEY, "relation_kind", "related_key"),
    columns=(
        *ORIGIN,
        Column("organization_key", "string", "id", "The register's own id, without resolver."),
        Column(
            "relation_kind",
            "string",
            "category",
            "What the other is to it: parent, child, successor, predecessor, related.",
        ),
        Column("related_key", "string", "id", "The register's id of the other organisation."),
        Column("founded_year", "int64", "year", "Year of founding on record.", nullable=True),
    ),
)

STAGED_FUNDER_DOIS = TableSpec(
    name="staged_funder_dois",
    grain="one row per organisation of a register and DOI that the Funder Registry knows it by",
    key=(*RECORD_KEY, "funder_doi"),
    columns=(
        *ORIGIN,
        Column("organization_key", "string", "id", "The register's own id, without resolver."),
        Column("funder_doi", "string", "id", "DOI in lower case without a resolver."),
        Column("is_preferred", "boolean", "flag", "The first DOI of it, as the register says."),
    ),
)

STAGED_FIELDS = TableSpec(
    name="staged_fields",
    grain="one row per scheme and field, as often as a register names it",
    key=(*RECORD_KEY, "scheme", "field_id"),
    columns=(
        *ORIGIN,
        Column("scheme", "string", "code", "Classification that the field belongs to."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("source_id", "string", "id", "The register's own id of it.", nullable=True),
        Column("field_name", "string", "name", "Its name."),
        Column("parent_id", "string", "id", "The field it belongs to.", nullable=True),
    ),
)

STAGED_OWNERS = TableSpec(
    name="staged_owners",
    grain="one row per record and owner of the rights to it",
    key=(*RECORD_KEY, "position"),
    columns=(
        *ORIGIN,
        Column("position", "int64", "count", "Place among the owners, from 1."),
        Column("owner_name", "string", "name", "An organization's name.", nullable=True),
        Column("country_code", "string", "code", "Country of its address.", nullable=True),
    ),
)

STAGED_RETRACTIONS = TableSpec(
    name="staged_retractions",
    grain="one row per notice on a work with a DOI",
    key=RECORD_KEY,
    columns=(
        *ORIGIN,
        Column("doi", "string", "id", "DOI of the work, in lower case without a resolver."),
        Column("nature", "string", "category", "Retraction, correction, reinstatement, ..."),
        Column("noted_on", "string", "date", "When the notice appeared.", nullable=True),
        Column("reasons", "array<string>", "list", "Why, in the register's words, sorted."),
        Column("notice_doi", "string", "id", "DOI of the notice.", nullable=True),
    ),
)

STAGED_STATISTICS = TableSpec(
    name="staged_statistics",
    grain="one row per published figure: unit, field, year, measure and counting",
    key=(
        "register",
        "definition_id",
        "unit_type",
        "unit_id",
        "scheme",
        "field_id",
        "year",
        "measure",
        "counting",
    ),
    columns=(
        *PROVENANCE,
        *UNIT,
        *PLACE,
        Column(
            "measure",
            "string",
            "category",
            "output, domestic or international (works), or top_1 (share of works).",
        ),
        Column("counting", "string", "category", "full or fractional."),
        Column("value", "float64", "ratio", "The figure as published, shares from 0 to 1."),
    ),
)
