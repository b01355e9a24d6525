"""Words of affiliations: one form whatever the case, language and abbreviation."""

from __future__ import annotations

import pytest

from fourseas.affiliations.words import key, words


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("Univ. of Tokyo", "The University of Tokyo"),
        ("Universität Zürich", "University Zurich"),
        ("Natl. Inst. of Technol.", "National Institute of Technology"),
        ("St. Jude Children's Research Hospital", "Saint Jude Children\u2019s Res Hosp"),
        ("M.I.T.", "MIT"),
        ("Texas A&M University", "Texas A & M University"),
        ("Cisco Systems, Inc.", "Cisco Systems"),
        ("Huawei Technologies Co., Ltd.", "HUAWEI TECHNOLOGIES"),
        ("Universiteit Łódź", "University Lodz"),
    ],
)
def test_two_spellings_have_one_key(written: str, other: str) -> None:
    assert key(written) == key(other)


def test_the_order_of_words_tells_organizations_apart() -> None:
    assert key("University of Washington") != key("Washington University")


def test_parts_end_at_commas_and_segments_at_semicolons() -> None:
    found = [(w.plain, w.part, w.segment) for w in words("Univ Lima, Peru; <i>CERN</i>")]

    assert [plain for plain, _, _ in found] == ["university", "lima", "peru", "cern"]
    assert [segment for _, _, segment in found] == [0, 0, 0, 1]
    assert found[0][1] == found[1][1] < found[2][1] < found[3][1]


def test_addresses_of_mail_are_no_words() -> None:
    assert [word.plain for word in words("CERN someone@cern.ch")] == ["cern"]
