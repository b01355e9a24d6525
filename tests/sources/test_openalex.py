"""OpenAlex' real records of three generations, and records written down for one fact each."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend

from fourseas.schema.source import Feed, Intake
from fourseas.schema.table import ROUNDING
from fourseas.sources import openalex, openalex_fields
from tests.sources.conftest import ReadForTest, StageForTest

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "src" / "fourseas" / "embedded" / "openalex"
SNAPSHOT_2023 = ROOT / "tests" / "samples" / "openalex" / "snapshot_2023"
WORKS, INSTITUTIONS, FUNDERS, TOPICS = (
    intake for intake in openalex.SOURCE.intakes if intake.format == "jsonl"
)
WORKS_OF_PARQUET, *_ = (intake for intake in openalex.SOURCE.intakes if intake.format == "parquet")
FEEDS = [
    (intake, feed) for intake in (WORKS, INSTITUTIONS, FUNDERS, TOPICS) for feed in intake.feeds
]

Row = dict[str, Any]
Record = dict[str, object]


def _rows(table: ir.Table) -> list[Row]:
    rows: list[Row] = table.to_pyarrow().to_pylist()
    return rows


def _fed(compute: Callable[..., ir.Table], records: ir.Table) -> ir.Table:
    """Return the table that a function makes of records of works and their layers."""
    (feed,) = (feed for feed in WORKS.feeds if feed.compute is compute)
    engine = records.get_backend()

    def kept(rows: ir.Table, name: str) -> ir.Table:
        return engine.create_table(ibis.util.gen_name(name), rows, temp=True)

    return feed.rows(WORKS.tables(records, kept))


def _work(number: int = 1, **keys: object) -> Record:
    return {
        "id": f"https://openalex.org/W{number}",
        "type": "article",
        "publication_year": 2021,
        "authorships": [],
        **keys,
    }


def _institution(number: int, country_code: str | None) -> Record:
    return {
        "id": f"https://openalex.org/I{number}",
        "display_name": f"Institution {number}",
        "country_code": country_code,
    }


def _author(
    countries: list[str],
    institutions: list[Record] | None = None,
    affiliations: list[list[int]] | None = None,
    **keys: object,
) -> Record:
    """Return an authorship; each affiliation is the list of institutions that it is linked to."""
    author: Record = {
        "author": {"id": "https://openalex.org/A5", "display_name": "A Person"},
        "countries": countries,
        "institutions": institutions or [],
        **keys,
    }
    if affiliations is not None:
        author["affiliations"] = [
            {"institution_ids": [f"https://openalex.org/I{number}" for number in numbers]}
            for numbers in affiliations
        ]
    return author


def _shares(raw: ir.Table) -> list[tuple[object, ...]]:
    columns = ("position", "organization_key", "country_code", "share")
    rows = [tuple(row[name] for name in columns) for row in _rows(_fed(openalex.affiliations, raw))]
    return sorted(rows, key=str)


@pytest.fixture(scope="module")
def raw_works(read_for_test: ReadForTest) -> ir.Table:
    return read_for_test(WORKS, EMBEDDED / "works.jsonl.gz")


@pytest.fixture(scope="module")
def works(raw_works: ir.Table) -> list[Row]:
    return _rows(_fed(openalex.works, raw_works))


@pytest.fixture(scope="module")
def json_works(duckdb: Backend) -> ir.Table:
    """Return the same records as JSON values, for statements that share nothing with ours."""
    path = EMBEDDED / "works.jsonl.gz"
    duckdb.raw_sql(
        f"CREATE TABLE json_works AS SELECT json, row_number() OVER () AS record "
        f"FROM read_ndjson_objects('{path}')"
    )
    return duckdb.table("json_works")


# The 527 works


def test_three_generations_of_records_are_one_table_of_527_works(works: list[Row]) -> None:
    assert len(works) == 527
    assert len({row["work_key"] for row in works}) == 527
    assert {row["register"] for row in works} == {"openalex"}


def test_61_countries_273_works_with_a_country_and_79_with_two_or_more(works: list[Row]) -> None:
    sets = [row["country_codes"] for row in works]

    assert len({code for codes in sets for code in codes}) == 61
    assert sum(len(codes) > 0 for codes in sets) == 273
    assert sum(len(codes) > 1 for codes in sets) == 79


def test_countries_of_works_agree_with_plain_sql(
    duckdb: Backend, works: list[Row], json_works: ir.Table
) -> None:
    found = duckdb.raw_sql(
        f"""
        WITH authors AS (
            SELECT record, unnest(CAST(json -> '$.authorships' AS JSON[])) AS author
            FROM {json_works.get_name()}
        ), codes AS (
            SELECT record, unnest(author ->> '$.countries[*]') AS code FROM authors
            UNION
            SELECT record, unnest(author ->> '$.institutions[*].country_code') FROM authors
            WHERE json_array_length(author -> '$.countries') = 0
        )
        SELECT record, list(DISTINCT code ORDER BY code) FROM codes
        WHERE code IS NOT NULL GROUP BY record
        """
    ).fetchall()

    assert {row["record"]: row["country_codes"] for row in works if row["country_codes"]} == dict(
        found
    )


def test_our_countries_agree_with_the_reported_number_but_where_authors_are_cut_off(
    works: list[Row],
) -> None:
    reported = [row for row in works if row["n_countries_reported"] is not None]
    missed = {
        row["work_label"]: (row["n_countries_reported"], len(row["country_codes"]))
        for row in reported
        if row["n_countries_reported"] != len(row["country_codes"])
    }

    assert len(reported) == 500
    assert missed == {"W4288079944": (21, 19), "W4317390883": (8, 6)}
    assert all(row["is_authors_truncated"] for row in works if row["work_label"] in missed)


def test_five_author_lists_are_cut_at_100(works: list[Row]) -> None:
    cut = {row["work_label"]: row["n_authors"] for row in works if row["is_authors_truncated"]}

    assert cut == dict.fromkeys(
        ("W3092849554", "W3103145119", "W4206677002", "W4288079944", "W4317390883"), 100
    )


def test_2448_authors_of_whom_858_have_no_country(works: list[Row]) -> None:
    assert sum(row["n_authors"] for row in works) == 2448
    assert sum(row["n_authors_unknown"] for row in works) == 858


def test_in_the_sample_listed_countries_never_disagree_with_institutions(works: list[Row]) -> None:
    assert sum(row["n_country_conflicts"] for row in works) == 0


def test_the_type_of_2023_is_named_as_today(works: list[Row]) -> None:
    kinds = Counter(row["kind"] for row in works)

    assert kinds["article"] == 325 + 1
    assert kinds["grant"] == 26
    assert "journal-article" not in kinds


def test_records_without_the_flag_are_not_xpac_and_a_null_is_not_retracted(
    works: list[Row],
) -> None:
    assert {row["is_xpac"] for row in works} == {False}
    assert {row["is_retracted"] for row in works} == {False}


def test_dois_are_in_lower_case_without_resolver(works: list[Row]) -> None:
    dois = [row["doi"] for row in works if row["doi"]]

    assert len(dois) == 441
    assert all(doi.startswith("10.") and doi == doi.lower() for doi in dois)


def test_15474_references_four_of_them_to_the_work_itself(raw_works: ir.Table) -> None:
    rows = _rows(_fed(openalex.citations, raw_works))

    assert len(rows) == 15_474
    assert {
        row["citing_work_key"] for row in rows if row["citing_work_key"] == row["cited_work_key"]
    } == {
        1980631102,
        2142257983,
        3131055609,
        4288079944,
    }


def test_14_works_with_grants_and_33_with_funders_are_44_with_funding(
    raw_works: ir.Table,
) -> None:
    rows = _rows(_fed(openalex.fundings, raw_works))
    raw = raw_works.select(
        grants=raw_works.grants.length() > 0, funders=raw_works.funders.length() > 0
    ).to_pyarrow()

    assert sum(filter(None, raw["grants"].to_pylist())) == 14
    assert sum(filter(None, raw["funders"].to_pylist())) == 33
    assert len({row["record"] for row in rows}) == 44
    assert len(rows) == 25 + 60 - 4
    assert sum(row["award_id"] is not None for row in rows) == 13


def test_477_works_have_a_topic_and_703_others_and_310_goals(raw_works: ir.Table) -> None:
    rows = _rows(openalex_fields.work_fields(raw_works))

    assert Counter(row["scheme"] for row in rows) == {
        "openalex_topic": 477,
        "openalex_subfield": 477,
        "openalex_field": 477,
        "openalex_domain": 477,
        "openalex_other_topic": 703,
        "un_sdg": 310,
    }


def test_other_topics_and_goals_weigh_what_the_classifier_gave_them(
    read_for_test: ReadForTest, tmp_path: Path
) -> None:
    topic = {"id": "https://openalex.org/T1", "display_name": "Climate"}
    work = _work(
        primary_topic=topic,
        topics=[
            {"id": "https://openalex.org/T1", "score": 0.9},
            {"id": "https://openalex.org/T2", "score": 0.25},
        ],
        sustainable_development_goals=[{"id": "https://metadata.un.org/sdg/13", "score": 0.5}],
    )
    path = tmp_path / "works.jsonl"
    path.write_text(json.dumps(work) + "\n")
    rows = _rows(openalex_fields.work_fields(read_for_test(WORKS, path)))

    assert {(row["scheme"], row["field_id"], row["weight"]) for row in rows} == {
        ("openalex_topic", "T1", 1.0),
        ("openalex_other_topic", "T2", 0.25),
        ("un_sdg", "13", 0.5),
    }


def test_each_field_is_named_once_per_part(raw_works: ir.Table) -> None:
    rows = _rows(openalex_fields.fields_of_works(raw_works))
    by_id = {(row["scheme"], row["field_id"]): row for row in rows}

    assert len(rows) == len(by_id) == 226 + 87 + 19 + 4
    assert by_id["openalex_field", "17"]["field_name"] == "Computer Science"
    assert by_id["openalex_field", "17"]["parent_id"] == "3"
    assert by_id["openalex_subfield", "1702"]["parent_id"] == "17"


def test_a_field_stands_at_the_first_record_that_names_it(raw_works: ir.Table) -> None:
    rows = _rows(openalex_fields.fields_of_works(raw_works))
    topics = raw_works.select("record", "primary_topic").to_pyarrow().to_pylist()
    firsts: dict[str, int] = {}
    for topic in sorted(topics, key=lambda row: row["record"]):
        named = topic["primary_topic"] or {}
        levels = [named, *(named.get(level) or {} for level in ("subfield", "field", "domain"))]
        for level in levels:
            if level.get("id") and level.get("display_name"):
                firsts.setdefault(level["id"], topic["record"])

    assert {row["source_id"]: row["record"] for row in rows} == firsts


def test_395_corresponding_authors_of_341_works_and_elsewhere_the_flag_is_null(
    raw_works: ir.Table,
) -> None:
    rows = _rows(_fed(openalex.authorships, raw_works))
    flags = Counter(row["is_corresponding"] for row in rows)

    assert flags == {True: 395, False: 1194 - 395, None: 2448 - 1194}
    assert len({row["record"] for row in rows if row["is_corresponding"]}) == 341


def test_a_list_that_is_cut_off_has_a_first_author_and_no_last(raw_works: ir.Table) -> None:
    rows = _rows(_fed(openalex.authorships, raw_works))

    assert sum(row["is_first"] for row in rows) == 479
    assert sum(row["is_last"] for row in rows) == 479 - 5
    assert sum(row["person_key"] is None for row in rows) == 28


def test_credit_of_countries_agrees_with_exact_fractions(raw_works: ir.Table) -> None:
    rows = _rows(_fed(openalex.affiliations, raw_works))
    found: dict[tuple[object, object], float] = defaultdict(float)
    for row in rows:
        if row["country_code"]:
            found[row["record"], row["country_code"]] += row["share"]

    expected: dict[tuple[object, object], Fraction] = defaultdict(Fraction)
    with gzip.open(EMBEDDED / "works.jsonl.gz") as lines:
        for record, line in enumerate(lines, start=1):
            for author in json.loads(line)["authorships"]:
                for code, share in _exact_shares(author).items():
                    expected[record, code] += share

    assert found.keys() == expected.keys()
    assert found == pytest.approx({key: float(share) for key, share in expected.items()})


def _exact_shares(author: Row) -> dict[str, Fraction]:
    """Return an author's credit by country in the way in which it is told, one by one."""
    code_of = {one["id"]: one["country_code"] for one in author["institutions"]}
    known = set(author["countries"]) or set(code_of.values()) - {None}
    texts = [[i for i in text["institution_ids"] if i] for text in author.get("affiliations", [])]
    if not any(texts):
        texts = [[i] for i in code_of]
    shares: dict[str, Fraction] = defaultdict(Fraction)
    for text in texts:
        for institution in text:
            if code_of[institution] in known:
                shares[code_of[institution]] += Fraction(1, len(texts) * len(text))
    left, unreached = 1 - sum(shares.values(), Fraction()), known - set(shares)
    return {**shares, **{code: left / len(unreached) for code in unreached}}


@pytest.mark.parametrize("column", ["organization_key", "country_code"])
def test_an_author_has_at_most_one_share_in_all(raw_works: ir.Table, column: str) -> None:
    sums: dict[tuple[object, object], float] = defaultdict(float)
    for row in _rows(_fed(openalex.affiliations, raw_works)):
        assert 0.0 <= row["share"] <= 1.0
        if row[column]:
            sums[row["record"], row["position"]] += row["share"]

    assert max(sums.values()) <= 1 + ROUNDING


def test_every_known_country_of_an_author_has_a_row(raw_works: ir.Table) -> None:
    rows = _rows(_fed(openalex.affiliations, raw_works))
    placed = {(row["record"], row["position"], row["country_code"]) for row in rows}

    for author in _rows(_fed(openalex.authorships, raw_works)):
        for code in author["country_codes"]:
            assert (author["record"], author["position"], code) in placed


# One fact each


def test_the_toy_of_four_authors_has_the_credit_worked_out_by_hand(
    stage_for_test: StageForTest,
) -> None:
    us, cn = _institution(1, "US"), _institution(2, "CN")
    gb_1, gb_2 = _institution(3, "GB"), _institution(4, "GB")
    toy = _work(
        authorships=[
            _author(["CN", "US"], [us, cn], [[1], [2]]),
            _author(["US"], [us], [[1]]),
            _author(["GB"], [gb_1, gb_2], [[3, 4]]),
            _author([], [], []),
        ]
    )
    raw = stage_for_test(WORKS, [toy])

    assert _shares(raw) == [
        (1, "I1", "US", 0.5),
        (1, "I2", "CN", 0.5),
        (2, "I1", "US", 1.0),
        (3, "I3", "GB", 0.5),
        (3, "I4", "GB", 0.5),
    ]
    (work,) = _rows(_fed(openalex.works, raw))
    credit: dict[object, float] = defaultdict(float)
    for _, _, code, share in _shares(raw):
        assert isinstance(share, float)
        credit[code] += share / work["n_authors"]
    assert credit == {"US": 0.375, "CN": 0.125, "GB": 0.25}
    assert 1 - sum(credit.values()) == 0.25
    assert work["n_authors_unknown"] == 1


@pytest.mark.parametrize(
    ("author", "shares"),
    [
        pytest.param(
            _author(["DE"], [_institution(1, "DE")], [[1], []]),
            [("I1", "DE", 0.5)],
            id="an affiliation that is linked to nothing loses its part",
        ),
        pytest.param(
            _author(["CN", "DE"], [_institution(1, "DE")], [[1], []]),
            [("I1", "DE", 0.5), (None, "CN", 0.5)],
            id="what no institution reaches falls to the country that is listed beside it",
        ),
        pytest.param(
            _author(["CN", "DE"], [_institution(1, "DE")], [[1]]),
            [("I1", "DE", 1.0), (None, "CN", 0.0)],
            id="a country that is listed beside a whole share is there with none",
        ),
        pytest.param(
            _author(["EC", "PE"], [], [[]]),
            [(None, "EC", 0.5), (None, "PE", 0.5)],
            id="countries without institutions divide equally",
        ),
        pytest.param(
            _author([], [_institution(1, "DE"), _institution(2, None)]),
            [("I1", "DE", 0.5), ("I2", None, 0.5)],
            id="without affiliations each institution is one, with or without a country",
        ),
        pytest.param(
            _author(["DE"], [_institution(1, "DE"), _institution(2, "FR")], [[1, 2]]),
            [("I1", "DE", 0.5), ("I2", None, 0.5)],
            id="an institution elsewhere keeps its share and brings no country",
        ),
        pytest.param(
            _author(["DE"], [_institution(1, "CN")], [[1]]),
            [("I1", None, 1.0), (None, "DE", 1.0)],
            id="where both disagree the listed country has the credit",
        ),
        pytest.param(
            _author(["DE"], [_institution(1, "DE"), _institution(2, "DE")], [[1]]),
            [("I1", "DE", 0.5), ("I2", "DE", 0.5)],
            id="affiliations that leave an institution out are passed over",
        ),
        pytest.param(
            _author(["DE"], [_institution(1, "DE"), _institution(1, "DE")]),
            [("I1", "DE", 1.0)],
            id="an institution that is listed twice counts once",
        ),
        pytest.param(_author([], [], None), [], id="an author with nothing has no row"),
    ],
)
def test_shares_of_one_author(
    stage_for_test: StageForTest, author: Record, shares: list[tuple[object, ...]]
) -> None:
    raw = stage_for_test(WORKS, [_work(authorships=[author])])

    assert [row[1:] for row in _shares(raw)] == shares


def test_disagreeing_countries_of_an_author_are_counted_and_both_are_kept(
    stage_for_test: StageForTest,
) -> None:
    agreeing = _author(["CN", "DE"], [_institution(2, "DE"), _institution(3, "CN")])
    differing = _author(["DE"], [_institution(1, "CN")])
    silent = _author([], [_institution(1, "CN")])
    raw = stage_for_test(WORKS, [_work(authorships=[agreeing, differing, silent])])

    (work,) = _rows(_fed(openalex.works, raw))

    assert work["n_country_conflicts"] == 1
    assert work["country_codes"] == ["CN", "DE"]


def test_namibia_is_not_a_missing_value(stage_for_test: StageForTest) -> None:
    namibian = _author(["NA"], [_institution(1, "NA")], [[1]])
    raw = stage_for_test(WORKS, [_work(authorships=[namibian])])

    (work,) = _rows(_fed(openalex.works, raw))

    assert work["country_codes"] == ["NA"]
    assert work["n_authors_unknown"] == 0
    assert _shares(raw) == [(1, "I1", "NA", 1.0)]


def test_countries_come_in_capitals(stage_for_test: StageForTest) -> None:
    raw = stage_for_test(WORKS, [_work(authorships=[_author(["de"], [_institution(1, "De")])])])

    assert _rows(_fed(openalex.works, raw))[0]["country_codes"] == ["DE"]
    assert _rows(_fed(openalex.works, raw))[0]["n_country_conflicts"] == 0


@pytest.mark.parametrize("year", [1, 2202, None])
def test_an_impossible_year_is_staged_as_it_is(stage_for_test: StageForTest, year: int) -> None:
    raw = stage_for_test(WORKS, [_work(publication_year=year)])

    assert _rows(_fed(openalex.works, raw))[0]["publication_year"] == year


@pytest.mark.parametrize(("flag", "kept"), [(True, True), (False, False), (None, False)])
def test_xpac_is_false_where_it_is_not_said(
    stage_for_test: StageForTest, *, flag: bool | None, kept: bool
) -> None:
    raw = stage_for_test(WORKS, [_work(is_xpac=flag), _work(2)])

    assert [row["is_xpac"] for row in _rows(_fed(openalex.works, raw))] == [kept, False]


@pytest.mark.parametrize(
    ("n_authors", "last", "cut"), [(100, "middle", True), (100, "last", False), (99, "last", False)]
)
def test_100_authors_without_a_last_one_are_a_list_that_was_cut(
    stage_for_test: StageForTest, n_authors: int, last: str, *, cut: bool
) -> None:
    authors = [_author(["DE"], author_position="middle") for _ in range(n_authors - 1)]
    authors.append(_author(["DE"], author_position=last))
    raw = stage_for_test(WORKS, [_work(authorships=authors)])

    assert _rows(_fed(openalex.works, raw))[0]["is_authors_truncated"] is cut
    assert any(row["is_last"] for row in _rows(_fed(openalex.authorships, raw))) is not cut


@pytest.mark.parametrize(
    ("old", "present"),
    [("proceedings-article", "conference-paper"), ("monograph", "book"), (None, "other")],
)
def test_old_types_have_their_present_names(
    stage_for_test: StageForTest, old: str | None, present: str
) -> None:
    raw = stage_for_test(WORKS, [_work(type=old)])

    assert _rows(_fed(openalex.works, raw))[0]["kind"] == present


def test_awards_grants_and_funders_are_one_list_without_repetitions(
    stage_for_test: StageForTest,
) -> None:
    funder = "https://openalex.org/F1"
    work = _work(
        awards=[
            {
                "id": "https://openalex.org/G1",
                "display_name": "A project",
                "funder_id": funder,
                "funder_display_name": "A fund",
                "funder_award_id": "42",
            }
        ],
        grants=[{"funder": funder, "funder_display_name": "A fund", "award_id": "42"}],
        funders=[
            {"id": funder, "display_name": "A fund", "ror": None},
            {"id": "https://openalex.org/F2", "display_name": "Another", "ror": None},
        ],
    )
    rows = _rows(_fed(openalex.fundings, stage_for_test(WORKS, [work])))

    assert {(row["funder_key"], row["funder_name"], row["award_id"]) for row in rows} == {
        ("F1", "A fund", "42"),
        ("F2", "Another", None),
    }
    assert sorted(row["funding"] for row in rows) == [1, 2]


def test_a_reference_that_is_listed_twice_counts_once(stage_for_test: StageForTest) -> None:
    cited = ["https://openalex.org/W7", "https://openalex.org/W7", "https://openalex.org/W1", None]
    raw = stage_for_test(WORKS, [_work(1, referenced_works=cited)])

    assert sorted(row["cited_work_key"] for row in _rows(_fed(openalex.citations, raw))) == [1, 7]


AUTHORS = st.builds(
    _author,
    countries=st.lists(st.sampled_from(["CN", "DE", "NA"]), unique=True, max_size=3),
    institutions=st.lists(
        st.sampled_from(
            [
                _institution(1, "CN"),
                _institution(2, "DE"),
                _institution(3, "DE"),
                _institution(4, None),
            ]
        ),
        max_size=4,
    ),
    affiliations=st.none()
    | st.lists(st.lists(st.integers(1, 5), unique=True, max_size=3), max_size=3),
)


@settings(max_examples=20)
@given(st.lists(AUTHORS, max_size=20))
def test_credit_is_never_made_and_never_lost_where_a_country_is_listed_alone(
    duckdb: Backend,
    read_for_test: ReadForTest,
    tmp_path_factory: pytest.TempPathFactory,
    authors: list[Record],
) -> None:
    path = tmp_path_factory.mktemp("law") / "works.jsonl"
    path.write_text(json.dumps(_work(authorships=authors)))
    raw = read_for_test(WORKS, path)
    by_author: dict[object, list[Row]] = defaultdict(list)
    for row in _rows(_fed(openalex.affiliations, raw)):
        by_author[row["position"]].append(row)

    for author in _rows(_fed(openalex.authorships, raw)):
        rows = by_author[author["position"]]
        credit = sum(row["share"] for row in rows if row["country_code"])
        assert (credit > 0) == (len(author["country_codes"]) > 0)
        assert credit <= 1 + ROUNDING
        assert {row["country_code"] for row in rows} - {None} == set(author["country_codes"])
        assert sum(row["share"] for row in rows if row["organization_key"]) <= 1 + ROUNDING
    duckdb.drop_table(raw.get_name())


# The snapshot of 2023, institutions, topics


def test_27_works_of_the_2023_snapshot_have_no_authors(read_for_test: ReadForTest) -> None:
    path = SNAPSHOT_2023 / "works" / "updated_date=2023-05-16" / "part_000.gz"
    raw = read_for_test(WORKS, path)
    works = _rows(_fed(openalex.works, raw))

    assert len(works) == 27
    assert {row["n_authors"] for row in works} == {0}
    assert {row["n_authors_unknown"] for row in works} == {0}
    assert all(row["country_codes"] == [] for row in works)
    for feed in (openalex.authorships, openalex.affiliations, openalex_fields.work_fields):
        assert _rows(_fed(feed, raw)) == []


def test_678_institutions_of_the_2023_snapshot(read_for_test: ReadForTest) -> None:
    path = SNAPSHOT_2023 / "institutions" / "updated_date=2023-09-04" / "part_000.gz"
    rows = _rows(openalex.organizations(read_for_test(INSTITUTIONS, path)))
    by_key = {row["organization_key"]: row for row in rows}

    assert len(rows) == len(by_key) == 678
    assert len({row["country_code"] for row in rows}) == 75
    assert sum(row["latitude"] is None for row in rows) == 5
    ashton = by_key["I4210124069"]
    assert ashton["ror_id"] == "02ztp3208"
    assert ashton["organization_kind"] == "company"
    assert (ashton["country_code"], ashton["city"]) == ("US", "Herndon")
    assert (ashton["latitude"], ashton["longitude"]) == (38.995472, -77.3789)


FUNDER_RECORDS = (
    {
        "id": "https://openalex.org/F4320332161",
        "display_name": "National Institutes of Health",
        "alternate_titles": ["US National Institutes of Health", "NIH"],
        "country_code": "US",
        "ids": {
            "openalex": "https://openalex.org/F4320332161",
            "ror": "https://ror.org/01cwqze88",
            "wikidata": "https://www.wikidata.org/entity/Q390551",
            "crossref": "100000002",
            "doi": "https://doi.org/10.13039/100000002",
        },
    },
    {"id": "https://openalex.org/F1", "display_name": "A fund", "alternate_titles": None},
)


def _funders_file(folder: Path) -> Path:
    path = folder / "funders.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in FUNDER_RECORDS), encoding="utf-8")
    return path


def test_a_funder_is_an_organization_with_its_ror_id_doi_and_names(
    read_for_test: ReadForTest, tmp_path: Path
) -> None:
    raw = read_for_test(FUNDERS, _funders_file(tmp_path))
    columns = ("organization_key", "ror_id", "organization_kind", "country_code")

    assert [
        tuple(row[name] for name in columns) for row in _rows(openalex.funder_organizations(raw))
    ] == [
        ("F4320332161", "01cwqze88", "funder", "US"),
        ("F1", None, "funder", None),
    ]
    assert {
        (row["organization_key"], row["name"]) for row in _rows(openalex.funder_names(raw))
    } == {
        ("F4320332161", "National Institutes of Health"),
        ("F4320332161", "US National Institutes of Health"),
        ("F4320332161", "NIH"),
        ("F1", "A fund"),
    }
    (doi,) = _rows(openalex.funder_dois(raw))
    assert (doi["organization_key"], doi["funder_doi"]) == ("F4320332161", "10.13039/100000002")


def test_4516_topics_in_252_subfields_26_fields_and_4_domains(
    read_for_test: ReadForTest,
) -> None:
    rows = _rows(
        openalex_fields.fields_of_topics(read_for_test(TOPICS, EMBEDDED / "topics.jsonl.gz"))
    )
    by_id = {(row["scheme"], row["field_id"]): row for row in rows}

    assert Counter(row["scheme"] for row in rows) == {
        "openalex_topic": 4516,
        "openalex_subfield": 252,
        "openalex_field": 26,
        "openalex_domain": 4,
    }
    assert by_id["openalex_topic", "T10001"]["parent_id"] == "1908"
    assert by_id["openalex_subfield", "1908"]["field_name"] == "Geophysics"


@pytest.mark.parametrize(
    ("intake", "path"),
    [
        (WORKS, "works/updated_date=2023-05-16/part_000.gz"),
        (WORKS, "data/works/updated_date=2023-05-16/part_000.gz"),
        (WORKS, "data/jsonl/works/updated_date=2026-06-01/part_0000.gz"),
        (WORKS, "data/jsonl/works/updated_date=2026-06-01/part_0000.jsonl.gz"),
        (WORKS, "works.jsonl.gz"),
        (WORKS, "works_three_schemas.jsonl.gz"),
        (WORKS, "works.jsonl"),
        (INSTITUTIONS, "institutions/updated_date=2023-09-04/part_000.gz"),
        (FUNDERS, "data/funders/updated_date=2023-09-04/part_000.gz"),
        (TOPICS, "data/jsonl/topics/updated_date=2026-06-01/part_0000.gz"),
        (TOPICS, "topics.jsonl.gz"),
        (None, "works/manifest"),
        (None, "works/updated_date=2023-05-16/part_000"),
        (None, "merged_ids/works/2023-04-13.csv.gz"),
        (WORKS_OF_PARQUET, "data/parquet/works/updated_date=2026-06-01/part_0000.parquet"),
        (None, "data/parquet/authors/updated_date=2026-06-01/part_0000.parquet"),
        (None, "authors/updated_date=2023-04-21/part_000.gz"),
    ],
)
def test_files_of_old_and_new_snapshots_are_found(
    tmp_path: Path, intake: Intake | None, path: str
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).touch()

    finders = [
        candidate
        for candidate in openalex.SOURCE.intakes
        if any(file.is_file() for pattern in candidate.files for file in tmp_path.glob(pattern))
    ]

    assert finders == ([intake] if intake else [])


# What all feeds keep


@pytest.mark.parametrize("pair", FEEDS, ids=lambda pair: pair[1].compute.__name__)
@pytest.mark.parametrize("dialect", ["duckdb", "pyspark"])
def test_every_feed_writes_what_it_declares_in_both_engines(
    pair: tuple[Intake, Feed], dialect: str
) -> None:
    intake, feed = pair
    _ = ibis.pyspark  # loads the options without which Spark's SQL cannot be written
    prepared = intake.prepare(ibis.table(intake.raw, name="records"))
    raw = ibis.table({**prepared.schema(), **intake.added}, name="raw")
    result = feed.rows(intake.tables(raw))

    assert result.schema() == feed.writes.ibis_schema
    assert "SELECT" in ibis.to_sql(prepared, dialect=dialect)
    assert "SELECT" in ibis.to_sql(result, dialect=dialect)


@pytest.mark.parametrize("pair", FEEDS, ids=lambda pair: pair[1].compute.__name__)
def test_keys_are_unique_and_what_must_be_there_is(
    pair: tuple[Intake, Feed], read_for_test: ReadForTest, tmp_path: Path
) -> None:
    intake, feed = pair
    paths = {
        id(FUNDERS): _funders_file(tmp_path),
        id(WORKS): EMBEDDED / "works.jsonl.gz",
        id(INSTITUTIONS): SNAPSHOT_2023 / "institutions/updated_date=2023-09-04/part_000.gz",
        id(TOPICS): EMBEDDED / "topics.jsonl.gz",
    }
    rows = _rows(feed.rows(intake.tables(read_for_test(intake, paths[id(intake)]))))
    keys = [tuple(row[name] for name in feed.writes.key) for row in rows]
    required = [column.name for column in feed.writes.columns if not column.nullable]

    assert rows
    assert len(keys) == len(set(keys))
    assert [row for row in rows if any(row[name] is None for name in required)] == []


def test_no_name_of_a_person_is_read_or_shipped() -> None:
    with gzip.open(EMBEDDED / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        authors = [author for line in lines for author in json.loads(line)["authorships"]]

    assert set(WORKS.raw["authorships"].value_type.fields["author"].names) == {"id"}
    assert {key for author in authors for key in author["author"]} == {"id"}
    assert not any(key.startswith("raw_") for author in authors for key in author)
