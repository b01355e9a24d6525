"""Local corrections of a lake: a file of who, when, why and source; kept, hashed and applied.

LAKE/corrections/NNNN.json              an edition of the file with its hash, never changed

A build reads the newest edition. Registers stay as they were read: a correction stands beside
them and is held against each new snapshot again.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import ibis
import pyarrow as pa

from fourseas.errors import LakeError, PolicyError
from fourseas.lake.layout import Lake, disk_errors, taking_turns, write_text
from fourseas.lake.recipe import Recipe
from fourseas.policy.identifiers import UnknownIdError, identifier
from fourseas.policy.places import Place, Problem, offer
from fourseas.schema.corrections import CORRECTIONS, COUNTRY, KINDS, LINK, NO_LINK

COLUMNS = ("kind", "register", "key", "corrected", "by", "on", "why", "source")
EVIDENCE = (
    "outcome",
    "name",
    "country_code",
    "authorships",
    "candidate",
    "candidate_id",
    "score",
    "second",
    "second_id",
    "second_score",
    "margin",
)
"""Columns that a review file has besides, to decide by. A row of one that says nothing in
`corrected` is not decided and is passed over."""

DIRECTORY = "corrections"
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A row of the file.

    Attributes
    ----------
    line
        Line of the file on which it begins.
    kind
        What is corrected, one of `KINDS`.
    register, organization_key
        The organization, by the register's own key.
    corrected
        What stands in place of what the register says.
    said_by, said_on, why, source
        Who says so, when, for what reason, and where that can be looked up.
    """

    line: int
    kind: str
    register: str
    organization_key: str
    corrected: str
    said_by: str
    said_on: str
    why: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition of the file.

    Attributes
    ----------
    number
        Its place among all editions of the lake, from 1.
    sha256
        Hash of its corrections.
    file_name, added_at
        The file that it was read from, and when, in UTC.
    corrections
        All of them, in the order of the file.
    """

    number: int
    sha256: str
    file_name: str
    added_at: str
    corrections: tuple[Correction, ...]


def read(data: bytes, name: str) -> tuple[Correction, ...]:
    """Read corrections from a CSV file with the columns `COLUMNS`, or from a review file.

    Raises
    ------
    PolicyError
        With every fault of the file, each with line and column, and what to do.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = Problem(Place(line, 1), "The line is not UTF-8.", "Save the file in that encoding.")
        raise PolicyError.in_document(name, [str(fault)]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Sequence[str]]] = []
    line = 1
    try:
        for fields in reader:
            if any(one.strip() for one in fields):
                rows.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        found = f"The line cannot be taken apart: {error}."
        fault = Problem(Place(line, 1), found, "Look for a quotation mark too many.")
        raise PolicyError.in_document(name, [str(fault)]) from error
    header = tuple(one.strip() for one in rows[0][1]) if rows else ()
    is_review = sorted(header) == sorted((*COLUMNS, *EVIDENCE))
    if sorted(header) != sorted(COLUMNS) and not is_review:
        remedy = f"Begin with the columns {','.join(COLUMNS)}."
        written = f"The columns are {', '.join(header) or 'missing'}."
        raise PolicyError.in_document(name, [str(Problem(Place(1, 1), written, remedy))])
    said = rows[1:]
    if is_review:
        place = header.index("corrected")
        said = [one for one in said if len(one[1]) != len(header) or one[1][place].strip()]
    taken = [_correction(line, fields, header) for line, fields in said]
    faults = [fault for _, told in taken for fault in told]
    corrections = tuple(one for one, _ in taken if one is not None)
    faults += _repeated(corrections)
    if faults:
        ordered = sorted(faults, key=lambda one: (one.place.line, one.place.column))
        raise PolicyError.in_document(name, map(str, ordered))
    return corrections


def _correction(
    line: int, fields: Sequence[str], header: Sequence[str]
) -> tuple[Correction | None, list[Problem]]:
    """Return what a row says, or its faults."""
    if len(fields) != len(header):
        found = f"The row has {len(fields)} fields, the header {len(header)}."
        return None, [Problem(Place(line, 1), found, "Put texts with commas in quotation marks.")]
    row = {name: text.strip() for name, text in zip(header, fields, strict=True)}
    faults = [
        Problem(Place(line, header.index(name) + 1), f"The column {name} {what}", remedy)
        for name, what, remedy in _faults(row)
    ]
    if faults:
        return None, faults
    corrected = row["corrected"]
    if row["kind"] == LINK and corrected != NO_LINK:
        corrected = identifier("organization", corrected)
    if row["kind"] == COUNTRY:
        corrected = identifier("country", corrected)
    stated = Correction(
        line=line,
        kind=row["kind"],
        register=row["register"],
        organization_key=row["key"],
        corrected=corrected,
        said_by=row["by"],
        said_on=row["on"],
        why=row["why"],
        source=row["source"],
    )
    return stated, []


def _faults(row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield column, fault and remedy of what is wrong in a row."""
    empty = [name for name in COLUMNS if not row[name]]
    for name in empty:
        yield name, "is empty.", "A correction says what, who, when, why and by what source."
    if "kind" not in empty and row["kind"] not in KINDS:
        yield "kind", f"says `{row['kind']}`.", offer(row["kind"], KINDS)
    if "on" not in empty and not _is_past_day(row["on"]):
        yield "on", f"says `{row['on']}`.", "Write a day that is not ahead, as 2026-01-31."
    if row["kind"] == LINK and row["register"] == "ror":
        yield "register", "says `ror`.", "A ROR record is its own link; correct another register."
    what = {LINK: "organization", COUNTRY: "country"}.get(row["kind"])
    if what and "corrected" not in empty and (row["kind"], row["corrected"]) != (LINK, NO_LINK):
        try:
            identifier(what, row["corrected"])
        except UnknownIdError as error:
            yield "corrected", f"says `{row['corrected']}`.", str(error)


def _is_past_day(written: str) -> bool:
    try:
        return dt.date.fromisoformat(written) <= dt.datetime.now(tz=dt.UTC).date()
    except ValueError:
        return False


def _repeated(corrections: Iterable[Correction]) -> list[Problem]:
    """Return the rows that correct what an earlier one corrects."""
    first: dict[tuple[str, str, str], int] = {}
    faults = []
    for one in corrections:
        line = first.setdefault((one.kind, one.register, one.organization_key), one.line)
        if line != one.line:
            found = f"Line {line} corrects the same of `{one.register}:{one.organization_key}`."
            faults.append(Problem(Place(one.line, 1), found, "Keep one of the two."))
    return faults


def add(lake: Lake, data: bytes, file_name: str) -> Edition:
    """Keep a file as the newest edition; where it says the same as that, nothing is written."""
    corrections = read(data, file_name)
    directory = lake.root / DIRECTORY
    with disk_errors(directory), taking_turns(directory):
        before = editions(lake)
        sha256 = _sha256(corrections)
        if before and before[-1].sha256 == sha256:
            return before[-1]
        edition = Edition(
            number=len(before) + 1,
            sha256=sha256,
            file_name=file_name,
            added_at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
            corrections=corrections,
        )
        text = json.dumps(asdict(edition), indent=1, ensure_ascii=False)
        write_text(directory / f"{edition.number:0{DIGITS}d}.json", text + "\n")
    return edition


def editions(lake: Lake) -> tuple[Edition, ...]:
    """Return all editions, the oldest first.

    Raises
    ------
    LakeError
        If one is not what its hash says.
    """
    directory = lake.root / DIRECTORY
    with disk_errors(directory):
        paths = sorted(directory.glob("[0-9]*.json"))
        return tuple(_edition(path) for path in paths)


def _edition(path: Path) -> Edition:
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        listed = tuple(Correction(**one) for one in stated["corrections"])
        edition = Edition(**stated | {"corrections": listed})
    except (ValueError, TypeError, KeyError) as error:
        problem = f"{path} cannot be read: {error}."
        raise LakeError(problem, "Put the file back from a copy.") from error
    if _sha256(listed) != edition.sha256:
        problem = f"{path} is not what was stored: its hash does not fit."
        raise LakeError(problem, "Put the file back from a copy.")
    return edition


def _sha256(corrections: Iterable[Correction]) -> str:
    stated = json.dumps([asdict(one) for one in corrections], sort_keys=True)
    return hashlib.sha256(stated.encode()).hexdigest()


def given(corrections: Iterable[Correction]) -> dict[str, pa.Table]:
    """Return corrections as the table that a build is given."""
    types = [(c.name, ibis.dtype(c.dtype).to_pyarrow()) for c in CORRECTIONS.columns]
    rows = [asdict(one) for one in corrections]
    return {CORRECTIONS.name: pa.Table.from_pylist(rows, schema=pa.schema(types))}


def applied(recipe: Recipe, lake: Lake) -> Recipe:
    """Return a recipe with the corrections of a lake."""
    kept = editions(lake)
    return replace(recipe, given={**recipe.given, **given(kept[-1].corrections if kept else ())})
