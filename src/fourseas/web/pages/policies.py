"""`/policy`: read, check and try openness policies; nothing that is pasted here is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import ibis

from fourseas.errors import UnknownNameError
from fourseas.policy.case import read_case
from fourseas.policy.check import check
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Finding
from fourseas.policy.lint import lint, mirrors
from fourseas.policy.markdown import finding_sections
from fourseas.policy.wording import words
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Heading, Reading
from fourseas.web.pages import decisions
from fourseas.web.pages.cases import ADDRESS
from fourseas.web.pages.policy_papers import Papers, example, findings, names, papers, places
from fourseas.web.pages.recorded_policies import (
    PREFIX,
    RecordedPolicy,
    recorded_policies,
    recorded_policy,
    text_of,
)
from fourseas.web.pages.simulations import counting_form
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View

NO_ADVICE = (
    "Policies that come with fourseas are illustrations after published rules, not legal advice. "
    "A finding is what the rules say of the facts given: a named person decides."
)
NOTHING_KEPT = "What is pasted here is read on this machine, answered, and forgotten."
POLICIES = (
    Heading("name", "policy"),
    Heading("title", "title"),
    Heading("rules", "rules", "count"),
    Heading("cases", "cases", "count"),
)
RECORDED = (
    Heading("name", "policy"),
    Heading("title", "title"),
    Heading("policy", "which"),
    Heading("findings", "findings", "count"),
    Heading("lists", "with the lists of then"),
)
RULES = (
    Heading("rule", "rule"),
    Heading("text", "what it says"),
    Heading("decision", "decision"),
    Heading("mirror", "if the partner adopted it"),
)
CASES = (
    Heading("case", "case"),
    Heading("finding", "finding"),
    Heading("rules", "rules that hold"),
    Heading("questions", "open questions", "count"),
)
REMARKS = (
    Heading("place", "where"),
    Heading("severity", "severity"),
    Heading("problem", "remark"),
    Heading("remedy", "what to do"),
)


def policies(opened: Opened, asked: Asked) -> View:
    """Return the examples; or what was pasted: what it says, remarks, and a case if one is."""
    given = papers(asked)
    if given.policy:
        return _pasted(opened, given, asked.first("try") or "")
    rows: list[dict[str, object]] = [
        {
            "name": place.name,
            "title": policy.title,
            "rules": len(policy.rules),
            "cases": len(cases),
        }
        for place, (policy, cases, _) in ((place, example(place)) for place in places())
    ]
    lake = opened.ws.lake.root
    recorded = recorded_policies(lake)
    card = Card(
        title="Openness policies: read, check, try",
        lead=(NO_ADVICE, NOTHING_KEPT),
        sheets=(
            *((_recorded_sheet(recorded),) if recorded else ()),
            _sheet("policies", "Examples to start from.", POLICIES, rows),
        ),
        sources=(),
        citation="`fourseas policy` does the same on files, and records decisions.",
    )
    return View(
        card=card,
        section="Policy",
        forms=(_desk(lake, given, ""),),
        steps=((decisions.ADDRESS, "Latest decisions and duties"),),
        rows_lead_to={"policies": "/policy/", "recorded": "/policy/"},
    )


def policy(opened: Opened, asked: Asked, name: str) -> View:
    """Return a policy by name: its rules and remarks; an example finds cases of its own."""
    lake = opened.ws.lake.root
    if name.startswith(PREFIX):
        return _recorded(lake, name)
    known = {place.name: place for place in places()}
    if name not in known:
        raise UnknownNameError.of("policy", name, known)
    read, _, _ = example(known[name])
    labels = findings(known[name])
    chosen = asked.first("case")
    if chosen is not None and chosen not in labels:
        raise UnknownNameError.of("case", chosen, labels)
    rows: list[dict[str, object]] = [
        {
            "case": label,
            "finding": words(finding.outcome),
            "rules": ", ".join(rule.rule_id for rule in finding.rules) or "-",
            "questions": len(finding.questions),
        }
        for label, finding in labels.items()
    ]
    text = (known[name] / "policy.yaml").read_text(encoding="utf-8")
    return View(
        card=policy_card(
            read, _today(), _sheet("cases", "What it finds of its cases.", CASES, rows)
        ),
        section="Policy",
        forms=(
            counting_form(lake, Papers(policy="", beside=name, lists="")),
            _asking(Papers(policy="", beside=name, lists="")),
            _desk(lake, Papers(policy=text, beside=name, lists=""), ""),
        ),
        rows_lead_to={"cases": f"/policy/{name}?case="},
        passages=_told(labels[chosen]) if chosen else (),
        steps=(("/policy", "All policies"),),
    )


def _recorded(lake: Path, name: str) -> View:
    """Return a policy as it was when something was found by it."""
    one = recorded_policy(lake, name)
    given = Papers(policy="", beside=name, lists="")
    read, sources = given.read(lake)
    card = policy_card(read, _today())
    lists = [
        f"List {listed.list_id}: members: {len(listed.members):,}, of {listed.dated} "
        f"({listed.source})."
        for listed in sources.lists.values()
        if listed.list_id in one.lists
    ]
    return View(
        card=replace(card, lead=(f"As it was in record {one.seq}.", *card.lead), sources=(*lists,)),
        section="Policy",
        forms=(
            counting_form(lake, given),
            _asking(given),
            _desk(lake, Papers(policy=text_of(lake, one), beside=name, lists=""), ""),
        ),
        steps=((decisions.ADDRESS, "Latest decisions and duties"), ("/policy", "All policies")),
    )


def _recorded_sheet(recorded: tuple[RecordedPolicy, ...]) -> Sheet:
    """Return policies by which something was found here."""
    rows: list[dict[str, object]] = [
        {
            "name": one.name,
            "title": one.title,
            "policy": f"{one.policy_id}, version {one.version}",
            "findings": one.n_findings,
            "lists": ", ".join(one.lists) or "-",
        }
        for one in recorded
    ]
    return _sheet("recorded", "Policies by which something was found here.", RECORDED, rows)


def _pasted(opened: Opened, given: Papers, case: str) -> View:
    """Return what a pasted policy says, and what it finds of a pasted case."""
    read = read_policy(given.policy)
    lake = opened.ws.lake.root
    passages: tuple[tuple[str, str], ...] = ()
    if case:
        read, sources = given.read(lake)
        finding = check(read, read_case(case, "case", names()), sources, ibis.duckdb.connect())
        passages = _told(finding)
    return View(
        card=policy_card(read, _today()),
        section="Policy",
        forms=(counting_form(lake, given), _asking(given), _desk(lake, given, case)),
        passages=passages,
    )


def policy_card(of: Policy, today: dt.date, *more: Sheet) -> Card:
    """Return the rules of a policy and the remarks on it."""
    mirrored = dict(mirrors(of))
    rules: list[dict[str, object]] = [
        {
            "rule": rule.rule_id,
            "text": rule.text,
            "decision": words(rule.decision),
            "mirror": mirrored.get(rule.rule_id, "-"),
        }
        for rule in of.rules
    ]
    remarks: list[dict[str, object]] = [
        {
            "place": str(remark.place),
            "severity": remark.severity,
            "problem": remark.problem,
            "remedy": remark.remedy,
        }
        for remark in lint(of, today)
    ]
    listed = (_sheet("remarks", f"{len(remarks)} remarks on it.", REMARKS, remarks),)
    return Card(
        title=of.title,
        lead=(
            f"{of.policy_id}, version {of.version}; owner: {of.owner}.",
            *((of.banner,) if of.banner else ()),
            NO_ADVICE,
        ),
        sheets=(
            *more,
            _sheet("rules", "What its rules say, and what their mirror would.", RULES, rules),
            *(listed if remarks else ()),
        ),
        sources=(),
        citation="`fourseas policy` does the same on files, and records decisions.",
    )


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()


def _told(finding: Finding) -> tuple[tuple[str, str], ...]:
    return tuple((part.title, "\n".join(part.lines)) for part in finding_sections(finding))


def _asking(given: Papers) -> Form:
    """Return the form that leads to the questions of a policy."""
    return Form(
        action=ADDRESS,
        method="post" if given.is_pasted else "get",
        verb="Enter a case, question by question",
        inputs=given.hidden,
    )


def _desk(lake: Path, given: Papers, case: str) -> Form:
    case_input = Input(name="try", label="A case to try, if any", value=case, kind="area")
    return Form(
        action="/policy",
        method="post",
        verb="Read it",
        inputs=(*given.inputs(lake), case_input),
    )


def _sheet(
    name: str, title: str, headings: tuple[Heading, ...], rows: list[dict[str, object]]
) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        headings=headings,
        rows=rows,
        reading=Reading(
            definition="docs/policy-vocabulary.md says what each word of a policy means.",
            counting="Nothing is counted.",
            source="The text of the policy.",
            n=f"{len(rows)} rows.",
            bounds="What is not known stays open: no fact is assumed.",
            coverage="All of it.",
        ),
    )
