"""Countries, their groups by year, what is known of them by year, and how far apart they are."""

from __future__ import annotations

from fourseas.schema.table import Column, TableSpec

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRY_CODES: tuple[str, ...] = tuple(_CODES.split())
"""ISO 3166-1 alpha-2 codes in force, and XK for Kosovo, in order."""

SUCCEEDED_CODES: dict[str, str] = {
    "BU": "MM",
    "DD": "DE",
    "DY": "BJ",
    "EL": "GR",
    "FX": "FR",
    "HV": "BF",
    "NH": "VU",
    "RH": "ZW",
    "TP": "TL",
    "UK": "GB",
    "VD": "VN",
    "YD": "YE",
    "ZR": "CD",
}
"""Codes that registers use beside those in force, with the one country that each stands for:
reserved ones (EL, UK) and those of ISO 3166-3 that one country succeeds. What several countries
succeed (AN, CS, SU, YU) stands for none of them.
"""

INCOME_GROUPS = (
    "WB_HIGH_2021",
    "WB_UPPER_MIDDLE_2021",
    "WB_LOWER_MIDDLE_2021",
    "WB_LOW_2021",
)
"""Groups by income per head, as the World Bank had them in July 2021, from high to low."""

LOW_INCOME = INCOME_GROUPS[-1:]
LOWER_INCOMES = INCOME_GROUPS[-2:]

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
