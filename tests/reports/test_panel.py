"""Tables behind charts, before a reader chooses."""

from __future__ import annotations

import pytest

from fourseas.reports.panel import FORMS, Form, Heading, Reading, Table, text


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (12345.0, "count", "12,345"),
        (0.42, "count", "0.42"),
        (-0.42, "count", "-0.42"),
        (7.0, "count", "7"),
        (7 - 1e-12, "count", "7"),
        (6.98, "count", "6.98"),
        (123.4, "count", "123"),
        (0.1256, "share", "12.6%"),
        (0.0141, "finer_share", "1.41%"),
        (0.0102, "points", "+1.02"),
        (-3.0, "change", "-3"),
        (2022, "year", "2022"),
        (1.005, "decimal", "1.0"),
        (0.666, "ratio", "0.67"),
        ("China", "text", "China"),
        (None, "share", "-"),
    ],
)
def test_values_are_written_by_their_form(value: object, form: Form, written: str) -> None:
    assert text(value, form) == written
    assert form in FORMS


def test_a_table_shows_rows_of_both_chosen_countries_the_greatest_first() -> None:
    table = Table(
        headings=(Heading("unit_id", "country"), Heading("p", "works", "count")),
        rows=[
            {"unit_id": "BR", "p": 1},
            {"unit_id": "IN", "p": 5},
            {"unit_id": "CN", "p": 2},
            {"unit_id": "CN", "p": None},
        ],
        follows="both",
        order="p",
    )

    assert table.shown() == (("CN", "2"), ("BR", "1"), ("CN", "-"))


def test_partners_leave_out_the_country_itself_and_other_fields() -> None:
    rows: list[dict[str, object]] = [
        {"unit_id": "BR", "partner_id": partner, "field_name": field}
        for partner in ("BR", "CN")
        for field in ("All fields", "Physics")
    ]
    table = Table(headings=(Heading("partner_id", "partner"),), rows=rows, follows="partners")

    assert table.shown() == (("CN",),)


def test_a_reading_has_all_its_lines_in_order() -> None:
    reading = Reading("what", "how", "from", "many", "between", "without")

    assert reading.lines == (
        ("Definition", "what"),
        ("Counting", "how"),
        ("Source", "from"),
        ("n", "many"),
        ("Bounds", "between"),
        ("Coverage", "without"),
    )
