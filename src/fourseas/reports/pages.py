"""Pages of the documentation, made from what is declared: indicators, registers, policies."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Sequence

from fourseas.catalog import INDICATORS, SOURCES
from fourseas.lake import second_opinion
from fourseas.policy.case_schema import case_schema
from fourseas.policy.json_schema import policy_schema
from fourseas.policy.reference import vocabulary_page
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.source import Source
from fourseas.schema.step import Indicator
from fourseas.schema.table import TableSpec

MATH = re.compile(r":math:`([^`]*)`")
LITERAL = re.compile(r"(?<!`)``([^`]+)``(?!`)")
SECTION = re.compile(r"^(Parameters|Returns|Raises|References|Notes)\n-+\n", re.MULTILINE)
FORMULA = re.compile(r"^\.\. math::(.*(?:\n(?:[ ]{4,}.*|$))*)", re.MULTILINE)


def pages() -> dict[str, str]:
    """Return every page by its path below the documentation."""
    by_path = {f"indicators/{one.name}.md": indicator_page(one) for one in INDICATORS}
    by_path |= {f"registers/{one.name}.md": register_page(one) for one in SOURCES}
    return by_path | {
        "indicators/index.md": _index(
            "Indicators",
            "Each is one table, computed from cells when it is asked for.",
            ((one.name, one.title, one.meaning) for one in INDICATORS),
        ),
        "registers/index.md": _index(
            "Registers",
            "What can be added to a lake.",
            ((one.name, one.title, f"Licence: {one.licence}.") for one in SOURCES),
        ),
        "definitions.md": definitions_page(DEFINITIONS),
        "policy-vocabulary.md": vocabulary_page(),
        "policy.schema.json": json.dumps(policy_schema(), indent=1) + "\n",
        "case.schema.json": json.dumps(case_schema(), indent=1) + "\n",
    }


def indicator_page(indicator: Indicator) -> str:
    """Return the page of an indicator."""
    told = _sections(inspect.cleandoc(indicator.compute.__doc__ or ""))
    lines = [
        f"# {indicator.title}",
        "",
        f"`{indicator.name}`: {_lowered(indicator.meaning)}",
        "",
        f"In one line: {indicator.formula}",
        "",
        "    fourseas show " + indicator.name,
        "    fourseas explain " + indicator.name,
        "",
        "## Definition",
        "",
        told[""],
        "",
        "## Before quoting it",
        "",
        *(f"- {caveat}" for caveat in indicator.caveats),
        "",
        "## Columns",
        "",
        *_columns(indicator.writes),
        "",
    ]
    if "References" in told:
        lines += ["## References", "", told["References"], ""]
    lines += [
        f"Source of the definition: <{indicator.source}>",
        "",
        f"Computed from {_listed(spec.name for spec in indicator.reads)}.",
        _second_opinion(indicator.name),
        "",
    ]
    return "\n".join(lines)


def _second_opinion(name: str) -> str:
    """Say where a table stands stated another way, and how to hold the two to each other."""
    if name in second_opinion.names():
        path = f"src/fourseas/lake/second_opinion/{name}.sql"
        return f"An independent statement of it in SQL: `{path}`; `fourseas verify {name}` asks it."
    return f"An independent statement of it in SQL: `tests/oracle/{name}.sql`."


def register_page(source: Source) -> str:
    """Return the page of a register."""
    module = inspect.getmodule(source.intakes[0].feeds[0].compute)
    lines = [
        f"# {source.title}",
        "",
        _marked(inspect.cleandoc((module and module.__doc__) or "")),
        "",
        f"- Licence: {source.licence}",
        f"- Address: <{source.url}>",
        f"- To cite: {source.citation}",
        f"- Scope if nothing else is said: {source.scope or 'must be said when it is added'}",
        "",
        f"    fourseas add LAKE FILES --source {source.name} --snapshot YYYY-MM-DD",
        "",
    ]
    for intake in source.intakes:
        feeds = _listed(feed.writes.name for feed in intake.feeds)
        lines += [
            f"## {_listed(intake.files)}",
            "",
            f"{intake.format}, read into {feeds}.",
            f"Needed of every record: {_listed(intake.needed) or 'nothing'}.",
            "",
            "| key | type |",
            "| --- | --- |",
            *(f"| `{name}` | {_cell(str(dtype))} |" for name, dtype in intake.raw.items()),
            "",
        ]
    return "\n".join(lines)


def definitions_page(definitions: Iterable[Definition]) -> str:
    """Return the page of all definitions."""
    lines = [
        "# Definitions",
        "",
        "A definition is the choices behind a number. Every row says by which it was counted; ",
        "two are never mixed in one ratio.",
        "",
    ]
    for one in definitions:
        window = one.citation_window
        lines += [
            f"## {one.definition_id}",
            "",
            f"{one.title}.",
            "",
            f"- Counted by: {'fourseas' if one.computed else 'the publisher'}",
            f"- Registers: {', '.join(one.registers) or 'all'}",
            f"- Kinds of works: {', '.join(one.kinds) or 'all'}",
            f"- Languages: {', '.join(one.languages) or 'all'}",
            f"- A work needs: {', '.join(one.needs) or 'nothing'}",
            f"- Retracted works: {'left out' if one.excludes_retracted else 'counted, flagged'}",
            f"- OpenAlex's expansion set: {'counted' if one.includes_xpac else 'left out'}",
            f"- Territories: {one.territory}",
            f"- An international share is of: {one.denominator} works",
            f"- Citations: {f'of {window} years' if window else 'as reported to date'}",
            f"- Impact is normalised within: {one.normalization_scheme}, year and kind",
            f"- Keeps of its model: {one.reproduces}",
            f"- Does not keep: {one.omits}",
            f"- Source: <{one.source}>",
            "",
        ]
    return "\n".join(lines)


def _index(title: str, lead: str, rows: Iterable[Sequence[str]]) -> str:
    lines = [f"# {title}", "", lead, ""]
    lines += [f"- [{title_of}]({name}.md) `{name}`: {said}" for name, title_of, said in rows]
    return "\n".join([*lines, ""])


def _sections(text: str) -> dict[str, str]:
    """Return the parts of a docstring by their heading; what comes before has none."""
    parts = SECTION.split(text)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {"": _marked(parts[0]).strip()} | {
        name: _marked(part).strip() for name, part in named.items()
    }


def _marked(text: str) -> str:
    """Return the text of a docstring as Markdown."""
    drawn = FORMULA.sub(lambda found: _formula(found.group(1)), text)
    return LITERAL.sub(r"`\1`", MATH.sub(r"$`\1`$", drawn))


def _formula(body: str) -> str:
    lines = [line.strip() for line in body.strip().splitlines()]
    return "\n".join(["```math", *(line for line in lines if line), "```", ""])


def _columns(spec: TableSpec) -> list[str]:
    key = set(spec.key)
    return [
        f"{spec.grain[0].upper()}{spec.grain[1:]}. Columns of the key are bold.",
        "",
        "| column | unit | meaning |",
        "| --- | --- | --- |",
        *(
            f"| {'**' if column.name in key else ''}`{column.name}`"
            f"{'**' if column.name in key else ''} | {column.unit}"
            f"{', may be missing' if column.nullable else ''} | {_cell(column.meaning)} |"
            for column in spec.columns
        ),
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
