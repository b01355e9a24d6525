"""Bundles: a result with all that made it, to be cited and computed again by anybody."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from ibis.backends.duckdb import Backend

from fourseas import __version__
from fourseas.errors import BundleError
from fourseas.lake import engine
from fourseas.reports import spreadsheets, vega
from fourseas.reports.figures import headline
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.step import Indicator
from fourseas.schema.table import unbound
from fourseas.selection import Restriction, Selection, restricted
from fourseas.workspace import Workspace, indicator

RESULT = "result.parquet"
INPUTS = "inputs"
QUERY = "query.sql"
DEFINITION = "definition.json"

SLICES: tuple[tuple[str, ...], ...] = (
    ("register", "definition_id", "scheme", "field_id", "year"),
    ("register", "definition_id"),
    (),
)
"""Columns by whose values in the result the inputs are cut, from the least of them to all. The
first cut that gives the same result is taken: a share needs its world, a profile its other fields.
"""

TOLERANCE = 1e-9
"""By how much, as a part of them, two numbers may differ that are sums in another order."""

MOST_DIFFERENCES = 10

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of computing a bundle again.

    Attributes
    ----------
    title
        What it holds.
    n_rows
        Rows of its result.
    by_query, by_definition
        In what the query of the bundle, and the definition as this version has it, give
        something else than its result.
    version
        Version of fourseas that made it.
    """

    title: str
    n_rows: int
    by_query: tuple[str, ...]
    by_definition: tuple[str, ...]
    version: str

    @property
    def is_equal(self) -> bool:
        """Whether both gave the same."""
        return not self.by_query and not self.by_definition


def bundle(ws: Workspace, selection: Selection, *, creators: Iterable[str]) -> dict[str, bytes]:
    """Return the files of a bundle by name.

    Parameters
    ----------
    ws
        The lake.
    selection
        The rows.
    creators
        Who is to be cited for them.

    Raises
    ------
    UnknownNameError, NotComputableError
        As `Workspace.show` does.
    """
    found = indicator(selection.indicator)
    to = ws.resolved(selection)
    result = ws.show(selection).to_pyarrow()
    inputs = _inputs(ws, found, to, result)
    registers = _registers(ws, result)
    about = _About(found, to, result, registers, ws.version, tuple(creators))
    files = {f"{INPUTS}/{name}.parquet": _parquet(rows) for name, rows in inputs.items()}
    files |= {
        RESULT: _parquet(result),
        "result.csv": spreadsheets.csv(result),
        QUERY: _query(found, to).encode(),
        DEFINITION: _json(about.definition()),
        "datacite.json": _json(about.datacite()),
        "CITATION.cff": about.citation().encode(),
        "README.md": about.readme(inputs).encode(),
    }
    spec = headline(result.to_pylist(), found.headline, title=found.writes.column(found.headline))
    if spec is not None:
        files["figure.svg"] = vega.as_svg(spec).encode()
        files["figure.vl.json"] = _json(spec)
    return files


def replay(files: Mapping[str, bytes], path: str) -> Outcome:
    """Compute a bundle again from its inputs, by its query and by the definition as it is now.

    The query is one statement that reads the inputs and nothing else.

    Raises
    ------
    BundleError
        If a file is missing or is not what it should be.
    """
    try:
        stated = json.loads(files[DEFINITION])
        to = Restriction(
            **stated["restriction"]
            | {
                name: tuple(stated["restriction"][name])
                for name in ("unit_ids", "field_ids", "definition_ids")
            }
            | {"years": tuple(stated["restriction"]["years"] or ()) or None}
        )
        result = _rows(files[RESULT])
        query = files[QUERY].decode()
        inputs = {
            name.removeprefix(f"{INPUTS}/").removesuffix(".parquet"): _rows(content)
            for name, content in files.items()
            if name.startswith(f"{INPUTS}/")
        }
        title, version = str(stated["title"]), str(stated["fourseas"])
    except (KeyError, TypeError, ValueError, pa.ArrowInvalid) as error:
        raise BundleError.unreadable(path, f"it lacks or garbles {error}") from error
    found = indicator(to.indicator)
    lacking = {spec.name for spec in found.reads} - inputs.keys()
    if lacking:
        raise BundleError.unreadable(path, f"inputs are missing: {', '.join(sorted(lacking))}")
    con = _over(inputs)
    return Outcome(
        title=title,
        n_rows=result.num_rows,
        by_query=_differences(found, _answer(con, query, path), result),
        by_definition=_differences(found, _computed(con, found, to), result),
        version=version,
    )


def _inputs(
    ws: Workspace, found: Indicator, to: Restriction, result: pa.Table
) -> dict[str, pa.Table]:
    """Return the least cut of the tables that the indicator reads that gives the result."""
    for columns in SLICES:
        values = {name: result[name].unique().to_pylist() for name in columns}
        inputs = {}
        for spec in found.reads:
            table = ws.table(spec.name)
            for name in columns:
                if name in table.columns:
                    table = table.filter(table[name].isin(values[name]))
            inputs[spec.name] = table.order_by(*spec.key).to_pyarrow()
        con = _over(inputs)
        if not _differences(found, _computed(con, found, to), result):
            return inputs
    message = f"{found.name} gives another result from the whole of what it reads"
    raise AssertionError(message)


def _over(inputs: Mapping[str, pa.Table]) -> Backend:
    """Return an engine that holds the inputs and can reach nothing else."""
    con = ibis.duckdb.connect()
    for name, rows in inputs.items():
        con.create_table(name, rows)
    con.raw_sql("SET enable_external_access = false")
    con.raw_sql("SET lock_configuration = true")
    return con


def _expression(found: Indicator, to: Restriction, tables: Iterable[ir.Table]) -> ir.Table:
    return restricted(found.compute(*tables), to).order_by(*found.writes.key)


def _computed(con: Backend, found: Indicator, to: Restriction) -> pa.Table:
    """Return the result by the definition as it is now."""
    tables = (con.table(spec.name) for spec in found.reads)
    return _expression(found, to, tables).to_pyarrow()


def _query(found: Indicator, to: Restriction) -> str:
    """Return the query that gives the result from the inputs, and nothing of any lake."""
    tables = (unbound(spec) for spec in found.reads)
    return f"{engine.sql(_expression(found, to, tables))}\n"


def _answer(con: Backend, query: str, path: str) -> pa.Table:
    """Return what a query gives; only one that reads is run."""
    try:
        statements = sqlglot.parse(query, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise BundleError.unreadable(path, f"{QUERY} is no SQL") from error
    if len(statements) != 1 or not isinstance(statements[0], sqlglot.exp.Query):
        raise BundleError.unreadable(path, f"{QUERY} is not one statement that reads")
    try:
        return con.raw_sql(query).to_arrow_table()
    except duckdb.Error as error:
        reason = f"{QUERY} could not be run: {engine.first_line(error)}"
        raise BundleError.unreadable(path, reason) from error


def _differences(found: Indicator, again: pa.Table, result: pa.Table) -> tuple[str, ...]:
    """Say in what a table differs from the result, the first few places."""
    ours, theirs = _by_key(again, found), _by_key(result, found)
    told = [f"{_place(key)}: no longer there" for key in theirs if key not in ours]
    told += [f"{_place(key)}: not in the bundle" for key in ours if key not in theirs]
    for key, row in theirs.items():
        for name, value in row.items():
            found_now = ours.get(key, row).get(name, value)
            if not _is_equal(found_now, value):
                told.append(f"{_place(key)}: {name} is {value} in the bundle, {found_now} now")
    return tuple(told[:MOST_DIFFERENCES])


def _by_key(rows: pa.Table, found: Indicator) -> dict[tuple[object, ...], Row]:
    return {tuple(row[name] for name in found.writes.key): row for row in rows.to_pylist()}


def _place(key: Iterable[object]) -> str:
    return ", ".join(str(value) for value in key)


def _is_equal(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return one == other


def _registers(ws: Workspace, result: pa.Table) -> list[Row]:
    """Return the registers that the result is from."""
    used = set(result["register"].to_pylist())
    listed = ws.table("registers").order_by("register").to_pyarrow().to_pylist()
    return [row for row in listed if row["register"] in used]


def _rows(content: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(content))


def _parquet(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()


def _json(stated: object) -> bytes:
    return (json.dumps(stated, ensure_ascii=False, indent=1, default=str) + "\n").encode()


@dataclass(frozen=True, slots=True)
class _About:
    """What is said of a result in words."""

    found: Indicator
    to: Restriction
    result: pa.Table
    registers: list[Row]
    version: str
    creators: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the result is, in one line."""
        units = ", ".join(self.to.unit_ids) or "all units"
        years = self.result["year"].to_pylist()
        first, last = min(years), max(years)
        return f"{self.found.title}: {units}, {first if first == last else f'{first}-{last}'}"

    def definition(self) -> Row:
        """Return all choices behind the result."""
        used = set(self.result["definition_id"].to_pylist())
        return {
            "title": self.title,
            "fourseas": __version__,
            "lake_version": self.version,
            "indicator": {
                "name": self.found.name,
                "title": self.found.title,
                "meaning": self.found.meaning,
                "formula": self.found.formula,
                "source": self.found.source,
                "caveats": self.found.caveats,
                "grain": self.found.writes.grain,
                "key": self.found.writes.key,
                "columns": [
                    {"name": one.name, "type": one.dtype, "unit": one.unit, "meaning": one.meaning}
                    for one in self.found.writes.columns
                ],
            },
            "restriction": asdict(self.to),
            "definitions": [asdict(d) for d in DEFINITIONS if d.definition_id in used],
            "registers": self.registers,
        }

    def datacite(self) -> Row:
        """Return what a DOI is registered with, in the words of DataCite's schema 4."""
        creators = self.creators or (":unkn",)
        return {
            "schemaVersion": "http://datacite.org/schema/kernel-4",
            "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Indicator"},
            "titles": [{"title": self.title}],
            "creators": [{"name": name} for name in creators],
            "publisher": {"name": ":unkn"},
            "publicationYear": ":unkn",
            "descriptions": [
                {"description": self.found.meaning, "descriptionType": "Abstract"},
            ],
            "rightsList": [
                {"rights": f"{row['register']}: {row['licence']}"} for row in self.registers
            ],
            "relatedItems": [
                {
                    "relatedItemType": "Dataset",
                    "relationType": "IsDerivedFrom",
                    "titles": [{"title": row["title"]}],
                    "relatedItemIdentifier": {
                        "relatedItemIdentifier": row["url"],
                        "relatedItemIdentifierType": "URL",
                    },
                }
                for row in self.registers
            ],
        }

    def citation(self) -> str:
        """Return the result as CITATION.cff, a form of YAML in which JSON is allowed."""
        authors = [{"name": name} for name in self.creators or ("unknown",)]
        stated = {
            "cff-version": "1.2.0",
            "message": "Cite this result, and the registers that it comes from.",
            "type": "dataset",
            "title": self.title,
            "authors": authors,
            "references": [
                {
                    "type": "data",
                    "title": row["title"],
                    "authors": [{"name": row["register"]}],
                    "url": row["url"],
                    "date-accessed": row["snapshot_on"],
                    "license-url": row["url"],
                    "notes": f"licence: {row['licence']}",
                }
                for row in self.registers
            ],
        }
        return json.dumps(stated, ensure_ascii=False, indent=1) + "\n"

    def readme(self, inputs: Mapping[str, pa.Table]) -> str:
        """Return what a reader who finds the bundle should know."""
        lines = [
            f"# {self.title}",
            "",
            self.found.meaning,
            "",
            f"- Formula: {self.found.formula}",
            f"- Source of the definition: {self.found.source}",
            *(
                f"- Definition `{d.definition_id}`: {d.title}"
                for d in DEFINITIONS
                if d.definition_id in set(self.result["definition_id"].to_pylist())
            ),
            *(
                f"- Register `{row['register']}`: {row['title']}, snapshot {row['snapshot_on']}, "
                f"scope {row['scope']}, licence: {row['licence']}, {row['url']}"
                for row in self.registers
            ),
            f"- Made by fourseas {__version__} from version {self.version} of a lake",
            "",
            "Before quoting it:",
            "",
            *(f"- {caveat}" for caveat in self.found.caveats),
            "",
            "## Files",
            "",
            f"- `result.csv`, `{RESULT}`: {self.result.num_rows} rows",
            f"- `{DEFINITION}`: what each column means, and every choice behind the numbers",
            *(
                f"- `{INPUTS}/{name}.parquet`: {rows.num_rows} rows that it was computed from"
                for name, rows in inputs.items()
            ),
            f"- `{QUERY}`: the query that gives the result from the inputs, for DuckDB",
            "- `figure.svg`, where there is something to draw, and its Vega-Lite specification",
            "- `datacite.json`, `CITATION.cff`: for the archive that gives it a DOI; what this",
            "  program cannot know stands there as `:unkn`",
            "- `MANIFEST.json`: size and SHA-256 of every file",
            "",
            "## To compute it again",
            "",
            "    fourseas replay FILE.zip",
            "",
            "runs the query and the definition as the installed version has it, and says whether",
            "both give this result. Without fourseas, name each file of `inputs` in DuckDB",
            "(`CREATE VIEW unit_cells AS FROM 'inputs/unit_cells.parquet'`) and run the query.",
            "",
        ]
        return "\n".join(lines)
