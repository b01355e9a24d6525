"""Tables on a screen: what is broken into lines, and what is not."""

from __future__ import annotations

import pytest

from fourseas.cli.rendering import show_rows, show_table


def test_short_words_stay_whole_where_sentences_are_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    sentence = "a sentence that is far longer than what a narrow screen has room for in a line"

    show_rows("", ("id", "said", "again"), [("W4382362038", sentence, sentence)])

    told = capsys.readouterr().out
    assert "W4382362038" in told
    assert max(map(len, told.splitlines())) <= 60
    assert sorted(told.split()) == sorted(
        f"id said again W4382362038 {sentence} {sentence}".split()
        + [part for part in told.split() if set(part) == {"─"}]
    )


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 140])
def test_no_number_loses_a_digit_and_no_column_is_pushed_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    header = ("now", "Canada: of its works", "the other side: of its works", "works", "number")
    row = ("open with conditions", 27.3, 2.31, 41_234, 1_000_007)

    show_rows("", header, [row])

    table = capsys.readouterr().out
    assert max(map(len, table.splitlines())) <= width
    told = "".join(table.split())
    columns = [line.split() for line in table.splitlines()]
    assert all(sign in told for sign in "nowconditions")
    if width >= 60:
        assert {"27.3", "2.31", "41234", "1000007"} <= {word for line in columns for word in line}


NAME = "Geosciences, atmospheric sciences, and ocean sciences"
NUMBERS: dict[str, list[object]] = {"works": [12_345], "from": [0.2], "to": [0.4]}


def test_columns_that_tell_rows_apart_take_the_room_that_others_leave(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    left_out = show_table("", {"field": [NAME], **NUMBERS}, ("field",))

    table = capsys.readouterr().out
    assert left_out == []
    assert NAME in table
    assert max(map(len, table.splitlines())) <= 100


def test_columns_that_tell_rows_apart_give_way_to_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "45")

    left_out = show_table("", {"field": [NAME], **NUMBERS}, ("field",))

    table = capsys.readouterr().out
    assert left_out == []
    assert NAME not in table
    assert {"12345", "0.2", "0.4"} <= set(table.split())
    assert max(map(len, table.splitlines())) <= 45


def test_no_end_of_an_interval_is_shown_without_the_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns: dict[str, list[object]] = {
        "field": [NAME],
        "95% interval from": ["a value of 20 signs"],
        "to": [0.4],
    }

    left_out = show_table("", columns, ("field",))

    assert left_out == ["95% interval from", "to"]
    assert "0.4" not in capsys.readouterr().out


def test_a_heading_of_many_words_takes_room_before_a_long_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    heading = "what they have that the other has little of"
    columns: dict[str, list[object]] = {"partner": ["Peru"], heading: [""], "you have": [NAME * 2]}

    show_table("", columns, tuple(columns))

    assert "what they have that the" in capsys.readouterr().out


def test_two_long_columns_that_tell_rows_apart_share_the_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    columns: dict[str, list[object]] = {"they": [NAME * 2], "you": [NAME * 3]}

    show_table("", columns, tuple(columns))

    (head,) = [line for line in capsys.readouterr().out.splitlines() if "they" in line]
    assert 36 <= head.index("you") <= 44


def test_identifiers_in_a_key_are_not_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    texts: list[object] = ["Study on evolution of Cellular Internet of Things (CIoT) security"]
    columns: dict[str, list[object]] = {
        "kind": ["organization"],
        "name": texts,
        "id": ["openalex_topic/T10379"],
        "years": ["2000-2020"],
    }

    left_out = show_table("", columns, ("name", "id"))

    table = capsys.readouterr().out
    assert "openalex_topic/T10379" in table
    assert "evolution" in table
    assert left_out == []
    assert max(map(len, table.splitlines())) <= 80


def test_an_interval_of_which_there_is_room_for_one_end_alone_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns: dict[str, list[object]] = {
        "claim": ["bought-technology"],
        "estimate": [0.125],
        "interval from": [-0.25],
        "to": [0.375],
    }

    left_out = show_table("", columns, ("claim",))

    assert left_out == ["interval from", "to"]
    assert "-0.25" not in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "60")
    assert show_table("", columns, ("claim",)) == []


def test_a_title_that_is_wider_than_its_table_stays_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    show_rows("Openness and level of Kenya, year by year.", ("year",), [(2020,)])

    assert capsys.readouterr().out.splitlines()[0] == "Openness and level of Kenya, year by year."
