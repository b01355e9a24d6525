"""Needs and offers of briefs against units of a lake, and against each other; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.models.separation import Floats
from fourseas.partners.choice import LARGEST, Terms, choice
from fourseas.policy.places import Problem
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.partners.brief import Brief, Side, unknown_in
from fourseas.reports.partners.find import named, number, reading
from fourseas.reports.partners.gathering import Gathered, gathered
from fourseas.reports.partners.place import PLURAL, Asked, Units, place, unit
from fourseas.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a side of a brief means in a lake: ids of fields and topics, and words without any."""

    ids: frozenset[str]
    unmatched: tuple[str, ...]


def match_card(
    ws: Workspace, briefs: tuple[Brief, ...], units: Units, asked: Asked, terms: Terms
) -> Card:
    """Return who has what the first brief needs and lacks what it offers, and the other briefs.

    Raises
    ------
    PolicyError
        Where a brief names a field or topic that the lake does not have, with its place.
    NotComputableError
        Where what it names is nothing that units of the lake could be told by.
    """
    first, *others = briefs
    needs, offers = meant(ws, first)
    ids = needs.ids | offers.ids
    if not ids:
        question = f"Matches of `{first.title}` among {PLURAL[units]}"
        raise NotComputableError.because(
            question, "no field or topic here has one of its keywords", "Name fields or topics."
        )
    pool = gathered(
        ws,
        place(
            ws,
            units,
            Asked(fields=tuple(sorted(ids)), register=asked.register, years=asked.years),
        ),
    )
    sheets = [_of_lake(ws, first, pool, (needs, offers), terms)]
    local = "Nothing is sent anywhere: briefs are read from files and matched here."
    lead = [f"Against {len(pool.units)} {PLURAL[units]}. {local}"]
    missing = ids - {*pool.fields}
    if missing:
        lead.append(
            f"Of {len(ids)} fields and topics that it may mean, {len(missing)} are of other "
            f"registers or schemes than {pool.place.scheme} and left out; --register chooses."
        )
    words = sorted({*needs.unmatched, *offers.unmatched})
    if words:
        lead.append(
            f"In no name of a field here, and held against briefs alone: {', '.join(words)}."
        )
    if others:
        sheets.append(_of_briefs(ws, first, tuple(others)))
    return Card(
        title=f"Matches of the brief {first.title}",
        lead=tuple(lead),
        sheets=tuple(sheets),
        sources=sources(ws, {pool.place.register}),
        citation=citation(ws),
    )


def meant(ws: Workspace, brief: Brief) -> tuple[Meant, Meant]:
    """Return what the needs and the offers of a brief mean in a lake."""
    problems: list[Problem] = []
    needs = _meant(ws, brief, "needs", brief.needs, problems)
    offers = _meant(ws, brief, "offers", brief.offers, problems)
    if problems:
        raise brief.document.error(problems)
    return needs, offers


def _meant(ws: Workspace, brief: Brief, side: str, given: Side, problems: list[Problem]) -> Meant:
    ids: set[str] = set()
    for kind, names in (("fields", given.fields), ("topics", given.topics)):
        for number_, name in enumerate(names):
            try:
                ids |= {*ws.field_ids([name])}
            except UnknownNameError as error:
                problems.append(unknown_in(brief, side, kind, number_, error.remedy))
    listed = ws.table("fields").select("field_id", "field_name").to_pyarrow().to_pylist()
    unmatched = []
    for word in given.keywords:
        found = {
            str(row["field_id"])
            for row in listed
            if word.casefold() in str(row["field_name"]).casefold()
        }
        ids |= found
        if not found:
            unmatched.append(word)
    return Meant(ids=frozenset(ids), unmatched=tuple(unmatched))


def matches(pool: Gathered, needs: frozenset[str], offers: frozenset[str]) -> tuple[Floats, Floats]:
    r"""Return what each unit has of what is needed, and lacks of what is offered, by field.

    .. math:: h_{jf} = \max(AI_{jf} - 1, 0) \, L_{jf}, \qquad l_{jf} = \max(1 - AI_{jf}, 0)

    over the needed and over the offered fields, shape (n, f) each; NaN where not known.
    """
    indices = pool.pool.indices.toarray()
    indices[~pool.pool.has_works] = np.nan
    level = pool.pool.level.toarray()
    level[pool.pool.is_told.toarray() == 0] = np.nan
    is_needed = np.isin(pool.fields, sorted(needs))
    is_offered = np.isin(pool.fields, sorted(offers))
    has = np.maximum(indices - 1, 0) * level * is_needed
    lacks = np.maximum(1 - indices, 0) * is_offered
    return has, lacks


def _of_lake(
    ws: Workspace, brief: Brief, pool: Gathered, sides: tuple[Meant, Meant], terms: Terms
) -> Sheet:
    """Return the undominated in having what is needed and lacking what is offered."""
    has, lacks = matches(pool, sides[0].ids, sides[1].ids)
    values = np.column_stack([np.nansum(has, axis=1), np.nansum(lacks, axis=1)])
    # Who has nothing of what is needed is no match, whatever it lacks.
    values[values[:, 0] <= 0] = np.nan
    if brief.who is not None:
        kind, own = unit(ws, brief.who)
        if kind == pool.place.units and own in pool.units:
            values[pool.units.index(own)] = np.nan
    nobody = np.zeros(len(values), dtype=bool)
    drawn = choice(values, pool.pool.works, nobody, terms)
    lines: Rows = [
        {
            "name": pool.names[i],
            "has": number(values[i, 0]),
            "lacks": number(values[i, 1]),
            "has_what": named(pool, has[i]),
            "lacks_what": named(pool, lacks[i]),
            "kept": "kept" if is_kept else "",
        }
        for i, is_kept in zip((int(x) for x in drawn.places), drawn.is_guaranteed, strict=True)
    ]
    of_pool = reading(ws, pool)
    return Sheet(
        name="units",
        title=f"Who has what {brief.title} needs and has little of what it offers.",
        headings=(
            Heading("name", "unit"),
            Heading("has_what", "is strong in what is needed"),
            Heading("lacks_what", "has little of what is offered"),
            Heading("has", "strength there", "ratio"),
            Heading("lacks", "lack there", "ratio"),
            Heading("kept", "kept"),
        ),
        rows=lines,
        reading=Reading(
            definition="Strength: the activity index above 1, times the level, summed over what is "
            "needed. Lack: the activity index below 1, summed over what is offered. Nobody has "
            f"more of both; places are kept for others than the largest {LARGEST:.0%} (kept).",
            counting="Fractional.",
            source=of_pool.source,
            n=of_pool.n,
            bounds="None: it is where to look, not whether anybody would agree.",
            coverage=of_pool.coverage,
        ),
    )


def _of_briefs(ws: Workspace, first: Brief, others: tuple[Brief, ...]) -> Sheet:
    """Return which needs of either side the other offers."""
    needs, offers = (words_of(ws, first, one) for one in ("needs", "offers"))
    lines: Rows = []
    for other in others:
        theirs, offered = (words_of(ws, other, one) for one in ("needs", "offers"))
        lines.append(
            {
                "brief": other.title,
                "who": other.who or "-",
                "gets": "; ".join(sorted(needs & offered)),
                "gives": "; ".join(sorted(theirs & offers)),
                "both": "both" if needs & offered and theirs & offers else "",
            }
        )
    lines.sort(key=lambda line: (not line["both"], not line["gets"], str(line["brief"])))
    return Sheet(
        name="briefs",
        title=f"Other briefs against {first.title}.",
        headings=(
            Heading("brief", "brief"),
            Heading("gets", "they offer what is needed"),
            Heading("gives", "they need what is offered"),
            Heading("both", "both ways"),
            Heading("who", "whose"),
        ),
        rows=lines,
        reading=Reading(
            definition="Fields and topics by their ids in the lake, keywords as they are written.",
            counting="None.",
            source="The files of the briefs.",
            n=f"{len(others)} brief{'s' * (len(others) > 1)}.",
            bounds="None.",
            coverage="What the briefs say.",
        ),
    )


def words_of(ws: Workspace, brief: Brief, side: str) -> frozenset[str]:
    """Return all that a side of a brief names: ids of the lake, and keywords as written."""
    needs, offers = meant(ws, brief)
    found, given = (needs, brief.needs) if side == "needs" else (offers, brief.offers)
    return found.ids | {word.casefold() for word in given.keywords}
