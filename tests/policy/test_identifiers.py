"""Ids in one spelling, and the nearest for a slip."""

from __future__ import annotations

import gzip
import json
import re
from importlib import resources

import pytest

from fourseas.policy.identifiers import UnknownIdError, identifier

TOPICS = {"T10001": "Geological Analysis", "T10682": "Quantum Computing Algorithms"}
COUNTRIES = {"DE": "Germany", "ID": "Indonesia", "KE": "Kenya"}


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("country", "DE", "DE"),
        ("country", "XK", "XK"),
        ("country", "XA", "XA"),
        ("organization", "https://ror.org/02nr0ka47", "02nr0ka47"),
        ("organization", "ROR.org/02NR0KA47", "02nr0ka47"),
        ("organization", "invented:ash-university", "invented:ash-university"),
        ("topic", "https://openalex.org/t10001", "T10001"),
        ("field", "fields/17", "17"),
    ],
)
def test_an_id_has_one_spelling(kind: str, written: str, meant: str) -> None:
    assert identifier(kind, written) == meant


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        ("country", "UK", "Did you mean GB?"),
        ("country", "EL", "Did you mean GR?"),
        ("country", "de", "Did you mean DE?"),
        ("country", "Germany", "Did you mean DE (Germany)?"),
        ("country", "Germny", "Did you mean DE (Germany)?"),
        ("country", "none", "`none` is no country code. Write two capital letters"),
        ("country", "SU", "Write two capital letters of ISO 3166-1."),
        ("organization", "02nr0ka48", "its last two digits do not fit"),
        ("organization", "Ash University", "Write a ROR id such as 02nr0ka47."),
        ("topic", "T1000", "Did you mean T10001 (Geological Analysis)?"),
        ("topic", "quantum computing", "Did you mean T10682 (Quantum Computing Algorithms)?"),
        ("topic", "T10683", "Did you mean T10682 (Quantum Computing Algorithms)?"),
        ("field", "physics", "the two digits of an OpenAlex field"),
        ("topic", "invented:", "is no id of the kind topic"),
    ],
)
def test_a_slip_is_told_with_the_nearest(kind: str, written: str, told: str) -> None:
    known = {"topic": TOPICS, "country": COUNTRIES}.get(kind)

    with pytest.raises(UnknownIdError, match=re.escape(told)):
        identifier(kind, written, known)


def test_ror_ids_of_real_works_keep_their_check_and_no_id_with_one_other_sign_does() -> None:
    works = resources.files("fourseas") / "embedded" / "openalex" / "works.jsonl.gz"
    text = gzip.decompress(works.read_bytes()).decode()
    ids = {
        institution["ror"]
        for line in text.splitlines()
        for authorship in json.loads(line).get("authorships", [])
        for institution in authorship["institutions"]
        if institution.get("ror")
    }

    assert len(ids) > 500
    for written in sorted(ids)[:300]:
        bare = identifier("organization", written)
        assert written.endswith(bare)
        for place in range(1, 7):
            other = "2" if bare[place] != "2" else "3"
            with pytest.raises(UnknownIdError):
                identifier("organization", bare[:place] + other + bare[place + 1 :])


@pytest.mark.parametrize(
    ("kind", "written", "known"),
    [
        ("topic", "T10682", TOPICS),
        ("country", "KE", COUNTRIES),
        ("country", "US", COUNTRIES),
        ("topic", "T99999", None),
        ("field", " 17 ", {"17": "Computer Science"}),
    ],
)
def test_what_is_known_stays_as_it_is(
    kind: str, written: str, known: dict[str, str] | None
) -> None:
    assert identifier(kind, written, known) == written.strip()


@pytest.mark.parametrize(
    ("kind", "written", "known", "told"),
    [
        (
            "field",
            "99",
            {"17": "Computer Science"},
            "`99` is not known as field. Look it up again.",
        ),
        ("topic", "T77777", {"T10001": "Rocks"}, "is not known as topic. Look it up again."),
        # A name that begins a word is meant before one that is alike, the shortest first.
        ("topic", "optic", {"T1": "Fiber Optics", "T2": "Optics", "T3": "Topic"}, "T2 (Optics)?"),
        ("topic", "tics", {"T1": "Fiber Optics", "T2": "Ticks"}, "Did you mean T2 (Ticks)?"),
        ("topic", "x", {"T1": "Optics"}, "Write a topic such as T10001."),
    ],
)
def test_a_word_is_held_against_names_and_a_slip_against_ids(
    kind: str, written: str, known: dict[str, str], told: str
) -> None:
    with pytest.raises(UnknownIdError, match=re.escape(told)):
        identifier(kind, written, known)


@pytest.mark.parametrize(
    ("ror_id", "is_one"),
    [
        # Carnegie Mellon, CERN and the French CNRS as ROR prints them; check digits exchanged.
        ("05x2bcf33", True),
        ("01ggx4157", True),
        ("02feahw73", True),
        ("05x2bcf34", False),
        ("01ggx4175", False),
        ("02feahw37", False),
        ("12feahw73", False),
        ("02feahw7", False),
    ],
)
def test_ids_that_ror_prints_keep_their_check(ror_id: str, is_one: bool) -> None:  # noqa: FBT001
    if is_one:
        assert identifier("organization", ror_id) == ror_id
    else:
        with pytest.raises(UnknownIdError):
            identifier("organization", ror_id)
