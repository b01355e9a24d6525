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
