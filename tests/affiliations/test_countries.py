"""Countries of addresses: whole names in their place, and `unknown` rather than a guess."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fourseas.affiliations.countries import Gazetteer, gazetteer, located

COUNTRIES = Path(__file__).parents[2] / "src" / "fourseas" / "embedded" / "countries"


def named_countries() -> list[tuple[str, str]]:
    """Read names and aliases of countries as a lake does."""
    with (COUNTRIES / "countries.csv").open(encoding="utf-8", newline="") as file:
        names = [(row[c], row["iso2"]) for row in csv.DictReader(file) for c in NAMES if row[c]]
    with (COUNTRIES / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return names + [(row["name"], row["country_code"]) for row in csv.DictReader(file)]


NAMES = ("name", "official_name")
WORLD: Gazetteer = gazetteer(named_countries())


@pytest.mark.parametrize(
    ("address", "country_code"),
    [
        ("Dept Phys, Windhoek, Namibia", "NA"),
        ("Atlanta, Georgia, USA", "US"),
        ("Atlanta, GA 30322", "US"),
        ("Tbilisi, Georgia", "GE"),
        ("Georgia", "GE"),
        ("Niamey, Niger", "NE"),
        ("Abuja, Nigeria", "NG"),
        ("Muscat, Oman", "OM"),
        ("Bucharest, Romania", "RO"),
        ("Boston, MA 02115 USA", "US"),
        ("Univ Bonn, Bonn, Fed Rep Ger", "DE"),
        ("Tsinghua Univ, Beijing 100084, Peoples R China", "CN"),
        ("Beijing, P. R. China.", "CN"),
        ("Univ Oxford, Oxford, England", "GB"),
        ("Belfast, North Ireland", "GB"),
        ("Seoul, Republic of Korea", "KR"),
        ("Abu Dhabi, U Arab Emirates", "AE"),
        ("Port Moresby, Papua New Guinea", "PG"),
        ("Conakry, Guinea", "GN"),
        ("Bissau, Guinea-Bissau", "GW"),
        ("Malabo, Equatorial Guinea", "GQ"),
        ("Kinshasa, Democratic Republic of the Congo", "CD"),
        ("Port of Spain, Trinidad and Tobago", "TT"),
        ("CREOP Université de Limoges Limoges, France", "FR"),
        ("80333 Munich Germany", "DE"),
        ("Albuquerque, New Mexico", "US"),
        ("Newark, New Jersey", "US"),
        ("Peru, Indiana", "US"),
        ("Kensington, New South Wales, Australia", "AU"),
        ("Pokfulam, Hong Kong, Peoples R China", "HK"),
        ("Taipei, Taiwan, R.O.C.", "TW"),
        ("Seoul, Korea, Republic of", "KR"),
        ("Chad Smith, Univ Leeds, England", "GB"),
        ("j.smith@example.io, Lima, Peru", "PE"),
    ],
)
def test_an_address_names(address: str, country_code: str) -> None:
    assert located(address, WORLD).country_codes == (country_code,)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "Beth Israel",
        "Beth Israel Deaconess Medical Center",
        "ipv.sx",
        "someone@ipv.sx",
        "stpeter.im",
        "Example Labs, hello@example.io, www.example.io",
        "Atlanta, Georgia",
        "Lebanon, NH",
        "University of New Mexico",
        "New South Wales",
        "Romanian Academy",
        "Nigerian Institute of Oncology",
        "Department of Romance Languages",
        "University of Namibia, NA",
        "Rockwell Collins, CA",
    ],
)
def test_no_country_is_read_from(address: str) -> None:
    assert located(address, WORLD).country_codes == ()


@pytest.mark.parametrize("state", ["USSR", "Yugoslavia", "Czechoslovakia"])
def test_a_state_that_split_up_is_unknown_and_the_reason_says_so(state: str) -> None:
    found = located(f"Academy of Sciences, {state}", WORLD)

    assert found.country_codes == ()
    assert "which one is not said" in found.reason


def test_several_countries_are_told_in_their_order() -> None:
    address = "Weizmann Institute, Rehovot, Israel and Stanford University, Stanford, California"

    assert located(address, WORLD).country_codes == ("IL", "US")


def test_every_name_of_a_country_is_read_at_the_end_of_an_address_or_not_at_all() -> None:
    read = {
        (name, code): located(f"Some Institute; {name}", WORLD).country_codes
        for name, code in named_countries()
    }

    assert {named: codes for named, codes in read.items() if codes not in ((), named[1:])} == {}
    assert [name for (name, _), codes in read.items() if codes == ()] == [
        "Bonaire, Sint Eustatius and Saba",
        "Georgia",
    ]
