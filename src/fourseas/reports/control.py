"""Control: what an example rule would touch, counted on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from fourseas.reports import figures
from fourseas.reports.panel import Chart, Heading, Panel, Reading, Table
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace

PAIRS_SHOWN = 6
LEAST_WORKS = 10
"""Of a side with fewer works a share says nothing."""

YEARS_COMPARED = 5
RULE = """\
policy: a-recorded-reason        # invented, for illustration; it names no country
default: open
rules:
  - id: joint-work-on-security
    when: {fields: [RFC groups on security, computer science], parties: [A, B]}
    outcome: open_with_conditions
    obligations: [record the reason, name a contact]
    appeal: to the head of the institution, within 30 days
    mirror: B may adopt the same towards A
    review_by: 2027-12-31
"""


@dataclass(frozen=True, slots=True)
class _Touched:
    """The part of a register that the rule is about."""

    register: str
    definition_id: str
    scheme: str
    noun: str
    title: str
    meant: str
    limits: str


TOUCHED = (
    _Touched(
        register="rfc",
        definition_id="standards",
        scheme="ietf_group",
        noun="documents",
        title="Standards that the rule would touch, as a share of what each side has written.",
        meant="RFC documents of groups with security or cryptography in their name, with authors "
        "on both sides, by all RFC documents of the side.",
        limits="The name of a group is a rough sign of its subject.",
    ),
    _Touched(
        register="openalex",
        definition_id="openalex",
        scheme="openalex_field",
        noun="works",
        title="Papers that the rule would touch, as a share of what each side has written.",
        meant="Works in computer science with authors on both sides, by all works of the side.",
        limits="A corpus that other people's searches chose: it says how the counting goes and "
        "nothing of the world.",
    ),
)
COMPUTER_SCIENCE = "17"


def control(ws: Workspace, words: Wording) -> Panel:
    """Return the example rule and what it would touch on both sides."""
    return Panel(
        name="Control",
        question="What would a rule touch, on both sides?",
        code=RULE,
        text=(
            (
                "Exposure is what both sides have written together under the conditions of the "
                "rule. It says how much the rule would touch, not what would follow from it. The "
                "joint works are the same for both sides; what they weigh is not. Whichever side "
                "adopts the rule, the other may adopt its mirror."
            ),
            (
                "Beside these numbers belong, from whoever proposes a rule: what not acting "
                "would cost, in words and dated, which no register of works can measure; and a "
                "group to compare with, of which there is none here."
            ),
        ),
        charts=tuple(_exposure(ws, words, touched) for touched in TOUCHED),
    )


def _exposure(ws: Workspace, words: Wording, touched: _Touched) -> Chart:
    """Return joint works under the rule, counted and as shares of either side's own."""
    last = _last_year(ws, touched.register)
    every = _pairs(ws, words, touched, last)
    shown = every.head(PAIRS_SHOWN)
    counts = _meant(ws, touched)
    years = f"{last - YEARS_COMPARED + 1}-{last}"
    earlier = f"{last - 2 * YEARS_COMPARED + 1}-{last - YEARS_COMPARED}"
    return Chart(
        name=f"rule-{touched.register}",
        title=touched.title,
        reading=Reading(
            definition=f"{touched.meant} The first side to the left, the second to the right.",
            counting="Full: a work counts once for each pair of its countries.",
            source=words.sources[touched.register],
            n=f"{counts['all']:,.0f} {touched.noun} meant by the rule, "
            f"{counts['international']:,.0f} of them known to be of two countries or more; "
            f"the {len(shown)} pairs with the most, of {len(every)} where each side has "
            f"{LEAST_WORKS} {touched.noun} or more.",
            bounds=f"Least numbers: {counts['unknown']:,.0f} more have an author without a known "
            "country and may be joint.",
            coverage=f"All years. {touched.limits}",
        ),
        spec=figures.both_sides(
            rows(shown[["pair", "joint", "first_share", "second_share"]]),
            title=f"share of each side's own {touched.noun}",
        ),
        table=Table(
            headings=(
                Heading("first", "first side"),
                Heading("second", "second side"),
                Heading("joint", f"joint {touched.noun}", "count"),
                Heading("recent", years, "count"),
                Heading("change", f"change on {earlier}", "change"),
                Heading("first_share", "of the first's own", "share"),
                Heading("second_share", "of the second's own", "share"),
                Heading("first_int", "of the first's international", "share"),
                Heading("second_int", "of the second's international", "share"),
            ),
            rows=rows(shown),
            is_open=True,
        ),
        is_wide=True,
    )


def _pairs(ws: Workspace, words: Wording, touched: _Touched, last: int) -> pd.DataFrame:
    """Return joint works of each pair, those with the most first, with either side's own."""
    pairs, cells = ws.table("pair_cells"), ws.table("unit_cells")
    joint = pairs.filter(
        _is_counted(pairs, touched) & _is_meant(pairs, touched) & (pairs.unit_id < pairs.partner_id)
    )
    recent = joint.year.between(last - YEARS_COMPARED + 1, last)
    before = joint.year.between(last - 2 * YEARS_COMPARED + 1, last - YEARS_COMPARED)
    by_pair = joint.group_by("unit_id", "partner_id").agg(
        joint=joint.p.sum(),
        recent=joint.p.sum(where=recent).fill_null(0.0),
        before=joint.p.sum(where=before).fill_null(0.0),
    )
    whole = cells.filter(
        _is_counted(cells, touched) & (cells.scheme == "all") & (cells.unit_type == "country")
    )
    own = whole.group_by("unit_id").agg(
        n=whole.n.sum(),
        n_int=whole.n.sum(where=whole.collaboration_class == "international").fill_null(0.0),
    )
    theirs = own.select(partner_id=own.unit_id, their_n=own.n, their_n_int=own.n_int)
    both = by_pair.inner_join(own, "unit_id").inner_join(theirs, "partner_id")
    found: pd.DataFrame = both.to_pandas()
    table = found[(found.n >= LEAST_WORKS) & (found.their_n >= LEAST_WORKS)].sort_values(
        ["joint", "unit_id", "partner_id"], ascending=[False, True, True]
    )
    first, second = table.unit_id.map(words.countries), table.partner_id.map(words.countries)
    return table.assign(
        pair=first + " | " + second,
        first=first,
        second=second,
        first_share=(table.joint / table.n).round(4),
        second_share=(table.joint / table.their_n).round(4),
        first_int=(table.joint / table.n_int).round(4),
        second_int=(table.joint / table.their_n_int).round(4),
        change=table.recent - table.before,
    )


def _meant(ws: Workspace, touched: _Touched) -> dict[str, float]:
    """Return how many works the rule is about, and how many of them may be joint."""
    cells = ws.table("unit_cells")
    world = cells.filter(
        _is_counted(cells, touched) & _is_meant(cells, touched) & (cells.unit_type == "world")
    )
    (counts,) = (
        world.agg(
            all=world.n.sum(),
            international=world.n.sum(where=world.collaboration_class == "international"),
            unknown=world.n.sum(where=world.collaboration_class == "unknown"),
        )
        .fill_null(0.0)
        .to_pyarrow()
        .to_pylist()
    )
    return dict(counts)


def _is_counted(table: ir.Table, touched: _Touched) -> ir.BooleanValue:
    return (table.register == touched.register) & (table.definition_id == touched.definition_id)


def _is_meant(table: ir.Table, touched: _Touched) -> ir.BooleanValue:
    """Say which cells the rule is about."""
    field = table.field_id
    is_meant = (
        field.contains("secur") | field.contains("crypt")
        if touched.register == "rfc"
        else field == COMPUTER_SCIENCE
    )
    return (table.scheme == touched.scheme) & is_meant


def _last_year(ws: Workspace, register: str) -> int:
    registers = ws.table("registers")
    found = registers.filter(registers.register == register).last_complete_year.max()
    return int(found.execute())
