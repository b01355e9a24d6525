"""`fourseas verify --against-api`: a number beside that of the live register, explained."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.cli.fetching import KEY
from fourseas.cli.showing import read_years
from fourseas.queried_snapshots.client import Api
from fourseas.queried_snapshots.correspondence import WORLD, correspondence, definition_asked
from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.live_register import (
    Compared,
    Comparison,
    Count,
    Question,
    live_register,
)
from fourseas.queried_snapshots.query import SERVER

NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What to ask, and whom."""

    indicator: str
    countries: tuple[str, ...]
    field: str
    years: str | None
    definition: str
    server: str | None


def run(lake: Path, flags: Flags) -> None:
    """Ask, country by country, and print both sides."""
    correspondence(workspace.indicator(flags.indicator).name)
    definition_asked(flags.definition)
    if not flags.countries:
        raise QueryError.no_country()
    years = None if flags.years is None else read_years(flags.years)
    today = datetime.now(UTC).date()
    with (
        workspace.open(lake) as ws,
        Api(flags.server or SERVER, os.environ.get(KEY)) as api,
    ):
        for country in flags.countries:
            question = Question(
                indicator=flags.indicator,
                country=country,
                field=flags.field,
                years=years,
                definition=flags.definition,
            )
            _tell(live_register(ws, api, question, today=today))


def _tell(found: Comparison) -> None:
    asked = found.asked
    unit = "the world" if asked.unit_id == WORLD else asked.unit_id
    first, last = asked.years
    span = str(first) if first == last else f"{first}-{last}"
    rendering.tell(
        f"{found.compared_as.indicator} of {unit}, {found.field_name}, {span}, "
        f"by {asked.definition.definition_id}, full counting.",
        f"Lake: OpenAlex of {found.snapshot_on}, scope {found.scope}. "
        f"Register: asked on {found.asked_on}.",
    )
    rendering.say(*(f"  {url}" for url in found.queries))
    header, rows = _rows(found)
    rendering.show_rows("", header, rows)
    if found.compared_as.part is not None:
        rendering.tell(
            f"Shares are {found.compared_as.part} of all works: what the lake has as "
            f"`{found.compared_as.share}`."
        )
    if _differs(found.total) or any(_differs(one) for one in found.years):
        rendering.say("", "What may explain the differences:")
        rendering.tell(*(f"- {reason.words}" for reason in found.reasons))
    else:
        rendering.say("", "Both count the same.")
    beside = "; ".join(f"{one.n:,} {one.what}" for one in found.left_out)
    if beside:
        rendering.tell(
            "", f"Left out on both sides by the definition, as the register counts: {beside}."
        )
    if found.budget.left is not None:
        rendering.tell(f"${found.budget.left:,.4f} of the budget of today are left.")


def _rows(found: Comparison) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return heading and rows of the table."""
    how = found.compared_as
    listed = (*found.years, found.total)
    if how.part is None:
        return ("year", "lake", "register", "difference"), [
            (_year(one), *_pair(one.lake.whole, one.register.whole)) for one in listed
        ]
    header = (
        "year",
        f"{how.whole} lake",
        "register",
        "difference",
        f"{how.part} lake",
        "register",
        "difference",
        "share lake",
        "register",
    )
    return header, [
        (
            _year(one),
            *_pair(one.lake.whole, one.register.whole),
            *_pair(one.lake.part or 0, one.register.part or 0),
            _share(one.lake),
            _share(one.register),
        )
        for one in listed
    ]


def _pair(ours: int, theirs: int) -> tuple[str, str, str]:
    difference = ours - theirs
    return f"{ours:,}", f"{theirs:,}", f"{difference:+,}" if difference else "0"


def _share(count: Count) -> str:
    return NOTHING if count.share is None else f"{count.share:.4f}"


def _year(one: Compared) -> str:
    return "all" if one.year is None else str(one.year)


def _differs(one: Compared) -> bool:
    return one.lake != one.register
