"""What a user takes to be so in every past case, because history does not show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.errors import PolicyError
from fourseas.policy.conditions import FactTables
from fourseas.policy.grammar import Scalar
from fourseas.policy.identifiers import UnknownIdError, identifier
from fourseas.policy.places import offer
from fourseas.policy.vocabulary import ID_TYPES, LEVELS, Fact, Level

ALL_GIVEN = "complete"
NONE = "none"
FLAGS = {"true": True, "yes": True, "false": False, "no": False}

ONE_EACH = {"country", "organization"}
"""Facts of a party that tell it from others."""

Kind = Literal["fact", "values", "complete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something that is taken to be so in every case.

    Attributes
    ----------
    written
        As the user wrote it.
    kind
        ``fact``: a fact of every row of a level; ``values``: these values and no others;
        ``complete``: the rows that history shows are all.
    level
        Plural of the level.
    fact
        The fact; empty where it is about rows.
    values
        One value, or those of a fact with many.
    """

    written: str
    kind: Kind
    level: str
    fact: str = ""
    values: tuple[Scalar, ...] = ()


def read_assumptions(written: Iterable[str]) -> tuple[Assumption, ...]:
    """Read assumptions such as ``advances_or_uses=uses`` or ``documents=none``.

    A fact of a case stands by its name, that of a party as ``parties.sector``. A fact with many
    values takes words between commas, or ``none``; ``parties=complete`` says that no party is
    missing, and ``people=none`` that there are none.

    Raises
    ------
    PolicyError
        For a word or a value that there is not, with the nearest that there is.
    """
    found: dict[tuple[str, str], Assumption] = {}
    for one in written:
        read = _read(one)
        known = found.get((read.level, read.fact))
        if known is not None and known != read:
            raise PolicyError.unfit_assumption(
                one, f"It says otherwise than `{known.written}`.", "Keep one of them."
            )
        found[read.level, read.fact] = read
    return tuple(found.values())


def _read(written: str) -> Assumption:
    name, sign, said = (part.strip() for part in written.partition("="))
    if not sign or not said:
        raise PolicyError.unfit_assumption(
            written, "It gives no value.", "Write a fact and a value, as trl=5."
        )
    if name in LEVELS:
        return _of_rows(written, LEVELS[name], said)
    plural, dot, word = name.rpartition(".")
    level = LEVELS.get(plural if dot else "cases")
    fact = next((one for one in level.facts if one.name == word), None) if level else None
    if level is None or fact is None or level.plural not in {"cases", "parties"}:
        raise PolicyError.unfit_assumption(
            written, f"There is no fact `{name}`.", offer(name, _known_names())
        )
    if fact.type == "period" or (level.plural == "parties" and fact.name in ONE_EACH):
        raise PolicyError.unfit_assumption(
            written, f"`{name}` cannot be the same in all of history.", "Leave it as it is known."
        )
    return Assumption(
        written=written,
        kind="fact",
        level=level.plural,
        fact=fact.name,
        values=(_value(written, fact, said),),
    )


def _known_names() -> list[str]:
    facts = [fact.name for fact in LEVELS["cases"].facts]
    facts += [f"parties.{fact.name}" for fact in LEVELS["parties"].facts]
    return facts + [level.plural for level in LEVELS.values() if level.parent == "cases"]


def _of_rows(written: str, level: Level, said: str) -> Assumption:
    """Read an assumption about the rows of a level."""
    if level.parent != "cases":
        raise PolicyError.unfit_assumption(
            written, f"`{level.plural}` are not of a case.", offer(level.plural, _known_names())
        )
    if said == ALL_GIVEN:
        return Assumption(written=written, kind="complete", level=level.plural)
    if said == NONE and level.plural != "parties":
        return Assumption(written=written, kind="values", level=level.plural)
    if not level.holds_values:
        raise PolicyError.unfit_assumption(
            written,
            f"`{level.plural}` have no single value.",
            f"Write {level.plural}={ALL_GIVEN}"
            + ("." if level.plural == "parties" else f" or {level.plural}={NONE}."),
        )
    values = tuple(_value(written, level.facts[0], one.strip()) for one in said.split(","))
    return Assumption(written=written, kind="values", level=level.plural, values=values)


def _value(written: str, fact: Fact, said: str) -> Scalar:
    """Return a value of the fact's type."""
    if fact.type in ID_TYPES:
        try:
            return identifier(fact.type, said)
        except UnknownIdError as error:
            problem, _, remedy = str(error).partition(". ")
            raise PolicyError.unfit_assumption(written, f"{problem}.", remedy) from error
    if fact.type == "word":
        if said not in fact.words:
            raise PolicyError.unfit_assumption(
                written, f"`{said}` is no {fact.spoken}.", offer(said, fact.words)
            )
        return said
    try:
        if fact.type == "flag":
            return FLAGS[said.casefold()]
        if fact.type == "date":
            return dt.date.fromisoformat(said)
        number = float(said)
    except (KeyError, ValueError) as error:
        expected = {"flag": "true or false", "date": "a day as 2024-06-30"}
        remedy = f"Write {expected.get(fact.type, 'a number')}."
        raise PolicyError.unfit_assumption(
            written, f"`{said}` is no {fact.type}.", remedy
        ) from error
    if not fact.least <= number <= fact.greatest:
        raise PolicyError.unfit_assumption(
            written,
            f"`{said}` is out of range.",
            f"Write a number from {fact.least:g} to {fact.greatest:g}.",
        )
    return number


def assumed(facts: FactTables, assumptions: Iterable[Assumption]) -> FactTables:
    """Return facts in which the assumptions hold in every case."""
    rows = dict(facts.rows)
    for one in assumptions:
        if one.kind == "fact":
            fact = LEVELS[one.level].fact(one.fact)
            ((name, dtype),) = fact.columns
            (value,) = one.values
            rows[one.level] = rows[one.level].mutate(**{name: ibis.literal(value).cast(dtype)})
            continue
        rows["cases"] = rows["cases"].mutate(**{LEVELS[one.level].complete: ibis.literal(True)})
        if one.kind == "values":
            rows[one.level] = _same_values(rows["cases"], LEVELS[one.level], one.values)
    return FactTables(rows=rows, lists=facts.lists, ancestors=facts.ancestors)


def _same_values(cases: ir.Table, level: Level, values: tuple[Scalar, ...]) -> ir.Table:
    """Return rows of a level that are the same in every case."""
    (own,) = level.key[1:]
    ids = cases.select("case_id")
    if not values:
        empty = ids.mutate(**{own: ibis.null("string")})
        return empty.filter(ibis.literal(False))
    return ibis.union(*(ids.mutate(**{own: ibis.literal(value)}) for value in values))
