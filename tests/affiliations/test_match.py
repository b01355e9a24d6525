"""`candidates` over a few organizations made by hand, each a case that is easily got wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fourseas.affiliations.countries import gazetteer
from fourseas.affiliations.directory import Organization, directory
from fourseas.affiliations.match import Candidate, candidates

WORLD = gazetteer(
    [("Belgium", "BE"), ("France", "FR"), ("Philippines", "PH"), ("United States", "US")]
)


def organization(
    ror_id: str, name: str, place: str, *names: str, kind: str = "education", n_parts: int = 0
) -> Organization:
    """Return an organization at a place written `City, CC`."""
    city, country_code = place.split(", ")
    return Organization(
        ror_id=ror_id,
        name=name,
        names=names,
        country_code=country_code,
        city=city,
        kind=kind,
        status="withdrawn" if ror_id.endswith("99") else "active",
        n_parts=n_parts,
    )


KNOWN = directory(
    [
        organization("00aaaaa01", "University of Antwerp", "Antwerp, BE", "Universiteit Antwerpen"),
        organization("00aaaaa02", "Northwestern University", "Evanston, US"),
        organization("00aaaaa03", "Northwestern University", "Laoag, PH"),
        organization(
            "00aaaaa04", "University of California, Los Angeles", "Los Angeles, US", "UCLA"
        ),
        organization(
            "00aaaaa05",
            "University of California System",
            "Oakland, US",
            "University of California",
        ),
        organization("00aaaaa06", "Institut Pasteur", "Paris, FR", kind="facility"),
        organization("00aaaaa07", "Sorbonne Université", "Paris, FR", "Sorbonne University"),
        organization("00aaaaa08", "United States Army", "Arlington, US", "USA", kind="government"),
        organization("00aaaaa99", "Université Antwerp", "Antwerp, BE"),
        organization("00aaaaa09", "Example Networks (United States)", "Boston, US", kind="company"),
        *(
            organization(f"00bbbbb{n:02}", f"{town} University of Medicine", f"{town}, US")
            for n, town in enumerate(("Akron", "Boise", "Dover", "Salem", "Tulsa", "Utica"))
        ),
    ]
)


def found(text: str, country_code: str | None = None) -> tuple[Candidate, ...]:
    return candidates(text, KNOWN, WORLD, country_code=country_code)


def named(text: str, country_code: str | None = None) -> set[str]:
    return {one.ror_id for one in found(text, country_code) if one.is_named}


@pytest.mark.parametrize(
    ("text", "ror_id"),
    [
        ("Dept. of Biomedical Sciences, Univ. Antwerp", "00aaaaa01"),
        ("Universiteit Antwerpen, 2000 Antwerpen, Belgium", "00aaaaa01"),
        ("ANTWERP UNIVERSITY", "00aaaaa01"),
        ("Department of Chemistry, University of California, Los Angeles", "00aaaaa04"),
        ("UCLA, Los Angeles, CA 90095, USA", "00aaaaa04"),
        ("Virus Unit, Institut Pasteur, Paris, France", "00aaaaa06"),
    ],
)
def test_a_text_names(text: str, ror_id: str) -> None:
    assert named(text) == {ror_id}


def test_a_letter_too_many_is_forgiven_where_much_else_agrees() -> None:
    (first, *_) = found("Universitty of Antwerpp, Antwerp, Belgium")

    assert first.ror_id == "00aaaaa01"
    assert "is like its name" in first.reason


@pytest.mark.parametrize(
    "text", ["", "   ", "the moon", "Department of Physics", "Antwerp", "\ufffd\x00", ";;;,,,"]
)
def test_a_text_that_names_nobody_has_none(text: str) -> None:
    assert named(text) == set()


def test_of_two_organizations_of_one_name_neither_is_picked_silently() -> None:
    both = found("Northwestern University")

    assert [one.ror_id for one in both] == ["00aaaaa02", "00aaaaa03"]
    assert not any(one.is_named for one in both)
    assert all("another organization bears the name" in one.reason for one in both)


def test_the_country_tells_them_apart_from_the_text_or_the_source() -> None:
    assert named("Northwestern University, Laoag, Philippines") == {"00aaaaa03"}
    assert named("Northwestern University", "US") == {"00aaaaa02"}


def test_several_organizations_of_one_text_are_all_named() -> None:
    text = "University of Antwerp, Belgium; Northwestern University, Evanston, USA"

    assert named(text) == {"00aaaaa01", "00aaaaa02"}


def test_the_branch_of_a_company_is_not_that_of_another_country() -> None:
    assert named("Example Networks, Inc., Boston, USA") == {"00aaaaa09"}
    assert named("Example Networks GmbH", "BE") == set()
    assert "branch of a company" in found("Example Networks GmbH", "BE")[0].reason


def test_the_name_of_the_country_is_not_the_army() -> None:
    assert "00aaaaa08" not in {one.ror_id for one in found("Evanston, USA")}


def test_an_id_in_the_text_is_taken_before_any_name() -> None:
    (given,) = found("Institut Pasteur, https://ror.org/00aaaaa07")

    assert (given.ror_id, given.score, given.reason) == (
        "00aaaaa07",
        1.0,
        "the text gives its ROR id",
    )


def test_an_id_that_nobody_has_is_no_answer() -> None:
    assert named("Institut Pasteur, Paris, France, ror.org/00zzzzz00") == {"00aaaaa06"}


def test_a_withdrawn_organization_is_never_found() -> None:
    assert "00aaaaa99" not in {one.ror_id for one in found("Université Antwerp, Belgium")}


def test_the_order_of_the_register_does_not_matter() -> None:
    other = directory([entry.organization for entry in reversed(KNOWN.entries)])
    text = "Institut Pasteur and Sorbonne University, Paris; Univ Antwerp"

    assert candidates(text, other, WORLD) == found(text)


IN_USE = directory(
    [
        organization("00ccccc01", "Washington University in St. Louis", "St Louis, US"),
        organization("00ccccc02", "University of Washington", "Seattle, US", n_parts=9),
        organization("00ccccc03", "Yale University", "New Haven, US"),
        organization("00ccccc04", "Aurel Vlaicu University of Arad", "Arad, RO"),
        organization("00ccccc05", "University of Ulster Coleraine", "Coleraine, GB"),
        organization("00ccccc06", "University of Ulster Derry", "Derry, GB"),
        organization("00ccccc07", "Example College London", "London, GB"),
        organization("00ccccc08", "Example College", "Bath, GB"),
    ]
)


@pytest.mark.parametrize(
    ("text", "ror_id"),
    [
        ("Department of Biology, Washington University", "00ccccc01"),
        ("Department of Genetics, Yale School of Medicine", "00ccccc03"),
        ("Yale Law School", "00ccccc03"),
        ("Faculty of Arts, University of Arad", "00ccccc04"),
    ],
)
def test_what_an_organization_is_called_in_use_is_met_and_told(text: str, ror_id: str) -> None:
    by_id = {one.ror_id: one for one in candidates(text, IN_USE, WORLD)}

    assert "in use" in by_id[ror_id].reason


def test_what_could_be_short_for_two_or_is_the_name_of_another_is_short_for_nobody() -> None:
    of_two = candidates("University of Ulster", IN_USE, WORLD)
    assert not any("in use" in one.reason for one in of_two)
    (first, *_) = candidates("Example College", IN_USE, WORLD)
    assert first.ror_id == "00ccccc08"


def test_of_one_name_that_which_has_parts_is_likelier() -> None:
    known = directory(
        [
            organization("00ddddd01", "National Ocean Institute", "Boston, US", kind="facility"),
            organization(
                "00ddddd02", "National Ocean Institute", "Miami, US", kind="facility", n_parts=20
            ),
        ]
    )
    first, second = candidates("Reef Unit, National Ocean Institute", known, WORLD)

    assert (first.ror_id, second.ror_id) == ("00ddddd02", "00ddddd01")
    assert first.score > 5 * second.score
    assert "more organizations are part of it than of others" in first.reason
    assert "nothing tells them apart" not in first.reason
    assert "nothing tells them apart" in second.reason


def test_universities_that_a_hospital_is_a_member_of_do_not_stand_in_its_way() -> None:
    known = directory(
        [
            organization("00eeeee01", "Kreuzberg Clinic", "Arad, RO", kind="healthcare"),
            organization("00eeeee02", "Nordstern University", "Arad, RO"),
        ]
    )
    alone = candidates("Kreuzberg Clinic", known, WORLD)[0].score
    (first, *_) = candidates(
        "Kreuzberg Clinic, corporate member of Nordstern University", known, WORLD
    )
    beside = next(
        one
        for one in candidates("Kreuzberg Clinic and Nordstern University", known, WORLD)
        if one.ror_id == "00eeeee01"
    )

    assert first.ror_id == "00eeeee01"
    assert beside.score < first.score <= alone


def test_an_inactive_bearer_of_a_name_is_no_rival_for_an_active_one() -> None:
    former = replace(organization("00fffff01", "Harbor University", "Arad, RO"), status="inactive")
    present = organization("00fffff02", "Harbor University", "Arad, RO")

    (first, *_) = candidates("Harbor University", directory([former, present]), WORLD)
    (alone,) = candidates("Harbor University", directory([present]), WORLD)

    assert (first.ror_id, alone.ror_id) == ("00fffff02", "00fffff02")
    assert "another organization" not in first.reason


def test_a_city_alone_is_like_nobodys_name() -> None:
    known = directory(
        [
            organization("00iiiii01", "University of Timbuk Olamba", "Timbuk Olamba, RO"),
            organization("00iiiii02", "University of Arad", "Arad, RO"),
        ]
    )

    assert candidates("Timbuk Olamba", known, WORLD) == ()


def test_size_does_not_outweigh_the_country_of_the_address() -> None:
    known = directory(
        [
            organization(
                "00ggggg01", "Arcwave Dynamics (United States)", "Boston, US", kind="company"
            ),
            organization(
                "00ggggg02",
                "Arcwave Dynamics (Belgium)",
                "Antwerp, BE",
                kind="company",
                n_parts=500,
            ),
        ]
    )
    first, second = candidates("Arcwave Dynamics", known, WORLD, country_code="US")

    assert (first.ror_id, second.ror_id) == ("00ggggg01", "00ggggg02")
    assert "more organizations are part of it" not in second.reason


def test_an_acronym_names_nobody_abroad_where_the_country_of_the_address_is_known() -> None:
    known = directory(
        [
            organization(
                "00hhhhh01", "Reef Atoll Lagoon Institute", "Antwerp, BE", "RALI", n_parts=99
            )
        ]
    )
    at_home = candidates("RALI", known, WORLD, country_code="BE")
    abroad = candidates("RALI", known, WORLD, country_code="US", named_from=0.0)

    assert at_home[0].part == "RALI"
    assert not abroad[0].is_named


STATES = directory(
    [
        organization("00jjjjj01", "Tallgrass Upland College", "Knoxville, US", "UT", n_parts=9),
        organization("00jjjjj02", "Ordinary Networks", "Toronto, CA", "ON", n_parts=9),
        organization("00jjjjj03", "Reef Coral Trust", "Canberra, AU", "ACT", n_parts=9),
        organization("00jjjjj04", "Moraine Institute", "Boston, US", "MIT", n_parts=9),
    ]
)


def met(text: str) -> set[str]:
    return {one.part for one in candidates(text, STATES, WORLD)}


@pytest.mark.parametrize(
    "text",
    [
        "Salt Lake City, UT, USA",
        "Salt Lake City, UT, U.S.A.",
        "Salt Lake City, UT, United States of America",
        "Salt Lake City, UT 84112",
        "Salt Lake City, UT, 84112-0090, USA",
        "Salt Lake City UT 84112",
        "School of Law, 332 South, Salt Lake City, UT, USA",
        "Toronto, ON M5S 1A1, Canada",
        "Toronto, ON M5S1A1",
        "Toronto, ON, Canada",
        "Acton, ACT 2601, Australia",
        "Acton, ACT, Australia",
        "Provo, UT, USA; Toronto, ON, Canada",
    ],
)
def test_the_code_of_a_state_in_an_address_is_nobodys_acronym(text: str) -> None:
    assert met(text) == set()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("UT Austin", "UT"),
        ("UT, Austin, TX 78712, USA", "UT"),
        ("UT, USA", "UT"),
        ("UT 84112", "UT"),
        ("Knoxville, UT", "UT"),
        ("Physics, UT, Knoxville, USA", "UT"),
        ("School of Law, UT, USA", "UT"),
        ("Knoxville, UT, Canada", "UT"),
        ("Antwerp, UT 2601", "UT"),
        ("Salt Lake City; UT, USA", "UT"),
        ("Toronto, ON, USA", "ON"),
        ("ACT, Canberra, Australia", "ACT"),
        ("MIT, Cambridge", "MIT"),
        ("Cambridge, MIT, USA", "MIT"),
        ("Cambridge, MIT 02139", "MIT"),
    ],
)
def test_without_an_address_around_it_the_same_letters_are_an_acronym(text: str, part: str) -> None:
    assert met(text) == {part}


def test_organizations_of_one_segment_compete_and_of_two_do_not() -> None:
    first, second = "University of Antwerp", "Institut Pasteur"
    alone = {one.ror_id: one.score for t in (first, second) for one in found(t)}
    together = {one.ror_id: one.score for one in found(f"{first} and {second}")}
    apart = {one.ror_id: one.score for one in found(f"{first}; {second}")}

    assert sum(together.values()) < sum(apart.values())
    assert min(together["00aaaaa01"], together["00aaaaa06"]) < 0.5
    assert all(apart[ror_id] >= 0.5 for ror_id in alone)


def test_a_hospital_of_a_university_is_found_with_its_words_changed_round() -> None:
    known = directory(
        [
            organization("00ggggg01", "University Hospital Arad", "Arad, RO", kind="healthcare"),
            organization("00ggggg02", "Arad University", "Arad, RO"),
        ]
    )
    (first, *_) = candidates("Ward 3, Arad University Hospital, Arad", known, WORLD)

    assert first.ror_id == "00ggggg01"
    assert "“Arad University Hospital” is its name with the halves changed round" in first.reason


def test_no_name_is_cut_out_of_the_name_of_a_state() -> None:
    known = directory([organization("00hhhhh01", "University North", "Arad, RO")])
    (cut,) = candidates("University of North Carolina", known, WORLD)
    (whole,) = candidates("University North", known, WORLD)

    assert not cut.is_named
    assert "is like its name" in cut.reason
    assert "is its name" in whole.reason


def test_a_faculty_is_named_by_its_university_without_its_city() -> None:
    known = directory([organization("00jjjjj01", "Harbor University in Arad", "Arad, RO")])
    (found_first,) = candidates("Harbor University School of Medicine", known, WORLD)

    assert found_first.part == "Harbor University School Medicine"
    assert candidates("Harbor School of Medicine", known, WORLD) == ()


def test_a_part_goes_before_the_academy_of_many_that_stands_beside_it() -> None:
    of_parts = [
        directory(
            [
                organization(
                    "00ddddd01", "Reef Institute of Corals", "Boston, US", kind="facility"
                ),
                organization(
                    "00ddddd02", "Tidal Academy of Seas", "Boston, US", kind="government", n_parts=n
                ),
            ]
        )
        for n in (29, 30)
    ]
    told = [
        {
            one.ror_id: one.score
            for one in candidates("Reef Institute of Corals, Tidal Academy of Seas", known, WORLD)
        }
        for known in of_parts
    ]

    few, many = (one["00ddddd01"] / one["00ddddd02"] for one in told)
    assert many > 2 * few


def test_branches_that_bear_its_name_say_less_against_the_larger_organization() -> None:
    head = organization("00ddddd01", "Reef Molecular Laboratory", "Boston, US", n_parts=4)
    twin = organization("00ddddd02", "Reef Molecular Laboratory", "Miami, US", n_parts=4)
    branches = [
        organization(f"00ddddd0{n}", "Reef Molecular Laboratory", "Miami, US") for n in range(3, 6)
    ]
    scores = [
        {
            one.ror_id: one.score
            for one in candidates("Reef Molecular Laboratory", directory(known), WORLD)
        }["00ddddd01"]
        for known in ([head, *branches], [head, *branches, twin])
    ]

    assert scores[0] > 5 * scores[1]


def test_a_name_that_one_bearer_alone_writes_so_is_likelier_that_bearer() -> None:
    known = directory(
        [
            organization("00ddddd01", "Institut du Récif", "Lyon, FR"),
            organization("00ddddd02", "Institute of Récif", "Miami, US"),
        ]
    )
    first, second = candidates("Institut du Récif", known, WORLD)

    assert first.ror_id == "00ddddd01"
    assert first.score > 4 * second.score


HOSPITALS = [
    organization(
        "00ddddd01", "Reef Hospital of Tidal University", "Antwerp, BE", kind="healthcare"
    ),
    organization("00ddddd02", "Tidal University", "Antwerp, BE"),
    organization("00ddddd03", "Lagoon University School of Medicine", "Antwerp, BE"),
    organization("00ddddd04", "Lagoon University", "Antwerp, BE"),
    organization("00ddddd05", "Atoll University Medical Center", "Antwerp, BE", kind="healthcare"),
    organization("00ddddd06", "Atoll University", "Antwerp, BE"),
    organization("00ddddd07", "Shoal College, Tidal University", "Antwerp, BE"),
]


@pytest.mark.parametrize(
    ("text", "ror_ids"),
    [
        ("Reef Hospital, Tidal University", {"00ddddd01", "00ddddd02"}),
        ("Reef Hospital of Tidal University", {"00ddddd01"}),
        ("Lagoon University School of Medicine", {"00ddddd03", "00ddddd04"}),
        ("Atoll University Medical Center", {"00ddddd05", "00ddddd06"}),
        ("Shoal College, Tidal University", {"00ddddd07"}),
        ("Lagoon University", {"00ddddd04"}),
    ],
)
def test_a_university_within_the_name_of_its_hospital_or_school_may_be_meant(
    text: str, ror_ids: set[str]
) -> None:
    assert {one.ror_id for one in candidates(text, directory(HOSPITALS), WORLD)} == ror_ids


def test_of_a_school_and_its_university_the_text_means_one() -> None:
    found_of = {
        one.ror_id: one
        for one in candidates("Lagoon University School of Medicine", directory(HOSPITALS), WORLD)
    }
    university, school = found_of["00ddddd04"], found_of["00ddddd03"]

    assert university.part == "Lagoon University"
    assert "stands within the name of another organization" in university.reason
    assert "stands within" not in school.reason
    assert university.score + school.score < 1
