"""Definitions: the choices behind a number, as rows that can be listed, switched and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from fourseas.schema.cells import ALL
from fourseas.schema.table import Column, TableSpec, arrow_schema

Territory = Literal["iso", "cwts"]
Denominator = Literal["decided", "all", "none"]

FORMER_TERRITORIES: dict[Territory, dict[str, str]] = {
    "iso": {},
    "cwts": {"HK": "CN", "MO": "CN"},
}
"""What each policy counts under another country; all else counts under itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The choices behind a number.

    Attributes
    ----------
    definition_id
        By which users ask for it.
    title
        One line.
    computed
        Whether fourseas counts by it, or a publisher did.
    is_default
        Whether it is shown when no definition is asked for.
    registers
        Registers whose works are counted; empty for all.
    kinds
        Kinds of works that are counted; empty for all.
    languages
        Languages that are counted; empty for all.
    excludes_retracted
        Whether retracted works are left out.
    needs
        What a work must have: ``authors``, ``affiliations``, ``references``.
    includes_xpac
        Whether OpenAlex's expansion set is counted.
    territory
        Policy by which territories count for countries.
    denominator
        What an international share is a share of: works whose class is ``decided``, ``all``
        works, or ``none`` where only international works are counted.
    citation_window
        Years in which citations are counted, that of publication included; null for the
        citations that the register reports to date.
    normalization_scheme
        Classification within which impact is normalised, beside year and kind.
    reproduces, omits
        What of its model it keeps and what not.
    source
        Where the model is published.
    """

    definition_id: str
    title: str
    computed: bool
    is_default: bool
    registers: tuple[str, ...]
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    excludes_retracted: bool
    needs: tuple[Literal["authors", "affiliations", "references"], ...]
    includes_xpac: bool
    territory: Territory
    denominator: Denominator
    citation_window: int | None
    normalization_scheme: str
    reproduces: str
    omits: str
    source: str


SCHOLARLY_KINDS = (
    "article",
    "book",
    "book-chapter",
    "conference-paper",
    "dataset",
    "dissertation",
    "editorial",
    "erratum",
    "letter",
    "other",
    "preprint",
    "report",
    "review",
    "software",
)

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        definition_id="openalex",
        title="All scholarly works of the register, territories as in ISO 3166-1",
        computed=True,
        is_default=True,
        registers=(),
        kinds=SCHOLARLY_KINDS,
        languages=(),
        excludes_retracted=False,
        needs=(),
        includes_xpac=False,
        territory="iso",
        denominator="decided",
        citation_window=None,
        normalization_scheme="openalex_subfield",
        reproduces=(
            "OpenAlex's core set, its countries of authorships and its citation counts to date; "
            "subfield, year and kind as cells of normalisation, as for its FWCI."
        ),
        omits="FWCI's window of four years; normalisation over several topics of one work.",
        source="https://docs.openalex.org/api-entities/works/work-object",
    ),
    Definition(
        definition_id="ncses-like",
        title="Articles, reviews and conference papers, shares of all works, three-year window",
        computed=True,
        is_default=False,
        registers=(),
        kinds=("article", "review", "conference-paper"),
        languages=(),
        excludes_retracted=False,
        needs=("affiliations",),
        includes_xpac=False,
        territory="iso",
        denominator="all",
        citation_window=3,
        normalization_scheme="openalex_subfield",
        reproduces=(
            "Whole and fractional counting, international works as a share of all works, tie "
            "rule of the top 1%, citations in three years with that of publication."
        ),
        omits="The Scopus selection of journals and proceedings; the 14 NCSES fields.",
        source="https://ncses.nsf.gov/pubs/nsb202333/technical-appendix",
    ),
    Definition(
        definition_id="cwts-like",
        title="English articles and reviews with authors, addresses and references; HK, MO in CN",
        computed=True,
        is_default=False,
        registers=(),
        kinds=("article", "review"),
        languages=("en",),
        excludes_retracted=True,
        needs=("authors", "affiliations", "references"),
        includes_xpac=False,
        territory="cwts",
        denominator="all",
        citation_window=5,
        normalization_scheme="openalex_subfield",
        reproduces=(
            "Author-fractional counting with lost credit, Hong Kong and Macao in China, works "
            "without a country as not international, tie rule of the top shares."
        ),
        omits=(
            "Core sources, clusters of publications as fields, exclusion of author "
            "self-citations, one closing year for all citations of a period."
        ),
        source="https://github.com/CWTSLeiden/CWTS-Leiden-Ranking-Open-Edition",
    ),
    Definition(
        definition_id="standards",
        title="All documents of a standards register, citations of five years by later standards",
        computed=True,
        is_default=True,
        registers=("rfc", "3gpp"),
        kinds=("standard",),
        languages=(),
        excludes_retracted=False,
        needs=(),
        includes_xpac=False,
        territory="iso",
        denominator="decided",
        citation_window=5,
        normalization_scheme=ALL,
        reproduces=(
            "RFCs: authors' addresses as printed, the closed graph of references. 3GPP: the head "
            "office of the rapporteur's employer."
        ),
        omits=(
            "Drafts, change requests, chairs and reviewers; countries from e-mail addresses; the "
            "secretariat of 3GPP in France."
        ),
        source="https://www.rfc-editor.org/",
    ),
    Definition(
        definition_id="patents",
        title="All granted patents of a register, citations of five years by later patents",
        computed=True,
        is_default=True,
        registers=("uspto",),
        kinds=("patent",),
        languages=(),
        excludes_retracted=False,
        needs=(),
        includes_xpac=False,
        territory="iso",
        denominator="decided",
        citation_window=5,
        normalization_scheme="cpc_section",
        reproduces=(
            "Counts by country of residence of the inventors and year of grant, whole and "
            "fractional, and co-invention as the OECD counts it."
        ),
        omits=(
            "Families, so that inventions filed in several offices count in each; the year of "
            "priority; owners, who are kept beside."
        ),
        source="https://doi.org/10.1787/9789264056442-en",
    ),
    Definition(
        definition_id="ncses-published",
        title="Figures as published by NCSES, from Scopus",
        computed=False,
        is_default=True,
        registers=("ncses",),
        kinds=(),
        languages=(),
        excludes_retracted=False,
        needs=(),
        includes_xpac=False,
        territory="iso",
        denominator="all",
        citation_window=3,
        normalization_scheme="ncses",
        reproduces="The published tables SPBS-2 to SPBS-84, rounded as they are.",
        omits="Records behind the figures, so no stability intervals.",
        source="https://ncses.nsf.gov/pubs/nsb202333/",
    ),
    Definition(
        definition_id="matrix-published",
        title="Co-authorship of countries in all of OpenAlex as queried in August 2024",
        computed=False,
        is_default=True,
        registers=("matrix",),
        kinds=(),
        languages=(),
        excludes_retracted=False,
        needs=(),
        includes_xpac=False,
        territory="iso",
        denominator="none",
        citation_window=None,
        normalization_scheme=ALL,
        reproduces="Works with two countries or more, by country and by pair, full counting.",
        omits="Works of one country, so no shares; fields; the world's total.",
        source="https://github.com/bavla/OpenAlex",
    ),
)
"""All definitions, in the order in which they are shown."""

DEFINITION_ROWS = TableSpec(
    name="definitions",
    grain="one row per definition",
    key=("definition_id",),
    columns=(
        Column("definition_id", "string", "code", "By which users ask for it."),
        Column("title", "string", "text", "One line."),
        Column("computed", "boolean", "flag", "Counted here, not by a publisher."),
        Column("is_default", "boolean", "flag", "Shown when no definition is asked for."),
        Column(
            "territory",
            "string",
            "code",
            "Policy by which territories count for countries.",
        ),
        Column("denominator", "string", "category", "decided, all or none."),
        Column(
            "citation_window",
            "int16",
            "count",
            "Years of citations counted.",
            nullable=True,
        ),
        Column(
            "normalization_scheme",
            "string",
            "code",
            "Fields within which it normalises.",
        ),
        Column("reproduces", "string", "text", "What of its model it keeps."),
        Column("omits", "string", "text", "What of its model it does not keep."),
        Column("source", "string", "text", "Where the model is published."),
    ),
)


def definition_rows() -> pa.Table:
    """Return the definitions as the rows of their table."""
    names = DEFINITION_ROWS.column_names
    rows = [{name: getattr(definition, name) for name in names} for definition in DEFINITIONS]
    return pa.Table.from_pylist(rows, schema=arrow_schema(DEFINITION_ROWS))
