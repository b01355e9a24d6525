"""Position: where a country stands against each partner, field by field."""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import NOT_COMPUTABLE, PLACE_KEY, why_not_relative
from fourseas.indicators.stability import (
    WeightedMean,
    sum_of_squares,
    weighted_share_interval,
)
from fourseas.schema.cells import (
    ALL,
    CELL_KEY,
    CITATION_INDEX_CELLS,
    PAIR_CELLS,
    PLACE,
    PROVENANCE,
    UNIT,
    UNIT_CELLS,
)
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend

CLOSE = 0.25
"""Levels are close where they differ by no more than this part of the greater of the two."""

HIGH = {"top_10": 0.10, "top_1": 0.01}
"""Levels are high above the world's, which follows from what the measure is."""

STANDARDS = ("rfc", "standards")
"""Register and definition that the part in standards is of."""

STANDARDS_YEARS = 5
"""Standards of so many years up to that of the row: a year alone has few of them."""

PUBLISHED_DIGITS = 1e-6
"""A difference that published figures, of four decimals, cannot show."""

BEHIND, CLOSE_BY, CLOSE_AND_HIGH, AHEAD = "behind", "close", "close and high", "ahead"

LEVEL = (
    "level",
    "level_low",
    "level_high",
    "weight_in_top",
    "p_scored",
)
"""What is known of each side's level."""


def _both(name: str, unit: Literal["share", "works"], meaning: str) -> tuple[Column, Column]:
    """Return the columns of the unit and of the partner."""
    return (
        Column(name, "float64", unit, f"{meaning}, of the unit.", nullable=True),
        Column(f"partner_{name}", "float64", unit, f"{meaning}, of the partner.", nullable=True),
    )


POSITION = TableSpec(
    name="position",
    grain="one row per ordered pair of countries, field, year and definition with levels of both",
    key=PAIR_CELLS.key,
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The other country."),
        *PLACE,
        Column("counting", "string", "category", "fractional, of levels; joint works are full."),
        Column(
            "level_measure",
            "string",
            "code",
            "top_10 or top_1: the wider of the two that the register has.",
            nullable=True,
        ),
        *_both("level", "share", "Share of its works among the world's most cited"),
        *_both("level_low", "share", "Stability interval of the level"),
        *_both("level_high", "share", "Stability interval of the level"),
        *_both("weight_in_top", "share", "Its part of the world's most cited works"),
        *_both("p_scored", "works", "Works behind the level (fractional counting)"),
        Column("level_gap", "float64", "difference", "partner_level - level.", nullable=True),
        Column(
            "standing",
            "string",
            "category",
            "The partner is ahead, behind, close, or close and high.",
            nullable=True,
        ),
        Column(
            "cites_partner",
            "float64",
            "index",
            "Relative citation index of the unit's citations to the partner.",
            nullable=True,
        ),
        Column(
            "cited_by_partner",
            "float64",
            "index",
            "Relative citation index of the partner's citations to the unit.",
            nullable=True,
        ),
        Column("p", "float64", "works", "Joint works (full counting).", nullable=True),
        *_both(
            "standards_share",
            "share",
            "Part of the authorship of RFCs of five years, of credit whose country is known",
        ),
        Column(
            "standards_coverage",
            "float64",
            "share",
            "Part of that authorship whose country is known.",
            nullable=True,
        ),
        NOT_COMPUTABLE,
    ),
)


def position(
    unit_cells: ir.Table, pair_cells: ir.Table, citation_index_cells: ir.Table
) -> ir.Table:
    r"""Set a country beside each partner: level, flow against expectation, standards.

    With :math:`L_i` the author-fractional share of the works of *i* among the world's *x* most
    cited, and *x* itself the world's, partner *j* is

    .. math:: \text{ahead or behind} \iff |L_i - L_j| > \tfrac14 \max(L_i, L_j), \qquad
              \text{close and high} \iff \text{neither, and } \min(L_i, L_j) > x

    and close otherwise. The second measure of level, the part that a country has of all the
    world's most cited works, grows with its size where the first does not.

    Parameters
    ----------
    unit_cells, pair_cells, citation_index_cells
        `UNIT_CELLS`, `PAIR_CELLS` and `CITATION_INDEX_CELLS`.

    Returns
    -------
    ir.Table
        `POSITION`: pairs of which joint works or citations are known and levels of both.

    References
    ----------
    NCSES, Science and Engineering Indicators 2024, tables SPBS-39 (relative citation index)
    and SPBS-54 (top 1%). The thresholds are ours.
    """
    levels = _levels(unit_cells)
    key = list(PAIR_CELLS.key)
    back = [*PLACE_KEY, "unit_type", "partner_id", "unit_id"]
    given = citation_index_cells.select(*key, cites_partner=_index(citation_index_cells))
    received = citation_index_cells.select(
        **dict(zip(key, (citation_index_cells[_turned(name)] for name in key), strict=True)),
        cited_by_partner=_index(citation_index_cells),
    ).select(*key, "cited_by_partner")
    joint = pair_cells.select(*key, "p")
    every = given.select(*key).union(received.select(*key), joint.select(*key), distinct=True)
    pairs = every.filter(every.unit_id != every.partner_id)
    known = extend(extend(extend(pairs, given, key), received, key), joint, key)
    partners = levels.select(
        *PLACE_KEY, "unit_type", partner_id=levels.unit_id, **_of_partner(levels)
    )
    placed = known.inner_join(
        levels.select(*CELL_KEY, "level_measure", *LEVEL), list(CELL_KEY)
    ).select(*known.columns, "level_measure", *LEVEL)
    sized = placed.mutate().inner_join(partners, [name for name in back if name != "unit_id"])
    both = sized.select(*placed.columns, *(f"partner_{name}" for name in LEVEL))
    return conform(_with_standards(_judged(both), unit_cells), POSITION)


def _index(cells: ir.Table) -> ir.FloatingValue:
    return cells.relative_citation_index


def _turned(name: str) -> str:
    """Return the column that a column is when a pair is seen from the other side."""
    return {"unit_id": "partner_id", "partner_id": "unit_id"}.get(name, name)


def _of_partner(levels: ir.Table) -> dict[str, ir.Value]:
    return {f"partner_{name}": levels[name] for name in LEVEL}


def _levels(unit_cells: ir.Table) -> ir.Table:
    """Return the level of each country by the wider measure that its register has."""
    weight, weight2 = unit_cells.credit_scored.sum(), unit_cells.credit2_scored.sum()
    columns: dict[str, ir.Value] = {}
    for measure in HIGH:
        total = unit_cells[f"{measure}_frac"].sum()
        mean = total / weight.nullif(0.0)
        cross = unit_cells[f"{measure}_cross"].sum()
        columns[f"{measure}_total"] = total
        columns[f"{measure}_mean"] = mean
        columns[f"{measure}_deviation"] = sum_of_squares(
            mean, weight2, cross, unit_cells[f"{measure}_frac2"].sum()
        )
    sums = unit_cells.group_by(*CELL_KEY).agg(weight=weight, weight2=weight2, **columns)
    scored = sums.filter(sums.weight > 0)
    is_wide = scored.top_10_total.notnull()
    chosen = scored.mutate(
        level_measure=ibis.ifelse(is_wide, "top_10", "top_1"),
        **{
            name: ibis.ifelse(is_wide, scored[f"top_10_{name}"], scored[f"top_1_{name}"])
            for name in ("total", "mean", "deviation")
        },
    )
    worlds = chosen.filter(chosen.unit_type == "world").select(*PLACE_KEY, in_top=chosen.total)
    held = extend(chosen.filter(chosen.unit_type == "country"), worlds, PLACE_KEY)
    interval = weighted_share_interval(
        WeightedMean(
            ratio=held["mean"],
            weight=held.weight,
            weight2=held.weight2,
            deviation=held.deviation,
        )
    )
    return held.filter(held.total.notnull()).select(
        *CELL_KEY,
        "level_measure",
        level=held["mean"],
        level_low=interval.low,
        level_high=interval.high,
        weight_in_top=held.total / held.in_top.nullif(0.0),
        p_scored=held.weight,
    )


def _judged(both: ir.Table) -> ir.Table:
    """Say where the partner stands; nothing of it over what is no census."""
    reason = why_not_relative(both.scope)
    nothing = ibis.null("float64")
    sides = [*LEVEL, *(f"partner_{name}" for name in LEVEL)]
    shown = both.mutate(
        **{name: ibis.ifelse(reason.isnull(), both[name], nothing) for name in sides},
    )
    own, theirs = shown.level, shown.partner_level
    # Nothing is told of two countries neither of which has a work among the most cited.
    greater = ibis.ifelse(own > theirs, own, theirs).nullif(0.0)
    lesser = ibis.ifelse(own > theirs, theirs, own)
    is_apart = (greater - lesser) - CLOSE * greater > PUBLISHED_DIGITS
    world = ibis.ifelse(shown.level_measure == "top_10", HIGH["top_10"], HIGH["top_1"])
    return shown.mutate(
        counting=ibis.literal("fractional"),
        level_gap=theirs - own,
        not_computable=ibis.ifelse(
            (own == 0.0) & (theirs == 0.0),
            "neither has a work among the most cited here",
            reason,
        ),
        standing=ibis.cases(
            (greater.isnull(), ibis.null("string")),
            (is_apart & (theirs > own), AHEAD),
            (is_apart, BEHIND),
            (lesser > world, CLOSE_AND_HIGH),
            else_=CLOSE_BY,
        ),
    )


def _with_standards(judged: ir.Table, unit_cells: ir.Table) -> ir.Table:
    """Add each side's part in the authorship of standards of the years up to the row's."""
    is_of_country = unit_cells.unit_type.isin(["country", "unknown"])
    written = unit_cells.filter(_are_standards(unit_cells) & is_of_country).select(
        "unit_type", "unit_id", "credit", written_in=unit_cells.year
    )
    years = judged.select("year").distinct()
    joined = years.inner_join(
        written,
        [
            written.written_in <= years.year,
            written.written_in > years.year - STANDARDS_YEARS,
        ],
    )
    parts = joined.group_by("year", "unit_type", "unit_id").agg(credit=joined.credit.sum())
    is_country = parts.unit_type == "country"
    sums = parts.group_by("year").agg(
        whole=parts.credit.sum(where=is_country), every=parts.credit.sum()
    )
    wholes = sums.mutate(standards_coverage=sums.whole / sums.every.nullif(0.0))
    shares = extend(parts.filter(is_country), wholes, ["year"])
    share = shares.credit / shares.whole.nullif(0.0)
    own = shares.select("year", "unit_id", standards_share=share)
    theirs = shares.select("year", partner_id=shares.unit_id, partner_standards_share=share)
    coverage = wholes.select("year", "standards_coverage")
    sided = extend(extend(judged, own, ["year", "unit_id"]), theirs, ["year", "partner_id"])
    # Where standards of those years are known, a country that wrote none has a part of 0.
    known = extend(sided, coverage, ["year"])
    is_known = known.standards_coverage.notnull()
    return known.mutate(
        **{
            name: ibis.ifelse(is_known, known[name].fill_null(0.0), ibis.null("float64"))
            for name in ("standards_share", "partner_standards_share")
        }
    )


def _are_standards(cells: ir.Table) -> ir.BooleanValue:
    """Return which cells are of all standards, of which each row tells the parts of both."""
    register, definition_id = STANDARDS
    return (
        (cells.register == register)
        & (cells.definition_id == definition_id)
        & (cells.scheme == ALL)
    )


INDICATOR = Indicator(
    title="Position against partners",
    meaning="Who is ahead, behind, or close and high, and how knowledge flows between the two.",
    formula="L = works in the world's top x / works; ahead: L_j - L_i > 1/4 max(L_i, L_j)",
    headline="level_gap",
    compute=position,
    reads=(UNIT_CELLS, PAIR_CELLS, CITATION_INDEX_CELLS),
    writes=POSITION,
    apart=OF_PLACE,
    always=_are_standards,
    are_pairs_apart=True,
    source="https://ncses.nsf.gov/pubs/nsb202333/",
    caveats=(
        "The thresholds of standing are ours; intervals of the two levels may overlap.",
        "Citations are attention; nearness and language are in every flow.",
        "The part in standards is of RFCs alone, among authors whose country is known.",
        "Small fields of small countries move much from year to year.",
    ),
)
