"""What is found of a challenge alone: its topics, and works that belong to it."""

from __future__ import annotations

from dataclasses import replace

from fourseas.challenges.challenge import Challenge
from fourseas.reports.challenges.tagged import tagged
from fourseas.reports.finding.find import Answer
from fourseas.reports.finding.resources import Kind
from fourseas.schema.works import TOPIC_SCHEME
from fourseas.workspace import Workspace

KINDS: tuple[Kind, ...] = ("topic", "work")
"""Kinds that belong to a challenge or do not."""


def within(ws: Workspace, answer: Answer, challenge: Challenge, limit: int) -> Answer:
    """Return the best of an answer that belong to a challenge, by topic, goal or keyword.

    Raises
    ------
    NotComputableError
        Where no work of the lake belongs; it names the nearest topics.
    """
    every = tagged(ws, challenge)
    asked = [one.resource_id for one in answer.found if one.kind == "work"]
    works = ws.table("works")
    named = works.filter(works.work_label.isin(asked)).select("work_id", "work_label")
    there = named.semi_join(every, "work_id").select("work_label").to_pyarrow().to_pylist()
    ids = {str(row["work_label"]) for row in there}
    ids |= {f"{TOPIC_SCHEME}/{row.id}" for row in challenge.included("topic")}
    kept = tuple(one for one in answer.found if one.resource_id in ids)
    return replace(answer, n=len(kept), found=kept[:limit])
