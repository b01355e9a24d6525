"""Funding: how many works name who paid for them, and whether that was home or abroad."""

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
from fourseas.schema.cells import CELL_KEY, FUNDING_CELLS, UNIT_CELLS
from fourseas.schema.step import OF_UNIT, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

FUNDING = TableSpec(
    name="funding",
    grain="one row per unit, field, year and definition",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("n", "float64", "works", "Works of the unit (full counting)."),
        Column("p_funded", "float64", "works", "Of these, it is named who paid."),
        Column("pp_funded", "float64", "share", "p_funded / n."),
        Column("pp_funded_low", "float64", "share", "Stability interval."),
        Column("pp_funded_high", "float64", "share", "Stability interval."),
        Column(
            "p_home",
            "float64",
            "works",
            "Of p_funded, paid by funders of the country; a work is divided among its funders.",
            nullable=True,
        ),
        Column("p_abroad", "float64", "works", "Paid by funders of others.", nullable=True),
        Column("p_unplaced", "float64", "works", "By funders of unknown country.", nullable=True),
        Column("pp_abroad", "float64", "share", "p_abroad / (p_home + p_abroad).", nullable=True),
        Column("pp_abroad_min", "float64", "share", "If no unplaced was abroad.", nullable=True),
        Column("pp_abroad_max", "float64", "share", "If all unplaced were.", nullable=True),
        Column(
            "coverage_funders", "float64", "share", "Part of p_funded with a place.", nullable=True
        ),
        Column(
            "coverage_joined",
            "float64",
            "share",
            "Part of p_funded whose funders were found as organizations; others go by key or name.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def funding(unit_cells: ir.Table, funding_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Return the share of works that name a funder, and of these what is paid from abroad.

    .. math:: PP(funded)_i = \frac{|\{w \in W_i : F_w \neq \emptyset\}|}{|W_i|}, \qquad
              PP(abroad)_i = \frac{\sum_w |\{f \in F_w : c_f \neq i\}| / |F_w|}
                                  {\sum_w |\{f \in F_w : c_f \text{ known}\}| / |F_w|}

    where :math:`F_w` are the funders that work *w* names, each organization counted once under
    whatever keys and names (`funding_cells`), and :math:`c_f` is the country of a funder.
    `coverage_joined` is the part of works, divided among their funders, of funders that were found
    as organizations. Funders of unknown country are on neither side; `_min` and `_max` are what
    they allow. Home and abroad are told of countries alone.

    A work that names nobody was paid for by somebody all the same: the share is of
    acknowledgements that the register has read, not of money.

    Parameters
    ----------
    unit_cells, funding_cells
        `UNIT_CELLS` and `FUNDING_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `FUNDING`, full counting. Of registers that name no funder of any work nothing is said:
        they have no rows.

    References
    ----------
    Alvarez-Bornstein & Montesi (2021), "Funding acknowledgements in scientific publications: a
    literature review", Research Evaluation 29(4), 469-488. The division among funders is ours.
    """
    counted = unit_cells.filter(unit_cells.n_funded.notnull())
    sums = counted.group_by(*CELL_KEY).agg(n=counted.n.sum(), p_funded=counted.n_funded.sum())
    is_unplaced = funding_cells.partner_id == "UNKNOWN"
    is_home = funding_cells.partner_id == funding_cells.unit_id
    paid = funding_cells.group_by(*CELL_KEY).agg(
        home=funding_cells.p.sum(where=is_home),
        abroad=funding_cells.p.sum(where=~is_home & ~is_unplaced),
        unplaced=funding_cells.p.sum(where=is_unplaced),
        joined=funding_cells.p_joined.sum(),
    )
    ends = registers.select("register", "last_complete_year")
    known = extend(extend(sums, paid, CELL_KEY), ends, ["register"])
    is_told = (known.unit_type == "country") & (known.p_funded > 0)
    nothing = ibis.null("float64")
    told = known.mutate(
        **{
            f"p_{name}": ibis.ifelse(is_told, known[name].fill_null(0.0), nothing)
            for name in ("home", "abroad", "unplaced", "joined")
        }
    )
    placed = (told.p_home + told.p_abroad).nullif(0.0)
    funded = (told.p_home + told.p_abroad + told.p_unplaced).nullif(0.0)
    share = (told.p_funded / told.n.nullif(0.0)).clip(0.0, 1.0)
    interval = share_interval(share, told.n)
    return conform(
        told.mutate(
            counting=ibis.literal("full"),
            pp_funded=share,
            pp_funded_low=interval.low,
            pp_funded_high=interval.high,
            pp_abroad=told.p_abroad / placed,
            pp_abroad_min=told.p_abroad / funded,
            pp_abroad_max=(told.p_abroad + told.p_unplaced) / funded,
            coverage_funders=(told.p_home + told.p_abroad) / funded,
            coverage_joined=(told.p_joined / funded).clip(0.0, 1.0),
            is_provisional=is_incomplete(told.year, told.last_complete_year),
            not_computable=ibis.cases(
                (told.p_funded == 0, "no work here names who paid for it"),
                (told.unit_type != "country", "home and abroad are told of countries alone"),
                (placed.isnull(), "the country of no funder here is known"),
                else_=ibis.null("string"),
            ),
        ),
        FUNDING,
    )


INDICATOR = Indicator(
    title="Funding acknowledged",
    meaning="How many of a country's works name who paid, and how much of that came from abroad.",
    formula="works with a funder / works; parts paid by funders abroad / parts of placed funders",
    headline="pp_funded",
    compute=funding,
    reads=(UNIT_CELLS, FUNDING_CELLS, REGISTERS),
    writes=FUNDING,
    apart=OF_UNIT,
    source="https://doi.org/10.1093/reseval/rvaa038",
    caveats=(
        "To name nobody is not to be unfunded: block grants and own means are seldom named.",
        "Acknowledgements are read unevenly by publisher, language and year.",
        "Amounts are not known: a work of two funders is divided in halves.",
        "A funder's country is that of its organization, found by id or by name; see p_unplaced.",
        "A funder not found as an organization counts once for each key: see coverage_joined.",
        "What share of fundings is found, and by which, `fourseas quality` says.",
        "International bodies count where their head office is: the World Bank in the US.",
    ),
)
