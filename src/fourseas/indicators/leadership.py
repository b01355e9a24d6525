"""Leadership: how often a unit leads the international works that it takes part in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.alphabetical import why_no_order
from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    ROW,
    ROW_KEY,
    is_incomplete,
)
from fourseas.indicators.stability import share_interval
from fourseas.schema.cells import CELL_KEY, ROLES, UNIT_CELLS
from fourseas.schema.step import OF_UNIT, Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

LEADERSHIP = TableSpec(
    name="leadership",
    grain="one row per unit, field, year, definition and role, of international works",
    key=(*ROW_KEY, "role"),
    columns=(
        *ROW,
        Column("role", "string", "category", "first, last or corresponding author."),
        Column("n", "float64", "works", "International works of the unit (full counting)."),
        Column("p_led", "float64", "works", "Of these, led by the unit; leads may be divided."),
        Column("p_role_known", "float64", "works", "Of these, the lead's country is known."),
        Column("pp_led", "float64", "share", "p_led / p_role_known.", nullable=True),
        Column("pp_led_low", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_high", "float64", "share", "Stability interval.", nullable=True),
        Column("pp_led_min", "float64", "share", "If it led none of the unknown.", nullable=True),
        Column("pp_led_max", "float64", "share", "If it led all of the unknown.", nullable=True),
        Column(
            "expected",
            "float64",
            "credit",
            "Its part of the author-fractional credit of all countries (or organizations).",
        ),
        Column(
            "leadership_index",
            "float64",
            "index",
            "p_led / expected: 1 where it leads as its part among the authors would have it.",
            nullable=True,
        ),
        Column("coverage_role", "float64", "share", "p_role_known / n.", nullable=True),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def leadership(unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Compare how often a unit leads with its part among the authors.

    .. math:: L_i = \frac{\sum_{w} \ell_{iw}}{\sum_{w} a_{iw} / \sum_k a_{kw}}

    over the international works *w* of unit *i* whose lead has a known country, where
    :math:`\ell_{iw}` is the part of the lead that *i* holds and :math:`a_{iw}` its
    author-fractional credit. Leads and parts both sum to one over the countries *k* of a
    work, also of one some of whose authors have no known country: a country does not seem to
    lead more where its partners' addresses are missing. For an organization, *k* are the
    organizations of a work, and its lead is known where its organization is.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `LEADERSHIP`: a row for each role. Registers that do not say who is corresponding
        have rows that say so, and so have fields whose authors are listed by the alphabet for
        first and last.

    References
    ----------
    Moya-Anegon, Guerrero-Bote, Bornmann & Moed (2013), "The research guarantors of
    scientific papers and the output counting", Scientometrics 97, 421-434, for leadership by
    corresponding author; the ratio to credit is ours.
    """
    # Authors of unknown country lead as nobody: their works are what pp_led_max allows for.
    led = unit_cells.filter(
        (unit_cells.collaboration_class == "international")
        & (unit_cells.unit_type != "unknown")
        & unit_cells["first"].notnull()
    )
    sums = led.group_by(*CELL_KEY).agg(
        n=led.n.sum(),
        **{
            name: led[name].sum()
            for role in ROLES
            for name in (role, f"n_{role}_known", f"part_{role}_known")
        },
    )
    ends = registers.select("register", "last_complete_year")
    dated = extend(sums, ends, ["register"])
    return ibis.union(*(_of_role(dated, role) for role in ROLES))


def _of_role(sums: ir.Table, role: str) -> ir.Table:
    """Return the rows of one role."""
    p_led = sums[role]
    known = sums[f"n_{role}_known"]
    expected = sums[f"part_{role}_known"]
    share = (p_led / known.nullif(0.0)).clip(0.0, 1.0)
    interval = share_interval(share, known)
    total = sums.n.nullif(0.0)
    reason = why_no_order(role, sums.scheme, sums.field_id)
    nothing = ibis.null("float64")
    place = ibis.ifelse(sums.unit_type == "organization", "organization", "country")
    rows = sums.mutate(
        counting=ibis.literal("full"),
        role=ibis.literal(role),
        p_led=p_led,
        p_role_known=known,
        pp_led=ibis.ifelse(reason.isnull(), share, nothing),
        pp_led_low=ibis.ifelse(reason.isnull(), interval.low, nothing),
        pp_led_high=ibis.ifelse(reason.isnull(), interval.high, nothing),
        pp_led_min=ibis.ifelse(reason.isnull(), (p_led / total).clip(0.0, 1.0), nothing),
        pp_led_max=ibis.ifelse(
            reason.isnull(), ((p_led + sums.n - known) / total).clip(0.0, 1.0), nothing
        ),
        expected=expected,
        leadership_index=ibis.ifelse(reason.isnull(), p_led / expected.nullif(0.0), nothing),
        coverage_role=(known / total).clip(0.0, 1.0),
        is_provisional=is_incomplete(sums.year, sums.last_complete_year),
        not_computable=ibis.cases(
            (reason.notnull(), reason),
            (known > 0, ibis.null("string")),
            else_=ibis.literal("of no international work here is the ").concat(
                place, f" of the {role} author known"
            ),
        ),
    )
    return conform(rows, LEADERSHIP)


INDICATOR = Indicator(
    title="Leadership of international works",
    meaning="How often a country leads joint works, against its part among their authors.",
    formula="leads held / part of the countries' credit, over joint works with a known lead",
    headline="leadership_index",
    compute=leadership,
    reads=(UNIT_CELLS, REGISTERS),
    writes=LEADERSHIP,
    apart=OF_UNIT,
    source="https://doi.org/10.1007/s11192-013-1046-0",
    caveats=(
        (
            "First and last are not told in mathematics and economics, whose authors are mostly "
            "listed by the alphabet; they mean little in physics of high energies too."
        ),
        "The corresponding flag is missing unevenly; pp_led_min and pp_led_max bound it.",
        "Leading authors are not always those who set the agenda or pay for it.",
    ),
)
