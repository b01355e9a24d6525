"""A synthetic world: what each work is like, who wrote it, and what it cites.

Works are numbered from 0 in the order of time. All of a work follows from its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fourseas.synthetic.draws import Flags, Floats, Integers, below, chosen, mixed, uniform
from fourseas.synthetic.margins import Margins
from fourseas.synthetic.planted import Planted

NOBODY = -1
"""In place of a country that is not known."""

YEAR_JITTER = 0.01
"""How far, as a part of all works, a work may stand from its place in time."""

MOST_COUNTRIES = 8
AUTHORS_AT_ONCE = 4_096
"""Numbers that are set aside for the authors and references of a work."""

FEW_AUTHORS = 2.6
MOST_AUTHORS = 80
HYPER_AUTHORS = (200, 3_000)
NO_REFERENCES = 0.38
MEAN_REFERENCES = 23.0
MOST_REFERENCES = 300
RECENCY = 2.5
"""References go back by this power of a draw: most to the recent past."""


@dataclass(frozen=True, slots=True)
class Works:
    """Works by number; arrays of one length.

    Attributes
    ----------
    numbers
        Which works.
    years, topics, fields
        Places in the lists of the margins.
    countries
        One row per work with its countries, then `NOBODY`.
    n_countries
        How many; 0 where none is known.
    """

    numbers: Integers
    years: Integers
    topics: Integers
    fields: Integers
    countries: Integers
    n_countries: Integers


@dataclass(frozen=True, slots=True)
class Authors:
    """Authors of works, one row each, in order.

    Attributes
    ----------
    work
        Place of the work in `Works`.
    position
        From 0.
    country
        `NOBODY` where it is not known.
    person
        A number of a person, who stays in one country.
    """

    work: Integers
    position: Integers
    country: Integers
    person: Integers


@dataclass(frozen=True)
class World:
    """A world of so many works.

    Attributes
    ----------
    margins, planted
        Sizes and effects.
    n_works, seed
        How many works, and what sets this world apart from others of its kind.
    """

    margins: Margins
    planted: Planted
    n_works: int
    seed: int

    def draw(self, purpose: str, numbers: Integers) -> Floats:
        """Return one draw from [0, 1) for each number."""
        return uniform(self.seed, purpose, numbers)

    @cached_property
    def _ends_of_years(self) -> Floats:
        ends = np.cumsum(self.margins.year_weights)
        return np.asarray(ends / ends[-1])

    @cached_property
    def _ends_of_cells(self) -> Floats:
        """Return where each cell ends among those of its year, from `year` to `year + 1`."""
        ends = np.cumsum(self.margins.cell_weights, axis=1)
        ends /= ends[:, -1:]
        ends[:, -1] = 1.0
        return np.asarray((ends + np.arange(len(ends))[:, None]).ravel())

    def works(self, numbers: Integers) -> Works:
        """Return what works are like."""
        years = self._years(numbers)
        topics = below(len(self.margins.topics), self.draw("topic", numbers))
        fields = self.margins.fields[topics]
        countries, n_countries = self._countries(numbers, years, fields)
        return Works(numbers, years, topics, fields, countries, n_countries)

    def _years(self, numbers: Integers) -> Integers:
        shift = (self.draw("time", numbers) - 0.5) * YEAR_JITTER
        place = np.clip((numbers + 0.5) / self.n_works + shift, 0.0, 1.0 - 1e-12)
        return np.searchsorted(self._ends_of_years, place, side="right").astype(np.int64)

    def _countries(
        self, numbers: Integers, years: Integers, fields: Integers
    ) -> tuple[Integers, Integers]:
        of = self.margins
        n_cells = len(of.firsts)
        place = np.searchsorted(
            self._ends_of_cells, self.draw("cell", numbers) + years, side="right"
        )
        cell = np.clip(place - years * n_cells, 0, n_cells - 1)
        first, second = of.firsts[cell], of.seconds[cell]
        pair = of.closed_pair
        is_closed = (first == pair[0]) & (second == pair[1]) & (fields == of.closed_field)
        is_closed &= of.years[years] >= self.planted.closed_from
        second = np.where(is_closed, first, second)
        found = np.full((len(numbers), MOST_COUNTRIES), NOBODY, dtype=np.int64)
        found[:, 0] = first
        n_countries = np.ones(len(numbers), dtype=np.int64)
        is_joint = first != second
        found[is_joint, 1] = second[is_joint]
        n_countries[is_joint] = 2
        self._add_thirds(found, n_countries, numbers, (years, is_joint))
        is_unplaced = self.draw("unplaced", numbers) < self.planted.unplaced
        found[is_unplaced] = NOBODY
        n_countries[is_unplaced] = 0
        return found, n_countries

    def _add_thirds(
        self,
        found: Integers,
        n_countries: Integers,
        numbers: Integers,
        of: tuple[Integers, Flags],
    ) -> None:
        """Add countries to some joint works, by their size; never the closed pair to each other."""
        years, is_joint = of
        more = is_joint & (self.draw("third", numbers) < self.planted.third)
        places = np.flatnonzero(more)
        for column in range(2, MOST_COUNTRIES):
            if not len(places):
                return
            draws = self.draw(f"third {column}", numbers[places])
            drawn = np.empty(len(places), dtype=np.int64)
            for year in np.unique(years[places]):
                here = years[places] == year
                drawn[here] = chosen(self.margins.mass[year], draws[here])
            is_new = ~(found[places] == drawn[:, None]).any(axis=1)
            is_new &= ~np.isin(drawn, self.margins.closed_pair)
            kept = places[is_new]
            found[kept, column] = drawn[is_new]
            # A place that stays empty ends the list.
            n_countries[kept] = column + 1
            places = kept[self.draw(f"fourth {column}", numbers[kept]) < 1 / 3]

    def attraction(self, works: Works) -> Floats:
        """Return by how much a work is cited more than one without any of the effects."""
        lead = np.where(works.n_countries > 0, self.margins.levels[works.countries[:, 0]], 1.0)
        is_joint = works.n_countries > 1
        planted = self.planted
        return np.asarray(np.exp(planted.openness * is_joint + planted.level * (lead - 1.0)))

    def authors(self, works: Works) -> Authors:
        """Return the authors of works: each country has one, where there are enough authors."""
        numbers, n_countries = works.numbers, works.n_countries
        draws = self.draw("authors", numbers)
        n_authors = 1 + np.floor(-FEW_AUTHORS * np.log1p(-draws)).astype(np.int64)
        n_authors = np.clip(np.maximum(n_authors, n_countries), 1, MOST_AUTHORS)
        is_hyper = self.draw("hyper", numbers) < self.planted.hyper
        least, most = HYPER_AUTHORS
        spread = below(most - least + 1, self.draw("hyper authors", numbers))
        n_authors = np.where(is_hyper, least + spread, n_authors)
        work = np.repeat(np.arange(len(numbers)), n_authors)
        position = np.arange(len(work)) - np.repeat(np.cumsum(n_authors) - n_authors, n_authors)
        own = numbers[work] * AUTHORS_AT_ONCE + position
        of_work = n_countries[work]
        # The first authors cover the countries; the others are of the first ones, mostly.
        drawn = below(np.maximum(of_work, 1), self.draw("place", own) ** 2)
        place = np.where(position < of_work, position, drawn)
        home = works.countries[work, place]
        is_known = (of_work > 0) & (self.draw("lost", own) >= self.planted.lost)
        country = np.where(is_known, home, NOBODY)
        return Authors(work, position, country, self._persons(own, home))

    def _persons(self, own: Integers, home: Integers) -> Integers:
        """Return who an author is; authors of unknown country come from a pool of their own."""
        sizes = self.margins.mass.sum(axis=0)
        pools = np.maximum(1, sizes / sizes.sum() * self.n_works).astype(np.int64)
        pools = np.append(pools, max(1, self.n_works // 2))
        starts = np.cumsum(pools) - pools
        place = np.where(home == NOBODY, len(sizes), home)
        persons: Integers = starts[place] + below(pools[place], self.draw("person", own))
        return persons

    def references(self, works: Works) -> tuple[Integers, Integers]:
        """Return which works cite which: places in `works`, and numbers of earlier works."""
        numbers = works.numbers
        has_some = self.draw("no references", numbers) >= NO_REFERENCES
        draws = self.draw("references", numbers)
        n_references = np.floor(-MEAN_REFERENCES * np.log1p(-draws)).astype(np.int64) + 1
        n_references = np.where(has_some, np.minimum(n_references, MOST_REFERENCES), 0)
        n_references[numbers == 0] = 0
        citing = np.repeat(np.arange(len(numbers)), n_references)
        place = np.arange(len(citing)) - np.repeat(
            np.cumsum(n_references) - n_references, n_references
        )
        own = numbers[citing] * AUTHORS_AT_ONCE + place
        cited = np.full(len(citing), -1, dtype=np.int64)
        greatest = np.exp(
            max(self.planted.openness, 0.0)
            + self.planted.level * (self.margins.levels.max() - 1.0)
            + max(self.planted.home, 0.0)
        )
        waiting = np.arange(len(citing))
        attempt = 0
        while len(waiting):
            back = self.draw(f"cited {attempt}", own[waiting]) ** RECENCY
            citing_number = numbers[citing[waiting]]
            candidates = np.floor(citing_number * (1.0 - back)).astype(np.int64)
            candidates = np.clip(candidates, 0, citing_number - 1)
            like = self.works(candidates)
            weight = self.attraction(like) * np.exp(
                self.planted.home * _meet(works.countries[citing[waiting]], like.countries)
            )
            taken = self.draw(f"taken {attempt}", own[waiting]) * greatest < weight
            cited[waiting[taken]] = candidates[taken]
            waiting = waiting[~taken]
            attempt += 1
        return citing, cited


def _meet(one: Integers, other: Integers) -> Flags:
    """Say of rows of countries whether they share one that is known."""
    found = np.zeros(len(one), dtype=np.bool_)
    for column in range(one.shape[1]):
        mine = one[:, column : column + 1]
        found |= ((other == mine) & (mine != NOBODY)).any(axis=1)
    return found


def identity(numbers: Integers, seed: int) -> Integers:
    """Return the key of works in the register: greater for later ones, with gaps between them."""
    gap = (mixed(seed, "identity", numbers) % np.uint64(40)).astype(np.int64)
    return np.asarray(2_000_000_000 + numbers * 40 + gap)
