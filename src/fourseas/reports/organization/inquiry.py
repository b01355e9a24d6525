"""What is asked of an organization, and everything that the parts of its report are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fourseas import named_lists
from fourseas.errors import ListError, NotComputableError
from fourseas.lake import lists as stored
from fourseas.named_lists import ListState
from fourseas.policy.list_entries import Entry, normalized
from fourseas.reports.organization import counts
from fourseas.reports.organization.counts import LISTED, POSSIBLE, SUBJECT, US, Rows, Signed
from fourseas.reports.organization.family import Family, RollUp, family
from fourseas.reports.organization.subject import Known, Subject, find, known
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

CERTAIN = ("stated", "confirmed")
"""States of a match that count as being on a list."""

SHOWN = (*CERTAIN, "possible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    organization, our
        The organization, and the one for which the report is, each by ROR id or name.
    lists
        Lists to hold it against; all lists of organizations of the lake where none is named.
    years
        First and last year of works; all where None.
    roll_up
        Which parts' works count as those of either organization.
    """

    organization: str
    our: str
    lists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    roll_up: RollUp = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry of a list that one of the two organizations is or may be.

    Attributes
    ----------
    side
        The organization.
    state
        The list.
    entry
        As the list writes it.
    matched, matched_with
        The list's name or alias that matched, and the register's.
    method
        How it matched.
    confidence
        From 0 to 1; None where only names were compared.
    verdict
        ``stated`` by the list, ``confirmed`` by a person, ``possible``, ``rejected``; ``ended``
        where the entry's last day is past, whatever else is known.
    """

    side: Subject
    state: ListState
    entry: Entry
    matched: str
    matched_with: str | None
    method: str
    confidence: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Partner:
    """An organization on a list: its id and name, and each list with the state of the match."""

    ror_id: str
    name: str
    lists: tuple[tuple[str, str], ...]

    @property
    def is_certain(self) -> bool:
        """Whether a list names it for certain."""
        return any(verdict in CERTAIN for _, verdict in self.lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Everything that the parts of a report are made from.

    Attributes
    ----------
    subject, us
        The organization, and the one for which the report is.
    its_family, our_family
        What either is part of, what is part of it, and what came before and after it.
    lists, hits
        Lists that it is held against, and what was found on them.
    partners
        Other organizations on these lists, by the party that they are counted as.
    signed
        Works by party.
    countries, registers, scopes
        Names of countries; registers with snapshot and scope, and their scopes.
    coverage
        Of how many authors an organization is known, by register.
    """

    ws: Workspace
    question: Question
    subject: Subject
    us: Subject
    its_family: Family
    our_family: Family
    lists: tuple[ListState, ...]
    hits: tuple[Hit, ...]
    partners: Mapping[str, Partner]
    signed: Signed
    countries: Mapping[str, str]
    registers: Mapping[str, str]
    scopes: Mapping[str, str]
    coverage: Rows

    def hits_of(self, side: Subject) -> tuple[Hit, ...]:
        """Return what was found on lists of one of the two."""
        return tuple(one for one in self.hits if one.side is side)

    def field_names(self, *schemes: str) -> dict[tuple[str, str], str]:
        """Return the names of the fields of schemes by scheme and id."""
        fields = self.ws.table("fields")
        named = fields.filter(fields.scheme.isin(schemes))
        return {
            (row["scheme"], row["field_id"]): row["field_name"]
            for row in named.to_pyarrow().to_pylist()
        }

    def coverage_line(self, *registers: str) -> str:
        """Say of what share of authors no organization is known, in registers or in all."""
        told = [
            f"{row['register']}: no organization is known of "
            f"{1 - (row['n_known'] or 0) / row['n_authors']:.1%} of {row['n_authors']:,} authors"
            for row in self.coverage
            if row["n_authors"] and (not registers or row["register"] in registers)
        ]
        return f"{'; '.join(told)}." if told else "No author is known."


def inquire(ws: Workspace, question: Question) -> Inquiry:
    """Find the organizations, hold them against lists, and find the works that they sign.

    Raises
    ------
    UnknownNameError
        For an organization that is not in the lake.
    AmbiguousNameError
        For a name that several bear.
    NotComputableError
        If both are one organization, or one of them a part that counts as the other.
    ListError
        For a list that is not there, or that is not of organizations.
    """
    organizations = known(ws)
    subject, us = (find(organizations, one) for one in (question.organization, question.our))
    if subject.organization_id == us.organization_id:
        asked = f"A report on {subject.name} for {us.name}"
        reason = "both are one organization"
        raise NotComputableError.because(asked, reason, "Name two organizations.")
    its_family, our_family = (family(ws, side.organization_id) for side in (subject, us))
    its_parts, our_parts = (one.parts(question.roll_up) for one in (its_family, our_family))
    if subject.organization_id in our_parts or us.organization_id in its_parts:
        asked = f"A report on {subject.name} for {us.name} with --roll-up {question.roll_up}"
        reason = "one is part of the other, and its works would be those of both"
        raise NotComputableError.because(asked, reason, "Ask with --roll-up none.")
    lists = _lists(ws, question.lists)
    partners = {
        f"ror:{one.ror_id}": one
        for one in _partners(lists)
        if one.ror_id not in {subject.ror_id, us.ror_id}
    }
    parties: dict[str, list[int]] = {
        SUBJECT: [*subject.ids, *its_parts],
        US: [*us.ids, *our_parts],
    }
    counted = {*its_parts, *our_parts}
    for party, one in partners.items():
        # A part whose works are those of a side is no partner of it.
        number = _number(organizations, one.ror_id)
        if number is not None and number not in counted:
            parties[party] = [number]
            parties.setdefault(LISTED if one.is_certain else POSSIBLE, []).append(number)
    words = wording(ws)
    return Inquiry(
        ws=ws,
        question=question,
        subject=subject,
        us=us,
        its_family=its_family,
        our_family=our_family,
        lists=lists,
        hits=tuple(hit for one in lists for side in (subject, us) for hit in _hits(one, side)),
        partners=partners,
        signed=counts.signed(ws, parties, question.years),
        countries=words.countries,
        registers=words.sources,
        scopes=_scopes(ws),
        coverage=counts.coverage(ws),
    )


def _scopes(ws: Workspace) -> dict[str, str]:
    registers = ws.table("registers").select("register", "scope").to_pyarrow().to_pylist()
    return {str(row["register"]): str(row["scope"]) for row in registers}


def _lists(ws: Workspace, names: tuple[str, ...]) -> tuple[ListState, ...]:
    """Return the lists that are asked for, or all lists of organizations."""
    wanted = names or tuple(stored.names(ws.lake))
    if not wanted:
        return ()
    register = ws.once("organizations of lists", lambda: _register(ws))
    states = tuple(named_lists.state_of(ws.lake, name, register=register) for name in wanted)
    other = [one.heading for one in states if one.heading.of != "organization"]
    if names and other:
        problem = f"It is a list of {other[0].of}, not of organizations."
        raise ListError.unstated(other[0].list_id, [problem])
    return tuple(one for one in states if one.heading.of == "organization")


def _register(ws: Workspace) -> named_lists.Register:
    """Read the organizations that entries of lists are matched with."""
    label = named_lists.register_label(ws.lake) or ""
    return named_lists.Register(label, named_lists.organizations(ws))


def _partners(lists: Iterable[ListState]) -> Iterator[Partner]:
    """Yield all organizations that lists name or may name; entries that have ended do not."""
    named: dict[str, str] = {}
    on: dict[str, dict[str, str]] = {}
    for state in lists:
        for one in state.found:
            entry = state.entries[one.candidate.entry]
            if one.state in SHOWN and not _has_ended(entry):
                ror_id = one.candidate.ror_id
                named.setdefault(ror_id, one.candidate.organization_name or entry.name)
                verdicts = on.setdefault(ror_id, {})
                before = verdicts.get(state.heading.list_id, one.state)
                verdicts[state.heading.list_id] = before if before in CERTAIN else one.state
    for ror_id, verdicts in sorted(on.items()):
        yield Partner(ror_id, named[ror_id], tuple(sorted(verdicts.items())))


def _hits(state: ListState, side: Subject) -> Iterator[Hit]:
    """Yield the entries that an organization is or may be; rejected ones too."""
    for one in state.found:
        if one.candidate.ror_id == side.ror_id and one.state != "superseded":
            entry = state.entries[one.candidate.entry]
            yield Hit(
                side=side,
                state=state,
                entry=entry,
                matched=one.candidate.matched,
                matched_with=one.candidate.matched_with,
                method=one.candidate.method,
                confidence=one.candidate.confidence,
                verdict="ended" if _has_ended(entry) and one.state in SHOWN else one.state,
            )
    if side.ror_id is not None:
        return
    # Without a ROR id nothing can be confirmed; a name that is the same is told all the same.
    own = {normalized(name): name for name in side.names}
    for entry in state.entries:
        for name in entry.names:
            if normalized(name) in own:
                yield Hit(
                    side=side,
                    state=state,
                    entry=entry,
                    matched=name,
                    matched_with=own[normalized(name)],
                    method="name",
                    confidence=None,
                    verdict="ended" if _has_ended(entry) else "possible",
                )
                break


def _has_ended(entry: Entry) -> bool:
    return entry.last_on is not None and entry.last_on < dt.datetime.now(tz=dt.UTC).date()


def _number(organizations: Known, ror_id: str) -> int | None:
    """Return the number of the organization of a ROR id, or None where the lake has none."""
    places = organizations.identified.get(ror_id)
    return int(organizations.organizations.organization_id.iloc[places[-1]]) if places else None
