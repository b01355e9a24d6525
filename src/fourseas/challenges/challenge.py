"""A challenge: topics, goals and fields that were decided row by row, each with its reason."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from fourseas.errors import FourseasError

Kind = Literal["topic", "sdg", "field", "keyword"]
Weight = Literal["core", "wide"]
Decision = Literal["include", "exclude"]
KINDS: tuple[Kind, ...] = ("topic", "sdg", "field", "keyword")
WEIGHTS: tuple[Weight, ...] = ("core", "wide")
DECISIONS: tuple[Decision, ...] = ("include", "exclude")

COLUMNS = (
    "challenge",
    "kind",
    "id",
    "label",
    "weight",
    "decision",
    "reason",
    "decided_on",
    "source",
)
NEEDED = ("kind", "id", "weight", "decision", "reason")
"""Columns that a list cannot do without; the others may be left out of one's own."""

GOALS = 17
"""Sustainable Development Goals."""

MOST_TOLD = 12
"""Problems of a file that are told at once."""


class ChallengeError(FourseasError):
    """A list of a challenge that is not written as it must be."""

    @classmethod
    def in_list(cls, where: str, problems: Iterable[str]) -> ChallengeError:
        """Say what is wrong in which lines of a list."""
        return cls(
            _listed(f"{where} is no list of a challenge:", problems),
            f"Correct these lines; the columns are {', '.join(COLUMNS)}.",
        )

    @classmethod
    def in_sheet(cls, where: str, problems: Iterable[str]) -> ChallengeError:
        """Say what is wrong in which lines of a labelling sheet."""
        return cls(
            _listed(f"{where} cannot be scored:", problems),
            "Correct these lines; `fourseas challenge sample` writes a new sheet.",
        )


def _listed(heading: str, problems: Iterable[str]) -> str:
    told = list(problems)
    more = len(told) - MOST_TOLD
    shown = told[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
    return "\n".join([heading, *(f"  {one}" for one in shown)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A decision.

    Attributes
    ----------
    kind
        ``topic`` of OpenAlex, ``sdg``, ``field`` of NCSES, or ``keyword`` of titles.
    id
        Id of the topic, such as T10001; number of the goal; id of the field; the keyword.
    label
        Its name.
    weight
        ``core``, the subject of the challenge; ``wide``, bears on it.
    decision, reason
        Whether it belongs to the challenge, and why.
    decided_on, source
        When, and where it comes from; empty where a list does not say.
    """

    kind: Kind
    id: str
    label: str
    weight: Weight
    decision: Decision
    reason: str
    decided_on: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A challenge as it was decided.

    Attributes
    ----------
    name
        Its id, such as climate_change.
    rows
        What was decided, in the order of the list.
    """

    name: str
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """The name as it is read."""
        return self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def definition_id(self) -> str:
        """Name and hash of what makes a work belong: kind, id, weight and decision of each row."""
        decided = sorted(f"{r.kind}\t{r.id}\t{r.weight}\t{r.decision}" for r in self.rows)
        digest = hashlib.sha256("\n".join(decided).encode()).hexdigest()
        return f"{self.name}-{digest[:12]}"

    def included(self, kind: Kind, weight: Weight | None = None) -> tuple[Row, ...]:
        """Return the rows of a kind that belong to the challenge, of one weight or of both."""
        return tuple(
            row
            for row in self.rows
            if row.kind == kind and row.decision == "include" and weight in (None, row.weight)
        )


def parse_challenge(
    text: str, *, name: str, where: str, topics: Mapping[str, str] | None = None
) -> Challenge:
    """Read the list of a challenge.

    Parameters
    ----------
    text
        CSV with a heading line.
    name
        Name of the challenge; rows that name one must name this.
    where
        What to call the file in errors.
    topics
        Names of the topics that there are by id; without it ids are not looked up.

    Raises
    ------
    ChallengeError
        With each problem and its line: a column or a reason that is missing, a word that is
        none of the closed lists, a topic that is not known, a row that stands twice, or no row
        that belongs.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise ChallengeError.in_list(where, [f"line {reader.line_num}: {error}"]) from error
    absent = [column for column in NEEDED if column not in (reader.fieldnames or ())]
    if absent:
        raise ChallengeError.in_list(where, [f"line 1: no column {', '.join(absent)}"])
    rows: list[Row] = []
    problems: list[str] = []
    first_lines: dict[tuple[str, str], int] = {}
    for line, cells in lines:
        values = {column: (cells.get(column) or "").strip() for column in COLUMNS}
        values["id"] = _as_id(values["kind"], values["id"])
        found = _problems(values, name, topics)
        key = (values["kind"], values["id"].casefold())
        if values["id"] and key in first_lines:
            found.append(
                f"{values['kind']} {values['id']} stands in line {first_lines[key]} already; "
                "keep one of the two"
            )
        first_lines.setdefault(key, line)
        problems.extend(f"line {line}: {problem}" for problem in found)
        if not found:
            rows.append(_row(values))
    if not problems and not any(row.decision == "include" for row in rows):
        problems.append("no row is included; decide `include` for what belongs")
    if problems:
        raise ChallengeError.in_list(where, problems)
    return Challenge(name=name, rows=tuple(rows))


def _as_id(kind: str, written: str) -> str:
    """Return an id without a resolver before it."""
    return written.rstrip("/").rpartition("/")[2] if kind in {"topic", "sdg"} else written


def _row(values: Mapping[str, str]) -> Row:
    return Row(
        kind=cast("Kind", values["kind"]),
        id=values["id"],
        label=values["label"] or values["id"],
        weight=cast("Weight", values["weight"] or "wide"),
        decision=cast("Decision", values["decision"]),
        reason=values["reason"],
        decided_on=values["decided_on"],
        source=values["source"],
    )


def _problems(values: Mapping[str, str], name: str, topics: Mapping[str, str] | None) -> list[str]:
    """Return what is wrong in a row; what is left out needs no weight."""
    is_left_out = values["decision"] == "exclude" and not values["weight"]
    found = [
        f"{column} is {values[column] or 'empty'}; write {' or '.join(allowed)}"
        for column, allowed in (("kind", KINDS), ("weight", WEIGHTS), ("decision", DECISIONS))
        if values[column] not in allowed and not (column == "weight" and is_left_out)
    ]
    if values["challenge"] not in ("", name):
        found.append(f"the row is of {values['challenge']}, the list of {name}; move it there")
    if not values["id"]:
        found.append("id is empty; name the topic, goal, field or keyword")
    elif values["kind"] == "sdg" and values["id"] not in map(str, range(1, GOALS + 1)):
        found.append(f"there is no goal {values['id']}; write a number from 1 to {GOALS}")
    elif values["kind"] == "keyword" and not any(sign.isalnum() for sign in values["id"]):
        found.append(f"the keyword {values['id']} has no word; write one or more")
    elif values["kind"] == "topic" and topics is not None and values["id"] not in topics:
        found.append(_unknown_topic(values, topics))
    if not values["reason"]:
        found.append("no reason is given; say in a few words why it belongs or does not")
    return found


def _unknown_topic(values: Mapping[str, str], topics: Mapping[str, str]) -> str:
    by_name = {topic.casefold(): key for key, topic in topics.items()}
    near = difflib.get_close_matches(values["label"].casefold(), by_name, n=1)
    known = by_name[near[0]] if near else None
    offer = f"{known}, {topics[known]}?" if known else "look it up in the topics of OpenAlex"
    return f"there is no topic {values['id']}; {offer}"
