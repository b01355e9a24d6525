"""Lists of a lake, from the file to what a policy reads; every name is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fourseas import named_lists
from fourseas.errors import ListError, PolicyError
from fourseas.lake import audit, lists
from fourseas.lake.layout import Lake
from fourseas.lake.lists import Given
from fourseas.named_lists import ListState, Stated
from fourseas.policy.document import ListReference
from fourseas.policy.list_matching import Verdict
from fourseas.policy.lists import NamedList, read_list
from tests import organized
from tests.organized import Institute

TIDE_BR = Institute(number=1, name="Tide University", country="BR")
TIDE_KE = Institute(number=2, name="Tide University", country="KE", aliases=("TU",))
OPTICS = Institute(
    number=3,
    name="Northwind Institute of Optics",
    country="DE",
    aliases=("NIO", "Nordwind-Institut für Optik"),
)
NICKEL = Institute(number=4, name="Nickel Ore Office", country="CL", aliases=("NIO",))
OLD_GALE = Institute(number=5, name="Gale Works", country="SE", status="inactive")
GALE = Institute(number=6, name="Gale Laboratories", country="SE", aliases=("Gale Works",))
REGISTER = (TIDE_BR, TIDE_KE, OPTICS, NICKEL, OLD_GALE, GALE)

HARBOR = """\
name,aliases,country,ror
Tide University,,BR,
Tide University,,,
NORDWIND INSTITUT FUR OPTIK,,DE,
NIO,,,
Gale Works,,SE,
Reef Academy,,KE,
"""
STATED = Stated(source="invented for these tests", dated="2026-02-01")


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Build a lake of six organizations."""
    lake = organized.new(tmp_path_factory.mktemp("registered") / "lake")
    return organized.build(lake, REGISTER)


@pytest.fixture
def lake(registered: Lake) -> Lake:
    """Return that lake without any list."""
    organized.forget_policies(registered)
    return registered


def given(text: str, name: str = "harbor.csv") -> Given:
    """Return a file."""
    return Given(name, text.encode())


def add(lake: Lake, text: str = HARBOR, name: str = "harbor") -> ListState:
    """Add a list and return it."""
    return named_lists.add(lake, name, given(text), STATED).state


def refresh(lake: Lake, text: str, dated: str = "2026-03-01") -> named_lists.Added:
    """Add a newer edition."""
    return named_lists.refresh(lake, "harbor", given(text), Stated(dated=dated))


def told(state: ListState) -> list[tuple[int, str, str, float, str]]:
    """Return entry, organization, method, confidence and state of each candidate."""
    numbers = {one.ror_id: one.number for one in REGISTER}
    return [
        (
            one.candidate.entry,
            str(numbers.get(one.candidate.ror_id, one.candidate.ror_id)),
            one.candidate.method,
            one.candidate.confidence,
            one.state,
        )
        for one in state.found
    ]


def candidate(state: ListState, entry: int, organization: Institute) -> str:
    """Return the id of the candidate of an entry that is an organization."""
    return next(
        one.candidate.candidate_id
        for one in state.found
        if (one.candidate.entry, one.candidate.ror_id) == (entry, organization.ror_id)
    )


def read_lists(lake: Lake, reference: ListReference) -> list[NamedList]:
    """Return what a policy reads where it refers to a list."""
    texts = named_lists.policy_texts(lake.root, [reference])
    return [read_list(text, name) for name, text in texts.items()]


def decide(lake: Lake, one: str, verdict: Verdict = "confirmed") -> ListState:
    """Have a person decide a candidate."""
    state, _ = named_lists.review(
        lake, "harbor", one, verdict, by="Zoe Example", reason="seen on its site"
    )
    return state


def test_entries_are_matched_with_the_organizations_of_the_lake(lake: Lake) -> None:
    state = add(lake)

    # The confidences stand in `list_matching`: 0.95 and 0.9 of equal names and aliases in the
    # same country, 0.4 and 0.3 in another, 0.8 and 0.7 without a country; two that fit equally
    # well share it, and an abbreviation counts half.
    assert told(state) == [
        (0, "1", "name", 0.95, "possible"),
        (0, "2", "name", 0.4, "possible"),
        (1, "1", "name", 0.4, "possible"),
        (1, "2", "name", 0.4, "possible"),
        (2, "3", "alias", 0.9, "possible"),
        (3, "3", "alias", 0.175, "possible"),
        (3, "4", "alias", 0.175, "possible"),
        (4, "5", "name", 0.95, "possible"),
        (4, "6", "alias", 0.9, "possible"),
    ]
    assert state.states == ("possible",) * 5 + ("not found",)
    assert state.n_organizations == 6


def test_nothing_but_an_id_of_the_list_is_taken_without_a_person(lake: Lake) -> None:
    text = f"name,ror\nNorthwind Institute of Optics,{OPTICS.ror_id}\nTide University,\n"
    slipped = f"name,ror\nReef Academy,{OPTICS.ror_id}\n"

    assert add(lake, text).states == ("stated", "possible")
    assert add(lake, slipped, "other").states == ("possible",)


def test_one_of_two_names_of_an_organization_that_has_a_successor_is_told_inactive(
    lake: Lake,
) -> None:
    state = add(lake)
    of_gale = [one.candidate for one in state.found if one.candidate.entry == 4]

    assert [(one.organization_name, one.status) for one in of_gale] == [
        ("Gale Works", "inactive"),
        ("Gale Laboratories", "active"),
    ]


def test_source_and_date_are_required(lake: Lake) -> None:
    with pytest.raises(ListError) as raised:
        named_lists.add(lake, "harbor", given(HARBOR), Stated())

    assert raised.value.problem.splitlines() == [
        "The list `harbor` cannot be taken:",
        "  The source is missing. Say who publishes the list and where, with --source.",
        "  The date of the edition is missing. Give it with --dated YYYY-MM-DD.",
    ]
    assert lists.names(lake) == ()
    assert audit.records(lake) == ()


def test_a_date_to_come_and_an_edition_older_than_the_newest_are_refused(lake: Lake) -> None:
    with pytest.raises(ListError, match="after today"):
        named_lists.add(lake, "harbor", given(HARBOR), Stated(source="x", dated="9998-01-01"))
    add(lake)
    with pytest.raises(ListError, match=r"dated 2025-01-01, before the newest edition, 2026-02-01"):
        refresh(lake, HARBOR, "2025-01-01")


def test_an_edition_is_recorded_in_the_audit_log_with_its_hash(lake: Lake) -> None:
    added = named_lists.add(lake, "harbor", given(HARBOR), STATED)
    (record,) = audit.records(lake)

    assert (record.kind, record.head) == ("list", added.head)
    assert record.body["sha256"] == added.state.edition.sha256
    assert record.body["n_entries"] == 6
    assert added.state.seq == 1
    audit.verify(lake, [record.head])


def test_a_newer_edition_says_what_it_adds_removes_and_changes(lake: Lake) -> None:
    add(lake)
    text = HARBOR.replace("Reef Academy,,KE", "Cape School,,KE").replace(
        "Gale Works,,SE", "Gale Works,GW,SE"
    )
    found = refresh(lake, text)

    assert found.changes is not None
    assert [one.name for one in found.changes.added] == ["Cape School"]
    assert [one.name for one in found.changes.removed] == ["Reef Academy"]
    assert [(old.aliases, new.aliases) for old, new in found.changes.changed] == [((), ("GW",))]
    assert [one.number for one in lists.editions(lake, "harbor")] == [1, 2]
    assert [record.body["edition"] for record in audit.records(lake)] == [1, 2]
    assert found.state.heading.source == "invented for these tests"


def test_the_same_edition_again_is_nothing_new(lake: Lake) -> None:
    add(lake)
    again = refresh(lake, HARBOR, "2026-02-01")

    assert again.head is None
    assert len(audit.records(lake)) == len(lists.editions(lake, "harbor")) == 1


def test_an_edition_whose_recording_was_interrupted_is_recorded_when_it_comes_again(
    lake: Lake,
) -> None:
    first = add(lake)
    lake.audit.unlink()

    assert named_lists.state_of(lake, "harbor").seq is None
    again = refresh(lake, HARBOR, "2026-02-01")
    assert again.head is not None
    assert again.state.seq == 1
    assert again.state.edition == first.edition


def test_an_edition_that_was_removed_from_the_disk_is_missed(lake: Lake) -> None:
    add(lake)
    refresh(lake, HARBOR)
    (lake.lists / "harbor" / "0001.json").unlink()

    assert named_lists.vanished(lake, "harbor", audit.records(lake)) == [1]


def test_a_person_confirms_and_the_other_candidates_of_the_entry_are_past(lake: Lake) -> None:
    state = decide(lake, candidate(add(lake), 1, TIDE_KE))

    assert told(state)[2:4] == [
        (1, "2", "name", 0.4, "confirmed"),
        (1, "1", "name", 0.4, "superseded"),
    ] or told(state)[2:4] == [
        (1, "1", "name", 0.4, "superseded"),
        (1, "2", "name", 0.4, "confirmed"),
    ]
    assert state.states[1] == "confirmed"
    record = audit.records(lake)[-1]
    assert (record.kind, record.body["verdict"]) == ("list_review", "confirmed")
    assert record.body["entry"] == {"name": "Tide University", "country": None}
    assert "Zoe Example" not in lake.audit.read_text(encoding="utf-8")


def test_a_rejected_candidate_is_out_and_the_others_wait_on(lake: Lake) -> None:
    state = decide(lake, candidate(add(lake), 4, OLD_GALE), "rejected")

    assert told(state)[-2:] == [
        (4, "5", "name", 0.95, "rejected"),
        (4, "6", "alias", 0.9, "possible"),
    ]


def test_a_decision_needs_a_person_a_reason_and_a_candidate(lake: Lake) -> None:
    one = candidate(add(lake), 1, TIDE_KE)
    with pytest.raises(ListError) as raised:
        named_lists.review(lake, "harbor", one, "confirmed", by=" ", reason="")

    assert raised.value.problem.splitlines()[1:] == [
        "  The name of the person who decides is missing. Give it with --by.",
        "  The reason is missing. Give it with --reason.",
    ]
    with pytest.raises(ListError, match="There is no candidate of harbor `0000000000`"):
        decide(lake, "0000000000")
    assert [record.kind for record in audit.records(lake)] == ["list"]


def test_what_was_confirmed_holds_in_a_newer_edition_while_name_and_country_stay(
    lake: Lake,
) -> None:
    decide(lake, candidate(add(lake), 1, TIDE_KE))
    respelled = "name,aliases,country\nReef Academy,,KE\nTIDE university,TU,\n"
    elsewhere = "name,country\nTide University,BR\n"

    assert refresh(lake, respelled).state.states == ("not found", "confirmed")
    assert refresh(lake, elsewhere, "2026-04-01").state.states == ("possible",)
    assert refresh(lake, respelled, "2026-05-01").state.states == ("not found", "confirmed")


def test_what_was_confirmed_is_past_where_the_list_gives_an_id_by_now(lake: Lake) -> None:
    decide(lake, candidate(add(lake), 1, TIDE_KE))
    state = refresh(lake, f"name,ror\nTide University,{TIDE_BR.ror_id}\n").state

    assert told(state) == [(0, "1", "id", 1.0, "stated")]


def test_what_was_confirmed_holds_though_the_register_drops_the_name(
    tmp_path: Path,
) -> None:
    lake = organized.build(organized.new(tmp_path / "lake"), REGISTER)
    decide(lake, candidate(add(lake), 2, OPTICS))
    renamed = Institute(number=3, name="Light Institute", country="DE")
    organized.build(lake, (TIDE_BR, renamed, OLD_GALE), snapshot="2026-02-15")
    state = named_lists.state_of(lake, "harbor")

    assert state.n_organizations == 3
    assert [one for one in told(state) if one[0] in {2, 3}] == [
        (2, "3", "review", 0.9, "confirmed")
    ]
    assert told(state)[1] == (1, "1", "name", 0.8, "possible")


def test_a_policy_reads_what_is_stated_confirmed_and_possible(lake: Lake) -> None:
    state = add(lake)
    decide(lake, candidate(state, 1, TIDE_KE))
    decide(lake, candidate(state, 4, OLD_GALE), "rejected")
    reference = ListReference(
        list_id="harbor",
        of="organization",
        title="Harbor",
        source="invented",
        dated=dt.date(2026, 2, 1),
    )
    (read,) = read_lists(lake, reference)

    assert [(one.member_id, one.is_possible) for one in read.members] == [
        (TIDE_BR.ror_id, True),
        (TIDE_KE.ror_id, True),
        (TIDE_KE.ror_id, False),
        (OPTICS.ror_id, True),
        (OPTICS.ror_id, True),
        (NICKEL.ror_id, True),
        (GALE.ror_id, True),
    ]
    assert read.dated == dt.date(2026, 2, 1)
    assert read.source == (
        "invented for these tests (edition 1; 1 of 6 entries are no organization of the lake)"
    )
    assert read.n_unplaced == 1


def test_a_policy_gets_the_edition_of_the_day_that_it_names(lake: Lake) -> None:
    add(lake)
    refresh(lake, f"name,ror\nTide University,{TIDE_BR.ror_id}\n")
    old, new, other = (
        ListReference(list_id=name, of="organization", title="", source="", dated=day)
        for name, day in (
            ("harbor", dt.date(2026, 2, 1)),
            ("harbor", dt.date(2026, 3, 1)),
            ("absent", dt.date(2026, 3, 1)),
        )
    )

    assert [len(one.members) for one in read_lists(lake, old)] == [9]
    assert [len(one.members) for one in read_lists(lake, new)] == [1]
    assert read_lists(lake, other) == []


def test_a_list_as_policies_use_it_states_itself_what_it_is(lake: Lake) -> None:
    text = f"""\
list: harbor
of: organization
source: invented
dated: 2026-01-31
members:
  - {{id: {OPTICS.ror_id}, name: Northwind Institute of Optics}}
  - {{id: {TIDE_BR.ror_id}, name: Tide University, confidence: 0.7}}
  - {{id: {TIDE_KE.ror_id}, name: Tide University of Kenya, confidence: 0.7, confirmed: true}}
  - {{id: {NICKEL.ror_id}}}
"""
    state = named_lists.add(lake, "harbor", given(text, "harbor.yaml"), Stated()).state

    assert (state.heading.source, state.heading.dated) == ("invented", "2026-01-31")
    assert told(state) == [
        (0, "3", "id", 1.0, "stated"),
        (1, "1", "id", 0.7, "possible"),
        (2, "2", "id", 1.0, "stated"),
        (3, "4", "id", 1.0, "stated"),
    ]
    with pytest.raises(ListError, match="--dated is `2026-02-01`, the file says `2026-01-31`"):
        named_lists.refresh(lake, "harbor", given(text, "h.yaml"), Stated(dated="2026-02-01"))
    with pytest.raises(ListError, match="The file is of the list `harbor`"):
        named_lists.add(lake, "tide", given(text, "harbor.yaml"), Stated())


def test_a_list_of_countries_has_nothing_to_match(lake: Lake) -> None:
    text = "name,country\nBrazil,BR\nKenya,KE\n"
    stated = Stated(of="country", source="invented", dated="2026-01-01")
    state = named_lists.add(lake, "south", given(text), stated).state
    reference = ListReference(
        list_id="south", of="country", title="", source="", dated=dt.date(2026, 1, 1)
    )
    (read,) = read_lists(lake, reference)

    assert (state.found, state.waiting, state.register) == ((), (), None)
    assert [one.member_id for one in read.members] == ["BR", "KE"]
    with pytest.raises(ListError, match=r"a list of organization.*are of country"):
        named_lists.refresh(
            lake, "south", given(text), Stated(of="organization", dated="2026-02-01")
        )


def test_a_lake_that_is_not_built_takes_lists_and_matches_them_later(tmp_path: Path) -> None:
    lake = organized.new(tmp_path / "lake")
    before = add(lake)
    organized.build(lake, REGISTER)
    after = named_lists.state_of(lake, "harbor")

    assert (before.register, before.found) == (None, ())
    assert after.n_organizations == 6
    assert after.states == ("possible",) * 5 + ("not found",)


def test_faults_of_a_file_are_told_and_nothing_is_stored(lake: Lake) -> None:
    with pytest.raises(PolicyError, match="line 2, column 2: `UK` is no country code"):
        add(lake, "name,country\nTide,UK\n")
    with pytest.raises(PolicyError, match="It is not UTF-8"):
        named_lists.add(lake, "harbor", Given("h.yaml", b"\xff"), STATED)
    assert lists.names(lake) == ()
