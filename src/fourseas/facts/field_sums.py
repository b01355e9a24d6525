"""Sums over works of units, in each field that the works are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import ORGANIZATION_SCHEMES, fields_of_works
from fourseas.schema.cells import ALL
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec, conform

OF_FIELD = ("scheme", "field_id")
"""Columns of the key that a field is told by."""

EVERY_FIELD, FIELDS_OF_ORGANIZATIONS, ALL_ALONE = range(3)
"""How few the fields are that a row is summed in: a field is of the greatest that it is within."""


def tiered_fields(works: ir.Table, work_fields: ir.Table) -> ir.Table:
    """Return the fields of works, each with the narrowest choice of fields that it is within."""
    fields = fields_of_works(works, work_fields)
    tier = ibis.cases(
        (fields.scheme == ALL, ALL_ALONE),
        (fields.scheme.isin(ORGANIZATION_SCHEMES), FIELDS_OF_ORGANIZATIONS),
        else_=EVERY_FIELD,
    )
    return fields.mutate(field_tier=tier.cast("int8"))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a definition counts.

    Attributes
    ----------
    counted, works
        Its works, and the same with all that is known of each.
    units_of
        From the first, the units that each work is counted for with what they have of it, and with
        ``tier``, the fields that they are summed in; they share ``work_id`` alone with the works.
    """

    counted: ir.Table
    works: ir.Table
    units_of: Callable[[ir.Table], ir.Table]


@dataclass(frozen=True, slots=True)
class Summands:
    r"""What the cells of a table are sums of.

    .. math:: s_{kf} = \sum_{r \in k} w_{rf} \, t_r

    where :math:`t_r` is a term of row *r*, of a work and a unit, and :math:`w_{rf}` the weight of
    the work in field *f*. A sum is null where all its terms are.

    Attributes
    ----------
    definitions
        Of one definition after another, what it counts.
    terms
        From units and works of a definition, joined, to a table with the terms, one for each sum
        and named like it, and the key of the cells but for ``scheme`` and ``field_id``.
    fields
        `tiered_fields`.
    published
        Cells that stand beside the sums.
    """

    definitions: tuple[Counted, ...]
    terms: Callable[[ir.Table], ir.Table]
    fields: ir.Table
    published: ir.Table

    def cells(self, spec: TableSpec) -> ir.Table:
        """Return the cells."""
        computed = [
            self._summed(self._rows(one.units_of(one.counted), one.works, spec), spec)
            for one in self.definitions
        ]
        return ibis.union(*computed, self.published)

    def parts(self, spec: TableSpec) -> dict[str, ir.Table]:
        """Return the same for a kernel.

        Of the first definition ``units_1`` read ``works_1`` by that name, and ``rows_1`` both.
        """
        parts = {"fields": self.fields, "published": self.published}
        for i, one in enumerate(self.definitions, start=1):
            works = ibis.table(one.works.schema(), name=f"works_{i}")
            units = one.units_of(works.select(*one.counted.columns))
            named = ibis.table(units.schema(), name=f"units_{i}")
            parts |= {f"works_{i}": one.works, f"units_{i}": units}
            parts |= {f"rows_{i}": self._rows(named, works, spec)}
        return parts

    def _rows(self, units: ir.Table, works: ir.Table, spec: TableSpec) -> ir.Table:
        key = [name for name in spec.key if name not in OF_FIELD]
        rows = self.terms(units.inner_join(works, "work_id"))
        return rows.select("work_id", *key, "tier", *terms_of(spec))

    def _summed(self, rows: ir.Table, spec: TableSpec) -> ir.Table:
        joined = rows.inner_join(self.fields, "work_id")
        counted = joined.filter(joined.field_tier >= joined.tier)
        sums = {name: (counted.weight * counted[name]).sum() for name in terms_of(spec)}
        return conform(counted.group_by(*spec.key).agg(**sums), spec)


def step_of(
    summands: Callable[..., Summands], *, reads: tuple[TableSpec, ...], writes: TableSpec
) -> Step:
    """Return the step that sums in fields, of whose cells each is of one year."""

    def compute(*tables: ir.Table) -> ir.Table:
        return summands(*tables).cells(writes)

    def parts(*tables: ir.Table) -> dict[str, ir.Table]:
        return summands(*tables).parts(writes)

    return Step(compute=compute, reads=reads, writes=writes, parts=parts, apart=("year",))


def terms_of(spec: TableSpec) -> tuple[str, ...]:
    """Return the columns of a table of sums that are no key."""
    return tuple(name for name in spec.column_names if name not in spec.key)


def terms_of_scores(rows: ir.Table, scores: Iterable[str]) -> dict[str, ir.Value]:
    """Return the terms of sums by which means of scores and their intervals are told.

    A row has the ``credit`` of whoever a work is counted for, and its scores: null, and not
    counted, where it has none.
    """
    is_scored = rows.ncs.notnull().cast("float64")
    terms = {
        "n_scored": is_scored,
        "credit_scored": rows.credit * is_scored,
        "credit2_scored": rows.credit * rows.credit * is_scored,
    }
    for score in scores:
        value = rows[score].fill_null(0.0)
        terms[f"{score}_full"] = value
        terms[f"{score}_full2"] = value * value
        terms[f"{score}_frac"] = rows.credit * value
        terms[f"{score}_cross"] = rows.credit * rows.credit * value
        terms[f"{score}_frac2"] = rows.credit * rows.credit * value * value
    return terms
