"""Research Organization Registry (ROR): data dumps of schema versions 2 and 1.

The keys of both versions are read as one record; a key of the other version is null. Version 1
has one `country` and `addresses` where version 2 has `locations`, and `name`, `aliases`, `acronyms`
and `labels` where it has `names`. `external_ids` is a list in version 2 and an object in version 1,
so that it is read as text: of it are taken the ids of the Funder Registry.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import EITHER, Feed, Intake, Source
from fourseas.schema.staged import (
    STAGED_FUNDER_DOIS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATION_RELATIONS,
    STAGED_ORGANIZATIONS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import (
    bare_id,
    country,
    elements,
    first,
    origin,
    rows_of,
    sorted_strings,
)

REGISTER = "ror"

RAW = ibis.schema(
    {
        "id": "string",
        "status": "string",
        "types": "array<string>",
        "names": "array<struct<value: string, types: array<string>>>",
        "locations": (
            "array<struct<geonames_details: "
            "struct<country_code: string, name: string, lat: float64, lng: float64>>>"
        ),
        "name": "string",
        "country": "struct<country_code: string>",
        "addresses": "array<struct<city: string, lat: float64, lng: float64>>",
        "aliases": "array<string>",
        "acronyms": "array<string>",
        "labels": "array<struct<label: string>>",
        "established": "int64",
        "relationships": "array<struct<type: string, id: string>>",
        "external_ids": "string",
    }
)
"""Keys of an organisation, of both versions."""

FUNDREF_OF_VERSION_2 = r'\{[^{}]*"type"\s*:\s*"fundref"[^{}]*\}'
FUNDREF_OF_VERSION_1 = r'"FundRef"\s*:\s*(\{[^{}]*\})'
ALL_IDS = r'"all"\s*:\s*(\[[^\]]*\]|"[^"]*")'
PREFERRED_ID = r'"preferred"\s*:\s*"\s*([0-9]+)\s*"'
FUNDER_DOI = "10.13039/"
"""What the DOIs of the Funder Registry begin with; ROR keeps the digits after it."""


def organizations(raw: ir.Table) -> ir.Table:
    """Return one row per organisation, with the first of its places as its head office.

    Withdrawn records are dropped: ROR keeps them only so that old links resolve. Inactive ones
    stay, because works of past years still name them. The kind is the first that is not
    ``funder``, as many universities are also funders.
    """
    kept = raw.filter(raw.status.fill_null("active") != "withdrawn")
    key = bare_id(kept.id)
    place = first(elements(kept.locations))["geonames_details"]
    address = first(elements(kept.addresses))
    return conform(
        kept.select(
            **origin(kept, REGISTER),
            organization_key=key,
            ror_id=key,
            organization_name=ibis.coalesce(_displayed(kept), kept["name"], key),
            organization_kind=_kind(kept),
            status=kept.status,
            country_code=country(
                ibis.coalesce(place["country_code"], kept.country["country_code"])
            ),
            city=ibis.coalesce(place["name"], address["city"]),
            latitude=ibis.coalesce(place["lat"], address["lat"]),
            longitude=ibis.coalesce(place["lng"], address["lng"]),
            n_locations=ibis.greatest(
                elements(kept.locations).length(), elements(kept.addresses).length()
            ),
        ),
        STAGED_ORGANIZATIONS,
    )


def organization_names(raw: ir.Table) -> ir.Table:
    """Return every name, alias and abbreviation of an organisation that is not withdrawn."""
    kept = raw.filter(raw.status.fill_null("active") != "withdrawn")
    of_version_2 = elements(kept.names).map(lambda name: name["value"])
    labels = elements(kept.labels).map(lambda label: label["label"])
    others = elements(kept.aliases).concat(elements(kept.acronyms)).concat(labels)
    names = of_version_2.concat(ibis.array([kept["name"]])).concat(others)
    listed = kept.select(
        **origin(kept, REGISTER),
        organization_key=bare_id(kept.id),
        name=sorted_strings(names).unnest(),
    )
    return conform(listed.filter(listed["name"] != ""), STAGED_ORGANIZATION_NAMES)


def organization_relations(raw: ir.Table) -> ir.Table:
    """Return what other organisations are to one that is not withdrawn, as its record says.

    Version 1 writes kinds with a capital. Both sides of a relation tell of it in their own
    records, and the years in which it began and ended in neither.
    """
    kept = raw.filter(raw.status.fill_null("active") != "withdrawn")
    listed = rows_of(
        kept.select(
            **origin(kept, REGISTER),
            organization_key=bare_id(kept.id),
            founded_year=kept.established,
            relationship=elements(kept.relationships),
        ),
        "relationship",
    )
    named = listed.mutate(
        relation_kind=listed.relationship["type"].lower(),
        related_key=bare_id(listed.relationship["id"]),
    )
    told = named.filter(named.relation_kind.notnull() & named.related_key.notnull())
    return conform(
        told.select(STAGED_ORGANIZATION_RELATIONS.column_names).distinct(),
        STAGED_ORGANIZATION_RELATIONS,
    )


def funder_dois(raw: ir.Table) -> ir.Table:
    """Return the DOIs of an organisation in the Funder Registry, the preferred one marked.

    ROR joins several entries of the Funder Registry to one organisation, and says which is first
    in one of four records. What a withdrawn record says is left out.
    """
    kept = raw.filter(raw.status.fill_null("active") != "withdrawn")
    written = kept.external_ids
    ids = ibis.coalesce(
        written.re_extract(FUNDREF_OF_VERSION_2, 0).nullif(""),
        written.re_extract(FUNDREF_OF_VERSION_1, 1).nullif(""),
    )
    preferred = ids.re_extract(PREFERRED_ID, 1).fill_null("")
    digits = ids.re_extract(ALL_IDS, 1).re_replace("[^0-9,]", "").fill_null("")
    listed = kept.select(
        **origin(kept, REGISTER),
        organization_key=bare_id(kept.id),
        preferred=preferred,
        digits=sorted_strings(digits.concat(",", preferred).split(",")).unnest(),
    )
    told = listed.filter(listed.digits != "")
    return conform(
        told.mutate(
            funder_doi=ibis.literal(FUNDER_DOI).concat(told.digits),
            is_preferred=told.digits == told.preferred,
        ),
        STAGED_FUNDER_DOIS,
    )


def _displayed(raw: ir.Table) -> ir.StringValue:
    """Return the name of version 2 that is marked for display."""
    marked = elements(raw.names).filter(lambda name: name["types"].contains("ror_display"))
    return first(marked)["value"]


def _kind(raw: ir.Table) -> ir.StringValue:
    """Return the first type that is not ``funder``; version 1 writes types with a capital."""
    kinds = elements(raw.types).map(lambda kind: kind.lower())
    return ibis.coalesce(first(kinds.filter(lambda kind: kind != "funder")), first(kinds))


SOURCE = Source(
    name=REGISTER,
    title="Research Organization Registry",
    licence="CC0-1.0",
    url="https://ror.org",
    citation="Research Organization Registry (ROR), data dump. https://ror.org",
    scope="corpus",
    intakes=(
        Intake(
            files=("**/*ror-data*.json", "**/ror*.jsonl", "**/ror*.jsonl.gz"),
            format="jsonl",
            raw=RAW,
            needed=("id", f"names{EITHER}name"),
            feeds=(
                Feed(writes=STAGED_ORGANIZATIONS, compute=organizations),
                Feed(writes=STAGED_ORGANIZATION_NAMES, compute=organization_names),
                Feed(writes=STAGED_ORGANIZATION_RELATIONS, compute=organization_relations),
                Feed(writes=STAGED_FUNDER_DOIS, compute=funder_dois),
            ),
        ),
    ),
)
