"""`universe`: which works a definition counts."""

from __future__ import annotations

from dataclasses import replace

import ibis
import pytest

from fourseas.catalog import LINKS
from fourseas.facts.universe import kind_group, universe
from fourseas.schema.definition import DEFINITIONS
from tests.world import Work, authors, on_duckdb, rows, world

COMPUTED = {d.definition_id: d for d in DEFINITIONS if d.computed}
PLAIN = Work(1, authors("CN", "US"))
OF_JOURNALS = ["cwts-like", "ncses-like", "openalex"]


@pytest.mark.parametrize(
    ("work", "definitions"),
    [
        (PLAIN, OF_JOURNALS),
        (replace(PLAIN, kind="review"), OF_JOURNALS),
        (replace(PLAIN, kind="conference-paper"), ["ncses-like", "openalex"]),
        (replace(PLAIN, kind="preprint"), ["openalex"]),
        (replace(PLAIN, kind="paratext"), []),
        (replace(PLAIN, kind="standard", register="rfc"), ["standards"]),
        (replace(PLAIN, kind="standard", register="3gpp"), ["standards"]),
        (replace(PLAIN, kind="standard"), []),
        (replace(PLAIN, is_retracted=True), ["ncses-like", "openalex"]),
        (replace(PLAIN, language="zh"), ["ncses-like", "openalex"]),
        (replace(PLAIN, language=None), ["ncses-like", "openalex"]),
        (replace(PLAIN, n_references=0), ["ncses-like", "openalex"]),
        (replace(PLAIN, authors=authors("?", "?")), ["openalex"]),
        (replace(PLAIN, authors=authors("?", "CN")), OF_JOURNALS),
        (replace(PLAIN, authors=()), ["openalex"]),
        (replace(PLAIN, is_xpac=True), []),
        (replace(PLAIN, is_xpac=True, is_retracted=True), []),
        (replace(PLAIN, year=None), []),
        (replace(PLAIN, year=2202), []),
    ],
)
def test_a_work_is_counted_by_these_definitions(work: Work, definitions: list[str]) -> None:
    works = on_duckdb(world([work]), LINKS).table("works")
    counting = [
        name
        for name, definition in COMPUTED.items()
        if rows(universe(works, definition), "work_id")
    ]

    assert sorted(counting) == definitions


def test_articles_and_reviews_are_one_group_of_kinds() -> None:
    kinds = ibis.memtable({"kind": ["article", "review", "letter"]})
    named = kinds.select(group=kind_group(kinds.kind))

    assert rows(named, "group") == [("article",), ("article",), ("letter",)]
