"""The five panels: which tables they read, what they show, and what they say of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

import ibis
import ibis.expr.types as ir
import pandas as pd

from fourseas.reports import figures
from fourseas.reports.figures import CLOSE, HIGH, Rows
from fourseas.reports.summary import YEAR_OF_LEVEL, level_and_openness, spearman
from fourseas.reports.theme import Spec
from fourseas.workspace import Workspace

SMALL_KM2 = 3_000
PERIOD = 5
FIRST_PERIOD = 1990
RECENT = 2015
TABLE_ROWS = 15
HEADROOM = 1.05
ALL_FIELDS = "All fields"
COUNTINGS_SHOWN = ("fractional", "full")
RULE = """\
policy: security-protocols        # an invented rule, for illustration
owner: any country                # it binds whoever adopts it
default: open
rules:
  - id: joint-security-work
    when: {field: security, parties: countries A and B}
    outcome: review               # a named person decides
    obligations: [record the reason, name a contact]
    appeal: the head of the institution, within 30 days
    review_by: 2027-12-31         # its mirror binds B's owner in the same way
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with everything a reader must know of it.

    Attributes
    ----------
    name
        By which the page finds it.
    title
        What it shows, in one sentence.
    notes
        Definition, counting, register, snapshot, coverage and caveats.
    spec
        Vega-Lite specification.
    is_wide
        Whether it needs the whole width of the page.
    header, rows
        The table behind it.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    spec: Spec
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five verbs.

    Attributes
    ----------
    name, question
        The verb and what it asks.
    charts
        Its charts.
    header, rows
        A table that stands by itself; empty where there is none.
    text
        Paragraphs before it.
    code
        A block of text as it is written.
    """

    name: str
    question: str
    charts: tuple[Chart, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: tuple[str, ...] = ()
    code: str = ""


def integrate(ws: Workspace) -> Panel:
    """Say which registers are in the lake, from when, and how complete they are."""
    registers = ws.table("registers").order_by("register").to_pandas()
    works = ws.table("works")
    counts = (
        works.group_by("register")
        .agg(
            works=works.count(),
            placed=(works.country_set_id > 0).sum(),
            open_ended=(works.n_authors_unknown > 0).sum(),
            truncated=works.is_authors_truncated.sum(),
            conflicts=works.n_country_conflicts.sum(),
            impossible=works.is_year_impossible.sum(),
        )
        .to_pandas()
        .set_index("register")
    )
    references = ws.table("unresolved_citations").to_pandas().set_index("register")
    rows = []
    for row in registers.itertuples():
        has_works = row.register in counts.index
        found = counts.loc[row.register] if has_works else None
        rows.append(
            (
                row.title,
                row.snapshot_on,
                row.scope,
                f"{row.n_records:,}",
                f"{found.works:,}" if found is not None else "published figures",
                f"{found.placed / found.works:.0%}" if found is not None else "-",
                (
                    f"{references.loc[row.register].n_resolved:,} of "
                    f"{references.loc[row.register].n_references:,}"
                    if row.register in references.index
                    else "-"
                ),
                row.licence,
            )
        )
    lost = [
        f"{name}: {found.open_ended:,} works have an author without a known country, "
        f"{found.truncated:,} a list of authors that was cut off, {found.impossible:,} an "
        f"impossible year; countries of {found.conflicts:,} authors disagree."
        for name, found in counts.iterrows()
    ]
    return Panel(
        name="Integrate",
        question="What is there, from when, and how complete?",
        header=(
            "register",
            "snapshot",
            "scope",
            "records",
            "works",
            "with a country",
            "references that lead to a work here",
            "licence",
        ),
        rows=tuple(rows),
        text=(
            (
                "One lake holds all registers under one numbering of works, people and "
                "organisations. "
                "Figures that others publish stand beside works and are never mixed with them. "
                "Names of people are not kept."
            ),
            *lost,
        ),
    )


def measure(ws: Workspace) -> Panel:
    """Show international works of the world, series of countries, and authors of RFCs."""
    return Panel(
        name="Measure",
        question="Where do we stand, and how open is it?",
        charts=(*_maps(ws), *_series(ws), _rfc(ws)),
    )


def model(ws: Workspace) -> Panel:
    """Set openness against level under either counting."""
    names = _names(ws)
    charts = []
    tables = {
        counting: _named(level_and_openness(ws, counting).to_pandas(), names)
        for counting in COUNTINGS_SHOWN
    }
    greatest = max(float(table.pp_top_1.max()) for table in tables.values()) * HEADROOM
    for counting, table in tables.items():
        rho, n = spearman(ws, counting)
        charts.append(
            Chart(
                name=f"level-{counting}",
                title=f"In {counting} counting, openness and level go together with a rank "
                f"correlation of {rho:.2f}.",
                notes=(
                    (
                        f"International share (full) and share of works in the world's top 1% "
                        f"({counting}), all fields, {YEAR_OF_LEVEL}; {n} economies."
                    ),
                    _register(ws, "ncses"),
                    (
                        "An association across economies, not an effect. Full counting gives each "
                        "country the whole of a joint work, so joint works lift both axes."
                    ),
                ),
                spec=figures.openness_and_level(
                    _records(table), title=f"share in top 1%, {counting}", greatest=greatest
                ),
                header=("economy", "international share", f"top 1%, {counting}"),
                rows=_cells(
                    table.sort_values("pp_top_1", ascending=False),
                    ("country_name", "pp_int_collab", "pp_top_1"),
                    "{:.2%}",
                ),
            )
        )
    return Panel(
        name="Model",
        question="Does openness go with level?",
        text=(
            (
                "The same economies and the same year; only the counting differs, and with it "
                "the answer."
            ),
        ),
        charts=tuple(charts),
    )


def partner(ws: Workspace) -> Panel:
    """Show one country's position: levels by field and whom it cites more than expected."""
    levels, flows = _levels(ws), _flows(ws)
    top = flows[(flows.unit_id == "BR") & (flows.field_id == "all")]
    top = top.sort_values("rci", ascending=False).head(TABLE_ROWS)
    pair = (
        levels[levels.unit_id.isin(["BR", "CN"])]
        .pivot_table(index="field_name", columns="unit_id", values="level")
        .reset_index()
    )
    shown_flows = _records(flows[["unit_id", "partner_id", "field_name", "rci", "standing"]])
    fields = [ALL_FIELDS, *sorted(set(flows.field_name) - {ALL_FIELDS})]
    is_pair = flows.unit_id.isin(["BR", "CN"]) & flows.partner_id.isin(["BR", "CN"])
    both_ways = (
        flows[is_pair & (flows.unit_id != flows.partner_id)]
        .pivot_table(index="field_name", columns="unit_id", values="rci")
        .reset_index()
    )
    return Panel(
        name="Partner",
        question="Who is ahead, who is close, and who learns from whom?",
        text=(
            (
                f"A partner is ahead or behind where its share in the top 1% differs by more than "
                f"{CLOSE:.0%} of the greater one; close and high where it does not and both are "
                f"above {HIGH:.0%}. The thresholds are ours."
            ),
        ),
        charts=(
            Chart(
                name="levels",
                title="Where two countries stand, field by field.",
                notes=(
                    (
                        f"Share of works in the world's top 1%, fractional, {YEAR_OF_LEVEL}. The "
                        "dashed line is the world."
                    ),
                    _register(ws, "ncses"),
                    "Published without records, so no interval; small fields move much.",
                ),
                spec=figures.levels_of_pair(_records(levels)),
                header=("field", "Brazil", "China"),
                rows=_cells(pair, ("field_name", "BR", "CN"), "{:.2%}"),
            ),
            Chart(
                name="flows-of-pair",
                title="How much the two cite each other, against what output leads to expect.",
                notes=(
                    (
                        "Relative citation index of the citing side, in its color; the dashed "
                        "line, "
                        "1, is no preference. Fractional, citations of three years, 2020."
                    ),
                    _register(ws, "ncses"),
                    "Most cite at home first, so both sides of a pair are often below 1.",
                ),
                spec=figures.flows_of_pair(shown_flows, fields),
                header=("field", "Brazil cites China", "China cites Brazil"),
                rows=_cells(both_ways, ("field_name", "BR", "CN"), "{:.2f}"),
            ),
            Chart(
                name="flows",
                title="Whom the chosen country cites more, and less, than their output leads to "
                "expect.",
                notes=(
                    (
                        "Relative citation index: share of the country's citations that go to the "
                        "partner, by the partner's share of works; fractional, three years, 2020."
                    ),
                    _register(ws, "ncses"),
                    (
                        "1 is no preference. Countries cite themselves most everywhere; nearness, "
                        "language and self-citation are in it."
                    ),
                ),
                spec=figures.flows_by_field(shown_flows, fields),
                is_wide=True,
                header=("Brazil cites", "index", "partner's level"),
                rows=_cells(top, ("partner_name", "rci", "standing"), "{:.2f}"),
            ),
        ),
    )


def control(ws: Workspace) -> Panel:
    """Count what an example rule would touch, on both sides."""
    pairs = ws.table("pair_cells")
    cells = ws.table("unit_cells")
    is_security = pairs.field_id.contains("secur") | pairs.field_id.contains("crypt")
    touched = pairs.filter((pairs.register == "rfc") & (pairs.scheme == "ietf_group") & is_security)
    by_pair = touched.group_by("unit_id", "partner_id").agg(p=touched.p.sum())
    totals = cells.filter(
        (cells.register == "rfc") & (cells.scheme == "all") & (cells.unit_type == "country")
    )
    own = totals.group_by("unit_id").agg(
        n=totals.n.sum(),
        n_int=totals.n.sum(where=totals.collaboration_class == "international").fill_null(0.0),
    )
    first = by_pair.filter(by_pair.unit_id < by_pair.partner_id)
    joined = first.inner_join(own, "unit_id").select("unit_id", "partner_id", "p", "n", "n_int")
    theirs = own.select(partner_id=own.unit_id, n_b=own.n, n_int_b=own.n_int)
    both = (
        joined.inner_join(theirs, "partner_id")
        .order_by(ibis.desc("p"), "unit_id", "partner_id")
        .limit(10)
        .to_pandas()
    )
    names = _names(ws)
    rows = tuple(
        (
            f"{names[row.unit_id]} and {names[row.partner_id]}",
            f"{row.p:,.0f}",
            f"{row.p / row.n:.1%} of {row.n:,.0f}; {row.p / row.n_int:.1%} of {row.n_int:,.0f}",
            (
                f"{row.p / row.n_b:.1%} of {row.n_b:,.0f}; "
                f"{row.p / row.n_int_b:.1%} of {row.n_int_b:,.0f}"
            ),
            f"{_corpus_pair(pairs, row.unit_id, row.partner_id):,.0f}",
        )
        for row in both.itertuples()
    )
    return Panel(
        name="Control",
        question="What would a rule touch, on both sides?",
        code=RULE,
        text=(
            (
                "Exposure is what has been written together under the rule's conditions. It says "
                "how "
                "much the rule would touch, not what would follow from it. Works whose authors' "
                "countries are unknown are not in it, so these are least numbers."
            ),
            (
                f"{_register(ws, 'rfc')} Groups with `secur` or `crypt` in their name, all years, "
                "full counting. OpenAlex works: a corpus, shown so that papers are not forgotten."
            ),
        ),
        header=(
            "the two sides",
            "joint documents touched",
            "of the first's own; international",
            "of the second's own; international",
            "joint OpenAlex works (computer science)",
        ),
        rows=rows,
    )


PANELS: tuple[Callable[[Workspace], Panel], ...] = (integrate, measure, model, partner, control)


def _corpus_pair(pairs: ir.Table, unit: str, partner: str) -> float:
    found = pairs.filter(
        (pairs.register == "openalex")
        & (pairs.definition_id == "openalex")
        & (pairs.scheme == "openalex_field")
        & (pairs.field_id == "17")
        & (pairs.unit_id == unit)
        & (pairs.partner_id == partner)
    )
    total = found.p.sum().execute()
    return 0.0 if pd.isna(total) else float(total)


def _maps(ws: Workspace) -> tuple[Chart, ...]:
    """Return maps of international works and of the breadth of partners, by year."""
    cells = ws.table("unit_cells")
    works = cells.filter(
        (cells.register == "matrix") & (cells.collaboration_class == "international")
    ).select("unit_id", "year", works=cells.n)
    pairs = ws.table("pair_cells")
    links = pairs.filter(pairs.register == "matrix").select("unit_id", "year", "p")
    shares = links.mutate(
        share=links.p / links.p.sum().over(ibis.window(group_by=["unit_id", "year"]))
    )
    breadth = shares.group_by("unit_id", "year").agg(
        partners=(-(shares.share * shares.share.ln()).sum()).exp()
    )
    countries = ws.table("countries")
    placed = countries.select(
        "m49",
        "country_name",
        "latitude",
        "longitude",
        unit_id=countries.country_code,
        is_small=(countries.area_km2 < SMALL_KM2).fill_null(False) & countries.latitude.notnull(),
    )
    table = (
        works.inner_join(breadth, ["unit_id", "year"])
        .inner_join(placed, "unit_id")
        .order_by("unit_id", "year")
        .to_pandas()
    )
    table["partners"] = table["partners"].round(1)
    years = (int(table.year.min()), int(table.year.max()))
    last = table[table.year == years[1]]
    shapes = _shapes()
    source = _register(ws, "matrix")
    return (
        Chart(
            name="map-works",
            title="Internationally co-authored works by country and year.",
            notes=(
                "Works with authors in two countries or more, full counting, in all of OpenAlex.",
                source,
                (
                    "Counts, not shares: the source has no total to divide by. Boundaries imply no "
                    "opinion."
                ),
            ),
            spec=figures.world_map(
                _records(table),
                shapes,
                measure="works",
                title="international works",
                steps=figures.WORK_STEPS,
                years=years,
            ),
            header=("country", f"works in {years[1]}"),
            rows=_cells(
                last.sort_values("works", ascending=False).head(TABLE_ROWS),
                ("country_name", "works"),
                "{:,.0f}",
            ),
        ),
        Chart(
            name="map-partners",
            title="How broad the circle of a country's partners is.",
            notes=(
                (
                    "Effective number of partners: the exponential of the Shannon entropy of links "
                    "(Hill number of order 1), full counting."
                ),
                source,
                "Works of very many countries broaden everybody's circle.",
            ),
            spec=figures.world_map(
                _records(table),
                shapes,
                measure="partners",
                title="effective partners",
                steps=figures.BREADTH_STEPS,
                years=years,
            ),
            header=("country", f"effective partners in {years[1]}"),
            rows=_cells(
                last.sort_values("partners", ascending=False).head(TABLE_ROWS),
                ("country_name", "partners"),
                "{:.1f}",
            ),
        ),
    )


def _series(ws: Workspace) -> tuple[Chart, ...]:
    """Return series of output share, international share and top-1% share."""
    measures = (
        (
            "volume",
            "pp_world",
            "fractional",
            "share of the world's works",
            "Share of the world's works, fractional counting.",
            ".0%",
        ),
        (
            "collaboration",
            "pp_int_collab",
            "full",
            "international share of works",
            "Works with another country as a share of all works, full counting.",
            ".0%",
        ),
        (
            "impact",
            "pp_top_1",
            "fractional",
            "share in the world's top 1%",
            "Share of works among the world's 1% most cited, fractional, citations of three years.",
            ".1%",
        ),
    )
    names = _names(ws)
    shares = ws.table("collaboration")
    economies = (
        shares.filter(
            (shares.register == "ncses")
            & (shares.unit_type == "country")
            & shares.pp_int_collab.notnull()
        )
        .select("unit_id")
        .distinct()
    )
    charts = []
    for indicator, column, counting, label, note, form in measures:
        table = ws.table(indicator)
        chosen = table.filter(
            (table.register == "ncses")
            & (table.scheme == "all")
            & (table.counting == counting)
            & table[column].notnull()
        )
        found = _named(
            chosen.semi_join(economies, "unit_id")
            .select("unit_id", "year", value=chosen[column])
            .order_by("unit_id", "year")
            .to_pandas(),
            names,
        )
        last = found[found.year == found.year.max()].sort_values("value", ascending=False)
        charts.append(
            Chart(
                name=f"series-{indicator}",
                title=f"{label[0].upper()}{label[1:]}, {found.year.min()}-{found.year.max()}.",
                notes=(
                    note,
                    _register(ws, "ncses"),
                    f"{last.unit_id.nunique()} economies, in gray where not chosen.",
                ),
                spec=figures.two_series(_records(found), title=label, form=form),
                header=("economy", f"{label}, {found.year.max()}"),
                rows=_cells(last.head(TABLE_ROWS), ("country_name", "value"), "{:.2%}"),
            )
        )
    return tuple(charts)


def _rfc(ws: Workspace) -> Chart:
    """Return shares of RFC documents by period, with bounds for unknown countries."""
    works, sets = ws.table("works"), ws.table("country_sets")
    rfcs = works.filter((works.register == "rfc") & (works.year >= FIRST_PERIOD)).inner_join(
        sets, "country_set_id"
    )
    start = (rfcs.year.cast("int64") // PERIOD) * PERIOD
    dated = rfcs.select(
        start=start,
        codes=rfcs.country_codes,
        is_placed=rfcs.country_set_id > 0,
        is_open=(rfcs.n_authors_unknown > 0) | (rfcs.n_authors == 0),
    )
    periods = dated.group_by("start").agg(
        listed=dated.count(), placed=dated.is_placed.sum(), open_ended=dated.is_open.sum()
    )
    listed = dated.select("start", "is_open", unit_id=dated.codes.unnest())
    by_country = listed.group_by("start", "unit_id").agg(
        documents=listed.count(), open_here=listed.is_open.sum()
    )
    known = by_country.to_pandas().set_index(["unit_id", "start"])
    of_period = periods.to_pandas()
    every = pd.MultiIndex.from_product(
        [sorted(_names(ws)), of_period.start], names=["unit_id", "start"]
    )
    filled = known.reindex(every, fill_value=0).reset_index()
    present = filled.groupby("unit_id").documents.transform("sum") > 0
    table = filled[present].merge(of_period, on="start")
    recent = of_period[of_period.start >= RECENT]
    unknown = recent.open_ended.sum() / recent.listed.sum()
    table["period"] = table.start.map(lambda year: f"{year}-{(year + PERIOD - 1) % 100:02d}")
    table["share"] = table.documents / table.placed
    table["least"] = table.documents / table.listed
    table["most"] = (table.documents + table.open_ended - table.open_here) / table.listed
    named = _named(table.sort_values(["unit_id", "start"]), _names(ws))
    last = named[named.start == named.start.max()].sort_values("share", ascending=False)
    return Chart(
        name="rfc",
        title="Who writes the rules of the Internet: documents with an author in the country.",
        notes=(
            (
                "RFC documents with at least one author in the country, of documents with any "
                "known "
                "country, full counting; the bar spans what unknown authors allow."
            ),
            _register(ws, "rfc"),
            (
                f"Addresses as printed; e-mail domains are not used. {unknown:.0%} of the "
                f"documents since {RECENT} "
                "have an author without one."
            ),
        ),
        spec=figures.bounded_series(
            _records(
                named[["period", "unit_id", "country_name", "documents", "share", "least", "most"]]
            )
        ),
        header=("country", "documents", "share", "least", "most"),
        rows=tuple(
            (
                row.country_name,
                f"{row.documents:,}",
                f"{row.share:.1%}",
                f"{row.least:.1%}",
                f"{row.most:.1%}",
            )
            for row in last.head(TABLE_ROWS).itertuples()
        ),
    )


def _levels(ws: Workspace) -> pd.DataFrame:
    """Return the level of each country with flows, by field."""
    impact = ws.table("impact")
    fields = ws.table("fields")
    flows = ws.table("citation_index_cells").select("unit_id").distinct()
    names = fields.filter(fields.scheme == "ncses").select("field_id", "field_name")
    table = impact.filter(
        (impact.register == "ncses")
        & (impact.year == YEAR_OF_LEVEL)
        & (impact.counting == "fractional")
        & impact.pp_top_1.notnull()
    )
    found = (
        table.semi_join(flows, "unit_id")
        .select("unit_id", "field_id", level=table.pp_top_1)
        .inner_join(names, "field_id")
        .select("unit_id", "field_name", "level")
        .order_by("unit_id", "field_name")
        .to_pandas()
    )
    return _named(found, _names(ws))


def _flows(ws: Workspace) -> pd.DataFrame:
    """Return citations against expectation by field, with the partner's standing."""
    cells = ws.table("citation_index_cells")
    fields = ws.table("fields")
    names = fields.filter(fields.scheme == "ncses").select("field_id", "field_name").to_pandas()
    table: pd.DataFrame = (
        cells.select("unit_id", "partner_id", "field_id", rci=cells.relative_citation_index)
        .order_by("unit_id", "field_id", "partner_id")
        .to_pandas()
        .merge(names, on="field_id", how="left")
    )
    table["field_name"] = table.field_name.fillna(ALL_FIELDS)
    levels = ws.table("impact")
    level = (
        levels.filter(
            (levels.register == "ncses")
            & (levels.year == YEAR_OF_LEVEL)
            & (levels.counting == "fractional")
        )
        .select("unit_id", "field_id", "pp_top_1")
        .to_pandas()
        .set_index(["unit_id", "field_id"])["pp_top_1"]
    )
    own = table.set_index(["unit_id", "field_id"]).index.map(level)
    theirs = table.set_index(["partner_id", "field_id"]).index.map(level)
    table["standing"] = [standing(a, b) for a, b in zip(own, theirs, strict=True)]
    countries = _names(ws)
    table["partner_name"] = table.partner_id.map(countries)
    return table


def standing(own: float, partner: float) -> str:
    """Say where a partner's level stands against one's own."""
    if math.isnan(own) or math.isnan(partner):
        return "not published"
    if abs(own - partner) > CLOSE * max(own, partner):
        return "ahead" if partner > own else "behind"
    return "close and high" if min(own, partner) > HIGH else "close"


def _names(ws: Workspace) -> dict[str, str]:
    table = ws.table("countries").select("country_code", "country_name").to_pandas()
    return dict(zip(table.country_code, table.country_name, strict=True))


def _named(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return table.assign(country_name=table.unit_id.map(names).fillna(table.unit_id))


def _register(ws: Workspace, name: str) -> str:
    registers = ws.table("registers")
    (row,) = registers.filter(registers.register == name).to_pyarrow().to_pylist()
    return f"Source: {row['title']}, snapshot of {row['snapshot_on']}, a {row['scope']}."


def _records(table: pd.DataFrame) -> Rows:
    """Return rows as a chart reads them, missing values as null."""
    return list(json.loads(table.to_json(orient="records", double_precision=5)))


def _cells(table: pd.DataFrame, columns: tuple[str, ...], form: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table as text."""
    return tuple(
        tuple(
            value if isinstance(value, str) else "-" if pd.isna(value) else form.format(value)
            for value in row
        )
        for row in table[list(columns)].itertuples(index=False, name=None)
    )


def _shapes() -> Spec:
    path = resources.files("fourseas") / "embedded" / "map" / "world-50m.topo.json"
    shapes: Spec = json.loads(path.read_text(encoding="utf-8"))
    countries = shapes["objects"]["countries"]  # type: ignore[index]
    # Islands of Australia bear its number besides: a look-up would find them in its place.
    largest = {
        shape.get("id"): shape
        for shape in sorted(countries["geometries"], key=lambda shape: len(str(shape["arcs"])))
    }
    countries["geometries"] = list(largest.values())
    return shapes
