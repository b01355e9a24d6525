"""3GPP: the specifications of mobile telephony, with the persons responsible for them.

One record is one specification with all its versions. Who answers for it (the rapporteur) is its
one author. The register keeps that person by specification and not by version: whoever takes a
specification over replaces the predecessor in versions of the past as well.

A rapporteur is counted in the country where the parent company of the printed employer has its
head office. "Huawei Technologies France" is Huawei, CN; the site that the name prints, FR, is kept
beside as a field of the specification. The address of the secretariat, ETSI in France, stands in
every record of the register and is nobody's country.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.cells import NOT_PRINTED, SITE_SCHEME
from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_FIELDS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    country,
    elements,
    first,
    origin,
    salted_id,
    slug,
    sorted_strings,
    trimmed,
    unlisted,
)

REGISTER = "3gpp"

GROUP_SCHEME = "3gpp_group"
TSG_SCHEME = "3gpp_tsg"

TSG_OF_LETTER = {"C": "ct", "G": "geran", "N": "cn", "R": "ran", "S": "sa", "T": "t"}
"""Technical specification groups (TSG) by the letter that begins the codes of their groups."""

TSG_NAMES = {
    "cn": "TSG Core Network, until 2005",
    "ct": "TSG Core Network and Terminals",
    "geran": "TSG GSM/EDGE Radio Access Network, until 2016",
    "ran": "TSG Radio Access Network",
    "sa": "TSG Service and System Aspects",
    "t": "TSG Terminals, until 2005",
}

GROUP_NAMES = {
    "C1": "CT1 User equipment to core network protocols",
    "C3": "CT3 Interworking with external networks",
    "C4": "CT4 Core network protocols",
    "C6": "CT6 Smart card application aspects",
    "CP": "CT plenary",
    "GP": "GERAN plenary",
    "R1": "RAN1 Radio layer 1",
    "R2": "RAN2 Radio layers 2 and 3",
    "R3": "RAN3 Radio access network architecture",
    "R4": "RAN4 Radio performance",
    "R5": "RAN5 Terminal conformance testing",
    "R6": "RAN6 GERAN and UTRAN",
    "RP": "RAN plenary",
    "S1": "SA1 Services",
    "S2": "SA2 Architecture",
    "S3": "SA3 Security and privacy",
    "S4": "SA4 Codecs and media",
    "S5": "SA5 Management and charging",
    "S6": "SA6 Application enablement",
    "SP": "SA plenary",
}
"""Groups that exist or whose specifications have no other home; others bear their code."""

RAW = ibis.schema(
    {
        "specification": "string",
        "title": "string",
        "working_group": "string",
        "versions": (
            "array<struct<version: string, release: string, date: string, rapporteur: string, "
            "n_rapporteurs: int64, organization: string, parent: string, head_office: string, "
            "site: string>>"
        ),
    }
)
"""Keys of a specification; its versions stand in the order of their numbers."""

ORGANIZATIONS = ibis.schema(
    {"name": "string", "parent": "string", "head_office": "string", "site": "string"}
)
"""Keys of an employer as printed."""


def works(raw: ir.Table) -> ir.Table:
    """Return one row per specification, dated by the earliest date that any version bears.

    The register's own numbers bear letters (TR 00.01U), so that a number is made of the name.
    Where several persons answer for a specification the register lists all and the prepared
    record holds the first: the credit of the others is unknown. The register names nobody else
    who wrote: every list of authors is cut off, and no specification is known to be domestic.
    """
    named = _named(raw)
    written = ibis.array([named.author["head_office"]])
    codes = written.map(country)
    n_authors = named.author["n_rapporteurs"].fill_null(0)
    is_placed = country(named.author["head_office"]).notnull()
    return conform(
        named.select(
            **origin(named, REGISTER),
            work_key=salted_id(named.specification, ibis.literal("3gpp:")),
            work_label=ibis.literal("3GPP ").concat(named.specification),
            doi=ibis.null("string"),
            title=named.title,
            kind=ibis.literal("standard"),
            publication_year=named.dated_on.re_extract(r"^([0-9]{4})-", 1).nullif("").cast("int64"),
            language=ibis.literal("en"),
            venue_kind=ibis.literal("standards"),
            is_xpac=ibis.literal(False),
            is_retracted=ibis.literal(False),
            is_authors_truncated=ibis.literal(True),
            is_oa=ibis.literal(True),
            cited_by_count=ibis.null("int64"),
            n_references=ibis.null("int64"),
            n_authors=n_authors,
            n_authors_unknown=n_authors - ibis.ifelse(is_placed, 1, 0),
            country_codes=sorted_strings(codes),
            unlisted_codes=unlisted(written),
            n_country_conflicts=ibis.literal(0),
            n_countries_reported=ibis.null("int64"),
            updated_on=ibis.null("string"),
        ),
        STAGED_WORKS,
    )


def authorships(raw: ir.Table) -> ir.Table:
    """Return the rapporteur of each specification: that of the earliest version that names one.

    Of several persons the first alone is at hand, so that nobody is known to be the last.
    """
    named = _with_author(raw)
    return conform(
        named.mutate(
            **origin(named, REGISTER),
            position=ibis.literal(1),
            person_key=salted_id(named.author["rapporteur"], named.person_salt),
            is_first=ibis.literal(True),
            is_last=named.author["n_rapporteurs"] == 1,
            is_corresponding=ibis.null("boolean"),
            country_codes=sorted_strings(ibis.array([country(named.author["head_office"])])),
        ),
        STAGED_AUTHORSHIPS,
    )


def affiliations(raw: ir.Table) -> ir.Table:
    """Return each rapporteur's employer: its name as printed, its parent, the head office."""
    named = _with_author(raw)
    placed = named.mutate(
        **origin(named, REGISTER),
        position=ibis.literal(1),
        affiliation=ibis.literal(1),
        organization_key=_key(named.author["parent"]),
        organization_name=trimmed(named.author["organization"]).nullif(""),
        country_code=country(named.author["head_office"]),
        share=ibis.literal(1.0),
    )
    known = placed.filter(placed.organization_name.notnull() | placed.country_code.notnull())
    return conform(known, STAGED_AFFILIATIONS)


def work_fields(raw: ir.Table) -> ir.Table:
    """Return the group, the TSG and the printed site of each specification."""
    return conform(_fields(raw).mutate(weight=ibis.literal(1.0)), STAGED_WORK_FIELDS)


def fields(raw: ir.Table) -> ir.Table:
    """Return the names of groups, TSGs and sites, each once per part."""
    placed = _fields(raw)
    named = placed.group_by("register", "part_key", "scheme", "field_id").agg(
        record=placed.record.min(),
        field_name=placed.field_name.min(),
        parent_id=placed.parent_id.min(),
    )
    return conform(named.mutate(source_id=ibis.null("string")), STAGED_FIELDS)


def organizations(raw: ir.Table) -> ir.Table:
    """Return the parent company of each printed name, with the country of its head office."""
    known = raw.filter(_key(raw.parent).notnull())
    code = country(known.head_office)
    return conform(
        known.select(
            **origin(known, REGISTER),
            organization_key=_key(known.parent),
            ror_id=ibis.null("string"),
            organization_name=known.parent,
            organization_kind=ibis.null("string"),
            status=ibis.null("string"),
            country_code=code,
            city=ibis.null("string"),
            latitude=ibis.null("float64"),
            longitude=ibis.null("float64"),
            n_locations=ibis.ifelse(code.notnull(), 1, 0),
        ),
        STAGED_ORGANIZATIONS,
    )


def organization_names(raw: ir.Table) -> ir.Table:
    """Return the names that each parent company bears in the register."""
    known = raw.filter(_key(raw.parent).notnull())
    return conform(
        known.select(
            **origin(known, REGISTER), organization_key=_key(known.parent), name=known["name"]
        ),
        STAGED_ORGANIZATION_NAMES,
    )


def _named(raw: ir.Table) -> ir.Table:
    """Add the earliest version that names a rapporteur and the earliest date of any."""
    versions = elements(raw.versions)
    naming = versions.filter(lambda version: version["rapporteur"].notnull())
    return raw.mutate(
        author=first(naming),
        dated_on=first(sorted_strings(versions.map(lambda version: version["date"]))),
    )


def _with_author(raw: ir.Table) -> ir.Table:
    """Return the specifications that name a rapporteur."""
    named = _named(raw)
    return named.filter(named.author["rapporteur"].notnull())


def _key(parent: ir.StringValue) -> ir.StringValue:
    """Return the key of a parent company: its name in lower case."""
    return trimmed(parent).lower().nullif("")


def _fields(raw: ir.Table) -> ir.Table:
    """Return one row per specification and field, with the names of the fields."""
    grouped = raw.filter(raw.working_group.notnull())
    tsg_id = grouped.working_group.substr(0, 1).substitute(TSG_OF_LETTER)
    groups = grouped.select(
        **origin(grouped, REGISTER),
        scheme=ibis.literal(GROUP_SCHEME),
        field_id=slug(grouped.working_group),
        field_name=grouped.working_group.substitute(GROUP_NAMES),
        parent_id=tsg_id,
    )
    tsgs = grouped.select(
        **origin(grouped, REGISTER),
        scheme=ibis.literal(TSG_SCHEME),
        field_id=tsg_id,
        field_name=tsg_id.substitute(TSG_NAMES),
        parent_id=ibis.null("string"),
    )
    named = _with_author(raw)
    site = country(named.author["site"])
    sites = named.select(
        **origin(named, REGISTER),
        scheme=ibis.literal(SITE_SCHEME),
        field_id=site.fill_null(NOT_PRINTED),
        field_name=ibis.literal("Site printed: ").concat(site).fill_null("No site printed"),
        parent_id=ibis.null("string"),
    )
    return groups.union(tsgs, sites)


SOURCE = Source(
    name=REGISTER,
    title="Specifications of the 3rd Generation Partnership Project",
    licence="Bibliographic facts; the texts are under the copyright of the partners of 3GPP",
    url="https://www.3gpp.org/specifications-technologies",
    citation="3GPP, index of specifications, versions until October 2025, as of relaton.",
    scope="census",
    intakes=(
        Intake(
            files=("**/specifications.parquet",),
            format="parquet",
            raw=RAW,
            needed=("specification",),
            feeds=(
                Feed(writes=STAGED_WORKS, compute=works),
                Feed(writes=STAGED_AUTHORSHIPS, compute=authorships),
                Feed(writes=STAGED_AFFILIATIONS, compute=affiliations),
                Feed(writes=STAGED_WORK_FIELDS, compute=work_fields),
                Feed(writes=STAGED_FIELDS, compute=fields),
            ),
        ),
        Intake(
            files=("**/organizations.csv",),
            format="csv",
            raw=ORGANIZATIONS,
            needed=("name",),
            feeds=(
                Feed(writes=STAGED_ORGANIZATIONS, compute=organizations),
                Feed(writes=STAGED_ORGANIZATION_NAMES, compute=organization_names),
            ),
        ),
    ),
)
