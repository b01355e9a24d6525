"""Legal forms of companies, as a build and as the independent count know them."""

from __future__ import annotations

import re

import ibis
import pytest

from fourseas.lake import second_opinion
from fourseas.schema.legal_forms import GENERIC, LAWS, OF_ANY_LAW, compared, law

RECORDS = second_opinion.statement("records")


def test_the_independent_count_knows_the_same_forms_of_the_same_laws_in_the_same_order() -> None:
    told = re.findall(r"^    \((\d+), '([A-Z]*)', '([a-z &,]+)'\)", RECORDS, flags=re.MULTILINE)
    by_law = [(code, forms) for _, code, forms in sorted(told, key=lambda row: int(row[0]))]

    of_any = {form for code, forms in by_law if not code for form in forms.split(",")}
    assert of_any == {*OF_ANY_LAW}
    assert [(code, tuple(forms.split(","))) for code, forms in by_law if code] == [
        (one.country_code, one.forms) for one in LAWS
    ]


def test_the_independent_count_knows_the_same_words_that_are_no_names() -> None:
    told = re.search(r"'(aerospace [^;]+?) wireless'", RECORDS)
    assert told is not None
    words = re.sub(r"'\s*\|\|\s*'", "", told[1] + " wireless").split()

    assert words == GENERIC


def test_a_form_is_of_one_law_alone() -> None:
    forms = [form for one in LAWS for form in one.forms]

    assert len(forms) == len({*forms, *OF_ANY_LAW}) - len(OF_ANY_LAW)


@pytest.mark.parametrize(
    ("name", "bare", "country_code"),
    [
        ("Reef Cables", "reef cables", None),
        ("Reef-Cables,  Inc.", "reef cables", "US"),
        ("Reef Cables Co., Ltd.", "reef cables", "GB"),
        ("Reef Cables Pvt. Ltd.", "reef cables", "IN"),
        ("Reef Cables GmbH & Co. KG", "reef cables", "DE"),
        ("Reef Cables Corporation and Company", "reef cables", "US"),
        ("Reef Cables & Co", "reef cables", None),
        ("Reef Cables Oy Ab", "reef cables", "FI"),
        ("Reef Cables S.p.A.", "reef cables", "IT"),
        ("Cafe\u0301 Ltd.", "cafe\u0301", "GB"),
        ("Networks, Inc.", "networks inc", None),
        ("R Corp.", "r corp", None),
        ("Inc.", "inc", None),
        ("Reefag", "reefag", None),
    ],
)
def test_a_name_is_compared_without_its_form_and_the_last_form_tells_the_law(
    name: str, bare: str, country_code: str | None
) -> None:
    con = ibis.duckdb.connect()
    told = con.execute(ibis.struct({"bare": compared(_text(name)), "law": law(_text(name))}))

    assert told == {"bare": bare, "law": country_code}


def _text(name: str) -> ibis.expr.types.StringValue:
    """Return a name as an engine reads it."""
    text = ibis.literal(name)
    assert isinstance(text, ibis.expr.types.StringValue)
    return text
