"""What a policy touches in published counts of pairs: bounds worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import pyarrow as pa
import pytest

from fourseas.policy.assumptions import read_assumptions
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import compiled
from fourseas.policy.document import Policy
from fourseas.policy.pair_exposure import is_told_by_single_parties, pair_exposures
from tests.policy.past_worlds import FOUR, NAMED, REVIEW, listed, policy
from tests.world import Row

MATRIX: Row = {
    "register": "matrix",
    "definition_id": "matrix-published",
    "scheme": "all",
    "unit_type": "country",
}
JOINT = {
    2020: {"CA CN": 10, "CA US": 40, "CA JP": 5, "CN US": 30, "CN JP": 3, "US JP": 8},
    2021: {"CA CN": 4, "CA US": 20, "CN US": 25},
    2022: {"CA CN": 1000, "CA US": 1000, "CN US": 1000},
    2023: {"CA CN": 10, "CA KE": 2},
}
INTERNATIONAL = {
    2020: {"CA": 50, "CN": 43, "US": 75, "JP": 16},
    2021: {"CA": 25, "CN": 29, "US": 45},
    2022: {"CA": 2000, "CN": 2000, "US": 2000},
    2023: {"CA": 12, "CN": 10, "KE": 2},
}
OPEN = ("named-open", NAMED, "open")
"""A rule that touches nothing and refers to the list."""

OF_OTHERS: tuple[Row, ...] = (
    {"definition_id": "openalex"},
    {"scheme": "openalex_field"},
    {"unit_type": "group"},
)
"""Counts that are no published ones of countries in all fields."""


def _tables() -> tuple[ibis.Table, ibis.Table]:
    pairs: list[Row] = []
    cells: list[Row] = []
    for year, of_year in JOINT.items():
        for both, n in of_year.items():
            for unit, partner in (both.split(), both.split()[::-1]):
                row = MATRIX | {"year": year, "unit_id": unit, "partner_id": partner, "p": float(n)}
                pairs += [row, *(row | {"p": 1e6} | other for other in OF_OTHERS)]
        for unit, n in INTERNATIONAL[year].items():
            row = MATRIX | {"year": year, "unit_id": unit, "n": float(n)}
            joint = row | {"collaboration_class": "international"}
            alone = row | {"collaboration_class": "domestic", "n": 5e5}
            cells += [joint, alone, *(joint | {"n": 1e6} | other for other in OF_OTHERS)]
    return ibis.memtable(pa.Table.from_pylist(cells)), ibis.memtable(pa.Table.from_pylist(pairs))


def _found(
    of: Policy, *members: str, years: tuple[int, int] = (2020, 2021), assume: Iterable[str] = ()
) -> dict[object, Row]:
    """Return exposures of Canada by partner."""
    facts = FactTables(rows={}, lists={"named": ibis.memtable(listed(*members))})
    table = pair_exposures(
        compiled(of, "ignored"),
        _tables(),
        owner="CA",
        years=years,
        facts=facts,
        assumptions=read_assumptions(assume),
    )
    rows = ibis.duckdb.connect().to_pyarrow(table).to_pylist()
    return {row["partner_id"]: row for row in rows}


def _ends(found: dict[object, Row]) -> dict[object, tuple[object, ...]]:
    return {
        partner: (row["n_joint"], row["n_least"], row["n_most"]) for partner, row in found.items()
    }


def test_a_pair_is_touched_for_certain_or_by_a_third_country_that_is_named() -> None:
    assert _ends(_found(REVIEW, "CN")) == {
        "CN": (14.0, 14.0, 14.0),
        "US": (60.0, 0.0, 10.0 + 4.0),  # as many as Canada shares with China
        "JP": (5.0, 0.0, 3.0),  # as many as China and Japan share
    }


def test_thirds_add_up_to_no_more_than_the_pair_shares() -> None:
    assert _ends(_found(REVIEW, "CN", "US"))["JP"] == (5.0, 0.0, 5.0)
    assert _ends(_found(REVIEW, "KR")) == {
        "CN": (14.0, 0.0, 0.0),
        "US": (60.0, 0.0, 0.0),
        "JP": (5.0, 0.0, 0.0),
    }


def test_a_third_country_that_shares_nothing_with_the_partner_touches_nothing() -> None:
    assert _ends(_found(REVIEW, "CN", years=(2023, 2023))) == {
        "CN": (10.0, 10.0, 10.0),
        "KE": (2.0, 0.0, 0.0),
    }


def test_an_entry_that_nobody_confirmed_may_touch_all_of_its_pair() -> None:
    facts = FactTables(
        rows={}, lists={"named": ibis.memtable(listed({"id": "CN", "confidence": 0.5}))}
    )
    table = pair_exposures(
        compiled(REVIEW, "ignored"), _tables(), owner="CA", years=(2020, 2020), facts=facts
    )
    rows = ibis.duckdb.connect().to_pyarrow(table).to_pylist()

    assert _ends({row["partner_id"]: row for row in rows}) == {
        "CN": (10.0, 0.0, 10.0),
        "US": (40.0, 0.0, 10.0),
        "JP": (5.0, 0.0, 3.0),
    }


def test_a_rule_on_several_parties_may_touch_whatever_is_shared() -> None:
    four = policy(("four", FOUR, "review"), OPEN)

    assert _ends(_found(four, "CN")) == {
        "CN": (14.0, 0.0, 14.0),
        "US": (60.0, 0.0, 60.0),
        "JP": (5.0, 0.0, 5.0),
    }


def test_where_nobody_else_takes_part_only_named_pairs_are_touched() -> None:
    whole = {"CN": (14.0, 14.0, 14.0), "US": (60.0, 0.0, 0.0), "JP": (5.0, 0.0, 0.0)}
    four = policy(("four", FOUR, "review"), ("named", NAMED, "closed"))

    assert _ends(_found(REVIEW, "CN", assume=["parties=complete"])) == whole
    assert _ends(_found(four, "CN", assume=["parties=complete"])) == whole


def test_shares_are_of_international_works_of_the_years_that_are_published() -> None:
    row = _found(REVIEW, "CN", years=(1990, 2021))["US"]

    assert (row["first_year"], row["last_year"], row["n_years"]) == (2020, 2021, 2)
    assert (row["owner_international"], row["partner_international"]) == (75.0, 120.0)
    assert (row["owner_share_least"], row["owner_share_most"]) == (0.0, 14 / 75)
    assert (row["partner_share_least"], row["partner_share_most"]) == (0.0, 14 / 120)
    china = _found(REVIEW, "CN")["CN"]
    assert (china["owner_share_least"], china["partner_share_least"]) == (14 / 75, 14 / 72)


def test_a_case_of_a_year_is_of_its_middle_and_co_authorship() -> None:
    late = {"all_of": [NAMED, {"date": {"ge": "2021-07-01"}}, {"activity": "co_authorship"}]}
    early = {"all_of": [NAMED, {"date": {"lt": "2021-07-01"}}]}

    assert _ends(_found(policy(("late", late, "review")), "CN"))["CN"] == (14.0, 4.0, 4.0)
    assert _ends(_found(policy(("early", early, "review")), "CN"))["CN"] == (14.0, 10.0, 10.0)


VISIT = {"activity": "visit"}
FIRM = {"any_party": {"sector": "company"}}
HALF = {"share_ge": {"of": "parties", "share": 0.5, "where": {"sector": "company"}}}
LEADS = {"count_ge": {"of": "people", "n": 2, "where": {"role": "lead"}}}


@pytest.mark.parametrize(
    ("when", "is_single"),
    [
        (NAMED, True),
        (VISIT, True),
        (LEADS, True),
        ({"exists": "parties"}, True),
        (FOUR, False),
        (HALF, False),
        ({"all_parties": {"sector": "company"}}, False),
        ({"all_of": [NAMED, VISIT]}, True),
        ({"all_of": [NAMED, VISIT, LEADS]}, True),
        ({"all_of": [NAMED, FIRM]}, False),
        ({"all_of": [VISIT, FOUR]}, False),
        ({"any_of": [NAMED, FIRM]}, True),
        ({"any_of": [NAMED, FOUR]}, False),
        ({"all_of": [{"any_of": [NAMED, VISIT]}, FIRM]}, False),
        ({"all_of": [{"any_of": [LEADS, VISIT]}, FIRM]}, True),
        ({"not": VISIT}, True),
        ({"not": LEADS}, True),
        ({"not": NAMED}, False),
        ({"not": {"any_of": [VISIT, NAMED]}}, False),
        ({"not": {"not": NAMED}}, False),
    ],
)
def test_one_party_decides_or_several_do(when: object, is_single: bool) -> None:  # noqa: FBT001
    assert is_told_by_single_parties(compiled(policy(("one", when, "review"), OPEN))) is is_single


def test_only_rules_that_touch_are_looked_at() -> None:
    open_four = policy(("four", FOUR, "open"), ("named", NAMED, "open_with_conditions"))
    closed_four = policy(("four", FOUR, "open_with_conditions"), OPEN)

    assert is_told_by_single_parties(compiled(open_four))
    assert not is_told_by_single_parties(compiled(closed_four))
