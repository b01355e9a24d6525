"""`retractions`: notices find works by DOI and decide whether they are retracted."""

from __future__ import annotations

import pytest

from fourseas.schema.staged import STAGED_RETRACTIONS
from tests.world import Row, Work, arrow, authors, linked, rows, world

DOI = "10.5555/rw"


def _notice(nature: str, noted_on: str | None, *, record: int, doi: str = DOI) -> Row:
    return {
        "register": "retraction_watch",
        "part_key": "part",
        "record": record,
        "doi": doi,
        "nature": nature,
        "noted_on": noted_on,
        "reasons": ["Error in Data"],
        "notice_doi": None,
    }


def _retracted(*notices: Row) -> list[tuple[object, ...]]:
    tables = world([Work(1, authors("NL")), Work(2, authors("NL"))])
    staged = tables["staged_works"].to_pylist()
    dois = [DOI if row["work_key"] == 1 else None for row in staged]
    place = tables["staged_works"].schema.get_field_index("doi")
    with_doi = tables["staged_works"].set_column(
        place, tables["staged_works"].schema.field(place), [dois]
    )
    con = linked(
        tables
        | {"staged_works": with_doi, "staged_retractions": arrow(STAGED_RETRACTIONS, notices)}
    )
    assert len(rows(con.table("works"), "work_id")) == 2
    return [
        *rows(con.table("works"), "work_key", "is_retracted"),
        *rows(con.table("retractions"), "work_id", "nature", "noted_on"),
    ]


def test_without_notices_nothing_is_retracted() -> None:
    assert _retracted() == [(1, False), (2, False)]


def test_a_retraction_finds_the_work_and_is_kept_with_its_date() -> None:
    assert _retracted(_notice("retraction", "2020-01-01", record=1)) == [
        (1, True),
        (2, False),
        (0, "retraction", "2020-01-01"),
    ]


@pytest.mark.parametrize(
    ("notices", "is_retracted"),
    [
        ([("correction", "2020-01-01")], False),
        ([("expression of concern", None)], False),
        ([("retraction", None)], True),
        ([("retraction", "2020-01-01"), ("reinstatement", "2021-01-01")], False),
        ([("reinstatement", "2021-01-01"), ("retraction", "2022-01-01")], True),
        ([("retraction", "2020-01-01"), ("retraction", "2020-02-01")], True),
        ([("reinstatement", "2021-01-01")], False),
    ],
)
def test_the_latest_notice_that_retracts_or_reinstates_decides(
    notices: list[tuple[str, str | None]], *, is_retracted: bool
) -> None:
    listed = [_notice(nature, day, record=n) for n, (nature, day) in enumerate(notices, start=1)]

    assert _retracted(*listed)[0] == (1, is_retracted)


def test_a_notice_on_another_work_changes_nothing() -> None:
    other = _notice("retraction", "2020-01-01", record=1, doi="10.5555/other")

    assert _retracted(other) == [(1, False), (2, False)]
