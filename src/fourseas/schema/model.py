"""A model is an estimate from observations, with what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An estimate: its observations are a pure step, its result a frozen dataclass.

    Attributes
    ----------
    name
        By which users ask for it.
    title
        Its name in the field's words.
    meaning
        One line that says what it tells.
    formula
        The equation that is estimated, in plain mathematical notation.
    observations
        The step from tables of the lake to the rows that are estimated on.
    estimate
        From arrays of these rows to `result`.
    result
        The frozen dataclass that `estimate` returns.
    source
        Where the method was published.
    caveats
        What a reader must know before quoting it; never empty.
    """

    name: str
    title: str
    meaning: str
    formula: str
    observations: Step
    estimate: Callable[..., object]
    result: type
    source: str
    caveats: tuple[str, ...]

    @property
    def reads(self) -> tuple[TableSpec, ...]:
        """The tables that its observations come from."""
        return self.observations.reads
