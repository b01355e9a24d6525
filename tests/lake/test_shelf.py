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
