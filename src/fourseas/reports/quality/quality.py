"""`fourseas quality`: what is known, what is doubtful and what changed in a lake, as a card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fourseas.lake import versions
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.headlines import FORMS
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.changes import telling
from fourseas.reports.changes.difference import Asked, difference
from fourseas.reports.panel import Form, Heading, Reading, Rows
from fourseas.reports.quality import (
    absorbed,
    authors,
    coverage,
    disagreement,
    duplicates,
    found_funders,
    odd_pairs,
    years,
)
from fourseas.reports.quality.conservation import (
    CONSERVED_RECORDS,
    conserved_records,
    repeated_records,
)
from fourseas.reports.quality.section import Section
from fourseas.schema.table import TableSpec
from fourseas.workspace import Workspace
from fourseas.workspace import open as open_lake

SECTIONS: tuple[Section, ...] = (
    coverage.SECTION,
    found_funders.SECTION,
    authors.SECTION,
    duplicates.SECTION,
    absorbed.SECTION,
    years.SECTION,
    odd_pairs.SECTION,
    disagreement.WORKS_SECTION,
    disagreement.ORGANIZATIONS_SECTION,
)

TITLES = {
    "n": "all",
    "n_faulty": "works with it",
    "pp_faulty": "share",
    "unit_id": "of",
    "partner_id": "and",
    "first_year": "from",
    "last_year": "until",
}
"""What columns are called on a page; others by their names."""

NOTHING = "nothing"

SUMMARY = "summary"
"""The sheet that says of every question what was found."""

CHANGES: Asked = Asked(only=("registers", "rows", "coverage", "works"))
"""What a report on quality tells of the version before; `fourseas diff` tells all."""

ACCOUNT = Section(
    title="What was read, and where it is.",
    compute=repeated_records,
    reads=(),
    writes=CONSERVED_RECORDS,
    definition="records = rejected + staged; staged = repeated + works + lost, and lost is 0.",
    base="Records of the parts that hold works, by the ledger of this version.",
    coverage="Parts that hold organizations, topics or published figures are not in it.",
    remedy="Where records are rejected, `fourseas add` says which. Where any are lost, build anew "
    "and report the lake's ledger: that is a mistake of ours.",
)


def quality_card(ws: Workspace, *, most: int | None = None) -> Card:
    """Return everything that is checked of the current version, each with what to do about it.

    Parameters
    ----------
    ws
        The lake.
    most
        Rows of a table to show; all if None.
    """
    account = _sheet(
        ACCOUNT,
        conserved_records(
            ws.ledger.registers, repeated_records(ws.table("work_records"))
        ).to_pylist(),
    )
    found = [account, *(_computed(ws, section) for section in SECTIONS)]
    asked = [ACCOUNT, *SECTIONS]
    summary = _summary(asked, found)
    n_found = sum(row["found"] != NOTHING for row in summary.rows)
    return Card(
        title="Quality of the lake",
        lead=(
            f"{len(asked)} questions; {n_found} found something to look at.",
            "What is found is no verdict: examples are there to be read.",
            "Nothing is corrected here: numbers elsewhere are computed with all of it.",
        ),
        sheets=(summary, *(_short(sheet, most) for sheet in (*found, *_changes(ws)) if sheet.rows)),
        sources=sources(ws, (register.register for register in ws.ledger.registers)),
        citation=citation(ws),
    )


def _short(sheet: Sheet, most: int | None) -> Sheet:
    """Return the first rows of a table, with a word on those that are left out."""
    if most is None or len(sheet.rows) <= most:
        return sheet
    title = f"{sheet.title} The first {most} of {len(sheet.rows)} rows; --out writes all."
    return replace(sheet, title=title, rows=sheet.rows[:most])


def _computed(ws: Workspace, section: Section) -> Sheet:
    """Return what a section finds in a lake."""
    tables = (ws.declared(spec) for spec in section.reads)
    return _sheet(section, section.compute(*tables).to_pyarrow().to_pylist())


def _sheet(section: Section, found: Rows) -> Sheet:
    spec = section.writes
    return Sheet(
        name=spec.name,
        title=section.title,
        headings=_headings(spec),
        rows=found,
        reading=Reading(
            definition=section.definition,
            counting="Each work once, whatever its countries and authors.",
            source="The registers below.",
            n=f"{section.base} {len(found)} row{'s' * (len(found) != 1)}.",
            bounds="None: these are counts of what is in the lake.",
            coverage=f"{section.coverage} What to do: {section.remedy}",
        ),
    )


def _headings(spec: TableSpec) -> tuple[Heading, ...]:
    """Return the columns of a table as a reader should see them."""
    return tuple(
        Heading(column.name, TITLES.get(column.name) or _words(column.name), _form(column.unit))
        for column in spec.columns
    )


def _words(name: str) -> str:
    return name.removeprefix("n_").removeprefix("pp_").replace("_", " ") + (
        ", share" if name.startswith("pp_") else ""
    )


def _form(unit: str) -> Form:
    forms: dict[str, Form] = {**FORMS, "year": "year", "difference": "count"}
    return forms.get(unit, "text")


def _summary(asked: Sequence[Section], found: Sequence[Sheet]) -> Sheet:
    """Return one line for each section: what it found and what to do."""
    lines: Rows = [
        {"question": section.title.removesuffix("."), "found": _found(sheet), "do": section.remedy}
        for section, sheet in zip(asked, found, strict=True)
    ]
    return Sheet(
        name=SUMMARY,
        title="What was looked at, what was found, and what to do.",
        headings=(
            Heading("question", "looked at"),
            Heading("found", "found"),
            Heading("do", "what to do", is_ours=True),
        ),
        rows=lines,
        reading=Reading(
            definition="Each line is a table below, if that has rows.",
            counting="As each table says.",
            source="The registers below.",
            n=f"{len(lines)} questions.",
            bounds="None: these are counts of what is in the lake.",
            coverage="What nobody looked for is not found.",
        ),
    )


def _found(sheet: Sheet) -> str:
    """Say in a few words what a table found: faulty works by register, or its rows."""
    if sheet.name == CONSERVED_RECORDS.name:
        sums = {
            name: sum(int(str(row[f"n_{name}"])) for row in sheet.rows)
            for name in ("rejected", "repeated", "lost")
        }
        told = [f"{n:,} {name}" for name, n in sums.items() if n]
        return ", ".join(told) or NOTHING
    if "n_faulty" in {heading.field for heading in sheet.headings}:
        faulty = [row for row in sheet.rows if row["n_faulty"]]
        told = [f"{row['register']}: {row['n_faulty']:,} {row['fault']}" for row in faulty]
        return "; ".join(told) or NOTHING
    if sheet.name == coverage.KNOWN_SHARES.name:
        told = [f"{name}: {share:.0%}" for name, share in _placed(sheet.rows).items()]
        return f"works with the country of every author: {'; '.join(told)}" if told else NOTHING
    if sheet.name == found_funders.FOUND_FUNDERS.name:
        told = [f"{row['register']}: {float(str(row['pp_found'])):.0%}" for row in sheet.rows]
        return f"fundings of an organization here: {'; '.join(told)}" if told else NOTHING
    return f"{len(sheet.rows):,} row{'s' * (len(sheet.rows) != 1)}" if sheet.rows else NOTHING


def _placed(shares: Rows) -> dict[str, float]:
    """Return the part of each register's dated works whose authors' countries are all known."""
    found: dict[str, float] = {}
    whole = [row for row in shares if row["unit_id"] == coverage.WORLD]
    for register in dict.fromkeys(str(row["register"]) for row in whole):
        rows = [row for row in whole if row["register"] == register]
        works = [float(str(row["n"])) for row in rows]
        placed = [n * float(str(row["pp_country"])) for n, row in zip(works, rows, strict=True)]
        found[register] = sum(placed) / sum(works)
    return found


def _changes(ws: Workspace) -> Iterator[Sheet]:
    """Return what changed since the version before, where there is one."""
    others = [path for path in ws.lake.complete_versions() if path.name < ws.version]
    if not others:
        return
    before = versions.numbered(ws.lake, int(others[-1].name))
    with open_lake(ws.lake.root, version=int(before.name)) as old:
        found = difference(old, ws, CHANGES)
    for number, part in enumerate(telling.sections(found)):
        names = list(part.columns)
        lines: Rows = [
            dict(zip(names, values, strict=True))
            for values in zip(*part.columns.values(), strict=True)
        ]
        yield Sheet(
            name=f"change_{number}",
            title=f"Since version {found.before.version}: {part.title}",
            headings=tuple(Heading(name, name, _told(name, lines)) for name in names),
            rows=lines,
            reading=Reading(
                definition=" ".join(part.notes) or "As `fourseas diff` has it.",
                counting="As named in each row.",
                source=" ".join(telling.sides(found)),
                n=f"{len(lines)} row{'s' * (len(lines) != 1)}.",
                bounds="None: these are counts of what is in the lake.",
                coverage="`fourseas diff` compares numbers and intervals of indicators too.",
            ),
        )


def _told(name: str, lines: Rows) -> Form:
    """Return how a column of changes is written."""
    values = [line[name] for line in lines if line[name] is not None]
    if name == "year" or not all(isinstance(value, int | float) for value in values):
        return "text" if name != "year" else "year"
    return "count" if all(isinstance(value, int) for value in values) else "finer_ratio"
