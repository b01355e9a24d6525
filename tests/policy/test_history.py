"""What registers show of past works, as the facts that a policy is asked of: by hand."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest

from fourseas.policy import history
from fourseas.policy.history import CASES_OF_SIDE, SIDES
from tests.policy.past_worlds import World, ask, listed, past_of, policy
from tests.world import Author, Organization, Row, Work, authors

ELM, OAK, FIR = "02nr0ka47", "05a0ya142", "03yrm5c26"
ORGANIZATIONS = {
    "elm": Organization(ror_id=ELM, name="Elm", country="CA", kind="education"),
    "oak": Organization(ror_id=OAK, name="Oak", country="CN", kind="company"),
    "fir": Organization(ror_id=FIR, name="Fir", country="JP", kind="other"),
}


def _at(country: str, *organizations: str, person: int | None = None) -> Author:
    return Author({country: 1.0}, person, organizations={country: organizations})


WORKS = (
    Work(1, (_at("CA", "elm"), _at("CN", "oak"), _at("JP", "fir")), 2020, is_oa=True),
    Work(2, (*authors("CA", "US"), Author()), 2021, is_oa=False),
    Work(3, authors("CA"), 2022),
    Work(4, authors("CA", "?"), 2023),
    Work(5, authors("CA", "CN"), 2023, is_authors_truncated=True),
    Work(6, authors("CN", "US"), 2023),
    Work(7, authors("CA", "CN"), 2017),
    Work(8, authors("CA", "CN"), 2018, kind="standard", register="rfc", subfield=None),
)


@pytest.fixture(scope="module")
def world() -> World:
    """Build the works above with their organizations."""
    return past_of(WORKS, organizations=ORGANIZATIONS)


def _facts(world: World, level: str, side: str, owner: str = "CA") -> dict[str, list[Row]]:
    """Return the facts of a level by label of the work."""
    sides = history.sides([side], 0 if side == owner else 1)
    cases = history.cases(world.past, ibis.memtable(sides, schema=SIDES.ibis_schema))
    found = history.facts(world.past, cases, owner=owner, lists={})
    labels = {
        row["case_id"]: str(row["work_label"]) for row in world.con.to_pyarrow(cases).to_pylist()
    }
    rows: dict[str, list[Row]] = {label: [] for label in labels.values()}
    for row in world.con.to_pyarrow(found.rows[level]).to_pylist():
        rows[labels[row.pop("case_id")]].append(row)
    return rows


def _parties(world: World, side: str, label: str) -> list[tuple[object, ...]]:
    names = ("country", "organization", "sector", "share")
    found = [tuple(row[name] for name in names) for row in _facts(world, "parties", side)[label]]
    return sorted(found, key=repr)


def test_a_party_is_an_organization_at_an_address_with_its_share_of_the_authors(
    world: World,
) -> None:
    assert _parties(world, "CA", "W1") == [
        ("CA", ELM, "university", pytest.approx(1 / 3)),
        ("CN", OAK, "company", pytest.approx(1 / 3)),
        ("JP", FIR, None, pytest.approx(1 / 3)),
    ]
    assert _parties(world, "CA", "W2") == [
        ("CA", None, None, pytest.approx(1 / 3)),
        ("US", None, None, pytest.approx(1 / 3)),
    ]


def test_for_another_side_the_two_change_places_and_no_list_names_them(world: World) -> None:
    assert _parties(world, "CN", "W1") == [
        ("CA", None, "company", pytest.approx(1 / 3)),
        ("CN", None, "university", pytest.approx(1 / 3)),
        ("JP", FIR, None, pytest.approx(1 / 3)),
    ]
    assert [party[0] for party in _parties(world, "CN", "W6")] == ["CA", "US"]


def test_addresses_of_an_author_share_it_and_those_of_one_organization_are_one_party() -> None:
    double = Author({"CA": 0.5, "JP": 0.5}, organizations={"CA": ("elm",), "JP": ("fir",)})
    found = past_of(
        [Work(1, (double, _at("CA", "elm"), _at("CN", "oak", "oak"), _at("JP")))],
        organizations=ORGANIZATIONS,
    )

    assert [(party[0], party[1], party[3]) for party in _parties(found, "CA", "W1")] == [
        ("CA", ELM, pytest.approx(1.5 / 4)),
        ("CN", OAK, pytest.approx(1 / 4)),
        ("JP", FIR, pytest.approx(0.5 / 4)),
        ("JP", None, pytest.approx(1 / 4)),
    ]


def test_an_organization_of_no_known_country_takes_part_and_nobody_of_nowhere_does() -> None:
    somewhere = Author(organizations={"?": ("fir",)})
    found = past_of([Work(1, (*authors("CA", "CN", "?"), somewhere))], organizations=ORGANIZATIONS)

    assert [(party[0], party[1]) for party in _parties(found, "CA", "W1")] == [
        ("CA", None),
        ("CN", None),
        (None, FIR),
    ]


def test_the_mirror_keeps_an_organization_that_is_not_known_to_be_of_either_side() -> None:
    somewhere = Author(organizations={"?": ("fir",)})
    found = past_of([Work(1, (*authors("CA", "CN"), somewhere))], organizations=ORGANIZATIONS)

    assert (None, FIR) in [(party[0], party[1]) for party in _parties(found, "CN", "W1")]


def test_a_case_is_a_work_of_two_countries_or_one_that_may_be(world: World) -> None:
    sides = ibis.memtable(history.sides(["CA", "CN"]), schema=SIDES.ibis_schema)
    rows = world.con.to_pyarrow(history.cases(world.past, sides)).to_pylist()
    cases = {(row["side"], row["work_label"]): row for row in rows}

    assert {label for side, label in cases if side == "CA"} == {"W1", "W2", "W4", "W5", "W8"}
    assert {label for side, label in cases if side == "CN"} == {"W1", "W5", "W6", "W8"}
    known = {key: row["is_international"] for key, row in cases.items()}
    assert known.pop(("CA", "W4")) is None
    assert {*known.values()} == {True}
    numbers = {key: divmod(row["case_id"], CASES_OF_SIDE) for key, row in cases.items()}
    assert {side for side, _ in numbers.values()} == {0, 1}
    assert all(
        numbers[side, label] == (int(side == "CN"), row["work_id"])
        for (side, label), row in cases.items()
    )


def test_a_case_says_when_what_and_whether_it_is_open_and_all_are_known(world: World) -> None:
    found = {label: rows[0] for label, rows in _facts(world, "cases", "CA").items()}
    names = ("activity", "date", "outputs_open", "parties_complete")
    told = {label: tuple(row[name] for name in names) for label, row in found.items()}

    assert told == {
        "W1": ("co_authorship", dt.date(2020, 7, 1), "open", True),
        "W2": ("co_authorship", dt.date(2021, 7, 1), None, False),
        "W4": ("co_authorship", dt.date(2023, 7, 1), None, False),
        "W5": ("co_authorship", dt.date(2023, 7, 1), None, False),
        "W8": ("standard_setting", dt.date(2018, 7, 1), None, True),
    }


def test_what_a_register_classified_it_classified_wholly() -> None:
    classed = [
        Work(1, authors("CA", "CN"), fields=(("openalex_topic", "T10001", 1.0),)),
        Work(2, authors("CA", "CN"), fields=(("challenge", "food_security", 1.0),)),
        Work(3, authors("CA", "CN"), subfield=None),
    ]
    world = past_of(classed)
    rows = {label: found[0] for label, found in _facts(world, "cases", "CA").items()}
    flags = ("topics_complete", "fields_complete", "challenges_complete")

    assert tuple(rows["W1"][name] for name in flags) == (True, True, False)
    assert tuple(rows["W2"][name] for name in flags) == (False, True, True)
    assert tuple(rows["W3"][name] for name in flags) == (None, None, None)
    values = {
        level: {label: [row["value"] for row in of] for label, of in found.items()}
        for level in ("topics", "fields", "challenges")
        for found in [_facts(world, level, "CA")]
    }
    assert values == {
        "topics": {"W1": ["T10001"], "W2": [], "W3": []},
        "fields": {"W1": ["17"], "W2": ["17"], "W3": []},
        "challenges": {"W1": [], "W2": ["food_security"], "W3": []},
    }


def test_a_territory_counts_for_a_country_where_the_definition_says_so() -> None:
    works = [
        Work(1, (_at("HK", "oak"), _at("CA", "elm"), _at("CN", "oak")), 2020),
        Work(2, (_at("HK", "oak"), _at("MO"), _at("CN", "fir")), 2021),
    ]
    iso = past_of(works, organizations=ORGANIZATIONS)
    cwts = past_of(works, organizations=ORGANIZATIONS, definition_ids=["cwts-like"])

    def placed(world: World) -> set[tuple[object, object]]:
        rows = world.con.to_pyarrow(world.past.countries).to_pylist()
        labels = world.con.to_pyarrow(world.past.works).to_pylist()
        named = {row["work_id"]: row["work_label"] for row in labels}
        assert len(rows) == len({(row["work_id"], row["country"]) for row in rows})
        return {(named[row["work_id"]], row["country"]) for row in rows}

    assert placed(iso) == {
        *(("W1", code) for code in ("HK", "CA", "CN")),
        *(("W2", code) for code in ("HK", "MO", "CN")),
    }
    assert placed(cwts) == {("W1", "CA"), ("W1", "CN"), ("W2", "CN")}
    assert [(party[0], party[1], party[3]) for party in _parties(cwts, "CA", "W1")] == [
        ("CA", ELM, pytest.approx(1 / 3)),
        ("CN", OAK, pytest.approx(2 / 3)),
    ]


def test_people_are_those_who_wrote_a_work_by_country_of_an_address() -> None:
    both = Author({"CA": 0.5, "CN": 0.5}, person=1)
    works = [
        Work(1, (both, Author({"CN": 1.0}, person=2), Author({}, person=3), *authors("JP"))),
        Work(2, (both, both), 2010),
    ]
    world = past_of(works)
    rows = world.con.to_pyarrow(world.past.people).to_pylist()
    persons: dict[object, set[str]] = {}
    for row in rows:
        persons.setdefault(row["person_id"], set()).add(str(row["country"]))

    assert sorted(sorted(found) for found in persons.values()) == [["CA", "CN"], ["CN"]]
    assert len(rows) == 3


def test_only_a_census_knows_the_top_and_each_definition_its_own() -> None:
    works = [
        Work(1, authors("CA", "CN"), 2020, cited_by_count=90),
        *(Work(number, authors("CA", "CN"), 2020, cited_by_count=1) for number in range(2, 11)),
    ]

    def top(scope: str) -> dict[str, object]:
        world = past_of(works, scope=scope)
        rows = world.con.to_pyarrow(world.past.works).to_pylist()
        return {str(row["work_label"]): row["top_10"] for row in rows}

    assert top("census") == {"W1": 1.0} | {f"W{number}": 0.0 for number in range(2, 11)}
    assert {*top("corpus").values()} == {None}


def test_portions_hold_the_works_numbered_between_both_ends(world: World) -> None:
    ids = sorted(row["work_id"] for row in world.con.to_pyarrow(world.past.works).to_pylist())
    sides = ibis.memtable(history.sides(["CA"]), schema=SIDES.ibis_schema)
    cases = history.cases(world.past, sides)
    some, of_some = history.portion(world.past, cases, ids[1], ids[3])

    for table in (some.works, some.countries):
        found = {row["work_id"] for row in world.con.to_pyarrow(table).to_pylist()}
        assert found == {*ids[1:4]}
    kept = {row["work_id"] for row in world.con.to_pyarrow(of_some).to_pylist()}
    every = {row["work_id"] for row in world.con.to_pyarrow(cases).to_pylist()}
    assert kept == every & {*ids[1:4]}


FIRMS = {"any_party": {"organization": {"in_list": "named"}}}


def test_a_list_of_organizations_is_met_by_the_owner_and_unknown_to_the_mirror(
    world: World,
) -> None:
    of = policy(("firms", FIRMS, "review"), of={"named": "organization"})
    held = {"named": listed(OAK, of="organization")}

    def found(side: str | None) -> dict[object, object]:
        asked = ask(world, of, lists=held, side=side)
        return {row["work_label"]: row["rule_firms"] for row in asked.rows(asked.judged)}

    assert found(None)["W1"] is True
    assert found("CN")["W1"] is None
    assert found(None)["W2"] is None
