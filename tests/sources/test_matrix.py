"""The country pair matrix: both directions, the diagonal apart, and a few cells by hand."""

from __future__ import annotations

from collections import Counter

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed
from fourseas.sources import matrix
from tests.sources.published import (
    Row,
    broken_promises,
    compiles_in_both_engines,
    embedded_part,
    read,
    rows,
    stage,
)

(MATRIX,) = matrix.SOURCE.intakes


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    return read(duckdb, MATRIX, embedded_part(matrix.SOURCE, MATRIX))


@pytest.fixture(scope="module")
def pairs(raw: ir.Table) -> list[Row]:
    return rows(matrix.pairs(raw))


def _cell(year: int, a: str, b: str, works: int) -> Row:
    return {"year": year, "a": a, "b": b, "works": works}


def _joint(pairs: list[Row]) -> dict[tuple[object, ...], object]:
    return {(row["year"], row["unit_id"], row["partner_id"]): row["p"] for row in pairs}


def test_a_pair_stands_once_from_each_side_and_no_country_with_itself(pairs: list[Row]) -> None:
    joint = _joint(pairs)

    assert len(pairs) == len(joint) == 2 * 265_281
    assert all(unit != partner for _, unit, partner in joint)
    assert all(joint[year, b, a] == p for (year, a, b), p in joint.items())


def test_six_pairs_differ_in_the_file_by_one_work_and_the_greater_counts(
    duckdb: Backend, pairs: list[Row]
) -> None:
    path = embedded_part(matrix.SOURCE, MATRIX)
    found = duckdb.raw_sql(
        f"""
        SELECT m.year, m.a, m.b, greatest(m.works, t.works), abs(m.works - t.works)
        FROM '{path}' AS m JOIN '{path}' AS t ON m.year = t.year AND m.a = t.b AND m.b = t.a
        WHERE m.works <> t.works AND m.a < m.b
        """
    ).fetchall()
    joint = _joint(pairs)

    assert len(found) == 6
    assert {difference for *_, difference in found} == {1}
    assert [joint[year, a, b] for year, a, b, *_ in found] == [works for *_, works, _ in found]


def test_the_strongest_pairs_of_2023(pairs: list[Row]) -> None:
    joint = {
        (unit, partner): int(str(p).removesuffix(".0"))
        for (year, unit, partner), p in _joint(pairs).items()
        if year == 2023 and str(unit) < str(partner)
    }
    strongest = Counter(joint).most_common(4)

    assert dict(strongest) == {
        ("CN", "US"): 72_794,
        ("GB", "US"): 63_348,
        ("DE", "US"): 45_440,
        ("CA", "US"): 45_217,
    }


def test_the_diagonal_is_the_international_works_of_a_country(raw: ir.Table) -> None:
    figures = rows(matrix.international_works(raw))
    of_2023 = {row["unit_id"]: row["value"] for row in figures if row["year"] == 2023}

    assert len(figures) == 7_735
    assert len({row["unit_id"] for row in figures}) == 248
    assert {(row["measure"], row["counting"]) for row in figures} == {("international", "full")}
    assert {code: of_2023[code] for code in ("US", "CN", "GB", "DE", "FR")} == {
        "US": 405_719,
        "CN": 237_887,
        "GB": 199_026,
        "DE": 145_905,
        "FR": 104_294,
    }


def test_no_pair_has_more_works_than_either_country(raw: ir.Table, pairs: list[Row]) -> None:
    totals = {
        (row["year"], row["unit_id"]): row["value"] for row in rows(matrix.international_works(raw))
    }

    assert [row for row in pairs if row["p"] > totals[row["year"], row["unit_id"]]] == []  # type: ignore[operator]


def test_namibia_and_kosovo_are_in_it(pairs: list[Row]) -> None:
    assert {"NA", "XK"} <= {row["unit_id"] for row in pairs}


def test_a_pair_that_stands_once_is_taken_for_both_directions(duckdb: Backend) -> None:
    cells = [_cell(2020, "NA", "DE", 3), _cell(2020, "NA", "NA", 4), _cell(2020, "DE", "DE", 3)]
    raw = stage(duckdb, MATRIX, cells)

    assert _joint(rows(matrix.pairs(raw))) == {(2020, "NA", "DE"): 3, (2020, "DE", "NA"): 3}


@pytest.mark.parametrize("feed", MATRIX.feeds, ids=lambda feed: feed.compute.__name__)
def test_a_feed_keeps_what_its_table_promises(raw: ir.Table, feed: Feed) -> None:
    assert broken_promises(feed.compute(raw), feed.writes) == []


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(matrix.SOURCE)
