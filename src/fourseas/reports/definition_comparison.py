"""One number under each definition, and the works that make the difference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.facts.universe import why_not_counted
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.headlines import FORMS, SERIES, bounds, written
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Form, Heading, Reading, Rows
from fourseas.reports.rows import rows
from fourseas.reports.works_behind import works_behind
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.step import Indicator
from fourseas.selection import Restriction, Selection
from fourseas.workspace import Workspace, indicator

SIZES = ("n", "p", "p_unit")
"""What an indicator calls the works behind its headline."""

ALIASES = {
    "international_share": "collaboration",
    "pp_int_collab": "collaboration",
    "mncs": "impact",
    "pp_top_10": "impact",
    "pp_top_1": "impact",
}
"""Measures that people ask for by name, and the indicator that has them."""

MOST_WORKS = 40
"""Works that a card lists; `fourseas show --where all` lists all."""

ELSEWHERE = "not of the unit"
"""Under a definition's territories, all countries of the work are others."""

COMPUTED = tuple(definition for definition in DEFINITIONS if definition.computed)


def definition_comparison(
    ws: Workspace, name: str, unit: str, *, field: str = "all", year: int | None = None
) -> Card:
    """Return an indicator of a unit in a year under each definition.

    Parameters
    ----------
    ws
        The lake.
    name
        An indicator, or a measure of `ALIASES`.
    unit
        A country, group or WORLD.
    field
        A field by id or name.
    year
        By default the last year for which most definitions have a number.

    Raises
    ------
    UnknownNameError
        For a name that is not known.
    NotComputableError
        Where no definition has a number.
    """
    found = indicator(ALIASES.get(name, name))
    of_one = ws.resolved(Selection(indicator=found.name, countries=(unit,), fields=(field,)))
    (unit_id,), field_ids = of_one.unit_ids, of_one.field_ids
    every: ir.Table = ws.table(found.name)
    of_unit: pd.DataFrame = every.filter(
        (every.unit_id == unit_id) & every.field_id.isin(field_ids)
    ).to_pandas()
    if of_unit.empty:
        # The sentence that `show` says of an empty selection holds here too.
        ws.show(Selection(indicator=found.name, countries=(unit,), fields=(field,)))
    chosen = year or _year(of_unit, found.headline)
    numbers = of_unit[of_unit.year == chosen]
    if numbers.empty:
        years = sorted({int(one) for one in of_unit.year})
        question = f"{found.title} of {unit_id} in {chosen}"
        raise NotComputableError.because(
            question,
            "no definition has a number of that year",
            f"There are numbers of {years[0]}-{years[-1]}; choose one of these years.",
        )
    to = Restriction(
        indicator=found.name,
        unit_ids=(unit_id,),
        field_ids=field_ids,
        years=(chosen, chosen),
        counting=None,
        register=None,
        definition_ids=(),
    )
    differing, counts = _differences(ws, to, numbers)
    sheets = [_numbers(found, numbers)]
    if counts:
        sheets.append(_reasons(counts))
    if not differing.empty:
        sheets.append(_works(differing))
    return Card(
        title=f"{found.title} of {unit_id} under each definition, {chosen}",
        lead=_lead(found, numbers, differing),
        sheets=tuple(sheets),
        sources=sources(ws, {str(one) for one in numbers.register}),
        citation=citation(ws),
    )


def _year(of_unit: pd.DataFrame, headline: str) -> int:
    """Return the last of the years in which most definitions have a number."""
    told = of_unit[of_unit[headline].notna()]
    counts = (told if not told.empty else of_unit).groupby("year").definition_id.nunique()
    return int(counts[counts == counts.max()].index.max())


def _lead(found: Indicator, numbers: pd.DataFrame, differing: pd.DataFrame) -> tuple[str, ...]:
    """Say how far the numbers of each register are apart, and how many works are behind that."""
    form = FORMS.get(found.writes.column(found.headline).unit, "text")
    told = numbers[numbers[found.headline].notna()]
    if told.empty:
        first = f"No definition has a value of {found.headline} here; the reasons stand below"
    else:
        first = f"{found.headline}: " + "; ".join(
            _span(str(register), of_register, found.headline, form)
            for register, of_register in told.groupby("register")
        )
    if differing.empty:
        second = "No work is counted by one definition and not by another, or as something else."
    else:
        who = "1 work is" if len(differing) == 1 else f"{len(differing)} works are"
        second = f"{who} counted by one definition and not by another, or as something else."
    third = "Numbers of two registers differ in what the registers hold, not in definition alone."
    return f"{first}.", second, third


def _span(register: str, numbers: pd.DataFrame, headline: str, form: Form) -> str:
    """Return the least and the greatest number of a register, and over how many works."""
    low, high = (
        written(float(end), form) for end in (numbers[headline].min(), numbers[headline].max())
    )
    n = numbers.definition_id.nunique()
    by = "1 definition" if n == 1 else f"{n} definitions"
    over = _over(numbers)
    return f"{low if low == high else f'{low} to {high}'} in {register} by {by}{over}"


def _over(numbers: pd.DataFrame) -> str:
    """Return how many works the numbers of a register are over."""
    sizes = [size for _, row in numbers.iterrows() if (size := _of(row, *SIZES)) is not None]
    if not sizes:
        return ""
    least, most = (written(end, "count") for end in (min(sizes), max(sizes)))
    ends = least if least == most else f"{least} to {most}"
    return f" over {ends} work{'s' * (ends != '1')}"


def _numbers(found: Indicator, numbers: pd.DataFrame) -> Sheet:
    """Return the headline under each definition."""
    form = FORMS.get(found.writes.column(found.headline).unit, "text")
    listed: Rows = []
    for _, row in numbers.sort_values(["register", "definition_id"]).iterrows():
        series = [str(row[one]) for one in SERIES[2:] if one in row]
        value = row[found.headline]
        listed.append(
            {
                "register": row["register"],
                "definition": row["definition_id"],
                "series": ", ".join(series),
                "value": written(None if pd.isna(value) else value, form),
                "bounds": bounds(row, found.headline),
                "n": _of(row, *SIZES),
                "coverage": _of(row, "coverage", "coverage_role"),
                "reason": row.get("not_computable") or "",
            }
        )
    headings = [
        Heading("register", "register"),
        Heading("definition", "definition"),
        Heading("series", "counting"),
        Heading("value", found.headline),
        Heading("bounds", "interval and bounds"),
        Heading("n", "over works", "count"),
        Heading("coverage", "countries known", "share"),
        Heading("reason", "if not, because"),
    ]
    kept = [one for one in headings if any(row[one.field] not in ("", None) for row in listed)]
    return Sheet(
        name="numbers",
        title=f"{found.headline} under each definition.",
        headings=tuple(kept),
        rows=listed,
        reading=Reading(
            definition=" ".join(
                f"{one.definition_id}: {one.title}."
                for one in DEFINITIONS
                if one.definition_id in set(numbers.definition_id)
            ),
            counting="As named in each row.",
            source="The registers below.",
            n=f"{len(listed)} numbers.",
            bounds="Stability intervals, and bounds for works of unknown country, where known.",
            coverage="Part of the credit whose country is known, or of works whose lead is.",
        ),
    )


def _of(row: pd.Series[Any], *names: str) -> float | None:
    """Return the first of some columns that a row has a value of."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float) and not pd.isna(value):
            return float(value)
    return None


def _differences(
    ws: Workspace, to: Restriction, numbers: pd.DataFrame
) -> tuple[pd.DataFrame, Rows]:
    """Return what each definition makes of works of which two definitions differ, and how many.

    Works are those that count for the unit under some definition's territories, in registers of
    which two definitions or more have a number.
    """
    by_register = numbers.groupby("register").definition_id.unique()
    made: list[pd.DataFrame] = []
    counts: Rows = []
    for register, names in by_register.items():
        compared = [one for one in COMPUTED if one.definition_id in set(names)]
        if len(compared) > 1:
            statuses = _statuses(ws, to, str(register), compared)
            columns = [one.definition_id for one in compared]
            first = statuses[columns[0]]
            differing = statuses[statuses[columns].ne(first, axis=0).any(axis=1)]
            made.append(differing)
            counts.extend(_counted(str(register), statuses, columns))
    return (pd.concat(made) if made else pd.DataFrame()), counts


def _statuses(
    ws: Workspace, to: Restriction, register: str, compared: Iterable[Definition]
) -> pd.DataFrame:
    """Return every work of the unit with its class, or why it is not counted, by definition."""
    works = ws.table("works")
    of_register = Restriction(
        indicator=to.indicator,
        unit_ids=to.unit_ids,
        field_ids=to.field_ids,
        years=to.years,
        counting=None,
        register=register,
        definition_ids=(),
    )
    columns: dict[str, pd.DataFrame] = {}
    for definition in compared:
        counted = works_behind(ws, of_register, definition)
        columns[definition.definition_id] = counted.select(
            "work_id", "collaboration_class"
        ).to_pandas()
    ids = sorted({int(one) for frame in columns.values() for one in frame.work_id})
    listed = works.filter(works.work_id.isin(ids)) if ids else works.limit(0)
    told = listed.select(
        "work_id",
        "register",
        "work_label",
        "kind",
        **{
            f"why_{number}": why_not_counted(listed, definition)
            for number, definition in enumerate(compared)
        },
    )
    titled = told.left_join(ws.table("work_titles"), "work_id").drop("work_id_right")
    found: pd.DataFrame = titled.order_by("work_id").to_pandas()
    for number, (name, frame) in enumerate(columns.items()):
        classes = dict(zip(frame.work_id, frame.collaboration_class, strict=True))
        reasons = found[f"why_{number}"]
        found[name] = [
            classes.get(work_id) or (f"not counted: {why}" if isinstance(why, str) else ELSEWHERE)
            for work_id, why in zip(found.work_id, reasons, strict=True)
        ]
    return found


def _counted(register: str, statuses: pd.DataFrame, columns: Iterable[str]) -> Rows:
    """Return how many works each definition makes what of."""
    return [
        {"register": register, "definition": name, "status": status, "n": int(n)}
        for name in columns
        for status, n in statuses[name].value_counts().items()
    ]


def _reasons(counts: Rows) -> Sheet:
    return Sheet(
        name="works-by-definition",
        title="What each definition makes of the works of the unit.",
        headings=(
            Heading("register", "register"),
            Heading("definition", "definition"),
            Heading("status", "counts them as"),
            Heading("n", "works", "count"),
        ),
        rows=counts,
        reading=Reading(
            definition="Works of the unit under the territories of some definition; of several "
            "reasons not to count one, the first.",
            counting="Full: a work counts as one.",
            source="The registers below; works, not cells.",
            n=f"{sum(int(str(row['n'])) for row in counts):,} works, once for each definition.",
            bounds="None: these are counts of records.",
            coverage="Works without any known country of the unit are not here.",
        ),
    )


def _works(differing: pd.DataFrame) -> Sheet:
    """Return the works that two definitions differ about."""
    names = [one.definition_id for one in COMPUTED if one.definition_id in differing]
    listed = differing.head(MOST_WORKS)
    return Sheet(
        name="works",
        title="Works that make the difference.",
        headings=(
            Heading("work_label", "work"),
            Heading("title", "title"),
            Heading("kind", "kind"),
            *(Heading(name, name) for name in names),
        ),
        rows=rows(listed[["work_label", "title", "kind", *names]]),
        reading=Reading(
            definition="Each column says as what the definition counts the work, or why not.",
            counting="Full.",
            source="The registers below; works, not cells.",
            n=f"{len(listed)} of {len(differing)} works are shown.",
            bounds="None.",
            coverage="`fourseas show --where all` lists every work behind a number.",
        ),
    )
