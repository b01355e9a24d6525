"""`fourseas explain`: what a number means and how it comes about."""

from __future__ import annotations

import inspect
from pathlib import Path

import ibis

from fourseas import workspace
from fourseas.catalog import INDICATORS, SOURCES
from fourseas.cli import rendering
from fourseas.cli.formulas import plain
from fourseas.errors import FourseasError, UnknownNameError
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.step import Indicator
from fourseas.schema.table import unbound

SQL_ON_SCREEN = 20
"""Lines of SQL that a screen shows, so that what is above them stays in sight; files get all."""


def explain(name: str, lake: Path | None) -> None:
    """Print everything that is declared of an indicator or a definition."""
    indicators = {indicator.name: indicator for indicator in INDICATORS}
    definitions = {definition.definition_id: definition for definition in DEFINITIONS}
    if name in indicators:
        _indicator(indicators[name], lake)
    elif name in definitions:
        _definition(definitions[name])
    else:
        raise _unknown(name, (*indicators, *definitions))


def _unknown(name: str, known: tuple[str, ...]) -> FourseasError:
    """Offer what is near, or say what else bears the name."""
    if name in {source.name for source in SOURCES}:
        message = f"`{name}` is a register: indicators and definitions are explained."
        return FourseasError(message, "`fourseas list source` says what each register is.")
    return UnknownNameError.of("indicator", name, known)


def _indicator(indicator: Indicator, lake: Path | None) -> None:
    """Print definition, formula, columns, citation, caveats and SQL."""
    rendering.say(indicator.title, indicator.meaning, "")
    rendering.say(plain(inspect.cleandoc(indicator.compute.__doc__ or "")), "")
    rendering.tell(f"In one line: {indicator.formula}", f"Source: {indicator.source}", "")
    rendering.tell("Caveats:", *(f"  - {caveat}" for caveat in indicator.caveats), "")
    rendering.show_rows(
        f"{indicator.name}: {indicator.writes.grain}",
        ("column", "unit", "meaning"),
        ((column.name, column.unit, column.meaning) for column in indicator.writes.columns),
    )
    lines = _sql(indicator, lake).splitlines()
    shown = lines[:SQL_ON_SCREEN] if rendering.is_screen() else lines
    rendering.say("", "SQL:", *shown)
    if len(shown) < len(lines):
        rest = f"{len(lines) - len(shown):,} more lines"
        rendering.say(f"... {rest}: `fourseas explain {indicator.name} > FILE` writes all.")


def _sql(indicator: Indicator, lake: Path | None) -> str:
    """Return the SQL of an indicator, over a lake or over tables by name."""
    if lake is not None:
        with workspace.open(lake) as ws:
            return ws.sql(indicator.name)
    expression = indicator.compute(*(unbound(spec) for spec in indicator.reads))
    return str(ibis.to_sql(expression, dialect="duckdb"))


def _definition(definition: Definition) -> None:
    """Print the choices that a definition makes."""
    kinds = ", ".join(definition.kinds) or "all"
    window = definition.citation_window
    rendering.tell(
        f"{definition.definition_id}: {definition.title}",
        "",
        f"Counted by: {'fourseas' if definition.computed else 'the publisher'}",
        f"Kinds of works: {kinds}",
        f"Languages: {', '.join(definition.languages) or 'all'}",
        f"Needs: {', '.join(definition.needs) or 'nothing'}",
        f"Retracted works: {'left out' if definition.excludes_retracted else 'counted, flagged'}",
        f"OpenAlex expansion set: {'counted' if definition.includes_xpac else 'left out'}",
        f"Territories: {definition.territory}",
        f"International share of: {definition.denominator} works",
        f"Citations: {f'{window} years' if window else 'as reported to date'}",
        f"Normalised within: {definition.normalization_scheme}, year and kind",
        f"Reproduces: {definition.reproduces}",
        f"Does not reproduce: {definition.omits}",
        f"Source: {definition.source}",
    )
