"""YAML text as plain values that remember where they were written."""

from __future__ import annotations

import difflib
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from fourseas.errors import PolicyError

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]

MOST_SIGNS = 500_000
"""Of the text of one document."""

MOST_VALUES = 200_000
"""Of one document, aliases counted as often as they are used."""

MOST_REPEATED = 10_000
"""Values that aliases may bring: ten lines of them could otherwise stand for millions."""

MOST_DEPTH = 200
"""Brackets in each other: the time that the YAML reader takes grows with the square of it."""

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


def read_yaml(text: str, name: str) -> Document:
    """Read a text; raise `PolicyError` where it is no YAML or holds what documents do not need.

    Tags, merge keys, keys that are no text, keys given twice, numbers that are none and signs
    that cannot be seen are faults. Aliases count as often as they are used.
    """
    if len(text) > MOST_SIGNS:
        raise _unreadable(name, Place(1, 1), f"It is longer than {MOST_SIGNS} signs.")
    if _depth(text) > MOST_DEPTH:
        raise _unreadable(name, Place(1, 1), "It is nested too deeply.")
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        found = " ".join((error.problem or "it is not YAML").split())
        hint = next((hint for sign, hint in HINTS.items() if sign in found), "")
        raise _unreadable(name, place, f"{found[0].upper()}{found[1:]}.", hint) from error
    except YAMLError as error:
        raise _unreadable(name, Place(1, 1), f"It cannot be read: {error}.") from error
    except RecursionError as error:
        raise _unreadable(name, Place(1, 1), "It is nested too deeply.") from error
    reader = _Reader({}, [], iter(range(MOST_VALUES)), iter(range(MOST_REPEATED)), set())
    try:
        root = reader.plain(node, ()) if node is not None else None
    except (RecursionError, StopIteration) as error:
        problem = f"It holds over {MOST_VALUES} values, {MOST_REPEATED} by alias, or itself."
        raise _unreadable(name, Place(1, 1), problem) from error
    document = Document(name, root, reader.places)
    if reader.problems:
        raise document.error(reader.problems)
    return document


def _depth(text: str) -> int:
    """Return how many brackets are open at once, at most; those within texts count too."""
    depth = most = 0
    for bracket in BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        most = max(most, depth)
    return most


def _unreadable(name: str, place: Place, problem: str, hint: str = "") -> PolicyError:
    told = Problem(place, problem, hint or "Mend the text there.")
    return PolicyError.in_document(name, [str(told)])


HINTS = {
    "mapping values are not allowed": "Put quotes around a text that holds a colon.",
    "'\\t'": "Indent with spaces, not with tabs.",
    "expected <block end>": "Let what belongs together begin in the same column.",
    "could not find expected ':'": "Write `key: value`; put quotes around a text of more lines.",
}
"""What usually lies behind a complaint of the YAML reader."""

TEXT_TAG = "tag:yaml.org,2002:str"
SCALARS = {f"tag:yaml.org,2002:{kind}" for kind in ("bool", "float", "int", "null", "timestamp")}
KINDS = {
    MappingNode: {"tag:yaml.org,2002:map"},
    SequenceNode: {"tag:yaml.org,2002:seq"},
    ScalarNode: {*SCALARS, TEXT_TAG, "tag:yaml.org,2002:value"},
}
WORDS: dict[str, Plain] = {"": None, "~": None, "null": None, "true": True, "false": False}
BRACKETS = re.compile(r"[\[\]{}]")
INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NO_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
JOINERS = "\u200c\u200d"
"""Signs without width that some scripts need."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns nodes of YAML into plain values, notes where they stand and what is wrong."""

    places: dict[Path, Place]
    problems: list[Problem]
    budget: Iterator[int]
    repeated: Iterator[int]
    seen: set[int]

    def plain(self, node: Node, path: Path) -> Plain:
        """Return the value of a node."""
        next(self.budget)
        if id(node) in self.seen:
            next(self.repeated)
        self.seen.add(id(node))
        place = _place(node)
        self.places.setdefault(path, place)
        if node.tag not in KINDS[type(node)]:
            problem = f"The tag `{node.tag}` is not used here."
            self.problems.append(Problem(place, problem, "Write the value without it."))
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(item, (*path, number)) for number, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self.scalar(node, place)

    def mapping(self, node: MappingNode, path: Path) -> Plain:
        """Return a mapping by its keys."""
        found: dict[str, Plain] = {}
        for key_node, inner in node.value:
            place = _place(key_node)
            key = key_node.value
            if key == "<<" or not isinstance(key, str):
                problem = "A key is a word; this is a merge or a list."
                self.problems.append(Problem(place, problem, "Write the keys out."))
                continue
            own = (*path, key)
            if key in found:
                problem = f"The key `{key}` is given twice, first at {self.places[own]}."
                self.problems.append(Problem(place, problem, "Keep one of them."))
                continue
            self.places[own] = place
            found[key] = self.plain(inner, own)
        return found

    def scalar(self, node: ScalarNode, place: Place) -> Plain:
        """Return a text, number, true, false or nothing; dates are text."""
        value = str(node.value)
        for sign in value:
            if not (sign.isprintable() or sign.isspace() or sign in JOINERS):
                problem = f"This text holds a sign that cannot be seen (U+{ord(sign):04X})."
                self.problems.append(Problem(place, problem, "Write it without."))
                return None
        if node.style is not None or node.tag not in SCALARS:
            return value
        if value.casefold() in WORDS:
            return WORDS[value.casefold()]
        if INTEGER.fullmatch(value):
            return int(value)
        if NUMBER.fullmatch(value) and math.isfinite(float(value)):
            return float(value)
        if NUMBER.fullmatch(value) or NO_NUMBER.fullmatch(value):
            self.problems.append(Problem(place, f"`{value[:20]}` is no number.", "Write a number."))
        return value


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


MEANT = {
    said: word
    for word, others in {
        "eq": ("=", "==", "equals", "is"),
        "ge": (">=", "gte", "at_least", "min", "from"),
        "le": ("<=", "lte", "at_most", "max", "until"),
        "gt": (">", "above", "after", "greater", "more"),
        "lt": ("<", "below", "before", "less"),
        "between_dates": ("between",),
        "in_list": ("in",),
        "all_of": ("and", "all"),
        "any_of": ("or", "any"),
        "open": ("allow", "permit"),
        "closed": ("deny", "forbid", "prohibit"),
        "except": ("unless",),
    }.items()
    for said in others
}
"""What people write who know other languages; the nearest spelling would mislead them."""


def offer(word: str, known: Iterable[str]) -> str:
    """Return what was perhaps meant, as a sentence; all words where there are few."""
    names = list(dict.fromkeys(known))
    meant = MEANT.get(word.casefold().strip())
    if meant in names:
        return f"Did you mean `{meant}`?"
    folded = {name.casefold(): name for name in reversed(names)}
    near = difflib.get_close_matches(_spelled(word), folded, cutoff=NEAREST)
    if near:
        return f"Did you mean `{folded[near[0]]}`?"
    if not names:
        return "There is none."
    return f"Choose from: {', '.join(names)}."


def _spelled(word: str) -> str:
    """Return a word in the spelling of the vocabulary."""
    return word.casefold().replace("organisation", "organization").replace("-", "_")
