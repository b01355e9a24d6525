"""The finding on one case, with all that a person needs to decide and to object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from fourseas.policy.document import Exemption, Obligation, Policy, Rule
from fourseas.policy.kleene import Truth
from fourseas.policy.lists import NamedList, OrganizationTree
from fourseas.policy.vocabulary import PERMITTING, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a case is held against beside the policy.

    Attributes
    ----------
    lists
        Named lists by id.
    tree
        What organizations are part of, or None where no register is at hand.
    """

    lists: Mapping[str, NamedList]
    tree: OrganizationTree | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An obligation that comes with a finding.

    Attributes
    ----------
    due_on
        The day by which it is due; None where no day is set or its date is not known.
    waits_for
        The date of the case that is needed to say the day.
    is_possible
        It comes only if the rule turns out to hold.
    """

    rule_id: str
    obligation: Obligation
    due_on: dt.date | None
    waits_for: str | None
    is_possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUsed:
    """A fact that a rule's condition looked at.

    Attributes
    ----------
    about
        The row: the case, a party and so on.
    value
        As shown; ``unknown`` where the case does not say it.
    source
        Where it comes from.
    tests
        What was asked of it, with the answer: yes, no or unknown.
    """

    about: str
    fact: str
    value: str
    source: str
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An organization of the case and the entry of a list that it meets."""

    about: str
    list_id: str
    organization_id: str
    listed_as: str
    through: str | None
    confidence: float | None
    is_possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a policy finds of a case. A named person decides.

    Attributes
    ----------
    outcome
        An outcome, or ``needs_information`` where `at_least` and `at_most` differ.
    rules
        Rules that hold.
    possible_rules
        Rules of which it is not known whether they hold.
    exempted
        Rules whose condition holds but for an exemption, with that exemption.
    duties
        Obligations of rules that hold, then those of rules that may.
    questions
        The fewest things to ask that settle the finding, whatever the answers.
    is_smallest
        No smaller set of questions does; false where too many had to be compared.
    changes
        What would alter the finding, fewest facts first.
    lists_read
        The lists, and the register of organizations, with source and date.
    truths
        Whether each rule holds, and under the empty id whether the policy applies.
    notes
        What a reader must know beside it, such as that the policy has expired.
    """

    policy: Policy
    case_label: str
    outcome: str
    at_least: Outcome
    at_most: Outcome
    rules: tuple[Rule, ...]
    possible_rules: tuple[Rule, ...]
    exempted: tuple[tuple[Rule, Exemption], ...]
    duties: tuple[Duty, ...]
    facts: tuple[FactUsed, ...]
    questions: tuple[str, ...]
    is_smallest: bool
    changes: tuple[str, ...]
    matches: tuple[Match, ...]
    lists_read: tuple[str, ...]
    truths: Mapping[str, Truth]
    notes: tuple[str, ...]

    @property
    def permits(self) -> bool:
        """Whether the collaboration may go on, its obligations met."""
        return self.outcome in PERMITTING
