"""Random policies and cases, as the documents that people would write."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from fourseas.policy.case import Case, read_cases
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Sources
from fourseas.policy.lists import NamedList, OrganizationTree, read_list, read_tree
from tests.policy.kleene_oracle import World

Doc = dict[str, Any]

DAYS = ("2023-12-31", "2024-01-01", "2024-06-15", "2025-03-01", "2026-01-01")
COUNTRIES = ("XA", "XB", "XC", "XD")
FIRMS = ("invented:ash", "invented:birch", "invented:cedar", "invented:dogwood", "invented:elm")
SURE = ("invented:ash", "invented:dogwood")
"""Of these it is known whether they are on any list, or part of what is."""

THEMES = ("invented:optics", "invented:soil", "invented:wheat")
DOCUMENTS = ("agreement", "ethics_approval")
CODES = ("HMB", "GS", "NPU")
ACTIVITIES = ("visit", "joint_project", "data_sharing_out")
MOST_KNOWN = 7
"""Of so many facts and one, one is not known."""

DECISIONS = ("open", "open_with_conditions", "review", "closed")

LISTS: tuple[Doc, ...] = (
    {
        "list": "places",
        "of": "country",
        "members": [
            {"id": "XA"},
            {"id": "XB", "from": "2024-01-01", "to": "2024-12-31"},
            {"id": "XB", "from": "2026-01-01"},
            {"id": "XC", "to": "2024-06-15"},
        ],
    },
    {"list": "near", "of": "country", "members": [{"id": "XB"}, {"id": "XD"}]},
    {
        "list": "firms",
        "of": "organization",
        "members": [
            {"id": "invented:ash"},
            {"id": "invented:ash"},
            {"id": "invented:birch", "confidence": 0.8},
        ],
    },
    {"list": "themes", "of": "topic", "members": [{"id": "invented:optics"}]},
    {"list": "payers", "of": "organization", "members": [{"id": "invented:cedar"}]},
)
PART_OF = {
    "invented:ash": [],
    "invented:birch": ["invented:cedar"],
    "invented:cedar": ["invented:birch"],
    "invented:dogwood": ["invented:ash"],
}
"""Ash is listed, dogwood is part of it; birch and cedar hold each other; nobody knows elm."""

WORLD = World({one["list"]: one["members"] for one in LISTS}, PART_OF)


def sources() -> Sources:
    """Return the lists and the tree as they are read from documents."""
    said = {"source": "invented", "dated": "2024-01-01"}
    lists: dict[str, NamedList] = {
        one["list"]: read_list(json.dumps({**one, **said})) for one in LISTS
    }
    organizations = [{"id": one, "part_of": above} for one, above in PART_OF.items()]
    tree: OrganizationTree = read_tree(json.dumps({**said, "organizations": organizations}))
    return Sources(lists=lists, tree=tree)


def _one(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    return values.map(lambda value: {key: value})


def _sometimes_on(test: Doc, on: str | None) -> Doc:
    return {**test, "on": on} if on else test


def _listed(
    fact: str, names: tuple[str, ...], ons: tuple[str | None, ...]
) -> st.SearchStrategy[Doc]:
    return st.builds(
        lambda name, on: {fact: _sometimes_on({"in_list": name}, on)},
        st.sampled_from(names),
        st.sampled_from(ons),
    )


WORD_OF_ACTIVITY = st.one_of(
    st.sampled_from(ACTIVITIES),
    st.lists(st.sampled_from(ACTIVITIES), min_size=1, max_size=2, unique=True),
    st.sampled_from(ACTIVITIES).map(lambda word: {"eq": word}),
)
NUMBERS = st.integers(1, 9)
NUMBER_TEST = st.one_of(
    NUMBERS,
    st.dictionaries(
        st.sampled_from(["lt", "le", "gt", "ge", "eq"]), NUMBERS, min_size=1, max_size=2
    ),
)
DATE_TEST = st.one_of(
    st.sampled_from(DAYS),
    st.dictionaries(
        st.sampled_from(["lt", "le", "gt", "ge"]), st.sampled_from(DAYS), min_size=1, max_size=2
    ),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
        lambda pair: {"between_dates": list(pair)}
    ),
)
PERIOD_TEST = st.one_of(
    st.just("current"),
    st.builds(
        lambda years, on: {"overlaps_period": _sometimes_on({"years": years}, on)},
        st.integers(0, 2),
        st.sampled_from([None, "signed_on"]),
    ),
    st.dictionaries(st.sampled_from(["from", "to"]), st.sampled_from(DAYS), min_size=1).map(
        lambda span: {"overlaps_period": span}
    ),
)
ORGANIZATION_TEST = st.one_of(
    _listed("organization", ("firms", "payers"), (None,)),
    st.sampled_from(["firms", "payers"]).map(
        lambda one: {"organization": {"within_org_tree": one}}
    ),
)

CASE_LEAVES = st.one_of(
    _one("activity", WORD_OF_ACTIVITY),
    _one("trl", NUMBER_TEST),
    _one("starts_on", DATE_TEST),
    _one("transfers_out", st.booleans()),
    _one("document_present", st.sampled_from(DOCUMENTS)),
    st.sampled_from(["intersects", "subset_of"]).map(lambda word: {"topics": {word: "themes"}}),
    st.sampled_from(["intersects", "within_org_tree"]).map(lambda w: {"funders": {w: "payers"}}),
    _one("exists", st.sampled_from(["parties", "documents", "people"])),
)
PARTY_LEAVES = st.one_of(
    _listed("country", ("places", "near"), (None, "signed_on")),
    ORGANIZATION_TEST,
    _one("sector", st.sampled_from(["company", "university"])),
    _one("independent", st.booleans()),
)
TIE_LEAVES = st.one_of(
    ORGANIZATION_TEST,
    _one("kind", st.sampled_from(["funding", "affiliation"])),
    _one("period", PERIOD_TEST),
)
DATA_LEAVES = st.one_of(
    _one("kind", st.sampled_from(["health", "personal"])),
    _listed("origin_country", ("places", "near"), (None, "accessed_on")),
    _one("accessed_on", DATE_TEST),
    st.builds(
        lambda word, codes: {"consent_codes": {word: codes}},
        st.sampled_from(["intersects", "subset_of"]),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True),
    ),
)


def _trees(leaves: st.SearchStrategy[Doc], max_leaves: int) -> st.SearchStrategy[Doc]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            _one("all_of", st.lists(inner, min_size=1, max_size=3)),
            _one("any_of", st.lists(inner, min_size=1, max_size=3)),
            _one("not", inner),
        ),
        max_leaves=max_leaves,
    )


def _counted(of: str, where: st.SearchStrategy[Doc], distinct: str) -> st.SearchStrategy[Doc]:
    return st.builds(
        lambda n, where, distinct: {
            "count_ge": {
                "n": n,
                "of": of,
                **({"where": where} if where else {}),
                **({"distinct": distinct} if distinct else {}),
            }
        },
        st.integers(1, 3),
        st.one_of(st.none(), where),
        st.sampled_from([None, distinct]),
    )


def _shared(of: str, where: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    return st.builds(
        lambda share, where: {"share_ge": {"share": share, "of": of, "where": where}},
        st.sampled_from([0.25, 0.5, 1.0]),
        where,
    )


PARTIES = _trees(PARTY_LEAVES, 3)
TIES = _trees(TIE_LEAVES, 3)
DATA = _trees(DATA_LEAVES, 3)
PEOPLE = _trees(
    st.one_of(
        _one("role", st.sampled_from(["lead", "collaborator"])),
        _one("any_tie", TIES),
        _one("all_ties", TIES),
        _counted("ties", TIES, "kind"),
    ),
    2,
)
CONDITIONS = _trees(
    st.one_of(
        CASE_LEAVES,
        _one("any_party", PARTIES),
        _one("all_parties", PARTIES),
        _counted("parties", PARTIES, "country"),
        _shared("parties", PARTIES),
        _one("any_person", PEOPLE),
        _one("all_people", PEOPLE),
        _one("any_data", DATA),
        _one("all_data", DATA),
    ),
    3,
)


@st.composite
def rules(draw: st.DrawFn, rule_id: str) -> Doc:
    """Draw a rule."""
    rule: Doc = {
        "id": rule_id,
        "text": "A rule.",
        "when": draw(CONDITIONS),
        "decision": draw(st.sampled_from(DECISIONS)),
        "obligations": [{"kind": "attest", "text": f"Attest {rule_id}.", "by": "lead"}],
    }
    if draw(st.integers(0, 3)) == 0:
        rule["scope"] = draw(CONDITIONS)
    if draw(st.integers(0, 4)) == 0:
        rule["valid_from"] = "2024-06-15"
    exemptions = [
        {"id": f"except-{number}", "text": "An exemption.", "basis": "A law.", "when": when}
        for number, when in enumerate(draw(st.lists(CONDITIONS, max_size=2)))
    ]
    if exemptions:
        rule["except"] = exemptions
    return rule


@st.composite
def policies(draw: st.DrawFn) -> Doc:
    """Draw a policy."""
    n = draw(st.integers(1, 4))
    policy: Doc = {
        "policy": "drawn",
        "title": "Drawn",
        "owner": "Nobody",
        "version": 1,
        "valid_from": "2024-01-01",
        "rules": [draw(rules(f"rule-{number}")) for number in range(n)],
    }
    if draw(st.integers(0, 4)) == 0:
        policy["scope"] = draw(CONDITIONS)
    return policy


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw a value; now and then it is not known."""
    return st.integers(0, MOST_KNOWN).flatmap(
        lambda n: values if n else st.sampled_from(["unknown", None])
    )


def _facts(**facts: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    """Draw facts; now and then one is not spoken of."""
    given = {name: _maybe(values) for name, values in facts.items()}
    return st.fixed_dictionaries(given)


PERIODS = st.tuples(
    st.sampled_from([*DAYS[:3], "unknown"]), st.sampled_from([*DAYS[2:], "ongoing", "unknown"])
).map(lambda ends: {"since": ends[0], "until": ends[1]})


@st.composite
def rows(draw: st.DrawFn, plural: str, row: st.SearchStrategy[Doc], most: int = 2) -> Doc:
    """Draw the rows of a level, or nothing, and perhaps the word that they are all."""
    how = draw(st.sampled_from(["nothing", "none", "some", *["all"] * 6]))
    if how == "nothing":
        return {}
    if how == "none":
        return {plural: "none"}
    found: Doc = {plural: draw(st.lists(row, max_size=most))}
    return {**found, "complete": [plural]} if how == "all" else found


def _with_rows(base: Doc, *parts: Doc) -> Doc:
    whole = dict(base)
    for part in parts:
        complete = [*whole.get("complete", []), *part.get("complete", [])]
        whole |= part
        if complete:
            whole["complete"] = complete
    return whole


TIE = st.builds(
    _with_rows,
    _facts(
        organization=st.sampled_from(FIRMS),
        kind=st.sampled_from(["funding", "affiliation", "patent"]),
    ),
    st.fixed_dictionaries({}, optional={"period": PERIODS}),
)
PERSON = st.builds(
    _with_rows, _facts(role=st.sampled_from(["lead", "collaborator"])), rows("ties", TIE)
)
PARTY = _facts(
    organization=st.sampled_from(FIRMS),
    country=st.sampled_from(COUNTRIES),
    sector=st.sampled_from(["company", "university"]),
    independent=st.booleans(),
)
DATUM = st.builds(
    _with_rows,
    _facts(
        kind=st.sampled_from(["health", "personal", "other"]),
        origin_country=st.sampled_from(COUNTRIES),
        accessed_on=st.sampled_from(DAYS),
    ),
    rows("consent_codes", _maybe(st.sampled_from(CODES))),
)


def _agreeing(case: Doc) -> Doc:
    """Give parties of one organization the same facts, as a case that is read must have."""
    first: dict[str, Doc] = {}
    for party in case.get("parties", []) if case.get("parties") != "none" else []:
        known = first.setdefault(str(party["organization"]), party)
        if party["organization"] not in (None, "unknown"):
            party["country"], party["sector"] = known["country"], known["sector"]
    return case


CASES = st.builds(
    _with_rows,
    _facts(
        activity=st.sampled_from(ACTIVITIES),
        trl=st.integers(1, 9),
        starts_on=st.sampled_from(DAYS),
        signed_on=st.sampled_from(DAYS),
        transfers_out=st.booleans(),
    ),
    st.fixed_dictionaries({"case": st.just("drawn"), "date": st.sampled_from(DAYS[1:])}),
    rows("parties", PARTY, 3),
    rows("people", PERSON),
    rows("data", DATUM),
    rows("topics", _maybe(st.sampled_from(THEMES))),
    rows("documents", _maybe(st.sampled_from(DOCUMENTS))),
    rows("funders", _maybe(st.sampled_from(FIRMS))),
).map(_agreeing)


KNOWN_TIE = st.fixed_dictionaries(
    {
        "organization": st.sampled_from(SURE),
        "kind": st.sampled_from(["funding", "affiliation", "patent"]),
        "period": st.sampled_from(DAYS).map(lambda since: {"since": since, "until": "ongoing"}),
    }
)
KNOWN_ROWS = st.fixed_dictionaries(
    {
        "parties": st.lists(
            st.fixed_dictionaries(
                {
                    "organization": st.sampled_from(SURE),
                    "country": st.just("XB"),
                    "sector": st.just("company"),
                    "independent": st.booleans(),
                }
            ),
            max_size=2,
        ),
        "people": st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from(["lead", "collaborator"]),
                    "ties": st.lists(KNOWN_TIE, max_size=2),
                    "complete": st.just(["ties"]),
                }
            ),
            max_size=2,
        ),
        "data": st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(["health", "personal", "other"]),
                    "origin_country": st.sampled_from(COUNTRIES),
                    "accessed_on": st.sampled_from(DAYS),
                    "consent_codes": st.lists(st.sampled_from(CODES), max_size=2),
                    "complete": st.just(["consent_codes"]),
                }
            ),
            max_size=2,
        ),
    }
).map(lambda rows: {"case": "more", "date": DAYS[1], **rows})
"""Rows of which everything is known, to answer with."""


def _lists_used(node: Any) -> set[str]:  # noqa: ANN401  (any part of a document)
    """Return the lists that conditions name."""
    if isinstance(node, list):
        return set().union(*(_lists_used(one) for one in node))
    if not isinstance(node, dict):
        return set()
    named = {
        value
        for key, value in node.items()
        if key in {"in_list", "within_org_tree", "intersects", "subset_of"}
        and isinstance(value, str)
    }
    return named.union(*(_lists_used(value) for value in node.values()))


def policy_text(policy: Doc) -> str:
    """Return a policy as text, with the lists that it uses declared."""
    used = _lists_used([policy.get("scope"), policy["rules"]])
    lists = {
        one["list"]: {"of": one["of"], "source": "invented", "dated": "2024-01-01"}
        for one in LISTS
        if one["list"] in used
    }
    return json.dumps({**policy, "lists": lists})


def read(policy: Doc) -> Policy:
    """Return a policy as it is read from its text."""
    return read_policy(policy_text(policy))


def read_all(cases: list[Doc]) -> tuple[Case, ...]:
    """Return cases as they are read from their text."""
    return read_cases(json.dumps({"cases": cases}))
