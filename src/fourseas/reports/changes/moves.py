"""Numbers of indicators in two versions, and whether they moved more than their intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from fourseas.reports.changes.side_by_side import side_by_side
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform

PLACE = (
    "register",
    "definition_id",
    "unit_type",
    "unit_id",
    "scheme",
    "field_id",
    "year",
    "counting",
)
OF_SNAPSHOT = ("snapshot_on", "scope")
OF_PAIRS = ("partner_id", "other_field_id")
"""In the key of an indicator whose rows are of two countries or two fields."""

LOW, HIGH = "_low", "_high"
TRACE = 1e-12
"""Difference of two numbers, as a part of the greater, that is rounding."""

MOVED, WITHIN, SAME = "moved", "within", "same"
NO_INTERVAL, APPEARED, DISAPPEARED = "no interval", "appeared", "disappeared"
OTHER_DEFINITION = "other definition"
VERDICTS = {
    MOVED: "each value lies outside the interval of the other",
    WITHIN: "it changed, and one value lies within the interval of the other",
    SAME: "it is what it was",
    NO_INTERVAL: "it changed, and one of them has no interval: whether that is much is not told",
    APPEARED: "there was no value",
    DISAPPEARED: "there is no value any longer",
    OTHER_DEFINITION: "the definition makes other choices, so that the two are not compared",
}

NUMBER_KEY = ("indicator", "measure", *PLACE, "detail")
VALUES = ("value", "low", "high", "is_provisional")

MOVES = TableSpec(
    name="indicators",
    grain="one row per number that is not the same in both versions",
    key=NUMBER_KEY,
    columns=(
        Column("indicator", "string", "name", "The indicator."),
        Column("measure", "string", "name", "Its column."),
        Column("register", "string", "code", "The register that the number comes from."),
        Column("definition_id", "string", "code", "The definition by which it was counted."),
        Column("unit_type", "string", "category", "country, group or world; empty of all."),
        Column("unit_id", "string", "code", "The unit; empty where it is of all countries."),
        Column("scheme", "string", "code", "Classification of fields."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("year", "int16", "year", "Year of publication, or first of the period."),
        Column("counting", "string", "category", "full or fractional; empty where it is neither."),
        Column("detail", "string", "text", "What else tells the row from others; else empty."),
        Column("value_before", "float64", "ratio", "The number before.", nullable=True),
        Column("low_before", "float64", "ratio", "Its stability interval.", nullable=True),
        Column("high_before", "float64", "ratio", "Its stability interval.", nullable=True),
        Column("value_after", "float64", "ratio", "The number after.", nullable=True),
        Column("low_after", "float64", "ratio", "Its stability interval.", nullable=True),
        Column("high_after", "float64", "ratio", "Its stability interval.", nullable=True),
        Column("change", "float64", "difference", "After less before.", nullable=True),
        Column(
            "n_intervals",
            "float64",
            "ratio",
            "The change by half the width of the wider interval; null without intervals.",
            nullable=True,
        ),
        Column("verdict", "string", "category", f"{', '.join(VERDICTS)}."),
        Column(
            "is_provisional",
            "boolean",
            "flag",
            "The year or window was not complete at one of the snapshots.",
        ),
    ),
)

COUNTS = TableSpec(
    name="measures",
    grain="one row per measure of an indicator, and verdict",
    key=("indicator", "measure", "verdict"),
    columns=(
        Column("indicator", "string", "name", "The indicator."),
        Column("measure", "string", "name", "Its column."),
        Column("verdict", "string", "category", f"{', '.join(VERDICTS)}."),
        Column("n", "int64", "count", "Numbers."),
        Column("n_with_intervals", "int64", "count", "Of these, with an interval in both."),
    ),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of an indicator, and whether an interval stands beside it."""

    name: str
    has_interval: bool


def is_of_pairs(indicator: Indicator) -> bool:
    """Return whether its rows are of two countries or two fields."""
    return any(name in indicator.writes.key for name in OF_PAIRS)


def measures(indicator: Indicator) -> tuple[Measure, ...]:
    """Return the headline of an indicator and its columns with a stability interval."""
    names = indicator.writes.column_names
    spread = tuple(name for name in names if f"{name}{LOW}" in names and f"{name}{HIGH}" in names)
    listed = dict.fromkeys((indicator.headline, *spread))
    return tuple(Measure(name, name in spread) for name in listed)


def numbers(table: ir.Table, indicator: Indicator) -> ir.Table:
    """Return the numbers of an indicator, one row each, with their intervals.

    Numbers that are null are left out. What an indicator does not tell rows apart by is empty.
    """
    key = indicator.writes.key
    known = {name: table[name] for name in PLACE if name in key}
    nothing = ibis.literal("")
    others = [name for name in key if name not in (*PLACE, *OF_SNAPSHOT)]
    parts = [part for name in others for part in (f"{name} ", table[name].cast("string"), ", ")]
    detail = nothing.concat(*parts[:-1]) if parts else nothing
    has_end = "is_provisional" in table.columns
    listed = []
    for measure in measures(indicator):
        ends = {
            name: table[f"{measure.name}_{name}"].cast("float64")
            if measure.has_interval
            else ibis.null("float64")
            for name in ("low", "high")
        }
        listed.append(
            table.select(
                indicator=ibis.literal(indicator.name),
                measure=ibis.literal(measure.name),
                **{name: known.get(name, nothing) for name in PLACE},
                detail=detail,
                value=table[measure.name].cast("float64"),
                **ends,
                is_provisional=table.is_provisional if has_end else ibis.null("boolean"),
            )
        )
    every = ibis.union(*listed) if len(listed) > 1 else listed[0]
    return every.filter(every.value.notnull())


def moves(before: ir.Table, after: ir.Table, altered: Iterable[str] = ()) -> ir.Table:
    r"""Set `numbers` of two versions beside each other and say of each whether it moved.

    A number moved where :math:`x_{after} \notin I_{before}` and :math:`x_{before} \notin
    I_{after}`, so that it is the same in whichever order versions are named. Intervals tell how
    far a number would move if its works were drawn again; most works are in both versions, so
    that this is a measure of how much a change is, not a test.

    Parameters
    ----------
    before, after
        `numbers` of one or more indicators in both versions.
    altered
        Definitions whose choices are not the same in both.
    """
    beside = side_by_side(before, after, NUMBER_KEY, VALUES)
    old, new = beside.value_before, beside.value_after
    sized = beside.mutate(
        change=new - old,
        is_same=(new - old).abs() <= TRACE * ibis.greatest(old.abs(), new.abs()),
        half=ibis.greatest(
            beside.high_before - beside.low_before, beside.high_after - beside.low_after
        )
        / 2.0,
        has_intervals=beside.low_before.notnull()
        & beside.high_before.notnull()
        & beside.low_after.notnull()
        & beside.high_after.notnull(),
        is_outside=~new.between(beside.low_before, beside.high_before)
        & ~old.between(beside.low_after, beside.high_after),
    )
    verdict = ibis.cases(
        (sized.value_before.isnull(), APPEARED),
        (sized.value_after.isnull(), DISAPPEARED),
        (sized.definition_id.isin(list(altered)), OTHER_DEFINITION),
        (sized.is_same, SAME),
        (~sized.has_intervals, NO_INTERVAL),
        (sized.is_outside, MOVED),
        else_=WITHIN,
    )
    is_open = ibis.ifelse(
        sized.is_provisional_before.fill_null(False), True, sized.is_provisional_after
    )
    return conform(
        sized.mutate(
            n_intervals=ibis.ifelse(
                sized.has_intervals, sized.change.abs() / sized.half.nullif(0.0), None
            ),
            verdict=verdict,
            is_provisional=is_open.fill_null(False),
        ),
        MOVES,
    )


def counts(compared: ir.Table) -> ir.Table:
    """Return how many numbers of each measure met with which verdict."""
    is_spread = compared.low_before.notnull() & compared.low_after.notnull()
    by_verdict = compared.group_by("indicator", "measure", "verdict").agg(
        n=compared.count(), n_with_intervals=is_spread.sum()
    )
    return conform(by_verdict, COUNTS).order_by(*COUNTS.key)


def changed(compared: ir.Table) -> ir.Table:
    """Return the numbers that are not what they were: what moved first, the farthest first."""
    rank = ibis.cases(
        *((compared.verdict == verdict, place) for place, verdict in enumerate(VERDICTS)),
        else_=len(VERDICTS),
    )
    greater = ibis.greatest(compared.value_before.abs(), compared.value_after.abs())
    by_size = (
        compared.n_intervals.desc(nulls_first=False),
        (compared.change.abs() / greater.nullif(0.0)).desc(nulls_first=False),
    )
    return compared.filter(compared.verdict != SAME).order_by(rank, *by_size, *NUMBER_KEY)
