"""A finding as an audit keeps it: from what it was found, and what was found.

Texts of policies, lists and registers are kept elsewhere under their hashes; the facts of the case
are in the record itself, so that what is about persons can be taken out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from fourseas.policy.case import case_of
from fourseas.policy.check import Engine, check
from fourseas.policy.document import Mapped, Policy, read_policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.lists import NamedList, OrganizationTree, read_list, read_tree
from fourseas.policy.markdown import finding_sections
from fourseas.policy.places import Plain
from fourseas.policy.records import Record, finding_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """Under what the texts are kept that a finding rests on.

    Attributes
    ----------
    policy
        SHA-256 of the policy's text.
    lists
        Of the text of each list that the policy refers to, by id.
    tree
        Of the register of organizations, or None where none was at hand.
    """

    policy: str
    lists: Mapping[str, str]
    tree: str | None = None


def recorded(finding: Finding, sources: Sources, facts: Plain, hashes: Hashes) -> Record:
    """Return a finding with its inputs, as values that JSON can hold.

    Parameters
    ----------
    finding, sources
        What was found, and against which lists and register.
    facts
        The case as its document gives it, with the source of each fact.
    hashes
        Under what the texts are kept.

    Returns
    -------
    Record
        `policy`, `lists`, `tree` and `facts` say from what; `found` and `explanation` say what.
    """
    return {
        "policy": _policy(finding.policy, hashes.policy),
        "lists": [
            _list(sources.lists[list_id], sha256)
            for list_id, sha256 in sorted(hashes.lists.items())
        ],
        "tree": _tree(sources.tree, hashes.tree),
        "facts": facts,
        "found": {
            name: held
            for name, held in finding_record(finding).items()
            if name not in {"policy", "version"}
        },
        "explanation": [
            {"title": part.title, "lines": list(part.lines)} for part in finding_sections(finding)
        ],
    }


def found_again(inputs: Mapping[str, Plain], read: Callable[[str], str], engine: Engine) -> Record:
    """Find again from the inputs of a record, by the evaluator that finds at all times.

    Parameters
    ----------
    inputs
        `policy`, `lists`, `tree` and `facts` of a record.
    read
        Returns the text of a hash.
    engine
        Where the expressions run.
    """
    policy_sha256 = str(cast("Mapped", inputs["policy"])["sha256"])
    listed = [cast("Mapped", one) for one in cast("list[Plain]", inputs["lists"])]
    by_id = {str(one["id"]): str(one["sha256"]) for one in listed}
    tree = cast("Mapped | None", inputs["tree"])
    tree_sha256 = str(tree["sha256"]) if tree else None
    sources = Sources(
        lists={list_id: read_list(read(sha256), list_id) for list_id, sha256 in by_id.items()},
        tree=read_tree(read(tree_sha256)) if tree_sha256 else None,
    )
    policy = read_policy(read(policy_sha256))
    finding = check(policy, case_of(inputs["facts"]), sources, engine)
    hashes = Hashes(policy=policy_sha256, lists=by_id, tree=tree_sha256)
    return recorded(finding, sources, inputs["facts"], hashes)


def _policy(policy: Policy, sha256: str) -> Record:
    """Return what a register of cases needs to know of a policy."""
    return {
        "id": policy.policy_id,
        "version": policy.version,
        "title": policy.title,
        "owner": policy.owner,
        "review_by": policy.review_by.isoformat() if policy.review_by else None,
        "rules": [
            {
                "id": rule.rule_id,
                "owner": rule.owner or policy.owner,
                "review_by": rule.review_by.isoformat() if rule.review_by else None,
            }
            for rule in policy.rules
        ],
        "sha256": sha256,
    }


def _list(listed: NamedList, sha256: str) -> Record:
    return {
        "id": listed.list_id,
        "title": listed.title,
        "source": listed.source,
        "dated": listed.dated.isoformat(),
        "sha256": sha256,
    }


def _tree(tree: OrganizationTree | None, sha256: str | None) -> Record | None:
    if tree is None:
        return None
    return {"source": tree.source, "dated": tree.dated.isoformat(), "sha256": sha256}
