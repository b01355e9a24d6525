"""Countries, their groups by year, what is known of them by year, and how far apart they are."""

from __future__ import annotations

from fourseas.schema.table import Column, TableSpec

COUNTRIES = TableSpec(
    name="countries",
    grain="one row per country or territory of ISO 3166-1, and Kosovo",
    key=("country_code",),
    columns=(
        Column("country_code", "string", "code", "ISO 3166-1 alpha-2; XK for Kosovo."),
        Column("country_code3", "string", "code", "ISO 3166-1 alpha-3; XKX for Kosovo."),
        Column("m49", "string", "code", "UN M49 number with leading zeros.", nullable=True),
        Column("country_name", "string", "name", "Short English name."),
        Column("region", "string", "name", "UN region.", nullable=True),
        Column("subregion", "string", "name", "UN subregion.", nullable=True),
        Column(
            "latitude",
            "float64",
            "degrees",
            "Degrees north of its capital.",
            nullable=True,
        ),
        Column(
            "longitude",
            "float64",
            "degrees",
            "Degrees east of its capital.",
            nullable=True,
        ),
        Column("area_km2", "float64", "ratio", "Area in square kilometres.", nullable=True),
        Column("is_landlocked", "boolean", "flag", "Has no coast.", nullable=True),
    ),
)

COUNTRY_NAMES = TableSpec(
    name="country_names",
    grain="one row per country and name by which a user may ask for it",
    key=("name",),
    columns=(
        Column("name", "string", "name", "A name, in lower case."),
        Column("country_code", "string", "code", "The country that it means."),
    ),
)

GROUP_MEMBERSHIPS = TableSpec(
    name="group_memberships",
    grain="one row per group, country and span of years",
    key=("group_id", "country_code", "first_year"),
    columns=(
        Column("group_id", "string", "id", "Group of countries, such as EU or OECD."),
        Column("group_name", "string", "name", "Its name, with its date where it is fixed."),
        Column("country_code", "string", "code", "A member."),
        Column(
            "first_year",
            "int64",
            "year",
            "First year on whose last day it is a member.",
        ),
        Column("last_year", "int64", "year", "Last such year; 9999 while it is a member."),
        Column("source", "string", "text", "Where the dates come from."),
    ),
)

COUNTRY_YEARS = TableSpec(
    name="country_years",
    grain="one row per country and year",
    key=("country_code", "year"),
    columns=(
        Column("country_code", "string", "code", "ISO 3166-1 alpha-2."),
        Column("year", "int64", "year", "Calendar year."),
        Column("gdp_usd", "float64", "usd", "GDP in current US dollars.", nullable=True),
        Column("population", "float64", "people", "People.", nullable=True),
        Column("gerd_share", "float64", "share", "R&D expenditure by GDP.", nullable=True),
        Column(
            "researchers_per_million",
            "float64",
            "ratio",
            "Researchers by people.",
            nullable=True,
        ),
        Column("patents_resident", "float64", "count", "Filed by residents.", nullable=True),
        Column("patents_nonresident", "float64", "count", "Filed by others.", nullable=True),
        Column("ip_payments_usd", "float64", "usd", "Paid for foreign IP.", nullable=True),
        Column("ip_receipts_usd", "float64", "usd", "Received for own IP.", nullable=True),
    ),
)

COUNTRY_DISTANCES = TableSpec(
    name="country_distances",
    grain="one row per ordered pair of two countries",
    key=("country_code_a", "country_code_b"),
    columns=(
        Column("country_code_a", "string", "code", "One country."),
        Column("country_code_b", "string", "code", "The other."),
        Column("distance_km", "float64", "km", "Between the most populous cities."),
        Column(
            "distance_weighted_km",
            "float64",
            "km",
            "Weighted by city population.",
            nullable=True,
        ),
        Column("is_contiguous", "boolean", "flag", "They share a border."),
        Column("is_common_language", "boolean", "flag", "They share an official language."),
        Column("is_colony", "boolean", "flag", "One was ever a colony of the other."),
    ),
)
