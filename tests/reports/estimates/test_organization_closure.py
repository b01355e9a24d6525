"""Closing the ties of an organization, or of two countries in a field, in registers of works."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from fourseas.errors import AmbiguousNameError, NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.closure import Question, closure_card
from fourseas.reports.estimates.organization_closure import organization_closure_card
from fourseas.workspace import Workspace
from tests.reports.estimates.test_closure_card import number, sheet

YEARS = (2005, 2015)


def asked(second: str, organization: str = "rfc:ericsson", first: str = "WORLD") -> Question:
    """Return the closing of an organization in RFCs."""
    return Question(
        first=first,
        second=second,
        years=YEARS,
        organization=organization,
        redirected=0.5,
        register="rfc",
    )


@pytest.fixture(scope="module")
def of_two(lake: Workspace) -> Card:
    """Return the closing of two employers in RFCs, half of it redirected."""
    return organization_closure_card(lake, asked("rfc:cisco systems"))


def counted(lake: Workspace, sql: str) -> tuple[int, ...]:
    """Return the first row of plain SQL over the tables of the lake."""
    folder = lake.lake.versions / lake.version
    with duckdb.connect() as con:
        for name in ("works", "organizations", "work_organizations", "work_fields"):
            path = str(folder / f"{name}.parquet")
            con.read_parquet(path).create_view(name)
        con.read_parquet(str(folder / "work_countries.parquet")).create_view("work_countries")
        row = con.execute(sql).fetchone()
    assert row is not None
    return tuple(int(value) for value in row)


SIGNED = """
    SELECT DISTINCT w.work_id, o.organization_key AS name
    FROM works AS w JOIN work_organizations USING (work_id)
    JOIN organizations AS o USING (organization_id)
    WHERE w.register = 'rfc' AND w.year BETWEEN 2005 AND 2015
"""


def test_joint_works_of_two_organizations_are_those_of_plain_sql(
    lake: Workspace, of_two: Card
) -> None:
    both, alone = counted(
        lake,
        f"""
        WITH s AS ({SIGNED}), e AS (SELECT work_id FROM s WHERE name = 'ericsson')
        SELECT
            (SELECT count(*) FROM e JOIN s USING (work_id) WHERE name = 'cisco systems'),
            (SELECT count(*) FROM e JOIN
                (SELECT work_id FROM s GROUP BY work_id HAVING count(*) = 1) USING (work_id))
        """,
    )
    one, other = sheet(of_two, "sides")

    assert both > 0
    assert one["touched"] == other["touched"] == -both
    # In S1 all links of the organization stay: what it loses to the other ends elsewhere.
    assert number(one, "third") + number(one, "home") == pytest.approx(both)
    assert number(one, "touched") / number(one, "all_part") == pytest.approx(
        number(one, "joint") + alone
    )


def test_all_its_partners_are_in_the_network_although_it_is_bounded(
    lake: Workspace, of_two: Card
) -> None:
    (links,) = counted(
        lake,
        f"""
        WITH s AS ({SIGNED}), e AS (SELECT work_id FROM s WHERE name = 'ericsson')
        SELECT count(*) FROM e JOIN s USING (work_id) WHERE name <> 'ericsson'
        """,
    )
    one, _ = sheet(of_two, "sides")

    assert one["joint"] == links
    assert len(sheet(of_two, "countries")) == 300
    assert "are left out" in of_two.sheets[0].reading.coverage
    assert of_two.pictures == ()


def test_half_redirected_loses_half_of_the_links_of_each_side(of_two: Card) -> None:
    one, other = (row for row in sheet(of_two, "partly") if row["side"] != "third")
    lost = number(sheet(of_two, "sides")[0], "touched")

    for row in (one, other):
        assert number(row, "abroad") + number(row, "home") == pytest.approx(lost / 2)
    assert any("50% is redirected" in line for line in of_two.lead)


def test_it_closes_towards_all_others(lake: Workspace) -> None:
    card = organization_closure_card(lake, replace(asked("WORLD"), redirected=None))

    assert sheet(card, "sides")[0]["touched_part"] == -1
    # Some have no work but with this one, and cannot keep their links without it.
    assert "not worked out, because no flows" in card.lead[1]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (asked("KE"), "not of which country organizations are"),
        (
            asked("rfc:cisco", organization="rfc:cisco systems", first="SE"),
            "is of no known country, not of SE",
        ),
        (asked("US", organization="3gpp:huawei", first="US"), "is of CN, not of US"),
        (asked("rfc:isi"), "no joint work in these years|tells no works of"),
        (
            Question(
                first="WORLD",
                second="WORLD",
                years=(1950, 1960),
                organization="rfc:cisco",
                register="rfc",
            ),
            r"no work in these years by the register rfc; it has some in \d{4}-\d{4}",
        ),
        (
            Question(first="WORLD", second="WORLD", field="Radiation", organization="rfc:ericsson"),
            "no work in field Radiation",
        ),
    ],
)
def test_what_cannot_be_closed_is_refused_with_a_reason(
    lake: Workspace, question: Question, says: str
) -> None:
    with pytest.raises(NotComputableError, match=says):
        organization_closure_card(lake, question)


def test_a_name_of_several_or_of_nobody_is_refused(lake: Workspace) -> None:
    twice = "International Union for Conservation of Nature"
    with pytest.raises(AmbiguousNameError, match="2 organizations"):
        organization_closure_card(lake, asked("WORLD", organization=twice))
    with pytest.raises(UnknownNameError, match="no country and no organization named `Huawie`"):
        organization_closure_card(lake, asked("Huawie"))


def test_a_part_is_redirected_only_where_works_at_home_are_told(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"50% redirected.*--redirected|50% redirected"):
        closure_card(lake, Question(first="CN", second="US", register="matrix", redirected=0.5))


def test_joint_works_of_two_countries_in_a_field_are_those_of_plain_sql(lake: Workspace) -> None:
    card = closure_card(
        lake,
        Question(first="US", second="SE", register="rfc", field="ietf", years=YEARS),
    )
    (both,) = counted(
        lake,
        """
        SELECT count(DISTINCT w.work_id)
        FROM works AS w JOIN work_fields AS f USING (work_id)
        JOIN work_countries AS a ON a.work_id = w.work_id AND a.country_code = 'US'
        JOIN work_countries AS b ON b.work_id = w.work_id AND b.country_code = 'SE'
        WHERE w.register = 'rfc' AND w.year BETWEEN 2005 AND 2015
          AND f.scheme = 'ietf_stream' AND f.field_id = 'ietf'
        """,
    )

    assert both > 0
    assert card.title.endswith("2005-2015, field ietf")
    assert sheet(card, "sides")[0]["touched"] == -both


def test_a_field_without_pairs_is_refused_with_what_there_is(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match=r"no joint works of two countries there.*\n.*rfc"):
        closure_card(lake, Question(first="CN", second="US", field="chemistry", register="ncses"))
