"""`fourseas fetch`: bring what a query of OpenAlex finds, and say what it is and took."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.queried_snapshots import fetch
from fourseas.queried_snapshots.client import Api, Budget
from fourseas.queried_snapshots.query import SERVER, Query, query

KEY = "OPENALEX_API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """How to fetch."""

    server: str | None
    allow_incomplete: bool
    dry_run: bool


def run(url: str, out: Path, flags: Flags) -> None:
    """Fetch, or say what it would take."""
    asked = query(url)
    with Api(flags.server or SERVER, asked.key or os.environ.get(KEY)) as api:
        if flags.dry_run:
            _tell_plan(fetch.plan(api, asked), asked)
            return
        with Bars() as bars:
            fetched = fetch.fetch(api, asked, out, bars, allow_incomplete=flags.allow_incomplete)
    _tell(fetched, asked)


def _tell_plan(found: fetch.Plan, asked: Query) -> None:
    rendering.tell(
        f"{asked.url}",
        f"{found.n_found:,} records of {asked.entity} on {found.n_pages:,} pages.",
    )
    if found.budget.cost is not None:
        rendering.tell(f"About ${found.budget.cost * found.n_pages:,.4f}{_left(found.budget)}.")


def _tell(fetched: fetch.Fetched, asked: Query) -> None:
    if fetched.n_records == fetched.n_found:
        agrees = "as many as the API counts"
    else:
        agrees = f"while the API counts {fetched.n_found:,}"
    rendering.say(f"Wrote {fetched.path}: {fetched.n_records:,} {asked.entity}, {agrees}.")
    kept = f", {fetched.n_kept:,} of them from before" if fetched.n_kept else ""
    rendering.say(f"{fetched.n_pages:,} pages{kept}{_left(fetched.budget)}.")
    if fetched.n_repeated:
        rendering.say(f"{fetched.n_repeated:,} came more than once and are kept once.")
    scope = "sample" if asked.is_sample else "corpus"
    rendering.say(
        f"Next: fourseas add LAKE {fetched.path.parent} --source openalex --scope {scope} "
        f"--snapshot {fetched.ended_on}"
    )


def _left(budget: Budget) -> str:
    return "" if budget.left is None else f"; ${budget.left:,.4f} of the budget of today are left"
