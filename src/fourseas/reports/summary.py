"""The figures of the demo: what a newcomer can check against what others have published."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from fourseas.workspace import Workspace

YEAR_OF_LEVEL = 2020
LAST_YEAR = 2022
RFC_YEARS = (2015, 2019)
COUNTRIES_OF_LEVEL = ("US", "CN", "KE")
COUNTRIES_OF_SHARE = ("BR", "CN", "US")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that belongs to it.

    Attributes
    ----------
    figure
        What it is, in words.
    value
        The number as it should be read.
    definition
        Definition, counting, register and snapshot.
    coverage
        What part of the world it covers, or between which bounds it lies.
    """

    figure: str
    value: str
    definition: str
    coverage: str


def summary(ws: Workspace) -> tuple[Figure, ...]:
    """Return the headline figures of a lake of the embedded registers."""
    return (*_ncses(ws), *_rfc(ws), *_corpus(ws), *_association(ws))


def spearman(table: pd.DataFrame) -> float:
    """Return the rank correlation of international share and level."""
    ranks = table[["pp_int_collab", "pp_top_1"]].rank()
    return float(ranks["pp_int_collab"].corr(ranks["pp_top_1"]))


def level_and_openness(ws: Workspace) -> pd.DataFrame:
    """Return international share and top-1% share of economies, by the counting of the latter."""
    shares = _published(ws, "collaboration")
    levels = _published(ws, "impact")
    of_share = shares.filter(
        (shares.year == YEAR_OF_LEVEL)
        & (shares.counting == "full")
        & (shares.unit_type == "country")
        & shares.pp_int_collab.notnull()
    ).select("unit_id", "pp_int_collab")
    of_level = levels.filter(levels.year == YEAR_OF_LEVEL).select("unit_id", "counting", "pp_top_1")
    both = of_share.inner_join(of_level, "unit_id").order_by("counting", "unit_id")
    found: pd.DataFrame = both.to_pandas()
    return found


def _published(ws: Workspace, indicator: str) -> ir.Table:
    """Return the rows of an indicator that NCSES publishes for all fields together."""
    table = ws.computed(indicator)
    return table.filter((table.register == "ncses") & (table.scheme == "all"))


def _snapshot(ws: Workspace, register: str) -> str:
    registers = ws.table("registers")
    found = registers.filter(registers.register == register).to_pyarrow().to_pylist()
    return f"{register}, snapshot {found[0]['snapshot_on']}"


def _listed(table: ir.Table) -> list[dict[str, object]]:
    """Return the rows of the two years that figures are about."""
    chosen = table.filter(table.year.isin([YEAR_OF_LEVEL, LAST_YEAR]))
    return list(chosen.to_pyarrow().to_pylist())


def _row(rows: list[dict[str, object]], **values: object) -> dict[str, object]:
    """Return the one row that the values name."""
    (found,) = (row for row in rows if all(row[name] == v for name, v in values.items()))
    return found


def _number(row: dict[str, object], name: str) -> float:
    value = row[name]
    assert isinstance(value, int | float), f"{name} is {value}"
    return float(value)


def _ncses(ws: Workspace) -> list[Figure]:
    """Return the world's output, levels by both countings, and international shares."""
    snapshot = _snapshot(ws, "ncses")
    volumes, levels, shares = (
        _listed(_published(ws, name)) for name in ("volume", "impact", "collaboration")
    )
    world = _row(volumes, unit_id="WORLD", year=LAST_YEAR, counting="full")
    figures = [
        Figure(
            f"Works in Scopus as NCSES counts them, {LAST_YEAR}",
            f"{_number(world, 'p'):,.0f}",
            f"ncses-published; {snapshot}",
            f"country known of {_number(world, 'coverage'):.2%} of credit",
        )
    ]
    for country in COUNTRIES_OF_LEVEL:
        values = {
            counting: _number(
                _row(levels, unit_id=country, year=YEAR_OF_LEVEL, counting=counting), "pp_top_1"
            )
            for counting in ("fractional", "full")
        }
        figures.append(
            Figure(
                f"Share of its works among the world's 1% most cited, {country}, {YEAR_OF_LEVEL}",
                f"{values['fractional']:.2%} fractional, {values['full']:.2%} full",
                f"ncses-published, citations of three years; {snapshot}",
                "as published; no records, so no interval",
            )
        )
    for country in COUNTRIES_OF_SHARE:
        row = _row(shares, unit_id=country, year=LAST_YEAR, counting="full")
        figures.append(
            Figure(
                f"International share of works, {country}, {LAST_YEAR}",
                f"{_number(row, 'pp_int_collab'):.1%}",
                f"ncses-published, full, of all works; {snapshot}",
                f"{_number(row, 'pp_int_collab_min'):.1%} to "
                f"{_number(row, 'pp_int_collab_max'):.1%} as incomplete addresses may be",
            )
        )
    return figures


def _rfc(ws: Workspace) -> list[Figure]:
    """Return documents, those with a country, and China's part with its bounds."""
    snapshot = _snapshot(ws, "rfc")
    works = ws.table("works")
    sets = ws.table("country_sets")
    rfcs = works.filter(works.register == "rfc").inner_join(sets, "country_set_id")
    n_countries = rfcs.country_codes.length()
    first, last = RFC_YEARS
    is_listed = rfcs.year.between(first, last)
    is_chinese = rfcs.country_codes.contains("CN")
    is_open = (rfcs.n_authors_unknown > 0) | (rfcs.n_authors == 0)
    (counts,) = (
        rfcs.agg(
            documents=rfcs.count(),
            placed=(n_countries >= 1).sum(),
            international=(n_countries > 1).sum(),
            listed=is_listed.sum(),
            listed_placed=(is_listed & (n_countries >= 1)).sum(),
            chinese=(is_listed & is_chinese).sum(),
            possible=(is_listed & (is_chinese | is_open)).sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return [
        Figure(
            "RFC documents with a country",
            f"{counts['placed']:,}",
            f"standards, full; {snapshot}",
            f"of {counts['documents']:,} documents",
        ),
        Figure(
            "RFC documents with two countries or more",
            f"{counts['international']:,}",
            f"standards, full; {snapshot}",
            f"of {counts['placed']:,} with a country",
        ),
        Figure(
            f"RFC documents with an author in China, {first}-{last}",
            f"{counts['chinese'] / counts['listed_placed']:.1%}",
            f"standards, full, of documents with a country; {snapshot}",
            f"{counts['chinese'] / counts['listed']:.1%} to "
            f"{counts['possible'] / counts['listed']:.1%} if no or every unknown author were",
        ),
    ]


def _corpus(ws: Workspace) -> list[Figure]:
    """Return what is known of the countries of the OpenAlex corpus."""
    works = ws.table("works")
    sets = ws.table("country_sets")
    corpus = works.filter(works.register == "openalex").inner_join(sets, "country_set_id")
    n_countries = corpus.country_codes.length()
    (counts,) = (
        corpus.agg(
            works=corpus.count(),
            placed=(n_countries >= 1).sum(),
            international=(n_countries > 1).sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return [
        Figure(
            "OpenAlex works known to be international",
            f"{counts['international']:,}",
            f"all records of any kind, full; {_snapshot(ws, 'openalex')}",
            f"{counts['placed']:,} of {counts['works']:,} works have a country; a corpus, "
            "so nothing is said of the world",
        )
    ]


def _association(ws: Workspace) -> list[Figure]:
    """Return how openness goes with level under either counting."""
    figures = []
    for counting, table in level_and_openness(ws).groupby("counting"):
        figures.append(
            Figure(
                f"Rank correlation of international and top-1% share, {counting}",
                f"{spearman(table):.2f}",
                f"Spearman, {YEAR_OF_LEVEL}, ncses-published; {_snapshot(ws, 'ncses')}",
                f"{len(table)} economies; an association, not an effect",
            )
        )
    return figures
