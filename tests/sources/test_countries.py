"""Countries, their names, dated groups, covariates and distances, against facts known elsewhere."""

from __future__ import annotations

from collections import Counter

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.countries import COUNTRY_CODES, SUCCEEDED_CODES
from fourseas.schema.source import Feed, Intake
from fourseas.sources import countries, matrix, ncses
from tests.sources.published import (
    Row,
    broken_promises,
    compiles_in_both_engines,
    embedded_part,
    read,
    rows,
    stage,
)

COUNTRIES, ALIASES, GROUPS, YEARS, DISTANCES = countries.SOURCE.intakes
FEEDS = [(intake, feed) for intake in countries.SOURCE.intakes for feed in intake.feeds]


def _raw(duckdb: Backend, intake: Intake) -> ir.Table:
    return read(duckdb, intake, embedded_part(countries.SOURCE, intake))


@pytest.fixture(scope="module")
def listed(duckdb: Backend) -> dict[object, Row]:
    return {row["country_code"]: row for row in rows(countries.countries(_raw(duckdb, COUNTRIES)))}


@pytest.fixture(scope="module")
def names(duckdb: Backend) -> list[Row]:
    of_countries = rows(countries.names(_raw(duckdb, COUNTRIES)))
    return of_countries + rows(countries.aliases(_raw(duckdb, ALIASES)))


@pytest.fixture(scope="module")
def memberships(duckdb: Backend) -> list[Row]:
    dated = rows(countries.groups(_raw(duckdb, GROUPS)))
    return dated + rows(countries.fixed_groups(_raw(duckdb, COUNTRIES)))


def _members(memberships: list[Row], group: str, year: int) -> set[object]:
    return {
        row["country_code"]
        for row in memberships
        if row["group_id"] == group and row["first_year"] <= year <= row["last_year"]  # type: ignore[operator]
    }


# Codes and names


def test_codes_that_sources_know_are_those_of_the_register(listed: dict[object, Row]) -> None:
    assert set(COUNTRY_CODES) == set(listed)
    assert list(COUNTRY_CODES) == sorted(COUNTRY_CODES)
    assert set(SUCCEEDED_CODES.values()) <= set(COUNTRY_CODES)
    assert not set(SUCCEEDED_CODES) & set(COUNTRY_CODES)


def test_249_countries_of_iso_3166_and_kosovo(listed: dict[object, Row]) -> None:
    kosovo = listed["XK"]

    assert len(listed) == 250
    assert (kosovo["country_code3"], kosovo["country_name"]) == ("XKX", "Kosovo")
    assert kosovo["m49"] is None


def test_namibia_is_not_a_missing_value(listed: dict[object, Row], names: list[Row]) -> None:
    assert listed["NA"]["country_name"] == "Namibia"
    assert {row["name"] for row in names if row["country_code"] == "NA"} == {
        "na",
        "nam",
        "namibia",
    }


def test_numbers_keep_their_leading_zeros(listed: dict[object, Row]) -> None:
    numbers = [row["m49"] for row in listed.values() if row["m49"] is not None]

    assert listed["AF"]["m49"] == "004"
    assert len(numbers) == len(set(numbers)) == 249
    assert {len(str(number)) for number in numbers} == {3}


def test_capitals_lie_where_they_are(listed: dict[object, Row]) -> None:
    china, romania = listed["CN"], listed["RO"]

    assert (china["latitude"], china["longitude"]) == (39.91667, 116.4333)
    assert (romania["latitude"], romania["longitude"]) == (44.4325, 26.10389)
    assert (listed["CH"]["is_landlocked"], listed["CN"]["is_landlocked"]) == (True, False)


def test_no_name_means_two_countries(names: list[Row]) -> None:
    meanings = Counter(row["name"] for row in names)

    assert [name for name, n in meanings.items() if n > 1] == []
    assert all(name == str(name).strip().lower() for name in meanings)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("usa", "US"),
        ("united states", "US"),
        ("uk", "GB"),
        ("united kingdom", "GB"),
        ("south korea", "KR"),
        ("republic of korea", "KR"),
        ("russia", "RU"),
        ("iran", "IR"),
        ("viet nam", "VN"),
        ("vietnam", "VN"),
        ("czech republic", "CZ"),
        ("turkey", "TR"),
        ("türkiye", "TR"),
        ("taiwan", "TW"),
        ("hong kong", "HK"),
        ("prc", "CN"),
        ("kosovo", "XK"),
        ("na", "NA"),
    ],
)
def test_a_country_is_found_by_the_name_people_use(names: list[Row], name: str, code: str) -> None:
    assert {row["country_code"] for row in names if row["name"] == name} == {code}


def test_every_alias_means_a_country_that_is_listed(
    names: list[Row], listed: dict[object, Row]
) -> None:
    assert {row["country_code"] for row in names} == set(listed)


def test_every_name_that_ncses_uses_is_understood(duckdb: Backend, names: list[Row]) -> None:
    known = {row["name"]: row["country_code"] for row in names}
    output = ncses.SOURCE.intakes[0]
    raw = read(duckdb, output, embedded_part(ncses.SOURCE, output))
    named = raw.filter(raw.country_code.notnull()).select("name", "country_code").distinct()
    used = {str(row["name"]).lower(): row["country_code"] for row in rows(named)}

    assert len(used) == 200
    assert {name: known.get(name) for name in used} == used


def test_every_code_of_the_pair_matrix_is_listed(
    duckdb: Backend, listed: dict[object, Row]
) -> None:
    (intake,) = matrix.SOURCE.intakes
    raw = read(duckdb, intake, embedded_part(matrix.SOURCE, intake))
    codes = {row["a"] for row in rows(raw.select("a").distinct())}

    assert len(codes) == 248
    assert codes <= set(listed)


# Groups


@pytest.mark.parametrize(
    ("year", "n_members"),
    [
        (1957, 0),
        (1958, 6),
        (1973, 9),
        (1981, 10),
        (1986, 12),
        (1995, 15),
        (2003, 15),
        (2004, 25),
        (2007, 27),
        (2013, 28),
        (2019, 28),
        (2020, 27),
        (2026, 27),
    ],
)
def test_members_of_the_eu_on_the_last_day_of_a_year(
    memberships: list[Row], year: int, n_members: int
) -> None:
    assert len(_members(memberships, "EU", year)) == n_members


def test_the_united_kingdom_was_a_member_until_2019(memberships: list[Row]) -> None:
    assert "GB" in _members(memberships, "EU", 2019)
    assert "GB" not in _members(memberships, "EU", 2020)


@pytest.mark.parametrize("year", [1990, 2003, 2022])
def test_the_eu_of_27_is_the_same_in_every_year(memberships: list[Row], year: int) -> None:
    assert _members(memberships, "EU27_2020", year) == _members(memberships, "EU", 2021)


@pytest.mark.parametrize(
    ("year", "n_members"),
    [
        (1960, 0),
        (1961, 19),
        (1962, 20),
        (1964, 21),
        (1973, 24),
        (1996, 29),
        (2000, 30),
        (2010, 34),
        (2016, 35),
        (2018, 36),
        (2020, 37),
        (2021, 38),
    ],
)
def test_members_of_the_oecd_on_the_last_day_of_a_year(
    memberships: list[Row], year: int, n_members: int
) -> None:
    assert len(_members(memberships, "OECD", year)) == n_members


def test_groups_of_one_date_say_so_and_hold_in_every_year(memberships: list[Row]) -> None:
    fixed = {row["group_id"]: row for row in memberships if row["last_year"] == 9999}
    sizes = {group: len(_members(memberships, str(group), 2000)) for group in fixed}

    assert sizes["LDC_2024"] == 45
    assert sizes["WB_HIGH_2021"] == 78
    assert sizes["WB_LOW_2021"] == 27
    assert fixed["LDC_2024"]["group_name"] == "Least developed countries as of 2024"
    assert "XK" in _members(memberships, "WB_UPPER_MIDDLE_2021", 1990)
    assert not any("TW" in _members(memberships, f"WB_{k}_2021", 2020) for k in ("HIGH", "LOW"))


def test_every_member_is_a_country_and_no_two_spans_overlap(
    memberships: list[Row], listed: dict[object, Row]
) -> None:
    assert {row["country_code"] for row in memberships} <= set(listed)
    assert len({(row["group_id"], row["country_code"]) for row in memberships}) == len(memberships)


# Covariates and distances


def test_covariates_of_13945_countries_and_years(duckdb: Backend) -> None:
    years = rows(countries.country_years(_raw(duckdb, YEARS)))
    filled = {
        name: sum(row[name] is not None for row in years)
        for name in ("gdp_usd", "population", "gerd_share", "ip_payments_usd")
    }

    assert filled == {
        "gdp_usd": 11_113,
        "population": 13_945,
        "gerd_share": 1_965,
        "ip_payments_usd": 5_938,
    }
    assert sum(row["country_code"] == "NA" for row in years) == 65


def test_per_cent_of_gdp_become_a_share(duckdb: Backend) -> None:
    raw = stage(duckdb, YEARS, [{"iso2": "NA", "year": 2014, "gerd_pct_gdp": 0.35}])

    (row,) = rows(countries.country_years(raw))

    assert row["gerd_share"] == pytest.approx(0.0035)
    assert row["gdp_usd"] is None


def test_distances_bear_present_codes(duckdb: Backend, listed: dict[object, Row]) -> None:
    pairs = rows(countries.distances(_raw(duckdb, DISTANCES)))
    codes = {row["country_code_a"] for row in pairs}

    assert len(codes) == 223
    assert len(pairs) == 223 * 222
    assert {"RO", "CD", "RS", "TL", "PS", "NA"} <= codes
    assert codes <= set(listed)
    assert "AN" not in codes


def test_neighbours_are_near_and_distances_are_the_same_both_ways(duckdb: Backend) -> None:
    pairs = {
        (row["country_code_a"], row["country_code_b"]): row
        for row in rows(countries.distances(_raw(duckdb, DISTANCES)))
    }
    bucharest_to_sofia = pairs["RO", "BG"]

    assert 290 <= bucharest_to_sofia["distance_km"] <= 300  # type: ignore[operator]
    assert bucharest_to_sofia["is_contiguous"] is True
    assert pairs["GB", "US"]["is_common_language"] is True
    assert pairs["CD", "BE"]["is_colony"] is True
    assert all(row["distance_km"] == pairs[b, a]["distance_km"] for (a, b), row in pairs.items())


@pytest.mark.parametrize("pair", FEEDS, ids=lambda pair: pair[1].compute.__name__)
def test_a_feed_keeps_what_its_table_promises(duckdb: Backend, pair: tuple[Intake, Feed]) -> None:
    intake, feed = pair

    assert broken_promises(feed.compute(_raw(duckdb, intake)), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(countries.SOURCE)
