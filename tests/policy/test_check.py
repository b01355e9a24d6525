"""Findings on single cases with their explanation, worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import ibis
import pytest

from fourseas.errors import PolicyError
from fourseas.policy.case import read_case
from fourseas.policy.check import check, check_all
from fourseas.policy.finding import Finding
from fourseas.policy.records import finding_record
from tests.policy.documents import (
    Doc,
    case_document,
    declared,
    found,
    policy,
    rule,
    rule_ids,
    sources,
)

FIRMS = {
    "list": "firms",
    "of": "organization",
    "members": [
        {"id": "invented:ash", "name": "Ash Works"},
        {"id": "invented:oak", "name": "Oak Labs", "confidence": 0.7},
    ],
}
PLACES = {
    "list": "places",
    "of": "country",
    "members": [{"id": "XA"}, {"id": "XB", "from": "2024-03-01", "to": "2024-08-31"}],
}
TREE = {
    "invented:ash": [],
    "invented:elm": ["invented:ash"],
    "invented:fir": [],
    "invented:oak": [],
}
IN_PLACES = {"any_party": {"country": {"in_list": "places"}}}
HIGH = rule("high", "closed", when={"trl": {"ge": 7}}, owner="The board", appeal="To the board")
HEALTH = rule("health", "review", when={"any_data": {"kind": "health"}})
NOTIFY = {
    "kind": "notify_authority",
    "text": "File it.",
    "by": "lead",
    "due": {"days": -14, "after": "starts_on"},
    "evidence": "receipt",
}
DUTY = rule("visitors", "open_with_conditions", when={"activity": "visit"}, obligations=[NOTIFY])
EVERYTHING = {"trl": 3, "activity": "hosting", "data": "none"}


def test_what_no_rule_touches_is_open() -> None:
    finding = found(policy(HIGH, HEALTH, DUTY), EVERYTHING)

    assert (finding.outcome, finding.at_least, finding.at_most) == ("open", "open", "open")
    assert finding.permits
    assert rule_ids(finding) == []
    assert finding.questions == ()


def test_the_strictest_rule_decides_and_all_that_hold_are_named() -> None:
    finding = found(policy(DUTY, HIGH, HEALTH), {"trl": 7, "activity": "visit", "data": "none"})

    assert finding.outcome == "closed"
    assert rule_ids(finding) == ["visitors", "high"]
    assert not finding.permits


def test_nothing_is_open_because_something_is_missing() -> None:
    finding = found(policy(HIGH), {})

    assert finding.outcome == "needs_information"
    assert (finding.at_least, finding.at_most) == ("open", "closed")
    assert [one.rule_id for one in finding.possible_rules] == ["high"]
    assert finding.questions == (
        "What is the technology readiness level of the case? Technology readiness level, 1 to 9.",
    )


def test_a_review_that_is_reached_is_not_hidden_by_an_unknown() -> None:
    finding = found(policy(HIGH, HEALTH), {"data": [{"kind": "health"}]})

    assert finding.outcome == "needs_information"
    assert (finding.at_least, finding.at_most) == ("review", "closed")
    assert rule_ids(finding) == ["health"]


def test_an_unknown_that_cannot_make_it_stricter_is_not_asked() -> None:
    finding = found(policy(HIGH, HEALTH, DUTY), {"trl": 9})

    assert finding.outcome == "closed"
    assert finding.questions == ()
    assert [one.rule_id for one in finding.possible_rules] == ["health", "visitors"]
    assert [(one.rule_id, one.is_possible) for one in finding.duties] == [("visitors", True)]


def test_the_fewest_facts_are_asked_and_no_others() -> None:
    either = {
        "any_of": [{"transfers_out": True}, {"all_of": [{"trl": {"ge": 5}}, {"purpose": "health"}]}]
    }
    of = policy(rule("one", "closed", when={"all_of": [{"activity": "visit"}, either]}))

    asked = found(of, {"transfers_out": True, "trl": "unknown"}).questions
    assert [one.split("?")[0] for one in asked] == ["What is the activity of the case"]

    asked = found(of, {"activity": "visit", "transfers_out": False, "trl": 6}).questions
    assert [one.split("?")[0] for one in asked] == ["What is the purpose of the case"]

    finding = found(of, {"activity": "hosting"})
    assert (finding.outcome, finding.questions) == ("open", ())


def test_rows_are_asked_for_only_where_more_of_them_could_matter() -> None:
    of = policy(rule(when=[{"any_data": {"kind": "health"}}, {"any_party": {"sector": "company"}}]))

    finding = found(of, {"data": [{"kind": "health"}], "parties": [{"sector": "unknown"}]})
    assert finding.is_smallest
    assert finding.questions == (
        (
            "What is the sector of party 1? What kind of organization. One of: archive, company, "
            "facility, funder, government, healthcare, military, nonprofit, university."
        ),
        "Are these all parties, and if not, which are missing?",
    )

    all_given = {"parties": [{"sector": "unknown"}], "complete": ["parties"]}
    finding = found(of, {"data": [{"kind": "health"}], **all_given})
    assert [one.split("?")[0] for one in finding.questions] == ["What is the sector of party 1"]


def test_a_share_that_is_not_known_is_asked_for() -> None:
    of = policy(rule(when={"any_party": {"share": {"gt": 0.5}}}))

    finding = found(of, {"parties": [{"role": "lead"}], "complete": ["parties"]})
    assert finding.outcome == "needs_information"
    assert [one.split("?")[0] for one in finding.questions] == ["What is the share of party 1"]


EXEMPT = rule(
    "high",
    "closed",
    when={"trl": {"ge": 7}},
    **{
        "except": [
            {
                "id": "public",
                "text": "It is public.",
                "basis": "A law",
                "when": {"basic_research": True},
            }
        ]
    },
)


@pytest.mark.parametrize(
    ("facts", "outcome", "exempted"),
    [
        ({"trl": 7, "basic_research": False}, "closed", []),
        ({"trl": 7, "basic_research": True}, "open", ["public"]),
        ({"trl": 7}, "needs_information", []),
        ({"trl": 6}, "open", []),
        ({"basic_research": True}, "open", ["public"]),
        ({"basic_research": False}, "needs_information", []),
    ],
)
def test_an_exemption_is_and_not(facts: Doc, outcome: str, exempted: list[str]) -> None:
    finding = found(policy(EXEMPT), facts)

    assert finding.outcome == outcome
    assert [one.exemption_id for _, one in finding.exempted] == exempted


@pytest.mark.parametrize(
    ("date", "outcome", "note"),
    [
        (
            "2023-12-31",
            "out_of_scope",
            "The policy applies from 2024-01-01; the case is of 2023-12-31.",
        ),
        ("2024-01-01", "review", None),
        ("2024-12-31", "review", None),
        (
            "2025-01-01",
            "out_of_scope",
            (
                "The policy expired on 2024-12-31; the case is of 2025-01-01. Ask The office "
                "what applies now."
            ),
        ),
    ],
)
def test_a_policy_that_has_expired_says_so(date: str, outcome: str, note: str | None) -> None:
    finding = found(policy(expires="2024-12-31"), {"date": date, "transfers_out": True})

    assert finding.outcome == outcome
    assert not finding.permits
    assert finding.notes == (() if note is None else (note,))


def test_a_rule_that_has_expired_or_not_begun_is_told() -> None:
    of = policy(rule("old", expires="2024-05-31"), rule("new", valid_from="2024-06-02"))

    finding = found(of, {"transfers_out": True})
    assert finding.outcome == "open"
    assert finding.notes == (
        "The rule old expired on 2024-05-31 and was not applied.",
        "The rule new applies from 2024-06-02 and not yet.",
    )


def test_a_case_outside_the_scope_is_told() -> None:
    finding = found(policy(scope={"activity": "visit"}), {"activity": "hosting"})

    assert finding.outcome == "out_of_scope"
    assert finding.notes == ("The policy is not about such a case: its scope leaves it out.",)


def test_a_date_that_is_not_known_is_asked_for() -> None:
    finding = found(policy(HIGH), {"date": "unknown", "trl": 9})

    assert (finding.at_least, finding.at_most) == ("out_of_scope", "closed")
    assert [one.split("?")[0] for one in finding.questions] == [
        "What is the day of the finding of the case"
    ]


@pytest.mark.parametrize(
    ("starts_on", "due_on", "waits_for"),
    [("2024-07-01", dt.date(2024, 6, 17), None), ("unknown", None, "starts_on")],
)
def test_an_obligation_has_an_owner_and_a_day(
    starts_on: str, due_on: dt.date | None, waits_for: str | None
) -> None:
    finding = found(policy(DUTY), {"activity": "visit", "starts_on": starts_on})

    (duty,) = finding.duties
    assert finding.outcome == "open_with_conditions"
    assert (duty.due_on, duty.waits_for, duty.is_possible) == (due_on, waits_for, False)
    assert (duty.obligation.by, duty.obligation.evidence) == ("lead", "receipt")


LISTED = rule(
    "listed", "closed", when={"any_party": {"organization": {"within_org_tree": "firms"}}}
)


def _of_firm(firm: str, **more: object) -> Doc:
    return {"parties": [{"organization": firm}], "complete": ["parties"], **more}


@pytest.mark.parametrize(
    ("firm", "outcome", "match"),
    [
        ("invented:ash", "closed", ("Ash Works", None, False)),
        ("invented:elm", "closed", ("Ash Works", "invented:ash", False)),
        ("invented:fir", "open", None),
        ("invented:oak", "needs_information", ("Oak Labs", None, True)),
        ("invented:unheard-of", "needs_information", None),
    ],
)
def test_organizations_match_by_themselves_or_through_what_holds_them(
    firm: str, outcome: str, match: tuple[str, str | None, bool] | None
) -> None:
    finding = found(
        policy(LISTED, lists=declared(FIRMS)), _of_firm(firm), sources(FIRMS, tree=TREE)
    )

    assert finding.outcome == outcome
    told = [(one.listed_as, one.through, one.is_possible) for one in finding.matches]
    assert told == ([] if match is None else [match])


def test_a_possible_match_is_asked_of_a_person_and_an_unknown_organization_of_a_register() -> None:
    of, held = policy(LISTED, lists=declared(FIRMS)), sources(FIRMS, tree=TREE)

    (asked,) = found(of, _of_firm("invented:oak"), held).questions
    assert asked == (
        "party 1: is invented:oak the one that the list `firms` calls Oak Labs (confidence 0.70)? "
        "A person has to look."
    )
    (asked,) = found(of, _of_firm("invented:unheard-of"), held).questions
    assert asked.startswith("party 1: what is invented:unheard-of part of? No register at hand")


def test_without_a_register_only_what_is_listed_itself_is_sure() -> None:
    of, held = policy(LISTED, lists=declared(FIRMS)), sources(FIRMS)

    assert found(of, _of_firm("invented:ash"), held).outcome == "closed"
    assert found(of, _of_firm("invented:fir"), held).outcome == "needs_information"
    assert found(of, {"parties": "none"}, held).outcome == "open"


def test_a_set_of_data_is_held_against_the_day_of_its_own_access() -> None:
    of = policy(
        rule(when={"any_data": {"origin_country": {"in_list": "places", "on": "accessed_on"}}}),
        lists=declared(PLACES),
    )

    def finding(**facts: str) -> Finding:
        data = [{"origin_country": "XB", **facts}]
        return found(of, {"data": data, "complete": ["data"]}, sources(PLACES))

    assert finding(accessed_on="2024-03-01").outcome == "review"
    assert finding(accessed_on="2024-02-29").outcome == "open"
    (asked,) = finding().questions
    assert asked.split("?")[0] == "What is the access of data 1"


@pytest.mark.parametrize(("is_same", "outcome"), [(True, "closed"), (False, "open")])
def test_a_person_settles_a_possible_match(is_same: bool, outcome: str) -> None:  # noqa: FBT001
    of, held = policy(LISTED, lists=declared(FIRMS)), sources(FIRMS, tree=TREE)
    word = {
        "list": "firms",
        "organization": "invented:oak",
        "same": is_same,
        "by": "officer 7",
        "on": "2024-05-30",
    }

    assert found(of, _of_firm("invented:oak", matches=[word]), held).outcome == outcome


def test_nobody_can_deny_what_is_on_a_list_beyond_doubt() -> None:
    of, held = policy(LISTED, lists=declared(FIRMS)), sources(FIRMS, tree=TREE)
    word = {
        "list": "firms",
        "organization": "invented:ash",
        "same": False,
        "by": "officer 7",
        "on": "2024-05-30",
    }

    assert found(of, _of_firm("invented:ash", matches=[word]), held).outcome == "closed"


@pytest.mark.parametrize(
    ("signed_on", "outcome"),
    [
        ("2024-02-29", "open"),
        ("2024-03-01", "review"),
        ("2024-08-31", "review"),
        ("2024-09-01", "open"),
        ("unknown", "needs_information"),
    ],
)
def test_a_list_is_read_as_it_stood_on_the_day_that_is_meant(signed_on: str, outcome: str) -> None:
    of = policy(
        rule(when={"any_party": {"country": {"in_list": "places", "on": "signed_on"}}}),
        lists=declared(PLACES),
    )
    facts = {"parties": [{"country": "XB"}], "complete": ["parties"], "signed_on": signed_on}

    finding = found(of, facts, sources(PLACES))
    assert finding.outcome == outcome
    assert [one.split("?")[0] for one in finding.questions] == (
        ["What is the signature of the case"] if signed_on == "unknown" else []
    )


def test_rows_that_may_be_missing_are_asked_for_with_the_day_that_they_are_held_against() -> None:
    of = policy(
        rule(when={"any_party": {"country": {"in_list": "places", "on": "signed_on"}}}),
        lists=declared(PLACES),
    )

    finding = found(of, {"parties": [{"country": "XC"}]}, sources(PLACES))
    assert [one.split("?")[0] for one in finding.questions] == [
        "What is the signature of the case",
        "Are these all parties, and if not, which are missing",
    ]


def test_a_country_that_a_list_perhaps_means_is_asked_of_its_entry() -> None:
    doubtful = {**PLACES, "members": [{"id": "XA", "name": "Ashland", "confidence": 0.5}]}
    of = policy(rule(when=IN_PLACES), lists=declared(PLACES))
    facts = {"parties": [{"organization": "invented:oak", "country": "XA"}]}

    finding = found(of, {**facts, "complete": ["parties"]}, sources(doubtful))
    assert (finding.at_least, finding.at_most) == ("open", "review")
    assert finding.questions == (
        (
            "party 1: does the list `places` mean XA by Ashland (confidence 0.50)? "
            "A person has to confirm the entry."
        ),
    )


def test_where_no_rows_are_given_it_is_asked_which_there_are() -> None:
    finding = found(policy(rule(when={"document_present": "agreement"})), {})

    assert finding.questions == ("Which documents are there? If there are none, say so.",)


@pytest.mark.parametrize(
    ("gap", "note"),
    [
        ({"members": []}, "The list `places` is empty: nothing is on it."),
        ({"unplaced": 2}, "The list `places` has entries that are no organization at hand: 2."),
    ],
)
def test_what_a_list_leaves_out_is_said_beside_the_finding(gap: Doc, note: str) -> None:
    of = policy(rule(when=IN_PLACES), lists=declared(PLACES))

    (said,) = found(of, {"parties": "none"}, sources({**PLACES, **gap})).notes
    assert said.startswith(note)


@pytest.mark.parametrize("year", ["1000", "9999"])
def test_a_period_or_day_at_the_ends_of_the_calendar_is_no_error(year: str) -> None:
    tie = {"any_tie": {"period": {"overlaps_period": {"years": 100}}}}
    owed = {**NOTIFY, "due": {"days": 36500, "after": "date"}}
    of = policy(rule(when={"any_person": tie}, obligations=[owed]), valid_from="1000-01-01")
    facts = {"date": f"{year}-12-31", "people": [{"ties": [{"period": {"since": "1000-01-01"}}]}]}

    assert found(of, facts).outcome == "needs_information"


def test_a_list_of_another_edition_or_none_is_refused() -> None:
    of = policy(LISTED, lists=declared(FIRMS))

    with pytest.raises(PolicyError, match="which was not given"):
        found(of, _of_firm("invented:ash"))
    held = sources(FIRMS)
    newer = replace(held.lists["firms"], dated=dt.date(2024, 2, 1))
    with pytest.raises(PolicyError, match="the one given is organization of 2024-02-01"):
        found(of, _of_firm("invented:ash"), replace(held, lists={"firms": newer}))


def test_the_nearest_change_is_told_both_ways() -> None:
    of = policy(HIGH, rule("mid", "review", when={"trl": {"ge": 4}}))

    finding = found(of, {"trl": 5})
    assert finding.outcome == "review"
    assert finding.changes == (
        "It would be open if: the technology readiness level is not at least 4.",
        "It would be closed if: the technology readiness level is at least 7.",
    )


def test_the_nearest_change_takes_as_many_facts_as_it_needs() -> None:
    of = policy(rule("one", "closed", when=[{"trl": {"ge": 7}}, {"activity": "visit"}]))

    finding = found(of, {"trl": 2, "activity": "hosting"})
    assert finding.changes == (
        (
            "It would be closed if: the activity is visit; the technology readiness level is at "
            "least 7."
        ),
    )


def test_a_change_that_leaves_it_open_is_told_where_none_settles_it() -> None:
    of = policy(rule(when={"any_party": {"sector": "company"}}))

    finding = found(of, {"parties": [{"sector": "company"}]})
    assert finding.changes == (
        "It would be at least open and at most review if: party 1: its sector is not company.",
    )


def test_a_change_that_settles_it_is_told_before_one_that_leaves_it_open() -> None:
    of = policy(rule(when=[{"any_party": {"sector": "company"}}, {"trl": {"ge": 4}}]))

    # Another sector is a smaller change, and would leave open which other parties there are.
    finding = found(of, {"parties": [{"sector": "company"}], "trl": 5})
    assert finding.changes == (
        "It would be open if: the technology readiness level is not at least 4.",
    )


def test_every_fact_that_was_looked_at_is_told_with_its_source() -> None:
    finding = found(
        policy(HIGH),
        {"trl": {"value": 7, "source": "interview", "on": "2024-05-30"}, "purpose": "health"},
    )

    told = {one.fact: (one.value, one.source, one.tests) for one in finding.facts}
    assert told == {
        "day of the finding": ("2024-06-01", "the form", (("is 2024-01-01 or later", "yes"),)),
        "technology readiness level": ("7", "interview, 2024-05-30", (("is at least 7", "yes"),)),
    }


def test_the_lists_and_the_register_that_were_read_are_told() -> None:
    of = policy(LISTED, lists=declared(FIRMS))

    assert found(of, _of_firm("invented:ash"), sources(FIRMS, tree=TREE)).lists_read == (
        "firms: firms, edition of 2024-01-01 (invented)",
        "organizations: what each is part of, as of 2024-01-01 (invented)",
    )


def test_many_cases_are_found_as_each_alone_confirmations_apart() -> None:
    of, held = policy(LISTED, HIGH, lists=declared(FIRMS)), sources(FIRMS, tree=TREE)
    word = {"list": "firms", "organization": "invented:oak", "by": "o", "on": "2024-05-30"}
    cases = tuple(
        read_case(json.dumps(case_document(case=name, **facts)))
        for name, facts in {
            "same": _of_firm("invented:oak", trl=2, matches=[{**word, "same": True}]),
            "not-looked-at": _of_firm("invented:oak", trl=2),
            "another": _of_firm("invented:oak", trl=2, matches=[{**word, "same": False}]),
            "high": _of_firm("invented:fir", trl=8),
        }.items()
    )
    engine = ibis.duckdb.connect()

    together = check_all(of, cases, held, engine)
    assert [one.outcome for one in together] == ["closed", "needs_information", "open", "closed"]
    alone = [finding_record(check(of, case, held, engine)) for case in cases]
    assert [finding_record(one) for one in together] == alone


@pytest.mark.parametrize(
    ("topics", "outcome"),
    [
        (["invented:optics", "invented:optics"], "closed"),
        (["invented:soil", "invented:soil"], "open"),
        (["invented:soil", None, None], "needs_information"),
    ],
)
def test_a_value_that_is_said_twice_counts_once(topics: list[str | None], outcome: str) -> None:
    themes = {"list": "themes", "of": "topic", "members": [{"id": "invented:optics"}]}
    of = policy(
        rule("themes", "closed", when={"topics": {"intersects": "themes"}}), lists=declared(themes)
    )

    finding = found(of, {"topics": topics, "complete": ["topics"]}, sources(themes))

    assert finding.outcome == outcome


def test_an_obligation_may_be_due_on_a_day_whatever_the_case_is() -> None:
    owed = [{**NOTIFY, "due": "2024-07-01"}, {k: v for k, v in NOTIFY.items() if k != "due"}]
    of = policy(rule("v", "open_with_conditions", when={"activity": "visit"}, obligations=owed))

    assert [(one.due_on, one.waits_for) for one in found(of, {"activity": "visit"}).duties] == [
        (dt.date(2024, 7, 1), None),
        (None, None),
    ]


THEMES = {"list": "themes", "of": "topic", "members": [{"id": "invented:optics"}]}
PATENT = {"any_person": {"any_tie": [{"period": "current"}, {"kind": "patent"}]}}


@pytest.mark.parametrize(
    ("when", "facts", "question"),
    [
        (
            {"any_party": {"independent": True}},
            {"parties": [{"role": "lead"}], "complete": ["parties"]},
            "Is it so that party 1 is under the control of no other party?",
        ),
        (
            {"transfers_out": True},
            {},
            "Is it so that data, samples or goods leave the country of origin?",
        ),
        (
            PATENT,
            {"people": [{"role": "lead"}], "complete": ["people"]},
            "Which ties of person 1 are there? If there are none, say so.",
        ),
        (
            PATENT,
            {"people": [{"ties": [{"kind": "funding"}]}], "complete": ["people"]},
            "Are these all ties of person 1, and if not, which are missing?",
        ),
        (
            {"topics": {"intersects": "themes"}},
            {"topics": ["unknown"], "complete": ["topics"]},
            "Which topic is meant, where the case says that it is not known?",
        ),
    ],
)
def test_a_question_names_what_it_is_about(when: Doc, facts: Doc, question: str) -> None:
    lists = [THEMES] if "themes" in str(when) else []
    of = policy(rule(when=when), lists=declared(*lists))

    assert found(of, facts, sources(*lists)).questions == (question,)


def test_facts_of_rows_are_told_with_what_the_rows_belong_to() -> None:
    tie = {"kind": "funding", "period": {"since": "2020-01-01", "until": "ongoing"}}
    people = [{"ties": [tie], "complete": ["ties"]}]
    finding = found(policy(rule(when=PATENT)), {"people": people, "complete": ["people"]})

    assert [(one.about, one.fact, one.value, one.tests) for one in finding.facts[1:]] == [
        ("tie 1 of person 1", "period", "2020-01-01 to ongoing", (("is current", "yes"),)),
        ("tie 1 of person 1", "kind", "funding", (("is patent", "no"),)),
    ]
    assert finding.changes == ("It would be review if: tie 1 of person 1: its kind is patent.",)


def test_a_fact_that_nobody_gave_is_told_as_unknown() -> None:
    of = policy(
        rule(when=[{"transfers_out": True}, {"topics": {"intersects": "themes"}}]),
        lists=declared(THEMES),
    )
    finding = found(of, {"topics": ["unknown"]}, sources(THEMES))

    assert [
        (one.about, one.fact, one.value, one.source, one.tests) for one in finding.facts[1:]
    ] == [
        (
            "the case",
            "transfers out",
            "unknown",
            "not given",
            (("data, samples or goods leave the country of origin", "unknown"),),
        ),
        (
            "topic unknown",
            "topic",
            "unknown",
            "not given",
            (("is on the list `themes`", "unknown"),),
        ),
    ]


@pytest.mark.parametrize(
    ("operator", "firm", "outcome", "through"),
    [
        ("in_list", "invented:elm", "open", []),
        ("in_list", "invented:ash", "closed", [None]),
        ("within_org_tree", "invented:elm", "closed", ["invented:ash"]),
        ("within_org_tree", "invented:ash", "closed", [None]),
    ],
)
def test_a_match_through_what_holds_it_is_told_where_it_is_asked_for(
    operator: str, firm: str, outcome: str, through: list[str | None]
) -> None:
    when = {"any_party": {"organization": {operator: "firms"}}}
    of = policy(rule("firms", "closed", when=when), lists=declared(FIRMS))
    finding = found(of, _of_firm(firm), sources(FIRMS, tree=TREE))

    assert finding.outcome == outcome
    told = [(one.about, one.list_id, one.organization_id, one.through) for one in finding.matches]
    assert told == [("party 1", "firms", firm, one) for one in through]


def test_a_change_of_rows_is_told_as_the_statement_over_them() -> None:
    two = policy(rule(when={"count_ge": {"n": 2, "of": "parties"}}))
    every = policy(rule(when={"all_parties": {"role": "lead"}}))
    facts = {"parties": [{"role": "lead"}], "complete": ["parties"]}

    assert found(two, facts).changes == ("It would be review if: at least 2 parties.",)
    assert found(every, facts).changes == ("It would be open if: party 1: its role is not lead.",)


def test_an_exemption_applies_only_where_the_rule_would_hold_or_may() -> None:
    outside = policy(EXEMPT, scope={"activity": "visit"})
    facts = {"trl": 7, "basic_research": True}

    for activity, exempted in (("visit", ["public"]), ("hosting", []), ("unknown", ["public"])):
        finding = found(outside, {**facts, "activity": activity})
        assert [one.exemption_id for _, one in finding.exempted] == exempted
    assert found(policy(EXEMPT), {"trl": 6, "basic_research": True}).exempted == ()


def test_a_word_on_one_match_leaves_the_others_open() -> None:
    pine = {"id": "invented:pine", "name": "Pine Labs", "confidence": 0.6}
    firms = {**FIRMS, "members": [*FIRMS["members"], pine]}
    of = policy(LISTED, lists=declared(firms))
    held = sources(firms, tree={**TREE, "invented:pine": []})
    word = {"list": "firms", "organization": "invented:pine", "by": "o", "on": "2024-05-30"}
    parties = [{"organization": one} for one in ("invented:oak", "invented:pine")]
    facts = {"parties": parties, "complete": ["parties"]}

    finding = found(of, {**facts, "matches": [{**word, "same": False}]}, held)
    assert finding.outcome == "needs_information"
    (asked,) = finding.questions
    assert asked.startswith("party 1: is invented:oak the one that the list `firms` calls Oak Labs")
