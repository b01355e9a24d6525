"""Distance: how far apart the organizations of a unit's works are."""

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
from fourseas.schema.cells import CELL_KEY, COUNTINGS, LONG_KM, UNIT_CELLS, Counting
from fourseas.schema.step import OF_UNIT, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

SUMS: dict[Counting, dict[str, str]] = {
    "full": {
        "p": "n",
        "p_distance": "n_distance",
        "km": "distance_full",
        "p_long": "n_long",
        "p_long_open": "n_long_open",
    },
    "fractional": {
        "p": "credit",
        "p_distance": "credit_distance",
        "km": "distance_frac",
        "p_long": "credit_long",
        "p_long_open": "credit_long_open",
    },
}
"""The columns of cells that each counting sums."""

DISTANCE = TableSpec(
    name="distance",
    grain="one row per unit, field, year, definition and counting",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("n", "float64", "works", "Works of the unit behind the row (full counting)."),
        Column("p", "float64", "works", "Works of the unit by this counting."),
        Column("p_distance", "float64", "works", "Of these, all organizations have coordinates."),
        Column(
            "mgcd",
            "float64",
            "km",
            "Mean of the greatest distance between two organizations of a work, where known.",
            nullable=True,
        ),
        Column("p_long", "float64", "works", f"Known to be of {LONG_KM:g} km or more."),
        Column("pp_long", "float64", "share", "p_long / p_distance.", nullable=True),
        Column("pp_long_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_long_high", "float64", "share", "Stability interval.", nullable=True),
        Column(
            "pp_long_min",
            "float64",
            "share",
            "If no other work were than those whose known places are so far apart.",
            nullable=True,
        ),
        Column(
            "pp_long_max", "float64", "share", "If all of unknown distance were.", nullable=True
        ),
        Column("coverage_distance", "float64", "share", "p_distance / p.", nullable=True),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def distance(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Return how far apart the organizations are that a unit's works are written at.

    .. math:: MGCD_i = \frac{\sum_{w \in K_i} a_{iw} d_w}{\sum_{w \in K_i} a_{iw}}, \qquad
              PP(long)_i = \frac{\sum_{w \in K_i} a_{iw} [d_w \ge 5000]}{\sum_{w \in K_i} a_{iw}}

    where :math:`d_w` is the greatest great-circle distance between two organizations of work
    *w* in kilometres, 0 where all authors are of one, and :math:`K_i` are the works of unit *i*
    all of whose authors name organizations with coordinates; :math:`a_{iw}` is 1 in full
    counting and the author-fractional credit in fractional counting.

    The Leiden Ranking counts a work whose organizations lack coordinates as 0 km, which makes
    a unit seem nearer the less is known of it. Here such a work is left out and counted in
    ``coverage_distance``. As works of many addresses lack one more often, the known are nearer
    than all: ``pp_long_min`` and ``pp_long_max`` span what is possible.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `DISTANCE`. Distances are kilometres, shares run from 0 to 1.

    References
    ----------
    CWTS Leiden Ranking Open Edition (2025), geographical collaboration distance; Tijssen,
    Waltman & van Eck (2011), "Collaborations span 1,553 kilometres", Nature 473, 154.
    """
    counted = unit_cells.filter(unit_cells.n_distance.notnull())
    measured = ibis.union(*(_measured(counted, counting) for counting in COUNTINGS))
    ends = registers.select("register", "last_complete_year")
    dated = extend(measured, ends, ["register"])
    is_provisional = is_incomplete(dated.year, dated.last_complete_year)
    return conform(dated.mutate(is_provisional=is_provisional), DISTANCE)


def _measured(unit_cells: ir.Table, counting: Counting) -> ir.Table:
    """Return means and shares of one counting."""
    sums = unit_cells.group_by(*CELL_KEY).agg(
        n=unit_cells.n.sum(),
        **{name: unit_cells[column].sum() for name, column in SUMS[counting].items()},
    )
    known = sums.p_distance.nullif(0.0)
    total = sums.p.nullif(0.0)
    share = (sums.p_long / known).clip(0.0, 1.0)
    certain = sums.p_long + sums.p_long_open
    interval = share_interval(share, known)
    has_interval = counting == "full"
    return sums.mutate(
        counting=ibis.literal(counting),
        mgcd=sums.km / known,
        pp_long=share,
        pp_long_low=interval.low if has_interval else ibis.null("float64"),
        pp_long_high=interval.high if has_interval else ibis.null("float64"),
        pp_long_min=(certain / total).clip(0.0, 1.0),
        pp_long_max=((sums.p_long + sums.p - sums.p_distance) / total).clip(0.0, 1.0),
        coverage_distance=(sums.p_distance / total).clip(0.0, 1.0),
        not_computable=ibis.ifelse(
            known.isnull(),
            "of no work here are all organizations known with their coordinates",
            ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="Distance of collaboration",
    meaning="How far apart the organizations are that write works together.",
    formula="MGCD = sum(a x greatest distance) / sum(a); PP(long) = works of 5000 km / works",
    headline="mgcd",
    compute=distance,
    reads=(UNIT_CELLS, REGISTERS),
    writes=DISTANCE,
    apart=OF_UNIT,
    source="https://github.com/CWTSLeiden/CWTS-Leiden-Ranking-Open-Edition",
    caveats=(
        (
            "Long is 5000 km, as in the Leiden Ranking; the procedure that it calls has 1000 km by "
            "default, which is another measure."
        ),
        "Works of many organizations lack a coordinate more often: compare coverage_distance.",
        "Coordinates are of head offices; a branch abroad counts where its organization is.",
        "Small and remote countries are far from partners whatever their policy.",
    ),
)
