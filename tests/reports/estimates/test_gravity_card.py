"""Gravity of the embedded registers, as a user asks for it."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.estimates.coefficients import as_csv, as_latex
from fourseas.reports.estimates.gravity import Question, gravity_card
from fourseas.reports.estimates.place import Place
from fourseas.reports.estimates.ties import movers_of_pairs, proximity_of_pairs
from fourseas.workspace import Workspace

YEAR = Question(years=(2019, 2019))
MATRIX = Place(register="matrix", definition_id="openalex", scheme="all", field_id="all")


def test_joint_works_fall_off_with_distance(lake: Workspace) -> None:
    card = gravity_card(lake, YEAR)
    rows = {str(row["regressor"]): row for row in card.sheets[0].rows}

    # Hoekman, Frenken & Tijssen (2010) and all later studies: below 0, and far from -1 of trade.
    assert -0.8 < float(str(rows["log of distance"]["estimate"])) < -0.2
    assert float(str(rows["shared official language"]["low"])) > 0
    assert "An association and no effect" in card.lead[1]


def test_a_card_says_what_it_covers_and_what_was_not_done(lake: Workspace) -> None:
    reading = gravity_card(lake, YEAR).sheets[0].reading

    assert "pairs were dropped" in reading.coverage
    assert "Not done" in reading.coverage
    assert "snapshot of 2024-08-27" in reading.source


def test_a_card_is_written_for_papers_and_programs(lake: Workspace) -> None:
    card = gravity_card(lake, YEAR)

    assert as_latex(card).count(r"\begin{tabular}") == len(card.sheets)
    assert "log of distance" in as_latex(card)
    assert as_csv(card).splitlines()[-1].startswith("colonial tie,")


def test_citations_of_standards_have_their_own_gravity(lake: Workspace) -> None:
    card = gravity_card(lake, Question(flow="citation", register="rfc", years=(2000, 2020)))

    assert card.title.startswith("Gravity of citations, 2000-2020")


def test_years_outside_the_data_are_refused_with_what_there_is(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"years 1890-1891.*\n.*matrix, 1990-2023"):
        gravity_card(lake, Question(years=(1890, 1891)))


def test_a_misspelt_field_is_met_by_those_that_are_near(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        gravity_card(lake, Question(field="chemistri"))


def test_closeness_of_fields_is_that_of_plain_sql(lake: Workspace) -> None:
    tie = proximity_of_pairs(lake, MATRIX)
    found = tie.table.set_index(["unit_id", "partner_id", "year"]).value

    with duckdb.connect() as con:
        (wanted,) = con.execute(
            """
            WITH x AS (
                SELECT unit_id, field_id, sum(credit) AS c FROM read_parquet(?)
                WHERE register = 'ncses' AND unit_type = 'country' AND scheme = 'ncses'
                  AND year IN (2014, 2015, 2016) AND unit_id IN ('BR', 'KR')
                GROUP BY ALL
            )
            SELECT sum(a.c * b.c) / sqrt(sum(a.c * a.c) * sum(b.c * b.c))
            FROM x AS a JOIN x AS b USING (field_id)
            WHERE a.unit_id = 'BR' AND b.unit_id = 'KR'
            """,
            [str(lake.lake.versions / lake.version / "unit_cells.parquet")],
        ).fetchall()[0]
    assert found["BR", "KR", 2019] == found["KR", "BR", 2019] == pytest.approx(wanted)
    assert "which published output does not tell apart" in tie.meaning


def test_persons_who_moved_are_those_of_plain_sql(lake: Workspace) -> None:
    rfc = replace(MATRIX, register="rfc", definition_id="standards")
    found = movers_of_pairs(lake, rfc).table.set_index(["unit_id", "partner_id", "year"]).value

    with duckdb.connect() as con:
        (wanted,) = con.execute(
            """
            SELECT count(*) FROM read_parquet(?)
            WHERE register = 'rfc' AND is_move AND year BETWEEN 2005 AND 2009
              AND ((unit_id = 'US' AND previous_id = 'GB')
                OR (unit_id = 'GB' AND previous_id = 'US'))
            """,
            [str(lake.lake.versions / lake.version / "person_homes.parquet")],
        ).fetchall()[0]
    assert wanted > 0
    assert found["US", "GB", 2010] == found["GB", "US", 2010] == pytest.approx(np.log1p(wanted))


def test_closeness_of_fields_is_estimated_and_its_years_and_source_are_told(
    lake: Workspace,
) -> None:
    card = gravity_card(
        lake, Question(years=(2019, 2019), covariates=("distance", "language", "proximity"))
    )
    rows = [str(row["regressor"]) for row in card.sheets[0].rows]
    reading = card.sheets[0].reading

    assert rows == ["log of distance", "shared official language", "closeness of fields"]
    assert "14 fields of ncses, 5 to 3 years before" in reading.definition
    assert "movement of persons" in reading.coverage
    assert "closeness of fields" not in reading.coverage
    assert "may be their own cause" in card.lead[-1]


def test_movement_is_refused_of_a_register_that_knows_no_persons(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"matrix knows no person.*\n.*rfc"):
        gravity_card(lake, Question(covariates=("distance", "mobility")))


def test_a_covariate_that_is_not_known_is_met_with_all(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match=r"named `distanc`.*\n.*proximity, mobility"):
        gravity_card(lake, Question(covariates=("distanc",)))


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        (Question(register="openalex"), "The register openalex is a corpus and no census"),
        (YEAR, "Between countries twice as far apart"),
    ],
)
def test_what_is_no_census_says_so_before_any_number(
    lake: Workspace, question: Question, lead: str
) -> None:
    card = gravity_card(lake, question)

    assert card.lead[0].startswith(lead)
