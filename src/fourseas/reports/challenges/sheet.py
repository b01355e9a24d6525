"""Labelling sheets: works of a challenge and near it, drawn to be read by people, and their score.

A sheet is a CSV that any spreadsheet opens. Two people write yes or no, each into a column of
their own and without seeing the other's; what a work was drawn as stands in the last columns.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.challenges.agreement import Kappa, Proportion, Recall, Stratum, kappa, recall, wilson
from fourseas.challenges.challenge import Challenge, ChallengeError
from fourseas.reports import spreadsheets
from fourseas.reports.challenges.tagged import surest, tagged
from fourseas.schema.works import TOPIC_SCHEME
from fourseas.workspace import Workspace

LABELLERS = ("labeller_1", "labeller_2")
COLUMNS = (
    "work_label",
    "year",
    "title",
    "topic",
    *LABELLERS,
    "note",
    "definition_id",
    "stratum",
    "n_stratum",
)
ANSWERS = {"yes": True, "no": False}
STRATA = ("core", "wide", "sdg", "near")
"""Core and wide by topics or keywords; by goals alone; and near misses, which are neither."""

TAGGED = ("core", "wide")
READINGS: tuple[tuple[str, tuple[str, ...]], ...] = (("core", ("core",)), ("core+wide", TAGGED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Works to be read.

    Attributes
    ----------
    rows
        Those drawn, in random order, by `COLUMNS`.
    sizes
        Works of each stratum that could have been drawn.
    """

    rows: list[dict[str, object]]
    sizes: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What people found.

    Attributes
    ----------
    definition_id
        The list that was judged.
    strata
        By labeller and stratum.
    recalls
        By labeller and reading; null where it cannot be told.
    agreement
        Of the two; null where they judged no work both.
    n_open
        Answers that are still empty, by labeller.
    """

    definition_id: str
    strata: dict[tuple[str, str], Stratum]
    recalls: dict[tuple[str, str], Recall | None]
    agreement: Kappa | None
    n_open: dict[str, int]


def sheet(ws: Workspace, challenge: Challenge, *, each: int, seed: int) -> Sheet:
    """Draw works of each stratum, without replacement and equally likely, by a seed.

    Raises
    ------
    NotComputableError
        Where no work belongs to the challenge.
    """
    drawn_from = _strata(ws, challenge)
    generator = np.random.default_rng(seed)
    chosen: dict[int, str] = {}
    for stratum in STRATA:
        work_ids = np.sort(drawn_from.work_id[drawn_from.stratum == stratum].to_numpy())
        taken = generator.choice(work_ids, size=min(each, len(work_ids)), replace=False)
        chosen |= {int(one): stratum for one in taken}
    sizes = {stratum: int((drawn_from.stratum == stratum).sum()) for stratum in STRATA}
    described = _described(ws, list(chosen))
    order = generator.permutation(sorted(chosen))
    rows: list[dict[str, object]] = [
        described[int(one)]
        | dict.fromkeys((*LABELLERS, "note"), "")
        | {
            "definition_id": challenge.definition_id,
            "stratum": chosen[int(one)],
            "n_stratum": sizes[chosen[int(one)]],
        }
        for one in order
    ]
    return Sheet(rows=rows, sizes=sizes)


def _strata(ws: Workspace, challenge: Challenge) -> pd.DataFrame:
    """Return titled works of a challenge, and those near it, each with its stratum.

    Near are works that are not of the challenge and whose first topic was left out of its list,
    or lies in a subfield of one of its core topics.
    """
    of_challenge = surest(tagged(ws, challenge)).select("work_id", stratum="membership")
    fields = ws.table("work_fields")
    first = fields.filter(fields.scheme == TOPIC_SCHEME)
    near = first.filter(first.field_id.isin(_near_topics(ws, challenge)))
    missed = near.anti_join(of_challenge, "work_id").select("work_id", stratum=ibis.literal("near"))
    titled = ws.table("work_titles").select("work_id")
    every: pd.DataFrame = of_challenge.union(missed).semi_join(titled, "work_id").to_pandas()
    return every


def _near_topics(ws: Workspace, challenge: Challenge) -> list[str]:
    """Return topics that were left out, and others in the subfields of core topics."""
    listed = ws.table("fields")
    topics = listed.filter(listed.scheme == TOPIC_SCHEME).select("field_id", "parent_id")
    core = [row.id for row in challenge.included("topic", "core")]
    parents = topics.filter(topics.field_id.isin(core)).select("parent_id").distinct()
    beside = topics.semi_join(parents, "parent_id").select("field_id").to_pyarrow()
    left_out = {r.id for r in challenge.rows if r.kind == "topic" and r.decision == "exclude"}
    belongs = {row.id for row in challenge.included("topic")}
    return sorted(({str(one) for one in beside["field_id"].to_pylist()} | left_out) - belongs)


def _described(ws: Workspace, work_ids: list[int]) -> dict[int, dict[str, object]]:
    """Return what people read of works."""
    works, titles, listed = ws.table("works"), ws.table("work_titles"), ws.table("fields")
    fields = ws.table("work_fields")
    first = fields.filter(fields.scheme == TOPIC_SCHEME).select("work_id", "field_id")
    topics = listed.filter(listed.scheme == TOPIC_SCHEME).select("field_id", topic="field_name")
    named = first.inner_join(topics, "field_id").select("work_id", "topic")
    drawn: ir.Table = works.filter(works.work_id.isin(work_ids))
    joined = drawn.inner_join(titles, "work_id").left_join(named, "work_id")
    rows = joined.select("work_id", "work_label", "year", "title", "topic").to_pyarrow().to_pylist()
    return {int(row.pop("work_id")): row for row in rows}


def as_csv(rows: Iterable[Mapping[str, object]]) -> str:
    """Return the rows of a sheet as text; a title that begins like a formula is no formula."""
    return spreadsheets.lines([COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)])


def score(text: str, *, where: str) -> Score:
    """Return precision by stratum, recall and agreement of a sheet that people filled in.

    Raises
    ------
    ChallengeError
        With each problem and its line: a column that is missing, an answer that is neither yes
        nor no, sheets of two lists in one, or no answer at all.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    absent = [name for name in COLUMNS if name not in (reader.fieldnames or ()) and name != "note"]
    if absent:
        raise ChallengeError.in_sheet(where, [f"line 1: no column {', '.join(absent)}"])
    rows, problems = _answers(reader)
    definitions = sorted({row.definition_id for row in rows})
    if len(definitions) > 1:
        problems.append(f"the rows are of {len(definitions)} lists: {', '.join(definitions)}")
    given = [name for name in LABELLERS if any(name in row.said for row in rows)]
    if not problems and not given:
        problems.append(f"nothing is answered yet; write yes or no into {' and '.join(LABELLERS)}")
    if problems:
        raise ChallengeError.in_sheet(where, problems)
    sizes = {row.stratum: row.size for row in rows}
    strata = {
        (name, stratum): Stratum(
            sizes[stratum],
            _precision(
                row.said[name] for row in rows if row.stratum == stratum and name in row.said
            ),
        )
        for name in given
        for stratum in STRATA
        if stratum in sizes
    }
    pairs = Counter(
        (row.said[LABELLERS[0]], row.said[LABELLERS[1]])
        for row in rows
        if len(row.said) == len(LABELLERS)
    )
    return Score(
        definition_id=definitions[0],
        strata=strata,
        recalls={
            (name, reading): _recall(strata, name, held)
            for name in given
            for reading, held in READINGS
        },
        agreement=kappa(pairs),
        n_open={name: sum(name not in row.said for row in rows) for name in given},
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """A row of a filled sheet: its list, its stratum with its size, and who said what."""

    definition_id: str
    stratum: str
    size: int
    said: dict[str, bool]


def _answers(reader: csv.DictReader[str]) -> tuple[list[_Answer], list[str]]:
    """Return the rows of a sheet, and what is wrong in them."""
    rows: list[_Answer] = []
    problems: list[str] = []
    for cells in reader:
        line = reader.line_num
        written = {name: (cells[name] or "").strip().casefold() for name in LABELLERS}
        problems.extend(
            f"line {line}: {name} is {answer}; write yes or no, or leave it empty"
            for name, answer in written.items()
            if answer and answer not in ANSWERS
        )
        stratum, size = (cells["stratum"] or "").strip(), (cells["n_stratum"] or "").strip()
        if stratum not in STRATA or not size.isdecimal():
            problems.append(f"line {line}: stratum or n_stratum is not as it was written; undo it")
            continue
        said = {name: ANSWERS[answer] for name, answer in written.items() if answer in ANSWERS}
        rows.append(_Answer((cells["definition_id"] or "").strip(), stratum, int(size), said))
    return rows, problems


def _precision(said: Iterable[bool]) -> Proportion:
    answers = list(said)
    return wilson(sum(answers), len(answers))


def _recall(
    strata: Mapping[tuple[str, str], Stratum], name: str, held: tuple[str, ...]
) -> Recall | None:
    """Return the recall of a reading against all strata that it does not hold."""
    of_one = {stratum: found for (who, stratum), found in strata.items() if who == name}
    return recall(
        [found for stratum, found in of_one.items() if stratum in held],
        [found for stratum, found in of_one.items() if stratum not in held],
    )
