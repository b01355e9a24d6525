"""Policies for committees and findings for people: all is there, and nothing in it is markup."""

from __future__ import annotations

import html
import json
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fourseas.cli.policies import read_example
from fourseas.policy.markdown import escaped, finding_markdown, finding_text, policy_markdown
from fourseas.policy.mirror import mirror
from fourseas.policy.records import finding_record
from tests.policy.documents import Doc, declared, found, policy, rule, sources

ROOT = Path(str(resources.files("fourseas") / "policy" / "examples"))
EXAMPLES = sorted(place.parent for place in ROOT.glob("*/policy.yaml"))
HOSTILE = "# <script>alert('x')</script> | [a](javascript:b) *b* `c` &lt; _d_\n- e\n1. f"


@pytest.mark.parametrize("place", EXAMPLES, ids=lambda place: place.name)
def test_a_committee_reads_every_rule_with_text_basis_duties_and_mirror(place: Path) -> None:
    of, _, _ = read_example(place)
    text = policy_markdown(of)

    for one in of.rules:
        begin = text.index(f"### {one.rule_id}: ")
        end = text.find("\n### ", begin)
        part = text[begin : end if end > 0 else None]
        assert escaped(one.text) in part
        assert escaped(str(one.basis or of.basis)) in part
        assert mirror(one) in part
        for duty in one.obligations:
            assert escaped(duty.text) in part
            assert f"Who: {escaped(duty.by)}" in part
        for exemption in one.exemptions:
            assert f"({exemption.exemption_id}): {escaped(exemption.text)}" in part
            assert f"Basis: {escaped(str(exemption.basis))}" in part
    for listed in of.lists:
        assert f"- `{listed.list_id}`: {escaped(listed.title)}" in text
        assert str(listed.dated) in text


def test_a_condition_is_a_list_apart_from_what_follows_it() -> None:
    text = policy_markdown(policy(rule(when=[{"trl": {"ge": 4}}, {"activity": "visit"}])))

    assert (
        "**When** all of these:\n\n"
        "- the technology readiness level is at least 4\n"
        "- the activity is visit\n\n"
        "* **Basis:** not given\n"
    ) in text


def _hostile_policy() -> Doc:
    return {
        "title": HOSTILE,
        "owner": HOSTILE,
        "basis": HOSTILE,
        "appeal": HOSTILE,
        "banner": HOSTILE,
        "about": HOSTILE,
        "cost_of_not_acting": HOSTILE,
    }


def _hostile_rule() -> Doc:
    return rule(
        text=HOSTILE,
        when={"any_party": {"organization": {"in_list": "firms"}}},
        obligations=[{"kind": "attest", "text": HOSTILE, "by": HOSTILE, "evidence": HOSTILE}],
        **{"except": [{"id": "small", "text": HOSTILE, "basis": HOSTILE, "when": {"trl": 1}}]},
        proportionality={"aim": HOSTILE},
    )


FIRMS = {
    "list": "firms",
    "of": "organization",
    "title": HOSTILE,
    "members": [{"id": "invented:ash", "name": HOSTILE, "confidence": 0.5}],
}


def test_hostile_text_stays_text() -> None:
    of = policy(_hostile_rule(), lists=declared(FIRMS), **_hostile_policy())
    party = {"organization": "invented:ash", "organization_name": HOSTILE}
    facts = {"case": HOSTILE, "source": HOSTILE, "parties": [party], "trl": 2}
    finding = found(of, facts, sources(FIRMS))

    for text in (policy_markdown(of), finding_markdown(finding)):
        page = MarkdownIt("commonmark").enable("table").render(text)
        assert page.count("<h1>") == 1
        for tag in ("<script", "<a ", "<em>", "<ol>\n<li>f", "<code>c", "<li>e"):
            assert tag not in page
        assert " ".join(HOSTILE.split()) in html.unescape(page)
        assert {row.count("<td>") for row in page.split("<tr>")[2:]} <= {2}
    lines = finding_text(finding).splitlines()
    assert not any(line.startswith(("- e", "1. f")) for line in lines)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))))
def test_escaped_text_loses_no_sign_and_unescaped_is_what_was_written(text: str) -> None:
    told = escaped(text)

    unescaped = ""
    signs = iter(told)
    for sign in signs:
        unescaped += next(signs) if sign == "\\" else sign
    assert unescaped == " ".join(text.split())


def test_text_markdown_and_record_say_the_same() -> None:
    of = policy(
        rule("high", "closed", when={"trl": {"ge": 7}}, basis="A law", appeal="To the board"),
        rule("mid", "review", when={"activity": "visit"}),
        banner="An illustration",
    )
    finding = found(of, {"activity": "visit"})
    record = finding_record(finding)

    assert record["finding"] == "needs_information"
    assert (record["at_least"], record["at_most"]) == ("review", "closed")
    assert record == json.loads(json.dumps(record))
    for text in (finding_text(finding), finding_markdown(finding)):
        assert "Case asked: NEEDS INFORMATION: at least review, at most closed" in text
        assert "An illustration" in text
        assert "high (closed): Rule high. Basis: A law. Appeal: To the board." in text
        assert "mid (review): Rule mid. No basis is given." in text
        assert "1. What is the technology readiness level of the case?" in text
        assert "A named person decides." in text
        assert "activity: visit" in text


NEAR = {"list": "near", "of": "country"}
OWED: list[Doc] = [
    {"kind": "attest", "text": "Attest it", "by": "lead", "due": "2024-07-01", "evidence": "form"},
    {"kind": "training", "text": "Learn.", "by": "all", "due": {"days": -14, "after": "starts_on"}},
    {"kind": "disclose", "text": "Tell.", "by": "all", "due": {"days": 0, "after": "date"}},
    {"kind": "disclose", "text": "Tell.", "by": "all", "due": {"days": 0, "after": "ends_on"}},
    {"kind": "disclose", "text": "Tell.", "by": "all", "due": {"days": 1, "after": "date"}},
    {"kind": "disclose", "text": "Tell it.", "by": "all"},
]
ONE = rule(
    "one",
    "closed",
    when={"any_party": {"country": {"in_list": "near"}}},
    scope={"activity": "visit"},
    owner="The board",
    basis={"source": "A law", "article": "3"},
    appeal="To a court",
    valid_from="2024-02-01",
    expires="2024-12-31",
    review_by="2024-11-30",
    obligations=OWED,
    proportionality={
        "aim": "An aim.",
        "suitable": "It serves.",
        "least_restrictive_considered": "A duty.",
        "expected_cost_ref": "A study.",
    },
    reciprocity={"mirror": "yes", "partner_rule_ref": "Their law."},
    **{"except": [{"id": "small", "text": "Small", "basis": "A law", "when": {"trl": 1}}]},
)
WHOLE: Doc = {
    "lists": declared(NEAR),
    "expires": "2025-12-31",
    "review_by": "2025-06-30",
    "basis": "A treaty",
    "appeal": "To the office",
    "banner": "A draft",
    "about": "About it.",
    "cost_of_not_acting": "2024-01-01: small",
    "scope": {"trl": {"ge": 4}},
}
READ = """\
# A small policy

> A draft

About it.

| | |
| --- | --- |
| Owner | The office |
| Version | 1 |
| In force | from 2024-01-01 until 2025-12-31 |
| Review by | 2025-06-30 |
| Basis | A treaty |
| Appeal | To the office |
| Cost of not acting, as the owner sees it | 2024-01-01: small |

**It is about cases where** the technology readiness level is at least 4

What no rule touches is open. Where several hold, the strictest decides.

## Lists

- `near`: near (country), invented, of 2024-01-01

## Rules

### one: closed

Rule one.

**Scope** the activity is visit

**When** some party whose country is on the list `near`

* **Except** (small): Small. When the technology readiness level is 1. Basis: A law.
* **Obligation** (attest): Attest it. Who: lead; due 2024-07-01. Evidence: form.
* **Obligation** (training): Learn. Who: all; due 14 days before the start.
* **Obligation** (disclose): Tell. Who: all; due on the day of the finding.
* **Obligation** (disclose): Tell. Who: all; due on the day of the end.
* **Obligation** (disclose): Tell. Who: all; due 1 day after the day of the finding.
* **Obligation** (disclose): Tell it. Who: all; due at no set day.
* **Basis:** A law, 3
* **Appeal:** To a court
* **Owner:** The board
* **In force:** from 2024-02-01 until 2024-12-31
* **Review by:** 2024-11-30
* **Aim:** An aim.
* **Why it serves the aim:** It serves.
* **Milder measure weighed:** A duty.
* **Expected cost:** A study.
* **The partner's own rule:** Their law.
* **Mirror:** work with the owner would be closed for the partner; where `near` is read, the \
partner's list would name the owner's side. The owner accepts it.

### two: open

Rule two.

**When** the technology readiness level is 3

* **Basis:** A treaty
* **Appeal:** To the office
* **Owner:** The office
* **In force:** until 2024-12-31
* **Mirror:** work with the owner would be open for the partner. The owner has not said whether \
it would be accepted.
"""


def test_all_that_a_policy_says_is_read_in_its_order() -> None:
    two = rule("two", "open", when={"trl": 3}, expires="2024-12-31")

    assert policy_markdown(policy(ONE, two, **WHOLE)) == READ


def test_what_a_policy_does_not_say_is_told_where_it_is_looked_for() -> None:
    text = policy_markdown(policy(rule(when={"activity": "visit"})))

    for said in (
        "| In force | from 2024-01-01 |",
        "| Review by | not set |",
        "| Basis | not given |",
        "| Appeal | not given |",
        "| Cost of not acting, as the owner sees it | not stated |",
        "* **Basis:** not given\n* **Owner:** The office\n* **Mirror:**",
    ):
        assert said in text
    assert "## Lists" not in text
    assert "It is about cases where" not in text


def test_duties_say_who_by_when_and_whose_rule() -> None:
    of = policy(ONE, rule("two", when={"transfers_out": True}, obligations=OWED[:1]), **WHOLE)
    facts = {"activity": "visit", "parties": [{"country": "XA"}], "trl": 5, "complete": ["parties"]}
    near = {**NEAR, "members": [{"id": "XA"}]}
    text = finding_text(found(of, facts, sources(near)))

    for said in (
        "  attest: Attest it. Who: lead; by 2024-07-01 (rule one, owner The board). Evidence: ",
        "Learn. Who: all; due 14 days before the start, a day that the case does not give (rule ",
        "  disclose: Tell. Who: all; by 2024-06-01 (rule one, owner The board).",
        "  disclose: Tell. Who: all; by 2024-06-02 (rule one, owner The board).",
        "  disclose: Tell it. Who: all; no day set (rule one, owner The board).",
        "  possible, if the rule holds: attest: Attest it. Who: lead; by 2024-07-01 (rule two, ",
        "  one (closed): Rule one. Basis: A law, 3. Appeal: To a court.",
        "  party 1, country: XA [the form] - is on the list `near`? yes",
        "  activity: visit [the form] - is visit? yes",
    ):
        assert said in text


def test_exemptions_matches_and_questions_are_told_in_their_parts() -> None:
    listed = rule("listed", when={"any_party": {"organization": {"within_org_tree": "firms"}}})
    exempt = rule("high", "closed", when={"trl": {"ge": 4}}, **{"except": ONE["except"]})
    exempt["except"][0]["when"] = {"basic_research": True}
    parties = [{"organization": one} for one in ("invented:elm", "invented:oak")]
    firms: Doc = {
        "list": "firms",
        "of": "organization",
        "members": [
            {"id": "invented:ash", "name": "Ash"},
            {"id": "invented:oak", "name": "Oak", "confidence": 0.7},
        ],
    }
    tree = {"invented:elm": ["invented:ash"], "invented:oak": []}
    facts = {"parties": parties, "trl": 5, "basic_research": True}
    finding = found(policy(listed, exempt, lists=declared(firms)), facts, sources(firms, tree=tree))
    text = finding_text(finding)

    for said in (
        "Case asked: REVIEW\n",
        "  Policy: A small policy (small, version 1), owner The office.\n",
        "  high does not apply, by small: Small. (basis: A law)\n",
        "  party 1: invented:elm through invented:ash is on the list `firms` as Ash (confirmed)\n",
        "  party 2: invented:oak is on the list `firms` as Oak (possible, not confirmed, ",
        ", confidence 0.70)\n",
    ):
        assert said in text
    assert "Questions" not in text
    page = finding_markdown(finding)
    assert page.startswith("# Case asked: REVIEW\n\nPolicy: A small policy (small, version 1)")
    assert (
        "\n\n## Rules that hold\n\n- listed (review): Rule listed. No basis is given.\n\n" in page
    )
