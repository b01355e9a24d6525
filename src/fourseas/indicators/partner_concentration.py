"""Concentration of partners: whether a country depends on few others."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
    with_coverage,
)
from fourseas.schema.cells import CELL_KEY, COUNTINGS, PAIR_CELLS, UNIT_CELLS, Counting
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

LINKS: dict[Counting, str] = {"full": "p", "fractional": "p_newman"}
"""What a partner's share is of: joint works, or joint works by their countries less one."""

NO_PARTNER = "the country has no joint work with another here"

PARTNER_CONCENTRATION = TableSpec(
    name="partner_concentration",
    grain="one row per country, field, year, definition and counting that pairs are known by",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column(
            "n_links",
            "float64",
            "credit",
            "Joint works summed over partners, by this counting.",
            nullable=True,
        ),
        Column(
            "n_partners",
            "float64",
            "count",
            "Countries with a joint work: the Hill number of order 0.",
            nullable=True,
        ),
        Column(
            "hill_1",
            "float64",
            "count",
            "As many equal partners have the same entropy: the Hill number of order 1.",
            nullable=True,
        ),
        Column(
            "hill_2",
            "float64",
            "count",
            "As many equal partners have the same hhi: the Hill number of order 2.",
            nullable=True,
        ),
        Column("hhi", "float64", "share", "Sum of squared shares of partners.", nullable=True),
        Column("top_partner_id", "string", "code", "Partner of the most links.", nullable=True),
        Column("top_partner_share", "float64", "share", "Its share of the links.", nullable=True),
        COVERAGE,
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def partner_concentration(
    pair_cells: ir.Table, unit_cells: ir.Table, registers: ir.Table
) -> ir.Table:
    r"""Return how a country's joint works are spread over its partners.

    With :math:`s_j` the share of partner *j* in the unit's links:

    .. math:: D_q = (\sum_j s_j^q)^{1/(1-q)}, \qquad
              \ln D_1 = -\sum_j s_j \ln s_j, \qquad
              HHI = \sum_j s_j^2 = 1 / D_2

    :math:`D_q` is a number of partners: all of them (*q* = 0), those that carry weight
    (*q* = 1), and those that dominate (*q* = 2); of *n* equal partners each is *n*. In
    fractional counting a joint work of *m* countries is one link of :math:`1/(m-1)` to each
    of the other :math:`m-1`, so that it is one link of the unit in all (Newman); in full
    counting it is :math:`m-1` of them, and consortia of many countries even the shares out.

    Domestic works are no link: nothing is said of how much a country works with others.

    Parameters
    ----------
    pair_cells, unit_cells
        `PAIR_CELLS` and `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `PARTNER_CONCENTRATION`: all countries of the fields and years in which pairs are
        known by the counting; of published tables, those that they list. A country without a
        partner has no concentration, and its row says so.

    References
    ----------
    Hill (1973), "Diversity and evenness", Ecology 54, 427-432. Newman (2001), Physical
    Review E 64, 016132.
    """
    # Whom a published table leaves out may have partners: who is counted here and has none, not.
    is_counted = (unit_cells.unit_type == "country") & unit_cells["first"].notnull()
    countries = unit_cells.filter(is_counted).select(*CELL_KEY)
    units = countries.union(pair_cells.select(*CELL_KEY), distinct=True)
    rows = ibis.union(*(_counted(units, pair_cells, counting) for counting in COUNTINGS))
    reason = ibis.ifelse(rows.n_partners.isnull(), NO_PARTNER, ibis.null("string"))
    explained = rows.mutate(not_computable=reason)
    return conform(with_coverage(explained, unit_cells, registers), PARTNER_CONCENTRATION)


def _counted(units: ir.Table, pair_cells: ir.Table, counting: Counting) -> ir.Table:
    """Return all units of the places where pairs are known by one counting."""
    linked = pair_cells.select(*CELL_KEY, "partner_id", links=pair_cells[LINKS[counting]])
    known = linked.filter(linked.links.notnull())
    placed = units.semi_join(known, list(PLACE_KEY)).mutate(counting=ibis.literal(counting))
    return extend(placed, _spread(known.filter(known.links > 0)), CELL_KEY)


def _spread(linked: ir.Table) -> ir.Table:
    """Return the numbers of partners of each unit that has any."""
    totals = linked.group_by(*CELL_KEY).agg(
        n_links=linked.links.sum(), n_partners=linked.count(), most=linked.links.max()
    )
    sided = extend(linked, totals, CELL_KEY)
    shares = sided.mutate(share=sided.links / sided.n_links)
    sums = shares.group_by(*CELL_KEY, "n_links", "n_partners").agg(
        entropy=-(shares.share * shares.share.ln()).sum(),
        hhi=(shares.share * shares.share).sum(),
        top_partner_share=shares.share.max(),
        # Of partners with equally many links the first by code, on any engine.
        top_partner_id=shares.partner_id.min(where=shares.links == shares.most),
    )
    return sums.mutate(hill_1=sums.entropy.exp(), hill_2=1.0 / sums.hhi).drop("entropy")


INDICATOR = Indicator(
    title="Concentration of partners",
    meaning="Whether a country's joint works hang on few partners or are spread over many.",
    formula="hhi = sum of squared shares of partners in links; hill_1 = exp(entropy); "
    "hill_2 = 1/hhi",
    headline="hill_1",
    compute=partner_concentration,
    reads=(PAIR_CELLS, UNIT_CELLS, REGISTERS),
    writes=PARTNER_CONCENTRATION,
    apart=OF_PLACE,
    source="https://doi.org/10.2307/1934352",
    caveats=(
        "Full counts of large consortia even the shares out; compare fractional values.",
        "With few joint works the numbers of partners are too low by chance.",
        "A concentrated country is not yet a dependent one: what it could do alone is not seen.",
        "Numbers of partners are among the countries that the register lists: NCSES lists 46.",
    ),
)
