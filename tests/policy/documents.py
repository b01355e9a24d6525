"""Small policies, cases and lists, as the documents that people would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import ibis

from fourseas.policy.case import read_case
from fourseas.policy.check import check
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.lists import read_list, read_tree

Doc = dict[str, Any]

SAID: Doc = {"source": "invented", "dated": "2024-01-01"}
"""Source and date of every list here."""


def rule(rule_id: str = "one", decision: str = "review", /, **more: Any) -> Doc:  # noqa: ANN401
    """Return a rule; it always holds unless it says `when`."""
    always = {"any_of": [{"transfers_out": True}, {"not": {"transfers_out": True}}]}
    return {"id": rule_id, "text": f"Rule {rule_id}.", "when": always, "decision": decision} | more


def policy_document(*rules: Doc, **more: Any) -> Doc:  # noqa: ANN401
    """Return a policy in force since 2024."""
    said: Doc = {
        "policy": "small",
        "title": "A small policy",
        "owner": "The office",
        "version": 1,
        "valid_from": "2024-01-01",
        "rules": list(rules or [rule()]),
    }
    return {**said, **more}


def policy(*rules: Doc, **more: Any) -> Policy:  # noqa: ANN401
    """Return a policy as it is read from its text."""
    return read_policy(json.dumps(policy_document(*rules, **more)))


def declared(*lists: Doc) -> Doc:
    """Return how a policy declares these lists."""
    return {one["list"]: {"of": one["of"], **SAID} for one in lists}


def sources(*lists: Doc, tree: dict[str, list[str]] | None = None) -> Sources:
    """Return lists and, where it is given, what organizations are part of."""
    organizations = [{"id": one, "part_of": above} for one, above in (tree or {}).items()]
    return Sources(
        lists={one["list"]: read_list(json.dumps({**SAID, **one})) for one in lists},
        tree=None
        if tree is None
        else read_tree(json.dumps({**SAID, "organizations": organizations})),
    )


def case_document(**facts: Any) -> Doc:  # noqa: ANN401
    """Return a case of mid-2024."""
    return {"case": "asked", "date": "2024-06-01", "source": "the form", **facts}


def found(
    of: Policy,
    facts: Doc,
    held: Sources | None = None,
) -> Finding:
    """Return what a policy finds of a case with these facts."""
    case = read_case(json.dumps(case_document(**facts)))
    return check(of, case, held or sources(), ibis.duckdb.connect())


def rule_ids(finding: Finding) -> Sequence[str]:
    """Return the rules that hold."""
    return [one.rule_id for one in finding.rules]
