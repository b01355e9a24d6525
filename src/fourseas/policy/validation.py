"""Holding a document against its schema: every fault with its place and the nearest valid word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from fourseas.policy.json_schema import Schema
from fourseas.policy.places import Document, Path, Problem, offer
from fourseas.policy.vocabulary import ID_TYPES, LEVELS, forbidden_ground

JSON_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_ID_FACTS = {
    fact.name for level in LEVELS.values() for fact in level.facts if fact.type in ID_TYPES
} | {
    level.plural
    for level in LEVELS.values()
    if level.holds_values and level.facts[0].type in ID_TYPES
}


def faults(document: Document, schema: Schema) -> list[Problem]:
    """Return what is wrong with a document, in the order of its text."""
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_day)
    validator = Draft202012Validator(schema, format_checker=checker)
    found = (
        problem
        for error in validator.iter_errors(document.root)
        for problem in _problems(document, error)
    )
    return sorted(set(found))


def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(dt.date.fromisoformat(value))


def _problems(document: Document, error: ValidationError) -> Iterator[Problem]:
    """Say what a fault of the schema is, in words."""
    path = cast("Path", tuple(error.absolute_path))
    if error.validator == "additionalProperties":
        known = cast("Schema", cast("Schema", error.schema).get("properties", {}))
        for key in cast("Schema", error.instance):
            if key not in known:
                yield _unknown_key(document, (*path, key), list(known))
    elif error.validator == "required":
        for key in cast("list[str]", error.validator_value):
            if key not in cast("Schema", error.instance):
                held = _held(path)
                yield Problem(document.place(path), f"{held} lacks `{key}`.", f"Add `{key}`.")
    else:
        yield _unfit_value(document, path, error)


def _unfit_value(document: Document, path: Path, error: ValidationError) -> Problem:
    """Say what is wrong with a value."""
    place = document.place(path)
    where = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    allowed = cast("str | list[str]", error.validator_value)
    if error.validator == "enum":
        word = str(error.instance)
        problem = f"{where} is `{word}`, which is none of its words."
        return Problem(place, problem, offer(word, [str(one) for one in allowed]))
    if error.validator == "type":
        names = [allowed] if isinstance(allowed, str) else allowed
        kinds = " or ".join(JSON_TYPES[name] for name in names)
        return _typed(document, path, f"{where} is {_shown(error.instance)}.", f"Write {kinds}.")
    if error.validator in {"pattern", "format"}:
        is_date = cast("Schema", error.schema).get("format") == "date"
        remedy = (
            "Write a date as YYYY-MM-DD."
            if is_date
            else "Use small letters, digits and single hyphens."
        )
        return Problem(place, f"{where} is {_shown(error.instance)}.", remedy)
    if error.validator == "maxProperties":
        keys = [f"`{key}`" for key in cast("Schema", error.instance)]
        problem = f"A condition has one key; this one has {len(keys)}: {', '.join(keys)}."
        return Problem(place, problem, "Put each into a list under `all_of`.")
    if error.validator in {"minProperties", "minItems", "minLength"}:
        return Problem(place, f"{where} is empty.", "Write what it should hold.")
    return Problem(place, f"{where}: {error.message}.", "Change the value.")


def _typed(document: Document, path: Path, problem: str, remedy: str) -> Problem:
    """Say that a value has a wrong type; ids in a condition belong in a list."""
    if path and path[-1] in _ID_FACTS and {"when", "scope"} & {*path}:
        remedy = "Name a list with source and date: {in_list: my-list}, and declare it in `lists`."
    return Problem(document.place(path), problem, remedy)


def _unknown_key(document: Document, path: Path, known: list[str]) -> Problem:
    key = str(path[-1])
    ground = forbidden_ground(key)
    if ground is not None:
        problem = f"`{key}` would decide by {ground}."
        return Problem(
            document.place(path),
            problem,
            "No policy may hold or use it, nor anything that stands in for it; remove it.",
        )
    in_condition = bool({"when", "scope", "where"} & {*path[:-1]})
    if in_condition and len(path) > 1 and path[-2] in _ID_FACTS:
        return Problem(
            document.place(path),
            f"`{key}` is no operator of `{path[-2]}`.",
            f"{offer(key, known)} Ids stand in named lists with source and date.",
        )
    home = _home(key) if in_condition else None
    if home is not None:
        return Problem(document.place(path), f"`{key}` is not asked of this.", home)
    return Problem(document.place(path), f"`{key}` is not known here.", offer(key, known))


def _home(word: str) -> str | None:
    """Say where a fact belongs that stands at the wrong level."""
    for level in LEVELS.values():
        if any(fact.name == word for fact in level.facts) or word in level.quantifiers:
            some = level.quantifiers[0]
            inside = f"inside `{some}`" if level.parent else "beside, not inside, a quantifier"
            if word in level.quantifiers:
                parent = LEVELS[level.parent or "cases"]
                inside = f"inside `{parent.quantifiers[0]}`" if parent.parent else "at the top"
            return f"Write it {inside}."
    return None


def _held(path: Path) -> str:
    numbers = [part for part in path if isinstance(part, int)]
    words = [part for part in path if isinstance(part, str)]
    if not words:
        return "The document"
    return f"`{words[-1]}`" + (f" number {numbers[-1] + 1}" if numbers else "")


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"`{value}`".replace("`True`", "true").replace("`False`", "false")
