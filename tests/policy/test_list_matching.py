"""What entries may be: worked out by hand, in a register in which every name is invented."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourseas.policy.list_entries import Entry
from fourseas.policy.list_matching import (
    Candidate,
    Confirmed,
    Organization,
    Resolved,
    Verdict,
    alike,
    matched,
    members,
    resolved,
    with_confirmed,
)

OPTICS = Organization(
    ror_id="invented:optics",
    name="Northwind Institute of Optics",
    other_names=("NIO", "Nordwind-Institut für Optik"),
    country="XA",
    status="active",
)
MARINE = Organization(ror_id="invented:marine", name="Northwind Marine Institute", country="XA")
TIDE = Organization(ror_id="invented:tide", name="Tide University", country="XB")
OTHER_TIDE = Organization(ror_id="invented:tide-2", name="Tide University", country="XC")
NIO = Organization(ror_id="invented:nio", name="Nickel Ore Office", other_names=("NIO",))
REGISTER = (OPTICS, MARINE, TIDE, OTHER_TIDE, NIO)


def found(entry: Entry, register: Sequence[Organization] = REGISTER) -> list[tuple[object, ...]]:
    """Return id, method and confidence of the candidates of one entry."""
    return [
        (one.ror_id.removeprefix("invented:"), one.method, one.confidence)
        for one in matched("a-list", (entry,), register)
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        # The same name: 0.95 in the same country, 0.8 in none, 0.4 in another.
        (Entry(name="NORTHWIND institute of optics", country="XA"), [("optics", "name", 0.95)]),
        (Entry(name="Northwind Institute of Optics"), [("optics", "name", 0.8)]),
        (Entry(name="Northwind Institute of Optics", country="XB"), [("optics", "name", 0.4)]),
        # Shared by two that it fits equally well.
        (Entry(name="Tide University"), [("tide", "name", 0.4), ("tide-2", "name", 0.4)]),
        (
            Entry(name="Tide University", country="XC"),
            [("tide-2", "name", 0.95), ("tide", "name", 0.4)],
        ),
        # An alias of the register, an alias of the list, and one that is short: half.
        (Entry(name="Nordwind Institut fur Optik", country="XA"), [("optics", "alias", 0.9)]),
        (
            Entry(name="X", aliases=("Tide University",), country="XB"),
            [("tide", "alias", 0.9), ("tide-2", "alias", 0.3)],
        ),
        (Entry(name="N.I.O.", country="XA"), []),
        (Entry(name="NIO", country="XA"), [("optics", "alias", 0.45), ("nio", "alias", 0.35)]),
        # Nobody.
        (Entry(name="Gale Works", country="XA"), []),
        (Entry(name="Gale Works"), []),
    ],
)
def test_equal_names_by_hand(entry: Entry, expected: list[tuple[object, ...]]) -> None:
    assert found(entry) == expected


@pytest.mark.parametrize(("alias", "confidence"), [("NIOXYZ", 0.45), ("NIOWXYZ", 0.9)])
def test_an_alias_of_six_signs_is_short_and_one_of_seven_is_not(
    alias: str, confidence: float
) -> None:
    register = [replace(OPTICS, other_names=(alias,))]

    assert found(Entry(name=alias, country="XA"), register) == [("optics", "alias", confidence)]


def test_an_id_that_the_list_gives_is_taken_unless_the_register_objects() -> None:
    stated = Entry(name="Northwind Optics Institute", member_id="invented:optics", country="XB")
    slipped = Entry(name="Gale Works", member_id="invented:optics")
    absent = Entry(name="Gale Works", member_id="invented:gale")

    assert found(stated) == [("optics", "id", 1.0)]
    assert found(slipped) == [("optics", "id", 0.5)]
    assert found(absent) == [("gale", "id", 1.0)]
    assert [one.is_stated for one in matched("a", (stated, slipped, absent), REGISTER)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("known", "confidence"),
    [
        # One word of two and three is shared: 2 of 5 words have a twin, just enough.
        ("Tide Press House", 1.0),
        # Of two and four, 2 of 6.
        ("Tide Press House Trust", 0.5),
    ],
)
def test_two_words_of_five_are_enough_for_an_id_that_the_list_gives(
    known: str, confidence: float
) -> None:
    entry = Entry(name="Tide University", member_id="invented:press")
    press = Organization(ror_id="invented:press", name=known)

    assert found(entry, [press]) == [("press", "id", confidence)]


def test_alike_by_hand() -> None:
    def one(_: str) -> float:
        return 1.0

    # Two equal words of two and three: 4 of 5.
    assert alike(["tide", "university"], ["tide", "university", "press"], one) == 0.8
    # "institute" and "institut": 8 letters in order of 9 and 8, twice 8 by 17.
    assert alike(["institute"], ["institut"], one) == pytest.approx(16 / 17)
    # Just enough letters in common, 4 of 5 and 5, and words just long enough to be compared.
    assert alike(["tides"], ["tidal"], one) == 0
    assert alike(["tides"], ["tided"], one) == 0.8
    assert alike(["tide"], ["tides"], one) == pytest.approx(8 / 9)
    # Unlike words, and words too short to be compared by letters.
    assert alike(["tide"], ["gale"], one) == 0
    assert alike(["abc"], ["abd"], one) == 0
    assert alike([], ["tide"], one) == alike([], [], one) == 0
    # A word twice has two twins or one.
    assert alike(["new", "new"], ["new"], one) == pytest.approx(2 / 3)
    # Weights: the shared word counts 3 of the 1 + 3 on each side.
    assert (
        alike(["of", "tide"], ["to", "tide"], {"of": 1.0, "to": 1.0, "tide": 3.0}.__getitem__)
        == 0.75
    )


def test_similar_names_of_the_same_country_by_hand() -> None:
    entry = Entry(name="Northwind Institut of Optic", country="XA")
    ((ror_id, method, confidence),) = found(entry, (OPTICS, MARINE))

    # XA has four names: northwind in 2, institute in 2, of in 1, optics in 1; institut is in 1
    # of them, optic in none.
    weights = {n: 1 + math.log(5 / (1 + n)) for n in (0, 1, 2)}
    ours = weights[2] + weights[1] + weights[1] + weights[0]
    theirs = weights[2] + weights[2] + weights[1] + weights[1]
    pairs = 2 * weights[2] + 2 * weights[1]
    pairs += 16 / 17 * (weights[1] + weights[2]) + 10 / 11 * (weights[0] + weights[1])
    assert (ror_id, method) == ("optics", "similar")
    assert confidence == round(0.85 * pairs / (ours + theirs), 3)
    assert found(Entry(name="Northwind Institut of Optic", country="XB"), (OPTICS, MARINE)) == []


def test_a_word_of_four_letters_leads_to_a_longer_one() -> None:
    register = [Organization(ror_id="invented:tide", name="Tide", country="XA")]

    assert found(Entry(name="Tides", country="XA"), register) == [
        ("tide", "similar", round(0.85 * 8 / 9, 3))
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Where a country has one name, all of its words weigh 1: 7 pairs of 20 words are 0.7,
        # of 21 they are less.
        ("ash bay cod dew elm fen gum ash bay cod dew elm fen", [("one", "similar", 0.595)]),
        ("ash bay cod dew elm fen gum ash bay cod dew elm fen gum", []),
    ],
)
def test_seven_tenths_of_alike_words_are_enough(
    name: str, expected: list[tuple[object, ...]]
) -> None:
    one = Organization(ror_id="invented:one", name="Ash Bay Cod Dew Elm Fen Gum", country="XA")

    assert found(Entry(name=name, country="XA"), [one]) == expected


@pytest.mark.parametrize(("n", "is_found"), [(2000, True), (2001, False)])
def test_words_that_over_two_thousand_names_have_lead_nowhere(n: int, *, is_found: bool) -> None:
    register = [
        Organization(ror_id=f"invented:n{number}", name="Northwind Laboratory", country="XA")
        for number in range(n)
    ]

    assert bool(found(Entry(name="Northwind Laboratories", country="XA"), register)) is is_found


def test_of_names_that_match_equally_well_the_first_is_told() -> None:
    register = [replace(OPTICS, other_names=("Optik Nord", "Nordwind-Optik"))]
    entry = Entry(name="X", aliases=("Nordwind Optik", "Optik Nord"), country="XA")
    (one,) = matched("a", (entry,), register)

    assert (one.matched, one.matched_with) == ("Nordwind Optik", "Nordwind-Optik")


def test_no_more_than_three_similar_names_are_offered() -> None:
    register = [
        Organization(ror_id=f"invented:n{n}", name="Northwind Optics Laboratory", country="XA")
        for n in range(9)
    ]
    entry = Entry(name="Northwind Optics Laboratories", country="XA")

    assert [ror_id for ror_id, _, _ in found(entry, register)] == ["n0", "n1", "n2"]


def test_the_names_that_matched_are_told() -> None:
    (one,) = matched("a", (Entry(name="Nordwind Institut fur Optik", country="XA"),), REGISTER)

    assert (one.matched, one.matched_with) == (
        "Nordwind Institut fur Optik",
        "Nordwind-Institut für Optik",
    )
    assert (one.organization_name, one.status) == ("Northwind Institute of Optics", "active")


def test_a_candidate_keeps_its_id_through_editions() -> None:
    old = Entry(name="Tide University", country="XB", aliases=("TU",))
    new = Entry(name="TIDE UNIVERSITY", country="XB")
    ids = [
        {one.ror_id: one.candidate_id for one in matched(name, entries, REGISTER)}
        for name, entries in (("a", (old,)), ("a", (HARBOR, new)), ("b", (new,)))
    ]

    assert ids[0] == ids[1] != ids[2]


HARBOR = Entry(name="Harbor", country="XB")


def _states(verdicts: Mapping[str, Verdict]) -> list[str]:
    entry = Entry(name="Tide University")
    candidates = matched("a", (entry,), REGISTER)
    by_place = {candidates[int(place)].candidate_id: said for place, said in verdicts.items()}
    return [one.state for one in resolved(candidates, by_place)]


def test_what_persons_said_settles_the_others() -> None:
    assert _states({}) == ["possible", "possible"]
    assert _states({"0": "rejected"}) == ["rejected", "possible"]
    assert _states({"1": "confirmed"}) == ["superseded", "confirmed"]
    assert _states({"0": "confirmed", "1": "confirmed"}) == ["confirmed", "confirmed"]


def test_members_are_what_the_file_of_a_list_holds() -> None:
    entries = (
        Entry(name="Tide University"),
        Entry(name="Optics", member_id="invented:optics"),
        Entry(name="Nobody"),
    )
    candidates = matched("a", entries, REGISTER)
    optics = next(one for one in candidates if one.entry == 1)
    states = resolved(candidates, {candidates[0].candidate_id: "confirmed"})

    assert optics.method == "id"
    assert [*members(entries, states)] == [
        {"id": "invented:tide", "name": "Tide University", "confidence": 0.4, "confirmed": True},
        {"id": "invented:optics", "name": "Optics"},
    ]


NAMES = st.lists(
    st.sampled_from(["tide", "harbor", "gale", "north", "institute", "of", "optics"]), min_size=1
)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from([None, "XA", "XB"])), min_size=1, max_size=6), NAMES
)
def test_laws_of_candidates(known: list[tuple[list[str], str | None]], name: list[str]) -> None:
    register = [
        Organization(ror_id=f"invented:n{n}", name=" ".join(words), country=country)
        for n, (words, country) in enumerate(known)
    ]
    entry = Entry(name=" ".join(name), country="XA")
    candidates = matched("a", (entry,), register)

    assert len({one.ror_id for one in candidates}) == len(candidates)
    assert all(0 < one.confidence <= 0.95 for one in candidates)
    equal = {one.ror_id for one in register if one.name == entry.name}
    assert equal <= {one.ror_id for one in candidates}
    assert matched("a", (entry,), register[::-1]) == candidates
    assert all(one.state == "possible" for one in _resolved(candidates))


def _resolved(candidates: Sequence[Candidate]) -> tuple[Resolved, ...]:
    return resolved(candidates, {})


@given(NAMES, NAMES)
def test_laws_of_likeness(one: list[str], other: list[str]) -> None:
    def weight(word: str) -> float:
        return float(len(word))

    assert alike(one, one, weight) == pytest.approx(1)
    assert alike(one, other, weight) == pytest.approx(alike(other, one, weight))
    assert 0 <= alike(one, other, weight) <= 1 + 1e-9


def test_what_a_person_confirmed_outlives_a_register_that_drops_the_name() -> None:
    old, by_id, other = (
        Entry(name="Tide University", country="XB", aliases=("TU",)),
        Entry(name="Tide University", member_id="invented:tide"),
        Entry(name="Harbor", country="XB"),
    )
    (first, *_) = matched("a", (old,), REGISTER)
    said = {
        first.candidate_id: Confirmed(ror_id=first.ror_id, confidence=first.confidence),
        "gone": Confirmed(ror_id="invented:gone", confidence=0.5),
    }
    entries = (other, by_id, old)
    now = matched("a", entries, [OPTICS])
    kept = with_confirmed("a", entries, now, said)

    assert [(one.entry, one.ror_id, one.method) for one in now] == [(1, "invented:tide", "id")]
    assert kept[:-1] == now
    (added,) = kept[len(now) :]
    assert (added.candidate_id, added.entry, added.ror_id) == (first.candidate_id, 2, TIDE.ror_id)
    assert (added.method, added.confidence, added.matched) == ("review", 0.95, "Tide University")
    assert (added.organization_name, added.status, added.matched_with) == (None, None, None)
    # Nothing is added twice, nor where an edition gives an id by now.
    assert with_confirmed("a", entries, kept, said) == kept
    assert with_confirmed("a", (other, by_id), (), said) == ()
    assert with_confirmed("b", entries, (), said) == ()


def test_a_list_that_is_not_sure_of_its_id_is_never_beyond_doubt() -> None:
    unsure = Entry(name="Northwind Institute of Optics", member_id="invented:optics")
    for confidence, told in ((0.3, 0.3), (0.99, 0.99), (1.0, 0.99)):
        entry = replace(unsure, confidence=confidence)

        assert found(entry) == [("optics", "id", told)]
    slipped = Entry(name="Gale Works", member_id="invented:optics", confidence=0.3)
    assert found(slipped) == [("optics", "id", 0.3)]


def test_an_equal_name_in_the_same_country_ends_the_search() -> None:
    like = Organization(ror_id="invented:like", name="Tide Universities", country="XB")

    assert found(Entry(name="Tide University", country="XB"), [TIDE, like]) == [
        ("tide", "name", 0.95)
    ]
    abroad = found(Entry(name="Tide University", country="XB"), [OTHER_TIDE, like])
    assert [ror_id for ror_id, _, _ in abroad] == ["like", "tide-2"]
