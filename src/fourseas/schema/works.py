"""The linked lake: one id space for works, people and organisations of all registers."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.table import ROUNDING, Column, Law, TableSpec

TOPIC_SCHEME = "openalex_topic"
OTHER_TOPIC_SCHEME = "openalex_other_topic"
SDG_SCHEME = "un_sdg"
CHALLENGE_SCHEME = "challenge"

OVERLAPPING_SCHEMES = (CHALLENGE_SCHEME, OTHER_TOPIC_SCHEME, SDG_SCHEME)
"""Schemes whose fields a work may belong to several of, to each whole: they divide nothing."""

REGISTERS = TableSpec(
    name="registers",
    grain="one row per register in the lake",
    key=("register",),
    columns=(
        Column("register", "string", "code", "Short name of the register."),
        Column("title", "string", "name", "Full name."),
        Column(
            "scope",
            "string",
            "category",
            "census, partial (a census of which listed parts are missing), sample or corpus.",
        ),
        Column("snapshot_on", "string", "date", "Date of the snapshot."),
        Column("last_complete_year", "int64", "year", "Years after it are provisional."),
        Column("licence", "string", "text", "Licence of the data."),
        Column("url", "string", "text", "Where the register is."),
        Column("n_parts", "int64", "count", "Input parts in the lake."),
        Column(
            "n_parts_listed",
            "int64",
            "count",
            "Parts that the register's manifest lists.",
        ),
        Column("n_records", "int64", "count", "Records read."),
    ),
)

WORKS = TableSpec(
    name="works",
    grain="one row per work: paper, standard or other output",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "Number of the work in this version of the lake."),
        Column("register", "string", "code", "The register that it comes from."),
        Column("work_key", "int64", "id", "The register's own number of it."),
        Column("work_label", "string", "id", "The register's own id as it is printed."),
        Column(
            "doi",
            "string",
            "id",
            "DOI in lower case without a resolver.",
            nullable=True,
        ),
        Column("kind", "string", "category", "Article, review, book, standard and so on."),
        Column(
            "stratum",
            "string",
            "category",
            "core, or xpac for OpenAlex's expansion set.",
        ),
        Column(
            "year",
            "int16",
            "year",
            "Year of publication, null if impossible.",
            nullable=True,
        ),
        Column(
            "is_year_impossible",
            "boolean",
            "flag",
            "The register's year cannot be true.",
        ),
        Column("language", "string", "code", "ISO 639-1 language.", nullable=True),
        Column(
            "venue_kind",
            "string",
            "category",
            "Journal, repository, ...",
            nullable=True,
        ),
        Column("is_retracted", "boolean", "flag", "Retracted, as its register or a notice says."),
        Column("is_authors_truncated", "boolean", "flag", "The author list was cut off."),
        Column("is_oa", "boolean", "flag", "Free to read somewhere.", nullable=True),
        Column("cited_by_count", "int64", "citations", "Citations reported.", nullable=True),
        Column("n_references", "int64", "works", "References reported.", nullable=True),
        Column("n_authors", "int32", "authors", "Authors listed."),
        Column(
            "n_authors_unknown",
            "int32",
            "authors",
            "Authors without any known country.",
        ),
        Column(
            "n_country_conflicts",
            "int32",
            "authors",
            "Authors with disagreeing countries.",
        ),
        Column(
            "n_countries_reported",
            "int32",
            "count",
            "Countries as counted there.",
            nullable=True,
        ),
        Column(
            "country_set_id",
            "int32",
            "id",
            "The set of its countries; 0 is the empty set.",
        ),
    ),
)

WORK_TITLES = TableSpec(
    name="work_titles",
    grain="one row per work with a title",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("title", "string", "text", "Its title."),
    ),
)

RETRACTIONS = TableSpec(
    name="retractions",
    grain="one row per work and notice on it",
    key=("work_id", "register", "part_key", "record"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("register", "string", "code", "The register of the notice."),
        Column("part_key", "string", "id", "Hash of the input part."),
        Column("record", "int64", "id", "Place of the notice in its part, from 1."),
        Column("nature", "string", "category", "Retraction, correction, reinstatement, ..."),
        Column("noted_on", "string", "date", "When the notice appeared.", nullable=True),
        Column("reasons", "array<string>", "list", "Why, in the register's words, sorted."),
        Column("notice_doi", "string", "id", "DOI of the notice.", nullable=True),
    ),
)

SAME_WORKS = TableSpec(
    name="same_works",
    grain="one row per work that stands in the lake more than once",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "The work as one register has it."),
        Column("same_as", "int32", "id", "The work that stands for all that are the same."),
        Column("reason", "string", "category", "doi, title, version, or stands for all."),
        Column("n_records", "int64", "works", "So many are the same work."),
        Column("n_registers", "int64", "count", "Registers that have it."),
    ),
)

COUNTRY_SETS = TableSpec(
    name="country_sets",
    grain="one row per distinct set of countries that some work has",
    key=("country_set_id",),
    columns=(
        Column("country_set_id", "int32", "id", "Number of the set; 0 is the empty set."),
        Column("country_codes", "array<string>", "list", "Its countries, sorted."),
        Column("n_works", "int64", "works", "Works with exactly this set."),
    ),
)

UNLISTED_COUNTRIES = TableSpec(
    name="unlisted_countries",
    grain="one row per register and country code that its works bear and no country has",
    key=("register", "country_code"),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("country_code", "string", "code", "The code as it is written."),
        Column("n_works", "int64", "works", "Works that bear it."),
    ),
)

AUTHORSHIPS = TableSpec(
    name="authorships",
    grain="one row per work and author position",
    key=("work_id", "position"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("position", "int32", "count", "Place in the author list, from 1."),
        Column("person_id", "int32", "id", "The person.", nullable=True),
        Column("is_first", "boolean", "flag", "First author."),
        Column("is_last", "boolean", "flag", "Last author."),
        Column(
            "is_corresponding",
            "boolean",
            "flag",
            "Corresponding author.",
            nullable=True,
        ),
        Column("n_countries", "int32", "count", "Known countries of the author."),
    ),
)

AFFILIATIONS = TableSpec(
    name="affiliations",
    grain="one row per work, author position, organisation and country",
    key=("work_id", "position", "affiliation"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("position", "int32", "count", "Place in the author list, from 1."),
        Column("affiliation", "int32", "count", "Place among the author's rows, from 1."),
        Column("organization_id", "int32", "id", "The organisation.", nullable=True),
        Column("country_code", "string", "code", "Country of the address.", nullable=True),
        Column("share", "float64", "share", "Part of the author's credit that falls here."),
    ),
)

ORGANIZATIONS = TableSpec(
    name="organizations",
    grain="one row per organisation",
    key=("organization_id",),
    columns=(
        Column("organization_id", "int32", "id", "Number in this version of the lake."),
        Column("register", "string", "code", "The register that described it."),
        Column("organization_key", "string", "id", "That register's id of it."),
        Column("ror_id", "string", "id", "ROR id without resolver.", nullable=True),
        Column("organization_name", "string", "name", "Name as displayed.", nullable=True),
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
    ),
)

ORGANIZATION_NAMES = TableSpec(
    name="organization_names",
    grain="one row per organisation and name that a register knows it by",
    key=("organization_id", "name"),
    columns=(
        Column("organization_id", "int32", "id", "The organisation."),
        Column("name", "string", "name", "A name, alias or abbreviation, in any language."),
    ),
)

ORGANIZATION_RELATIONS = TableSpec(
    name="organization_relations",
    grain="one row per two organisations and what the second is to the first",
    key=("organization_id", "relation_kind", "related_id"),
    columns=(
        Column("organization_id", "int32", "id", "The organisation."),
        Column(
            "relation_kind",
            "string",
            "category",
            "What the other is to it: parent, successor or related.",
        ),
        Column("related_id", "int32", "id", "The other organisation."),
        Column(
            "since_year",
            "int64",
            "year",
            "The later of the two years of founding: not before it; null where neither is known.",
            nullable=True,
        ),
        Column("is_current", "boolean", "flag", "Both are active; no register tells since when."),
    ),
)

ORGANIZATION_TREE = TableSpec(
    name="organization_tree",
    grain="one row per organisation and organisation that it is part of, itself included",
    key=("organization_id", "ancestor_id"),
    columns=(
        Column("organization_id", "int32", "id", "The organisation."),
        Column("ancestor_id", "int32", "id", "Itself, or one that it is part of."),
        Column("depth", "int64", "count", "Fewest steps up to it: 0 itself, 1 a parent."),
        Column("is_head", "boolean", "flag", "The ancestor is part of no other."),
        Column(
            "since_year",
            "int64",
            "year",
            "No step of the way was there before; null where no year of founding is known.",
            nullable=True,
        ),
        Column("is_current", "boolean", "flag", "All organisations of some way are active."),
        Column(
            "country_code",
            "string",
            "code",
            "Country of the organisation itself.",
            nullable=True,
        ),
        Column(
            "ancestor_country_code",
            "string",
            "code",
            "Country of the ancestor; of a head, that of the head office.",
            nullable=True,
        ),
    ),
)

CITATIONS = TableSpec(
    name="citations",
    grain="one row per citing and cited work, both in the lake",
    key=("citing_work_id", "cited_work_id"),
    columns=(
        Column("citing_work_id", "int32", "id", "The work that refers."),
        Column("cited_work_id", "int32", "id", "The work referred to."),
    ),
)

UNRESOLVED_CITATIONS = TableSpec(
    name="unresolved_citations",
    grain="one row per register: references by where they lead",
    key=("register",),
    columns=(
        Column("register", "string", "code", "The register of the citing works."),
        Column("n_references", "int64", "works", "Distinct references read."),
        Column("n_resolved", "int64", "works", "Of these, to works in the lake."),
        Column("n_unresolved", "int64", "works", "Of these, to works outside the lake."),
        Column("n_self", "int64", "works", "Of these, of a work to itself; left out."),
    ),
)

OWNERS = TableSpec(
    name="owners",
    grain="one row per work and owner of the rights to it",
    key=("work_id", "position"),
    columns=(
        Column("work_id", "int32", "id", "The work, as a patent."),
        Column("position", "int32", "count", "Place among the owners, from 1."),
        Column("owner_name", "string", "name", "An organization's name.", nullable=True),
        Column("country_code", "string", "code", "Country of its address.", nullable=True),
    ),
)

FUNDER_DOIS = TableSpec(
    name="funder_dois",
    grain="one row per DOI of the Funder Registry that a register gives to an organisation",
    key=("funder_doi",),
    columns=(
        Column("funder_doi", "string", "id", "DOI in lower case without a resolver."),
        Column("ror_id", "string", "id", "The one ROR id that is left for it.", nullable=True),
        Column("n_left", "int64", "count", "ROR ids left for it; of several, none is taken."),
    ),
)

FUNDINGS = TableSpec(
    name="fundings",
    grain="one row per work, funder and award",
    key=("work_id", "funding"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("funding", "int32", "count", "Place among the work's rows, from 1."),
        Column("funder_key", "string", "id", "The register's funder.", nullable=True),
        Column("funder_name", "string", "name", "Name of the funder.", nullable=True),
        Column("award_id", "string", "id", "Number of the award.", nullable=True),
        Column("organization_id", "int32", "id", "What the funder is.", nullable=True),
        Column(
            "found_by",
            "string",
            "category",
            "By what: ror_id, funder_doi, key or correction as of `organization_ids`, or name.",
            nullable=True,
        ),
    ),
)


def _overfull_works(work_fields: ir.Table) -> ir.Table:
    """Return works whose fields of one scheme hold more than the work, where fields divide it."""
    divided = work_fields.filter(work_fields.scheme.notin(OVERLAPPING_SCHEMES))
    parts = divided.group_by("work_id", "scheme").agg(weight=divided.weight.sum())
    return parts.filter(parts.weight > 1 + ROUNDING)


FIELDS = TableSpec(
    name="fields",
    grain="one row per scheme and field",
    key=("scheme", "field_id"),
    columns=(
        Column("scheme", "string", "code", "Classification that the field belongs to."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("source_id", "string", "id", "The register's own id of it.", nullable=True),
        Column("field_name", "string", "name", "Its name."),
        Column("parent_id", "string", "id", "The field it belongs to.", nullable=True),
    ),
)

WORK_FIELDS = TableSpec(
    name="work_fields",
    grain="one row per work, scheme and field",
    key=("work_id", "scheme", "field_id"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("scheme", "string", "code", "Classification that the field belongs to."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column(
            "weight",
            "float64",
            "share",
            "Part of the work that belongs to the field; of schemes whose fields overlap, how "
            "surely it does.",
        ),
    ),
    laws=(Law("fields that divide a work hold it at most once", _overfull_works, "work_id"),),
)

WORK_RECORDS = TableSpec(
    name="work_records",
    grain="one row per work: the record of it that counts",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "Number of the work in this version of the lake."),
        Column("register", "string", "code", "The register that it comes from."),
        Column("work_key", "int64", "id", "The register's own number of it."),
        Column("part_key", "string", "id", "Hash of the part that the record is in."),
        Column("record", "int64", "id", "Place of the record in its part."),
        Column(
            "n_records",
            "int64",
            "count",
            "Records of this work; above 1 are duplicates.",
        ),
    ),
)

PERSON_IDS = TableSpec(
    name="person_ids",
    grain="one row per person of a register",
    key=("person_id",),
    columns=(
        Column(
            "person_id",
            "int32",
            "id",
            "Number of the person in this version of the lake.",
        ),
        Column("register", "string", "code", "The register that knows the person."),
        Column(
            "person_key",
            "int64",
            "id",
            "The register's number, or a salted hash of a name.",
        ),
    ),
)

ORGANIZATION_IDS = TableSpec(
    name="organization_ids",
    grain="one row per register and organisation key",
    key=("register", "organization_key"),
    columns=(
        Column("register", "string", "code", "The register that uses the key."),
        Column("organization_key", "string", "id", "Its key of the organisation."),
        Column("organization_id", "int32", "id", "Number in this version of the lake."),
        Column("funder_doi", "string", "id", "Its DOI in the Funder Registry.", nullable=True),
        Column(
            "identified_by",
            "string",
            "category",
            "What says so: ror_id of the register, funder_doi, correction, name that keys have in "
            "common, or its own key alone.",
        ),
    ),
)
