"""Affinity of pairs: joint works of two countries against what their sizes would lead to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import NOT_COMPUTABLE, why_not_relative
from fourseas.schema.cells import PAIR_CELLS, PLACE, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend

CELL = (*(column.name for column in PROVENANCE), *(column.name for column in PLACE))

AFFINITY = TableSpec(
    name="affinity",
    grain="one row per ordered pair of countries, field, year and definition",
    key=PAIR_CELLS.key,
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The other country."),
        *PLACE,
        Column("counting", "string", "category", "full: a joint work counts once for each pair."),
        Column("p", "float64", "works", "Joint works of the pair."),
        Column("p_int_unit", "float64", "works", "International works, unit.", nullable=True),
        Column("p_int_partner", "float64", "works", "International, partner.", nullable=True),
        Column("p_int_world", "float64", "works", "International, world.", nullable=True),
        Column("salton", "float64", "index", "p / sqrt(u v).", nullable=True),
        Column("jaccard", "float64", "index", "p / (u + v - p).", nullable=True),
        Column("inclusion", "float64", "index", "p / min(u, v).", nullable=True),
        Column("equivalence", "float64", "index", "p p / (u v).", nullable=True),
        Column("association", "float64", "index", "p / (u v).", nullable=True),
        Column(
            "collaboration_index",
            "float64",
            "index",
            "(p / u) / (v / world): 1 where the partner is chosen as by the world.",
            nullable=True,
        ),
        Column(
            "probabilistic_affinity",
            "float64",
            "index",
            "p T / (s_u s_v) over links: 1 where links are as if drawn at random.",
            nullable=True,
        ),
        NOT_COMPUTABLE,
    ),
)


def affinity(pair_cells: ir.Table, unit_cells: ir.Table) -> ir.Table:
    r"""Relate the joint works of each pair to the international works of both.

    With :math:`C_{ij}` joint works, :math:`C_i` international works of *i*, :math:`C_w` of
    the world, :math:`s_i = \sum_{j \ne i} C_{ij}` links and :math:`T = \sum_i s_i`:

    .. math:: S_{ij} = \frac{C_{ij}}{\sqrt{C_i C_j}}, \quad
              IC_{ij} = \frac{C_{ij} / C_i}{C_j / C_w}, \quad
              PAI_{ij} = \frac{C_{ij} T}{s_i s_j}

    International totals are of works, not of links: a work of five countries counts once.

    Parameters
    ----------
    pair_cells, unit_cells
        `PAIR_CELLS` and `UNIT_CELLS`.

    Returns
    -------
    ir.Table
        `AFFINITY`; measures are null where a total is not published, and those that are
        relative to the world also over a sample or a corpus.

    References
    ----------
    NCSES, Science and Engineering Indicators 2024, table SPBS-38 (index of collaboration).
    Luukkonen, Tijssen, Persson & Sivertsen (1993), Scientometrics 28, 15-36. Zitt,
    Bassecoulard & Okubo (2000), Scientometrics 47, 627-657.
    """
    international = unit_cells.filter(unit_cells.collaboration_class == "international")
    totals = international.group_by(*CELL, "unit_type", "unit_id").agg(p_int=international.n.sum())
    countries = totals.filter(totals.unit_type == "country")
    units = countries.select(*CELL, "unit_id", p_int_unit=countries.p_int)
    partners = countries.select(*CELL, partner_id=countries.unit_id, p_int_partner=countries.p_int)
    worlds = totals.filter(totals.unit_type == "world").select(*CELL, p_int_world=totals.p_int)
    links = pair_cells.group_by(*CELL, "unit_id").agg(s=pair_cells.p.sum())
    all_links = links.group_by(*CELL).agg(t=links.s.sum())
    pairs = pair_cells.select(*PAIR_CELLS.key, "p").mutate(counting=ibis.literal("full"))
    sized = extend(
        extend(extend(pairs, units, [*CELL, "unit_id"]), partners, [*CELL, "partner_id"]),
        worlds,
        CELL,
    )
    of_unit = links.select(*CELL, "unit_id", s_unit=links.s)
    of_partner = links.select(*CELL, partner_id=links.unit_id, s_partner=links.s)
    linked = extend(
        extend(extend(sized, of_unit, [*CELL, "unit_id"]), of_partner, [*CELL, "partner_id"]),
        all_links,
        CELL,
    )
    p, u, v = linked.p, linked.p_int_unit.nullif(0.0), linked.p_int_partner.nullif(0.0)
    joint = u * v
    reason = why_not_relative(linked.scope)
    nothing = ibis.null("float64")
    index = (p / u) / (v / linked.p_int_world.nullif(0.0))
    drawn = p * linked.t / (linked.s_unit * linked.s_partner).nullif(0.0)
    return conform(
        linked.mutate(
            salton=p / joint.sqrt(),
            jaccard=p / (u + v - p).nullif(0.0),
            inclusion=p / ibis.ifelse(joint.isnull(), ibis.null("float64"), ibis.least(u, v)),
            equivalence=p * p / joint,
            association=p / joint,
            collaboration_index=ibis.ifelse(reason.isnull(), index, nothing),
            probabilistic_affinity=ibis.ifelse(reason.isnull(), drawn, nothing),
            not_computable=ibis.cases(
                (reason.notnull(), reason),
                (index.isnull(), "the register publishes no total that the index needs"),
                else_=ibis.null("string"),
            ),
        ),
        AFFINITY,
    )


INDICATOR = Indicator(
    title="Affinity of pairs",
    meaning="Whether two countries write together more than their sizes would lead one to expect.",
    formula="Salton C/sqrt(CiCj); index of collaboration (Cij/Ci)/(Cj/Cw); affinity Cij T/(si sj)",
    headline="collaboration_index",
    compute=affinity,
    reads=(PAIR_CELLS, UNIT_CELLS),
    writes=AFFINITY,
    source="https://ncses.nsf.gov/pubs/nsb202333/",
    caveats=(
        "Works of many countries give many pairs; one large consortium can dominate a pair.",
        "The index of collaboration is not centred at 1 where works have many countries.",
        "Affinity can fall when joint works grow, since the totals hold them too.",
        "Its totals are over the pairs of the register: of NCSES, those of its 46 economies.",
    ),
)
