"""Figures as a publisher gives them: units by field, with a world that may be anything.

Profiles of fields need units of many works; worlds of works written by hand have few. The
figures pass through the same cells, and lie beside them as `world_figures` for oracles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import pyarrow as pa
from hypothesis import strategies as st
from ibis.backends.sql import SQLBackend

from fourseas.schema.step import Indicator
from tests.flat import differences, plain_sql
from tests.world import Row, measure, on_duckdb, steps_to, world

SCHEMA = pa.schema(
    {
        "unit_type": pa.string(),
        "unit": pa.string(),
        "field": pa.string(),
        "works": pa.float64(),
        "in_top": pa.float64(),
    }
)
PROVENANCE = {
    "register": "ncses",
    "snapshot_on": "2023-12-07",
    "scope": "census",
    "definition_id": "ncses-published",
}
OF_REGISTER = ("register", "snapshot_on", "scope", "definition_id", "unit_type", "scheme", "year")


@dataclass(frozen=True, slots=True)
class Figure:
    """Works of a unit in a field (full and fractional alike), and its share in the top 1%."""

    unit: str
    field: str
    works: float
    in_top: float | None = None

    @property
    def unit_type(self) -> str:
        """The world, or a country."""
        return "world" if self.unit == "WORLD" else "country"


def statistics(figures: Iterable[Figure]) -> list[Row]:
    """Return the figures as a register stages them, all of 2020."""
    listed: list[Row] = []
    for figure in figures:
        place: Row = {
            **PROVENANCE,
            "unit_type": figure.unit_type,
            "unit_id": figure.unit,
            "scheme": "ncses",
            "field_id": figure.field,
            "year": 2020,
        }
        for counting in ("full", "fractional"):
            told = {"counting": counting}
            listed.append(place | told | {"measure": "output", "value": figure.works})
            if figure.in_top is not None:
                listed.append(place | told | {"measure": "top_1", "value": figure.in_top})
    return listed


def built(figures: Iterable[Figure], indicator: Indicator) -> SQLBackend:
    """Build what an indicator reads."""
    return on_duckdb(world([], statistics=statistics(figures)), steps_to(*indicator.reads))


def measured(figures: Iterable[Figure], indicator: Indicator) -> list[Row]:
    """Return the rows of an indicator over figures."""
    return measure(built(figures, indicator), indicator)


def disagreements(figures: Iterable[Figure], indicator: Indicator) -> list[str]:
    """Say in what an indicator differs from its oracle over the same figures."""
    listed = list(figures)
    con = built(listed, indicator)
    rows = [
        {name: getattr(figure, name) for name in SCHEMA.names if name != "unit_type"}
        | {"unit_type": figure.unit_type}
        for figure in listed
    ]
    tables = {"world_figures": pa.Table.from_pylist(rows, SCHEMA)}
    expected = plain_sql(con, indicator.name, tables, counted=False)
    key = [name for name in indicator.writes.key if name not in OF_REGISTER]
    return differences(measure(con, indicator), expected, key)


def random_figures(n_units: int, n_fields: int, seed: int) -> tuple[Figure, ...]:
    """Return figures of some countries, small and large, and of a world that holds them."""
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    figures: list[Figure] = []
    fields = [f"F{number}" for number in range(n_fields)]
    for number in range(n_units):
        size = random.choice((3.0, 40.0, 900.0, 20000.0))
        for field in fields:
            works = round(size * random.random() ** 2, 1)
            if works > 0 and random.random() < 0.9:
                top = random.choice((None, 0.0, 0.004, 0.01, 0.021))
                figures.append(Figure(f"C{number}", field, works, top))
    for field in fields:
        whole = sum(figure.works for figure in figures if figure.field == field)
        figures.append(Figure("WORLD", field, round(whole * 1.2 + random.random(), 1), 0.01))
    return tuple(figures)


def many_figures() -> st.SearchStrategy[tuple[Figure, ...]]:
    """Return the strategy of random figures."""
    return st.builds(random_figures, st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**16))
