"""Pair cells: joint works of two countries by field, year and definition."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import (
    counted_works,
    countries_of_works,
    scores_of_works,
)
from fourseas.facts.field_sums import (
    EVERY_FIELD,
    Counted,
    Summands,
    step_of,
    terms_of_scores,
    tiered_fields,
)
from fourseas.schema.cells import PAIR_CELLS, PAIR_IMPACTS, ROLES
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES, WORK_IMPACT, WORK_ROLES
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
) -> Summands:
    r"""Return what cells count of joint works of each ordered pair of countries, by definition.

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
    definitions = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        joint = counted.filter(counted.n_countries > 1)
        units_of = partial(_pairs, placed=countries_of_works(work_countries, definition))
        known = extend(joint, work_roles.drop("n_authors_placed"), ["work_id"])
        scores = scores_of_works(work_impact, definition).select("work_id", *PAIR_IMPACTS)
        definitions.append(Counted(joint, extend(known, scores, ["work_id"]), units_of))
    return Summands(
        definitions=tuple(definitions),
        terms=_terms,
        fields=tiered_fields(works, work_fields),
        published=conform(published_pair_cells, PAIR_CELLS),
    )


def _pairs(joint: ir.Table, *, placed: ir.Table) -> ir.Table:
    """Return each two countries of each joint work, from both sides."""
    ours = placed.select("work_id", "unit_id", *SHARES)
    theirs = placed.select(
        "work_id",
        partner_id=placed.unit_id,
        **{f"partner_{name}": placed[name] for name in SHARES},
    )
    sides = ours.inner_join(theirs, "work_id")
    apart = sides.filter(sides.unit_id != sides.partner_id)
    return apart.semi_join(joint, "work_id").mutate(
        unit_type=ibis.literal("country"), tier=ibis.literal(EVERY_FIELD, "int8")
    )


def _terms(pairs: ir.Table) -> ir.Table:
    """Return what each pair has of each joint work, as cells sum it in the fields of the work."""
    both = (pairs.credit + pairs.partner_credit).nullif(0.0)
    terms: dict[str, ir.Value] = {
        "p": ibis.literal(1.0),
        "p_newman": 1.0 / (pairs.n_countries - 1).cast("float64"),
        "p_harmonic": (2.0 * pairs.credit * pairs.partner_credit / both).fill_null(0.0),
    }
    for role in ROLES:
        terms[f"{role}_unit"] = pairs[role]
        terms[f"{role}_partner"] = pairs[f"partner_{role}"]
        terms[f"n_{role}_known"] = pairs[f"is_{role}_known"].fill_null(False).cast("float64")
    terms |= terms_of_scores(pairs, PAIR_IMPACTS)
    return pairs.mutate(**terms)


STEP = step_of(
    pair_cells,
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
)
