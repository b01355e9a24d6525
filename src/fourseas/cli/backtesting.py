"""How a back-test of advice on partners is asked for and written."""

from __future__ import annotations

from pathlib import Path

from fourseas.cli import modeling
from fourseas.cli.showing import read_years
from fourseas.errors import FourseasError
from fourseas.partners.hold_out import Split
from fourseas.reports.backtest.card import Question, backtest_card
from fourseas.reports.backtest.material import Units


def split(train_to: int, test: str) -> Split:
    """Return the years to learn from and to predict.

    Raises
    ------
    FourseasError
        Where the years to predict are not all after those to learn from.
    """
    first, last = read_years(test)
    if first <= train_to:
        message = f"--test {test} begins before training ends: --train-to {train_to}."
        raise FourseasError(message, f"Write --test {train_to + 1}-{train_to + 3}, or later years.")
    return Split(train_to=train_to, first=first, last=last)


def show(
    lake: Path,
    asked: Split,
    where: tuple[Units, str, str | None],
    *,
    output_format: modeling.OutputFormat,
    out: Path | None,
) -> None:
    """Print a back-test, or write it to a file."""
    units, field, register = where
    question = Question(split=asked, units=units, field=field, register=register)
    modeling.show(
        lake, lambda ws: backtest_card(ws, question), output_format=output_format, out=out
    )
