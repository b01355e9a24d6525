"""A chain of records: hashes by hand, and every change of a byte, place or number seen."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fourseas.errors import AuditError
from fourseas.lake import chain
from fourseas.lake.chain import FIRST, Json, JsonMapping, Record

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), JSON, max_size=3)

# Written out by hand: keys sorted, no blanks, each `previous` the hash of the line above.
BY_HAND = (
    '{"at":"2026-01-02T03:04:05+00:00","body":{"b":[1,0.5,null],"ä":"线\\n"},"case":"A-1",'
    '"kind":"finding","previous":"' + "0" * 64 + '","seq":1,"version":"0"}',
    (
        '{"at":"2026-01-02T03:04:06+00:00","body":{},"case":null,'
        '"kind":"note","previous":"{}","seq":2,"version":"0"}'
    ),
    (
        '{"at":"2026-01-02T03:04:07+00:00","body":{"outcome":"open"},"case":"A-1",'
        '"kind":"decision","previous":"{}","seq":3,"version":"0"}'
    ),
)


def links(bodies: Sequence[JsonMapping]) -> list[bytes]:
    """Return the lines of a chain of these bodies."""
    lines: list[bytes] = []
    previous = FIRST
    for seq, body in enumerate(bodies, start=1):
        record = Record(
            seq=seq, at="t", kind="note", case=None, body=body, previous=previous, version="0"
        )
        previous = record.head
        lines.append(record.line + b"\n")
    return lines


def split(data: bytes) -> list[bytes]:
    """Return the lines of a file with these bytes."""
    return list(io.BytesIO(data))


def latest(lines: Sequence[bytes]) -> str:
    """Return the head of a whole chain, computed apart from it."""
    return hashlib.sha256(lines[-1][:-1]).hexdigest()


def is_whole(lines: Sequence[bytes], head: str) -> bool:
    """Say whether a chain holds and the head given is that of its last record."""
    found = chain.examine(split(b"".join(lines)), {head})
    return not found.faults and found.places.get(head) == len(found.records)


def problems(lines: Sequence[bytes]) -> list[str]:
    """Return what is wrong with a chain without any head being known."""
    return [fault.problem for fault in chain.examine(lines).faults]


def test_three_records_by_hand() -> None:
    first = BY_HAND[0].encode()
    hash_of_first = hashlib.sha256(first).hexdigest()
    second = BY_HAND[1].replace('"previous":"{}"', f'"previous":"{hash_of_first}"').encode()
    hash_of_second = hashlib.sha256(second).hexdigest()
    third = BY_HAND[2].replace('"previous":"{}"', f'"previous":"{hash_of_second}"').encode()
    bodies: list[tuple[str, str | None, str, JsonMapping]] = [
        ("2026-01-02T03:04:05+00:00", "A-1", "finding", {"ä": "线\n", "b": [1, 0.5, None]}),
        ("2026-01-02T03:04:06+00:00", None, "note", {}),
        ("2026-01-02T03:04:07+00:00", "A-1", "decision", {"outcome": "open"}),
    ]
    previous, lines = FIRST, []
    for seq, (at, case, kind, body) in enumerate(bodies, start=1):
        record = Record(
            seq=seq, at=at, kind=kind, case=case, body=body, previous=previous, version="0"
        )
        previous = record.head
        lines.append(record.line)

    assert lines == [first, second, third]
    assert previous == hashlib.sha256(third).hexdigest()
    assert chain.examine(line + b"\n" for line in lines).faults == ()


@given(st.lists(BODIES, min_size=1, max_size=4))
def test_what_is_written_is_read_back_and_holds(bodies: list[JsonMapping]) -> None:
    lines = links(bodies)
    found = chain.examine(lines, {latest(lines)})

    assert [record.body for record in found.records] == bodies
    assert found.faults == ()
    assert found.head == latest(lines)
    assert found.places == {latest(lines): len(lines)}


@given(st.lists(BODIES, min_size=1, max_size=4), st.data())
def test_any_change_of_one_byte_is_seen(bodies: list[JsonMapping], data: st.DataObject) -> None:
    lines = links(bodies)
    written = bytearray(b"".join(lines))
    place = data.draw(st.integers(0, len(written) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != written[place])
    written[place] = byte

    assert not is_whole(split(bytes(written)), latest(lines))


@given(st.lists(BODIES, min_size=2, max_size=4), st.data())
def test_a_change_before_the_last_record_is_seen_without_any_head(
    bodies: list[JsonMapping], data: st.DataObject
) -> None:
    lines = links(bodies)
    written = bytearray(b"".join(lines))
    place = data.draw(st.integers(0, len(written) - len(lines[-1]) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != written[place])
    written[place] = byte

    assert problems(split(bytes(written)))


@given(st.lists(BODIES, min_size=1, max_size=3), st.data())
def test_any_byte_put_in_or_taken_out_is_seen(
    bodies: list[JsonMapping], data: st.DataObject
) -> None:
    lines = links(bodies)
    written = b"".join(lines)
    place = data.draw(st.integers(0, len(written)))
    byte = bytes([data.draw(st.integers(0, 255))])
    longer = written[:place] + byte + written[place:]
    shorter = written[:place] + written[place + 1 :]

    assert not is_whole(split(longer), latest(lines))
    if shorter != written:
        assert not is_whole(split(shorter), latest(lines))


@given(st.lists(BODIES, min_size=2, max_size=5), st.data())
def test_any_other_order_is_seen(bodies: list[JsonMapping], data: st.DataObject) -> None:
    lines = links(bodies)
    moved = data.draw(st.permutations(lines))
    assume(moved != lines)

    assert problems(moved)


@given(st.lists(BODIES, min_size=1, max_size=5), st.data())
def test_a_record_taken_out_is_seen(bodies: list[JsonMapping], data: st.DataObject) -> None:
    lines = links(bodies)
    place = data.draw(st.integers(0, len(lines) - 1))
    left = [*lines[:place], *lines[place + 1 :]]

    assert not is_whole(left, latest(lines))
    assert place == len(lines) - 1 or problems(left)


@given(st.lists(BODIES, min_size=1, max_size=4), st.data())
def test_a_record_put_in_or_repeated_is_seen(
    bodies: list[JsonMapping], data: st.DataObject
) -> None:
    lines = links(bodies)
    place = data.draw(st.integers(0, len(lines)))
    strange = data.draw(st.sampled_from([*lines, b"\n", b"{}\n", links([{"x": 1}])[0]]))

    assert not is_whole([*lines[:place], strange, *lines[place:]], latest(lines))


@given(st.lists(BODIES, min_size=1, max_size=4), st.data())
def test_a_cut_at_any_byte_is_seen_by_who_knows_the_head(
    bodies: list[JsonMapping], data: st.DataObject
) -> None:
    lines = links(bodies)
    written = b"".join(lines)
    cut = written[: data.draw(st.integers(0, len(written) - 1))]

    assert not is_whole(split(cut), latest(lines))


@given(st.lists(BODIES, min_size=2, max_size=4), st.data())
def test_a_chain_written_anew_from_a_record_on_holds_but_lacks_the_old_head(
    bodies: list[JsonMapping], data: st.DataObject
) -> None:
    lines = links(bodies)
    place = data.draw(st.integers(0, len(bodies) - 1))
    anew = links([*bodies[:place], {"forged": True}, *bodies[place + 1 :]])
    assume(bodies[place] != {"forged": True})

    assert problems(anew) == []
    assert not is_whole(anew, latest(lines))


def test_an_old_head_is_found_in_its_place() -> None:
    lines = links([{"n": 1}, {"n": 2}, {"n": 3}])
    old = hashlib.sha256(lines[1][:-1]).hexdigest()

    assert chain.examine(lines, {old}).places == {old: 2}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([0, 2], "Record 3 stands where record 2 should be: records were removed, put in or moved"),
        ([1, 2], "Record 2 stands where record 1 should be"),
        ([0, 2, 1], "Record 3 stands where record 2 should be"),
        ([0, 1, 1, 2], "Record 2 stands where record 3 should be"),
        ([0, None, 1], "Line 2 is empty where record 2 should be."),
    ],
)
def test_the_record_is_named(lines: list[int | None], expected: str) -> None:
    whole = links([{"n": 1}, {"n": 2}, {"n": 3}])
    told = problems([b"\n" if place is None else whole[place] for place in lines])

    assert expected in told[0]


def test_a_changed_record_is_named_by_the_one_that_follows() -> None:
    lines = links([{"n": 1}, {"n": 2}, {"n": 3}])
    lines[1] = lines[1].replace(b'"n":2', b'"n":7')

    (told,) = problems(lines)

    assert told == (
        "Record 3 does not continue the one before it: record 2 was changed, or this one was "
        "changed, put in or moved."
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"\xff", "can't decode"),
        (b"nothing", "Expecting value"),
        (b"[]", "no mapping of at, body"),
        (b'{"seq":1}', "no mapping of at, body"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_line_that_is_no_record_is_named(line: bytes, expected: str) -> None:
    (told,) = problems([line + b"\n"])

    assert told.startswith("Record 1 cannot be read: ")
    assert expected in told


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"seq":1', b'"seq":true', "another type"),
        (b'"seq":1', b'"seq":1.0', "another type"),
        (b'"at":"t"', b'"at":null', "another type"),
        (b'{"at":"t"', b'{ "at":"t"', "not spelled as records are"),
        (b'"body":{"n":1}', b'"body":{"n":1,"n":1}', "not spelled as records are"),
        (b'"body":{"n":1}', b'"body":{"n":NaN}', "not spelled as records are"),
        (b'"body":{"n":1}', b'"body":{"n":"\\u0041"}', "not spelled as records are"),
    ],
)
def test_another_spelling_of_the_same_is_no_record(old: bytes, new: bytes, expected: str) -> None:
    (line,) = links([{"n": 1}])
    (told,) = problems([line.replace(old, new)])

    assert expected in told


def test_many_faults_are_told_up_to_ten() -> None:
    assert len(problems([b"\n"] * 50)) == chain.FAULTS_TOLD


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({1: "a"}, "the key 1 is no text"),
        ({"a": (1, 2)}, "(1, 2) is neither"),
        ({"a": float("nan")}, "not JSON compliant"),
        ({"a": "\ud800"}, "surrogates not allowed"),
        ({"a": b"x"}, "is neither"),
        ([1], "it is no mapping"),
    ],
)
def test_what_json_cannot_tell_is_not_recorded(value: object, expected: str) -> None:
    with pytest.raises(AuditError) as raised:
        chain.copied(value)
    assert expected in raised.value.problem


def test_a_copy_shares_nothing() -> None:
    inner: list[Json] = [1]
    copy = chain.copied({"a": inner})
    inner.append(2)

    assert copy == {"a": [1]}
