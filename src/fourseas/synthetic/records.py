"""Records of a synthetic world as OpenAlex writes them, in three generations of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourseas.synthetic.columns import address, joined, lists, struct, taken, text
from fourseas.synthetic.draws import Integers, below, chosen
from fourseas.synthetic.unread import unread
from fourseas.synthetic.world import NOBODY, Authors, Works, World, identity

Schema = Literal["2023", "2024", "walden"]
SCHEMAS: tuple[Schema, ...] = ("2023", "2024", "walden")

Keys = Literal["read", "all"]
"""Keys of a record: those that are read, or those beside them too."""

LISTED_AUTHORS = 100
"""Authors that are left of a list that was cut off."""

KINDS: Mapping[str, float] = {
    "article": 0.68,
    "book-chapter": 0.09,
    "preprint": 0.07,
    "review": 0.05,
    "dataset": 0.04,
    "dissertation": 0.03,
    "book": 0.02,
    "other": 0.02,
}
OLD_KINDS = {
    "article": "journal-article",
    "review": "journal-article",
    "preprint": "posted-content",
}
"""What the schema of 2023 calls them, after Crossref."""

LANGUAGES: Mapping[str | None, float] = {
    "en": 0.80,
    "zh": 0.03,
    "es": 0.03,
    "fr": 0.02,
    "de": 0.02,
    "pt": 0.02,
    None: 0.08,
}
VENUES: Mapping[str | None, float] = {
    "journal": 0.70,
    "repository": 0.10,
    "conference": 0.06,
    None: 0.14,
}
IMPOSSIBLE_YEARS = (2202, 1, 0, None)
SECOND_INSTITUTION = 0.06
CORRESPONDING_KNOWN = 0.6
OPEN_ACCESS = 0.45
WITH_DOI = 0.85
FUNDED = 0.12
FUNDERS = 500
MOST_INSTITUTIONS = 400
WORKS_OF_INSTITUTION = 3_000
INSTITUTIONS_OF_COUNTRY = 1_000
KINDS_OF_INSTITUTION = ("education", "company", "government", "facility", "healthcare")


@dataclass(frozen=True, slots=True)
class Institutions:
    """Institutions of a world: each country has some, by its size."""

    sizes: Integers

    @classmethod
    def of(cls, world: World) -> Institutions:
        """Return how many each country has."""
        mass = world.margins.mass.sum(axis=0)
        return cls(np.clip(mass // WORKS_OF_INSTITUTION, 1, MOST_INSTITUTIONS).astype(np.int64))

    def numbers(self) -> Integers:
        """Return the number of each."""
        return np.concatenate(
            [
                place * INSTITUTIONS_OF_COUNTRY + np.arange(size)
                for place, size in enumerate(self.sizes)
            ]
        )


def works(
    world: World,
    numbers: Integers,
    schema: Schema,
    keys: Keys = "read",
    *,
    is_older: bool = False,
) -> pa.Table:
    """Return the records of works; of older versions of them, if so, which nothing should count.

    An older version has another date of update, no citations and a year of its own.
    """
    of = world.works(numbers)
    authors = world.authors(of)
    columns = _described(world, of, is_older=is_older)
    columns |= _written(world, of, authors, schema)
    columns |= _cited(world, of)
    columns |= _classified(world, of, schema)
    columns |= _funded(world, of, schema)
    if schema == "walden":
        columns["is_xpac"] = pa.array(world.draw("xpac", numbers) < world.planted.xpac)
    if keys == "all":
        columns |= unread(world, of)
    return pa.table(columns)


def institutions(world: World) -> pa.Table:
    """Return the records of institutions, near the capitals of their countries."""
    numbers = Institutions.of(world).numbers()
    country = numbers // INSTITUTIONS_OF_COUNTRY
    codes = taken(world.margins.countries, country)
    spread = [(world.draw(f"near {axis}", numbers) - 0.5) * 4 for axis in ("north", "east")]
    latitude = np.clip(world.margins.latitudes[country] + spread[0], -89.0, 89.0)
    longitude = (world.margins.longitudes[country] + spread[1] + 180.0) % 360.0 - 180.0
    return pa.table(
        {
            "id": address("I", _institution_key(numbers)),
            "ror": joined("https://ror.org/0", text(_institution_key(numbers))),
            "display_name": joined("Institution ", text(numbers), " of ", codes),
            "type": taken(KINDS_OF_INSTITUTION, numbers % len(KINDS_OF_INSTITUTION)),
            "country_code": codes,
            "geo": struct(
                country_code=codes,
                city=joined("City ", text(numbers)),
                latitude=pa.array(latitude),
                longitude=pa.array(longitude),
            ),
        }
    )


def topics(world: World) -> pa.Table:
    """Return the records of topics, which are those of OpenAlex."""
    table = world.margins.topics
    return pa.table(
        {"id": table.id.tolist(), "display_name": table["name"].tolist()}
        | {level: _level(table, level) for level in ("subfield", "field", "domain")}
    )


def _described(world: World, of: Works, *, is_older: bool) -> dict[str, pa.Array]:
    """Return what a record says of the work as such."""
    numbers = of.numbers
    keys = identity(numbers, world.seed)
    year: pa.Array = pa.array(world.margins.years[of.years])
    is_impossible = world.draw("impossible", numbers) < world.planted.impossible
    wrong = taken(IMPOSSIBLE_YEARS, below(len(IMPOSSIBLE_YEARS), world.draw("wrong", numbers)))
    year = pc.if_else(pa.array(is_impossible), wrong.cast(pa.int64()), year)
    title = joined("Work ", text(numbers), " on topic ", text(of.topics))
    doi = joined("https://doi.org/10.5555/", text(keys))
    has_doi = world.draw("doi", numbers) < WITH_DOI
    age = len(world.margins.years) - of.years
    citations = world.attraction(of) * -np.log1p(-world.draw("citations", numbers)) * age
    updated = "2024-01-01" if is_older else "2025-06-01"
    n_works = len(numbers)
    return {
        "id": address("W", keys),
        "doi": pc.if_else(pa.array(has_doi), doi, pa.scalar(None, pa.string())),
        "title": title,
        "display_name": title,
        "publication_year": pc.subtract(year, 1) if is_older else year,
        "language": _drawn(world, "language", LANGUAGES, numbers),
        "primary_location": struct(source=struct(type=_drawn(world, "venue", VENUES, numbers))),
        "open_access": struct(is_oa=pa.array(world.draw("open access", numbers) < OPEN_ACCESS)),
        "is_retracted": pa.array(world.draw("retracted", numbers) < world.planted.retracted),
        "cited_by_count": pa.array(
            np.zeros(n_works, np.int64) if is_older else below(1, citations)
        ),
        "updated_date": pa.array([updated] * n_works),
    }


def _written(world: World, of: Works, authors: Authors, schema: Schema) -> dict[str, pa.Array]:
    """Return the type, the authors and how many countries they are of."""
    kinds = _drawn(world, "kind", KINDS, of.numbers)
    n_authors = np.bincount(authors.work, minlength=len(of.numbers))
    is_cut = (n_authors > LISTED_AUTHORS) & (
        world.draw("truncated", of.numbers) < world.planted.truncated
    )
    listed = ~(is_cut[authors.work] & (authors.position >= LISTED_AUTHORS))
    kept = Authors(
        authors.work[listed],
        authors.position[listed],
        authors.country[listed],
        authors.person[listed],
    )
    found = {
        "type": kinds,
        "authorships": _authorships(world, of, kept, n_authors, schema),
    }
    if schema == "2023":
        old = [OLD_KINDS.get(kind, kind) for kind in KINDS]
        return found | {"type": taken(old, pc.index_in(kinds, pa.array(list(KINDS))).to_numpy())}
    placed = kept.country != NOBODY
    pairs = np.unique(np.stack([kept.work[placed], kept.country[placed]], axis=1), axis=0)
    n_countries = np.bincount(pairs[:, 0], minlength=len(of.numbers))
    return found | {
        "is_authors_truncated": pa.array(is_cut),
        "countries_distinct_count": pa.array(n_countries),
    }


def _authorships(
    world: World, of: Works, authors: Authors, n_authors: Integers, schema: Schema
) -> pa.ListArray:
    own = of.numbers[authors.work] * 4_096 + authors.position
    is_last = authors.position == n_authors[authors.work] - 1
    place = np.where(authors.position == 0, 0, np.where(is_last, 2, 1))
    sizes = Institutions.of(world).sizes
    n_institutions = np.where(
        authors.country == NOBODY,
        0,
        1 + (world.draw("second institution", own) < SECOND_INSTITUTION),
    )
    row = np.repeat(np.arange(len(own)), n_institutions)
    which = np.arange(len(row)) - np.repeat(
        np.cumsum(n_institutions) - n_institutions, n_institutions
    )
    draws = world.draw("institution", own[row] * 2 + which) ** 2
    country = authors.country[row]
    number = country * INSTITUTIONS_OF_COUNTRY + below(sizes[country], draws)
    codes = taken(world.margins.countries, country)
    ids = address("I", _institution_key(number))
    listed = {
        "author_position": taken(("first", "middle", "last"), place),
        "author": struct(
            id=address("A", 5_000_000_000 + authors.person),
            display_name=joined("Author ", text(authors.person)),
        ),
        "institutions": lists(
            n_institutions,
            struct(
                id=ids,
                display_name=joined("Institution ", text(number), " of ", codes),
                country_code=codes,
            ),
        ),
    }
    if schema != "2023":
        is_known = world.draw("corresponding", of.numbers) < CORRESPONDING_KNOWN
        n_countries = (authors.country != NOBODY).astype(np.int64)
        listed |= {
            "is_corresponding": pa.array((authors.position == 0) & is_known[authors.work]),
            "countries": lists(
                n_countries,
                taken(world.margins.countries, authors.country[authors.country != NOBODY]),
            ),
            "affiliations": lists(
                n_institutions, struct(institution_ids=lists(np.ones(len(row), np.int64), ids))
            ),
        }
    return lists(np.bincount(authors.work, minlength=len(of.numbers)), struct(**listed))


def _cited(world: World, of: Works) -> dict[str, pa.Array]:
    citing, cited = world.references(of)
    n_references = np.bincount(citing, minlength=len(of.numbers))
    return {
        "referenced_works_count": pa.array(n_references),
        "referenced_works": lists(n_references, address("W", identity(cited, world.seed))),
    }


def _classified(world: World, of: Works, schema: Schema) -> dict[str, pa.Array]:
    """Return the topic of a work, which the schema of 2023 did not know."""
    if schema == "2023":
        return {}
    table = world.margins.topics
    levels = {
        name: _level(table, name).take(pa.array(of.topics))
        for name in ("subfield", "field", "domain")
    }
    topic = {
        "id": taken(table.id.tolist(), of.topics),
        "display_name": taken(table["name"].tolist(), of.topics),
    }
    return {"primary_topic": struct(**topic, **levels)}


def _funded(world: World, of: Works, schema: Schema) -> dict[str, pa.Array]:
    """Return who paid: `grants` in 2024, `funders` and `awards` in the present schema."""
    if schema == "2023":
        return {}
    is_funded = world.draw("funded", of.numbers) < FUNDED
    funder = below(FUNDERS, world.draw("funder", of.numbers[is_funded]) ** 2)
    funder_id = address("F", 4_320_000_000 + funder)
    name = joined("Funder ", text(funder))
    award = joined("A-", text(of.numbers[is_funded]))
    counts = is_funded.astype(np.int64)
    if schema == "2024":
        grant = struct(funder=funder_id, funder_display_name=name, award_id=award)
        return {"grants": lists(counts, grant)}
    return {
        "funders": lists(counts, struct(id=funder_id, display_name=name)),
        "awards": lists(
            counts,
            struct(funder_id=funder_id, funder_display_name=name, funder_award_id=award),
        ),
    }


def _level(table: object, level: str) -> pa.StructArray:
    """Return ids and names of a level above topics."""
    ids, names = (getattr(table, f"{level}_{part}").tolist() for part in ("id", "name"))
    return struct(id=pa.array(ids), display_name=pa.array(names))


def _institution_key(numbers: Integers) -> Integers:
    return 4_200_000_000 + numbers


def _drawn(
    world: World,
    purpose: str,
    weights: Mapping[str, float] | Mapping[str | None, float],
    numbers: Integers,
) -> pa.Array:
    """Return words drawn by their weights."""
    shares = np.array(list(weights.values()))
    return taken(list(weights), chosen(shares, world.draw(purpose, numbers)))
