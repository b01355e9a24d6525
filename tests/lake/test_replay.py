"""A recorded finding is found again from its inputs, or the places that differ are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fourseas.errors import AuditError, NotComputableError
from fourseas.lake import audit, chain, documents, layout, persons
from fourseas.lake.chain import JsonMapping
from fourseas.lake.layout import Lake
from fourseas.lake.replay import Difference, replay
from tests.lake.appending import KEEPING, append

INPUTS: JsonMapping = {
    "policy": {"id": "fictitious", "version": "1", "sha256": "0" * 64},
    "lists": [{"id": "fictitious-list", "sha256": "1" * 64}],
    "facts": {"trl": 4, "people": [{"name": "Zoe Example", "role": "lead"}]},
}


def found(inputs: JsonMapping, *, at_most: str = "closed") -> JsonMapping:
    """Return a finding as an evaluator would: its inputs, and what follows."""
    people = chain.as_list(chain.as_mapping(inputs["facts"])["people"])
    return inputs | {
        "interval": {"at_least": "open", "at_most": at_most},
        "rules": ["r-1"] if people else [],
        "questions": ["person 1 (Zoe Example): role?"],
    }


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return a lake with one finding."""
    lake = layout.init(tmp_path / "lake", scope="corpus")
    append(lake, found(INPUTS), case="A-1", kind="finding")
    return lake


def test_the_same_is_found_again(lake: Lake) -> None:
    (record,) = audit.records(lake)
    asked: list[JsonMapping] = []

    def finding(inputs: JsonMapping) -> JsonMapping:
        asked.append(inputs)
        return found(inputs)

    again = replay(lake, record, finding)

    assert again.is_equal
    assert again.not_compared == ()
    assert asked == [INPUTS]


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (
            lambda inputs: found(inputs, at_most="review"),
            Difference(path="/interval/at_most", recorded="closed", found="review"),
        ),
        (
            lambda inputs: found(inputs) | {"rules": ["r-1", "r-2"]},
            Difference(path="/rules/1", recorded=None, found="r-2"),
        ),
        (
            lambda inputs: found(inputs) | {"rules": []},
            Difference(path="/rules/0", recorded="r-1", found=None),
        ),
        (
            lambda inputs: found(inputs) | {"notes": None},
            Difference(path="/notes", recorded=None, found=None),
        ),
        (
            lambda inputs: found(inputs) | {"policy": {"id": "fictitious", "version": "1"}},
            Difference(path="/policy/sha256", recorded="0" * 64, found=None),
        ),
        (
            lambda inputs: (
                found(inputs) | {"facts": chain.as_mapping(inputs["facts"]) | {"trl": 4.0}}
            ),
            Difference(path="/facts/trl", recorded=4, found=4.0),
        ),
    ],
)
def test_where_they_differ_is_said(
    lake: Lake, finding: Callable[[JsonMapping], JsonMapping], expected: Difference
) -> None:
    again = replay(lake, audit.records(lake)[0], finding)

    assert again.differences == (expected,)
    assert not again.is_equal


def test_what_depends_on_a_forgotten_person_is_not_computable(lake: Lake) -> None:
    gone = [e for e in persons.kept(lake)[0] if isinstance(e.content, dict)]
    audit.forget(lake, gone, by={"name": "Bo"}, reason="Time is over.", keeping=KEEPING)

    with pytest.raises(NotComputableError, match=r"persons were removed \(/facts/people/0\)"):
        replay(lake, audit.records(lake)[0], found)


def test_a_removed_text_of_the_finding_is_not_compared(lake: Lake) -> None:
    gone = [e for e in persons.kept(lake)[0] if isinstance(e.content, str)]
    audit.forget(lake, gone, by={"name": "Bo"}, reason="Time is over.", keeping=KEEPING)
    again = replay(lake, audit.records(lake)[0], found)

    assert again.is_equal
    assert again.not_compared == ("/questions/0",)


def test_only_findings_can_be_found_again(lake: Lake) -> None:
    with pytest.raises(AuditError, match="Record 2 is a note, not a finding"):
        replay(lake, append(lake, {}).record, found)


def test_texts_are_kept_under_their_hash(lake: Lake) -> None:
    # printf 'policy: 1' | sha256sum
    name = "4d4070c356bbdc42d1a854bd32a8289d32abd652988eb0479d41c94adb1d6b29"

    assert [documents.keep(lake, "policy: 1") for _ in range(2)] == [name, name]
    assert documents.read(lake, name) == "policy: 1"
    assert [path.name for path in lake.documents.glob("[!.]*")] == [name]


@pytest.mark.parametrize("name", ["0" * 64, "..", "", "a/b"])
def test_a_text_that_is_not_kept_is_named(lake: Lake, name: str) -> None:
    with pytest.raises(AuditError, match=f"No text with the hash `{name}` is kept"):
        documents.read(lake, name)


def test_a_text_that_was_changed_is_not_read(lake: Lake) -> None:
    name = documents.keep(lake, "policy: 1")
    (lake.documents / name).write_text("policy: 2", encoding="utf-8")

    with pytest.raises(AuditError, match="is not what its name, its hash, says"):
        documents.read(lake, name)
