"""The limits that pages on models state are those by which models are fitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas.models import (
    bought_technology,
    catch_up,
    closure,
    gains,
    gravity,
    joint_rivalry,
    level,
    openness,
    realized_change,
    rivalry,
    ties,
)

PAGES = Path(__file__).parents[2] / "docs" / "models"
IN_WORDS = {3: "three", 5: "five", 10: "ten", 100: "hundred"}


@pytest.mark.parametrize(
    ("page", "stated"),
    [
        ("claims", f"one of rivalry {rivalry.LEAST_CELLS} cells"),
        ("gravity", f"takes {gravity.LEAST_PAIRS} pairs to"),
        (
            "catch-up",
            f"where a register of works has it), over {IN_WORDS[openness.PERIOD_YEARS]} years",
        ),
        ("catch-up", f"the mean of the {IN_WORDS[catch_up.AHEAD]} highest levels of the field"),
        (
            "catch-up",
            f"foretells the growth of every {IN_WORDS[catch_up.FOLDS]}th of the countries",
        ),
        ("gravity", f"citations within {IN_WORDS[gravity.WINDOW_LAG + 1]} years"),
        ("gravity", f"with fewer than {ties.LEAST_WORKS:g} fractional works has no profile"),
        (
            "level",
            f"points of the share for {IN_WORDS[int(100 / level.PER_OPENNESS)]} points of openness",
        ),
        (
            "level",
            f"with fewer than {openness.LEAST_CREDIT:g} fractional works a year are left out",
        ),
        (
            "realized-change",
            f"how much the {IN_WORDS[realized_change.N_LIKE]} pairs nearest in size change",
        ),
        (
            "realized-change",
            f"vary by 15% for no reason, the {realized_change.CONFIDENCE:.0%} interval",
        ),
        (
            "realized-change",
            f"takes {realized_change.LEAST_LIKE} pairs",
        ),
        ("rivalry", f"by the mean of {IN_WORDS[rivalry.LEVEL_YEARS]} years"),
        ("rivalry", f"dealt out at random within fields, {rivalry.PLACEBOS} times"),
        (
            "rivalry",
            f"joint works and known levels, of the {joint_rivalry.LEAST_CELLS} that it takes",
        ),
        ("what-if", f"taken from pairs drawn at random, {closure.DRAWS} times"),
    ],
)
def test_a_page_states_the_limit_that_is_applied(page: str, stated: str) -> None:
    text = " ".join((PAGES / f"{page}.md").read_text(encoding="utf-8").split())

    assert stated in text


def test_claims_of_countries_state_what_an_estimate_takes_which_is_the_same_for_all() -> None:
    (countries,) = {one.LEAST_COUNTRIES for one in (level, gains, catch_up, bought_technology)}
    (rows,) = {one.LEAST_ROWS for one in (catch_up, bought_technology)}
    text = " ".join((PAGES / "claims.md").read_text(encoding="utf-8").split())

    assert f"takes {countries} countries, one of growth also {rows} rows of them" in text
