"""The report on an organization: what was found, what was not, and what was not looked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fourseas.named_lists import ListState
from fourseas.reports.cards.card import Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.organization import counts, sheets, signatures
from fourseas.reports.organization.counts import SUBJECT, US
from fourseas.reports.organization.family import ROLLED_UP, Relative, kinship
from fourseas.reports.organization.inquiry import CERTAIN, Hit, Inquiry, Question, inquire
from fourseas.reports.organization.signatures import (
    FIELD_SCHEME,
    STANDARDS,
    TOPIC_SCHEME,
    WORKS,
)
from fourseas.reports.organization.subject import known
from fourseas.workspace import Workspace

REGISTERS = ("3gpp", "openalex", "rfc", "ror")

SCOPES_IN_WORDS = {
    "partial": "a part of OpenAlex, of which listed files are missing",
    "sample": "a sample of OpenAlex",
    "corpus": "a choice of OpenAlex, made by somebody's search",
}

NOT_SEARCHED = (
    (
        "Ownership and control: no register of these is loaded. Parents and parts are those that "
        "ROR tells of; laboratories and daughters without a record there are not seen."
    ),
    "Sanctions and export-control registers: none, unless a list named above is one.",
    "Media, court records, company registers.",
    "Money that no work acknowledges; contracts, licences, patents, visits.",
    "Governance, finances, and academic freedom where it works.",
    "People: never assessed. No name, nationality, origin or post of a person was looked at.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationReport:
    """What is known of an organization and what is not.

    Attributes
    ----------
    title, lead
        What it is about and how to take it.
    found, not_found, not_searched
        What was looked for and found, looked for and not found, and not looked for.
    sheets
        Its tables, in order.
    sources, citation
        Registers and lists behind it, and how to cite it.
    """

    title: str
    lead: tuple[str, ...]
    found: tuple[str, ...]
    not_found: tuple[str, ...]
    not_searched: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    sources: tuple[str, ...]
    citation: str

    @property
    def sections(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Name, title and lines of what was searched and what was not."""
        return (
            ("found", "Searched and found", self.found),
            ("not-found", "Searched and not found", self.not_found),
            ("not-searched", "Not searched", self.not_searched),
        )


def organization_report(ws: Workspace, question: Question) -> OrganizationReport:
    """Return what the registers of a lake show of an organization, for another one.

    Raises
    ------
    UnknownNameError
        For an organization that is not in the lake.
    AmbiguousNameError
        For a name that several bear.
    NotComputableError
        If both are one organization.
    ListError
        For a list that is not there, or that is not of organizations.
    """
    inquiry = inquire(ws, question)
    listed = tuple(
        f"List {one.heading.list_id}: {one.heading.title}, {one.heading.source}, edition "
        f"{one.edition.number} dated {one.heading.dated}, SHA-256 {one.edition.sha256}"
        for one in inquiry.lists
    )
    return OrganizationReport(
        title=f"{inquiry.subject.name}: report for {inquiry.us.name}",
        lead=tuple(_lead(inquiry)),
        found=tuple(_found(inquiry)),
        not_found=tuple(_not_found(inquiry)),
        not_searched=(*_unresolved(inquiry), *NOT_SEARCHED),
        sheets=tuple(_sheets(inquiry)),
        sources=(*sources(ws, REGISTERS), *listed),
        citation=citation(ws),
    )


def prepare(ws: Workspace, wait: Callable[[], None]) -> None:
    """Make what reports on all organizations have in common, before anybody asks for one.

    Parameters
    ----------
    ws
        The lake.
    wait
        What is done before each portion of it.
    """
    for make in (known, kinship, counts.coverage, counts.retracted):
        wait()
        make(ws)
    signatures.keep(ws, wait)


def _lead(inquiry: Inquiry) -> Iterator[str]:
    """Yield how to take the report."""
    yield (
        "What open registers show of an organization, read beside the one that asks. Joint work, "
        "a funder or a match with a list is something to look into and no fault. The tool finds; "
        "a named person decides."
    )
    scope = inquiry.scopes.get("openalex", "census")
    if scope != "census":
        yield (
            f"Works here are {SCOPES_IN_WORDS[scope]}: counts say what is in this lake, not what "
            "an organization has published."
        )
    years = inquiry.question.years
    if years is not None:
        yield f"Works and standards of {years[0]} to {years[1]} alone."
    yield ROLLED_UP[inquiry.question.roll_up]


def _found(inquiry: Inquiry) -> Iterator[str]:
    """Yield what was found, lists first."""
    subject, us = inquiry.subject, inquiry.us
    for hit in inquiry.hits_of(subject):
        if hit.verdict != "rejected":
            yield _told(hit) + _aged(hit.state)
    for relative, role in (
        *((one, "of which it is part") for one in inquiry.its_family.above),
        *((one, "which is part of it") for one in inquiry.its_family.below),
    ):
        yield from _relative_on_lists(inquiry, relative, role)
    joint, works, ours = (
        inquiry.signed.totals(*parties) for parties in ((SUBJECT, US), (SUBJECT,), (US,))
    )
    if works.n_works:
        yield (
            f"{_n(works.n_works, 'work')} of {subject.name}, {_span(works)}; "
            f"{_n(ours.n_works, 'work')} of {us.name}."
        )
    if joint.n_works:
        yield f"{_n(joint.n_works, 'joint work')} of the two, {_span(joint)}."
    funders, n_naming = counts.funders(inquiry.signed)
    if funders:
        named = f"{len(funders)} {'funder' if len(funders) == 1 else 'funders'}"
        yield f"{named} acknowledged in {n_naming} of the joint works."
    documents = inquiry.signed.totals(SUBJECT, standards=True)
    if documents.n_works:
        yield (
            f"{_n(documents.n_works, 'standards document')} under its exact names, "
            f"{_span(documents)}."
        )
    if works.n_retracted:
        yield (
            f"{works.n_retracted} of its {_n(works.n_works, 'work')} are marked retracted; "
            "the table below sets that beside others."
        )
    n_certain = sum(one.is_certain for one in inquiry.partners.values())
    found = counts.partners(inquiry.signed, inquiry.partners)
    its = [row for row in found if row.get(f"{SUBJECT}_n_works")]
    own = [row for row in found if row.get(f"{US}_n_works")]
    if its or own:
        yield (
            f"Of {len(inquiry.partners)} other organizations on the lists ({n_certain} for "
            f"certain), {len(its)} sign works with {subject.name} and {len(own)} with {us.name}."
        )


def _relative_on_lists(inquiry: Inquiry, relative: Relative, role: str) -> Iterator[str]:
    """Say that a parent or part is or may be on lists; whether that means it is not said."""
    partner = inquiry.partners.get(f"ror:{relative.ror_id}")
    if partner is not None:
        told = "; ".join(f"{name}: {sheets.VERDICTS[verdict]}" for name, verdict in partner.lists)
        yield f"{relative.name} ({relative.ror_id}), {role}, is or may be on lists. {told}."


def _told(hit: Hit) -> str:
    """Say what a match with a list is, with the names that matched and how sure it is."""
    heading = hit.state.heading
    confidence = "" if hit.confidence is None else f", confidence {hit.confidence:.2f}"
    names = f'"{hit.matched}"'
    if hit.matched_with and hit.matched_with != hit.matched:
        names += f' with "{hit.matched_with}"'
    how = f"{sheets.METHODS[hit.method]}{confidence}"
    entry = (
        f'the entry "{sheets.written(hit.entry)}" of the list {sheets.titled(heading)}, source: '
        f"{heading.source}, edition {hit.state.edition.number} of {heading.dated}"
    )
    if hit.verdict == "ended":
        return f"On a list no longer: {entry}; {names} ({how})."
    if hit.verdict in CERTAIN:
        return f"On a list: {entry}; {names} ({how}); {sheets.VERDICTS[hit.verdict]}."
    return f"Not confirmed by anybody: {entry} may mean it; {names} ({how})."


def _aged(state: ListState) -> str:
    """Say that an edition is old, or will be soon."""
    remark = state.heading.remark_on_age(dt.datetime.now(tz=dt.UTC).date())
    return f" {remark}" if remark else ""


def _not_found(inquiry: Inquiry) -> Iterator[str]:
    """Yield what was looked for and is not there."""
    subject = inquiry.subject
    hit = {
        one.state.heading.list_id for one in inquiry.hits_of(subject) if one.verdict != "rejected"
    }
    rejected = {
        one.state.heading.list_id for one in inquiry.hits_of(subject) if one.verdict == "rejected"
    }
    for state in inquiry.lists:
        name = state.heading.list_id
        if name in hit:
            continue
        n_absent = state.counts["not found"]
        absent = (
            f" {n_absent} of its {len(state.entries)} entries match no organization of the lake."
            if n_absent
            else ""
        )
        why = " A person has rejected a match." if name in rejected else ""
        yield (
            f"Not on the list {sheets.titled(state.heading)}, edition {state.edition.number} of "
            f"{state.heading.dated}.{why}{absent}{_aged(state)}"
        )
    works = inquiry.signed.totals(SUBJECT)
    if not works.n_works:
        yield f"No work of {subject.name} by the definition {WORKS.definition_id}."
    if not inquiry.signed.totals(SUBJECT, US).n_works:
        yield f"No joint work of {subject.name} and {inquiry.us.name}."
    elif not counts.funders(inquiry.signed)[0]:
        yield "No funder is acknowledged in the joint works."
    if works.n_works and not works.n_retracted:
        yield f"No retracted work among {_n(works.n_works, 'work')} of {subject.name}."
    if STANDARDS.registers and not inquiry.signed.totals(SUBJECT, standards=True).n_works:
        yield "No standards document under its exact names."
    if subject.ror_id is None:
        yield f"No ROR id is known of {subject.name}: lists cannot be matched beyond its name."


def _unresolved(inquiry: Inquiry) -> Iterator[str]:
    """Yield what the loaded registers leave out."""
    if not inquiry.lists:
        yield "Lists: none of organizations is in the lake. `fourseas lists add` takes one."
    yield (
        "Authors whose organization no register knows; their works may be missing here. "
        f"{inquiry.coverage_line()}"
    )
    near = inquiry.subject.near_named
    if near:
        yield (
            f"{_n(len(near), 'plain name')} in registers of standards that only "
            f"{'begins' if len(near) == 1 else 'begin'} like its name; the first table has them."
        )


def _sheets(inquiry: Inquiry) -> Iterator[Sheet]:
    """Yield the tables that have something to show."""
    yield sheets.identity(inquiry)
    if inquiry.hits:
        yield sheets.lists(inquiry)
    every = (
        sheets.years(inquiry),
        sheets.fields(inquiry, FIELD_SCHEME, "Works by field, of each alone and together."),
        sheets.fields(inquiry, TOPIC_SCHEME, "Works by subfield, joint ones first."),
        sheets.joint(inquiry),
        sheets.partners(inquiry),
        sheets.funders(inquiry),
    )
    yield from (one for one in every if one.rows)
    if any(row["documents"] or row["our_documents"] for row in sheets.standards(inquiry).rows):
        yield sheets.standards(inquiry)
    yield sheets.retractions(inquiry)


def _span(totals: counts.Totals) -> str:
    first, last = totals.first, totals.last
    return f"of {first}" if first == last else f"of {first} to {last}"


def _n(number: int | None, one: str) -> str:
    return f"{number or 0:,} {one if number == 1 else one + 's'}"
