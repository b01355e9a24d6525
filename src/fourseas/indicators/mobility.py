"""Mobility: how many of a country's authors came, went, came back, or are of several countries."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
)
from fourseas.schema.mobility import CLASSES, MOBILITY_CELLS, MOVES
from fourseas.schema.step import OF_PLACE, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

LEAST_PERSONS = 5
"""Fewer persons than these, and not none, are not shown."""

LEAST_COVERAGE = 0.5
"""Part of the authorships that must have a person for anything to be said."""

CENSORED_YEARS = 2
"""Years up to the last complete one of which works that would show a move are yet to come."""

LEAST_KNOWN = 1 / 3
"""Part of the world's persons of a year that must be known from an earlier one."""

MOBILITY = TableSpec(
    name="mobility",
    grain="one row per country or the world, year and definition",
    key=ROW_KEY,
    columns=(
        *ROW,
        Column("n_active", "int64", "people", "Persons with works in the unit.", nullable=True),
        Column(
            "n_followed",
            "int64",
            "people",
            "Persons with most of their year here and an earlier year anywhere.",
            nullable=True,
        ),
        Column(
            "mobility_rate",
            "float64",
            "ratio",
            "All moves to and from the unit by n_followed; of the world, each move once.",
            nullable=True,
        ),
        Column("n_in", "int64", "people", "Came, and were not here before.", nullable=True),
        Column("n_return", "int64", "people", "Came back.", nullable=True),
        Column("n_out", "int64", "people", "Went elsewhere.", nullable=True),
        Column("in_rate", "float64", "share", "n_in / n_followed.", nullable=True),
        Column("return_rate", "float64", "share", "n_return / n_followed.", nullable=True),
        Column("out_rate", "float64", "ratio", "n_out / n_followed.", nullable=True),
        Column("n_classed", "int64", "people", "Active, with two years or more.", nullable=True),
        Column("mobile_share", "float64", "share", "Of these, of two countries.", nullable=True),
        Column("migrant_share", "float64", "share", "Had a year without the first.", nullable=True),
        Column("directional_share", "float64", "share", "Kept the first country.", nullable=True),
        Column("non_directional_share", "float64", "share", "Began in several.", nullable=True),
        Column("n_merged", "int64", "people", "Left out as several people's.", nullable=True),
        Column("coverage", "float64", "share", "Authorships with a person.", nullable=True),
        Column(
            "known_share",
            "float64",
            "share",
            "Part of the world's persons of the year who have an earlier year.",
            nullable=True,
        ),
        Column(
            "is_right_censored",
            "boolean",
            "flag",
            "Later works that would show a move, or make a class, are not yet there.",
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def mobility(mobility_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Relate those who change the country of most of a year's works to those who could.

    .. math:: in_i = \frac{I_i}{N_i}, \qquad return_i = \frac{R_i}{N_i}, \qquad
              out_i = \frac{O_i}{N_i}

    where :math:`N_i` are the persons who have their home of the year in *i* and had one in some
    earlier year; :math:`I_i` those of them whose last home was elsewhere and who never had one
    in *i*; :math:`R_i` those whose last home was elsewhere and who once had one in *i*; and
    :math:`O_i` the persons whose last home was in *i* and whose home of the year is not.
    Who is seen for the first time cannot have moved and is not counted. Shares of classes are
    of the active persons with a record of two years or more, by their whole record.

    No count of one to four persons is shown, and nothing from which one follows: a rate or
    share of all who moved stands where they are none, or five or more; its parts stand where
    each of them is.

    Parameters
    ----------
    mobility_cells
        `MOBILITY_CELLS`, where homes, classes and records that are left out are defined.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `MOBILITY`; null over a sample or a corpus, where works that would show where a person
        was are missing; where fewer than half of the authorships have a person; and where
        fewer than a third of all persons of the year are known from an earlier one, as at the
        start of a register and where it changes how it names people.

    References
    ----------
    Robinson-Garcia et al. (2019), "The many faces of mobility", Journal of Informetrics
    13(1), 50-63. OECD (2017), Science, Technology and Industry Scoreboard, chapter 3, for
    rates by the country of most publications; the guards are ours.
    """
    is_world = mobility_cells.unit_type == "world"
    worlds = mobility_cells.filter(is_world).select(
        *PLACE_KEY,
        known_share=mobility_cells.n_followed.cast("float64")
        / mobility_cells.n_active.cast("float64").nullif(0.0),
    )
    ends = registers.select("register", "last_complete_year")
    dated = extend(extend(mobility_cells, worlds, PLACE_KEY), ends, ["register"])
    arrived = dated.n_in + dated.n_return
    totals = dated.mutate(
        n_moves=ibis.ifelse(dated.unit_type == "world", arrived, arrived + dated.n_out),
        n_stayed=dated.n_followed - dated.n_in - dated.n_return,
        n_mobile=dated.n_migrant + dated.n_directional + dated.n_non_directional,
        n_classed=dated.n_active - dated.n_unclassed,
        coverage=dated.n_identified.cast("float64")
        / dated.n_authorships.cast("float64").nullif(0.0),
        years_to_come=dated.last_complete_year - dated.year.cast("int64"),
    )
    told = totals.mutate(reason=_why_nothing(totals))
    is_followed = told.reason.isnull() & (told.n_followed >= LEAST_PERSONS)
    is_classed = told.reason.isnull() & (told.n_classed >= LEAST_PERSONS)
    of_class = [told[f"n_{name}"] for name in CLASSES]
    safe = told.mutate(
        has_rate=is_followed & _shown(told.n_moves),
        has_rates=is_followed & _shown(told.n_stayed, *(told[f"n_{name}"] for name in MOVES)),
        has_share=is_classed & _shown(told.n_mobile, told.n_not_mobile),
        has_shares=is_classed & _shown(told.n_mobile, *of_class),
    )
    return conform(_measured(safe), MOBILITY)


def _why_nothing(totals: ir.Table) -> ir.StringValue:
    """Say why nothing can be told of persons here; null where it can."""
    return ibis.cases(
        (totals.n_identified == 0, ibis.literal("the register does not say who its authors are")),
        (
            totals.scope != "census",
            ibis.literal("the register is no whole census (").concat(
                totals.scope, "): works that would show where its persons were are missing"
            ),
        ),
        (
            totals.coverage < LEAST_COVERAGE,
            "fewer than half of the authorships here have a person",
        ),
        (
            totals.known_share.fill_null(0.0) < LEAST_KNOWN,
            "fewer than a third of the world's persons of the year are known from an earlier one",
        ),
        else_=ibis.null("string"),
    )


def _shown(*counts: ir.IntegerValue) -> ir.BooleanValue:
    """Return whether each count is none, or of enough persons to be shown."""
    return ibis.and_(*((count == 0) | (count >= LEAST_PERSONS) for count in counts))


def _measured(safe: ir.Table) -> ir.Table:
    """Return what may be told of each row."""
    followed = safe.n_followed.cast("float64").nullif(0.0)
    classed = safe.n_classed.cast("float64").nullif(0.0)
    nobody = ibis.null("int64")
    nothing = ibis.null("float64")
    is_told = safe.reason.isnull()
    counts = {
        "n_active": is_told & _shown(safe.n_active, safe.n_unclassed),
        "n_followed": is_told & _shown(safe.n_followed),
        "n_classed": is_told & _shown(safe.n_classed),
        "n_merged": is_told & _shown(safe.n_merged),
        **{f"n_{name}": safe.has_rates for name in MOVES},
    }
    rates = {f"{name}_rate": safe[f"n_{name}"].cast("float64") / followed for name in MOVES}
    shares = {
        f"{name}_share": safe[f"n_{name}"].cast("float64") / classed
        for name in CLASSES
        if name != "not_mobile"
    }
    few = f"fewer than {LEAST_PERSONS} persons"
    return safe.mutate(
        **{name: ibis.ifelse(shown, safe[name], nobody) for name, shown in counts.items()},
        **{name: ibis.ifelse(safe.has_rates, rate, nothing) for name, rate in rates.items()},
        **{name: ibis.ifelse(safe.has_shares, share, nothing) for name, share in shares.items()},
        counting=ibis.literal("full"),
        mobility_rate=ibis.ifelse(safe.has_rate, safe.n_moves.cast("float64") / followed, nothing),
        mobile_share=ibis.ifelse(safe.has_share, safe.n_mobile.cast("float64") / classed, nothing),
        is_right_censored=safe.years_to_come < CENSORED_YEARS,
        is_provisional=safe.years_to_come < 0,
        not_computable=ibis.cases(
            (safe.reason.notnull(), safe.reason),
            (safe.n_followed < LEAST_PERSONS, f"{few} here were seen in an earlier year"),
            (~safe.has_rate, f"{few} moved: they are not shown"),
            else_=ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="Mobility of authors",
    meaning="How many of a country's authors came, went or came back, and of which kind they are.",
    formula="persons whose country of most works changed / persons seen before; shares of classes",
    headline="mobility_rate",
    compute=mobility,
    reads=(MOBILITY_CELLS, REGISTERS),
    writes=MOBILITY,
    apart=OF_PLACE,
    source="https://doi.org/10.1016/j.joi.2018.11.002",
    caveats=(
        "Addresses on works are followed, not persons: who writes no longer is not seen to leave.",
        "A move is dated by the first work after it, often a year or more late.",
        "Register ids that split or merge people of one name hide moves and invent them.",
        "One to four persons are not shown: small countries have gaps; rows may not be summed.",
        "Names on RFCs are spelled out since RFC 8650 of 2019: few are followed across that year.",
    ),
)
