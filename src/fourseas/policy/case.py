"""A case: what is planned, as facts with their origin; what is not said is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import pyarrow as pa

from fourseas.policy.case_schema import NONE, ONGOING, UNKNOWN, case_schema, cases_schema
from fourseas.policy.document import Mapped
from fourseas.policy.grammar import Scalar, day
from fourseas.policy.identifiers import Names, UnknownIdError, identifier
from fourseas.policy.json_schema import Schema
from fourseas.policy.places import NOWHERE, Document, Path, Place, Plain, Problem, read_yaml
from fourseas.policy.validation import faults
from fourseas.policy.vocabulary import ID_TYPES, LEVELS, Fact, Level, children

FOREVER = dt.date.max
"""The last day of a period that lasts."""

ARROW = {"boolean": pa.bool_(), "float64": pa.float64(), "date": pa.date32(), "string": pa.string()}
KEY = pa.int64()


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a case gives, where it comes from, and where it is written."""

    value: Scalar
    source: str | None = None
    on: dt.date | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The case, a party, a person, a tie, a set of data, or one of many values.

    Attributes
    ----------
    label
        What it is called in findings.
    facts
        What is known of it, by column.
    children
        Its rows of lower levels, by plural; a level that is not there was not spoken of.
    complete
        Levels of which all rows are given.
    """

    label: str
    facts: Mapping[str, Given]
    children: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A person's word on a possible match: the organization is, or is not, the one listed."""

    list_id: str
    organization_id: str
    is_same: bool
    by: str
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a policy should find of a case, as far as it is said."""

    finding: str
    at_least: str | None = None
    at_most: str | None = None
    rules: tuple[str, ...] | None = None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A planned collaboration.

    Attributes
    ----------
    label
        What it is called.
    row
        Its facts.
    confirmations
        The matches that persons have looked at.
    shows
        What it is an example of.
    expected
        What should be found, where the document says it.
    """

    label: str
    row: Row
    confirmations: tuple[Confirmation, ...] = ()
    shows: str | None = None
    expected: Expected | None = None

    def rows(self, plural: str) -> Iterator[tuple[tuple[int, ...], Row]]:
        """Yield the rows of a level with the numbers that lead to them, from 0."""
        yield from _descend(self.row, (), plural)


def _descend(row: Row, key: tuple[int, ...], plural: str) -> Iterator[tuple[tuple[int, ...], Row]]:
    level = LEVELS[plural]
    if level.parent is None:
        yield key, row
        return
    for above, parent in _descend(row, key, level.parent):
        for number, child in enumerate(parent.children.get(plural, ())):
            yield (*above, number), child


def tables(cases: tuple[Case, ...]) -> dict[str, pa.Table]:
    """Return the tables of the evaluator that hold these cases, numbered from 0 in `case_id`."""
    return {plural: _table(LEVELS[plural], cases) for plural in LEVELS}


def _table(level: Level, cases: tuple[Case, ...]) -> pa.Table:
    found = [
        ((number, *key), row)
        for number, case in enumerate(cases)
        for key, row in case.rows(level.plural)
    ]
    keys = [name for name in level.key if name != "value"]
    columns = {
        name: pa.array([key[place] for key, _ in found], KEY) for place, name in enumerate(keys)
    }
    for fact in level.facts:
        for name, dtype in fact.columns:
            values = [row.facts[name].value if name in row.facts else None for _, row in found]
            columns[name] = pa.array(values, ARROW[dtype])
    for child in children(level):
        flags = [child.plural in row.complete for _, row in found]
        columns[child.complete] = pa.array(flags, pa.bool_())
    return pa.table(columns)


def read_case(text: str, name: str = "case", names: Names | None = None) -> Case:
    """Read one case; see `read_cases`."""
    document = read_yaml(text, name)
    return _checked(document, case_schema(), [()], names)[0]


def read_cases(text: str, name: str = "cases", names: Names | None = None) -> tuple[Case, ...]:
    """Read the cases of a document, which is one case or has a list of them under `cases`.

    Parameters
    ----------
    text
        The document, YAML.
    name
        What errors call it.
    names
        Where they are at hand, names by id of all topics, or of all countries, by kind, so that
        slips in them are found.

    Raises
    ------
    PolicyError
        With every fault, its line and column; facts that contradict each other are faults.
    """
    document = read_yaml(text, name)
    listed = document.root.get("cases") if isinstance(document.root, dict) else None
    if not isinstance(listed, list):
        return _checked(document, case_schema(), [()], names)
    paths: list[Path] = [("cases", number) for number in range(len(listed))]
    return _checked(document, cases_schema(), paths, names)


def case_of(values: Plain, name: str = "case") -> Case:
    """Read one case from the values of a document that was read before; see `read_cases`."""
    return _checked(Document(name, values, {}), case_schema(), [()], None)[0]


def _checked(
    document: Document, schema: Schema, paths: list[Path], names: Names | None
) -> tuple[Case, ...]:
    """Return the cases at these places, or raise all faults of the document."""
    found = faults(document, schema)
    if found:
        raise document.error(found)
    reader = _Reader(document, names or {}, [])
    cases = tuple(_case(reader, path) for path in paths)
    problems = [*reader.problems, *(one for case in cases for one in _contradictions(case))]
    if problems:
        raise document.error(problems)
    return cases


def _case(reader: _Reader, path: Path) -> Case:
    plain = reader.document.root
    for part in path:
        plain = cast("Mapped", plain)[part]  # type: ignore[index]
    root = cast("Mapped", plain)
    source = str(root["source"]) if "source" in root else None
    return Case(
        label=str(root["case"]),
        row=reader.row(LEVELS["cases"], path, root, str(root["case"]), source),
        confirmations=tuple(
            Confirmation(
                list_id=str(one["list"]),
                organization_id=reader.identified(
                    (*path, "matches", number, "organization"), "organization", one["organization"]
                ),
                is_same=bool(one["same"]),
                by=str(one["by"]),
                on=day(one["on"]),
            )
            for number, one in enumerate(cast("list[Mapped]", root.get("matches") or []))
        ),
        shows=str(root["shows"]) if "shows" in root else None,
        expected=_expected(cast("Mapped | None", root.get("expect"))),
    )


def _expected(plain: Mapped | None) -> Expected | None:
    if plain is None:
        return None
    rules = cast("list[str] | None", plain.get("rules"))
    return Expected(
        finding=str(plain["finding"]),
        at_least=cast("str | None", plain.get("at_least")),
        at_most=cast("str | None", plain.get("at_most")),
        rules=tuple(rules) if rules is not None else None,
        asks=tuple(cast("list[str]", plain.get("asks", []))),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows of a document and notes what is wrong in it."""

    document: Document
    names: Names
    problems: list[Problem]

    def row(self, level: Level, path: Path, plain: Mapped, label: str, source: str | None) -> Row:
        """Return a row with its facts and the rows below it."""
        source = str(plain["source"]) if "source" in plain else source
        facts: dict[str, Given] = {}
        for fact in level.facts:
            if fact.name in plain:
                facts |= self.given(fact, (*path, fact.name), plain[fact.name], source)
        below: dict[str, tuple[Row, ...]] = {}
        complete: set[str] = set()
        for child in children(level):
            if child.plural not in plain:
                continue
            listed = plain[child.plural]
            if listed == NONE:
                complete.add(child.plural)
                below[child.plural] = ()
            else:
                below[child.plural] = self.below(
                    child, (*path, child.plural), cast("list[Plain]", listed), source
                )
        declared = plain.get("complete", [])
        for plural in below if declared == "all" else cast("list[str]", declared):
            if plural not in below:
                place = self.document.place((*path, "complete"))
                problem = f"`complete` names {plural}, of which nothing is said."
                remedy = f"Write `{plural}: none` if there are none."
                self.problems.append(Problem(place, problem, remedy))
            complete.add(plural)
        return Row(label=label, facts=facts, children=below, complete=frozenset(complete))

    def below(
        self, level: Level, path: Path, listed: list[Plain], source: str | None
    ) -> tuple[Row, ...]:
        """Return the rows of a lower level."""
        found: list[Row] = []
        for number, item in enumerate(listed):
            own = (*path, number)
            if level.holds_values:
                facts = self.given(level.facts[0], own, item, source)
                label = str(facts["value"].value) if facts else UNKNOWN
                if label not in [row.label for row in found]:
                    found.append(Row(label=label, facts=facts))
            else:
                plain = cast("Mapped", item)
                name = plain.get("label", plain.get("organization_name"))
                label = f"{level.name} {number + 1}" + (f" ({name})" if name else "")
                found.append(self.row(level, own, plain, label, source))
        return tuple(found)

    def given(self, fact: Fact, path: Path, plain: Plain, source: str | None) -> dict[str, Given]:
        """Return the columns that a fact fills; none where it is not known."""
        if fact.type == "period":
            ends = cast("Mapped", plain)
            source = str(ends.get("source") or source or "") or None
            until = ends.get("until")
            found = {
                "since": ends.get("since"),
                "until": FOREVER.isoformat() if until == ONGOING else until,
            }
            return {
                name: Given(day(value), source, None, self.document.place((*path, name)))
                for name, value in found.items()
                if value not in {None, UNKNOWN}
            }
        on: dt.date | None = None
        place = self.document.place(path)
        if isinstance(plain, dict):
            source = str(plain.get("source") or source or "") or None
            on = day(plain["on"]) if "on" in plain else None
            plain = plain["value"]
        if plain is None or plain == UNKNOWN:
            return {}
        return {fact.name: Given(self.value(fact, path, plain), source, on, place)}

    def value(self, fact: Fact, path: Path, plain: Plain) -> Scalar:
        """Return a value of the fact's type."""
        if fact.type == "number":
            return float(cast("float", plain))
        if fact.type == "date":
            return day(plain)
        if fact.type == "flag":
            return bool(plain)
        if fact.type in ID_TYPES:
            return self.identified(path, fact.type, plain)
        return str(plain)

    def identified(self, path: Path, kind: str, plain: Plain) -> str:
        """Return an id in its one spelling, or note what is wrong with it."""
        try:
            return identifier(kind, str(plain), self.names.get(kind))
        except UnknownIdError as error:
            said, _, remedy = str(error).partition(". ")
            self.problems.append(Problem(self.document.place(path), f"{said}.", remedy))
            return str(plain)


def _contradictions(case: Case) -> Iterator[Problem]:
    """Yield facts of a case that cannot hold together."""
    row = case.row
    yield from _backwards(row, "starts_on", "ends_on")
    release, embargo = row.facts.get("outputs_open"), row.facts.get("embargo_months")
    if release and embargo and release.value == "open" and embargo.value:
        problem = f"Results are open, yet held back for {embargo.value:g} months."
        yield Problem(embargo.place, problem, "Write `outputs_open: embargoed`, or 0 months.")
    for _, tie in case.rows("ties"):
        yield from _backwards(tie, "since", "until")
    parties = [party for _, party in case.rows("parties")]
    by_id: dict[Scalar, Row] = {}
    for party in parties:
        if "organization" not in party.facts:
            continue
        same = by_id.setdefault(party.facts["organization"].value, party)
        for name in ("country", "control_country", "sector"):
            ours, theirs = party.facts.get(name), same.facts.get(name)
            if ours and theirs and ours.value != theirs.value:
                yield Problem(
                    ours.place,
                    f"{party.label} is the organization of {same.label}, but their `{name}` "
                    f"differ: {ours.value} and {theirs.value}.",
                    "Correct one of them.",
                )
    shares = [party.facts["share"] for party in parties if "share" in party.facts]
    total = sum(float(cast("float", share.value)) for share in shares)
    if total > 1 + 1e-9:
        problem = f"The shares of the parties add up to {total:g}."
        yield Problem(shares[-1].place, problem, "Write shares of the whole, 1 at most together.")


def _backwards(row: Row, first: str, last: str) -> Iterator[Problem]:
    begin, end = row.facts.get(first), row.facts.get(last)
    if begin and end and cast("dt.date", end.value) < cast("dt.date", begin.value):
        problem = f"`{last}`, {end.value}, lies before `{first}`, {begin.value}."
        yield Problem(end.place, problem, "Correct one of them.")
