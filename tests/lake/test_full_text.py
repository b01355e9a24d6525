"""A full-text index: what it finds, its scores, and that it is whole and of its version."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import tantivy

from fourseas.lake import full_text, layout
from fourseas.lake.full_text import Question, folded
from fourseas.lake.layout import Lake

K1, B = 1.2, 0.75

DOCUMENTS = (
    ("topic", "Drought tolerant maize", None, None, 1.5),
    ("work", "Maize and maize rust", None, "KE DE", 1.0),
    ("organization", "Universidade de São Paulo", "USP\nUniversity of Sao Paulo", "BR", 2.0),
    ("work", "Rust in wheat", None, "DE", 1.25),
)


def batches(rows: tuple[tuple[object, ...], ...] = DOCUMENTS) -> Iterator[pa.RecordBatch]:
    """Return documents one by one."""
    names = ("kind", "name", "other_names", "countries", "strength")
    for row in rows:
        yield pa.RecordBatch.from_pylist([dict(zip(names, row, strict=True))])


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake with a directory for one version."""
    made = layout.init(tmp_path / "lake", scope="census")
    (made.versions / "000001").mkdir(parents=True)
    return made


def names(index: tantivy.Index, text: str, **among: tuple[str, ...]) -> list[str]:
    """Return the names that any word of a text finds, the best first."""
    question = Question(
        words=tuple(folded(text)),
        least=1,
        kinds=among.get("kinds", ()),
        countries=among.get("countries", ()),
        most=10,
    )
    return [str(hit.document["name"]) for hit in full_text.search(index, question)[1]]


def test_words_are_found_whatever_case_accents_and_endings(lake: Lake) -> None:
    index = full_text.build(lake, full_text.path_of(lake, "000001", "f"), batches())

    assert names(index, "UNIVERSITIES sao") == ["Universidade de São Paulo"]
    assert names(index, "São") == names(index, "SAO") == ["Universidade de São Paulo"]
    assert names(index, "wheat rusts")[0] == "Rust in wheat"
    assert names(index, "barley") == []


def test_kinds_and_countries_restrict_what_is_found(lake: Lake) -> None:
    index = full_text.build(lake, full_text.path_of(lake, "000001", "f"), batches())

    assert names(index, "maize", kinds=("topic",)) == ["Drought tolerant maize"]
    assert names(index, "maize rust", countries=("KE",)) == ["Maize and maize rust"]
    assert names(index, "maize", kinds=("topic",), countries=("KE",)) == []


def test_scores_are_bm25_twice_where_all_words_match_times_the_strength(lake: Lake) -> None:
    index = full_text.build(lake, full_text.path_of(lake, "000001", "f"), batches())
    lengths = [3, 3, 8, 2]  # words but for "and", "in", "of"; "de" is no English word
    mean = sum(lengths) / 4

    def score(n_with: int, tf: int, length: int) -> float:
        idf = math.log(1 + (4 - n_with + 0.5) / (n_with + 0.5))
        return idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * length / mean))

    question = Question(words=("maiz", "rust"), least=1, kinds=(), countries=(), most=10)
    n, hits = full_text.search(index, question)

    assert n == 3
    assert {str(hit.document["name"]): hit.score for hit in hits} == pytest.approx(
        {
            "Maize and maize rust": 2 * (score(2, 2, 3) + score(2, 1, 3)),
            "Drought tolerant maize": 1.5 * score(2, 1, 3),
            "Rust in wheat": 1.25 * score(2, 1, 2),
        },
        rel=1e-5,
    )


def test_what_is_restricted_has_the_score_it_had(lake: Lake) -> None:
    index = full_text.build(lake, full_text.path_of(lake, "000001", "f"), batches())
    scores = [
        next(
            hit.score
            for hit in full_text.search(index, question)[1]
            if hit.document["name"] == "Drought tolerant maize"
        )
        for question in (
            Question(words=("maiz",), least=1, kinds=(), countries=(), most=9),
            Question(words=("maiz",), least=1, kinds=("topic",), countries=(), most=9),
        )
    ]

    assert scores[0] == scores[1]


def test_an_index_that_was_broken_off_is_not_there_and_is_built_again(lake: Lake) -> None:
    path = full_text.path_of(lake, "000001", "f")

    def broken() -> Iterator[pa.RecordBatch]:
        yield next(batches())
        message = "killed"
        raise KeyboardInterrupt(message)

    with pytest.raises(KeyboardInterrupt):
        full_text.build(lake, path, broken())

    assert full_text.opened(path) is None
    assert names(full_text.build(lake, path, batches()), "wheat") == ["Rust in wheat"]


def test_a_damaged_index_is_built_again(lake: Lake) -> None:
    path = full_text.path_of(lake, "000001", "f")
    full_text.build(lake, path, batches())
    (path / "meta.json").write_text("{", encoding="utf-8")

    assert full_text.opened(path) is None
    assert names(full_text.build(lake, path, batches()), "wheat") == ["Rust in wheat"]


def test_an_index_is_of_one_version_and_goes_with_it(lake: Lake) -> None:
    old = full_text.path_of(lake, "000001", "f")
    full_text.build(lake, old, batches())
    assert full_text.opened(full_text.path_of(lake, "000001", "g")) is None

    (lake.versions / "000001").rename(lake.versions / "000002")
    new = full_text.path_of(lake, "000002", "h")
    index = full_text.build(lake, new, batches((DOCUMENTS[3],)))

    assert names(index, "maize") == []
    assert not old.exists()


def test_a_word_with_slips_finds_what_it_is_like(lake: Lake) -> None:
    index = full_text.build(lake, full_text.path_of(lake, "000001", "f"), batches())

    assert full_text.unknown(index, folded("maize drougth")) == folded("drougth")
    (hit,) = full_text.nearly(index, "drougth", 5)
    assert hit.document["name"] == "Drought tolerant maize"
