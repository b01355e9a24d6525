"""`funding_cells`: whose country paid for the works of which."""

from __future__ import annotations

from fourseas.schema.cells import FUNDING_CELLS
from tests.world import Organization, Work, authors, described, on_duckdb, rows, steps_to, world

PAYERS = {
    "cern": Organization(name="European Laboratory", country="CH"),
    "leiden": Organization(name="Leiden University", country="NL"),
}


def test_a_work_is_divided_among_its_funders_and_counts_for_each_of_its_countries() -> None:
    work = Work(1, authors("CN", "NL"), funders=("Leiden University", "European Laboratory"))
    con = on_duckdb(world([work]) | described(PAYERS), steps_to(FUNDING_CELLS))
    cells = con.table("funding_cells")
    chosen = cells.filter((cells.definition_id == "openalex") & (cells.scheme == "all"))

    assert rows(chosen, "unit_id", "partner_id", "p", "p_frac") == [
        ("CN", "CH", 0.5, 0.25),
        ("CN", "NL", 0.5, 0.25),
        ("NL", "CH", 0.5, 0.25),
        ("NL", "NL", 0.5, 0.25),
    ]


def test_a_funder_with_two_awards_in_a_work_is_one_funder() -> None:
    work = Work(1, authors("CN"), funders=("Leiden University", "Leiden University", "Nobody else"))
    con = on_duckdb(world([work]) | described(PAYERS), steps_to(FUNDING_CELLS))
    cells = con.table("funding_cells")
    chosen = cells.filter((cells.definition_id == "openalex") & (cells.scheme == "all"))

    assert rows(chosen, "partner_id", "p") == [("NL", 0.5), ("UNKNOWN", 0.5)]


def test_the_id_of_a_funder_goes_before_its_name() -> None:
    work = Work(1, authors("CN"), funders=("Leiden University",))
    known = PAYERS | {"FLeiden University": Organization(name="Another fund", country="BE")}
    con = on_duckdb(world([work]) | described(known), steps_to(FUNDING_CELLS))
    cells = con.table("funding_cells")
    chosen = cells.filter((cells.definition_id == "openalex") & (cells.scheme == "all"))

    assert rows(chosen, "partner_id", "p") == [("BE", 1.0)]
