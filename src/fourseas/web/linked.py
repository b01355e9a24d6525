"""Linked looking: marks of charts and rows of tables that choose, and what shows the choice.

A mark or row that stands for a country, year or field bears it as `data-country`, `data-year` or
`data-field`, so that charts and tables of a page know each other's; what is chosen has the class
`chosen`. A click is a plain link to the same page with another choice in its address.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.theme import Spec
from fourseas.web.view import MARKED, Asked, View

HERE = "https://here.invalid"
"""What stands before an address while Vega draws, which makes addresses of its own of others."""

ADDRESS = "address"
MOST_REACHED = 40
"""Links of a chart that a keyboard goes through; where there are more, a table serves it."""

LINKED = re.compile(r'<a xlink:href="' + re.escape(HERE) + r'[^"?]*\?([^"]*)"[^>]*><(\w+) ')

BORNE = re.compile(r'(?: data-(?:country|year|field)="[^"]*")+')


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a table leads to.

    Attributes
    ----------
    address
        Empty where it leads nowhere.
    marks
        What it stands for, such as a country by its code.
    is_chosen
        Whether that is what is chosen.
    """

    address: str
    marks: dict[str, str]
    is_chosen: bool


def with_links(picture: Picture, view: View) -> Spec:
    """Return a chart whose marks lead to what they choose, whichever address it stands at.

    So it is drawn once for a page with other things chosen too.
    """
    columns = view.marks_choose.get(picture.name)
    if columns is None:
        return picture.spec
    datasets = picture.spec["datasets"]
    assert isinstance(datasets, dict)
    linked = [
        {**row, ADDRESS: f"{HERE}?{urlencode({name: row[of] for name, of in columns.items()})}"}
        for row in datasets["rows"]
    ]
    return _leading({**picture.spec, "datasets": {**datasets, "rows": linked}})


def _leading(chart: Spec) -> Spec:
    """Return a chart, or a layer of one, in which each mark that a reader is told of is a link."""
    layers, mark = chart.get("layer"), chart.get("mark")
    if isinstance(layers, list):
        return {**chart, "layer": [_leading(layer) for layer in layers]}
    if isinstance(mark, dict) and mark.get("aria") is False:
        return chart
    encoding = chart["encoding"]
    assert isinstance(encoding, dict)
    return {**chart, "encoding": {**encoding, "href": {"field": ADDRESS}}}


def at_address(drawn: str, asked: Asked) -> str:
    """Return a chart as drawn, its links those of a page, its marks with what they stand for."""
    reached = "" if drawn.count(HERE) <= MOST_REACHED else ' tabindex="-1"'
    first = LINKED.search(drawn)
    # All marks of a chart choose the same things, so that what else the address says is one text.
    chosen = parse_qsl(html.unescape(first[1]), keep_blank_values=True) if first else []
    rest = asked.address(**{name: "" for name, _ in chosen})
    path, _, kept = rest.partition("?")
    texts: dict[str, str] = {}

    def stands_for(choice: str) -> str:
        # Cells of a map choose the same few things over and over.
        if choice not in texts:
            ((name, value),) = parse_qsl(choice, keep_blank_values=True)
            texts[choice] = f' data-{MARKED[name]}="{html.escape(value)}"'
        return texts[choice]

    def of_page(found: re.Match[str]) -> str:
        choices = html.unescape(found[1]).split("&")
        query = "&".join(sorted([*kept.split("&"), *choices] if kept else choices))
        told = "".join(map(stands_for, choices))
        return f'<a href="{html.escape(f"{path}?{query}")}"{reached}><{found[2]}{told} '

    return LINKED.sub(of_page, drawn)


def marked(drawn: str, chosen: Mapping[str, str]) -> str:
    """Return a chart in which marks of what is chosen have the class `chosen`."""
    told = {f'data-{MARKED[name]}="{html.escape(one)}"' for name, one in chosen.items() if one}

    def of_mark(found: re.Match[str]) -> str:
        is_chosen = any(one in found[0] for one in told)
        return f'{found[0]} class="chosen"' if is_chosen else found[0]

    return BORNE.sub(of_mark, drawn) if told else drawn


def rows_of(sheet: Sheet, view: View, asked: Asked) -> tuple[Row, ...]:
    """Return where each row of a table leads, what it stands for, and whether that is chosen."""
    return tuple(
        _row(str(texts[0]), row.get("leads_to"), sheet.name, view, asked)
        for row, texts in zip(sheet.rows, sheet.texts(), strict=True)
    )


def _row(first: str, leads_to: object, sheet: str, view: View, asked: Asked) -> Row:
    code = view.codes.get(first, "")
    marks = {"country": code} if code else {}
    address = str(leads_to or "")
    chooses = view.rows_choose.get(sheet)
    if chooses:
        value = code or first
        address = asked.address(**{chooses: value})
        marks = {MARKED[chooses]: value}
    elif not address and sheet in view.rows_lead_to:
        address = view.rows_lead_to[sheet] + quote(first)
    is_chosen = any(
        marks.get(MARKED[name]) == value for name, value in view.chosen.items() if value
    )
    return Row(address, marks, is_chosen)


def stands_for(address: str) -> dict[str, str]:
    """Return what an address chooses, as marks bear it."""
    given = parse_qsl(urlsplit(address).query)
    return {MARKED[name]: value for name, value in given if name in MARKED}
