"""`openness_profile`: components as their indicators have them, scores as plain SQL has them."""

from __future__ import annotations

from random import Random

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators import collaboration, home_bias, mobility, partner_concentration
from fourseas.indicators.openness_profile import COMPONENTS, INDICATOR, profile
from fourseas.schema.step import Indicator
from fourseas.workspace import Workspace
from tests.flat import differences, plain_sql
from tests.world import Row

PLACE = {
    "register": "rfc",
    "snapshot_on": "2024-01-06",
    "scope": "census",
    "definition_id": "standards",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
    "year": 2020,
    "counting": "full",
}
SCHEMA = pa.schema(
    {"unit_id": pa.string(), "p": pa.float64()} | dict.fromkeys(COMPONENTS, pa.float64())
)


def _countries(n: int, seed: int) -> list[Row]:
    """Return countries with random components, some of which are not known."""
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    return [
        {"unit_id": f"C{number}", "p": round(random.random() * 1000 + 1, 1)}
        | {
            name: None if random.random() < 0.1 else round(random.random(), 3)
            for name in COMPONENTS
        }
        for number in range(n)
    ]


def _profiles(countries: list[Row]) -> list[Row]:
    con = ibis.duckdb.connect(threads=1)
    schema = pa.schema([*(pa.field(name, pa.string()) for name in PLACE if name != "year")])
    schema = schema.append(pa.field("year", pa.int16()))
    for field in SCHEMA:
        schema = schema.append(field)
    rows = [PLACE | row for row in countries]
    con.create_table("known", pa.Table.from_pylist(rows, schema))
    return [dict(row) for row in profile(con.table("known")).to_pyarrow().to_pylist()]


def test_twelve_countries_by_hand() -> None:
    countries: list[Row] = [
        {"unit_id": f"C{n}", "p": 10.0, **dict.fromkeys(COMPONENTS, float(n))} for n in range(12)
    ]
    rows = {row["unit_id"]: row for row in _profiles(countries)}

    # Of 0 to 11 the mean is 5.5 and the variance of the population (12^2 - 1) / 12.
    assert rows["C11"]["openness"] == pytest.approx(5.5 / (143 / 12) ** 0.5)
    assert rows["C0"]["z_mobility"] == pytest.approx(-5.5 / (143 / 12) ** 0.5)
    assert rows["C5"]["n_components"] == 4


def test_a_country_that_lacks_a_component_has_scores_of_the_others_and_no_composite() -> None:
    countries: list[Row] = [
        {"unit_id": f"C{n}", "p": 10.0, **dict.fromkeys(COMPONENTS, float(n))} for n in range(12)
    ]
    countries[3]["mobility"] = None
    row = next(row for row in _profiles(countries) if row["unit_id"] == "C3")

    assert (row["openness"], row["z_mobility"], row["n_components"]) == (None, None, 3)
    assert row["z_collaboration"] is not None


def test_what_is_as_size_has_it_is_nothing_beyond_size() -> None:
    countries: list[Row] = [
        {"unit_id": f"C{n}", "p": 2.0**n, **dict.fromkeys(COMPONENTS, float(-n))} for n in range(12)
    ]

    for row in _profiles(countries):
        assert row["openness_beyond_size"] == pytest.approx(0.0, abs=1e-9)


def test_fewer_than_ten_countries_make_no_score() -> None:
    countries: list[Row] = [
        {"unit_id": f"C{n}", "p": 1.0, **dict.fromkeys(COMPONENTS, float(n))} for n in range(9)
    ]

    assert {row["openness"] for row in _profiles(countries)} == {None}


@settings(max_examples=20)
@given(st.integers(1, 30), st.integers(0, 2**16))
def test_agrees_with_plain_sql(n: int, seed: int) -> None:
    countries = _countries(n, seed)
    con = ibis.duckdb.connect(threads=1)
    tables = {"world_components": pa.Table.from_pylist(countries, SCHEMA)}
    expected = plain_sql(con, INDICATOR.name, tables, counted=False)

    assert differences(_profiles(countries), expected, ["unit_id"]) == []


@settings(max_examples=10)
@given(st.integers(10, 30), st.integers(0, 2**16))
def test_scores_of_a_component_have_mean_0_and_variance_1(n: int, seed: int) -> None:
    rows = _profiles(_countries(n, seed))
    for name in COMPONENTS:
        scores = [float(str(row[f"z_{name}"])) for row in rows if row[f"z_{name}"] is not None]
        if scores:
            assert sum(scores) == pytest.approx(0.0, abs=1e-7)
            assert sum(score**2 for score in scores) == pytest.approx(len(scores))


@pytest.mark.parametrize(
    ("component", "indicator", "column", "sign"),
    [
        ("collaboration", collaboration.INDICATOR, "pp_int_collab", 1),
        ("partner_breadth", partner_concentration.INDICATOR, "hill_1", 1),
        ("mobility", mobility.INDICATOR, "mobility_rate", 1),
        ("knowledge_inflow", home_bias.INDICATOR, "home_bias", -1),
    ],
)
def test_components_are_those_of_their_indicators(
    lake: Workspace, component: str, indicator: Indicator, column: str, sign: int
) -> None:
    def of_finland(name: str, measure: str) -> dict[int, float]:
        table = lake.table(name)
        rows = table.filter(
            (table.unit_id == "FI")
            & (table.register == "rfc")
            & (table.scheme == "all")
            & (table.definition_id == "standards")
            & table[measure].notnull()
        ).to_pandas()
        counted = rows[rows.counting == "full"] if (rows.counting == "full").any() else rows
        return {int(year): float(x) for year, x in zip(counted.year, counted[measure], strict=True)}

    profiles = of_finland("openness_profile", component)
    own = of_finland(indicator.name, column)

    assert profiles
    assert profiles == pytest.approx({year: sign * x for year, x in own.items()})


def test_where_a_component_is_missing_the_reason_names_it(lake: Workspace) -> None:
    table = lake.table("openness_profile")
    row = (
        table.filter((table.unit_id == "BR") & (table.register == "ncses") & (table.year == 2020))
        .filter(table.counting == "full")
        .to_pandas()
        .iloc[0]
    )

    assert row.openness != row.openness
    assert "mobility" in row.not_computable
