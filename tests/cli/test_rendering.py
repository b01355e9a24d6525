"""Tables on a screen: what is broken into lines, and what is not."""

from __future__ import annotations

import pytest

from fourseas.cli.rendering import show_rows


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
