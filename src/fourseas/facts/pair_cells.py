"""Pair cells: joint works of two countries by field, year and definition."""

from __future__ import annotations

from dataclasses import replace

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import (
    counted_works,
    countries_of_works,
    fields_of_works,
    scores_of_works,
    sums_of_scores,
)
from fourseas.schema.cells import PAIR_CELLS, PAIR_IMPACTS, ROLES
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES, WORK_IMPACT, WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import REGISTERS, WORK_FIELDS, WORKS

PUBLISHED_PAIR_CELLS = replace(PAIR_CELLS, name="published_pair_cells")
"""Pairs as registers publish them; sources write them in the form of `PAIR_CELLS`."""

SHARES = ("credit", *ROLES)
"""What a country has of a work."""


def pair_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_roles: ir.Table,
    work_impact: ir.Table,
    work_fields: ir.Table,
    published_pair_cells: ir.Table,
) -> ir.Table:
    r"""Count joint works of each ordered pair of countries, once for each definition.

    .. math:: p_{ij} = |W_{ij}|, \qquad
              p^{N}_{ij} = \sum_{w \in W_{ij}} \frac{1}{n_w - 1}, \qquad
              p^{H}_{ij} = \sum_{w \in W_{ij}} \frac{2 a_{iw} a_{jw}}{a_{iw} + a_{jw}}

    where :math:`W_{ij}` are the works with authors in both, :math:`n_w` the countries of *w*
    and :math:`a_{iw}` their author-fractional credits. Leads are counted by first, last and
    corresponding author: what neither of the two leads, a third country does. Scores are those
    of the joint works, weighed by the unit's credit where they are fractional. Each pair stands
    twice, once from each side, so that either side's partners are one selection and the
    partner's sums are those of the row turned round.

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
        ours = placed.select("work_id", "unit_id", *SHARES)
        theirs = placed.select(
            "work_id",
            partner_id=placed.unit_id,
            **{f"partner_{name}": placed[name] for name in SHARES},
        )
        sides = ours.inner_join(theirs, "work_id")
        apart = sides.filter(sides.unit_id != sides.partner_id)
        pairs = joint.inner_join(apart, "work_id").inner_join(fields, "work_id")
        known = extend(pairs, work_roles.drop("n_authors_placed"), ["work_id"])
        scores = scores_of_works(work_impact, definition).select("work_id", *PAIR_IMPACTS)
        computed.append(_summed(extend(known, scores, ["work_id"])))
    return ibis.union(*computed, conform(published_pair_cells, PAIR_CELLS))


def _summed(pairs: ir.Table) -> ir.Table:
    """Sum the joint works of each pair."""
    both = (pairs.credit + pairs.partner_credit).nullif(0.0)
    harmonic = (2.0 * pairs.credit * pairs.partner_credit / both).fill_null(0.0)
    others = (pairs.n_countries - 1).cast("float64")
    sums = {
        "p": pairs.weight.sum(),
        "p_newman": (pairs.weight / others).sum(),
        "p_harmonic": (pairs.weight * harmonic).sum(),
        "credit": (pairs.weight * pairs.credit).sum(),
        "partner_credit": (pairs.weight * pairs.partner_credit).sum(),
    }
    for role in ROLES:
        is_known = pairs[f"is_{role}_known"].fill_null(False).cast("float64")
        sums[f"{role}_unit"] = (pairs.weight * pairs[role]).sum()
        sums[f"{role}_partner"] = (pairs.weight * pairs[f"partner_{role}"]).sum()
        sums[f"n_{role}_known"] = (pairs.weight * is_known).sum()
    sums |= sums_of_scores(pairs, PAIR_IMPACTS)
    of_country = pairs.mutate(unit_type=ibis.literal("country"))
    return conform(of_country.group_by(*PAIR_CELLS.key).agg(**sums), PAIR_CELLS)


STEP = Step(
    compute=pair_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        WORK_COUNTRIES,
        WORK_ROLES,
        WORK_IMPACT,
        WORK_FIELDS,
        PUBLISHED_PAIR_CELLS,
    ),
    writes=PAIR_CELLS,
    apart=("year",),
)
