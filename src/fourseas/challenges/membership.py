"""Which works belong to challenges, by three readings: core, core and wide, and goals alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas.challenges.challenge import Challenge, Row
from fourseas.schema.table import Column, TableSpec
from fourseas.schema.works import (
    CHALLENGE_SCHEME,
    OTHER_TOPIC_SCHEME,
    SDG_SCHEME,
    TOPIC_SCHEME,
)

Reading = Literal["core", "wide", "sdg"]
ENDINGS: dict[Reading, str] = {"core": "", "wide": "_wide", "sdg": "_sdg"}
"""What follows the name of a challenge in the id of the field that a reading is."""

NAMES: dict[Reading, str] = {
    "core": "core topics",
    "wide": "core and wide topics",
    "sdg": "goals of the United Nations alone",
}

CORE_SCORE = 0.99
"""From this score on, a topic that is not the first of a work makes it core as the first does. Of
the 703 such topics of the works that come with the package, two in five reach it."""

SDG_SCORE = 0.4
"""OpenAlex shows goals from this score on."""

COARSE_SCHEME = "ncses"
"""The scheme of the fields by which lakes without topics are asked, coarsely."""

CHALLENGE_FIELDS = TableSpec(
    name="challenge_fields",
    grain="one row per challenge and topic, goal or coarse field that belongs to it",
    key=("challenge", "scheme", "field_id"),
    columns=(
        Column("challenge", "string", "id", "The challenge."),
        Column("definition_id", "string", "id", "Name and hash of its list."),
        Column("scheme", "string", "code", "Classification of the topic, goal or field."),
        Column("field_id", "string", "id", "The topic, goal or field."),
        Column("label", "string", "name", "Its name."),
        Column(
            "membership", "string", "category", "core or wide of topics; sdg; coarse of fields."
        ),
    ),
)


def challenge_fields(challenges: Iterable[Challenge]) -> pa.Table:
    """Return what belongs to challenges as `CHALLENGE_FIELDS`."""
    rows = [
        {
            "challenge": challenge.name,
            "definition_id": challenge.definition_id,
            "scheme": SCHEMES[row.kind],
            "field_id": row.id,
            "label": row.label,
            "membership": _membership(row),
        }
        for challenge in challenges
        for row in challenge.rows
        if row.decision == "include" and row.kind != "keyword"
    ]
    types = [(c.name, ibis.dtype(c.dtype).to_pyarrow()) for c in CHALLENGE_FIELDS.columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


SCHEMES = {
    "topic": TOPIC_SCHEME,
    "sdg": SDG_SCHEME,
    "field": COARSE_SCHEME,
}


def _membership(row: Row) -> str:
    return {"sdg": "sdg", "field": "coarse"}.get(row.kind, row.weight)


def evidence(work_fields: ir.Table, challenge_fields: ir.Table) -> ir.Table:
    """Return what makes works belong to challenges: a topic or a goal, and how.

    Parameters
    ----------
    work_fields
        Works by scheme and field with weights; other schemes than of topics and goals are
        left out.
    challenge_fields
        `CHALLENGE_FIELDS`.

    Returns
    -------
    ir.Table
        ``work_id``, ``challenge``, ``scheme``, ``field_id``, ``label``; ``weight``, 1 for the first
        topic of a work, else the classifier's score; ``membership``: ``core`` by a core topic
        that is the first or scores at least `CORE_SCORE`; ``wide`` by any other topic of the
        list; ``sdg`` by a goal that scores at least `SDG_SCORE`.
    """
    is_topic = work_fields.scheme.isin([TOPIC_SCHEME, OTHER_TOPIC_SCHEME])
    is_goal = (work_fields.scheme == SDG_SCHEME) & (work_fields.weight >= SDG_SCORE)
    tagged = work_fields.filter(is_topic | is_goal)
    named = tagged.select(
        "work_id",
        "field_id",
        "weight",
        scheme=ibis.ifelse(tagged.scheme == OTHER_TOPIC_SCHEME, TOPIC_SCHEME, tagged.scheme),
    )
    found = named.inner_join(challenge_fields, ["scheme", "field_id"])
    is_weak = (found.membership == "core") & (found.weight < CORE_SCORE)
    return found.select(
        "work_id",
        "challenge",
        "scheme",
        "field_id",
        "label",
        "weight",
        membership=ibis.ifelse(is_weak, "wide", found.membership),
    )


def readings(evidence: ir.Table) -> ir.Table:
    """Return the fields of the scheme of challenges that works belong to, each once and whole.

    A work may belong to several challenges. The reading ``wide`` holds ``core``; that by goals
    stands for itself.

    Returns
    -------
    ir.Table
        ``work_id``, ``scheme``, ``field_id`` and ``weight``, which is 1.
    """
    of_topics = evidence.filter(evidence.membership != "sdg")
    chosen: dict[Reading, ir.Table] = {
        "core": evidence.filter(evidence.membership == "core"),
        "wide": of_topics,
        "sdg": evidence.filter(evidence.membership == "sdg"),
    }
    every = ibis.union(
        *(
            rows.select("work_id", field_id=rows.challenge.concat(ENDINGS[reading]))
            for reading, rows in chosen.items()
        )
    )
    return every.distinct().select(
        "work_id",
        "field_id",
        scheme=ibis.literal(CHALLENGE_SCHEME),
        weight=ibis.literal(1.0),
    )


def fields_of_challenges(challenge_fields: ir.Table) -> ir.Table:
    """Return the fields of the scheme of challenges, with the hash of the list that makes them.

    Returns
    -------
    ir.Table
        ``scheme``, ``field_id``, ``source_id``, ``field_name``, ``parent_id``.
    """
    memberships: dict[Reading, tuple[str, ...]] = {
        "core": ("core",),
        "wide": ("core", "wide"),
        "sdg": ("sdg",),
    }
    parts = []
    for reading, among in memberships.items():
        rows = challenge_fields.filter(challenge_fields.membership.isin(among))
        title = rows.challenge.replace("_", " ")
        parts.append(
            rows.select(
                field_id=rows.challenge.concat(ENDINGS[reading]),
                source_id="definition_id",
                field_name=title.concat(f", {NAMES[reading]}"),
            ).distinct()
        )
    return ibis.union(*parts).mutate(
        scheme=ibis.literal(CHALLENGE_SCHEME), parent_id=ibis.null("string")
    )


def by_keywords(work_titles: ir.Table, challenge: Challenge) -> ir.Table:
    """Return works whose titles hold a keyword of a challenge, as whole words in their order.

    Returns
    -------
    ir.Table
        As `evidence`: ``field_id`` and ``label`` are the keyword, ``weight`` is 1.
    """
    parts = [
        work_titles.filter(work_titles.title.re_search(keyword_pattern(row.id))).select(
            "work_id",
            challenge=ibis.literal(challenge.name),
            scheme=ibis.literal("keyword"),
            field_id=ibis.literal(row.id),
            label=ibis.literal(row.label),
            weight=ibis.literal(1.0),
            membership=ibis.literal(row.weight),
        )
        for row in challenge.included("keyword")
    ]
    return ibis.union(*parts)


def keyword_pattern(keyword: str) -> str:
    """Return the pattern of a keyword in a title: its words, whole, in any case.

    What is neither letter nor digit parts words, so that "climate-smart" holds "climate" and
    "acclimate" does not.
    """
    words = "".join(c if c.isalnum() else " " for c in keyword).split()
    return r"(?i)(^|[^\pL\pN])" + r"[^\pL\pN]+".join(words) + r"($|[^\pL\pN])"
