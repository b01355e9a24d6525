"""`rule_making` against numbers worked out by hand, plain SQL, its laws, and the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb
import ibis.expr.types as ir
import pytest
from hypothesis import given, settings

from fourseas import workspace
from fourseas.indicators.rule_making import INDICATOR
from fourseas.workspace import Workspace
from tests.random_worlds import RandomWorld, worlds
from tests.sources.published import EMBEDDED
from tests.world import Author, Row, Work, authors, measure, on_duckdb, steps_to, world

RFC = Work(0, kind="standard", register="rfc", subfield=None, year=2010)
SPECIFICATION = replace(RFC, register="3gpp", fields=(("3gpp_site", "not-printed", 1.0),))


def _rfc(key: int, *countries: str, year: int = 2010, references: tuple[int, ...] = ()) -> Work:
    return replace(RFC, key=key, authors=authors(*countries), year=year, references=references)


def _specification(key: int, country: str, site: str = "not-printed") -> Work:
    return replace(
        SPECIFICATION, key=key, authors=authors(country), fields=(("3gpp_site", site, 1.0),)
    )


def _science(unit_id: str, field: str, credit: float, counting: str, year: int = 2010) -> Row:
    return {
        "register": "ncses",
        "snapshot_on": "2023-04-30",
        "scope": "census",
        "definition_id": "ncses-published",
        "unit_type": {"WORLD": "world", "UNKNOWN": "unknown"}.get(unit_id, "country"),
        "unit_id": unit_id,
        "scheme": "ncses",
        "field_id": field,
        "year": year,
        "measure": "output",
        "counting": counting,
        "value": credit,
    }


def _measured(
    works: Iterable[Work],
    statistics: Iterable[Row] = (),
    *,
    scope: str = "census",
    year: int = 2010,
    years: int = 1,
) -> dict[tuple[object, object], Row]:
    """Return the rows of body and unit over all fields in one year."""
    tables = world(works, statistics=statistics, groups={"EU": ["DE", "FR"]}, scope=scope)
    found = measure(on_duckdb(tables, steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["register"], row["unit_id"]): row
        for row in found
        if (row["scheme"], row["year"], row["years"]) == ("all", year, years)
    }


FOUR = [
    _rfc(1, "CN", "CN"),
    _rfc(2, "CN", "US"),
    _rfc(3, "US", "?"),
    _rfc(4, "?", "DE"),
]
"""Credit: China 1.5, United States 1, Germany 0.5, unknown 1, of 4."""


def test_four_documents_by_hand() -> None:
    rows = _measured(FOUR)
    china = rows["rfc", "CN"]

    assert (china["p"], china["credit"]) == (2.0, 1.5)
    assert china["participation"] == pytest.approx(1.5 / 3)
    assert (china["participation_min"], china["participation_max"]) == (1.5 / 4, 2.5 / 4)
    assert china["coverage"] == pytest.approx(3 / 4)
    assert rows["rfc", "EU"]["participation"] == pytest.approx(0.5 / 3)
    assert ("rfc", "UNKNOWN") not in rows


def test_the_first_author_leads_and_one_without_a_country_leads_as_nobody() -> None:
    rows = _measured(FOUR)
    led = {unit: row["leadership"] for (_, unit), row in rows.items()}

    assert led == {
        "CN": pytest.approx(2 / 3),
        "US": pytest.approx(1 / 3),
        "DE": 0.0,
        "EU": 0.0,
        "WORLD": 1.0,
    }
    assert (rows["rfc", "DE"]["leadership_min"], rows["rfc", "DE"]["leadership_max"]) == (0.0, 0.25)
    assert rows["rfc", "DE"]["coverage_lead"] == 0.75


def test_openness_is_the_bodys_and_undecided_documents_bound_it() -> None:
    rows = _measured(FOUR).values()

    assert {(row["openness"], row["openness_min"], row["openness_max"]) for row in rows} == {
        (0.5, 0.25, 0.75)
    }


def test_a_document_is_adopted_if_a_later_one_cites_it_within_five_years() -> None:
    works = [
        _rfc(1, "CN"),
        _rfc(2, "CN", "US"),
        _rfc(3, "DE", year=2014, references=(1,)),
        _rfc(4, "DE", year=2015, references=(2,)),
    ]
    rows = _measured(works)

    assert rows["rfc", "CN"]["adoption"] == pytest.approx(1 / 1.5)
    assert rows["rfc", "US"]["adoption"] == 0.0
    assert rows["rfc", "WORLD"]["adoption"] == 0.5


@pytest.mark.parametrize(("year", "is_told"), [(2019, True), (2020, False)])
def test_adoption_waits_for_the_last_year_of_the_window(year: int, *, is_told: bool) -> None:
    works = [_rfc(1, "CN", year=year), _rfc(2, "CN", year=year, references=(1,))]
    row = _measured(works, year=year)["rfc", "CN"]

    assert (row["adoption"] == 0.5) is is_told
    assert ("years of citations are still to come" in str(row["not_computable"])) is not is_told


def test_five_years_add_up_and_say_so() -> None:
    works = [_rfc(1, "CN", year=2006), _rfc(2, "US", year=2005), _rfc(3, "US"), _rfc(4, "CN")]
    alone, together = _measured(works)["rfc", "CN"], _measured(works, years=5)["rfc", "CN"]

    assert (alone["p"], alone["participation"]) == (1.0, 0.5)
    assert (together["p"], together["participation"]) == (2.0, pytest.approx(2 / 3))


def test_no_row_is_later_than_the_last_document() -> None:
    found = _measured([_rfc(1, "CN")], year=2012, years=5)

    assert found == {}


FIGURES = [
    ("CN", "computer-and-information-sciences", 30.0),
    ("CN", "engineering", 30.0),
    ("US", "computer-and-information-sciences", 5.0),
    ("US", "engineering", 15.0),
    ("UNKNOWN", "engineering", 8.0),
    ("WORLD", "computer-and-information-sciences", 40.0),
    ("WORLD", "engineering", 48.0),
    ("CN", "physics", 500.0),
    ("WORLD", "physics", 900.0),
]
"""Of 80 works of the linked fields whose country is known, 60 are China's and 20 American."""

STATISTICS = [
    _science(unit, field, credit, counting)
    for unit, field, credit in FIGURES
    for counting in ("full", "fractional")
]


def test_the_ratio_to_science_by_hand_and_that_of_the_world_is_1() -> None:
    rows = _measured(FOUR, STATISTICS)

    assert rows["rfc", "CN"]["science_share"] == pytest.approx(60 / 80)
    assert rows["rfc", "CN"]["standards_to_science"] == pytest.approx(0.5 / 0.75)
    assert rows["rfc", "US"]["standards_to_science"] == pytest.approx((1 / 3) / 0.25)
    assert rows["rfc", "WORLD"]["standards_to_science"] == 1.0
    assert "NCSES has no figures" in str(rows["rfc", "DE"]["not_computable"])
    assert rows["rfc", "DE"]["standards_to_science"] is None


def test_where_no_science_is_of_unknown_countries_the_world_is_all_of_it() -> None:
    placed = [row for row in STATISTICS if row["unit_id"] != "UNKNOWN"]

    assert _measured(FOUR, placed)["rfc", "CN"]["science_share"] == pytest.approx(60 / 88)


def test_where_nobody_s_country_is_known_nothing_is_covered() -> None:
    rows = _measured([_rfc(1, "?"), _rfc(2, "?")])
    row = rows["rfc", "WORLD"]

    assert {unit for _, unit in rows} == {"WORLD"}
    assert (row["p"], row["coverage"], row["coverage_lead"]) == (2.0, 0.0, 0.0)


def test_science_of_five_years_is_told_only_where_all_five_are_known() -> None:
    five = [row | {"year": year} for year in range(2006, 2011) for row in STATISTICS]

    assert _measured(FOUR, STATISTICS, years=5)["rfc", "CN"]["science_share"] is None
    assert _measured(FOUR, five, years=5)["rfc", "CN"]["science_share"] == pytest.approx(0.75)


def test_a_specification_counts_for_the_head_office_and_beside_for_the_site() -> None:
    rows = _measured(
        [
            _specification(1, "CN"),
            _specification(2, "CN", site="GB"),
            _specification(3, "CN", site="SE"),
            _specification(4, "SE"),
            _specification(5, "?"),
        ]
    )
    found = {
        unit: (row["participation"], row["participation_by_site"])
        for (_, unit), row in rows.items()
    }

    assert found == {
        "CN": (0.75, 0.25),
        "SE": (0.25, 0.5),
        # Somebody wrote there for a company of China; none has its seat there.
        "GB": (0.0, 0.25),
        "WORLD": (1.0, 1.0),
    }
    of_countries = [found[unit] for unit in ("CN", "SE", "GB")]
    assert [sum(shares) for shares in zip(*of_countries, strict=True)] == [1.0, 1.0]


def test_a_site_alone_makes_no_author_and_no_leader() -> None:
    row = _measured([_specification(1, "CN", site="GB")])["3gpp", "GB"]

    assert (row["p"], row["credit"], row["leadership"], row["participation_max"]) == (0, 0, 0, 0)
    assert row["coverage"] == 1.0


def test_a_country_all_of_whose_specifications_name_a_site_abroad_has_none_by_site() -> None:
    row = _measured([_specification(1, "CN", site="GB")])["3gpp", "CN"]

    assert (row["participation"], row["participation_by_site"]) == (1.0, 0.0)


def test_of_3gpp_nothing_is_told_of_adoption_and_openness_and_why() -> None:
    row = _measured([_specification(1, "CN")])["3gpp", "CN"]

    assert (row["adoption"], row["openness"], row["openness_max"]) == (None, None, None)
    assert row["not_computable"] == (
        "adoption: no references of the body are known; "
        "openness: 3GPP names one rapporteur for a specification; "
        "science: NCSES has no figures of the unit for these years"
    )


def test_the_others_of_several_rapporteurs_are_unknown() -> None:
    two = replace(
        _specification(1, "CN"), authors=(Author({"CN": 1.0}), Author()), is_authors_truncated=True
    )
    row = _measured([two, _specification(2, "SE")])["3gpp", "CN"]

    assert row["participation"] == pytest.approx(0.5 / 1.5)
    assert (row["participation_min"], row["participation_max"]) == (0.25, 0.5)
    assert row["leadership"] == 0.5


@pytest.mark.parametrize("scope", ["corpus", "sample", "partial"])
def test_over_what_is_no_census_no_part_is_told(scope: str) -> None:
    row = _measured(FOUR, STATISTICS, scope=scope)["rfc", "CN"]

    assert row["p"] == 2.0
    for name in ("participation", "participation_max", "leadership", "openness", "science_share"):
        assert row[name] is None
    assert str(row["not_computable"]).startswith("shares: ")


def test_papers_are_no_standards() -> None:
    assert _measured([Work(1, authors("CN"), year=2010)]) == {}


@settings(max_examples=8)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_the_parts_of_countries_and_of_unknown_sum_to_1(random_world: RandomWorld) -> None:
    names = ("register", "definition_id", "scheme", "field_id", "year", "years")
    sums: dict[tuple[object, ...], list[float]] = {}
    for row in random_world.measure(INDICATOR):
        if row["unit_type"] == "country":
            place = sums.setdefault(tuple(row[name] for name in names), [0.0, 0.0, 0.0])
            place[0] += float(str(row["participation"]))
            place[1] += float(str(row["participation_min"]))
            place[2] = 1.0 - float(str(row["coverage"]))

    for of_known, of_all, unknown in sums.values():
        assert of_known == pytest.approx(1.0)
        assert of_all + unknown == pytest.approx(1.0)


@settings(max_examples=5)
@given(worlds())
def test_bounds_hold_the_value(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        for name in ("participation", "leadership", "openness"):
            value, low, high = (row[f"{name}{end}"] for end in ("", "_min", "_max"))
            if value is not None:
                assert float(str(low)) - 1e-9 <= float(str(value)) <= float(str(high)) + 1e-9


# The documents themselves

RFC_PART = f"""
    WITH author AS (
        SELECT rfc, unnest(authors, recursive := true), len(authors) AS n
        FROM '{EMBEDDED / "rfc" / "documents.parquet"}' WHERE year BETWEEN 2015 AND 2019
    )
    SELECT coalesce(country, '?') AS code, sum(1 / n), sum((position = 1)::INT)
    FROM author GROUP BY code
"""

SPECIFICATION_PART = f"""
    WITH named AS (
        SELECT
            list_filter(versions, v -> v.rapporteur IS NOT NULL)[1] AS v,
            list_min(list_transform(versions, v -> v.date)) AS d
        FROM '{EMBEDDED / "3gpp" / "specifications.parquet"}'
    )
    SELECT coalesce(v.head_office, '?') AS code, sum(1 / coalesce(v.n_rapporteurs, 1)), count(*)
    FROM named WHERE d BETWEEN '2015-01-01' AND '2019-12-31' GROUP BY code
"""


@pytest.fixture(scope="module")
def table(lake: Workspace) -> ir.Table:
    found = lake.computed("rule_making")
    return found.filter((found.scheme == "all") & (found.year == 2019) & (found.years == 5))


@pytest.mark.parametrize(
    ("register", "query", "n", "parts"),
    [
        ("rfc", RFC_PART, 1_261, {"CN": 0.066, "US": 0.495}),
        ("3gpp", SPECIFICATION_PART, 796, {"CN": 0.338, "US": 0.165}),
    ],
)
def test_parts_of_china_and_the_united_states_in_2015_to_2019_from_the_documents(
    table: ir.Table, register: str, query: str, n: int, parts: dict[str, float]
) -> None:
    listed = {str(code): (float(c), float(f)) for code, c, f in duckdb.sql(query).fetchall()}
    known = sum(credit for code, (credit, _) in listed.items() if code != "?")
    rows = {
        row["unit_id"]: row
        for row in table.filter(table.register == register).to_pyarrow().to_pylist()
    }

    assert rows["WORLD"]["p"] == n
    for code, part in parts.items():
        credit, first = listed[code]
        assert rows[code]["participation"] == pytest.approx(credit / known)
        assert rows[code]["participation"] == pytest.approx(part, abs=5e-4)
        assert rows[code]["participation_min"] == pytest.approx(credit / n)
        assert rows[code]["leadership_min"] == pytest.approx(first / n)


def test_of_rfcs_of_2015_to_2019_with_a_country_53_per_cent_are_international(
    table: ir.Table,
) -> None:
    (numbers,) = duckdb.sql(
        f"""
        WITH document AS (
            SELECT list_distinct(list_transform(authors, a -> a.country)) AS codes, authors
            FROM '{EMBEDDED / "rfc" / "documents.parquet"}' WHERE year BETWEEN 2015 AND 2019
        )
        SELECT
            count(*), count(*) FILTER (len(codes) >= 1), count(*) FILTER (len(codes) >= 2),
            count(*) FILTER (
                len(codes) = 1 AND len(list_filter(authors, a -> a.country IS NULL)) = 0
            )
        FROM document
        """
    ).fetchall()
    n, placed, joint, single = numbers
    row = table.filter((table.register == "rfc") & (table.unit_id == "WORLD")).to_pyarrow()
    (world_row,) = row.to_pylist()

    assert (n, placed, joint) == (1_261, 993, 526)
    assert world_row["openness"] == pytest.approx(joint / (joint + single))
    assert world_row["openness_min"] == pytest.approx(526 / 1_261)
    assert world_row["openness_min"] < 526 / 993 < world_row["openness"]


def test_the_site_of_subsidiaries_lifts_britain_from_4_to_18_per_cent(table: ir.Table) -> None:
    rows = table.filter((table.register == "3gpp") & (table.unit_id == "GB")).to_pyarrow()
    (row,) = rows.to_pylist()

    assert row["participation"] == pytest.approx(0.040, abs=5e-4)
    assert row["participation_by_site"] == pytest.approx(0.184, abs=5e-4)


def test_rule_making_is_among_the_indicators() -> None:
    assert workspace.indicator("rule_making") is INDICATOR
