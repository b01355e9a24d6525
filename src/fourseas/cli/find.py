"""`fourseas find`: what is in a lake by words, as a table or as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal, NamedTuple

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.errors import FourseasError
from fourseas.reports.finding.find import MOST, RANKING, Answer, find
from fourseas.reports.finding.resources import Kind
from fourseas.reports.finding.within import KINDS, within

NAME = "name, and what matched"


class Search(NamedTuple):
    """What is looked for."""

    text: str
    kinds: tuple[Kind, ...]
    country: str | None
    challenge: str | None
    limit: int


def show(lake: Path, of: Search, *, output_format: Literal["table", "json"]) -> None:
    """Print what is found, how it is ranked, and what to look for where nothing is."""
    if of.challenge is not None:
        _show_of_challenge(lake, of, of.challenge, output_format)
        return
    with workspace.open(lake) as ws, Bars() as bars:
        answer = find(
            ws, of.text, kinds=of.kinds, country=of.country, limit=of.limit, progress=bars
        )
    _print(of.text, answer, _among(of.kinds, of.country), output_format)


def _show_of_challenge(
    lake: Path, of: Search, name: str, output_format: Literal["table", "json"]
) -> None:
    """Print what is found of a challenge alone.

    Raises
    ------
    FourseasError
        For a kind that belongs to no challenge.
    """
    from fourseas.cli.partnering import challenge

    other = [kind for kind in of.kinds if kind not in KINDS]
    if other:
        message = f"{other[0].capitalize()}s belong to no challenge; topics and works do."
        raise FourseasError(message, "Leave --kind out, or ask for topic or work.")
    listed, kinds = challenge(name), of.kinds or KINDS
    assert listed is not None
    with workspace.open(lake) as ws, Bars() as bars:
        every = find(ws, of.text, kinds=kinds, country=of.country, limit=MOST, progress=bars)
        answer = within(ws, every, listed, of.limit)
    _print(of.text, answer, f"{_among(of.kinds, of.country)} in {listed.name}", output_format)
    if every.n > MOST and output_format == "table":
        rendering.tell(f"Of {every.n:,} that match, the best {MOST:,} were looked at.")


def _print(text: str, answer: Answer, among: str, output_format: Literal["table", "json"]) -> None:
    if output_format == "json":
        rendering.say(json.dumps(asdict(answer) | {"ranking": RANKING}, ensure_ascii=False))
        return
    if answer.found:
        _table(text, answer)
    else:
        rendering.tell(f"Nothing here has the words `{text}`{among}.")
    if answer.unknown:
        rendering.tell(f"Nowhere in the lake: {', '.join(answer.unknown)}.")
    if answer.suggestion:
        rendering.tell(f"Did you mean `{answer.suggestion}`?")
    if answer.found:
        rendering.tell(RANKING)


def _table(text: str, answer: Answer) -> None:
    shown = len(answer.found)
    n = f"{answer.n:,}" if shown == answer.n else f"the best {shown} of {answer.n:,}"
    columns: dict[str, list[object]] = {
        "kind": [one.kind for one in answer.found],
        NAME: [f"{one.name}\n({one.why})" for one in answer.found],
        "id": [one.resource_id for one in answer.found],
        "works": [one.n_works for one in answer.found],
        "cited": [one.n_citations for one in answer.found],
        "years": [one.years for one in answer.found],
        "countries": [one.countries for one in answer.found],
        "score": [one.score for one in answer.found],
    }
    # What is known of none would take the room of names.
    told = {name: values for name, values in columns.items() if any(x is not None for x in values)}
    left_out = rendering.show_table(f"`{text}`: {n}", told, (NAME, "id"))
    if left_out:
        rendering.tell(
            f"Not shown for want of room: {', '.join(left_out)}; --format json prints all."
        )


def _among(kinds: tuple[Kind, ...], country: str | None) -> str:
    """Say what the search was restricted to."""
    among = [*(f"kind {kind}" for kind in kinds), *([f"country {country}"] if country else [])]
    return f" (of {', '.join(among)})" if among else ""
