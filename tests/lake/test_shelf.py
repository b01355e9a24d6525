"""What was made is kept up to a number of bytes."""

from __future__ import annotations

import sys

import pyarrow as pa

from fourseas.lake.shelf import Shelf, weight

A, B, C = (bytes([at]) * 1000 for at in range(3))


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    shelf = Shelf(weight(A) + weight(B))
    shelf.keep("a", A)
    shelf.keep("b", B)
    shelf.find("a")
    shelf.keep("c", C)

    assert (shelf.find("a"), shelf.find("b"), shelf.find("c")) == ((A,), (), (C,))
    assert len(shelf) == 2


def test_what_took_seconds_outlasts_what_is_soon_made_and_what_nobody_asks_for_goes() -> None:
    shelf = Shelf(3 * weight(A))
    shelf.keep("long", A, seconds=10)
    for at in range(5):
        shelf.keep(at, B, seconds=4)

    # Each that goes makes those that come dearer by its 4 seconds: the fourth is worth as much.
    assert shelf.find("long") == (A,)

    for at in range(5, 15):
        shelf.keep(at, B, seconds=4)

    assert shelf.find("long") == ()


def test_of_equal_seconds_the_larger_goes_first() -> None:
    shelf = Shelf(weight(A) + weight(A * 3))
    shelf.keep("small", A, seconds=1)
    shelf.keep("large", A * 3, seconds=1)
    shelf.keep("next", B, seconds=1)

    assert (shelf.find("small"), shelf.find("large"), shelf.find("next")) == ((A,), (), (B,))


def test_a_thing_is_made_once() -> None:
    shelf, made = Shelf(), []

    def make() -> bytes:
        made.append(1)
        return A

    assert [shelf.once("a", make) for _ in range(3)] == [A, A, A]
    assert made == [1]


def test_what_is_kept_again_takes_its_place_once() -> None:
    shelf = Shelf(weight(A) + weight(B))
    for _ in range(5):
        shelf.keep("a", A, seconds=1)
    shelf.keep("b", B)
    shelf.keep("c", C)

    assert (shelf.find("a"), shelf.find("b"), shelf.find("c")) == ((A,), (), (C,))
    assert shelf.n_bytes == weight(A) + weight(C)


def test_never_more_is_kept_than_the_bound() -> None:
    shelf = Shelf(5000)
    for at in range(100):
        shelf.keep(at % 7, bytes(at * 50))

        assert shelf.n_bytes <= 5000

    assert shelf.n_bytes == sum(weight(*shelf.find(at)) for at in range(7) if shelf.find(at))


def test_what_is_larger_than_the_shelf_is_not_kept() -> None:
    shelf = Shelf(100)
    shelf.keep("a", A)

    assert shelf.find("a") == ()
    assert shelf.n_bytes == 0


def test_parts_weigh_with_what_holds_them() -> None:
    assert weight({"a": [A, B]}) > weight(A) + weight(B)
    rows = [{"a": 1.5, "b": None}, {"a": ("x", True)}]
    by_hand = [rows, *rows, "a", 1.5, "b", None, "a", ("x", True), "x", True]
    assert weight(rows) == sum(sys.getsizeof(one) for one in by_hand)
    assert weight(pa.table({"x": pa.array([1, 2, 3], pa.int64())})) == 24
