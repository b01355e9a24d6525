"""The page of the words: every word is on it, and every condition on it can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from fourseas.policy.grammar import all_nodes
from fourseas.policy.json_schema import policy_schema
from fourseas.policy.reference import JOINED, TESTED, vocabulary_page
from fourseas.policy.vocabulary import LEVELS, MEANINGS, OBLIGATIONS
from tests.policy.documents import Doc, policy, rule
from tests.policy.test_operators import words_of_schema

PAGE = vocabulary_page()
WRITTEN = [
    written
    for rows in (JOINED, *TESTED.values())
    for row in rows
    for written in re.findall(r"`([^`]+: [^`]+)`", row[0])
    if not written.startswith("{")
]
ELSEWHERE = {"country": "any_party", "organization": "any_party", "consent_codes": "any_data"}
KINDS = {"topics": "topic", "funders": "organization", "country": "country"}


def test_every_outcome_obligation_fact_and_word_is_on_the_page() -> None:
    words = [*MEANINGS, *OBLIGATIONS]
    for level in LEVELS.values():
        for fact in level.facts:
            words += [level.plural if fact.name == "value" else fact.name, *fact.words]
            assert fact.meaning in PAGE

    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_editors_and_readers_have_what_policies_are_held_against() -> None:
    docs = Path(__file__).parents[2] / "docs"

    assert json.loads((docs / "policy.schema.json").read_text(encoding="utf-8")) == policy_schema()
    assert (docs / "policy-vocabulary.md").read_text(encoding="utf-8") == vocabulary_page()


def test_every_operator_is_on_the_page() -> None:
    operators = {word if isinstance(word, str) else word[1] for word in words_of_schema()}

    assert [word for word in operators if not re.search(rf"\b{word}(:|_|`)", PAGE)] == []


@pytest.mark.parametrize("written", WRITTEN)
def test_a_condition_of_the_page_can_be_read(written: str) -> None:
    when: Doc = YAML(typ="safe", pure=True).load(written.replace("...", "{not: {exists: data}}"))
    ((word, inner),) = when.items()
    if inner == {"not": {"exists": "data"}} and word.startswith(("any_p", "all_p")):
        when = {word: {"role": "lead"}}
    if word in {"count_ge", "share_ge"} and "where" in inner:
        inner["where"] = {"role": "lead"}
    if word in {"all_of", "any_of"}:
        when = {word: [{"trl": 4}]}
    if word == "period":
        when = {"any_person": {"any_tie": when}}
    if word in ELSEWHERE:
        when = {ELSEWHERE[word]: when}
    kind = KINDS.get(word, "organization")
    lists = {"my-list": {"of": kind, "source": "s", "dated": "2024-01-01"}}
    said = policy(rule(when=_dates_as_text(when)), lists=lists if "my-list" in written else {})

    assert list(all_nodes(said.rules[0].when))


def _dates_as_text(node: object) -> object:
    if isinstance(node, dict):
        return {key: _dates_as_text(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_dates_as_text(one) for one in node]
    return node if isinstance(node, bool | int | float | str) else str(node)
