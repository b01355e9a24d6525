"""What was counted apart: the works of one register by one definition, and how to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourseas.policy.exposure import TOUCHED
from fourseas.reports.panel import Heading, Rows
from fourseas.reports.simulation.sides import Ends, Exposed, Row
from fourseas.reports.simulation.simulate import Counted, Simulation
from fourseas.schema.cells import ALL

EACH = "each"
"""Every single partner, year or field, in place of all together."""

OTHERS = "the other side"
EXPOSED = (
    Heading("works", "works", "count"),
    Heading("share", "of its works", "share"),
    Heading("change", "more than now", "change"),
)
CELL = ("register", "definition_id", "partner_id", "period", "field_id", "measure")
NONE = Ends(0, 0)


@dataclass(frozen=True, slots=True)
class Series:
    """The works of one register that one definition counts.

    Attributes
    ----------
    of
        The simulation.
    register, definition_id
        Which works.
    """

    of: Simulation
    register: str
    definition_id: str

    @property
    def title(self) -> str:
        """Return what a reader calls the register."""
        return register_named(self.of, self.register)

    @property
    def described(self) -> Mapping[str, object]:
        """Return what the lake says of the register."""
        return next(row for row in self.of.registers if row["register"] == self.register)

    @property
    def scope(self) -> str:
        """Say whether it is a census, a sample or a corpus."""
        return str(self.described["scope"])

    @property
    def sides(self) -> tuple[str, str]:
        """Return what its sides are called."""
        return owner_named(self.of), OTHERS

    @property
    def whole(self) -> Mapping[str, object]:
        """Return all that is touched, in one row."""
        (cell,) = self.cells(TOUCHED)
        return cell

    def own(self, rows: Rows) -> Rows:
        """Return the rows that are of it."""
        mine = (self.register, self.definition_id)
        return [row for row in rows if (row["register"], row["definition_id"]) == mine]

    def cells(
        self, measure: str, *, partner: str = ALL, period: str = ALL, field: str = ALL
    ) -> Rows:
        """Return the exposures of a measure."""
        wanted = {"partner_id": partner, "period": period, "field_id": field}
        return [
            row
            for row in self.own(self.of.counted.exposures)
            if row["measure"] == measure
            and all(
                row[name] != ALL if value == EACH else row[name] == value
                for name, value in wanted.items()
            )
        ]

    def exposed(self, cell: Mapping[str, object], **about: str) -> Row:
        """Return an exposure as a row of both sides."""
        present = self.of.present
        now = earlier(present.exposures if present else [], cell, CELL)
        owner, partner = (
            Exposed(
                works=works(cell),
                output=number(cell[f"{side}_output"]),
                change=less(works(cell), works(now) if now else NONE),
            )
            for side, works in (("owner", counted), ("partner", counted_abroad))
        )
        return Row(about=about, owner=owner.measures, partner=partner.measures)


def series_of(of: Simulation) -> tuple[Series, ...]:
    """Return what was counted apart, that with the most joint works first."""
    return tuple(one for one in _every(of) if one.cells(TOUCHED, partner=EACH))


def unseen(of: Simulation) -> tuple[Series, ...]:
    """Return the works of which none is known to be with others, only perhaps."""
    return tuple(one for one in _every(of) if not one.cells(TOUCHED, partner=EACH))


def _every(of: Simulation) -> tuple[Series, ...]:
    sizes = {
        (str(row["register"]), str(row["definition_id"])): number(row["n_joint"])
        for row in of.counted.exposures
        if is_whole(row) and row["measure"] == TOUCHED
    }
    return tuple(Series(of, *one) for one in sorted(sizes, key=lambda one: (-sizes[one], one)))


def is_whole(cell: Mapping[str, object]) -> bool:
    """Say whether an exposure is of all partners, years and fields."""
    return cell["partner_id"] == cell["period"] == cell["field_id"] == ALL


def number(value: object) -> float:
    """Return a number; a missing one is 0, for what is only put in order or added."""
    return float(str(value)) if value is not None else 0.0


def ends(row: Mapping[str, object], stem: str) -> Ends:
    """Return the two ends of a measure."""
    least, most = (row[f"{stem}_{end}"] for end in ("least", "most"))
    return Ends(None if least is None else number(least), None if most is None else number(most))


def counted(row: Mapping[str, object]) -> Ends:
    """Return how many works, at least and at most."""
    return ends(row, "n")


def counted_abroad(cell: Mapping[str, object]) -> Ends:
    """Return how many works are known to be of the other side too, at least and at most."""
    least, most = counted(cell)
    return Ends(least, number(most) - number(cell["n_undecided"]))


def less(now: Ends, before: Ends) -> Ends:
    """Return by how much each end is greater than it was."""
    return Ends(number(now.least) - number(before.least), number(now.most) - number(before.most))


def earlier(
    rows: Rows, row: Mapping[str, object], key: Sequence[str]
) -> Mapping[str, object] | None:
    """Return the row of the same key among those of the present policy, if there is one."""
    return next((one for one in rows if all(one[name] == row[name] for name in key)), None)


def ranked(rows: Rows, name: str) -> Rows:
    """Return rows, those that are most surely and most often touched first."""
    return sorted(
        rows, key=lambda row: (-number(row["n_least"]), -number(row["n_most"]), row[name])
    )


def owner_named(of: Simulation) -> str:
    """Return what a reader calls the owner's country."""
    return country_named(of, of.owner)


def country_named(of: Simulation, code: object) -> str:
    """Return what a reader calls a country."""
    return of.countries.get(str(code), str(code))


def field_named(of: Simulation, field_id: object) -> str:
    """Return what a reader calls a field."""
    return of.fields.get(str(field_id), str(field_id))


def register_named(of: Simulation, register: object) -> str:
    """Return what a reader calls a register."""
    return next(str(row["title"]) for row in of.registers if row["register"] == register)


def so_many(n_shown: int, n_all: int, noun: str) -> str:
    """Say how many rows of all are shown."""
    if n_shown == n_all:
        return f"All {n_all} {noun}."
    return f"The {n_shown} {noun} with the most, of {n_all}."


def now_said(of: Simulation) -> str:
    """Say what the present policy is."""
    if of.scenario.against is None:
        return "No present policy was given: all is open now, so each change is the count itself."
    return f"Now: {of.scenario.against.title}, version {of.scenario.against.version}."


def rows_of_present(of: Simulation, which: str) -> Rows:
    """Return rows of the present policy; none where all is open."""
    found: Counted | None = of.present
    return list(getattr(found, which)) if found else []
