"""The one place where definitions meet the lake: open a lake, ask for a table, build it.

ws = fourseas.open("lake")
ws.table("collaboration").filter(...).to_pandas()
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.common.exceptions import IbisError

from fourseas import challenge_lists, company_list, corrections
from fourseas.catalog import INDICATORS, LOADED, SOURCES, STEPS, absent_column, absent_table
from fourseas.challenges.membership import CHALLENGE_FIELDS, challenge_fields
from fourseas.errors import (
    AmbiguousNameError,
    FourseasError,
    LakeError,
    NotComputableError,
    UnknownNameError,
)
from fourseas.facts.counted_works import organization_unit
from fourseas.lake import addition_plan, embedded, engine, layout, ledger, versions
from fourseas.lake import build as lake_build
from fourseas.lake import ingest as lake_ingest
from fourseas.lake.addition_plan import AddPlan
from fourseas.lake.engines import Start, on_duckdb
from fourseas.lake.fetch import Address
from fourseas.lake.ingest import Request
from fourseas.lake.kernels import KERNELS
from fourseas.lake.progress import Progress
from fourseas.lake.recipe import Recipe
from fourseas.nothing_selected import TOLD_OF, nothing_selected
from fourseas.schema.cells import ALL, COUNTINGS
from fourseas.schema.definition import DEFINITION_ROWS, DEFINITIONS, definition_rows
from fourseas.schema.source import SCOPES, Source
from fourseas.schema.step import Indicator
from fourseas.schema.table import TableSpec
from fourseas.selection import (
    Choose,
    Restriction,
    Selection,
    Slice,
    chosen,
    narrowed,
    restricted,
    restriction,
    sliced,
)

Made = TypeVar("Made")

WORLD_UNITS = ("WORLD", "UNKNOWN")

ROR_RESOLVER = "https://ror.org/"
FEW_ORGANIZATIONS = 8
"""Organizations that an answer offers at most."""

SLIPS = 2
"""Signs that a name may be wrong in and still be like another."""

COUNTRIES = "countries"
"""The register that every lake holds."""


class Workspace:
    """A lake that is open for reading, at the version that was current when it was opened."""

    def __init__(self, lake: layout.Lake, version: Path | None = None) -> None:
        version = version or lake.current()
        if version is None:
            raise LakeError.not_built(str(lake.root))
        self.lake = lake
        self.version = version.name
        self.ledger = ledger.read_ledger(version)
        self._paths = {path.stem: path for path in sorted(version.glob("*.parquet"))}
        self._connection: Backend = self._connected()
        self.made: dict[Hashable, object] = {}
        self._computed: dict[str, ir.Table] = {}
        self._shown: dict[Selection, ir.Table] = {}
        for name, path in self._paths.items():
            engine.stored(self._connection, [path], name)

    def _connected(self) -> Backend:
        """Return the engine that reads the lake."""
        return engine.connect(self.lake)

    def __enter__(self) -> Self:
        """Return the workspace itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the engine; tell what to do about a damaged file or too little memory."""
        self.close()
        told = engine.wrong(error, self.lake.versions / self.version)
        if told is not None:
            raise told from error

    def close(self) -> None:
        """Close the engine; tables of this workspace cannot be read any longer."""
        self._connection.disconnect()

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables of the lake."""
        return tuple(self._paths)

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake, or an indicator computed from it when it is read."""
        if name in self._paths:
            return self._connection.table(name)
        if name in {indicator.name for indicator in INDICATORS}:
            found = indicator(name)
            return self._from_tables(found, [self.table(spec.name) for spec in found.reads])
        raise absent_table(name, self.tables)

    def declared(self, spec: TableSpec) -> ir.Table:
        """Return a table of the lake that has every column of its declaration.

        Raises
        ------
        LakeError
            If an older fourseas built the table, without a column that it has now.
        """
        found = self.table(spec.name)
        lacking = [name for name in spec.column_names if name not in found.columns]
        if lacking:
            raise absent_column(spec.name, lacking[0])
        return found

    def _from_tables(self, found: Indicator, read: Iterable[ir.Table]) -> ir.Table:
        """Compute an indicator; where a column fails it, say if an older fourseas is why."""
        try:
            return found.compute(*read)
        except (AttributeError, IbisError):
            for spec in found.reads:
                self.declared(spec)
            raise

    def computed(self, name: str) -> ir.Table:
        """Return an indicator that is computed once and kept while the workspace is open.

        For pages that read all of it many times; `table` reads only what is selected.
        """
        if name not in self._computed:
            self._computed[name] = self.kept(f"computed_{name}", self.table(name))
        return self._computed[name]

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of a version, the first time, and kept while it is open.

        It holds no table of the engine, since several sessions may read a version.
        """
        if key not in self.made:
            self.made[key] = make()
        return cast("Made", self.made[key])

    def kept(self, name: str, found: ir.Table | pa.Table) -> ir.Table:
        """Compute an expression once, or take rows in, and keep them while it is open."""
        if isinstance(found, pa.Table):
            return engine.hold(self._connection, found, name)
        return engine.materialize(self._connection, found, name)

    def other(self, name: str, of: Workspace) -> ir.Table:
        """Return a table of another version, to be read beside those of this one."""
        return engine.stored(self._connection, [of._paths[name]], f"other_{name}")

    def gathered(self, name: str, portions: Iterable[ir.Table]) -> ir.Table:
        """Compute expressions of the same columns one by one, and keep their rows together."""
        first, *others = portions
        found = self.kept(name, first)
        for portion in others:
            engine.append(self._connection, portion, name)
        return found

    def sql(self, name: str) -> str:
        """Return the SQL that an indicator or table is read by."""
        return engine.sql(self.table(name))

    def show(self, selection: Selection) -> ir.Table:
        """Return the selected rows of an indicator in the order of their key.

        They are computed once for each selection and kept while the workspace is open.

        Raises
        ------
        UnknownNameError
            For a name of anything that is not known here.
        AmbiguousNameError
            For a name that several organizations bear.
        NotComputableError
            Where nothing is selected; it says what there is.
        """
        found = indicator(selection.indicator)
        if found.is_of_fields and {*self.field_ids(selection.fields)} == {ALL}:
            question = f"{selection.indicator} for all fields together"
            remedy = "Name a field, or leave it out for a row of each."
            raise NotComputableError.because(question, "it is of single fields", remedy)
        if selection not in self._shown:
            rows = self.restricted(self.resolved(selection)).to_pyarrow()
            if not rows.num_rows:
                groups = {*self._names("group_memberships", "group_id")}
                asked = groups & {*self.unit_ids(selection.countries)}
                are_pairs = "partner_id" in found.writes.column_names
                among = self._among(selection)
                raise nothing_selected(among, selection, asked, are_pairs=are_pairs)
            self._shown[selection] = self.kept(f"shown_{len(self._shown)}", rows)
        return self._shown[selection].order_by(*found.writes.key)

    def restricted(self, to: Restriction) -> ir.Table:
        """Return the rows of an indicator that a restriction keeps, computed from little else."""
        found = indicator(to.indicator)
        read = [narrowed(self.table(spec.name), to, found) for spec in found.reads]
        if found.of_units is not None and to.unit_ids:
            return restricted(found.of_units(*read, to.unit_ids), to)
        return restricted(self._from_tables(found, read), to)

    def _among(self, selection: Selection) -> ir.Table:
        """Return all rows of an indicator that a selection is of: organizations if it names any."""
        # Once, and no more of it than is told of: pairs are many millions of rows.
        name = selection.indicator
        rows = self.table(name)
        if not selection.organizations:
            rows = self.restricted(restriction(Slice(indicator=name, columns=()), ()))
        told = [name for name in TOLD_OF if name in rows.columns]
        return self.kept("among", rows.select(*told).distinct())

    def of_units(self, part: Slice, unit_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of some units in a slice of an indicator, in the order of its key."""
        wanted = tuple(unit_ids)
        known, _ = self._units_by_name
        to = restriction(part, wanted, has_organizations=not {*wanted} <= {*known.values()})
        rows = sliced(self.restricted(to), part)
        own = rows.filter(rows.unit_id.isin(wanted)).order_by(*indicator(part.indicator).writes.key)
        found: pd.DataFrame = own.select(*part.columns).to_pandas()
        return found

    def of_chosen(
        self, part: Slice, unit_ids: Iterable[str], by: Sequence[str], choose: Choose
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return which values of columns some units have in a slice, and rows of those chosen."""
        return chosen(self.of_units(part, unit_ids), by, choose)

    def of_pairs(self, part: Slice, unit_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of some units with each other in a slice of pairs."""
        wanted = tuple(unit_ids)
        found = self.of_units(part, wanted)
        others = found[found.partner_id != found.unit_id]
        pairs: pd.DataFrame = others[others.partner_id.isin(wanted)]
        return pairs

    def in_slice(self, part: Slice) -> ir.Table:
        """Return the rows of all countries and groups in a slice of an indicator."""
        return sliced(self.restricted(restriction(part, ())), part)

    def of_slice(self, part: Slice) -> pd.DataFrame:
        """Return the rows of all countries and groups in a slice of an indicator."""
        found: pd.DataFrame = self.in_slice(part).select(*part.columns).to_pandas()
        return found

    def resolved(self, selection: Selection) -> Restriction:
        """Return what a selection means here, its names looked up.

        Raises
        ------
        UnknownNameError
            For a country, field, counting, definition or register that is not known here.
        FourseasError
            For a unit, of an indicator that is of all countries together.
        """
        has_units = "unit_id" in {c.name for c in indicator(selection.indicator).writes.columns}
        if not has_units and (selection.countries or selection.organizations):
            message = f"{selection.indicator} is of all countries together: no row is of one unit."
            raise FourseasError(message, "Leave out the country or organization.")
        mixed = (selection.counting or "").split(",")
        if len(mixed) > 1 and {*mixed} <= {*COUNTINGS}:
            message = f"{' and '.join(mixed)} counting never meet in one number."
            raise FourseasError(message, "Ask for one, or for none: each row says which it is by.")
        if selection.counting is not None:
            _known("counting", selection.counting, COUNTINGS)
        if selection.register is not None:
            _known("register", selection.register, self._names("registers", "register"))
        if selection.definition is not None:
            _known("definition", selection.definition, (d.definition_id for d in DEFINITIONS))
        defaults = tuple(d.definition_id for d in DEFINITIONS if d.is_default)
        return Restriction(
            indicator=selection.indicator,
            unit_ids=(
                *self.unit_ids(selection.countries),
                *self.organization_ids(selection.organizations, selection.register),
            ),
            field_ids=self._with_coarse(self.field_ids(selection.fields)),
            years=selection.years,
            counting=selection.counting,
            register=selection.register,
            definition_ids=(selection.definition,) if selection.definition else defaults,
            has_organizations=bool(selection.organizations),
        )

    def unit_ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the unit that each code or name of a country or group means."""
        known, offered = self._units_by_name
        found = []
        for given in names:
            # Several in one word are understood, but a comma may be part of a name.
            parts = [given] if given.casefold() in known else given.split(",")
            for name in (part.strip() for part in parts):
                if name.casefold() not in known:
                    raise UnknownNameError.of("country", name, offered)
                found.append(known[name.casefold()])
        return tuple(found)

    @cached_property
    def _units_by_name(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return the country or group that each name means in small letters, and all names."""
        spelled = dict(
            self._connection.table("country_names")
            .select("name", "country_code")
            .to_pyarrow()
            .to_pandas()
            .itertuples(index=False, name=None)
        )
        groups = {str(group): str(group) for group in self._names("group_memberships", "group_id")}
        known = {name.casefold(): unit for name, unit in (spelled | groups).items()}
        known |= {unit.casefold(): unit for unit in WORLD_UNITS}
        return known, (*spelled, *groups, *WORLD_UNITS)

    def organization_ids(
        self, names: Iterable[str], register: str | None = None
    ) -> tuple[str, ...]:
        """Return the unit that each name, ROR id or id of an organization means.

        Parameters
        ----------
        names
            As a person writes them.
        register
            Whose organizations are meant where those of several registers bear a name.

        Raises
        ------
        UnknownNameError
            Where no organization bears the name; it offers those whose names hold it.
        AmbiguousNameError
            Where several do; it lists them with their ids.
        """
        found: list[str] = []
        for given in names:
            wanted = given.strip().removeprefix(ROR_RESOLVER).casefold()
            spelled = self._spelled_organizations()
            bearing = self._labels(spelled.filter(spelled.spelled.lower() == wanted))
            if len(bearing) > 1 and register is not None:
                own = self._spelled_organizations(register)
                bearing = self._labels(own.filter(own.spelled.lower() == wanted)) or bearing
            if len(bearing) > 1:
                raise AmbiguousNameError.organization(given, bearing.values())
            if not bearing:
                name = spelled.spelled.lower()
                like = spelled.filter(name.contains(wanted) | (name.levenshtein(wanted) <= SLIPS))
                few = list(self._labels(like).values())[:FEW_ORGANIZATIONS]
                raise UnknownNameError.organization(given, few)
            found.extend(bearing)
        return tuple(found)

    def organization_labels(self, unit_ids: Iterable[str]) -> dict[str, str]:
        """Return name, country and id of organizations by the ids of their cells."""
        wanted = ibis.memtable({"unit_id": list(unit_ids)}, schema={"unit_id": "string"})
        return self._labels(self._spelled_organizations().semi_join(wanted, "unit_id"))

    def _spelled_organizations(self, register: str | None = None) -> ir.Table:
        """Return every name and id of every organization, of those that a register has or of all.

        A key of a register that is one with others finds the organization as its id does.
        """
        listed = self._connection.table("organizations")
        keys = self._connection.table("organization_ids")
        if register is not None:
            listed = listed.semi_join(keys.filter(keys.register == register), "organization_id")
        units = listed.select(
            "organization_id",
            "organization_name",
            "country_code",
            unit_id=organization_unit(listed),
        )
        names = self._connection.table("organization_names").rename(spelled="name")
        ids = keys.select(
            "organization_id", spelled=keys.register.concat(":", keys.organization_key)
        )
        spelled = names.select("organization_id", "spelled").union(ids)
        return ibis.union(
            units.mutate(spelled=units.organization_name),
            units.mutate(spelled=units.unit_id),
            units.inner_join(spelled, "organization_id"),
        ).drop("organization_id")

    def _labels(self, spelled: ir.Table) -> dict[str, str]:
        """Return what to call organizations, shortest names first."""
        labeled = (
            spelled.group_by("unit_id")
            .agg(name=spelled.organization_name.min(), country=spelled.country_code.min())
            .order_by(ibis._.name.length(), "unit_id")
        )
        return {
            str(row["unit_id"]): ", ".join(
                str(row[part]) for part in ("name", "country") if row[part]
            )
            + f" ({row['unit_id']})"
            for row in labeled.to_pyarrow().to_pylist()
        }

    def field_ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of all fields that bear one of the ids or names."""
        by_name, offered = self._fields_by_name
        found: set[str] = set()
        for name in names:
            if name.casefold() not in by_name:
                raise UnknownNameError.of("field", name, offered)
            found |= by_name[name.casefold()]
        return tuple(sorted(found))

    @cached_property
    def _fields_by_name(self) -> tuple[dict[str, set[str]], tuple[str, ...]]:
        """Return the fields that each id or name means in small letters, and all of both."""
        listed = self._connection.table("fields").select("field_id", "field_name").to_pyarrow()
        pairs = [(str(one["field_id"]), str(one["field_name"])) for one in listed.to_pylist()]
        pairs.append((ALL, ALL))
        known: dict[str, set[str]] = {}
        for field_id, title in pairs:
            for name in (field_id, title):
                known.setdefault(name.casefold(), set()).add(field_id)
        return known, tuple(part for pair in pairs for part in pair)

    def _with_coarse(self, field_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Add to challenges the fields that stand for them, coarsely, where no topic is known."""
        return (*field_ids, *(row["field_id"] for row in self.coarse_fields(field_ids)))

    def coarse_fields(self, field_ids: Iterable[str]) -> list[dict[str, str]]:
        """Return ``challenge`` and ``field_id`` of what stands coarsely for challenges."""
        if CHALLENGE_FIELDS.name not in self._paths:
            return []
        rows = self._connection.table(CHALLENGE_FIELDS.name)
        kept = rows.filter((rows.membership == "coarse") & rows.challenge.isin(list(field_ids)))
        ordered = kept.select("challenge", "field_id").order_by("challenge", "field_id")
        found: list[dict[str, str]] = ordered.to_pyarrow().to_pylist()
        return found

    def _names(self, table: str, column: str) -> tuple[str, ...]:
        """Return the distinct values of a text column."""
        values = self._connection.table(table).select(column).distinct().to_pyarrow()
        return tuple(sorted(map(str, values[column].to_pylist())))


def open(  # noqa: A001  (fourseas.open reads as it should)
    path: str | PathLike[str], *, version: int | None = None
) -> Workspace:
    """Open a built lake for reading, at its current version if no other is named.

    Raises
    ------
    LakeError
        If the path is no lake or has not been built, or there is no such version of it.
    """
    lake = layout.locate(Path(path))
    return Workspace(lake, None if version is None else versions.numbered(lake, version))


def indicator(name: str) -> Indicator:
    """Return the indicator of a name."""
    by_name = {found.name: found for found in INDICATORS}
    _known("indicator", name, by_name)
    return by_name[name]


def source(name: str) -> Source:
    """Return the register of a name."""
    by_name = {found.name: found for found in SOURCES}
    _known("register", name, by_name)
    return by_name[name]


def _known(kind: str, name: str, known: Iterable[str]) -> None:
    names = tuple(known)
    if name not in names:
        raise UnknownNameError.of(kind, name, names)


def init(path: Path, *, scope: str, progress: Progress) -> layout.Lake:
    """Create a lake whose works registers are a census, a sample or a corpus.

    It holds the embedded register of countries from the start, so that names, groups and
    distances are there whatever is added.
    """
    _known("scope", scope, SCOPES)
    lake = layout.init(path, scope=next(known for known in SCOPES if known == scope))
    _add_countries(lake, progress)
    return lake


def _add_countries(lake: layout.Lake, progress: Progress) -> None:
    """Add the countries where they are not there, as after a lake's making was broken off."""
    if ledger.read_register(lake, COUNTRIES) is None:
        _add_embedded(lake, [r for r in embedded.REGISTERS if r.source == COUNTRIES], progress)


def _add_embedded(
    lake: layout.Lake, registers: Iterable[embedded.EmbeddedRegister], progress: Progress
) -> None:
    """Add registers that come with the package."""
    for register in registers:
        request = Request(
            source=source(register.source),
            snapshot_on=register.snapshot_on,
            scope=register.scope,
        )
        lake_ingest.add(lake, register.path, request, progress)


def add(
    path: Path, inputs: Path | Address, request: Request, progress: Progress
) -> lake_ingest.AddReport:
    """Read files of a register, here or on a server, into the lake's staging area."""
    lake = layout.locate(path)
    _add_countries(lake, progress)
    return lake_ingest.add(lake, inputs, request, progress)


def plan_addition(path: Path, inputs: Path | Address, request: Request) -> AddPlan:
    """Say what an addition would do, without doing it."""
    return addition_plan.plan(layout.locate(path), inputs, request)


@contextmanager
def staged(path: Path, register: str, spec: TableSpec) -> Iterator[ir.Table | None]:
    """Open a staged table of the parts of a register that count; None where there is none."""
    lake = layout.locate(path)
    files = ledger.staged_files(lake, register, spec.name)
    if not files:
        yield None
        return
    con = engine.connect(lake, engine.little_memory(lake))
    try:
        yield engine.stored(con, files, spec.name)
    finally:
        con.disconnect()


def given_tables() -> dict[str, pa.Table]:
    """Return the tables that every lake is given besides what its registers hold."""
    return {
        DEFINITION_ROWS.name: definition_rows(),
        CHALLENGE_FIELDS.name: challenge_fields(challenge_lists.packaged()),
        **corrections.given(()),
        **company_list.given(),
    }


def recipe() -> Recipe:
    """Return what every version of a lake is made by."""
    return Recipe(steps=STEPS, loaded=LOADED, given=given_tables(), kernels=KERNELS)


def build(path: Path, progress: Progress, start: Start = on_duckdb) -> lake_build.BuildReport:
    """Build a new version of the lake from what was added, and make it the current one."""
    lake = layout.locate(path)
    _add_countries(lake, progress)
    return lake_build.build(lake, corrections.applied(recipe(), lake), progress, start)


def plan(path: Path) -> lake_build.BuildPlan:
    """Say what a build would do, without doing it."""
    lake = layout.locate(path)
    return lake_build.plan(lake, corrections.applied(recipe(), lake))


def build_embedded(path: Path, progress: Progress) -> lake_build.BuildReport:
    """Create a lake at a path, add the registers that come with the package, and build it.

    Its scope is corpus: the OpenAlex works among them were chosen by other people's searches.
    """
    lake = init(path, scope="corpus", progress=progress)
    _add_embedded(lake, [r for r in embedded.REGISTERS if r.source != COUNTRIES], progress)
    return build(path, progress)
