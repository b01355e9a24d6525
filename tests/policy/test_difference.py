"""What differs between two policies; directions against what truth tables find of random cases."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fourseas.policy.difference import Difference, difference
from tests.policy import kleene_oracle
from tests.policy.documents import SAID, Doc, declared, policy, rule
from tests.policy.random_policies import CASES, CONDITIONS, WORLD, policies, read, rules

HIGH = rule("high", "closed", when={"trl": {"ge": 7}})
MID = rule("mid", "review", when={"trl": {"ge": 4}})
EASY = rule("easy", "open")
DUTY: Doc = {"kind": "attest", "text": "Attest it.", "by": "lead"}
SMALL = {"id": "small", "text": "Small sums.", "basis": "A law", "when": {"amount_usd": {"lt": 9}}}
PLACES = {"list": "places", "of": "country"}
BY_LIST = rule(when={"any_party": {"country": {"in_list": "places"}}})


def _between(old: Doc, new: Doc) -> Difference:
    return difference(
        policy(*old.pop("rules", [HIGH]), **old), policy(*new.pop("rules", [HIGH]), **new)
    )


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        ({}, {}, "same"),
        ({"rules": [HIGH, MID]}, {"rules": [MID, HIGH]}, "same"),
        ({}, {"title": "Another", "version": 2}, "same"),
        ({}, {"rules": [HIGH, MID]}, "stricter"),
        ({"rules": [HIGH, MID]}, {}, "milder"),
        ({}, {"rules": [HIGH, EASY]}, "same"),
        ({}, {"rules": [{**HIGH, "when": {"trl": {"ge": 6}}}]}, "stricter"),
        ({}, {"rules": [{**HIGH, "when": {"trl": {"gt": 7}}}]}, "milder"),
        ({}, {"rules": [{**HIGH, "when": {"activity": "visit"}}]}, "either"),
        ({}, {"rules": [{**HIGH, "when": {"not": {"trl": {"lt": 7}}}}]}, "same"),
        ({}, {"rules": [{**HIGH, "decision": "review"}]}, "milder"),
        ({"rules": [{**HIGH, "decision": "open"}]}, {"rules": [MID | {"id": "high"}]}, "stricter"),
        ({}, {"rules": [{**MID, "id": "high"}]}, "either"),
        ({}, {"rules": [{**HIGH, "except": [SMALL]}]}, "milder"),
        ({"rules": [{**HIGH, "except": [SMALL]}]}, {}, "stricter"),
        ({}, {"rules": [{**HIGH, "scope": {"activity": "visit"}}]}, "milder"),
        ({}, {"rules": [{**HIGH, "expires": "2025-01-01"}]}, "milder"),
        ({}, {"rules": [{**HIGH, "obligations": [DUTY]}]}, "same"),
        ({"scope": {"activity": "visit"}}, {}, "stricter"),
        ({"rules": [EASY]}, {"rules": [EASY], "expires": "2026-01-01"}, "milder"),
        ({"valid_from": "2024-06-01"}, {"valid_from": "2024-01-01"}, "stricter"),
    ],
)  # fmt: skip
def test_a_change_moves_findings_one_way(old: Doc, new: Doc, direction: str) -> None:
    assert _between(dict(old), dict(new)).direction == direction


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"rules": [HIGH | {"decision": "review"}]}, "Its decision was closed and is review."),
        ({"rules": [HIGH | {"text": "Anew."}]}, "Its text was `Rule high.` and is `Anew.`."),
        (
            {"rules": [HIGH | {"when": {"trl": {"ge": 6}}}]},
            (
                "It held when the technology readiness level is at least 7; it holds when the "
                "technology readiness level is at least 6."
            ),
        ),
        ({"rules": [HIGH | {"except": [SMALL]}]}, "The exemption `small` is new: Small sums."),
        ({"rules": [HIGH | {"obligations": [DUTY]}]}, "Newly owed: attest: Attest it. (lead)"),
        ({"rules": [HIGH | {"appeal": "Court"}]}, "Its appeal is new: `Court`."),
        ({"expires": "2026-01-01"}, "It holds in other cases, by the scope or the days of"),
        ({"rules": [HIGH, MID]}, "It is review: Rule mid."),
    ],
)
def test_what_became_of_a_rule_is_told(new: Doc, told: str) -> None:
    details = [detail for change in _between({}, dict(new)).rules for detail in change.details]

    assert any(told in detail for detail in details)


def test_what_changed_beside_the_rules_is_told() -> None:
    found = _between({}, {"title": "Another", "scope": {"activity": "visit"}, "about": "Words."})

    assert found.of_policy == (
        "The title was `A small policy` and is `Another`.",
        "What it is about is put in other words.",
        "It was about cases where always; now where the activity is visit.",
    )


@pytest.mark.parametrize(
    ("change", "direction", "told"),
    [
        ({"dated": "2024-05-01"}, "either", "was the edition of 2024-01-01 and is that of 2024-05"),
        ({"title": "Of places"}, "same", "The list `places` of 2024-01-01 is described otherwise."),
    ],
)
def test_another_edition_of_a_list_may_move_findings_another_title_does_not(
    change: Doc, direction: str, told: str
) -> None:
    lists = {"lists": declared(PLACES)}
    newer = {"lists": {"places": {"of": "country", **SAID, **change}}}
    found = _between({"rules": [BY_LIST], **lists}, {"rules": [BY_LIST], **newer})

    assert found.direction == direction
    assert told in found.of_policy[0]


@st.composite
def _amended(draw: st.DrawFn, old: Doc) -> Doc:
    """Draw a policy that differs from another in one or two places."""
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 2))):
        one = draw(st.sampled_from(new["rules"])) if new["rules"] else None
        what = draw(
            st.sampled_from(["narrow", "widen", "decide", "exempt", "add", "drop", "whole"])
        )
        if what == "add" or one is None:
            new["rules"].append(draw(rules(f"added-{len(new['rules'])}")))
        elif what == "narrow":
            one["when"] = {"all_of": [one["when"], draw(CONDITIONS)]}
        elif what == "widen":
            one["when"] = {"any_of": [one["when"], draw(CONDITIONS)]}
        elif what == "decide":
            one["decision"] = draw(st.sampled_from(["open", "review", "closed"]))
        elif what == "exempt":
            one.pop("except", None)
        elif what == "drop" and len(new["rules"]) > 1:
            new["rules"].remove(one)
        else:
            new["scope"] = draw(CONDITIONS)
    return new


@settings(max_examples=30, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))
@given(data=st.data(), old=policies(), cases=st.lists(CASES, min_size=12, max_size=12))
def test_no_case_moves_against_the_direction(
    data: st.DataObject, old: Doc, cases: list[Doc]
) -> None:
    new = data.draw(_amended(old))
    direction = difference(read(old), read(new)).direction

    for case in cases:
        before, after = (kleene_oracle.found(one, case, WORLD) for one in (old, new))
        if before.at_least < before.at_most or after.at_least < after.at_most:
            continue
        if direction in {"same", "stricter"}:
            assert before.at_least <= after.at_least, (direction, case)
        if direction in {"same", "milder"}:
            assert before.at_least >= after.at_least, (direction, case)


OTHER_SMALL = {**SMALL, "text": "Smaller sums."}
WEIGHED = {"proportionality": {"aim": "An aim."}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            {"rules": [{**HIGH, "except": [SMALL]}]},
            {"rules": [{**HIGH, "except": [OTHER_SMALL]}]},
            ["The exemption `small` changed: Smaller sums."],
        ),
        (
            {"rules": [{**HIGH, "except": [SMALL]}]},
            {},
            ["The exemption `small` is gone: Small sums."],
        ),
        (
            {"rules": [{**HIGH, "obligations": [DUTY]}]},
            {"rules": [{**HIGH, "obligations": [{**DUTY, "by": "office"}]}]},
            [
                "No longer owed: attest: Attest it. (lead)",
                "Newly owed: attest: Attest it. (office)",
            ],
        ),
        (
            {"rules": [HIGH | {"expires": "2025-01-01"}]},
            {"rules": [HIGH | {"expires": "2026-01-01"}]},
            ["Its last day was `2025-01-01` and is `2026-01-01`."],
        ),
        (
            {"rules": [HIGH | {"appeal": "Court"}]},
            {},
            ["Its appeal is gone: it was `Court`."],
        ),
        ({}, {"rules": [HIGH | WEIGHED]}, ["Its aim is new: `An aim.`."]),
        (
            {"rules": [HIGH | {"scope": {"activity": "visit"}}]},
            {"rules": [HIGH | {"scope": {"activity": "hosting"}}]},
            ["Its scope was: the activity is visit; it is: the activity is hosting."],
        ),
        ({"rules": [HIGH, MID]}, {}, ["It was review: Rule mid."]),
        ({"rules": [HIGH, EASY]}, {}, ["It was open: Rule easy."]),
    ],
)
def test_all_that_became_of_a_rule_is_told(old: Doc, new: Doc, told: list[str]) -> None:
    changes = _between(dict(old), dict(new)).rules

    assert [detail for change in changes for detail in change.details] == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"rules": [HIGH, MID]}, {"rules": [HIGH]}, ("mid", "removed", "milder")),
        ({"rules": [HIGH, EASY]}, {"rules": [HIGH]}, ("easy", "removed", "same")),
        ({"rules": [HIGH]}, {"rules": [HIGH, MID]}, ("mid", "added", "stricter")),
        ({"rules": [HIGH]}, {"rules": [HIGH, EASY]}, ("easy", "added", "same")),
        (
            {"rules": [EASY]},
            {"rules": [EASY | {"when": {"trl": 4}}]},
            ("easy", "changed", "same"),
        ),
    ],
)
def test_a_rule_that_decides_nothing_moves_nothing(
    old: Doc, new: Doc, told: tuple[str, str, str]
) -> None:
    (change,) = _between(dict(old), dict(new)).rules

    assert (change.rule_id, change.state, change.direction) == told


def test_what_comes_and_what_goes_may_move_findings_either_way() -> None:
    low = rule("low", "review", when={"activity": "visit"})
    both = _between({"rules": [MID]}, {"rules": [low]})

    assert [(one.rule_id, one.direction) for one in both.rules] == [
        ("mid", "milder"),
        ("low", "stricter"),
    ]
    assert both.direction == "either"


def test_lists_that_come_and_go_are_told_by_name() -> None:
    lists = {"lists": declared(PLACES)}
    come = _between({"rules": [HIGH]}, {"rules": [HIGH, BY_LIST], **lists})
    gone = _between({"rules": [HIGH, BY_LIST], **lists}, {"rules": [HIGH]})

    assert come.of_policy == ("The list `places` of 2024-01-01 is new.",)
    assert gone.of_policy == ("The list `places` is no longer used.",)
    assert (come.direction, gone.direction) == ("stricter", "milder")


def test_the_last_day_of_a_policy_may_come_go_or_move() -> None:
    ends = {"expires": "2026-01-01"}, {"expires": "2027-01-01"}

    assert _between({}, dict(ends[0])).of_policy == ("The last day is new: `2026-01-01`.",)
    assert _between(dict(ends[0]), {}).of_policy == ("The last day is gone: it was `2026-01-01`.",)
    assert _between(*map(dict, ends)).of_policy == (
        "The last day was `2026-01-01` and is `2027-01-01`.",
    )
