"""Hostile texts in every text field of a lake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fourseas import catalog
from fourseas.schema.countries import COUNTRIES, COUNTRY_NAMES
from fourseas.schema.table import TableSpec

MARK = "data-hostile"
"""An attribute of every element that a text tries to make."""

TEXTS = (
    f"<script {MARK}>window.ran=1</script>",
    f"</script><script {MARK}>window.ran=1</script>",
    f"<img {MARK} src=x onerror=window.ran=1>",
    f'"><svg {MARK} onload=window.ran=1>',
    f"' {MARK} onmouseover=window.ran=1 autofocus onfocus=window.ran=1 x='",
    f"</title></textarea></style><iframe {MARK} srcdoc='<script>parent.ran=1</script>'>",
    f"<!--<a {MARK} href=javascript:window.ran=1>-->",
    f"]]><b {MARK}>",
    "javascript:window.ran=1",
    "&lt;b&gt; &amp;#60; &#x3c;",
    "{{7*7}}{% raw %}${7*7}",
    "'; drop table works; --",
    '" or ""="',
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    'a"b,c;d|e\nf\r\ng',
    "\u202e\u2066gnp.exe\u2069",
    "\x01\x02\x1b[31mred\x7f\x85",
    "nul\x00nul",
    "\ufffe\uffff\U0001f600e\u0301",
    "[x](javascript:window.ran=1) **b** | c | `d`",
    "@misc{x, title={}} }} {{ \\input{/etc/passwd}",
)

TEXT_UNITS = ("name", "text")
OF_REGISTERS = (COUNTRIES, COUNTRY_NAMES)
KEYS = {"country_names.name"}
"""Names that are looked up by; they stand in no output."""


def fields(version: Path) -> Iterator[tuple[str, str]]:
    """Yield table and column of every text in a version that people wrote."""
    specs: dict[str, TableSpec] = {spec.name: spec for spec in OF_REGISTERS}
    for step in catalog.STEPS:
        specs |= {spec.name: spec for spec in (*step.reads, step.writes)}
    for path in sorted(version.glob("*.parquet")):
        spec = specs.get(path.stem)
        for column in spec.columns if spec else ():
            is_text = column.unit in TEXT_UNITS and column.dtype == "string"
            if is_text and f"{path.stem}.{column.name}" not in KEYS:
                yield path.stem, column.name


def plant(version: Path) -> dict[str, int]:
    """Put a text before every value of every field, another in each row; count values by field."""
    planted: dict[str, int] = {}
    for name, column in list(fields(version)):
        path = version / f"{name}.parquet"
        rows = pq.read_table(path)
        at = rows.column_names.index(column)
        values = rows.column(at).to_pylist()
        hostile = [
            None if value is None else TEXTS[place % len(TEXTS)] + value
            for place, value in enumerate(values)
        ]
        kind = rows.schema.field(at)
        rows = rows.set_column(at, kind, pa.array(hostile, kind.type))
        pq.write_table(rows, path, compression="zstd")
        planted[f"{name}.{column}"] = sum(value is not None for value in hostile)
    return planted
