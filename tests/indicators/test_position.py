"""`position` by hand, against plain SQL over what was published, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

import duckdb
import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourseas.indicators.position import INDICATOR
from fourseas.schema.cells import CITATION_INDEX_CELLS, PAIR_CELLS, UNIT_CELLS
from fourseas.workspace import Workspace
from tests.flat import ORACLES, differences
from tests.world import Row, arrow, measure

CELL: Row = {
    "register": "ncses",
    "snapshot_on": "2023-12-07",
    "scope": "census",
    "definition_id": "ncses-published",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
    "year": 2020,
}


def _level(unit_id: str, top: float, p: float, **others: object) -> Row:
    """Return a cell of a country with so many of its works among the most cited 1%."""
    return CELL | {
        "unit_id": unit_id,
        "stratum": "core",
        "collaboration_class": "unstated",
        "n": p,
        "credit": p,
        "credit_scored": p,
        "top_1_frac": top,
        **others,
    }


WORLD = _level("WORLD", 100.0, 10_000.0, unit_type="world")


def _wrote(unit_id: str, year: int, credit: float, unit_type: str = "country") -> Row:
    """Return a cell of a country with so much of the authorship of RFCs."""
    return CELL | {
        "register": "rfc",
        "definition_id": "standards",
        "unit_type": unit_type,
        "unit_id": unit_id,
        "year": year,
        "stratum": "core",
        "collaboration_class": "domestic",
        "n": credit,
        "credit": credit,
    }


def _cites(unit_id: str, partner_id: str, index: float) -> Row:
    return CELL | {
        "unit_id": unit_id,
        "partner_id": partner_id,
        "relative_citation_index": index,
    }


def _positions(
    cells: Iterable[Row], *, cited: Iterable[Row] = (), joint: Iterable[Row] = ()
) -> dict[tuple[object, object], Row]:
    con = ibis.duckdb.connect()
    con.create_table("unit_cells", arrow(UNIT_CELLS, cells))
    con.create_table("pair_cells", arrow(PAIR_CELLS, joint))
    con.create_table("citation_index_cells", arrow(CITATION_INDEX_CELLS, cited))
    return {(row["unit_id"], row["partner_id"]): row for row in measure(con, INDICATOR)}


BOTH_WAYS = (_cites("BR", "CN", 0.5), _cites("CN", "BR", 0.4), _cites("BR", "BR", 20.0))


@pytest.mark.parametrize(
    ("own", "theirs", "standing"),
    [
        (6.0, 12.0, "ahead"),
        (12.0, 6.0, "behind"),
        (12.0, 11.0, "close and high"),
        (12.0, 9.0, "close"),
        (8.0, 6.0, "close"),
        (8.0, 5.9, "behind"),
        (0.0, 0.1, "ahead"),
        (10.0, 10.0, "close"),
    ],
)
def test_where_a_partner_stands(own: float, theirs: float, standing: str) -> None:
    cells = [WORLD, _level("BR", own, 1000.0), _level("CN", theirs, 1000.0)]

    row = _positions(cells, cited=BOTH_WAYS)["BR", "CN"]

    assert (row["standing"], row["not_computable"]) == (standing, None)


def test_a_position_by_hand() -> None:
    cells = [
        WORLD,
        _level("BR", 6.0, 1000.0),
        _level("CN", 36.0, 3000.0),
        _wrote("BR", 2020, 1.0),
        _wrote("CN", 2016, 3.0),
        _wrote("CN", 2015, 99.0),
        _wrote("CN", 2021, 99.0),
        _wrote("CN", 2018, 99.0) | {"register": "3gpp"},
        _wrote("CN", 2018, 99.0) | {"definition_id": "rfc-drafts"},
        _wrote("CN", 2018, 99.0) | {"scheme": "rfc_stream", "field_id": "iab"},
        _wrote("UNKNOWN", 2018, 4.0, unit_type="unknown"),
    ]
    joint = [CELL | {"unit_id": "BR", "partner_id": "CN", "p": 7.0}]
    found = _positions(cells, cited=BOTH_WAYS, joint=joint)
    row = found["BR", "CN"]

    assert set(found) == {("BR", "CN"), ("CN", "BR")}
    assert (row["level"], row["partner_level"]) == (pytest.approx(0.006), pytest.approx(0.012))
    assert row["level_gap"] == pytest.approx(0.006)
    assert row["level_measure"] == "top_1"
    assert (row["p_scored"], row["partner_p_scored"]) == (1000.0, 3000.0)
    assert (row["weight_in_top"], row["partner_weight_in_top"]) == (
        pytest.approx(0.06),
        pytest.approx(0.36),
    )
    assert (row["cites_partner"], row["cited_by_partner"]) == (0.5, 0.4)
    assert (row["p"], found["CN", "BR"]["p"]) == (7.0, None)
    assert (row["standards_share"], row["partner_standards_share"]) == (0.25, 0.75)
    assert row["standards_coverage"] == 0.5
    assert row["not_computable"] is None


def test_a_country_that_wrote_no_standard_has_a_part_of_none_where_any_are_known() -> None:
    levels = [WORLD, _level("BR", 6.0, 1000.0), _level("CN", 36.0, 3000.0)]
    shares = ("standards_share", "partner_standards_share")

    def told(*cells: Row) -> tuple[object, ...]:
        row = _positions([*levels, *cells], cited=BOTH_WAYS)["BR", "CN"]
        return tuple(row[name] for name in shares)

    assert told(_wrote("CN", 2020, 3.0)) == (0.0, 1.0)
    assert told() == (None, None)


def test_the_wider_of_two_measures_is_the_level() -> None:
    cells = [
        WORLD | {"top_10_frac": 1000.0},
        *(
            _level(unit, 10.0, 1000.0, top_10_frac=top, top_10_cross=top, top_10_frac2=top)
            for unit, top in (("BR", 50.0), ("CN", 120.0))
        ),
    ]
    row = _positions([cell | {"credit2_scored": cell["credit_scored"]} for cell in cells],
                     cited=BOTH_WAYS)["BR", "CN"]  # fmt: skip

    assert row["level_measure"] == "top_10"
    assert (row["level"], row["partner_level"]) == (0.05, 0.12)
    # Wilson's interval of 50 of 1000.
    assert (row["level_low"], row["level_high"]) == (
        pytest.approx(0.0381, abs=5e-5),
        pytest.approx(0.0653, abs=5e-5),
    )


def test_of_two_countries_without_a_work_at_the_top_nothing_is_told() -> None:
    cells = [WORLD, _level("BR", 0.0, 1000.0), _level("CN", 0.0, 1000.0)]
    row = _positions(cells, cited=BOTH_WAYS)["BR", "CN"]

    assert row["standing"] is None
    assert row["not_computable"] == "neither has a work among the most cited here"


def test_over_a_corpus_there_is_no_level() -> None:
    cells = [WORLD, _level("BR", 6.0, 1000.0), _level("CN", 36.0, 3000.0)]
    scope = {"scope": "corpus"}
    row = _positions([c | scope for c in cells], cited=[c | scope for c in BOTH_WAYS])["BR", "CN"]

    assert (row["standing"], row["level"], row["partner_weight_in_top"]) == (None, None, None)
    assert row["not_computable"] == "the register is a corpus and no outside baseline is named"


def test_a_country_whose_level_is_not_published_has_no_row() -> None:
    assert _positions([WORLD, _level("BR", 6.0, 1000.0)], cited=BOTH_WAYS) == {}


@given(
    st.floats(0, 900, allow_subnormal=False).map(lambda x: round(x, 3)),
    st.floats(0, 900, allow_subnormal=False).map(lambda x: round(x, 3)),
)
def test_seen_from_the_other_side_ahead_is_behind(own: float, theirs: float) -> None:
    cells = [WORLD, _level("BR", own, 1000.0), _level("CN", theirs, 1000.0)]
    found = _positions(cells, cited=BOTH_WAYS)
    mirrored = {"ahead": "behind", "behind": "ahead"}
    standing, back = found["BR", "CN"]["standing"], found["CN", "BR"]["standing"]

    assert back == mirrored.get(str(standing), standing)
    assert found["BR", "CN"]["level_gap"] == pytest.approx(
        -float(str(found["CN", "BR"]["level_gap"]))
    )


def test_agrees_with_plain_sql_over_what_was_published(lake: Workspace) -> None:
    published = resources.files("fourseas.embedded")
    con = duckdb.connect()
    for view, path in (
        ("ncses_top_1", "ncses/top_1_percent.parquet"),
        ("ncses_output", "ncses/output.parquet"),
        ("ncses_citations", "ncses/relative_citation_index_2020.parquet"),
        ("rfc_documents", "rfc/documents.parquet"),
    ):
        con.sql(f"CREATE VIEW {view} AS FROM '{published / path}'")
    statement = (ORACLES / "position.sql").read_text(encoding="utf-8")
    expected = con.sql(statement).to_arrow_table().to_pylist()
    table = lake.table("position")
    of_ncses = table.filter((table.register == "ncses") & (table.year == 2020))
    found = of_ncses.to_pyarrow().to_pylist()

    assert len(expected) > 20_000
    assert differences(found, expected, ("unit_id", "partner_id", "field_id")) == []
