"""NCSES tables against the figures that were published and against plain SQL."""

from __future__ import annotations

import csv

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed, Intake
from fourseas.sources import ncses
from tests.sources.published import (
    SAMPLES,
    Row,
    broken_promises,
    compiles_in_both_engines,
    embedded_part,
    read,
    rows,
    stage,
)

OUTPUT, TOP_1, ATTRIBUTES, INDEX, PAIRS = ncses.SOURCE.intakes
FEEDS = [(intake, feed) for intake in ncses.SOURCE.intakes for feed in intake.feeds]

REGIONS = {
    "Africa",
    "Asia",
    "Australia and Oceania",
    "Central America and Caribbean",
    "EU-27 and United Kingdom",
    "Europe",
    "Gaza Strip",
    "Middle East",
    "North America",
    "Other Europe",
    "Other Europe, 2020",
    "Serbia and Montenegro",
    "South America",
    "West Bank",
}

Figures = dict[tuple[object, ...], float]


def _raw(duckdb: Backend, intake: Intake) -> ir.Table:
    return read(duckdb, intake, embedded_part(ncses.SOURCE, intake))


def _figures(table: ir.Table) -> Figures:
    """Return figures by unit, field, year, measure and counting."""
    names = ("unit_id", "field_id", "year", "measure", "counting")
    return {tuple(row[name] for name in names): row["value"] for row in rows(table)}  # type: ignore[misc]


@pytest.fixture(scope="module")
def output(duckdb: Backend) -> Figures:
    return _figures(ncses.output(_raw(duckdb, OUTPUT)))


@pytest.fixture(scope="module")
def top_1(duckdb: Backend) -> Figures:
    return _figures(ncses.top_1_percent(_raw(duckdb, TOP_1)))


@pytest.fixture(scope="module")
def coauthorship(duckdb: Backend) -> Figures:
    return _figures(ncses.coauthorship(_raw(duckdb, ATTRIBUTES)))


@pytest.fixture(scope="module")
def pairs(duckdb: Backend) -> list[Row]:
    return rows(ncses.pairs(_raw(duckdb, PAIRS)))


# Output


def test_the_world_published_3344037_works_in_2022_in_either_counting(output: Figures) -> None:
    assert output["WORLD", "all", 2022, "output", "full"] == 3_344_037
    assert output["WORLD", "all", 2022, "output", "fractional"] == 3_344_037


def test_units_are_200_economies_the_world_the_eu_and_the_unassigned(output: Figures) -> None:
    units = {unit for unit, *_ in output}
    of_2022 = {unit: output[unit, "all", 2022, "output", "full"] for unit in units}

    assert len(units) == 203
    assert (of_2022["EU27_2020"], of_2022["UNKNOWN"]) == (765_223, 40_391)
    assert len(output) == 203 * 15 * 20 * 2


def test_namibia_kosovo_and_taiwan_are_economies(output: Figures) -> None:
    found = [output[code, "all", 2022, "output", "full"] for code in ("NA", "XK", "TW")]

    assert found == [606, 820, 43_801]


def test_units_are_typed(duckdb: Backend) -> None:
    types = {(row["unit_id"], row["unit_type"]) for row in rows(ncses.output(_raw(duckdb, OUTPUT)))}
    others = {(unit, kind) for unit, kind in types if kind != "country"}

    assert others == {("WORLD", "world"), ("EU27_2020", "group"), ("UNKNOWN", "unknown")}
    assert all(len(str(unit)) == 2 for unit, kind in types if kind == "country")


def test_what_is_passed_over_are_regions_and_economies_without_a_code(duckdb: Backend) -> None:
    path = embedded_part(ncses.SOURCE, OUTPUT)
    named = duckdb.raw_sql(
        f"SELECT DISTINCT name FROM '{path}' WHERE country_code IS NULL"
    ).fetchall()

    assert {name for (name,) in named} - {"World", "EU-27", "Unassigned"} == REGIONS


def test_fractional_output_adds_up_to_the_world_and_puerto_rico_is_in_the_united_states(
    duckdb: Backend, output: Figures
) -> None:
    path = embedded_part(ncses.SOURCE, OUTPUT)
    ((without_code,),) = duckdb.raw_sql(
        f"""
        SELECT sum(articles) FROM '{path}'
        WHERE name IN ('Gaza Strip', 'West Bank', 'Serbia and Montenegro')
          AND year = 2022 AND field = 'all' AND counting = 'fractional'
        """
    ).fetchall()
    units = {unit for unit, *_ in output} - {"WORLD", "EU27_2020", "PR"}
    total = sum(output[unit, "all", 2022, "output", "fractional"] for unit in units)

    assert total + without_code == pytest.approx(3_344_037, abs=0.1)
    assert output["PR", "all", 2022, "output", "fractional"] == 569.66


def test_the_14_fields_have_ids_without_spaces_and_names(duckdb: Backend) -> None:
    names = {row["field_id"]: row["field_name"] for row in rows(ncses.fields(_raw(duckdb, OUTPUT)))}

    assert len(names) == 14
    assert names["physics"] == "Physics"
    assert (
        names["geosciences-atmospheric-sciences-and-ocean-sciences"]
        == "Geosciences, atmospheric sciences, and ocean sciences"
    )


def test_all_fields_together_belong_to_no_scheme_of_ncses(duckdb: Backend) -> None:
    schemes = {
        (row["scheme"], row["field_id"] == "all")
        for row in rows(ncses.output(_raw(duckdb, OUTPUT)))
    }

    assert schemes == {("all", True), ("ncses", False)}


# The world's 1% most cited


@pytest.mark.parametrize(
    ("unit", "fractional", "full"),
    [("US", 0.0141, 0.0166), ("CN", 0.0109, 0.0128), ("KE", 0.0049, 0.0145), ("WORLD", 0.01, 0.01)],
)
def test_shares_of_2020_in_the_top_1_percent(
    top_1: Figures, unit: str, fractional: float, full: float
) -> None:
    assert top_1[unit, "all", 2020, "top_1", "fractional"] == pytest.approx(fractional)
    assert top_1[unit, "all", 2020, "top_1", "full"] == pytest.approx(full)


def test_a_share_that_was_not_published_has_no_row(duckdb: Backend) -> None:
    records: list[Row] = [
        {
            "name": name,
            "country_code": code,
            "field": "physics",
            "counting": "whole",
            "year": 2020,
            "share_in_top_1_percent": share,
        }
        for name, code, share in (
            ("Namibia", "NA", 2.5),
            ("Kenya", "KE", None),
            ("Chad", "TD", float("nan")),
            ("Asia", None, 1.0),
            ("Other Europe", "NaN", 1.0),
        )
    ]

    assert _figures(ncses.top_1_percent(stage(duckdb, TOP_1, records))) == {
        ("NA", "physics", 2020, "top_1", "full"): pytest.approx(0.025)
    }


# Co-authorship


def test_the_world_had_755894_international_works_in_2022(coauthorship: Figures) -> None:
    assert coauthorship["WORLD", "all", 2022, "international", "full"] == 755_894
    assert coauthorship["WORLD", "all", 2022, "domestic", "full"] == 2_561_631


@pytest.mark.parametrize(
    ("code", "share"),
    [
        ("US", 0.39895),
        ("CN", 0.18676),
        ("GB", 0.66634),
        ("DE", 0.55766),
        ("JP", 0.31783),
        ("IN", 0.24158),
    ],
)
def test_international_shares_of_2022(
    output: Figures, coauthorship: Figures, code: str, share: float
) -> None:
    international = coauthorship[code, "all", 2022, "international", "full"]

    assert international / output[code, "all", 2022, "output", "full"] == pytest.approx(
        share, abs=1e-5
    )


def test_domestic_and_international_works_leave_incomplete_addresses(
    output: Figures, coauthorship: Figures
) -> None:
    rest = [
        output[unit, "all", year, "output", "full"]
        - coauthorship[unit, "all", year, "domestic", "full"]
        - coauthorship[unit, "all", year, "international", "full"]
        for unit, _, year, measure, _ in coauthorship
        if measure == "domestic"
    ]

    assert len(rest) == 47 * 20
    assert min(rest) >= 0
    assert max(rest) > 0


# Pairs and citations


def test_pairs_are_46_by_45_in_two_years_and_the_same_from_both_sides(pairs: list[Row]) -> None:
    joint = {(row["year"], row["unit_id"], row["partner_id"]): row["p"] for row in pairs}

    assert len(joint) == len(pairs) == 2 * 46 * 45 == 4_140
    assert all(joint[year, b, a] == p for (year, a, b), p in joint.items())
    assert all(a != b for _, a, b in joint)
    assert "WORLD" not in {unit for _, unit, _ in joint}


def test_pairs_without_joint_works_are_kept_as_zeros(pairs: list[Row]) -> None:
    assert sum(row["p"] == 0 for row in pairs) == 52


def test_the_worlds_row_of_the_pair_table_is_the_attribute_table(
    duckdb: Backend, coauthorship: Figures
) -> None:
    with_world = [
        row
        for row in rows(_raw(duckdb, PAIRS))
        if row["unit_code"] == "WORLD" or row["partner_code"] == "WORLD"
    ]

    assert len(with_world) == 2 * (1 + 2 * 46)
    for row in with_world:
        unit = row["partner_code"] if row["unit_code"] == "WORLD" else row["unit_code"]
        assert row["works"] == coauthorship[unit, "all", row["year"], "international", "full"]


def test_the_index_of_collaboration_is_the_published_one_in_4140_of_4140_cells(
    pairs: list[Row], coauthorship: Figures
) -> None:
    """IC = (joint works / works of one) / (works of the other / works of the world)."""
    with (SAMPLES / "ncses" / "collaboration_index.csv").open(encoding="utf-8") as lines:
        published = {
            (int(cell["year"]), cell["unit_code"], cell["partner_code"]): cell
            for cell in csv.DictReader(lines)
        }
    wrong = []
    for row in pairs:
        year, unit, partner = row["year"], row["unit_id"], row["partner_id"]
        works, others, world = (
            coauthorship[name, "all", year, "international", "full"]
            for name in (unit, partner, "WORLD")
        )
        index = (row["p"] / works) / (others / world)  # type: ignore[operator]
        cell = published.pop((year, unit, partner))  # type: ignore[arg-type]
        if abs(index - float(cell["collaboration_index"])) > 0.005 + 1e-9:
            wrong.append((year, unit, partner))

    assert wrong == []
    assert published == {}


@pytest.mark.parametrize(
    ("citing", "cited", "index"),
    [
        ("US", "CN", 0.48),
        ("CN", "US", 0.74),
        ("CN", "CN", 2.43),
        ("US", "US", 3.24),
        ("RU", "RU", 10.15),
        ("JP", "JP", 8.64),
    ],
)
def test_relative_citation_indexes_of_2020(
    duckdb: Backend, citing: str, cited: str, index: float
) -> None:
    cells = ncses.citation_index(_raw(duckdb, INDEX))
    of_all = cells.filter(cells.scheme == "all", cells.unit_id == citing, cells.partner_id == cited)

    assert [(row["relative_citation_index"], row["year"]) for row in rows(of_all)] == [
        (index, 2020)
    ]


def test_citation_indexes_are_of_42_by_42_countries_in_15_tables(duckdb: Backend) -> None:
    cells = rows(ncses.citation_index(_raw(duckdb, INDEX)))

    assert len(cells) == 42 * 42 * 15


@pytest.mark.parametrize("pair", FEEDS, ids=lambda pair: pair[1].compute.__name__)
def test_a_feed_keeps_what_its_table_promises(duckdb: Backend, pair: tuple[Intake, Feed]) -> None:
    intake, feed = pair

    assert broken_promises(feed.compute(_raw(duckdb, intake)), feed.writes) == []


def test_no_figure_is_written_twice(output: Figures, top_1: Figures, coauthorship: Figures) -> None:
    assert len(output | top_1 | coauthorship) == len(output) + len(top_1) + len(coauthorship)


def test_every_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(ncses.SOURCE)
