"""The policies that come with fourseas: every case as expected, and cases of every sort."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import ibis
import pytest

from fourseas.cli.policies import differs, read_example
from fourseas.policy.case_schema import SHOWS
from fourseas.policy.check import check_all

ROOT = Path(str(resources.files("fourseas") / "policy" / "examples"))
EXAMPLES = sorted(place.parent.name for place in ROOT.glob("*/policy.yaml"))
SORTS = {"hit", "near_miss", "before", "after", "unknown", "exemption"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_case_of_an_example_is_found_as_expected(name: str) -> None:
    policy, cases, sources = read_example(ROOT / name)
    found = check_all(policy, cases, sources, ibis.duckdb.connect())

    assert {case.label: differs(case, one) for case, one in zip(cases, found, strict=True)} == {
        case.label: None for case in cases
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_eight_cases_of_every_sort_and_says_that_it_is_one(name: str) -> None:
    policy, cases, _ = read_example(ROOT / name)

    assert {*SHOWS} >= SORTS
    assert len(cases) >= 8
    assert {case.shows for case in cases} >= SORTS
    assert all(case.expected is not None for case in cases)
    assert policy.banner is not None
    assert policy.banner.startswith("illustration, not legal advice")


def test_four_examples_come_with_the_package() -> None:
    assert EXAMPLES == [
        "genetic-resources",
        "human-genetics",
        "joint-programme",
        "sensitive-technology",
    ]


def test_an_expectation_that_is_not_met_is_told() -> None:
    policy, cases, sources = read_example(ROOT / "human-genetics")
    found = check_all(policy, cases[:2], sources, ibis.duckdb.connect())

    assert differs(cases[1], found[0]) is not None
