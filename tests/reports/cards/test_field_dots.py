"""A country's fields as dots: each field of its table, its name where there is room."""

from __future__ import annotations

from fourseas.reports import vega
from fourseas.reports.cards.card import PICTURE_WIDTH, Picture, Sheet
from fourseas.reports.cards.field_dots import field_dots, field_told
from fourseas.reports.panel import Heading, Reading, Rows

READING = Reading("", "Fractional.", "NCSES.", "2 fields, 2020.", "", "")
HEADINGS = tuple(Heading(one, one) for one in ("field_name", "p", "activity_index", "pp_top_1"))


def sheet(*rows: tuple[str, float | None, float | None]) -> Sheet:
    """Return fields by activity and level, of 50 works each."""
    found: Rows = [
        {"field_name": name, "p": 50, "activity_index": activity, "pp_top_1": level}
        for name, activity, level in rows
    ]
    return Sheet(name="fields", title="", headings=HEADINGS, rows=found, reading=READING)


def dots(picture: Picture | None) -> Rows:
    """Return what a chart draws."""
    assert picture is not None
    datasets = picture.spec["datasets"]
    assert isinstance(datasets, dict)
    found: Rows = datasets["rows"]
    return found


def test_each_field_with_a_level_is_a_dot_and_others_are_counted() -> None:
    drawn = field_dots(
        sheet(("Chemistry", 0.8, 0.003), ("Physics", 2.0, 0.012), ("Law", 1.0, None)), "Brazil"
    )

    assert [dot["says"] for dot in dots(drawn)] == [
        "Chemistry: activity index 0.80, 0.30% of its works in the world's top 1%",
        "Physics: activity index 2.00, 1.20% of its works in the world's top 1%",
    ]
    assert drawn is not None
    assert drawn.reading.n == "2 fields, 2020."
    assert drawn.reading.coverage.endswith("; 1 without are left out.")


def test_a_field_of_no_activity_has_no_place_on_a_scale_of_factors() -> None:
    assert field_dots(sheet(("Law", 0.0, 0.003)), "Brazil") is None
    assert field_dots(sheet(), "Brazil") is None


def test_both_values_of_the_world_are_in_sight_of_a_country_far_below() -> None:
    drawn = field_dots(sheet(("Chemistry", 0.1, 0.001)), "Brazil")
    assert drawn is not None
    picture = vega.as_svg(drawn.spec | {"width": PICTURE_WIDTH})

    assert picture.count("stroke-dasharray") == 2
    assert picture.count('aria-label="Chemistry: activity index 0.10') == 1
    assert ">Chemistry</text>" in picture
    assert ">1.0%</text>" in picture


def test_names_of_dots_that_are_near_stand_to_unlike_sides() -> None:
    near = field_dots(sheet(*((name, 1.5, 0.004) for name in ("Chemistry", "Physics"))), "Brazil")
    alone = field_dots(sheet(("Chemistry", 1.5, 0.004)), "Brazil")

    assert [dot["align"] for dot in dots(near)] == ["left", "right"]
    assert [dot["align"] for dot in dots(alone)] == ["left"]


def test_names_of_dots_at_the_foot_stand_above_the_axis() -> None:
    at_foot = field_dots(
        sheet(*((name, 1.5, 0.0) for name in ("Chemistry", "Physics", "Law"))), "Brazil"
    )

    assert all(int(str(dot["dy"])) <= 0 for dot in dots(at_foot))


def test_a_field_is_told() -> None:
    fields = sheet(("Chemistry", 0.8, 0.003))

    assert field_told(fields, "Chemistry", "Brazil") == (
        "Chemistry: 50 works of Brazil, activity index 0.80, of them in the world's top 1% 0.30%."
    )
    assert field_told(fields, "Alchemy", "Brazil") == (
        "No works of Brazil in Alchemy are known here."
    )
