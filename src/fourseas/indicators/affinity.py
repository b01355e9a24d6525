"""Affinity of pairs: joint works of two countries against what their sizes would lead to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import NOT_COMPUTABLE, why_not_relative
from fourseas.schema.cells import PAIR_CELLS, PLACE, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.step import OF_FIELD, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend

DOMINANT = 0.7
"""A partner on more of a country's international works than this is one to look at."""

JUMP = 3.0
"""So are joint works that grow in a year so many times as fast as both sides' international."""

FEWEST = 100
"""Of fewer works than this neither is told: small numbers jump and dominate by chance."""

NO_TOTAL = "the register publishes no total that the index needs"
ALONE = "the partner has no link with anybody else"

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
        Column(
            "relative_intensity",
            "float64",
            "index",
            "The partner's part of the unit's links by its part of all others' links: RIC.",
            nullable=True,
        ),
        Column(
            "p_newman",
            "float64",
            "credit",
            "Joint works, each divided by its countries less one.",
            nullable=True,
        ),
        Column(
            "p_harmonic",
            "float64",
            "credit",
            "Joint works, each by the harmonic mean of both credits.",
            nullable=True,
        ),
        Column(
            "artifact",
            "string",
            "text",
            "Why the number may be made by the register's data and not by the two countries; "
            "null where nothing speaks for it.",
            nullable=True,
        ),
        NOT_COMPUTABLE,
    ),
)


def affinity(pair_cells: ir.Table, unit_cells: ir.Table) -> ir.Table:
    r"""Relate the joint works of each pair to the international works and links of both.

    With :math:`C_{ij}` joint works, :math:`C_i` international works of *i*, :math:`C_w` of
    the world, :math:`s_i = \sum_{j \ne i} C_{ij}` links and :math:`T = \sum_i s_i`:

    .. math:: S_{ij} = \frac{C_{ij}}{\sqrt{C_i C_j}}, \quad
              IC_{ij} = \frac{C_{ij} / C_i}{C_j / C_w}, \quad
              PAI_{ij} = \frac{C_{ij} T}{s_i s_j}, \quad
              RIC_{ij} = \frac{C_{ij} / s_i}{(s_j - C_{ij}) / (T - s_i)}

    International totals are of works, not of links: a work of five countries counts once.
    RIC is of the ordered pair: what *j* is to *i* against what *j* is to everybody else. It
    rises with each joint work, which PAI need not. Works of many countries count once for
    each pair; the two fractional counts of joint works weigh them down.

    A pair is marked as a possible artifact where either side is on over 70% of the other's
    international works, or where its joint works grew over 3 times as much since the year
    before as the international works of either, of 100 works or more: affiliations that a
    register reads wrongly look like this, and so do a large consortium and a territory beside
    its mainland. It is a reason to look at the records; no number is left out for it.

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
    Bassecoulard & Okubo (2000), Scientometrics 47, 627-657. Fuchs, Sivertsen & Rousseau
    (2021), Scientometrics 126, 8673-8682 (RIC; taken over links, as PAI is). Newman (2001),
    Physical Review E 64, 016132. The marks of artifacts are ours.
    """
    pairs = pair_cells.select(*PAIR_CELLS.key, "p", "p_newman", "p_harmonic")
    linked = _suspected(_with_links(_with_international(pairs, unit_cells), pair_cells))
    p, u, v = linked.p, linked.p_int_unit.nullif(0.0), linked.p_int_partner.nullif(0.0)
    joint = u * v
    reason = why_not_relative(linked.scope)
    nothing = ibis.null("float64")
    index = (p / u) / (v / linked.p_int_world.nullif(0.0))
    drawn = p * linked.t / (linked.s_unit * linked.s_partner).nullif(0.0)
    elsewhere = ((linked.s_partner - p) * linked.s_unit).nullif(0.0)
    intensity = p * (linked.t - linked.s_unit) / elsewhere
    return conform(
        linked.mutate(
            counting=ibis.literal("full"),
            salton=p / joint.sqrt(),
            jaccard=p / (u + v - p).nullif(0.0),
            inclusion=p / ibis.ifelse(joint.isnull(), ibis.null("float64"), ibis.least(u, v)),
            equivalence=p * p / joint,
            association=p / joint,
            collaboration_index=ibis.ifelse(reason.isnull(), index, nothing),
            probabilistic_affinity=ibis.ifelse(reason.isnull(), drawn, nothing),
            relative_intensity=ibis.ifelse(reason.isnull(), intensity, nothing),
            not_computable=ibis.cases(
                (reason.notnull(), reason),
                (index.isnull() & intensity.isnull(), f"{NO_TOTAL}; {ALONE}"),
                (index.isnull(), NO_TOTAL),
                (intensity.isnull(), ALONE),
                else_=ibis.null("string"),
            ),
        ),
        AFFINITY,
    )


def _with_international(pairs: ir.Table, unit_cells: ir.Table) -> ir.Table:
    """Add the international works of both sides and of the world."""
    international = unit_cells.filter(unit_cells.collaboration_class == "international")
    totals = international.group_by(*CELL, "unit_type", "unit_id").agg(p_int=international.n.sum())
    countries = totals.filter(totals.unit_type == "country")
    units = countries.select(*CELL, "unit_id", p_int_unit=countries.p_int)
    partners = countries.select(*CELL, partner_id=countries.unit_id, p_int_partner=countries.p_int)
    worlds = totals.filter(totals.unit_type == "world").select(*CELL, p_int_world=totals.p_int)
    sided = extend(extend(pairs, units, [*CELL, "unit_id"]), partners, [*CELL, "partner_id"])
    return extend(sided, worlds, CELL)


def _with_links(pairs: ir.Table, pair_cells: ir.Table) -> ir.Table:
    """Add the links of both sides and of all countries."""
    links = pair_cells.group_by(*CELL, "unit_id").agg(s=pair_cells.p.sum())
    all_links = links.group_by(*CELL).agg(t=links.s.sum())
    of_unit = links.select(*CELL, "unit_id", s_unit=links.s)
    of_partner = links.select(*CELL, partner_id=links.unit_id, s_partner=links.s)
    sided = extend(extend(pairs, of_unit, [*CELL, "unit_id"]), of_partner, [*CELL, "partner_id"])
    return extend(sided, all_links, CELL)


def _suspected(pairs: ir.Table) -> ir.Table:
    """Say of each pair whether one side dominates the other, or whether it jumped."""
    key = [name for name in PAIR_CELLS.key if name != "year"]
    before = pairs.select(
        *key,
        year=(pairs.year + 1).cast("int16"),
        p_before=pairs.p,
        unit_before=pairs.p_int_unit,
        partner_before=pairs.p_int_partner,
    )
    dated = extend(pairs, before, [*key, "year"])
    sides = (
        (dated.unit_id, dated.p_int_unit, dated.unit_before, dated.partner_id),
        (dated.partner_id, dated.p_int_partner, dated.partner_before, dated.unit_id),
    )
    has_jumped = (dated.p >= FEWEST) & (dated.p_before > 0)
    dominated: list[tuple[ir.BooleanValue, ir.StringValue]] = []
    for name, international, earlier, other in sides:
        # As products: nothing is divided that may be 0.
        has_jumped &= dated.p * earlier > JUMP * dated.p_before * international
        is_dominated = (international >= FEWEST) & (dated.p > DOMINANT * international)
        of_whom = other.concat(f" is on over {DOMINANT:.0%} of the international works of ", name)
        dominated.append((is_dominated, of_whom))
    jumped = f"joint works grew over {JUMP:.0f} times as fast as international works of either"
    return dated.mutate(
        artifact=ibis.cases(*dominated, (has_jumped, jumped), else_=ibis.null("string"))
    )


INDICATOR = Indicator(
    title="Affinity of pairs",
    meaning="Whether two countries write together more than their sizes would lead one to expect.",
    formula="Salton C/sqrt(CiCj); index of collaboration (Cij/Ci)/(Cj/Cw); affinity Cij T/(si sj); "
    "relative intensity (Cij/si)/((sj - Cij)/(T - si))",
    headline="collaboration_index",
    compute=affinity,
    reads=(PAIR_CELLS, UNIT_CELLS),
    writes=AFFINITY,
    apart=OF_FIELD,
    source="https://ncses.nsf.gov/pubs/nsb202333/",
    caveats=(
        "Works of many countries give many pairs; one large consortium can dominate a pair.",
        "The index of collaboration is not centred at 1 where works have many countries.",
        "Affinity can fall when joint works grow, since the totals hold them too.",
        "What may be an artifact of the data is marked and stays in every total.",
        "Its totals are over the pairs of the register: of NCSES, those of its 46 economies.",
    ),
)
