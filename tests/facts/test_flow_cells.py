"""`flow_cells`: citations by citing and cited country, conserved, dated by the cited work."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

import ibis.expr.types as ir
import pandas as pd
import pytest
from hypothesis import given, settings

from fourseas.lake.check import check
from fourseas.schema.flows import FLOW_CELLS, LONGEST_LAG
from fourseas.workspace import Workspace
from tests.random_worlds import RandomWorld, worlds
from tests.world import Work, authors, on_duckdb, rows, steps_to, world

STEPS = steps_to(FLOW_CELLS)
FLOW = ("unit_id", "partner_id", "lag", "citations", "n")
CITED = Work(1, authors("CN", "CN", "US"), year=2010)
THIRD = pytest.approx(1 / 3)
TWO_THIRDS = pytest.approx(2 / 3)


def _flows(*works: Work, definition_id: str = "openalex", scheme: str = "all") -> ir.Table:
    cells = on_duckdb(world(works), STEPS).table("flow_cells")
    return cells.filter((cells.definition_id == definition_id) & (cells.scheme == scheme))


def test_a_citation_is_divided_by_the_credits_of_both_sides() -> None:
    citing = Work(2, authors("DE", "US"), year=2013, references=(1,))

    assert rows(_flows(CITED, citing), "unit_type", *FLOW) == [
        ("country", "DE", "CN", 3, THIRD, 1.0),
        ("country", "DE", "US", 3, pytest.approx(1 / 6), 1.0),
        ("country", "US", "CN", 3, THIRD, 1.0),
        ("country", "US", "US", 3, pytest.approx(1 / 6), 1.0),
        ("world", "WORLD", "WORLD", 3, 1.0, 1.0),
    ]


def test_what_authors_without_a_country_lose_is_credited_to_unknown() -> None:
    cited = Work(1, authors("CN", "?"), year=2010)
    citing = Work(2, authors("DE", "?", "?"), year=2010, references=(1,))

    assert rows(_flows(cited, citing), "unit_type", *FLOW) == [
        ("country", "DE", "CN", 0, pytest.approx(1 / 6), 1.0),
        ("country", "DE", "UNKNOWN", 0, pytest.approx(1 / 6), 1.0),
        ("unknown", "UNKNOWN", "CN", 0, THIRD, 1.0),
        ("unknown", "UNKNOWN", "UNKNOWN", 0, THIRD, 1.0),
        ("world", "WORLD", "WORLD", 0, 1.0, 1.0),
    ]


def test_two_works_without_any_author_cite_each_other_as_unknown() -> None:
    flows = _flows(Work(1, year=2010), Work(2, year=2010, references=(1,)))

    assert rows(flows, *FLOW[:2], "citations") == [
        ("UNKNOWN", "UNKNOWN", 1.0),
        ("WORLD", "WORLD", 1.0),
    ]


@pytest.mark.parametrize(
    ("citing_year", "lag"),
    [(2009, 0), (2010, 0), (2014, 4), (2010 + LONGEST_LAG, LONGEST_LAG), (2024, LONGEST_LAG)],
)
def test_the_lag_is_that_of_the_years_from_0_to_the_longest(citing_year: int, lag: int) -> None:
    citing = Work(2, authors("US"), year=citing_year, references=(1,))
    flows = _flows(Work(1, authors("CN"), year=2010), citing)

    assert rows(flows, "unit_id", "year", "lag") == [("US", 2010, lag), ("WORLD", 2010, lag)]


def test_the_field_is_that_of_the_cited_work_and_its_weights_multiply() -> None:
    halves = (("openalex_field", "17", 0.25), ("openalex_field", "26", 0.75))
    cited = Work(1, authors("CN"), subfield=None, fields=halves)
    citing = Work(2, authors("US"), subfield="3301", references=(1,))
    flows = _flows(cited, citing, scheme="openalex_field")

    assert rows(flows, "field_id", "unit_id", "citations", "n") == [
        ("17", "US", 0.25, 0.25),
        ("17", "WORLD", 0.25, 0.25),
        ("26", "US", 0.75, 0.75),
        ("26", "WORLD", 0.75, 0.75),
    ]


def test_hong_kong_cites_china_by_iso_and_china_itself_like_cwts() -> None:
    works = (Work(1, authors("CN")), Work(2, authors("HK", "CN"), references=(1,)))

    assert rows(_flows(*works), *FLOW[:2], "citations", "n") == [
        ("CN", "CN", 0.5, 1.0),
        ("HK", "CN", 0.5, 1.0),
        ("WORLD", "WORLD", 1.0, 1.0),
    ]
    assert rows(_flows(*works, definition_id="cwts-like"), *FLOW[:2], "citations", "n") == [
        ("CN", "CN", 1.0, 1.0),
        ("WORLD", "WORLD", 1.0, 1.0),
    ]


@pytest.mark.parametrize("citing", [Work(2, kind="standard", references=(1,)),
                                    Work(2, is_xpac=True, references=(1,)),
                                    Work(2, year=None, references=(1,))])  # fmt: skip
def test_a_work_that_the_definition_does_not_count_cites_nobody(citing: Work) -> None:
    assert rows(_flows(CITED, citing), *FLOW) == []


@settings(max_examples=5)
@given(worlds())
def test_swapping_who_cites_and_who_is_cited_transposes_the_flows(
    random_world: RandomWorld,
) -> None:
    """Of works of one year, so that field and lag do not depend on the direction."""
    works = [
        Work(w.key, w.authors, references=tuple(r for r in w.references if r != w.key))
        for w in random_world.works
    ]
    keys = {work.key for work in works}
    cited_by: dict[int, list[int]] = {key: [] for key in keys}
    for work in works:
        for cited in keys & {*work.references}:
            cited_by[cited].append(work.key)
    swapped = [Work(w.key, w.authors, references=tuple(cited_by[w.key])) for w in works]
    there, back = _matrix(works), _matrix(swapped)

    assert there == {(j, i): pytest.approx(value) for (i, j), value in back.items()}


def _matrix(works: Iterable[Work]) -> dict[tuple[object, object], list[object]]:
    return {(row[0], row[1]): [*row[2:]] for row in rows(_flows(*works), *FLOW)}


def test_flows_that_lose_a_citation_break_the_law() -> None:
    con = on_duckdb(world([CITED, Work(2, authors("DE"), references=(1,))]), STEPS)
    cells = con.table("flow_cells")
    check(con, cells, FLOW_CELLS)
    (law,) = FLOW_CELLS.laws

    assert law.violations(cells).count().execute() == 0
    assert law.violations(cells.filter(cells.partner_id != "US")).count().execute() > 0


def test_rfcs_cite_rfcs_90634_times(lake: Workspace) -> None:
    cells = lake.table("flow_cells")
    of_rfcs = cells.filter((cells.register == "rfc") & (cells.scheme == "all"))
    world_total = of_rfcs.filter(of_rfcs.unit_type == "world")
    parts = of_rfcs.filter(of_rfcs.unit_type != "world")

    assert world_total.citations.sum().execute() == 90_634
    assert parts.citations.sum().execute() == pytest.approx(90_634, rel=1e-12)


def test_flows_of_rfcs_equal_those_of_the_documents_themselves(lake: Workspace) -> None:
    """From the packaged file with pandas: no link, set, credit table or cell takes part."""
    cells = lake.table("flow_cells")
    names = ["US", "CN", "DE"]
    chosen = cells.filter(
        (cells.register == "rfc")
        & (cells.scheme == "all")
        & cells.unit_id.isin(names)
        & cells.partner_id.isin(names)
    )
    found = chosen.to_pandas().groupby(["unit_id", "partner_id"])[["citations", "n"]].sum()
    expected = _flows_of_documents(names)

    assert len(found) == 9
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)


def _flows_of_documents(names: list[str]) -> pd.DataFrame:
    path = resources.files("fourseas.embedded") / "rfc" / "documents.parquet"
    documents = pd.read_parquet(str(path), columns=["rfc", "year", "authors", "references"])
    written = documents.explode("authors").dropna(subset="authors")
    written["country"] = [author["country"] for author in written.authors]
    written["credit"] = 1 / written.groupby("rfc").rfc.transform("size")
    placed = written[written.country.isin(names)]
    credit = placed.groupby(["rfc", "country"])[["credit"]].sum().reset_index()
    references = documents[["rfc", "references"]].explode("references").dropna().drop_duplicates()
    references = references[references.rfc != references.references]
    sides = references.merge(credit.rename(columns={"country": "unit_id"}), on="rfc").merge(
        credit.rename(
            columns={"rfc": "references", "country": "partner_id", "credit": "partner_credit"}
        ),
        on="references",
    )
    sides["citations"] = sides.credit * sides.partner_credit
    sides["n"] = 1.0
    return sides.groupby(["unit_id", "partner_id"])[["citations", "n"]].sum()
