"""Every check of the linter: a policy that it hits, and one that it only nearly does."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest

from fourseas.policy import lint as module
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.lint import Remark, lint, mirrors
from tests.policy.documents import SAID, Doc, declared, policy, rule

TODAY = dt.date(2025, 6, 1)
WEIGHED: Doc = {
    "proportionality": {
        "aim": "A.",
        "suitable": "S.",
        "least_restrictive_considered": "L.",
        "expected_cost_ref": "C.",
    },
    "reciprocity": {"mirror": "yes"},
}
SOUND: Doc = {
    "review_by": "2025-12-31",
    "cost_of_not_acting": "2024-01-01: none",
    "basis": "A law",
    "appeal": "To the board",
}
"""What a policy needs so that nothing is remarked of it as a whole."""

PLACES = {"list": "places", "of": "country"}
IN_PLACES = {"any_party": {"country": {"in_list": "places"}}}


def _sound(*rules: Doc, **more: object) -> Policy:
    """Return a policy with these rules; what is None is left out."""
    said = {**SOUND, **more}
    return policy(*rules, **{key: value for key, value in said.items() if value is not None})


def _rule(rule_id: str = "one", decision: str = "review", /, **more: object) -> Doc:
    said = {**rule(rule_id, decision), **WEIGHED, **more}
    return {key: value for key, value in said.items() if value is not None}


def _weighed(*left_out: str) -> Doc:
    weighed = WEIGHED["proportionality"]
    return {key: value for key, value in weighed.items() if key not in left_out}


def _of_tie(**facts: object) -> Policy:
    country = {"country": {"in_list": "places"}}
    when = {"any_person": {"any_tie": [country, *({key: one} for key, one in facts.items())]}}
    return _sound(_rule(when=[when, {"trl": 4}]), lists=declared(PLACES))


def _list_of(kind: str, name: str, title: str = "A list", dated: str = "2024-01-01") -> Policy:
    word = "in_list" if kind in {"country", "organization"} else "intersects"
    asked = {kind: {word: name}} if word == "in_list" else {f"{kind}s": {word: name}}
    when = [{"any_party": asked}] if word == "in_list" else [asked]
    entry = {"of": kind, "title": title, **SAID, "dated": dated}
    return _sound(_rule(when=[*when, {"trl": 4}]), lists={name: entry})


def _exclusive(second: Doc, /, **more: object) -> Policy:
    return _sound(_rule(when=[{"trl": {"ge": 5}}, second], **more))


def _two(first: Doc, second: Doc) -> Policy:
    return _sound(_rule("narrow", **first), _rule("wide", "closed", **second))


DUTY: Doc = {"kind": "attest", "text": "A.", "by": "lead"}
OUT = {"activity": "data_sharing_in"}
SMALL = {"id": "small", "text": "Small.", "basis": "A law"}

PAIRS: dict[str, tuple[str, str, Policy, Policy]] = {
    "no day of review": (
        "warning",
        "review",
        _sound(_rule(), review_by=None),
        _sound(_rule(review_by="2025-06-30"), review_by=None),
    ),
    "review after more than two years": (
        "warning",
        "review",
        _sound(_rule(), review_by="2026-01-02"),
        _sound(_rule(), review_by="2026-01-01"),
    ),
    "review overdue": (
        "warning",
        "review",
        _sound(_rule(), review_by="2025-05-31"),
        _sound(_rule(), review_by="2025-06-01"),
    ),
    "expired": (
        "warning",
        "expired",
        _sound(_rule(), expires="2025-05-31"),
        _sound(_rule(), expires="2025-06-01"),
    ),
    "no cost of not acting": (
        "warning",
        "cost",
        _sound(_rule(), cost_of_not_acting=None),
        _sound(_rule()),
    ),
    "a list of countries by nationality": (
        "error",
        "ground",
        _list_of("country", "places", "Nationals who need a visa"),
        _list_of("country", "places", "Nations that signed"),
    ),
    "a list of countries by birthplace": (
        "error",
        "ground",
        _list_of("country", "countries-of-birth"),
        _list_of("topic", "natural-language-processing"),
    ),
    "an old list": (
        "warning",
        "old-list",
        _list_of("country", "places", dated="2023-05-31"),
        _list_of("country", "places", dated="2023-06-01"),
    ),
    "closed without basis": (
        "error",
        "basis",
        _sound(_rule("one", "closed"), basis=None),
        _sound(_rule("one", "review"), basis=None),
    ),
    "closed with the basis of the rule": (
        "error",
        "basis",
        _sound(_rule("one", "closed"), basis=None),
        _sound(_rule("one", "closed", basis="A law"), basis=None),
    ),
    "closed without appeal": (
        "error",
        "appeal",
        _sound(_rule("one", "closed"), appeal=None),
        _sound(_rule("one", "closed", appeal="To the board"), appeal=None),
    ),
    "not weighed": (
        "warning",
        "proportionality",
        _sound(_rule(proportionality=_weighed("aim"))),
        _sound(_rule("one", "open_with_conditions", proportionality=_weighed("aim"))),
    ),
    "mirror not spoken of": (
        "warning",
        "mirror",
        _sound(_rule(reciprocity=None)),
        _sound(_rule(reciprocity={"mirror": "no"})),
    ),
    "mirror closes what the owner sends out": (
        "warning",
        "mirror",
        _sound(_rule("one", "closed", when=OUT)),
        _sound(_rule("one", "review", when=OUT)),
    ),
    "mirror of what the owner sends out itself": (
        "warning",
        "mirror",
        _sound(_rule("one", "closed", when=OUT)),
        _sound(_rule("one", "closed", when={"activity": "data_sharing_out"})),
    ),
    "conditions that exclude each other": (
        "error",
        "never",
        _exclusive({"trl": {"lt": 5}}),
        _exclusive({"trl": {"le": 5}}),
    ),
    "above the greatest value": (
        "error",
        "never",
        _exclusive({"trl": {"gt": 9}}),
        _exclusive({"trl": {"gt": 8.5}}),
    ),
    "excluded by an exemption": (
        "error",
        "never",
        _exclusive({"trl": 6}, **{"except": [{**SMALL, "when": {"trl": {"ge": 6}}}]}),
        _exclusive({"trl": 6}, **{"except": [{**SMALL, "when": {"trl": {"gt": 6}}}]}),
    ),
    "begins after the policy has expired": (
        "error",
        "never",
        _sound(_rule(valid_from="2026-01-02"), expires="2026-01-01"),
        _sound(_rule(valid_from="2026-01-01"), expires="2026-01-01"),
    ),
    "never decides": (
        "warning",
        "shadowed",
        _two({"when": {"trl": {"ge": 6}}}, {"when": {"trl": {"ge": 5}}}),
        _two({"when": {"trl": {"ge": 4}}}, {"when": {"trl": {"ge": 5}}}),
    ),
    "never decides, over rows": (
        "warning",
        "shadowed",
        _two(
            {"when": {"any_party": [{"role": "lead"}, {"sector": "company"}]}},
            {"when": {"any_party": {"sector": "company"}}},
        ),
        _two(
            {"when": {"any_party": {"sector": "company"}}},
            {"when": {"any_party": [{"role": "lead"}, {"sector": "company"}]}},
        ),
    ),
    "decides when the stricter rule has expired": (
        "warning",
        "shadowed",
        _two({"expires": "2025-12-31"}, {"expires": "2025-12-31"}),
        _two({"expires": "2026-12-31"}, {"expires": "2025-12-31"}),
    ),
    "a country whatever the work is about": (
        "warning",
        "blanket",
        _sound(_rule(when=IN_PLACES), lists=declared(PLACES)),
        _sound(_rule(when=[IN_PLACES, {"any_data": {"kind": "health"}}]), lists=declared(PLACES)),
    ),
    "ties by country at any time": (
        "error",
        "ground",
        _of_tie(kind="funding"),
        _of_tie(kind="funding", period="current"),
    ),
    "ties by country within eleven years": (
        "error",
        "ground",
        _of_tie(kind="funding", period={"overlaps_period": {"years": 11}}),
        _of_tie(kind="funding", period={"overlaps_period": {"years": 10}}),
    ),
    "ties by country between days that hold a lifetime": (
        "error",
        "ground",
        _of_tie(kind="funding", period={"overlaps_period": {"from": "1950-01-01"}}),
        _of_tie(kind="funding", period={"overlaps_period": {"from": "2020-01-01"}}),
    ),
    "ties by country until a day": (
        "error",
        "ground",
        _of_tie(kind="funding", period={"overlaps_period": {"to": "2024-12-31"}}),
        _of_tie(
            kind="funding",
            period={"overlaps_period": {"from": "2020-01-01", "to": "2024-12-31"}},
        ),
    ),
    "ties by country a day further back than ten years": (
        "error",
        "ground",
        _of_tie(kind="funding", period={"overlaps_period": {"from": "2013-12-31"}}),
        _of_tie(kind="funding", period={"overlaps_period": {"from": "2014-01-01"}}),
    ),
    "ties by country over more than ten years": (
        "error",
        "ground",
        _of_tie(
            kind="funding",
            period={"overlaps_period": {"from": "2010-06-29", "to": "2020-06-30"}},
        ),
        _of_tie(
            kind="funding",
            period={"overlaps_period": {"from": "2010-06-30", "to": "2020-06-30"}},
        ),
    ),
    "two rules that are the same": (
        "warning",
        "shadowed",
        _sound(_rule("a", when={"trl": 4}), _rule("b", when={"trl": {"ge": 4, "le": 4}})),
        _sound(_rule("a", when={"trl": 4}), _rule("b", when={"trl": 5})),
    ),
    "a rule in the shadow of a stricter one before it": (
        "warning",
        "shadowed",
        _sound(_rule("wide", "closed"), _rule("narrow", "review", when={"trl": 4})),
        _sound(_rule("wide", "review"), _rule("narrow", "closed", when={"trl": 4})),
    ),
    "a controlling country whatever the work is about": (
        "warning",
        "blanket",
        _sound(
            _rule(when={"any_party": {"control_country": {"in_list": "places"}}}),
            lists=declared(PLACES),
        ),
        _sound(
            _rule("one", "open", when={"any_party": {"control_country": {"in_list": "places"}}}),
            lists=declared(PLACES),
        ),
    ),
    "a country of works about nothing said": (
        "warning",
        "blanket",
        _sound(_rule(when=[IN_PLACES, {"activity": "visit"}]), lists=declared(PLACES)),
        _sound(
            _rule(when=IN_PLACES), lists=declared(PLACES), scope={"document_present": "agreement"}
        ),
    ),
    "not weighed against anything milder": (
        "warning",
        "proportionality",
        _sound(_rule(proportionality=_weighed("least_restrictive_considered", "suitable"))),
        _sound(_rule()),
    ),
    "ties by country of any kind": (
        "error",
        "ground",
        _of_tie(period="current"),
        _of_tie(period="current", kind=["funding", "appointment"]),
    ),
    "an obligation without a day": (
        "warning",
        "no-day",
        _sound(_rule(obligations=[DUTY])),
        _sound(_rule(obligations=[{**DUTY, "due": {"days": 0, "after": "date"}}])),
    ),
}


def _remarks(of: Policy, code: str) -> list[Remark]:
    return [one for one in lint(of, TODAY) if one.code == code]


@pytest.mark.parametrize("name", PAIRS)
def test_a_check_hits_and_nearly_hits(name: str) -> None:
    severity, code, hit, near = PAIRS[name]

    assert [one.severity for one in _remarks(hit, code)] == [severity]
    assert _remarks(near, code) == []


def test_every_check_has_a_pair() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {"_of", "_at", "_error", "_warning"}
    texts = {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in names
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    codes = {text for text in texts if text.replace("-", "").islower() and " " not in text}

    assert codes - {"error", "warning"} == {code for _, code, _, _ in PAIRS.values()}


def test_a_sound_policy_has_no_remark() -> None:
    assert lint(_sound(_rule()), TODAY) == ()


def test_errors_come_first_and_every_remark_says_where_and_what_to_do() -> None:
    remarks = lint(policy(rule(decision="closed"), rule("two", obligations=[DUTY])), TODAY)

    severities = [one.severity for one in remarks]
    assert severities == sorted(severities)
    assert {"error", "warning"} == {*severities}
    assert all(one.place.line >= 1 and one.problem and one.remedy for one in remarks)


def test_the_linter_shows_the_mirror_of_every_rule() -> None:
    of = _sound(_rule("a", when=OUT), _rule("b"))

    assert [rule_id for rule_id, _ in mirrors(of)] == ["a", "b"]


def test_what_is_not_weighed_is_named_and_the_shadow_is_the_first_that_falls() -> None:
    unweighed = _sound(_rule(proportionality=_weighed("aim", "expected_cost_ref")))
    twins = _sound(_rule("a"), _rule("b"), _rule("c", "closed"))

    (told,) = _remarks(unweighed, "proportionality")
    assert told.problem == "It does not say why nothing milder will do: aim, expected_cost_ref."
    assert [(one.rule_id, one.problem) for one in _remarks(twins, "shadowed")] == [
        ("a", "It never decides: wherever it holds, `c` (closed) holds too."),
        ("b", "It never decides: wherever it holds, `a` (review) holds too."),
    ]


def test_remarks_stand_where_their_cause_is_written() -> None:
    text = """policy: small
title: A small policy
owner: The office
version: 1
valid_from: 2024-01-01
lists:
  births: {of: country, title: Countries of birth, source: invented, dated: 2020-01-01}
rules:
  - id: one
    text: One.
    decision: review
    when:
      any_party: {country: {in_list: births}}
"""
    places = {one.code: one.place.line for one in lint(read_policy(text), TODAY)}

    assert places == {
        "ground": 7,
        "old-list": 7,
        "review": 1,
        "cost": 1,
        "proportionality": 9,
        "mirror": 9,
        "blanket": 13,
    }
