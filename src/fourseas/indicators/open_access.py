"""Open access: what share of a unit's works, and of its international works, is free to read."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    ROW,
    ROW_KEY,
    is_incomplete,
)
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import CELL_KEY, UNIT_CELLS
from fourseas.schema.step import OF_UNIT, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

OPEN_ACCESS = TableSpec(
    name="open_access",
    grain="one row per unit, field, year, definition and kind of works",
    key=(*ROW_KEY, "among"),
    columns=(
        *ROW,
        Column("among", "string", "category", "all works of the unit, or the international ones."),
        Column("n", "float64", "works", "Works of the unit (full counting)."),
        Column("p_oa_known", "float64", "works", "Of these, it is known whether they are free."),
        Column("p_oa", "float64", "works", "Known to be free to read somewhere."),
        Column("pp_oa", "float64", "share", "p_oa / p_oa_known.", nullable=True),
        Column("pp_oa_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_oa_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_oa_min", "float64", "share", "If none of the unknown were.", nullable=True),
        Column("pp_oa_max", "float64", "share", "If all of the unknown were.", nullable=True),
        Column("coverage_oa", "float64", "share", "p_oa_known / n.", nullable=True),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def open_access(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Return the share of works that are free to read, of all and of international ones.

    .. math:: PP(OA)_i = \frac{|\{w \in W_i : w \text{ free}\}|}
              {|\{w \in W_i : \text{access to } w \text{ known}\}|}

    where :math:`W_i` are the works of unit *i*, or those of them that are written with another
    country. A work is free where a copy can be read without paying, whoever put it there and
    under whatever licence. The interval is Wilson's.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `OPEN_ACCESS`, full counting: two rows for units that have international works. Shares
        run from 0 to 1; `_min` and `_max` are what the unknown allow.

    References
    ----------
    CWTS Leiden Ranking (2019 and later), open access indicators; Piwowar, Priem, Lariviere et
    al. (2018), "The state of OA", PeerJ 6, e4375, for free to read in any way.
    """
    told = unit_cells.filter(unit_cells.n_oa_known.notnull())
    international = told.filter(told.collaboration_class == "international")
    rows = _measured(told, "all").union(_measured(international, "international"))
    ends = registers.select("register", "last_complete_year")
    dated = extend(rows, ends, ["register"])
    is_provisional = is_incomplete(dated.year, dated.last_complete_year)
    return conform(dated.mutate(is_provisional=is_provisional), OPEN_ACCESS)


def _measured(unit_cells: ir.Table, among: str) -> ir.Table:
    """Return counts and shares of some of the works."""
    sums = unit_cells.group_by(*CELL_KEY).agg(
        n=unit_cells.n.sum(), p_oa=unit_cells.n_oa.sum(), p_oa_known=unit_cells.n_oa_known.sum()
    )
    known, total = sums.p_oa_known.nullif(0.0), sums.n.nullif(0.0)
    share = (sums.p_oa / known).clip(0.0, 1.0)
    interval = share_interval(share, known)
    return sums.mutate(
        counting=ibis.literal("full"),
        among=ibis.literal(among),
        pp_oa=share,
        pp_oa_low=interval.low,
        pp_oa_high=interval.high,
        pp_oa_min=(sums.p_oa / total).clip(0.0, 1.0),
        pp_oa_max=((sums.p_oa + sums.n - sums.p_oa_known) / total).clip(0.0, 1.0),
        coverage_oa=(sums.p_oa_known / total).clip(0.0, 1.0),
        not_computable=ibis.ifelse(
            known.isnull(),
            "of no work here is it known whether it is free to read",
            ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="Open access",
    meaning="The share of a country's works, and of its international works, that is free to read.",
    formula="works free to read / works of which it is known",
    headline="pp_oa",
    compute=open_access,
    reads=(UNIT_CELLS, REGISTERS),
    writes=OPEN_ACCESS,
    apart=OF_UNIT,
    source="https://doi.org/10.7717/peerj.4375",
    caveats=(
        "Free to read today: copies appear after years and vanish, so old and new years differ.",
        "Free to read is not free to use; licences are not looked at.",
        "Standards that are free by rule, such as RFCs, are 1 throughout.",
    ),
)
