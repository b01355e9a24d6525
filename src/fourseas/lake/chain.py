"""A chain of records, one a line: each holds the SHA-256 of the line before it.

A line is canonical JSON: keys sorted, no blanks, UTF-8, nothing escaped that need not be. So a
record has one spelling, and a line that is spelled otherwise was not written here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from fourseas.errors import AuditError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What can stand in a record."""

JsonMapping: TypeAlias = "dict[str, Json]"

FIRST = "0" * 64
"""What the first record holds instead of a hash."""

HEAD = re.compile(r"[0-9a-f]{64}")
KEYS = ("at", "body", "case", "kind", "previous", "seq", "version")
FAULTS_TOLD = 10
END = b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a chain.

    Attributes
    ----------
    seq
        Its place, from 1.
    at
        When it was appended, in UTC, by the clock of the machine.
    kind
        What it tells: ``finding``, ``decision``, ...
    case
        Label of the case that it belongs to, or null.
    body
        What it tells, with a seal in the place of everything about persons.
    previous
        SHA-256 of the line before, 64 zeros in the first.
    version
        Version of fourseas that wrote it.
    """

    seq: int
    at: str
    kind: str
    case: str | None
    body: JsonMapping
    previous: str
    version: str

    @property
    def line(self) -> bytes:
        """Its line, without the sign that ends it."""
        return canonical({key: getattr(self, key) for key in KEYS})

    @property
    def head(self) -> str:
        """SHA-256 of its line; the head of the chain that ends with it."""
        return digest(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a chain that is not as it was written.

    Attributes
    ----------
    line
        Where, from 1.
    problem
        What, as a sentence that names the record.
    is_unfinished
        The last line alone lacks its end: an append was interrupted, or goes on right now.
    """

    line: int
    problem: str
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What reading a whole chain has shown.

    Attributes
    ----------
    records
        All lines that are records, in order.
    head
        SHA-256 of the last line; `FIRST` where there is none.
    faults
        The first of what is wrong, none if the chain holds.
    places
        The asked-for heads that are in it, with the place of their record.
    """

    records: tuple[Record, ...]
    head: str
    faults: tuple[Fault, ...]
    places: Mapping[str, int]


def canonical(value: object) -> bytes:
    """Return the one spelling of a value as JSON.

    Raises
    ------
    AuditError
        If it cannot be told in JSON: no number, a key that is no text, a broken sign.
    """
    try:
        _require_json(value)
        text = json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise AuditError.not_json(str(error)) from error


def _require_json(value: object) -> None:
    """Refuse what `json` would silently tell otherwise: keys that are no text, tuples."""
    if isinstance(value, dict):
        for key, held in value.items():
            if not isinstance(key, str):
                message = f"the key {key!r} is no text"
                raise TypeError(message)
            _require_json(held)
    elif isinstance(value, list):
        for held in value:
            _require_json(held)
    elif not isinstance(value, str | int | float | None):
        message = f"{value!r} is neither text, number, flag, list nor mapping"
        raise TypeError(message)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, as 64 small hexadecimal signs."""
    return hashlib.sha256(data).hexdigest()


def parse(line: bytes) -> Record:
    """Read a line without the sign that ends it.

    Raises
    ------
    ValueError
        If it is no record in its one spelling; the message says why.
    """
    try:
        stated = json.loads(line.decode())
    except RecursionError as error:
        message = "it is nested too deep"
        raise ValueError(message) from error
    if not isinstance(stated, dict) or tuple(sorted(stated)) != KEYS:
        message = f"it is no mapping of {', '.join(KEYS)}"
        raise ValueError(message)
    texts = ("at", "kind", "previous", "version")
    is_record = (
        type(stated["seq"]) is int
        and all(isinstance(stated[key], str) for key in texts)
        and isinstance(stated["case"], str | None)
        and isinstance(stated["body"], dict)
    )
    if not is_record:
        message = "one of its values is of another type"
        raise ValueError(message)
    record = Record(**stated)
    try:
        is_canonical = record.line == line
    except AuditError:
        is_canonical = False
    if not is_canonical:
        message = "it is not spelled as records are"
        raise ValueError(message)
    return record


def examine(lines: Iterable[bytes], heads: Collection[str] = ()) -> Examination:
    """Read a chain from its first line to its end and say everything that is wrong with it.

    Parameters
    ----------
    lines
        The lines with the signs that end them.
    heads
        Heads to look for. Without one, a chain that was cut or written anew from some record on
        cannot be told from a whole one.
    """
    records: list[Record] = []
    faults: list[Fault] = []
    places: dict[str, int] = {}
    previous = FIRST
    number = 0
    for number, line in enumerate(lines, start=1):
        bare = line.removesuffix(END)
        found = _faults(number, line, previous)
        faults.extend(found.faults)
        if found.record is not None:
            records.append(found.record)
        previous = digest(bare)
        if previous in heads:
            places[previous] = number
    return Examination(
        records=tuple(records),
        head=previous,
        faults=tuple(faults[:FAULTS_TOLD]),
        places=places,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    record: Record | None
    faults: tuple[Fault, ...]


def _faults(number: int, line: bytes, previous: str) -> _Line:
    """Judge one line by itself and by the one before."""

    def fault(problem: str) -> Fault:
        return Fault(line=number, problem=problem)

    if line == END:
        return _Line(None, (fault(f"Line {number} is empty where record {number} should be."),))
    if not line.endswith(END):
        problem = (
            f"Record {number}, the last, is not finished: "
            "an append was interrupted, or the file was cut."
        )
        return _Line(None, (Fault(line=number, problem=problem, is_unfinished=True),))
    try:
        record = parse(line.removesuffix(END))
    except ValueError as error:
        return _Line(None, (fault(f"Record {number} cannot be read: {error}."),))
    faults = []
    if record.seq != number:
        faults.append(
            fault(
                f"Record {record.seq} stands where record {number} should be: "
                "records were removed, put in or moved."
            )
        )
    if record.previous != previous:
        faults.append(
            fault(
                f"Record {record.seq} does not continue the one before it: record "
                f"{number - 1} was changed, or this one was changed, put in or moved."
                if number > 1
                else f"Record {record.seq} is first but continues another: records are missing."
            )
        )
    return _Line(record, tuple(faults))


def as_mapping(value: Json) -> JsonMapping:
    """Return a value that is known to be a mapping; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """Return a value that is known to be a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def copied(value: object) -> JsonMapping:
    """Return a mapping as JSON would give it back, sharing nothing with the one given.

    Raises
    ------
    AuditError
        If it cannot be told in JSON or is no mapping.
    """
    read = json.loads(canonical(value))
    if not isinstance(read, dict):
        found = "it is no mapping"
        raise AuditError.not_json(found)
    return cast("JsonMapping", read)
