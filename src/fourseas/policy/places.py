"""YAML text as plain values that remember where they were written."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from fourseas.errors import PolicyError

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]

MOST_VALUES = 200_000
"""Of one document, aliases counted as often as they are used."""

NEAREST = 0.6
"""Least likeness of a word that is offered for another."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a text something is written, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        """Return it as people say it."""
        return f"line {self.line}, column {self.column}"


NOWHERE = Place(0, 0)
"""The place of what was not written in a text."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a document: where, what, and what to do."""

    place: Place
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.place}: {self.problem} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML text that was read.

    Attributes
    ----------
    name
        What errors call it, such as its file's name.
    root
        Its values; dates are text as YYYY-MM-DD.
    places
        Where each value stands, by the path to it; a key's place is under its path.
    """

    name: str
    root: Plain
    places: Mapping[Path, Place]

    def place(self, path: Sequence[str | int]) -> Place:
        """Return the place of a value, or of the nearest that holds it."""
        known = tuple(path)
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, Place(1, 1))

    def error(self, problems: Iterable[Problem]) -> PolicyError:
        """Return the error that tells all problems, first those that come first."""
        return PolicyError.in_document(self.name, [str(one) for one in sorted(set(problems))])


class _Constructor(RoundTripConstructor):
    """Leaves dates as text, so that an impossible one is told with its place."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def read_yaml(text: str, name: str) -> Document:
    """Read a text; raise `PolicyError` where it is no YAML or gives a key twice."""
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        loaded = yaml.load(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        found = " ".join((error.problem or "it is not YAML").split())
        problem = Problem(place, f"{found[0].upper()}{found[1:]}.", "Mend the YAML there.")
        raise PolicyError.in_document(name, [str(problem)]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        problem = Problem(Place(1, 1), f"It cannot be read: {error}.", "Mend the YAML.")
        raise PolicyError.in_document(name, [str(problem)]) from error
    places: dict[Path, Place] = {}
    budget = iter(range(MOST_VALUES))
    try:
        root = _plain(loaded, (), places, budget)
    except (RecursionError, StopIteration) as error:
        problem = Problem(Place(1, 1), f"It holds over {MOST_VALUES} values.", "Make it smaller.")
        raise PolicyError.in_document(name, [str(problem)]) from error
    return Document(name, root, places)


def _plain(value: object, path: Path, places: dict[Path, Place], budget: Iterator[int]) -> Plain:
    """Return a value without ruamel's types, and note the places of what it holds."""
    next(budget)
    if isinstance(value, CommentedMap):
        plain: dict[str, Plain] = {}
        for key, inner in value.items():
            own = (*path, str(key))
            line, column = value.lc.key(key)
            places[own] = Place(line + 1, column + 1)
            plain[str(key)] = _plain(inner, own, places, budget)
        return plain
    if isinstance(value, CommentedSeq):
        items: list[Plain] = []
        for number, inner in enumerate(value):
            own = (*path, number)
            line, column = value.lc.item(number)
            places[own] = Place(line + 1, column + 1)
            items.append(_plain(inner, own, places, budget))
        return items
    return _scalar(value)


def _scalar(value: object) -> Plain:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)


def offer(word: str, known: Iterable[str]) -> str:
    """Return what was perhaps meant, as a sentence; all words where there are few."""
    names = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in reversed(names)}
    near = difflib.get_close_matches(_spelled(word), folded, n=1, cutoff=NEAREST)
    if near:
        return f"Did you mean `{folded[near[0]]}`?"
    if not names:
        return "There is none."
    return f"Choose from: {', '.join(names)}."


def _spelled(word: str) -> str:
    """Return a word in the spelling of the vocabulary."""
    return word.casefold().replace("organisation", "organization").replace("-", "_")
