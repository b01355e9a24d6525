"""The world's card: one measure of an indicator in one year, every country beside the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fourseas.catalog import INDICATORS
from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.headlines import ENDS, FORMS, OF_COUNTRIES, SIZES
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.measure import FRACTIONAL, FULL, SMALL_KM2
from fourseas.reports.outlines import Outlines, Painted, Place, outlines
from fourseas.reports.panel import Form, Heading, Reading, text
from fourseas.reports.rows import rows
from fourseas.reports.theme import BLUES
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column
from fourseas.selection import Slice
from fourseas.workspace import Workspace, indicator

AXES = ("register", "definition_id", "counting", "role", "among", "years")
"""What tells the series of an indicator apart, where it has them."""

WHOLE = 0.5
"""A year is whole where it has so much of the countries of the year with the most."""

DIGITS = 2
BETWEEN = " · "
NOT_MEASURED = ("coverage", "_se")
NUMBERS = ("int64", "float64")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the world.

    Attributes
    ----------
    indicator
        Name of an indicator of countries.
    measure
        One of its columns; its headline where none is said.
    field
        By id or name; all together where none is said, or the first of those it has.
    series
        Register, definition, counting and what else tells series apart, joined by commas; the one
        with most countries where none is said.
    year
        The last whole and final one where none is said.
    """

    indicator: str = "volume"
    measure: str | None = None
    field: str | None = None
    series: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What could be asked instead.

    Attributes
    ----------
    measures, series
        By name, with what a reader is told of each.
    years
        Those with a value.
    chosen
        The question with nothing left open.
    """

    measures: tuple[tuple[str, str], ...]
    series: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    chosen: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The card, its map with the classes of its colors, and what could be asked instead.

    Attributes
    ----------
    of_series
        Rows of the chosen series in all years.
    """

    card: Card
    map: str
    classes: tuple[tuple[str, str], ...]
    choices: Choices
    of_series: pd.DataFrame


def mapped() -> tuple[Indicator, ...]:
    """Return the indicators that have a value for each country by itself."""
    return tuple(
        found
        for found in INDICATORS
        if "unit_id" in found.writes.column_names
        and not {"partner_id", "other_field_id"} & {*found.writes.column_names}
    )


def of_countries(
    ws: Workspace, name: str, field: str | None, measure: str | None = None
) -> pd.DataFrame:
    """Return all rows of countries of an indicator in one field, with what is told of a measure.

    Raises
    ------
    UnknownNameError
        For an indicator that is not of countries, or a field or measure that is not known.
    """
    names = [found.name for found in mapped()]
    if name not in names:
        raise absent("map", name, names)
    about = indicator(name)
    if field is None and about.is_of_fields:
        every = ws.table(name)
        listed = every.filter(every.unit_type == "country")
        first = listed.filter(listed[about.headline].notnull()).field_id.min().execute()
        fields: tuple[str, ...] = (str(first),)
    else:
        fields = ws.field_ids([field or ALL])
    among = (("unit_type", ("country",)), ("field_id", fields))
    columns = _told_of(about, _measure(about, measure))
    found = ws.of_slice(Slice(indicator=name, columns=columns, among=among))
    # A name may be of fields of several schemes, and sums of each scheme are all called `all`.
    places = found.groupby(["scheme", "field_id"]).size().reset_index(name="n")
    if len(places) <= 1:
        return found
    most = places.loc[places.n.idxmax()]
    return found[(found.scheme == most.scheme) & (found.field_id == most.field_id)]


def _told_of(about: Indicator, measure: Column) -> tuple[str, ...]:
    """Return the columns of an indicator that a map of a measure, and its table, read."""
    kept = {*about.writes.key, *AXES, *SIZES, "is_provisional", "not_computable"}
    kept |= {measure.name, *(f"{measure.name}{end}" for end in ENDS)}
    return tuple(
        one for one in about.writes.column_names if one in kept or one.startswith("coverage")
    )


def absent(kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Say that something of a page is not there, and what is."""
    return UnknownNameError(f"There is no {kind} `{name}` here.", f"There is {', '.join(known)}.")


def page_of_country(code: str) -> str:
    """Return where a country's card is."""
    return f"/country/{code}"


def world_card(
    ws: Workspace,
    found: pd.DataFrame,
    asked: Question,
    leads_to: Callable[[str], str] = page_of_country,
) -> World:
    """Return one measure of all countries in a year.

    Parameters
    ----------
    found
        What `of_countries` returned for the indicator and field asked for.
    leads_to
        Where a click on a country of the map leads, by its code.

    Raises
    ------
    UnknownNameError
        For a measure, series or year that is not there.
    NotComputableError
        Where no country has a value; it says why.
    """
    about = indicator(asked.indicator)
    column = _measure(about, asked.measure)
    axes = [name for name in AXES if name in found.columns]
    named = found.assign(series=_joined(found, axes))
    told = named[named[column.name].notna()]
    if told.empty:
        raise _nothing(about, column, named)
    series = _series(told, asked.series)
    of_series = told[told.series == series]
    years = tuple(sorted(int(year) for year in of_series.year.unique()))
    year = _year(of_series, years, asked.year)
    chosen = Question(
        indicator=about.name,
        measure=column.name,
        field=str(of_series.field_id.iloc[0]),
        series=series,
        year=year,
    )
    countries = _placed(ws)
    steps = _steps(of_series[column.name])
    shown = _Shown(
        about=about,
        column=column,
        form=_form(column, steps),
        steps=steps,
        rows=named[(named.series == series) & (named.year == year)].merge(
            countries, left_on="unit_id", right_on="country_code"
        ),
    )
    return World(
        card=_card(ws, shown, chosen),
        map=_map(shown, countries, leads_to),
        classes=_classes(steps, shown.form),
        choices=Choices(
            measures=tuple((one.name, called(about, one)) for one in measures(about)),
            series=tuple((one, _told(one)) for one in _by_size(told)),
            years=years,
            chosen=chosen,
        ),
        of_series=of_series,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The rows of one year and series, which column of them is shown, and how."""

    about: Indicator
    column: Column
    form: Form
    steps: list[float]
    rows: pd.DataFrame

    @property
    def title(self) -> str:
        """What a reader is told that the column is."""
        return called(self.about, self.column)


def measures(about: Indicator) -> tuple[Column, ...]:
    """Return the columns of an indicator that a map can show, its headline first."""
    kept = [
        one
        for one in about.writes.columns
        if one.name not in about.writes.key
        and one.dtype in NUMBERS
        and one.unit in FORMS
        and not one.name.endswith((*ENDS, *NOT_MEASURED))
        and not one.name.startswith("coverage")
    ]
    return tuple(sorted(kept, key=lambda one: one.name != about.headline))


def _measure(about: Indicator, name: str | None) -> Column:
    known = {one.name: one for one in measures(about)}
    wanted = name or next(iter(known))
    if wanted not in known:
        raise absent("measure", wanted, known)
    return known[wanted]


def _joined(found: pd.DataFrame, axes: Sequence[str]) -> pd.Series[str]:
    first, *others = (found[axis].astype("string").fillna("-") for axis in axes)
    for other in others:
        first = first + "," + other
    return first


def _by_size(told: pd.DataFrame) -> list[str]:
    """Return series with a default definition first, those over most works foremost."""
    defaults = {one.definition_id for one in DEFINITIONS if one.is_default}
    size = next((name for name in SIZES if name in told.columns), None)
    counted = told.assign(size=told[size] if size else 1)
    sizes = counted.groupby(["series", "definition_id"])["size"].sum().reset_index()
    sizes["is_other"] = ~sizes.definition_id.isin(defaults)
    order = sizes.sort_values(["is_other", "size", "series"], ascending=[True, False, True])
    return [str(one) for one in order.series]


def _series(told: pd.DataFrame, name: str | None) -> str:
    known = _by_size(told)
    if name is not None and name not in known:
        raise absent("series", name, known)
    return name or known[0]


def _year(of_series: pd.DataFrame, years: tuple[int, ...], asked: int | None) -> int:
    if asked is not None:
        if asked not in years:
            raise absent("year", str(asked), [str(year) for year in years])
        return asked
    final = of_series
    if "is_provisional" in of_series.columns:
        final = of_series[~of_series.is_provisional.fillna(value=False).astype(bool)]
    counted = (final if not final.empty else of_series).groupby("year").unit_id.nunique()
    whole = WHOLE * float(counted.max())
    return max(int(str(year)) for year, n in counted.items() if float(n) >= whole)


def _placed(ws: Workspace) -> pd.DataFrame:
    known = ws.table("countries")
    found: pd.DataFrame = known.select(
        "country_code",
        "country_name",
        "m49",
        "latitude",
        "longitude",
        is_small=(known.area_km2 < SMALL_KM2).fill_null(False) & known.latitude.notnull(),
    ).to_pandas()
    return found.sort_values("country_code")


def outlined(ws: Workspace) -> Outlines:
    """Return the outlines of all countries, and where small ones lie."""
    return _outlines(_placed(ws))


def _outlines(countries: pd.DataFrame) -> Outlines:
    small = countries[countries.is_small]
    places: list[tuple[str, Place]] = [
        (str(row.country_code), (float(str(row.longitude)), float(str(row.latitude))))
        for row in small.itertuples()
    ]
    return outlines(tuple(places))


def _card(ws: Workspace, shown: _Shown, chosen: Question) -> Card:
    about, column = shown.about, shown.column
    listed = ws.table("fields")
    of_field = listed.filter(listed.field_id == str(chosen.field)).to_pyarrow().to_pylist()
    field = str(of_field[0]["field_name"]) if of_field else "all fields together"
    series = str(chosen.series).split(",")
    has_value = shown.rows[column.name].notna()
    ordered = shown.rows.sort_values(
        [column.name, "country_name"], ascending=[False, True], na_position="last"
    )
    if "not_computable" in ordered.columns:
        # Its reason may be of another measure of the row, which this one does not need.
        ordered["not_computable"] = ordered.not_computable.where(ordered[column.name].isna())
    headings = _headings(shown, ordered)
    is_bounded = any(one.field.endswith(ENDS) for one in headings)
    silent = int((~has_value).sum())
    return Card(
        title=_title(about, shown.title, field if of_field else "", int(str(chosen.year))),
        lead=(
            f"{about.meaning} {_capital(field)}; {_told(str(chosen.series))}.",
            *about.caveats[:1],
        ),
        sheets=(
            Sheet(
                name="countries",
                title=f"{_capital(shown.title)} in {chosen.year}, by country.",
                headings=headings,
                rows=rows(ordered[[one.field for one in headings]]),
                reading=Reading(
                    definition=f"{_capital(column.meaning)} {_capital(about.formula)}.",
                    counting=FULL if "full" in series else FRACTIONAL,
                    source=wording(ws).sources[series[0]],
                    n=f"{int(has_value.sum())} countries and areas, {chosen.year}.",
                    bounds="Beside each value."
                    if is_bounded
                    else "None published or computed for this measure.",
                    coverage=f"{silent} countries have rows but no value; the table says why. "
                    "Land without a value is gray."
                    if silent
                    else "Every country with a row has a value. Land without one is gray.",
                ),
            ),
        ),
        sources=sources(ws, series[:1]),
        citation=citation(ws),
    )


def _title(about: Indicator, measure: str, field: str, year: int) -> str:
    """Return what a card is called: its measure where that says more, its field and year."""
    said = "" if measure.lower() in about.title.lower() else f": {measure}"
    return ", ".join(part for part in (f"{about.title}{said}", field, str(year)) if part)


def _headings(shown: _Shown, ordered: pd.DataFrame) -> tuple[Heading, ...]:
    """Return the columns of the table: country, value, bounds, size, coverage, reason."""
    name, form = shown.column.name, shown.form
    there = [one for one in ordered.columns if ordered[one].notna().any()]
    found = [Heading("country_name", "country"), Heading(name, shown.title, form)]
    found += [
        Heading(f"{name}{end}", title, form)
        for end, title in zip(ENDS, ("from", "to", "at least", "at most"), strict=True)
        if f"{name}{end}" in there
    ]
    size = next((one for one in SIZES if one in there and one != name), None)
    if size is not None:
        unit = shown.about.writes.column(size).unit
        found.append(Heading(size, f"over {unit}", "count"))
    coverage = next((one for one in there if one.startswith("coverage")), None)
    if coverage is not None:
        found.append(Heading(coverage, "of it known", "share"))
    if "not_computable" in there:
        found.append(Heading("not_computable", "why not"))
    return tuple(found)


def _map(shown: _Shown, countries: pd.DataFrame, leads_to: Callable[[str], str]) -> str:
    """Return the map, painted by class."""
    colors = _colors(len(shown.steps) + 1)
    shapes, dots = {}, {}
    name = shown.column.name
    for row in shown.rows[shown.rows[name].notna()].to_dict("records"):
        value = float(row[name])
        painted = Painted(
            color=colors[sum(value >= step for step in shown.steps)],
            says=f"{row['country_name']}: {text(value, shown.form)}",
            address=leads_to(str(row["country_code"])),
            code=str(row["country_code"]),
        )
        shapes[str(row["m49"])] = painted
        dots[str(row["country_code"])] = painted
    return _outlines(countries).painted(shapes, dots, title=shown.title)


def _steps(values: pd.Series[float]) -> list[float]:
    """Return where classes begin: round numbers between equal parts of all years' values.

    They are of all years, so that maps of two years can be compared.
    """
    numbers = values.astype(float).to_numpy()
    cuts = np.quantile(numbers, [part / len(BLUES) for part in range(1, len(BLUES))])
    rounded = (float(f"{cut:.{DIGITS - 1}e}") for cut in cuts)
    return sorted({cut for cut in rounded if cut > numbers.min()})


def _form(column: Column, steps: list[float]) -> Form:
    """Return how values are written: so that no two classes are called alike."""
    form = FORMS.get(column.unit, "text")
    if form == "share" and len({text(step, form) for step in steps}) < len(steps):
        return "finer_share"
    return form


def _classes(steps: list[float], form: Form) -> tuple[tuple[str, str], ...]:
    """Return color and name of each class."""
    colors = _colors(len(steps) + 1)
    if not steps:
        return ((colors[0], "one value throughout"),)
    names = [f"under {text(steps[0], form)}", *(f"{text(step, form)} and more" for step in steps)]
    return tuple(zip(colors, names, strict=True))


def _colors(n: int) -> list[str]:
    """Return so many blues, from light to dark."""
    return [BLUES[round(place)] for place in np.linspace(0, len(BLUES) - 1, n)]


def called(about: Indicator, column: Column) -> str:
    """Return what a reader is told that a column is: as a card calls it, or by its meaning."""
    for asked in (one for question in OF_COUNTRIES for one in question.asked):
        if (asked.indicator, asked.column) == (about.name, column.name):
            return asked.words
    first = column.meaning.split(";")[0].split(". ")[0].removesuffix(".")
    return f"{first[0].lower()}{first[1:]}" if first[1:2].islower() else first


def _capital(sentence: str) -> str:
    return f"{sentence[0].upper()}{sentence[1:]}"


def _told(series: str) -> str:
    return BETWEEN.join(part for part in series.split(",") if part != "-")


def _nothing(about: Indicator, column: Column, named: pd.DataFrame) -> NotComputableError:
    has_reasons = "not_computable" in named.columns
    reasons = list(named.not_computable.dropna().unique()) if has_reasons else []
    said = "; ".join(sorted(str(one) for one in reasons)) or "no row of it is in the lake"
    return NotComputableError.because(
        f"{about.title} ({column.name}) of countries",
        said,
        "Choose another indicator, measure or field, or add a register that it can be computed "
        "from.",
    )
