"""A number of the lake held against the live register, with what may explain a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fourseas.errors import NotComputableError
from fourseas.queried_snapshots.client import FIRST_CURSOR, PER_PAGE, Api, Budget
from fourseas.queried_snapshots.correspondence import (
    FIELD_FILTERS,
    REGISTER,
    WORLD,
    YEARS,
    Asked,
    Correspondence,
    correspondence,
    countries_counted,
    definition_asked,
    with_xpac,
    without_kinds,
    works_query,
)
from fourseas.queried_snapshots.difference import Circumstances, Reason, reasons
from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.query import Query
from fourseas.schema.cells import ALL
from fourseas.schema.definition import FORMER_TERRITORIES
from fourseas.workspace import Workspace

LAST_YEARS = 10
"""Years that are asked for where none are named."""

RETRACTIONS = "retraction_watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be compared.

    Attributes
    ----------
    indicator, definition
        By name.
    country
        By code or name, or WORLD.
    field
        By id or name.
    years
        First and last, or null for the last `LAST_YEARS` of the lake.
    """

    indicator: str
    country: str
    field: str = ALL
    years: tuple[int, int] | None = None
    definition: str = REGISTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Works of a year, or of all; the part has the property that the indicator is about."""

    whole: int
    part: int | None

    @property
    def share(self) -> float | None:
        """The part of the whole, from 0 to 1."""
        return None if self.part is None or not self.whole else self.part / self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A year, or all years together, as the lake and the register count it."""

    year: int | None
    lake: Count
    register: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What the register has beside, because the definition leaves it out."""

    what: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A number of the lake beside that of the live register.

    Attributes
    ----------
    asked, compared_as
        What was compared, and which columns.
    field_name, snapshot_on, scope, asked_on
        The field; of the lake, its snapshot and scope; the day on which the register was asked.
    queries
        What was asked, as addresses without a key.
    years, total
        Year by year, and together.
    left_out
        What the definition leaves out of the register.
    reasons
        What may explain the difference; empty where there is none.
    budget
        What is left of the budget of the day.
    """

    asked: Asked
    compared_as: Correspondence
    field_name: str
    snapshot_on: str
    scope: str
    asked_on: str
    queries: tuple[str, ...]
    years: tuple[Compared, ...]
    total: Compared
    left_out: tuple[LeftOut, ...]
    reasons: tuple[Reason, ...]
    budget: Budget


def live_register(ws: Workspace, api: Api, question: Question, *, today: date) -> Comparison:
    """Ask the live register for what the lake says of a country, and compare.

    Both sides count whole works (full counting) of the country, by the definition's choices as
    far as the register has filters for them.

    Raises
    ------
    QueryError
        If no query counts what is asked for, or the API does not answer it.
    NotComputableError
        If the lake has no works of OpenAlex there.
    UnknownNameError
        For a country or field that is not known.
    """
    how = correspondence(question.indicator)
    definition = definition_asked(question.definition)
    unit_id = _unit(ws, question.country)
    scheme, field_id, field_name = _field(ws, question.field)
    rows = _rows(ws, how, (unit_id, scheme, field_id, definition.definition_id))
    years = question.years or _last(rows)
    if years[1] - years[0] >= PER_PAGE:
        raise QueryError.too_many_years(years[1] - years[0] + 1, PER_PAGE)
    asked = Asked(
        unit_id=unit_id, scheme=scheme, field_id=field_id, years=years, definition=definition
    )
    ours = {year: count for year, count in rows.items() if years[0] <= year <= years[1]}
    queries = [works_query(asked)]
    whole = _by_year(api, queries[0])
    part = None
    if how.part is not None:
        queries.append(works_query(asked, how.has_part))
        part = _by_year(api, queries[1])
    theirs = {year: _count(whole, part, year) for year in {*whole, *(part or {})}}
    compared = tuple(
        Compared(
            year=year,
            lake=ours.get(year, _none(how)),
            register=theirs.get(year, _none(how)),
        )
        for year in sorted({*ours, *theirs})
    )
    total = Compared(
        year=None,
        lake=_sum(how, ours),
        register=_sum(how, theirs),
    )
    left_out, budget = _left_out(api, asked, total.register.whole)
    registered = next(r for r in ws.ledger.registers if r.register == REGISTER)
    circumstances = _circumstances(ws, asked, registered.snapshot_on, registered.scope, today)
    return Comparison(
        asked=asked,
        compared_as=how,
        field_name=field_name,
        snapshot_on=registered.snapshot_on,
        scope=registered.scope,
        asked_on=today.isoformat(),
        queries=tuple(f"{one.url}&group_by={YEARS}" for one in queries),
        years=compared,
        total=total,
        left_out=left_out,
        reasons=reasons(
            circumstances,
            _directions(compared),
            does_part_differ=any(one.lake.part != one.register.part for one in compared),
        ),
        budget=budget,
    )


def _unit(ws: Workspace, country: str) -> str:
    """Return the one country, or the world, that is named."""
    found = ws.unit_ids((country,))
    countries = ws.table("countries")
    known = countries.filter(countries.country_code.isin(found)).count().to_pyarrow().as_py()
    if len(found) != 1 or (found[0] != WORLD and known != 1):
        raise QueryError.no_unit(country)
    return found[0]


def _field(ws: Workspace, name: str) -> tuple[str, str, str]:
    """Return scheme, id and name of a field that the API filters by."""
    ids = ws.field_ids((name,))
    if ALL in ids:
        return ALL, ALL, "all fields"
    fields = ws.table("fields")
    kept = fields.filter(fields.field_id.isin(ids) & fields.scheme.isin(tuple(FIELD_FILTERS)))
    found = kept.order_by("scheme", "field_id").to_pyarrow().to_pylist()
    if not found:
        raise QueryError.no_field(name, tuple(FIELD_FILTERS))
    # A domain and a field may share a name; the field, which is narrower, is meant.
    field = found[-1]
    return str(field["scheme"]), str(field["field_id"]), str(field["field_name"])


def _rows(
    ws: Workspace, how: Correspondence, key: tuple[str, str, str, str]
) -> Mapping[int, Count]:
    """Return what the lake counts, by year."""
    unit_id, scheme, field_id, definition_id = key
    table = ws.table(how.indicator)
    kept = table.filter(
        (table.register == REGISTER)
        & (table.definition_id == definition_id)
        & (table.unit_id == unit_id)
        & (table.scheme == scheme)
        & (table.field_id == field_id)
        & (table.counting == "full")
    )
    if how.among is not None:
        kept = kept.filter(kept.among == how.among)
    found = {
        int(row["year"]): Count(
            whole=round(row[how.whole]), part=None if how.part is None else round(row[how.part])
        )
        for row in kept.to_pyarrow().to_pylist()
    }
    if not found:
        question = f"{how.indicator} of {unit_id} from works of OpenAlex"
        raise NotComputableError.because(
            question,
            f"the lake has no row of it by {definition_id} in that field",
            "Ask for another country or field, or add works of OpenAlex to the lake.",
        )
    return found


def _last(rows: Mapping[int, Count]) -> tuple[int, int]:
    last = max(rows)
    return max(min(rows), last - LAST_YEARS + 1), last


def _by_year(api: Api, query: Query) -> Mapping[int, int]:
    """Return the works that a query finds, by year; together as many as the API counts."""
    found = api.groups(query, YEARS)
    n = sum(found.counts.values())
    if n != found.n_found:
        raise QueryError.not_all_grouped(query.url, n, found.n_found)
    return {int(year): count for year, count in found.counts.items()}


def _count(whole: Mapping[int, int], part: Mapping[int, int] | None, year: int) -> Count:
    return Count(whole=whole.get(year, 0), part=None if part is None else part.get(year, 0))


def _none(how: Correspondence) -> Count:
    return Count(whole=0, part=None if how.part is None else 0)


def _sum(how: Correspondence, counts: Mapping[int, Count]) -> Count:
    return Count(
        whole=sum(one.whole for one in counts.values()),
        part=None if how.part is None else sum(one.part or 0 for one in counts.values()),
    )


def _left_out(api: Api, asked: Asked, n: int) -> tuple[tuple[LeftOut, ...], Budget]:
    """Ask what the register has beside; each question is one small page."""
    wider = {"of other kinds": without_kinds(asked)} if asked.definition.kinds else {}
    if not asked.definition.includes_xpac:
        wider["of the expansion set"] = with_xpac(asked)
    if asked.definition.excludes_retracted:
        counted = works_query(asked).parameters
        kept = tuple((k, v.replace(",is_retracted:false", "")) for k, v in counted)
        wider["retracted"] = Query(entity="works", parameters=kept)
    found, budget = [], Budget(left=None, cost=None)
    for what, query in wider.items():
        page = api.page(query, FIRST_CURSOR, size=1)
        budget = page.budget
        found.append(LeftOut(what=what, n=page.n_found - n))
    return tuple(found), budget


def _directions(compared: tuple[Compared, ...]) -> frozenset[int]:
    """Return -1 where the lake has fewer in a year, and 1 where it has more."""
    found = set()
    for one in compared:
        pairs = [(one.lake.whole, one.register.whole), (one.lake.part, one.register.part)]
        for ours, theirs in pairs:
            if ours is not None and theirs is not None and ours != theirs:
                found.add(1 if ours > theirs else -1)
    return frozenset(found)


def _merged(asked: Asked) -> tuple[str, ...]:
    """Return the territories that count under the country, or under any in the world."""
    if asked.unit_id == WORLD:
        return tuple(sorted(FORMER_TERRITORIES[asked.definition.territory]))
    return countries_counted(asked.unit_id, asked.definition)[1:]


def _circumstances(
    ws: Workspace, asked: Asked, snapshot_on: str, scope: str, today: date
) -> Circumstances:
    cells = ws.table("unit_cells")
    here = cells.filter(
        (cells.register == REGISTER)
        & (cells.definition_id == asked.definition.definition_id)
        & (cells.unit_id == asked.unit_id)
        & (cells.scheme == asked.scheme)
        & (cells.field_id == asked.field_id)
        & cells.year.between(*asked.years)
    )
    sums = here.agg(
        truncated=here.n_truncated.sum().fill_null(0.0),
        undecided=here.n.sum(where=here.collaboration_class == "unknown").fill_null(0.0),
    )
    counted = sums.to_pyarrow().to_pylist()[0]
    registers = {register.register for register in ws.ledger.registers}
    return Circumstances(
        snapshot_on=date.fromisoformat(snapshot_on),
        asked_on=today,
        scope=scope,
        last_year=asked.years[1],
        n_undecided=round(counted["undecided"]),
        n_truncated=round(counted["truncated"]),
        has_other_retractions=asked.definition.excludes_retracted and RETRACTIONS in registers,
        merged=_merged(asked),
        is_world=asked.unit_id == WORLD,
    )
