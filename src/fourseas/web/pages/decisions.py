"""`/policy/decisions`: what was found and decided last, what is due, and whether the log holds.

Only the log is read, never the entries about persons beside it: who decided is not shown.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from fourseas.lake import audit, layout
from fourseas.lake.chain import Examination
from fourseas.policy import register
from fourseas.policy.register import CaseRow, DutyRow
from fourseas.policy.wording import words
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Heading, Reading
from fourseas.web.view import View

ADDRESS = "/policy/decisions"

CASES = (
    Heading("case", "case"),
    Heading("policy", "policy"),
    Heading("seq", "record"),
    Heading("found", "found"),
    Heading("decided", "decided"),
    Heading("role", "by what office"),
    Heading("on", "on"),
    Heading("still", "still to do"),
)
DUTIES = (
    Heading("due", "due"),
    Heading("what", "what"),
    Heading("owner", "who"),
    Heading("watched", "watched by"),
    Heading("case", "case"),
    Heading("decided", "decided"),
)
NO_NAMES = "Whom a record tells of is not read here: neither applicants nor who decided have names."


def decisions(lake: Path, today: dt.date) -> View:
    """Return the cases of a lake's audit log, the last first, and duties, the next first.

    Parameters
    ----------
    lake
        Directory of the lake.
    today
        The day by which something is overdue.
    """
    found = audit.examine(layout.locate(lake))
    broken = [fault for fault in found.faults if not fault.is_unfinished]
    trusted = tuple(record for record in found.records if not broken or record.seq < broken[0].line)
    cases, duties = register.register(trusted), register.duties(trusted)
    n_open = sum(bool(one.still) for one in cases)
    n_late = sum(one.due_on is not None and one.due_on < today for one in duties)
    card = Card(
        title="Latest decisions and duties",
        lead=(
            _state(found),
            f"Cases: {len(cases)}, open: {n_open}. Duties: {len(duties)}, overdue: {n_late}.",
            NO_NAMES,
        ),
        sheets=(
            _sheet("cases", "What was found and decided, the last first.", CASES,
                   [_case(one) for one in cases]),
            _sheet("duties", "What somebody has to do, what is due first at the top.", DUTIES,
                   [_duty(one, today) for one in duties]),
        ),
        sources=(),
        citation="`fourseas policy cases`, `fourseas policy duties` and `fourseas audit verify` "
        "say the same, with what persons in office may read.",
    )  # fmt: skip
    return View(card=card, section="Policy", steps=(("/policy", "All policies"),))


def _state(found: Examination) -> str:
    """Return whether the chain holds, or where it is broken."""
    broken = [fault for fault in found.faults if not fault.is_unfinished]
    if broken:
        first = broken[0]
        return (
            f"The audit log is BROKEN at line {first.line}: {first.problem} What follows is of "
            f"the {first.line - 1} records before it. Run `fourseas audit verify`, and hold the "
            "log against a copy and the heads that were kept elsewhere."
        )
    if not found.records:
        return "The audit log is empty: no finding was recorded. `fourseas policy check --record`."
    unfinished = (
        " Its last line is unfinished: an append was interrupted, or goes on right now."
        if found.faults
        else ""
    )
    return (
        f"The audit log is whole: {len(found.records)} records, each continues the one before. "
        f"Head: {found.records[-1].head}. A cut end is seen only against a head kept elsewhere."
        f"{unfinished}"
    )


def _case(row: CaseRow) -> dict[str, object]:
    decided = words(row.decision) if row.decision else "-"
    return {
        "case": row.case,
        "policy": f"{row.policy}, version {row.version}",
        "seq": str(row.seq),
        "found": words(row.found),
        "decided": f"{decided} (override: {row.departure})" if row.departure else decided,
        "role": row.role or "-",
        "on": row.on.isoformat() if row.on else "-",
        "still": "; ".join(row.still) or "-",
    }


def _duty(row: DutyRow, today: dt.date) -> dict[str, object]:
    if row.due_on is not None:
        due = f"{row.due_on}{' OVERDUE' if row.due_on < today else ''}"
    else:
        due = f"when the {words(row.waits_for)} is known" if row.waits_for else "no day set"
    return {
        "due": due,
        "what": row.what,
        "owner": row.owner,
        "watched": row.answers_for,
        "case": row.case or "-",
        "decided": "-" if row.kind != "obligation" else "yes" if row.is_decided else "not yet",
    }


def _sheet(
    name: str, title: str, headings: tuple[Heading, ...], rows: list[dict[str, object]]
) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        headings=headings,
        rows=rows,
        reading=Reading(
            definition="docs/how-to/prove-a-decision.md says what is recorded and how.",
            counting="The last finding of each case under each policy.",
            source="The audit log of this lake, read anew for this page.",
            n=f"{len(rows)} rows.",
            bounds="A finding that needs information stands between two outcomes.",
            coverage="What was recorded with --record; nothing that was tried on these pages.",
        ),
    )
