"""What ties brought, as the report of partners tells it, against SQL over the cells."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import duckdb
import pytest

from fourseas.workspace import Workspace
from tests.cli.running import run

OF_CELLS = """
WITH home AS (
    SELECT unit_id, sum(credit_scored) AS w, sum(ncs_frac) / sum(credit_scored) AS d,
        sum(ncs_frac2) AS y2, sum(ncs_cross) AS y1, sum(credit2_scored) AS y0
    FROM read_parquet($cells)
    WHERE register = 'rfc' AND unit_type = 'country' AND scheme = 'all'
      AND collaboration_class = 'domestic' AND year BETWEEN $last - 4 AND $last
    GROUP BY ALL
), joint AS (
    SELECT unit_id, partner_id, sum(p) AS p, sum(n_scored) AS n, sum(credit_scored) AS w,
        sum(ncs_frac) / sum(credit_scored) AS m,
        sum(ncs_frac2) AS y2, sum(ncs_cross) AS y1, sum(credit2_scored) AS y0
    FROM read_parquet($pairs)
    WHERE register = 'rfc' AND unit_type = 'country' AND scheme = 'all'
      AND year BETWEEN $last - 4 AND $last
    GROUP BY ALL
), gains AS (
    SELECT j.unit_id, j.partner_id, j.p, j.n, j.w * (j.m - h.d) AS gain,
        j.w * 1.959963984540054 * sqrt(
            (j.y2 - 2 * j.m * j.y1 + j.m * j.m * j.y0) / (j.w * j.w)
            + (h.y2 - 2 * h.d * h.y1 + h.d * h.d * h.y0) / (h.w * h.w)) AS reach
    FROM joint AS j JOIN home AS h USING (unit_id)
)
SELECT c.country_name, a.p, a.n, a.gain, a.gain - a.reach, a.gain + a.reach,
    b.gain, b.gain - b.reach, b.gain + b.reach
FROM gains AS a
JOIN gains AS b ON b.unit_id = a.partner_id AND b.partner_id = a.unit_id
JOIN read_parquet($countries) AS c ON c.country_code = a.partner_id
WHERE a.unit_id = 'US'
"""
TEXT = re.compile(r"<si><t[^>]*>([^<]*)</t></si>")
CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(\w+)")?><v>([^<]*)</v></c>')


@pytest.fixture(scope="module")
def written(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Return the rows of the sheet of benefit in the workbook that a user gets."""
    out = tmp_path_factory.mktemp("partners") / "us.xlsx"
    asked = ("--register", "rfc", "--years", "2014-2023", "--lake", str(lake_path))
    ended = run("report", "partners", "US", *asked, "--out", str(out))
    assert ended.returncode == 0, ended.stderr
    book = zipfile.ZipFile(io.BytesIO(out.read_bytes()))
    names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    place = next(i for i, name in enumerate(names, start=1) if name.endswith(" benefit"))
    texts = TEXT.findall(book.read("xl/sharedStrings.xml").decode())
    page = book.read(f"xl/worksheets/sheet{place}.xml").decode()
    lines = [
        {column: texts[int(value)] if kind == "s" else value for column, kind, value in row}
        for row in (CELL.findall(line) for line in page.split("</row>")[:-1])
    ]
    head, *rows = lines
    return [{head[column]: value for column, value in row.items()} for row in rows]


def test_every_number_of_the_workbook_is_that_of_plain_sql(
    written: list[dict[str, str]], lake: Workspace
) -> None:
    path = lake.lake.versions / lake.version
    names = {"cells": "unit_cells", "pairs": "pair_cells", "countries": "countries"}
    (last,) = {int(row["last year"]) for row in written}
    with duckdb.connect() as con:
        found = con.execute(
            OF_CELLS,
            {name: str(path / f"{table}.parquet") for name, table in names.items()}
            | {"last": last},
        ).fetchall()
    of_sql = {str(row[0]): row[1:] for row in found}

    assert len(written) >= 5
    for row in written:
        p, n, gain, low, high, theirs, their_low, their_high = of_sql[row["partner"]]
        assert float(row["joint works"]) == p
        ends = {
            "gain of United States from": low,
            "gain of United States to": high,
            "partner's gain from": their_low,
            "partner's gain to": their_high,
        }
        if n >= 30:
            ends |= {"gain of United States": gain, "partner's gain": theirs}
        else:
            assert "gain of United States" not in row
        for title, wanted in ends.items():
            # Cards keep six digits.
            assert float(row[title]) == pytest.approx(wanted, rel=1e-5, abs=1e-6), title


def test_who_gains_follows_from_the_ranges(written: list[dict[str, str]]) -> None:
    told = [row for row in written if row.get("who gains")]

    assert told
    for row in told:
        lows = [float(row[f"{who} from"]) for who in ("gain of United States", "partner's gain")]
        points = [float(row[who]) for who in ("gain of United States", "partner's gain")]
        assert (row["who gains"] == "win-win") == (min(lows) > 0)
        assert (row["who gains"] in ("win-win", "both gain")) == (min(points) > 0)
