"""Of a register with several schemes of fields, a table holds the fields of one."""

from __future__ import annotations

import pandas as pd

from fourseas.reports.cards.schemes import by_one_scheme, summed_over_most

FOUND = pd.DataFrame(
    [
        ("all", "all"),
        ("domain", "1"),
        ("domain", "2"),
        ("field", "11"),
        ("field", "12"),
        ("field", "13"),
        *(("challenge", str(one)) for one in range(4)),
    ],
    columns=["scheme", "field_id"],
)


def test_fields_are_of_the_scheme_with_most_that_divide_works_and_all_together_stay() -> None:
    found = by_one_scheme(FOUND)

    assert list(found.field_id) == ["all", "11", "12", "13"]


def test_a_field_that_is_asked_for_stands_among_those_of_its_scheme() -> None:
    assert list(by_one_scheme(FOUND, ["2"]).field_id) == ["all", "1", "2"]
    assert list(by_one_scheme(FOUND, ["3"]).field_id) == ["all", "0", "1", "2", "3"]


def test_fields_that_overlap_are_shown_where_there_are_no_others() -> None:
    overlapping = FOUND[FOUND.scheme == "challenge"]

    assert len(by_one_scheme(overlapping)) == 4
    assert by_one_scheme(FOUND.head(0)).empty


def test_sums_over_fields_are_of_the_scheme_with_most_in_each_register() -> None:
    found = pd.DataFrame(
        [
            ("one", "domain", 4.0, 0.1),
            ("one", "field", 26.0, 0.2),
            ("one", "field", 26.0, 0.3),
            ("other", "group", 4.0, 0.4),
            ("other", "site", 4.0, 0.5),
        ],
        columns=["register", "scheme", "n_fields", "gain"],
    )

    assert list(summed_over_most(found).gain) == [0.2, 0.3, 0.4]
    assert summed_over_most(found.head(0)).empty
