"""Faults planted in a small world are found, those that look like them are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.reports.quality import absorbed, authors, duplicates, years
from fourseas.reports.quality.section import Section
from tests.flat import flat
from tests.world import Author, Work, linked, world
from tests.world import authors as placed

LONG_TITLE = "A drought tolerant maize for dry lands"


def told(section: Section, works: Iterable[Work]) -> dict[str, tuple[int, str | None]]:
    """Return faulty works and examples of each fault."""
    con = linked(world(works))
    found = section.compute(*(con.table(spec.name) for spec in section.reads))
    assert found.schema() == section.writes.ibis_schema
    rows = found.to_pyarrow().to_pylist()
    assert all(row["pp_faulty"] == row["n_faulty"] / row["n"] for row in rows)
    return {row["fault"]: (row["n_faulty"], row["examples"]) for row in rows}


def persons(*numbers: int) -> tuple[Author, ...]:
    """Return authors who are these persons."""
    return tuple(Author({"KE": 1.0}, person=number) for number in numbers)


# Authors


def test_cut_lists_works_without_authors_and_widespread_authors_are_counted() -> None:
    found = told(
        authors.SECTION,
        [
            Work(1, placed("KE"), is_authors_truncated=True),
            Work(2),
            Work(3, placed("KE+DE+FR+BR+CN")),
            Work(4, placed("KE+DE+FR+BR", "CN")),
        ],
    )

    assert found == {
        authors.CUT_OFF: (1, "W1"),
        authors.NO_AUTHORS: (1, "W2"),
        authors.OF_MANY_COUNTRIES: (1, "W3"),
    }


# Years


@pytest.mark.parametrize(
    ("year", "fault"),
    [
        (1499, years.IMPOSSIBLE),
        (2026, years.IMPOSSIBLE),
        (1664, years.BEFORE_JOURNALS),
        (2025, years.AHEAD),
        (None, years.NO_YEAR),
        (1665, None),
        (2024, None),
    ],
)
def test_years_are_impossible_unlikely_or_missing(year: int | None, fault: str | None) -> None:
    # The snapshot of the small world is of 2024.
    found = told(years.SECTION, [Work(1, placed("KE"), year=year), Work(2, placed("KE"))])

    assert {name: n for name, (n, _) in found.items() if n} == ({fault: 1} if fault else {})


# Duplicates


def test_works_of_one_doi_count_but_for_the_first() -> None:
    found = told(
        duplicates.SECTION,
        [Work(key, placed("KE"), doi="10.1/x") for key in (3, 1, 2)] + [Work(4, doi="10.1/y")],
    )

    assert found[duplicates.SAME_DOI] == (2, "W2 = W1, W3 = W1")


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (Work(2, persons(7), title="a Drought-tolerant MAIZE, for dry lands."), True),
        (Work(2, persons(7, 9), title=LONG_TITLE), True),
        (Work(2, persons(9, 7), title=LONG_TITLE), False),
        (Work(2, persons(7), title=LONG_TITLE, year=2021), False),
        (Work(2, persons(7), title=LONG_TITLE + " II"), False),
        (Work(2, placed("KE"), title=LONG_TITLE), False),
        (Work(2, persons(7), title=LONG_TITLE, register="rfc"), False),
    ],
)
def test_near_duplicates_share_letters_of_the_title_year_and_first_author(
    other: Work, *, is_same: bool
) -> None:
    found = told(duplicates.SECTION, [Work(1, persons(7), title=LONG_TITLE), other])

    assert found[duplicates.SAME_TITLE] == ((1, "W2 = W1") if is_same else (0, None))


def test_short_titles_are_those_of_many_works() -> None:
    found = told(duplicates.SECTION, [Work(n, persons(7), title="Editorial") for n in (1, 2)])

    assert found[duplicates.SAME_TITLE] == (0, None)


def test_a_work_with_two_records_is_told_once() -> None:
    one = Work(1, placed("KE"))
    found = told(duplicates.SECTION, [one, replace(one, updated_on="2024-02-01"), Work(2)])

    assert found[duplicates.SAME_NUMBER] == (1, "W1")


# Absorbed authors


def cited(of: int, *, apart: bool = True) -> list[Work]:
    """Return four works of four persons each, the same ones if they are not apart."""
    return [
        Work(of + n, persons(*range(4 * n * apart, 4 * n * apart + 4), *(() if apart else EXTRA)))
        for n in range(4)
    ]


EXTRA = tuple(range(100, 110))


@pytest.mark.parametrize(
    ("own", "references", "is_absorbed"),
    [
        (range(16), (10, 11, 12, 13), True),
        ((*range(8), 90, 91), (10, 11, 12, 13), True),
        ((*range(7), 90, 91, 92), (10, 11, 12, 13), False),
        (range(9), (10, 11, 12, 13), False),
        (range(16), (10, 11), False),
    ],
)
def test_works_that_took_over_the_authors_of_their_references_are_told(
    own: Iterable[int], references: tuple[int, ...], *, is_absorbed: bool
) -> None:
    work = Work(1, persons(*own), references=references)

    found = told(absorbed.SECTION, [work, *cited(10)])

    assert found[absorbed.ABSORBED][0] == is_absorbed


def test_a_large_collaboration_that_cites_itself_is_not_told() -> None:
    work = Work(1, persons(*range(4), *EXTRA), references=(10, 11, 12, 13))

    assert told(absorbed.SECTION, [work, *cited(10, apart=False)])[absorbed.ABSORBED][0] == 0


ORACLE = """
WITH people AS (SELECT DISTINCT work, person FROM world_authors WHERE person IS NOT NULL),
each_reference AS (
    SELECT r.citing, p.work AS cited, p.person
    FROM world_references AS r INNER JOIN people AS p ON r.cited = p.work
    WHERE r.citing <> r.cited
)
SELECT w.work
FROM world_works AS w
INNER JOIN each_reference AS e ON e.citing = w.work
WHERE w.n_authors >= 10
GROUP BY w.work
HAVING count(DISTINCT e.cited) >= 3
    AND count(DISTINCT e.person) >= 10
    AND 2 * count(DISTINCT e.person) >= count(*)
    AND 2 * count(DISTINCT e.person) FILTER (
        EXISTS (FROM people AS own WHERE own.work = w.work AND own.person = e.person)
    ) >= count(DISTINCT e.person)
ORDER BY w.work
"""


@settings(max_examples=8)
@given(st.lists(st.sets(st.integers(1, 24), min_size=4, max_size=20), min_size=4, max_size=9))
def test_absorbed_authors_are_those_of_sql_over_the_works(lists: list[set[int]]) -> None:
    every = range(1, len(lists) + 1)
    works = [
        Work(key, persons(*sorted(people)), references=tuple(n for n in every if n != key))
        for key, people in enumerate(lists, start=1)
    ]
    con = linked(world(works))
    for name, table in flat(works, []).items():
        con.con.register(name, table)

    expected = [f"W{work}" for (work,) in con.con.execute(ORACLE).fetchall()]
    section = absorbed.SECTION
    found = section.compute(*(con.table(spec.name) for spec in section.reads))
    (row,) = found.to_pyarrow().to_pylist()

    assert row["n_faulty"] == len(expected)
    named = [] if row["examples"] is None else str(row["examples"]).split(", ")
    assert [name.partition(" ")[0] for name in named] == expected[:5]
