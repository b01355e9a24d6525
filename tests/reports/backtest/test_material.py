"""Back-tests of the embedded registers: what is in them, counted apart, and what pages say."""

from __future__ import annotations

import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.partners.backtest import backtest
from fourseas.partners.forecasts import baselines, feasibility
from fourseas.partners.hold_out import Outcome, Split, Training, outcome, training
from fourseas.partners.rankings import average_precision
from fourseas.reports.backtest.material import Read, Units, read
from fourseas.workspace import Workspace

PAGE = Path(__file__).parents[3] / "docs" / "models" / "partner-backtest.md"
SPLIT = Split(train_to=2015, first=2016, last=2018)
RECENT = range(2011, 2016)

Pairs = dict[int, set[tuple[str, str]]]


def counted_apart(pairs: Pairs) -> tuple[int, int]:
    """Return candidates and ties that started, from sets of pairs by year."""
    units = {unit for year in RECENT for pair in pairs[year] for unit in pair}
    before = set().union(*(found for year, found in pairs.items() if year <= SPLIT.train_to))
    after = pairs[2016] | pairs[2017] | pairs[2018]
    candidates = set(itertools.combinations(sorted(units), 2)) - before
    return len(candidates), len(candidates & after)


def forecast(found: Read) -> tuple[Training, Outcome]:
    seen = training(found.material.before(SPLIT.train_to), SPLIT.train_to, "any")
    return seen, outcome(found.material, seen, SPLIT, "any")


@pytest.fixture(scope="module")
def countries(lake: Workspace) -> tuple[Training, Outcome]:
    return forecast(read(lake, "countries", "all", None))


@pytest.fixture(scope="module")
def organizations(lake: Workspace) -> tuple[Training, Outcome]:
    return forecast(read(lake, "organizations", "all", None))


def test_candidates_among_countries_are_those_counted_apart(
    lake: Workspace, countries: tuple[Training, Outcome]
) -> None:
    seen, after = countries
    cells = lake.table("pair_cells")
    rows = cells.filter((cells.register == "matrix") & (cells.unit_id < cells.partner_id))
    pairs: Pairs = defaultdict(set)
    for row in rows.select("unit_id", "partner_id", "year").to_pyarrow().to_pylist():
        pairs[row["year"]].add((row["unit_id"], row["partner_id"]))

    assert (len(seen.left), int(after.came.sum())) == counted_apart(pairs) == (12_656, 1_381)


def test_candidates_among_organizations_are_those_counted_apart(
    lake: Workspace, organizations: tuple[Training, Outcome]
) -> None:
    seen, after = organizations
    works = lake.table("works")
    of_works = lake.table("work_organizations").inner_join(works, "work_id")
    rows = of_works.filter(of_works.register == "rfc").select("work_id", "organization_id", "year")
    together: dict[tuple[int, int], set[str]] = defaultdict(set)
    for row in rows.to_pyarrow().to_pylist():
        together[row["work_id"], row["year"]].add(f"{row['organization_id']:06}")
    pairs: Pairs = defaultdict(set)
    for (_, year), names in together.items():
        pairs[year] |= set(itertools.combinations(sorted(names), 2))

    assert (len(seen.left), int(after.came.sum())) == counted_apart(pairs) == (317_158, 365)


@pytest.mark.parametrize("units", ["countries", "organizations"])
def test_the_page_says_what_is_found(
    units: Units, countries: tuple[Training, Outcome], organizations: tuple[Training, Outcome]
) -> None:
    seen, after = countries if units == "countries" else organizations
    told = PAGE.read_text(encoding="utf-8")
    scores = {
        "ours: feasibility alone": feasibility(seen),
        "Adamic-Adar": baselines(seen)["adamic_adar"],
    }

    for title, score in scores.items():
        assert f"| {title} | {average_precision(score, after.came):.3f} |" in told
    assert f"{len(seen.left):,}" in told


def test_a_register_whose_works_name_one_organization_each_has_no_ties(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no work there names two organizations"):
        read(lake, "organizations", "all", "3gpp")


def test_tables_of_two_years_cannot_be_held_out(lake: Workspace) -> None:
    found = read(lake, "countries", "all", "ncses")

    with pytest.raises(NotComputableError, match="no joint works in 20"):
        backtest(found.material, SPLIT, "any", found.groups)


def test_every_country_is_in_one_group_by_income_or_in_none(lake: Workspace) -> None:
    found = read(lake, "countries", "all", None)

    assert len(found.groups) == 5
    together = np.sum([is_in.astype(int) for is_in in found.groups.values()], axis=0)
    assert set(together.tolist()) == {1}
