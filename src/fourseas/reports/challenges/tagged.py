"""The works of a lake that belong to a challenge, each with what makes it belong."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from fourseas.challenges.challenge import Challenge, Row
from fourseas.challenges.membership import by_keywords, challenge_fields, evidence
from fourseas.errors import NotComputableError
from fourseas.reports.challenges.draft import Topic, draft
from fourseas.schema.works import OTHER_TOPIC_SCHEME, TOPIC_SCHEME
from fourseas.workspace import Workspace

FEW_TOPICS = 5
"""Topics that an answer offers at most."""

ORDER = {"core": 0, "wide": 1, "sdg": 2}
"""Memberships, the surest first."""


def tagged(ws: Workspace, challenge: Challenge) -> ir.Table:
    """Return all that makes works of a lake belong to a challenge, kept while it is open.

    Returns
    -------
    ir.Table
        ``work_id``, ``challenge``, ``scheme``, ``field_id``, ``label``, ``weight`` and
        ``membership``, as `challenges.membership.evidence`.

    Raises
    ------
    NotComputableError
        Where no work belongs; it names the nearest topics of the lake.
    """
    listed = ws.kept("listed_of_challenge", challenge_fields([challenge]))
    found = evidence(ws.table("work_fields"), listed)
    if challenge.included("keyword"):
        found = found.union(by_keywords(ws.table("work_titles"), challenge))
    every = ws.kept("evidence_of_challenge", found)
    if every.count().execute() == 0:
        raise _nothing(ws, challenge)
    return every


def surest(every: ir.Table) -> ir.Table:
    """Return one row per work: the surest of what makes it belong.

    Core before wide before goals; then the higher weight, so that the first topic of a work
    comes before its others; then the id.
    """
    order = ibis.cases(*((every.membership == name, place) for name, place in ORDER.items()))
    ranked = every.mutate(
        place=ibis.row_number().over(
            group_by="work_id",
            order_by=[order, every.weight.desc(), every.field_id],
        )
    )
    return ranked.filter(ranked.place == 0).drop("place")


def flags(every: ir.Table) -> ir.Table:
    """Return one row per work: whether it is core, core or wide, and tagged by a goal."""
    is_goal = every.membership == "sdg"
    return every.group_by("work_id").agg(
        is_core=(every.membership == "core").any(),
        is_wide=(~is_goal).any(),
        is_sdg=is_goal.any(),
    )


def tags(ws: Workspace, challenge: Challenge) -> ir.Table:
    """Return the works of a challenge by the ids that registers print, with what made them so."""
    chosen = surest(tagged(ws, challenge))
    works = ws.table("works").select("work_id", "register", "work_label", "doi", "year", "kind")
    joined = chosen.inner_join(works, "work_id")
    return joined.select(
        "work_id",
        "register",
        "work_label",
        "doi",
        "year",
        "kind",
        "membership",
        by_scheme=joined.scheme,
        by_id=joined.field_id,
        by_label=joined.label,
        weight=joined.weight,
        definition_id=ibis.literal(challenge.definition_id),
    ).order_by("work_id")


def _nothing(ws: Workspace, challenge: Challenge) -> NotComputableError:
    """Say that no work belongs, and which topics of the lake are nearest."""
    question = f"The challenge {challenge.name} in this lake"
    fields = ws.table("work_fields")
    present = fields.filter(fields.scheme.isin([TOPIC_SCHEME, OTHER_TOPIC_SCHEME]))
    there = {str(one) for one in present.select("field_id").distinct().to_pyarrow()["field_id"]}
    names = _named(ws)
    if not there:
        coarse = ", ".join(row.id for row in challenge.included("field"))
        by_fields = f" Or ask coarsely, by fields of NCSES: {coarse}." if coarse else ""
        return NotComputableError.because(
            question,
            "no work here has a topic",
            f"Add works of OpenAlex, of 2024 or later.{by_fields}",
        )
    listed_rows = (*challenge.included("topic"), *challenge.included("keyword"))
    wanted = [row.label for row in listed_rows]
    near = _nearest(listed_rows, {one: names[one] for one in sorted(there & names.keys())}, names)
    return NotComputableError.because(
        question,
        f"no work has one of its {len(wanted)} topics or keywords",
        f"Nearest topics with works here: {'; '.join(near)}.",
    )


def _named(ws: Workspace) -> dict[str, Topic]:
    """Return the topics that a lake knows by their ids, each with the name of its subfield."""
    listed = ws.table("fields")
    above = listed.select(parent_id="field_id", above="field_name").distinct(on="parent_id")
    topics = listed.filter(listed.scheme == TOPIC_SCHEME).left_join(above, "parent_id")
    rows = topics.select("field_id", "field_name", "above").to_pyarrow().to_pylist()
    return {
        str(row["field_id"]): Topic(
            topic_id=str(row["field_id"]), name=str(row["field_name"]), above=row["above"] or ""
        )
        for row in rows
    }


def _nearest(wanted: Iterable[Row], there: dict[str, Topic], known: dict[str, Topic]) -> list[str]:
    """Return the topics whose names, and those of their subfields, share most with the wanted.

    Rare words count most, as in a draft; a wanted topic brings the name of its subfield.
    """
    brief = [row.label for row in wanted]
    brief += [known[row.id].above for row in wanted if row.id in known]
    try:
        rows = draft(" ".join(brief), there.values(), name="near", take=FEW_TOPICS)
    except NotComputableError:
        return ["none has a word of theirs"]
    return [f"{row['id']} {row['label']}" for row in rows]
