"""The words of a policy: the facts that a case can have, activities, obligations and outcomes.

A fact is declared once, with its type and the level that it belongs to. A level is a table: the
case, its parties, its people and their ties, its data; a fact with many values (topics,
documents) is a level of its own whose rows have one fact, the `value`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

FactType = Literal[
    "flag", "word", "number", "date", "period", "country", "organization", "topic", "field"
]
Outcome = Literal["out_of_scope", "open", "open_with_conditions", "review", "closed"]
Decision = Literal["open", "open_with_conditions", "review", "closed"]

OUTCOMES: tuple[Outcome, ...] = (
    "out_of_scope",
    "open",
    "open_with_conditions",
    "review",
    "closed",
)
"""In order of strictness. Where a policy does not apply it finds nothing: that is the lowest."""

DECISIONS: tuple[Decision, ...] = ("open", "open_with_conditions", "review", "closed")
"""What a rule may decide."""

NEEDS_INFORMATION = "needs_information"
MEANINGS = {
    "out_of_scope": "The policy is not about this case and says nothing of it.",
    "open": "No rule of the policy stands against it.",
    "open_with_conditions": "It may go on if the obligations are met.",
    "review": "The office has to look at it before it goes on.",
    "closed": "A rule closes it, and no exemption applies.",
    NEEDS_INFORMATION: "What is not known decides between the mildest and the strictest outcome.",
}
"""What each finding means."""

PERMITTING = ("open", "open_with_conditions")
"""Findings upon which a collaboration may go on, its obligations met."""

ID_TYPES = ("country", "organization", "topic", "field")
"""Types whose values stand in named lists with source and date, never in a condition."""

ACTIVITIES = (
    "co_authorship",
    "data_sharing_in",
    "data_sharing_out",
    "equipment_transfer",
    "funding_given",
    "funding_received",
    "hosting",
    "joint_lab",
    "joint_project",
    "licensing_in",
    "licensing_out",
    "sample_transfer_in",
    "sample_transfer_out",
    "software_transfer",
    "standard_setting",
    "student_supervision",
    "visit",
)

MIRRORED_ACTIVITIES = {
    "data_sharing_in": "data_sharing_out",
    "data_sharing_out": "data_sharing_in",
    "funding_given": "funding_received",
    "funding_received": "funding_given",
    "hosting": "visit",
    "licensing_in": "licensing_out",
    "licensing_out": "licensing_in",
    "sample_transfer_in": "sample_transfer_out",
    "sample_transfer_out": "sample_transfer_in",
    "visit": "hosting",
}
"""What the other side calls an activity; the others are the same from both sides."""

OBLIGATIONS = {
    "acknowledge": "Name the source or the partner in what is published.",
    "agreement": "Sign an agreement.",
    "attest": "Declare in writing.",
    "benefit_sharing": "Share benefits: capacity, authorship, royalty, return of data.",
    "data_management_plan": "Write a plan of how data are kept and shared.",
    "deposit": "Deposit in an open archive.",
    "disclose": "Disclose facts to the owner of the policy.",
    "due_diligence": "Look into the partner and keep the record.",
    "embargo": "Hold back until a date.",
    "ethics_approval": "Obtain the approval of an ethics committee.",
    "keep_evidence": "Keep documents that show that the rule was kept.",
    "mitigation_plan": "Write how a risk is made smaller.",
    "named_access": "Give access to named persons only.",
    "notify_authority": "Tell an authority, or file with it.",
    "report_yearly": "Report once a year.",
    "review_on_change": "Ask again when the facts change.",
    "security_review": "Have it reviewed by an authority before it starts.",
    "tiered_access": "Give access in steps.",
    "training": "Attend a training.",
}

DOCUMENTS = (
    "agreement",
    "appeal_decision",
    "attestation",
    "compliance_certificate",
    "data_management_plan",
    "end_user_statement",
    "ethics_approval",
    "export_licence",
    "guarantee_approved",
    "mitigation_plan",
    "mutually_agreed_terms",
    "other_instrument",
    "prior_informed_consent",
    "security_review",
)

SECTORS = (
    "archive",
    "company",
    "facility",
    "funder",
    "government",
    "healthcare",
    "military",
    "nonprofit",
    "university",
)

CONSENT_CODES = (
    *("COL", "DS", "GRU", "GS", "GSO", "HMB", "IRB", "IS", "MOR", "NCU", "NMDS"),
    *("NPU", "NPUNCU", "NRES", "POA", "PS", "PUB", "RS", "RTN", "TS", "US"),
)
"""Short names of the terms of the GA4GH Data Use Ontology."""

CHALLENGES = (
    "climate_change",
    "energy_security",
    "food_security",
    "future_development",
    "human_health",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a case may say.

    Attributes
    ----------
    name
        The word for it in policies and cases.
    type
        What a value is; it fixes the operators that apply.
    meaning
        One sentence in the reader's words.
    words
        Allowed values of a word.
    least, greatest
        Bounds of a number.
    label
        What it is called in a sentence, if not by its name.
    clauses
        Of a flag: what is said of a row where it is true, and where it is false.
    """

    name: str
    type: FactType
    meaning: str
    words: tuple[str, ...] = ()
    least: float = 0.0
    greatest: float = float("inf")
    label: str = ""
    clauses: tuple[str, str] = ("", "")

    @property
    def spoken(self) -> str:
        """What it is called in a sentence."""
        return self.label or self.name.replace("_", " ")

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Names and Ibis types of the columns that hold it."""
        if self.type == "period":
            return (("since", "date"), ("until", "date"))
        return ((self.name, _DTYPES.get(self.type, "string")),)


_DTYPES = {"flag": "boolean", "number": "float64", "date": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What facts are about: a table of the evaluator and a list in a case document.

    Attributes
    ----------
    name
        One row of it.
    plural
        Its rows; the table's name and the key in a case.
    parent
        Plural of the level whose rows it hangs on; None for cases.
    meaning
        What a row is.
    facts
        Its facts. A level of values has one, ``value``.
    """

    name: str
    plural: str
    parent: str | None
    meaning: str
    facts: tuple[Fact, ...]

    @property
    def holds_values(self) -> bool:
        """Whether it is a fact with many values rather than a thing with facts."""
        return self.facts[0].name == "value"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together name a row."""
        own = "value" if self.holds_values else f"{self.name}_id"
        return (*LEVELS[self.parent].key, own) if self.parent else (own,)

    @property
    def quantifiers(self) -> tuple[str, str]:
        """The words for 'some row' and 'every row'."""
        return f"any_{self.name}", f"all_{self.plural}"

    @property
    def complete(self) -> str:
        """The flag of the parent's row that says that all rows are given."""
        return f"{self.plural}_complete"

    def fact(self, name: str) -> Fact:
        """Return the declaration of a fact."""
        return next(fact for fact in self.facts if fact.name == name)


CASE = Level(
    name="case",
    plural="cases",
    parent=None,
    meaning="One planned collaboration.",
    facts=(
        Fact(name="activity", type="word", words=ACTIVITIES, meaning="What is planned."),
        Fact(
            name="date",
            type="date",
            label="day of the finding",
            meaning="The day for which the finding is asked.",
        ),
        Fact(name="starts_on", type="date", label="start", meaning="First day of the activity."),
        Fact(name="ends_on", type="date", label="end", meaning="Last day of the activity."),
        Fact(
            name="signed_on",
            type="date",
            label="signature",
            meaning="Day on which the agreement is signed.",
        ),
        Fact(
            name="call_launched_on",
            type="date",
            label="opening of the call",
            meaning="Day on which the call opened.",
        ),
        Fact(
            name="call_restricted",
            type="flag",
            clauses=(
                "the call limits who may take part",
                "the call does not limit who may take part",
            ),
            meaning="The call limits who may take part.",
        ),
        Fact(
            name="advances_or_uses",
            type="word",
            words=("advances", "uses"),
            meaning="Whether the work advances a technology or uses it as it is.",
        ),
        Fact(
            name="trl",
            type="number",
            least=1.0,
            greatest=9.0,
            label="technology readiness level",
            meaning="Technology readiness level, 1 to 9.",
        ),
        Fact(
            name="amount_usd",
            type="number",
            label="amount in US dollars",
            meaning="Money involved, in US dollars.",
        ),
        Fact(
            name="transfers_out",
            type="flag",
            clauses=(
                "data, samples or goods leave the country of origin",
                "nothing leaves the country of origin",
            ),
            meaning="Data, samples or goods leave the country of origin.",
        ),
        Fact(
            name="basic_research",
            type="flag",
            clauses=(
                "it is basic research meant to be public",
                "it is not basic research meant to be public",
            ),
            meaning="Basic research whose results are meant to be public.",
        ),
        Fact(
            name="outputs_open",
            type="word",
            words=("open", "embargoed", "closed"),
            label="release of results",
            meaning="How results are released.",
        ),
        Fact(
            name="embargo_months",
            type="number",
            label="embargo in months",
            meaning="Months that results are held back.",
        ),
        Fact(
            name="purpose",
            type="word",
            words=("health", "biomedical", "commercial", "education", "methods", "other"),
            meaning="What data or samples are used for.",
        ),
    ),
)

PARTY = Level(
    name="party",
    plural="parties",
    parent="cases",
    meaning="An organization that takes part.",
    facts=(
        Fact(name="organization", type="organization", meaning="Its ROR id."),
        Fact(name="country", type="country", meaning="Country of its seat, ISO 3166-1 alpha-2."),
        Fact(
            name="control_country",
            type="country",
            label="controlling country",
            meaning="Country of who ultimately owns it.",
        ),
        Fact(name="sector", type="word", words=SECTORS, meaning="What kind of organization."),
        Fact(
            name="role",
            type="word",
            words=("lead", "co_lead", "participant", "associated", "funder", "provider", "host"),
            meaning="Its part in the activity.",
        ),
        Fact(
            name="independent",
            type="flag",
            clauses=(
                "is under the control of no other party",
                "is under the control of another party",
            ),
            meaning="Under the control of no other party.",
        ),
        Fact(
            name="essential",
            type="flag",
            clauses=("is essential to the activity", "is not essential to the activity"),
            meaning="The activity cannot be done without it.",
        ),
        Fact(
            name="receives_funding",
            type="flag",
            clauses=("receives money of the grant", "receives no money of the grant"),
            meaning="It receives money of the grant.",
        ),
        Fact(
            name="share",
            type="number",
            greatest=1.0,
            meaning="Its share of authors or budget, 0 to 1.",
        ),
    ),
)

PERSON = Level(
    name="person",
    plural="people",
    parent="cases",
    meaning="Somebody who takes part, known by a label and never by name.",
    facts=(
        Fact(
            name="role",
            type="word",
            words=("lead", "co_lead", "named", "collaborator", "student", "visitor"),
            meaning="Their part in the activity.",
        ),
    ),
)

TIE = Level(
    name="tie",
    plural="ties",
    parent="people",
    meaning="What binds a person to an organization, as that person declares it.",
    facts=(
        Fact(
            name="kind",
            type="word",
            words=(
                "affiliation",
                "appointment",
                "co_authorship",
                "funding",
                "in_kind_support",
                "patent",
                "talent_programme",
            ),
            meaning="What kind of tie.",
        ),
        Fact(name="organization", type="organization", meaning="With which organization."),
        Fact(name="country", type="country", meaning="Country of that organization's seat."),
        Fact(name="period", type="period", meaning="From `since` until `until`, or ongoing."),
        Fact(
            name="disclosed",
            type="flag",
            clauses=("was disclosed", "was not disclosed"),
            meaning="It was disclosed when asked for.",
        ),
    ),
)

DATA = Level(
    name="data",
    plural="data",
    parent="cases",
    meaning="A set of data or samples.",
    facts=(
        Fact(
            name="kind",
            type="word",
            words=(
                "export_controlled",
                "genetic_resource",
                "geospatial",
                "health",
                "human_genetic",
                "indigenous",
                "other",
                "personal",
                "software",
            ),
            meaning="What kind of data or samples.",
        ),
        Fact(name="origin_country", type="country", meaning="Country that they come from."),
        Fact(name="accessed_on", type="date", label="access", meaning="Day of access."),
        Fact(
            name="has_access_measures",
            type="flag",
            clauses=(
                "comes from a country with published access measures",
                "comes from a country without published access measures",
            ),
            meaning="The country of origin has published measures on access.",
        ),
        Fact(
            name="for_development",
            type="flag",
            clauses=(
                "is used for research and development",
                "is not used for research and development",
            ),
            meaning="Used for research and development on their composition.",
        ),
        Fact(
            name="n_individuals",
            type="number",
            label="number of individuals",
            meaning="Persons whose data they are.",
        ),
        Fact(
            name="special_population",
            type="flag",
            clauses=(
                "is of a population under special protection",
                "is not of a population under special protection",
            ),
            meaning="From a family line or a region under special protection.",
        ),
    ),
)


def _values(name: str, plural: str, parent: str, value: Fact) -> Level:
    return Level(name=name, plural=plural, parent=parent, meaning=value.meaning, facts=(value,))


_LEVELS = (
    CASE,
    PARTY,
    PERSON,
    TIE,
    DATA,
    _values(
        "topic",
        "topics",
        "cases",
        Fact(name="value", type="topic", meaning="OpenAlex topics of the activity."),
    ),
    _values(
        "field",
        "fields",
        "cases",
        Fact(name="value", type="field", meaning="OpenAlex fields of the activity."),
    ),
    _values(
        "challenge",
        "challenges",
        "cases",
        Fact(
            name="value",
            type="word",
            words=CHALLENGES,
            meaning="Shared challenges that it serves.",
        ),
    ),
    _values(
        "funder",
        "funders",
        "cases",
        Fact(name="value", type="organization", meaning="ROR ids of those who pay."),
    ),
    _values(
        "document",
        "documents",
        "cases",
        Fact(name="value", type="word", words=DOCUMENTS, meaning="Documents at hand."),
    ),
    _values(
        "consent_code",
        "consent_codes",
        "data",
        Fact(
            name="value",
            type="word",
            words=CONSENT_CODES,
            meaning="What the donors consented to, in codes of the Data Use Ontology.",
        ),
    ),
)

LEVELS: dict[str, Level] = {level.plural: level for level in _LEVELS}
"""All levels by plural, each after its parent."""

DATE_FACTS = tuple(fact.name for fact in CASE.facts if fact.type == "date")
"""Dates of a case, on which a list can be read and from which a deadline can run."""


def dates_for(level: Level) -> tuple[str, ...]:
    """Return the dates on which a list can be read for a row: those of its case, and its own."""
    own = (fact.name for fact in level.facts if fact.type == "date")
    return tuple(dict.fromkeys((*DATE_FACTS, *own)))


def home_of_date(level: Level, date: str) -> Level:
    """Return the level that bears a date: the row's own, or the case."""
    return level if any(fact.name == date for fact in level.facts) else CASE


def children(level: Level) -> tuple[Level, ...]:
    """Return the levels whose rows hang on rows of this one."""
    return tuple(other for other in LEVELS.values() if other.parent == level.plural)


FORBIDDEN = {
    "nationality": r"nationalit|citizen|passport|(^|_)nationals?(_|$)",
    "ethnicity": r"ethnic|(^|_)(race|racial|caste|tribe)(_|$)|religio|surname|ancestry",
    "name": r"^names?$|(first|last|full|given|family|person)_?names?",
    "birthplace": r"birth|(^|_)born(_|$)",
    "e-mail domain": r"(^|_)e?_?mail|mail_?domain",
    "country of degree": r"(^|_)(degree|diploma)|alma_mater|(^|_)studied|education",
    "language": r"language|mother_?tongue|native_speaker",
}
"""Grounds on which no policy may decide, and words that show them, stand-ins among them."""


def forbidden_ground(word: str) -> str | None:
    """Return the forbidden ground that a word shows, or None."""
    folded = re.sub(r"[^a-z]+", "_", word.casefold()).strip("_")
    return next((ground for ground, sign in FORBIDDEN.items() if re.search(sign, folded)), None)
