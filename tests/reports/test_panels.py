"""What the panels say, against statements of their own in SQL."""

from __future__ import annotations

import math
from collections import Counter

import duckdb
import pytest

from fourseas.reports.control import RULE, control
from fourseas.reports.integrate import integrate
from fourseas.reports.measure import measure
from fourseas.reports.model import model
from fourseas.reports.panel import Panel, Rows
from fourseas.reports.partner import partner
from fourseas.reports.wording import Wording, wording
from fourseas.workspace import Workspace


@pytest.fixture(scope="module")
def words(lake: Workspace) -> Wording:
    """Return the names of the embedded lake."""
    return wording(lake)


def rows_of(panel: Panel, name: str) -> Rows:
    """Return the rows of the table behind a chart."""
    (chart,) = (chart for chart in panel.charts if chart.name == name)
    return chart.table.rows


def test_the_table_of_registers_counts_works_and_countries(lake: Workspace, words: Wording) -> None:
    panel = integrate(lake, words)
    assert panel.table is not None
    of_openalex = next(row for row in panel.table.rows if row["title"] == "OpenAlex")

    assert of_openalex["works"] == 527
    assert of_openalex["placed_share"] == pytest.approx(273 / 527, abs=1e-5)
    assert of_openalex["units"] == 61
    assert of_openalex["references"] == "196 of 15,474"


def test_effective_partners_are_the_exponential_of_entropy(lake: Workspace, words: Wording) -> None:
    found = next(
        row
        for row in rows_of(measure(lake, words), "map")
        if row["country_name"] == "Malta" and row["year"] == 2023
    )
    links = duckdb.connect().execute(
        "SELECT p FROM read_parquet(?) "
        "WHERE register = 'matrix' AND unit_id = 'MT' AND year = 2023",
        [str(lake.lake.root / "versions" / lake.version / "pair_cells.parquet")],
    )
    works = [p for (p,) in links.fetchall()]
    entropy = -sum(p / sum(works) * math.log(p / sum(works)) for p in works)

    assert found["partners"] == pytest.approx(math.exp(entropy), abs=0.051)


def test_bounds_hold_the_share_of_documents_of_a_country(lake: Workspace, words: Wording) -> None:
    for row in rows_of(measure(lake, words), "rfc"):
        least, most = row["least"], row["most"]
        assert isinstance(least, float)
        assert isinstance(most, float)
        assert 0 <= least <= most <= 1
    chinese = next(
        row
        for row in rows_of(measure(lake, words), "rfc")
        if row["unit_id"] == "CN" and row["period"] == "2015-19"
    )
    assert (chinese["share"], chinese["least"]) == (0.14, 0.1102)


def test_the_model_says_that_counting_changes_the_answer(lake: Workspace, words: Wording) -> None:
    panel = model(lake, words)

    assert "from 0.66 to 0.88" in panel.text[0]
    assert "Neither is a cause" in panel.text[0]
    assert [len(chart.table.rows) for chart in panel.charts] == [46, 46]


def test_flows_go_both_ways(lake: Workspace, words: Wording) -> None:
    flows = {
        (row["unit_id"], row["partner_id"], row["field_name"]): row
        for row in rows_of(partner(lake, words), "flows")
    }

    assert len(flows) == 42 * 42 * 15
    assert flows["BR", "CN", "Physics"]["back"] == flows["CN", "BR", "Physics"]["rci"]
    assert flows["BR", "CN", "Physics"]["own"] == flows["CN", "BR", "Physics"]["theirs"] == 0.0045


def test_what_a_rule_touches_is_counted_from_the_works(lake: Workspace, words: Wording) -> None:
    root = lake.lake.root / "versions" / lake.version
    documents = duckdb.connect().execute(
        f"""
        SELECT DISTINCT w.work_id, s.country_codes
        FROM '{root}/works.parquet' w
        JOIN '{root}/country_sets.parquet' s USING (country_set_id)
        JOIN '{root}/work_fields.parquet' f USING (work_id)
        WHERE w.register = 'rfc' AND f.scheme = 'ietf_group'
          AND (f.field_id LIKE '%secur%' OR f.field_id LIKE '%crypt%')
        """
    )
    pairs = Counter(
        (one, other)
        for _, codes in documents.fetchall()
        for one in codes
        for other in codes
        if one < other
    )
    for row in rows_of(control(lake, words), "rule-rfc"):
        assert row["joint"] == pairs[str(row["unit_id"]), str(row["partner_id"])] > 0


def test_the_example_rule_is_ten_lines_long_and_names_no_country(
    lake: Workspace, words: Wording
) -> None:
    assert len(RULE.splitlines()) == 10
    assert "mirror" in RULE
    assert not any(name in RULE for name in words.countries.values())
    assert control(lake, words).code == RULE
