"""Policies by which something was found and recorded in a lake, with the lists that were used.

The audit log names them, and their texts are kept under their hashes: they can be read, tried and
compared with another one as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from fourseas.errors import UnknownNameError
from fourseas.lake import audit, documents, layout
from fourseas.policy.document import Mapped
from fourseas.policy.finding import Sources
from fourseas.policy.lists import read_list, read_tree
from fourseas.policy.places import Plain
from fourseas.policy.register import Recorded, text

PREFIX = "recorded-"
"""What the name of a recorded policy begins with; the number of a record follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPolicy:
    """A policy as it was when something was found by it.

    Attributes
    ----------
    seq
        Number of the last finding by it, against the same lists.
    policy_id, version, title
        What it calls itself.
    n_findings
        Findings by it against these lists.
    policy, lists, tree
        SHA-256 of its text, of each list by id, and of the register of organizations, if any.
    """

    seq: int
    policy_id: str
    version: str
    title: str
    n_findings: int
    policy: str
    lists: Mapping[str, str]
    tree: str | None

    @property
    def name(self) -> str:
        """Return by what an address names it."""
        return f"{PREFIX}{self.seq}"

    @property
    def label(self) -> str:
        """Return what a choice calls it."""
        return f"{self.policy_id}, version {self.version} (record {self.seq})"


def recorded_policies(lake: Path) -> tuple[RecordedPolicy, ...]:
    """Return each policy that something was found by, with the lists of then, the last first.

    Where the log is broken, those of the records before.
    """
    found: dict[tuple[object, ...], RecordedPolicy] = {}
    for record in _findings(lake):
        one = _of(record, 1)
        key = (one.policy, tuple(one.lists.items()), one.tree)
        before = found.pop(key, None)
        found[key] = _of(record, 1 + (before.n_findings if before else 0))
    return tuple(reversed(found.values()))


def recorded_policy(lake: Path, name: str) -> RecordedPolicy:
    """Return the policy of a record.

    Raises
    ------
    UnknownNameError
        Where no finding has this number.
    """
    for record in _findings(lake):
        if f"{PREFIX}{record.seq}" == name:
            return _of(record, 1)
    raise UnknownNameError.of("policy", name, [one.name for one in recorded_policies(lake)])


def text_of(lake: Path, one: RecordedPolicy) -> str:
    """Return the text of a recorded policy.

    Raises
    ------
    AuditError
        If it is not kept here, or is no longer what the hash says.
    """
    return documents.read(layout.locate(lake), one.policy)


def sources_of(lake: Path, one: RecordedPolicy) -> Sources:
    """Return the lists and organizations that a recorded policy was held against."""
    located = layout.locate(lake)
    tree = documents.read(located, one.tree) if one.tree else None
    return Sources(
        lists={
            list_id: read_list(documents.read(located, sha256), list_id)
            for list_id, sha256 in one.lists.items()
        },
        tree=read_tree(tree) if tree else None,
    )


def _findings(lake: Path) -> Iterator[Recorded]:
    """Yield the findings of the log, before where it is broken."""
    examined = audit.examine(layout.locate(lake))
    broken = [fault.line for fault in examined.faults if not fault.is_unfinished]
    for record in examined.records:
        if record.kind == "finding" and (not broken or record.seq < broken[0]):
            yield record


def _of(record: Recorded, n_findings: int) -> RecordedPolicy:
    policy = cast("Mapped", record.body["policy"])
    listed = [cast("Mapped", one) for one in cast("list[Plain]", record.body["lists"])]
    tree = cast("Mapped | None", record.body["tree"])
    return RecordedPolicy(
        seq=record.seq,
        policy_id=text(policy["id"]),
        version=text(policy["version"]),
        title=text(policy["title"]),
        n_findings=n_findings,
        policy=str(policy["sha256"]),
        lists={str(one["id"]): str(one["sha256"]) for one in listed},
        tree=str(tree["sha256"]) if tree else None,
    )
