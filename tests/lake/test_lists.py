"""Lists on the disk: editions whole and in order, tampering told, many who add at once."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from fourseas.errors import ListError
from fourseas.lake import audit, layout, lists
from fourseas.lake.audit import Draft
from fourseas.lake.chain import JsonMapping, canonical, digest
from fourseas.lake.layout import Lake
from fourseas.lake.lists import Given, Matches
from tests.lake.appending import KEEPING

N_WRITERS = 4


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake."""
    return layout.init(tmp_path / "lake", scope="corpus")


def add(lake: Lake, n: int, *, after: int, name: str = "harbor") -> lists.Edition:
    """Store an edition whose content is a number."""
    return lists.add(lake, name, {"n": n}, Given("harbor.csv", b"name\nTide\n"), after=after)


def test_editions_are_numbered_hashed_and_read_back_in_order(lake: Lake) -> None:
    first, second = add(lake, 1, after=0), add(lake, 2, after=1)

    assert [first.number, second.number] == [1, 2]
    assert first.sha256 == digest(canonical({"n": 1}))
    assert first.file_sha256 == digest(b"name\nTide\n")
    assert lists.editions(lake, "harbor") == (first, second)
    assert lists.edition(lake, "harbor") == second
    assert lists.edition(lake, "harbor", 1) == first
    assert lists.names(lake) == ("harbor",)


def test_names_and_editions_that_are_not_there_are_told_with_the_nearest(lake: Lake) -> None:
    add(lake, 1, after=0)

    with pytest.raises(ListError, match=r"no list `harbour`.\nThere is harbor"):
        lists.edition(lake, "harbour")
    with pytest.raises(ListError, match="no edition of harbor `7`"):
        lists.edition(lake, "harbor", 7)
    assert lists.names(layout.init(lake.root.parent / "other", scope="corpus")) == ()


def test_an_edition_follows_the_one_that_was_seen_or_is_not_stored(lake: Lake) -> None:
    add(lake, 1, after=0)

    with pytest.raises(ListError, match="There is a list `harbor` already"):
        add(lake, 2, after=0)
    add(lake, 2, after=1)
    with pytest.raises(ListError, match="Edition 2 of the list `harbor` was added meanwhile"):
        add(lake, 3, after=1)
    assert [one.content for one in lists.editions(lake, "harbor")] == [{"n": 1}, {"n": 2}]


def _add_in_a_process(root: Path, n: int) -> bool:
    try:
        add(layout.locate(root), n, after=0)
    except ListError:
        return False
    return True


def test_of_many_who_add_the_same_list_at_once_one_succeeds(lake: Lake) -> None:
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(N_WRITERS, mp_context=context) as pool:
        done = list(pool.map(_add_in_a_process, [lake.root] * N_WRITERS, range(N_WRITERS)))

    (only,) = lists.editions(lake, "harbor")
    assert done.count(True) == 1
    assert only.content == {"n": done.index(True)}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"n": 1', '"n": 2', "is not what was stored"),
        ('"number": 1', '"number": 2', "is not what was stored"),
        ('"name": "harbor"', '"name": "tide"', "is not what was stored"),
        ('"n": 1', '"n": 1,', "cannot be read"),
        ('"file_name"', '"other"', "cannot be read"),
    ],
)
def test_an_edition_that_was_changed_is_not_read(lake: Lake, old: str, new: str, told: str) -> None:
    add(lake, 1, after=0)
    path = lake.lists / "harbor" / "0001.json"
    path.write_text(path.read_text().replace(old, new), encoding="utf-8")

    with pytest.raises(ListError, match=told) as raised:
        lists.editions(lake, "harbor")
    assert str(path) in raised.value.problem


def test_an_edition_that_was_changed_with_its_hash_is_not_the_recorded_one(lake: Lake) -> None:
    stored = add(lake, 1, after=0)
    body: JsonMapping = {"list": "harbor", "sha256": stored.sha256}
    audit.append(lake, Draft(kind="list", case=None, body=body, keeping=KEEPING))
    path = lake.lists / "harbor" / "0001.json"
    forged = json.loads(path.read_text()) | {
        "content": {"n": 2},
        "sha256": digest(canonical({"n": 2})),
    }
    path.write_text(json.dumps(forged), encoding="utf-8")
    recorded = lists.recorded(audit.records(lake), "harbor")

    assert recorded == {stored.sha256: 1}
    assert lists.edition(lake, "harbor").sha256 not in recorded


def test_matches_are_those_of_one_edition(lake: Lake) -> None:
    stored = add(lake, 1, after=0)
    found = Matches(
        list_sha256=stored.sha256, register="r", n_organizations=3, candidates=({"a": 1},)
    )

    assert lists.matches(lake, "harbor", stored.sha256) is None
    lists.keep_matches(lake, "harbor", found)
    assert lists.matches(lake, "harbor", stored.sha256) == found
    assert lists.matches(lake, "harbor", "another") is None
    (lake.lists / "harbor" / lists.MATCHES).write_text("{}", encoding="utf-8")
    with pytest.raises(ListError, match="cannot be read"):
        lists.matches(lake, "harbor", stored.sha256)


def test_the_last_word_on_a_candidate_counts(lake: Lake) -> None:
    for candidate, verdict, name in (
        ("c1", "confirmed", "harbor"),
        ("c2", "rejected", "harbor"),
        ("c1", "rejected", "harbor"),
        ("c2", "confirmed", "other"),
    ):
        body: JsonMapping = {
            "list": name,
            "candidate": candidate,
            "verdict": verdict,
            "ror_id": "x",
            "confidence": 0.5,
        }
        audit.append(lake, Draft(kind="list_review", case=None, body=body, keeping=KEEPING))
    said = lists.reviews(audit.records(lake), "harbor")

    assert {key: (one.verdict, one.seq) for key, one in said.items()} == {
        "c1": ("rejected", 3),
        "c2": ("rejected", 2),
    }
