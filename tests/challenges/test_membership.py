"""Works of challenges by hand, against sets of tags, and as fields that indicators answer for."""

from __future__ import annotations

from typing import Literal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.challenges.challenge import Challenge, Kind, Row
from fourseas.challenges.membership import CHALLENGE_FIELDS, challenge_fields, keyword_pattern
from fourseas.indicators import collaboration, complementarity, specialization
from fourseas.schema.step import Indicator
from fourseas.schema.works import WORK_FIELDS
from tests.world import Row as Measured
from tests.world import Work, authors, linked, measure, on_duckdb, steps_to, world

FIRST, OTHER, GOAL = "openalex_topic", "openalex_other_topic", "un_sdg"
Tags = tuple[tuple[str, str, float], ...]


def _row(
    kind: Kind,
    id_: str,
    weight: Literal["core", "wide"] = "core",
    decision: Literal["include", "exclude"] = "include",
) -> Row:
    return Row(kind=kind, id=id_, label=id_, weight=weight, decision=decision, reason="so")


HEAT = Challenge(
    name="heat",
    rows=(
        _row("topic", "T1"),
        _row("topic", "T2", "wide"),
        _row("topic", "T3", "wide", "exclude"),
        _row("sdg", "13", "wide"),
        _row("field", "geosciences", "wide"),
    ),
)
FOOD = Challenge(name="food", rows=(_row("topic", "T1", "wide"), _row("topic", "T4")))


def _tagged(works: dict[int, Tags]) -> dict[str, set[object]]:
    """Return the works of each field of challenges in a lake that knows both."""
    tables = world(Work(key, fields=tags, record=key) for key, tags in works.items())
    con = linked(tables | {CHALLENGE_FIELDS.name: challenge_fields([HEAT, FOOD])})
    keys = con.table("work_records").select("work_id", "work_key")
    found: dict[str, set[object]] = {}
    fields = con.table("work_fields")
    chosen = fields.filter(fields.scheme == "challenge").inner_join(keys, "work_id")
    for row in chosen.to_pyarrow().to_pylist():
        assert row["weight"] == 1.0
        found.setdefault(row["field_id"], set()).add(row["work_key"])
    return found


def test_a_work_is_core_by_its_first_topic_or_a_sure_other_and_else_wide() -> None:
    found = _tagged(
        {
            1: ((FIRST, "T1", 1.0),),
            2: ((FIRST, "T9", 1.0), (OTHER, "T1", 0.99)),
            3: ((FIRST, "T9", 1.0), (OTHER, "T1", 0.98)),
            4: ((FIRST, "T2", 1.0),),
            5: ((FIRST, "T3", 1.0),),
            6: ((GOAL, "13", 0.4), (FIRST, "T9", 1.0)),
            7: ((GOAL, "13", 0.39), (GOAL, "2", 0.9)),
        }
    )

    assert found == {
        "heat": {1, 2},
        "heat_wide": {1, 2, 3, 4},
        "heat_sdg": {6},
        "food_wide": {1, 2, 3},
    }


TAGS = st.dictionaries(
    st.tuples(st.just(OTHER), st.sampled_from(["T1", "T2", "T3", "T4"]))
    | st.tuples(st.just(GOAL), st.sampled_from(["2", "13"])),
    st.sampled_from([0.3, 0.4, 0.9, 0.99, 1.0]),
)
WORKS = st.dictionaries(
    st.integers(1, 20), st.tuples(st.sampled_from(["T1", "T2", "T3", "T4"]), TAGS), max_size=8
)


@settings(max_examples=10, deadline=None)
@given(WORKS)
def test_readings_are_those_of_sets_of_tags(
    drawn: dict[int, tuple[str, dict[tuple[str, str], float]]],
) -> None:
    works: dict[int, Tags] = {}
    expected: dict[str, set[object]] = {}
    for key, (first, tags) in drawn.items():
        others = {t: w for (s, t), w in tags.items() if s == OTHER and t != first}
        goals = {t: w for (s, t), w in tags.items() if s == GOAL}
        works[key] = (
            (FIRST, first, 1.0),
            *((OTHER, t, w) for t, w in others.items()),
            *((GOAL, t, w) for t, w in goals.items()),
        )
        sure = {first} | {t for t, w in others.items() if w >= 0.99}
        any_topic = {first, *others}
        for field, belongs in {
            "heat": "T1" in sure,
            "heat_wide": bool({"T1", "T2"} & any_topic),
            "heat_sdg": goals.get("13", 0) >= 0.4,
            "food": "T4" in sure,
            "food_wide": bool({"T1", "T4"} & any_topic),
        }.items():
            if belongs:
                expected.setdefault(field, set()).add(key)

    assert _tagged(works) == expected


def _measured(indicator: Indicator) -> list[Measured]:
    works = [
        Work(1, authors("KE"), fields=((FIRST, "T1", 1.0),)),
        Work(2, authors("KE", "DE"), fields=((FIRST, "T4", 1.0), (OTHER, "T2", 0.5))),
        Work(3, authors("DE"), fields=((FIRST, "T9", 1.0),)),
        Work(4, authors("DE"), fields=((FIRST, "T9", 1.0),)),
    ]
    tables = world(works) | {CHALLENGE_FIELDS.name: challenge_fields([HEAT, FOOD])}
    return measure(on_duckdb(tables, steps_to(*indicator.reads)), indicator)


def _by_field(rows: list[Measured], unit_id: str, *columns: str) -> dict[object, list[object]]:
    return {
        row["field_id"]: [row[name] for name in columns]
        for row in rows
        if (row["unit_id"], row["definition_id"], row["counting"], row["scheme"])
        == (unit_id, "openalex", "full", "challenge")
    }


def test_an_indicator_answers_for_a_challenge_as_for_a_field() -> None:
    found = _by_field(_measured(collaboration.INDICATOR), "KE", "p", "pp_int_collab")

    assert found == {
        "heat": [1.0, 0.0],
        "heat_wide": [2.0, 0.5],
        "food": [1.0, 1.0],
        "food_wide": [2.0, 0.5],
    }


def test_a_countrys_share_in_a_challenge_is_of_all_its_works_however_challenges_overlap() -> None:
    found = _by_field(_measured(specialization.INDICATOR), "DE", "p", "p_unit", "activity_index")

    assert found["heat_wide"] == [1.0, 3.0, pytest.approx((1 / 3) / (2 / 4))]
    assert found["food"] == [1.0, 3.0, pytest.approx((1 / 3) / (1 / 4))]


def test_what_needs_fields_that_divide_works_leaves_challenges_out() -> None:
    rows = _measured(complementarity.INDICATOR)

    assert not [row for row in rows if row["scheme"] == "challenge"]


def test_works_of_several_challenges_break_no_law_and_those_of_divided_fields_do() -> None:
    works = [Work(1, fields=((FIRST, "T1", 1.0), (OTHER, "T4", 1.0), (OTHER, "T2", 1.0)))]
    con = linked(world(works) | {CHALLENGE_FIELDS.name: challenge_fields([HEAT, FOOD])})
    (law,) = WORK_FIELDS.laws

    assert law.violations(con.table("work_fields")).count().execute() == 0

    twice = [Work(1, fields=((FIRST, "T1", 1.0), (FIRST, "T4", 1.0)))]
    assert law.violations(linked(world(twice)).table("work_fields")).count().execute() == 1


@pytest.mark.parametrize(
    ("keyword", "title", "holds"),
    [
        ("climate", "Climate-smart farming", True),
        ("climate", "Acclimatization of trout", False),
        ("heat wave", "Deadly heat waves", False),
        ("heat wave", "The 2003 heat-wave: a review", True),
        ("heat wave", "Heat in a wave guide", False),
        ("C++", "C and its uses", True),
        ("énergie", "L'énergie demain", True),
    ],
)
def test_keywords_are_whole_words_of_titles(*, keyword: str, title: str, holds: bool) -> None:
    found = ibis.literal(title).re_search(keyword_pattern(keyword))

    assert bool(ibis.duckdb.connect().execute(found)) is holds
