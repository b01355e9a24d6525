"""Profiles of fields: what a unit's works are in, and which fields are strong together."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import PLACE_KEY
from fourseas.schema.cells import ALL, CELL_KEY, COUNTINGS, Counting
from fourseas.schema.table import extend
from fourseas.schema.works import CHALLENGE_SCHEME, OVERLAPPING_SCHEMES

LEAST_WORKS = 30.0
"""Works of a year below which a profile is chance: nothing is built on it."""

ROUNDING = 1e-9
"""What a ratio of float64 sums may miss 1 by."""

EXPECTED_IN_TOP = 5.0
"""A level is known where so many works would be in the top if it were the world's: of a country
with eight works, one in the top 1% would make twelve times the world's level."""

OF_SCHEME = tuple(name for name in PLACE_KEY if name != "field_id")
"""The key of a place, all its fields together."""

OF_UNIT = (*OF_SCHEME, "unit_type", "unit_id", "counting")

MEASURES = {"top_10": 0.10, "top_1": 0.01}
"""Measures of level from the wider to the narrower, and what the world has of each."""


def field_profiles(unit_cells: ir.Table, countings: Sequence[Counting] = COUNTINGS) -> ir.Table:
    r"""Return the works of units by field and counting, against those of the world.

    .. math:: AI_{if} = \frac{x_{if} / x_{i\cdot}}{x_{wf} / x_{w\cdot}}

    where :math:`x_{i\cdot}` are the works of *i* in all fields of the scheme: works without a
    field are in neither total. The world's works hold those of *i*. Fields that overlap, such as
    challenges, divide nothing: their totals are all works.

    Returns
    -------
    ir.Table
        The key of cells and ``counting``; ``p``, ``p_unit``, ``p_field`` and ``p_world``, in
        works; ``share``, ``share_world`` and ``activity_index``.
    """
    totals = unit_cells.group_by(*CELL_KEY).agg(
        full=unit_cells.n.sum(), fractional=unit_cells.credit.sum()
    )
    counted = ibis.union(
        *(totals.mutate(counting=ibis.literal(one), p=totals[one]) for one in countings)
    )
    present = counted.filter(counted.p.notnull()).select(*CELL_KEY, "counting", "p")
    of_fields = present.filter(present.scheme != ALL)
    wholes = _wholes(present)
    units = wholes.group_by(*OF_UNIT).agg(p_unit=wholes.p.sum())
    of_world = of_fields.filter(of_fields.unit_type == "world")
    fields = of_world.select(*PLACE_KEY, "counting", p_field=of_world.p)
    worlds = units.filter(units.unit_type == "world").select(
        *OF_SCHEME, "counting", p_world=units.p_unit
    )
    known = extend(
        extend(extend(of_fields, units, OF_UNIT), fields, [*PLACE_KEY, "counting"]),
        worlds,
        [*OF_SCHEME, "counting"],
    )
    shared = known.mutate(
        share=known.p / known.p_unit.nullif(0.0),
        share_world=known.p_field / known.p_world.nullif(0.0),
    )
    return shared.mutate(activity_index=shared.share / shared.share_world.nullif(0.0))


def _wholes(present: ir.Table) -> ir.Table:
    """Return what a scheme's total is summed of: its fields, or of challenges all works."""
    divided = present.filter(present.scheme.notin([ALL, *OVERLAPPING_SCHEMES]))
    everything = present.filter(present.scheme == ALL)
    return divided.union(everything.mutate(scheme=ibis.literal(CHALLENGE_SCHEME)))


def entries(profiles: ir.Table) -> ir.Table:
    """Return every country of a census with every field of the world, by fractional counting.

    Only of schemes whose fields divide works: what overlaps is related by that alone.

    A country without a work in a field is not specialized there; with fewer than
    `LEAST_WORKS` in all it has no profile and is left out.

    Returns
    -------
    ir.Table
        The key of a place, ``unit_id``, ``activity_index`` and ``is_specialized``.
    """
    of_census = profiles.filter(
        (profiles.scope == "census")
        & (profiles.counting == "fractional")
        & profiles.scheme.notin(OVERLAPPING_SCHEMES)
    )
    of_countries = of_census.filter(
        (of_census.unit_type == "country") & (of_census.p_unit >= LEAST_WORKS)
    )
    countries = of_countries.select(*OF_SCHEME, "unit_id").distinct()
    of_world = of_census.filter((of_census.unit_type == "world") & (of_census.p > 0))
    fields = of_world.select(*PLACE_KEY).distinct()
    every = countries.inner_join(fields, list(OF_SCHEME)).select(*PLACE_KEY, "unit_id")
    known = extend(
        every,
        of_countries.select(*PLACE_KEY, "unit_id", "activity_index"),
        [*PLACE_KEY, "unit_id"],
    )
    filled = known.mutate(activity_index=known.activity_index.fill_null(0.0))
    return filled.mutate(is_specialized=filled.activity_index >= 1.0 - ROUNDING)


def cells_of_census(unit_cells: ir.Table) -> ir.Table:
    """Return the cells that `entries` are of: countries and the world, by fields that divide works.

    What an engine sums and would leave out in the end takes most of its time.
    """
    return unit_cells.filter(
        (unit_cells.scope == "census")
        & unit_cells.unit_type.isin(["country", "world"])
        & unit_cells.scheme.notin([ALL, *OVERLAPPING_SCHEMES])
    )


def census_entries(unit_cells: ir.Table) -> ir.Table:
    """Return `entries` of the profiles of a census, and nothing computed beside them."""
    return entries(field_profiles(cells_of_census(unit_cells), ("fractional",)))


def relations(of: ir.Table) -> ir.Table:
    r"""Return how often countries are specialized in two fields at once.

    .. math:: C_{fg} = |\{i : AI_{if} \ge 1, AI_{ig} \ge 1\}|, \quad
              s_f = \sum_{g \ne f} C_{fg}, \quad T = \sum_f s_f, \quad
              \phi_{fg} = \frac{C_{fg} T}{s_f s_g}

    Parameters
    ----------
    of
        `entries`.

    Returns
    -------
    ir.Table
        The key of a place with ``other_field_id``; ``n_both``, ``n_field`` and ``n_other`` in
        countries; ``s_field``, ``s_other`` and ``t`` in co-occurrences; ``association``. Only
        fields in which some country is specialized at once; of all others it is 0.
    """
    strong = of.filter(of.is_specialized).select(*PLACE_KEY, "unit_id")
    others = strong.select(*OF_SCHEME, "unit_id", other_field_id=strong.field_id)
    both = strong.inner_join(others, [*OF_SCHEME, "unit_id"])
    apart = both.filter(both.field_id != both.other_field_id)
    pairs = apart.group_by(*PLACE_KEY, "other_field_id").agg(n_both=apart.count().cast("float64"))
    sizes = strong.group_by(*PLACE_KEY).agg(n_field=strong.count().cast("float64"))
    sums = pairs.group_by(*PLACE_KEY).agg(s_field=pairs.n_both.sum())
    wholes = pairs.group_by(*OF_SCHEME).agg(t=pairs.n_both.sum())
    of_other = [*OF_SCHEME, "other_field_id"]
    sized = extend(
        extend(extend(pairs, sizes, PLACE_KEY), sums, PLACE_KEY),
        sizes.select(*OF_SCHEME, other_field_id=sizes.field_id, n_other=sizes.n_field),
        of_other,
    )
    known = extend(
        extend(
            sized,
            sums.select(*OF_SCHEME, other_field_id=sums.field_id, s_other=sums.s_field),
            of_other,
        ),
        wholes,
        OF_SCHEME,
    )
    return known.mutate(association=known.n_both * known.t / (known.s_field * known.s_other))


def density(of: ir.Table, related: ir.Table) -> ir.Table:
    r"""Return how near each field is to what a country is specialized in.

    .. math:: D_{if} = \frac{\sum_{g \ne f} M_{ig} \phi_{fg}}{\sum_{g \ne f} \phi_{fg}}

    where :math:`M_{ig}` is 1 where *i* is specialized in *g*.

    Parameters
    ----------
    of, related
        `entries` and `relations`.

    Returns
    -------
    ir.Table
        The key of a place, ``unit_id`` and ``density``, from 0 to 1; no row for a field that
        is related to none.
    """
    near = related.select(*PLACE_KEY, "other_field_id", "association")
    held = of.select(*OF_SCHEME, "unit_id", "is_specialized", other_field_id=of.field_id)
    joined = held.inner_join(near, [*OF_SCHEME, "other_field_id"])
    sums = joined.group_by(*PLACE_KEY, "unit_id").agg(
        reached=joined.association.sum(where=joined.is_specialized),
        whole=joined.association.sum(),
    )
    return sums.select(
        *PLACE_KEY, "unit_id", density=sums.reached.fill_null(0.0) / sums.whole.nullif(0.0)
    )


def levels(unit_cells: ir.Table) -> ir.Table:
    r"""Return the level of countries by field: their part in the top by that of the world.

    .. math:: L_{if} = \frac{\sum_w a_{iw} \, top_w}{x \sum_w a_{iw}}

    with *x* of 10% where the register has it, else of 1%: 1 is the level of the world. There is
    a row where `EXPECTED_IN_TOP` works would be in the top at that level.
    """
    weight = unit_cells.credit_scored.sum()
    sums = unit_cells.group_by(*CELL_KEY).agg(
        weight=weight, **{name: unit_cells[f"{name}_frac"].sum() for name in MEASURES}
    )
    countries = sums.filter(sums.unit_type == "country")
    measured = countries.mutate(
        in_top=ibis.coalesce(*(countries[name] for name in MEASURES)),
        expected=countries.weight
        * ibis.ifelse(countries.top_10.notnull(), MEASURES["top_10"], MEASURES["top_1"]),
    )
    known = measured.filter(measured.in_top.notnull() & (measured.expected >= EXPECTED_IN_TOP))
    return known.select(*PLACE_KEY, "unit_id", level=known.in_top / known.expected)
