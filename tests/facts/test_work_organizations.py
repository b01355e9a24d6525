"""`work_organizations`: who is credited with a work, and who leads it, by organization."""

from __future__ import annotations

from hypothesis import given, settings

from fourseas.schema.facts import WORK_ORGANIZATIONS
from fourseas.schema.works import ORGANIZATIONS
from tests.random_worlds import RandomWorld, worlds
from tests.world import Author, Organization, Row, Work, described, on_duckdb, rows, steps_to, world

CWTS_TOY = Work(
    1,
    (
        Author({"US": 0.5, "CN": 0.5}, organizations={"US": ("US1",), "CN": ("CN1",)}),
        Author({"US": 1.0}, organizations={"US": ("US1",)}),
        Author({"GB": 1.0}, organizations={"GB": ("GB1", "GB2")}),
        Author(),
    ),
)
"""The toy of the Leiden Ranking; author 4 names nothing."""


def _divided(*works: Work) -> dict[str, Row]:
    """Return credit and leads by name of the organization."""
    names = {key for work in works for author in work.authors for _, key, _ in author.addresses()}
    named = {key: Organization() for key in sorted(name for name in names if name)}
    con = on_duckdb(world(works) | described(named), steps_to(WORK_ORGANIZATIONS, ORGANIZATIONS))
    found = con.table("work_organizations").inner_join(
        con.table("organizations"), "organization_id"
    )
    return {str(row["organization_key"]): row for row in found.to_pyarrow().to_pylist()}


def test_the_toy_of_the_leiden_ranking_is_divided_among_its_institutes() -> None:
    found = _divided(CWTS_TOY)

    assert {key: row["credit"] for key, row in found.items()} == {
        "CN1": 0.125,
        "GB1": 0.125,
        "GB2": 0.125,
        "US1": 0.375,
    }


def test_a_first_author_of_two_institutes_leads_half_for_each_and_the_last_for_none() -> None:
    found = _divided(CWTS_TOY)

    assert {key: (row["first"], row["last"]) for key, row in found.items()} == {
        "CN1": (0.5, 0.0),
        "GB1": (0.0, 0.0),
        "GB2": (0.0, 0.0),
        "US1": (0.5, 0.0),
    }


def test_an_organization_of_no_known_country_is_credited_all_the_same() -> None:
    found = _divided(Work(1, (Author(organizations={"?": ("IANA",)}), Author({"US": 1.0}))))

    assert found["IANA"]["credit"] == 0.5
    assert found["IANA"]["first"] == 1.0


def test_two_keys_with_one_ror_id_are_one_organization() -> None:
    work = Work(1, (Author({"NL": 1.0}, organizations={"NL": ("a", "b")}),))
    named = {key: Organization(ror_id="027bh9e22") for key in ("a", "b")}
    con = on_duckdb(world([work]) | described(named))

    assert rows(con.table("work_organizations"), "credit", "n_authors_here") == [(1.0, 1)]


WITHOUT = """
WITH without AS (
    SELECT work_id, w.n_authors, sum(share) AS share
    FROM affiliations
    INNER JOIN works AS w USING (work_id)
    WHERE organization_id IS NULL
    GROUP BY ALL
)

SELECT work_id, sum(credit) + coalesce(any_value(share) / any_value(n_authors), 0) AS spent
FROM work_organizations
LEFT JOIN without USING (work_id)
GROUP BY ALL
HAVING spent > 1 + 1e-9
"""


@settings(max_examples=6)
@given(worlds())
def test_organizations_and_addresses_without_one_hold_at_most_the_work(
    random_world: RandomWorld,
) -> None:
    assert random_world.build(WORK_ORGANIZATIONS).raw_sql(WITHOUT).fetchall() == []
