"""A finding recorded with its inputs is found again from them by the real evaluator."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import ibis
import pytest

from fourseas.errors import PolicyError
from fourseas.policy.case import read_case
from fourseas.policy.check import check
from fourseas.policy.document import Mapped, read_policy
from fourseas.policy.finding import Sources
from fourseas.policy.lists import read_list, read_tree
from fourseas.policy.places import read_yaml
from fourseas.policy.recorded import Hashes, found_again, recorded

PLACE = Path(str(resources.files("fourseas") / "policy" / "examples" / "sensitive-technology"))
CASE = """
case: A-1
date: 2024-09-15
source: form
activity: funding_received
funders: [invented:science-agency]
call_launched_on: 2024-06-03
topics: [invented:quantum-sensing]
advances_or_uses: {value: advances, source: "the plan: page 3", on: 2024-09-01}
complete: [topics, funders, people]
people:
  - {label: Zoë 例, role: lead, ties: none}
"""


class Texts:
    """Texts under their hashes, as a lake keeps them."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def keep(self, text: str) -> str:
        """Keep a text and return its hash."""
        name = hashlib.sha256(text.encode()).hexdigest()
        self.kept[name] = text
        return name


@pytest.fixture(scope="module")
def texts() -> Texts:
    """Return the texts of the example."""
    return Texts()


@pytest.fixture(scope="module")
def body(texts: Texts) -> Mapped:
    """Return a finding with its inputs, as JSON gives it back."""
    policy_text = (PLACE / "policy.yaml").read_text(encoding="utf-8")
    tree_text = (PLACE / "organizations.yaml").read_text(encoding="utf-8")
    list_texts = [path.read_text(encoding="utf-8") for path in PLACE.glob("lists/*.yaml")]
    lists = {read_list(text).list_id: text for text in list_texts}
    sources = Sources(
        lists={name: read_list(text) for name, text in lists.items()}, tree=read_tree(tree_text)
    )
    finding = check(read_policy(policy_text), read_case(CASE), sources, ibis.duckdb.connect())
    hashes = Hashes(
        policy=texts.keep(policy_text),
        lists={name: texts.keep(text) for name, text in lists.items()},
        tree=texts.keep(tree_text),
    )
    told = json.dumps(recorded(finding, sources, read_yaml(CASE, "case").root, hashes))
    found: Mapped = json.loads(told)
    return found


def test_the_same_is_found_again_from_the_record_and_the_kept_texts(
    body: Mapped, texts: Texts
) -> None:
    inputs = {name: body[name] for name in ("policy", "lists", "tree", "facts")}
    again = found_again(inputs, texts.kept.__getitem__, ibis.duckdb.connect())

    assert json.loads(json.dumps(again)) == body


def test_a_record_says_what_was_found_why_and_by_which_editions(body: Mapped) -> None:
    found, policy = body["found"], body["policy"]

    assert isinstance(found, dict)
    assert isinstance(policy, dict)
    assert (found["finding"], found["case"]) == ("open_with_conditions", "A-1")
    assert (policy["id"], policy["version"], policy["review_by"]) == (
        "sensitive-technology",
        "1",
        "2026-04-30",
    )
    assert [(one["id"], one["dated"]) for one in body["lists"]] == [  # type: ignore[index, union-attr, call-overload]
        ("granting-agencies", "2024-05-01"),
        ("named-organizations", "2024-01-16"),
        ("sensitive-topics", "2024-01-16"),
    ]
    assert "the plan: page 3, 2024-09-01" in json.dumps(body["explanation"])


def test_the_facts_are_kept_as_the_case_gives_them_with_their_sources(body: Mapped) -> None:
    facts = body["facts"]

    assert isinstance(facts, dict)
    assert facts["advances_or_uses"] == {
        "value": "advances",
        "source": "the plan: page 3",
        "on": "2024-09-01",
    }
    assert facts["people"] == [{"label": "Zoë 例", "role": "lead", "ties": "none"}]


def test_with_another_fact_another_thing_is_found(body: Mapped, texts: Texts) -> None:
    facts = body["facts"]
    assert isinstance(facts, dict)
    inputs = {name: body[name] for name in ("policy", "lists", "tree")}
    inputs["facts"] = facts | {"advances_or_uses": "uses"}
    again = found_again(inputs, texts.kept.__getitem__, ibis.duckdb.connect())

    assert again["found"]["finding"] == "open"  # type: ignore[index]


def test_facts_that_are_no_case_are_refused(body: Mapped, texts: Texts) -> None:
    inputs = {name: body[name] for name in ("policy", "lists", "tree")}
    with pytest.raises(PolicyError, match="lacks `date`"):
        found_again(
            inputs | {"facts": {"case": "A-1"}}, texts.kept.__getitem__, ibis.duckdb.connect()
        )
