"""What the benchmark of the server counts and tells."""

from __future__ import annotations

import json
import random
from urllib.parse import urlsplit

import pytest

from benchmarks import serve_large
from benchmarks.serve import PAGES, REPORT, RESULTS, kept, next_page, percentile, report
from fourseas.web.app import PAGES as SERVED
from fourseas.web.app import page_of


def test_of_twenty_waits_the_nineteenth_is_that_of_95_of_100() -> None:
    assert percentile([float(20 - at) for at in range(20)], 0.95) == 19
    assert percentile([7.0], 0.95) == 7
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.95)


def test_a_goal_is_met_at_its_bound_and_missed_beyond() -> None:
    assert (kept(300, 300), kept(300.1, 300)) == ("met", "MISSED")


def test_whatever_is_asked_for_is_a_page() -> None:
    chance = random.Random(3)  # noqa: S311
    of_large = [address for one in serve_large.PAGES.values() for address in one]
    for address in (*PAGES, *of_large, *(next_page(chance) for _ in range(200))):
        page_of(urlsplit(address).path, SERVED)


def test_no_page_of_a_large_lake_is_asked_for_twice_as_a_new_one() -> None:
    addresses = [address for one in serve_large.PAGES.values() for address in one]

    assert len(addresses) == len({*addresses})


def test_the_page_tells_what_the_results_hold() -> None:
    found = json.loads(RESULTS.read_text(encoding="utf-8"))

    assert REPORT.read_text(encoding="utf-8") == report(found)
