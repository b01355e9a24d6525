"""Lists and trees as they are read: members, days, doubts, and what is part of what."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fourseas.errors import PolicyError
from fourseas.policy.lists import LIST_MEMBERS, Member, NamedList, read_list, read_tree
from tests.policy.documents import SAID, Doc

MEMBERS: list[Doc] = [
    {"id": "CN", "name": "China"},
    {"id": "DE", "from": "2020-01-01", "to": "2020-12-31"},
    {"id": "DE", "from": "2023-01-01"},
    {"id": "FR", "to": "2020-01-01", "confidence": 1},
    {"id": "JP", "confidence": 0.5},
    {"id": "KR", "confidence": 0.5, "confirmed": True},
    {"id": "BR", "confirmed": False},
    {"id": "IN", "from": "2020-01-01", "to": "2020-01-01", "confirmed": True},
]


def _list(*members: Doc, **more: object) -> NamedList:
    return read_list(
        json.dumps({"list": "places", "of": "country", "members": members} | SAID | more)
    )


def test_a_member_is_possible_until_somebody_has_confirmed_it() -> None:
    found = _list(*MEMBERS)

    assert [(one.member_id, one.is_possible) for one in found.members] == [
        ("CN", False),
        ("DE", False),
        ("DE", False),
        ("FR", False),
        ("JP", True),
        ("KR", False),
        ("BR", True),
        ("IN", False),
    ]
    assert found.members[0] == Member(member_id="CN", name="China")
    assert found.members[4].confidence == 0.5


def test_a_member_is_on_the_list_in_its_days() -> None:
    found = _list(*MEMBERS)
    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)

    assert found.member("DE") == Member(member_id="DE", first_on=first, last_on=last)
    assert found.member("US") is None
    table = found.table()
    assert table.column_names == list(LIST_MEMBERS.column_names)
    assert table["first_on"].to_pylist()[:3] == [None, first, dt.date(2023, 1, 1)]
    assert table["last_on"].to_pylist()[1:4] == [last, None, first]


@pytest.mark.parametrize(
    ("days", "columns"),
    [
        ({}, ["member_id", "is_possible"]),
        ({"from": "2020-01-01"}, ["member_id", "first_on", "last_on", "is_possible"]),
        ({"to": "2020-01-01"}, ["member_id", "first_on", "last_on", "is_possible"]),
    ],
)
def test_a_list_without_days_has_no_columns_of_days(days: Doc, columns: list[str]) -> None:
    assert _list({"id": "CN"}, {"id": "DE", **days}).table().column_names == columns


def test_a_list_says_what_it_is_and_how_many_entries_are_nowhere() -> None:
    bare, told = _list({"id": "CN"}), _list({"id": "CN"}, title="Places", unplaced=3)

    assert (bare.list_id, bare.title, bare.n_unplaced) == ("places", "places", 0)
    assert (told.title, told.n_unplaced, told.dated) == ("Places", 3, dt.date(2024, 1, 1))


FAULTY = """list: places
of: country
source: invented
dated: 2024-01-01
members:
  - {id: UK}
  - {id: DE, from: 2020-01-02, to: 2020-01-01}
"""


def test_every_fault_of_a_list_is_told_with_its_place() -> None:
    with pytest.raises(PolicyError) as told:
        read_list(FAULTY, "places.yaml")

    assert told.value.problem.splitlines() == [
        "places.yaml: 2 problems.",
        "  line 6, column 6: `UK` is no country code. Did you mean GB?",
        "  line 7, column 32: `to` lies before `from`, 2020-01-02. Mend the dates.",
    ]


def test_names_that_are_at_hand_find_slips_in_ids() -> None:
    names = {"topic": {"T10001": "Geology"}}
    text = json.dumps({"list": "a", "of": "topic", "members": [{"id": "T10002"}]} | SAID)

    assert read_list(text).members[0].member_id == "T10002"
    with pytest.raises(PolicyError, match="`T10002` is not known as topic"):
        read_list(text, names=names)
    with pytest.raises(PolicyError, match="list: 1 problem"):
        read_list(json.dumps({"list": "a", "of": "topic"} | SAID))


ORGANIZATIONS: list[Doc] = [
    {"id": "invented:leaf", "name": "Leaf", "country": "XA", "part_of": ["invented:twig"]},
    {"id": "invented:twig", "part_of": ["invented:tree", "invented:wood"]},
    {"id": "invented:tree", "part_of": ["invented:wood"]},
    {"id": "invented:ring", "part_of": ["invented:gyre"]},
    {"id": "invented:gyre", "part_of": ["invented:ring"]},
]


def test_what_an_organization_is_part_of_is_told_nearest_first_and_once() -> None:
    tree = read_tree(json.dumps({"organizations": ORGANIZATIONS} | SAID))
    leaf = tree.organizations["invented:leaf"]

    assert tree.ancestors("invented:leaf") == (
        "invented:leaf",
        "invented:twig",
        "invented:tree",
        "invented:wood",
    )
    assert tree.ancestors("invented:gyre") == ("invented:gyre", "invented:ring")
    assert tree.ancestors("invented:wood") == ()
    assert (leaf.name, leaf.country) == ("Leaf", "XA")
    pairs = tree.table().to_pylist()
    assert len(pairs) == 4 + 3 + 2 + 2 + 2
    assert {"organization_id": "invented:tree", "ancestor_id": "invented:wood"} in pairs


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"id": "elm"}, "`elm` is no id of the kind organization."),
        ({"id": "invented:elm", "country": "UK"}, "`UK` is no country code."),
        ({"id": "invented:elm", "part_of": ["oak"]}, "`oak` is no id of the kind organization."),
        ({"name": "Elm"}, "`organizations` number 1 lacks `id`."),
    ],
)
def test_faults_of_a_tree_are_told(entry: Doc, problem: str) -> None:
    with pytest.raises(PolicyError) as told:
        read_tree(json.dumps({"organizations": [entry]} | SAID))

    assert problem in told.value.problem
