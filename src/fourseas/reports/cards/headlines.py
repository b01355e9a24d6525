"""What cards ask of countries and of pairs, and the last final value of each measure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fourseas.catalog import INDICATORS
from fourseas.indicators.position import STANDARDS_YEARS
from fourseas.reports.cards.card import Sheet
from fourseas.reports.cards.schemes import summed_over_most
from fourseas.reports.panel import Form, Heading, Reading, text
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.source import SCOPES
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column
from fourseas.selection import Slice
from fourseas.workspace import Workspace

DEFAULTS = tuple(d.definition_id for d in DEFINITIONS if d.is_default)
FORMS: dict[str, Form] = {
    "share": "share",
    "works": "count",
    "credit": "count",
    "citations": "count",
    "count": "count",
    "people": "count",
    "index": "ratio",
    "ratio": "ratio",
    "difference": "ratio",
    "score": "ratio",
    "km": "count",
}
"""How values of a unit are written; others as they are."""

SERIES = ("register", "definition_id", "counting", "role", "among")
"""What tells the series of an indicator apart, where it has them."""

FEWEST_WORKS = 30
"""A measure over fewer works or persons is left out, with a reason: one more would move it."""

SIZES = ("n", "p", "n_links", "n_active", "citations")
"""What an indicator calls the works, links, persons or citations behind its measures."""

COVERAGES = ("coverage", "coverage_role", "coverage_oa", "coverage_distance")
"""What an indicator calls the part of its works of which it knows what it needs."""

TOLD = (
    "unit_id",
    "partner_id",
    "scheme",
    "year",
    "scope",
    "is_provisional",
    "not_computable",
    "n_fields",
)
"""What cards read of a row besides what names its series and its numbers."""

COUNTED = ("works", "credit", "citations")
"""Units of counts, which in a census are facts however few they are."""

SMALL = 0.01
BOUNDS = (("_low", "_high", "95% interval"), ("_min", "_max", "bounds for the unknown"))
ENDS = tuple(end for low, high, _ in BOUNDS for end in (low, high))


@dataclass(frozen=True, slots=True)
class Ends:
    """Columns of the ends of a measure, and whether they are its interval or its bounds."""

    low: str
    high: str
    told: str


def ends(rows: pd.DataFrame, column: str) -> Ends | None:
    """Return the interval of a measure where rows have one, else its bounds, else nothing."""
    return next(
        (
            Ends(f"{column}{low}", f"{column}{high}", told)
            for low, high, told in BOUNDS
            if f"{column}{low}" in rows and rows[f"{column}{low}"].notna().any()
        ),
        None,
    )


def number(value: float | None) -> float | None:
    """Return a number of a frame, and nothing where it has none."""
    return None if value is None or math.isnan(value) else float(value)


Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that a card shows.

    Attributes
    ----------
    indicator, column
        Where it stands.
    words
        What it is, in the reader's words.
    """

    indicator: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a reader, and the measures that answer it."""

    name: str
    title: str
    asked: tuple[Asked, ...]


OF_COUNTRIES: tuple[Question, ...] = (
    Question(
        "level",
        "How much does it do, and at what level?",
        (
            Asked("volume", "p", "works"),
            Asked("volume", "pp_world", "share of the world's works"),
            Asked("funding", "pp_funded", "share of works with a funder named"),
            Asked("impact", "pp_top_10", "share among the world's 10% most cited"),
            Asked("impact", "pp_top_1", "share among the world's 1% most cited"),
            Asked("impact", "mncs", "citations, by the world's mean"),
        ),
    ),
    Question(
        "openness",
        "How open is its work?",
        (
            Asked("collaboration", "pp_int_collab", "share of works with other countries"),
            Asked("partner_concentration", "hill_1", "partners that carry weight"),
            Asked("partner_concentration", "top_partner_share", "share of the first partner"),
            Asked("distance", "mgcd", "mean distance between partners, km"),
            Asked("distance", "pp_long", "share of works over 5,000 km"),
            Asked("open_access", "pp_oa", "share free to read"),
            Asked("mobility", "mobility_rate", "moves of persons to and from it, by persons"),
            Asked("mobility", "in_rate", "persons who came, by persons followed"),
            Asked("openness_profile", "openness", "profile: mean of four scores"),
            Asked("openness_profile", "openness_beyond_size", "the same beyond its size"),
        ),
    ),
    Question(
        "knowledge",
        "Where does its knowledge come from, and who uses it?",
        (
            Asked("home_bias", "home_share", "share of citations that go to itself"),
            Asked("home_bias", "home_bias", "the same against its size, natural log"),
            Asked("home_bias", "citation_balance", "cited by others less citing them, by both"),
        ),
    ),
    Question(
        "leadership",
        "Does it lead what it takes part in?",
        (
            Asked("leadership", "leadership_index", "leads, by its part among the authors"),
            Asked("leadership_trajectory", "participation", "part in the world's joint works"),
            Asked("leadership_trajectory", "stage", "on the way from taking part to leading"),
        ),
    ),
    Question(
        "rules",
        "Who writes the rules?",
        (
            Asked("rule_making", "participation", "part in writing standards, 5 years"),
            Asked("rule_making", "leadership", "part of first authors or rapporteurs"),
            Asked("rule_making", "standards_to_science", "that part by its part in the science"),
        ),
    ),
)
"""What the card of a country shows, question by question."""

OF_PAIRS: tuple[Question, ...] = (
    Question(
        "joint-work",
        "How much do they work together?",
        (
            Asked("affinity", "p", "joint works"),
            Asked("affinity", "collaboration_index", "against what both sizes lead to expect"),
            Asked("affinity", "relative_intensity", "part of its links, by that of all others"),
            Asked("affinity", "salton", "Salton's cosine"),
            Asked("affinity", "artifact", "to be read with care, because"),
        ),
    ),
    Question(
        "citations",
        "Who learns from whom?",
        (
            Asked("knowledge_flows", "citations", "citations of the other"),
            Asked("knowledge_flows", "relative_citation_index", "against the other's output"),
            Asked("knowledge_flows", "citation_balance", "received less made, by both"),
        ),
    ),
    Question(
        "leads",
        "Who leads joint works with the poorer side?",
        (
            Asked("lead_with_low_income", "pp_led_unit", "led by the poorer side"),
            Asked("lead_with_low_income", "pp_led_partner", "led by the richer side"),
        ),
    ),
    Question(
        "gains",
        "What do both gain?",
        (
            Asked(
                "benefit_balance", "uplift", "joint works by its own domestic ones, in citations"
            ),
            Asked("benefit_balance", "gain", "that uplift times its volume in them"),
            Asked("benefit_balance", "benefit", "benefit of both"),
            Asked("complementarity", "gain", "may gain from what the other is strong in"),
        ),
    ),
)
"""What the card of a pair shows; positions by field stand in a table of their own."""

WITHOUT_A_LINE = (
    "position",
    "specialization",
    "relatedness",
    "relatedness_density",
    "development",
)
"""Indicators of fields, of partners and of all countries together: cards show them in tables of
their own, or not at all."""


Row = Mapping[str, Any]
"""A row of an indicator: its values by column."""


@dataclass(frozen=True, slots=True)
class Series:
    """A year of a measure: what names it, and the row of each unit that has one."""

    names: dict[str, object]
    rows: Mapping[str, Row]

    @property
    def first(self) -> Row:
        """Return a row, of which all have in common what is told of the series."""
        return next(iter(self.rows.values()))

    @property
    def definition(self) -> str:
        """Return the definition by which works count."""
        return str(self.names["definition_id"])

    @property
    def counting(self) -> str:
        """Return how they are counted: counting, role and among whom."""
        apart = ("register", "definition_id")
        return ", ".join(str(value) for name, value in self.names.items() if name not in apart)

    @property
    def year(self) -> int:
        """Return the year that it is of."""
        return int(self.first["year"])

    @property
    def scope(self) -> str:
        """Return what its register is of the whole."""
        return str(self.first["scope"])

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        """Return its place among series: a census before a sample, then by register and names."""
        places = {str(scope): place for place, scope in enumerate(SCOPES)}
        names = tuple(str(name) for name in self.names.values())
        return places.get(self.scope, len(places)), str(self.names["register"]), names


def slices(questions: Iterable[Question]) -> dict[str, Slice]:
    """Return, once for each indicator asked, what cards read of it for any unit."""
    asked: dict[str, list[str]] = {}
    for question in questions:
        for one in question.asked:
            asked.setdefault(one.indicator, []).append(one.column)
    return {name: _slice(indicator_of(name), measures) for name, measures in asked.items()}


def _slice(of: Indicator, measures: Sequence[str]) -> Slice:
    """Return the rows over all fields together, with measures, and what is told of them."""
    told = {*measures, *(f"partner_{measure}" for measure in measures)}
    told |= {f"{measure}{end}" for measure in measures for end in ENDS}
    # Sums over the fields of a scheme stand under `all` within the scheme.
    among: tuple[tuple[str, tuple[str | int | bool, ...]], ...] = (
        ("definition_id", DEFAULTS),
        ("field_id", (ALL,)),
    )
    if "years" in of.writes.column_names:
        among = (*among, ("years", (STANDARDS_YEARS,)))
    kept = {*TOLD, *SERIES, *SIZES, *COVERAGES, *told}
    columns = tuple(name for name in of.writes.column_names if name in kept)
    return Slice(indicator=of.name, columns=columns, among=among)


def tables(
    ws: Workspace, questions: Sequence[Question], units: Sequence[str]
) -> Mapping[str, pd.DataFrame]:
    """Return, once for each indicator asked, the rows of units over all fields together."""
    return {name: ws.of_units(part, units) for name, part in slices(questions).items()}


def tables_of_pairs(
    ws: Workspace, questions: Sequence[Question], units: Sequence[str]
) -> Mapping[str, pd.DataFrame]:
    """Return the same of units with each other."""
    between = {name: ws.of_pairs(part, units) for name, part in slices(questions).items()}
    return {
        name: summed_over_most(found) if "n_fields" in found else found
        for name, found in between.items()
    }


def indicator_of(name: str) -> Indicator:
    """Return the indicator of a name that cards ask for."""
    return next(one for one in INDICATORS if one.name == name)


def latest(rows: pd.DataFrame, measure: str, unit: str) -> list[Series]:
    """Return each series in the last final year in which the unit has a value of a measure.

    A series is what register, definition, counting and role name. One that never has a value
    keeps the last year of the unit, with the reason that stands there. The most complete
    register speaks first.
    """
    if rows.empty:
        return []
    names = [name for name in SERIES if name in rows]
    final = rows[~rows.is_provisional] if "is_provisional" in rows else rows
    there = final if not final.empty else rows
    # Of a few hundred rows, lists take a tenth of the time of frames of each series.
    columns: dict[str, list[Any]] = {str(name): there[name].tolist() for name in there}
    units, years = columns["unit_id"], columns["year"]
    is_told = there[measure].notna().tolist()
    places: dict[tuple[str | None, ...], list[int]] = {}
    for at, key in enumerate(zip(*(columns[name] for name in names), strict=True)):
        places.setdefault(key, []).append(at)
    found = []
    for key, series in places.items():
        own = [at for at in series if units[at] == unit]
        if not own or any(pd.isna(name) for name in key):
            continue
        told = [at for at in own if is_told[at]] or own
        year = max(years[at] for at in told)
        of_year: dict[str, Row] = {}
        for at in series:
            # Where several schemes have sums over their fields, the first speaks.
            if years[at] == year and units[at] not in of_year:
                of_year[units[at]] = {name: values[at] for name, values in columns.items()}
        found.append(Series(names=dict(zip(names, key, strict=True)), rows=of_year))
    return sorted(found, key=lambda one: one.order)


def why_silent(series: Series, row: Row, column: Column) -> str:
    """Say why a card leaves a measure out: it is not known, or of too few works."""
    if pd.isna(row[column.name]):
        return str(row.get("not_computable") or "no value of it is there")
    sizes = {name: row[name] for name in SIZES if name in row and pd.notna(row[name])}
    is_fact = series.scope == "census" and column.unit in COUNTED
    if sizes and not is_fact:
        name, size = next(iter(sizes.items()))
        behind = {"n_active": "persons", "citations": "citations"}.get(name, "works")
        if float(size) < FEWEST_WORKS:
            return f"fewer than {FEWEST_WORKS} {behind} are behind it"
    return ""


def silent_sheet(lines: Sequence[Line]) -> Sheet:
    """Return what cannot be computed, and why, by register and reason."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        measures = grouped.setdefault((str(line["register"]), str(line["reason"])), [])
        measures.append(str(line["words"]))
    return Sheet(
        name="not-computable",
        title="What cannot be computed from what is here, and why.",
        headings=(
            Heading("register", "register"),
            Heading("reason", "because"),
            Heading("measures", "measures"),
        ),
        rows=[
            {"register": register, "reason": reason, "measures": "; ".join(dict.fromkeys(words))}
            for (register, reason), words in grouped.items()
        ],
        reading=Reading(
            definition="Nothing is assumed where data are missing.",
            counting="As the measures are counted.",
            source="The registers below.",
            n=f"{len(lines)} number{'s' * (len(lines) > 1)}.",
            bounds="None.",
            coverage="None.",
        ),
    )


def value_of(row: Row | None, measure: str) -> float | str | None:
    """Return the measure of the one row there may be."""
    if row is None or pd.isna(row[measure]):
        return None
    value = row[measure]
    return value if isinstance(value, str) else float(value)


def written(value: float | str | None, form: Form) -> str:
    """Return a value as a reader should see it; what is near 0 keeps two digits."""
    if isinstance(value, str):
        return value
    if value is None or math.isnan(value):
        return "-"
    number = float(value)
    if form == "ratio" and 0 < abs(number) < SMALL:
        return f"{number:.2g}"
    if form == "share" and 0 < abs(number) < SMALL:
        return f"{100 * number:.2g}%"
    return text(number, form)


def bounds(row: Row | pd.Series[Any], measure: str) -> str:
    """Return the interval and the bounds of a measure where they are known."""
    parts = []
    for low, high, name in BOUNDS:
        ends = [row.get(f"{measure}{end}") for end in (low, high)]
        if all(pd.notna(end) for end in ends):
            parts.append(f"{_short(ends[0])} to {_short(ends[1])} ({name})")
    return "; ".join(parts)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
