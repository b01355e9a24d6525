"""Persons are taken out of what is chained, wherever they stand, and put back."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fourseas.errors import AuditError
from fourseas.lake import sealing
from fourseas.lake.chain import Json, JsonMapping, canonical
from fourseas.lake.sealing import SEAL, Keeping
from tests.lake.test_chain import BODIES

KEEPING = Keeping(purpose="test", expires_on="2030-01-01")


def chained(body: JsonMapping, known: tuple[str, ...] = ()) -> str:
    """Return what of a body goes into the chain."""
    taken_out = sealing.seal(body, KEEPING, seq=1, known=known)
    entries = {entry.seal: entry for entry in taken_out.entries}
    assert sealing.restore(taken_out.body, entries) == (body, ())
    assert all(entry.holds() for entry in taken_out.entries)
    return json.dumps(taken_out.body)


@pytest.mark.parametrize(
    "body",
    [
        {"by": "Zoe Example"},
        {"by": {"name": "Zoe Example", "role": "dean"}},
        {"facts": {"people": [{"label": "PI", "name": "Zoe Example"}]}},
        {"facts": {"people": {"name": "Zoe Example"}}},
        {"facts": {"people/0/name": "Zoe Example"}},
        {"facts": {"parties": [{"contact": "Zoe Example"}]}},
        {"facts": [{"path": "people/0/name", "value": "Zoe Example"}]},
        {"facts": [{"about": "tie 1 of person 2", "value": "Zoe Example"}]},
        {"questions": ["person 1 (Zoe Example): role?"]},
        {"reason": "Write to zoe.Zoe@example.org."},
        {"reason": "Zoe is 0000-0002-1825-009X there"},
        {"reason": "ZOE EXAMPLE asked for it.", "by": {"name": "Zoe Example"}},
        {"rules": [{"text": "as (Zoe Example) said"}], "by": "Zoe Example"},
        {"source": "form of Zoe Example", "people": [{"label": "Zoe Example", "role": "lead"}]},
        {"source": "form of Prof. Zoelke", "people": [{"label": "Anna Zoelke"}]},
        {"source": "form_zoe_example.pdf", "people": [{"name": "zoe_example"}]},
    ],
)
def test_no_person_is_chained(body: JsonMapping) -> None:
    assert "zoe" not in chained(body).casefold()


@pytest.mark.parametrize(
    "body",
    [
        {"by": None, "people": [], "person": "unknown", "facts": {"people": "none"}},
        {"obligations": [{"kind": "attest", "by": "each named researcher"}]},
        {"facts": {"parties": [{"organization": "invented:alpha", "role": "lead"}]}},
        {"possible_obligations": [{"kind": "attest", "by": "each named researcher"}]},
        {"facts": {"data": [{"kind": "personal"}]}, "text": "A person has to look."},
        {"rules": ["strac-1"], "interval": {"at_least": "open", "at_most": "closed"}},
    ],
)
def test_what_is_about_nobody_stays(body: JsonMapping) -> None:
    assert chained(body) == json.dumps(body)


def test_each_of_several_persons_has_a_seal_of_its_own() -> None:
    body: JsonMapping = {"people": [{"name": "Zoe Example"}, {"name": "Bo Example"}]}
    taken_out = sealing.seal(body, KEEPING, seq=1)
    zoe, bo = taken_out.entries

    assert [zoe.content, bo.content] == body["people"]
    assert sealing.restore(taken_out.body, {bo.seal: bo}) == (
        {"people": [{SEAL: zoe.seal}, {"name": "Bo Example"}]},
        ("/people/0",),
    )
    assert [*sealing.seals(taken_out.body)] == [zoe.seal, bo.seal]


def test_a_known_name_is_taken_out_of_text_that_does_not_mark_it() -> None:
    assert "Bo" not in chained({"reason": "Bo Example was against it."}, known=("Bo Example",))
    assert "open" in chained({"reason": "open"}, known=("pen", "ope"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("李明", "由李明签署"),  # this script parts no words
        ("田中さくら", "署名:田中さくら"),
        ("Zo\u00eb Fran\u00e7ois", "Zoe\u0308 Franc\u0327ois signed"),  # letters in two pieces
        ("Zoe O'Neill-Example", "asked Neill for it"),
    ],
)
def test_names_are_found_in_any_script_and_composition(name: str, text: str) -> None:
    found = chained({"people": [{"label": name}], "text": text})

    assert text not in json.loads(found).values()


def test_what_a_person_is_called_by_a_role_is_no_name() -> None:
    body: JsonMapping = {"text": "the lead signs", "people": [{"label": "lead"}, {"label": "pi"}]}

    assert json.loads(chained(body))["text"] == "the lead signs"


def test_what_a_tie_of_a_person_is_called_names_no_person() -> None:
    tied: Json = {"label": "Zoe Example", "ties": [{"label": "Cape University"}]}
    body: JsonMapping = {"text": "A University decides.", "people": [tied]}

    assert json.loads(chained(body))["text"] == "A University decides."


@pytest.mark.parametrize("key", ["reason", "evidence", "override"])
@pytest.mark.parametrize("text", ["statement_weber.pdf", "weber left in May", "Weber"])
def test_a_part_of_a_known_name_is_taken_out_of_what_people_write(key: str, text: str) -> None:
    assert text not in chained({key: text}, known=("Anna Weber",))
    assert text in chained({key: text}, known=("Ann Weberling",))


def test_a_key_that_seals_are_known_by_is_refused() -> None:
    with pytest.raises(AuditError, match=r"`\$sealed` begins with \$"):
        sealing.seal({"facts": [{"$sealed": "0" * 64}]}, KEEPING, seq=1)


@given(BODIES)
def test_what_is_sealed_comes_back(body: JsonMapping) -> None:
    if "$" not in canonical(body).decode():
        chained({"people": body, "rest": body})


LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))
NAMES = st.text(LETTERS, min_size=4, max_size=12).map(lambda name: f"{name} Example")
AROUND = st.text(st.characters(categories=("Po", "Nd", "Zs", "Sm")), max_size=8)


@given(NAMES, st.tuples(AROUND, AROUND), BODIES)
def test_a_name_that_is_marked_once_is_nowhere_in_the_chain(
    name: str, around: tuple[str, str], body: JsonMapping
) -> None:
    assume("$" not in canonical(body).decode())
    text = f"{around[0]} {name}, {around[1]}"
    texts: list[Json] = [text, {"deep": [text]}]
    whole: JsonMapping = {"rest": body, "texts": texts, "people": [{"label": name}]}
    assume(name not in canonical(body).decode())

    assert name not in canonical(sealing.seal(whole, KEEPING, seq=1).body).decode()
    chained(whole)


@given(st.text(), st.text())
def test_a_seal_fits_its_content_alone(one: str, other: str) -> None:
    salt = "00" * 32
    same = sealing.sealed(salt, one, KEEPING) == sealing.sealed(salt, other, KEEPING)

    assert same == (one == other)


def test_a_long_text_is_searched_in_little_time() -> None:
    texts: list[Json] = ["x" * 1_000_000, "x@" * 300_000, "0000-" * 200_000, "person " * 100_000]
    began = perf_counter()
    chained({"texts": texts})

    assert perf_counter() - began < 5
