"""International collaboration: how much of a unit's work is written with other countries."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    ROW,
    ROW_KEY,
    with_coverage,
)
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import CELL_KEY, UNIT_CELLS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform
from fourseas.schema.works import REGISTERS

COLLABORATION = TableSpec(
    name="collaboration",
    grain="one row per unit, field, year, definition and counting",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("n", "float64", "works", "Works of the unit behind the row (full counting)."),
        Column("p", "float64", "works", "Works of the unit by this counting."),
        Column("p_int_collab", "float64", "works", "Known to have two countries.", nullable=True),
        Column(
            "p_intra_group", "float64", "works", "Two members of the group alone.", nullable=True
        ),
        Column(
            "p_undecided",
            "float64",
            "works",
            "One country or none is known and an author's country is missing.",
            nullable=True,
        ),
        Column(
            "p_double_affiliation",
            "float64",
            "works",
            "International, but all authors share a country; null where not known of the unit.",
            nullable=True,
        ),
        Column(
            "pp_int_collab",
            "float64",
            "share",
            "p_int_collab by p less p_undecided, or by p where the definition says so.",
            nullable=True,
        ),
        Column("pp_int_collab_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_int_collab_high", "float64", "share", "Stability interval.", nullable=True),
        Column(
            "pp_int_collab_min", "float64", "share", "If no undecided work were.", nullable=True
        ),
        Column(
            "pp_int_collab_max", "float64", "share", "If all undecided works were.", nullable=True
        ),
        COVERAGE,
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)

CLASSES = ("international", "intra_group", "unknown", "domestic", "unstated")


def collaboration(unit_cells: ir.Table, registers: ir.Table, definitions: ir.Table) -> ir.Table:
    r"""Count each unit's works and the share of them written with other countries.

    .. math:: pp\_int\_collab_{u} = \frac{|\{w \in W_{u} : n_w > 1\}|}
              {|\{w \in W_{u} : n_w \text{ known}\}|}

    where :math:`W_{u}` are the works of unit *u* in a field and year, and :math:`n_w` is the
    number of countries of *w*. For a group of countries, works between its members alone
    stand apart and are not international. Under definitions with the denominator ``all``,
    the undecided works stay in the denominator. In fractional counting the same ratio is
    taken of credits.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`: works by unit, field, year, definition and collaboration class.
    registers, definitions
        `REGISTERS`, for the last complete year; `DEFINITION_ROWS`, for the denominator.

    Returns
    -------
    ir.Table
        `COLLABORATION`. Counts are works, shares run from 0 to 1. `_low` and `_high` say how
        stable the share is; `_min` and `_max` what the unknown countries allow.

    References
    ----------
    CWTS Leiden Ranking Open Edition (2025), collaboration indicators; NCSES, Science and
    Engineering Indicators 2024, table SPBS-33.
    """
    denominators = definitions.select("definition_id", "denominator", "computed")
    rows = [
        _measured(unit_cells, denominators, counting="full", measure="n"),
        _measured(unit_cells, denominators, counting="fractional", measure="credit"),
    ]
    return conform(with_coverage(ibis.union(*rows), unit_cells, registers), COLLABORATION)


def _measured(
    unit_cells: ir.Table, denominators: ir.Table, *, counting: str, measure: str
) -> ir.Table:
    """Return the counts and shares of one counting."""
    value = unit_cells[measure]
    sums = unit_cells.group_by(*CELL_KEY).agg(
        n=unit_cells.n.sum(),
        p=value.sum(),
        n_double=unit_cells.n_double.sum(),
        **{
            f"p_{name}": value.sum(where=unit_cells.collaboration_class == name).fill_null(0.0)
            for name in CLASSES
        },
    )
    stated = sums.filter(sums.p.notnull()).inner_join(denominators, "definition_id")
    is_partial = stated.denominator == "none"
    is_unstated = stated.p_unstated > 0
    is_all = stated.denominator == "all"
    p_decided = stated.p - stated.p_unknown
    base = ibis.ifelse(is_all, stated.p, p_decided).nullif(0.0)
    is_nowhere = stated.unit_type == "unknown"
    is_open = is_partial | is_unstated | is_nowhere
    counted_share = (stated.p_international / base).clip(0.0, 1.0)
    share = ibis.ifelse(is_open, ibis.null("float64"), counted_share)
    total = ibis.ifelse(is_open, ibis.null("float64"), stated.p.nullif(0.0))
    # Published figures come without their records: nothing can be drawn again.
    size = ibis.ifelse(stated.computed, base, ibis.null("float64"))
    interval = share_interval(share, size)
    has_interval = counting == "full"
    return stated.select(
        *CELL_KEY,
        "n",
        "p",
        counting=ibis.literal(counting),
        p_int_collab=ibis.ifelse(is_unstated, ibis.null("float64"), stated.p_international),
        p_intra_group=ibis.ifelse(is_open, ibis.null("float64"), stated.p_intra_group),
        p_undecided=ibis.ifelse(is_open, ibis.null("float64"), stated.p_unknown),
        p_double_affiliation=stated.n_double if has_interval else ibis.null("float64"),
        pp_int_collab=share,
        pp_int_collab_low=interval.low if has_interval else ibis.null("float64"),
        pp_int_collab_high=interval.high if has_interval else ibis.null("float64"),
        pp_int_collab_min=(stated.p_international / total).clip(0.0, 1.0),
        pp_int_collab_max=((stated.p_international + stated.p_unknown) / total).clip(0.0, 1.0),
        not_computable=ibis.cases(
            (is_partial, "the register counts international works alone"),
            (is_unstated, "the register does not divide these works by collaboration"),
            (is_nowhere, "authors of unknown country are of no country that could be abroad"),
            (base.isnull(), "nothing here has all its countries known"),
            else_=ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="International collaboration",
    meaning="The share of a country's works that are written with other countries.",
    formula="works with two countries or more / works whose countries are known",
    headline="pp_int_collab",
    compute=collaboration,
    reads=(UNIT_CELLS, REGISTERS, DEFINITION_ROWS),
    writes=COLLABORATION,
    apart=OF_PLACE,
    source="https://github.com/CWTSLeiden/CWTS-Leiden-Ranking-Open-Edition",
    caveats=(
        "Small countries collaborate abroad more because they have fewer partners at home.",
        "In p_double_affiliation all authors share a country: with one address, it is domestic.",
        "_min and _max are of works known to be the country's, not of those that may be.",
    ),
)
