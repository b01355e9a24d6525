"""What Spark needs for the same: reading the JSON of a snapshot, and the table of countries."""

import json
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

LEVEL = "struct<id: string, display_name: string>"
WORK = f"""
    id string, doi string, title string, type string, publication_year bigint, language string,
    primary_location struct<source: struct<type: string>>, open_access struct<is_oa: boolean>,
    is_retracted boolean, is_xpac boolean, is_authors_truncated boolean, cited_by_count bigint,
    countries_distinct_count bigint, referenced_works_count bigint,
    referenced_works array<string>, updated_date string,
    primary_topic struct<subfield: {LEVEL}, field: {LEVEL}, domain: {LEVEL}>,
    authorships array<struct<author_position: string, author: struct<id: string>,
        is_corresponding: boolean, countries: array<string>,
        institutions: array<struct<id: string, display_name: string, country_code: string>>,
        affiliations: array<struct<institution_ids: array<string>>>>>,
    funders array<{LEVEL}>,
    awards array<struct<funder_id: string, funder_display_name: string, funder_award_id: string>>
"""
"""The keys that fourseas reads."""

TOTALS = """
    SELECT count(*) AS records, sum(cited_by_count) AS citations,
        sum(size(authorships)) AS authorships,
        sum(size(array_distinct(referenced_works))) AS `references`
    FROM works"""

TABLE = """
WITH counted AS (
    SELECT work_id, year, cited_by_count, if(kind = 'review', 'article', kind) AS kind
    FROM works
    WHERE stratum = 'core' AND year IS NOT NULL AND kind IN ({kinds})
), placed AS (
    SELECT c.*, f.field_id FROM counted AS c
    JOIN work_fields AS f ON f.work_id = c.work_id AND f.scheme = 'openalex_subfield'
    WHERE cited_by_count IS NOT NULL
), levels AS (
    SELECT field_id, year, kind, cited_by_count, count(*) AS n
    FROM placed GROUP BY ALL
), ranked AS (
    SELECT *,
        sum(n) OVER (PARTITION BY field_id, year, kind ORDER BY cited_by_count DESC) - n AS above,
        sum(n) OVER (PARTITION BY field_id, year, kind) AS of_cell,
        sum(n * cited_by_count) OVER (PARTITION BY field_id, year, kind)
            / sum(n) OVER (PARTITION BY field_id, year, kind) AS mean
    FROM levels
), scores AS (
    SELECT p.work_id, if(mean > 0, p.cited_by_count / mean, 1.0D) AS ncs,
        greatest(0D, least(1D, (0.1D * of_cell - above) / n)) AS top_10
    FROM placed AS p JOIN ranked AS r USING (field_id, year, kind, cited_by_count)
), sizes AS (
    SELECT work_id, count(*) AS n_countries FROM work_countries GROUP BY work_id
)
SELECT country_code, f.field_id, year, count(*) AS p, sum(credit) AS p_frac,
    count_if(n_countries > 1) AS p_int, avg(ncs) AS mncs, avg(top_10) AS pp_top_10
FROM work_countries AS w
JOIN sizes USING (work_id)
JOIN counted USING (work_id)
JOIN work_fields AS f ON f.work_id = w.work_id AND f.scheme = 'openalex_field'
LEFT JOIN scores ON scores.work_id = w.work_id
GROUP BY country_code, f.field_id, year
"""


def read_json(spark, task):
    """Read the JSON of works with an explicit schema and write it as Parquet."""
    works = spark.read.schema(WORK).json(task["files"])
    works.write.mode("overwrite").option("compression", "zstd").parquet(task["out"])


def totals(spark, task):
    """Count what it has read, from what it has written."""
    spark.read.parquet(task["out"]).createOrReplaceTempView("works")
    return spark.sql(TOTALS).first().asDict()


def table(spark, task):
    """Compute the table of countries, fields and years."""
    for name in ("works", "work_fields", "work_countries"):
        path = f"{task['tables']}/{name}.parquet"
        spark.read.parquet(path).createOrReplaceTempView(name)
    kinds = ", ".join(f"'{kind}'" for kind in task["kinds"])
    found = spark.sql(TABLE.format(kinds=kinds))
    found.coalesce(1).write.mode("overwrite").parquet(task["out"])


def main():
    """Do what is asked for."""
    name, path = sys.argv[1:]
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", task["memory"])
        .config("spark.local.dir", task["work"])
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    began = time.perf_counter()
    found = {"read_json": read_json, "totals": totals, "table": table}[name](spark, task)
    inner_s = time.perf_counter() - began
    spark.stop()
    print(json.dumps({"inner_s": inner_s} | (found or {})))


if __name__ == "__main__":
    main()
