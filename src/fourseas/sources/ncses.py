"""NCSES: the publication tables of Science and Engineering Indicators, from Scopus.

Economies are known by country code. Beside them four units are kept: the world, the EU of 27
members as one unit, and what could not be assigned to any country. Other regions (Asia, Europe,
Middle East ...) and economies without an ISO code (Gaza Strip, West Bank, Serbia and
Montenegro) are passed over: their members stand for themselves, or nothing here names them.
Puerto Rico has rows of its own and is counted in the United States as well, so that fractional
output adds up to the world without it.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.cells import ALL, CITATION_INDEX_CELLS, PAIR_CELLS
from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import STAGED_FIELDS, STAGED_STATISTICS
from fourseas.schema.table import complete, conform
from fourseas.sources.expressions import country, origin, slug

REGISTER = "ncses"
DEFINITION = "ncses-published"
SCHEME = "ncses"

INDEX_YEAR = 2020
"""The table of relative citation indexes is of one year and does not repeat it in its rows."""

PER_CENT = 100.0

COUNTINGS = {"whole": "full"}
"""Words of the tables for a counting, where they are not ours."""

MEASURES = {
    "With domestic institutions only": "domestic",
    "With international institutions": "international",
}
"""Attributes of co-authorship that are read. Totals are those of the output tables."""

OUTPUT = ibis.schema(
    {
        "name": "string",
        "country_code": "string",
        "field": "string",
        "counting": "string",
        "year": "int64",
        "articles": "float64",
    }
)
"""Keys of the output tables SPBS-2 to SPBS-31."""

TOP_1_PERCENT = ibis.schema(
    {
        "name": "string",
        "country_code": "string",
        "field": "string",
        "counting": "string",
        "year": "int64",
        "share_in_top_1_percent": "float64",
    }
)
"""Keys of the tables of highly cited works SPBS-54 to SPBS-84; shares are per cent."""

COAUTHORSHIP_ATTRIBUTES = ibis.schema(
    {
        "name": "string",
        "country_code": "string",
        "attribute": "string",
        "year": "int64",
        "articles": "float64",
    }
)
"""Keys of table SPBS-33."""

RELATIVE_CITATION_INDEX = ibis.schema(
    {"citing_code": "string", "cited_code": "string", "field": "string", "rci": "float64"}
)
"""Keys of the tables SPBS-39 to SPBS-53."""

PAIRS = ibis.schema(
    {"year": "int64", "unit_code": "string", "partner_code": "string", "works": "float64"}
)
"""Keys of table SPBS-35: joint works of two economies, and of each with the WORLD."""


def output(raw: ir.Table) -> ir.Table:
    """Return works of each unit by field and year, in full and in fractional counting."""
    return _statistics(
        _units(raw).mutate(
            **_field(raw),
            measure=ibis.literal("output"),
            counting=raw.counting.substitute(COUNTINGS),
            value=raw.articles,
        )
    )


def top_1_percent(raw: ir.Table) -> ir.Table:
    """Return the share of each unit's works among the world's 1% most cited, from 0 to 1.

    Units with too few works have no published share and no row.
    """
    return _statistics(
        _units(raw).mutate(
            **_field(raw),
            measure=ibis.literal("top_1"),
            counting=raw.counting.substitute(COUNTINGS),
            value=raw.share_in_top_1_percent / PER_CENT,
        )
    )


def coauthorship(raw: ir.Table) -> ir.Table:
    """Return domestic and international works of each unit, in full counting.

    The two do not sum to the output: works with incomplete addresses are in neither. The
    world's rows bear the name ``Total articles``.
    """
    divided = raw.filter(raw.attribute.isin(list(MEASURES)))
    return _statistics(
        _units(divided).mutate(
            scheme=ibis.literal(ALL),
            field_id=ibis.literal(ALL),
            measure=divided.attribute.substitute(MEASURES),
            counting=ibis.literal("full"),
            value=divided.articles,
        )
    )


def citation_index(raw: ir.Table) -> ir.Table:
    """Return how much each country cites each other one, relative to its size."""
    return conform(
        raw.mutate(
            **_provenance(),
            **_field(raw),
            unit_type=ibis.literal("country"),
            unit_id=country(raw.citing_code),
            partner_id=country(raw.cited_code),
            year=ibis.literal(INDEX_YEAR, type="int64"),
            relative_citation_index=raw.rci,
        ),
        CITATION_INDEX_CELLS,
    )


def pairs(raw: ir.Table) -> ir.Table:
    """Return joint works of each ordered pair of countries, with pairs that have none.

    The world's row and column of the table are the international works of each country, which
    the attributes of co-authorship give for every year: they are left out here.
    """
    cells = raw.mutate(unit_id=country(raw.unit_code), partner_id=country(raw.partner_code))
    named = cells.filter(cells.unit_id.notnull() & cells.partner_id.notnull())
    return complete(
        named.mutate(
            **_provenance(),
            unit_type=ibis.literal("country"),
            scheme=ibis.literal(ALL),
            field_id=ibis.literal(ALL),
            p=named.works,
        ),
        PAIR_CELLS,
    )


def fields(raw: ir.Table) -> ir.Table:
    """Return the names of the fields, each once per part."""
    divided = raw.filter(raw.field != ALL)
    placed = divided.select(
        **origin(divided, REGISTER), **_field(divided), field_name=_capitalized(divided.field)
    )
    named = placed.group_by("register", "part_key", "scheme", "field_id").agg(
        record=placed.record.min(), field_name=placed.field_name.min()
    )
    return conform(
        named.mutate(source_id=ibis.null("string"), parent_id=ibis.null("string")),
        STAGED_FIELDS,
    )


def _provenance() -> dict[str, ir.Value]:
    return {"register": ibis.literal(REGISTER), "definition_id": ibis.literal(DEFINITION)}


def _units(raw: ir.Table) -> ir.Table:
    """Name the unit of each row by type and id, null where the unit is passed over."""
    code = country(raw.country_code)
    is_world = raw["name"].isin(["World", "Total articles"])
    is_eu = raw["name"] == "EU-27"
    is_unknown = raw["name"] == "Unassigned"
    return raw.mutate(
        unit_type=ibis.cases(
            (code.notnull(), "country"),
            (is_world, "world"),
            (is_eu, "group"),
            (is_unknown, "unknown"),
        ),
        unit_id=ibis.cases(
            (code.notnull(), code),
            (is_world, "WORLD"),
            (is_eu, "EU27_2020"),
            (is_unknown, "UNKNOWN"),
        ),
    )


def _field(raw: ir.Table) -> dict[str, ir.Value]:
    """Return scheme and id of a field; all fields together belong to no scheme of NCSES."""
    return {
        "scheme": ibis.ifelse(raw.field == ALL, ALL, SCHEME),
        "field_id": slug(raw.field),
    }


def _capitalized(name: ir.StringValue) -> ir.StringValue:
    return name.substr(0, 1).upper().concat(name.substr(1))


def _statistics(figures: ir.Table) -> ir.Table:
    """Keep the figures that were published of the units that are kept."""
    is_published = figures.value.notnull() & ~figures.value.isnan()
    kept = figures.filter(figures.unit_type.notnull() & is_published)
    return conform(kept.mutate(**_provenance()), STAGED_STATISTICS)


SOURCE = Source(
    name=REGISTER,
    title="NCSES Science and Engineering Indicators 2024, publication tables",
    licence="US federal statistics, public domain",
    url="https://ncses.nsf.gov/pubs/nsb202333/",
    citation=(
        "National Center for Science and Engineering Statistics; Science-Metrix; Elsevier, "
        "Scopus abstract and citation database, accessed April 2023. Science and Engineering "
        "Indicators 2024, NSB-2023-33."
    ),
    scope="census",
    intakes=(
        Intake(
            files=("**/output.parquet",),
            format="parquet",
            raw=OUTPUT,
            needed=("name", "field", "counting", "year"),
            feeds=(
                Feed(writes=STAGED_STATISTICS, compute=output),
                Feed(writes=STAGED_FIELDS, compute=fields),
            ),
        ),
        Intake(
            files=("**/top_1_percent.parquet",),
            format="parquet",
            raw=TOP_1_PERCENT,
            needed=("name", "field", "counting", "year"),
            feeds=(Feed(writes=STAGED_STATISTICS, compute=top_1_percent),),
        ),
        Intake(
            files=("**/coauthorship_attributes.parquet",),
            format="parquet",
            raw=COAUTHORSHIP_ATTRIBUTES,
            needed=("name", "year"),
            feeds=(Feed(writes=STAGED_STATISTICS, compute=coauthorship),),
        ),
        Intake(
            files=("**/relative_citation_index_2020.parquet",),
            format="parquet",
            raw=RELATIVE_CITATION_INDEX,
            needed=("citing_code", "cited_code", "field"),
            feeds=(Feed(writes=CITATION_INDEX_CELLS, compute=citation_index),),
        ),
        Intake(
            files=("**/pairs.csv",),
            format="csv",
            raw=PAIRS,
            needed=("year", "unit_code", "partner_code", "works"),
            feeds=(Feed(writes=PAIR_CELLS, compute=pairs),),
        ),
    ),
)
