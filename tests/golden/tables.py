"""Rows of the main indicators of the embedded lake, as they were when somebody last looked."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import ibis.expr.types as ir

from fourseas.workspace import Workspace

PLACE = Path(__file__).parent
INDICATORS = (
    "volume",
    "collaboration",
    "impact",
    "leadership",
    "open_access",
    "distance",
    "specialization",
    "affinity",
    "partner_concentration",
    "knowledge_flows",
    "home_bias",
    "mobility",
    "openness_profile",
    "benefit_balance",
    "rule_making",
)
UNITS = ("WORLD", "BR", "CN", "DE", "IN", "JP", "KE", "US")
YEARS = (2010, 2015, 2019, 2022)
YEAR = 2022
OF_FIELDS = ("specialization",)
"""Indicators that compare fields, of which one year is kept and every field."""

DIGITS = 9
ROUNDING = 1e-8
"""Relative difference of two numbers of `DIGITS` digits that are one."""

Row = dict[str, str]


def path(name: str) -> Path:
    """Return where the rows of an indicator are kept."""
    return PLACE / f"{name}.csv"


def computed(lake: Workspace, name: str) -> list[Row]:
    """Compute the rows of an indicator for some countries and years, under every definition."""
    table = lake.table(name)
    rows = _chosen(table, name).drop("snapshot_on").to_pyarrow().to_pylist()
    texts = [{column: _text(value) for column, value in row.items()} for row in rows]
    return sorted(texts, key=lambda row: tuple(row.values()))


def kept(name: str) -> list[Row]:
    """Return the rows that were kept."""
    if not path(name).is_file():
        return []
    with path(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_csv(rows: list[Row]) -> str:
    """Return rows as they are kept."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def differences(before: list[Row], now: list[Row], key: tuple[str, ...]) -> list[str]:
    """Return a line for each row that went, came, or has another value."""
    old, new = ({_key(row, key): row for row in rows} for rows in (before, now))
    lines = [f"gone: {name}" for name in old.keys() - new.keys()]
    lines += [f"new: {name}" for name in new.keys() - old.keys()]
    for name in old.keys() & new.keys():
        for column in old[name].keys() | new[name].keys():
            was, is_ = (rows[name].get(column, "no such column") for rows in (old, new))
            if not _is_same(was, is_):
                lines.append(f"{name}: {column} was {was or 'empty'}, is {is_ or 'empty'}")
    return sorted(lines)


def _chosen(table: ir.Table, name: str) -> ir.Table:
    is_of_fields = name in OF_FIELDS
    chosen = [table.unit_id.isin(UNITS), table.year.isin((YEAR,) if is_of_fields else YEARS)]
    if "partner_id" in table.columns:
        chosen.append(table.partner_id.isin(UNITS))
    if not is_of_fields:
        chosen.append(table.field_id == "all")
    return table.filter(chosen)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return "" if value is None else str(value)


def _key(row: Row, key: tuple[str, ...]) -> str:
    return " ".join(row[name] for name in key if name in row)


def _is_same(was: str, is_: str) -> bool:
    if was == is_:
        return True
    try:
        numbers = float(was), float(is_)
    except ValueError:
        return False
    return math.isclose(*numbers, rel_tol=ROUNDING, abs_tol=1e-12)
