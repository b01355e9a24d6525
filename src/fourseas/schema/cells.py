"""Cells: the small tables that indicators read, computed from works or loaded as published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import ibis.expr.types as ir

from fourseas.schema.table import Column, Law, TableSpec

CollaborationClass = Literal["domestic", "intra_group", "international", "unknown", "unstated"]
UnitType = Literal["country", "group", "organization", "world", "unknown"]
Counting = Literal["full", "fractional"]
COUNTINGS: tuple[Counting, ...] = ("full", "fractional")

ALL = "all"
"""The scheme, and its only field, that every work belongs to."""

SITE_SCHEME = "3gpp_site"
NOT_PRINTED = "not-printed"
"""The scheme of countries that employers of 3GPP print as their site, and its field for none."""

CONSERVED = 1e-9
"""What a sum over works may miss, as a part of it, by rounding alone."""

LONG_KM = 5000.0
"""From here on a distance is long, as in the Leiden Ranking. The procedure that it is computed by
has 1000 km where nothing is said: the two are different measures."""

LONG: tuple[tuple[str, Literal["works", "credit"], str], ...] = (
    ("n_long", "works", "Works with a known distance"),
    ("credit_long", "credit", "Credit in works with a known distance"),
    ("n_long_open", "works", "Works that lack coordinates of some organization, yet"),
    ("credit_long_open", "credit", "Credit in works that lack coordinates, yet"),
)

PROVENANCE = (
    Column("register", "string", "code", "The register that the number comes from."),
    Column("snapshot_on", "string", "date", "Date of its snapshot."),
    Column("scope", "string", "category", "census, partial, sample or corpus."),
    Column("definition_id", "string", "code", "The definition by which it was counted."),
)

UNIT = (
    Column("unit_type", "string", "category", "country, group, organization, world or unknown."),
    Column(
        "unit_id",
        "string",
        "code",
        "ISO alpha-2, group, WORLD, UNKNOWN, or of an organization its ROR id, else register:key.",
    ),
)

PLACE = (
    Column("scheme", "string", "code", "Classification of fields; all for no division."),
    Column("field_id", "string", "id", "Field within the scheme."),
    Column("year", "int16", "year", "Year of publication."),
)

CELL_COLUMNS = (*PROVENANCE, *UNIT, *PLACE)
CELL_KEY = tuple(column.name for column in CELL_COLUMNS)

IMPACTS = ("ncs", "top_10", "top_1")
"""Scores of a work: normalised citation score, and its weight in the top 10% and top 1%."""

PAIR_IMPACTS = ("ncs", "top_10")
"""Scores that pairs are summed by; the joint works of two countries in the top 1% are few."""

ROLES = ("first", "last", "corresponding")
"""Leads of a work."""

SCORED = (
    Column("n_scored", "float64", "works", "Works with impact scores.", nullable=True),
    Column("credit_scored", "float64", "credit", "Credit in these.", nullable=True),
    Column("credit2_scored", "float64", "score", "Sum of squared credits.", nullable=True),
)


def _sums_of(scores: Iterable[str]) -> tuple[Column, ...]:
    """Return the sums by which means of scores and their intervals are told."""
    return tuple(
        Column(f"{score}_{suffix}", "float64", "score", meaning, nullable=True)
        for score in scores
        for suffix, meaning in (
            ("full", f"Sum of {score} over works."),
            ("full2", f"Sum of {score} squared."),
            ("frac", f"Sum of credit x {score}."),
            ("cross", f"Sum of credit squared x {score}."),
            ("frac2", f"Sum of (credit x {score}) squared."),
        )
    )


def _unbalanced_places(unit_cells: ir.Table) -> ir.Table:
    """Return places where countries and unknown do not hold the credit of the world.

    Only cells that were counted here are bound by it: published figures are rounded.
    """
    counted = unit_cells.filter(unit_cells["first"].notnull())
    is_part = counted.unit_type.isin(["country", "unknown"])
    places = counted.group_by(
        "register", "definition_id", "scheme", "field_id", "year", "stratum"
    ).agg(
        parts=counted.credit.sum(where=is_part).fill_null(0.0),
        whole=counted.credit.sum(where=counted.unit_type == "world").fill_null(0.0),
    )
    return places.filter((places.parts - places.whole).abs() > CONSERVED * places.whole)


UNIT_CELLS = TableSpec(
    name="unit_cells",
    grain="one row per unit, stratum, field, year, collaboration class and definition",
    key=(*CELL_KEY, "stratum", "collaboration_class"),
    columns=(
        *CELL_COLUMNS,
        Column("stratum", "string", "category", "core or xpac."),
        Column(
            "collaboration_class",
            "string",
            "category",
            "domestic, intra_group, international, unknown (a country is missing), or "
            "unstated (the register publishes no division).",
        ),
        Column("n", "float64", "works", "Works with an author in the unit (full counting)."),
        Column(
            "credit", "float64", "credit", "Author-fractional credit of the unit.", nullable=True
        ),
        Column(
            "n_double",
            "float64",
            "works",
            "International, but all authors share a country; null for groups and organizations.",
            nullable=True,
        ),
        Column(
            "n_truncated", "float64", "works", "Works whose author list was cut off.", nullable=True
        ),
        Column("n_retracted", "float64", "works", "Retracted works.", nullable=True),
        Column("n_oa", "float64", "works", "Free to read somewhere.", nullable=True),
        Column(
            "n_oa_known",
            "float64",
            "works",
            "Works whose access is known.",
            nullable=True,
        ),
        Column(
            "n_funded",
            "float64",
            "works",
            "Works that name who paid for them; null where the register names nobody.",
            nullable=True,
        ),
        Column(
            "n_distance",
            "float64",
            "works",
            "Works all of whose organizations have coordinates: their distance is known.",
            nullable=True,
        ),
        Column("credit_distance", "float64", "credit", "Credit in these.", nullable=True),
        Column("distance_full", "float64", "km", "Sum of their distances.", nullable=True),
        Column("distance_frac", "float64", "km", "Sum of credit x distance.", nullable=True),
        *(
            Column(name, "float64", unit, f"{meaning} of at least {LONG_KM:g} km.", nullable=True)
            for name, unit, meaning in LONG
        ),
        Column("first", "float64", "works", "Works led as first author.", nullable=True),
        Column("last", "float64", "works", "Works led as last author.", nullable=True),
        Column("corresponding", "float64", "works", "Led as corresponding.", nullable=True),
        Column(
            "n_first_known",
            "float64",
            "works",
            "Its first author is placed.",
            nullable=True,
        ),
        Column(
            "n_last_known",
            "float64",
            "works",
            "Its last author is placed.",
            nullable=True,
        ),
        Column(
            "n_corresponding_known",
            "float64",
            "works",
            "Works whose corresponding author is known and placed.",
            nullable=True,
        ),
        *(
            Column(
                f"part_{role}_known",
                "float64",
                "credit",
                "In these, the unit's part of the credit of all countries (or organizations).",
                nullable=True,
            )
            for role in ROLES
        ),
        *SCORED,
        Column(
            "credit_cited",
            "float64",
            "credit",
            "Of credit_scored, that in works cited at least once in the definition's window.",
            nullable=True,
        ),
        *_sums_of(IMPACTS),
    ),
    laws=(Law("countries and unknown hold the credit of the world", _unbalanced_places),),
)

FUNDING_CELLS = TableSpec(
    name="funding_cells",
    grain="one row per country of authors, country of funders, field, year and definition",
    key=(*CELL_KEY, "partner_id"),
    columns=(
        *CELL_COLUMNS,
        Column("partner_id", "string", "code", "Country of the funders, or UNKNOWN."),
        Column("p", "float64", "works", "Works, each divided equally among its funders."),
        Column("p_joined", "float64", "works", "Of p, by funders found as organizations."),
        Column("p_frac", "float64", "credit", "The same of the authors' country's credit."),
    ),
)

PAIR_CELLS = TableSpec(
    name="pair_cells",
    grain="one row per ordered pair of two units, field, year and definition",
    key=(
        "register",
        "snapshot_on",
        "scope",
        "definition_id",
        "unit_type",
        "unit_id",
        "partner_id",
        "scheme",
        "field_id",
        "year",
    ),
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The other unit, of the same type."),
        *PLACE,
        Column("p", "float64", "works", "Works with authors in both (full counting)."),
        Column("p_newman", "float64", "credit", "Sum of 1/(countries - 1).", nullable=True),
        Column(
            "p_harmonic",
            "float64",
            "credit",
            "Sum of 2ab/(a + b) of credits.",
            nullable=True,
        ),
        Column("credit", "float64", "credit", "Credit of the unit in these.", nullable=True),
        Column("partner_credit", "float64", "credit", "Of the partner.", nullable=True),
        *(
            Column(name, "float64", "works", meaning, nullable=True)
            for role in ROLES
            for name, meaning in (
                (f"{role}_unit", f"Led by the unit as {role} author."),
                (f"{role}_partner", "By the partner."),
                (f"n_{role}_known", f"Its {role} author is known and placed."),
            )
        ),
        *SCORED,
        *_sums_of(PAIR_IMPACTS),
    ),
)

TOPIC_CELLS = TableSpec(
    name="topic_cells",
    grain="one row per country, organization or world, topic, year and default definition",
    key=CELL_KEY,
    columns=(
        *CELL_COLUMNS,
        Column("n", "float64", "works", "Works on the topic (full counting)."),
        Column("credit", "float64", "credit", "Author-fractional credit of the unit."),
        Column("credit_scored", "float64", "credit", "Credit in works with impact scores."),
        Column("top_10_frac", "float64", "score", "Sum of credit x top_10."),
        Column("top_1_frac", "float64", "score", "Sum of credit x top_1."),
    ),
)

ORGANIZATION_PAIRS = TableSpec(
    name="organization_pairs",
    grain="one row per unordered pair of organizations, year and default definition",
    key=(*(column.name for column in PROVENANCE), "unit_id", "partner_id", "year"),
    columns=(
        *PROVENANCE,
        Column("unit_id", "string", "code", "ROR id, else register:key; the lesser of the two."),
        Column("partner_id", "string", "code", "The other organization."),
        Column("year", "int16", "year", "Year of publication."),
        Column("p", "float64", "works", "Works that both sign (full counting)."),
    ),
)

CITATION_INDEX_CELLS = TableSpec(
    name="citation_index_cells",
    grain="one row per citing and cited unit, field and year, as published",
    key=(
        "register",
        "snapshot_on",
        "scope",
        "definition_id",
        "unit_type",
        "unit_id",
        "partner_id",
        "scheme",
        "field_id",
        "year",
    ),
    columns=(
        *PROVENANCE,
        Column("unit_type", "string", "category", "country."),
        Column("unit_id", "string", "code", "The citing unit."),
        Column("partner_id", "string", "code", "The cited unit."),
        *PLACE,
        Column(
            "relative_citation_index",
            "float64",
            "index",
            "Share of the unit's citations that go to the partner by the partner's share of "
            "works; 1 where there is no preference.",
            nullable=True,
        ),
    ),
)
