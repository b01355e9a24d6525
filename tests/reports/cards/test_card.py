"""How a card is written, as a page and as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fourseas.cli import main
from fourseas.reports.cards.card import Card, Sheet, as_html, as_json
from fourseas.reports.panel import Heading, Reading

CARD = Card(
    title="Position of <Côte d'Ivoire>",
    lead=("First.",),
    sheets=(
        Sheet(
            name="one",
            title="Rows.",
            headings=(Heading("who", "partner"), Heading("part", "share", "share")),
            rows=[{"who": "A & B", "part": 0.25}, {"who": "C", "part": None}],
            reading=Reading(
                definition="D.", counting="C.", source="S.", n="2.", bounds="B.", coverage="V."
            ),
        ),
    ),
    sources=("A register.",),
    citation="Cite it.",
)


def ended(*words: str) -> int | str | None:
    """Run a command and return the code with which it ends."""
    try:
        main(words)
    except SystemExit as end:
        return end.code
    return 0


def test_a_page_shows_texts_escaped_and_says_what_is_unknown() -> None:
    page = as_html(CARD)

    assert "Position of &lt;Côte d&#39;Ivoire&gt;" in page
    assert "A &amp; B" in page
    assert "25.0%" in page
    assert '<td class="share">-</td>' in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_data_keep_numbers_as_they_are() -> None:
    told = json.loads(as_json(CARD))

    assert told["sheets"][0]["rows"] == [{"who": "A & B", "part": 0.25}, {"who": "C", "part": None}]
    assert told["sheets"][0]["columns"] == {"who": "partner", "part": "share"}
    assert told["citation"] == "Cite it."


@pytest.mark.parametrize("words", [("position", "CN"), ("country", "BR"), ("pair", "BR", "CN")])
def test_cards_are_printed_and_written(
    words: tuple[str, ...], lake_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*words, "--lake", str(lake_path)) in {0, None}
    printed = capsys.readouterr().out
    for suffix in (".html", ".json"):
        out = tmp_path / f"card{suffix}"
        assert ended(*words, "--lake", str(lake_path), "--out", str(out)) in {0, None}
        assert printed.splitlines()[0] in out.read_text(encoding="utf-8")


def test_a_file_of_another_kind_is_refused_and_not_written(
    lake_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "card.docx"

    assert ended("pair", "BR", "CN", "--lake", str(lake_path), "--out", str(out)) == 1
    assert "Let it end in .html or .json" in capsys.readouterr().err
    assert not out.exists()
