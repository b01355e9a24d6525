"""Relatedness of fields: which fields the same countries are specialized in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import COUNTING
from fourseas.indicators.field_profiles import census_entries, relations
from fourseas.schema.cells import PLACE, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform

RELATEDNESS = TableSpec(
    name="relatedness",
    grain="one row per ordered pair of fields that some country is specialized in, and year",
    key=(
        *(column.name for column in (*PROVENANCE, *UNIT, *PLACE)),
        "counting",
        "other_field_id",
    ),
    columns=(
        *PROVENANCE,
        *UNIT,
        *PLACE,
        COUNTING,
        Column("other_field_id", "string", "id", "The other field, of the same scheme."),
        Column("n_both", "float64", "count", "Countries that are specialized in both."),
        Column("n_field", "float64", "count", "Countries that are specialized in the field."),
        Column("n_other", "float64", "count", "Countries that are specialized in the other."),
        Column(
            "association",
            "float64",
            "index",
            "n_both T / (s_f s_g): 1 where fields meet as if drawn at random.",
        ),
        Column(
            "probability",
            "float64",
            "index",
            "The same where fields are drawn without replacement.",
        ),
        Column("cosine", "float64", "share", "n_both / sqrt(s_f s_g)."),
        Column("jaccard", "float64", "share", "n_both / (s_f + s_g - n_both)."),
        Column(
            "proximity",
            "float64",
            "share",
            "n_both / max(n_field, n_other): the lesser of the two conditional probabilities.",
        ),
    ),
)


def relatedness(unit_cells: ir.Table) -> ir.Table:
    r"""Relate fields by the countries that are specialized in both.

    With :math:`C_{fg}` countries whose activity index is 1 or more in both, :math:`s_f` the sum
    of a field's row without itself and *T* that of all rows:

    .. math::
        \phi_{fg} = \frac{C_{fg} T}{s_f s_g}, \quad
        \pi_{fg} = \frac{C_{fg}}{\tfrac T2 \left(
            \tfrac{s_f}{T} \tfrac{s_g}{T - s_f} + \tfrac{s_g}{T} \tfrac{s_f}{T - s_g}\right)},
        \quad
        \min\{P(f|g), P(g|f)\} = \frac{C_{fg}}{\max(n_f, n_g)}

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS` of a census; countries with 30 works or more in the year, by fractional
        counting.

    Returns
    -------
    ir.Table
        `RELATEDNESS`. Pairs of fields that no country is specialized in at once have no row:
        all their measures are 0.

    References
    ----------
    van Eck & Waltman (2009), "How to normalize cooccurrence data?", Journal of the American
    Society for Information Science and Technology 60(8), 1635-1651; Hidalgo, Klinger, Barabasi
    & Hausmann (2007), "The product space conditions the development of nations", Science 317,
    482-487; Steijn (2017) for the probability.
    """
    related = relations(census_entries(unit_cells))
    s_field, s_other, t = related.s_field, related.s_other, related.t
    product = s_field * s_other
    drawn = related.mutate(
        product=product,
        # Where one field holds all there is, nothing is left to draw the other from.
        expected=product
        / 2.0
        * (1.0 / (t - s_field).nullif(0.0) + 1.0 / (t - s_other).nullif(0.0)),
        more=ibis.ifelse(related.n_field > related.n_other, related.n_field, related.n_other),
    )
    return conform(
        drawn.mutate(
            unit_type=ibis.literal("world"),
            unit_id=ibis.literal("WORLD"),
            counting=ibis.literal("fractional"),
            probability=drawn.n_both / drawn.expected,
            cosine=drawn.n_both / drawn["product"].sqrt(),
            jaccard=drawn.n_both / (drawn.s_field + drawn.s_other - drawn.n_both),
            proximity=drawn.n_both / drawn.more,
        ),
        RELATEDNESS,
    )


INDICATOR = Indicator(
    title="Relatedness of fields",
    meaning="Which fields the same countries are specialized in, against chance.",
    formula="association C_fg T / (s_f s_g) of countries specialized in both fields",
    headline="association",
    compute=relatedness,
    reads=(UNIT_CELLS,),
    writes=RELATEDNESS,
    source="https://doi.org/10.1002/asi.21075",
    is_of_fields=True,
    caveats=(
        "Fields are related here as countries combine them, not by what they are about.",
        "A specialization of 1.01 counts as one of 10.",
        "Every country counts as one, whatever its size; those below 30 works are left out.",
    ),
)
