"""What may be written in a policy, a case and a list, as JSON Schemas made from the vocabulary.

Editors read docs/policy.schema.json, which is `policy_schema()` written out. Alternatives are told
apart by `if` rather than by `oneOf`, so that an error names the one word that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from fourseas.policy.vocabulary import (
    DATE_FACTS,
    DECISIONS,
    ID_TYPES,
    LEVELS,
    OBLIGATIONS,
    Fact,
    Level,
    children,
    dates_for,
)

Schema = dict[str, object]
DRAFT = "https://json-schema.org/draft/2020-12/schema"

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
DATE = r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
NUMERIC = ("eq", "lt", "le", "gt", "ge")
MOST_YEARS = 100
"""No period reaches back further."""

MOST_DAYS = 36500
"""No obligation is due so many days before or after a date of the case."""

LISTED = ("country", "organization", "topic", "field")
"""What the members of a list can be."""


def text(meaning: str) -> Schema:
    """Return the schema of a text that is not empty."""
    return {"type": "string", "minLength": 1, "description": meaning}


def slug(meaning: str) -> Schema:
    """Return the schema of an id: small letters, digits, hyphens."""
    return {"type": "string", "pattern": SLUG, "description": meaning}


def date(meaning: str) -> Schema:
    """Return the schema of a date."""
    return {"type": "string", "pattern": DATE, "format": "date", "description": meaning}


def words(allowed: tuple[str, ...], meaning: str = "") -> Schema:
    """Return the schema of a word out of a closed list."""
    found: Schema = {"enum": list(allowed)}
    return {**found, "description": meaning} if meaning else found


def mapping(
    properties: Mapping[str, object], required: tuple[str, ...] = (), meaning: str = ""
) -> Schema:
    """Return the schema of a mapping that holds these keys and no others."""
    found: Schema = {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
    return {**found, "description": meaning} if meaning else found


def by_type(**schemas: Schema) -> Schema:
    """Return a schema that depends on the JSON type of the value."""
    names = list(schemas)
    found: Schema = schemas[names[-1]]
    for name in reversed(names[:-1]):
        found = {"if": {"type": name}, "then": schemas[name], "else": found}
    return {"type": names, **found}


def policy_schema() -> Schema:
    """Return what may be written in a policy."""
    return {
        "$schema": DRAFT,
        "title": "fourseas policy",
        **mapping(
            {
                "policy": slug("Id of the policy."),
                "title": text("What it is called."),
                "owner": text("The office that answers for it."),
                "basis": {"$ref": "#/$defs/basis"},
                "version": {"type": ["string", "number"], "description": "Its version."},
                "valid_from": date("First day on which it applies."),
                "expires": date("Last day on which it applies."),
                "review_by": date("Day by which the owner looks at it again."),
                "banner": text("A line that is printed with every finding."),
                "about": text("What it is for."),
                "appeal": text("To whom a person can turn, and within what time."),
                "cost_of_not_acting": text("What the owner expects without it, dated."),
                "scope": {"$ref": "#/$defs/case"},
                "lists": {
                    "type": "object",
                    "description": "Lists to which conditions refer.",
                    "additionalProperties": mapping(
                        {
                            "of": words(LISTED, "What its members are."),
                            "title": text("What it is called."),
                            "source": text("Who publishes it and where."),
                            "dated": date("Date of the edition that is meant."),
                        },
                        ("of", "source", "dated"),
                    ),
                },
                "rules": {"type": "array", "minItems": 1, "items": _rule()},
            },
            ("policy", "title", "owner", "version", "valid_from", "rules"),
        ),
        "$defs": {
            "basis": _basis(),
            **{
                level.plural.replace("cases", "case"): _condition(level)
                for level in LEVELS.values()
                if not level.holds_values
            },
        },
    }


def _basis() -> Schema:
    return by_type(
        string=text("On what it rests."),
        object=mapping(
            {
                "source": text("The law, decision or agreement."),
                "article": text("The place in it."),
                "url": text("Where it can be read."),
                "date": date("Its date."),
            },
            ("source",),
        ),
    )


def _rule() -> Schema:
    basis = {"$ref": "#/$defs/basis"}
    case = {"$ref": "#/$defs/case"}
    return mapping(
        {
            "id": slug("Id of the rule."),
            "text": text("The rule in words."),
            "basis": basis,
            "scope": case,
            "valid_from": date("First day on which it applies."),
            "expires": date("Last day on which it applies."),
            "review_by": date("Day by which the owner looks at it again."),
            "when": case,
            "decision": words(DECISIONS, "What follows when the condition holds."),
            "obligations": {"type": "array", "items": _obligation()},
            "except": {
                "type": "array",
                "items": mapping(
                    {
                        "id": slug("Id of the exemption."),
                        "text": text("The exemption in words."),
                        "basis": basis,
                        "when": case,
                    },
                    ("id", "text", "basis", "when"),
                ),
            },
            "proportionality": mapping(
                {
                    "aim": text("What the rule protects."),
                    "suitable": text("Why it serves the aim."),
                    "least_restrictive_considered": text("What milder measure was weighed."),
                    "expected_cost_ref": text("Where the expected cost was worked out."),
                }
            ),
            "reciprocity": mapping(
                {
                    "mirror": words(("yes", "no", "not_applicable"), "May the partner mirror it?"),
                    "partner_rule_ref": text("The partner's rule."),
                }
            ),
            "appeal": text("To whom a person can turn, if not as for the policy."),
            "owner": text("Who answers for the rule, if not the policy's owner."),
        },
        ("id", "text", "when", "decision"),
    )


def _obligation() -> Schema:
    return mapping(
        {
            "kind": words(tuple(OBLIGATIONS), "What kind of duty."),
            "text": text("The duty in words."),
            "by": text("Who must do it."),
            "due": by_type(
                string=date("A fixed day."),
                object=mapping(
                    {
                        "days": {
                            "type": "integer",
                            "minimum": -MOST_DAYS,
                            "maximum": MOST_DAYS,
                            "description": "Days after; negative: before.",
                        },
                        "after": words(DATE_FACTS, "A date of the case."),
                    },
                    ("days", "after"),
                ),
            ),
            "evidence": text("What shows that it was done."),
        },
        ("kind", "text", "by"),
    )


def _condition(level: Level) -> Schema:
    """Return the schema of a condition that is asked of a row of a level."""
    own: Schema = {"$ref": f"#/$defs/{level.plural.replace('cases', 'case')}"}
    several: Schema = {"type": "array", "minItems": 1, "items": own}
    properties: dict[str, object] = {"all_of": several, "any_of": several, "not": own}
    below = children(level)
    things = tuple(child for child in below if not child.holds_values)
    for child in things:
        item: Schema = {"$ref": f"#/$defs/{child.plural}"}
        some, every = child.quantifiers
        properties[some] = {**item, "description": f"Some of the {child.plural}."}
        properties[every] = {**item, "description": f"All of the {child.plural}."}
    if below:
        plurals = tuple(child.plural for child in below)
        properties["exists"] = words(plurals, "At least one is given.")
    if things:
        properties["count_ge"] = _count(
            things, {"n": {"type": "integer", "minimum": 1, "description": "At least so many."}}
        )
        share = {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "description": "0 to 1."}
        properties["share_ge"] = _count(things, {"share": share})
    for child in below:
        if child.plural == "documents":
            properties["document_present"] = words(child.facts[0].words, "It is at hand.")
        if child.holds_values:
            properties[child.plural] = _values_tested(child)
    properties |= {fact.name: _tested(fact, level) for fact in level.facts}
    return {
        "type": ["object", "array"],
        "minItems": 1,
        "items": own,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": properties,
        "additionalProperties": False,
    }


def _count(things: tuple[Level, ...], least: Mapping[str, object]) -> Schema:
    """Return the schema of a count or share of rows."""
    schema = mapping(
        {
            **least,
            "of": words(tuple(child.plural for child in things), "Of what rows."),
            "where": {"type": ["object", "array"], "description": "Which rows count; all if not."},
            "distinct": {"type": "string", "description": "Count values of this fact."},
        },
        (*least, "of"),
    )
    schema["allOf"] = [
        {
            "if": {"properties": {"of": {"const": child.plural}}, "required": ["of"]},
            "then": {
                "properties": {
                    "where": {"$ref": f"#/$defs/{child.plural}"},
                    "distinct": words(
                        tuple(f.name for f in child.facts if f.type in {"word", *ID_TYPES})
                    ),
                }
            },
        }
        for child in things
    ]
    if "share" in least:
        del schema["properties"]["distinct"]  # type: ignore[attr-defined]
    return schema


def _listed(level: Level, *operators: str) -> Schema:
    on = words(dates_for(level), "The date on which the list is read; `date` if not said.")
    properties: dict[str, object] = {name: slug("Id of a list.") for name in operators}
    return {**mapping({**properties, "on": on}), "minProperties": 1}


def _values_tested(level: Level) -> Schema:
    """Return the schema of a test of a fact with many values."""
    fact = level.facts[0]
    if fact.type == "organization":
        return _listed(level, "intersects", "subset_of", "within_org_tree")
    if fact.type in ID_TYPES:
        return _listed(level, "intersects", "subset_of")
    several: Schema = {"type": "array", "minItems": 1, "items": words(fact.words)}
    return {
        **mapping({"intersects": several, "subset_of": several}, meaning=fact.meaning),
        "minProperties": 1,
    }


def _tested(fact: Fact, level: Level) -> Schema:
    """Return the schema of a test of a fact with one value."""
    if fact.type == "word":
        several: Schema = {"type": "array", "minItems": 1, "items": words(fact.words)}
        tests = mapping({"eq": words(fact.words), "one_of": several})
        schema = by_type(
            object={**tests, "minProperties": 1}, array=several, string=words(fact.words)
        )
    elif fact.type == "flag":
        flag: Schema = {"type": "boolean"}
        schema = by_type(object=mapping({"eq": flag}, ("eq",)), boolean=flag)
    elif fact.type == "number":
        bound: Schema = {"type": "number"}
        tests = mapping(dict.fromkeys(NUMERIC, bound))
        schema = by_type(object={**tests, "minProperties": 1}, number=bound)
    elif fact.type == "date":
        one = date("A day.")
        pair: Schema = {"type": "array", "minItems": 2, "maxItems": 2, "items": one}
        tests = mapping({**dict.fromkeys(NUMERIC, one), "between_dates": pair})
        schema = by_type(object={**tests, "minProperties": 1}, string=one)
    elif fact.type == "period":
        span = mapping(
            {
                "years": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": MOST_YEARS,
                    "description": "Years up to the date.",
                },
                "from": date("First day."),
                "to": date("Last day."),
                "on": words(dates_for(level)),
            }
        )
        tests = mapping({"overlaps_period": {**span, "minProperties": 1}}, ("overlaps_period",))
        schema = by_type(object=tests, string=words(("current",)))
    else:
        operators = ("in_list", "within_org_tree") if fact.type == "organization" else ("in_list",)
        schema = _listed(level, *operators)
    return {**schema, "description": fact.meaning}
