"""The table of countries, fields and years as somebody would write it in pandas."""

import json
import sys
import time

import numpy as np
import pandas as pd

CELL = ["field_id", "year", "kind"]
TOP = 0.1


def works_counted(lake, kinds):
    """Return the works that are counted; reviews are compared with articles."""
    works = pd.read_parquet(
        f"{lake}/works.parquet",
        columns=["work_id", "year", "kind", "cited_by_count"],
        filters=[("stratum", "==", "core"), ("kind", "in", kinds)],
        read_dictionary=["kind"],
    )
    works = works[works.year.notna()]
    kind = works.kind.astype(str)
    return works.assign(
        kind=kind.where(kind != "review", "article").astype("category"),
        year=works.year.astype("int16"),
    )


def fields(lake, scheme):
    """Return the field of each work in a classification."""
    return pd.read_parquet(
        f"{lake}/work_fields.parquet",
        columns=["work_id", "field_id"],
        filters=[("scheme", "==", scheme)],
        read_dictionary=["field_id"],
    )


def scored(works, subfields):
    """Return the normalised score of each work and its part in the top 10%, ties shared."""
    placed = works.dropna(subset=["cited_by_count"]).merge(subfields, on="work_id")
    cells = placed.groupby(CELL, observed=True).cited_by_count
    mean = cells.transform("mean")
    placed["ncs"] = np.where(mean > 0, placed.cited_by_count / mean.where(mean > 0, 1), 1.0)
    levels = (
        placed.groupby([*CELL, "cited_by_count"], observed=True)
        .size()
        .rename("n")
        .reset_index()
        .sort_values("cited_by_count", ascending=False)
    )
    of_cell = levels.groupby(CELL, observed=True).n
    above = of_cell.cumsum() - levels.n
    levels["top_10"] = ((TOP * of_cell.transform("sum") - above) / levels.n).clip(0, 1)
    placed = placed.merge(levels.drop(columns="n"), on=[*CELL, "cited_by_count"])
    return placed[["work_id", "ncs", "top_10"]]


def table(lake, kinds):
    """Return the table."""
    works = works_counted(lake, kinds)
    scores = scored(works, fields(lake, "openalex_subfield"))
    countries = pd.read_parquet(
        f"{lake}/work_countries.parquet",
        columns=["work_id", "country_code", "credit"],
        read_dictionary=["country_code"],
    )
    n_countries = countries.groupby("work_id").work_id.transform("size")
    rows = (
        countries.assign(is_international=n_countries > 1)
        .merge(works[["work_id", "year"]], on="work_id")
        .merge(fields(lake, "openalex_field"), on="work_id")
        .merge(scores, on="work_id", how="left")
    )
    return (
        rows.groupby(["country_code", "field_id", "year"], observed=True)
        .agg(
            p=("work_id", "size"),
            p_frac=("credit", "sum"),
            p_int=("is_international", "sum"),
            mncs=("ncs", "mean"),
            pp_top_10=("top_10", "mean"),
        )
        .reset_index()
    )


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    began, cpu = time.perf_counter(), time.process_time()
    found = table(task["tables"], task["kinds"])
    inner = time.perf_counter() - began, time.process_time() - cpu
    found.to_parquet(task["out"])
    print(json.dumps({"inner_s": inner[0], "inner_cpu_s": inner[1], "rows": len(found)}))
