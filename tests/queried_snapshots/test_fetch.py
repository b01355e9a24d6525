"""What a query finds comes whole and once, whatever the server does."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import fourseas
from fourseas import workspace
from fourseas.lake.ingest import Request
from fourseas.queried_snapshots.client import Api
from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.fetch import Fetched, fetch, plan
from fourseas.queried_snapshots.query import Query, query
from tests.cli.running import run
from tests.embedded import Silent
from tests.queried_snapshots.api import KEY, Fault, Register, serving
from tests.world import Row

URL = "https://openalex.org/works?filter=authorships.countries:br"
ASKED = query(URL)
PATIENCE = 2.0


def real(n: int = 250) -> list[Row]:
    """Return real records of works."""
    works = Path(fourseas.__file__).parent / "embedded" / "openalex" / "works.jsonl.gz"
    with gzip.open(works, "rt", encoding="utf-8") as file:
        return [json.loads(line) for _, line in zip(range(n), file, strict=False)]


RECORDS = real()


def brought(
    register: Register,
    out: Path,
    *,
    asked: Query = ASKED,
    allow_incomplete: bool = False,
) -> Fetched:
    """Fetch from a register that is being served."""
    with Api(register.url, KEY, patience=PATIENCE) as api:
        return fetch(api, asked, out, Silent(), allow_incomplete=allow_incomplete)


def written(path: Path) -> list[Row]:
    """Return the records of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_every_record_comes_as_the_api_gave_it(tmp_path: Path) -> None:
    with serving(Register(RECORDS)) as register:
        fetched = brought(register, tmp_path / "out")

    assert written(fetched.path) == RECORDS
    assert (fetched.n_records, fetched.n_found, fetched.n_pages) == (250, 250, 3)
    assert fetched.budget.left == pytest.approx(0.0997)
    assert [one["cursor"] for one in register.asked] == ["*", "at100", "at200"]
    assert {one["api_key"] for one in register.asked} == {KEY}
    assert {one["filter"] for one in register.asked} == {"authorships.countries:br"}


def test_the_key_is_written_nowhere(tmp_path: Path) -> None:
    with serving(Register(RECORDS)) as register:
        brought(register, tmp_path / "out", asked=query(f"{URL}&api_key={KEY}"))

    texts = [path.read_bytes() for path in (tmp_path / "out").iterdir()]
    assert len(texts) == 2
    assert not any(
        KEY.encode() in (gzip.decompress(t) if t[:2] == b"\x1f\x8b" else t) for t in texts
    )


@pytest.mark.parametrize("fault", ["429", "500", "cut", "reset", "not json", "repeat"])
def test_a_server_that_misbehaves_once_is_asked_again(tmp_path: Path, fault: Fault) -> None:
    with serving(Register(RECORDS, faults={2: fault})) as register:
        fetched = brought(register, tmp_path / "out")

    assert written(fetched.path) == RECORDS
    assert len(register.asked) == 4


def test_what_was_fetched_is_not_asked_for_again(tmp_path: Path) -> None:
    with serving(Register(RECORDS, faults={3: "spent"})) as register:
        with pytest.raises(QueryError, match="wait 1:30:00") as caught:
            brought(register, tmp_path / "out")
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"pages", "query.json"}
        fetched = brought(register, tmp_path / "out")

    assert "goes on with the next page" in caught.value.remedy
    assert written(fetched.path) == RECORDS
    assert (fetched.n_kept, len(register.asked)) == (2, 4)


def test_a_page_that_was_cut_by_a_kill_is_no_page(tmp_path: Path) -> None:
    with serving(Register(RECORDS, faults={3: "spent"})) as register:
        with pytest.raises(QueryError):
            brought(register, tmp_path / "out")
        (tmp_path / "out" / "pages" / "000003.draft").write_bytes(b"\x1f\x8b half")
        assert written(brought(register, tmp_path / "out").path) == RECORDS


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    with serving(Register(RECORDS, faults={3: "spent"})) as register:
        with pytest.raises(QueryError):
            brought(register, tmp_path / "out")
        (tmp_path / "out" / "pages" / "000002.gz").write_bytes(b"\x1f\x8b half")
        with pytest.raises(QueryError, match=r"000002\.gz") as caught:
            brought(register, tmp_path / "out")

    assert "Remove that file" in caught.value.remedy


def test_records_that_come_twice_are_kept_once(tmp_path: Path) -> None:
    with serving(Register(RECORDS, n_repeated=7)) as register:
        fetched = brought(register, tmp_path / "out")

    assert written(fetched.path) == RECORDS
    assert fetched.n_repeated == 14


@pytest.mark.parametrize("announced", [249, 300])
def test_another_number_than_announced_is_not_hidden(tmp_path: Path, announced: int) -> None:
    with serving(Register(RECORDS, announced=announced)) as register:
        with pytest.raises(QueryError, match=f"counts {announced} records and gave 250") as caught:
            brought(register, tmp_path / "out")
        assert not list((tmp_path / "out").glob("works*"))
        fetched = brought(register, tmp_path / "out", allow_incomplete=True)

    assert "--allow-incomplete" in caught.value.remedy
    assert (fetched.n_records, fetched.n_found) == (250, announced)


def test_a_server_that_only_repeats_itself_does_not_go_on_for_ever(tmp_path: Path) -> None:
    faults: dict[int, Fault] = dict.fromkeys(range(2, 20), "repeat")
    with (
        serving(Register(RECORDS, faults=faults)) as register,
        pytest.raises(QueryError, match="only what came before"),
    ):
        brought(register, tmp_path / "out")

    assert len(register.asked) == 4


@pytest.mark.parametrize(
    ("fault", "problem", "remedy"),
    [
        ("401", "answers 401: told 401", "OPENALEX_API_KEY"),
        ("400", "answers 400: told 400", "Mend the address"),
    ],
)
def test_a_refusal_is_told_with_what_to_do(
    tmp_path: Path, fault: Fault, problem: str, remedy: str
) -> None:
    with (
        serving(Register(RECORDS, faults={1: fault})) as register,
        pytest.raises(QueryError, match=problem) as caught,
    ):
        brought(register, tmp_path / "out")

    assert remedy in caught.value.remedy
    assert KEY not in str(caught.value)
    assert len(register.asked) == 1


def test_a_server_that_stays_away_is_given_up(tmp_path: Path) -> None:
    with (
        serving(Register(RECORDS, faults=dict.fromkeys(range(1, 99), "500"))) as register,
        pytest.raises(QueryError, match="the server answers 500") as caught,
    ):
        brought(register, tmp_path / "out")

    assert "Run the same command again" in caught.value.remedy
    assert len(register.asked) > 2


def test_a_sample_is_paged_by_number_as_the_api_asks(tmp_path: Path) -> None:
    asked = query("https://openalex.org/works?sample=250&seed=1")
    with serving(Register(RECORDS)) as register:
        fetched = brought(register, tmp_path / "out", asked=asked)

    assert written(fetched.path) == RECORDS
    assert [one["page"] for one in register.asked] == ["1", "2", "3"]
    assert not any("cursor" in one for one in register.asked)


def test_too_large_a_query_is_a_matter_for_the_snapshot(tmp_path: Path) -> None:
    with (
        serving(Register(RECORDS, announced=2_000_000)) as register,
        pytest.raises(QueryError, match="2,000,000 records") as caught,
    ):
        brought(register, tmp_path / "out")

    assert "fourseas add LAKE s3://openalex" in caught.value.remedy
    assert len(register.asked) == 1


def test_a_query_that_finds_nothing_says_so_and_writes_nothing(tmp_path: Path) -> None:
    with serving(Register([])) as register, pytest.raises(QueryError, match="finds nothing"):
        brought(register, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_directory_is_of_one_query(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "of.txt").write_text("something", encoding="utf-8")
    with serving(Register(RECORDS)) as register:
        brought(register, tmp_path / "out")
        with pytest.raises(QueryError, match="holds all that this query found"):
            brought(register, tmp_path / "out")
        with pytest.raises(QueryError, match="what another query finds"):
            brought(register, tmp_path / "out", asked=query(f"{URL},type:article"))
        with pytest.raises(QueryError, match="exists"):
            brought(register, tmp_path / "full")

    assert len(register.asked) == 3


def test_a_plan_asks_for_one_record() -> None:
    with serving(Register(RECORDS)) as register, Api(register.url, None) as api:
        found = plan(api, ASKED)

    assert (found.n_found, found.n_pages, found.budget.cost) == (250, 3, 0.0001)
    assert [one["per_page"] for one in register.asked] == ["1"]
    assert "api_key" not in register.asked[0]


def test_a_user_fetches_adds_and_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", KEY)
    with serving(Register(RECORDS)) as register:
        words = ("fetch", URL, str(tmp_path / "out"), "--server", register.url)
        planned, ended = run(*words, "--dry-run"), run(*words)

    assert "250 records of works on 3 pages" in planned.stdout
    assert "About $0.0003; $0.0999 of the budget of today are left." in planned.stdout
    assert ended.returncode == 0, ended.stderr
    assert "250 works, as many as the API counts" in ended.stdout
    assert register.asked[-1]["api_key"] == KEY
    assert f"--snapshot {datetime.now(UTC).date()}" in ended.stdout
    lake = tmp_path / "lake"
    workspace.init(lake, scope="corpus", progress=Silent())
    request = Request(source=workspace.source("openalex"), snapshot_on="2026-11-26")
    workspace.add(lake, tmp_path / "out", request, Silent())
    workspace.build(lake, Silent())
    with fourseas.open(lake) as ws:
        assert ws.table("works").count().execute() == 250
