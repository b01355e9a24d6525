"""What is wanting in works that were added: each kind counted, none of them twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fourseas import workspace
from fourseas.lake.ingest import Request
from fourseas.reports.added_works import Finding, added_works
from tests.embedded import Silent

HERE = {"country_code": "CH", "id": "https://openalex.org/I1", "display_name": "A"}


def author(*, is_placed: bool) -> dict[str, object]:
    """Return an authorship, with a country or without."""
    return {
        "author": {"id": "https://openalex.org/A1"},
        "author_position": "middle",
        "institutions": [HERE] if is_placed else [],
        "countries": ["CH"] if is_placed else [],
    }


def work(number: int, year: int | None = 2020, **others: object) -> dict[str, object]:
    """Return the record of a work by one author of a known country."""
    return {
        "id": f"https://openalex.org/W{number}",
        "type": "article",
        "publication_year": year,
        "authorships": [author(is_placed=True)],
    } | others


RECORDS = [
    work(1),
    work(1, 2021),
    work(2, None),
    work(3, 2202),
    work(4, 1066),
    work(5, 2026),
    work(6, authorships=[]),
    work(7, is_xpac=True),
    work(8, is_authors_truncated=True),
    work(9, authorships=[author(is_placed=False), author(is_placed=True)]),
]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Return a lake without works."""
    workspace.init(tmp_path / "lake", scope="corpus", progress=Silent())
    return tmp_path / "lake"


def test_each_kind_of_want_is_counted(lake: Path, tmp_path: Path) -> None:
    path = tmp_path / "works.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    request = Request(source=workspace.source("openalex"), snapshot_on="2025-06-01")
    report = workspace.add(lake, path, request, Silent())

    assert added_works(lake, report) == (
        Finding("records of a work that has another", 1, 10),
        Finding("records without a year", 1, 10),
        Finding("records of a year before 1500 or after 2026", 2, 10),
        Finding("records without authors", 1, 10),
        Finding("records whose list of authors was cut off", 1, 10),
        Finding("records of the xpac stratum", 1, 10),
        Finding("authorships without a known country", 1, 10),
    )


def test_a_register_without_works_has_nothing_to_say(lake: Path, tmp_path: Path) -> None:
    path = tmp_path / "topics.jsonl"
    topic = {"id": "https://openalex.org/T1", "display_name": "Snow"}
    path.write_text(json.dumps(topic) + "\n", encoding="utf-8")
    request = Request(source=workspace.source("openalex"), snapshot_on="2025-06-01")

    assert added_works(lake, workspace.add(lake, path, request, Silent())) == ()
