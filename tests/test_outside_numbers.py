"""Numbers that others have published, reached through the embedded registers and the real steps."""

from __future__ import annotations

import csv
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from fourseas.indicators.volume import volume
from fourseas.workspace import Workspace
from tests import world

SAMPLES = Path(__file__).parent / "samples"
TWO_DECIMALS = 2
ECONOMIES = 46
CELLS_OF_TWO_YEARS = 4_140
PAIRS_OF_46_ECONOMIES = 1_035


def _one(table: ir.Table, column: str, **values: object) -> float:
    """Return one number of the row that the values name."""
    rows = table.filter([table[name] == value for name, value in values.items()])
    (found,) = rows.select(column).to_pyarrow()[column].to_pylist()
    return float(found)


def _ncses(lake: Workspace, indicator: str) -> ir.Table:
    table = lake.table(indicator)
    return table.filter((table.register == "ncses") & (table.scheme == "all"))


def test_the_world_wrote_3344037_works_in_2022(lake: Workspace) -> None:
    volumes = _ncses(lake, "volume")

    assert _one(volumes, "p", unit_id="WORLD", year=2022, counting="full") == 3_344_037
    assert _one(volumes, "p", unit_id="WORLD", year=2022, counting="fractional") == 3_344_037


@pytest.mark.parametrize(
    ("country", "fractional", "full"),
    [("US", 1.41, 1.66), ("CN", 1.09, 1.28), ("KE", 0.49, 1.45), ("JP", 0.43, 0.97)],
)
def test_top_1_percent_of_2020_is_as_published(
    lake: Workspace, country: str, fractional: float, full: float
) -> None:
    impact = _ncses(lake, "impact")
    row = {"unit_id": country, "year": 2020}

    assert _one(impact, "pp_top_1", counting="fractional", **row) * 100 == pytest.approx(fractional)
    assert _one(impact, "pp_top_1", counting="full", **row) * 100 == pytest.approx(full)


@pytest.mark.parametrize(
    ("country", "share"),
    [
        ("US", 0.39895),
        ("CN", 0.18676),
        ("GB", 0.66634),
        ("DE", 0.55766),
        ("JP", 0.31783),
        ("IN", 0.24158),
    ],
)
def test_international_share_of_2022_is_as_published(
    lake: Workspace, country: str, share: float
) -> None:
    collaborations = _ncses(lake, "collaboration")
    row = {"unit_id": country, "year": 2022, "counting": "full"}

    assert _one(collaborations, "pp_int_collab", **row) == pytest.approx(share, abs=1e-4)


def test_the_world_wrote_755894_international_works_in_2022(lake: Workspace) -> None:
    collaborations = _ncses(lake, "collaboration")
    row = {"unit_id": "WORLD", "year": 2022, "counting": "full"}

    assert _one(collaborations, "p_int_collab", **row) == 755_894


@pytest.mark.parametrize(("counting", "rho"), [("fractional", 0.66), ("full", 0.88)])
def test_openness_goes_with_level_as_the_counting_has_it(
    lake: Workspace, counting: str, rho: float
) -> None:
    collaborations = _ncses(lake, "collaboration")
    impact = _ncses(lake, "impact")
    open_2020 = collaborations.filter(
        (collaborations.year == 2020)
        & (collaborations.counting == "full")
        & (collaborations.unit_type == "country")
        & collaborations.pp_int_collab.notnull()
    ).select("unit_id", "pp_int_collab")
    level_2020 = impact.filter((impact.year == 2020) & (impact.counting == counting)).select(
        "unit_id", "pp_top_1"
    )
    both = open_2020.inner_join(level_2020, "unit_id").to_pyarrow()

    assert both.num_rows == ECONOMIES
    found = spearmanr(both["pp_int_collab"].to_numpy(), both["pp_top_1"].to_numpy()).statistic
    assert round(float(found), TWO_DECIMALS) == rho


def test_the_index_of_collaboration_equals_ncses_in_every_cell(lake: Workspace) -> None:
    affinity = _ncses(lake, "affinity")
    computed = {
        (row["year"], row["unit_id"], row["partner_id"]): row["collaboration_index"]
        for row in affinity.select("year", "unit_id", "partner_id", "collaboration_index")
        .to_pyarrow()
        .to_pylist()
    }
    with (SAMPLES / "ncses" / "collaboration_index.csv").open(encoding="utf-8") as lines:
        published = {
            (int(row["year"]), row["unit_code"], row["partner_code"]): float(
                row["collaboration_index"]
            )
            for row in csv.DictReader(lines)
        }

    assert len(published) == CELLS_OF_TWO_YEARS
    differing = {
        pair: (value, computed[pair])
        for pair, value in published.items()
        if round(computed[pair] + 1e-9, TWO_DECIMALS) != value
    }
    assert differing == {}


@pytest.mark.parametrize(
    ("unit", "partner", "salton", "jaccard", "inclusion", "equivalence", "association"),
    [
        ("US", "CN", 0.2788362, 0.1601446, 0.3211431, 0.07774962, 1.328009e-6),
        ("CA", "US", 0.2223751, 0.1009725, 0.4220183, 0.04945068, 1.745154e-6),
    ],
)
def test_similarities_of_2022_equal_those_of_bibliometrix(  # noqa: PLR0913, PLR0917
    lake: Workspace,
    unit: str,
    partner: str,
    salton: float,
    jaccard: float,
    inclusion: float,
    equivalence: float,
    association: float,
) -> None:
    affinity = _ncses(lake, "affinity")
    row = {"year": 2022, "unit_id": unit, "partner_id": partner}

    assert _one(affinity, "salton", **row) == pytest.approx(salton, rel=1e-6)
    assert _one(affinity, "jaccard", **row) == pytest.approx(jaccard, rel=1e-6)
    assert _one(affinity, "inclusion", **row) == pytest.approx(inclusion, rel=1e-6)
    assert _one(affinity, "equivalence", **row) == pytest.approx(equivalence, rel=1e-6)
    assert _one(affinity, "association", **row) == pytest.approx(association, rel=1e-6)


def test_openalex_and_scopus_agree_on_who_writes_with_whom(lake: Workspace) -> None:
    affinity = lake.table("affinity")
    of_2022 = affinity.filter(
        (affinity.year == 2022)
        & (affinity.scheme == "all")
        & (affinity.unit_id < affinity.partner_id)
    )
    ours, theirs = (
        of_2022.filter(of_2022.register == register).select(
            "unit_id", "partner_id", **{f"p_{register}": of_2022.p, register: of_2022.association}
        )
        for register in ("matrix", "ncses")
    )
    both = ours.inner_join(theirs, ["unit_id", "partner_id"]).to_pandas()

    assert len(both) == PAIRS_OF_46_ECONOMIES
    assert spearmanr(both.p_matrix, both.p_ncses).statistic >= 0.98
    assert pearsonr(np.log(both.p_matrix), np.log(both.p_ncses)).statistic >= 0.98
    # The association is the index of collaboration but for one factor, the world's works.
    assert pearsonr(both.matrix, both.ncses).statistic >= 0.95


@pytest.mark.parametrize(
    ("unit", "partner", "year"),
    [("CR", "CO", 2020), ("TJ", "RU", 2023), ("HK", "CN", 2023), ("UA", "CH", 2006)],
)
def test_what_openalex_may_have_misread_is_marked(
    lake: Workspace, unit: str, partner: str, year: int
) -> None:
    affinity = lake.table("affinity")
    row = affinity.filter(
        (affinity.register == "matrix")
        & (affinity.unit_id == unit)
        & (affinity.partner_id == partner)
        & affinity.year.between(year, year)
    )

    assert row.to_pyarrow()["artifact"].to_pylist() != [None]


def test_china_and_the_united_states_are_no_artifact(lake: Workspace) -> None:
    affinity = lake.table("affinity")
    pair = affinity.filter((affinity.unit_id == "US") & (affinity.partner_id == "CN"))

    assert int(pair.count().execute()) > 0
    assert int(pair.filter(pair.artifact.notnull()).count().execute()) == 0


def test_fractional_counts_of_published_tables_add_up_to_the_world() -> None:
    with (SAMPLES / "ncses" / "spbs_91_artificial_intelligence.csv").open(
        encoding="utf-8"
    ) as lines:
        listed = list(csv.DictReader(lines))
    statistics: list[world.Row] = [
        {
            "register": "ncses",
            "snapshot_on": "2023-04-30",
            "scope": "census",
            "definition_id": "ncses-published",
            "unit_type": "world" if number == 0 else "country",
            "unit_id": "WORLD" if number == 0 else f"{number}",
            "scheme": "all",
            "field_id": "all",
            "year": 2022,
            "measure": "output",
            "counting": counting,
            "value": float(row[column]),
        }
        for number, row in enumerate(listed)
        for counting, column in (
            ("full", "number_of_papers_whole_"),
            ("fractional", "number_of_papers_fractional_"),
        )
    ]
    con = ibis.duckdb.connect()
    built = world.build(con, world.world([], statistics=statistics))
    volumes = volume(built["unit_cells"], built["registers"], built["definitions"])
    countries = volumes.filter(volumes.unit_type == "country")
    sums = {
        row["counting"]: row["p"]
        for row in countries.group_by("counting").agg(p=countries.p.sum()).to_pyarrow().to_pylist()
    }

    assert sums["fractional"] == pytest.approx(957_932.2, rel=1e-6)
    assert sums["full"] == 1_151_082
    assert _one(volumes, "p", unit_id="WORLD", counting="fractional") == 957_932.0


def test_rfcs_are_7193_with_a_country_and_2587_international(lake: Workspace) -> None:
    works = lake.table("works")
    sets = lake.table("country_sets")
    rfcs = works.filter(works.register == "rfc").inner_join(sets, "country_set_id")

    assert int(rfcs.filter(rfcs.country_codes.length() >= 1).count().execute()) == 7_193
    assert int(rfcs.filter(rfcs.country_codes.length() >= 2).count().execute()) == 2_587


def test_rfcs_hold_90635_references_of_which_one_leads_nowhere(lake: Workspace) -> None:
    references = lake.table("unresolved_citations")

    assert _one(references, "n_references", register="rfc") == 90_635
    assert _one(references, "n_unresolved", register="rfc") == 1


@pytest.mark.parametrize(("first", "last", "share"), [(2005, 2009, 0.009), (2015, 2019, 0.140)])
def test_chinas_share_of_rfcs_with_a_country_and_its_bounds(
    lake: Workspace, first: int, last: int, share: float
) -> None:
    volumes = lake.table("volume")
    rfcs = volumes.filter(
        (volumes.register == "rfc")
        & (volumes.scheme == "all")
        & (volumes.counting == "full")
        & volumes.year.between(first, last)
    )
    works = lake.table("works")
    listed = works.filter((works.register == "rfc") & works.year.between(first, last))
    placed = int(listed.filter(listed.country_set_id > 0).count().execute())
    open_ended = listed.filter((listed.n_authors_unknown > 0) | (listed.n_authors == 0))
    china = float(rfcs.filter(rfcs.unit_id == "CN").p.sum().execute())
    world_total = float(rfcs.filter(rfcs.unit_id == "WORLD").p.sum().execute())

    assert round(china / placed, 3) == share
    least = china / world_total
    most = (china + int(open_ended.count().execute())) / world_total
    assert least <= china / placed <= most


def test_the_openalex_corpus_is_527_works_273_placed_79_international(lake: Workspace) -> None:
    works = lake.table("works")
    sets = lake.table("country_sets")
    corpus = works.filter(works.register == "openalex").inner_join(sets, "country_set_id")
    codes = corpus.select(code=corpus.country_codes.unnest())

    assert int(corpus.count().execute()) == 527
    assert int(corpus.filter(corpus.country_codes.length() >= 1).count().execute()) == 273
    assert int(corpus.filter(corpus.country_codes.length() >= 2).count().execute()) == 79
    assert int(codes.code.nunique().execute()) == 61


def test_openalex_counts_the_same_countries_in_498_of_500_works(lake: Workspace) -> None:
    works = lake.table("works")
    sets = lake.table("country_sets")
    counted = works.filter(works.n_countries_reported.notnull()).inner_join(sets, "country_set_id")
    is_equal = counted.country_codes.length() == counted.n_countries_reported.cast("int64")

    assert int(counted.count().execute()) == 500
    assert int(counted.filter(is_equal).count().execute()) == 498
    assert counted.filter(~is_equal).is_authors_truncated.to_pyarrow().to_pylist() == [True, True]


def test_no_invented_record_is_among_the_works(lake: Workspace) -> None:
    works, titles = lake.table("works"), lake.table("work_titles")
    corpus = works.filter(works.register == "openalex").inner_join(titles, "work_id")

    assert int(corpus.filter(corpus.title.lower().contains("mock work")).count().execute()) == 0
    assert int(corpus.filter(corpus.work_key % 1_000_000_000 == 0).count().execute()) == 0


def test_impact_of_a_corpus_is_not_computable_and_says_why(lake: Workspace) -> None:
    impact = lake.table("impact")
    corpus = impact.filter(impact.register == "openalex")

    assert int(corpus.count().execute()) > 0
    assert int(corpus.filter(corpus.mncs.notnull()).count().execute()) == 0
    assert set(corpus.to_pyarrow()["not_computable"].to_pylist()) == {
        "the register is a corpus and no outside baseline is named"
    }


def test_the_matrix_shows_counts_and_refuses_shares(lake: Workspace) -> None:
    collaborations = lake.table("collaboration")
    matrix = collaborations.filter(
        (collaborations.register == "matrix") & (collaborations.year == 2023)
    )

    assert _one(matrix, "p_int_collab", unit_id="US") == 405_719
    assert _one(matrix, "p_int_collab", unit_id="CN") == 237_887
    assert int(matrix.filter(matrix.pp_int_collab.notnull()).count().execute()) == 0


def test_china_and_the_united_states_are_the_top_pair_of_2023(lake: Workspace) -> None:
    pairs = lake.table("pair_cells")
    listed = pairs.filter((pairs.register == "matrix") & (pairs.year == 2023))
    top = listed.order_by(listed.p.desc()).limit(2).to_pyarrow().to_pylist()

    assert {row["unit_id"] for row in top} == {"CN", "US"}
    assert {row["p"] for row in top} == {72_794.0}


def test_namibia_is_a_country_and_kosovo_too(lake: Workspace) -> None:
    assert lake.unit_ids(["NA", "Namibia", "Kosovo"]) == ("NA", "NA", "XK")
