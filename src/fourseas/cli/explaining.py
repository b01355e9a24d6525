"""`fourseas explain`: what a number means and how it comes about."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path

import ibis

from fourseas import workspace
from fourseas.catalog import INDICATORS, SOURCES
from fourseas.cli import rendering
from fourseas.errors import FourseasError, UnknownNameError
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.step import Indicator
from fourseas.schema.table import unbound

UNDERLINE = re.compile(r"\s*-{3,}\s*")
MATH = re.compile(r":math:`([^`]*)`")
FRACTION = re.compile(r"\\[dt]?frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")
ROOT = re.compile(r"\\sqrt\{((?:[^{}]|\{[^{}]*\})*)\}")
GROUP = re.compile(r"\{([^{}]*)\}")
SIGNS = {
    r"\sum": "sum",
    r"\mp": "-/+",
    r"\pm": "+/-",
    r"\cdot": "*",
    r"\times": "*",
    r"\leq": "<=",
    r"\le": "<=",
    r"\geq": ">=",
    r"\ge": ">=",
    r"\neq": "!=",
    r"\min": "min",
    r"\max": "max",
    r"\ln": "ln",
    r"\log": "log",
    r"\bar": "mean ",
    r"\hat": "",
    r"\text": "",
    r"\mathrm": "",
    r"\left": "",
    r"\right": "",
    r"\qquad": "  ",
    r"\quad": "  ",
    r"\,": " ",
    r"\ ": " ",
    "\\\\": "",
    "&=": "=",
    "&\\": "\\",
}
"""What formulas of docstrings are made of, and how a screen shows it."""


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


def plain(text: str) -> str:
    """Return the text of a docstring as a screen should show it: formulas without markup."""
    lines = []
    for line in text.splitlines():
        if UNDERLINE.fullmatch(line):
            continue
        lines.append(line.replace(".. math::", "   ").rstrip())
    shown = MATH.sub(r"\1", "\n".join(lines)).replace("``", "`")
    while FRACTION.search(shown):
        shown = FRACTION.sub(r"(\1) / (\2)", shown)
    shown = ROOT.sub(r"sqrt(\1)", shown)
    for sign, word in SIGNS.items():
        shown = shown.replace(sign, word)
    return GROUP.sub(r"\1", shown)


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
