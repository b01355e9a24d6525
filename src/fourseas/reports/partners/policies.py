"""What a policy of one's own finds of partners: each is held against it, and none is left out."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import ibis

from fourseas.facts.counted_works import organization_unit
from fourseas.policy.case import Case, Given, Row
from fourseas.policy.check import check_all
from fourseas.policy.document import Policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.identifiers import UnknownIdError, identifier
from fourseas.policy.vocabulary import CHALLENGES, MEANINGS, NEEDS_INFORMATION
from fourseas.policy.wording import words
from fourseas.reports.cards.card import Sheet
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.partners.gathering import Gathered
from fourseas.workspace import Workspace

OF_LAKE = "the lake"
OF_QUESTION = "the question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What partners are held against.

    Attributes
    ----------
    policy, sources
        A policy with its lists.
    planned
        What is planned with them, a case without the two; None where nothing is said of it.
    on
        The day for which it is asked where the plan names none.
    """

    policy: Policy
    sources: Sources
    planned: Case | None
    on: dt.date


def policy_sheet(
    ws: Workspace, held: Held, pool: Gathered, of: tuple[int, Sequence[int]], challenge: str | None
) -> tuple[Sheet, tuple[str, ...]]:
    """Return what a policy finds of a seeker with each of others, and what must be said of it.

    Parameters
    ----------
    pool, of
        Units, and the numbers of the seeker and of the others, in order.
    challenge
        What they are sought for; a fact of the case where the words of policies have it.
    """
    seeker, others = of
    countries = _countries(ws, pool)
    cases = tuple(
        _case(held, pool, countries, (seeker, other), challenge=challenge) for other in others
    )
    found = check_all(held.policy, cases, held.sources, ibis.duckdb.connect())
    names = [pool.names[other] for other in others]
    lines: Rows = [_row(name, one) for name, one in zip(names, found, strict=True)]
    return _sheet(held, lines), _told(held, names, found)


def _case(
    held: Held,
    pool: Gathered,
    countries: dict[str, str],
    pair: tuple[int, int],
    *,
    challenge: str | None,
) -> Case:
    """Return the case of two units: what is planned, with both as parties.

    Where the plan names no party, these two are all.
    """
    plan = held.planned.row if held.planned else Row(label="partners", facts={})
    below = dict(plan.children)
    parties = tuple(_party(pool, countries, one) for one in pair)
    complete = plan.complete if "parties" in below else plan.complete | {"parties"}
    below["parties"] = (*below.get("parties", ()), *parties)
    if challenge in CHALLENGES and "challenges" not in below:
        value = Given(challenge, OF_QUESTION)
        below["challenges"] = (Row(label=challenge, facts={"value": value}),)
    return Case(
        label=pool.names[pair[1]],
        row=Row(
            label=plan.label,
            facts={"date": Given(held.on, OF_QUESTION), **plan.facts},
            children=below,
            complete=complete,
        ),
        confirmations=held.planned.confirmations if held.planned else (),
    )


def _party(pool: Gathered, countries: dict[str, str], number: int) -> Row:
    """Return a unit as a party: what the lake does not know of it stays unknown."""
    unit = pool.units[number]
    facts: dict[str, Given] = {}
    if pool.place.units == "country":
        facts["country"] = Given(unit, OF_LAKE)
    else:
        if unit in countries:
            facts["country"] = Given(countries[unit], OF_LAKE)
        with contextlib.suppress(UnknownIdError):
            facts["organization"] = Given(identifier("organization", unit), OF_LAKE)
    return Row(label=pool.names[number], facts=facts)


def _countries(ws: Workspace, pool: Gathered) -> dict[str, str]:
    """Return the country of each organization that has one alone."""
    if pool.place.units == "country":
        return {}
    listed = ws.table("organizations")
    wanted = ibis.memtable({"unit_id": list(pool.units)}, schema={"unit_id": "string"})
    named = listed.select("country_code", unit_id=organization_unit(listed))
    placed = named.filter(named.country_code.notnull()).semi_join(wanted, "unit_id")
    rows = placed.distinct().to_pyarrow().to_pylist()
    codes: dict[str, list[str]] = {}
    for row in rows:
        codes.setdefault(str(row["unit_id"]), []).append(str(row["country_code"]))
    return {unit: found[0] for unit, found in codes.items() if len(found) == 1}


def _row(name: str, found: Finding) -> dict[str, object]:
    return {
        "name": name,
        "least": words(found.at_least),
        "most": words(found.at_most),
        "rules": "; ".join(rule.rule_id for rule in found.rules),
        "possible": "; ".join(rule.rule_id for rule in found.possible_rules),
        "questions": "; ".join(found.questions),
    }


def _told(held: Held, names: list[str], found: tuple[Finding, ...]) -> tuple[str, ...]:
    """Name who is closed, and say of how many the policy needs to know more."""
    closed = [
        f"{name} ({', '.join(rule.rule_id for rule in one.rules if rule.decision == 'closed')})"
        for name, one in zip(names, found, strict=True)
        if one.outcome == "closed"
    ]
    n_unknown = sum(one.outcome == NEEDS_INFORMATION for one in found)
    lines = [f"Held against {held.policy.title} ({held.policy.policy_id}); nobody is left out."]
    if closed:
        lines.append(f"Closed by it, with the rule: {'; '.join(closed)}.")
    if n_unknown:
        lines.append(
            f"Of {n_unknown} of {len(found)}, the outcome hangs on what is not known; what to ask "
            "stands beside them. Say what is planned with --case."
        )
    return (" ".join(lines), *dict.fromkeys(note for one in found for note in one.notes))


def _sheet(held: Held, lines: Rows) -> Sheet:
    policy = held.policy
    said = "; ".join(f"{words(name)}: {meaning}" for name, meaning in MEANINGS.items())
    headings = (
        Heading("name", "partner"),
        Heading("least", "at the mildest"),
        Heading("most", "at the strictest"),
        Heading("rules", "rules that hold"),
        Heading("possible", "rules that may hold"),
        Heading("questions", "what to ask"),
    )
    always = {"name", "least", "most"}
    return Sheet(
        name="policy",
        title=f"What {policy.title} finds of each; a named person decides.",
        headings=tuple(
            one for one in headings if one.field in always or any(x[one.field] for x in lines)
        ),
        rows=lines,
        reading=Reading(
            definition=f"From out of scope over open, open with conditions and review to closed. "
            f"{said}",
            counting="Each partner is one case of two parties, with country and ROR id where the "
            "lake has them.",
            source=f"{policy.title}, version {policy.version}, of {policy.owner}"
            + (f" ({policy.banner})." if policy.banner else "."),
            n=f"{len(lines)} cases, asked for {held.on.isoformat()} where the plan names no day.",
            bounds="The mildest and the strictest outcome that what is not known leaves open.",
            coverage="What neither the lake nor the plan says is not known; "
            "`fourseas policy check` tells one case in full.",
        ),
    )
