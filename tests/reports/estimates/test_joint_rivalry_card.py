"""Closeness of topics in works of a register that divides its fields."""

from __future__ import annotations

from itertools import combinations

import duckdb
import pytest

from fourseas.reports.estimates.joint_rivalry import FieldPlace, closeness_of_topics
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

PLACE = FieldPlace(
    register="openalex",
    definition=next(one for one in DEFINITIONS if one.definition_id == "openalex"),
    scheme="openalex_field",
    last=2024,
)

WITHOUT_JOINT = """
WITH profiles AS (
    SELECT f.field_id, c.country_code, sum(f.weight * c.credit) AS credit
    FROM works AS w
    JOIN work_fields AS f USING (work_id)
    JOIN work_countries AS c USING (work_id)
    JOIN fields AS named USING (scheme, field_id)
    WHERE w.register = 'openalex' AND w.year BETWEEN 2019 AND 2021
      AND f.scheme = 'openalex_subfield' AND named.parent_id = $field
      AND c.country_code IN ($a, $b)
      AND 2 > (
          SELECT count(*) FROM work_countries AS side
          WHERE side.work_id = w.work_id AND side.country_code IN ($a, $b)
      )
    GROUP BY ALL
)
SELECT sum(a.credit * b.credit) / (
    SELECT sqrt(sum(credit * credit) FILTER (WHERE country_code = $a)
              * sum(credit * credit) FILTER (WHERE country_code = $b)) FROM profiles
)
FROM profiles AS a JOIN profiles AS b USING (field_id)
WHERE a.country_code = $a AND b.country_code = $b
"""


def test_closeness_of_topics_without_joint_works_is_that_of_plain_sql(lake: Workspace) -> None:
    countries, fields = ["CA", "CN", "DE", "GB", "IN", "JP", "US"], ["17", "22", "27"]
    found = closeness_of_topics(lake, PLACE, countries, fields, least=0.01)
    assert found is not None

    compared = 0
    folder = lake.lake.versions / lake.version
    with duckdb.connect() as con:
        for name in ("works", "work_fields", "work_countries", "fields"):
            con.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
        for (i, a), (j, b) in combinations(enumerate(countries), 2):
            for number, field in enumerate(fields):
                row = con.execute(WITHOUT_JOINT, {"field": field, "a": a, "b": b}).fetchone()
                if row is not None and row[0] is not None:
                    both = found[i, j, number], found[j, i, number]
                    assert both == pytest.approx((row[0], row[0]))
                    compared += 1

    assert compared > 0


def test_a_field_with_nothing_below_has_no_closeness_of_topics(lake: Workspace) -> None:
    assert closeness_of_topics(lake, PLACE, ["GB", "US"], ["no-such-field"]) is None
