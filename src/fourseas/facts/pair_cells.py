"""Pair cells: joint works of two countries by field, year and definition."""

from __future__ import annotations

from dataclasses import replace

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works, countries_of_works, fields_of_works
from fourseas.schema.cells import PAIR_CELLS
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES, WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import REGISTERS, WORK_FIELDS, WORKS

PUBLISHED_PAIR_CELLS = replace(PAIR_CELLS, name="published_pair_cells")
"""Pairs as registers publish them; sources write them in the form of `PAIR_CELLS`."""


def pair_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_roles: ir.Table,
    work_fields: ir.Table,
    published_pair_cells: ir.Table,
) -> ir.Table:
    r"""Count joint works of each ordered pair of countries, once for each definition.

    .. math:: p_{ij} = |W_{ij}|, \qquad
              p^{N}_{ij} = \sum_{w \in W_{ij}} \frac{1}{n_w - 1}, \qquad
              p^{H}_{ij} = \sum_{w \in W_{ij}} \frac{2 a_{iw} a_{jw}}{a_{iw} + a_{jw}}

    where :math:`W_{ij}` are the works with authors in both, :math:`n_w` the countries of *w*
    and :math:`a_{iw}` their author-fractional credits. Leads are counted by first author;
    what neither of the two leads, a third country does. Each pair stands twice, once from
    each side, so that either side's partners are one selection.

    References
    ----------
    Newman (2001), "Scientific collaboration networks II", Physical Review E 64, 016132.
    """
    fields = fields_of_works(works, work_fields)
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        joint = counted.filter(counted.n_countries > 1)
        placed = countries_of_works(work_countries, definition)
        ours = placed.select("work_id", "unit_id", credit=placed.credit, first=placed["first"])
        theirs = placed.select(
            "work_id",
            partner_id=placed.unit_id,
            partner_credit=placed.credit,
            partner_first=placed["first"],
        )
        sides = ours.inner_join(theirs, "work_id")
        pairs = (
            joint.inner_join(sides.filter(sides.unit_id != sides.partner_id), "work_id")
            .left_join(work_roles.select("work_id", "is_first_known"), "work_id")
            .drop("work_id_right")
            .inner_join(fields, "work_id")
        )
        both = (pairs.credit + pairs.partner_credit).nullif(0.0)
        harmonic = (2.0 * pairs.credit * pairs.partner_credit / both).fill_null(0.0)
        others = (pairs.n_countries - 1).cast("float64")
        cells = (
            pairs.mutate(unit_type=ibis.literal("country"))
            .group_by(*PAIR_CELLS.key)
            .agg(
                p=pairs.weight.sum(),
                p_newman=(pairs.weight / others).sum(),
                p_harmonic=(pairs.weight * harmonic).sum(),
                first_unit=(pairs.weight * pairs["first"]).sum(),
                first_partner=(pairs.weight * pairs.partner_first).sum(),
                n_first_known=(
                    pairs.weight * pairs.is_first_known.fill_null(False).cast("float64")
                ).sum(),
            )
        )
        computed.append(conform(cells, PAIR_CELLS))
    return ibis.union(*computed, conform(published_pair_cells, PAIR_CELLS))


STEP = Step(
    compute=pair_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        WORK_COUNTRIES,
        WORK_ROLES,
        WORK_FIELDS,
        PUBLISHED_PAIR_CELLS,
    ),
    writes=PAIR_CELLS,
)
