"""A draft of a list: the topics nearest to a brief, for a person to decide one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import tantivy

from fourseas.challenges.challenge import COLUMNS
from fourseas.errors import NotComputableError

TITLE_BOOST = 3.0
"""A word of a topic's name counts so much more than one of its subfield's and field's."""

QUESTION = "A draft of this brief"
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "of",
        "on",
        "or",
        "our",
        "the",
        "to",
        "we",
        "with",
    ]
)
"""Words that say nothing of a subject."""

WRITER_BYTES = 15_000_000
"""The least memory that the index is written with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic with the names above it."""

    topic_id: str
    name: str
    above: str


def draft(brief: str, topics: Iterable[Topic], *, name: str, take: int) -> list[dict[str, str]]:
    """Return the topics that share most words with a brief, as rows of a list without decisions.

    Words are matched by their stems over the names of topics, subfields and fields, and ranked
    by BM25, so that rare words count most. Weight, decision and reason stay empty: they are a
    person's.

    Raises
    ------
    NotComputableError
        Where no topic has a word of the brief.
    """
    words = "".join(sign if sign.isalnum() else " " for sign in brief).casefold().split()
    telling = [word for word in words if word not in SMALL_WORDS]
    index, listed = _index(topics)
    found = _ranked(index, telling, take) if telling else []
    if not found:
        reason = "no topic of OpenAlex has one of its words"
        remedy = "Say it in English, and in the words of the field."
        raise NotComputableError.because(QUESTION, reason, remedy)
    return [
        dict.fromkeys(COLUMNS, "")
        | {
            "challenge": name,
            "kind": "topic",
            "id": topic_id,
            "label": listed[topic_id].name,
            "source": f"OpenAlex topics; candidate {place} of {len(found)}, BM25 {score:.2f}",
        }
        for place, (topic_id, score) in enumerate(found, start=1)
    ]


def _index(topics: Iterable[Topic]) -> tuple[tantivy.Index, Mapping[str, Topic]]:
    """Return an index of topics in memory, and the topics by id."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("topic_id", stored=True, tokenizer_name="raw")
    builder.add_text_field("name", tokenizer_name="en_stem")
    builder.add_text_field("above", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(WRITER_BYTES, 1)
    listed = {topic.topic_id: topic for topic in topics}
    for topic in listed.values():
        writer.add_document(
            tantivy.Document(topic_id=topic.topic_id, name=topic.name, above=topic.above)
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, listed


def _ranked(index: tantivy.Index, words: list[str], take: int) -> list[tuple[str, float]]:
    """Return ids of the nearest topics with their scores, equals in the order of their ids."""
    query = index.parse_query(
        " ".join(f'"{word}"' for word in words),
        default_field_names=["name", "above"],
        field_boosts={"name": TITLE_BOOST},
    )
    searcher = index.searcher()
    hits = searcher.search(query, limit=searcher.num_docs).hits
    found = [(str(searcher.doc(address)["topic_id"][0]), float(score)) for score, address in hits]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:take]
