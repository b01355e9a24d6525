"""Sentences of a report: what stands between back quotes is set apart, and markup is text."""

from __future__ import annotations

import pytest

from fourseas.reports.cards import card as cards
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.paper.report import report

SAID = "Ask for `--years` <b>again</b>."
CARD = Card(
    title="A card",
    lead=(SAID,),
    sheets=(
        Sheet(
            name="one",
            title="One.",
            headings=(Heading("name", "name"),),
            rows=[{"name": "`kept`"}],
            reading=Reading(
                definition=SAID, counting="none", source="none", n="1", bounds="none", coverage=SAID
            ),
        ),
    ),
    sources=(),
    citation="fourseas",
)


@pytest.mark.parametrize("page", [cards.as_html(CARD), report(CARD)])
def test_a_page_sets_apart_what_is_to_be_typed_and_shows_markup_as_text(page: str) -> None:
    assert page.count("<code>--years</code> &lt;b&gt;again") >= 3
    assert "`--years`" not in page
    assert "`kept`" in page
