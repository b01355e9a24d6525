"""`fourseas explain`: what a number means and how it comes about."""

from __future__ import annotations

import inspect
import textwrap
from pathlib import Path

import ibis

from fourseas import workspace
from fourseas.catalog import INDICATORS
from fourseas.cli import rendering
from fourseas.errors import UnknownNameError
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.step import Indicator
from fourseas.schema.table import unbound


def explain(name: str, lake: Path | None) -> None:
    """Print everything that is declared of an indicator or a definition."""
    indicators = {indicator.name: indicator for indicator in INDICATORS}
    definitions = {definition.definition_id: definition for definition in DEFINITIONS}
    if name in indicators:
        _indicator(indicators[name], lake)
    elif name in definitions:
        _definition(definitions[name])
    else:
        raise UnknownNameError.of("indicator", name, (*indicators, *definitions))


def _indicator(indicator: Indicator, lake: Path | None) -> None:
    """Print definition, formula, columns, citation, caveats and SQL."""
    rendering.say(indicator.title, indicator.meaning, "")
    rendering.say(inspect.cleandoc(indicator.compute.__doc__ or ""), "")
    rendering.say(f"In one line: {indicator.formula}", f"Source: {indicator.source}", "")
    rendering.say("Caveats:", *(f"  - {caveat}" for caveat in indicator.caveats), "")
    rendering.show_rows(
        f"{indicator.name}: {indicator.writes.grain}",
        ("column", "unit", "meaning"),
        ((column.name, column.unit, column.meaning) for column in indicator.writes.columns),
    )
    rendering.say("", "SQL:")
    if lake is not None:
        with workspace.open(lake) as ws:
            rendering.say(ws.sql(indicator.name))
    else:
        expression = indicator.compute(*(unbound(spec) for spec in indicator.reads))
        rendering.say(str(ibis.to_sql(expression, dialect="duckdb")))


def _definition(definition: Definition) -> None:
    """Print the choices that a definition makes."""
    kinds = ", ".join(definition.kinds) or "all"
    window = definition.citation_window
    rendering.say(
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
        *textwrap.wrap(f"Reproduces: {definition.reproduces}", 100),
        *textwrap.wrap(f"Does not reproduce: {definition.omits}", 100),
        f"Source: {definition.source}",
    )
