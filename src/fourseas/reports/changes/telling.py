"""What changed, in words and short tables: what a reader sees first, and how to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fourseas.reports.changes.coverage import POINT
from fourseas.reports.changes.difference import Difference, Side
from fourseas.reports.changes.moves import MOVED, NO_INTERVAL, VERDICTS

SHOWN = 20
"""Rows of a table that are told; data hold all."""

BY_CHANCE = 0.166
"""Part of all numbers whose values would each lie outside the interval of the other if works were
drawn twice, independently and alike: the difference of two such numbers has the square root of two
times the spread of one, and 2 (1 - Phi(1.96 / sqrt 2)) = 0.166."""

UNDECIDED = (
    "undecided: works with an author of unknown country and no two known ones. coverage: part of "
    "the world's credit whose country is known."
)
OF_WORKS = (
    "A work is known by its register's number: one whose number changed disappeared and appeared. "
    "Other countries: of all its authors together. Other fields: in any scheme, whatever the "
    "weights."
)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table with its heading and what must be said of it.

    Attributes
    ----------
    title
        What it shows, with how many there are.
    columns
        Heading to values, of the rows that are told.
    key
        Columns that are shown whatever the room, long values broken into lines.
    notes
        How to read it; the whole section where there are no columns.
    """

    title: str
    columns: Mapping[str, list[object]]
    key: tuple[str, ...]
    notes: tuple[str, ...] = ()


def sides(found: Difference) -> tuple[str, str]:
    """Say which versions are compared."""
    return _side("Before", found.before), _side("After", found.after)


def _side(place: str, side: Side) -> str:
    return f"{place}: {side.name}, built {side.built_at} by fourseas {side.code_version}."


def notes(found: Difference) -> tuple[str, ...]:
    """Say how to read everything that was compared, and what was not."""
    said = [note for section in sections(found) for note in section.notes]
    return (*sides(found), *dict.fromkeys(said), *found.not_compared)


def sections(found: Difference) -> tuple[Section, ...]:
    """Return what changed, part by part."""
    tellers = (
        ("registers", _registers),
        ("schema", _schema),
        ("rows", _rows),
        ("coverage", _coverage),
        ("measures", _measures),
        ("indicators", _numbers),
        ("works", _works),
    )
    return tuple(
        section
        for name, teller in tellers
        if name in found.tables
        for section in teller(found, found.tables[name].to_pylist())
    )


def _registers(_: Difference, rows: list[Row]) -> Iterator[Section]:
    changes = Counter(str(row["change"]) for row in rows)
    told = "; ".join(f"{n} {change}" for change, n in sorted(changes.items()))
    yield Section(
        title=f"Registers: {told}",
        columns={
            "register": [row["register"] for row in rows],
            "change": [row["change"] for row in rows],
            "snapshot": _both(rows, "snapshot"),
            "scope": _both(rows, "scope"),
            "records": _both(rows, "n_records"),
            "parts": _both(rows, "n_parts"),
            "same bytes": [row["n_parts_same"] for row in rows],
        },
        key=(),
    )


def _schema(_: Difference, rows: list[Row]) -> Iterator[Section]:
    if not rows:
        yield _silent("Schema: tables, columns, types, definitions and fourseas are the same")
        return
    yield Section(
        title=f"Schema: {_n(len(rows), 'difference', 'differences')}",
        columns={name: [row[name] for row in rows] for name in ("kind", "name", "before", "after")},
        key=("kind", "name", "before", "after"),
        notes=("A renamed column is one that is gone and one that is new.",),
    )


def _rows(_: Difference, rows: list[Row]) -> Iterator[Section]:
    other = [row for row in rows if row["change"] != 0]
    if not other:
        yield _silent(f"Rows: the same number in each of {len(rows)} tables")
        return
    yield Section(
        title=f"Rows: {len(other)} of {len(rows)} tables have another number",
        columns={
            "table": [row["table"] for row in other],
            "before": [row["rows_before"] for row in other],
            "after": [row["rows_after"] for row in other],
            "change": [row["change"] for row in other],
            "relative": [row["relative_change"] for row in other],
        },
        key=(),
    )


def _coverage(found: Difference, rows: list[Row]) -> Iterator[Section]:
    listing = (
        f"Coverage lists years in which works changed by {found.asked.threshold:g} or more of the "
        f"greater number, or a share by {POINT:g} or more; the greatest changes of works first, in "
        "registers that both versions have, all fields together, by the default definitions."
    )
    rule = (listing, UNDECIDED)
    of_world = [row for row in rows if row["unit_id"] == "WORLD"]
    of_countries = [row for row in rows if row["unit_id"] != "WORLD"]
    for title, listed in (
        ("Coverage, the world by year", of_world),
        ("Coverage, countries by year", of_countries),
    ):
        if not listed:
            yield _silent(f"{title}: no change at or above the threshold", rule)
            continue
        told = listed[:SHOWN]
        columns: dict[str, list[object]] = {
            "unit": [row["unit_id"] for row in told],
            "year": [row["year"] for row in told],
            "register": [row["register"] for row in told],
            "works": _both(told, "n"),
            "change": [row["change"] for row in told],
            "relative": [row["relative_change"] for row in told],
            "undecided": _both(told, "pp_undecided"),
        }
        if listed is of_world:
            columns["coverage"] = _both(told, "coverage")
        yield Section(
            title=f"{title}: {_shown(len(told), len(listed))} listed",
            columns=columns,
            key=(),
            notes=rule,
        )
    yield from _countries(found.tables["countries"].to_pylist())


def _countries(rows: list[Row]) -> Iterator[Section]:
    if not rows:
        yield _silent("Countries: each has works in both versions, or in neither")
        return
    told = rows[:SHOWN]
    yield Section(
        title=f"Countries new or gone: {_shown(len(told), len(rows))}",
        columns={
            "country": [row["unit_id"] for row in told],
            "change": [row["change"] for row in told],
            "register": [row["register"] for row in told],
            "works": [row["n"] for row in told],
        },
        key=(),
    )


def _measures(_: Difference, rows: list[Row]) -> Iterator[Section]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        place = str(row["indicator"]), str(row["measure"])
        counts.setdefault(place, Counter())[str(row["verdict"])] += _int(row["n"])
    there = [verdict for verdict in VERDICTS if any(found[verdict] for found in counts.values())]
    if not counts:
        yield _silent("Indicators: neither version has a number of what was asked for")
        return
    yield Section(
        title="Indicators: numbers by what became of them",
        columns={
            "indicator": [name for name, _ in counts],
            "measure": [name for _, name in counts],
            **{verdict: [found[verdict] for found in counts.values()] for verdict in there},
        },
        key=(),
        notes=(
            *(f"{verdict}: {VERDICTS[verdict]}." for verdict in there),
            _looks(rows),
        ),
    )


def _looks(rows: list[Row]) -> str:
    """Say how many numbers were looked at, and what that means."""
    n_looks = sum(_int(row["n_with_intervals"]) for row in rows)
    n_moved = sum(_int(row["n"]) for row in rows if row["verdict"] == MOVED)
    return (
        f"Many looks: {n_moved:,} of {n_looks:,} numbers with intervals in both versions moved. If "
        f"the works of both had been drawn independently, about {BY_CHANCE:.0%} would by chance "
        "alone; most works are in both, so that fewer do. Intervals are of stability, not a test: "
        "see how far a number moved, and whether its neighbors did, before quoting it."
    )


def _numbers(_: Difference, rows: list[Row]) -> Iterator[Section]:
    moved = [row for row in rows if row["verdict"] == MOVED]
    untold = [row for row in rows if row["verdict"] == NO_INTERVAL]
    if moved:
        n_open = sum(bool(row["is_provisional"]) for row in moved)
        yield _listed(
            f"Moved more than their intervals: {_shown(min(SHOWN, len(moved)), len(moved))}",
            moved[:SHOWN],
            f"widths: the change by half the width of the wider interval. Of those that moved, "
            f"{n_open:,} are provisional: of a year or window not complete at a snapshot.",
        )
    else:
        yield _silent("Moved more than their intervals: none")
    if untold:
        yield _listed(
            "Changed, without an interval to tell whether that is much: "
            + _shown(min(SHOWN, len(untold)), len(untold)),
            untold[:SHOWN],
            "Without intervals the greatest change relative to the greater value stands first.",
        )


def _listed(title: str, rows: list[Row], note: str) -> Section:
    """Return numbers as a table."""
    columns: dict[str, list[object]] = {
        "measure": [f"{row['indicator']}.{row['measure']}" for row in rows],
        "unit": [row["unit_id"] for row in rows],
        "year": [row["year"] for row in rows],
        "field": [row["field_id"] for row in rows],
        "detail": [row["detail"] or None for row in rows],
        "before": [row["value_before"] for row in rows],
        "after": [row["value_after"] for row in rows],
    }
    if any(row["n_intervals"] is not None for row in rows):
        columns |= {
            "interval before": [_span(row, "before") for row in rows],
            "interval after": [_span(row, "after") for row in rows],
            "widths": [row["n_intervals"] for row in rows],
        }
    columns |= {
        "counting": [row["counting"] or None for row in rows],
        "register": [row["register"] for row in rows],
        "definition": [row["definition_id"] for row in rows],
        "provisional": [row["is_provisional"] for row in rows],
    }
    for name, silent in (("field", "all"), ("detail", None)):
        if set(columns[name]) == {silent}:
            del columns[name]
    return Section(title=title, columns=columns, key=(), notes=(note,))


def _works(_: Difference, rows: list[Row]) -> Iterator[Section]:
    yield Section(
        title="Works",
        columns={name: [row[name] for row in rows] for name in ("register", "change", "n")}
        | {"first of them": [row["examples"] for row in rows]},
        key=("first of them",),
        notes=(OF_WORKS,),
    )


def _silent(title: str, said: tuple[str, ...] = ()) -> Section:
    """Return a section without a table: nothing changed."""
    return Section(title=f"{title}.", columns={}, key=(), notes=said)


def _both(rows: list[Row], name: str) -> list[object]:
    """Return a value where both versions have it, else both."""
    return [_pair(row[f"{name}_before"], row[f"{name}_after"]) for row in rows]


def _pair(before: object, after: object) -> str:
    old, new = _text(before), _text(after)
    return old if old == new else f"{old} → {new}"


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and value > 1 else f"{value:.3g}"
    return str(value)


def _span(row: Row, side: str) -> str:
    return f"{_text(row[f'low_{side}'])} to {_text(row[f'high_{side}'])}"


def _shown(told: int, there: int) -> str:
    return f"{there:,}" if told == there else f"the first {told} of {there:,}"


def _n(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
