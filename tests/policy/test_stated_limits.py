"""The limits that pages on policies state are those that are applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas.policy import places, register

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "stated"),
    [
        ("how-to/prove-a-decision.md", f"renewed {12 * register.YEARS_OF_A_LIST} months after"),
        ("trust.md", f"({places.MOST_DEPTH} brackets, {places.MOST_REPEATED:,} values by alias)"),
    ],
)
def test_a_page_states_the_limit_that_is_applied(page: str, stated: str) -> None:
    text = " ".join((DOCS / page).read_text(encoding="utf-8").split())

    assert stated in text
