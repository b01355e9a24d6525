"""A challenge as what partners are sought in: by its topics, or coarsely by fields of NCSES."""

from __future__ import annotations

import ibis

from fourseas.challenges.challenge import Challenge
from fourseas.challenges.membership import COARSE_SCHEME
from fourseas.errors import NotComputableError
from fourseas.reports.partners.place import PLURAL, YEARS, Asked, Place, Units, place
from fourseas.schema.works import TOPIC_SCHEME
from fourseas.workspace import Workspace


def place_of_challenge(
    ws: Workspace, units: Units, challenge: Challenge, asked: Asked
) -> tuple[Place, str]:
    """Return where partners for a challenge are sought, and how it was read.

    By its core topics where a census of works has topics, or where a register of them is named;
    else, for countries, coarsely by fields of NCSES.

    Raises
    ------
    NotComputableError
        Where there are neither; it says what there is.
    """
    topics = tuple(sorted(row.id for row in challenge.included("topic", "core")))
    title = challenge.title
    found = _of_topics(ws, topics, asked)
    if found is not None:
        register, definition_id, last = found
        at = Place(
            units=units,
            register=register,
            definition_id=definition_id,
            scheme=TOPIC_SCHEME,
            field_ids=topics,
            years=asked.years or (last - YEARS + 1, last),
        )
        return at, f"{title} by its {len(topics)} core topics ({challenge.definition_id})"
    coarse = tuple(row.id for row in challenge.included("field"))
    listed = ws.table("fields")
    has_coarse = listed.filter(listed.scheme == COARSE_SCHEME).count().to_pyarrow().as_py() > 0
    if units == "country" and coarse and has_coarse:
        named = "; ".join(row.label for row in challenge.included("field"))
        at = place(
            ws,
            units,
            Asked(fields=coarse, register=asked.register or "ncses", years=asked.years),
        )
        return at, f"{title}, coarsely, by {named} ({challenge.definition_id})"
    question = f"Partners among {PLURAL[units]} for {title}"
    raise NotComputableError.because(
        question,
        "no census of works in this lake has its topics",
        "Add works of OpenAlex, name a register of them with --register, or ask for a --field.",
    )


def _of_topics(ws: Workspace, topics: tuple[str, ...], asked: Asked) -> tuple[str, str, int] | None:
    """Return register, definition and last year of most works on topics, a census unless named."""
    cells = ws.table("topic_cells")
    scopes = ws.table("registers").select("register", "last_complete_year")
    there = cells.filter((cells.unit_type == "world") & cells.field_id.isin(topics))
    joined = there.inner_join(scopes, "register")
    kept = (
        joined.filter(joined.register == asked.register)
        if asked.register is not None
        else joined.filter(joined.scope == "census")
    )
    complete = kept.filter(kept.year <= kept.last_complete_year)
    best = (
        complete.group_by("register", "definition_id")
        .agg(n=complete.n.sum(), last=complete.year.max())
        .order_by(ibis.desc("n"), "register", "definition_id")
        .limit(1)
        .to_pyarrow()
        .to_pylist()
    )
    if not best:
        return None
    return str(best[0]["register"]), str(best[0]["definition_id"]), int(best[0]["last"])
