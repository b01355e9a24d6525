"""A full-text index of a version of a lake: written once beside it, opened in milliseconds.

An index lies in LAKE/search/<version>-<hash>, where the hash is of all that decides what the
version and the index hold: one of another version is never read. It is written in the workplace of
its process and renamed when it is whole; those of versions that are gone are removed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from fourseas.errors import LakeError
from fourseas.lake.aside import clear
from fourseas.lake.layout import Lake, discard, disk_errors, publish, taking_turns, workplace
from fourseas.lake.ledger import sha256_of_texts

FORMAT = "1"
"""Number of what an index holds and how; one of another number is built anew."""

SIGNS_OF_HASH = 12
HEAP = 64_000_000
"""Bytes of documents that are held before they go to the disk; the index is merged in pieces."""

LONGEST_WORD = 40
FOLDED = "folded"
SLIPS = 2
LONG_WORD = 5
"""Letters from which a word may have two slips; a shorter one may have one."""

Document = Mapping[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, and its score."""

    score: float
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is looked for.

    Attributes
    ----------
    words
        Words as `folded` returns them; a document has one of them or more.
    least
        How many of them it must have.
    kinds, countries
        One of which it must be of; empty for any.
    most
        Documents to return.
    """

    words: tuple[str, ...]
    least: int
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    most: int


_ANALYZER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(LONGEST_WORD))
    .filter(Filter.lowercase())
    .filter(Filter.stopword("english"))
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)


def folded(text: str) -> list[str]:
    """Return the words of a text without case, accents, punctuation and English endings.

    English words such as "of" and "the" are left out.
    """
    return list(_ANALYZER.analyze(text))


def path_of(lake: Lake, version: str, fingerprint: str) -> Path:
    """Return where the index of a version lies."""
    digest = sha256_of_texts([FORMAT, fingerprint])[:SIGNS_OF_HASH]
    return lake.search / f"{version}-{digest}"


def opened(path: Path) -> tantivy.Index | None:
    """Open an index, or return None where there is none that can be read."""
    try:
        index = tantivy.Index.open(str(path)) if path.is_dir() else None
    except ValueError:
        return None
    if index is not None:
        index.register_tokenizer(FOLDED, _ANALYZER)
    return index


def build(lake: Lake, path: Path, batches: Iterable[pa.RecordBatch]) -> tantivy.Index:
    """Write an index of documents as they come, put it in its place and open it.

    Parameters
    ----------
    lake, path
        The lake, and `path_of` one of its versions.
    batches
        Documents with ``kind``, ``name``, ``other_names``, ``countries``, ``strength`` and
        whatever else a hit should tell.

    Raises
    ------
    LakeError
        If another process is building one for too long, or the disk is full or closed to us.
    """
    with taking_turns(lake.search):
        index = opened(path)
        if index is None:
            with disk_errors(lake.search):
                _write(lake, path, batches)
                clear(lake)
            index = opened(path)
    assert index is not None, "an index that was written whole can be opened"
    return index


def _write(lake: Lake, path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    draft = workplace(lake)
    draft.mkdir(parents=True)
    try:
        index = tantivy.Index(_schema(), path=str(draft))
        index.register_tokenizer(FOLDED, _ANALYZER)
        writer = index.writer(heap_size=HEAP, num_threads=1)
        for batch in batches:
            for row in batch.to_pylist():
                writer.add_document(_document(row))
        writer.commit()
        writer.wait_merging_threads()
        if path.exists():
            discard(lake, path)  # damaged, or it would have been opened
        publish(draft, path)
    except ValueError as error:  # so the index tells what the disk refuses
        raise LakeError.disk(str(lake.search), str(error)) from error
    finally:
        # A server lives on after a full disk, and would fill it with drafts.
        shutil.rmtree(draft, ignore_errors=True)


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_text_field("text", tokenizer_name=FOLDED, index_option="freq")
        .add_text_field("kind", tokenizer_name="raw", index_option="basic")
        .add_text_field("country", tokenizer_name="raw", index_option="basic")
        .add_float_field("strength", fast=True)
        .add_bytes_field("document", stored=True)
        .build()
    )


def _document(row: Mapping[str, object]) -> tantivy.Document:
    document = tantivy.Document()
    for name in ("name", "other_names"):
        if row[name] is not None:
            document.add_text("text", str(row[name]))
    document.add_text("kind", str(row["kind"]))
    for country in str(row["countries"] or "").split():
        document.add_text("country", country)
    document.add_float("strength", _weight(float(str(row["strength"]))))
    document.add_bytes("document", json.dumps(row, ensure_ascii=False).encode())
    return document


def _weight(strength: float) -> float:
    """Return the value by which tantivy multiplies a score with `strength`.

    It multiplies by log2(2 + value), as scores of version 0.27 show.
    """
    return float(2.0**strength - 2.0)


def search(index: tantivy.Index, question: Question) -> tuple[int, list[Hit]]:
    """Return how many documents match, and the best of them.

    The score is BM25 of the words, twice that where all of them match, times the strength.
    """
    schema = index.schema
    words = [Query.term_query(schema, "text", word, "freq") for word in question.words]
    some = Query.boolean_query([(Occur.Should, word) for word in words], question.least)
    every = Query.boolean_query([(Occur.Must, word) for word in words])
    asked = [(Occur.Must, some), (Occur.Should, every)]
    for field, values in (("kind", question.kinds), ("country", question.countries)):
        if values:
            among = Query.term_set_query(schema, field, list(values))
            asked.append((Occur.Must, Query.const_score_query(among, 0.0)))
    return _found(index, Query.boolean_query(asked), question.most)


def unknown(index: tantivy.Index, words: Sequence[str]) -> list[str]:
    """Return the words that no document has."""
    searcher = index.searcher()
    return [word for word in words if not searcher.doc_freq("text", word)]


def nearly(index: tantivy.Index, word: str, most: int) -> list[Hit]:
    """Return the strongest documents that have a word which differs by a slip or two."""
    slips = SLIPS if len(word) >= LONG_WORD else 1
    query = Query.fuzzy_term_query(index.schema, "text", word, distance=slips)
    return _found(index, query, most)[1]


def _found(index: tantivy.Index, query: Query, most: int) -> tuple[int, list[Hit]]:
    searcher = index.searcher()
    result = searcher.search(query, limit=most, count=True, weight_by_field="strength")
    hits = [Hit(float(score), _stored(searcher, address)) for score, address in result.hits]
    return int(result.count), hits  # type: ignore[attr-defined]  # its stubs forget the count


def _stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Document:
    """Return a document as it was given."""
    stored = searcher.doc(address).get_first("document")
    assert stored is not None, "every document was stored"
    return dict(json.loads(bytes(stored)))
