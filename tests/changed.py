"""Two snapshots with planted changes, one in the place of the other, for tests of differences.

In 2020, before and after:

DE   40 works, 10 with FR; then 30 with FR
CN   40 works, 20 with US; then 22 with US
IN   10 works, 2 of them with an author of unknown country; then one is gone (201), one is of 2019
     (202), and one is of another field (203)
KE   3 works, which come with the second snapshot
JP, BR, ZA   10 works each, in three parts that stay as they are
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from fourseas import workspace
from fourseas.lake.ingest import AddReport, Request
from tests.embedded import Silent

FIRST, SECOND = "2024-06-30", "2024-09-30"

Record = dict[str, object]


def work(key: int, *countries: str, year: int = 2020, subfield: str = "1702") -> Record:
    """Return a record of a work with an author in each country; `?` for none."""
    return {
        "id": f"https://openalex.org/W{key}",
        "type": "article",
        "publication_year": year,
        "language": "en",
        "open_access": {"is_oa": key % 2 == 0},
        "cited_by_count": key % 7,
        "primary_topic": {
            level: {"id": f"https://openalex.org/{level}s/{number}", "display_name": number}
            for level, number in (
                ("subfield", subfield),
                ("field", subfield[:2]),
                ("domain", subfield[:1]),
            )
        },
        "authorships": [
            {
                "author_position": "first" if place == 0 else "last",
                "author": {"id": f"https://openalex.org/A{10 * key + place}"},
                "countries": [] if country == "?" else [country],
            }
            for place, country in enumerate(countries)
        ],
    }


def _germany_and_china(joint: tuple[int, int]) -> Iterator[Record]:
    for number in range(1, 41):
        yield work(number, *(("DE", "FR") if number <= joint[0] else ("DE",)))
    for number in range(1, 41):
        yield work(100 + number, *(("CN", "US") if number <= joint[1] else ("CN",)))


def before() -> list[Record]:
    """Return the records that change, as they are in the first snapshot."""
    india = [work(key, *(("IN", "?") if key in (204, 205) else ("IN",))) for key in range(201, 211)]
    return [*_germany_and_china((10, 20)), *india]


def after() -> list[Record]:
    """Return the records that changed, as they are in the second snapshot."""
    india = [
        work(202, "IN", year=2019),
        work(203, "IN", subfield="2739"),
        *(work(key, "IN", "?") for key in (204, 205)),
        *(work(key, "IN") for key in range(206, 211)),
    ]
    kenya = [work(key, "KE") for key in range(601, 604)]
    return [*_germany_and_china((30, 22)), *india, *kenya]


def write(directory: Path, changing: Iterable[Record]) -> Path:
    """Write a snapshot of four parts, of which three are always the same."""
    parts = {"works_0": list(changing)}
    for number, country in enumerate(("JP", "BR", "ZA"), start=1):
        first = 200 + 100 * number
        parts[f"works_{number}"] = [work(key, country) for key in range(first + 1, first + 11)]
    directory.mkdir(parents=True)
    for name, records in parts.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (directory / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return directory


def add(lake: Path, snapshot: Path, snapshot_on: str) -> AddReport:
    """Add a snapshot, in the place of an older one if there is one, and build."""
    request = Request(source=workspace.source("openalex"), snapshot_on=snapshot_on, replace=True)
    report = workspace.add(lake, snapshot, request, Silent())
    workspace.build(lake, Silent())
    return report


def build(place: Path) -> Path:
    """Build a lake of the first snapshot, then of the second; return its path."""
    lake = place / "lake"
    workspace.init(lake, scope="census", progress=Silent())
    add(lake, write(place / "first", before()), FIRST)
    add(lake, write(place / "second", after()), SECOND)
    return lake
