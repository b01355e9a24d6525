"""How far apart the organizations of a work are."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import WORK_DISTANCES
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import AFFILIATIONS, ORGANIZATIONS, WORKS

EARTH_RADIUS_KM = 6371.01
"""As the Leiden Ranking has it."""


def great_circle_km(
    latitude: ir.FloatingValue,
    longitude: ir.FloatingValue,
    latitude_b: ir.FloatingValue,
    longitude_b: ir.FloatingValue,
) -> ir.FloatingValue:
    r"""Return the great-circle distance of two points given in degrees, in kilometres.

    .. math:: d = 2 r \arcsin \sqrt{\frac{1 - \cos \Delta\phi}{2} +
              \cos \phi_a \cos \phi_b \frac{1 - \cos \Delta\lambda}{2}}

    References
    ----------
    CWTS Leiden Ranking Open Edition, calculation of geographical collaboration distance.
    """
    phi, phi_b = latitude.radians(), latitude_b.radians()
    delta = (longitude_b - longitude).radians()
    haversine = (1.0 - (phi_b - phi).cos()) / 2.0 + phi.cos() * phi_b.cos() * (
        1.0 - delta.cos()
    ) / 2.0
    return 2.0 * EARTH_RADIUS_KM * haversine.clip(0.0, 1.0).sqrt().asin()


def work_distances(works: ir.Table, affiliations: ir.Table, organizations: ir.Table) -> ir.Table:
    """Return the greatest distance between two organizations of each work.

    A work of one organization has a distance of 0, as in the Leiden Ranking. There, so has one
    whose coordinates are missing; here such a work is not ``is_whole``, since the missing
    organization may be far away: a missing coordinate is not a distance of 0. A work none of
    whose organizations has coordinates is not here.
    """
    located = organizations.filter(
        organizations.latitude.notnull() & organizations.longitude.notnull()
    ).select("organization_id", "latitude", "longitude")
    addresses = extend(
        affiliations.select("work_id", "position", "organization_id"), located, ["organization_id"]
    )
    is_located = addresses.latitude.notnull()
    by_author = addresses.group_by("work_id", "position").agg(n_missing=(~is_located).sum())
    by_work = by_author.group_by("work_id").agg(
        n_placed=(by_author.n_missing == 0).sum(), n_missing=by_author.n_missing.sum()
    )
    points = addresses.filter(is_located).drop("position").distinct()
    others = points.select(
        "work_id",
        organization_id_b=points.organization_id,
        latitude_b=points.latitude,
        longitude_b=points.longitude,
    )
    sides = points.inner_join(others, "work_id")
    pairs = sides.filter(sides.organization_id < sides.organization_id_b)
    distance = great_circle_km(pairs.latitude, pairs.longitude, pairs.latitude_b, pairs.longitude_b)
    farthest = pairs.group_by("work_id").agg(distance_km=distance.max())
    sizes = points.group_by("work_id").agg(n_organizations=points.count())
    of_works = extend(extend(sizes, farthest, ["work_id"]), by_work, ["work_id"]).inner_join(
        works.select("work_id", "n_authors", "is_authors_truncated"), "work_id"
    )
    is_every_author = of_works.n_placed == of_works.n_authors.cast("int64")
    return conform(
        of_works.mutate(
            distance_km=of_works.distance_km.fill_null(0.0),
            is_whole=is_every_author & (of_works.n_missing == 0) & ~of_works.is_authors_truncated,
        ),
        WORK_DISTANCES,
    )


STEP = Step(
    compute=work_distances,
    reads=(WORKS, AFFILIATIONS, ORGANIZATIONS),
    writes=WORK_DISTANCES,
    apart=("work_id",),
)
