"""The works behind a number: as many as the number says, and those that it is about."""

from __future__ import annotations

import duckdb
import pytest

from fourseas.errors import FourseasError, NotComputableError
from fourseas.reports.works_behind import TRUTHS, behind
from fourseas.selection import Selection
from fourseas.workspace import Workspace


def _selection(
    country: str, years: tuple[int, int], definition: str = "standards", register: str = "rfc"
) -> Selection:
    return Selection(
        indicator="collaboration",
        countries=(country,),
        fields=("all",),
        years=years,
        definition=definition,
        register=register,
    )


CELLS = """
SELECT
    sum(n) AS n,
    sum(credit) AS credit,
    coalesce(sum(n) FILTER (collaboration_class = 'international'), 0) AS n_international,
    sum("first") AS "first"
FROM '{path}'
WHERE
    unit_id = '{unit}' AND register = '{register}' AND definition_id = '{definition}'
    AND scheme = 'all' AND year BETWEEN 2005 AND 2015
"""


@pytest.mark.parametrize(
    ("unit", "register", "definition"),
    [
        ("FI", "rfc", "standards"),
        ("EU", "rfc", "standards"),
        ("WORLD", "rfc", "standards"),
        ("UNKNOWN", "rfc", "standards"),
        ("US", "openalex", "cwts-like"),
        ("CN", "openalex", "cwts-like"),
    ],
)
def test_works_sum_to_what_cells_hold(
    lake: Workspace, unit: str, register: str, definition: str
) -> None:
    works = behind(lake, _selection(unit, (2005, 2015), definition, register), "all").to_pandas()
    version = lake.lake.current()
    assert version is not None
    path = version / "unit_cells.parquet"
    asked = CELLS.format(path=path, unit=unit, register=register, definition=definition)
    cells = duckdb.connect().execute(asked).df().iloc[0]
    is_international = works.collaboration_class == "international"

    assert works.weight.sum() == pytest.approx(cells["n"])
    assert (works.weight * works.credit).sum() == pytest.approx(cells["credit"])
    assert works.weight[is_international].sum() == pytest.approx(cells["n_international"])
    assert (works.weight * works["first"]).sum() == pytest.approx(cells["first"])


@pytest.mark.parametrize("where", [one for one in TRUTHS if one != "all"])
def test_a_part_of_the_works_is_in_all_of_them(lake: Workspace, where: str) -> None:
    whole = {*behind(lake, _selection("US", (1990, 2020)), "all").to_pandas().work_id}
    try:
        part = {*behind(lake, _selection("US", (1990, 2020)), where).to_pandas().work_id}
    except NotComputableError:
        part = set()

    assert part <= whole


def test_a_work_of_hong_kong_is_behind_china_by_its_definition_alone(lake: Workspace) -> None:
    def labels(country: str, definition: str) -> set[str]:
        found = behind(lake, _selection(country, (2020, 2020), definition, "openalex"), "all")
        return {*found.to_pandas().work_label}

    assert labels("HK", "openalex") <= labels("CN", "cwts-like") | labels("HK", "openalex")
    with pytest.raises(NotComputableError):
        labels("HK", "cwts-like")


def test_published_figures_have_no_works_behind_them(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="gives no records"):
        behind(lake, _selection("BR", (2020, 2020), "ncses-published", "ncses"), "all")


def test_years_without_works_say_so(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no work that is counted there is so"):
        behind(lake, _selection("BR", (1800, 1801)), "all")


def test_what_cannot_be_asked_offers_what_can(lake: Workspace) -> None:
    with pytest.raises(FourseasError, match="led_first"):
        behind(lake, _selection("US", (2010, 2010)), "lead_first")
