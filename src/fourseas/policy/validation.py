"""Holding a document against its schema: every fault with its place and the nearest valid word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from fourseas.policy.json_schema import Schema
from fourseas.policy.places import Document, Path, Problem, offer
from fourseas.policy.vocabulary import ID_TYPES, LEVELS, Level, forbidden_ground

JSON_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "`key: value` pairs",
    "string": "a text",
}
BOUNDS = {
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "maximum": "of at most",
    "minimum": "of at least",
}
KINDS = ("policy", "case", "cases", "list", "organizations")
"""The key that tells of what kind a document is."""
WHOLE = (
    "Write `key: value` pairs; `fourseas policy examples NAME --out DIRECTORY` copies documents to "
    "start from."
)
_ID_FACTS = {
    fact.name for level in LEVELS.values() for fact in level.facts if fact.type in ID_TYPES
} | {
    level.plural
    for level in LEVELS.values()
    if level.holds_values and level.facts[0].type in ID_TYPES
}


def faults(document: Document, schema: Schema) -> list[Problem]:
    """Return what is wrong with a document, in the order of its text."""
    other = _other_kind(document, str(schema["title"]).rpartition(" ")[2])
    if other is not None:
        return [other]
    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_day)
    validator = Draft202012Validator(schema, format_checker=checker)
    errors = sorted(validator.iter_errors(document.root), key=lambda one: len(one.schema_path))
    found: dict[object, ValidationError] = {}
    for error in errors:  # a value of a wrong type is told once, by what may stand there at all
        is_type = error.validator == "type"
        found.setdefault(tuple(error.absolute_path) if is_type else id(error), error)
    return sorted({one for error in found.values() for one in _problems(document, error)})


def _other_kind(document: Document, wanted: str) -> Problem | None:
    """Say that a document is of another kind, or return None."""
    root = document.root
    if not isinstance(root, dict) or wanted in root:
        return None
    found = next((kind for kind in KINDS if kind in root), None)
    if found is None or (wanted, found) == ("cases", "case"):
        return None
    problem = f"The document begins a `{found}`, not a `{wanted}`."
    return Problem(document.place((found,)), problem, f"Give the file of the {wanted}.")


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
    where = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "This"
    where = where if path else "The document"
    allowed = cast("str | list[str]", error.validator_value)
    if error.validator == "enum":
        word = str(error.instance)
        problem = f"{where} cannot be `{word}`."
        return Problem(place, problem, offer(word, [str(one) for one in allowed]))
    if error.validator == "type":
        names = [allowed] if isinstance(allowed, str) else allowed
        kinds = " or ".join(JSON_TYPES[name] for name in names)
        remedy = f"Write {kinds}." if path else WHOLE
        return _typed(document, path, f"{where} is {_shown(error.instance)}.", remedy)
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
    problem, remedy = _out_of_bounds(where, error)
    return Problem(place, problem, remedy)


def _out_of_bounds(where: str, error: ValidationError) -> tuple[str, str]:
    """Say what is wrong with a value that has the right type."""
    if error.validator in BOUNDS:
        bound = cast("float", error.validator_value)
        remedy = f"Write a number {BOUNDS[error.validator]} {bound:g}."
        return f"{where} is {_shown(error.instance)}.", remedy
    if error.validator in {"minProperties", "minItems", "minLength"}:
        return f"{where} is empty.", "Write what it should hold."
    return f"{where}: {error.message}.", "Change the value."


def _typed(document: Document, path: Path, problem: str, remedy: str) -> Problem:
    """Say that a value has a wrong type; ids in a condition belong in a list."""
    if path and path[-1] in _ID_FACTS and {"when", "scope"} & {*path}:
        remedy = "Name a list with source and date: {in_list: my-list}, and declare it in `lists`."
    return Problem(document.place(path), problem, remedy)


def _unknown_key(document: Document, path: Path, known: list[str]) -> Problem:
    key = str(path[-1])
    ground = forbidden_ground(key)
    if ground is not None:
        return Problem(
            document.place(path),
            f"`{key}` is about {ground}, on which nothing may be decided.",
            "Remove it and all that stands in for it; ask about organizations, ties or data.",
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
    """Say where a fact or quantifier belongs that stands at the wrong level."""
    homes: list[str] = []
    for level in LEVELS.values():
        at: Level | None = None
        if any(fact.name == word for fact in level.facts):
            at = level
        elif word in level.quantifiers and not level.holds_values:
            at = LEVELS[level.parent or "cases"]
        if at is not None:
            homes.append(f"inside `{at.quantifiers[0]}`" if at.parent else "outside of quantifiers")
    return f"Write it {' or '.join(homes)}." if homes else None


def _held(path: Path) -> str:
    if not path:
        return "The document"
    if isinstance(path[-1], int):
        return f"`{path[-2]}` number {path[-1] + 1}"
    return f"`{path[-1]}`"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    return f"`{value}`".replace("`True`", "true").replace("`False`", "false")
