"""Random worlds with everything that goes wrong in registers, small enough to build in a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st
from ibis.backends.sql import SQLBackend

from fourseas.schema.step import Indicator
from fourseas.schema.table import TableSpec
from tests import world
from tests.flat import differences, flat, plain_sql
from tests.world import Author, Organization, Row, Work

COUNTRIES = ("CN", "CN", "US", "US", "HK", "DE", "FR", "GB", "KE")
KINDS = ("article", "article", "review", "conference-paper", "preprint", "dataset")
MEMBERSHIPS: tuple[Row, ...] = tuple(
    {
        "group_id": group,
        "group_name": group,
        "country_code": country,
        "first_year": 1,
        "last_year": last_year,
        "source": "test",
    }
    for group, country, last_year in (
        ("EU", "DE", 9999),
        ("EU", "FR", 9999),
        ("EU", "GB", 2019),
        ("OECD", "US", 9999),
        ("OECD", "DE", 9999),
        ("OECD", "FR", 9999),
        ("OECD", "GB", 9999),
    )
)
LEIDEN, BEIJING, BOSTON = (52.1601, 4.4970), (39.9042, 116.4074), (42.3601, -71.0589)
ORGANIZATIONS = {
    "leiden": Organization("027bh9e22", "Leiden University", "NL", *LEIDEN),
    "leyden": Organization("027bh9e22", "Leyden", "NL", *LEIDEN),
    "beijing": Organization("02v51f717", "Beijing University", "CN", *BEIJING),
    "boston": Organization(None, "City of Boston", "US", *BOSTON),
    "nowhere": Organization("05qwgg493", "City of Boston", "GB"),
}
"""Two keys of one organization, one without ROR id, one without a place; `firm` is undescribed."""

EMPLOYERS = (*ORGANIZATIONS, "firm")
YEARS = (2019, 2019, 2020, 2020, 2020, 2024, 2202, 1, None)
FUNDERS = ("Leiden University", "beijing university", "City of Boston", "A charity")
WITHOUT_ROWS = {"complementarity", "relatedness", "relatedness_density"}
"""Indicators of profiles of 30 works a year or more, which no country of a random world has."""

MOST_AUTHORS = 4
OF_REGISTER = ("snapshot_on", "scope")
OTHER_WORKS = 3
"""Works outside the lake that some refer to."""


@dataclass(frozen=True, slots=True)
class RandomWorld:
    """Works as they count, and older records of some of them that must leave no trace."""

    works: tuple[Work, ...]
    older: tuple[Work, ...] = ()

    def build(self, *specs: TableSpec) -> SQLBackend:
        """Build tables of the world on an engine of its own."""
        listed = [*self.older, *self.works]
        tables = world.world(listed, memberships=MEMBERSHIPS) | world.described(ORGANIZATIONS)
        return world.on_duckdb(tables, world.steps_to(*specs))

    def in_another_order(self) -> RandomWorld:
        """Return the same works, listed backwards and in three parts."""
        return RandomWorld(_apart(self.works), _apart(self.older))

    def measure(self, indicator: Indicator) -> list[Row]:
        """Return the rows of an indicator over this world."""
        return world.measure(self.build(*indicator.reads), indicator)

    def disagreements(self, indicator: Indicator) -> list[str]:
        """Say in what an indicator differs from its oracle; nothing where they agree."""
        con = self.build(*indicator.reads)
        expected = plain_sql(con, indicator.name, flat(self.works, MEMBERSHIPS, ORGANIZATIONS))
        key = [name for name in indicator.writes.key if name not in OF_REGISTER]
        return differences(world.measure(con, indicator), expected, key)


def _apart(works: tuple[Work, ...]) -> tuple[Work, ...]:
    return tuple(replace(work, part=f"part {work.key % 3}") for work in reversed(works))


def random_world(n_works: int, seed: int) -> RandomWorld:
    """Return the first works of the world that a seed leads to."""
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    works = tuple(_work(random, key, n_works) for key in range(1, n_works + 1))
    older = tuple(
        replace(work, authors=world.authors("JP", "?"), updated_on="2023-01-01", references=(1,))
        for work in works
        if random.random() < 0.1
    )
    return RandomWorld(works, older)


def worlds(most_works: int = 60) -> st.SearchStrategy[RandomWorld]:
    """Return the strategy of random worlds; a failing one shrinks to its first works."""
    return st.builds(random_world, st.integers(1, most_works), st.integers(0, 2**16))


def _work(random: Random, key: int, n_works: int) -> Work:
    is_standard = random.random() < 0.3
    two_fields = (("openalex_subfield", "1702", 0.5), ("openalex_subfield", "2611", 0.5))
    subfield = random.choice(("1702", "1702", "2611", None))
    return Work(
        key,
        tuple(_author(random) for _ in range(random.randint(0, MOST_AUTHORS))),
        year=random.choice(YEARS),
        kind="standard" if is_standard else random.choice(KINDS),
        register="rfc" if is_standard else random.choice(("openalex", "openalex", "bare")),
        subfield=subfield,
        fields=two_fields if subfield is None and random.random() < 0.5 else (),
        language=random.choice(("en", "en", "en", "zh", None)),
        cited_by_count=random.choice((None, 0, 0, 0, 1, 1, 2, 5, 12)),
        references=_references(random, n_works),
        n_references=random.choice((0, 1)),
        is_xpac=random.random() < 0.1,
        is_retracted=random.random() < 0.1,
        is_authors_truncated=random.random() < 0.1,
        is_oa=random.choice((None, False, True)),
        funders=tuple(sorted({random.choice(FUNDERS) for _ in range(random.choice((0, 0, 1, 2)))})),
    )


def _references(random: Random, n_works: int) -> tuple[int, ...]:
    cited = {random.randint(1, n_works + OTHER_WORKS) for _ in range(random.randint(0, 3))}
    return tuple(sorted(cited))


def _author(random: Random) -> Author:
    named = {random.choice(COUNTRIES) for _ in range(random.choice((0, 1, 1, 1, 2)))}
    kept = random.choice((1.0, 1.0, 1.0, 0.5))
    return Author(
        {country: kept / len(named) for country in sorted(named)},
        person=random.choice((None, *range(9))),
        is_corresponding=random.choice((None, False, True)),
        organizations=_employers(random, (*sorted(named), "?")),
    )


def _employers(random: Random, countries: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return organizations in some of the countries; none is in each of two."""
    free = list(EMPLOYERS)
    random.shuffle(free)
    found = {c: tuple(free.pop() for _ in range(random.choice((0, 1, 1, 2)))) for c in countries}
    return found if random.random() < 0.9 else {}
