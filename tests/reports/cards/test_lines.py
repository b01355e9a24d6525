"""Lines over the years: broken where a year is missing, and each with a name of its own."""

from __future__ import annotations

import pytest
import vl_convert

from fourseas.reports import vega
from fourseas.reports.cards.lines import Line, Point, lines
from fourseas.reports.panel import Rows
from fourseas.reports.theme import LINES, Spec

HEIGHT = 234


def rows(spec: Spec) -> Rows:
    """Return the points that a chart draws."""
    datasets = spec["datasets"]
    assert isinstance(datasets, dict)
    found: Rows = datasets["rows"]
    return found


def names(spec: Spec) -> Rows:
    """Return the names at the ends of lines, with where they stand."""
    layers = spec["layer"]
    assert isinstance(layers, list)
    (found,) = (layer for layer in layers if layer["mark"]["type"] == "text")
    values: Rows = found["data"]["values"]
    return values


def line(name: str, *values: tuple[int, float]) -> Line:
    """Return a line of years and values, its look by its letter."""
    return Line(name, tuple(Point(year, value) for year, value in values), "abcde".find(name))


def test_a_line_is_broken_where_a_year_is_missing() -> None:
    spec = lines([line("a", (2000, 1), (2001, 2), (2003, 4), (2004, 5))], "count", height=HEIGHT)

    assert [row["run"] for row in rows(spec)] == ["a 0", "a 0", "a 1", "a 1"]


def test_each_point_says_line_year_value_and_bounds() -> None:
    bounded = Line("Brazil", (Point(2022, 0.375, 0.375, 0.38),), 0)
    spec = lines([bounded, line("b", (2022, 0.25))], "share", height=HEIGHT)

    assert [row["says"] for row in rows(spec)] == [
        "Brazil, 2022: 37.5%, 37.5% to 38.0%",
        "b, 2022: 25.0%",
    ]


def test_names_of_lines_that_end_alike_stand_apart() -> None:
    ended = [line(name, (2000, 100.0)) for name in "abc"]
    at = [float(str(one["at"])) for one in names(lines(ended, "count", height=HEIGHT))]

    # 200 points of height hold 108 works, a name takes 15 points of them.
    assert at == pytest.approx([100.0, 108.1, 116.2])


def test_names_stand_where_their_lines_end_although_another_ends_later() -> None:
    spec = lines([line("a", (2000, 5), (2001, 90)), line("b", (2000, 40))], "count", height=HEIGHT)

    assert names(spec) == [
        {"year": 2001, "at": 40, "line": "b"},
        {"year": 2001, "at": 90, "line": "a"},
    ]


def test_the_world_is_a_dashed_line_with_its_name() -> None:
    spec = lines([line("a", (2000, 0.004), (2001, 0.005))], "share", height=HEIGHT, world=0.01)
    drawn = vega.as_svg(spec | {"width": 400})

    assert drawn.count("stroke-dasharray") == 1
    assert ">world</text>" in drawn
    assert drawn.count('aria-label="a, 200') == 2


def test_each_line_has_a_color_and_a_shape_of_its_own() -> None:
    spec = lines([line(name, (2000, n)) for n, name in enumerate("abcde")], "count", height=HEIGHT)
    drawn = vega.as_svg(spec | {"width": 400})

    assert all(f'fill="{color}"' in drawn for color in LINES)
    assert len(set(LINES)) == len(LINES)


def test_a_line_keeps_its_color_where_another_is_not_drawn() -> None:
    drawn = vega.as_svg(lines([line("c", (2000, 1))], "count", height=HEIGHT) | {"width": 400})

    assert f'fill="{LINES[2]}"' in drawn
    assert not any(f'fill="{color}"' in drawn for color in LINES[:2])


def test_a_band_is_drawn_where_bounds_are_known_and_nowhere_else() -> None:
    bounded = Line("a", tuple(Point(year, 0.3, 0.2, 0.4) for year in (2020, 2021)), 0)
    layers = lines([bounded], "share", height=HEIGHT)["layer"]
    without = lines([line("a", (2020, 0.3))], "share", height=HEIGHT)["layer"]

    assert str(layers).count("'area'") == 1
    assert str(without).count("'area'") == 0


def test_a_chart_that_is_told_its_room_is_drawn_as_the_drawer_would_measure_it() -> None:
    spec = lines([line("a", (2000, 5), (2001, 90))], "count", height=HEIGHT) | {"width": 400}

    assert 'width="400" height="234"' in vega.as_svg(spec)
    assert vega.as_svg(spec) == vl_convert.vegalite_to_svg(spec)
