"""The country pair matrix: joint works of countries in all of OpenAlex, by year.

The matrix was queried from OpenAlex as groups of the works with two countries or more. Its
diagonal is therefore the internationally co-authored works of a country, not all its works.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.cells import ALL, PAIR_CELLS
from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import STAGED_STATISTICS
from fourseas.schema.table import complete, conform

REGISTER = "matrix"
DEFINITION = "matrix-published"

RAW = ibis.schema({"year": "int64", "a": "string", "b": "string", "works": "int64"})
"""Keys of a cell: works in a year with authors in both countries."""


def pairs(raw: ir.Table) -> ir.Table:
    """Return joint works of each ordered pair of different countries and year.

    Of the two cells of a pair the greater counts: the queries for the two countries ran at
    different moments while works were added, so that 6 of 265,281 pairs differ by one work.
    A pair that stands only once in the file is taken for both directions.
    """
    cells = _provided(raw)
    direct = cells.mutate(unit_id=cells.a, partner_id=cells.b)
    reverse = cells.mutate(unit_id=cells.b, partner_id=cells.a)
    sides = direct.union(reverse)
    apart = sides.filter(sides.unit_id != sides.partner_id)
    joint = apart.group_by(
        "register",
        "snapshot_on",
        "scope",
        "definition_id",
        "unit_type",
        "unit_id",
        "partner_id",
        "scheme",
        "field_id",
        "year",
    ).agg(p=apart.works.max())
    return complete(joint, PAIR_CELLS)


def international_works(raw: ir.Table) -> ir.Table:
    """Return the internationally co-authored works of each country and year: the diagonal."""
    cells = _provided(raw)
    diagonal = cells.filter(cells.a == cells.b)
    return conform(
        diagonal.mutate(
            unit_id=diagonal.a,
            measure=ibis.literal("international"),
            counting=ibis.literal("full"),
            value=diagonal.works,
        ),
        STAGED_STATISTICS,
    )


def _provided(raw: ir.Table) -> ir.Table:
    """Say of each cell where it comes from and that it is not divided by field."""
    return raw.mutate(
        register=ibis.literal(REGISTER),
        definition_id=ibis.literal(DEFINITION),
        unit_type=ibis.literal("country"),
        scheme=ibis.literal(ALL),
        field_id=ibis.literal(ALL),
    )


SOURCE = Source(
    name=REGISTER,
    title="Co-authorship of countries in OpenAlex, 1990-2023",
    licence="Counts of CC0-1.0 data; the repository that publishes them states none",
    url="https://github.com/bavla/OpenAlex",
    citation=(
        "Batagelj, V. (2024). Co-authorship of countries in OpenAlex, queried on 2024-08-27. "
        "https://github.com/bavla/OpenAlex"
    ),
    scope="census",
    intakes=(
        Intake(
            files=("**/country_coauthorship*.parquet",),
            format="parquet",
            raw=RAW,
            needed=("year", "a", "b", "works"),
            feeds=(
                Feed(writes=PAIR_CELLS, compute=pairs),
                Feed(writes=STAGED_STATISTICS, compute=international_works),
            ),
        ),
    ),
)
