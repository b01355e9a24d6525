"""The table of countries, fields and years in Polars, lazily and streaming."""

import json
import sys
import time

import polars as pl

CELL = ["field_id", "year", "kind"]
TOP = 0.1


def works_counted(lake, kinds):
    """Return the works that are counted; reviews are compared with articles."""
    works = pl.scan_parquet(f"{lake}/works.parquet").filter(
        pl.col("stratum") == "core", pl.col("kind").is_in(kinds), pl.col("year").is_not_null()
    )
    return works.select(
        "work_id", "year", "cited_by_count", kind=pl.col("kind").replace("review", "article")
    )


def fields(lake, scheme):
    """Return the field of each work in a classification."""
    of_works = pl.scan_parquet(f"{lake}/work_fields.parquet")
    return of_works.filter(pl.col("scheme") == scheme).select("work_id", "field_id")


def scored(works, subfields):
    """Return the normalised score of each work and its part in the top 10%, ties shared."""
    cited = works.filter(pl.col("cited_by_count").is_not_null())
    placed = cited.join(subfields, on="work_id")
    levels = placed.group_by(*CELL, "cited_by_count").agg(n=pl.len())
    n, cited_by = pl.col("n"), pl.col("cited_by_count")
    ranked = levels.sort("cited_by_count", descending=True).with_columns(
        above=n.cum_sum().over(CELL) - n,
        of_cell=n.sum().over(CELL),
        mean=(n * cited_by).sum().over(CELL) / n.sum().over(CELL),
    )
    top = (TOP * pl.col("of_cell") - pl.col("above")) / n
    scores = ranked.select(
        *CELL,
        "cited_by_count",
        ncs=pl.when(pl.col("mean") > 0).then(cited_by / pl.col("mean")).otherwise(1.0),
        top_10=top.clip(0, 1),
    )
    matched = placed.join(scores, on=[*CELL, "cited_by_count"])
    return matched.select("work_id", "ncs", "top_10")


def table(lake, kinds):
    """Return the table."""
    works = works_counted(lake, kinds)
    scores = scored(works, fields(lake, "openalex_subfield"))
    countries = pl.scan_parquet(f"{lake}/work_countries.parquet").select(
        "work_id", "country_code", "credit"
    )
    sizes = countries.group_by("work_id").agg(n_countries=pl.len())
    rows = (
        countries.join(sizes, on="work_id")
        .join(works.select("work_id", "year"), on="work_id")
        .join(fields(lake, "openalex_field"), on="work_id")
        .join(scores, on="work_id", how="left")
    )
    return (
        rows.group_by("country_code", "field_id", "year")
        .agg(
            p=pl.len(),
            p_frac=pl.col("credit").sum(),
            p_int=(pl.col("n_countries") > 1).sum(),
            mncs=pl.col("ncs").mean(),
            pp_top_10=pl.col("top_10").mean(),
        )
        .collect(engine="streaming")
    )


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    began, cpu = time.perf_counter(), time.process_time()
    found = table(task["tables"], task["kinds"])
    inner = time.perf_counter() - began, time.process_time() - cpu
    found.write_parquet(task["out"])
    print(json.dumps({"inner_s": inner[0], "inner_cpu_s": inner[1], "rows": len(found)}))
