"""Names of the embedded lake that are one organization, and what a person said of them."""

from __future__ import annotations

import csv
from pathlib import Path

from fourseas.workspace import Workspace

JUDGED = Path(__file__).parents[1] / "samples" / "affiliations" / "joined_checked.csv"
CALLED = JUDGED.with_name("called_checked.csv")
LEAST_RIGHT = 0.98
"""Share of the groups that are one organization."""


def _judged() -> dict[frozenset[str], bool]:
    """Return the keys that were joined, and whether rightly."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        return {
            frozenset(row["keys"].split("|")): row["is_right"] == "yes"
            for row in csv.DictReader(file)
        }


def test_the_names_that_are_joined_are_those_that_were_judged(lake: Workspace) -> None:
    ids = lake.table("organization_ids")
    by_name = ids.filter(ids.identified_by == "name")
    joined: dict[int, set[str]] = {}
    for row in by_name.to_pyarrow().to_pylist():
        key = f"{row['register']}:{row['organization_key']}"
        joined.setdefault(row["organization_id"], set()).add(key)

    assert {frozenset(keys) for keys in joined.values() if len(keys) > 1} == {*_judged()}


def test_a_name_that_one_organization_alone_bears_was_judged_where_it_is_that(
    lake: Workspace,
) -> None:
    with CALLED.open(encoding="utf-8", newline="") as file:
        judged = {row["name"]: row["ror_id"] for row in csv.DictReader(file)}
    ids = lake.table("organization_ids")
    by_name = ids.filter((ids.identified_by == "name") & (ids.register == "rfc"))
    described = lake.table("organizations").select("organization_id", "ror_id")
    known = by_name.inner_join(described, "organization_id")
    found = {
        row["organization_key"]: row["ror_id"]
        for row in known.filter(known.ror_id.notnull()).to_pyarrow().to_pylist()
    }

    assert len(found) > 50
    both = {*found} & {*judged}
    assert len(both) > 0.9 * len(found)
    assert {name: found[name] for name in both} == {name: judged[name] for name in both}


def test_nearly_all_that_are_joined_are_one_organization() -> None:
    judged = _judged()

    assert sum(judged.values()) / len(judged) >= LEAST_RIGHT
