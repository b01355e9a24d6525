"""`same_works`: one work of several records, by rules that would rather miss than mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pytest

from fourseas.link.same_works import joined
from fourseas.schema.works import SAME_WORKS
from tests.world import Work, authors, linked, rows, world

Option = TypeVar("Option")

TITLE = "On the openness of innovation systems"
OTHER = "A wholly different piece of scholarship"
ONE, TWO = authors("NL"), authors("NL", "KE")


def same(*works: Work) -> list[tuple[object, ...]]:
    """Return what is the same, by place in the list."""
    con = linked(world(works))
    places = {(work.register, work.key): place for place, work in enumerate(works, start=1)}
    place = {
        work_id: places[str(register), int(str(key))]
        for work_id, register, key in rows(con.table("works"), "work_id", "register", "work_key")
    }
    found = rows(
        con.table("same_works"), "work_id", "same_as", "reason", "n_records", "n_registers"
    )
    return sorted(
        (place[work], place[one], reason, n, registers) for work, one, reason, n, registers in found
    )


def _crossref(key: int, *, doi: str | None = None, title: str = TITLE, year: int = 2020) -> Work:
    return Work(key, TWO, register="crossref", doi=doi, title=title, year=year)


def test_one_doi_is_one_work_in_every_register() -> None:
    assert same(
        _crossref(1, doi="10.5555/a", title=OTHER),
        Work(2, ONE, doi="10.5555/a", title=TITLE),
        Work(3, ONE, doi="10.5555/b", title="Something else"),
    ) == [(1, 1, "stands for all", 2, 2), (2, 1, "doi", 2, 2)]


def test_a_title_finds_what_has_no_doi_there_whatever_its_signs() -> None:
    assert same(
        _crossref(1, doi="10.5555/a"),
        Work(2, TWO, title="ON THE OPENNESS — of innovation-systems."),
        Work(3, TWO, title=OTHER),
    ) == [(1, 1, "stands for all", 2, 2), (2, 1, "title", 2, 2)]


@pytest.mark.parametrize(
    "other",
    [
        Work(2, TWO, title=TITLE, year=2021),
        Work(2, ONE, title=TITLE),
        Work(2, TWO, title=TITLE, doi="10.5555/b"),
        Work(2, TWO, title=OTHER),
        Work(2, TWO, title=None),
        Work(2, TWO, title=TITLE, year=None),
    ],
    ids=["another year", "fewer authors", "another DOI", "another title", "no title", "no year"],
)
def test_a_title_alone_does_not_make_two_works_one(other: Work) -> None:
    assert same(_crossref(1, doi="10.5555/a"), other) == []


def test_a_short_title_is_that_of_many_works() -> None:
    assert same(_crossref(1, title="Editorial"), Work(2, TWO, title="Editorial")) == []


def test_where_a_register_has_two_of_a_title_none_is_chosen() -> None:
    works = (Work(2, TWO, title=TITLE), Work(3, TWO, title=TITLE))

    assert same(_crossref(1), *works) == []


def test_a_preprint_is_a_version_of_the_one_article_that_followed() -> None:
    assert same(
        Work(1, TWO, kind="preprint", title=TITLE, year=2018, doi="10.5555/p"),
        Work(2, TWO, title=TITLE, year=2020, doi="10.5555/a"),
    ) == [(1, 2, "version", 2, 1), (2, 2, "stands for all", 2, 1)]


@pytest.mark.parametrize(
    "others",
    [
        [Work(2, TWO, title=TITLE, year=2017)],
        [Work(2, TWO, title=TITLE, year=2022)],
        [Work(2, TWO, title=TITLE, kind="dataset", year=2018)],
        [Work(2, TWO, title=TITLE, year=2018), Work(3, TWO, title=TITLE, year=2019)],
        [Work(2, TWO, title=TITLE), Work(3, TWO, title=TITLE, kind="preprint")],
    ],
    ids=["before it", "long after", "no version of record", "two articles", "two preprints"],
)
def test_what_may_be_of_several_is_of_none(others: list[Work]) -> None:
    assert same(Work(1, TWO, kind="preprint", title=TITLE, year=2018), *others) == []


def test_a_preprint_follows_what_two_registers_share() -> None:
    assert same(
        Work(1, TWO, kind="preprint", title=TITLE, year=2019, doi="10.5555/p"),
        Work(2, TWO, title=TITLE, doi="10.5555/a"),
        _crossref(3, doi="10.5555/a"),
    ) == [
        (1, 3, "version", 3, 2),
        (2, 3, "doi", 3, 2),
        (3, 3, "stands for all", 3, 2),
    ]


def test_works_without_a_doi_are_not_the_same_for_lack_of_one() -> None:
    assert same(Work(1, TWO), Work(2, TWO), _crossref(3)) == []


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_out_first_is_one_with_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def one_of(options: Sequence[Option]) -> Option:
        return options[int(rng.integers(len(options)))]

    titles = (TITLE, TITLE.upper(), OTHER, "Editorial", f"{TITLE}!", None)
    works = [
        Work(
            key,
            one_of((ONE, TWO, ())),
            register=one_of(("openalex", "crossref")),
            kind=one_of(("article", "preprint", "dataset")),
            year=one_of((None, 2018, 2019, 2020, 2024)),
            title=one_of((*titles, *[f"{OTHER} {key}"] * 6)),
            doi=one_of((None, f"10.5555/{rng.integers(8)}", *[f"10.5555/{key}x"] * 3)),
        )
        for key in range(1, 121)
    ]
    followed = "A preprint that one article alone has followed"
    works += [
        Work(901, TWO, kind="preprint", title=followed, year=2018),
        Work(902, TWO, title=followed, year=2019),
        Work(903, TWO, title="In two registers and of one year"),
        Work(904, TWO, register="crossref", title="In two registers, and of one year"),
    ]
    con = linked(world(works))
    columns = SAME_WORKS.column_names

    whole = joined(con.table("works"), con.table("work_titles"))

    found = rows(con.table("same_works"), *columns)
    assert found == rows(whole, *columns)
    reasons = {reason for (reason,) in rows(whole, "reason")}
    assert reasons == {"doi", "title", "version", "stands for all"}
