"""What changed between two versions: planted changes, SQL of its own, and what must always hold."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow.parquet as pq
import pytest

import fourseas
from fourseas.catalog import INDICATORS
from fourseas.errors import FourseasError, UnknownNameError
from fourseas.lake.check import check
from fourseas.reports.changes import coverage, inventory, moves, telling, works
from fourseas.reports.changes.difference import PARTS, Asked, Difference, difference
from fourseas.workspace import Workspace

Z = 1.959963984540054
Row = dict[str, object]


@dataclass(frozen=True)
class Versions:
    """The two versions of the lake with planted changes."""

    before: Workspace
    after: Workspace


@pytest.fixture(scope="module")
def versions(changed_path: Path) -> Iterator[Versions]:
    """Open both versions."""
    with (
        fourseas.open(changed_path, version=1) as before,
        fourseas.open(changed_path, version=2) as after,
    ):
        yield Versions(before, after)


@pytest.fixture(scope="module")
def found(versions: Versions) -> Difference:
    """Compare them in everything."""
    return difference(versions.before, versions.after, Asked(threshold=0.05))


def rows(found: Difference, name: str) -> list[Row]:
    """Return the rows of a table."""
    return list(found.tables[name].to_pylist())


def wilson(share: float, n: int) -> tuple[float, float]:
    """Solve |p - share| = z sqrt(p (1 - p) / n) for p."""
    low, high = sorted(np.roots([1 + Z**2 / n, -(2 * share + Z**2 / n), share**2]).real)
    return float(low), float(high)


# By hand


def test_a_snapshot_in_the_place_of_another_is_told_with_the_parts_that_stayed(
    found: Difference,
) -> None:
    (openalex,) = [row for row in rows(found, "registers") if row["register"] == "openalex"]

    assert openalex == {
        "register": "openalex",
        "change": "another snapshot, other parts",
        "snapshot_before": "2024-06-30",
        "snapshot_after": "2024-09-30",
        "scope_before": "census",
        "scope_after": "census",
        "n_parts_before": 4,
        "n_parts_after": 4,
        "n_parts_same": 3,
        "n_records_before": 120,
        "n_records_after": 122,
    }
    assert rows(found, "schema") == []


def test_tables_that_grew_are_told(found: Difference) -> None:
    by_name = {row["table"]: row for row in rows(found, "rows")}

    assert by_name["works"]["change"] == 2
    assert by_name["works"]["relative_change"] == pytest.approx(2 / 120)
    assert by_name["countries"]["change"] == 0


def test_years_of_countries_that_changed_by_a_twentieth_are_listed_greatest_first(
    found: Difference,
) -> None:
    listed = [
        (row["unit_id"], row["year"], row["n_before"], row["n_after"], row["change"])
        for row in rows(found, "coverage")
    ]

    # Of 40 works each, DE and CN have as many as before; the world has 121 instead of 120.
    assert listed == [
        ("FR", 2020, 10, 30, 20),
        ("KE", 2020, None, 3, 3),
        ("IN", 2020, 10, 8, -2),
        ("US", 2020, 20, 22, 2),
        ("IN", 2019, None, 1, 1),
        ("WORLD", 2019, None, 1, 1),
    ]


def test_the_undecided_works_of_a_country_are_shares_of_its_works(found: Difference) -> None:
    (india,) = [r for r in rows(found, "coverage") if (r["unit_id"], r["year"]) == ("IN", 2020)]

    assert (india["pp_undecided_before"], india["pp_undecided_after"]) == (2 / 10, 2 / 8)
    assert india["relative_change"] == -0.2


def test_at_a_lower_threshold_the_world_is_listed_with_its_coverage(versions: Versions) -> None:
    asked = Asked(only=("coverage",), threshold=0.008)
    (world,) = [
        row
        for row in rows(difference(versions.before, versions.after, asked), "coverage")
        if (row["unit_id"], row["year"]) == ("WORLD", 2020)
    ]

    # Half of each of two works is credit of nobody knows where.
    assert world["coverage_before"] == pytest.approx(1 - 1 / 120)
    assert world["coverage_after"] == pytest.approx(1 - 1 / 121)


def test_a_country_of_the_second_snapshot_alone_is_new(found: Difference) -> None:
    assert rows(found, "countries") == [
        {
            "register": "openalex",
            "definition_id": "openalex",
            "unit_id": "KE",
            "change": "appeared",
            "n": 3.0,
        }
    ]


def collaboration_of(found: Difference, unit: str, counting: str = "full") -> list[Row]:
    """Return what became of a unit's international share in 2020."""
    return [
        row
        for row in rows(found, "indicators")
        if (row["indicator"], row["unit_id"], row["year"], row["counting"])
        == ("collaboration", unit, 2020, counting)
    ]


@pytest.mark.parametrize(
    ("unit", "shares", "works_of", "verdict"),
    [
        ("DE", (10 / 40, 30 / 40), (40, 40), "moved"),
        ("CN", (20 / 40, 22 / 40), (40, 40), "within"),
        ("WORLD", (30 / 118, 52 / 119), (118, 119), "moved"),
    ],
)
def test_a_share_moved_where_each_value_is_outside_the_interval_of_the_other(
    found: Difference,
    unit: str,
    shares: tuple[float, float],
    works_of: tuple[int, int],
    verdict: str,
) -> None:
    (row,) = collaboration_of(found, unit)
    spans = [wilson(share, n) for share, n in zip(shares, works_of, strict=True)]
    half = max(high - low for low, high in spans) / 2

    assert row["verdict"] == verdict
    for side, share, span in zip(("before", "after"), shares, spans, strict=True):
        assert row[f"value_{side}"] == pytest.approx(share)
        assert (row[f"low_{side}"], row[f"high_{side}"]) == pytest.approx(span)
    assert row["n_intervals"] == pytest.approx((shares[1] - shares[0]) / half)


def test_a_share_that_is_what_it_was_is_counted_and_not_listed(found: Difference) -> None:
    (counted,) = [
        row
        for row in rows(found, "measures")
        if (row["measure"], row["verdict"]) == ("pp_int_collab", "same")
    ]

    assert collaboration_of(found, "FR") == []
    assert int(str(counted["n"])) > 0


def test_a_number_without_an_interval_is_never_said_to_have_moved(found: Difference) -> None:
    # Fractional shares have none, and by them Germany went from 5 of 35 to 15 of 25.
    (row,) = collaboration_of(found, "DE", "fractional")

    assert (row["value_before"], row["value_after"]) == pytest.approx((5 / 35, 15 / 25))
    assert (row["verdict"], row["n_intervals"]) == ("no interval", None)


def test_a_number_of_a_new_country_appeared(found: Difference) -> None:
    (row,) = collaboration_of(found, "KE")

    assert (row["verdict"], row["value_before"], row["change"]) == ("appeared", None, None)


def test_what_moved_farthest_stands_first(found: Difference) -> None:
    listed = rows(found, "indicators")
    n_moved = sum(row["verdict"] == "moved" for row in listed)
    widths = [float(str(row["n_intervals"])) for row in listed[:n_moved]]

    assert (listed[0]["indicator"], listed[0]["unit_id"]) == ("collaboration", "DE")
    assert widths == sorted(widths, reverse=True)


def test_works_are_counted_by_what_became_of_them(found: Difference) -> None:
    assert {(r["change"], r["n"], r["examples"]) for r in rows(found, "works")} == {
        ("in both", 119, None),
        ("appeared", 3, "W601, W602, W603"),
        ("disappeared", 1, "W201"),
        ("other countries", 22, "W11, W12, W13, W14, W15"),
        ("another year", 1, "W202"),
        ("other fields", 1, "W203"),
    }


# Against SQL over the files of both versions


SHARES = """
WITH of_year AS (
    SELECT year, country_codes, n_authors_unknown > 0 AS is_open
    FROM read_parquet('{0}/works.parquet') JOIN read_parquet('{0}/country_sets.parquet')
    USING (country_set_id)
), of_country AS (
    SELECT unnest(country_codes) AS unit_id, year, len(country_codes) > 1 AS is_joint, is_open
    FROM of_year
)
SELECT unit_id, year, avg(is_joint::INT) AS share, count(*) AS n
FROM of_country WHERE is_joint OR NOT is_open GROUP BY ALL
"""


def test_verdicts_are_those_of_shares_counted_from_works(
    found: Difference, changed_path: Path
) -> None:
    counted = [
        {
            (unit, year): (share, *wilson(share, n))
            for unit, year, share, n in duckdb.sql(
                SHARES.format(changed_path / "versions" / version)
            ).fetchall()
        }
        for version in ("000001", "000002")
    ]
    told = {
        (row["unit_id"], row["year"]): row["verdict"]
        for row in rows(found, "indicators")
        if row["measure"] == "pp_int_collab"
        and row["unit_type"] == "country"
        and row["counting"] == "full"
    }
    expected = {}
    for place in {*counted[0]} | {*counted[1]}:
        old, new = (side.get(place) for side in counted)
        if old is None or new is None:
            expected[place] = "appeared" if old is None else "disappeared"
        elif not math.isclose(old[0], new[0]):
            is_out = not old[1] <= new[0] <= old[2] and not new[1] <= old[0] <= new[2]
            expected[place] = "moved" if is_out else "within"

    assert told == expected
    assert len(expected) == 4


# Laws


MIRRORED = {"appeared": "disappeared", "disappeared": "appeared"}


def test_the_other_way_round_the_same_numbers_moved(found: Difference, versions: Versions) -> None:
    back = difference(versions.after, versions.before, Asked())
    key = [name for name in moves.NUMBER_KEY if name != "year"] + ["year"]
    there, here = (
        {tuple(row[name] for name in key): row["verdict"] for row in rows(side, "indicators")}
        for side in (found, back)
    )

    assert {place: MIRRORED.get(str(v), v) for place, v in there.items()} == here
    assert {(r["change"], r["n"]) for r in rows(back, "works")} == {
        (MIRRORED.get(str(r["change"]), r["change"]), r["n"]) for r in rows(found, "works")
    }


def test_every_table_is_what_its_declaration_says(found: Difference) -> None:
    specs = (
        inventory.REGISTER_CHANGES,
        inventory.SCHEMA_CHANGES,
        inventory.SIZE_CHANGES,
        coverage.COVERAGE_CHANGES,
        coverage.COUNTRY_CHANGES,
        moves.MOVES,
        moves.COUNTS,
        works.WORK_CHANGES,
    )
    con = ibis.duckdb.connect()
    for spec in specs:
        check(con, con.create_table(spec.name, found.tables[spec.name]), spec)

    assert {spec.name for spec in specs} == {*found.tables}


def test_two_draws_of_the_same_works_move_as_often_as_is_said() -> None:
    drawn = np.random.default_rng(7).binomial(2000, 0.3, size=(2, 4000))
    shares = drawn / 2000
    spans = {int(n): wilson(n / 2000, 2000) for n in np.unique(drawn)}
    table = [
        ibis.memtable(
            {
                **{name: [""] * len(side) for name in moves.NUMBER_KEY},
                "year": [0] * len(side),
                "unit_id": [str(place) for place in range(len(side))],
                "value": side,
                "low": [spans[int(n)][0] for n in numbers],
                "high": [spans[int(n)][1] for n in numbers],
                "is_provisional": [False] * len(side),
            }
        )
        for side, numbers in zip(shares, drawn, strict=True)
    ]
    verdicts: ir.Table = moves.moves(*table)
    moved = verdicts.filter(verdicts.verdict == "moved").count().execute() / 4000

    assert moved == pytest.approx(telling.BY_CHANCE, abs=0.02)


def test_every_indicator_has_numbers_to_compare() -> None:
    assert all(moves.measures(one)[0].name == one.headline for one in INDICATORS)
    assert {one.name for one in INDICATORS if moves.is_of_pairs(one)} == {
        "affinity",
        "benefit_balance",
        "complementarity",
        "knowledge_flows",
        "lead_with_low_income",
        "position",
        "relatedness",
    }


# What cannot be compared


@pytest.fixture
def older(changed_path: Path, tmp_path: Path) -> Path:
    """Return a copy of the lake at its first version, with columns as another fourseas had them."""
    lake = tmp_path / "older"
    shutil.copytree(changed_path, lake)
    (lake / "CURRENT").write_text("000001\n", encoding="ascii")
    for name, renaming in (
        ("work_titles", {"title": "name"}),
        ("unit_cells", {"n_long": "n_far"}),
    ):
        path = lake / "versions" / "000001" / f"{name}.parquet"
        table = pq.read_table(path)
        pq.write_table(table.rename_columns([renaming.get(c, c) for c in table.column_names]), path)
    return lake


def test_a_renamed_column_is_gone_and_new_and_stops_only_what_reads_it(
    older: Path, versions: Versions
) -> None:
    with fourseas.open(older) as before:
        found = difference(before, versions.after, Asked())

    assert [row for row in rows(found, "schema") if str(row["name"]).startswith("work_titles")] == [
        {"kind": "column", "name": "work_titles.name", "before": "string", "after": None},
        {"kind": "column", "name": "work_titles.title", "before": None, "after": "string"},
    ]
    assert "coverage" not in found.tables
    (problem,) = [told for told in found.not_compared if "`collaboration`" in told]
    assert "unit_cells has no column n_long" in problem
    assert f"fourseas build {older}" in problem
    assert {row["n"] for row in rows(found, "works") if row["change"] == "appeared"} == {3}


def test_a_version_is_not_compared_with_itself(versions: Versions) -> None:
    with pytest.raises(FourseasError, match="does not differ from itself"):
        difference(versions.after, versions.after, Asked())


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Asked(indicators=("colaboration",)), "colaboration"),
        (Asked(only=("indicators",), countries=("Germny",)), "Germny"),
    ],
)
def test_a_slip_of_a_name_is_refused(versions: Versions, asked: Asked, problem: str) -> None:
    with pytest.raises(UnknownNameError, match=problem):
        difference(versions.before, versions.after, asked)


def test_a_threshold_is_a_share(versions: Versions) -> None:
    with pytest.raises(FourseasError, match="The threshold is 5"):
        difference(versions.before, versions.after, Asked(threshold=5))


def test_only_what_is_asked_for_is_compared(versions: Versions) -> None:
    found = difference(versions.before, versions.after, Asked(only=("works", "registers")))

    assert [*found.tables] == ["registers", "works"]
    assert set(PARTS) > {*found.tables}


def test_numbers_of_one_country_and_field_can_be_asked_for(versions: Versions) -> None:
    asked = Asked(
        only=("indicators",), countries=("IN",), fields=("27",), indicators=("collaboration",)
    )
    found = difference(versions.before, versions.after, asked)

    # Its one work in medicine is the one whose field changed.
    assert {(r["unit_id"], r["field_id"], r["verdict"]) for r in rows(found, "indicators")} == {
        ("IN", "27", "appeared")
    }


def test_a_definition_that_chooses_otherwise_is_not_compared(versions: Versions) -> None:
    share = versions.before.table("collaboration")
    (indicator,) = [one for one in INDICATORS if one.name == "collaboration"]
    numbers = moves.numbers(share, indicator)
    old = versions.before.kept("old_numbers", numbers)
    found = moves.moves(old, old, altered=["openalex"])

    told = found.select("definition_id", "verdict").distinct().to_pyarrow().to_pylist()

    assert {row["definition_id"]: row["verdict"] for row in told}["openalex"] == "other definition"
    assert {row["verdict"] for row in told if row["definition_id"] != "openalex"} == {"same"}
