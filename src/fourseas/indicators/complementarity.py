"""Complementarity: what one country is strong in and another has little of, both ways."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import COUNTING, NOT_COMPUTABLE, PLACE_KEY
from fourseas.indicators.field_profiles import OF_SCHEME, cells_of_census, census_entries, levels
from fourseas.schema.cells import ALL, PAIR_CELLS, PLACE, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend

PAIR_KEY = (*OF_SCHEME, "unit_id", "partner_id")

COMPLEMENTARITY = TableSpec(
    name="complementarity",
    grain="one row per ordered pair of countries and year, and per field that the first may gain",
    key=(*PAIR_CELLS.key, "counting"),
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The other country."),
        *PLACE,
        COUNTING,
        Column(
            "need",
            "float64",
            "index",
            "max(1 - activity index of the unit, 0); null for all fields together.",
            nullable=True,
        ),
        Column(
            "strength",
            "float64",
            "index",
            "max(activity index of the partner - 1, 0) x its level, where the world has 1.",
            nullable=True,
        ),
        Column(
            "gain",
            "float64",
            "index",
            "need x strength; their sum over known fields for all fields together.",
            nullable=True,
        ),
        Column(
            "partner_gain",
            "float64",
            "index",
            "The same seen from the partner; of a field it is 0 wherever the unit gains.",
            nullable=True,
        ),
        Column(
            "balance",
            "float64",
            "share",
            "The lesser gain by the greater; null where both are 0 or one is not known.",
            nullable=True,
        ),
        Column("n_fields_known", "float64", "count", "Fields where the partner's level is known."),
        Column("n_fields", "float64", "count", "Fields of the scheme."),
        NOT_COMPUTABLE,
    ),
)


def complementarity(unit_cells: ir.Table) -> ir.Table:
    r"""Match what each country has little of with what each other is strong in.

    .. math:: g_{ij} = \sum_f \max(1 - AI_{if}, 0) \, \max(AI_{jf} - 1, 0) \, L_{jf}

    where :math:`AI` is the activity index by fractional counting and :math:`L_{jf}` the level
    of *j*: its share of works among the world's most cited by that of the world. A field in
    which the level of *j* is not known adds nothing and is not counted as known: gains of pairs
    whose known fields differ do not compare.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS` of a census; countries with 30 works or more in the year.

    Returns
    -------
    ir.Table
        `COMPLEMENTARITY`: a row for all fields of the scheme together (field ``all``) of each
        pair, and a row for each field in which the unit would gain. Both directions stand
        beside each other and are never added.

    References
    ----------
    The measure is ours. Activity index: Balassa (1965); a measure of distance such as one
    minus the cosine of profiles would call two countries complementary that are weak in
    different fields.
    """
    needs, offers = _sides(unit_cells)
    return _gains(needs.inner_join(offers, list(PLACE_KEY)))


def complementarity_of(unit_cells: ir.Table, unit_ids: tuple[str, ...]) -> ir.Table:
    """Match some countries alone with each other one, both ways round.

    Returns
    -------
    ir.Table
        `COMPLEMENTARITY` of the pairs that one of them is in.
    """
    needs, offers = _sides(unit_cells)
    key = list(PLACE_KEY)
    own = needs.filter(needs.unit_id.isin(unit_ids)).inner_join(offers, key)
    others = needs.filter(needs.unit_id.notin(unit_ids))
    back = others.inner_join(offers.filter(offers.partner_id.isin(unit_ids)), key)
    return _gains(own.select(*MET).union(back.select(*MET)))


MET = (*PLACE_KEY, "unit_id", "need", "partner_id", "strength")
"""What one has little of and another is strong in."""


def _sides(unit_cells: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Return what each country has little of in each field, and what each is strong in."""
    known = extend(
        census_entries(unit_cells), levels(cells_of_census(unit_cells)), [*PLACE_KEY, "unit_id"]
    )
    lacking, more = 1.0 - known.activity_index, known.activity_index - 1.0
    sides = known.mutate(
        need=lacking.clip(lower=0.0),
        strength=more.clip(lower=0.0) * known.level,
    )
    needs = sides.select(*PLACE_KEY, "unit_id", "need")
    return needs, sides.select(*PLACE_KEY, "strength", partner_id=sides.unit_id)


def _gains(met: ir.Table) -> ir.Table:
    """Return the gains of pairs, both ways round, in all fields and in each."""
    pairs = met.filter(met.unit_id != met.partner_id)
    gains = pairs.mutate(gain=pairs.need * pairs.strength)
    totals = gains.group_by(*PAIR_KEY).agg(
        # Of no known field there is no sum: it is null, and no gain of 0.
        gain=gains.gain.sum(),
        n_fields_known=gains.strength.count().cast("float64"),
        n_fields=gains.count().cast("float64"),
    )
    back = totals.select(
        *OF_SCHEME, partner_gain="gain", unit_id=totals.partner_id, partner_id=totals.unit_id
    )
    both = extend(totals, back, PAIR_KEY)
    is_less = both.gain < both.partner_gain
    lesser = ibis.ifelse(is_less, both.gain, both.partner_gain)
    greater = ibis.ifelse(is_less, both.partner_gain, both.gain)
    together = both.mutate(
        field_id=ibis.literal(ALL),
        need=ibis.null("float64"),
        strength=ibis.null("float64"),
        balance=lesser / greater.nullif(0.0),
        not_computable=ibis.ifelse(
            both.gain.isnull(),
            "the level of the partner is known in no field",
            ibis.null("string"),
        ),
    )
    gaining = gains.filter(gains.gain > 0)
    by_field = gaining.mutate(
        partner_gain=ibis.literal(0.0),
        balance=ibis.null("float64"),
        n_fields_known=ibis.literal(1.0),
        n_fields=ibis.literal(1.0),
        not_computable=ibis.null("string"),
    )
    names = [
        *PAIR_KEY,
        "field_id",
        "need",
        "strength",
        "gain",
        "partner_gain",
        "balance",
        "n_fields_known",
        "n_fields",
        "not_computable",
    ]
    every = together.select(*names).union(by_field.select(*names))
    return conform(
        every.mutate(unit_type=ibis.literal("country"), counting=ibis.literal("fractional")),
        COMPLEMENTARITY,
    )


INDICATOR = Indicator(
    title="Complementarity of pairs",
    meaning="What a country has little of and a partner is strong in, seen from both sides.",
    formula="sum over fields of max(1 - AI_i, 0) x max(AI_j - 1, 0) x level of j",
    headline="gain",
    compute=complementarity,
    of_units=complementarity_of,
    reads=(UNIT_CELLS,),
    writes=COMPLEMENTARITY,
    source="https://doi.org/10.1111/j.1467-9957.1965.tb00050.x",
    caveats=(
        "The measure is ours: a place to look, not a forecast of what two would gain.",
        "Having little of a field is a need only if the country wants more of it.",
        "With few fields, as the 14 of NCSES, it says little; topics say more.",
        "Compare gains within one year and scheme: the index has no unit.",
    ),
)
