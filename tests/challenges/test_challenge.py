"""Lists of challenges: what is understood, and what is refused with which line."""

from __future__ import annotations

import pytest

from fourseas.challenges.challenge import COLUMNS, Challenge, ChallengeError, parse_challenge

TOPICS = {"T1": "Climate variability and models", "T2": "Greenhouse technology"}
HEADING = ",".join(COLUMNS)
CORE = "heat,topic,T1,Climate variability,core,include,it is about climate,2026-01-02,OpenAlex"
OUT = "heat,topic,T2,Greenhouses,wide,exclude,glass houses for crops,2026-01-02,OpenAlex"
GOAL = "heat,sdg,13,Climate action,wide,include,the goal,2026-01-02,UN"


def _parsed(*lines: str) -> Challenge:
    return parse_challenge(
        "\n".join([HEADING, *lines]), name="heat", where="heat.csv", topics=TOPICS
    )


def _refused(*lines: str) -> str:
    with pytest.raises(ChallengeError) as caught:
        _parsed(*lines)
    return caught.value.problem


def test_what_is_left_out_stays_in_the_list_and_out_of_the_challenge() -> None:
    found = _parsed(CORE, OUT, GOAL)

    assert [row.id for row in found.rows] == ["T1", "T2", "13"]
    assert [row.id for row in found.included("topic")] == ["T1"]
    assert found.included("topic", "wide") == ()


def test_the_definition_is_of_decisions_and_not_of_words_or_order() -> None:
    one = _parsed(CORE, OUT).definition_id

    assert _parsed(OUT, CORE.replace("it is about climate", "heat")).definition_id == one
    assert _parsed(CORE, OUT.replace("exclude", "include")).definition_id != one
    assert one.startswith("heat-")


def test_an_id_may_be_the_address_of_the_topic() -> None:
    found = _parsed(CORE.replace("T1", "https://openalex.org/T1"))

    assert found.rows[0].id == "T1"


def test_ones_own_list_needs_five_columns() -> None:
    text = "kind,id,weight,decision,reason\nkeyword,heat wave,core,include,our subject\n"

    assert parse_challenge(text, name="own", where="own.csv").rows[0].label == "heat wave"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (CORE.replace("T1", "T9"), "line 2: there is no topic T9; T1, Climate variability"),
        (CORE.replace("it is about climate", ""), "line 2: no reason is given"),
        (CORE.replace("core", "main"), "line 2: weight is main; write core or wide"),
        (CORE.replace("include", ""), "line 2: decision is empty; write include or exclude"),
        (CORE.replace("topic", "subject"), "line 2: kind is subject"),
        (CORE.replace("heat,", "cold,", 1), "line 2: the row is of cold, the list of heat"),
        (GOAL.replace("13", "18"), "line 2: there is no goal 18; write a number from 1 to 17"),
        (CORE.replace("T1", ""), "line 2: id is empty"),
        ("heat,keyword,++,,core,include,a word,,", "line 2: the keyword ++ has no word"),
    ],
)
def test_a_slip_is_told_with_its_line(row: str, told: str) -> None:
    assert told in _refused(row)


def test_a_row_that_stands_twice_is_told_with_both_lines() -> None:
    assert "line 3: topic T1 stands in line 2 already" in _refused(CORE, CORE)


def test_all_slips_of_a_file_are_told_at_once() -> None:
    told = _refused(CORE.replace("core", "main"), GOAL.replace("13", "99"))

    assert "line 2" in told
    assert "line 3" in told


def test_a_list_that_includes_nothing_is_refused() -> None:
    assert "no row is included" in _refused(OUT)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ChallengeError, match="line 1: no column reason"):
        parse_challenge("kind,id,weight,decision\n", name="own", where="own.csv")
