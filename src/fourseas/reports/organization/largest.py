"""The organizations of a lake with most works, to begin with where no name is known."""

from __future__ import annotations

from dataclasses import dataclass

from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Largest:
    """Organizations with most works.

    Attributes
    ----------
    n
        How many organizations have works here.
    works
        Works in all years by default definitions, full counting, by unit, the most first.
    labels
        Name, country and id, by unit.
    """

    n: int
    works: dict[str, float]
    labels: dict[str, str]


def largest(ws: Workspace, most: int) -> Largest:
    """Return so many organizations with most works by default definitions."""
    cells = ws.table("unit_cells")
    chosen = cells.filter(
        (cells.unit_type == "organization")
        & (cells.scheme == ALL)
        & cells.definition_id.isin([one.definition_id for one in DEFINITIONS if one.is_default])
    )
    sums = chosen.group_by("unit_id").agg(works=chosen.n.sum())
    counted = ws.kept("works_of_organizations", sums)
    first = counted.order_by(counted.works.desc(), "unit_id").limit(most)
    works = {str(row["unit_id"]): row["works"] for row in first.to_pyarrow().to_pylist()}
    n = int(counted.count().to_pyarrow().as_py())
    return Largest(n=n, works=works, labels=ws.organization_labels(works))
