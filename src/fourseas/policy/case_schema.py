"""What may be written in a case, in a list, and in a file of organizations."""

from __future__ import annotations

from fourseas.policy.json_schema import (
    DRAFT,
    LISTED,
    Schema,
    by_type,
    date,
    mapping,
    slug,
    text,
    words,
)
from fourseas.policy.vocabulary import LEVELS, NEEDS_INFORMATION, OUTCOMES, Fact, Level, children

UNKNOWN = "unknown"
NONE = "none"
ONGOING = "ongoing"
SHOWS = ("hit", "near_miss", "before", "after", "unknown", "exemption", "scope")
"""What a case of an example can show."""


def case_schema() -> Schema:
    """Return what may be written in a case."""
    return {"$schema": DRAFT, "title": "fourseas case", **_case()}


def cases_schema() -> Schema:
    """Return what may be written in a file of several cases."""
    several: Schema = {"type": "array", "minItems": 1, "items": _case()}
    return {
        "$schema": DRAFT,
        "title": "fourseas cases",
        **mapping({"cases": several, "about": text("What they are.")}, ("cases",)),
    }


def _case() -> Schema:
    return mapping(
        {
            "case": text("Label of the case."),
            "source": text("Where facts come from that say nothing else."),
            "shows": words(SHOWS, "What the case is an example of."),
            "expect": mapping(
                {
                    "finding": words((*OUTCOMES, NEEDS_INFORMATION)),
                    "at_least": words(OUTCOMES),
                    "at_most": words(OUTCOMES),
                    "rules": {"type": "array", "items": slug("Id of a rule that holds.")},
                    "asks": {"type": "array", "items": text("A part of a question.")},
                },
                ("finding",),
                "What the policy should find, so that a change of it is noticed.",
            ),
            "matches": {
                "type": "array",
                "description": "Possible matches that a person has looked at.",
                "items": mapping(
                    {
                        "list": slug("Id of the list."),
                        "organization": text("ROR id of the organization."),
                        "same": {"type": "boolean", "description": "Is it the one listed?"},
                        "by": text("Who looked."),
                        "on": date("When."),
                    },
                    ("list", "organization", "same", "by", "on"),
                ),
            },
            **_row(LEVELS["cases"]),
        },
        ("case", "date"),
    )


def _row(level: Level) -> dict[str, object]:
    """Return the keys of a row of a level in a case."""
    below = children(level)
    complete = words(tuple(child.plural for child in below))
    properties: dict[str, object] = {fact.name: _given(fact) for fact in level.facts}
    if below:
        properties["complete"] = by_type(
            array={"type": "array", "items": complete}, string=words(("all",))
        )
    for child in below:
        if child.holds_values:
            item = _given(child.facts[0])
        else:
            names: dict[str, object] = {
                "label": text("What to call it."),
                "source": text("Whence."),
            }
            if child.plural in {"parties", "ties"}:
                names["organization_name"] = text("How its name was written.")
            item = mapping({**names, **_row(child)})
        properties[child.plural] = by_type(
            array={"type": "array", "items": item}, string=words((NONE,))
        )
    return properties


def _given(fact: Fact) -> Schema:
    """Return the schema of a fact of a case: a value, or a value with its origin."""
    if fact.type == "period":
        ends = mapping(
            {"since": _or_unknown(date("First day.")), "until": _until(), "source": text("Whence.")}
        )
        return {**ends, "description": fact.meaning}
    value = _or_unknown(_value(fact))
    origin = mapping(
        {"value": value, "source": text("Whence."), "on": date("Day of the source.")}, ("value",)
    )
    return {"if": {"type": "object"}, "then": origin, "else": value, "description": fact.meaning}


def _until() -> Schema:
    return {
        "if": {"enum": [ONGOING, UNKNOWN, None]},
        "then": {"description": "It lasts, or its end is not known."},
        "else": date("Last day, `ongoing`, or `unknown`."),
    }


def _or_unknown(schema: Schema) -> Schema:
    """Allow null and `unknown` beside a value: both say that it is not known."""
    return {"if": {"enum": [UNKNOWN, None]}, "then": {}, "else": schema}


def _value(fact: Fact) -> Schema:
    if fact.type == "word":
        return words(fact.words)
    if fact.type == "flag":
        return {"type": "boolean"}
    if fact.type == "number":
        bounds: Schema = {"type": "number", "minimum": fact.least}
        return bounds if fact.greatest == float("inf") else {**bounds, "maximum": fact.greatest}
    return date("A day.") if fact.type == "date" else text("An id.")


def list_schema() -> Schema:
    """Return what may be written in the file of a list."""
    return {
        "$schema": DRAFT,
        "title": "fourseas list",
        **mapping(
            {
                "list": slug("Id of the list."),
                "title": text("What it is called."),
                "of": words(LISTED, "What its members are."),
                "source": text("Who publishes it and where."),
                "dated": date("Date of this edition."),
                "unplaced": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "Entries beside the members whose id nobody knows.",
                },
                "members": {
                    "type": "array",
                    "items": mapping(
                        {
                            "id": text("ROR id, country code, topic or field."),
                            "name": text("As the list writes it."),
                            "from": date("First day on the list."),
                            "to": date("Last day on the list."),
                            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                            "confirmed": {
                                "type": "boolean",
                                "description": "A person has confirmed that this id is meant.",
                            },
                        },
                        ("id",),
                    ),
                },
            },
            ("list", "of", "source", "dated", "members"),
        ),
    }


def tree_schema() -> Schema:
    """Return what may be written in a file of organizations and what they are part of."""
    return {
        "$schema": DRAFT,
        "title": "fourseas organizations",
        **mapping(
            {
                "source": text("Where it comes from."),
                "dated": date("Date of the source."),
                "organizations": {
                    "type": "array",
                    "items": mapping(
                        {
                            "id": text("ROR id."),
                            "name": text("Its name."),
                            "country": text("Country of its seat."),
                            "part_of": {"type": "array", "items": text("ROR id.")},
                        },
                        ("id",),
                    ),
                },
            },
            ("source", "dated", "organizations"),
        ),
    }
