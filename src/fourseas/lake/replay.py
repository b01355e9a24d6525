"""Finding again what was found: the same inputs, the same finding, or where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fourseas.errors import AuditError, NotComputableError
from fourseas.lake import audit, chain, sealing
from fourseas.lake.chain import Json, JsonMapping, Record
from fourseas.lake.layout import Lake

INPUTS = ("policy", "lists", "tree", "facts")
"""Keys of a finding that say from what it was found; the other keys say what was found."""

STILL_VERIFIES = "The record itself still verifies; `fourseas audit log` shows what it holds."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place at which two findings differ.

    Attributes
    ----------
    path
        Where, as in ``/interval/at_least``.
    recorded, found
        What the record holds and what was found now; None where there is nothing.
    """

    path: str
    recorded: Json
    found: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A finding that was found again.

    Attributes
    ----------
    record
        The record.
    differences
        Where the two differ; none if they are equal.
    not_compared
        Paths whose content was about a person and is removed.
    """

    record: Record
    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the same was found again wherever it can be compared."""
        return not self.differences


def replay(lake: Lake, record: Record, finding: Callable[[JsonMapping], JsonMapping]) -> Replay:
    """Find again from the inputs of a record, and compare.

    Parameters
    ----------
    lake
        The lake of the record.
    record
        A record of a finding.
    finding
        Returns the finding on inputs, which are the keys of `INPUTS` that the record has, with
        persons put back in their places.

    Raises
    ------
    AuditError
        If the record is not of a finding.
    NotComputableError
        If an input was about a person and is removed.
    """
    if record.kind != "finding":
        raise AuditError.other_kind(record.seq, record.kind, "finding")
    recorded, removed = audit.restored(lake, record.body)
    body = chain.as_mapping(recorded)
    lost = [path for path in removed if path.split("/")[1] in INPUTS]
    if lost:
        question = f"The finding of record {record.seq}"
        reason = f"facts about persons were removed ({', '.join(lost)})"
        raise NotComputableError.because(question, reason, STILL_VERIFIES)
    found = chain.copied(finding({name: body[name] for name in INPUTS if name in body}))
    differences = tuple(_differences("", body, found))
    return Replay(record=record, differences=differences, not_compared=removed)


def _differences(path: str, recorded: Json, found: Json) -> Iterator[Difference]:
    """Yield the innermost places at which two values differ."""
    if isinstance(recorded, dict) and sealing.SEAL in recorded:
        return
    recorded_parts, found_parts = _parts(recorded), _parts(found)
    if type(recorded) is type(found) and recorded_parts is not None and found_parts is not None:
        for key in dict.fromkeys((*recorded_parts, *found_parts)):
            inner = f"{path}/{key}"
            if key in recorded_parts and key in found_parts:
                yield from _differences(inner, recorded_parts[key], found_parts[key])
            else:
                only = recorded_parts.get(key), found_parts.get(key)
                yield Difference(path=inner, recorded=only[0], found=only[1])
    elif chain.canonical(recorded) != chain.canonical(found):
        yield Difference(path=path or "/", recorded=recorded, found=found)


def _parts(value: Json) -> dict[str, Json] | None:
    """Return the parts of a mapping or a list by key or place; None for anything else."""
    if isinstance(value, list):
        return {str(place): held for place, held in enumerate(value)}
    return value if isinstance(value, dict) else None
