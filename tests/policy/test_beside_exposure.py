"""Who is behind touched works, third countries, workload, changes: by hand."""

from __future__ import annotations

import pytest

from fourseas.policy.exposed_parties import (
    FEWEST_PEOPLE,
    exposed_organizations,
    exposed_people,
)
from fourseas.policy.list_use import list_use
from fourseas.policy.reciprocity import mirrored_exposures, workloads
from fourseas.policy.studies import STUDY_RESULTS
from fourseas.policy.third_countries import third_countries
from fourseas.policy.transitions import transitions
from tests.policy.past_worlds import FOUR, NAMED, Asked, ask, listed, past_of, policy
from tests.world import Author, Organization, Row, Work, authors


def _of(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def _people(n_abroad: int) -> Row:
    """Return the row of China where so many of its authors write with five of Canada."""
    here = [Author({"CA": 1.0}, person) for person in range(1, 6)]
    there = [Author({"CN": 1.0}, person) for person in range(11, 11 + n_abroad)]
    perhaps = Work(3, (here[0], *authors("US", "?")), 2021)
    found = ask([Work(1, (*here, *there), 2020), Work(2, (here[0], there[0]), 2021), perhaps])
    table = exposed_people(found.marked, found.cases, found.past, "CA")
    (row,) = found.rows(table)
    return row


def test_people_are_counted_once_and_fewer_than_five_are_not_told() -> None:
    assert FEWEST_PEOPLE == 5
    assert _of(_people(5), "partner_id", "n_owner_people", "n_partner_people") == ("CN", 5, 5)
    assert _of(_people(4), "partner_id", "n_owner_people", "n_partner_people") == ("CN", 5, None)


def test_organizations_of_both_sides_have_touched_works_and_all_their_own_there() -> None:
    elm, oak = Author({"CA": 1.0}, organizations={"CA": ("elm",)}), _oak("CN")
    works = [
        Work(1, (elm, oak, *authors("JP"))),
        Work(2, (elm, oak, _oak("CN"))),
        Work(3, (elm, *authors("US", "?"))),
        Work(4, (elm, *authors("US"))),
        Work(5, (oak, *authors("JP"))),
        Work(6, (_oak("JP"), elm)),
        Work(7, (elm, Author(organizations={"?": ("oak",)}), *authors("CN"))),
        Work(8, authors("CA", "CN")),
    ]
    names = {"elm": Organization(name="Elm"), "oak": Organization(name="Oak")}
    found = ask(past_of(works, organizations=names))
    table = exposed_organizations(found.marked, found.cases, found.past, "CA")
    rows = {_of(row, "organization_name", "country"): row for row in found.rows(table)}

    counts = ("side", "n_least", "n_most", "n_output", "share_least", "share_most")
    assert {key: _of(row, *counts) for key, row in rows.items()} == {
        ("Elm", "CA"): ("owner", 3, 4, 6, 3 / 6, 4 / 6),
        ("Oak", "CN"): ("partner", 2, 2, 3, 2 / 3, 2 / 3),
    }


def _oak(country: str) -> Author:
    return Author({country: 1.0}, organizations={country: ("oak",)})


def test_a_third_country_is_one_of_which_no_work_is_or_may_be_touched_in_the_field() -> None:
    works = [
        Work(1, authors("CA", "CN"), 2020),
        Work(2, authors("CA", "DE"), 2018),
        Work(3, authors("CA", "DE"), 2022),
        Work(4, authors("CA", "DE"), 2023),
        Work(5, authors("CN", "DE"), 2022),
        Work(6, authors("CN", "JP"), 2018),
        Work(7, authors("CA", "US", "?"), 2020),
        Work(8, authors("CA", "FR"), 2020, subfield="2700"),
        # Of the first year of the later half, and of a country that writes with neither side.
        Work(9, authors("CA", "DE"), 2021),
        Work(10, authors("KE", "FR"), 2020),
        # A touched work counts once, with however many others it is.
        Work(11, authors("CA", "CN", "US"), 2020),
    ]
    found = ask(works)
    table = third_countries(found.marked, found.cases, found.past, "CA", 2021)
    rows = {row["country"]: row for row in found.rows(table) if row["field_id"] == "17"}

    counts = ("n_touched", "n_with_owner", "n_with_partners", "owner_change", "partner_change")
    assert {*rows} == {"DE", "JP"}
    assert _of(rows["DE"], *counts) == (2, 4, 1, 2, 1)
    assert _of(rows["JP"], *counts) == (2, 0, 1, 0, -1)
    assert _of(rows["DE"], "owner_share", "partner_share") == (4 / 7, 1 / 5)


WORKS = [
    Work(1, authors("CA", "CN"), 2020),
    Work(2, authors("CA", "US"), 2020),
    Work(3, authors("CA", "?"), 2020),
    Work(4, authors("CA", "US", "?"), 2021),
    Work(5, authors("CN", "US"), 2021),
]


def test_a_year_s_workload_is_what_is_reviewed_and_what_needs_information() -> None:
    found = ask(WORKS)
    names = ("year", "n_cases", "n_review", "n_needs_information")
    rows = {_of(row, *names) for row in found.rows(workloads(found.judged))}

    assert rows == {(2020, 2, 1, 0), (2021, 1, 0, 1)}


def test_changes_of_level_are_shares_of_both_sides() -> None:
    world = past_of(WORKS)
    milder = policy(("named", NAMED, "open_with_conditions"))
    before, after = ask(world, milder), ask(world)
    rows = {
        _of(row, "before", "after"): row
        for row in after.rows(transitions(before.judged, after.judged, world.past))
    }

    row = rows["open_with_conditions", "review"]
    assert _of(row, "n_least", "n_most", "owner_output", "partner_output") == (1, 1, 4, 2)
    assert _of(row, "owner_share_least", "partner_share") == (1 / 4, 1 / 2)
    same = rows["needs_information", "needs_information"]
    assert _of(same, "n_least", "n_most", "partner_output") == (1, 2, 3)


def test_a_change_of_works_that_may_be_the_owner_s_alone_is_of_nobody_else() -> None:
    world = past_of([Work(1, authors("CA", "?"), 2020), Work(2, authors("CN"), 2020)])
    both = ask(world)
    (row,) = both.rows(transitions(both.judged, both.judged, world.past))

    assert _of(row, "n_least", "n_most", "owner_share_most") == (0, 1, 1.0)
    assert _of(row, "partner_output", "partner_share") == (0, None)


def test_the_mirror_counts_what_the_partner_would_touch_if_it_owned_the_policy() -> None:
    works = [*WORKS, Work(6, authors("CN", "DE"), 2021), Work(7, authors("CN", "?"), 2022)]
    world = past_of(works)
    mirrored = ask(world, owner="CA", side="CN")
    (row,) = mirrored.rows(mirrored_exposures(mirrored.marked, mirrored.cases, world.past, "CA"))
    there = ask(world, lists={"named": listed("CA")}, owner="CN").exposure()

    # China, in Canada's place, meets Canada where the policy names China.
    assert _of(row, "n_least", "n_most", "n_owner_least", "n_owner_most") == (1, 2, 1, 1)
    assert _of(row, "n_least", "n_most") == _of(there, "n_least", "n_most")
    assert row["n_output"] == there["owner_output"] == 4


def test_the_mirror_of_a_doubtful_list_touches_the_owner_s_works_for_certain_nowhere() -> None:
    doubtful = {"named": listed({"id": "CN", "confidence": 0.5})}
    mirrored = ask(WORKS, lists=doubtful, owner="CA", side="CN")
    (row,) = mirrored.rows(mirrored_exposures(mirrored.marked, mirrored.cases, mirrored.past, "CA"))

    assert _of(row, "n_least", "n_most", "n_owner_least", "n_owner_most") == (0, 1, 0, 1)


def test_a_partner_that_the_mirror_does_not_touch_is_told_with_none() -> None:
    unmet = {"named": listed("KE")}
    mirrored = ask(WORKS, owner="DE", side="US", lists=unmet, assume=["parties=complete"])
    (row,) = mirrored.rows(mirrored_exposures(mirrored.marked, mirrored.cases, mirrored.past, "DE"))
    counts = ("n_least", "n_most", "n_owner_least", "n_owner_most", "n_output", "share_most")

    assert _of(row, *counts) == (0, 0, 0, 0, 3, 0.0)


def test_a_list_says_what_history_meets_of_it() -> None:
    entries = (
        "CN",
        {"id": "DE", "confidence": 0.5},
        "KE",
        "JP",
        {"id": "US", "from": "2020-01-01"},
    )
    found = ask(WORKS, lists={"named": listed(*entries)})

    (row,) = found.rows(list_use(found.facts, {"named": "country"}))
    assert _of(row, "n_members", "n_unconfirmed", "n_met") == (5, 1, 2)


def test_a_member_that_one_entry_confirms_is_confirmed() -> None:
    entries = (
        {"id": "DE", "confidence": 0.5, "to": "2020-01-01"},
        {"id": "DE", "from": "2020-01-02"},
        {"id": "JP", "confidence": 0.5},
    )
    found = ask(WORKS, lists={"named": listed(*entries)})

    (row,) = found.rows(list_use(found.facts, {"named": "country"}))
    assert _of(row, "n_members", "n_unconfirmed", "n_met") == (2, 1, 0)


def test_an_entry_that_nobody_confirmed_leaves_it_open_whether_a_work_is_touched() -> None:
    doubtful = ask(WORKS, lists={"named": listed({"id": "CN", "confidence": 0.5})})

    assert _of(doubtful.exposure(), "n_least", "n_most") == (0, 3)


TWO = policy(("named", NAMED, "review"), ("four", FOUR, "closed"))


@pytest.fixture(scope="module")
def two() -> Asked:
    """Ask two rules of the small world."""
    return ask(WORKS, TWO)


def test_an_unknown_author_may_make_any_rule_hold(two: Asked) -> None:
    rows = {row["work_id"]: row for row in two.rows(two.judged)}
    unknown = [row for row in rows.values() if row["work_label"] in {"W3", "W4"}]

    assert [_of(row, "rule_named", "rule_four") for row in unknown] == [(None, None)] * 2
    assert {row["finding"] for row in unknown} == {"needs_information"}
    assert {_of(row, "at_least", "at_most") for row in unknown} == {("open", "closed")}


def test_every_study_names_population_comparison_and_when_it_applies() -> None:
    for study in STUDY_RESULTS:
        said = (study.source, study.population, study.comparison, study.applies_if, study.unit)
        assert all(said), study.source
        assert (study.least is None) == (study.most is None)


def test_a_study_is_about_its_own_two_sides_in_either_order() -> None:
    first = STUDY_RESULTS[0]

    assert first.is_about("US", "CN")
    assert first.is_about("CN", "US")
    assert not first.is_about("CA", "CN")
    assert not first.is_about("CN", "CA")
    russia = next(study for study in STUDY_RESULTS if study.side.startswith("RU"))
    assert russia.is_about("FI", "RU")
