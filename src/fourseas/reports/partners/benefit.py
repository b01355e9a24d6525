"""What joint works brought either side of several pairs, with intervals."""

from __future__ import annotations

from fourseas.indicators.benefit_balance import FEWEST
from fourseas.reports.cards.card import Sheet
from fourseas.reports.cards.headlines import DEFAULTS
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.partners.gathering import Gathered
from fourseas.reports.rows import rows
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.selection import Slice
from fourseas.workspace import Workspace

MEASURES = (
    "p",
    "gain",
    "gain_low",
    "gain_high",
    "partner_gain",
    "partner_gain_low",
    "partner_gain_high",
    "balance",
    "benefit",
)
BROUGHT = Slice(
    indicator="benefit_balance",
    columns=("unit_id", "partner_id", "register", "year", *MEASURES),
    among=(("definition_id", DEFAULTS), ("scheme", (ALL,)), ("field_id", (ALL,))),
    known=("gain_low",),
)
"""What a list of partners takes from the ties that there are."""


def benefit_sheet(ws: Workspace, pool: Gathered, seeker: int, partners: list[int]) -> Sheet | None:
    """Return what joint works of all fields brought a country and each of several partners.

    It is what the ties that there are brought, in the last five years that are told, and stands
    for what more of them might bring as far as they are like those. None where no census of
    scored records tells of any.
    """
    numbers = {pool.units[one]: one for one in partners}
    every = ws.of_units(BROUGHT, [pool.units[seeker]])
    found = every[every.partner_id.isin(list(numbers))]
    if found.empty:
        return None
    last = found.sort_values("year").groupby("partner_id").tail(1)
    order = last.partner_id.map({unit: place for place, unit in enumerate(numbers)})
    listed = last.assign(
        name=[pool.names[numbers[str(unit)]] for unit in last.partner_id], order=order
    ).sort_values("order")
    own = pool.names[seeker]
    registers = sorted({str(one) for one in listed.register})
    # A list may be drawn by works of one register and tell what works of another brought.
    other = "" if registers == [pool.place.register] else f", by works of {', '.join(registers)}"
    return Sheet(
        name="benefit",
        title=f"What joint works of five years brought either side beyond its own level{other}.",
        headings=(
            Heading("name", "partner"),
            Heading("p", "joint works", "count"),
            Heading("gain_low", f"gain of {own} from", "decimal"),
            Heading("gain_high", f"gain of {own} to", "decimal"),
            Heading("partner_gain_low", "partner's gain from", "decimal"),
            Heading("partner_gain_high", "partner's gain to", "decimal"),
            Heading("benefit", "who gains"),
            Heading("gain", f"gain of {own}", "decimal"),
            Heading("partner_gain", "partner's gain", "decimal"),
            Heading("balance", "balance", "share"),
            Heading("year", "last year", "year"),
        ),
        rows=rows(listed[["name", *MEASURES, "year"]]),
        reading=Reading(
            definition="Normalized citation scores of joint works beyond as much work at a side's "
            "own level; see `fourseas explain benefit_balance`. It tells of ties that there are: "
            "partners without any are left out.",
            counting="Fractional; joint works full.",
            source=" ".join(wording(ws).sources[one] for one in registers),
            n="Joint works of all fields.",
            bounds=f"95% stability intervals; of fewer than {FEWEST} joint works ranges alone.",
            coverage="Not told over what is no census: levels there are no levels.",
        ),
    )
