"""Specifications of charts, compiled by the library that draws them."""

from __future__ import annotations

import re

import pytest
import vl_convert

from fourseas.reports import figures, vega
from fourseas.reports.map_shapes import map_shapes
from fourseas.reports.panel import Rows
from fourseas.reports.theme import DARK, Spec
from fourseas.reports.world_map import world_map

SERIES: Rows = [
    {
        "unit_id": code,
        "country_name": name,
        "year": year,
        "value": value,
        "low": value - 0.1,
        "high": value + 0.1,
    }
    for code, name in (("BR", "Brazil"), ("CN", "China"), ("IN", "India"))
    for year, value in ((2020, 0.4), (2021, 0.5))
]
FLOWS: Rows = [
    {
        "unit_id": unit,
        "partner_id": partner,
        "country_name": unit,
        "partner_name": partner,
        "field_name": field,
        "rci": 0.5,
        "back": 0.4,
        "own": 0.01,
        "theirs": 0.02,
        "standing": "ahead",
    }
    for unit, partner in (("BR", "CN"), ("CN", "BR"))
    for field in ("All fields", "Physics")
]
FIELDS = ["All fields", "Physics"]
LEVELS: Rows = [
    {"unit_id": unit, "country_name": unit, "field_name": field, "level": 0.01}
    for unit in ("BR", "CN")
    for field in FIELDS
]
OPENNESS: Rows = [
    {"unit_id": "BR", "country_name": "Brazil", "pp_int_collab": 0.4, "pp_top_1": 0.01},
    {"unit_id": "KE", "country_name": "Kenya", "pp_int_collab": 0.6, "pp_top_1": 0.02},
]
PERIODS: Rows = [
    {
        "unit_id": "BR",
        "country_name": "Brazil",
        "period": "2015-19",
        "documents": 2,
        "share": 0.2,
        "least": 0.1,
        "most": 0.6,
    }
]
PLACES: Rows = [
    {
        "m49": "702",
        "country_name": "Singapore",
        "latitude": 1.3,
        "longitude": 103.8,
        "is_small": True,
        "year": 2023,
        "works": 20_000,
        "partners": 30.0,
    }
]
PAIRS: Rows = [{"pair": "A | B", "joint": 3, "first_share": 0.02, "second_share": 0.3}]

SPECS: dict[str, Spec] = {
    "map": world_map(PLACES, map_shapes(), years=(2023, 2023)) | {"height": 300},
    "series": figures.series(SERIES, title="share", form=".0%"),
    "bounded": figures.bounded_series(PERIODS),
    "openness": figures.openness_and_level(OPENNESS, title="share", greatest=0.03),
    "levels": figures.levels_of_pair(LEVELS, FIELDS, high=0.01),
    "pair": figures.flows_of_pair(FLOWS, FIELDS),
    "flows": figures.flows_by_field(FLOWS, FIELDS, ["BR", "CN"]),
    "sides": figures.both_sides(PAIRS, title="share"),
}


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_can_be_drawn(name: str) -> None:
    drawn = vl_convert.vegalite_to_svg(SPECS[name] | {"width": 500})

    assert "aria-roledescription" in drawn
    assert "NaN" not in drawn


@pytest.mark.parametrize("name", SPECS)
def test_a_still_chart_is_drawn_as_one_with_hints(name: str) -> None:
    spec = SPECS[name] | {"width": 500}

    assert vega.as_svg(spec) == vl_convert.vegalite_to_svg(spec)


def test_cells_of_those_ahead_and_of_those_close_and_high_bear_a_sign_and_no_other() -> None:
    said = ("ahead", "close", "close and high", "behind")
    rows = [FLOWS[0] | {"field_name": name, "standing": name} for name in said]
    shown = figures.flows_by_field(rows, said, ["CN"])
    drawn = vega.as_svg(shown | {"width": 500})

    signs = drawn.partition('class="mark-symbol role-mark')[2].partition("</g>")[0]
    places = re.findall(r'transform="translate\(([\d.]+),', signs)
    outlines = re.findall(r' d="([^"]*)"', signs)
    assert float(places[1]) == pytest.approx(5 * float(places[0]))
    assert len({*outlines}) == len(outlines) == 2


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_is_as_wide_as_its_place(name: str) -> None:
    assert SPECS[name]["width"] == "container"


def test_a_color_of_the_house_has_one_role_and_turns_dark() -> None:
    assert len(set(DARK)) == len(DARK)
    assert all(light != dark for light, dark in DARK.items())


def test_a_share_of_one_side_is_drawn_to_the_left_and_of_the_other_to_the_right() -> None:
    drawn = vl_convert.vegalite_to_svg(SPECS["sides"] | {"width": 500})

    assert "2.0%" in drawn
    assert "30.0%" in drawn


def test_a_chart_of_no_rows_has_sides_too() -> None:
    assert figures.both_sides([], title="share")["height"] == 60


def test_the_world_is_drawn_with_one_shape_for_each_country() -> None:
    objects = map_shapes()["objects"]
    assert isinstance(objects, dict)
    numbers = [shape.get("id") for shape in objects["countries"]["geometries"]]

    assert len(numbers) == len(set(numbers)) > 200
    assert {"702", "470", "344"} <= set(numbers)
