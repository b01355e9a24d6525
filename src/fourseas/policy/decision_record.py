"""The decision record of a case: what was found and decided, by whom, on what, with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from fourseas.policy.decision import DEPARTURES, Departure
from fourseas.policy.document import Mapped
from fourseas.policy.markdown import escaped
from fourseas.policy.places import Plain
from fourseas.policy.register import Recorded, text
from fourseas.policy.wording import words

UNDECIDED = "none yet: a named person has to decide"


def decision_record(records: Iterable[Recorded], seq: int) -> str:
    """Return the finding of a number and what followed from it, as Markdown.

    Parameters
    ----------
    records
        All records of a log, with persons in their places as far as they may be seen.
    seq
        Number of the record of the finding.

    Returns
    -------
    str
        Decision, person, reasons; the finding with its rules, facts and sources as they were told
        when it was recorded; conditions; what was fulfilled; inputs with their hashes; and the
        heads to hold the log against.
    """
    listed = tuple(records)
    finding = next(one for one in listed if one.seq == seq)
    decisions = [one for one in listed if one.kind == "decision" and one.body["finding"] == seq]
    decision = decisions[-1] if decisions else None
    sources = {seq, *(one.seq for one in decisions)}
    done = [one for one in listed if one.kind == "fulfilment" and one.body["of"] in sources]
    blocks = [
        f"# Decision record: {escaped(finding.case or '')}",
        _table([*_heading(finding, decisions), *_overtaken(finding, listed)]),
        *_conditions(decision),
        *_fulfilled(done),
        *(_section(_mapped(part)) for part in _listed(finding.body["explanation"])),
        "\n".join(["## Rests on", "", *(f"- {escaped(line)}" for line in _inputs(finding.body))]),
        _proof(finding, decision, done),
    ]
    return "\n\n".join(blocks) + "\n"


def _heading(finding: Recorded, decisions: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    """Yield what stands at the top, the decision first."""
    policy, found = _mapped(finding.body["policy"]), _mapped(finding.body["found"])
    if not decisions:
        yield "Decision", UNDECIDED
    else:
        *earlier, decision = decisions
        body = decision.body
        yield "Decision", words(text(body["decision"]))
        yield "Decided by", f"{text(body['by'])}, {text(body['role'])}, at {decision.at}"
        yield "Reason", text(body["reason"])
        if body["departure"]:
            how = DEPARTURES[cast("Departure", body["departure"])]
            yield f"Override, {how}", text(body["override"])
        for one in earlier:
            yield f"Replaces record {one.seq}", f"{words(text(one.body['decision']))}, at {one.at}"
    yield "Finding", f"{words(text(found['finding']))}, at {finding.at}"
    yield "Policy", f"{text(policy['title'])} ({text(policy['id'])}, version {policy['version']})"
    yield "Owner of the policy", text(policy["owner"])


def _overtaken(finding: Recorded, records: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
    """Yield that the case was found anew under the same policy, if it was."""
    policy_id = _mapped(finding.body["policy"])["id"]
    later = [
        one.seq
        for one in records
        if one.kind == "finding"
        and (one.case, _mapped(one.body["policy"])["id"]) == (finding.case, policy_id)
        and one.seq > finding.seq
    ]
    if later:
        yield "Overtaken", f"the case was found anew: record {later[-1]}"


def _section(part: Mapped) -> str:
    """Return a part of the finding as it was told when it was recorded."""
    lines = [f"- {escaped(text(line))}" for line in _listed(part["lines"])]
    return "\n".join([f"## {escaped(text(part['title']))}", "", *lines])


def _conditions(decision: Recorded | None) -> Iterator[str]:
    """Yield the conditions that the person added, if there are any."""
    lines = []
    for one in _listed(decision.body["obligations"]) if decision is not None else []:
        added = _mapped(one)
        due = f"by {text(added['due_on'])}" if added["due_on"] else "no day set"
        said = f"{text(added['text'])} (who: {text(added['by'])}; {due})"
        lines.append(f"- {escaped(said)}")
    if lines:
        yield "\n".join(["## Conditions of the decision", "", *lines])


def _fulfilled(done: Iterable[Recorded]) -> Iterator[str]:
    """Yield what was fulfilled, by whose word, and what shows it."""
    lines = []
    for one in done:
        body = one.body
        file = f", file of SHA-256 {body['file_sha256']}" if body["file_sha256"] else ""
        shown = f"{text(body['text'])} Shown by: {text(body['evidence'])}{file}."
        said = f"Said by {text(body['by'])}, {text(body['role'])}, at {one.at}."
        lines.append(f"- {escaped(f'{shown} {said}')}")
    if lines:
        yield "\n".join(["## Fulfilled", "", *lines])


def _inputs(body: Mapping[str, Plain]) -> Iterator[str]:
    """Yield the texts that the finding rests on, by their hashes."""
    policy, tree = _mapped(body["policy"]), body["tree"]
    yield f"policy {policy['id']}, version {policy['version']}: SHA-256 {policy['sha256']}"
    for listed in map(_mapped, _listed(body["lists"])):
        where = f"{listed['source']}, of {listed['dated']}"
        yield f"list {listed['id']} ({where}): SHA-256 {listed['sha256']}"
    if isinstance(tree, dict):
        yield f"organizations ({tree['source']}, of {tree['dated']}): SHA-256 {tree['sha256']}"


def _proof(finding: Recorded, decision: Recorded | None, done: Iterable[Recorded]) -> str:
    """Return the heads to hold the log against."""
    of = [finding, *([decision] if decision is not None else []), *done]
    lines = [f"- record {one.seq}, {words(one.kind)}: head {one.head}" for one in of]
    verify = f"`fourseas audit verify --head {of[-1].head}` shows that none of it was changed."
    return "\n".join(["## Proof", "", *lines, "", verify])


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(
        ["| | |", "| --- | --- |", *(f"| {name} | {escaped(told)} |" for name, told in rows)]
    )


def _mapped(value: Plain) -> Mapped:
    return cast("Mapped", value)


def _listed(value: Plain) -> list[Plain]:
    return cast("list[Plain]", value)
