"""`/policy`: read, check and try openness policies; nothing that is pasted here is kept."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from functools import cache
from importlib import resources
from pathlib import Path

import ibis

from fourseas import named_lists
from fourseas.errors import UnknownNameError
from fourseas.policy.case import Case, read_case, read_cases
from fourseas.policy.check import check, check_all
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.lint import lint, mirrors
from fourseas.policy.lists import read_list, read_tree
from fourseas.policy.markdown import finding_sections
from fourseas.policy.wording import words
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Heading, Reading
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
    pasted = asked.first("policy")
    if pasted is not None:
        return _pasted(opened, asked, pasted)
    listed = [_example(place) for place in _places()]
    rows: list[dict[str, object]] = [
        {
            "name": place.name,
            "title": policy.title,
            "rules": len(policy.rules),
            "cases": len(cases),
        }
        for place, (policy, cases, _) in zip(_places(), listed, strict=True)
    ]
    card = Card(
        title="Openness policies: read, check, try",
        lead=(NO_ADVICE, NOTHING_KEPT),
        sheets=(_sheet("policies", "Examples to start from.", POLICIES, rows),),
        sources=(),
        citation="`fourseas policy` does the same on files, and records decisions.",
    )
    return View(
        card=card,
        section="Policy",
        forms=(_desk("", "", ""),),
        rows_lead_to={"policies": "/policy/"},
    )


def policy(_opened: Opened, asked: Asked, name: str) -> View:
    """Return an example: its rules and remarks, and what it finds of a case of its own."""
    known = {place.name: place for place in _places()}
    if name not in known:
        raise UnknownNameError.of("policy", name, known)
    example, cases, sources = _example(known[name])
    found = check_all(example, cases, sources, ibis.duckdb.connect())
    labels = {case.label: finding for case, finding in zip(cases, found, strict=True)}
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
            example, _today(), _sheet("cases", "What it finds of its cases.", CASES, rows)
        ),
        section="Policy",
        forms=(_desk(text, "", name),),
        rows_lead_to={"cases": f"/policy/{name}?case="},
        passages=_told(labels[chosen]) if chosen else (),
        steps=(("/policy", "All policies"),),
    )


def _pasted(opened: Opened, asked: Asked, text: str) -> View:
    """Return what a pasted policy says, and what it finds of a pasted case."""
    read = read_policy(text)
    named = asked.first("lists") or ""
    case = asked.first("try") or ""
    passages: tuple[tuple[str, str], ...] = ()
    if case:
        beside = {place.name: place for place in _places()}.get(named)
        held = _sources(beside)
        of_lake = named_lists.policy_texts(opened.ws.lake.root, read.lists)
        lists = {
            one.list_id: one
            for one in (read_list(text, name, _names()) for name, text in of_lake.items())
        }
        sources = Sources(lists={**lists, **held.lists}, tree=held.tree)
        finding = check(read, read_case(case, "case", _names()), sources, ibis.duckdb.connect())
        passages = _told(finding)
    return View(
        card=policy_card(read, _today()),
        section="Policy",
        forms=(_desk(text, case, named),),
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


def _desk(text: str, case: str, lists: str) -> Form:
    options = (("", "of this lake alone"), *((one.name, one.name) for one in _places()))
    return Form(
        action="/policy",
        method="post",
        verb="Read it",
        inputs=(
            Input(name="policy", label="A policy, in YAML", value=text, kind="area"),
            Input(name="try", label="A case to try, if any", value=case, kind="area"),
            Input(name="lists", label="Lists", value=lists, options=options),
        ),
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


@cache
def _places() -> tuple[Path, ...]:
    """Return the directories of the examples, by name."""
    root = Path(str(resources.files("fourseas") / "policy" / "examples"))
    return tuple(sorted(place.parent for place in root.glob("*/policy.yaml")))


@cache
def _example(place: Path) -> tuple[Policy, tuple[Case, ...], Sources]:
    policy = read_policy((place / "policy.yaml").read_text(encoding="utf-8"), place.name)
    cases = read_cases((place / "cases.yaml").read_text(encoding="utf-8"), place.name, _names())
    return policy, cases, _sources(place)


def _sources(place: Path | None) -> Sources:
    """Return the lists and organizations that stand beside an example."""
    if place is None:
        return Sources(lists={})
    lists = [
        read_list(file.read_text(encoding="utf-8"), file.name, _names())
        for file in sorted((place / "lists").glob("*.yaml"))
    ]
    tree = place / "organizations.yaml"
    return Sources(
        lists={one.list_id: one for one in lists},
        tree=read_tree(tree.read_text(encoding="utf-8"), tree.name) if tree.is_file() else None,
    )


@cache
def _names() -> dict[str, dict[str, str]]:
    """Return the names of topics of OpenAlex and of countries, from the embedded registers."""
    embedded = resources.files("fourseas") / "embedded"
    topics = gzip.decompress((embedded / "openalex" / "topics.jsonl.gz").read_bytes()).decode()
    countries = (embedded / "countries" / "countries.csv").read_text(encoding="utf-8")
    return {
        "topic": {
            topic["id"].rpartition("/")[2]: topic["display_name"]
            for topic in map(json.loads, topics.splitlines())
        },
        "country": {row["iso2"]: row["name"] for row in csv.DictReader(io.StringIO(countries))},
    }
