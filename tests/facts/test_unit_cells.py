"""`unit_cells`: units, collaboration classes and strata of works written down by hand."""

from __future__ import annotations

from collections.abc import Iterable

import ibis.expr.types as ir
import pytest
from hypothesis import given, settings

from fourseas.schema.cells import UNIT_CELLS
from tests.flat import differences
from tests.random_worlds import RandomWorld, worlds
from tests.world import (
    Author,
    Organization,
    Row,
    Work,
    authors,
    described,
    on_duckdb,
    rows,
    steps_to,
    world,
)

STEPS = steps_to(UNIT_CELLS)

EU_WITH_BRITAIN_UNTIL_2019: list[Row] = [
    {
        "group_id": "EU",
        "group_name": "EU",
        "country_code": country,
        "first_year": 1,
        "last_year": last_year,
        "source": "test",
    }
    for country, last_year in (("DE", 9999), ("FR", 9999), ("GB", 2019))
]
CLASSES = ("unit_id", "collaboration_class", "n", "credit")


def _cells(
    works: Iterable[Work],
    *,
    definition_id: str = "openalex",
    unit_type: str = "country",
    scheme: str = "all",
) -> ir.Table:
    """Return the cells of one definition, type of unit and scheme."""
    tables = world(works, memberships=EU_WITH_BRITAIN_UNTIL_2019)
    cells = on_duckdb(tables, STEPS).table("unit_cells")
    return cells.filter(
        (cells.definition_id == definition_id)
        & (cells.unit_type == unit_type)
        & (cells.scheme == scheme)
    )


@pytest.mark.parametrize(
    ("words", "collaboration_class"),
    [
        (("CN", "CN"), "domestic"),
        (("CN", "US"), "international"),
        (("CN+US",), "international"),
        (("CN", "US", "?"), "international"),
        (("CN", "?"), "unknown"),
        (("?",), "unknown"),
        ((), "unknown"),
    ],
)
def test_the_class_of_a_work_as_the_world_sees_it(
    words: tuple[str, ...], collaboration_class: str
) -> None:
    cells = _cells([Work(1, authors(*words))], unit_type="world")

    assert rows(cells, *CLASSES) == [("WORLD", collaboration_class, 1.0, 1.0)]


def test_a_work_whose_author_list_was_cut_off_may_hide_a_country() -> None:
    cells = _cells([Work(1, authors("CN", "CN"), is_authors_truncated=True)])

    assert rows(cells, *CLASSES, "n_truncated") == [("CN", "unknown", 1.0, 1.0, 1.0)]


def test_hong_kong_with_china_is_international_by_iso_and_domestic_like_cwts() -> None:
    work = Work(1, authors("HK", "CN"))

    assert rows(_cells([work]), *CLASSES) == [
        ("CN", "international", 1.0, 0.5),
        ("HK", "international", 1.0, 0.5),
    ]
    assert rows(_cells([work], definition_id="cwts-like"), *CLASSES) == [
        ("CN", "domestic", 1.0, 1.0)
    ]


def test_works_inside_a_group_stand_apart_from_those_with_others() -> None:
    works = [
        Work(1, authors("DE", "DE")),
        Work(2, authors("DE", "FR")),
        Work(3, authors("DE", "FR", "US")),
        Work(4, authors("DE", "?")),
        Work(5, authors("US", "CN")),
    ]

    assert rows(_cells(works, unit_type="group"), *CLASSES) == [
        ("EU", "domestic", 1.0, 1.0),
        ("EU", "international", 1.0, pytest.approx(2 / 3)),
        ("EU", "intra_group", 1.0, 1.0),
        ("EU", "unknown", 1.0, 0.5),
    ]


def test_britain_is_a_member_in_2019_and_a_partner_in_2020() -> None:
    works = [Work(1, authors("DE", "GB"), year=2019), Work(2, authors("DE", "GB"), year=2020)]
    cells = _cells(works, unit_type="group")

    assert rows(cells, "year", "collaboration_class", "credit") == [
        (2019, "intra_group", 1.0),
        (2020, "international", 0.5),
    ]


def test_a_work_of_britain_alone_is_of_the_group_in_2019_only() -> None:
    works = [Work(1, authors("GB"), year=2019), Work(2, authors("GB"), year=2020)]

    assert rows(_cells(works, unit_type="group"), "year") == [(2019,)]


def test_the_expansion_set_is_left_out() -> None:
    works = [Work(1, authors("CN")), Work(2, authors("CN"), is_xpac=True)]

    assert rows(_cells(works), "unit_id", "stratum", "n") == [("CN", "core", 1.0)]


def test_retracted_works_are_left_out_like_cwts_alone() -> None:
    works = [Work(1, authors("CN")), Work(2, authors("CN"), is_retracted=True)]

    assert rows(_cells(works), "n", "n_retracted") == [(2.0, 1.0)]
    assert rows(_cells(works, definition_id="cwts-like"), "n", "n_retracted") == [(1.0, 0.0)]


def test_a_work_that_one_persons_two_addresses_make_international_is_marked() -> None:
    works = [Work(1, authors("CN+US", "CN")), Work(2, authors("CN", "US"))]

    assert rows(_cells(works), "unit_id", "n", "n_double") == [("CN", 2.0, 1.0), ("US", 2.0, 1.0)]


def test_double_affiliation_is_judged_by_the_countries_of_the_definition() -> None:
    # By ISO no country is shared by both authors; with Hong Kong in China, China is.
    work = Work(1, authors("HK", "CN+US"))

    assert rows(_cells([work]), "unit_id", "n_double") == [("CN", 0.0), ("HK", 0.0), ("US", 0.0)]
    assert rows(_cells([work], definition_id="cwts-like"), "unit_id", "n_double") == [
        ("CN", 1.0),
        ("US", 1.0),
    ]


def test_unknown_holds_what_authors_without_a_country_lose() -> None:
    works = [Work(1, authors("CN", "US", "?", "?")), Work(2), Work(3, authors("CN"))]
    cells = _cells(works, unit_type="unknown")

    assert rows(cells, *CLASSES) == [
        ("UNKNOWN", "international", 1.0, 0.5),
        ("UNKNOWN", "unknown", 1.0, 1.0),
    ]


def test_a_work_counts_in_its_field_and_in_all_but_not_in_its_subfield() -> None:
    tables = world([Work(1, authors("CN"))])
    cells = on_duckdb(tables, STEPS).table("unit_cells")
    counted = cells.filter((cells.definition_id == "openalex") & (cells.unit_id == "CN"))

    assert rows(counted, "scheme", "field_id") == [("all", "all"), ("openalex_field", "17")]


def test_a_work_of_two_fields_is_divided_between_them() -> None:
    both = (("ietf_group", "tls", 0.75), ("ietf_group", "quic", 0.25))
    work = Work(1, authors("CN", "US"), subfield=None, fields=both)
    cells = _cells([work], scheme="ietf_group")

    assert rows(cells.filter(cells.unit_id == "CN"), "field_id", "n", "credit") == [
        ("quic", 0.25, 0.125),
        ("tls", 0.75, 0.375),
    ]


def test_open_access_is_counted_among_works_of_which_it_is_known() -> None:
    works = [
        Work(1, authors("CN"), is_oa=True),
        Work(2, authors("CN"), is_oa=False),
        Work(3, authors("CN")),
    ]

    assert rows(_cells(works), "n_oa", "n_oa_known") == [(1.0, 2.0)]


LEIDEN_AND_BEIJING = {
    "leiden": Organization("027bh9e22", "Leiden", "NL", 52.1601, 4.4970),
    "beijing": Organization(None, "Beijing", "CN", 39.9042, 116.4074),
    "nowhere": Organization(None, "Nowhere", "US"),
}
LEIDEN = Author({"NL": 1.0}, organizations={"NL": ("leiden",)})
BEIJING = Author({"CN": 1.0}, organizations={"CN": ("beijing",)})
NOWHERE = Author({"US": 1.0}, organizations={"US": ("nowhere",)})


def _of_organizations(works: Iterable[Work], *columns: str) -> list[tuple[object, ...]]:
    """Return columns of the cells of organizations by the first definition, all fields together."""
    tables = world(works) | described(LEIDEN_AND_BEIJING)
    cells = on_duckdb(tables, STEPS).table("unit_cells")
    chosen = cells.filter(
        (cells.definition_id == "openalex")
        & (cells.unit_type == "organization")
        & (cells.scheme == "all")
    )
    return rows(chosen, "unit_id", *columns)


def test_an_organization_is_named_by_its_ror_id_or_else_by_its_register() -> None:
    assert _of_organizations([Work(1, (LEIDEN, BEIJING))], "n", "credit", "n_double") == [
        ("027bh9e22", 1.0, 0.5, None),
        ("openalex:beijing", 1.0, 0.5, None),
    ]


def test_a_work_of_two_organizations_in_one_country_is_domestic_for_both() -> None:
    works = [
        Work(1, (Author({"CN": 1.0}, organizations={"CN": ("beijing", "nowhere")}),)),
        Work(2, (LEIDEN, BEIJING)),
    ]

    assert _of_organizations(works, "collaboration_class", "n") == [
        ("027bh9e22", "international", 1.0),
        ("openalex:beijing", "domestic", 1.0),
        ("openalex:beijing", "international", 1.0),
        ("openalex:nowhere", "domestic", 1.0),
    ]


def test_the_lead_of_organizations_is_known_where_the_organization_is() -> None:
    works = [
        Work(1, (LEIDEN, BEIJING)),
        Work(2, (Author({"US": 1.0}), LEIDEN)),
        Work(3, (Author(organizations={"?": ("nowhere",)}), LEIDEN, BEIJING)),
    ]
    leads = ("n", "first", "n_first_known", "part_first_known")

    assert _of_organizations(works, *leads) == [
        ("027bh9e22", 3.0, 1.0, 2.0, pytest.approx(1 / 2 + 1 / 3)),
        ("openalex:beijing", 2.0, 0.0, 2.0, pytest.approx(1 / 2 + 1 / 3)),
        ("openalex:nowhere", 1.0, 1.0, 1.0, pytest.approx(1 / 3)),
    ]


def test_organizations_have_fields_by_default_definitions_alone_and_no_domains() -> None:
    work = Work(1, (LEIDEN,), fields=(("openalex_domain", "3", 1.0), ("ietf_group", "tls", 1.0)))
    cells = on_duckdb(world([work]) | described(LEIDEN_AND_BEIJING), STEPS).table("unit_cells")
    of_organizations = cells.filter(cells.unit_type == "organization")

    assert rows(of_organizations, "definition_id", "scheme") == [
        ("cwts-like", "all"),
        ("ncses-like", "all"),
        ("openalex", "all"),
        ("openalex", "ietf_group"),
        ("openalex", "openalex_field"),
    ]


DISTANCES = ("n", "n_distance", "distance_full", "distance_frac", "n_long", "n_long_open")
BEIJING_TO_LEIDEN_KM = pytest.approx(7858.14754, abs=1e-4)


def test_a_work_is_as_far_for_each_of_its_units_as_its_organizations_are_apart() -> None:
    tables = world([Work(1, (LEIDEN, BEIJING))]) | described(LEIDEN_AND_BEIJING)
    cells = on_duckdb(tables, STEPS).table("unit_cells")
    chosen = cells.filter(
        (cells.definition_id == "openalex") & (cells.scheme == "all") & (cells.unit_id == "CN")
    )

    assert rows(chosen, *DISTANCES) == [
        (1.0, 1.0, BEIJING_TO_LEIDEN_KM, pytest.approx(7858.14754 / 2, abs=1e-4), 1.0, 0.0)
    ]


def test_a_work_that_lacks_a_place_is_long_if_the_places_known_are_far_apart() -> None:
    far, near = Work(1, (LEIDEN, BEIJING, NOWHERE)), Work(2, (LEIDEN, NOWHERE))

    assert _of_organizations([far, near], *DISTANCES)[0] == (
        "027bh9e22",
        *(2.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    )


def test_funding_is_counted_where_the_register_names_any_and_null_where_it_names_none() -> None:
    works = [
        Work(1, authors("CN"), funders=("A", "B")),
        Work(2, authors("CN")),
        Work(3, authors("CN"), register="bare"),
    ]

    assert rows(_cells(works), "register", "n", "n_funded") == [
        ("bare", 1.0, None),
        ("openalex", 2.0, 1.0),
    ]


CONSERVED = """
SELECT
    register, definition_id, scheme, field_id, year, stratum,
    coalesce(sum(credit) FILTER (unit_type IN ('country', 'unknown')), 0) AS parts,
    sum(n) FILTER (unit_type = 'world') AS whole
FROM unit_cells
GROUP BY ALL
HAVING abs(parts - whole) > 1e-9
"""


@settings(max_examples=10)
@given(worlds())
def test_credits_of_countries_and_unknown_are_the_works_of_the_world(
    random_world: RandomWorld,
) -> None:
    broken = random_world.build(UNIT_CELLS).raw_sql(CONSERVED).fetchall()

    assert broken == []


@settings(max_examples=4)
@given(worlds())
def test_the_order_of_works_and_parts_changes_nothing(random_world: RandomWorld) -> None:
    found, expected = (
        one.build(UNIT_CELLS).table("unit_cells").to_pyarrow().to_pylist()
        for one in (random_world.in_another_order(), random_world)
    )

    assert differences(found, expected, UNIT_CELLS.key) == []
