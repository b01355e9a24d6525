"""A case that is entered question by question: its answers, by name, and the case they make.

An answer's name is its place in a case: ``c.activity``, ``c.parties.0.country``, ``c.documents``.
``c.parties.n`` says how many rows there are and ``c.parties.more`` how many come to them;
``c.parties.all`` says that no other is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fourseas.errors import FourseasError
from fourseas.policy.answers import Atom
from fourseas.policy.vocabulary import LEVELS, Fact, Level, children
from fourseas.policy.wording import words

ROOT = "c."
MOST_ROWS = 20
"""Parties, people and so on of one kind that a case may have on the desk."""

YES, NO = "yes", "no"
NOT_SAID = ("", "not said")
FLAGS = (NOT_SAID, (YES, "yes"), (NO, "no"))
ALL = (NOT_SAID, (YES, "these are all, or there are none"))

Given = dict[str, tuple[str, ...]]
"""Answers that were given, by name."""

Kind = Literal["select", "text", "number", "date", "checks", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something that a reader can fill in.

    Attributes
    ----------
    name, label
        Of the answer, and what is asked.
    kind
        How it is asked.
    values
        What it holds now.
    options
        Value and title of each choice.
    """

    name: str
    label: str
    kind: Kind = "text"
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()


def given_answers(parameters: tuple[tuple[str, str], ...]) -> Given:
    """Return the answers among what was sent, those that are empty left out."""
    found: dict[str, list[str]] = {}
    for name, value in parameters:
        if name.startswith(ROOT) and value.strip():
            found.setdefault(name, []).append(value.strip())
    return {name: tuple(values) for name, values in found.items()}


def case_values(given: Given, label: str, date: str) -> dict[str, object]:
    """Return the case that answers make, as a case document holds it.

    Raises
    ------
    FourseasError
        Where a number is none, or where there are too many rows.
    """
    answers = {**given, f"{ROOT}date": (date,)}
    return {"case": label, **_row(LEVELS["cases"], ROOT, answers)}


def _row(level: Level, prefix: str, given: Given) -> dict[str, object]:
    row: dict[str, object] = {}
    for fact in level.facts:
        value = _value(fact, prefix + fact.name, given)
        if value is not None:
            row[fact.name] = value
    complete: list[str] = []
    for child in children(level):
        own = prefix + child.plural
        listed: list[object] = (
            _listed(own, given)
            if child.holds_values
            else [_row(child, f"{own}.{at}.", given) for at in range(n_rows(own, given))]
        )
        is_all = YES in given.get(f"{own}.all", ())
        if listed:
            row[child.plural] = listed
            complete += [child.plural] if is_all else []
        elif is_all:
            row[child.plural] = "none"
    if complete:
        row["complete"] = complete
    return row


def n_rows(own: str, given: Given) -> int:
    """Return how many rows a case has of a level: those there were, and those that come to them."""
    n = sum(_whole(f"{own}.{name}", given) for name in ("n", "more"))
    if n > MOST_ROWS:
        problem = f"{n} rows of {own.rpartition('.')[2]} are more than the desk takes."
        raise FourseasError(
            problem, f"Give {MOST_ROWS} at most; `fourseas policy check` reads a file of any size."
        )
    return n


def _whole(name: str, given: Given) -> int:
    (written,) = given.get(name, ("0",))[:1]
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(MOST_ROWS))):
        problem = f"`{written}` is no number of rows."
        raise FourseasError(problem, f"Write a whole number from 0 to {MOST_ROWS}.")
    return int(written)


def _listed(own: str, given: Given) -> list[object]:
    """Return the values of a fact that has many; words between commas are several."""
    parts = (part.strip() for value in given.get(own, ()) for part in value.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _value(fact: Fact, name: str, given: Given) -> object:
    """Return a value of the type that a case document holds; None where nothing was said."""
    if fact.type == "period":
        said = {end: given.get(f"{name}.{end}") for end in ("since", "until")}
        return {end: values[0] for end, values in said.items() if values} or None
    if name not in given:
        return None
    (written,) = given[name][:1]
    if fact.type == "flag":
        return {YES: True, NO: False}.get(written, written)
    if fact.type == "number":
        try:
            return float(written)
        except ValueError:
            return written
    return written


def name_of(atom: Atom) -> str:
    """Return the name of the answer to a question of a fact, or of rows."""
    if atom.kind == "rows":
        parent = LEVELS[atom.level].parent or "cases"
        return _prefix(LEVELS[parent], atom.key) + atom.level
    level = LEVELS[atom.level]
    if level.holds_values:
        parent = level.parent or "cases"
        return _prefix(LEVELS[parent], atom.key[:-1]) + atom.level
    return _prefix(level, atom.key) + atom.name


def _prefix(level: Level, key: tuple[int, ...]) -> str:
    if level.parent is None:
        return ROOT
    return f"{_prefix(LEVELS[level.parent], key[:-1])}{level.plural}.{key[-1]}."


def controls(atom: Atom, given: Given) -> tuple[Control, ...]:
    """Return what a reader fills in to answer a question of a fact, or of rows."""
    own, level = name_of(atom), LEVELS[atom.level]
    if atom.kind == "rows" or level.holds_values:
        return rows_controls(level, own, given)
    return fact_controls(level.fact(atom.name), own, "Answer", given)


def said_controls(given: Given) -> tuple[Control, ...]:
    """Return what was answered, to be changed."""
    return tuple(_said(LEVELS["cases"], ROOT, "", given))


def _said(level: Level, prefix: str, of: str, given: Given) -> Iterator[Control]:
    for fact in level.facts:
        names = (f"{prefix}{fact.name}", f"{prefix}{fact.name}.since", f"{prefix}{fact.name}.until")
        is_date = prefix + fact.name == f"{ROOT}date"
        if not is_date and any(name in given for name in names):
            yield from fact_controls(fact, names[0], f"{fact.spoken}{of}", given)
    for child in children(level):
        own = prefix + child.plural
        named = f"{words(child.plural)}{of}"
        if child.holds_values:
            if own in given or f"{own}.all" in given:
                yield _values_control(child, own, named, given)
                yield _all_control(own, named, given)
            continue
        n = n_rows(own, given)
        if n or f"{own}.all" in given:
            yield Control(
                name=f"{own}.n", label=f"number of {named}", kind="number", values=(str(n),)
            )
            yield _all_control(own, named, given)
        for at in range(n):
            yield from _said(child, f"{own}.{at}.", f" of {child.name} {at + 1}{of}", given)


def fact_controls(fact: Fact, own: str, label: str, given: Given) -> tuple[Control, ...]:
    """Return what a reader fills in to say a fact."""
    if fact.type == "period":
        return (
            Control(
                name=f"{own}.since",
                label=f"{label}: first day",
                values=given.get(f"{own}.since", ()),
                kind="date",
            ),
            Control(
                name=f"{own}.until",
                label=f"{label}: last day, or ongoing",
                values=given.get(f"{own}.until", ()),
            ),
        )
    values = given.get(own, ())
    if fact.type == "flag":
        return (Control(name=own, label=label, kind="select", values=values, options=FLAGS),)
    if fact.type == "word":
        options = (NOT_SAID, *((word, words(word)) for word in fact.words))
        return (Control(name=own, label=label, kind="select", values=values, options=options),)
    if fact.type == "number":
        return (Control(name=own, label=label, kind="number", values=values),)
    if fact.type == "date":
        return (Control(name=own, label=label, kind="date", values=values),)
    return (Control(name=own, label=f"{label}: {fact.meaning}", values=values),)


def rows_controls(level: Level, own: str, given: Given) -> tuple[Control, ...]:
    """Return what a reader fills in to say which rows there are."""
    named = words(level.plural)
    if level.holds_values:
        return _values_control(level, own, named, given), _all_control(own, named, given)
    more = Control(name=f"{own}.more", label=f"How many more {named}?", kind="number")
    return more, _all_control(own, named, given)


def _values_control(level: Level, own: str, label: str, given: Given) -> Control:
    (fact,) = level.facts
    values = given.get(own, ())
    if fact.type == "word":
        options = tuple((word, words(word)) for word in fact.words)
        return Control(name=own, label=label, kind="checks", values=values, options=options)
    return Control(
        name=own, label=f"{label}: ids, a comma between two", values=(", ".join(values),)
    )


def _all_control(own: str, label: str, given: Given) -> Control:
    values = given.get(f"{own}.all", ())
    return Control(
        name=f"{own}.all",
        label=f"Are these all {label}?",
        kind="select",
        values=values,
        options=ALL,
    )
