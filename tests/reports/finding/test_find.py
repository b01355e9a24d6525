"""What is found by words in a lake, why, and what is said where nothing is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

import pytest

import fourseas
from fourseas import workspace
from fourseas.errors import FourseasError
from fourseas.lake.ingest import Request
from fourseas.reports.finding.find import Answer, find
from fourseas.reports.finding.resources import FINDABLE, RESOURCES, Kind
from tests.cli.running import run
from tests.embedded import Silent
from tests.world import Author, Organization, Row, Work, arrow, authors, described, on_duckdb, world

NAIROBI: Row = {
    "id": "https://openalex.org/I1",
    "ror": "https://ror.org/02y9nww90",
    "display_name": "University of Nairobi",
    "country_code": "KE",
}


TOPIC: Row = {
    "id": "https://openalex.org/T10",
    "display_name": "Crop stress biology",
    "subfield": {"id": "https://openalex.org/subfields/1102", "display_name": "Agronomy"},
    "field": {"id": "https://openalex.org/fields/11", "display_name": "Agriculture"},
    "domain": {"id": "https://openalex.org/domains/1", "display_name": "Life Sciences"},
}


def record(key: int, title: str, country: str, cited: int, year: int = 2020) -> Row:
    """Return a work with one author, of the University of Nairobi if in Kenya."""
    return {
        "id": f"https://openalex.org/W{key}",
        "title": title,
        "type": "article",
        "publication_year": year,
        "language": "en",
        "cited_by_count": cited,
        "primary_topic": TOPIC,
        "authorships": [
            {
                "author_position": "first",
                "author": {"id": f"https://openalex.org/A{key}"},
                "countries": [country],
                "institutions": [NAIROBI] if country == "KE" else [],
            }
        ],
    }


def write(place: Path, records: Iterable[Row]) -> Path:
    """Write a snapshot of works, the university and the topic."""
    place.mkdir()
    listed: dict[str, list[Row]] = {
        "works": list(records),
        "institutions": [NAIROBI],
        "topics": [TOPIC],
    }
    for name, entries in listed.items():
        lines = "".join(json.dumps(one) + "\n" for one in entries)
        (place / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return place


def add(lake: Path, snapshot: Path, snapshot_on: str) -> None:
    """Put a snapshot in the place of the one before, and build."""
    request = Request(source=workspace.source("openalex"), snapshot_on=snapshot_on, replace=True)
    workspace.add(lake, snapshot, request, Silent())
    workspace.build(lake, Silent())


WORKS = [
    record(1, "Drought tolerant maize for Africa", "KE", 9, 2019),
    record(2, "Drought in maize", "DE", 90),
    record(3, "Crème de la crème: a study of café noise", "FR", 5),
    record(4, 'Networks AND "graphs" (a survey) title:x*', "DE", 1),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with a lake of a few works."""
    place = tmp_path_factory.mktemp("found")
    workspace.init(place / "lake", scope="census", progress=Silent())
    add(place / "lake", write(place / "first", WORKS), "2024-06-30")
    return place


def asked(place: Path, text: str, *, country: str | None = None, **of: tuple[Kind, ...]) -> Answer:
    """Look for words."""
    with fourseas.open(place / "lake") as ws:
        return find(ws, text, kinds=of.get("kinds", ()), country=country, progress=Silent())


def ids(answer: Answer) -> list[str]:
    """Return what was found, the best first."""
    return [found.resource_id for found in answer.found]


def test_a_work_with_every_word_comes_before_a_more_cited_one_with_some(place: Path) -> None:
    answer = asked(place, "drought tolerant maize", kinds=("work",))

    assert ids(answer) == ["W1", "W2"]
    assert [found.why for found in answer.found] == ["Drought, tolerant, maize", "Drought, maize"]
    assert (answer.found[1].n_citations, answer.found[1].years) == (90, "2020")


def test_a_country_keeps_its_organizations_and_works(place: Path) -> None:
    assert ids(asked(place, "maize", country="Kenya")) == ["W1"]
    (found,) = asked(place, "nairobi university", country="KE").found

    assert (found.kind, found.resource_id, found.countries) == ("organization", "02y9nww90", "KE")
    assert (found.n_works, found.years) == (1, "2019")


def test_topics_and_fields_are_found_with_their_works(place: Path) -> None:
    (topic,) = asked(place, "crops", kinds=("topic",)).found
    (field,) = asked(place, "agricultural", kinds=("field",)).found

    assert (topic.resource_id, topic.n_works) == ("openalex_topic/T10", 4)
    assert (field.resource_id, field.n_works, field.years) == ("openalex_field/11", 4, "2019-2020")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cafe CREME", ["W3"]),
        ('networks AND "graphs"', ["W4"]),
        ("title:x*", ["W4"]),
        ("(survey", ["W4"]),
        ("-networks", ["W4"]),
        ("survey^3 OR ~", ["W4"]),
    ],
)
def test_nothing_in_a_text_is_an_operator(place: Path, text: str, found: list[str]) -> None:
    assert ids(asked(place, text, kinds=("work",))) == found


def test_a_word_that_is_nowhere_is_told_and_the_nearest_is_offered(place: Path) -> None:
    answer = asked(place, "zebra drougth")

    assert (answer.n, answer.found) == (0, ())
    assert (answer.unknown, answer.suggestion) == (("zebra", "drougth"), "drought")
    assert asked(place, "zebra").suggestion is None
    assert ids(asked(place, "zebra survey")) == ["W4"]


@pytest.mark.parametrize(
    ("text", "country", "problem"),
    [
        ("?!", None, "has no word"),
        ("of the", None, "has no word"),
        ("maize", "EU", "no single country"),
        ("maize", "Kenia Land", "There is no country"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(
    place: Path, text: str, country: str | None, problem: str
) -> None:
    with pytest.raises(FourseasError, match=problem):
        asked(place, text, country=country)


def test_the_command_prints_rows_and_says_how_they_are_ranked(place: Path) -> None:
    lake = ("--lake", str(place / "lake"))
    shown = run("find", "maize", *lake)
    told = run("find", "maize", "--kind", "work", "--limit", "1", "--format", "json", *lake)
    silent = run("find", "mayze", "--country", "KE", *lake)
    refused = run("find", "maize", "--limit", "0", *lake)

    assert "Drought in maize" in shown.stdout
    assert "BM25" in shown.stdout
    answer = json.loads(told.stdout)
    assert (answer["n"], len(answer["found"])) == (2, 1)
    assert "Nothing here has the words `mayze` (of country KE)." in silent.stdout
    assert "Did you mean `maize`?" in silent.stdout
    assert (refused.returncode, "1 to 1000" in refused.stderr) == (1, True)


def test_a_challenge_keeps_its_works(place: Path) -> None:
    own = place / "tolerance.csv"
    header = "kind,id,label,weight,decision,reason\n"
    own.write_text(f"{header}keyword,tolerant,,core,include,our subject\n", encoding="utf-8")
    search = ("find", "maize stress", "--challenge", str(own), "--lake", str(place / "lake"))
    answer = json.loads(run(*search, "--format", "json").stdout)
    refused = run(*search, "--kind", "organization")

    assert [one["resource_id"] for one in answer["found"]] == ["W1"]
    assert answer["n"] == 1
    assert "Organizations belong to no challenge" in refused.stderr


def test_a_new_version_is_searched_in_an_index_of_its_own(tmp_path: Path) -> None:
    workspace.init(tmp_path / "lake", scope="census", progress=Silent())
    add(tmp_path / "lake", write(tmp_path / "first", WORKS[:1]), "2024-06-30")
    before = ids(asked(tmp_path, "maize"))
    add(tmp_path / "lake", write(tmp_path / "second", WORKS[1:2]), "2024-09-30")

    assert (before, ids(asked(tmp_path, "maize"))) == (["W1"], ["W2"])


# Strength, by hand


def test_strength_is_of_works_and_citations_within_the_kind() -> None:
    here = Author({"KE": 1.0}, organizations={"KE": ("I1",)})
    council = ("The Council", "Council")
    works = [
        *(Work(key, (here,), title="Paper", cited_by_count=7 * (key == 1)) for key in (1, 2)),
        Work(3, (here,), title="Paper", funders=council),
        Work(4, authors("DE"), register="rfc", kind="standard", title="Old", funders=("DFG",)),
        Work(5, register="rfc", kind="standard", title="New", references=(4,)),
    ]
    known = {name: Organization(name=name, country="KE") for name in ("I1", "I2")}
    known |= {
        key: Organization("021nxhr62", "Research Council", "CA")
        for key in ("FCouncil", "FThe Council")
    }
    con = on_duckdb(world(works) | described(known))
    rows = [
        row
        for one in FINDABLE
        for row in one.compute(*(con.table(spec.name) for spec in one.reads))
        .to_pyarrow()
        .to_pylist()
    ]
    found = {(row["kind"], row["name"]): (row["strength"], row["n_works"]) for row in rows}

    assert found[("organization", "I1")] == (2.0, 3)
    assert found[("organization", "I2")] == (1.0, 0)
    assert found[("funder", "DFG")] == (2.0, 1)
    assert [
        (row["resource_id"], row["n_works"], row["countries"], row["other_names"])
        for row in rows
        if row["kind"] == "funder" and row["name"] == "Research Council"
    ] == [("021nxhr62", 1, "CA", "Council\nThe Council")]
    assert found[("standard", "Old")] == (2.0, None)
    assert found[("standard", "New")] == (1.0, None)
    strengths = sorted(row["strength"] for row in rows if row["kind"] == "work")
    assert strengths == [1.0, 1.0, 1 + math.log(8) / math.log(8)]
    assert all([*row] == [*RESOURCES.column_names] for row in rows)
    assert arrow(RESOURCES, rows).num_rows == len({(r["kind"], r["resource_id"]) for r in rows})
