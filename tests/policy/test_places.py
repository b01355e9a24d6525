"""Texts of YAML: what is read, what is refused, and where it stands."""

from __future__ import annotations

import itertools
from typing import cast

import pytest

from fourseas.errors import PolicyError
from fourseas.policy.places import MOST_SIGNS, Place, offer, read_yaml


def _fault(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read_yaml(text, "rules.yaml")
    return caught.value.problem


def test_every_value_knows_its_line_and_column() -> None:
    document = read_yaml("a: 1\nb:\n  - c: x\n  - d: [y, z]\n", "rules.yaml")

    assert document.root == {"a": 1, "b": [{"c": "x"}, {"d": ["y", "z"]}]}
    assert document.place(("b", 1, "d")) == Place(4, 5)
    assert document.place(("b", 1, "d", 1)) == Place(4, 12)
    assert document.place(("b", 1, "nowhere")) == Place(4, 5)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("true", True),
        ("'true'", "true"),
        ("2024-02-30", "2024-02-30"),
        ("07", 7),
        ("'07'", "07"),
        ("1.5e2", 150.0),
        ("-3", -3),
        ("~", None),
        ("", None),
        ("NO", "NO"),
    ],
)
def test_words_dates_and_codes_stay_text(written: str, value: object) -> None:
    assert read_yaml(f"a: {written}", "rules.yaml").root == {"a": value}


def test_the_country_code_of_norway_is_no_falsehood_in_yaml_1_1_either() -> None:
    assert read_yaml("%YAML 1.1\n---\na: NO", "rules.yaml").root == {"a": "NO"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3", "line 3, column 1: The key `a` is given twice, first at line 1"),
        ("a: !!python/object:os.system x", "line 1, column 4: The tag"),
        ("a: !wrong {b: 1}", "line 1, column 4: The tag `!wrong` is not used here."),
        ("a: !!set {x}", "is not used here"),
        ("a: &x {b: 1}\nc: {<<: *x}", "line 2, column 5: A key is a word"),
        ("? [a]\n: b", "line 1, column 3: A key is a word"),
        ("a: .nan", "`.nan` is no number. Write a number."),
        ("a: -.INF", "is no number"),
        ("a: 1e999", "is no number"),
        ("a: " + "9" * 5000, "`99999999999999999999` is no number"),
        (
            'a: "\\e[31mred"',
            "line 1, column 4: This text holds a sign that cannot be seen (U+001B)",
        ),
        ('a: "safe \\u202e evil"', "a sign that cannot be seen (U+202E)"),
        ("a: b: c", "Put quotes around a text that holds a colon."),
        ("a:\n\tb: c", "Indent with spaces, not with tabs."),
        ("a: [1, 2", "line 1, column 9: Expected"),
        ("a: *nothing", "line 1, column 4: Found undefined alias"),
        ("--- a\n--- b", "line 2, column 1: But found another document."),
        ("- " * 3000, "It is nested too deeply."),
        ("a: &a [*a]", "It holds over 200000 values, 10000 by alias, or itself."),
        ("a" * (MOST_SIGNS + 1), f"It is longer than {MOST_SIGNS} signs."),
    ],
)
def test_what_no_document_needs_is_told_with_its_place(text: str, told: str) -> None:
    problem = _fault(text)

    assert problem.startswith("rules.yaml: 1 problem.")
    assert told in problem


def test_a_bomb_of_aliases_is_refused() -> None:
    levels = "abcdefgh"
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{inner}'] * 8)}]\n"
        for inner, name in itertools.pairwise(levels)
    )

    assert "It holds over 200000 values" in _fault(bomb)


def test_an_alias_stands_for_what_it_names() -> None:
    document = read_yaml("a: &x {b: 1}\nc: *x\n", "rules.yaml")

    assert document.root == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("any_partie", "Did you mean `any_party`?"),
        ("organisation", "Did you mean `organization`?"),
        ("zzz", "Choose from: any_party, organization."),
    ],
)
def test_the_nearest_word_is_offered(word: str, told: str) -> None:
    assert offer(word, ["any_party", "organization"]) == told


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("[" * 200 + "]" * 200, True),
        ("[" * 201 + "]" * 201, False),
        ("{a: " * 101 + "[" * 100 + "]" * 100 + "}" * 101, False),
        ("[" + ", ".join(["[{}]"] * 300) + "]", True),
        ("]]]]", False),
        ("# " + "]" * 300 + "\na: " + "[" * 200 + "]" * 200, True),
        ("'" + "[" * 201 + "'", False),
    ],
)
def test_brackets_may_be_two_hundred_deep_and_as_many_beside_each_other_as_one_likes(
    text: str,
    is_read: bool,  # noqa: FBT001
) -> None:
    if is_read:
        assert read_yaml(text, "rules.yaml").root is not None
    else:
        assert "line 1, column" in _fault(text)


def test_a_text_may_be_half_a_million_signs_long() -> None:
    longest = "'" + "a" * 499_998 + "'"

    assert read_yaml(longest, "rules.yaml").root == "a" * 499_998
    assert "It is longer than 500000 signs." in _fault(longest + " ")


def test_aliases_may_bring_ten_thousand_values() -> None:
    def text(n: int) -> str:
        return f"a: &a [{'x, ' * 98}x]\nb: [{'*a, ' * n}]\n"

    assert len(cast("dict[str, list[object]]", read_yaml(text(100), "rules.yaml").root)["b"]) == 100
    assert "10000 by alias" in _fault(text(101))


def test_what_is_not_in_the_text_stands_at_its_beginning() -> None:
    assert read_yaml("", "rules.yaml").place(()) == Place(1, 1)
    assert read_yaml("", "rules.yaml").root is None
    assert str(Place(3, 5)) == "line 3, column 5"


def test_problems_are_told_from_top_to_bottom_each_once() -> None:
    problem = _fault("b: !x 1\na: .nan\nc: !y 2\n")

    assert problem.splitlines()[0] == "rules.yaml: 3 problems."
    assert [one.split(",")[0] for one in problem.splitlines()[1:]] == [
        "  line 1",
        "  line 2",
        "  line 3",
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("999999999999999", 999_999_999_999_999),
        ("1000000000000000", 1e15),
        ("+4", 4),
        (".5", 0.5),
        ("-1.", -1.0),
        ("1e3", 1000.0),
        ("'1'", "1"),
        ("|\n  1", "1"),
        ("TRUE", True),
        ("Null", None),
        ("2024-06-30", "2024-06-30"),
        ("a\u200db", "a\u200db"),
        ("a\u200cb", "a\u200cb"),
    ],
)
def test_numbers_are_numbers_and_joined_letters_are_letters(written: str, value: object) -> None:
    root = cast("dict[str, object]", read_yaml(f"a: {written}", "rules.yaml").root)

    assert root == {"a": value}
    assert type(root["a"]) is type(value)


@pytest.mark.parametrize(
    ("word", "known", "told"),
    [
        ("min", ["ge", "le"], "Did you mean `ge`?"),
        (" AND ", ["all_of", "any_of"], "Did you mean `all_of`?"),
        ("any", ["all_of", "any_of"], "Did you mean `any_of`?"),
        ("forbid", ["open", "closed"], "Did you mean `closed`?"),
        ("forbid", ["open"], "Choose from: open."),
        ("ANY-Party", ["any_party"], "Did you mean `any_party`?"),
        ("abcdefgxyz", ["abcdefghij"], "Did you mean `abcdefghij`?"),
        ("abcdefwxyz", ["abcdefghij"], "Did you mean `abcdefghij`?"),
        ("abcdevwxyz", ["abcdefghij"], "Choose from: abcdefghij."),
        ("trl", ["TRL", "trl"], "Did you mean `TRL`?"),
        ("anything", [], "There is none."),
    ],
)
def test_words_of_other_languages_and_near_ones_are_offered(
    word: str, known: list[str], told: str
) -> None:
    assert offer(word, known) == told
