"""Policies for committees and findings for people, as Markdown; findings as plain text too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fourseas.policy.document import Due, Obligation, Policy, Rule
from fourseas.policy.finding import Duty, FactUsed, Finding, Match
from fourseas.policy.grammar import ALWAYS, Condition
from fourseas.policy.mirror import mirror
from fourseas.policy.outline import outline
from fourseas.policy.vocabulary import LEVELS, MEANINGS, NEEDS_INFORMATION
from fourseas.policy.wording import ended, sentence, words

MARKUP = re.compile(r"[\\`*\[\]<|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
BEGINS_A_BLOCK = re.compile(r"^([-+=>#]|\d+(?=[.)]))")

TOOL_FINDS = "This is what the rules say of the facts given. A named person decides."


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; each line is one entry."""

    title: str
    lines: tuple[str, ...]
    is_numbered: bool = False


def escaped(text: str) -> str:
    """Return what somebody wrote as one line of Markdown in which nothing is markup."""
    line = MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return BEGINS_A_BLOCK.sub(lambda found: _begun(found.group()), line)


def _begun(sign: str) -> str:
    """Return what begins a heading, list or quotation as plain text."""
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def finding_sections(finding: Finding) -> tuple[Section, ...]:
    """Return a finding in parts, those that have nothing to say left out."""
    at_least, at_most = words(finding.at_least), words(finding.at_most)
    verdict = words(finding.outcome).upper()
    if finding.outcome == NEEDS_INFORMATION:
        verdict += f": at least {at_least}, at most {at_most}"
    policy = finding.policy
    smallest = "" if finding.is_smallest else " (these settle it; fewer might)"
    owners = {rule.rule_id: rule.owner or policy.owner for rule in policy.rules}
    parts = (
        Section(
            f"Case {finding.case_label}: {verdict}",
            (
                (
                    f"Policy: {policy.title} ({policy.policy_id}, version {policy.version}), "
                    f"owner {policy.owner}."
                ),
                MEANINGS[finding.outcome],
                *finding.notes,
                TOOL_FINDS,
            ),
        ),
        Section("Rules that hold", tuple(_rule(rule, policy) for rule in finding.rules)),
        Section(
            "Rules that may hold", tuple(_rule(rule, policy) for rule in finding.possible_rules)
        ),
        Section(
            "Exemptions that apply",
            tuple(
                f"{rule.rule_id} does not apply, by {one.exemption_id}: {ended(one.text)} "
                f"(basis: {one.basis})"
                for rule, one in finding.exempted
            ),
        ),
        Section(
            f"Questions that settle it{smallest}",
            finding.questions,
            is_numbered=True,
        ),
        Section("Matches with lists", tuple(_match(one) for one in finding.matches)),
        Section("Obligations", tuple(_duty(one, owners) for one in finding.duties)),
        Section("Nearest change", finding.changes),
        Section("Facts used", tuple(_fact(one) for one in finding.facts)),
        Section("Lists and registers read", finding.lists_read),
    )
    return tuple(part for part in parts if part.lines)


def finding_text(finding: Finding) -> str:
    """Return a finding as plain text."""
    blocks = []
    for part in finding_sections(finding):
        lines = (" ".join(line.split()) for line in part.lines)
        if part.is_numbered:
            lines = (f"{number}. {line}" for number, line in enumerate(lines, start=1))
        title = " ".join(part.title.split())
        blocks.append("\n".join([title, *(f"  {line}" for line in lines)]))
    return "\n\n".join(blocks) + "\n"


def finding_markdown(finding: Finding) -> str:
    """Return a finding as Markdown."""
    first, *rest = finding_sections(finding)
    blocks = ["\n\n".join([f"# {escaped(first.title)}", *map(escaped, first.lines)])]
    for part in rest:
        mark = "1." if part.is_numbered else "-"
        lines = (f"{mark} {escaped(line)}" for line in part.lines)
        blocks.append("\n".join([f"## {part.title}", "", *lines]))
    return "\n\n".join(blocks) + "\n"


def _rule(rule: Rule, policy: Policy) -> str:
    basis = rule.basis or policy.basis
    appeal = rule.appeal or policy.appeal
    parts = [f"{rule.rule_id} ({words(rule.decision)}): {ended(rule.text)}"]
    parts.append(f"Basis: {basis}." if basis else "No basis is given.")
    if appeal:
        parts.append(f"Appeal: {appeal}.")
    return " ".join(parts)


def _duty(duty: Duty, owners: dict[str, str]) -> str:
    obligation = duty.obligation
    if duty.due_on is not None:
        due = f"by {duty.due_on}"
    elif duty.waits_for is not None:
        due = f"due {_due(obligation.due)}, a day that the case does not give"
    else:
        due = "no day set"
    possible = "possible, if the rule holds: " if duty.is_possible else ""
    return (
        f"{possible}{words(obligation.kind)}: {ended(obligation.text)} Who: {obligation.by}; {due} "
        f"(rule {duty.rule_id}, owner {owners[duty.rule_id]}).{_evidence(obligation)}"
    )


def _evidence(obligation: Obligation) -> str:
    return f" Evidence: {obligation.evidence}." if obligation.evidence else ""


def _due(due: Due | None) -> str:
    if due is None or due.after is None:
        return str(due.on) if due else "at no set day"
    event = LEVELS["cases"].fact(due.after).spoken
    if not due.days:
        return f"on the {event}" if event.startswith("day ") else f"on the day of the {event}"
    n = abs(due.days)
    side = "after" if due.days > 0 else "before"
    return f"{n} day{'' if n == 1 else 's'} {side} the {event}"


def _match(match: Match) -> str:
    sure = "" if match.confidence is None else f", confidence {match.confidence:.2f}"
    state = "possible, not confirmed" if match.is_possible else "confirmed"
    through = f" through {match.through}" if match.through else ""
    return (
        f"{match.about}: {match.organization_id}{through} is on the list `{match.list_id}` as "
        f"{match.listed_as} ({state}{sure})"
    )


def _fact(fact: FactUsed) -> str:
    tests = "; ".join(f"{said}? {answer}" for said, answer in fact.tests)
    about = "" if fact.about == "the case" else f"{fact.about}, "
    return f"{about}{fact.fact}: {fact.value} [{fact.source}] - {tests}"


def policy_markdown(policy: Policy) -> str:
    """Return a policy as a committee reads it: each rule with basis, duties, appeal and mirror."""
    return "\n\n".join(_policy_blocks(policy)) + "\n"


def _policy_blocks(policy: Policy) -> Iterator[str]:
    yield f"# {escaped(policy.title)}"
    if policy.banner:
        yield f"> {escaped(policy.banner)}"
    if policy.about:
        yield escaped(policy.about)
    until = f" until {policy.expires}" if policy.expires else ""
    rows = [
        ("Owner", policy.owner),
        ("Version", policy.version),
        ("In force", f"from {policy.valid_from}{until}"),
        ("Review by", str(policy.review_by) if policy.review_by else "not set"),
        ("Basis", str(policy.basis) if policy.basis else "not given"),
        ("Appeal", policy.appeal or "not given"),
        ("Cost of not acting, as the owner sees it", policy.cost_of_not_acting or "not stated"),
    ]
    yield "\n".join(
        ["| | |", "| --- | --- |", *(f"| {name} | {escaped(text)} |" for name, text in rows)]
    )
    if policy.scope != ALWAYS:
        yield _outlined("It is about cases where", policy.scope)
    yield "What no rule touches is open. Where several hold, the strictest decides."
    if policy.lists:
        entries = [
            f"- `{one.list_id}`: {escaped(f'{one.title} ({one.of}), {one.source}, of {one.dated}')}"
            for one in policy.lists
        ]
        yield "\n".join(["## Lists", "", *entries])
    yield "## Rules"
    for rule in policy.rules:
        yield from _rule_blocks(rule, policy)


def _rule_blocks(rule: Rule, policy: Policy) -> Iterator[str]:
    yield f"### {rule.rule_id}: {words(rule.decision)}"
    yield escaped(rule.text)
    if rule.scope != ALWAYS:
        yield _outlined("Scope", rule.scope)
    yield _outlined("When", rule.when)
    lines = [
        f"* **Except** ({one.exemption_id}): {escaped(ended(one.text))} When {sentence(one.when)}. "
        f"Basis: {escaped(str(one.basis))}."
        for one in rule.exemptions
    ]
    lines += [
        f"* **Obligation** ({words(one.kind)}): "
        + escaped(f"{ended(one.text)} Who: {one.by}; due {_due(one.due)}.{_evidence(one)}")
        for one in rule.obligations
    ]
    weighed = rule.proportionality
    for name, text in (
        ("Basis", str(rule.basis or policy.basis or "not given")),
        ("Appeal", rule.appeal or policy.appeal),
        ("Owner", rule.owner or policy.owner),
        ("In force", _span(rule)),
        ("Review by", str(rule.review_by) if rule.review_by else None),
        ("Aim", weighed.aim),
        ("Why it serves the aim", weighed.suitable),
        ("Milder measure weighed", weighed.least_restrictive_considered),
        ("Expected cost", weighed.expected_cost_ref),
        ("The partner's own rule", rule.partner_rule_ref),
    ):
        if text:
            lines.append(f"* **{name}:** {escaped(text)}")
    lines.append(f"* **Mirror:** {mirror(rule)}")
    yield "\n".join(lines)


def _outlined(title: str, condition: Condition) -> str:
    """Return a condition as a list whose items stand under what joins them."""
    (_, first), *rest = outline(condition)
    lines = [f"{'  ' * (depth - 1)}- {line}" for depth, line in rest]
    return "\n".join([f"**{title}** {first}", *([""] if lines else []), *lines])


def _span(rule: Rule) -> str | None:
    first = f"from {rule.valid_from}" if rule.valid_from else ""
    last = f"until {rule.expires}" if rule.expires else ""
    return " ".join(part for part in (first, last) if part) or None
