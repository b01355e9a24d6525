"""`fourseas find`: what is in a lake by words, as a table or as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.reports.finding.find import RANKING, Answer, find
from fourseas.reports.finding.resources import Kind


def show(
    lake: Path,
    text: str,
    *,
    kinds: tuple[Kind, ...],
    country: str | None,
    limit: int,
    output_format: Literal["table", "json"],
) -> None:
    """Print what is found, how it is ranked, and what to look for where nothing is."""
    with workspace.open(lake) as ws, Bars() as bars:
        answer = find(ws, text, kinds=kinds, country=country, limit=limit, progress=bars)
    if output_format == "json":
        rendering.say(json.dumps(asdict(answer) | {"ranking": RANKING}, ensure_ascii=False))
        return
    if answer.found:
        _table(text, answer)
    else:
        rendering.tell(f"Nothing here has the words `{text}`{_among(kinds, country)}.")
    if answer.unknown:
        rendering.tell(f"Nowhere in the lake: {', '.join(answer.unknown)}.")
    if answer.suggestion:
        rendering.tell(f"Did you mean `{answer.suggestion}`?")
    if answer.found:
        rendering.tell(RANKING)


def _table(text: str, answer: Answer) -> None:
    shown = len(answer.found)
    n = f"{answer.n:,}" if shown == answer.n else f"the best {shown} of {answer.n:,}"
    rendering.show_rows(
        f"`{text}`: {n}",
        ("score", "kind", "name, and what matched", "id", "countries", "works", "cited", "years"),
        [
            (
                found.score,
                found.kind,
                f"{found.name}\n({found.why})",
                found.resource_id,
                found.countries,
                found.n_works,
                found.n_citations,
                found.years,
            )
            for found in answer.found
        ],
    )


def _among(kinds: tuple[Kind, ...], country: str | None) -> str:
    """Say what the search was restricted to."""
    among = [*(f"kind {kind}" for kind in kinds), *([f"country {country}"] if country else [])]
    return f" (of {', '.join(among)})" if among else ""
