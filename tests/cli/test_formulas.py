"""Formulas of docstrings, read on a screen."""

from __future__ import annotations

import inspect

import pytest

from fourseas.catalog import INDICATORS
from fourseas.cli.formulas import formula, plain
from fourseas.schema.step import Indicator


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\frac{\sum_w a_{iw} NCS_w}{\sum_w a_{iw}}", "(sum_w a_iw NCS_w) / (sum_w a_iw)"),
        (r"D_q = (\sum_j s_j^q)^{1/(1-q)}", "D_q = (sum_j s_j^q)^(1/(1-q))"),
        (r"\frac{C / s_i}{(s_j - C) / (T - s_i)}", "(C / s_i) / ((s_j - C) / (T - s_i))"),
        (r"s \ln \frac{n S}{m} + 1", "s ln ((n S) / m) + 1"),
        (r"\tfrac14 \max(L_i, L_j)", "(1 / 4) max(L_i, L_j)"),
        (r"\frac{|\{w : n_w > 1\}|}{|W|}", "|{w : n_w > 1}| / |W|"),
        (r"\sum_{j \ne i} C_{ij} \leq \left( x \right)", "sum_(j != i) C_ij <= (x)"),
        (
            r"standards\_to\_science_i = \frac{p_{i \cdot}}{s_i}",
            "standards_to_science_i = p_i* / s_i",
        ),
        (r"R \mp z \sqrt{\frac{s}{n}}", "R -/+ z sqrt(s / n)"),
    ],
)
def test_a_formula_means_on_a_screen_what_it_means_in_print(source: str, shown: str) -> None:
    assert formula(source) == shown


def test_formulas_that_stand_apart_have_a_line_each_and_braces_of_text_stay() -> None:
    text = (
        "Of ``{a}``:\n\n.. math:: x = \\frac{1}\n          {n}, \\qquad\n          y = 2\n\nHere."
    )

    assert plain(text) == "Of `{a}`:\n\n    x = 1 / n\n    y = 2\n\nHere."


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.name)
def test_no_markup_is_left_in_what_explains_an_indicator(indicator: Indicator) -> None:
    shown = plain(inspect.cleandoc(indicator.compute.__doc__ or ""))

    for markup in ("\\", ":math:", ".. math", "``", "_{", "^{", "----"):
        assert markup not in shown
