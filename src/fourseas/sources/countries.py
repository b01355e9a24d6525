"""Countries: codes and names, dated groups, covariates by year, and distances.

Kosovo is here although ISO 3166-1 does not list it, and Namibia's code NA is no missing value.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.countries import (
    COUNTRIES,
    COUNTRY_DISTANCES,
    COUNTRY_NAMES,
    COUNTRY_YEARS,
    GROUP_MEMBERSHIPS,
    INCOME_GROUPS,
)
from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.table import conform
from fourseas.sources.expressions import trimmed

REGISTER = "countries"

PER_CENT = 100.0

EVER = (1, 9999)
"""First and last year of membership in a group that is fixed at one date."""

INCOME_CLASSES = dict(
    zip(
        ("High income", "Upper middle income", "Lower middle income", "Low income"),
        INCOME_GROUPS,
        strict=True,
    )
)
"""Group of each income class of the World Bank."""

COUNTRY = ibis.schema(
    {
        "iso2": "string",
        "iso3": "string",
        "m49": "string",
        "name": "string",
        "official_name": "string",
        "un_region": "string",
        "un_subregion": "string",
        "ldc": "string",
        "wb_income_2021": "string",
        "lat": "float64",
        "lon": "float64",
        "area": "float64",
        "landlocked": "float64",
    }
)
"""Keys of a country."""

ALIAS = ibis.schema({"name": "string", "country_code": "string"})
"""Keys of a further name of a country."""

GROUP = ibis.schema(
    {
        "group_id": "string",
        "group_name": "string",
        "country_code": "string",
        "first_year": "int64",
        "last_year": "int64",
        "source": "string",
    }
)
"""Keys of a membership."""

COUNTRY_YEAR = ibis.schema(
    {
        "iso2": "string",
        "year": "int64",
        "gdp_current_usd": "float64",
        "population": "int64",
        "gerd_pct_gdp": "float64",
        "researchers_per_million": "float64",
        "patents_resident": "float64",
        "patents_nonresident": "float64",
        "ip_payments_usd": "float64",
        "ip_receipts_usd": "float64",
    }
)
"""Keys of a country and year."""

DISTANCE = ibis.schema(
    {
        "country_code_a": "string",
        "country_code_b": "string",
        "contig": "int8",
        "comlang_off": "int8",
        "colony": "int8",
        "dist": "int32",
        "distw": "int32",
    }
)
"""Keys of an ordered pair of countries, in the words of GeoDist."""


def countries(raw: ir.Table) -> ir.Table:
    """Return one row per country or territory."""
    return conform(
        raw.select(
            country_code=raw.iso2,
            country_code3=raw.iso3,
            m49=raw.m49,
            country_name=raw["name"],
            region=raw.un_region,
            subregion=raw.un_subregion,
            latitude=raw.lat,
            longitude=raw.lon,
            area_km2=raw.area,
            is_landlocked=raw.landlocked == 1,
        ),
        COUNTRIES,
    )


def names(raw: ir.Table) -> ir.Table:
    """Return short name, official name and both codes of each country, in lower case."""
    listed = raw.select(
        country_code=raw.iso2,
        name=ibis.array([raw["name"], raw.official_name, raw.iso2, raw.iso3]).unnest(),
    )
    return conform(_lowered(listed).distinct(), COUNTRY_NAMES)


def aliases(raw: ir.Table) -> ir.Table:
    """Return further names by which people ask for a country, in lower case."""
    return conform(_lowered(raw), COUNTRY_NAMES)


def fixed_groups(raw: ir.Table) -> ir.Table:
    """Return income groups of 2021 and least developed countries of 2024.

    Both are classifications at one date, which stands in their names: a country is a member
    in all years or in none.
    """
    classified = raw.filter(raw.wb_income_2021.isin(list(INCOME_CLASSES)))
    income = classified.select(
        group_id=classified.wb_income_2021.substitute(INCOME_CLASSES),
        group_name=classified.wb_income_2021.concat(" economies as of July 2021"),
        country_code=classified.iso2,
        source=ibis.literal("World Bank country classification, fiscal year 2022"),
    )
    least = raw.filter(raw.ldc == "x")
    least_developed = least.select(
        group_id=ibis.literal("LDC_2024"),
        group_name=ibis.literal("Least developed countries as of 2024"),
        country_code=least.iso2,
        source=ibis.literal("United Nations list of least developed countries"),
    )
    first_year, last_year = EVER
    return conform(
        income.union(least_developed).mutate(
            first_year=ibis.literal(first_year), last_year=ibis.literal(last_year)
        ),
        GROUP_MEMBERSHIPS,
    )


def groups(raw: ir.Table) -> ir.Table:
    """Return dated memberships; a year counts if the country is a member on its last day."""
    return conform(raw, GROUP_MEMBERSHIPS)


def country_years(raw: ir.Table) -> ir.Table:
    """Return what is known of each country by year; R&D expenditure as a share of GDP."""
    return conform(
        raw.select(
            country_code=raw.iso2,
            year=raw.year,
            gdp_usd=raw.gdp_current_usd,
            population=raw.population,
            gerd_share=raw.gerd_pct_gdp / PER_CENT,
            researchers_per_million=raw.researchers_per_million,
            patents_resident=raw.patents_resident,
            patents_nonresident=raw.patents_nonresident,
            ip_payments_usd=raw.ip_payments_usd,
            ip_receipts_usd=raw.ip_receipts_usd,
        ),
        COUNTRY_YEARS,
    )


def distances(raw: ir.Table) -> ir.Table:
    """Return how far apart each ordered pair of different countries is, and what they share."""
    apart = raw.filter(raw.country_code_a != raw.country_code_b)
    return conform(
        apart.select(
            country_code_a=apart.country_code_a,
            country_code_b=apart.country_code_b,
            distance_km=apart.dist,
            distance_weighted_km=apart.distw,
            is_contiguous=apart.contig == 1,
            is_common_language=apart.comlang_off == 1,
            is_colony=apart.colony == 1,
        ),
        COUNTRY_DISTANCES,
    )


def _lowered(named: ir.Table) -> ir.Table:
    lowered = named.mutate(name=trimmed(named["name"]).lower())
    return lowered.filter(lowered["name"].notnull())


SOURCE = Source(
    name=REGISTER,
    title="Countries: codes, groups, covariates and distances",
    licence="PDDL-1.0 (codes); CC-BY-4.0 (World Bank); CC0-1.0 (GeoDist)",
    url="https://github.com/datasets/country-codes",
    citation=(
        "Datopian, country codes; World Bank, World Development Indicators; Mayer, T. & "
        "Zignago, S. (2011), GeoDist, CEPII working paper 2011-25; treaties of the European "
        "Union and the OECD."
    ),
    scope="census",
    intakes=(
        Intake(
            files=("**/countries.csv",),
            format="csv",
            raw=COUNTRY,
            needed=("iso2", "iso3", "name"),
            feeds=(
                Feed(writes=COUNTRIES, compute=countries),
                Feed(writes=COUNTRY_NAMES, compute=names),
                Feed(writes=GROUP_MEMBERSHIPS, compute=fixed_groups),
            ),
        ),
        Intake(
            files=("**/aliases.csv",),
            format="csv",
            raw=ALIAS,
            needed=("name", "country_code"),
            feeds=(Feed(writes=COUNTRY_NAMES, compute=aliases),),
        ),
        Intake(
            files=("**/groups.csv",),
            format="csv",
            raw=GROUP,
            needed=("group_id", "country_code", "first_year", "last_year"),
            feeds=(Feed(writes=GROUP_MEMBERSHIPS, compute=groups),),
        ),
        Intake(
            files=("**/country_years.parquet",),
            format="parquet",
            raw=COUNTRY_YEAR,
            needed=("iso2", "year"),
            feeds=(Feed(writes=COUNTRY_YEARS, compute=country_years),),
        ),
        Intake(
            files=("**/distances.parquet",),
            format="parquet",
            raw=DISTANCE,
            needed=("country_code_a", "country_code_b", "dist"),
            feeds=(Feed(writes=COUNTRY_DISTANCES, compute=distances),),
        ),
    ),
)
