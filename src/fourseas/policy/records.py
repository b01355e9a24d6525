"""A finding as plain values, for programs, registers of cases and audits."""

from __future__ import annotations

from fourseas.policy.document import Rule
from fourseas.policy.finding import Duty, Finding

Record = dict[str, object]


def finding_record(finding: Finding) -> Record:
    """Return a finding as values that JSON can hold; the same finding gives the same record."""
    policy = finding.policy
    return {
        "policy": policy.policy_id,
        "version": policy.version,
        "case": finding.case_label,
        "finding": finding.outcome,
        "at_least": finding.at_least,
        "at_most": finding.at_most,
        "rules": [_rule(rule) for rule in finding.rules],
        "possible_rules": [_rule(rule) for rule in finding.possible_rules],
        "exempted": [
            {"rule": rule.rule_id, "exemption": one.exemption_id} for rule, one in finding.exempted
        ],
        "obligations": [_duty(duty) for duty in finding.duties if not duty.is_possible],
        "possible_obligations": [_duty(duty) for duty in finding.duties if duty.is_possible],
        "questions": list(finding.questions),
        "questions_are_fewest": finding.is_smallest,
        "changes": list(finding.changes),
        "matches": [
            {
                "about": match.about,
                "list": match.list_id,
                "organization": match.organization_id,
                "listed_as": match.listed_as,
                "through": match.through,
                "confidence": match.confidence,
                "state": "possible" if match.is_possible else "confirmed",
            }
            for match in finding.matches
        ],
        "facts": [
            {
                "about": fact.about,
                "fact": fact.fact,
                "value": fact.value,
                "source": fact.source,
                "tests": dict(fact.tests),
            }
            for fact in finding.facts
        ],
        "lists_read": list(finding.lists_read),
        "notes": list(finding.notes),
    }


def _rule(rule: Rule) -> Record:
    return {
        "id": rule.rule_id,
        "decision": rule.decision,
        "text": rule.text,
        "basis": str(rule.basis) if rule.basis else None,
    }


def _duty(duty: Duty) -> Record:
    return {
        "rule": duty.rule_id,
        "kind": duty.obligation.kind,
        "text": duty.obligation.text,
        "by": duty.obligation.by,
        "due_on": duty.due_on.isoformat() if duty.due_on else None,
        "waits_for": duty.waits_for,
        "evidence": duty.obligation.evidence,
    }
