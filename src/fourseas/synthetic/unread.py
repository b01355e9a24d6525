"""Keys of a record that fourseas does not read: they make records as long as those of OpenAlex.

Whoever reads a snapshot has to inflate and to pass over them. Abstracts are words of the names of
topics, the frequent ones far more often than the others (Zipf), so that they compress much as
prose does; they mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourseas.synthetic.columns import address, joined, lists, struct, taken, text
from fourseas.synthetic.draws import Integers, below, chosen
from fourseas.synthetic.world import Works, World, identity

WITH_ABSTRACT = 0.7
WORDS_OF_ABSTRACT = (60, 180)
"""Least and greatest number of words; some of them are the same."""

PLACES = 256
"""Words of an abstract with their repetitions: where a word may stand."""

N_CONCEPTS = 6
N_KEYWORDS = 4
N_RELATED = 10
YEARS_OF_COUNTS = 4
SOURCES = 30_000
LICENSES = ("cc-by", None, "cc-by-nc-nd", "publisher-specific-oa")


def unread(world: World, of: Works) -> dict[str, pa.Array]:
    """Return columns of abstracts, concepts, keywords, locations and the like."""
    keys = identity(of.numbers, world.seed)
    return {
        "ids": struct(openalex=address("W", keys), mag=text(keys)),
        "abstract_inverted_index": _abstracts(world, of),
        "concepts": _concepts(world, of),
        "keywords": _keywords(world, of),
        "locations": _locations(world, of),
        "related_works": _related(world, of),
        "counts_by_year": _counts(world, of),
    }


def _abstracts(world: World, of: Works) -> pa.MapArray:
    """Return for each work its words, and where in the abstract each of them stands."""
    vocabulary = _vocabulary(world)
    least, most = WORDS_OF_ABSTRACT
    n_words = least + below(most - least, world.draw("words", of.numbers))
    n_words[world.draw("abstract", of.numbers) >= WITH_ABSTRACT] = 0
    work, own = _several(of, n_words)
    rank = np.arange(len(vocabulary), dtype=np.float64)
    word = chosen(1.0 / (rank + 2.7), world.draw("word", own))
    # A word is one key of a record, however often it was drawn.
    pairs = np.unique(work * len(vocabulary) + word)
    work, word = np.divmod(pairs, len(vocabulary))
    place = below(PLACES, world.draw("place", pairs))
    counts = np.bincount(work, minlength=len(of.numbers))
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.MapArray.from_arrays(
        pa.array(ends), taken(vocabulary, word), lists(np.ones(len(word), np.int64), place)
    )


def _vocabulary(world: World) -> Sequence[str]:
    """Return the words of the names of topics, the frequent ones first."""
    words = world.margins.topics["name"].str.split(r"[^A-Za-z]+", regex=True).explode()
    n_names = words[words != ""].value_counts(sort=False).sort_index()
    return list(n_names.sort_values(ascending=False, kind="stable").index)


def _concepts(world: World, of: Works) -> pa.ListArray:
    topics = world.margins.topics
    counts = np.full(len(of.numbers), N_CONCEPTS)
    _, own = _several(of, counts)
    which = below(len(topics), world.draw("concept", own))
    return lists(
        counts,
        struct(
            id=address("C", 100_000 + which),
            wikidata=joined("https://www.wikidata.org/wiki/Q", text(10_000 + which)),
            display_name=taken(topics["name"].tolist(), which),
            level=pa.array(below(5, world.draw("level", own))),
            score=pa.array(world.draw("score", own).astype(np.float32)),
        ),
    )


def _keywords(world: World, of: Works) -> pa.ListArray:
    vocabulary = _vocabulary(world)
    counts = np.full(len(of.numbers), N_KEYWORDS)
    _, own = _several(of, counts)
    name = taken(vocabulary, below(len(vocabulary), world.draw("keyword", own)))
    return lists(
        counts,
        struct(
            id=joined("https://openalex.org/keywords/", pc.utf8_lower(name)),
            display_name=name,
            score=pa.array(world.draw("weight of keyword", own).astype(np.float32)),
        ),
    )


def _locations(world: World, of: Works) -> pa.ListArray:
    keys = identity(of.numbers, world.seed)
    source = below(SOURCES, world.draw("source", of.numbers) ** 2)
    terms = taken(LICENSES, below(len(LICENSES), world.draw("license", of.numbers)))
    return lists(
        np.ones(len(of.numbers), np.int64),
        struct(
            is_oa=pc.is_valid(terms),
            landing_page_url=joined("https://doi.org/10.5555/", text(keys)),
            pdf_url=joined("https://example.org/articles/", text(keys), ".pdf"),
            source=struct(
                id=address("S", 4_210_000_000 + source),
                display_name=joined("Journal ", text(source)),
                host_organization=address("P", 4_310_000_000 + source // 50),
                host_organization_name=joined("Publisher ", text(source // 50)),
            ),
            license=terms,
        ),
    )


def _related(world: World, of: Works) -> pa.ListArray:
    counts = np.full(len(of.numbers), N_RELATED)
    _, own = _several(of, counts)
    return lists(
        counts, address("W", identity(below(world.n_works, world.draw("related", own)), world.seed))
    )


def _counts(world: World, of: Works) -> pa.ListArray:
    counts = np.full(len(of.numbers), YEARS_OF_COUNTS)
    _, own = _several(of, counts)
    years = np.tile(2025 - np.arange(YEARS_OF_COUNTS), len(of.numbers))
    citations = below(20, world.draw("cited in", own))
    return lists(counts, struct(year=pa.array(years), cited_by_count=pa.array(citations)))


def _several(of: Works, counts: Integers) -> tuple[Integers, Integers]:
    """Return of which work each of several is, and a number of its own to draw by."""
    work = np.repeat(np.arange(len(of.numbers)), counts)
    place = np.arange(len(work)) - np.repeat(np.cumsum(counts) - counts, counts)
    return work, of.numbers[work] * PLACES + place
