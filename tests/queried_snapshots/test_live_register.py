"""A number of the lake beside the live register: the same where it is, and explained where not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.queried_snapshots.client import Api
from fourseas.queried_snapshots.correspondence import CORRESPONDENCES
from fourseas.queried_snapshots.difference import Circumstances, reasons
from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.live_register import Comparison, Question, live_register
from fourseas.workspace import Workspace
from tests.commands import run
from tests.queried_snapshots.api import KEY, Fault, Register, serving
from tests.queried_snapshots.filtered import countries_of
from tests.queried_snapshots.test_fetch import real
from tests.world import Row

TODAY = date(2026, 5, 10)
NAMES_OF_2023 = {"journal-article": "article"}
EVERY = [
    record | {"type": NAMES_OF_2023.get(str(record["type"]), record["type"])}
    for record in real(10_000)
]
"""The embedded records; the live register calls all kinds as it does at present."""

ALWAYS = (1950, 2026)


@pytest.fixture
def register() -> Iterator[Register]:
    """Serve the embedded records of OpenAlex as the live register."""
    with serving(Register(list(EVERY), is_filtered=True)) as served:
        yield served


def compared(ws: Workspace, register: Register, question: Question) -> Comparison:
    """Ask the register that is served."""
    with Api(register.url, KEY, patience=2.0) as api:
        return live_register(ws, api, question, today=TODAY)


@pytest.mark.parametrize("indicator", [one.indicator for one in CORRESPONDENCES])
@pytest.mark.parametrize("definition", ["openalex", "ncses-like", "cwts-like"])
@pytest.mark.parametrize("country", ["US", "BR", "DE", "KE"])
def test_a_register_that_has_not_changed_counts_the_same(
    lake: Workspace, register: Register, indicator: str, definition: str, country: str
) -> None:
    found = compared(
        lake,
        register,
        Question(indicator=indicator, country=country, definition=definition, years=ALWAYS),
    )

    assert found.total.lake.whole > 0
    assert [(one.year, one.lake) for one in found.years] == [
        (one.year, one.register) for one in found.years
    ]
    assert found.total.lake == found.total.register
    assert found.reasons == ()


def test_a_work_of_china_and_hong_kong_is_of_one_country_by_one_definition_alone(
    lake: Workspace, register: Register
) -> None:
    question = Question(
        indicator="collaboration", country="WORLD", definition="cwts-like", years=ALWAYS
    )
    found = compared(lake, register, question)
    of_both = [one for one in EVERY if {"hk", "cn"} <= countries_of(one) <= {"hk", "mo", "cn"}]

    assert found.total.lake.whole == found.total.register.whole
    assert (found.total.register.part or 0) - (found.total.lake.part or 0) == len(of_both) == 1
    assert "HK and MO are counted under another country" in found.reasons[-1].words


def test_a_field_is_asked_for_as_the_register_names_it(lake: Workspace, register: Register) -> None:
    question = Question(
        indicator="open_access", country="United States", field="Medicine", years=ALWAYS
    )
    found = compared(lake, register, question)

    assert found.total.lake == found.total.register
    assert 0 < (found.total.lake.part or 0) < found.total.lake.whole
    assert "primary_topic.field.id:fields/27" in found.queries[0]


def of_country(code: str, year: int) -> list[Row]:
    """Return the embedded articles of a country and year."""
    return [
        record
        for record in EVERY
        if record["publication_year"] == year
        and record["type"] == "article"
        and code.lower() in countries_of(record)
    ]


def test_what_the_register_has_gained_is_seen_in_its_year_and_explained(
    lake: Workspace, register: Register
) -> None:
    one = of_country("US", 2007)[0]
    register.records.append(one | {"id": "https://openalex.org/W1"})
    found = compared(lake, register, Question(indicator="volume", country="US", years=(2000, 2009)))

    differing = [one for one in found.years if one.lake != one.register]
    assert [(one.year, one.register.whole - one.lake.whole) for one in differing] == [(2007, 1)]
    words = [reason.words for reason in found.reasons]
    assert "the lake holds a corpus of the register" in words[0]
    assert "10 days after the lake's snapshot of 2026-04-30" in words[1]
    assert not any("institutions" in one for one in words)


def test_what_the_register_has_lost_is_not_explained_by_the_scope_of_the_lake(
    lake: Workspace, register: Register
) -> None:
    register.records.remove(of_country("US", 2007)[0])
    found = compared(lake, register, Question(indicator="volume", country="US", years=(2007, 2007)))

    assert found.total.lake.whole - found.total.register.whole == 1
    words = [reason.words.split(":")[0] for reason in found.reasons]
    assert words == ["Date", "Countries"]


def test_what_a_definition_leaves_out_is_counted_by_the_register(
    lake: Workspace, register: Register
) -> None:
    one = of_country("US", 2007)[0]
    register.records.extend(
        (
            one | {"id": "https://openalex.org/W1", "type": "paratext"},
            one | {"id": "https://openalex.org/W2", "type": "peer-review"},
            one | {"id": "https://openalex.org/W3", "is_xpac": True},
        )
    )
    before = sum(
        record["type"] in {"paratext", "grant", "reference-entry"}
        for record in EVERY
        if record["publication_year"] == 2007 and "us" in countries_of(record)
    )
    found = compared(lake, register, Question(indicator="volume", country="US", years=(2007, 2007)))

    assert found.total.lake == found.total.register
    assert {one.what: one.n for one in found.left_out} == {
        "of other kinds": before + 2,
        "of the expansion set": 1,
    }


@pytest.mark.parametrize("fault", ["429", "500", "cut", "reset", "not json"])
def test_a_server_that_misbehaves_once_is_asked_again(
    lake: Workspace, register: Register, fault: Fault
) -> None:
    register.faults.update({1: fault, 3: fault})
    found = compared(lake, register, Question(indicator="collaboration", country="US"))

    assert found.total.lake == found.total.register
    assert len(register.asked) == 6
    assert found.budget.left == pytest.approx(0.1 - 6e-4)


def test_groups_that_do_not_make_up_the_whole_are_not_compared(
    lake: Workspace, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.queried_snapshots.filtered.MOST_GROUPS", 3)
    question = Question(indicator="volume", country="US", years=(2000, 2009))
    with pytest.raises(QueryError, match=r"the API counts \d+ works, and \d+ in all years"):
        compared(lake, register, question)


def test_a_used_up_budget_is_told(lake: Workspace, register: Register) -> None:
    register.faults.update({1: "spent"})
    with pytest.raises(QueryError, match="wait 1:30:00"):
        compared(lake, register, Question(indicator="volume", country="US"))


@pytest.mark.parametrize(
    ("question", "error", "problem", "remedy"),
    [
        (
            Question(indicator="impact", country="BR"),
            QueryError,
            "No query of the OpenAlex API counts what impact does",
            "volume, collaboration, open_access",
        ),
        (
            Question(indicator="volume", country="EU"),
            QueryError,
            "no filter for the works of EU",
            "country by country",
        ),
        (
            Question(indicator="volume", country="BR", definition="ncses-published"),
            QueryError,
            "By ncses-published no works of OpenAlex",
            "openalex, ncses-like, cwts-like",
        ),
        (
            Question(indicator="volume", country="BR", field="food_security"),
            QueryError,
            "no filter for the works of food_security",
            "openalex_field or openalex_domain",
        ),
        (
            Question(indicator="volume", country="BR", years=(1900, 2026)),
            QueryError,
            "127 years",
            "fewer",
        ),
        (
            Question(indicator="volume", country="HK", definition="cwts-like"),
            NotComputableError,
            "no row of it by cwts-like",
            "another country",
        ),
        (
            Question(indicator="volume", country="BR,DE"),
            QueryError,
            "no filter for the works of BR,DE",
            "Name countries",
        ),
        (
            Question(indicator="volume", country="Brasilia"),
            UnknownNameError,
            "Brasilia",
            "brazil",
        ),
    ],
)
def test_what_has_no_correspondence_is_refused_before_anybody_is_asked(
    lake: Workspace,
    register: Register,
    question: Question,
    error: type[QueryError],
    problem: str,
    remedy: str,
) -> None:
    with pytest.raises(error, match=problem) as caught:
        compared(lake, register, question)

    assert remedy in caught.value.remedy
    assert register.asked == []


def test_every_circumstance_has_its_words_in_its_direction() -> None:
    known = Circumstances(
        snapshot_on=date(2026, 4, 30),
        asked_on=date(2026, 5, 1),
        scope="census",
        last_year=2026,
        n_undecided=5,
        n_truncated=2,
        has_other_retractions=True,
        merged=("HK", "MO"),
        is_world=False,
    )

    def names(seen: set[int], *, does_part_differ: bool) -> list[str]:
        found = reasons(known, frozenset(seen), does_part_differ=does_part_differ)
        return [reason.words.split(":")[0] for reason in found]

    assert names(set(), does_part_differ=True) == []
    assert names({1}, does_part_differ=True) == ["Date", "Countries", "Unknown countries"]
    assert names({-1}, does_part_differ=True) == [
        "Date",
        "Late years",
        "Cut lists",
        "Unknown countries",
        "Retractions",
        "Territories",
    ]
    assert names({-1, 1}, does_part_differ=False) == [
        "Date",
        "Late years",
        "Countries",
        "Cut lists",
        "Retractions",
    ]


@pytest.mark.parametrize("indicator", [one.indicator for one in CORRESPONDENCES])
def test_all_countries_together_count_the_same(
    lake: Workspace, register: Register, indicator: str
) -> None:
    found = compared(lake, register, Question(indicator=indicator, country="WORLD", years=ALWAYS))

    assert found.total.lake == found.total.register
    assert found.total.lake.whole > 400


def test_china_with_hong_kong_is_asked_for_with_it(lake: Workspace, register: Register) -> None:
    question = Question(indicator="volume", country="CN", definition="cwts-like", years=ALWAYS)
    found = compared(lake, register, question)

    assert "authorships.countries:cn|hk|mo" in found.queries[0]
    assert "language:en" in found.queries[0]
    assert found.total.lake == found.total.register


def test_a_user_reads_both_sides_and_the_reasons(
    lake_path: Path, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    register.records.append(of_country("US", 2007)[0] | {"id": "https://openalex.org/W1"})
    words = ("verify", "--against-api", "collaboration", "--country", "US", "--years", "2006-2007")
    ended = run(*words, "--lake", str(lake_path), "--server", register.url)

    assert ended.returncode == 0, ended.stderr
    assert "collaboration of US, all fields, 2006-2007, by openalex, full counting." in ended.stdout
    assert "api.openalex.org/works?filter=authorships.countries:us" in ended.stdout
    assert "-1" in ended.stdout
    assert "- Scope: the lake holds a corpus" in ended.stdout
    assert "of the budget of today are left" in ended.stdout
    assert {one["api_key"] for one in register.asked} == {KEY}
    assert KEY not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("volume",), "none is named"),
        (("volume", "--country", "BR", "--seed", "3"), "--seed means nothing with --against-api"),
        (("volume", "--country", "BR", "--years", "2010-2000"), "the first year is after"),
    ],
)
def test_a_slip_is_told_without_asking(
    lake_path: Path, register: Register, words: tuple[str, ...], problem: str
) -> None:
    ended = run(
        "verify", "--against-api", *words, "--lake", str(lake_path), "--server", register.url
    )

    assert ended.returncode != 0
    assert problem in ended.stderr
    assert register.asked == []


def test_without_it_nobody_is_asked(lake_path: Path, register: Register) -> None:
    ended = run("verify", "volume", "--lake", str(lake_path), "--server", register.url)

    assert ended.returncode != 0
    assert "--server means nothing without --against-api" in ended.stderr
    assert register.asked == []
