"""Flow cells: who cites whom, by field, year of the cited work and lag of the citation."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.cells import CONSERVED, PLACE, PROVENANCE
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import Column, Law, TableSpec

FLOW_WINDOW = 5
"""Years in which flows are counted, that of publication included, where a definition names none."""

LONGEST_LAG = max(FLOW_WINDOW, *(d.citation_window or 0 for d in DEFINITIONS))
"""Beyond every window: citations of this lag and of longer ones stand in one row."""

FLOW_DEFINITIONS = tuple(
    sorted(
        (definition for definition in DEFINITIONS if definition.computed),
        key=lambda definition: definition.definition_id,
    )
)
"""The definitions that flows are counted by, in the order of their ids."""

UNKNOWN = "UNKNOWN"
"""The unit that holds what authors without a known country would have of a citation."""

WORLD = "WORLD"
"""The unit from which and to which every citation counts once."""

CITED_PLACE = (*PLACE[:2], Column("year", "int16", "year", "Year of the cited works."))
"""Field and year are those of the cited works."""


def _unbalanced_places(flow_cells: ir.Table) -> ir.Table:
    """Return places where countries and unknown do not hold the citations of the world."""
    is_world = flow_cells.unit_type == "world"
    places = flow_cells.group_by(
        "register", "definition_id", "scheme", "field_id", "year", "lag"
    ).agg(
        parts=flow_cells.citations.sum(where=~is_world).fill_null(0.0),
        whole=flow_cells.citations.sum(where=is_world).fill_null(0.0),
    )
    return places.filter((places.parts - places.whole).abs() > CONSERVED * places.whole)


FLOW_CELLS = TableSpec(
    name="flow_cells",
    grain="one row per citing and cited unit, field and year of the cited work, lag and definition",
    key=(
        *(column.name for column in PROVENANCE),
        "unit_type",
        "unit_id",
        "partner_id",
        "scheme",
        "field_id",
        "year",
        "lag",
    ),
    columns=(
        *PROVENANCE,
        Column("unit_type", "string", "category", "Of the citing: country, unknown or world."),
        Column("unit_id", "string", "code", "Citing country, UNKNOWN, or WORLD for all."),
        Column("partner_id", "string", "code", "Cited country, UNKNOWN, or WORLD for all."),
        *CITED_PLACE,
        Column(
            "lag",
            "int16",
            "count",
            f"Years from the cited work to the citing one, from 0; {LONGEST_LAG} holds all more.",
        ),
        Column(
            "citations",
            "float64",
            "citations",
            "Sum of citing credit x cited credit (fractional on both sides).",
        ),
        Column(
            "n",
            "float64",
            "citations",
            "Citations by a work of the one of a work of the other (full counting).",
        ),
    ),
    laws=(Law("countries and unknown hold the citations of the world", _unbalanced_places),),
)
