"""Networks of countries and organizations: who works with whom, and who cites whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir

from fourseas.errors import NotComputableError
from fourseas.schema.cells import ALL
from fourseas.selection import Restriction, Selection
from fourseas.workspace import Workspace

Counting = Literal["full", "fractional"]

SERIES = ("register", "snapshot_on", "definition_id", "scheme")
MOST = 500
"""Organizations, those with most works: more are no picture any longer."""

JOINT = {
    "full": ("p", "joint works, each one once for each pair"),
    "fractional": ("p_newman", "joint works, each one divided by its countries but one"),
}
FLOWS = {
    "full": ("n", "citations, each one once for each pair of countries"),
    "fractional": ("citations", "citations, each one divided among the countries of both works"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which works a network is of; what is not said is not restricted, but the register must be.

    Attributes
    ----------
    register, definition
        One of each; those of most rows where they are not said and there are several.
    field
        By id or name.
    years
        First and last: of publication, and of citations that of the cited work.
    counting
        How strong a link is.
    """

    register: str | None = None
    definition: str | None = None
    field: str = ALL
    years: tuple[int, int] | None = None
    counting: Counting = "full"


@dataclass(frozen=True, slots=True)
class Item:
    """A country or organization: its code or id, its name, and its works where they are known."""

    code: str
    name: str
    works: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Items and links between them.

    Attributes
    ----------
    title, told
        What it is of, and how it was counted, of which data.
    links
        Codes of two items, and the strength of their link. One that has a direction goes from the
        first to the second; one that has none stands once.
    is_directed
        Whether links have a direction.
    """

    title: str
    told: str
    items: tuple[Item, ...]
    links: tuple[tuple[str, str, float], ...]
    is_directed: bool

    def undirected(self) -> tuple[tuple[str, str, float], ...]:
        """Return links without direction: the strengths of both directions are added."""
        summed: dict[tuple[str, str], float] = {}
        for first, second, strength in self.links:
            pair = (min(first, second), max(first, second))
            summed[pair] = summed.get(pair, 0.0) + strength
        return tuple((*pair, strength) for pair, strength in summed.items())


def joint_works(ws: Workspace, chosen: Chosen) -> Network:
    """Return the countries that publish together.

    Full: a link is as strong as there are works of both. Fractional: each work of `n` countries
    gives each of its pairs 1 / (n - 1), so that the links of a country sum to its works with
    others (Newman 2001, https://doi.org/10.1103/PhysRevE.64.016132).
    """
    column, told = JOINT[chosen.counting]
    every = ws.table("pair_cells")
    rows = _chosen(ws, every.filter(every.unit_type == "country"), chosen)
    once = rows.filter(rows.unit_id < rows.partner_id)
    return _network(ws, once, column, f"Countries that publish together: {told}")


def citations(ws: Workspace, chosen: Chosen) -> Network:
    """Return the countries that cite each other: links go from the citing to the cited.

    A country's citations of itself are left out.
    """
    column, told = FLOWS[chosen.counting]
    every = ws.table("flow_cells")
    rows = _chosen(ws, every.filter(every.unit_type == "country"), chosen)
    known = ws.table("countries").country_code
    between = rows.filter(
        (rows.unit_id != rows.partner_id) & rows.unit_id.isin(known) & rows.partner_id.isin(known)
    )
    title = f"Countries that cite each other: {told}"
    return _network(ws, between, column, title, is_directed=True)


def organizations(
    ws: Workspace, chosen: Chosen, *, countries: tuple[str, ...] = (), most: int = MOST
) -> Network:
    """Return the organizations with most works, and the works that authors of two share.

    Works are all of the register, whatever the definition. Nothing is moved from a component to
    its parent. Fractional: each work of `n` organizations gives each of its pairs 1 / (n - 1),
    whether the others are among those shown or not.
    """
    every = _credited(ws, chosen)
    known = ws.table("organizations")
    if countries:
        known = known.filter(known.country_code.isin(ws.unit_ids(countries)))
    of_known = every.semi_join(known, "organization_id")
    register = chosen.register or _most(of_known, ("register",))[0]
    of_register = of_known.filter(of_known.register == register)
    sizes = of_register.group_by("organization_id").agg(works=of_register.count())
    shown = sizes.order_by(sizes.works.desc(), sizes.organization_id).limit(most)
    listed = shown.inner_join(known.drop("register"), "organization_id").to_pandas()
    if listed.empty:
        message = "No work of that register names such an organization."
        raise NotComputableError(message, "Leave out the country, field or years.")
    listed["code"] = listed.ror_id.fillna(listed.organization_key)
    here = of_register.semi_join(shown, "organization_id")
    others = here.select("work_id", partner_id=here.organization_id)
    divided = every.group_by("work_id").agg(n=every.count())
    pairs = here.inner_join(others, "work_id").inner_join(divided, "work_id")
    apart = pairs.filter(pairs.organization_id < pairs.partner_id)
    part = 1.0 / (apart.n - 1).cast("float64")
    strength = apart.count() if chosen.counting == "full" else part.sum()
    links = apart.group_by("organization_id", "partner_id").agg(strength=strength).to_pandas()
    codes = dict(zip(listed.organization_id, listed.code, strict=True))
    told = JOINT[chosen.counting][1].replace("countries", "organizations")
    years = "all years" if chosen.years is None else "-".join(map(str, chosen.years))
    return Network(
        title=f"Organizations that publish together: {told}",
        told=f"{years}; register {register}, all its works; field {chosen.field}; "
        f"the {len(listed)} organizations with most works.",
        items=tuple(
            Item(str(row.code), str(row.organization_name), float(row.works))
            for row in listed.sort_values(["works", "code"], ascending=[False, True]).itertuples()
        ),
        links=tuple(
            sorted(
                (codes[row.organization_id], codes[row.partner_id], float(row.strength))
                for row in links.itertuples()
            )
        ),
        is_directed=False,
    )


def _credited(ws: Workspace, chosen: Chosen) -> ir.Table:
    """Return the organizations of each work that is asked for, and its register."""
    asked = _resolved(ws, chosen)
    works = ws.table("works")
    if asked.years is not None:
        works = works.filter(works.year.between(*asked.years))
    if chosen.field != ALL:
        fields = ws.table("work_fields")
        works = works.semi_join(fields.filter(fields.field_id.isin(asked.field_ids)), "work_id")
    if asked.register is not None:
        works = works.filter(works.register == asked.register)
    of_works = ws.table("work_organizations").select("work_id", "organization_id")
    return of_works.inner_join(works.select("work_id", "register"), "work_id")


def _network(
    ws: Workspace, rows: ir.Table, column: str, title: str, *, is_directed: bool = False
) -> Network:
    """Sum the links of one series over years, and say which it is."""
    told = rows.filter(rows[column].notnull())
    series = _most(told, SERIES)
    of_series = told
    for name, value in zip(SERIES, series, strict=True):
        of_series = of_series.filter(of_series[name] == value)
    strength = of_series[column].sum()
    summed = of_series.group_by("unit_id", "partner_id").agg(strength=strength)
    links = summed.filter(summed.strength > 0).to_pandas()
    register, snapshot, definition, scheme = series
    years = of_series.aggregate(first=of_series.year.min(), last=of_series.year.max()).to_pandas()
    names = ws.table("countries").to_pandas().set_index("country_code").country_name
    codes = sorted({*links.unit_id, *links.partner_id})
    fields = of_series.select("field_id").distinct().to_pandas().field_id
    return Network(
        title=title,
        told=f"{years['first'].iloc[0]}-{years['last'].iloc[0]}; register {register}, snapshot of "
        f"{snapshot}; definition {definition}; field {', '.join(sorted(fields))} of "
        f"{scheme}.",
        items=tuple(Item(code, str(names.get(code, code))) for code in codes),
        links=tuple(
            sorted(
                (str(row.unit_id), str(row.partner_id), float(row.strength))
                for row in links.itertuples()
            )
        ),
        is_directed=is_directed,
    )


def _chosen(ws: Workspace, rows: ir.Table, chosen: Chosen) -> ir.Table:
    """Return the rows that are asked for; default definitions where none is named."""
    asked = _resolved(ws, chosen)
    kept = rows.filter(
        rows.definition_id.isin(asked.definition_ids) & rows.field_id.isin(asked.field_ids)
    )
    if asked.register is not None:
        kept = kept.filter(kept.register == asked.register)
    if asked.years is not None:
        kept = kept.filter(kept.year.between(*asked.years))
    return kept


def _resolved(ws: Workspace, chosen: Chosen) -> Restriction:
    return ws.resolved(
        Selection(
            indicator="affinity",
            fields=(chosen.field,),
            years=chosen.years,
            definition=chosen.definition,
            register=chosen.register,
        )
    )


def _most(rows: ir.Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the series that has most rows: numbers of two never meet in one network."""
    sizes = rows.group_by(*names).agg(n=rows.count())
    first = sizes.order_by(sizes.n.desc(), *names).limit(1).to_pandas()
    if first.empty:
        message = "No link in this lake is of what was asked for."
        remedy = "Leave out the register, definition, field or years, or count in the other way."
        raise NotComputableError(message, remedy)
    return tuple(str(first[name].iloc[0]) for name in names)
