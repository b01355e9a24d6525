"""Verdicts by a table of estimates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fourseas.models.regression import Coefficient
from fourseas.models.verdict import Estimate, Sign, judged

Interval = tuple[float, float]


def estimates(*given: tuple[str, Interval]) -> list[Estimate]:
    """Return estimates with a counting and an interval each."""
    return [
        Estimate(
            choices={"counting": counting, "fields": "all"},
            coefficient=Coefficient(
                name="x", estimate=(low + high) / 2, se=0.1, low=low, high=high
            ),
            n=100,
            n_clusters=20,
        )
        for counting, (low, high) in given
    ]


@pytest.mark.parametrize(
    ("fractional", "full", "placebo", "word", "depends_on"),
    [
        ((0.1, 0.2), (0.1, 0.3), (-0.1, 0.1), "supported", ""),
        ((0.1, 0.2), (0.1, 0.3), (0.1, 0.2), "mixed", ""),
        ((0.1, 0.2), (-0.1, 0.3), (-0.1, 0.1), "mixed", "counting"),
        ((0.1, 0.2), (-0.3, -0.1), (-0.1, 0.1), "mixed", "counting"),
        ((-0.1, 0.2), (-0.1, 0.3), (-0.1, 0.1), "not supported", ""),
        ((-0.2, -0.1), (-0.3, -0.1), (0.1, 0.2), "not supported", ""),
    ],
)
def test_a_verdict_takes_every_estimate_and_every_placebo(
    fractional: Interval, full: Interval, placebo: Interval, word: str, depends_on: str
) -> None:
    grid = estimates(("fractional", fractional), ("full", full))
    verdict = judged(grid, estimates(("full", placebo)), 1)

    assert (verdict.word, verdict.depends_on) == (word, depends_on)


def test_a_claim_of_less_is_judged_on_the_other_side() -> None:
    grid = estimates(("fractional", (-0.3, -0.1)))

    assert judged(grid, [], -1).word == "supported"
    assert judged(grid, [], 1).word == "not supported"


def test_the_reason_counts_and_names_what_divides() -> None:
    grid = estimates(
        ("fractional", (-0.1, 0.1)), ("full", (0.1, 0.3)), ("fractional", (-0.3, -0.1))
    )

    assert judged(grid, [], 1).reason == (
        "1 of 3 estimates are on the claimed side of 0, 1 on the other, and 1 cannot be told "
        "from 0; by counting: 0 of 2 with fractional, 1 of 1 with full"
    )


@pytest.mark.parametrize("sign", [-1, 1])
def test_an_interval_that_ends_at_0_shows_nothing(sign: Sign) -> None:
    up, down = (estimates(("full", interval)) for interval in ((0.0, 0.2), (-0.2, 0.0)))

    assert judged(up if sign > 0 else down, [], sign).word == "not supported"


def named(shown: int, **choices: str) -> list[Estimate]:
    """Return estimates, the first of which show something; a letter is the choice of each."""
    n = len(next(iter(choices.values())))
    grid = estimates(*[("", (0.1, 0.2))] * shown, *[("", (-0.1, 0.2))] * (n - shown))
    return [
        replace(one, choices={name: letters[at] for name, letters in choices.items()})
        for at, one in enumerate(grid)
    ]


def test_of_several_choices_those_that_divide_most_are_named_together() -> None:
    # 1 of 2 against 0 of 2 by the first two; by the third 1 of 3 against 0 of 1.
    grid = named(1, counting="ffhh", fields="asas", openness="iiia")

    assert judged(grid, [], 1).depends_on == "counting and fields"


def test_parts_that_are_as_far_from_each_other_divide_as_much() -> None:
    # 6 of 12 against 1 of 6, and 2 of 3 against 5 of 15: a third by both.
    counting, fields = "f" * 6 + "h" + "f" * 6 + "h" * 5, "aa" + "s" * 5 + "a" + "s" * 10

    assert judged(named(7, counting=counting, fields=fields), [], 1).depends_on == (
        "counting and fields"
    )


def test_a_choice_that_all_estimates_share_divides_nothing() -> None:
    grid = estimates(("full", (0.1, 0.2)), ("full", (-0.1, 0.2)))

    assert (judged(grid, [], 1).word, judged(grid, [], 1).depends_on) == ("mixed", "")


def test_what_is_supported_names_the_placebos_that_were_tried() -> None:
    grid = estimates(("full", (0.1, 0.2)), ("home", (0.1, 0.3)))
    quiet, loud = estimates(("full", (-0.1, 0.1))), estimates(("full", (0.1, 0.2)))

    assert judged(grid, [], 1).reason == "all 2 estimates are"
    assert judged(grid, quiet, 1).reason == "all 2 estimates are, and none of 1 placebos"
    assert judged(grid, [*quiet, *loud], 1).reason == (
        "2 of 2 estimates are on the claimed side of 0, 0 on the other, and 0 cannot be told "
        "from 0; but so are 1 of 2 placebos, which should show nothing"
    )
