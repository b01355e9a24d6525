"""What is taken to be so of every past case: which words are read, and what they do to facts."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest

from fourseas.errors import PolicyError
from fourseas.policy.assumptions import Assumption, assumed, read_assumptions
from fourseas.policy.conditions import FactTables
from fourseas.policy.grammar import Scalar


def _read(written: str) -> Assumption:
    (one,) = read_assumptions([written])
    return one


@pytest.mark.parametrize(
    ("written", "level", "fact", "value"),
    [
        ("trl=5", "cases", "trl", 5.0),
        (" trl = 9 ", "cases", "trl", 9.0),
        ("trl=1", "cases", "trl", 1.0),
        ("transfers_out=yes", "cases", "transfers_out", True),
        ("transfers_out=No", "cases", "transfers_out", False),
        ("basic_research=TRUE", "cases", "basic_research", True),
        ("basic_research=false", "cases", "basic_research", False),
        ("starts_on=2024-06-30", "cases", "starts_on", dt.date(2024, 6, 30)),
        ("advances_or_uses=uses", "cases", "advances_or_uses", "uses"),
        ("cases.purpose=health", "cases", "purpose", "health"),
        ("parties.sector=company", "parties", "sector", "company"),
        ("parties.share=1", "parties", "share", 1.0),
        ("parties.control_country=CN", "parties", "control_country", "CN"),
    ],
)
def test_a_fact_is_assumed_with_a_value_of_its_type(
    written: str, level: str, fact: str, value: Scalar
) -> None:
    read = _read(written)

    assert (read.kind, read.level, read.fact) == ("fact", level, fact)
    assert read.values == (value,)
    assert type(read.values[0]) is type(value)


@pytest.mark.parametrize(
    ("written", "kind", "level", "values"),
    [
        ("documents=none", "values", "documents", ()),
        ("people=none", "values", "people", ()),
        ("people=complete", "complete", "people", ()),
        ("parties=complete", "complete", "parties", ()),
        ("topics=complete", "complete", "topics", ()),
        ("fields=17", "values", "fields", ("17",)),
        (
            "challenges=food_security, human_health",
            "values",
            "challenges",
            ("food_security", "human_health"),
        ),
        ("topics=T10001,T10002,T10003", "values", "topics", ("T10001", "T10002", "T10003")),
    ],
)
def test_rows_are_assumed_to_be_none_these_or_all(
    written: str, kind: str, level: str, values: tuple[str, ...]
) -> None:
    read = _read(written)

    assert (read.kind, read.level, read.fact, read.values) == (kind, level, "", values)


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ("trl", "It gives no value.", "Write a fact and a value, as trl=5."),
        ("trl=", "It gives no value.", "Write a fact and a value, as trl=5."),
        ("trll=5", "There is no fact `trll`.", "Did you mean `trl`?"),
        ("partie=complete", "There is no fact `partie`.", "Did you mean `parties`?"),
        (
            "parties.sectr=company",
            "There is no fact `parties.sectr`.",
            "Did you mean `parties.sector`?",
        ),
        ("people.role=lead", "There is no fact `people.role`.", "Did you mean `people`?"),
        ("ties=none", "`ties` are not of a case.", "Did you mean `parties`?"),
        ("consent_codes=complete", "`consent_codes` are not of a case.", "documents"),
        (
            "parties.country=CN",
            "`parties.country` cannot be the same in all of history.",
            "Leave it as it is known.",
        ),
        (
            "parties.organization=invented:elm",
            "`parties.organization` cannot be the same in all of history.",
            "Leave it as it is known.",
        ),
        (
            "parties=none",
            "`parties` have no single value.",
            "Write parties=complete.",
        ),
        (
            "people=three",
            "`people` have no single value.",
            "Write people=complete or people=none.",
        ),
        ("transfers_out=perhaps", "`perhaps` is no flag.", "Write true or false."),
        ("starts_on=soon", "`soon` is no date.", "Write a day as 2024-06-30."),
        ("trl=high", "`high` is no number.", "Write a number."),
        ("trl=0.99", "`0.99` is out of range.", "Write a number from 1 to 9."),
        ("trl=9.01", "`9.01` is out of range.", "Write a number from 1 to 9."),
        ("trl=nan", "`nan` is out of range.", "Write a number from 1 to 9."),
        ("purpose=helth", "`helth` is no purpose.", "Did you mean `health`?"),
        ("fields=seventeen", "`seventeen` is no id of the kind field.", "the two digits"),
        (
            "parties.control_country=cn",
            "`cn` is no country code.",
            "Did you mean CN?",
        ),
    ],
)
def test_what_cannot_be_assumed_is_told_with_what_can(
    written: str, problem: str, remedy: str
) -> None:
    with pytest.raises(PolicyError) as told:
        _read(written)

    assert told.value.problem == f"Cannot assume `{written}`. {problem}"
    assert remedy in told.value.remedy


def test_what_people_write_for_names_is_offered_of_cases_parties_and_rows_of_cases() -> None:
    with pytest.raises(PolicyError) as told:
        _read("zzzzzz=5")
    offered = told.value.remedy.removeprefix("Choose from: ").removesuffix(".").split(", ")

    assert {"trl", "parties.sector", "parties", "people", "data", "documents"} <= {*offered}
    assert not {"cases", "ties", "consent_codes", "sector", "people.role"} & {*offered}


def test_two_assumptions_of_one_fact_must_say_the_same() -> None:
    assert len(read_assumptions(["trl=5", "trl=5", "documents=none"])) == 2

    with pytest.raises(PolicyError, match="It says otherwise than `trl=5`"):
        read_assumptions(["trl=5", "purpose=health", "trl=6"])
    with pytest.raises(PolicyError, match="It says otherwise than `documents=none`"):
        read_assumptions(["documents=none", "documents=complete"])


def _facts() -> FactTables:
    cases = {"case_id": [1, 2], "trl": [3.0, 4.0], "documents_complete": [False, False]}
    documents = {"case_id": [1], "value": ["agreement"]}
    parties = {"case_id": [1, 1], "party_id": ["a", "b"], "sector": ["company", None]}
    rows = {"cases": cases, "documents": documents, "parties": parties}
    return FactTables(
        rows={name: ibis.memtable(table) for name, table in rows.items()}, lists={}, ancestors=None
    )


def _rows(facts: FactTables, level: str) -> list[tuple[object, ...]]:
    table = facts.rows[level]
    listed = ibis.duckdb.connect().to_pyarrow(table).to_pylist()
    return sorted(tuple(row[name] for name in sorted(row)) for row in listed)


@pytest.mark.parametrize(
    ("written", "level", "rows"),
    [
        ("trl=7", "cases", [(1, False, 7.0), (2, False, 7.0)]),
        ("parties.sector=funder", "parties", [(1, "a", "funder"), (1, "b", "funder")]),
        ("documents=complete", "cases", [(1, True, 3.0), (2, True, 4.0)]),
        ("documents=complete", "documents", [(1, "agreement")]),
        ("documents=none", "documents", []),
        (
            "documents=attestation,agreement",
            "documents",
            [(n, name) for n in (1, 2) for name in ("agreement", "attestation")],
        ),
    ],
)
def test_what_is_assumed_holds_in_every_case(
    written: str, level: str, rows: list[tuple[object, ...]]
) -> None:
    found = assumed(_facts(), read_assumptions([written]))

    assert _rows(found, level) == rows


def test_rows_that_are_assumed_are_all_that_there_are() -> None:
    for written in ("documents=none", "documents=attestation", "documents=complete"):
        found = assumed(_facts(), read_assumptions([written, "trl=1"]))

        assert _rows(found, "cases") == [(1, True, 1.0), (2, True, 1.0)]
