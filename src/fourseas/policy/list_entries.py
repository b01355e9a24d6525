"""A named list as a table: CSV or TSV in, entries out, or every fault with its line and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from fourseas.errors import PolicyError
from fourseas.policy.grammar import years_after
from fourseas.policy.identifiers import UnknownIdError, identifier
from fourseas.policy.json_schema import DATE, LISTED, SLUG
from fourseas.policy.lists import NamedList
from fourseas.policy.places import Place, Problem, offer
from fourseas.policy.vocabulary import forbidden_ground

Kind = Literal["country", "organization", "topic", "field"]
Read = TypeVar("Read")

COLUMNS = ("name", "aliases", "country", "ror", "id", "from", "to")
NO_WORD = re.compile(r"[^a-z0-9]+")
SEPARATORS = re.compile(r"[|;]")
"""Between aliases."""

LONGEST_TEXT = 500
MOST_FAULTS = 50
SPREADSHEET = b"PK\x03\x04"

MONTHS_OF_YEAR = 12
UNSURE = 0.5
"""Confidence of an id that a list gives as not confirmed without saying how sure it is."""

WARNED_BEFORE = dt.timedelta(days=60)
"""So long before an edition is a year old it is said that it will be."""

FOLDED = str.maketrans(
    {
        "&": " and ",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)
"""Letters that have no parts in Unicode, and the sign that is a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a list.

    Attributes
    ----------
    name, aliases
        As the list writes it.
    country
        Code of its country, or None.
    member_id
        The id that the list itself gives, or None.
    first_on, last_on
        Days between which it is on the list; None where there is no end.
    confidence
        How sure the list itself is of the id, from 0 to 1; None where it does not doubt it.
    """

    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    member_id: str | None = None
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    confidence: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return (self.name, *self.aliases)

    @property
    def identity(self) -> tuple[str, str]:
        """By what it is known again in another edition: normalized name, and country."""
        return normalized(self.name), self.country or ""

    def plain(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {
            "name": self.name,
            "aliases": list(self.aliases),
            "country": self.country,
            "id": self.member_id,
            "from": self.first_on.isoformat() if self.first_on else None,
            "to": self.last_on.isoformat() if self.last_on else None,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What is stated of an edition of a list.

    Attributes
    ----------
    list_id, title
        Its id and what people call it.
    of
        What its entries are.
    source, dated
        Who publishes it and where, and the date of the edition.
    licence
        On what terms it may be used, where that is known.
    review_by
        The day by which somebody is to look for a newer edition.
    """

    list_id: str
    title: str
    of: str
    source: str
    dated: str
    licence: str | None = None
    review_by: str | None = None

    def problems(self, today: dt.date) -> Iterator[str]:
        """Yield what is missing or wrong on a day, each with what to do."""
        if not re.fullmatch(SLUG, self.list_id):
            yield "The name of a list has small letters, digits and hyphens. Write `a-list`."
        if self.of not in LISTED:
            yield f"`{self.of}` is nothing that a list can hold. {offer(self.of, LISTED)}"
        if not self.source.strip():
            yield "The source is missing. Say who publishes the list and where, with --source."
        if not self.dated:
            yield "The date of the edition is missing. Give it with --dated YYYY-MM-DD."
        for name, value in (("dated", self.dated), ("review-by", self.review_by)):
            if value and _day(value) is None:
                yield f"--{name} is `{value}`, which is no date. Write YYYY-MM-DD."
        day = _day(self.dated)
        if day is not None and day > today:
            yield f"--dated is {day}, after today, {today}. Give the day that the list bears."

    def remark_on_age(self, today: dt.date) -> str | None:
        """Say that an edition is a year old or will soon be, or that a newer one is due."""
        day, due = _day(self.dated), _day(self.review_by)
        if day is None:
            return None
        ages_on = years_after(day, 1)
        if today >= ages_on:
            return f"This edition is more than {MONTHS_OF_YEAR} months old: look for a newer one."
        if due is not None and today >= due:
            return f"A newer edition was to be looked for by {due}."
        if today >= ages_on - WARNED_BEFORE:
            return f"This edition will be {MONTHS_OF_YEAR} months old on {ages_on}."
        return None


@dataclass(frozen=True, slots=True)
class Changes:
    """How an edition of a list differs from an older one; for each changed entry, both."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[tuple[Entry, Entry], ...]


def normalized(name: str) -> str:
    """Return a name in the form in which two spellings of it are equal.

    Case, accents, punctuation and blanks do not count; `&` is `and`.
    """
    if name.isascii():  # most are, and there are hundreds of thousands
        return NO_WORD.sub(" ", name.lower().replace("&", " and ")).strip()
    apart = unicodedata.normalize("NFKD", name.casefold().translate(FOLDED))
    kept = "".join(
        sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign)
    )
    return " ".join(kept.split())


def read_entries(data: bytes, name: str, of: Kind = "organization") -> tuple[Entry, ...]:
    """Read the entries of a list.

    Parameters
    ----------
    data
        CSV or TSV in UTF-8, with a line of column names: `name`, and as far as known `aliases`
        (separated by ``|`` or ``;``), `country`, `ror` or `id`, `from`, `to`.
    name
        Name of the file; one that ends in ``.tsv`` has tabs between columns.
    of
        What its entries are.

    Raises
    ------
    PolicyError
        With every fault, its line and its column, counted in columns of the table.
    """
    rows, problems = _rows(_decoded(data, name), "\t" if name.endswith(".tsv") else ",")
    if not problems:
        table = _Table(header=[one.strip().casefold() for one in rows[0].fields], of=of)
        table.read_header(rows[0].line)
        if not table.problems:
            for row in rows[1:]:
                table.read_row(row)
            if not table.entries and not table.problems:
                problem = "There is no entry below the column names."
                table.problems.append(Problem(Place(rows[0].line, 1), problem, "Add one."))
        problems = table.problems
        entries = tuple(table.entries)
    if problems:
        told = [str(one) for one in sorted(problems)[:MOST_FAULTS]]
        if len(problems) > MOST_FAULTS:
            told.append(f"and {len(problems) - MOST_FAULTS} more")
        raise PolicyError.in_document(name, told)
    return entries


def entries_of(stored: Iterable[Mapping[str, object]]) -> tuple[Entry, ...]:
    """Return entries from what `Entry.plain` has given."""
    return tuple(
        Entry(
            name=str(one["name"]),
            aliases=tuple(str(alias) for alias in _listed(one["aliases"])),
            country=_text(one["country"]),
            member_id=_text(one["id"]),
            first_on=_day(_text(one["from"])),
            last_on=_day(_text(one["to"])),
            confidence=float(one["confidence"])
            if isinstance(one["confidence"], int | float)
            else None,
        )
        for one in stored
    )


def entries_of_list(found: NamedList) -> tuple[Entry, ...]:
    """Return the entries of a list that was read as policies use it.

    A member that nobody has confirmed keeps that doubt; one that has no name bears its id.
    """
    return tuple(
        Entry(
            name=one.name or one.member_id,
            country=one.member_id if found.of == "country" else None,
            member_id=one.member_id,
            first_on=one.first_on,
            last_on=one.last_on,
            confidence=(UNSURE if one.confidence is None else one.confidence)
            if one.is_possible
            else None,
        )
        for one in found.members
    )


def changes(old: Iterable[Entry], new: Iterable[Entry]) -> Changes:
    """Compare two editions; an entry is the same if its name and country are."""
    before, after = _by_identity(old), _by_identity(new)
    pairs = [(before[key], after[key]) for key in before if key in after]
    return Changes(
        added=tuple(entry for key, entry in after.items() if key not in before),
        removed=tuple(entry for key, entry in before.items() if key not in after),
        changed=tuple((one, other) for one, other in pairs if one != other),
    )


def _by_identity(entries: Iterable[Entry]) -> dict[tuple[str, str, int], Entry]:
    """Return entries by identity; one that is on the list in several spans is numbered."""
    found: dict[tuple[str, str, int], Entry] = {}
    for entry in entries:
        n = sum(key[:2] == entry.identity for key in found) if (*entry.identity, 0) in found else 0
        found[(*entry.identity, n)] = entry
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: Sequence[str]


def _decoded(data: bytes, name: str) -> str:
    if data.startswith(SPREADSHEET):
        problem = Problem(Place(1, 1), "This is a spreadsheet, not a text.", "Save it as CSV.")
        raise PolicyError.in_document(name, [str(problem)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        place = Place(before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
        found = f"Byte {error.object[error.start]:#04x} is not UTF-8."
        problem = Problem(place, found, "Save the file in that encoding.")
        raise PolicyError.in_document(name, [str(problem)]) from error


def _rows(text: str, delimiter: str) -> tuple[list[_Row], list[Problem]]:
    """Return the rows with the lines on which they begin, without those that are empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[_Row] = []
    line = 1
    try:
        for fields in reader:
            if any(one.strip() for one in fields):
                rows.append(_Row(line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        found = f"The line cannot be taken apart: {error}."
        return rows, [Problem(Place(line, 1), found, "Look for a quotation mark too many.")]
    if not rows:
        return rows, [Problem(Place(1, 1), "The file is empty.", "Begin with column names.")]
    return rows, []


@dataclass(slots=True)
class _Table:
    """Reads rows and notes what is wrong in them."""

    header: list[str]
    of: Kind
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def read_header(self, line: int) -> None:
        """Note columns that are unknown, twice there or missing."""
        for number, column in enumerate(self.header, start=1):
            place = Place(line, number)
            ground = forbidden_ground(column) if column not in COLUMNS else None
            if ground:
                problem = f"`{column}` is a column about persons ({ground})."
                self.problems.append(Problem(place, problem, "No list may hold that; remove it."))
            elif column not in COLUMNS:
                problem = f"There is no column `{column}`."
                self.problems.append(Problem(place, problem, offer(column, COLUMNS)))
            elif column in self.header[: number - 1]:
                problem = f"The column `{column}` is there twice."
                self.problems.append(Problem(place, problem, "Remove one of them."))
        if self.problems:
            return
        needed = {"organization": "name", "country": "country"}.get(self.of, "id")
        for column in dict.fromkeys(("name", needed)):
            if column not in self.header:
                problem = f"The column `{column}` is missing."
                self.problems.append(Problem(Place(line, 1), problem, "Add it."))

    def read_row(self, row: _Row) -> None:
        """Turn a row into an entry, or note what is wrong with it."""
        if len(row.fields) != len(self.header):
            problem = f"{len(row.fields)} columns stand here, {len(self.header)} at the top."
            self.note(row, "name", problem, "Put texts that hold the separator in quotation marks.")
            return
        n_problems = len(self.problems)
        texts = {
            column: " ".join(one.split())
            for column, one in zip(self.header, row.fields, strict=True)
        }
        for column, written in texts.items():
            if len(written) > LONGEST_TEXT:
                self.note(row, column, f"`{column}` has {len(written)} signs.", "Shorten it.")
            elif any(unicodedata.category(sign) == "Cc" for sign in written):
                self.note(row, column, f"`{column}` holds a control sign.", "Remove it.")
        if not normalized(texts["name"]):
            self.note(row, "name", "The name is missing.", "Write it.")
        aliases = (one.strip() for one in SEPARATORS.split(texts.get("aliases", "")))
        entry = Entry(
            name=texts["name"],
            aliases=tuple(dict.fromkeys(one for one in aliases if one not in {"", texts["name"]})),
            country=self.read(row, texts, "country", lambda text: identifier("country", text)),
            member_id=self.member_id(row, texts),
            first_on=self.read(row, texts, "from", _required_day),
            last_on=self.read(row, texts, "to", _required_day),
        )
        if entry.first_on and entry.last_on and entry.last_on < entry.first_on:
            self.note(row, "to", f"`to` lies before `from`, {entry.first_on}.", "Mend the dates.")
        key = (*entry.identity, str(entry.first_on))
        if key in self.lines:
            problem = f"`{entry.name}` stands on line {self.lines[key]} already."
            self.note(row, "name", problem, "Remove one of them, or give each its dates.")
        self.lines.setdefault(key, row.line)
        if len(self.problems) == n_problems:
            self.entries.append(entry)

    def member_id(self, row: _Row, texts: Mapping[str, str]) -> str | None:
        """Return the id that the list gives for what it is a list of."""
        if self.of == "country":
            return self.required(row, texts, "country")
        if self.of != "organization":
            return self.required(row, texts, "id")
        given = {self.read(row, texts, column, self.identified) for column in ("ror", "id")}
        if len(given - {None}) > 1:
            self.note(row, "id", "`ror` and `id` differ.", "Keep one of them.")
        return next((one for one in given if one), None)

    def required(self, row: _Row, texts: Mapping[str, str], column: str) -> str | None:
        """Return the id in a column that may not be empty."""
        if not texts[column]:
            self.note(row, column, f"`{column}` is empty.", "Every entry of this list needs it.")
        return self.read(row, texts, column, self.identified)

    def identified(self, text: str) -> str:
        """Return an id of what the list is of, in its one spelling."""
        return identifier(self.of, text)

    def read(
        self, row: _Row, texts: Mapping[str, str], column: str, reader: Callable[[str], Read]
    ) -> Read | None:
        """Return what a column holds, None where it is empty or wrong."""
        if not texts.get(column):
            return None
        try:
            return reader(texts[column])
        except UnknownIdError as error:
            said, _, remedy = str(error).partition(". ")
            self.note(row, column, f"{said}.", remedy)
            return None

    def note(self, row: _Row, column: str, problem: str, remedy: str) -> None:
        """Note a fault in a column."""
        number = self.header.index(column) + 1 if column in self.header else 1
        told = Problem(Place(row.line, number), problem, remedy)
        if told not in self.problems:
            self.problems.append(told)


def _required_day(text: str) -> dt.date:
    day = _day(text)
    if day is None:
        message = f"`{text}` is no date. Write YYYY-MM-DD."
        raise UnknownIdError(message)
    return day


def _day(text: str | None) -> dt.date | None:
    if text is None or not re.fullmatch(DATE, text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
