"""Records of works that filters find, and their counts by year, as the OpenAlex API gives them.

Read from the raw records, by the words of the API's documentation: no step of ours is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

Record = dict[str, Any]
"""A record as JSON has it."""

MOST_GROUPS = 200


def answer(records: Sequence[Record], asked: dict[str, str]) -> Record:
    """Return a page of what a query finds, or its groups."""
    filters = dict(one.split(":", 1) for one in asked["filter"].split(","))
    found = [
        record
        for record in records
        if (asked.get("include_xpac") == "true" or not record.get("is_xpac"))
        and all(_meets(record, name, value) for name, value in filters.items())
    ]
    meta: Record = {"count": len(found), "db_response_time_ms": 7, "page": 1, "per_page": 100}
    if "group_by" not in asked:
        size = int(asked["per_page"])
        return {"meta": meta | {"next_cursor": None}, "results": found[:size], "group_by": []}
    by_year = Counter(str(record[asked["group_by"]]) for record in found)
    groups = [
        {"key": year, "key_display_name": year, "count": n}
        for year, n in by_year.most_common(MOST_GROUPS)
    ]
    return {
        "meta": meta | {"groups_count": len(groups)},
        "results": [],
        "group_by": groups,
    }


def _meets(record: Record, name: str, value: str) -> bool:
    """Return whether a record meets a filter; one that is not known is an error of the test."""
    return FILTERS[name](record, value)


def countries_of(record: Record) -> set[str]:
    """Return the countries of a record, in small letters."""
    return {code.lower() for a in record["authorships"] for code in a.get("countries") or ()}


def _is_within(year: int, span: str) -> bool:
    first, _, last = span.partition("-")
    return int(first) <= year <= int(last or first)


def _is_of(record: Record, level: str, value: str) -> bool:
    topic = record.get("primary_topic") or {}
    return str((topic.get(level) or {}).get("id", "")).endswith("/" + value)


def _is_above(n: int, bound: str) -> bool:
    return n > int(bound.removeprefix(">"))


def _is(value: object, wanted: str) -> bool:
    return bool(value) == (wanted == "true")


FILTERS: dict[str, Callable[[Record, str], bool]] = {
    "authorships.countries": lambda r, v: bool(countries_of(r) & set(v.split("|"))),
    "countries_distinct_count": lambda r, v: _is_above(len(countries_of(r)), v),
    "publication_year": lambda r, v: _is_within(r["publication_year"], v),
    "type": lambda r, v: r["type"] in v.split("|"),
    "language": lambda r, v: r["language"] in v.split("|"),
    "is_retracted": lambda r, v: _is(r["is_retracted"], v),
    "open_access.is_oa": lambda r, v: _is(r["open_access"]["is_oa"], v),
    "authors_count": lambda r, v: _is_above(len(r["authorships"]), v),
    "has_references": lambda r, v: _is(r.get("referenced_works"), v),
    "primary_topic.field.id": lambda r, v: _is_of(r, "field", v),
    "primary_topic.domain.id": lambda r, v: _is_of(r, "domain", v),
}
