"""Names that a reader knows: of countries and fields, and of the registers with their dates."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fourseas.reports.panel import ALL_FIELDS
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wording:
    """How a page calls what the lake holds.

    Attributes
    ----------
    countries
        Name of each country by its code.
    fields
        Name of each field by its id, and of all together.
    ncses
        Ids of the fields of NCSES.
    sources
        Title, date of the snapshot and scope of each register.
    """

    countries: dict[str, str]
    fields: dict[str, str]
    ncses: tuple[str, ...]
    sources: dict[str, str]

    @property
    def of_ncses(self) -> dict[str, str]:
        """Return the names of all fields together and of those of NCSES."""
        return {one: self.fields[one] for one in (ALL, *self.ncses)}

    def named(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of units with the name of each."""
        return table.assign(country_name=table.unit_id.map(self.countries).fillna(table.unit_id))


def wording(ws: Workspace) -> Wording:
    """Return the names that a page needs, read once while a version is open."""
    return ws.once("wording", lambda: _read(ws))


def _read(ws: Workspace) -> Wording:
    countries = ws.table("countries").select("country_code", "country_name").to_pandas()
    fields = ws.table("fields").select("scheme", "field_id", "field_name").to_pandas()
    registers = ws.table("registers").to_pandas()
    return Wording(
        countries=dict(zip(countries.country_code, countries.country_name, strict=True)),
        fields={ALL: ALL_FIELDS, **dict(zip(fields.field_id, fields.field_name, strict=True))},
        ncses=tuple(fields.field_id[fields.scheme == "ncses"]),
        sources={
            str(row.register): f"{row.title}, snapshot of {row.snapshot_on}, a {row.scope}."
            for row in registers.itertuples()
        },
    )
