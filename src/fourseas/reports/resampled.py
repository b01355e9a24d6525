"""Intervals of impact from the works themselves, drawn again and again."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fourseas.indicators.impact import MEANS
from fourseas.indicators.resampling import Resampled, bootstrap
from fourseas.reports.works_behind import works_behind
from fourseas.schema.cells import IMPACTS
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.selection import Restriction
from fourseas.workspace import Workspace

PLACE = ("unit_id", "register", "field_id", "year")

Works = dict[tuple[object, ...], pd.DataFrame]


def resampled(ws: Workspace, rows: pa.Table, *, samples: int, seed: int = 0) -> pa.Table:
    """Return rows of impact with intervals from samples of each unit's works.

    The works are read one by one, so it takes the longer the more of them a unit has. Null are
    the intervals of the world, whose means follow from the normalisation, of figures as
    published, and of works that all score alike: one without width would say that there is no
    spread.
    """
    works = {
        definition.definition_id: _works(ws, rows, definition)
        for definition in DEFINITIONS
        if definition.computed and definition.definition_id in rows["definition_id"].to_pylist()
    }
    ends: dict[str, list[float | None]] = {
        f"{mean}_{end}": [] for mean in MEANS.values() for end in ("low", "high")
    }
    for row in rows.to_pylist():
        found = _drawn(works.get(row["definition_id"], {}), row, samples=samples, seed=seed)
        for place, score in enumerate(IMPACTS):
            interval: tuple[float | None, float | None] = (None, None)
            if found is not None and found.low[place] < found.high[place]:
                interval = float(found.low[place]), float(found.high[place])
            ends[f"{MEANS[score]}_low"].append(interval[0])
            ends[f"{MEANS[score]}_high"].append(interval[1])
    for name, values in ends.items():
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array(values, pa.float64()))
    return rows


def _works(ws: Workspace, rows: pa.Table, definition: Definition) -> Works:
    """Return the scored works behind the rows of a definition, by unit, register, field, year."""
    own = rows.filter(pc.equal(rows["definition_id"], definition.definition_id))
    to = Restriction(
        indicator="impact",
        unit_ids=tuple(own["unit_id"].unique().to_pylist()),
        field_ids=tuple(own["field_id"].unique().to_pylist()),
        years=(pc.min(own["year"]).as_py(), pc.max(own["year"]).as_py()),
        counting=None,
        register=None,
        definition_ids=(definition.definition_id,),
    )
    behind = works_behind(ws, to, definition)
    found = behind.filter(behind.ncs.notnull()).to_pandas()
    return {tuple(place): group for place, group in found.groupby(list(PLACE))}


def _drawn(works: Works, row: dict[str, object], *, samples: int, seed: int) -> Resampled | None:
    """Draw the works behind a row again; nothing where none are at hand or no mean is told."""
    found = works.get(tuple(row[name] for name in PLACE))
    if found is None or row["unit_type"] == "world" or row["mncs"] is None:
        return None
    weights = found.weight.to_numpy(float)
    if row["counting"] == "fractional":
        weights = weights * found.credit.to_numpy(float)
    return bootstrap(weights, found[list(IMPACTS)].to_numpy(float), samples=samples, seed=seed)
