"""The lists of five challenges: rows, what their README says of them, and the second look."""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

import pytest

EMBEDDED = Path(str(resources.files("fourseas"))) / "embedded"
LISTS = EMBEDDED / "challenges"
SECOND_LOOK = Path(__file__).parents[1] / "samples" / "challenges" / "double_check.csv"

CHALLENGES = (
    "food_security",
    "energy_security",
    "human_health",
    "climate_change",
    "future_development",
)
COLUMNS = [
    "challenge",
    "kind",
    "id",
    "label",
    "weight",
    "decision",
    "reason",
    "decided_on",
    "source",
]
GOALS = {
    "food_security": {"2"},
    "energy_security": {"7"},
    "human_health": {"3"},
    "climate_change": {"13"},
    "future_development": {"1", "8", "9", "11", "12", "17"},
}
NCSES_FIELDS = {
    "agricultural-sciences",
    "astronomy-and-astrophysics",
    "biological-and-biomedical-sciences",
    "chemistry",
    "computer-and-information-sciences",
    "engineering",
    "geosciences-atmospheric-sciences-and-ocean-sciences",
    "health-sciences",
    "materials-science",
    "mathematics-and-statistics",
    "natural-resources-and-conservation",
    "physics",
    "psychology",
    "social-sciences",
}
NORMAL_975 = 1.959963984540054

TRAPS = {
    ("energy_security", "Energy Efficient Wireless Sensor Networks"),
    ("energy_security", "Nuclear Structure and Function"),
    ("energy_security", "Solar and Space Plasma Dynamics"),
    ("climate_change", "Greenhouse Technology and Climate Control"),
    ("climate_change", "New Zealand Economic and Social Studies"),
    ("future_development", "Alexander von Humboldt Studies"),
    ("human_health", "Structural Health Monitoring Techniques"),
}
SUBJECTS = {
    ("food_security", "Food Security and Socioeconomic Dynamics"),
    ("food_security", "Rice Cultivation and Yield Improvement"),
    ("food_security", "Child Nutrition and Water Access"),
    ("energy_security", "Global Energy Security and Policy"),
    ("energy_security", "Nuclear reactor physics and engineering"),
    ("human_health", "Malaria Research and Control"),
    ("human_health", "COVID-19 epidemiological studies"),
    ("climate_change", "Climate variability and models"),
    ("climate_change", "Climate Change Policy and Economics"),
    ("future_development", "International Development and Aid"),
    ("future_development", "Income, Poverty, and Inequality"),
}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def topics() -> dict[str, dict[str, str]]:
    """Return title, subfield and field of the embedded topics."""
    with gzip.open(EMBEDDED / "openalex" / "topics.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return {
        record["id"].rpartition("/")[2]: {
            "title": record["display_name"].strip(),
            "subfield": record["subfield"]["display_name"],
            "field": record["field"]["display_name"],
        }
        for record in records
    }


def _rows(challenge: str, kind: str = "topic") -> list[dict[str, str]]:
    return [row for row in _read(LISTS / f"{challenge}.csv") if row["kind"] == kind]


def _readme() -> str:
    return (LISTS / "README.md").read_text(encoding="utf-8")


def _table(heading: str) -> dict[str, list[str]]:
    """Return the cells of each challenge in the table of the README that begins so."""
    text = _readme().partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.split("\n")]
    return {cells[0]: cells[1:] for cells in lines if cells[0] in CHALLENGES}


def _expressions() -> dict[str, dict[str, str]]:
    """Return the expressions for candidates as they stand in the README."""
    blocks = re.findall(r"```text\n(challenge: .*?)\n```", _readme(), flags=re.DOTALL)
    pairs = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return {pair["challenge"]: pair for pair in pairs}


def _is_of_class(words: str) -> Callable[[Mapping[str, str]], bool]:
    level, _, names = words.partition(" = ")
    wanted = set(names.split("; "))
    return lambda topic: topic[level] in wanted


def _wilson(included: int, drawn: int) -> tuple[float, float]:
    """Return Wilson's interval as the roots of (p - s)^2 = z^2 p (1 - p) / n."""
    share = included / drawn
    a = 1 + NORMAL_975**2 / drawn
    b = -(2 * share + NORMAL_975**2 / drawn)
    root = math.sqrt(b * b - 4 * a * share * share)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_every_row_is_complete_and_says_only_words_that_there_are(challenge: str) -> None:
    path = LISTS / f"{challenge}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == COLUMNS
    for row in _read(path):
        assert row["challenge"] == challenge
        assert row["kind"] in {"topic", "sdg", "field"}
        assert row["weight"] in {"core", "wide"}
        assert row["decision"] in {"include", "exclude"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["decided_on"])
        assert all(row[column].strip() == row[column] != "" for column in COLUMNS)


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_every_topic_is_one_of_openalex_under_its_title_and_stands_once(
    challenge: str, topics: dict[str, dict[str, str]]
) -> None:
    rows = _rows(challenge)

    assert {row["id"]: row["label"] for row in rows} == {
        row["id"]: topics[row["id"]]["title"] for row in rows
    }
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_reasons_are_of_the_row_and_not_of_the_list(challenge: str) -> None:
    reasons = Counter(row["reason"] for row in _rows(challenge))

    assert max(reasons.values()) == 1
    assert min(len(reason.split()) for reason in reasons) >= 4


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_goals_and_fields_are_wide_and_fields_call_themselves_coarse(challenge: str) -> None:
    goals, fields = _rows(challenge, "sdg"), _rows(challenge, "field")

    assert {row["id"] for row in goals} == GOALS[challenge]
    assert {row["id"] for row in fields} == NCSES_FIELDS
    assert {row["weight"] for row in (*goals, *fields)} == {"wide"}
    assert all(row["reason"].startswith("coarse: ") for row in fields)
    assert any(row["decision"] == "include" for row in fields)


def test_words_that_mislead_are_excluded() -> None:
    excluded = {
        (challenge, row["label"])
        for challenge in CHALLENGES
        for row in _rows(challenge)
        if row["decision"] == "exclude"
    }

    assert excluded >= TRAPS


def test_topics_that_name_the_challenge_are_core() -> None:
    core = {
        (challenge, row["label"])
        for challenge in CHALLENGES
        for row in _rows(challenge)
        if (row["weight"], row["decision"]) == ("core", "include")
    }

    assert core >= SUBJECTS


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_the_expressions_of_the_readme_find_no_topic_that_was_not_decided(
    challenge: str, topics: dict[str, dict[str, str]]
) -> None:
    words = _expressions()[challenge]
    is_of_class = _is_of_class(words["class"])
    by_title = {
        key for key, topic in topics.items() if re.search(words["title"], topic["title"].lower())
    }
    by_class = {key for key, topic in topics.items() if is_of_class(topic)}
    sources = {row["id"]: row["source"].rpartition(": ")[2] for row in _rows(challenge)}

    assert by_title == {key for key, source in sources.items() if source == "word in title"}
    assert by_class - by_title == {key for key, source in sources.items() if source == "class"}


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_the_readme_counts_what_is_in_a_list(challenge: str) -> None:
    rows = _rows(challenge)
    n_read = sum(row["source"].endswith("seen by reading") for row in rows)
    n_excluded = sum(row["decision"] == "exclude" for row in rows)
    n_core = sum(row["weight"] == "core" for row in rows)
    told = [int(cell.replace(",", "")) for cell in _table("challenge | candidates")[challenge]]

    assert told == [
        len(rows) - n_read,
        n_read,
        len(rows),
        n_core,
        len(rows) - n_core - n_excluded,
        n_excluded,
    ]


def test_the_readme_counts_topics_that_are_in_two_lists() -> None:
    included = {
        challenge: {
            row["id"]: row["weight"] for row in _rows(challenge) if row["decision"] == "include"
        }
        for challenge in CHALLENGES
    }
    told = _table("both in")

    for one in CHALLENGES:
        for place, other in enumerate(CHALLENGES):
            both = included[one].keys() & included[other].keys()
            core = sum(included[one][key] == included[other][key] == "core" for key in both)
            assert told[one][place] == f"{len(both):,} ({core})"


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_the_precision_told_is_that_of_the_second_look(challenge: str) -> None:
    looked = [row for row in _read(SECOND_LOOK) if row["challenge"] == challenge]
    n_included = sum(row["second_decision"] == "include" for row in looked)
    n_same = sum(not row["note"] for row in looked)
    low, high = _wilson(n_included, len(looked))

    assert _table("challenge | rows | included again")[challenge] == [
        str(len(looked)),
        str(n_included),
        f"{n_included / len(looked):.3f}",
        f"{low:.3f}-{high:.3f}",
        str(n_same),
    ]
    assert len({row["id"] for row in looked}) == 60


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_a_list_says_what_the_second_look_said(challenge: str) -> None:
    decided = {row["id"]: (row["decision"], row["weight"]) for row in _rows(challenge)}

    for row in _read(SECOND_LOOK):
        if row["challenge"] == challenge:
            assert decided[row["id"]] == (row["second_decision"], row["second_weight"])
