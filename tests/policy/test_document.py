"""Policies as they are read: what is written in short, and every fault with its place."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fourseas.errors import PolicyError
from fourseas.policy.document import Basis, read_policy
from fourseas.policy.grammar import (
    ALWAYS,
    AllOf,
    AnyOf,
    Compared,
    Condition,
    InList,
    Leaf,
    Not,
    OneOf,
    Overlaps,
    Quantified,
    Scalar,
    Sign,
    all_nodes,
    leaves,
    years_after,
)
from tests.policy.documents import SAID, Doc, declared, policy, policy_document, rule

HEAD = """\
policy: small
title: A small policy
owner: The office
version: 1
valid_from: 2024-01-01
lists:
  near: {of: country, source: invented, dated: 2024-01-01}
rules:
  - id: one
    text: One.
    decision: review
"""
USED = "      - any_party: {country: {in_list: near}}\n"


def _told(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read_policy(text, "rules.yaml")
    return caught.value.problem


def _told_of(condition: str) -> str:
    """Return what is told of a rule with one condition more, which stands in line 14."""
    return _told(f"{HEAD}    when:\n{USED}      - {condition}\n")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("actvity: visit", "column 9: `actvity` is not known here. Did you mean `activity`?"),
        ("activity: vist", "column 9: `activity` cannot be `vist`. Did you mean `visit`?"),
        ("activity: {equals: visit}", "column 20: `equals` is not known here. Did you mean `eq`?"),
        ("trl: {gte: 4}", "column 15: `gte` is not known here. Did you mean `ge`?"),
        ("trl: {'>=': 4}", "`>=` is not known here. Did you mean `ge`?"),
        ("or: [{trl: 4}]", "`or` is not known here. Did you mean `any_of`?"),
        ("trl: high", "column 9: `trl` is `high`. Write `key: value` pairs or a number."),
        ("starts_on: {ge: 2024-02-30}", "`ge` is `2024-02-30`. Write a date as YYYY-MM-DD."),
        ("starts_on: {between_dates: [2024-02-01]}", "`between_dates`"),
        ("any_partner: {role: lead}", "`any_partner` is not known here. Did you mean `any_party`?"),
        ("exists: partys", "`exists` cannot be `partys`. Did you mean `parties`?"),
        ("document_present: agrement", "`document_present` cannot be `agrement`. Did you mean"),
        ("any_party: {country: KE}", "column 21: `country` is `KE`. Name a list with source"),
        ("any_party: {country: {eq: KE}}", "`eq` is no operator of `country`."),
        (
            "any_party: {country: {in_list: nera}}",
            "The list `nera` is not declared. Did you mean `near`?",
        ),
        ("any_party: {organization: {in_list: near}}", "`near` is a list of country, not of org"),
        (
            "kind: health",
            "`kind` is not asked of this. Write it inside `any_tie` or inside `any_data`.",
        ),
        ("topics: T10001", "`topics` is `T10001`. Name a list with source and date"),
        ("funders: [02nr0ka47]", "`funders` is a list. Name a list with source and date"),
        ("documents: agreement", "`documents` is `agreement`. Write `key: value` pairs."),
        (
            "any_tie: {kind: funding}",
            "`any_tie` is not asked of this. Write it inside `any_person`.",
        ),
        ("all_consent_codes: {value: DS}", "`all_consent_codes` is not known here."),
        ("any_person: {any_party: {role: lead}}", "Write it outside of quantifiers."),
        ("transfers_out: 'yes'", "`transfers_out` is `yes`. Write"),
        ("trl: true", "`trl` is true. Write"),
        ("activity: ''", "`activity` cannot be ``."),
        ("topics: {intersects: themes, on: signed_on}", "The list `themes` is not declared."),
        ("any_party: {trl: 4}", "`trl` is not asked of this. Write it outside of quantifiers."),
        ("any_party: {role: lead, share: 1}", "A condition has one key; this one has 2"),
        ("any_of: []", "`any_of` is empty. Write what it should hold."),
        ("any_party: {share: {ge: lots}}", "`ge` is `lots`. Write a number."),
        ("count_ge: {n: 0, of: parties}", "`n` is `0`. Write a number of at least 1."),
        ("share_ge: {share: 1.5, of: parties}", "`share` is `1.5`. Write a number of at most 1."),
        ("share_ge: {share: 0, of: parties}", "`share` is `0`. Write a number above 0."),
        ("count_ge: {n: 2, of: partis}", "`of` cannot be `partis`. Did you mean `parties`?"),
        ("count_ge: {n: 2, of: parties, distinct: cuntry}", "Did you mean `country`?"),
        ("any_person: {any_tie: {period: {overlaps_period: {years: -1}}}}", "of at least 0."),
        ("any_person: {any_tie: {period: {overlaps_period: {years: 5000}}}}", "of at most 100."),
    ],
)
def test_a_slip_in_a_condition_is_told_with_its_place_and_the_nearest_word(
    condition: str, told: str
) -> None:
    problem = _told_of(condition)

    assert problem.startswith("rules.yaml: 1 problem.\n  line 14, ")
    assert told in problem


@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("nationality", "nationality"),
        ("citizenship", "nationality"),
        ("passport_country", "nationality"),
        ("ethnicity", "ethnicity"),
        ("race", "ethnicity"),
        ("religion", "ethnicity"),
        ("name", "name"),
        ("family_name", "name"),
        ("surname", "ethnicity"),
        ("birthplace", "birthplace"),
        ("country_of_birth", "birthplace"),
        ("born_in", "birthplace"),
        ("email", "e-mail domain"),
        ("e_mail_domain", "e-mail domain"),
        ("degree_country", "country of degree"),
        ("alma_mater", "country of degree"),
        ("language", "language"),
        ("mother_tongue", "language"),
    ],
)
def test_no_rule_can_ask_for_a_forbidden_ground_or_what_stands_in_for_it(
    word: str, ground: str
) -> None:
    told = f"`{word}` is about {ground}, on which nothing may be decided."

    assert told in _told_of(f"any_person: {{{word}: XA}}")


@pytest.mark.parametrize("word", ["nation", "trace", "rename_files", "terrace", "stubborn"])
def test_other_words_are_only_unknown(word: str) -> None:
    assert f"`{word}` is not known here." in _told_of(f"any_person: {{{word}: XA}}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"owner": None}, "`owner` is empty. Write a text."),
        ({"version": []}, "`version` is a list. Write a text or a number."),
        ({"policy": "My Policy"}, "Use small letters, digits and single hyphens."),
        ({"rules": []}, "`rules` is empty."),
        ({"expires": "2023-12-31"}, "`expires` lies before the first day, 2024-01-01."),
        ({"colour": "red"}, "`colour` is not known here."),
        ({"lists": {"far": {"of": "country", "dated": "2024-01-01"}}}, "`far` lacks `source`."),
        ({"lists": {"far": {"of": "country", "source": "x"}}}, "`far` lacks `dated`."),
        ({"lists": {"far": {"of": "people", **SAID}}}, "`of` cannot be `people`."),
        ({"lists": {"far": {"of": "country", **SAID}}}, "No condition refers to the list `far`."),
        ({"rules": [rule(), rule()]}, "There are two rules with the id `one`."),
        ({"rules": [rule("one", "deny")]}, "`decision` cannot be `deny`. Did you mean `closed`?"),
        ({"rules": [{"id": "one"}]}, "`rules` number 1 lacks `text`. Add `text`."),
        ({"rules": [rule(expires="2023-01-01")]}, "`expires` lies before the first day"),
    ],
)
def test_a_fault_beside_the_conditions_is_told(change: Doc, told: str) -> None:
    assert told in _told(json.dumps(policy_document(**change), indent=1))


def test_an_exemption_needs_a_basis_and_an_id_of_its_own() -> None:
    exemption = {"id": "small", "text": "Small.", "when": {"trl": 1}}

    assert "`except` number 1 lacks `basis`." in _told(
        json.dumps(policy_document(rule(**{"except": [exemption]})))
    )
    twice = [{**exemption, "basis": "A law."}] * 2
    assert "There are two exemptions with the id `small`." in _told(
        json.dumps(policy_document(rule(**{"except": twice})))
    )


def test_an_obligation_needs_a_kind_that_there_is_a_doer_and_a_day() -> None:
    told = _told(
        json.dumps(
            policy_document(
                rule(obligations=[{"kind": "atest", "text": "A.", "due": {"days": 1.5}}])
            )
        )
    )

    assert "`kind` cannot be `atest`. Did you mean `attest`?" in told
    assert "`obligations` number 1 lacks `by`." in told
    assert "`due` lacks `after`." in told
    assert "`days` is `1.5`. Write a whole number." in told


@pytest.mark.parametrize("text", ["", "# nothing", "- a", "just words", "3"])
def test_a_text_that_is_no_document_says_what_would_be_one(text: str) -> None:
    problem = _told(text)

    assert "line 1, column 1: The document is" in problem
    assert "Write `key: value` pairs; `fourseas policy examples NAME --out DIRECTORY`" in problem


@pytest.mark.parametrize("kind", ["case", "list", "cases", "organizations"])
def test_a_document_of_another_kind_is_told_as_such(kind: str) -> None:
    problem = _told(f"source: invented\n{kind}: one\n")

    assert problem == (
        "rules.yaml: 1 problem.\n"
        f"  line 2, column 1: The document begins a `{kind}`, not a `policy`. "
        "Give the file of the policy."
    )


def test_all_faults_are_told_at_once_in_the_order_of_the_text() -> None:
    problem = _told(
        HEAD.replace("title", "titel").replace("review", "revue") + "    when: {trl: 4}\n"
    )

    lines = problem.splitlines()
    assert lines[0] == "rules.yaml: 3 problems."
    assert [line.split(":")[0] for line in lines[1:]] == [
        "  line 1, column 1",
        "  line 2, column 1",
        "  line 11, column 5",
    ]


def test_what_is_written_in_short_is_what_is_written_out() -> None:
    short = policy(rule(when=[{"activity": "visit"}, {"trl": {"ge": 2, "lt": 5}}]))
    long = policy(
        rule(
            when={
                "all_of": [
                    {"activity": {"eq": "visit"}},
                    {"all_of": [{"trl": {"ge": 2}}, {"trl": {"lt": 5}}]},
                ]
            }
        )
    )

    assert short.rules == long.rules
    assert short.rules[0].when == AllOf(
        (
            Leaf("cases", "activity", Compared("eq", "visit")),
            AllOf(
                (
                    Leaf("cases", "trl", Compared("ge", 2.0)),
                    Leaf("cases", "trl", Compared("lt", 5.0)),
                )
            ),
        )
    )


def test_words_lists_and_values_are_read() -> None:
    near = {"list": "near", "of": "country"}
    read = policy(
        rule(when={"any_party": {"country": {"in_list": "near", "on": "signed_on"}}}),
        rule("two", when={"activity": ["visit", "hosting"]}),
        lists=declared(near),
    )

    country = Leaf("parties", "country", InList("near", "signed_on"))
    assert read.rules[0].when == Quantified("any", "parties", country)
    assert read.rules[1].when == Leaf("cases", "activity", OneOf(("visit", "hosting")))


def _asked(fact: str, sign: Sign, value: Scalar, level: str = "cases") -> Leaf:
    return Leaf(level, fact, Compared(sign, value))


LATE, LATER = dt.date(2024, 3, 1), dt.date(2024, 5, 31)
VALUES = {
    "themes": {"list": "themes", "of": "topic"},
    "firms": {"list": "firms", "of": "organization"},
}


@pytest.mark.parametrize(
    ("when", "read"),
    [
        ({"transfers_out": {"eq": False}}, _asked("transfers_out", "eq", value=False)),
        ({"transfers_out": True}, _asked("transfers_out", "eq", value=True)),
        ({"trl": 4}, _asked("trl", "eq", 4.0)),
        ({"signed_on": "2024-03-01"}, _asked("signed_on", "eq", LATE)),
        (
            {"signed_on": {"between_dates": ["2024-03-01", "2024-05-31"]}},
            AllOf((_asked("signed_on", "ge", LATE), _asked("signed_on", "le", LATER))),
        ),
        (
            {"signed_on": {"gt": "2024-03-01", "lt": "2024-05-31"}},
            AllOf((_asked("signed_on", "gt", LATE), _asked("signed_on", "lt", LATER))),
        ),
        (
            {"activity": {"one_of": ["visit", "hosting"]}},
            Leaf("cases", "activity", OneOf(("visit", "hosting"))),
        ),
        (
            {"any_person": {"any_tie": {"period": "current"}}},
            Quantified(
                "any",
                "people",
                Quantified("any", "ties", Leaf("ties", "period", Overlaps(0, None, None))),
            ),
        ),
        (
            {
                "all_people": {
                    "all_ties": {"period": {"overlaps_period": {"years": 5, "on": "signed_on"}}}
                }
            },
            Quantified(
                "all",
                "people",
                Quantified(
                    "all", "ties", Leaf("ties", "period", Overlaps(5, None, None, "signed_on"))
                ),
            ),
        ),
        (
            {"any_person": {"any_tie": {"period": {"overlaps_period": {"from": "2024-03-01"}}}}},
            Quantified(
                "any",
                "people",
                Quantified("any", "ties", Leaf("ties", "period", Overlaps(None, LATE, None))),
            ),
        ),
        (
            {"topics": {"intersects": "themes", "on": "signed_on"}},
            Quantified("any", "topics", Leaf("topics", "value", InList("themes", "signed_on"))),
        ),
        (
            {"topics": {"subset_of": "themes"}},
            Quantified("all", "topics", Leaf("topics", "value", InList("themes"))),
        ),
        (
            {"funders": {"within_org_tree": "firms"}},
            Quantified(
                "any", "funders", Leaf("funders", "value", InList("firms", within_tree=True))
            ),
        ),
        (
            {"any_party": {"organization": {"within_org_tree": "firms", "on": "signed_on"}}},
            Quantified(
                "any",
                "parties",
                Leaf("parties", "organization", InList("firms", "signed_on", within_tree=True)),
            ),
        ),
        (
            {"document_present": "agreement"},
            Quantified("any", "documents", _asked("value", "eq", "agreement", "documents")),
        ),
        ({"exists": "people"}, Quantified("any", "people", ALWAYS)),
        (
            {"count_ge": {"n": 2, "of": "parties", "distinct": "country"}},
            Quantified("count", "parties", ALWAYS, 2.0, "country"),
        ),
        (
            {"share_ge": {"share": 0.5, "of": "parties", "where": {"role": "lead"}}},
            Quantified("share", "parties", _asked("role", "eq", "lead", "parties"), 0.5),
        ),
        ({"not": {"trl": 4}}, Not(_asked("trl", "eq", 4.0))),
        (
            {"any_of": [{"trl": 4}, {"transfers_out": True}]},
            AnyOf((_asked("trl", "eq", 4.0), _asked("transfers_out", "eq", value=True))),
        ),
        ({"any_of": [{"trl": 4}]}, _asked("trl", "eq", 4.0)),
    ],
)
def test_every_form_is_read_as_what_it_means(when: Doc, read: Condition) -> None:
    lists = declared(*(one for name, one in VALUES.items() if f"'{name}'" in str(when)))

    assert policy(rule(when=when), lists=lists).rules[0].when == read


def test_a_tree_is_walked_from_the_outside_in_the_order_of_the_text() -> None:
    inner = {"any_tie": {"all_of": [{"kind": "patent"}, {"disclosed": True}]}}
    when = [{"not": {"any_person": inner}}, {"any_of": [{"trl": 4}, {"purpose": "health"}]}]
    read = policy(rule(when=when)).rules[0].when

    assert [getattr(node, "fact", node.level) for node in all_nodes(read)] == [
        "people",
        "ties",
        "kind",
        "disclosed",
        "trl",
        "purpose",
    ]
    assert [leaf.fact for leaf in leaves(read)] == ["kind", "disclosed", "trl", "purpose"]


def test_a_year_after_a_leap_day_is_the_first_of_march() -> None:
    leap = dt.date(2024, 2, 29)

    assert years_after(leap, 1) == dt.date(2025, 3, 1)
    assert years_after(leap, 4) == dt.date(2028, 2, 29)
    assert years_after(dt.date(2024, 6, 30), 2) == dt.date(2026, 6, 30)


def test_a_basis_is_said_in_one_line() -> None:
    whole = Basis(source="A law", article="Art. 3", url="https://a.b", date=LATE)

    assert str(whole) == "A law, Art. 3, 2024-03-01, https://a.b"
    assert str(Basis(source="A law")) == "A law"
    of = policy(rule(), rule("two", "closed"))
    assert of.rule("two").decision == "closed"
    assert len(of.conditions) == 1 + 2 * 2


def test_a_policy_is_the_same_wherever_its_rules_are_written() -> None:
    near = {"list": "near", "of": "country"}
    when = [{"any_party": {"country": {"in_list": "near"}}}, {"trl": 4}]
    document = policy_document(rule(when=when), rule("two"), lists=declared(near))
    short, long = (read_policy(json.dumps(document, indent=indent)) for indent in (None, 2))

    assert short == long
    assert short.rules[0].place != long.rules[0].place
    assert short.lists[0].place != long.lists[0].place


def test_a_policy_or_rule_may_apply_on_a_single_day() -> None:
    of = policy(rule(expires="2024-01-01"), expires="2024-01-01")

    assert of.valid_from == of.expires == of.rules[0].expires
    later = policy(rule(valid_from="2024-02-01", expires="2024-02-01"))
    assert later.rules[0].valid_from == later.rules[0].expires
    before = policy_document(rule(valid_from="2024-02-01", expires="2024-01-31"))
    assert "`expires` lies before the first day, 2024-02-01." in _told(json.dumps(before))
