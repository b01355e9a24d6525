"""Rows of an indicator in a notebook: a table that says how it was counted, and of which data."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import markupsafe
import pandas as pd

from fourseas.reports.marked import marked
from fourseas.schema.step import Indicator
from fourseas.selection import Selection
from fourseas.workspace import Workspace, indicator

SHOWN = 20
"""Rows of a table in a notebook: the last ones, since years come in order."""

SERIES = ("register", "snapshot_on", "scope", "definition_id", "counting")
CELL = markupsafe.Markup("<td>{}</td>")
HEADING = markupsafe.Markup("<th>{}</th>")
LINE = markupsafe.Markup("<p>{}</p>")
ROW = markupsafe.Markup("<tr>{}</tr>")
TABLE = markupsafe.Markup(
    "<div><p><strong>{title}</strong></p>{lines}"
    '<div style="overflow-x:auto"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    "</div>"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Rows of an indicator, with what must be said of them.

    Attributes
    ----------
    about
        The indicator.
    rows
        What was selected of it, in the order of its key.
    """

    about: Indicator
    rows: pd.DataFrame

    @property
    def lines(self) -> tuple[str, ...]:
        """What the numbers are, how they were counted, of which registers, and what is known."""
        series = self.rows[[name for name in SERIES if name in self.rows]].drop_duplicates()
        counted = "; ".join(" · ".join(map(str, row)) for row in series.itertuples(index=False))
        lines = [self.about.meaning, f"In one line: {self.about.formula}", f"Counted: {counted}."]
        if "coverage" in self.rows and self.rows.coverage.notna().any():
            least, most = self.rows.coverage.min(), self.rows.coverage.max()
            lines.append(f"Coverage: {least:.1%} to {most:.1%} of it is known.")
        return (*lines, *(f"Before quoting it: {one}" for one in self.about.caveats))

    def _repr_html_(self) -> str:
        """Return what a notebook shows; values are text there, whatever they hold."""
        last = self.rows.tail(SHOWN)
        told = [*self.lines, f"{len(last):,} of {len(self.rows):,} rows."]
        return str(
            TABLE.format(
                title=self.about.title,
                lines=_joined(LINE.format(marked(line)) for line in told),
                head=ROW.format(_joined(HEADING.format(name) for name in last.columns)),
                body=_joined(
                    ROW.format(_joined(CELL.format(_text(value)) for value in row))
                    for row in last.itertuples(index=False)
                ),
            )
        )


def shown(ws: Workspace, selection: Selection) -> Shown:
    """Return the selected rows of an indicator, for a notebook.

    Raises
    ------
    UnknownNameError, NotComputableError
        As `Workspace.show` does.
    """
    return Shown(indicator(selection.indicator), ws.show(selection).to_pandas())


def _joined(parts: Iterable[markupsafe.Markup]) -> markupsafe.Markup:
    return markupsafe.Markup().join(parts)


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
