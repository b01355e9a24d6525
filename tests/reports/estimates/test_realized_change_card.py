"""What became of joint works of two countries in the embedded matrix."""

from __future__ import annotations

import math

import pandas as pd
import pyfixest
import pytest

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.realized_change import Question, realized_change_card
from fourseas.workspace import Workspace

ASKED = Question(first="CN", second="US", from_year=2019)


@pytest.fixture(scope="module")
def card(lake: Workspace) -> Card:
    """Return what became of the joint works of China and the United States."""
    return realized_change_card(lake, ASKED)


@pytest.mark.filterwarnings("ignore:.* removed because of separation")
def test_the_ratio_is_that_of_gravity_with_effects_of_pairs_by_another_program(
    card: Card, lake: Workspace
) -> None:
    pairs = lake.table("pair_cells")
    matrix = pairs.filter((pairs.register == "matrix") & pairs.year.between(2014, 2023))
    wide: pd.DataFrame = (
        matrix.group_by("unit_id", "partner_id")
        .agg(
            before=lambda t: t.p.sum(where=t.year < 2019),
            after=lambda t: t.p.sum(where=t.year >= 2019),
        )
        .to_pandas()
        .fillna(0.0)
    )
    rows = wide.melt(["unit_id", "partner_id"], var_name="period", value_name="works")
    rows["pair"] = rows.unit_id + rows.partner_id
    rows["origin"] = rows.unit_id + rows.period
    rows["destination"] = rows.partner_id + rows.period
    rows["asked"] = (rows.pair.isin(["CNUS", "USCN"]) & (rows.period == "after")).astype(float)

    formula = "works ~ asked | pair + origin + destination"
    peer = pyfixest.fepois(formula, rows, fixef_rm="none")

    found = card.sheets[0].rows[0]
    assert found["ratio"] == pytest.approx(math.exp(peer.coef()["asked"]), rel=1e-4)


def test_joint_works_by_year_are_those_that_were_published(card: Card) -> None:
    by_year = {int(str(row["year"])): float(str(row["works"])) for row in card.sheets[1].rows}

    # The published matrix.
    assert (by_year[2022], by_year[2023]) == (77_370, 72_794)
    assert sum(by_year[year] for year in range(2019, 2024)) == card.sheets[0].rows[0]["after"]


def test_a_reader_is_told_how_far_it_is_from_what_pairs_do_anyway(card: Card) -> None:
    lead = " ".join(card.lead)

    assert "95% interval" in lead
    assert "Of 100 pairs of like size," in lead
    assert "not why" in lead


@pytest.mark.parametrize(
    ("question", "error", "told"),
    [
        (Question(first="CN", second="EU", from_year=2019), NotComputableError, "not one country"),
        (Question(first="CN", second="CN", from_year=2019), NotComputableError, "one country"),
        (Question(first="CN", second="US", from_year=1985), NotComputableError, "of 1990-2023"),
        (
            Question(first="CN", second="US", from_year=2040),
            NotComputableError,
            "from 2040 on .* of 1990-2023 and so ends before",
        ),
        (
            Question(first="CN", second="US", from_year=2015, to_year=2012),
            NotComputableError,
            "from 2015 to 2012 .* end before they start",
        ),
        (Question(first="CN", second="Utopia", from_year=2019), UnknownNameError, "Utopia"),
    ],
)
def test_a_slip_is_told_with_what_to_do(
    lake: Workspace, question: Question, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        realized_change_card(lake, question)


def test_years_end_with_the_last_that_the_register_tells(lake: Workspace) -> None:
    # OpenAlex is complete to 2025; joint works of these few end in 2024, without any of 2017.
    question = Question(first="US", second="GB", from_year=2021, register="openalex")

    with pytest.raises(NotComputableError, match="2021-2024 against 2017-2020"):
        realized_change_card(lake, question)
