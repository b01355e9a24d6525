"""`funding_cells`: whose country paid for the works of which."""

from __future__ import annotations

import pytest

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


def test_two_keys_of_one_organization_are_one_funder_and_keys_of_nobody_are_two() -> None:
    work = Work(1, authors("CN"), funders=("Leiden", "Leids", "Nobody", "Nobody else"))
    university = Organization(ror_id="027bh9e22", name="Leiden University", country="NL")
    known = {"FLeiden": university, "FLeids": university}
    con = on_duckdb(world([work]) | described(known), steps_to(FUNDING_CELLS))
    cells = con.table("funding_cells")
    chosen = cells.filter((cells.definition_id == "openalex") & (cells.scheme == "all"))

    assert rows(chosen, "partner_id", "p", "p_joined") == [
        ("NL", pytest.approx(1 / 3), pytest.approx(1 / 3)),
        ("UNKNOWN", pytest.approx(2 / 3), 0.0),
    ]


def test_a_name_and_a_key_of_one_organization_are_one_funder() -> None:
    work = Work(1, authors("CN"), funders=("Leiden", "leiden university"))
    known = {"FLeiden": Organization(name="Leiden University", country="NL")}
    con = on_duckdb(world([work]) | described(known), steps_to(FUNDING_CELLS))
    cells = con.table("funding_cells")
    chosen = cells.filter((cells.definition_id == "openalex") & (cells.scheme == "all"))

    assert rows(chosen, "partner_id", "p", "p_joined") == [("NL", 1.0, 1.0)]
