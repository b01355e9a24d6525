"""`fourseas find`: resources of a lake by words, ranked by relevance and strength."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import tantivy

from fourseas.errors import FourseasError
from fourseas.lake import engine, full_text
from fourseas.lake.full_text import Document, Hit, Question, folded
from fourseas.lake.progress import Progress
from fourseas.reports.finding.resources import BETWEEN_NAMES, FINDABLE, Kind
from fourseas.workspace import Workspace

LIMIT = 20
MOST = 1000
"""Results that can be asked for."""

ROWS_OF_BATCH = 20_000
NEAR_DOCUMENTS = 50
LETTERS_OF_CODE = 2
ALIKE = 0.8
"""How alike a word must be that is suggested: twice the letters in common by those of both."""

RANKING = (
    "Score: BM25 of the words in names and titles, twice that where all match, times "
    "1 + ln(1 + n) / ln(1 + greatest n of the kind), where n are works, of works and standards "
    "citations. At least half of the words that are anywhere in the lake match."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A resource that was found.

    Attributes
    ----------
    score
        See `RANKING`.
    kind, resource_id, name
        What it is.
    countries
        Of an organization its own; of a work or standard those of its authors.
    n_works, n_citations
        Works of it here, or how often it is cited.
    years
        First and last year of its works.
    why
        Words that matched, and in which other name they did.
    """

    score: float
    kind: str
    resource_id: str
    name: str
    countries: str | None
    n_works: int | None
    n_citations: int | None
    years: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found.

    Attributes
    ----------
    n
        How many resources match.
    found
        The best of them.
    unknown
        Words of the question that nothing here has.
    suggestion
        The question with these replaced by words that are here; null without any.
    """

    n: int
    found: tuple[Found, ...]
    unknown: tuple[str, ...]
    suggestion: str | None


def find(
    ws: Workspace,
    text: str,
    *,
    kinds: tuple[Kind, ...] = (),
    country: str | None = None,
    limit: int = LIMIT,
    progress: Progress,
) -> Answer:
    """Look for words in the names and titles of everything in a lake.

    Words are found whatever their case, accents and English endings; nothing in the text is an
    operator. Words that nothing here has are told, and not asked for. The index is built the
    first time that a version is asked.

    Raises
    ------
    FourseasError
        For a text without a word, a limit that is out of range, or a group of countries.
    UnknownNameError
        For a country that is not known.
    """
    words = tuple(dict.fromkeys(folded(text)))
    if not words:
        message = f"`{text}` has no word to look for."
        raise FourseasError(message, "Write a word of a name or title, such as maize.")
    if not 1 <= limit <= MOST:
        message = f"--limit is {limit}, but a search returns 1 to {MOST} results."
        raise FourseasError(message, "Give a number in between, such as 20.")
    countries = _countries(ws, country)
    index = _index(ws, progress)
    missing = full_text.unknown(index, words)
    known = tuple(word for word in words if word not in missing)
    question = Question(
        words=known,
        least=math.ceil(len(known) / 2),
        kinds=kinds,
        countries=countries,
        most=limit,
    )
    n, hits = full_text.search(index, question) if known else (0, [])
    return Answer(
        n=n,
        found=tuple(_found(hit, words) for hit in hits),
        unknown=tuple(word for word in _written(text) if set(folded(word)) & set(missing)),
        suggestion=_suggestion(index, text, missing),
    )


def is_prepared(ws: Workspace) -> bool:
    """Return whether the index of the version that is open is there."""
    return _path(ws).is_dir()


def prepare(ws: Workspace, progress: Progress) -> None:
    """Build the index of the version that is open, if there is none."""
    _index(ws, progress)


def _countries(ws: Workspace, country: str | None) -> tuple[str, ...]:
    """Return the country that is asked for."""
    if country is None:
        return ()
    units = ws.unit_ids([country])
    for unit in units:
        if len(unit) != LETTERS_OF_CODE or unit in _groups(ws):
            message = f"{unit} is no single country."
            raise FourseasError(message, "Name one country by code or name, such as KE.")
    return units


def _groups(ws: Workspace) -> set[str]:
    groups = ws.table("group_memberships").select("group_id").distinct().to_pyarrow()
    return {str(group) for group in groups["group_id"].to_pylist()}


def _index(ws: Workspace, progress: Progress) -> tantivy.Index:
    """Return the index of the version that is open; build it if there is none."""
    path = _path(ws)
    index = full_text.opened(path)
    return index if index is not None else full_text.build(ws.lake, path, _batches(ws, progress))


def _path(ws: Workspace) -> Path:
    return full_text.path_of(ws.lake, ws.version, ws.ledger.fingerprint)


def _batches(ws: Workspace, progress: Progress) -> Iterator[pa.RecordBatch]:
    """Return all resources kind by kind, so many at a time."""
    progress.start(len(FINDABLE), "Index of names and titles, once for this version")
    for findable in FINDABLE:
        tables = (ws.declared(spec) for spec in findable.reads)
        yield from engine.batches(findable.compute(*tables), ROWS_OF_BATCH)
        progress.advance(1, findable.kind)
    progress.finish()


def _found(hit: Hit, words: tuple[str, ...]) -> Found:
    document = hit.document
    first, last = document["first_year"], document["last_year"]
    years = None if first is None else f"{first}" if first == last else f"{first}-{last}"
    return Found(
        score=round(hit.score, 3),
        kind=str(document["kind"]),
        resource_id=str(document["resource_id"]),
        name=str(document["name"]),
        countries=_text(document["countries"]),
        n_works=_number(document["n_works"]),
        n_citations=_number(document["n_citations"]),
        years=years,
        why=_why(document, words),
    )


def _why(document: Document, words: tuple[str, ...]) -> str:
    """Return the matching words as they are written there, and the other name they are in."""
    name = str(document["name"])
    others = str(document["other_names"] or "").split(BETWEEN_NAMES)
    matches = {given: _matches(given, words) for given in (name, *others)}
    best = max(matches, key=lambda given: len(matches[given]))
    told = ", ".join(matches[best])
    return told if best == name else f"{told} in {best}"


def _matches(name: str, words: tuple[str, ...]) -> list[str]:
    """Return the words of a name that are looked for, each once."""
    found = {part: word for word in _written(name) for part in folded(word) if part in words}
    return list(dict.fromkeys(found.values()))


def _written(text: str) -> list[str]:
    """Return the words of a text as they are written."""
    signs = (sign if sign.isalnum() else " " for sign in text)
    return "".join(signs).split()


def _suggestion(index: tantivy.Index, text: str, missing: list[str]) -> str | None:
    """Return the text with words that are nowhere replaced by the nearest, or left out."""
    if not missing:
        return None
    written = _written(text)
    nearest = [
        _nearest(index, word) if set(folded(word)) & set(missing) else word for word in written
    ]
    known = [word for word in nearest if word is not None]
    is_replaced = any(word not in written for word in known)
    return " ".join(known) if is_replaced else None


def _nearest(index: tantivy.Index, word: str) -> str | None:
    """Return the word most like another one, among those of the strongest documents with one."""
    there = {
        known.casefold()
        for part in folded(word)
        for hit in full_text.nearly(index, part, NEAR_DOCUMENTS)
        for name in ("name", "other_names")
        for known in _written(str(hit.document[name] or ""))
    }
    close = difflib.get_close_matches(word.casefold(), sorted(there), n=1, cutoff=ALIKE)
    return close[0] if close else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
