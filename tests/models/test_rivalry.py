"""Rivalry: published tables, a planted effect, placebos and verdicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.regression import Coefficient
from fourseas.models.rivalry import (
    AS_LOWEST,
    CLOSENESS,
    IN_THIRDS,
    INTERACTION,
    MODEL,
    WITHOUT_PAIR,
    CitationFlows,
    LevelMeasure,
    Row,
    judged,
    percentiles,
    rivalry,
)
from fourseas.models.separation import Floats
from tests.models.observing import observed
from tests.world import Row as Cell

N_COUNTRIES, N_FIELDS = 14, 8
PLANTED = -0.8


def world(seed: int, *, planted: float = PLANTED) -> CitationFlows:
    """Return citations held back where both are strong and close, by the share alone."""
    rng = np.random.default_rng(seed)
    share, volume = rng.random((2, N_COUNTRIES, N_FIELDS))
    square = [
        (i, j, f)
        for f in range(N_FIELDS)
        for i in range(N_COUNTRIES)
        for j in range(N_COUNTRIES)
        if i != j
    ]
    citing, cited, field = np.array(square).T
    ranks = percentiles(share)
    mine, theirs = ranks[citing, field], ranks[cited, field]
    near, low = 1 - np.abs(mine - theirs), np.minimum(mine, theirs)
    log_index = planted * (near - near.mean()) * (low - low.mean()) + rng.normal(0, 0.2, len(field))
    log_index += rng.normal(0, 0.3, (N_COUNTRIES, N_COUNTRIES))[citing, cited]
    log_index += rng.normal(0, 0.3, (N_COUNTRIES, N_FIELDS))[citing, field]
    return CitationFlows(
        citing=citing,
        cited=cited,
        field=field,
        index=np.exp(log_index),
        level={"share": share, "volume": volume},
    )


def test_a_planted_effect_is_found_by_its_own_measure_of_level_and_called_mixed() -> None:
    found = rivalry(world(1), placebos=0)
    main = {row.measure: row.interaction for row in found.rows if not row.variant}

    assert main["share"].low <= PLANTED <= main["share"].high
    assert main["volume"].low <= 0 <= main["volume"].high
    assert found.verdict == "mixed"


def test_without_noise_closeness_is_told_where_both_are_as_strong_as_they_are_on_average() -> None:
    flows = world(1)
    ranks = percentiles(flows.level["share"])
    mine, theirs = ranks[flows.citing, flows.field], ranks[flows.cited, flows.field]
    near, low = 1 - np.abs(mine - theirs), np.minimum(mine, theirs)
    near, low = near - near.mean(), low - low.mean()
    exact = replace(
        flows, index=np.exp(0.5 * near - 0.8 * near * low), level={"share": flows.level["share"]}
    )
    row = rivalry(exact, placebos=0).rows[0]

    assert row.closeness.estimate == pytest.approx(0.5, abs=1e-6)
    assert row.interaction.estimate == pytest.approx(-0.8, abs=1e-6)


def test_a_planted_effect_is_inside_its_interval_in_at_least_89_of_100_worlds() -> None:
    inside = 0
    for seed in range(100):
        flows = world(seed)
        by_share = rivalry(replace(flows, level={"share": flows.level["share"]}), placebos=0).rows[
            0
        ]
        inside += by_share.interaction.low <= PLANTED <= by_share.interaction.high

    assert inside >= 89


def test_where_nothing_is_planted_nothing_is_found() -> None:
    assert rivalry(world(2, planted=0.0), placebos=0).verdict == "no association found"


def test_levels_dealt_out_at_random_show_nothing() -> None:
    found = rivalry(world(1), placebos=9).placebo["share"]

    assert len(found) == 9
    assert abs(found.mean()) < abs(PLANTED) / 4
    assert found.min() > PLANTED


def test_what_has_no_level_or_no_citation_is_left_out_and_counted() -> None:
    flows = world(1)
    index = flows.index.copy()
    index[:3] = 0.0
    index[(flows.citing == 5) & (flows.field == 2) & (flows.cited == 6)] = 0.0
    unknown = flows.level["share"].copy()
    unknown[5, 2] = np.nan
    found = rivalry(
        replace(flows, index=index, level={"share": unknown, "volume": unknown}), placebos=0
    )

    assert found.n_zero == 4
    assert found.n_without_level == 2 * (N_COUNTRIES - 1) - 1
    assert found.rows[0].n == found.n_cells - 4 - found.n_without_level


def test_a_variant_leaves_out_the_named_pair_in_all_fields() -> None:
    rows = rivalry(world(1), without_pair=(0, 1), placebos=0).rows
    main, without = (
        next(row for row in rows if row.variant == name) for name in ("", WITHOUT_PAIR)
    )

    assert main.n - without.n == 2 * N_FIELDS


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e6])
def test_percentiles_are_the_same_in_whatever_unit_levels_are(unit: float) -> None:
    level = np.array([[0.3, 0.0], [0.1, 0.0], [0.2, np.nan], [0.1, 0.5]])
    expected = [[1, 0.5], [0.375, 0.5], [0.75, np.nan], [0.375, 1]]

    assert percentiles(level) == pytest.approx(np.array(expected), nan_ok=True)
    assert percentiles(unit * level) == pytest.approx(np.array(expected), nan_ok=True)


def test_percentiles_run_to_one_and_ties_share_their_rank() -> None:
    level = np.array([[3.0], [1.0], [1.0], [np.nan]])

    assert percentiles(level)[:, 0].tolist() == pytest.approx([1, 0.5, 0.5, np.nan], nan_ok=True)


def row(measure: LevelMeasure, low: float, high: float) -> Row:
    """Return an estimate with an interval."""
    middle = Coefficient(name=INTERACTION, estimate=(low + high) / 2, se=0.1, low=low, high=high)
    return Row(
        measure=measure,
        variant="",
        closeness=replace(middle, name=CLOSENESS),
        interaction=middle,
        n=1000,
        n_pairs=100,
    )


@pytest.mark.parametrize(
    ("share", "volume", "verdict"),
    [
        ((-0.5, -0.1), (-0.4, -0.2), "supported"),
        ((0.1, 0.5), (0.2, 0.4), "contradicted"),
        ((-0.5, 0.1), (-0.1, 0.2), "no association found"),
        ((-0.5, -0.1), (-0.2, 0.2), "mixed"),
        ((-0.5, -0.1), (0.1, 0.2), "mixed"),
    ],
)
def test_a_verdict_takes_every_measure(
    share: tuple[float, float], volume: tuple[float, float], verdict: str
) -> None:
    assert judged([row("share", *share), row("volume", *volume)])[0] == verdict


def test_too_few_cells_are_refused() -> None:
    flows = world(1)

    with pytest.raises(NotComputableError, match="it takes 100"):
        rivalry(replace(flows, index=np.where(flows.field == 0, 0.0, np.nan)), placebos=0)


def cell(unit: str, year: int, credit: float, scored: float, top_1: float) -> Cell:
    """Return works of a country in a field and year, and its part of the world's top 1%."""
    row: Cell = {"unit_id": unit, "year": year, "scheme": "s", "field_id": "7", "stratum": "core"}
    parts: Cell = {"n": credit, "credit": credit, "credit_scored": scored, "top_1_frac": top_1}
    return row | parts


def test_a_level_is_the_mean_share_of_five_years_and_its_volume_that_of_the_mean_output() -> None:
    index: Cell = {"scheme": "s", "field_id": "7", "year": 2022, "relative_citation_index": 1.5}
    cells = [
        # KE: shares of 1/10 and 3/10 in years that count; of 100 + 60 and of 240 works.
        cell("KE", 2018, 100.0, 50.0, 4.0) | {"collaboration_class": "domestic"},
        cell("KE", 2018, 60.0, 30.0, 4.0) | {"collaboration_class": "international"},
        cell("KE", 2022, 240.0, 10.0, 3.0) | {"collaboration_class": "domestic"},
        cell("KE", 2017, 900.0, 10.0, 9.0) | {"collaboration_class": "domestic"},
        cell("KE", 2023, 900.0, 10.0, 9.0) | {"collaboration_class": "domestic"},
        # UG: in one of two years nothing has a score.
        cell("UG", 2020, 40.0, 8.0, 2.0) | {"collaboration_class": "domestic"},
        cell("UG", 2021, 60.0, 0.0, 0.0) | {"collaboration_class": "domestic"},
        # A group of the same name is no country.
        cell("UG", 2020, 500.0, 5.0, 5.0)
        | {"collaboration_class": "domestic", "unit_type": "group"},
    ]
    table = observed(
        MODEL.observations,
        {
            "citation_index_cells": [
                index | {"unit_id": "KE", "partner_id": "UG"},
                index | {"unit_id": "UG", "partner_id": "TZ"},
                index | {"unit_id": "ZA", "partner_id": "UG", "year": 2021},
                index | {"unit_id": "KE", "partner_id": "KE"},
                index | {"unit_id": "KE", "partner_id": "UG", "scheme": "all", "field_id": "all"},
            ],
            "unit_cells": cells,
        },
    ).sort_values("unit_id")
    levels = table[["unit_share", "unit_volume", "partner_share", "partner_volume"]].to_numpy()

    places = table[["unit_id", "partner_id"]].to_numpy().tolist()
    assert places == [["KE", "UG"], ["UG", "TZ"], ["ZA", "UG"]]
    assert table.relative_citation_index.tolist() == [1.5, 1.5, 1.5]
    assert levels[2].tolist() == pytest.approx([np.nan, np.nan, 0.25, 0.25 * 50], nan_ok=True)
    assert levels[0].tolist() == pytest.approx([0.2, 0.2 * 200, 0.25, 0.25 * 50])
    assert levels[1].tolist() == pytest.approx([0.25, 0.25 * 50, np.nan, np.nan], nan_ok=True)


def test_percentiles_of_a_field_in_which_nobody_has_any_are_those_of_a_tie() -> None:
    assert percentiles(np.zeros((4, 1)))[:, 0].tolist() == [0.625] * 4


def test_percentiles_of_a_field_in_which_nothing_is_known_are_unknown() -> None:
    both = percentiles(np.array([[np.nan, 2.0], [np.nan, 1.0]]))

    assert np.isnan(both[:, 0]).all()
    assert both[:, 1].tolist() == [1.0, 0.5]


def test_levels_that_differ_by_rounding_alone_are_a_tie() -> None:
    level = np.array([[0.1 + 0.2], [0.3], [0.1], [0.3001]])

    assert percentiles(level)[:, 0].tolist() == [0.625, 0.625, 0.25, 1.0]


def exact(of: CitationFlows, ranks: Floats, closeness: float, interaction: float) -> CitationFlows:
    """Return citations that the equation gives without any noise, where levels are such ranks."""
    mine, theirs = ranks[of.citing, of.field], ranks[of.cited, of.field]
    used = np.isfinite(mine) & np.isfinite(theirs)
    near, low = 1 - np.abs(mine - theirs), np.minimum(mine, theirs)
    near, low = near - near[used].mean(), low - low[used].mean()
    rng = np.random.default_rng(0)
    log_index = closeness * near + interaction * near * low
    log_index += rng.normal(size=(N_COUNTRIES, N_COUNTRIES))[of.citing, of.cited]
    log_index += rng.normal(size=(N_COUNTRIES, N_FIELDS))[of.citing, of.field]
    log_index += rng.normal(size=(N_COUNTRIES, N_FIELDS))[of.cited, of.field]
    return replace(of, index=np.where(used, np.exp(log_index), 1.0))


def test_levels_in_thirds_are_the_upper_ends_of_thirds() -> None:
    flows = world(1)
    ranks = percentiles(flows.level["share"])
    # Of fourteen countries the first four are in the lowest third, the next five in the middle.
    thirds = np.where(ranks * 14 < 4.5, 1 / 3, np.where(ranks * 14 < 9.5, 2 / 3, 1.0))
    level: dict[LevelMeasure, Floats] = {"share": flows.level["share"]}
    found = rivalry(replace(exact(flows, thirds, 0.5, -0.8), level=level), placebos=0)
    by_variant = {row.variant: row for row in found.rows}

    assert by_variant[IN_THIRDS].closeness.estimate == pytest.approx(0.5, abs=1e-6)
    assert by_variant[IN_THIRDS].interaction.estimate == pytest.approx(-0.8, abs=1e-6)
    assert by_variant[""].interaction.estimate != pytest.approx(-0.8, abs=1e-3)


def test_who_has_no_published_level_may_be_taken_for_the_lowest() -> None:
    flows = world(1)
    share = flows.level["share"].copy()
    share[[3, 8], 2] = np.nan
    # In the third field the twelve others come after two that share the ranks 1 and 2.
    ranks = percentiles(share)
    ranks[:, 2] = np.where(np.isfinite(share[:, 2]), ranks[:, 2] * 12 / 14 + 2 / 14, 1.5 / 14)
    made = replace(exact(flows, ranks, 0.5, -0.8), level={"share": share})
    by_variant = {row.variant: row for row in rivalry(made, placebos=0).rows}

    assert by_variant[AS_LOWEST].interaction.estimate == pytest.approx(-0.8, abs=1e-6)
    assert by_variant[AS_LOWEST].n == len(flows.index)
    assert by_variant[""].n == len(flows.index) - (14 * 13 - 12 * 11)


def test_what_it_rests_on_is_counted() -> None:
    found = rivalry(world(1), placebos=0)

    assert (found.n_countries, found.n_fields) == (N_COUNTRIES, N_FIELDS)
    assert found.n_cells == N_FIELDS * N_COUNTRIES * (N_COUNTRIES - 1)
    assert {row.n_pairs for row in found.rows} == {N_COUNTRIES * (N_COUNTRIES - 1) // 2}
    assert (found.n_zero, found.n_without_level) == (0, 0)


def test_only_cells_of_both_countries_of_the_pair_are_left_out() -> None:
    flows = world(1)
    rows = rivalry(flows, without_pair=(2, 9), placebos=0).rows
    without = next(row for row in rows if row.variant == WITHOUT_PAIR)
    is_pair = (np.minimum(flows.citing, flows.cited) == 2) & (
        np.maximum(flows.citing, flows.cited) == 9
    )
    by_hand = rivalry(replace(flows, index=np.where(is_pair, np.nan, flows.index)), placebos=0)

    assert without.n_pairs == N_COUNTRIES * (N_COUNTRIES - 1) // 2 - 1
    assert without.n == by_hand.rows[0].n


def test_a_hundred_cells_are_enough_and_one_less_is_not() -> None:
    flows = world(1)
    few = (flows.citing < 5) & (flows.cited < 5) & (flows.field < 5)
    hundred = np.where(few, flows.index, np.nan)

    assert rivalry(replace(flows, index=hundred), placebos=0).rows[0].n == 100
    hundred[np.flatnonzero(few)[0]] = np.nan
    with pytest.raises(NotComputableError, match="99 cells"):
        rivalry(replace(flows, index=hundred), placebos=0)


def test_intervals_that_end_at_0_are_on_no_side() -> None:
    assert judged([row("share", -0.5, 0.0), row("volume", -0.4, 0.0)])[0] == "no association found"
    assert judged([row("share", 0.0, 0.5), row("volume", 0.0, 0.4)])[0] == "no association found"


def test_what_is_mixed_is_counted_by_measure() -> None:
    grid = [row("share", -0.5, -0.1), row("share", -0.5, 0.1), row("volume", 0.1, 0.2)]

    assert judged(grid)[1] == (
        "it depends on what level means: 1 of 2 estimates are below 0, and 0 above, where level "
        "is the share of its works in the world's top 1%; 0 of 1 estimates are below 0, and 1 "
        "above, where level is the number of its works in the world's top 1%; the rest cannot be "
        "told from 0"
    )


def test_a_measure_that_was_not_estimated_is_not_counted() -> None:
    grid = [row("share", -0.5, -0.1), row("share", -0.5, 0.1)]

    assert judged(grid)[1] == (
        "it depends on what level means: 1 of 2 estimates are below 0, and 0 above, where level "
        "is the share of its works in the world's top 1%; the rest cannot be told from 0"
    )


def test_random_levels_are_the_same_for_a_seed_and_leave_what_is_unknown_unknown() -> None:
    flows = world(1)
    share = flows.level["share"].copy()
    share[5, 2] = np.nan
    some = replace(flows, level={"share": share})
    first, again, other = (
        rivalry(some, placebos=2, seed=seed).placebo["share"].tolist() for seed in (0, 0, 1)
    )

    assert first == again == rivalry(some, placebos=2).placebo["share"].tolist()
    assert not set(first) & set(other)
    assert len(set(first)) == 2


def test_levels_are_dealt_out_nineteen_times_unless_another_number_is_asked_for() -> None:
    flows = world(1)

    assert (
        len(rivalry(replace(flows, level={"share": flows.level["share"]})).placebo["share"]) == 19
    )
